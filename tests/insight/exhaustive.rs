//! Every native snapshot up to a bound: two principals; a role of up to two grants that both hold; up to one grant of the first one's own;
//! grants that allow or deny one permission or one of two patterns; every way of combining; an open and a closed registry.

use latchgate::insight::Page;
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{Case, report};
use crate::reference;

const PROBES: [&str; 6] = ["a:x", "a:y", "b:x", "b:y", "a/c:x", "x"];

fn snapshots() -> Vec<Value> {
    let mut all = Vec::new();
    for combining in ["additive", "deny-overrides", "last-applicable", "first-applicable"] {
        let effects: &[&str] = if combining == "additive" { &["allow"] } else { &["allow", "deny"] };
        let pool: Vec<Value> = effects
            .iter()
            .flat_map(|effect| ["a:x", "a:*", "*:x"].map(|permission| json!({ "effect": effect, "permissions": [permission] })))
            .collect();
        let mut lists: Vec<Vec<Value>> = vec![Vec::new()];
        lists.extend(pool.iter().map(|one| vec![one.clone()]));
        lists.extend(pool.iter().flat_map(|one| pool.iter().map(|two| vec![one.clone(), two.clone()])));
        for registry in ["open", "closed"] {
            for grants in &lists {
                for own in lists.iter().filter(|list| list.len() < 2) {
                    all.push(json!({ "system": "latchgate", "payloads": {
                        "combining": combining, "registry": registry, "permissions": [{ "name": "a:x" }, { "name": "b:x" }],
                        "roles": [{ "key": "r", "grants": grants }],
                        "principals": [{ "id": "u", "roles": ["r"], "grants": own }, { "id": "v", "roles": ["r"] }] } }));
                }
            }
        }
    }
    all
}

fn case(snapshot: &Value) -> Case {
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    Case { system: "latchgate", snapshot: snapshot.clone(), questions: Vec::new(), policy }
}

fn allowed(snapshot: &Value, id: &str, permission: &str) -> bool {
    reference::decide(snapshot, &json!(id), &json!({ "kind": "permission", "permission": permission }), &json!({})).is_allow()
}

#[test]
fn every_small_native_snapshot_is_told_exactly() {
    let all = snapshots();
    let (mut asked, mut differing, mut before) = (0, 0, None::<Case>);
    for snapshot in &all {
        let case = case(snapshot);
        let insight = case.policy.insight(&Context::default());
        let closed = snapshot["payloads"]["registry"] == "closed";
        let last = before.as_ref().map(|before| (before, before.policy.insight(&Context::default()).diff(&insight).unwrap()));
        for id in ["u", "v"] {
            let list: Vec<_> = insight.list(&Who::Named(id.into()), &Page::default()).unwrap().entries().collect();
            for permission in PROBES {
                let expected = allowed(snapshot, id, permission);
                let listed = list.iter().any(|entry| {
                    let covers = if closed { entry.permission == permission } else { case.covers(&entry.permission, permission) };
                    covers && !entry.except.iter().any(|except| except.standing == "deny" && case.covers(&except.permission, permission))
                });
                assert_eq!(listed, expected, "{id} {permission}\n{snapshot}");
                let holders = insight.who(&Ask::Permission(permission.into()), &Page::default()).unwrap();
                assert_eq!(holders.ids().any(|other| other == id), expected, "{id} {permission}\n{snapshot}");
                asked += 1;
                let Some((before, diff)) = &last else { continue };
                let was = allowed(&before.snapshot, id, permission);
                let kind = if expected { "gain" } else { "loss" };
                let said = diff
                    .groups
                    .iter()
                    .flat_map(|group| &group.changes)
                    .any(|change| change.principal == id && change.kind == kind && case.covers(&change.permission, permission));
                assert!(was == expected || said, "{id} {permission}\n{}\n{snapshot}", before.snapshot);
                let itself = diff
                    .groups
                    .iter()
                    .flat_map(|group| &group.changes)
                    .any(|change| change.principal == id && change.kind != "conditions" && change.permission == permission);
                assert!(was != expected || !itself, "{id} {permission}\n{}\n{snapshot}", before.snapshot);
                differing += usize::from(was != expected);
            }
        }
        before = Some(case);
    }
    report(&format!("exhaustive: all {} snapshots, {asked} questions, {differing} differences between neighbours", all.len()));
    assert_eq!(all.len(), 1_910);
}
