//! Who asks and in which circumstances: what is misspelt is refused, what the context has bound no question widens, time passes; and an
//! allow that holds for some records only says so.
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

use latchgate::{Instant, Policy};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use report::report;
use serde_json::{Value, json};

fn hantera() -> Policy {
    let snapshot = json!({ "system": "hantera", "payloads": {
        "roles": [{ "key": "a:b", "acl": { "entries": [{ "resource": "x", "permission": "read" }] } }, { "key": "system:owner", "acl": { "entries": [] } }],
        "principals": [{ "id": "p", "roles": ["a:b"] }] } });
    Policy::load(snapshot.to_string().as_bytes()).unwrap()
}

const CONTEXT: [&str; 7] = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "attributes", "now"];

/// Names that somebody types who means the known one: a letter missing, twice, changed, changed places, in another case.
fn misspelt(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut found = vec![name.to_uppercase()];
    for at in 0..letters.len() {
        let with = |replace: &[char], skip: usize| letters[..at].iter().chain(replace).chain(&letters[at + skip..]).collect::<String>();
        found.extend([with(&[], 1), with(&[letters[at], letters[at]], 1), with(&['q'], 1)]);
        if at + 1 < letters.len() {
            found.push(with(&[letters[at + 1], letters[at]], 2));
        }
    }
    found.retain(|one| one != name && !one.is_empty());
    found
}

#[test]
fn a_misspelt_member_is_refused_wherever_it_stands_and_the_nearest_name_is_said() {
    let policy = hantera();
    let (mut refused, mut named) = (0, 0);
    let mut see = |question: &Value, key: &str, meant: &str| {
        let decision = policy.decide_json(&question.to_string());
        assert_eq!(decision.code, "invalid_question", "{question}");
        assert!(decision.message.contains(key), "{}", decision.message);
        refused += 1;
        named += usize::from(decision.message.contains(&format!("did you mean `{meant}`?")));
    };
    let ask = json!({ "kind": "permission", "permission": "x:read" });
    for meant in CONTEXT {
        for key in misspelt(meant) {
            see(&json!({ "principal": "p", "ask": ask, "context": { &key: null } }), &key, meant);
            assert!(policy.principal_from_json(&json!({ "principal": "p", "context": { &key: 1 } }).to_string()).is_err(), "{key}");
            assert!(policy.slice_from_json(&json!({ "principal": "p", "context": { &key: 1 } }).to_string()).is_err(), "{key}");
        }
        // Beside the context it bounds nothing.
        see(&json!({ "principal": "p", "ask": ask, meant: null }), meant, "");
    }
    for meant in ["principal", "ask", "context"] {
        for key in misspelt(meant).into_iter().filter(|key| key.len() > 2) {
            see(&json!({ "principal": "p", "ask": ask, &key: {} }), &key, meant);
        }
    }
    for meant in ["permission", "sessionScopes", "tenant"] {
        for key in misspelt(meant) {
            see(&json!({ "principal": "p", "ask": { "kind": "permission", "permission": "x:read", &key: "x:read" } }), &key, meant);
        }
    }
    for context in [json!("graph:read"), json!(["graph:read"]), json!(7), json!(true)] {
        see(&json!({ "principal": "p", "ask": ask, "context": context }), "expected an object", "");
    }
    report(&format!("misspelt members: {refused} refused, {named} with the name that was meant"));
    assert!(refused > 400 && named > refused * 8 / 10, "{named} of {refused}");
}

#[test]
fn what_a_vector_says_besides_is_no_part_of_the_question() {
    let vector = json!({ "id": 1, "system": "hantera", "snapshot": "x", "policies": [], "expected": "allow", "code": "granted", "status": 200,
        "rule": "H3", "certainty": "sure", "basis": "source", "note": "…", "got": "allow", "title": "", "principal": "p",
        "ask": { "kind": "permission", "permission": "x:read" }, "context": null });
    assert!(hantera().decide_json(&vector.to_string()).allowed);
}

#[test]
fn no_question_widens_what_its_context_has_bound() {
    let policy = hantera();
    let decide = |context: Value, said: &[(&str, Value)]| {
        let mut ask = json!({ "kind": "permission", "permission": "x:read" });
        for (key, value) in said {
            ask[*key] = value.clone();
        }
        policy.decide_json(&json!({ "principal": "p", "context": context, "ask": ask }).to_string())
    };
    let scopes = |value: Value| decide(json!({ "sessionScopes": "graph:read me:x" }), &[("sessionScopes", value)]).code;
    assert_eq!(scopes(json!("x")), "invalid_question");
    assert_eq!(scopes(json!("graph:read")), "invalid_question");
    assert_eq!(scopes(json!(["graph:read", "me:x"])), "scope_not_granted");
    assert_eq!(decide(json!({}), &[("sessionScopes", json!("graph:read"))]).code, "scope_not_granted");
    for (key, bound, said) in [
        ("tenant", "a", "b"),
        ("auth", "basic", "token"),
        ("legalEntityId", "l", "m"),
        ("now", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    ] {
        let decision = decide(json!({ key: bound }), &[(key, json!(said))]);
        assert_eq!(decision.code, "invalid_question", "{key}");
        assert!(decision.message.ends_with(&format!("at `$.ask.{key}`")), "{}", decision.message);
        assert_ne!(decide(json!({ key: bound }), &[(key, json!(bound))]).code, "invalid_question", "{key}");
        let user = policy.principal_from_json(&json!({ "principal": "p", "context": { key: bound } }).to_string()).unwrap();
        let ask = json!({ "kind": "permission", "permission": "x:read", key: said });
        assert_eq!(user.check_json(&ask.to_string()).code, "invalid_question", "{key}");
    }
    // The same moment, however it is written.
    assert!(decide(json!({ "now": "2026-01-01T00:00:00Z" }), &[("now", json!("2026-01-01T01:00:00+01:00"))]).allowed);
    let owner = decide(json!({}), &[("roles", json!(["system:owner"]))]);
    assert_eq!((owner.allowed, owner.code), (false, "invalid_question"));
    assert!(decide(json!({ "roles": ["system:owner"] }), &[]).allowed);
    let attributes = decide(json!({}), &[("attributes", json!({ "a": 1 }))]);
    assert_eq!(attributes.code, "invalid_question", "attributes are of a principal or of a request");
}

#[test]
fn the_clock_counts_where_the_question_does_not_say_when_it_is_asked() {
    let snapshot = json!({ "system": "latchgate", "expiresAt": "2026-06-01T00:00:00Z", "payloads": { "combining": "additive",
        "roles": [{ "key": "r", "grants": [{ "permissions": ["doc:read"] }] }],
        "principals": [{ "id": "ann", "roles": ["r"] }, { "id": "eve", "roles": ["r"], "validFrom": "2026-02-01T00:00:00Z", "validUntil": "2026-03-01T00:00:00Z" }] } });
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    let at = |text: &str| Instant::parse(text).unwrap();
    let ask = |who: &str, now: Option<&str>, clock: &str| {
        let mut question = json!({ "principal": who, "ask": { "kind": "permission", "permission": "doc:read" } });
        if let Some(now) = now {
            question["context"] = json!({ "now": now });
        }
        policy.decide_json_at(&question.to_string(), at(clock)).code
    };
    assert_eq!(ask("ann", None, "2026-05-31T23:59:59.999Z"), "granted");
    assert_eq!(ask("ann", None, "2026-06-01T00:00:00Z"), "snapshot_expired");
    assert_eq!(ask("ann", Some("2026-05-01T00:00:00Z"), "2026-06-01T00:00:00Z"), "granted", "what the question says wins");
    assert_eq!(ask("eve", None, "2026-01-31T23:59:59.999Z"), "not_valid_now");
    assert_eq!(ask("eve", None, "2026-02-01T00:00:00Z"), "granted");
    assert_eq!(ask("eve", None, "2026-03-01T00:00:00Z"), "not_valid_now");
    let said = json!({ "principal": "eve", "ask": { "kind": "permission", "permission": "doc:read", "now": "2026-02-02T00:00:00Z" } });
    assert_eq!(policy.decide_json_at(&said.to_string(), at("2027-01-01T00:00:00Z")).code, "granted");
}

/// What is allowed of a type without a condition is allowed of every record of it that goes by no id, in every system that has records.
#[test]
fn an_allow_that_is_not_conditional_holds_for_every_record() {
    let mut runner = TestRunner::deterministic();
    let mut conditional = 0;
    let mut compared = 0;
    for system in ["latchgate", "open-archiver", "casl"] {
        let strategy = reference::generate::cases(system);
        for _ in 0..600 {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            let records: Vec<&Value> =
                questions.iter().filter_map(|question| question["ask"].get("object")).filter(|record| record.is_object()).collect();
            for question in questions.iter().filter(|question| question["ask"]["kind"] == "type") {
                let general = policy.decide_json(&question.to_string());
                if !general.allowed {
                    assert!(!general.conditional, "{question}");
                    continue;
                }
                assert_eq!(general.conditional, general.message.contains("under a condition"), "{}", general.message);
                if general.conditional {
                    conditional += 1;
                    continue;
                }
                for record in records.iter().copied().chain([&json!({})]) {
                    let mut one = question.clone();
                    one["ask"]["kind"] = json!("instance");
                    one["ask"]["object"] = record.clone();
                    one["ask"]["object"].as_object_mut().unwrap().remove("id");
                    let decision = policy.decide_json(&one.to_string());
                    // A record with a hole where a server reads on makes it fail: that is no condition.
                    let fails = decision.message.ends_with("a field is read from null or undefined");
                    assert!(decision.allowed || fails, "{one}\n{}\n{snapshot}", decision.message);
                    compared += usize::from(!fails);
                }
            }
        }
    }
    report(&format!("allows of a type: {compared} records compared with an unconditional one, {conditional} conditional"));
    assert!(compared > 2_000 && conditional > 500, "{compared} {conditional}");
}

#[test]
fn an_allow_under_a_condition_says_so() {
    let grant = |more: Value| {
        let mut grant = json!({ "actions": ["pay"], "resources": ["invoice"] });
        for (key, value) in more.as_object().unwrap() {
            grant[key] = value.clone();
        }
        grant
    };
    let own = || grant(json!({ "conditions": { "owner": "${principal.id}" } }));
    let cases = [
        (json!([own()]), true, "for some records only"),
        (json!([grant(json!({ "fields": ["total"] }))]), true, "for some records or fields only"),
        (json!([own(), grant(json!({}))]), false, "grants"),
        (json!([grant(json!({ "effect": "deny", "conditions": { "locked": true } })), grant(json!({}))]), true, "under a condition"),
        (json!([grant(json!({ "effect": "deny", "fields": ["total"] })), grant(json!({}))]), true, "under a condition"),
        (json!([grant(json!({ "conditions": {} }))]), false, "grants"),
        (json!([grant(json!({}))]), false, "grants"),
    ];
    for (grants, conditional, words) in cases {
        let snapshot = json!({ "system": "latchgate", "payloads": { "combining": "deny-overrides", "roles": [{ "key": "r", "grants": grants }], "principals": [{ "id": "u", "roles": ["r"] }] } });
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        for ask in [
            json!({ "kind": "permission", "permission": "invoice:pay" }),
            json!({ "kind": "permission", "allOf": ["invoice:pay"] }),
            json!({ "kind": "permission", "anyOf": ["x:y", "invoice:pay"] }),
            json!({ "kind": "type", "action": "pay", "subject": "invoice" }),
        ] {
            let decision = policy.decide_json(&json!({ "principal": "u", "ask": ask }).to_string());
            assert_eq!((decision.allowed, decision.conditional), (true, conditional), "{grants} {ask}");
            assert!(decision.message.contains(words), "{}", decision.message);
        }
        let record = json!({ "kind": "instance", "action": "pay", "subject": "invoice", "object": { "owner": "u" } });
        assert!(!policy.decide_json(&json!({ "principal": "u", "ask": record }).to_string()).conditional, "{grants}");
    }
}
