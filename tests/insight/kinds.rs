//! One small snapshot for each kind of thing that was once said and was not so.

use latchgate::insight::{Insight, Lack, Page, Suggestions};
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

fn load(snapshot: Value) -> Policy {
    Policy::load(snapshot.to_string().as_bytes()).unwrap()
}

fn native(payloads: Value) -> Policy {
    let mut all = json!({ "combining": "additive" });
    all.as_object_mut().unwrap().extend(payloads.as_object().unwrap().clone());
    load(json!({ "system": "latchgate", "payloads": all }))
}

fn grant(permission: &str) -> Value {
    json!({ "permissions": [permission] })
}

fn kura(name: &str, permissions: &[&str]) -> Policy {
    let user = json!({ "userName": name, "passwordAuthEnabled": true, "passwordChangeNeeded": false, "permissions": permissions });
    let defined = json!({ "permissions": ["kura.admin", "rest.x", "rest.y"] });
    load(json!({ "system": "kura", "payloads": { "definedPermissions": defined, "identities": { "userConfig": [user] } } }))
}

fn archiver(policies: Value) -> Policy {
    let role = json!({ "id": "r", "slug": "r", "name": "r", "policies": policies });
    load(json!({ "system": "open-archiver", "payloads": { "roles": [role], "users": [{ "id": "u", "email": "u@x", "roles": ["r"] }] } }))
}

fn ask(value: Value) -> Ask {
    match value {
        Value::String(permission) => Ask::Permission(permission),
        other => Ask::from_json(&other.to_string()).unwrap(),
    }
}

fn of(policy: &Policy) -> Insight {
    policy.insight(&Context::default())
}

fn suggest(policy: &Policy, id: &str, asked: Value) -> Suggestions {
    of(policy).suggest(&Who::Named(id.into()), &ask(asked)).unwrap()
}

fn why(policy: &Policy, id: &str, asked: Value) -> latchgate::insight::Why {
    of(policy).why(&Who::Named(id.into()), &ask(asked)).unwrap()
}

/// Steps in short: `assign r`, `revoke r 1`.
fn steps(found: &Suggestions) -> Vec<String> {
    let short = |step: &Value| {
        let place = step.get("place").map(|place| format!(" {place}")).unwrap_or_default();
        format!("{} {}{place}", step["change"].as_str().unwrap(), step["holder"]["id"].as_str().unwrap())
    };
    let one = |one: &latchgate::insight::Suggestion| {
        let steps = serde_json::to_value(&one.steps).unwrap();
        steps.as_array().unwrap().iter().map(short).collect::<Vec<_>>().join(" + ")
    };
    found.suggestions.iter().map(one).collect()
}

fn names(policy: &Policy, id: &str) -> Vec<String> {
    of(policy).list(&Who::Named(id.into()), &Page::default()).unwrap().permissions().map(str::to_owned).collect()
}

#[test]
fn the_super_user_of_a_flat_system() {
    let (none, admin) = (kura("a", &[]), kura("a", &["kura.admin"]));
    let given = suggest(&none, "a", json!("kura.admin"));
    assert_eq!(given.suggestions[0].effects, of(&none).diff(&of(&admin)).unwrap());
    let taken = suggest(&admin, "a", json!("rest.x"));
    assert_eq!(steps(&taken), ["revoke a 0"]);
    assert_eq!(taken.suggestions[0].effects, of(&admin).diff(&of(&none)).unwrap());
    assert!(names(&admin, "a").contains(&"*".into()) && !names(&kura("a", &["rest.x"]), "a").contains(&"*".into()));
    // Somebody called as the permission is.
    let named = kura("kura.admin", &["kura.admin"]).principal(&Who::Named("kura.admin".into()), &Context::default());
    assert_eq!(named.check(&Ask::Permission("rest.x".into())).grants[0].permission, "kura.admin");
    // Both have to go.
    assert_eq!(steps(&suggest(&kura("a", &["rest.x", "kura.admin"]), "a", json!("rest.x"))), ["revoke a 1 + revoke a 0"]);
}

fn hantera(roles: Value, held: &[&str]) -> Policy {
    let one = json!({ "id": "p", "roles": held, "suspendedAt": null });
    load(json!({ "system": "hantera", "payloads": { "roles": roles, "principals": [one] } }))
}

#[test]
fn the_roles_of_the_system() {
    let owner = json!([{ "key": "system:owner" }]);
    assert_eq!(steps(&suggest(&hantera(owner, &["system:owner"]), "p", json!("x:read"))), ["unassign system:owner"]);
    let entry = |resource: &str| json!({ "entries": [{ "resource": resource, "permission": "read" }] });
    let roles = json!([{ "key": "system:owner" }, { "key": "system:portal:full", "acl": entry("x") }, { "key": "a:b", "acl": entry("y") }]);
    // Never written, and whoever passes every check comes last.
    let held = suggest(&hantera(roles.clone(), &["system:portal:full"]), "p", json!("y:read"));
    assert_eq!(steps(&held), ["assign a:b", "assign system:owner"]);
    let own = suggest(&hantera(roles, &["a:b"]), "p", json!("z:read"));
    assert_eq!(steps(&own), ["grant a:b", "assign system:owner"]);
}

#[test]
fn a_client_of_the_system_is_left_alone() {
    let role = json!({ "key": "a:b", "acl": { "entries": [{ "resource": "x", "permission": "read" }] } });
    let clients = json!([{ "id": "system:c", "roles": [] }, { "id": "d", "roles": [], "properties": { "isSystem": true } }, { "id": "e", "roles": [] }]);
    let policy = load(json!({ "system": "hantera", "payloads": { "roles": [role], "clients": clients } }));
    for (id, expected) in [("system:c", 0), ("d", 0), ("e", 1)] {
        assert_eq!(suggest(&policy, id, json!("x:read")).suggestions.len(), expected, "{id}");
    }
}

#[test]
fn a_token_is_given_no_role() {
    let policy = load(json!({ "system": "ithbat", "tenant": "t", "payloads": { "permissions": { "data": [{ "id": "1", "name": "a:b" }] },
        "roles": { "items": [{ "id": "r", "tenantId": "t", "name": "R", "permissions": ["a:b"] }], "totalItems": 1 },
        "users": [{ "id": "u", "tenantId": "t", "roles": [] }], "tokens": [{ "sub": "tok", "tenant_id": "t", "roles": [], "permissions": [] }] } }));
    assert_eq!(steps(&suggest(&policy, "tok", json!("a:b"))), [""; 0]);
    assert_eq!(steps(&suggest(&policy, "u", json!("a:b"))), ["assign r"]);
}

#[test]
fn one_document_of_several_groups_is_one() {
    let emporix = |scopes: Value| {
        load(
            json!({ "system": "emporix", "tenant": "acme", "payloads": { "accessControls": [{ "id": "ac", "scopes": scopes, "restrictionAware": true }],
            "groups": [{ "id": "g1", "userType": "EMPLOYEE", "accessControls": ["ac"] },
                { "id": "g2", "userType": "EMPLOYEE", "accessControls": ["ac"], "restrictions": ["de", "fr"] }],
            "users": [{ "id": "u1", "groupIds": ["g1"] }, { "id": "u2", "groupIds": ["g2"] }] } }),
        )
    };
    let policy = emporix(json!(["o.o_read"]));
    let found = suggest(&policy, "u1", json!("o.o_read"));
    assert_eq!(steps(&found), ["unassign g1", "revoke ac 0"]);
    assert_eq!(found.suggestions[1].others, ["u2"]);
    assert_eq!(found.suggestions[1].effects, of(&policy).diff(&of(&emporix(json!([])))).unwrap());
    // A group has no scopes of its own.
    assert_eq!(steps(&suggest(&policy, "u1", json!("o.o_manage"))), ["grant ac"]);
    assert_eq!(steps(&suggest(&policy, "u2", json!("o.o_manage--de"))), ["grant ac"]);
}

#[test]
fn what_the_server_has_recorded_is_computed_anew() {
    let snapshot = json!({ "system": "emporix", "tenant": "acme", "payloads": { "accessControls": [{ "id": "a", "scopes": ["x.x_read"] }],
        "groups": [{ "id": "g", "name": { "en": "g" }, "userType": "EMPLOYEE", "accessControls": ["a"] }],
        "users": [{ "id": "s", "groupIds": [] }], "userScopes": [{ "userId": "s", "scopes": "y.y_read" }] } });
    let found = suggest(&load(snapshot.clone()), "s", json!("x.x_read"));
    assert_eq!(steps(&found), ["assign g"]);
    assert_eq!((found.suggestions[0].effects.gained, found.suggestions[0].effects.lost), (1, 1));
    // Nobody knows that of a compiled one.
    let compiled = Policy::open(load(snapshot).as_bytes().to_vec()).unwrap();
    assert!(suggest(&compiled, "s", json!("x.x_read")).suggestions.is_empty());
}

#[test]
fn one_role_takes_the_place_of_another() {
    let role = |id: &str, policies: Value| json!({ "id": id, "slug": id, "name": id, "policies": policies });
    let roles =
        [role("r", json!([{ "action": "read", "subject": "archive" }])), role("s", json!([{ "action": "delete", "subject": "archive" }]))];
    let policy = load(
        json!({ "system": "open-archiver", "payloads": { "roles": roles, "users": [{ "id": "u", "email": "u@x", "roles": ["r"] }] } }),
    );
    let found = suggest(&policy, "u", json!({ "kind": "type", "action": "delete", "subject": "archive" }));
    assert_eq!(steps(&found), ["grant r", "assign s"]);
    let assign = serde_json::to_value(&found.suggestions[1]).unwrap();
    assert_eq!(assign["steps"][0]["replaces"], json!([{ "type": "role", "id": "r" }]));
    assert!(assign["effects"]["lost"].as_u64() > Some(0));
    let out = suggest(&policy, "u", json!({ "kind": "type", "action": "read", "subject": "archive" }));
    assert_eq!(steps(&out), ["revoke r 0", "assign s"]);
}

#[test]
fn what_denies_can_be_taken_away() {
    let policy = native(
        json!({ "combining": "deny-overrides", "roles": [{ "key": "no", "grants": [{ "effect": "deny", "permissions": ["a:b"] }] }],
        "principals": [{ "id": "u", "roles": ["no"], "grants": [grant("a:b")] }, { "id": "v", "roles": ["no"], "grants": [grant("a:b")] }] }),
    );
    assert_eq!(steps(&suggest(&policy, "u", json!("a:b"))), ["unassign no", "revoke no 0"]);
}

#[test]
fn a_place_is_that_in_the_document() {
    let empty = archiver(json!([{ "action": "read", "subject": [] }, { "action": "read", "subject": "archive" }]));
    assert_eq!(steps(&suggest(&empty, "u", json!({ "kind": "type", "action": "read", "subject": "archive" }))), ["revoke r 1"]);
    let short = native(json!({ "principals": [{ "id": "u", "grants": [{ "permissions": ["a:b", "c:d"] }, grant("e:f")] }] }));
    assert_eq!(steps(&suggest(&short, "u", json!("e:f"))), ["revoke u 1"]);
    assert_eq!(steps(&suggest(&short, "u", json!("c:d"))), ["revoke u 0"]);
    let entries = json!([{ "resource": "a", "permission": null }, { "resource": "b", "permission": "read" }]);
    let acl = hantera(json!([{ "key": "a:b", "acl": { "entries": entries } }]), &["a:b"]);
    assert_eq!(steps(&suggest(&acl, "p", json!("b:read"))), ["unassign a:b", "revoke a:b 1"]);
}

#[test]
fn what_is_held_and_does_not_count_is_said_so() {
    for (policy, id, asked) in [
        (kura("a", &["rest.undefined"]), "a", "rest.undefined"),
        (
            native(
                json!({ "registry": "closed", "permissions": [{ "name": "x:y" }], "principals": [{ "id": "u", "grants": [grant("doc:*")] }] }),
            ),
            "u",
            "doc:read",
        ),
    ] {
        let why = why(&policy, id, json!(asked));
        assert!(!why.message.contains("no grant covers it") && !why.message.contains("nothing in the snapshot"), "{}", why.message);
        assert_eq!(why.near[0].lacks, [Lack::Undefined], "{why:?}");
        assert!(why.grants.is_empty());
    }
}

#[test]
fn the_rule_that_fails_is_not_near() {
    let policy = archiver(json!([{ "action": "read", "subject": "archive", "conditions": { "n": { "$in": "a" } } }]));
    let why = why(&policy, "u", json!({ "kind": "instance", "action": "read", "subject": "archive", "object": { "n": 1 } }));
    assert_eq!((why.decision.effect, why.near.len()), ("error", 0));
    assert!(why.grants[0].decides && why.grants[0].lacks.is_empty() && !why.message.contains("its condition does not hold"));
    assert_eq!(why.grants[0].tests.iter().filter_map(|test| test.holds).count(), 0);
}

#[test]
fn near_is_what_means_nearly_the_same() {
    let emporix = load(json!({ "system": "emporix", "tenant": "acme", "payloads": {
        "accessControls": [{ "id": "a", "scopes": ["order.order_read", "iam.group_read", "iam.user_manage", "iam.gruop_manage", "tax.tax_view"] }],
        "groups": [{ "id": "g", "userType": "EMPLOYEE", "accessControls": ["a"] }], "users": [{ "id": "u", "groupIds": ["g"] }] } }));
    let why = why(&emporix, "u", json!("iam.group_manage"));
    let near: Vec<&str> = why.near.iter().map(|one| one.grant.permission.as_str()).collect();
    assert_eq!(near, ["iam.gruop_manage", "iam.group_read", "iam.user_manage"]);
    assert_eq!(why.near[1].lacks, [Lack::Action]);
    assert_eq!(why.near[2].lacks, [Lack::Resource]);
}

#[test]
fn nothing_is_near_to_whoever_is_refused() {
    let policy = native(json!({ "principals": [{ "id": "u", "status": "suspended", "grants": [grant("a:b"), grant("a:c")] }] }));
    let why = why(&policy, "u", json!("a:d"));
    assert_eq!((why.decision.code, why.near.len()), ("suspended", 0));
    assert!(!why.message.contains("nearest"));
}

fn slice(policy: &Policy, id: &str) -> Policy {
    policy.slice(&Who::Named(id.into()), &Context::default()).unwrap()
}

#[test]
fn a_slice_says_what_the_whole_does() {
    let emporix = |groups: Value| {
        let policy = load(json!({ "system": "emporix", "tenant": "acme", "payloads": {
            "accessControls": [{ "id": "ac1", "scopes": ["a.a_read"] }, { "id": "ac2", "scopes": ["b.b_read"] }], "groups": groups,
            "users": [{ "id": "u", "groupIds": ["g1"] }] } }));
        slice(&policy, "u").as_bytes().to_vec()
    };
    let g1 = json!({ "id": "g1", "userType": "EMPLOYEE", "accessControls": ["ac1", "ac2"] });
    assert_eq!(emporix(json!([g1])), emporix(json!([{ "id": "gx", "userType": "EMPLOYEE", "accessControls": ["ac2"] }, g1])));
    let whole = kura("a", &["rest.x"]);
    let code = |of: &Policy| of.principal(&Who::Named("a".into()), &Context::default()).check(&Ask::Permission("rest.y".into())).code;
    assert_eq!((code(&whole), code(&slice(&whole, "a"))), ("no_grant", "no_grant"));
    let wide = native(json!({ "roles": [{ "key": "o", "grants": [grant("doc:zap")] }],
        "principals": [{ "id": "u", "grants": [grant("doc:*")] }, { "id": "v", "roles": ["o"] }] }));
    assert_eq!(names(&slice(&wide, "u"), "u"), names(&wide, "u"));
}

#[test]
fn a_digest_says_what_it_covers() {
    let plain = |roles: Value, more: Value| {
        let mut payloads = json!({ "roles": roles, "principals": [{ "id": "u", "grants": [grant("doc:*")] }] });
        payloads.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        native(payloads)
    };
    let digest = |policy: &Policy| of(policy).digest().unwrap();
    let none = plain(json!([]), json!({}));
    let idle = plain(json!([{ "key": "idle", "grants": [grant("doc:zap")] }]), json!({}));
    assert_eq!((of(&none).digest_of("u").unwrap(), digest(&none)), (of(&idle).digest_of("u").unwrap(), digest(&idle)));
    let open = plain(json!([]), json!({ "endpoints": [{ "method": "GET", "path": "/x", "requires": { "none": true } }] }));
    assert_ne!(digest(&none), digest(&open));
    let read = |more: Value| {
        let mut rule = json!({ "action": "read", "subject": "archive" });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        digest(&archiver(json!([rule])))
    };
    // A15, A11.
    assert_ne!(read(json!({})), read(json!({ "conditions": {} })));
    assert_ne!(read(json!({ "fields": [] })), digest(&archiver(json!([]))));
    // A deny within what is allowed, which is no pattern.
    let denies = |denied: &str| {
        let grants = json!([grant("doc:read"), { "effect": "deny", "permissions": [denied] }]);
        digest(&native(json!({ "combining": "deny-overrides", "principals": [{ "id": "u", "grants": grants }] })))
    };
    assert_ne!(denies("doc/5:read"), denies("doc/6:read"));
    assert_eq!(denies("a:read"), denies("b:read"));
    // Single records beneath a closed registry (N16).
    let record = |permission: &str| {
        digest(&native(
            json!({ "registry": "closed", "permissions": [{ "name": "doc:read" }], "principals": [{ "id": "u", "grants": [grant(permission)] }] }),
        ))
    };
    assert_ne!(record("doc/5:read"), record("doc/6:read"));
    // Suspended is another thing than to hold nothing: some requests ask for no more than a login.
    let standing = |status: &str| digest(&native(json!({ "principals": [{ "id": "u", "status": status }] })));
    assert_ne!(standing("active"), standing("suspended"));
}

#[test]
fn conditions_that_say_the_same_are_the_same() {
    let with = |conditions: Value| {
        native(json!({ "principals": [{ "id": "u", "grants": [{ "permissions": ["d:r"], "conditions": conditions }] }] }))
    };
    for (one, two, same) in [
        (json!({ "owner": "a" }), json!({ "owner": { "$eq": "a" } }), true),
        (json!({ "a": 1, "b": 2 }), json!({ "b": { "$eq": 2 }, "a": 1 }), true),
        (json!({ "a": { "$in": [1, 2] } }), json!({ "a": { "$in": [2, 1, 2] } }), true),
        (json!({ "$or": [{ "a": 1 }] }), json!({ "$or": [{ "a": { "$eq": 1 } }] }), true),
        (json!({ "a": { "$elemMatch": { "b": 1 } } }), json!({ "a": { "$elemMatch": { "b": { "$eq": 1 } } } }), true),
        (json!({ "a": { "$not": { "$eq": 1 } } }), json!({ "a": { "$ne": 1 } }), false),
        (json!({ "owner": "a" }), json!({ "owner": "b" }), false),
    ] {
        let Ok(one) = std::panic::catch_unwind(|| with(one.clone())) else { continue };
        let (one, two) = (of(&one), of(&with(two.clone())));
        let diff = one.diff(&two).unwrap();
        assert_eq!((diff.groups.is_empty(), one.digest().unwrap() == two.digest().unwrap()), (same, same), "{diff:?}");
    }
}
