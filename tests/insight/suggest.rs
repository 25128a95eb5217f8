//! The smallest change: made, it turns the answer round; any smaller part of it does not.

use latchgate::insight::Step;
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{each, report};
use crate::reference::generate::SYSTEMS;

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
