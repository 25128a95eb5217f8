//! Slices: whatever one principal is asked, a slice answers as the whole does; and of others nothing is in it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(target_arch = "wasm32"))]

mod reference;
mod report;

use latchgate::insight::Page;
use latchgate::{Context, Decision, Policy, Who};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use report::report;
use serde_json::{Value, json};

const CASES: usize = 500;

/// All of a decision but the codes that tell a typing error from a lack, and the sentence that goes with them.
fn essence(mut decision: Decision) -> Decision {
    // What a session's scopes cover beside what is held, a slice need not know.
    if ["unknown_permission", "scope_not_granted"].contains(&decision.code) {
        decision.code = "no_grant";
    }
    if decision.code == "no_grant" {
        decision.message.clear();
        // The registry's rule goes with its code.
        decision.rule = None;
    }
    if decision.code == "unknown_principal" {
        // That others bear the same alias is not a slice's to say.
        decision.message.clear();
    }
    decision
}

#[test]
fn a_slice_answers_as_the_whole_does() {
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        let (mut asked, mut allowed) = (0, 0);
        for _ in 0..CASES {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            for question in &questions {
                let spec = json!({ "principal": question["principal"], "context": question.get("context").unwrap_or(&json!({})) });
                let Ok(slice) = policy.slice_from_json(&spec.to_string()) else { continue };
                if let (Ok(whole), Ok(part)) = (policy.principal_from_json(&spec.to_string()), slice.principal_from_json(&spec.to_string()))
                {
                    assert_eq!(whole.grants(), part.grants(), "{spec}\n{snapshot}");
                    // Of a super-user `*` says it all, where there is a word for all: what a session narrows it to is not listed.
                    let mut unbound = question["principal"].clone();
                    if let Some(claims) = unbound.as_object_mut().filter(|_| system == "latchgate") {
                        claims.remove("scope");
                    }
                    let free = policy.principal_from_json(&json!({ "principal": unbound }).to_string());
                    let all = |of: &latchgate::Principal| of.permissions().contains(&"*".into());
                    if !all(&whole) && !free.is_ok_and(|free| all(&free)) {
                        assert_eq!(whole.permissions(), part.permissions(), "{spec}\n{snapshot}");
                    }
                }
                for other in questions.iter().filter(|other| other["principal"] == question["principal"]) {
                    if other["context"].get("roles") != question["context"].get("roles") {
                        continue;
                    }
                    let (whole, part) = (policy.decide_json(&other.to_string()), slice.decide_json(&other.to_string()));
                    allowed += usize::from(whole.is_allowed());
                    assert_eq!(essence(whole), essence(part), "{other}\n{snapshot}");
                    asked += 1;
                }
            }
        }
        report(&format!("slices, {system}: {asked} questions, {allowed} allowed"));
        assert!(asked > 1_000 && allowed > 100, "{system}");
    }
}

/// The list of a slice is that of the whole, line by line, and so is every code but that of what nobody defines.
#[test]
fn a_slice_lists_what_the_whole_does() {
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        let (mut lists, mut lines) = (0, 0);
        for _ in 0..CASES {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            for question in questions.iter().step_by(4) {
                let spec = json!({ "principal": question["principal"], "context": question.get("context").unwrap_or(&json!({})) });
                let (Ok(slice), Ok((who, context))) = (policy.slice_from_json(&spec.to_string()), policy.who_from_json(&spec.to_string()))
                else {
                    continue;
                };
                let list = |of: &Policy| -> Vec<String> {
                    let listed = of.insight(&context).list(&who, &Page::default()).unwrap();
                    listed.entries().map(|entry| format!("{} {:?} {:?}", entry.permission, entry.when, entry.except)).collect()
                };
                let whole = list(&policy);
                assert_eq!(whole, list(&slice), "{spec}\n{snapshot}");
                lists += 1;
                lines += whole.len();
            }
        }
        report(&format!("lists of slices, {system}: {lists} compared, {lines} lines"));
        assert!(lists > 500 && lines > 300, "{system}");
    }
}

/// What is said of others, taken away: everybody but one, and whatever nobody but they held.
fn without_others(snapshot: &Value, id: &str) -> Value {
    let mut alone = snapshot.clone();
    for payload in ["users", "principals", "clients", "identities", "assignments", "userScopes", "tokens"] {
        let Some(list) = alone["payloads"].get_mut(payload) else { continue };
        fn keep(value: &mut Value, id: &str) {
            let names = ["id", "userId", "userName", "sub", "label"];
            match value {
                Value::Array(items) => {
                    items.retain(|item| !names.iter().any(|name| item.get(name).is_some()) || names.iter().any(|name| item[name] == id));
                    items.iter_mut().for_each(|item| keep(item, id));
                }
                Value::Object(members) => members.values_mut().filter(|member| member.is_array()).for_each(|member| keep(member, id)),
                _ => {}
            }
        }
        keep(list, id);
    }
    alone
}

/// In every system: the bytes are the same without the others, and with their groups in another order.
#[test]
fn a_slice_hangs_on_nothing_of_others() {
    for system in ["hantera", "emporix", "kura"] {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        let (mut compared, mut held) = (0, 0);
        for _ in 0..CASES {
            let (snapshot, _) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            let insight = policy.insight(&Context::default());
            let ids: Vec<&str> = insight.ids().collect();
            for id in ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() == 1) {
                let other = without_others(&snapshot, id);
                let Ok(alone) = Policy::load(other.to_string().as_bytes()) else { continue };
                if alone.insight(&Context::default()).ids().collect::<Vec<_>>() != [*id] {
                    continue;
                }
                let who = Who::Named((*id).into());
                let slice = |of: &Policy| of.slice(&who, &Context::default()).unwrap().as_bytes().to_vec();
                // Others may bear the same alias, which is then nobody's.
                let aliases = |of: &Policy| of.principal(&who, &Context::default()).grants().unwrap().len();
                held += usize::from(aliases(&policy) > 0);
                assert_eq!(slice(&policy), slice(&alone), "{id}\n{snapshot}\n{other}");
                compared += 1;
            }
        }
        report(&format!("slices without others, {system}: {compared} compared, {held} of somebody who holds something"));
        assert!(compared > 300 && held > 100, "{system}: {compared} {held}");
    }
}

/// Two snapshots that differ in other principals only give the same bytes.
#[test]
fn a_slice_says_nothing_of_other_principals() {
    let mut runner = TestRunner::deterministic();
    let strategy = reference::generate::cases("latchgate");
    let mut compared = 0;
    for _ in 0..CASES {
        let (snapshot, _) = strategy.new_tree(&mut runner).unwrap().current();
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        let Some(principals) = snapshot["payloads"]["principals"].as_array() else { continue };
        for principal in principals {
            let aliases = |one: &Value| one["aliases"].as_array().cloned().unwrap_or_default();
            let shared = |alias: &Value| {
                principals.iter().any(|other| other != principal && (aliases(other).contains(alias) || other["id"] == *alias))
            };
            if aliases(principal).iter().any(shared) {
                continue;
            }
            let mut alone = snapshot.clone();
            alone["payloads"]["principals"] = json!([principal, { "id": "somebody else", "type": "user" }]);
            let who = Who::Named(principal["id"].as_str().unwrap().into());
            let slice = |of: &Policy| of.slice(&who, &Context::default()).unwrap().as_bytes().to_vec();
            assert_eq!(slice(&policy), slice(&Policy::load(alone.to_string().as_bytes()).unwrap()), "{principal}\n{snapshot}");
            compared += 1;
        }
    }
    report(&format!("slices compared: {compared}"));
    assert!(compared > 500);
}
