//! Verified token claims, and what holds for a whole session.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod harness;

use latchgate::Policy;
use serde_json::{Value, json};

fn policy(name: &str) -> Policy {
    Policy::load(harness::snapshot(&json!({ "snapshot": name })).as_bytes()).unwrap()
}

#[track_caller]
fn check(policy: &Policy, principal: Value, permission: &str, context: Value, expect: &str) {
    let question = json!({ "principal": principal, "ask": { "kind": "permission", "permission": permission }, "context": context });
    let decision = policy.decide_json(&question.to_string());
    assert_eq!(format!("{} {}", decision.effect, decision.code), expect, "{}", decision.message);
}

#[test]
fn an_emporix_scope_string_is_the_effective_list_and_names_its_tenant() {
    let policy = policy("emporix.main");
    let token = |scope: &str| json!({ "sub": "x", "scope": scope });
    check(&policy, token("iam.group_read tenant=yourtenant"), "iam.group_read", json!({}), "allow granted");
    check(&policy, token("custom.thing_do"), "custom.thing_do", json!({}), "allow granted");
    check(&policy, token("iam.group_read tenant=other"), "iam.group_read", json!({}), "deny tenant_mismatch");
    check(&policy, token("iam.group_read"), "tenant=yourtenant", json!({}), "deny unknown_permission");
    check(&policy, json!({ "sub": "u-view" }), "iam.group_read", json!({}), "allow granted");
    check(&policy, json!({ "sub": "nobody" }), "iam.group_read", json!({}), "deny unknown_principal");
    check(&policy, json!({ "sub": "cust-1", "legalEntityId": "le-1" }), "iam.group_read", json!({}), "deny no_grant");
    check(&policy, json!({ "sub": "cust-1", "legalEntityId": "le-2" }), "iam.group_read", json!({}), "allow granted");
    check(&policy, json!({ "sub": "cust-1" }), "iam.group_read", json!({}), "allow granted");
}

#[test]
fn ithbat_permissions_of_a_token_count_and_its_role_names_do_not() {
    let policy = policy("ithbat.main");
    let tenant = "3e7a9f12-4b2c-4d8e-a1f0-9c2b3d4e5f6a";
    check(
        &policy,
        json!({ "sub": "t", "tenant_id": tenant, "roles": ["Support Engineer"], "permissions": [] }),
        "user:read",
        json!({}),
        "deny no_grant",
    );
    check(&policy, json!({ "sub": "t", "tenant_id": tenant, "permissions": ["user:read"] }), "user:read", json!({}), "allow granted");
    check(
        &policy,
        json!({ "sub": "t", "tenant_id": "elsewhere", "permissions": ["user:read"] }),
        "user:read",
        json!({}),
        "deny tenant_mismatch",
    );
    // I5: the registry is whole, and this is not in it.
    check(
        &policy,
        json!({ "sub": "t", "tenant_id": tenant, "permissions": ["ghost:read"] }),
        "ghost:read",
        json!({}),
        "deny unknown_permission",
    );
    // I8: whoever brings the token, the snapshot knows the user as suspended.
    check(
        &policy,
        json!({ "sub": "u-suspended", "tenant_id": tenant, "permissions": ["user:read"] }),
        "user:read",
        json!({}),
        "deny suspended",
    );
}

#[test]
fn hantera_scopes_of_token_and_session_both_bind() {
    let policy = policy("hantera.main");
    let token = json!({ "sub": "p-agent", "scope": "actors/order:* graph:*" });
    check(&policy, token.clone(), "actors/order:read", json!({}), "allow granted");
    check(&policy, token.clone(), "actors/cart:read", json!({}), "deny scope_not_granted");
    check(&policy, token.clone(), "actors/order:read", json!({ "sessionScopes": "graph:*" }), "deny scope_not_granted");
    check(&policy, token, "graph:query", json!({ "sessionScopes": ["graph:*"] }), "allow granted");
    // H10 before H7.
    check(&policy, json!("p-owner"), "iam/roles:read", json!({ "sessionScopes": "graph:*" }), "deny scope_not_granted");
    check(&policy, json!("p-owner"), "graph:read", json!({ "sessionScopes": "" }), "deny scope_not_granted");
    check(&policy, json!({ "roles": ["support:agent"] }), "graph:read", json!({}), "allow granted");
    check(&policy, json!({ "roles": ["system:owner"] }), "graph:read", json!({}), "allow superuser");
    check(&policy, json!(["support:agent"]), "graph:read", json!({}), "allow granted");
    check(&policy, json!(["no:such"]), "graph:read", json!({}), "deny no_grant");
    check(&policy, json!([7]), "graph:read", json!({}), "error invalid_question");
    check(&policy, json!({ "roles": "support:agent" }), "graph:read", json!({}), "error invalid_question");
}

#[test]
fn kura_and_open_archiver_tokens() {
    let kura = policy("kura.main");
    check(&kura, json!({ "name": "gateway", "permissions": ["kura.admin"] }), "anything.at.all", json!({}), "allow superuser");
    check(&kura, json!({ "name": "gateway", "permissions": ["kura.permission.rest.assets"] }), "rest.assets", json!({}), "allow granted");
    check(&kura, json!({ "name": "kura.user.idm" }), "rest.identity", json!({}), "allow granted");
    check(&kura, json!("kura.user.idm"), "rest.identity", json!({}), "allow granted");
    check(&kura, json!("idm"), "rest.identity", json!({ "auth": "none" }), "deny unauthenticated");
    check(&kura, json!("newadmin"), "rest.identity", json!({ "auth": "basic" }), "deny login_refused");
    let archiver = policy("oa.main");
    check(&archiver, json!({ "sub": "x", "roles": ["r-readonly"] }), "read archive", json!({}), "allow granted");
    check(&archiver, json!({ "sub": "x", "roles": ["r-none"] }), "read archive", json!({}), "deny no_grant");
    // Several users of the snapshot share this id, so it names nobody.
    check(&archiver, json!("11111111-1111-4111-8111-111111111111"), "read archive", json!({}), "deny unknown_principal");
}

#[test]
fn native_validity_expiry_and_placeholders_hang_on_the_question() {
    let policy = Policy::load(include_bytes!("fixtures/native.json")).unwrap();
    check(&policy, json!("eve"), "ledger:read", json!({}), "deny time_required");
    check(&policy, json!("eve"), "ledger:read", json!({ "now": "2026-06-01T00:00:00Z" }), "allow superuser");
    check(&policy, json!("eve"), "ledger:read", json!({ "now": "2027-01-01T00:00:00Z" }), "deny not_valid_now");
    check(&policy, json!("ann"), "ledger:read", json!({ "now": "2027-11-01T00:00:00Z" }), "deny snapshot_expired");
    check(&policy, json!("bob"), "ledger:read", json!({}), "deny suspended");
    check(&policy, json!("ann@acme.test"), "ledger:read", json!({}), "allow granted");
    check(&policy, json!("ann"), "invoice:approve", json!({}), "deny no_grant");
    check(&policy, json!("ann"), "invoice:approve", json!({ "tenant": "acme-emea" }), "allow granted");
    let record = |total: u32, author: &str| {
        let object = json!({ "id": "i1", "department": "sales", "total": total, "author": author });
        let question = json!({ "principal": "ann", "ask": { "kind": "instance", "action": "approve", "subject": "invoice", "object": object }, "context": { "tenant": "acme-emea" } });
        let decision = policy.decide_json(&question.to_string());
        (decision.effect, decision.grants.first().and_then(|grant| grant.reason.clone()))
    };
    assert_eq!(record(1000, "bob"), ("allow", None));
    assert_eq!(record(1001, "bob"), ("deny", None));
    assert_eq!(record(10, "ann"), ("deny", Some("nobody approves what they wrote".into())));
}

#[test]
fn equal_input_gives_equal_bytes() {
    for vector in harness::vectors() {
        let answer = || {
            let policy = Policy::load(harness::snapshot(&vector).as_bytes()).unwrap();
            serde_json::to_string(&policy.decide_json(&vector.to_string())).unwrap()
        };
        assert_eq!(answer(), answer());
    }
}

#[test]
fn a_failed_load_leaves_other_policies_untouched() {
    let policy = policy("kura.main");
    assert!(Policy::load(b"{\"system\":\"kura\",\"payloads\":{\"identities\":7}}").is_err());
    check(&policy, json!("idm"), "rest.identity", json!({}), "allow granted");
}

/// N19: what cannot be compared with must not let a deny fall silent.
#[test]
fn a_deny_whose_placeholder_stands_for_nothing_denies() {
    let rules = json!([{ "actions": ["read"], "resources": ["doc"] },
        { "effect": "deny", "actions": ["read"], "resources": ["doc"], "conditions": { "department": { "$ne": "${principal.attributes.department}" } } }]);
    for combining in ["deny-overrides", "last-applicable"] {
        let snapshot = json!({ "system": "latchgate", "payloads": { "combining": combining, "roles": [{ "key": "r", "grants": rules }],
            "principals": [{ "id": "known", "roles": ["r"], "attributes": { "department": "sales" } }, { "id": "unknown", "roles": ["r"] }] } });
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        let ask = |principal: &str| {
            let question = json!({ "principal": principal, "ask": { "kind": "instance", "action": "read", "subject": "doc", "object": { "department": "sales" } } });
            policy.decide_json(&question.to_string()).code
        };
        assert_eq!((ask("known"), ask("unknown")), ("granted", "denied_by_rule"), "{combining}");
    }
    // The same for a token that names nobody, in the system whose `${user.id}` then stands for nothing.
    let policies = json!([{ "action": "read", "subject": "archive" }, { "action": "read", "subject": "archive", "inverted": true, "conditions": { "userId": { "$ne": "${user.id}" } } }]);
    let snapshot = json!({ "system": "open-archiver", "payloads": { "roles": [{ "id": "r", "policies": policies }] } });
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    let question =
        json!({ "principal": ["r"], "ask": { "kind": "instance", "action": "read", "subject": "archive", "object": { "userId": "u" } } });
    assert_eq!(policy.decide_json(&question.to_string()).code, "denied_by_rule");
}

#[test]
fn an_allow_by_a_token_cites_the_rule_of_tokens() {
    let rule = |name: &str, principal: Value, permission: &str| {
        let question = json!({ "principal": principal, "ask": { "kind": "permission", "permission": permission } });
        policy(name).decide_json(&question.to_string()).rule
    };
    let ithbat = json!({ "sub": "t", "tenant_id": "3e7a9f12-4b2c-4d8e-a1f0-9c2b3d4e5f6a", "permissions": ["user:read"] });
    assert_eq!(rule("ithbat.main", ithbat, "user:read"), Some("I7".into()));
    assert_eq!(rule("emporix.main", json!({ "scope": "iam.group_read" }), "iam.group_read"), Some("E6".into()));
    assert_eq!(rule("emporix.main", json!({ "scope": "custom.thing" }), "custom.thing"), Some("E6".into()));
    assert_eq!(rule("kura.main", json!({ "permissions": ["rest.assets"] }), "rest.assets"), Some("K2".into()));
}

/// A value is compared with, never read as a condition of its own.
#[test]
fn an_attribute_cannot_smuggle_operators_into_a_condition() {
    let grants = |operand: Value| json!([{ "actions": ["read"], "resources": ["doc"], "conditions": { "team": operand } }]);
    let code = |operand: Value, attribute: Value| {
        let snapshot = json!({ "system": "latchgate", "payloads": { "combining": "additive", "roles": [{ "key": "r", "grants": grants(operand) }], "principals": [{ "id": "u", "roles": ["r"] }] } });
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        let question = json!({ "principal": "u", "context": { "attributes": { "team": attribute } },
            "ask": { "kind": "instance", "action": "read", "subject": "doc", "object": { "team": "red" } } });
        policy.decide_json(&question.to_string()).code
    };
    let placeholder = "${principal.attributes.team}";
    assert_eq!(code(json!(placeholder), json!("red")), "granted");
    for attribute in
        [json!({ "$exists": true }), json!({ "$ne": "blue" }), json!({ "$in": ["red"] }), json!(["red"]), json!("${principal.id}")]
    {
        for operand in [json!(placeholder), json!({ "$eq": placeholder }), json!({ "$ne": placeholder })] {
            let harmless = attribute == json!("${principal.id}");
            let got = code(operand.clone(), attribute.clone());
            assert!(got == "no_grant" || harmless && operand.get("$ne").is_some(), "{operand} with {attribute}: {got}");
        }
    }
    assert_eq!(code(json!({ "$in": placeholder }), json!(["red", "blue"])), "granted");
    assert_eq!(code(json!({ "$in": placeholder }), json!("red")), "no_grant");
    assert_eq!(code(json!({ "$nin": placeholder }), json!({ "x": 1 })), "no_grant");
}

#[test]
fn an_element_of_a_native_condition_may_have_a_member_of_any_name() {
    let code = |name: &str, held: &str| {
        let grant = json!({ "actions": ["read"], "resources": ["doc"], "conditions": { "parts": { "$elemMatch": { name: "x" } } } });
        let snapshot =
            json!({ "system": "latchgate", "payloads": { "combining": "additive", "principals": [{ "id": "u", "grants": [grant] }] } });
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        let question = json!({ "principal": "u", "ask": { "kind": "instance", "action": "read", "subject": "doc", "object": { "parts": [{ name: held }] } } });
        policy.decide_json(&question.to_string()).code
    };
    for name in ["constructor", "toString", "__proto__", "name"] {
        assert_eq!((code(name, "x"), code(name, "y")), ("granted", "no_grant"), "N18, {name}");
    }
}
