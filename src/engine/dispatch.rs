//! From a question as it was asked to the engine's own questions: one permission, several, a type, a record, a list, a request.

use std::sync::Arc;

use super::ask::{Asked, Question, Target, asked_permission, asked_record, asked_resource};
use super::asking::{Asking, Kind};
use super::combine::{decide, gate};
use super::list::{Filter, filter};
use super::prepare::{Prepared, ready};
use super::route::{Route, decide_route, find_route, nobody, unmatched};
use super::verdict::{Code, Effect, Verdict};
use super::who::{Context, Spec};
use crate::base::terms::{LEGAL_ENTITY, Rule};
use crate::compiled::Compiled;
use crate::compiled::layout::meta;
use crate::value::Value;

/// Answers anything but a request; of a list, also what it shows.
pub fn answer(policy: &Compiled, who: &Prepared, ask: &Asking<'_>) -> (Box<Verdict>, Option<Filter>) {
    let word = ask.words.first().copied().unwrap_or_default();
    let verdict = match ask.kind {
        Kind::Permission => permission(policy, who, word),
        Kind::AllOf => all_of(policy, who, &ask.words),
        Kind::AnyOf => any_of(policy, who, &ask.words),
        Kind::Type => resource(policy, who, ask, &asked_resource(policy, word, ask.subject, None), Target::Type),
        Kind::Record => resource(policy, who, ask, &asked_record(policy, word, ask.subject, ask.value), Target::Record(ask.value)),
        Kind::Filter => return shown(policy, who, ask),
        // A request is no single question to the engine.
        Kind::Route => policy.deny(Code::RequirementUnknown, 403, Rule::Route),
    };
    (verdict, None)
}

fn permission(policy: &Compiled, who: &Prepared, text: &str) -> Box<Verdict> {
    let asked = asked_permission(policy, text);
    decide(policy, who, &Question { asked: &asked, target: Target::Type, field: None })
}

fn resource(policy: &Compiled, who: &Prepared, ask: &Asking<'_>, asked: &Asked, target: Target<'_>) -> Box<Verdict> {
    decide(policy, who, &Question { asked, target, field: ask.field })
}

fn all_of(policy: &Compiled, who: &Prepared, list: &[&str]) -> Box<Verdict> {
    let mut last: Option<Box<Verdict>> = None;
    for text in list {
        let mut verdict = permission(policy, who, text);
        if verdict.effect != Effect::Allow {
            return verdict.for_want_of(text);
        }
        if let Some(mut before) = last {
            before.by.append(&mut verdict.by);
            verdict.by = before.by;
            verdict.partial |= before.partial;
        }
        last = Some(verdict);
    }
    let nothing = || policy.allow(Code::NotRequired, Rule::NothingRequired);
    last.unwrap_or_else(|| gate(policy, who).unwrap_or_else(nothing))
}

fn any_of(policy: &Compiled, who: &Prepared, list: &[&str]) -> Box<Verdict> {
    let mut refused = None;
    for text in list {
        let verdict = permission(policy, who, text);
        if verdict.effect == Effect::Allow {
            return verdict;
        }
        refused = refused.or(Some(verdict));
    }
    refused.or_else(|| gate(policy, who)).unwrap_or_else(|| nobody(policy, who))
}

fn shown(policy: &Compiled, who: &Prepared, ask: &Asking<'_>) -> (Box<Verdict>, Option<Filter>) {
    match filter(policy, who, &ask.words, ask.subject) {
        Ok(Filter::None) => (policy.deny(Code::NoGrant, 403, Rule::List), Some(Filter::None)),
        Ok(outcome) => (policy.allow(Code::Granted, Rule::List), Some(outcome)),
        Err(verdict) => {
            let none = (verdict.effect == Effect::Deny).then_some(Filter::None);
            (verdict, none)
        }
    }
}

/// Answers a request: its method is the ask's word, its path the subject, its facts the value. The principal is made ready anew, as
/// the request itself may say for which tenant and legal entity it is.
pub fn request(policy: &Compiled, mut spec: Spec, ask: &Asking<'_>) -> (Box<Verdict>, Arc<Prepared>) {
    let facts = ask.value;
    let route = find_route(policy, ask.words.first().unwrap_or(&""), ask.subject);
    let elsewhere = route_context(policy, route.as_ref().ok(), facts, &mut spec.context);
    let who = ready(policy, &Arc::new(spec));
    let verdict = match &route {
        Err(methods) => unmatched(policy, &who, ask.words.first().unwrap_or(&""), methods, facts),
        Ok(_) if elsewhere => {
            let refusal = || policy.deny(Code::TenantMismatch, policy.status(meta::TENANT_STATUS), Rule::Tenant);
            if who.anonymous { who.refusal.clone().unwrap_or_else(refusal) } else { refusal() }
        }
        Ok(route) => decide_route(policy, &who, route, facts),
    };
    (verdict, who)
}

/// Whether a request may be sent, with these facts: as [`request`] says it, without words.
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub fn may_send(policy: &Compiled, who: &Arc<Prepared>, method: &str, path: &str, facts: &Value) -> bool {
    let route = match find_route(policy, method, path) {
        Ok(route) => route,
        Err(methods) => return unmatched(policy, who, method, &methods, facts).effect == Effect::Allow,
    };
    let mut context = who.spec.context.clone();
    if route_context(policy, Some(&route), facts, &mut context) {
        return false;
    }
    let known = context == who.spec.context;
    let anew = || ready(policy, &Arc::new(Spec { who: Arc::clone(&who.spec.who), context }));
    let who = if known { Arc::clone(who) } else { anew() };
    decide_route(policy, &who, &route, facts).effect == Effect::Allow
}

/// What the request itself says of tenant and legal entity. Whether it names a second tenant.
fn route_context(policy: &Compiled, route: Option<&Route>, facts: &Value, context: &mut Context) -> bool {
    let named = route.and_then(|route| route.param(policy, "tenant")).map(str::to_string);
    let elsewhere = matches!((&named, &context.tenant), (Some(named), Some(asked)) if named != asked);
    context.tenant = context.tenant.take().filter(|_| elsewhere || named.is_none()).or(named);
    if context.legal_entity.is_none() {
        let entity = facts.get("principal").and_then(|principal| principal.get(LEGAL_ENTITY)).and_then(Value::as_text);
        context.legal_entity = entity.map(Into::into);
    }
    elsewhere
}
