//! Why, and why not.

use latchgate::insight::Lack;
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{each, report};
use crate::reference::{self, generate::SYSTEMS};

#[test]
fn a_derivation_agrees_with_the_answer() {
    for system in SYSTEMS {
        let (mut asked, mut allowed, mut near, mut tests) = (0, 0, 0, 0);
        each(system, |case| {
            for question in &case.questions {
                let (ask, context) = (&question["ask"], question.get("context").cloned().unwrap_or_else(|| json!({})));
                let bare = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now", "attributes"];
                if bare.iter().any(|key| ask.get(key).is_some()) {
                    continue;
                }
                let spec = json!({ "principal": question["principal"], "context": context }).to_string();
                let (Ok((who, read)), Ok(one)) = (case.policy.who_from_json(&spec), Ask::from_json(&ask.to_string())) else { continue };
                let Ok(why) = case.policy.insight(&read).why(&who, &one) else { continue };
                let expected = reference::decide(&case.snapshot, &question["principal"], ask, &context);
                let decision = &why.decision;
                assert!(expected.agrees(decision.effect, decision.code, decision.status, None), "{question}\n{why:?}\n{}", case.snapshot);
                asked += 1;
                let deciding = why.grants.iter().chain(&why.near).filter(|grant| grant.decides).count();
                if decision.code == "granted" || decision.code == "superuser" {
                    allowed += 1;
                    assert!(deciding > 0 && why.near.is_empty(), "{question}\n{why:?}");
                }
                if decision.code == "no_grant" {
                    // An allow that lacks nothing would have allowed it.
                    assert!(why.grants.iter().all(|grant| grant.grant.effect == "deny"), "{question}\n{why:?}\n{}", case.snapshot);
                }
                for derived in why.grants.iter().chain(&why.near) {
                    let fails = derived.tests.iter().any(|test| test.holds == Some(false));
                    assert!(!fails || derived.lacks.contains(&Lack::Condition), "{question}\n{derived:?}");
                    tests += derived.tests.len();
                }
                near += why.near.len();
            }
        });
        report(&format!("why, {system}: {asked} questions, {allowed} allowed, {near} grants came near, {tests} tests shown"));
        assert!(asked > 1_000 && allowed > 50 && near > 100);
    }
}

fn company() -> Policy {
    let payloads = json!({ "combining": "additive", "tenants": [{ "id": "t" }, { "id": "other" }],
        "roles": [
            { "key": "viewer", "grants": [{ "permissions": ["doc:read"], "conditions": { "owner": "${principal.id}", "n": { "$lt": 5 } } }] },
            { "key": "editor", "inherits": ["viewer"], "grants": [{ "permissions": ["doc:write"] }] },
            { "key": "auditor", "grants": [{ "permissions": ["doc:audit"] }] }],
        "groups": [{ "id": "staff", "roles": ["editor"] }],
        "principals": [{ "id": "ann", "groups": ["staff"], "roles": [{ "role": "auditor", "scope": "other" }] }] });
    Policy::load(json!({ "system": "latchgate", "tenant": "t", "payloads": payloads }).to_string().as_bytes()).unwrap()
}

fn why(ask: Value) -> latchgate::insight::Why {
    let insight = company().insight(&Context::default());
    insight.why(&Who::Named("ann".into()), &Ask::from_json(&ask.to_string()).unwrap()).unwrap()
}

#[test]
fn an_allow_shows_the_way_and_what_is_asked_of_the_record() {
    let why = why(json!({ "kind": "instance", "action": "read", "subject": "doc", "object": { "owner": "ann", "n": 3 } }));
    assert_eq!(why.decision.effect, "allow");
    let [grant] = why.grants.as_slice() else { panic!("{why:?}") };
    let way: Vec<String> = grant.grant.via.iter().map(|step| format!("{} {}", step.kind, step.id)).collect();
    assert_eq!(way, ["group staff", "role editor", "role viewer"]);
    let tests = serde_json::to_value(&grant.tests).unwrap();
    assert_eq!(
        tests,
        json!([{ "path": "owner", "operator": "$eq", "expected": "ann", "actual": "ann", "holds": true },
            { "path": "n", "operator": "$lt", "expected": 5, "actual": 3, "holds": true }])
    );
    assert!(grant.decides && grant.lacks.is_empty());
}

#[test]
fn a_deny_shows_what_came_near_and_what_it_lacked() {
    let denied = why(json!({ "kind": "instance", "action": "read", "subject": "doc", "object": { "owner": "bob" } }));
    let nearest = &denied.near[0];
    assert_eq!(nearest.lacks, [Lack::Condition]);
    let holds: Vec<Option<bool>> = nearest.tests.iter().map(|test| test.holds).collect();
    assert_eq!(holds, [Some(false), Some(false)]);
    assert_eq!(nearest.tests[1].actual, None);
    let other = &denied.near[1];
    assert_eq!((other.grant.permission.as_str(), other.lacks.as_slice()), ("doc:write", [Lack::Action].as_slice()));
    assert_eq!(
        denied.message,
        "`ann` may not `read` this `doc`: no grant covers it; nearest is `doc:read`, but its condition does not hold"
    );
    let elsewhere = why(json!({ "kind": "permission", "permission": "doc:audit" }));
    let nearest = &elsewhere.near[0];
    assert_eq!(
        (nearest.grant.via[0].id.as_str(), nearest.lacks.as_slice()),
        ("auditor", [Lack::Tenant { tenant: "other".into() }].as_slice())
    );
}

#[test]
fn a_question_that_is_several_is_refused() {
    let insight = company().insight(&Context::default());
    let error = insight.why(&Who::Nobody, &Ask::AllOf(Vec::new())).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("ERR_ARGUMENT", "$.ask.kind"));
}
