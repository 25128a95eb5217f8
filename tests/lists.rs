//! Lists: the systems' own read endpoints, and that what is listed is what is allowed.
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
#[path = "reference/mod.rs"]
mod reference;
mod report;

use latchgate::{Ask, Context, Policy, Who};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use report::report;
use serde_json::{Value, json};

fn policy(name: &str) -> Policy {
    Policy::load(harness::snapshot(&json!({ "snapshot": name })).as_bytes()).unwrap()
}

fn list(policy: &Policy, name: &str, params: Value) -> Value {
    serde_json::to_value(policy.list_json(name, &params.to_string()).unwrap()).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

fn permissions(policy: &Policy, id: &str) -> Vec<String> {
    policy.principal(&Who::Named(id.into()), &Context::default()).permissions()
}

#[test]
fn emporix_answers_what_its_user_endpoints_compute() {
    let policy = policy("emporix.main");
    assert_eq!(
        list(&policy, "user-scopes", json!({ "user": "s-seed" })),
        json!({ "userId": "s-seed", "scopes": "iam.group_read iam.roles_read tenant=yourtenant" })
    );
    assert_eq!(
        list(&policy, "user-scopes", json!({ "user": "u-de" }))["scopes"],
        "order.order_read--DE order.order_read--FR tenant=yourtenant"
    );
    assert_eq!(
        ids(&list(&policy, "resource-permissions", json!({ "user": "u-manage", "resource": "res-group" }))),
        ["perm-read", "perm-manage"]
    );
    assert_eq!(ids(&list(&policy, "access-controls", json!({ "user": "u-tpl" }))), ["ac-group-view", "ac-wl-order"]);
    assert_eq!(ids(&list(&policy, "access-controls", json!({ "user": "u-tpl", "resource": "res-order" }))), ["ac-wl-order"]);
    assert_eq!(ids(&list(&policy, "access-controls", json!({ "group": "g-force" }))), ["ac-group-manage", "ac-assign-manage"]);
    assert_eq!(ids(&list(&policy, "user-groups", json!({ "user": "cust-1" }))), ["g-cust", "g-cust-le2"]);
    let error = policy.list_json("user-scopes", r#"{"user":"nobody"}"#).expect_err("unknown");
    assert_eq!((error.code().as_str(), error.path()), ("ERR_ARGUMENT", "$.user"));
}

#[test]
fn hantera_lists_by_role_prefix_and_hides_suspended_ones() {
    let policy = policy("hantera.main");
    assert_eq!(ids(&list(&policy, "principals-by-role", json!({ "rolePrefix": "support:" }))), ["p-agent", "p-multi", "c-svc"]);
    assert_eq!(
        ids(&list(&policy, "principals-by-role", json!({ "rolePrefix": "support:", "includeSuspended": true }))),
        ["p-agent", "p-multi", "p-suspended", "c-svc"]
    );
    assert_eq!(ids(&list(&policy, "principals-by-role", json!({ "rolePrefix": "system:portal:" }))), ["p-portal"]);
    assert_eq!(permissions(&policy, "p-owner"), ["*"]);
    assert_eq!(permissions(&policy, "p-agent"), ["actors:*", "graph:*", "registry:read"]);
    assert_eq!(permissions(&policy, "p-suspended"), [""; 0]);
    let session =
        Context { session_scopes: Some(vec!["actors/order:read".into(), "graph:*".into(), "iam:*".into()]), ..Context::default() };
    assert_eq!(policy.principal(&Who::Named("p-agent".into()), &session).permissions(), ["actors/order:read", "graph:*"]);
}

#[test]
fn kura_lists_definitions_and_holders() {
    let policy = policy("kura.main");
    assert_eq!(list(&policy, "defined-permissions", json!({}))["permissions"].as_array().unwrap().len(), 17);
    let users = list(&policy, "users", json!({ "permission": "kura.wires.admin" }));
    let names: Vec<&str> = users["userConfig"].as_array().unwrap().iter().map(|user| user["userName"].as_str().unwrap()).collect();
    assert_eq!(names, ["appadmin", "wires"]);
    assert_eq!(permissions(&policy, "admin").len(), 17);
    assert_eq!(permissions(&policy, "stale"), [""; 0]);
}

#[test]
fn ithbat_lists_permissions_by_category() {
    let policy = policy("ithbat.main");
    assert_eq!(list(&policy, "categories", json!({}))["categories"], json!(["Analytics", "Identity", "User Management"]));
    let listed = list(&policy, "permissions-by-category", json!({ "category": "Analytics" }));
    assert_eq!(
        (ids(&listed["permissions"]), listed["total"].as_u64()),
        (vec!["a1b2c3d4-e5f6-7890-abcd-ef1234567890", "c3d4e5f6-a7b8-9012-cdef-012345678902"], Some(2))
    );
    assert_eq!(permissions(&policy, "u-both"), ["permission:read", "permission:write"]);
}

#[test]
fn open_archiver_lists_policies_after_interpolation() {
    let policy = policy("oa.main");
    let policies = list(&policy, "policies", json!({ "user": "u:enduser" }));
    assert_eq!(policies[2]["conditions"], json!({ "userId": "11111111-1111-4111-8111-111111111111" }));
    assert_eq!(permissions(&policy, "u:seed"), ["read archive"]);
    assert!(permissions(&policy, "u:carved").contains(&"manage all".to_string()));
    assert!(!permissions(&policy, "u:carved").contains(&"delete archive".to_string()));
}

#[test]
fn every_system_lists_roles_principals_and_permissions_and_refuses_other_lists() {
    for name in ["emporix.main", "hantera.main", "ithbat.main", "kura.main", "oa.main"] {
        let policy = policy(name);
        for of in ["roles", "principals", "groups", "permissions"] {
            let _ = list(&policy, of, json!({}));
        }
        let error = policy.list_json("wishes", "{}").expect_err("no such list");
        assert_eq!(error.code().as_str(), "ERR_LIST_UNKNOWN");
        let error = policy.list_json("roles", r#"{"colour":1}"#).expect_err("no such parameter");
        assert_eq!(error.code().as_str(), "ERR_ARGUMENT");
    }
}

/// A pattern is listed where all that it covers is allowed; of one that denies take parts of, what is left is listed by name.
#[test]
fn a_pattern_is_listed_where_nothing_is_taken_out_of_it() {
    let listed = |combining: &str, grants: Value| {
        let payloads = json!({ "combining": combining, "permissions": [{ "name": "doc:read" }, { "name": "doc:write" }],
            "resources": [{ "type": "folder", "id": "f" }, { "type": "doc", "id": "d", "parent": { "type": "folder", "id": "f" } }],
            "principals": [{ "id": "u", "grants": grants }] });
        let policy = Policy::load(json!({ "system": "latchgate", "payloads": payloads }).to_string().as_bytes()).unwrap();
        permissions(&policy, "u")
    };
    let deny = |permission: &str| json!({ "effect": "deny", "permissions": [permission] });
    let all = json!({ "permissions": ["doc:*"] });
    assert_eq!(listed("deny-overrides", json!([all])), ["doc:*", "doc:read", "doc:write"]);
    assert_eq!(listed("deny-overrides", json!([all, deny("doc:*")])), [""; 0]);
    assert_eq!(listed("deny-overrides", json!([all, deny("doc:read")])), ["doc:write"]);
    assert_eq!(listed("deny-overrides", json!([all, deny("*:write")])), ["doc:read"]);
    assert_eq!(listed("deny-overrides", json!([all, deny("other:*")])), ["doc:*", "doc:read", "doc:write"]);
    // By its link (N12).
    assert_eq!(listed("deny-overrides", json!([all, deny("folder/f:*")])), ["doc:read", "doc:write"]);
    // A deny that an allow outranks takes nothing.
    assert_eq!(listed("last-applicable", json!([deny("doc:read"), all])), ["doc:*", "doc:read", "doc:write"]);
    assert_eq!(listed("last-applicable", json!([all, deny("doc:read")])), ["doc:write"]);
    // N2: granted on no resource, it is granted on no resource only.
    assert_eq!(listed("additive", json!([{ "permissions": ["login"] }])), ["login"]);
    assert_eq!(listed("additive", json!([{ "actions": ["login"] }])), ["*:login", "login"]);
}

/// What is listed is allowed; where the permissions are countable, what is allowed is listed.
#[test]
fn lists_and_decisions_agree() {
    let (mut listed, mut asked) = (0, 0);
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        for _ in 0..1_000 {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            for question in &questions {
                let Ok(user) = policy.principal_from_json(&question.to_string()) else { continue };
                let held = user.permissions();
                listed += held.len();
                for permission in held.iter().filter(|text| !text.contains('*')) {
                    assert!(user.check(&Ask::Permission(permission.clone())).is_allowed(), "{permission}\n{question}\n{snapshot}");
                }
                let Some(permission) = question["ask"]["permission"].as_str().filter(|text| !text.is_empty()) else { continue };
                let decision = user.check(&Ask::Permission(permission.into()));
                asked += 1;
                if ["emporix", "kura", "ithbat"].contains(&system) && decision.code == "granted" {
                    assert!(held.iter().any(|text| text == permission), "{permission} is allowed but not listed\n{question}\n{snapshot}");
                }
            }
        }
    }
    report(&format!("lists: {listed} listed permissions, {asked} asked"));
    assert!(listed > 1_000 && asked > 1_000);
}
