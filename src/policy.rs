//! The face of the crate: a loaded policy, and principals made ready to be asked about.

use std::sync::Arc;

use crate::compile::{Compiled, compile};
use crate::cursor::Cursor;
use crate::decision::{self, DecidingGrant, Decision};
use crate::dialect;
use crate::engine::{
    self, Asked, By, Code, Context, Effect, Filter, Prepared, Question, Route, Target, Verdict, Who, asked_permission, asked_resource,
};
use crate::error::Error;
use crate::limits::Limits;
use crate::payload::{self, Numbers};
use crate::question::{self, Ask};
use crate::value::Value;

/// A loaded snapshot. Immutable and cheap to clone; may be shared between threads.
#[derive(Debug, Clone)]
pub struct Policy {
    compiled: Arc<Compiled>,
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
        let model = dialect::read(&payload::read(text, limits, Numbers::Safe)?)?;
        Ok(Self { compiled: Arc::new(compile(model, limits)?) })
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
        let value = payload::read(text.as_bytes(), &Limits::QUESTION, Numbers::Any)?;
        let (who, context) = self.read_principal(&value.root())?;
        Ok(self.principal(&who, &context))
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
        self.try_decide(text).unwrap_or_else(|error| decision::invalid_question(&self.compiled, &error))
    }

    fn try_decide(&self, text: &str) -> Result<Decision, Error> {
        let value = payload::read(text.as_bytes(), &Limits::QUESTION, Numbers::Any)?;
        let root = value.root();
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
        let value = payload::read(params.as_bytes(), &Limits::QUESTION, Numbers::Any)?;
        dialect::list(&self.compiled, name, &value.root())
    }
}

/// What the request itself says of tenant and legal entity. Whether it names a second tenant.
fn route_context(policy: &Compiled, route: Option<&Route<'_>>, facts: &Value, context: &mut Context) -> bool {
    let named = route.and_then(|route| route.param(policy, "tenant")).map(str::to_string);
    let elsewhere = matches!((&named, &context.tenant), (Some(named), Some(asked)) if named != asked);
    context.tenant = context.tenant.take().filter(|_| elsewhere || named.is_none()).or(named);
    if context.legal_entity.is_none() {
        let entity = facts.get("principal").and_then(|principal| principal.get("legalEntityId")).and_then(Value::as_text);
        context.legal_entity = entity.map(Into::into);
    }
    elsewhere
}

fn route_decision(policy: &Compiled, ready: &Prepared, route: Option<&Route<'_>>, facts: &Value, ask: &Ask, elsewhere: bool) -> Decision {
    let book = policy.profile.book;
    let verdict = match route {
        None => engine::gate(policy, ready).unwrap_or_else(|| Verdict::deny(Code::UnknownRoute, 404, book.route)),
        Some(_) if elsewhere => {
            let refusal = || Verdict::deny(Code::TenantMismatch, book.tenant_status, book.tenant);
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
        self.try_check(text).unwrap_or_else(|error| decision::invalid_question(self.policy.compiled(), &error))
    }

    fn try_check(&self, text: &str) -> Result<Decision, Error> {
        let value = payload::read(text.as_bytes(), &Limits::QUESTION, Numbers::Any)?;
        let at = value.root();
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
                Verdict::deny(Code::RequirementUnknown, 403, self.policy.compiled().profile.book.route)
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
        let nothing = || Verdict::allow(Code::NotRequired, policy.profile.book.nothing_required);
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

    /// Decides a permission by the numbers of its parts (see [`Policy::intern`]): the quick path of a binding.
    #[must_use]
    pub fn check_interned(&self, action: u32, resource: u32) -> Effect {
        let policy = self.policy.compiled();
        // Patterns that only a token or a session names are compared by words.
        let with_words = !self.ready.bounds.is_empty() || !self.ready.loose.is_empty();
        let Some(asked) = Asked::of_nodes(policy, action, resource, with_words) else { return Effect::Deny };
        engine::decide(policy, &self.ready, &Question { asked: &asked, target: Target::Type, field: None }).effect
    }
}

impl Policy {
    /// The numbers of a permission's action and resource, for [`Principal::check_interned`]. `None` where the policy does not
    /// name it in full: such a permission has to be asked by its text.
    #[must_use]
    pub fn intern(&self, permission: &str) -> Option<(u32, u32)> {
        let policy = self.compiled();
        let asked = asked_permission(policy, permission);
        let plain = policy.actions.is_plain() && policy.resources.is_plain() && !asked.is_malformed();
        asked.action.exact.zip(asked.resource.exact).filter(|_| plain)
    }
}
