//! What holds of all edits.

use std::cell::Cell;

use latchgate::edit::{Outcome, apply, edit};
use latchgate::{ErrorCode, Policy};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

const SNAPSHOTS: [(&str, &str); 5] = [
    ("hantera", include_str!("../vectors/snapshots/hantera.main.json")),
    ("emporix", include_str!("../vectors/snapshots/emporix.main.json")),
    ("ithbat", include_str!("../vectors/snapshots/ithbat.main.json")),
    ("kura", include_str!("../vectors/snapshots/kura.main.json")),
    ("open-archiver", include_str!("../vectors/snapshots/oa.main.json")),
];

#[test]
fn no_edits_write_back_the_same() {
    for (system, text) in SNAPSHOTS {
        let Outcome::Accepted(done) = apply(text.as_bytes(), b"[]").unwrap() else { panic!("{system}") };
        let (before, after): (Value, Value) = (serde_json::from_str(text).unwrap(), serde_json::from_str(&done.snapshot).unwrap());
        // As text: members in their order too.
        assert_eq!(before.to_string(), after.to_string(), "{system}");
        assert_eq!(done.policy.info().counts.principals, Policy::load(text.as_bytes()).unwrap().info().counts.principals);
        assert!(done.steps.is_empty());
    }
    println!("{} snapshots written back", SNAPSHOTS.len());
}

/// Of each system: paths, ids that its snapshot has and has not, and what most of its bodies hold.
fn vocabulary(system: &str) -> (Vec<&'static str>, Vec<&'static str>, Value) {
    match system {
        "hantera" => (
            vec![
                "/resources/iam/roles/{}",
                "/resources/iam/principals/{}",
                "/resources/iam/principals/{}/roles",
                "/resources/iam/clients/{}",
            ],
            vec!["support:agent", "hr:principals", "system:owner", "a:b", "p-hr", "p-agent", "p-new"],
            json!({ "properties": { "email": "e@x.test" }, "acl": { "entries": [{ "resource": "registry", "permission": "read" }] }, "roles": ["{}"] }),
        ),
        "emporix" => (
            vec![
                "/iam/yourtenant/groups",
                "/iam/yourtenant/groups/{}",
                "/iam/yourtenant/groups/{}?forceDelete=true",
                "/iam/yourtenant/groups/{}/users",
                "/iam/yourtenant/groups/{}/users/EMPLOYEE/u-view",
                "/iam/yourtenant/users",
                "/iam/yourtenant/users/{}",
                "/iam/yourtenant/users/{}/groups",
                "/iam/yourtenant/access-controls/{}",
            ],
            vec!["g-view", "g-manage", "g-cust", "g-new", "u-view", "u-force", "s-seed", "ac-group-view", "ac-wl-order"],
            json!({ "name": { "en": "{}" }, "scopes": ["iam.group_read"], "accessControls": ["ac-group-manage", "{}"], "groupIds": ["g-wl"], "userId": "{}",
                "userType": "EMPLOYEE", "firstName": "A", "lastName": "B", "contactEmail": "{}", "preferredSite": "s", "preferredCurrency": "EUR",
                "preferredLanguage": "de", "department": "d", "backofficeUserNumber": "1" }),
        ),
        "ithbat" => (
            vec!["/api/v1/permissions", "/api/v1/permissions/{}", "/api/v1/roles", "/api/v1/roles/{}"],
            vec![
                "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
                "c3d4e5f6-a7b8-9012-cdef-012345678902",
                "p-pw",
                "r-support",
                "r-permwrite",
                "r-none",
            ],
            json!({ "name": "{}:read", "displayName": "D", "permissions": ["report:export"] }),
        ),
        "kura" => (
            vec!["/services/identity/v1/identities", "/services/identity/v2/identities", "/services/identity/v2/permissions"],
            vec!["admin", "wires", "certonly", "nobody", "rest.assets", "rest.new"],
            json!({ "name": "{}", "userName": "{}", "identity": { "name": "{}" }, "permissions": ["rest.assets", "{}"], "passwordChangeNeeded": true,
                "permissionConfiguration": { "permissions": [{ "name": "rest.identity" }] } }),
        ),
        _ => (
            vec!["/v1/iam/roles", "/v1/iam/roles/{}", "/v1/users", "/v1/users/{}"],
            vec!["r-seed", "r-super", "r-none"],
            json!({ "name": "{} it is", "policies": [{ "action": "read", "subject": "archive" }], "email": "{}", "roleId": "r-seed" }),
        ),
    }
}

/// A request that is well formed more often than not.
fn request(system: &'static str) -> impl Strategy<Value = Value> {
    let (paths, ids, body) = vocabulary(system);
    let members: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
    let method = prop::sample::select(vec!["PUT", "PUT", "PUT", "POST", "DELETE", "DELETE"]);
    let id = prop::sample::select(ids);
    // A member that is left out or spoilt.
    let fault = prop::option::weighted(0.2, (prop::sample::select(members), prop::option::of(Just(json!(7)))));
    (method, prop::sample::select(paths), id.clone(), id, fault).prop_map(move |(method, path, id, named, fault)| {
        let mut body: Value = serde_json::from_str(&body.to_string().replace("{}", named)).unwrap();
        match fault {
            Some((key, Some(wrong))) => body[key] = wrong,
            Some((key, None)) => drop(body.as_object_mut().unwrap().shift_remove(&key)),
            None => {}
        }
        json!({ "request": { "method": method, "path": path.replace("{}", id), "headers": { "content-language": "de" }, "body": body } })
    })
}

fn edits() -> impl Strategy<Value = (&'static str, &'static str, Vec<Value>)> {
    prop::sample::select(SNAPSHOTS.to_vec())
        .prop_flat_map(|(system, text)| (Just(system), Just(text), prop::collection::vec(request(system), 1..4)))
}

/// The same edits on every machine.
fn runner(cases: u32) -> TestRunner {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A list is its edits one after the other; all of them, or nothing and the place of the first that is refused.
#[test]
fn a_list_is_its_edits_one_after_the_other() {
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    let property = |(system, text, edits): (&'static str, &'static str, Vec<Value>)| {
        let whole = apply(text.as_bytes(), json!(edits).to_string().as_bytes()).unwrap();
        let again = apply(text.as_bytes(), json!(edits).to_string().as_bytes()).unwrap();
        prop_assert_eq!(whole.to_json(), again.to_json());
        let mut now = text.to_string();
        for (index, one) in edits.iter().enumerate() {
            match (apply(now.as_bytes(), one.to_string().as_bytes()).unwrap(), &whole) {
                (Outcome::Accepted(done), _) => {
                    let fresh = Policy::load(done.snapshot.as_bytes()).unwrap();
                    prop_assert_eq!(fresh.as_bytes(), done.policy.as_bytes());
                    taken.set(taken.get() + usize::from(done.steps[0].changed));
                    now = done.snapshot;
                }
                (Outcome::Refused(no), Outcome::Refused(refusal)) => {
                    prop_assert_eq!(
                        (index, no.code, no.status, &no.rule),
                        (refusal.index, refusal.code, refusal.status, &refusal.rule),
                        "{}",
                        system
                    );
                    refused.set(refused.get() + 1);
                    return Ok(());
                }
                (Outcome::Refused(no), Outcome::Accepted(_)) => prop_assert!(false, "{system}: {no:?}"),
            }
        }
        let Outcome::Accepted(done) = whole else { return Err(TestCaseError::fail(format!("{system}: refused as a list only"))) };
        prop_assert_eq!(done.snapshot, now);
        Ok(())
    };
    runner(2_000).run(&edits(), property).unwrap();
    println!("{} edits changed something, {} lists were refused", taken.get(), refused.get());
    assert!(taken.get() > 500 && refused.get() > 500);
}

/// Whom the endpoint table refuses is refused with its status and rule; whom it lets in gets what nobody's edit would get.
#[test]
fn the_actor_is_refused_as_the_request_is() {
    let asked = Cell::new([0, 0]);
    // Of each system: one who may, one who may not, and nobody it knows.
    let property = |((system, text, edits), which): ((&'static str, &'static str, Vec<Value>), usize)| {
        let actor = match system {
            "hantera" => ["p-owner", "p-audit", "nobody"],
            "emporix" => ["u-force", "u-view", "nobody"],
            "ithbat" => ["u-permwrite", "u-support", "nobody"],
            "kura" => ["idm", "wires", "nobody"],
            _ => ["u:super", "u:readonly", "nobody"],
        }[which];
        let plain = &edits[0];
        let mut named = plain.clone();
        named["actor"] = json!(actor);
        named["context"] = json!({ "auth": "certificate" });
        let (method, path) = (&plain["request"]["method"], &plain["request"]["path"]);
        let ask =
            json!({ "principal": actor, "context": { "auth": "certificate" }, "ask": { "kind": "route", "method": method, "path": path } });
        let decision = Policy::load(text.as_bytes()).unwrap().decide_json(&ask.to_string());
        let run = |edit: &Value| apply(text.as_bytes(), edit.to_string().as_bytes()).unwrap();
        // With members in it, a group goes only by force and a second scope: the plain question does not know of them.
        if path.as_str().unwrap().contains("forceDelete") {
            return Ok(());
        }
        let mut counts = asked.get();
        if decision.is_allowed() || decision.code == "edit_refused" {
            counts[0] += 1;
            let same = run(&named).to_json().replace("\"actorChecked\":true", "\"actorChecked\":false");
            prop_assert_eq!(same, run(plain).to_json(), "{}", system);
        } else {
            counts[1] += 1;
            let Outcome::Refused(refusal) = run(&named) else { return Err(TestCaseError::fail(format!("{system}: {named} is taken"))) };
            prop_assert_eq!((refusal.status, Some(refusal.rule)), (decision.status, decision.rule.clone()), "{} {}", system, named);
            prop_assert!(refusal.actor_checked);
        }
        asked.set(counts);
        Ok(())
    };
    runner(2_000).run(&(edits(), 0..3_usize), property).unwrap();
    println!("{:?} requests were let in and refused", asked.get());
    assert!(asked.get().iter().all(|count| *count > 300));
}

/// Whatever is sent as an edit: an answer or a typed error, and never a panic.
#[test]
fn any_text_is_answered() {
    let property = |(text, snapshot): (String, &str)| {
        if let Err(error) = apply(snapshot.as_bytes(), text.as_bytes()) {
            prop_assert!(!error.message().is_empty());
        }
        Ok(())
    };
    let texts = SNAPSHOTS.map(|(_, text)| text).to_vec();
    runner(1_000).run(&(".{0,60}", prop::sample::select(texts)), property).unwrap();
}

#[test]
fn what_is_no_edit_is_a_typed_error() {
    let snapshot = SNAPSHOTS[0].1;
    let request = |members: Value| json!({ "request": members });
    let cases = [
        (json!(7), "$"),
        (json!({}), "$"),
        (json!([{ "request": { "method": "PUT", "path": "/x" } }, null]), "$[1]"),
        (json!({ "op": "delete", "request": {} }), "$.op"),
        (request(json!({ "method": "PUT" })), "$.request"),
        (request(json!({ "method": 1, "path": "/x" })), "$.request.method"),
        (request(json!({ "method": "PUT", "path": "/a//b" })), "$.request.path"),
        (request(json!({ "method": "PUT", "path": "/a/../b" })), "$.request.path"),
        (request(json!({ "method": "PUT", "path": "/a", "header": {} })), "$.request.header"),
        (request(json!({ "method": "PUT", "path": "/a", "headers": { "x": [] } })), "$.request.headers.x"),
        (json!({ "context": { "now": 1 }, "request": { "method": "PUT", "path": "/a" } }), "$.context.now"),
        (json!({ "actor": 7, "request": { "method": "PUT", "path": "/a" } }), "$.actor"),
        (json!({ "actor": "p-hr", "context": { "roles": 1 }, "request": { "method": "PUT", "path": "/a" } }), "$.actor"),
    ];
    for (edits, path) in &cases {
        let error = edit(snapshot, &edits.to_string()).unwrap_err();
        assert_eq!((error.code(), error.path()), (ErrorCode::Argument, *path), "{edits}: {error}");
    }
    assert_eq!(edit(snapshot, "{").unwrap_err().code(), ErrorCode::Json);
    assert_eq!(edit("{}", "[]").unwrap_err().code(), ErrorCode::FieldMissing);
    println!("{} edits that are none", cases.len());
}

/// Lists in envelopes, on pages, one document alone: an edit finds it and leaves the rest as it was.
#[test]
fn documents_are_found_in_any_envelope() {
    let reader = json!({ "id": "r", "name": "Reader", "policies": [] });
    let other = json!({ "id": "o", "name": "Other", "policies": [] });
    let shapes = [
        json!([reader, other]),
        json!({ "data": [reader, other], "total": 2 }),
        json!([[reader], [other]]),
        // Two pages that overlap.
        json!([{ "items": [reader, other], "totalItems": 2 }, { "items": [other], "totalItems": 2 }]),
        json!([{ "data": { "roles": [reader] }, "meta": { "pagination": { "total": 1 } } }]),
        json!({ "data": reader }),
    ];
    for roles in &shapes {
        let snapshot = json!({ "system": "open-archiver", "payloads": { "roles": roles, "users": [] } }).to_string();
        let run = |edits: Value| {
            let Outcome::Accepted(done) = apply(snapshot.as_bytes(), edits.to_string().as_bytes()).unwrap() else { panic!("{roles}") };
            serde_json::from_str::<Value>(&done.snapshot).unwrap()["payloads"]["roles"].clone()
        };
        let send = |method: &str, path: &str, body: Value| json!({ "request": { "method": method, "path": path, "body": body } });
        let renamed = run(send("PUT", "/v1/iam/roles/r", json!({ "name": "Rita" })));
        assert_eq!(renamed.to_string(), roles.to_string().replace("\"Reader\"", "\"Rita\""));
        let twice = run(json!([
            send("POST", "/v1/iam/roles", json!({ "name": "New", "policies": [] })),
            send("DELETE", "/v1/iam/roles/new-1", Value::Null)
        ]));
        let count = |at: &Value| at.to_string().matches("\"policies\"").count();
        assert_eq!(count(&twice), count(roles));
        for total in ["\"total\":2", "\"totalItems\":2", "\"total\":1"] {
            assert_eq!(twice.to_string().matches(total).count(), roles.to_string().matches(total).count(), "{twice}");
        }
        let gone = run(send("DELETE", "/v1/iam/roles/r", Value::Null));
        assert_eq!(count(&gone), count(roles) - 1, "{gone}");
    }
    println!("{} shapes", shapes.len());
}
