//! What holds of all edits.

use latchgate::edit::{Outcome, apply, edit};
use latchgate::{ErrorCode, Policy};
use proptest::prelude::*;
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

/// Ids that the snapshots have, and some that they have not.
fn id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "support:agent",
        "hr:principals",
        "system:owner",
        "a:b",
        "p-hr",
        "p-agent",
        "p-new",
        "g-view",
        "g-manage",
        "g-cust",
        "u-view",
        "cust-1",
        "ac-group-view",
        "ac-wl-order",
        "r-support",
        "p-pw",
        "r-seed",
        "r-super",
        "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "admin",
        "wires",
        "x",
    ])
}

fn body() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        json!("report:new"),
        json!("report:read"),
        json!("rest.identity"),
        json!({ "en": "N" }),
        json!("N"),
        json!(1),
    ]);
    let list = prop::sample::select(vec![
        json!([]),
        json!(["rest.assets"]),
        json!(["g-view"]),
        json!(["hr:principals"]),
        json!(["ac-group-view"]),
        json!("x"),
    ]);
    (id(), name, list, any::<bool>()).prop_map(|(id, name, list, flag)| {
        json!({ "name": name, "userName": id, "displayName": "D", "identity": { "name": id }, "permissions": list, "roles": list, "groupIds": list,
            "accessControls": list, "scopes": list, "policies": [{ "action": "read", "subject": "archive" }], "properties": { "email": "e@x.test" },
            "acl": { "entries": [{ "resource": "registry", "permission": "read" }] }, "email": id, "roleId": id, "userId": id, "userType": "EMPLOYEE",
            "passwordAuthEnabled": flag, "passwordChangeNeeded": flag, "firstName": "A", "lastName": "B", "contactEmail": "c@x.test" })
    })
}

fn request(system: &'static str) -> impl Strategy<Value = Value> {
    let paths: Vec<&str> = match system {
        "hantera" => vec![
            "/resources/iam/roles/{}",
            "/resources/iam/principals/{}",
            "/resources/iam/principals/{}/roles",
            "/resources/iam/clients/{}",
        ],
        "emporix" => vec![
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
        "ithbat" => vec!["/api/v1/permissions", "/api/v1/permissions/{}", "/api/v1/roles", "/api/v1/roles/{}"],
        "kura" => vec!["/services/identity/v1/identities", "/services/identity/v2/identities", "/services/identity/v2/permissions"],
        _ => vec!["/v1/iam/roles", "/v1/iam/roles/{}", "/v1/users", "/v1/users/{}"],
    };
    let method = prop::sample::select(vec!["PUT", "POST", "DELETE", "GET"]);
    (method, prop::sample::select(paths), id(), prop::option::weighted(0.9, body())).prop_map(|(method, path, id, body)| {
        let mut request = json!({ "method": method, "path": path.replace("{}", id), "headers": { "content-language": "de" } });
        if let Some(body) = body {
            request["body"] = body;
        }
        json!({ "request": request })
    })
}

fn edits() -> impl Strategy<Value = (&'static str, &'static str, Vec<Value>)> {
    prop::sample::select(SNAPSHOTS.to_vec())
        .prop_flat_map(|(system, text)| (Just(system), Just(text), prop::collection::vec(request(system), 1..5)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A list is its edits one after the other; all of them, or nothing and the place of the first that is refused.
    #[test]
    fn a_list_is_its_edits_one_after_the_other((system, text, edits) in edits()) {
        let whole = apply(text.as_bytes(), json!(edits).to_string().as_bytes()).unwrap();
        let again = apply(text.as_bytes(), json!(edits).to_string().as_bytes()).unwrap();
        prop_assert_eq!(whole.to_json(), again.to_json());
        let mut now = text.to_string();
        for (index, one) in edits.iter().enumerate() {
            match (apply(now.as_bytes(), one.to_string().as_bytes()).unwrap(), &whole) {
                (Outcome::Accepted(done), _) => {
                    let fresh = Policy::load(done.snapshot.as_bytes()).unwrap();
                    prop_assert_eq!(fresh.as_bytes(), done.policy.as_bytes());
                    now = done.snapshot;
                }
                (Outcome::Refused(no), Outcome::Refused(refusal)) => {
                    prop_assert_eq!((index, no.code, no.status, &no.rule), (refusal.index, refusal.code, refusal.status, &refusal.rule), "{}", system);
                    return Ok(());
                }
                (Outcome::Refused(no), Outcome::Accepted(_)) => prop_assert!(false, "{system}: {no:?}"),
            }
        }
        let Outcome::Accepted(done) = whole else { return Err(TestCaseError::fail(format!("{system}: refused as a list only"))) };
        prop_assert_eq!(done.snapshot, now);
    }

    /// Whatever is sent as an edit: an answer or a typed error, and never a panic.
    #[test]
    fn any_text_is_answered(text in ".{0,60}", (_, snapshot, _) in edits()) {
        if let Err(error) = apply(snapshot.as_bytes(), text.as_bytes()) {
            prop_assert!(!error.message().is_empty());
        }
    }
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
