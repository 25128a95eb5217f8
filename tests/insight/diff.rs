//! What tells two snapshots apart, and why.

use latchgate::insight::{Change, Diff};
use latchgate::{Context, Policy};
use serde_json::{Value, json};

use crate::cases::{each, mutations, report};
use crate::reference::{self, generate::SYSTEMS};

fn changes(diff: &Diff) -> Vec<&Change> {
    diff.groups.iter().flat_map(|group| &group.changes).collect()
}

#[test]
fn a_difference_is_said_exactly_where_there_is_one() {
    for system in SYSTEMS {
        let (mut asked, mut differing, mut said, mut unexplained, mut aside) = (0, 0, 0, 0, 0);
        let mut odd = 0;
        each(system, |case| {
            if !case.is_plain() {
                odd += 1;
                return;
            }
            let before = case.policy.insight(&Context::default());
            let none = before.diff(&before).unwrap();
            assert_eq!((none.groups.len(), none.gained, none.lost, none.changed), (0, 0, 0, 0));
            for snapshot in mutations(&case.snapshot, 2) {
                let Ok(policy) = Policy::load(snapshot.to_string().as_bytes()) else { continue };
                if !case.is_read_alike(&snapshot, &policy) {
                    aside += 1;
                    continue;
                }
                let diff = before.diff(&policy.insight(&Context::default())).unwrap();
                let back = policy.insight(&Context::default()).diff(&before).unwrap();
                assert_eq!((diff.gained, diff.lost, diff.changed), (back.lost, back.gained, back.changed));
                let all = changes(&diff);
                unexplained += diff.groups.iter().filter(|group| matches!(group.cause, latchgate::insight::Cause::Snapshot)).count();
                let decide = |of: &Value, id: &str, permission: &str| {
                    reference::decide(of, &json!(id), &case.ask(permission), &json!({})).is_allow()
                };
                // A change is one.
                for change in all.iter().filter(|change| !change.pattern) {
                    let (was, is) = (
                        decide(&case.snapshot, &change.principal, &change.permission),
                        decide(&snapshot, &change.principal, &change.permission),
                    );
                    let expected = match change.kind {
                        "gain" => (false, true),
                        "loss" => (true, false),
                        _ => (was, was),
                    };
                    // Of two principals that share an id the reference and the snapshot may mean different ones.
                    assert_eq!((was, is), expected, "{change:?}\n{}\n{snapshot}", case.snapshot);
                    said += 1;
                }
                // Where there is one it is said.
                for id in case.principals() {
                    for permission in case.probes().into_iter().step_by(2) {
                        let (was, is) = (decide(&case.snapshot, &id, &permission), decide(&snapshot, &id, &permission));
                        asked += 1;
                        if was == is {
                            continue;
                        }
                        differing += 1;
                        let kind = if is { "gain" } else { "loss" };
                        let covers = |of: &&&Change| {
                            of.principal == id
                                && of.kind == kind
                                && (of.permission == permission || case.covers(&of.permission, &permission))
                        };
                        let everything = case.is_flat() && ["kura"].contains(&case.system);
                        assert!(
                            all.iter().any(|change| covers(&change)) || everything,
                            "{id} {permission} {kind}\n{all:#?}\n{}\n{snapshot}",
                            case.snapshot
                        );
                    }
                }
            }
        });
        report(&format!(
            "diff, {system}: {asked} pairs asked, {differing} differ, {said} changes said, {unexplained} groups without a narrower cause, {aside} changed snapshots and {odd} with names that no text spells set aside"
        ));
        assert!(asked > 1_000 && differing > 20 && said > 20 && aside < 100);
    }
}

const BEFORE: &str = r#"{ "system": "latchgate", "payloads": { "combining": "deny-overrides",
    "roles": [{ "key": "viewer", "grants": [{ "permissions": ["doc:read"] }] }, { "key": "editor", "inherits": ["viewer"], "grants": [{ "permissions": ["doc:write"] }] }],
    "groups": [{ "id": "staff", "roles": ["viewer"] }],
    "principals": [{ "id": "ann", "roles": ["editor"] }, { "id": "bob", "groups": ["staff"] }, { "id": "cem" }] } }"#;

/// What is changed, and what comes of it: kind of cause, its change, and who gains or loses what.
#[test]
fn each_change_is_named_as_the_cause() {
    let before: Value = serde_json::from_str(BEFORE).unwrap();
    let table: [(&str, Value, Value, &[&str]); 10] = [
        (
            "/roles/0/grants",
            json!([]),
            json!({ "kind": "grant", "holder": { "type": "role", "id": "viewer" }, "effect": "allow", "permission": "doc:read", "change": "removed" }),
            &["ann loss doc:read", "bob loss doc:read"],
        ),
        (
            "/roles/0/grants",
            json!([{ "permissions": ["doc:read"] }, { "effect": "deny", "permissions": ["doc:write"] }]),
            json!({ "kind": "grant", "holder": { "type": "role", "id": "viewer" }, "effect": "deny", "permission": "doc:write", "change": "added" }),
            &["ann loss doc:write"],
        ),
        (
            "/roles/0/grants",
            json!([{ "permissions": ["doc:read"], "conditions": { "owner": "x" } }]),
            json!({ "kind": "grant", "holder": { "type": "role", "id": "viewer" }, "effect": "allow", "permission": "doc:read", "change": "added" }),
            &["ann conditions doc:read", "bob conditions doc:read"],
        ),
        (
            "/principals/2/roles",
            json!(["viewer"]),
            json!({ "kind": "assignment", "principal": "cem", "holder": { "type": "role", "id": "viewer" }, "change": "added" }),
            &["cem gain doc:read"],
        ),
        (
            "/principals/1/groups",
            json!([]),
            json!({ "kind": "assignment", "principal": "bob", "holder": { "type": "group", "id": "staff" }, "change": "removed" }),
            &["bob loss doc:read"],
        ),
        (
            "/roles/1/inherits",
            json!([]),
            json!({ "kind": "inclusion", "holder": { "type": "role", "id": "editor" }, "includes": { "type": "role", "id": "viewer" }, "change": "removed" }),
            &["ann loss doc:read"],
        ),
        (
            "/principals/0/status",
            json!("suspended"),
            json!({ "kind": "principal", "principal": "ann", "change": "changed" }),
            &["ann loss doc:read", "ann loss doc:write"],
        ),
        (
            "/principals/2",
            json!({ "id": "dan", "roles": ["viewer"] }),
            json!({ "kind": "principal", "principal": "dan", "change": "added" }),
            &["dan gain doc:read"],
        ),
        (
            "/groups",
            json!([]),
            json!({ "kind": "holder", "holder": { "type": "group", "id": "staff" }, "change": "removed" }),
            &["bob loss doc:read"],
        ),
        (
            "/principals/2/grants",
            json!([{ "permissions": ["doc:read"] }]),
            json!({ "kind": "grant", "holder": { "type": "direct", "id": "cem" }, "effect": "allow", "permission": "doc:read", "change": "added" }),
            &["cem gain doc:read"],
        ),
    ];
    for (path, value, cause, expected) in table {
        let mut after = before.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = after["payloads"].pointer_mut(parent).unwrap();
        match key.parse::<usize>() {
            Ok(at) => parent[at] = value,
            Err(_) => parent[key] = value,
        }
        let load = |of: &Value| Policy::load(of.to_string().as_bytes()).unwrap().insight(&Context::default());
        let diff = load(&before).diff(&load(&after)).unwrap();
        let said: Vec<String> =
            changes(&diff).iter().map(|change| format!("{} {} {}", change.principal, change.kind, change.permission)).collect();
        assert_eq!(said, expected, "{path}");
        let causes: Vec<Value> = diff.groups.iter().map(|group| serde_json::to_value(&group.cause).unwrap()).collect();
        assert_eq!(causes, [cause], "{path}");
    }
}

#[test]
fn snapshots_of_different_systems_are_refused() {
    let load = |text: &str| Policy::load(text.as_bytes()).unwrap().insight(&Context::default());
    let other = load(r#"{"system":"casl","payloads":{"editor":[]}}"#);
    let error = load(BEFORE).diff(&other).unwrap_err();
    assert_eq!((error.code().as_str(), error.path()), ("ERR_ARGUMENT", "$.after"));
}
