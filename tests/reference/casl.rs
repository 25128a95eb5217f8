//! `casl`: rule lists as CASL 7.0.1 reads them (casl 1.1 to 1.8).
//!
//! The shape of the payload, in one place: `payloads` is an object of named lists of raw rules. Each list is a role, and a
//! principal that has just that role. Claims: `{roles: [list names], sub?}`; their lists follow one another as named.

use super::ability::{self, Subject};
use super::conditions::{self, Profile};
use super::*;

const CASL: Profile = Profile::Casl7;

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, _context: &Value) -> Answer {
    let kind = text(ask, "kind").unwrap_or("");
    if !matches!(kind, "type" | "instance" | "filter") {
        return invalid();
    }
    let rules = match rules(snapshot, principal) {
        Ok(rules) => rules,
        Err(answer) => return answer.for_kind(kind),
    };
    if ability::unbuildable(&rules) {
        return failure("invalid_rule"); // 1.1: `fields: []` throws when the ability is built
    }
    let Some(subject) = text(ask, "subject") else {
        return invalid();
    };
    if kind == "filter" {
        return filter(&rules, &strings(ask.get("actions")), subject);
    }
    let Some(action) = text(ask, "action") else {
        return invalid();
    };
    let field = text(ask, "field");
    if kind == "type" {
        return ability::walk(CASL, &rules, action, subject, field, &Subject::Type).answer();
    }
    match ask.get("object") {
        Some(record @ Value::Object(_)) => ability::walk(CASL, &rules, action, subject, field, &Subject::Record(record)).answer(),
        _ => invalid(),
    }
}

/// The lists of the principal, one after the other, in the order that it names them. A list that is not there adds none.
fn rules(snapshot: &Value, principal: &Value) -> Result<Vec<Value>, Answer> {
    let list = |name: &str| payload(snapshot, name).and_then(Value::as_array).cloned();
    match principal {
        Value::Null => Err(unauthenticated()),
        Value::String(name) => list(name).ok_or_else(unknown_principal),
        claims => match (claims.get("roles"), text(claims, "sub")) {
            (Some(names @ Value::Array(_)), _) => Ok(strings(Some(names)).iter().filter_map(|name| list(name)).flatten().collect()),
            (_, Some(sub)) => list(sub).ok_or_else(unknown_principal),
            _ => Err(unknown_principal()),
        },
    }
}

/// 1.8, `rulesToAST` for each action, and the union of the actions. Each `can` that the scan reaches is bounded by the `cannot`s
/// before it; `{}` is a condition like any other, which holds for every record; conditions that cannot be compiled throw.
fn filter(rules: &[Value], actions: &[String], subject: &str) -> Answer {
    let mut kinds = Vec::new();
    for action in actions {
        // Whether the conditions of each `cannot` so far hold for every record.
        let mut cannots: Vec<bool> = Vec::new();
        for rule in ability::relevant(rules, action, subject, None) {
            let Some(conditions) = ability::conditions_of(rule) else {
                if !ability::is_inverted(rule) {
                    kinds.push(branch(true, &cannots));
                }
                break;
            };
            let always = match conditions::compile(conditions) {
                Ok(compiled) => compiled.is_empty(),
                Err(fault) => return ability::Verdict::Broken(fault).answer(),
            };
            if ability::is_inverted(rule) {
                cannots.push(always);
            } else {
                kinds.push(branch(always, &cannots));
            }
        }
    }
    let best = ["all", "conditions"].into_iter().find(|kind| kinds.contains(kind));
    filter_answer(best.unwrap_or("none"))
}

/// What one `can` comes to.
fn branch(always: bool, cannots: &[bool]) -> &'static str {
    if cannots.contains(&true) {
        "none"
    } else if always && cannots.is_empty() {
        "all"
    } else {
        "conditions"
    }
}
