//! The face of the crate: a loaded policy, and principals made ready to be asked about.

use std::any::Any;
use std::sync::Arc;

use crate::api::question;
use crate::base::error::{Error, ErrorCode};
use crate::base::instant::Instant;
use crate::base::limits::{Limits, MAX_TOLD_OF_ALL};
use crate::base::lint::Lint;
use crate::base::names::{Names, Sym};
use crate::base::table::sort;
use crate::base::terms::Spelling;
use crate::base::text::split;
use crate::compile::{compile, compile_slice};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, is_compiled};
use crate::decision::{self, Answered, DecidingGrant, Decision, Shown};
use crate::engine::{self, Ask, Asking, Context, Kind, Prepared, Spec, Who};
use crate::fastpath::{self, Answer, Plan, Row, Scalar};
use crate::json::argument::Place;
use crate::json::document::Document;
use crate::json::write::Json;
use crate::json::{self, Numbers};
use crate::model::{Documents, Findings, Model};
use crate::value::Value;
use crate::{slice, systems};

/// A loaded snapshot. Immutable and cheap to clone; may be shared between threads.
#[derive(Debug, Clone)]
pub struct Policy {
    compiled: Arc<Compiled>,
    /// What the lists of the systems' own shapes are made from; nothing where a compiled snapshot was loaded.
    /// Of any type: what loads compiled snapshots only never has them, and need not know how to drop them.
    documents: Option<Arc<dyn Any + Send + Sync>>,
}

/// One principal of a policy, made ready: what does not hang on the question is done.
#[derive(Debug, Clone)]
pub struct Principal {
    policy: Policy,
    ready: Arc<Prepared>,
}

/// Keeps what a change of the documents has to know.
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
fn remember(model: &mut Model, documents: &mut Documents) {
    let mut before = 0;
    for (at, holder) in (0..).zip(&mut model.holders) {
        documents.firsts.push(before);
        before = crate::base::table::index(holder.grants.len()).saturating_add(before);
        documents.origins.extend(holder.origin.take().map(|origin| (at, origin)));
    }
}

impl Policy {
    /// Loads a snapshot from its text, within [`Limits::SNAPSHOT`], in O(n log n) of its size.
    ///
    /// # Errors
    /// Every code of [`crate::ErrorCode`] but `ERR_ARGUMENT` and `ERR_LIST_UNKNOWN`, with the path to what is wrong.
    pub fn load(text: &[u8]) -> Result<Self, Error> {
        Self::load_within(text, &Limits::SNAPSHOT)
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn load_within(text: &[u8], limits: &Limits) -> Result<Self, Error> {
        // The document is gone before the tables are made of what it said.
        let model = systems::read(&json::read(text, limits, Numbers::Safe)?, None)?;
        Self::with_documents(model, limits)
    }

    fn with_documents(mut model: Model, limits: &Limits) -> Result<Self, Error> {
        #[cfg_attr(all(feature = "host", not(feature = "insight")), allow(unused_mut, reason = "only changes need to know"))]
        let mut documents = std::mem::take(&mut model.documents);
        #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
        remember(&mut model, &mut documents);
        Ok(Self { compiled: Arc::new(compile(model, limits)?), documents: Some(Arc::new(documents)) })
    }

    /// The same, unless a finding of [`Policy::lint`] fails open, fails or does nothing.
    ///
    /// # Errors
    /// `ERR_STRICT` with the place of the first such finding, and [`Error::lints`]; `ERR_ARGUMENT` for a compiled snapshot; or as
    /// [`Policy::load`].
    pub fn load_strict(text: &[u8]) -> Result<Self, Error> {
        let (model, lints) = judge(text)?;
        let first = lints.iter().find(|lint| lint.is_refused()).cloned();
        match first {
            Some(first) => Err(Error::strict(&first, lints)),
            None => Self::with_documents(model, &Limits::SNAPSHOT),
        }
    }

    /// What is wrong with the policies of a snapshot though it loads, in the order of its text: what fails open, fails, does nothing,
    /// or surprises. Each severity is told up to 1,000 times.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a compiled snapshot, which has no places to name; or as [`Policy::load`].
    pub fn lint(text: &[u8]) -> Result<Vec<Lint>, Error> {
        let (model, lints) = judge(text)?;
        // What does not load is not clean.
        compile(model, &Limits::SNAPSHOT)?;
        Ok(lints)
    }

    /// Loads a compiled snapshot, within [`Limits::SNAPSHOT`]: it is checked once and then read where it stands.
    ///
    /// # Errors
    /// `ERR_TOO_LARGE`, `ERR_FORMAT_UNKNOWN`, `ERR_COMPILED`.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Error> {
        Ok(Self { compiled: Arc::new(Compiled::open(bytes, &Limits::SNAPSHOT)?), documents: None })
    }

    /// Loads a snapshot in either form, within [`Limits::SNAPSHOT`]: as its bytes begin, it is compiled or a JSON text.
    ///
    /// # Errors
    /// As [`Policy::open`] or as [`Policy::load`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        if is_compiled(&bytes) { Self::open(bytes) } else { Self::load(&bytes) }
    }

    /// Whether bytes are those of a compiled snapshot rather than of a JSON text.
    #[must_use]
    pub fn is_compiled(bytes: &[u8]) -> bool {
        is_compiled(bytes)
    }

    /// The compiled snapshot, for [`Policy::open`]: the same bytes on every target.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.compiled.bytes()
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The documents of its system, where the snapshot came as JSON.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub(crate) fn documents(&self) -> Option<&Documents> {
        self.documents.as_ref().and_then(|documents| documents.downcast_ref())
    }

    /// The same for whoever only asks: without the documents, which are often the larger part.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub(crate) fn decider(&self) -> Self {
        Self { compiled: Arc::clone(&self.compiled), documents: None }
    }

    /// Whether the snapshot came as JSON, with the documents of its system.
    pub(crate) fn has_documents(&self) -> bool {
        self.documents.is_some()
    }

    /// Makes a principal ready. Somebody unknown is made ready too, and denied.
    #[must_use]
    pub fn principal(&self, who: &Who, context: &Context) -> Principal {
        self.ready(&Arc::new(Spec { who: Arc::new(who.clone()), context: context.clone() }))
    }

    /// The same of what is read already.
    pub(crate) fn ready(&self, spec: &Arc<Spec>) -> Principal {
        Principal { policy: self.clone(), ready: engine::ready(&self.compiled, spec) }
    }

    /// Makes ready whom a JSON text `{ "principal", "context"? }` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn principal_from_json(&self, text: &str) -> Result<Principal, Error> {
        Ok(self.ready(&Arc::new(self.read_spec(&question(text)?)?)))
    }

    /// Reads whom a JSON text `{ "principal", "context"? }` describes, and in which context.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn who_from_json(&self, text: &str) -> Result<(Who, Context), Error> {
        let spec = self.read_spec(&question(text)?)?;
        Ok(((*spec.who).clone(), spec.context))
    }

    /// Only what one principal needs, as a compiled snapshot: every question about that principal is answered with the same effect,
    /// and nothing is in it about others. Where the whole snapshot answers `unknown_permission`, a slice answers `no_grant`; where no
    /// grant covers what is asked, it may lay that to the session's scopes.
    /// Roles that only a later context names are not in it; name them here.
    ///
    /// # Errors
    /// None that a loaded policy could cause.
    pub fn slice(&self, who: &Who, context: &Context) -> Result<Self, Error> {
        let model = slice::slice(&self.compiled, who, context);
        Ok(Self { compiled: Arc::new(compile_slice(model, &Limits::SNAPSHOT)?), documents: None })
    }

    /// The same for whom a JSON text `{ "principal", "context"? }` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn slice_from_json(&self, text: &str) -> Result<Self, Error> {
        let spec = self.read_spec(&question(text)?)?;
        self.slice(&spec.who, &spec.context)
    }

    /// What a model compiles to, without the documents that lists are made from.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub(crate) fn of_model(model: crate::model::Model) -> Result<Self, Error> {
        Ok(Self { compiled: Arc::new(compile(model, &Limits::SNAPSHOT)?), documents: None })
    }

    /// Reads who asks, and in which context.
    pub(crate) fn read_spec(&self, spec: &Value) -> Result<Spec, Error> {
        question::only_strangers(&Place { base: "$", value: spec })?;
        let mut context = Context::default();
        if let Some(value) = spec.get("context") {
            question::read_context(&Place { base: "$.context", value }, &mut context)?;
        }
        let names = spec.get("context").and_then(|context| context.get("claims")).filter(|names| !matches!(names, Value::Null));
        let who = Arc::new(question::read_who(&self.compiled, spec.get("principal"), names)?);
        Ok(Spec { who, context })
    }

    /// When answers may change by themselves, earliest first: the snapshot's end, and where principals begin and cease to be valid. Between
    /// two of them, and at the earlier one, all answers are the same.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub(crate) fn moments(&self) -> Vec<Instant> {
        let policy = self.compiled();
        let mut moments: Vec<Instant> = policy.expires().into_iter().collect();
        for principal in (0..policy.rows(Section::Principals)).filter_map(|at| policy.principal(at)) {
            let (from, until) = policy.validity(&principal);
            moments.extend(from);
            moments.extend(until);
        }
        sort(&mut moments);
        moments.dedup();
        moments
    }

    /// Answers a whole question as JSON text, `{ "principal", "ask", "context"? }`. Never fails: what cannot be understood is
    /// answered with effect `error` and code `invalid_question`.
    #[must_use]
    pub fn decide_json(&self, text: &str) -> Decision {
        self.decide_read(&question(text), None).decision(&self.compiled)
    }

    /// The same at a time, for a question that does not say when it is asked.
    #[must_use]
    pub fn decide_json_at(&self, text: &str, clock: Instant) -> Decision {
        self.decide_read(&question(text), Some(clock)).decision(&self.compiled)
    }

    /// Answers a whole question that has been read, or could not be. `clock`: the time, where the question does not say.
    pub(crate) fn decide_read<'q>(&self, question: &'q Result<Value, Error>, clock: Option<Instant>) -> Answered<'q> {
        let answer = match question {
            Ok(question) => self.try_decide(question, clock),
            Err(error) => return Answered::invalid(error),
        };
        answer.unwrap_or_else(|error| Answered::invalid(&error))
    }

    fn try_decide<'q>(&self, question: &'q Value, clock: Option<Instant>) -> Result<Answered<'q>, Error> {
        let mut spec = self.read_spec(question)?;
        let value = Place { base: "$", value: question }.req("ask")?;
        let at = Place { base: "$.ask", value };
        let ask = question::read_ask(&at)?;
        question::read_circumstances(&at, &mut spec.context)?;
        spec.context.now = spec.context.now.or(clock);
        Ok(self.answer(spec, ask))
    }

    fn answer<'q>(&self, spec: Spec, ask: Asking<'q>) -> Answered<'q> {
        if ask.kind != Kind::Route {
            return self.ready(&Arc::new(spec)).ask(ask);
        }
        let (verdict, ready) = engine::request(&self.compiled, spec, &ask);
        Answered { verdict, who: Some(ready), ask: Some(ask), filter: None }
    }

    /// A list of the snapshot by name; `params` is a JSON object.
    ///
    /// # Errors
    /// `ERR_LIST_UNKNOWN` where the system has no such list, `ERR_ARGUMENT` for parameters it does not take.
    pub fn list_json(&self, name: &str, params: &str) -> Result<Value, Error> {
        self.list(name, &json::read(params.as_bytes(), &Limits::QUESTION, Numbers::Any)?)
    }

    /// The same with parameters that have been read.
    pub(crate) fn list(&self, name: &str, params: &Document<'_>) -> Result<Value, Error> {
        let documents = self.documents.as_ref().and_then(|documents| documents.downcast_ref::<Documents>());
        systems::list(&self.compiled, documents, name, &params.root())
    }
}

/// Reads a snapshot together with what is wrong with it.
fn judge(text: &[u8]) -> Result<(Model, Vec<Lint>), Error> {
    if is_compiled(text) {
        let message = "a compiled snapshot has no places to name: judge the JSON that it was made of";
        return Err(Error::new(ErrorCode::Argument, "$", message));
    }
    let mut model = systems::read(&json::read(text, &Limits::SNAPSHOT, Numbers::Safe)?, Findings::gathered())?;
    let lints = model.findings.take().map(Findings::finish).unwrap_or_default();
    Ok((model, lints))
}

/// A question as JSON text.
fn question(text: &str) -> Result<Value, Error> {
    json::parse(text.as_bytes(), &Limits::QUESTION, Numbers::Any)
}

impl Principal {
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    pub(crate) fn compiled(&self) -> &Compiled {
        self.policy.compiled()
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    pub(crate) fn prepared(&self) -> &Arc<Prepared> {
        &self.ready
    }

    /// The id in the snapshot, or what the token names.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.ready.id.as_deref()
    }

    /// Decides one question.
    #[must_use]
    pub fn check(&self, ask: &Ask) -> Decision {
        let ask = ask.asking();
        let answered = if ask.kind == Kind::Route {
            let spec = &self.ready.spec;
            self.policy.answer(Spec { who: Arc::clone(&spec.who), context: spec.context.clone() }, ask)
        } else {
            self.ask(ask)
        };
        answered.decision(self.policy.compiled())
    }

    /// Whether a request may be sent, with these facts: as [`Principal::check`] says it, without words.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub(crate) fn may_send(&self, method: &str, path: &str, facts: &Value) -> bool {
        engine::may_send(&self.policy.compiled, &self.ready, method, path, facts)
    }

    /// Decides one question as JSON text. Circumstances that the ask itself bears count for this question alone, and only where the
    /// principal's context has left them open.
    #[must_use]
    pub fn check_json(&self, text: &str) -> Decision {
        self.check_read(&question(text)).decision(self.policy.compiled())
    }

    /// Decides one question that has been read, or could not be.
    pub(crate) fn check_read<'q>(&self, ask: &'q Result<Value, Error>) -> Answered<'q> {
        let answer = match ask {
            Ok(ask) => self.try_check(ask),
            Err(error) => return Answered::invalid(error),
        };
        answer.unwrap_or_else(|error| Answered::invalid(&error))
    }

    fn try_check<'q>(&self, ask: &'q Value) -> Result<Answered<'q>, Error> {
        let at = Place { base: "$", value: ask };
        let ask = question::read_ask(&at)?;
        if ask.kind != Kind::Route && !question::has_circumstances(&at) {
            return Ok(self.ask(ask));
        }
        let spec = &self.ready.spec;
        let mut context = spec.context.clone();
        question::read_circumstances(&at, &mut context)?;
        Ok(self.policy.answer(Spec { who: Arc::clone(&spec.who), context }, ask))
    }

    /// Decides anything but a request.
    fn ask<'q>(&self, ask: Asking<'q>) -> Answered<'q> {
        let (verdict, filter) = engine::answer(self.policy.compiled(), &self.ready, &ask);
        Answered { verdict, who: Some(Arc::clone(&self.ready)), ask: Some(ask), filter }
    }

    /// Every permission that the principal effectively has, in the system's own spelling, in byte order. Conditional ones are
    /// among them, as a type question would allow them; `*` stands for all where the permissions are not countable.
    /// A pattern is listed where all that it covers is allowed: where denies take parts out of it, what is left is listed by name.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        crate::holdings::permissions(self.policy.compiled(), &self.ready)
    }

    /// Every grant that the principal holds, allows and denies, in the order in which they count.
    ///
    /// # Errors
    /// `ERR_TOO_MANY` where the ways to all of them would take more than 32 MB to tell.
    pub fn grants(&self) -> Result<Vec<DecidingGrant>, Error> {
        let mut all = Vec::new();
        self.each_grant(|grant| all.push(grant.into_data()))?;
        Ok(all)
    }

    /// The same as JSON text.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub(crate) fn grants_text(&self) -> Result<String, Error> {
        let mut json = Json::list();
        self.each_grant(|grant| grant.write(&mut json))?;
        Ok(json.finish(']'))
    }

    fn each_grant(&self, mut tell: impl FnMut(Shown<'_>)) -> Result<(), Error> {
        let policy = self.policy.compiled();
        let mut bytes = 0;
        for by in crate::holdings::grants(policy, &self.ready) {
            let grant = decision::shown(policy, &self.ready, by);
            bytes += grant.bytes();
            if bytes > MAX_TOLD_OF_ALL {
                let message = "the grants, each with the roles and groups on the way to it, are too many to tell at once: ask about single \
                               permissions, or for the list in pages";
                return Err(Error::new(ErrorCode::TooMany, "$", message));
            }
            tell(grant);
        }
        Ok(())
    }

    /// What may be read of records of a type, as JSON.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub(crate) fn reads(&self, action: &str, kind: &str) -> String {
        fastpath::reads(self.policy.compiled(), &self.ready, action, kind)
    }

    /// Answers every question of a vocabulary at once: as many as there are by the time of the call.
    #[must_use]
    pub fn answers(&self, vocabulary: &Vocabulary) -> Answers {
        let mut answers = Answers { row: Row::default() };
        self.extend(&mut answers, vocabulary);
        answers
    }

    /// Adds answers to the questions that have been entered since.
    pub fn extend(&self, answers: &mut Answers, vocabulary: &Vocabulary) {
        // Numbers of another policy mean other questions.
        if Arc::ptr_eq(&self.policy.compiled, &vocabulary.policy.compiled) {
            answers.row.extend(self.policy.compiled(), &self.ready, &vocabulary.questions);
        }
    }
}

/// Questions that a policy is asked again and again, by number.
#[derive(Debug)]
pub struct Vocabulary {
    policy: Policy,
    questions: fastpath::Vocabulary,
    /// Texts that plans compare with.
    constants: Names,
}

impl Vocabulary {
    /// None yet.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        Self { policy: policy.clone(), questions: fastpath::Vocabulary::default(), constants: Names::default() }
    }

    /// How many questions there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.questions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Enters a permission in the system's own spelling; its number. The same text twice is two numbers.
    pub fn permission(&mut self, text: &str) -> u32 {
        self.questions.enter_permission(self.policy.compiled(), text)
    }

    /// Enters an action on at least one record of a type.
    pub fn kind(&mut self, action: &str, kind: &str) -> u32 {
        self.questions.enter_type(self.policy.compiled(), action, kind)
    }

    /// Makes the plan for records of the type that the question of this number asks about.
    #[must_use]
    pub fn plan(&mut self, principal: &Principal, number: u32) -> RecordPlan {
        let policy = self.policy.compiled();
        let same = Arc::ptr_eq(&principal.policy.compiled, &self.policy.compiled);
        let plan = if same { fastpath::plan(policy, &principal.ready, &self.questions, number, &mut self.constants) } else { Plan::Full };
        RecordPlan { plan, ids_are_paths: matches!(policy.profile.spelling, Spelling::Path | Spelling::Ace) }
    }

    /// The texts that plans compare with, by number.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub(crate) fn constants(&self) -> &Names {
        &self.constants
    }
}

/// What deciding about a record takes: the attributes that are read, if they turn out to be plain values.
#[derive(Debug)]
pub struct RecordPlan {
    pub(crate) plan: Plan,
    ids_are_paths: bool,
}

impl RecordPlan {
    /// Whether the record is allowed. `None` where the plan cannot tell and [`Principal::check`] has to be asked.
    #[must_use]
    pub fn allows(&self, vocabulary: &Vocabulary, record: &Value) -> Option<bool> {
        // Of an id that is a path, or that is none, the engine is asked.
        let plain = match record.get("id") {
            None | Some(Value::Null | Value::Number(_)) => true,
            Some(id) => id.as_text().is_some_and(|id| !id.is_empty() && !id.contains('/')),
        };
        if self.ids_are_paths && !plain {
            return None;
        }
        let Plan::Reads { attributes, .. } = &self.plan else { return answer(self.plan.fixed()) };
        let mut scalars = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let mut value = Some(record);
            for name in split(&attribute.path, b'.') {
                let Some(host @ Value::Map(_)) = value else { return None };
                value = host.get(name);
            }
            scalars.push(match value {
                None => Scalar::Absent,
                Some(Value::Null) => Scalar::Null,
                Some(Value::Bool(flag)) => Scalar::Bool(*flag),
                Some(Value::Number(number)) if number.is_finite() => Scalar::Number(*number),
                Some(Value::Text(text)) => Scalar::Text(vocabulary.constants.find(text).map_or(u32::MAX, Sym::number)),
                Some(_) => return None,
            });
        }
        answer(self.plan.answer(|at| scalars.get(at as usize).copied().unwrap_or(Scalar::Absent)))
    }
}

fn answer(answer: Answer) -> Option<bool> {
    match answer {
        Answer::Allow => Some(true),
        Answer::Deny => Some(false),
        Answer::Unclear => None,
    }
}

/// One principal's answers to the questions of a vocabulary: a bit each. What [`Principal::check`] would allow is allowed.
#[derive(Debug, Default)]
pub struct Answers {
    row: Row,
}

impl Answers {
    /// Whether the question of this number is allowed; not, if it has been entered since.
    #[must_use]
    pub fn allows(&self, number: u32) -> bool {
        self.row.get(number)
    }

    /// How many questions are answered.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.row.known()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.known() == 0
    }

    /// The bits: question 0 is the lowest of the first word.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        self.row.words()
    }
}
