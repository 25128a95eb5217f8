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
        "/api/v1/permissions/%5C",
        "/api/v1/permissions/x%5C..%5Cy",
        "/api/v1/permissions/%2e%2e",
        "/api/v1/permissions/%252e%252E",
        "/api/v1/permissions/%25252e%25252e",
        "/api/v1/permissions/x%252Fy",
        "/api/v1/permissions/x%255cy",
        "/api/v1/permissions/%2525252525252500",
        "/api/v1/permissions/..;",
        "/api/v1/permissions/..;x=1",
        "/api/v1/permissions/..%3B",
        "/api/v1;x/permissions",
        "/api/v1/permissions;x",
        "/api/v1/permissions/a//b",
        "/api/v1/permissions//a",
        "/api/v1/permissions/a\\b",
        "/api/v1/permissions/a\tb",
        "//api/v1/permissions",
        "/api/v1",
        "/",
        "",
    ] {
        assert_ne!(code("GET", path), "granted", "{path}");
    }
    // An id is data, whatever it is encoded from.
    for path in [
        "/api/v1/permissions/a%3Bb",
        "/api/v1/permissions/50%25",
        "/api/v1/permissions/a%20b",
        "/api/v1/permissions/...",
        "/api/v1/permissions/a%2520b",
    ] {
        assert_eq!(code("GET", path), "granted", "{path}");
    }
    assert_eq!(code("PATCH", "/api/v1/permissions"), "unknown_route");
}

fn decide(policy: &Policy, principal: Value, ask: Value) -> latchgate::Decision {
    policy.decide_json(&json!({ "principal": principal, "ask": ask }).to_string())
}

fn request(method: &str, path: &str, facts: Value) -> Value {
    json!({ "kind": "route", "method": method, "path": path, "attributes": facts })
}

/// Section 4: with `forceDelete` a second scope is needed. However the flag is written, whoever lacks that scope is refused.
#[test]
fn whatever_a_server_may_read_as_a_flag_counts_as_set() {
    let one = holding("emporix", &["iam.group_manage"]);
    let both = holding("emporix", &["iam.group_manage", "iam.assignment_manage"]);
    let delete = |policy: &Policy, query: &str, facts: Value| {
        decide(policy, json!("u"), request("DELETE", &format!("/iam/t/groups/g1{query}"), facts)).effect
    };
    let set = [
        "?forceDelete=true",
        "?forceDelete=%74rue",
        "?forceDelete=%2574rue",
        "?%66orceDelete=true",
        "?%2566orceDelete=true",
        "?FORCEDELETE=true",
        "?forcedelete=TRUE",
        "?forceDelete",
        "?forceDelete=",
        "?forceDelete=1",
        "?forceDelete=yes",
        "?forceDelete=on",
        "?forceDelete=+true",
        "?forceDelete+=true",
        "?forceDelete%20=true",
        "?forceDelete[]=true",
        "?forceDelete%5B0%5D=true",
        "?forceDelete=true&forceDelete=false",
        "?forceDelete=false&forceDelete=true",
        "?x=1;forceDelete=true",
        "?forceDelete=false;true",
        "?x=1&&forceDelete=true",
        "?forceDelete=%zz",
        "?forceDelete=0",
        "?forceDelete=true#x",
    ];
    for query in set {
        assert_eq!(delete(&one, query, json!({})), "deny", "{query}");
        assert_eq!(delete(&both, query, json!({})), "allow", "{query}");
        // The query belongs to whoever sends it, and what it says of the group is not so.
        assert_eq!(delete(&one, &format!("{query}&groupHasMembers=false"), json!({})), "deny", "{query}");
    }
    let not_set = [
        "",
        "?",
        "?forceDelete=false",
        "?forceDelete=FALSE",
        "?forceDelete=%66alse",
        "?forceDeletes=true",
        "?x=forceDelete=true",
        "?pageSize=1",
        "#forceDelete=true",
    ];
    for query in not_set {
        assert_eq!(delete(&one, query, json!({})), "allow", "{query}");
    }
    // Facts: neither true nor false counts as set, and as a group that has members.
    for fact in [json!(true), json!("true"), json!("yes"), json!(1), json!(0), json!(null), json!([]), json!({}), json!("")] {
        assert_eq!(delete(&one, "", json!({ "forceDelete": fact })), "deny", "{fact}");
        assert_eq!(delete(&both, "", json!({ "forceDelete": fact })), "allow", "{fact}");
        assert_eq!(delete(&one, "?forceDelete=false", json!({ "forceDelete": fact })), "deny", "{fact}");
        assert_eq!(delete(&both, "", json!({ "groupHasMembers": fact })), "deny", "{fact}");
        assert_eq!(delete(&one, "?forceDelete=true", json!({ "groupHasMembers": fact })), "deny", "{fact}");
    }
    for fact in [json!(false), json!("false"), json!("False")] {
        assert_eq!(delete(&one, "", json!({ "forceDelete": fact })), "allow", "{fact}");
        assert_eq!(delete(&one, "?forceDelete=true", json!({ "groupHasMembers": fact })), "allow", "{fact}");
    }
    report(&format!("flags: {} ways to set one, {} that are none", set.len() + 9, not_set.len() + 3));
}

/// E7: a blank company is nobody's, and what is given and is no text is neither a company nor a kind of user.
#[test]
fn what_is_blank_is_nobodys_own() {
    let own = holding("emporix", &["iam.assignment_create_own", "iam.user_read_own", "iam.group_read_own"]);
    let ask = |method: &str, path: &str, facts: Value| decide(&own, json!("u"), request(method, path, facts)).code;
    for blank in [json!(""), json!(" "), json!(null), json!(0), json!([])] {
        let facts = json!({ "principal": { "legalEntityId": blank }, "resource": { "legalEntityId": blank } });
        assert_eq!(ask("POST", "/iam/t/groups/g1/users", facts.clone()), "not_own", "{blank}");
        assert_eq!(ask("GET", "/iam/t/groups/g1/users", facts), "not_own", "{blank}");
        let facts = json!({ "principal": { "legalEntityId": "le" }, "resource": { "legalEntityId": blank } });
        assert_eq!(ask("GET", "/iam/t/groups/g1/users", facts), "not_own", "{blank}");
        assert_eq!(ask("GET", "/iam/t/groups", json!({ "resource": { "userType": blank } })), "not_own", "{blank}");
    }
    for junk in [json!(null), json!("CUSTOMER"), json!(1)] {
        assert_eq!(ask("GET", "/iam/t/groups", json!({ "resource": junk })), "not_own", "{junk}");
    }
    assert_eq!(ask("GET", "/iam/t/groups", json!({})), "granted");
    assert_eq!(ask("GET", "/iam/t/groups/g1/users", json!({ "principal": { "legalEntityId": "le" } })), "granted");
    // A group of a blank company is nobody's group either.
    let snapshot = json!({ "system": "emporix", "payloads": { "accessControls": [{ "id": "a", "scopes": ["x"] }],
        "groups": [{ "id": "g", "accessControls": ["a"], "b2b": { "legalEntityId": "" } }], "users": [{ "id": "u", "groupIds": ["g"] }] } });
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    let ask = json!({ "kind": "scope", "permission": "x", "legalEntityId": "" });
    assert_eq!(decide(&policy, json!("u"), ask).effect, "deny");
}

#[test]
fn a_path_that_is_known_for_other_methods_says_which() {
    let policy = holding("ithbat", &["permission:read"]);
    let decision = decide(&policy, json!("u"), request("PATCH", "/api/v1/permissions/p1", json!({})));
    assert_eq!((decision.effect, decision.code, decision.status), ("deny", "unknown_route", 405));
    assert_eq!(decision.allow, Some(vec!["GET".into(), "PUT".into(), "DELETE".into()]));
    assert!(decision.message.contains("GET, PUT, DELETE"), "{}", decision.message);
    let decision = decide(&policy, json!("u"), request("GET", "/api/v1/nothing", json!({})));
    assert_eq!((decision.status, decision.allow), (404, None));
    // Nobody is told what there is.
    let decision = decide(&policy, Value::Null, request("PATCH", "/api/v1/permissions/p1", json!({})));
    assert_eq!((decision.status, decision.allow), (401, None));
    // HEAD is GET, be it with a parameter or the whole path.
    for path in ["/api/v1/permissions", "/api/v1/permissions/p1"] {
        assert_eq!(decide(&policy, json!("u"), request("HEAD", path, json!({}))).code, "granted", "{path}");
        assert_eq!(decide(&holding("ithbat", &[]), json!("u"), request("HEAD", path, json!({}))).code, "no_grant", "{path}");
    }
    // OPTIONS is a method like the others, unless the caller says that it answers it itself.
    let options = |path: &str, facts: Value| decide(&policy, Value::Null, request("options", path, facts));
    assert_eq!(options("/api/v1/permissions", json!({})).status, 401);
    for fact in [json!("true"), json!(1), json!(null), json!(false)] {
        assert_eq!(options("/api/v1/permissions", json!({ "preflight": fact })).effect, "deny", "{fact}");
    }
    assert_eq!(options("/api/v1/permissions", json!({ "preflight": true })).code, "not_required");
    assert_eq!(options("/api/v1/nothing", json!({ "preflight": true })).effect, "deny");
    assert_eq!(decide(&policy, Value::Null, request("PATCH", "/api/v1/permissions", json!({ "preflight": true }))).effect, "deny");
    // A row of its own, and a row of all methods, count before.
    let snapshot = json!({ "system": "latchgate", "payloads": { "combining": "additive", "principals": [{ "id": "u", "grants": [{ "permissions": ["a:b"] }] }],
        "endpoints": [{ "method": "GET", "path": "/x", "requires": { "anyOf": ["a:b"] } }, { "method": "HEAD", "path": "/x", "requires": { "anyOf": ["c:d"] } },
            { "method": "GET", "path": "/y", "requires": { "anyOf": ["a:b"] } }, { "method": "*", "path": "/y", "requires": { "anyOf": ["c:d"] } }] } });
    let native = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    let code = |method: &str, path: &str| decide(&native, json!("u"), request(method, path, json!({}))).effect;
    assert_eq!([code("GET", "/x"), code("HEAD", "/x"), code("HEAD", "/y"), code("OPTIONS", "/y")], ["allow", "deny", "allow", "deny"]);
}

#[test]
fn a_record_that_is_wanted_is_named() {
    let policies = json!([{ "action": "read", "subject": "archive", "conditions": { "userEmail": "me@x.org" } }]);
    let snapshot = json!({ "system": "open-archiver", "payloads": { "roles": [{ "id": "r", "policies": policies }], "users": [{ "id": "u", "roles": ["r"] }] } });
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    let decision = decide(&policy, json!("u"), request("GET", "/v1/archived-emails/m%201", json!({})));
    assert_eq!(decision.code, "record_required");
    for part in ["`/v1/archived-emails/{id}`", "`id` is `m 1`", "`resource`"] {
        assert!(decision.message.contains(part), "{}", decision.message);
    }
}

/// K9: a session that waits for a new password may fetch a token and change it; no other way in may.
#[test]
fn a_locked_session_of_kura_may_change_the_password() {
    let users = json!([{ "userName": "new", "passwordChangeNeeded": true, "permissions": ["kura.admin"] }, { "userName": "off", "passwordAuthEnabled": false, "permissions": [] }, { "userName": "ok", "permissions": [] }]);
    let policy =
        Policy::load(json!({ "system": "kura", "payloads": { "identities": { "userConfig": users } } }).to_string().as_bytes()).unwrap();
    let ask = |who: Value, auth: &str, method: &str, path: &str| {
        let mut ask = request(method, &format!("services/session/v1/{path}"), json!({}));
        ask["auth"] = json!(auth);
        decide(&policy, who, ask).code
    };
    for (method, path) in [("GET", "xsrfToken"), ("POST", "changePassword")] {
        assert_eq!(ask(json!("new"), "session-password", method, path), "not_required", "{path}");
        assert_eq!(ask(json!("new"), "basic", method, path), "login_refused", "{path}");
        assert_eq!(ask(json!("off"), "session-password", method, path), "login_refused", "{path}");
        assert_eq!(ask(json!("ok"), "session-password", method, path), "not_required", "{path}");
        assert_eq!(ask(Value::Null, "session-password", method, path), "unauthenticated", "{path}");
        assert_eq!(ask(json!("gone"), "session-password", method, path), "unknown_principal", "{path}");
    }
    assert_eq!(ask(json!("new"), "session-password", "GET", "currentIdentity"), "login_refused");
    assert_eq!(ask(json!("ok"), "session-password", "POST", "logout"), "not_required");
    assert_eq!(ask(Value::Null, "none", "POST", "login/password"), "not_required");
}
