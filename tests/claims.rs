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

fn load(snapshot: &Value) -> Policy {
    Policy::load(snapshot.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn tenants() -> Policy {
    load(
        &json!({ "system": "latchgate", "payloads": { "combining": "additive", "tenants": [{ "id": "acme" }, { "id": "emea", "parent": "acme" }, { "id": "other" }],
        "roles": [{ "key": "r", "grants": [{ "permissions": ["doc:read"] }] }],
        "principals": [{ "id": "ann", "tenant": "acme", "roles": ["r"], "aliases": ["ann@x.org"] }, { "id": "sus", "status": "suspended", "aliases": ["x"], "roles": ["r"] },
            { "id": "ok", "aliases": ["x"], "roles": ["r"] }] } }),
    )
}

/// N8, N9: whom a token names is bound as the snapshot says, whatever rights the token carries.
#[test]
fn claims_with_rights_are_bound_by_whom_they_name() {
    let policy = tenants();
    for id in ["ann", "ann@x.org"] {
        for key in ["id", "sub", "client_id"] {
            let claims = json!({ (key): id, "roles": ["r"] });
            check(&policy, claims.clone(), "doc:read", json!({}), "allow granted");
            check(&policy, claims.clone(), "doc:read", json!({ "tenant": "emea" }), "allow granted");
            check(&policy, claims, "doc:read", json!({ "tenant": "other" }), "deny tenant_mismatch");
            check(&policy, json!({ (key): id, "roles": ["r"], "tenant": "other" }), "doc:read", json!({}), "deny tenant_mismatch");
            check(&policy, json!({ (key): id, "tenant": "other" }), "doc:read", json!({}), "deny tenant_mismatch");
            check(&policy, json!({ (key): id, "roles": ["r"], "tenant": "emea" }), "doc:read", json!({}), "allow granted");
        }
    }
    // An alias of several names nobody, so neither who is suspended nor who is not.
    for claims in [json!({ "id": "x" }), json!({ "id": "x", "roles": ["r"] }), json!("x"), json!({ "sub": "x", "groups": [] })] {
        check(&policy, claims, "doc:read", json!({}), "deny unknown_principal");
    }
    check(&policy, json!({ "id": "sus", "roles": ["r"] }), "doc:read", json!({}), "deny suspended");
    check(&policy, json!({ "id": "stranger", "roles": ["r"] }), "doc:read", json!({}), "allow granted");
}

/// Nobody is called nothing: a blank id is no id, in any system.
#[test]
fn a_blank_id_is_nobodys() {
    let native = tenants();
    let hantera = policy("hantera.main");
    let kura = policy("kura.main");
    let emporix = policy("emporix.main");
    let ithbat = policy("ithbat.main");
    let archiver = policy("oa.main");
    for blank in ["", " ", "\t", "\u{a0}"] {
        for (policy, claims) in [
            (&native, json!({ "id": blank, "roles": ["r"] })),
            (&native, json!({ "sub": blank, "groups": [] })),
            (&native, json!({ "sub": blank })),
            (&native, json!(blank)),
            (&hantera, json!({ "sub": blank, "roles": ["system:owner"] })),
            (&hantera, json!(blank)),
            (&kura, json!({ "name": blank, "permissions": ["kura.admin"] })),
            (&emporix, json!({ "sub": blank, "scope": "iam.group_read" })),
            (&ithbat, json!({ "sub": blank, "permissions": ["user:read"] })),
            (&archiver, json!({ "sub": blank, "roles": ["r-readonly"] })),
        ] {
            let question = json!({ "principal": claims, "ask": { "kind": "permission", "permission": "doc:read" } });
            let decision = policy.decide_json(&question.to_string());
            assert_eq!((decision.code, decision.status), ("unknown_principal", 401), "{claims}: {}", decision.message);
        }
    }
    // A blank alias or address is nobody's name either.
    let snapshot = json!({ "system": "hantera", "payloads": { "roles": [], "principals": [{ "id": "p", "roles": ["system:owner"], "properties": { "email": "" } }] } });
    check(&load(&snapshot), json!(""), "x:read", json!({}), "deny unknown_principal");
}

/// What a token bears is an id. It is not looked for among addresses, which people may set themselves.
#[test]
fn an_id_of_a_token_is_no_address() {
    let hantera = |email: &str| {
        load(
            &json!({ "system": "hantera", "payloads": { "roles": [], "principals": [{ "id": "boss", "roles": ["system:owner"], "properties": { "email": email } }] } }),
        )
    };
    let emporix = |email: &str| {
        load(
            &json!({ "system": "emporix", "payloads": { "accessControls": [{ "id": "a", "scopes": ["x:read"] }], "groups": [{ "id": "g", "accessControls": ["a"] }],
            "users": [{ "id": "boss", "groupIds": ["g"], "contactEmail": email }] } }),
        )
    };
    let ithbat = |email: &str| {
        load(
            &json!({ "system": "ithbat", "payloads": { "roles": [{ "id": "r", "permissions": ["x:read"] }], "users": [{ "id": "boss", "email": email, "roles": ["r"] }] } }),
        )
    };
    for policy in [hantera("boss@x.org"), emporix("boss@x.org"), ithbat("boss@x.org")] {
        check_effect(&policy, json!("boss"), "allow");
        // By the address itself, as somebody may be looked up.
        check_effect(&policy, json!("boss@x.org"), "allow");
        check_effect(&policy, json!({ "sub": "boss@x.org" }), "deny");
    }
    // An address that reads as an id is none: it must not stand for somebody who is gone.
    for policy in [hantera("gone"), emporix("gone"), ithbat("gone")] {
        check_effect(&policy, json!("gone"), "deny");
        check_effect(&policy, json!({ "sub": "gone" }), "deny");
    }
    let archiver = load(
        &json!({ "system": "open-archiver", "payloads": { "roles": [{ "id": "r", "policies": [{ "action": "manage", "subject": "all" }] }],
        "users": [{ "id": "boss", "email": "boss@x.org", "roles": ["r"] }] } }),
    );
    check(&archiver, json!("boss@x.org"), "read archive", json!({}), "allow granted");
    check(&archiver, json!({ "sub": "boss@x.org" }), "read archive", json!({}), "deny unknown_principal");
    check(&archiver, json!({ "sub": "boss" }), "read archive", json!({}), "allow granted");
}

#[track_caller]
fn check_effect(policy: &Policy, principal: Value, wanted: &str) {
    let question = json!({ "principal": principal, "ask": { "kind": "permission", "permission": "x:read" } });
    let decision = policy.decide_json(&question.to_string());
    assert_eq!(decision.effect, wanted, "{principal}: {}", decision.message);
}

/// I4, I8: a token in the snapshot does not hide who its user is.
#[test]
fn tokens_of_ithbat_leave_their_users_what_they_are() {
    let policy = load(&json!({ "system": "ithbat", "tenant": "t0", "payloads": { "permissions": [],
        "users": [{ "id": "u", "status": "suspended" }, { "id": "i", "isActive": false }, { "id": "v", "tenantId": "t1" }, { "id": "w", "tenantId": "t0" }, { "id": "y", "tenantId": "t0" }],
        "tokens": [{ "sub": "u", "permissions": ["a:b"] }, { "sub": "i", "permissions": ["a:b"] }, { "sub": "v", "permissions": ["a:b"] },
            { "sub": "w", "tenant_id": "t0", "permissions": ["a:b"] }, { "sub": "y", "tenant_id": "t1", "permissions": ["a:b"] }, { "sub": "z", "permissions": ["a:b"] }] } }));
    for (id, wanted) in [
        ("u", "deny suspended"),
        ("i", "deny suspended"),
        ("v", "deny tenant_mismatch"),
        ("w", "allow granted"),
        ("y", "deny suspended"),
        ("z", "allow granted"),
    ] {
        check(&policy, json!(id), "a:b", json!({}), wanted);
    }
    for (id, wanted) in [("u", "deny suspended"), ("v", "deny tenant_mismatch"), ("w", "allow granted")] {
        check(&policy, json!({ "sub": id, "permissions": ["a:b"] }), "a:b", json!({}), wanted);
    }
}

/// E18, E10: two markers name two tenants, one of which is always another than what is asked about.
#[test]
fn two_tenants_are_never_the_right_one() {
    let policy = load(&json!({ "system": "emporix", "payloads": { "users": [] } }));
    let emporix = load(&json!({ "system": "emporix", "tenant": "t", "payloads": { "users": [] } }));
    for scope in ["tenant=t x.y tenant=other", "tenant=other x.y tenant=t", "x.y tenant=t tenant=", "tenant=a tenant=b x.y"] {
        for policy in [&policy, &emporix] {
            for context in [json!({}), json!({ "tenant": "t" }), json!({ "tenant": "other" })] {
                check(policy, json!({ "scope": scope }), "x.y", context, "deny tenant_mismatch");
            }
        }
    }
    check(&emporix, json!({ "scope": "tenant=t x.y tenant=t" }), "x.y", json!({}), "allow granted");
    let twice = json!({ "system": "emporix", "payloads": { "userScopes": [{ "userId": "u", "scopes": "x tenant=a tenant=b" }] } });
    let error = Policy::load(twice.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("ERR_VALUE", "$.payloads.userScopes[0]"));
}

/// RFC 6749, 3.3: scopes are parted by spaces. Whatever else is blank belongs to a scope, and the server would not grant it.
#[test]
fn no_other_blank_than_a_space_parts_scopes() {
    let emporix = load(&json!({ "system": "emporix", "payloads": { "users": [] } }));
    let hantera = policy("hantera.main");
    let native = tenants();
    for blank in ["\u{a0}", "\t", "\n", "\u{2003}", "\u{3000}", "\u{85}", "\u{feff}", "\u{b}"] {
        check(&emporix, json!({ "scope": format!("a.b{blank}x.y") }), "x.y", json!({}), "deny unknown_permission");
        let scopes = format!("actors:read{blank}graph:read");
        check(&hantera, json!("p-owner"), "graph:read", json!({ "sessionScopes": scopes }), "deny scope_not_granted");
        check(&hantera, json!({ "sub": "p-owner", "scope": scopes }), "graph:read", json!({}), "deny scope_not_granted");
        check(&native, json!({ "sub": "ann", "scope": format!("a:b{blank}doc:read") }), "doc:read", json!({}), "deny scope_not_granted");
    }
    check(&emporix, json!({ "scope": "  a.b   x.y " }), "x.y", json!({}), "allow granted");
    let loaded = load(&json!({ "system": "emporix", "payloads": { "userScopes": [{ "userId": "u", "scopes": "a.b\u{a0}x.y c.d" }] } }));
    check(&loaded, json!("u"), "x.y", json!({}), "deny unknown_permission");
    check(&loaded, json!("u"), "c.d", json!({}), "allow granted");
}

/// K9, K10: only the ways in that are known to present no password are open to who may not use one.
#[test]
fn a_way_to_log_in_is_known_or_counts_as_a_password() {
    let policy = load(
        &json!({ "system": "kura", "payloads": { "identities": { "userConfig": [{ "userName": "u", "passwordChangeNeeded": true, "permissions": ["kura.admin"] }] } } }),
    );
    for auth in ["certificate", "session-certificate", "token"] {
        check(&policy, json!("u"), "x", json!({ "auth": auth }), "allow superuser");
    }
    for auth in [
        "basic",
        "session-password",
        "no-certificate",
        "password+certificate",
        "certificates",
        "Certificate",
        "certificate ",
        "tokens",
        "",
        "saml",
    ] {
        check(&policy, json!("u"), "x", json!({ "auth": auth }), "deny login_refused");
    }
}

/// E13: restrictions are told apart, however they read one after the other.
#[test]
fn restrictions_of_groups_do_not_run_together() {
    let sets = [
        json!([]),
        json!([""]),
        json!(["", ""]),
        json!(["DE"]),
        json!(["DE", "FR"]),
        json!(["DE,FR"]),
        json!(["DE\u{1f}FR"]),
        json!(["2:DE"]),
        json!(["DE2:FR"]),
        json!(["FR", "DE"]),
    ];
    let mut questions = 0;
    for (first, other) in sets.iter().flat_map(|first| sets.iter().map(move |other| (first, other))) {
        let snapshot = json!({ "system": "emporix", "payloads": { "accessControls": [{ "id": "a", "restrictionAware": true, "scopes": ["o.r"] }],
            "groups": [{ "id": "g1", "accessControls": ["a"], "restrictions": first }, { "id": "g2", "accessControls": ["a"], "restrictions": other }],
            "users": [{ "id": "u", "groupIds": ["g2"] }] } });
        let policy = load(&snapshot);
        let wanted: Vec<String> = match other.as_array().unwrap().as_slice() {
            [] => vec!["o.r".into()],
            list => list.iter().map(|one| format!("o.r--{}", one.as_str().unwrap())).collect(),
        };
        let mut all: Vec<String> =
            sets.iter().flat_map(|set| set.as_array().unwrap()).map(|one| format!("o.r--{}", one.as_str().unwrap())).collect();
        all.push("o.r".into());
        for scope in all {
            let effect = if wanted.contains(&scope) { "allow granted" } else { "deny no_grant" };
            let question = json!({ "principal": "u", "ask": { "kind": "permission", "permission": scope } });
            let decision = policy.decide_json(&question.to_string());
            let code = if decision.code == "unknown_permission" { "no_grant" } else { decision.code };
            assert_eq!(format!("{} {code}", decision.effect), effect, "{first} {other} {scope}");
            questions += 1;
        }
    }
    println!("restrictions: {questions} questions");
}

/// A verified caller whom the snapshot does not know is somebody: 403. Nobody is 401. Elsewhere the servers say 401.
#[test]
fn a_stranger_is_forbidden_in_a_native_snapshot() {
    let status = |policy: &Policy, principal: Value| {
        policy.decide_json(&json!({ "principal": principal, "ask": { "kind": "permission", "permission": "doc:read" } }).to_string()).status
    };
    let native = tenants();
    for known_by_nobody in [json!("stranger"), json!({ "sub": "stranger" }), json!({ "id": "stranger" }), json!("x")] {
        assert_eq!(status(&native, known_by_nobody.clone()), 403, "{known_by_nobody}");
    }
    for nobody in [Value::Null, json!({}), json!(""), json!({ "sub": " " })] {
        assert_eq!(status(&native, nobody.clone()), 401, "{nobody}");
    }
    assert_eq!(status(&policy("hantera.main"), json!("stranger")), 401);
    assert_eq!(status(&policy("kura.main"), json!({ "name": "stranger" })), 401);
}

/// Native snapshots take the claims that most issuers write, and under other names where the caller says so.
#[test]
fn claims_of_a_native_snapshot_have_names_that_the_caller_may_map() {
    let policy = tenants();
    let ask = |claims: Value, context: Value| {
        let question = json!({ "principal": claims, "ask": { "kind": "permission", "permission": "doc:read" }, "context": context });
        let decision = policy.decide_json(&question.to_string());
        (decision.effect, decision.code, decision.message)
    };
    let code = |claims: Value, context: Value| ask(claims, context).1;
    let token = json!({ "iss": "https://id.x.org", "aud": ["api"], "exp": 1, "iat": 1, "jti": "1", "sub": "ann", "scope": "doc:read", "email": "a@x.org", "name": "Ann" });
    assert_eq!(code(token, json!({})), "granted");
    assert_eq!(code(json!({ "sub": "ann", "scope": ["doc:read"] }), json!({})), "granted");
    assert_eq!(code(json!({ "client_id": "svc", "roles": ["r"] }), json!({})), "granted");
    // What is misspelt may have been a bound.
    for (claims, meant) in [
        (json!({ "sub": "ann", "scopes": "a:b" }), "scope"),
        (json!({ "sub": "ann", "tennant": "other" }), "tenant"),
        (json!({ "sub": "ann", "rolse": [] }), "roles"),
        (json!({ "sub": "ann", "permissions": [] }), ""),
    ] {
        let (effect, code, message) = ask(claims.clone(), json!({}));
        assert_eq!((effect, code), ("error", "invalid_question"), "{claims}: {message}");
        let _ = meant;
    }
    let keycloak = json!({ "oid": "ann", "realm_access": { "roles": ["r"] }, "https://x.org/tenant": "acme", "scp": ["doc:read"], "allowed-origins": [] });
    let names = json!({ "claims": { "sub": "oid", "roles": "realm_access.roles", "tenant": "https://x.org/tenant", "scope": "scp" } });
    assert_eq!(code(keycloak.clone(), names.clone()), "granted");
    for (key, value, wanted) in [
        ("realm_access", json!({ "roles": [] }), "no_grant"),
        ("https://x.org/tenant", json!("other"), "tenant_mismatch"),
        ("scp", json!(["a:b"]), "scope_not_granted"),
        ("oid", json!("sus"), "tenant_mismatch"),
    ] {
        let mut changed = keycloak.clone();
        changed[key] = value;
        let got = code(changed, names.clone());
        assert!(got == wanted || key == "oid" && got == "suspended", "{key}: {got}");
    }
    // A name that is mapped stands for itself no longer.
    assert_eq!(code(json!({ "sub": "sus", "oid": "ann" }), json!({ "claims": { "sub": "oid" } })), "granted");
    assert_eq!(code(json!({ "sub": "ann", "id": "ann" }), json!({ "claims": { "sub": "oid" } })), "unknown_principal");
    for wrong in [json!({ "subject": "x" }), json!({ "sub": 7 }), json!("sub"), json!([])] {
        assert_eq!(code(json!({ "sub": "ann" }), json!({ "claims": wrong })), "invalid_question", "{wrong}");
    }
    // A scope that covers nothing is no refusal like the others.
    let (_, code, message) = ask(json!({ "sub": "ann", "scope": "openid profile" }), json!({}));
    assert!(code == "scope_not_granted" && message.contains("openid profile"), "{message}");
    let (_, code, message) = ask(json!({ "sub": "ann", "scope": "" }), json!({}));
    assert!(code == "scope_not_granted" && message.contains("nothing is allowed"), "{message}");
    let (_, _, message) = ask(json!({ "sub": "ann", "scope": "doc/5:read" }), json!({}));
    assert!(!message.contains("doc/5"), "{message}");
}

/// The page lists what the code reads.
#[test]
fn the_table_of_claims_is_written_as_it_is() {
    let page = include_str!("../docs/reference/claims.md");
    let mut rows = 0;
    for system in latchgate::System::ALL {
        let payloads = match system.name() {
            "latchgate" => json!({ "combining": "additive", "principals": [] }),
            "kura" => json!({ "identities": [] }),
            "casl" => json!({ "me": [] }),
            _ => json!({ "roles": [] }),
        };
        let info = load(&json!({ "system": system.name(), "payloads": payloads })).info();
        assert!(!info.claims.is_empty());
        for claim in &info.claims {
            let row = format!("| `{}` | `{}` | `{}` |", system.name(), claim.name, claim.says);
            assert!(page.contains(&row), "no row {row}");
            rows += 1;
        }
    }
    assert_eq!(page.matches("\n| `").count(), rows, "rows for what is not read");
}
