//! The built-in endpoint tables are the recorded ones, row by row: what a row requires allows, what it does not require denies.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod report;

use latchgate::Policy;
use report::report;
use serde_json::{Value, json};

const TABLES: &str = include_str!("vectors/endpoints.json");

/// A snapshot of one principal, `u`, that holds just these permissions.
fn holding(system: &str, permissions: &[&str]) -> Policy {
    let snapshot = match system {
        "hantera" => {
            let entries: Vec<Value> = permissions
                .iter()
                .map(|text| text.split_once(':').map(|(r, p)| json!({ "resource": r, "permission": p })).unwrap())
                .collect();
            json!({ "system": system, "payloads": { "roles": [{ "key": "r", "acl": { "entries": entries } }], "principals": [{ "id": "u", "roles": ["r"] }] } })
        }
        "emporix" => {
            json!({ "system": system, "tenant": "t", "payloads": { "userScopes": [{ "userId": "u", "scopes": permissions.join(" ") }] } })
        }
        "kura" => {
            json!({ "system": system, "payloads": { "identities": { "userConfig": [{ "userName": "u", "permissions": permissions }] } } })
        }
        "ithbat" => {
            json!({ "system": system, "tenant": "t", "payloads": { "tokens": [{ "sub": "u", "tenant_id": "t", "permissions": permissions }] } })
        }
        _ => {
            let rules: Vec<Value> =
                permissions.iter().map(|text| text.split_once(' ').map(|(a, s)| json!({ "action": a, "subject": s })).unwrap()).collect();
            json!({ "system": system, "payloads": { "roles": [{ "id": "r", "name": "r", "policies": rules }], "users": [{ "id": "u", "roles": ["r"] }] } })
        }
    };
    Policy::load(snapshot.to_string().as_bytes()).unwrap()
}

fn ask(policy: &Policy, row: &Value, principal: Value, facts: Value) -> (&'static str, &'static str, u16) {
    let path = row["path"].as_str().unwrap().replace("{tenant}", "t").replace("**", "some/thing").replace(['{', '}'], "");
    let method = if row["method"] == "*" { json!("PATCH") } else { row["method"].clone() };
    let question = json!({ "principal": principal, "ask": { "kind": "route", "method": method, "path": path, "attributes": facts } });
    let decision = policy.decide_json(&question.to_string());
    (decision.effect, decision.code, decision.status)
}

#[test]
fn every_recorded_row_is_built_in_and_requires_what_it_says() {
    let tables: Value = serde_json::from_str(TABLES).unwrap();
    let rows = tables["endpoints"].as_array().unwrap();
    for row in rows {
        let system = row["system"].as_str().unwrap();
        let requires = &row["requires"];
        let nobody = ask(&holding(system, &[]), row, Value::Null, json!({}));
        let without = ask(&holding(system, &[]), row, json!("u"), json!({}));
        let open = requires["public"] == true || (requires["none"] == true && system == "kura");
        if open {
            assert_eq!((nobody.0, without.0), ("allow", "allow"), "{row}");
            continue;
        }
        assert_eq!((nobody.0, nobody.2), ("deny", 401), "{row}");
        if requires["none"] == true || requires["self"] == true || requires["authenticated"] == true {
            assert_eq!(without, ("allow", "not_required", 200), "{row}");
            continue;
        }
        assert_eq!(without.0, "deny", "{row}");
        if requires.get("unknown").is_some() {
            assert_eq!(without.1, "requirement_unknown", "{row}");
            continue;
        }
        if let Some(action) = requires["action"].as_str() {
            let rule = format!("{action} {}", requires["subject"].as_str().unwrap());
            assert_eq!(ask(&holding(system, &[&rule]), row, json!("u"), json!({ "resource": {} })).0, "allow", "{row}");
            assert_eq!(ask(&holding(system, &["export users"]), row, json!("u"), json!({ "resource": {} })).0, "deny", "{row}");
            continue;
        }
        let list = requires.get("anyOf").or_else(|| requires.get("allOf")).unwrap();
        for permission in list.as_array().unwrap() {
            let permission = permission.as_str().unwrap();
            let facts = json!({ "principal": { "legalEntityId": "le" }, "resource": { "legalEntityId": "le", "userType": "CUSTOMER" } });
            assert_eq!(ask(&holding(system, &[permission]), row, json!("u"), facts).0, "allow", "{row} with {permission}");
            if requires["own"].get(permission).is_some() {
                let facts =
                    json!({ "principal": { "legalEntityId": "le" }, "resource": { "legalEntityId": "other", "userType": "EMPLOYEE" } });
                assert_eq!(ask(&holding(system, &[permission]), row, json!("u"), facts).1, "not_own", "{row} with {permission}");
            }
            // One letter more is another permission (E19, K2, I1; H6).
            assert_eq!(ask(&holding(system, &[&format!("{permission}x")]), row, json!("u"), json!({})).0, "deny", "{row}");
        }
        if let Some((_, more)) = requires["when"].as_object().and_then(|when| when.iter().next()) {
            let first = list[0].as_str().unwrap();
            assert_eq!(ask(&holding(system, &[first]), row, json!("u"), json!({ "forceDelete": true })).0, "deny", "{row}");
            let both = holding(system, &[first, more[0].as_str().unwrap()]);
            assert_eq!(ask(&both, row, json!("u"), json!({ "forceDelete": true })).0, "allow", "{row}");
        }
    }
    report(&format!("endpoints: {} rows checked", rows.len()));
    assert!(rows.len() > 100, "only {} rows", rows.len());
}

#[test]
fn records_that_are_absent_or_denied_are_answered_as_the_server_does() {
    let tables: Value = serde_json::from_str(TABLES).unwrap();
    let find = |method: &str, path: &str| {
        let rows = tables["endpoints"].as_array().unwrap();
        rows.iter().find(|row| row["method"] == method && row["path"] == path).unwrap().clone()
    };
    let (email, source) = (find("GET", "/v1/archived-emails/{id}"), find("GET", "/v1/ingestion-sources/{id}"));
    let admin = holding("open-archiver", &["manage all"]);
    // A17: absent before denied, and a denied mail as an absent one.
    assert_eq!(ask(&admin, &source, json!("u"), json!({ "resource": null })), ("deny", "record_absent", 404));
    assert_eq!(ask(&admin, &source, Value::Null, json!({ "resource": null })).2, 401);
    assert_eq!(ask(&admin, &source, json!("u"), json!({})).0, "allow");
    let rules = json!([{ "action": "read", "subject": ["archive", "ingestion"], "conditions": { "userId": "${user.id}" } }]);
    let snapshot = json!({ "system": "open-archiver", "payloads": { "roles": [{ "id": "r", "policies": rules }], "users": [{ "id": "u", "roles": ["r"] }] } });
    let own = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    assert_eq!(ask(&own, &email, json!("u"), json!({ "resource": { "userId": "u" } })).2, 200);
    assert_eq!(ask(&own, &email, json!("u"), json!({ "resource": { "userId": "v" } })), ("deny", "no_grant", 404));
    assert_eq!(ask(&own, &source, json!("u"), json!({ "resource": { "userId": "v" } })), ("deny", "no_grant", 403));
    assert_eq!(ask(&own, &source, json!("u"), json!({})), ("deny", "record_required", 403));
}

#[test]
fn paths_are_matched_with_care() {
    let policy = holding("ithbat", &["permission:read"]);
    let code = |method: &str, path: &str| {
        let question = json!({ "principal": "u", "ask": { "kind": "route", "method": method, "path": path } });
        policy.decide_json(&question.to_string()).code
    };
    for path in [
        "/api/v1/permissions",
        "/api/v1/permissions/",
        "api/v1/permissions",
        "/api/v1/permissions?page=2",
        "/api/v1/permissions#top",
        "/api/v1/%70ermissions",
        "/api/v1/permissions/categories",
    ] {
        assert_eq!(code("GET", path), "granted", "{path}");
    }
    assert_eq!(code("get", "/api/v1/permissions"), "granted");
    for path in [
        "/api/v1/Permissions",
        "/api/v1//permissions",
        "/api/v1/permissions/../permissions",
        "/api/v1/./permissions",
        "/api/v1/permissions%2Fx",
        "/api/v1/permissions/%00",
        "/api/v1/permissions/%zz",
        "/api/v1",
        "/",
        "",
    ] {
        assert_ne!(code("GET", path), "granted", "{path}");
    }
    assert_eq!(code("PATCH", "/api/v1/permissions"), "unknown_route");
}
