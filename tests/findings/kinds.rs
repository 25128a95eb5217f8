//! Each kind of finding: a snapshot where it is, and one that differs in one thing where it is not.

use latchgate::{Ask, Context, ErrorCode, Policy, Who, insight::Options};
use serde_json::{Value, json};

use crate::cases::report;
use crate::look::{find, native, of};

struct Kind {
    code: &'static str,
    /// Where, and what the witness names, in order.
    path: &'static str,
    witness: &'static [&'static str],
    fires: Value,
    quiet: Value,
    options: Value,
}

fn kind(code: &'static str, path: &'static str, witness: &'static [&'static str], fires: Value, quiet: Value) -> Kind {
    Kind { code, path, witness, fires, quiet, options: json!({}) }
}

fn hantera(entries: Value) -> Value {
    json!({ "system": "hantera", "payloads": {
        "roles": [{ "key": "a:b", "acl": { "entries": entries } }], "principals": [{ "id": "p", "roles": ["a:b"] }] } })
}

fn allow(permission: &str) -> Value {
    json!([{ "permissions": [permission] }])
}

fn roles(one: Value, two: Value) -> Value {
    native(&json!({ "combining": "deny-overrides", "roles": [one, two], "principals": [{ "id": "p", "roles": ["a", "b"] }] }))
}

fn kinds() -> Vec<Kind> {
    let role = |key: &str, grants: Value| json!({ "key": key, "grants": grants });
    let heir = |grants: Value| json!({ "key": "b", "inherits": ["a"], "grants": grants });
    let owned = |by: &str| json!([{ "permissions": ["doc:read"], "conditions": { "owner": by } }]);
    let company = |principal: Value| {
        native(&json!({ "permissions": [{ "name": "doc:read" }, { "name": "doc:write" }, { "name": "bill:pay" }],
            "roles": [role("a", allow("doc:read"))], "principals": [principal, { "id": "q", "roles": ["a"] }] }))
    };
    let emporix = |controls: Value| {
        json!({ "system": "emporix", "tenant": "acme", "payloads": {
            "accessControls": [{ "id": "ac", "scopes": ["x.y_read"] }],
            "groups": [{ "id": "g", "userType": "EMPLOYEE", "accessControls": controls }],
            "users": [{ "id": "u", "groupIds": ["g"] }] } })
    };
    vec![
        kind(
            "LINT_HOLDER_EMPTY",
            "$.payloads.roles[1]",
            &["b", "a"],
            roles(role("a", json!([])), heir(json!([]))),
            roles(role("a", allow("x")), heir(json!([]))),
        ),
        kind("LINT_HOLDER_EMPTY", "$.payloads.roles[0]", &["a:b"], hantera(json!([])), hantera(json!([{ "resource": "x" }]))),
        kind("LINT_HOLDER_EMPTY", "$.payloads.groups[0]", &["g"], emporix(json!([])), emporix(json!(["ac"]))),
        kind("LINT_HOLDER_UNREACHABLE", "$.payloads.accessControls[0]", &["ac"], emporix(json!([])), emporix(json!(["ac"]))),
        kind(
            "LINT_HOLDER_UNREACHABLE",
            "$.payloads.roles[1]",
            &["b", "g"],
            native(&json!({ "roles": [role("a", allow("x")), role("b", allow("y"))], "groups": [{ "id": "g", "roles": ["b"] }],
                "principals": [{ "id": "p", "roles": ["a"] }] })),
            native(&json!({ "roles": [role("a", allow("x")), role("b", allow("y"))], "groups": [{ "id": "g", "roles": ["b"] }],
                "principals": [{ "id": "p", "roles": ["a"], "groups": ["g"] }] })),
        ),
        kind(
            "LINT_SAME_EFFECT",
            "$.payloads.roles[0]",
            &["a", "b", "x", "y"],
            roles(
                role("a", json!([{ "permissions": ["x", "y"] }])),
                role("b", json!([{ "permissions": ["y"] }, { "permissions": ["x"] }])),
            ),
            roles(
                role("a", json!([{ "permissions": ["x", "y"] }])),
                role("b", json!([{ "permissions": ["y"] }, { "permissions": ["z"] }])),
            ),
        ),
        // Conditions count as they are written, whoever holds the role.
        kind(
            "LINT_SAME_EFFECT",
            "$.payloads.roles[0]",
            &["a", "b", "doc:read"],
            roles(role("a", owned("${principal.id}")), role("b", owned("${principal.id}"))),
            roles(role("a", owned("${principal.id}")), role("b", owned("${principal.tenant}"))),
        ),
        kind(
            "LINT_GRANT_REDUNDANT",
            "$.payloads.roles[1]",
            &["b", "doc:read", "a", "doc:*"],
            roles(role("a", allow("doc:*")), heir(allow("doc:read"))),
            roles(role("a", allow("doc/*:read")), heir(allow("doc:read"))),
        ),
        kind(
            "LINT_GRANT_REDUNDANT",
            "$.payloads.principals[0]",
            &["p", "doc:read", "a", "doc:read"],
            company(json!({ "id": "p", "roles": ["a"], "grants": allow("doc:read") })),
            company(json!({ "id": "p", "roles": [{ "role": "a", "scope": "t" }], "grants": allow("doc:read") })),
        ),
        kind(
            "LINT_GRANT_REDUNDANT",
            "$.payloads.roles[0]",
            &["a:b", "x/y:read", "a:b", "x:*"],
            hantera(json!([{ "resource": "x/y", "permission": "read" }, { "resource": "x", "permission": "*" }])),
            hantera(json!([{ "resource": "x", "permission": "read" }, { "resource": "x/y", "permission": "*" }])),
        ),
        kind(
            "LINT_GRANT_DENIED",
            "$.payloads.roles[1]",
            &["b", "doc:read", "a", "doc:*"],
            roles(role("a", json!([{ "effect": "deny", "permissions": ["doc:*"] }])), heir(allow("doc:read"))),
            roles(role("a", json!([{ "effect": "deny", "permissions": ["doc:*"], "conditions": { "n": 1 } }])), heir(allow("doc:read"))),
        ),
        kind(
            "LINT_NO_ACCESS",
            "$.payloads.principals[0]",
            &["p", "*"],
            company(json!({ "id": "p" })),
            company(json!({ "id": "p", "status": "suspended" })),
        ),
        kind("LINT_NO_ACCESS", "$.payloads.principals[0]", &["p", "a:b"], hantera(json!([])), hantera(json!([{ "resource": "x" }]))),
        kind(
            "LINT_BEYOND_ROLES",
            "$.payloads.principals[0]",
            &["p", "a", "bill:pay"],
            company(json!({ "id": "p", "roles": ["a"], "grants": allow("bill:pay") })),
            company(json!({ "id": "p", "roles": ["a"], "grants": allow("doc:read") })),
        ),
        kind(
            "LINT_WILDCARD",
            "$.payloads.principals[0]",
            &["p", "doc:*", "p"],
            company(json!({ "id": "p", "roles": ["a"], "grants": allow("doc:*") })),
            company(json!({ "id": "p", "roles": ["a"], "grants": allow("doc:write") })),
        ),
        Kind {
            options: json!({ "sod": [["doc:read", "bill:pay"]] }),
            ..kind(
                "LINT_DUTIES_JOINED",
                "$.payloads.principals[0]",
                &["p", "a", "doc:read", "doc:read", "p", "bill:pay", "bill:pay"],
                company(json!({ "id": "p", "roles": ["a"], "grants": allow("bill:pay") })),
                company(json!({ "id": "p", "roles": ["a"], "grants": allow("doc:write") })),
            )
        },
    ]
}

#[test]
fn each_kind_is_found_where_it_is_and_nowhere_else() {
    let kinds = kinds();
    for kind in &kinds {
        let found = find(&kind.fires, &kind.options);
        let at: Vec<_> = of(&found, kind.code).into_iter().filter(|finding| finding.path == kind.path).collect();
        let [finding] = at[..] else { panic!("{} at {}: {:#?}", kind.code, kind.path, found.findings) };
        let named: Vec<&str> = finding.witness.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(named, kind.witness, "{}: {:#?}", kind.code, finding.witness);
        assert!(finding.witness.iter().all(|step| !step.message.is_empty()));
        let quiet = find(&kind.quiet, &kind.options);
        let at: Vec<_> = of(&quiet, kind.code).into_iter().filter(|finding| finding.path == kind.path).collect();
        assert!(at.is_empty(), "{}: {at:#?}", kind.code);
    }
    report(&format!("findings: {} kinds, each with a snapshot where it is not", kinds.len()));
}

#[test]
fn the_reach_of_a_wildcard_is_counted() {
    let permissions: Vec<Value> =
        ["doc:read", "doc:write", "doc:read:meta", "bill:pay"].iter().map(|name| json!({ "name": name })).collect();
    let snapshot = native(
        &json!({ "permissions": permissions, "roles": [{ "key": "a", "grants": allow("doc:*") }, { "key": "s", "superuser": true }],
        "principals": [{ "id": "p", "roles": ["a"] }, { "id": "q", "roles": ["a"] }, { "id": "r", "roles": ["a"], "status": "suspended" },
            { "id": "t", "roles": ["s"] }] }),
    );
    let found = find(&snapshot, &json!({}));
    let messages: Vec<&str> = of(&found, "LINT_WILDCARD").iter().map(|finding| finding.message.as_str()).collect();
    let wanted = [
        "`doc:*` of role `a` is a wildcard: it covers 3 permissions of the snapshot's list, for 2 principals",
        "`*` of role `s` is a wildcard: it covers 4 permissions of the snapshot's list, for 1 principal",
    ];
    assert_eq!(messages, wanted);
}

#[test]
fn what_a_single_policy_says_is_not_told_twice() {
    // H8: the role comes without its access list.
    let snapshot =
        json!({ "system": "hantera", "payloads": { "roles": [{ "key": "a:b" }], "principals": [{ "id": "p", "roles": ["a:b"] }] } });
    assert_eq!(Policy::lint(snapshot.to_string().as_bytes()).unwrap()[0].code, "LINT_ACL_UNKNOWN");
    assert!(of(&find(&snapshot, &json!({})), "LINT_HOLDER_EMPTY").is_empty());
    // N5: one list of grants.
    let list = json!([{ "permissions": ["doc:*"] }, { "permissions": ["doc:read"] }]);
    let snapshot = native(&json!({ "roles": [{ "key": "a", "grants": list }], "principals": [{ "id": "p", "roles": ["a"] }] }));
    assert_eq!(Policy::lint(snapshot.to_string().as_bytes()).unwrap()[0].code, "LINT_SHADOWED");
    assert!(of(&find(&snapshot, &json!({})), "LINT_GRANT_REDUNDANT").is_empty());
}

/// N16: a closed registry lists types, and a grant on single records of one is good for those.
#[test]
fn records_of_a_closed_registry_are_access_too() {
    for (resource, told) in [("doc/*", false), ("doc/d1", false), ("bill", true)] {
        let grants = json!([{ "actions": ["read"], "resources": [resource] }]);
        let snapshot = native(
            &json!({ "registry": "closed", "permissions": [{ "name": "doc:read" }], "principals": [{ "id": "p", "grants": grants }] }),
        );
        let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
        let ask = Ask::from_json(r#"{ "kind": "instance", "action": "read", "subject": "doc", "object": { "id": "d1" } }"#).unwrap();
        assert_eq!(policy.principal(&Who::Named("p".into()), &Context::default()).check(&ask).is_allowed(), !told, "{resource}");
        assert_eq!(!of(&find(&snapshot, &json!({})), "LINT_NO_ACCESS").is_empty(), told, "{resource}");
    }
}

#[test]
fn a_thousand_of_a_kind_are_told() {
    for (count, complete) in [(1_000, true), (1_001, false)] {
        let principals: Vec<Value> = (0..count).map(|at| json!({ "id": format!("p{at}") })).collect();
        let found = find(&native(&json!({ "principals": principals })), &json!({}));
        assert_eq!((of(&found, "LINT_NO_ACCESS").len(), found.complete), (1_000, complete));
    }
}

#[test]
fn loops_do_not_load() {
    let roles = json!([{ "key": "a", "inherits": ["b"] }, { "key": "b", "inherits": ["a"] }]);
    let groups = json!([{ "id": "g", "memberOf": ["h"] }, { "id": "h", "memberOf": ["g"] }]);
    for payloads in [json!({ "roles": roles }), json!({ "groups": groups })] {
        let error = Policy::findings(native(&payloads).to_string().as_bytes(), &Options::default()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Cycle, "{error}");
    }
}

#[test]
fn what_cannot_be_understood_is_refused() {
    let snapshot = native(&json!({ "permissions": [{ "name": "doc:read" }] })).to_string();
    let options = [
        (r#"{ "sod": [["a"]] }"#, "$.sod[0]"),
        (r#"{ "sod": [["a", "b", "c"]] }"#, "$.sod[0]"),
        (r#"{ "sod": "a,b" }"#, "$.sod"),
        (r#"{ "edits": -1 }"#, "$.edits"),
        (r#"{ "context": 1 }"#, "$.context"),
        (r#"{ "context": { "tenant": 1 } }"#, "$.context.tenant"),
        (r#"{ "depth": 1 }"#, "$.depth"),
    ];
    for (text, path) in options {
        let error = Options::from_json(text).unwrap_err();
        assert_eq!((error.code(), error.path()), (ErrorCode::Argument, path), "{text}");
    }
    let apart = Options::from_json(r#"{ "sod": [["doc:read", ":"]] }"#).unwrap();
    let error = Policy::findings(snapshot.as_bytes(), &apart).unwrap_err();
    assert_eq!((error.code(), error.path()), (ErrorCode::Argument, "$.sod[0][1]"));
    let compiled = Policy::load(snapshot.as_bytes()).unwrap().as_bytes().to_vec();
    assert_eq!(Policy::findings(&compiled, &Options::default()).unwrap_err().code(), ErrorCode::Argument);
}
