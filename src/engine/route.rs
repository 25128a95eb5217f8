//! Requests: method and path against the endpoint table.

use super::ask::{Question, Target, asked_permission, asked_resource};
use super::combine::{decide, expired, gate, superuser, within_bounds};
use super::prepare::Prepared;
use super::verdict::{Code, Effect, Verdict};
use crate::compile::Compiled;
use crate::model::{Check, Endpoint, Need, Own, PathPart, Refuses, Requirement};
use crate::names::Sym;
use crate::value::Value;

/// A request, matched.
#[derive(Debug)]
pub struct Route<'a> {
    endpoint: &'a Endpoint,
    params: Vec<(Sym, String)>,
    query: Vec<(String, String)>,
}

impl Route<'_> {
    /// What a path parameter of that name stands for.
    #[must_use]
    pub fn param(&self, policy: &Compiled, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(param, _)| policy.names.text(*param) == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Finds the row for a request: literal segments before parameters, parameters before the rest of a path.
///
/// The path may bear a query and a fragment; a slash at either end does not count. An empty or dot segment, a slash or
/// control character behind percent signs: no row has it, so it is denied.
#[must_use]
pub fn find_route<'a>(policy: &'a Compiled, method: &str, path: &str) -> Option<Route<'a>> {
    let path = path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<String> = path.split('/').map(decode).collect::<Option<_>>()?;
    if segments.iter().any(|segment| segment.is_empty() || segment == "." || segment == "..") {
        return None;
    }
    let method = method.to_ascii_uppercase();
    let matching = policy.endpoints.iter().filter(|endpoint| {
        endpoint.method.is_none_or(|own| policy.names.text(own) == method) && path_matches(policy, &endpoint.path, &segments)
    });
    // Ties cannot be told apart by the request; the table's first row then counts.
    let endpoint = matching.min_by_key(|endpoint| (specificity(&endpoint.path), endpoint.method.is_none()))?;
    let params = endpoint.path.iter().zip(&segments).filter_map(|(part, segment)| match part {
        PathPart::Param(name) => Some((*name, segment.clone())),
        _ => None,
    });
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key.to_string(), value.to_string())
    });
    Some(Route { endpoint, params: params.collect(), query: query.collect() })
}

/// Literal parts first, from the left.
fn specificity(path: &[PathPart]) -> Vec<u8> {
    path.iter()
        .map(|part| match part {
            PathPart::Literal(_) => 0,
            PathPart::Param(_) => 1,
            PathPart::Rest => 2,
        })
        .collect()
}

fn path_matches(policy: &Compiled, path: &[PathPart], segments: &[String]) -> bool {
    let (fixed, rest) = match path.split_last() {
        Some((PathPart::Rest, fixed)) => (fixed, true),
        _ => (path, false),
    };
    let length = if rest { segments.len() >= fixed.len() } else { segments.len() == fixed.len() };
    length
        && fixed.iter().zip(segments).all(|(part, segment)| match part {
            PathPart::Literal(literal) => policy.names.text(*literal) == segment,
            PathPart::Param(_) | PathPart::Rest => true,
        })
}

/// Percent-decodes one segment; `None` where that yields no plain segment.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let plain = if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
        } else {
            byte
        };
        if byte == b'%' && matches!(plain, b'/' | b'\\' | 0..=31 | 127) {
            return None;
        }
        bytes.push(plain);
    }
    String::from_utf8(bytes).ok()
}

/// Decides a request. `facts` are what own-scopes and conditions need of the caller and of the record.
pub fn decide_route(policy: &Compiled, who: &Prepared, route: &Route<'_>, facts: &Value) -> Verdict {
    let book = policy.profile.book;
    let endpoint = route.endpoint;
    let request = Request { policy, who, route, facts };
    let verdict = match &endpoint.requires {
        Requirement::Nothing => {
            return expired(policy, who).unwrap_or_else(|| Verdict::allow(Code::NotRequired, book.nothing_required));
        }
        Requirement::OwnSession(resource) => request.own_session(*resource),
        Requirement::LoggedIn => gate(policy, who).unwrap_or_else(|| Verdict::allow(Code::NotRequired, book.nothing_required)),
        Requirement::Any(needs) => request.any(needs),
        Requirement::All(needs) => request.all(needs),
        Requirement::Check(check) => request.check(check),
        Requirement::Unknown => request.unknown(),
    };
    if verdict.effect != Effect::Allow {
        return verdict;
    }
    if let Some(refusal) = request.also().or_else(|| request.edit_refused()) {
        return refusal;
    }
    verdict
}

/// One of no permissions: super-users only (K5).
pub fn nobody(policy: &Compiled, who: &Prepared) -> Verdict {
    superuser(policy, who).unwrap_or_else(|| Verdict::deny(Code::NoGrant, 403, policy.profile.book.default_deny))
}

struct Request<'a> {
    policy: &'a Compiled,
    who: &'a Prepared,
    route: &'a Route<'a>,
    facts: &'a Value,
}

impl Request<'_> {
    fn permission(&self, permission: Sym) -> Verdict {
        let asked = asked_permission(self.policy, self.policy.names.text(permission));
        let verdict = decide(self.policy, self.who, &Question { asked: &asked, target: Target::Type, field: None });
        verdict.for_want_of(self.policy.names.text(permission))
    }

    /// One is enough; a scope that holds always counts before one that holds for what is the caller's own (E8).
    fn any(&self, needs: &[Need]) -> Verdict {
        let mut refused: Option<Verdict> = None;
        let mut not_own: Option<Verdict> = None;
        let mut own_allow: Option<Verdict> = None;
        for need in needs {
            let verdict = self.permission(need.permission);
            match (verdict.effect, &need.own) {
                (Effect::Allow, None) => return verdict,
                (Effect::Allow, Some(own)) => match self.is_own(own) {
                    Ok(()) => own_allow = own_allow.or(Some(verdict)),
                    Err(detail) => {
                        let mut refusal = Verdict::deny(Code::NotOwn, 403, self.policy.profile.book.not_own).because(detail);
                        refusal.by = verdict.by;
                        not_own = not_own.or(Some(refusal));
                    }
                },
                _ => refused = refused.or(Some(verdict)),
            }
        }
        let none = || gate(self.policy, self.who).unwrap_or_else(|| nobody(self.policy, self.who));
        own_allow.or(not_own).or(refused).unwrap_or_else(none)
    }

    fn all(&self, needs: &[Need]) -> Verdict {
        let mut allowed: Option<Verdict> = None;
        for need in needs {
            let verdict = self.any(std::slice::from_ref(need));
            if verdict.effect != Effect::Allow {
                return verdict;
            }
            match &mut allowed {
                Some(before) => before.by.extend(verdict.by),
                None => allowed = Some(verdict),
            }
        }
        let nothing = || Verdict::allow(Code::NotRequired, self.policy.profile.book.nothing_required);
        allowed.unwrap_or_else(|| gate(self.policy, self.who).unwrap_or_else(nothing))
    }

    fn check(&self, check: &Check) -> Verdict {
        let (action, subject) = (self.policy.names.text(check.action), self.policy.names.text(check.subject));
        let record = self.facts.get("resource").filter(|record| matches!(record, Value::Map(_)));
        let ask = |target: Target<'_>, id: Option<&str>| {
            let asked = asked_resource(self.policy, action, subject, id);
            decide(self.policy, self.who, &Question { asked: &asked, target, field: None })
        };
        if check.on_type {
            let verdict = ask(Target::Type, None);
            if verdict.effect != Effect::Allow || !check.on_record {
                return verdict;
            }
        }
        if matches!(self.facts.get("resource"), Some(Value::Null)) {
            // A17: absent before denied.
            let absent = || Verdict::deny(Code::RecordAbsent, 404, self.policy.profile.book.record_question);
            return gate(self.policy, self.who).unwrap_or_else(absent);
        }
        let id = record.and_then(|record| record.get("id")).and_then(Value::as_text);
        let mut verdict = ask(record.map_or(Target::Withheld, Target::Record), id);
        let hidden = matches!(verdict.code, Code::NoGrant | Code::DeniedByRule | Code::UnknownPermission | Code::RecordRequired);
        if check.hidden && hidden {
            // A17: a record that may not be seen is answered as one that is not there.
            verdict.status = 404;
        }
        verdict
    }

    fn unknown(&self) -> Verdict {
        if let Some(refusal) = gate(self.policy, self.who) {
            return refusal;
        }
        let refusal = || Verdict::deny(Code::RequirementUnknown, 403, self.policy.profile.book.route);
        superuser(self.policy, self.who).filter(|_| self.who.bounds.is_empty()).unwrap_or_else(refusal)
    }

    /// Open to whoever is let in; a session that is bound by scopes needs one on all of the resource.
    fn own_session(&self, resource: Sym) -> Verdict {
        let book = self.policy.profile.book;
        let asked = asked_permission(self.policy, self.policy.names.text(resource));
        let refusal = gate(self.policy, self.who)
            .or_else(|| (!within_bounds(self.who, &asked)).then(|| Verdict::deny(Code::ScopeNotGranted, 403, book.scopes)));
        refusal.unwrap_or_else(|| Verdict::allow(Code::NotRequired, book.nothing_required))
    }

    fn fact(&self, of: &str, name: &str) -> Option<&Value> {
        self.facts.get(of).and_then(|facts| facts.get(name)).filter(|fact| !matches!(fact, Value::Null))
    }

    fn is_own(&self, own: &Own) -> Result<(), String> {
        match own {
            Own::Same { fact, list } => {
                let acting = self.who.acting_for().filter(|_| *fact == "legalEntityId");
                let mine = acting.or_else(|| self.fact("principal", fact).and_then(Value::as_text));
                let Some(mine) = mine else { return Err(format!("the principal's `{fact}` is not given")) };
                match self.fact("resource", fact) {
                    Some(theirs) if theirs.as_text() == Some(mine) => Ok(()),
                    Some(_) => Err(format!("the record's `{fact}` is not the principal's")),
                    None if *list => Ok(()),
                    None => Err(format!("the record's `{fact}` is not given")),
                }
            }
            Own::Is { fact, value } => match self.fact("resource", fact) {
                Some(found) if found.as_text() != Some(value) => Err(format!("the record's `{fact}` is not `{value}`")),
                _ => Ok(()),
            },
        }
    }

    /// A flag of the request: in the facts, or in the query as `true`. Set in either, it is set.
    fn flag(&self, name: &str) -> Option<bool> {
        let fact = match self.facts.get(name) {
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::Text(text)) => Some(text.eq_ignore_ascii_case("true")),
            _ => None,
        };
        let queried = self.route.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.eq_ignore_ascii_case("true"));
        fact.into_iter().chain(queried).max()
    }

    fn also(&self) -> Option<Verdict> {
        let also = self.route.endpoint.also.as_ref()?;
        let flagged = self.flag(also.flag) == Some(true);
        match self.flag(also.unless) {
            Some(false) => None,
            Some(true) if !flagged => {
                let detail = format!("the server refuses it without `{}`", also.flag);
                Some(Verdict::deny(Code::EditRefused, 400, self.policy.profile.book.edit).because(detail))
            }
            _ if flagged => Some(self.permission(also.permission)).filter(|verdict| verdict.effect != Effect::Allow),
            _ => None,
        }
    }

    fn edit_refused(&self) -> Option<Verdict> {
        let guard = self.route.endpoint.guard.as_ref()?;
        let (_, value) = self.route.params.iter().find(|(param, _)| *param == guard.param)?;
        let refused = match &guard.refuses {
            Refuses::Ids(ids) => ids.iter().any(|id| self.policy.names.text(*id) == value),
            Refuses::Prefix(prefix) => value.starts_with(prefix),
        };
        let detail = format!("the server does not let `{value}` be changed");
        refused.then(|| Verdict::deny(Code::EditRefused, 403, guard.rule).because(detail))
    }
}
