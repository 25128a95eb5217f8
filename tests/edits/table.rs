//! The runner of a table of edits.

use latchgate::edit::{Outcome, apply};
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

/// One edit, or a list of them, and what the server answers.
pub struct Case {
    pub rule: &'static str,
    pub edits: Value,
    pub want: Want,
}

pub enum Want {
    /// The status of the last edit, and what holds afterwards.
    Accepted(u16, fn(&After) -> bool),
    /// Status, code, and where.
    Refused(u16, &'static str, &'static str),
}

/// After the edits.
pub struct After {
    pub payloads: Value,
    /// What the server answers to the last edit.
    pub step: Value,
    policy: Policy,
}

impl After {
    pub fn can(&self, principal: &str, permission: &str) -> bool {
        let who = self.policy.principal(&Who::Named(principal.into()), &Context::default());
        who.check(&Ask::Permission(permission.into())).is_allowed()
    }

    /// The document of a list that has this value for a member.
    pub fn find<'a>(&self, list: &'a Value, key: &str, value: &str) -> Option<&'a Value> {
        list.as_array()?.iter().find(|document| document[key] == value)
    }
}

pub fn accepted(rule: &'static str, edits: Value, status: u16, holds: fn(&After) -> bool) -> Case {
    Case { rule, edits, want: Want::Accepted(status, holds) }
}

pub fn refused(rule: &'static str, edits: Value, status: u16, code: &'static str, path: &'static str) -> Case {
    Case { rule, edits, want: Want::Refused(status, code, path) }
}

pub fn send(method: &str, path: &str, body: Value) -> Value {
    json!({ "request": { "method": method, "path": path, "body": body } })
}

pub fn bare(method: &str, path: &str) -> Value {
    json!({ "request": { "method": method, "path": path } })
}

/// The same edit with a header.
pub fn with(mut edit: Value, header: &str, value: &str) -> Value {
    edit["request"]["headers"] = json!({ header: value });
    edit
}

/// The same edit by somebody.
pub fn by(actor: &str, mut edit: Value) -> Value {
    edit["actor"] = json!(actor);
    edit
}

/// Runs a table. Each rule in `rules` must accept and refuse something, but for those behind a star, which do only one of both.
pub fn run(name: &str, snapshot: &Value, rules: &[&str], cases: &[Case]) {
    let before = snapshot.to_string();
    let old = Policy::load(before.as_bytes()).unwrap();
    let mut failures = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let outcome = apply(before.as_bytes(), case.edits.to_string().as_bytes()).unwrap();
        let text: Value = serde_json::from_str(&outcome.to_json()).unwrap();
        let fault = match (&case.want, &outcome) {
            (Want::Accepted(status, holds), Outcome::Accepted(done)) => {
                // Whatever was changed, the policy is what a fresh load of the text is.
                assert_eq!(Policy::load(done.snapshot.as_bytes()).unwrap().as_bytes(), done.policy.as_bytes(), "{name} {index}");
                let written: Value = serde_json::from_str(&done.snapshot).unwrap();
                let changed = done.steps.iter().any(|step| step.changed);
                assert_eq!(changed, written != *snapshot, "{name} {index}: `changed` says whether it is");
                survives(snapshot, &written);
                let step = text["edits"].as_array().unwrap().last().cloned().unwrap_or_default();
                let after = After { payloads: written["payloads"].clone(), step, policy: done.policy.clone() };
                (done.steps.last().map(|step| step.status) != Some(*status) || !holds(&after)).then_some(text["edits"].to_string())
            }
            (Want::Refused(status, code, path), Outcome::Refused(no)) => {
                let got = (no.status, no.code.as_str(), no.path.as_str(), no.rule.as_str());
                assert!(no.message.contains(" "), "{name} {index}: a plain sentence: {}", no.message);
                (got != (*status, *code, *path, case.rule)).then_some(text.to_string())
            }
            _ => Some(text.to_string()),
        };
        if let Some(fault) = fault {
            failures.push(format!("{name} {index} ({}): {}\n  → {fault}", case.rule, case.edits));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(Policy::load(before.as_bytes()).unwrap().as_bytes(), old.as_bytes());
    for rule in rules {
        let of = |accepts: bool| {
            cases.iter().any(|case| case.rule == rule.trim_end_matches('*') && matches!(case.want, Want::Accepted(..)) == accepts)
        };
        assert!(if rule.ends_with('*') { of(true) || of(false) } else { of(true) && of(false) }, "{name}: {rule} accepts and refuses");
    }
    assert!(cases.iter().all(|case| rules.iter().any(|rule| rule.trim_end_matches('*') == case.rule)), "{name}: a rule that is not listed");
    println!("{name}: {} edits under {} rules", cases.len(), rules.len());
    assert!(!cases.is_empty());
}

/// Nothing of the envelope is lost, and its order is kept.
fn survives(before: &Value, after: &Value) {
    let keys = |at: &Value| at.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(before), keys(after));
}
