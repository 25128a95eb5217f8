//! The smallest change: made, it turns the answer round; any smaller part of it does not.

use latchgate::insight::{HolderRef, Step};
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{each, report};
use crate::reference::{self, generate::SYSTEMS};

fn list<'v>(snapshot: &'v mut Value, name: &str, key: &str, id: &str) -> Option<&'v mut Value> {
    snapshot["payloads"][name].as_array_mut()?.iter_mut().find(|one| one[key] == id)
}

fn holder<'v>(snapshot: &'v mut Value, holder: &HolderRef) -> Option<&'v mut Value> {
    let (name, key) = match holder.kind {
        "role" => ("roles", "key"),
        "group" => ("groups", "id"),
        _ => ("principals", "id"),
    };
    list(snapshot, name, key, &holder.id)
}

/// Grants as the product counts them: each permission of the short form is one of its own, and one on nothing is none.
fn single(grants: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for grant in grants.as_array().into_iter().flatten() {
        let Some(permissions) = grant["permissions"].as_array() else {
            if grant.get("resources").is_none_or(|list| list != &json!([])) {
                all.push(grant.clone());
            }
            continue;
        };
        for permission in permissions {
            let mut one = grant.clone();
            one["permissions"] = json!([permission]);
            all.push(one);
        }
    }
    all
}

/// Changes made in the snapshot itself, as somebody would who reads them.
fn made(snapshot: &Value, steps: &[Step]) -> Value {
    let mut changed = snapshot.clone();
    let mut steps = steps.to_vec();
    steps.sort_by(|one, two| two.cmp(one));
    for step in &steps {
        match step {
            Step::Assign { principal, holder } | Step::Unassign { principal, holder } => {
                let one = list(&mut changed, "principals", "id", principal).unwrap();
                let key = if holder.kind == "role" { "roles" } else { "groups" };
                let mut held = one[key].as_array().cloned().unwrap_or_default();
                if matches!(step, Step::Assign { .. }) {
                    held.push(json!(holder.id));
                } else {
                    held.retain(|one| *one != holder.id && one["role"] != holder.id);
                }
                one[key] = json!(held);
            }
            Step::Grant { holder: to, permission } => {
                let one = holder(&mut changed, to).unwrap();
                let mut grants = one["grants"].as_array().cloned().unwrap_or_default();
                grants.push(json!({ "permissions": [permission] }));
                one["grants"] = json!(grants);
            }
            Step::Revoke { holder: from, place, .. } => {
                let one = holder(&mut changed, from).unwrap();
                let mut grants = single(&one["grants"]);
                grants.remove(*place);
                one["grants"] = json!(grants);
            }
            _ => panic!("{step:?}"),
        }
    }
    changed
}

/// Every part of some steps with one step less.
fn parts(steps: &[Step]) -> Vec<Vec<Step>> {
    (0..steps.len()).map(|at| steps.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, step)| step.clone()).collect()).collect()
}

#[test]
fn a_suggestion_turns_the_answer_and_no_part_of_it_does() {
    for system in SYSTEMS {
        let (mut asked, mut opened, mut closed, mut largest, mut helpless) = (0, 0, 0, 0, 0);
        each(system, |case| {
            let insight = case.policy.insight(&Context::default());
            let ids = case.principals();
            for (at, permission) in case.probes().into_iter().step_by(9).take(2).enumerate() {
                let Some(id) = ids.get(at % ids.len().max(1)).filter(|id| ids.iter().filter(|other| other == id).count() == 1) else {
                    continue;
                };
                let ask = Ask::from_json(&case.ask(&permission).to_string()).unwrap();
                let who = Who::Named(id.clone());
                let Ok(answer) = insight.suggest(&who, &ask) else { continue };
                let expected = case.expected(&json!(id), &permission, &json!({}));
                assert_eq!(answer.allowed, expected.is_allow());
                asked += 1;
                helpless += usize::from(answer.suggestions.is_empty());
                for suggestion in &answer.suggestions {
                    largest = largest.max(suggestion.steps.len());
                    *(if answer.allowed { &mut closed } else { &mut opened }) += 1;
                    let allows =
                        |steps: &[Step]| insight.with(steps).unwrap().principal(&who, &Context::default()).check(&ask).is_allowed();
                    assert_ne!(allows(&suggestion.steps), answer.allowed, "{suggestion:?}\n{}", case.snapshot);
                    let gains = suggestion.effects.groups.iter().flat_map(|group| &group.changes);
                    assert!(gains.filter(|change| change.principal != *id).all(|change| suggestion.others.contains(&change.principal)));
                    for part in parts(&suggestion.steps) {
                        assert_eq!(allows(&part), answer.allowed, "{part:?} of {suggestion:?}\n{}", case.snapshot);
                    }
                    if system == "latchgate" {
                        let changed = made(&case.snapshot, &suggestion.steps);
                        let decide = |of: &Value| reference::decide(of, &json!(id), &case.ask(&permission), &json!({})).is_allow();
                        assert_ne!(
                            decide(&changed),
                            answer.allowed,
                            "{id} {permission} {:?}\n{}\n{changed}",
                            suggestion.steps,
                            case.snapshot
                        );
                        for part in parts(&suggestion.steps) {
                            assert_eq!(decide(&made(&case.snapshot, &part)), answer.allowed, "{part:?}\n{}", case.snapshot);
                        }
                        Policy::load(changed.to_string().as_bytes()).expect("what is suggested loads");
                    }
                }
            }
        });
        report(&format!(
            "suggest, {system}: {asked} questions, {opened} ways in, {closed} ways out, at most {largest} changes, {helpless} without a way"
        ));
        assert!(asked > 100 && opened > 50 && closed > 10);
    }
}

#[test]
fn a_suggestion_says_who_else_gains_what() {
    let payloads = json!({ "combining": "additive",
        "roles": [{ "key": "viewer", "grants": [{ "permissions": ["doc:read"] }] }, { "key": "boss", "grants": [{ "permissions": ["doc:read", "doc:write", "pay:run"] }] }],
        "principals": [{ "id": "ann", "roles": ["viewer"] }, { "id": "bob", "roles": ["viewer"] }, { "id": "cem", "roles": ["boss"] }] });
    let policy = Policy::load(json!({ "system": "latchgate", "payloads": payloads }).to_string().as_bytes()).unwrap();
    let insight = policy.insight(&Context::default());
    let answer = insight.suggest(&Who::Named("ann".into()), &Ask::Permission("doc:write".into())).unwrap();
    let told: Vec<(Value, usize, &[String])> = answer
        .suggestions
        .iter()
        .map(|one| (serde_json::to_value(&one.steps[0]).unwrap()["change"].clone(), one.effects.gained, one.others.as_slice()))
        .collect();
    assert_eq!(told, [(json!("grant"), 1, [].as_slice()), (json!("assign"), 2, &[]), (json!("grant"), 2, &["bob".to_string()])]);
    let error = insight.suggest(&Who::Named("nobody".into()), &Ask::Permission("doc:write".into())).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("ERR_ARGUMENT", "$.principal"));
}
