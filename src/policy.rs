//! The face of the crate: a loaded policy, and principals made ready to be asked about.

use std::sync::Arc;

use crate::compile::{compile, compile_slice};
use crate::compiled::layout::meta;
use crate::compiled::{Compiled, is_compiled};
use crate::cursor::Cursor;
use crate::decision::{self, DecidingGrant, Decision};
use crate::dialect;
use crate::document::Document;
use crate::engine::{
    self, Asked, By, Code, Context, Effect, Filter, Prepared, Question, Route, Target, Verdict, Who, asked_permission, asked_resource,
};
use crate::error::Error;
use crate::limits::Limits;
use crate::model::{Documents, Rule, Spelling};
use crate::names::{Names, Sym};
use crate::payload::{self, Numbers};
use crate::question::{self, Ask};
use crate::quick::{self, Answer, Plan, Row, Scalar};
use crate::slice;
use crate::value::Value;

/// A loaded snapshot. Immutable and cheap to clone; may be shared between threads.
#[derive(Debug, Clone)]
pub struct Policy {
    compiled: Arc<Compiled>,
    /// What the lists of the systems' own shapes are made from; nothing where a compiled snapshot was loaded.
    documents: Option<Arc<Documents>>,
}

/// One principal of a policy, made ready: what does not hang on the question is done.
#[derive(Debug, Clone)]
pub struct Principal {
    policy: Policy,
    ready: Arc<Prepared>,
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
        let mut model = dialect::read(&payload::read(text, limits, Numbers::Safe)?)?;
        let documents = std::mem::take(&mut model.documents);
        Ok(Self { compiled: Arc::new(compile(model, limits)?), documents: Some(Arc::new(documents)) })
    }

    /// Loads a compiled snapshot, within [`Limits::SNAPSHOT`]: it is checked once and then read where it stands.
    ///
    /// # Errors
    /// `ERR_TOO_LARGE`, `ERR_FORMAT_UNKNOWN`, `ERR_COMPILED`.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Error> {
        Ok(Self { compiled: Arc::new(Compiled::open(bytes, &Limits::SNAPSHOT)?), documents: None })
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

    /// Makes a principal ready. Somebody unknown is made ready too, and denied.
    #[must_use]
    pub fn principal(&self, who: &Who, context: &Context) -> Principal {
        let ready = Arc::new(engine::prepare(&self.compiled, who, context));
        Principal { policy: self.clone(), ready }
    }

    /// Makes ready whom a JSON text `{ "principal", "context"? }` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn principal_from_json(&self, text: &str) -> Result<Principal, Error> {
        let (who, context) = self.read_spec(&question(text)?)?;
        Ok(self.principal(&who, &context))
    }

    /// Reads who asks, and in which context.
    pub(crate) fn read_spec(&self, spec: &Document<'_>) -> Result<(Who, Context), Error> {
        self.read_principal(&spec.root())
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
        let (who, context) = self.read_spec(&question(text)?)?;
        self.slice(&who, &context)
    }

    fn read_principal(&self, root: &Cursor<'_>) -> Result<(Who, Context), Error> {
        let mut context = Context::default();
        if let Some(at) = root.opt("context") {
            question::read_context(&at, &mut context)?;
            question::read_attributes(&at, &mut context)?;
        }
        let who = question::read_who(&self.compiled, root.get("principal").as_ref())?;
        Ok((who, context))
    }

    /// Answers a whole question as JSON text, `{ "principal", "ask", "context"? }`. Never fails: what cannot be understood is
    /// answered with effect `error` and code `invalid_question`.
    #[must_use]
    pub fn decide_json(&self, text: &str) -> Decision {
        self.decide_read(question(text))
    }

    /// Answers a whole question that has been read, or could not be.
    pub(crate) fn decide_read(&self, question: Result<Document<'_>, Error>) -> Decision {
        let answer = question.and_then(|question| self.try_decide(&question));
        answer.unwrap_or_else(|error| decision::invalid_question(&self.compiled, &error))
    }

    fn try_decide(&self, question: &Document<'_>) -> Result<Decision, Error> {
        let root = question.root();
        let (who, mut context) = self.read_principal(&root)?;
        let at = root.req("ask").map_err(|error| Error::new(crate::ErrorCode::Argument, error.path(), error.message()))?;
        let ask = question::read_ask(&at)?;
        question::read_context(&at, &mut context)?;
        Ok(self.answer(&who, context, &ask))
    }

    fn answer(&self, who: &Who, mut context: Context, ask: &Ask) -> Decision {
        if let Ask::Route { method, path, facts } = ask {
            let route = engine::find_route(&self.compiled, method, path);
            let asked_elsewhere = route_context(&self.compiled, route.as_ref(), facts, &mut context);
            let ready = engine::prepare(&self.compiled, who, &context);
            return route_decision(&self.compiled, &ready, route.as_ref(), facts, ask, asked_elsewhere);
        }
        self.principal(who, &context).check(ask)
    }

    /// A list of the snapshot by name; `params` is a JSON object.
    ///
    /// # Errors
    /// `ERR_LIST_UNKNOWN` where the system has no such list, `ERR_ARGUMENT` for parameters it does not take.
    pub fn list_json(&self, name: &str, params: &str) -> Result<Value, Error> {
        self.list(name, &question(params)?)
    }

    /// The same with parameters that have been read.
    pub(crate) fn list(&self, name: &str, params: &Document<'_>) -> Result<Value, Error> {
        dialect::list(&self.compiled, self.documents.as_deref(), name, &params.root())
    }
}

/// A question as JSON text.
fn question(text: &str) -> Result<Document<'_>, Error> {
    payload::read(text.as_bytes(), &Limits::QUESTION, Numbers::Any)
}

/// What the request itself says of tenant and legal entity. Whether it names a second tenant.
fn route_context(policy: &Compiled, route: Option<&Route>, facts: &Value, context: &mut Context) -> bool {
    let named = route.and_then(|route| route.param(policy, "tenant")).map(str::to_string);
    let elsewhere = matches!((&named, &context.tenant), (Some(named), Some(asked)) if named != asked);
    context.tenant = context.tenant.take().filter(|_| elsewhere || named.is_none()).or(named);
    if context.legal_entity.is_none() {
        let entity = facts.get("principal").and_then(|principal| principal.get("legalEntityId")).and_then(Value::as_text);
        context.legal_entity = entity.map(Into::into);
    }
    elsewhere
}

fn route_decision(policy: &Compiled, ready: &Prepared, route: Option<&Route>, facts: &Value, ask: &Ask, elsewhere: bool) -> Decision {
    let verdict = match route {
        None => engine::gate(policy, ready).unwrap_or_else(|| Verdict::deny(Code::UnknownRoute, 404, policy.rule(Rule::Route))),
        Some(_) if elsewhere => {
            let refusal = || Verdict::deny(Code::TenantMismatch, policy.status(meta::TENANT_STATUS), policy.rule(Rule::Tenant));
            ready.anonymous.clone().unwrap_or_else(refusal)
        }
        Some(route) => engine::decide_route(policy, ready, route, facts),
    };
    decision::decision(policy, Some(ready), &verdict, &ask.text())
}

impl Principal {
    /// The id in the snapshot, or what the token names.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.ready.id.as_deref()
    }

    /// Decides one question.
    #[must_use]
    pub fn check(&self, ask: &Ask) -> Decision {
        let policy = self.policy.compiled();
        match ask {
            Ask::Filter { actions, subject } => {
                let outcome = self.filter(actions, subject);
                decision::filter_decision(policy, &self.ready, outcome, &ask.text())
            }
            Ask::Route { .. } => self.policy.answer(self.ready.who(), self.ready.context.clone(), ask),
            _ => decision::decision(policy, Some(&self.ready), &self.verdict(ask), &ask.text()),
        }
    }

    /// Decides one question as JSON text. Members of the context that the ask itself bears count for this question alone.
    #[must_use]
    pub fn check_json(&self, text: &str) -> Decision {
        self.check_read(question(text))
    }

    /// Decides one question that has been read, or could not be.
    pub(crate) fn check_read(&self, ask: Result<Document<'_>, Error>) -> Decision {
        let answer = ask.and_then(|ask| self.try_check(&ask));
        answer.unwrap_or_else(|error| decision::invalid_question(self.policy.compiled(), &error))
    }

    fn try_check(&self, ask: &Document<'_>) -> Result<Decision, Error> {
        let at = ask.root();
        let ask = question::read_ask(&at)?;
        let contextual = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now"];
        if contextual.iter().any(|key| at.opt(key).is_some()) {
            let mut context = self.ready.context.clone();
            question::read_context(&at, &mut context)?;
            return Ok(self.policy.answer(self.ready.who(), context, &ask));
        }
        Ok(self.check(&ask))
    }

    fn filter(&self, actions: &[String], subject: &str) -> Result<Filter, Verdict> {
        let policy = self.policy.compiled();
        let asked: Vec<Asked> = actions.iter().map(|action| asked_resource(policy, action, subject, None)).collect();
        engine::filter(policy, &self.ready, &asked)
    }

    fn verdict(&self, ask: &Ask) -> Verdict {
        match ask {
            Ask::Permission(permission) => self.permission(permission),
            Ask::AllOf(list) => self.all_of(list),
            Ask::AnyOf(list) => self.any_of(list),
            Ask::Type { action, subject, field } => self.resource(action, subject, None, Target::Type, field.as_deref()),
            Ask::Record { action, subject, record, field } => {
                let id = record.get("id").and_then(Value::as_text);
                self.resource(action, subject, id, Target::Record(record), field.as_deref())
            }
            // Answered by `check`; a list or a request is no single question to the engine.
            Ask::Filter { .. } | Ask::Route { .. } => {
                Verdict::deny(Code::RequirementUnknown, 403, self.policy.compiled().rule(Rule::Route))
            }
        }
    }

    fn permission(&self, text: &str) -> Verdict {
        let policy = self.policy.compiled();
        let asked = asked_permission(policy, text);
        engine::decide(policy, &self.ready, &Question { asked: &asked, target: Target::Type, field: None })
    }

    fn resource(&self, action: &str, subject: &str, id: Option<&str>, target: Target<'_>, field: Option<&str>) -> Verdict {
        let policy = self.policy.compiled();
        let asked = asked_resource(policy, action, subject, id);
        engine::decide(policy, &self.ready, &Question { asked: &asked, target, field })
    }

    fn all_of(&self, list: &[String]) -> Verdict {
        let policy = self.policy.compiled();
        let mut by: Vec<By> = Vec::new();
        let mut last = None;
        for permission in list {
            let verdict = self.permission(permission);
            if verdict.effect != Effect::Allow {
                return verdict.for_want_of(permission);
            }
            by.extend(&verdict.by);
            last = Some(verdict);
        }
        let nothing = || Verdict::allow(Code::NotRequired, policy.rule(Rule::NothingRequired));
        match last {
            Some(verdict) => Verdict { by, ..verdict },
            None => engine::gate(policy, &self.ready).unwrap_or_else(nothing),
        }
    }

    fn any_of(&self, list: &[String]) -> Verdict {
        let policy = self.policy.compiled();
        let mut refused = None;
        for permission in list {
            let verdict = self.permission(permission);
            if verdict.effect == Effect::Allow {
                return verdict;
            }
            refused = refused.or(Some(verdict));
        }
        refused.or_else(|| engine::gate(policy, &self.ready)).unwrap_or_else(|| engine::nobody(policy, &self.ready))
    }

    /// Every permission that the principal effectively has, in the system's own spelling, in byte order. Conditional ones are
    /// among them, as a type question would allow them; `*` stands for all where the permissions are not countable.
    /// A pattern of a native snapshot is listed as it is granted: denies may take parts out of what it covers.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        crate::listing::permissions(self.policy.compiled(), &self.ready)
    }

    /// Every grant that the principal holds, allows and denies, in the order in which they count.
    #[must_use]
    pub fn grants(&self) -> Vec<DecidingGrant> {
        crate::listing::grants(self.policy.compiled(), &self.ready)
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
    questions: quick::Vocabulary,
    /// Texts that plans compare with.
    constants: Names,
}

impl Vocabulary {
    /// None yet.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        Self { policy: policy.clone(), questions: quick::Vocabulary::default(), constants: Names::default() }
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
        let plan = if same { quick::plan(policy, &principal.ready, &self.questions, number, &mut self.constants) } else { Plan::Full };
        RecordPlan { plan, ids_are_paths: matches!(policy.profile.spelling, Spelling::Path | Spelling::Ace) }
    }

    /// The texts that plans compare with, by number.
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
        let id = record.get("id").and_then(Value::as_text).unwrap_or("-");
        if self.ids_are_paths && (id.is_empty() || id.contains('/')) {
            return None;
        }
        let Plan::Reads { attributes, .. } = &self.plan else { return answer(self.plan.answer(|_| Scalar::Absent)) };
        let mut scalars = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            scalars.push(match record.get(attribute) {
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
