//! Ways to more rights: each is walked, request by request, and asked before and after.

use latchgate::edit::{Outcome, apply};
use latchgate::insight::Finding;
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::report;
use crate::look::{find, native, of};

/// The snapshot after the requests of a finding, each sent by the principal.
pub fn walk(snapshot: &Value, finding: &Finding) -> Value {
    let requests = finding.witness.iter().filter_map(|step| step.request.as_ref());
    let actor = &finding.witness[0].id;
    let edits: Vec<Value> =
        requests.map(|request| json!({ "actor": actor, "request": serde_json::from_str::<Value>(&request.to_json()).unwrap() })).collect();
    assert!(!edits.is_empty() && edits.len() <= 3);
    match apply(snapshot.to_string().as_bytes(), json!(edits).to_string().as_bytes()).unwrap() {
        Outcome::Accepted(accepted) => {
            assert!(accepted.steps.iter().all(|step| step.actor_checked && step.changed));
            serde_json::from_str(&accepted.snapshot).unwrap()
        }
        refused => panic!("{refused:?}\n{snapshot}"),
    }
}

/// What the principal gains, as the finding says.
pub fn gains(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.witness.iter().filter(|step| step.kind == "permission").map(|step| step.id.as_str())
}

/// As the engine is asked: `action type` where the system has types.
fn can(snapshot: &Value, id: &str, permission: &str) -> bool {
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    policy.principal(&Who::Named(id.into()), &Context::default()).check(&Ask::Permission(permission.into())).is_allowed()
}

fn oa(own: Value) -> Value {
    json!({ "system": "open-archiver", "payloads": {
        "roles": [{ "id": "r1", "slug": null, "name": "Own", "policies": own },
            { "id": "r2", "slug": null, "name": "All", "policies": [{ "action": "manage", "subject": "all" }] }],
        "users": [{ "id": "u", "email": "u@x.y", "first_name": "U", "role": { "id": "r1", "slug": null, "name": "Own", "policies": own } }] } })
}

fn hantera(entries: Value) -> Value {
    json!({ "system": "hantera", "payloads": {
        "roles": [{ "key": "hr:all", "acl": { "entries": entries } },
            { "key": "shop:all", "acl": { "entries": [{ "resource": "shop", "permission": "*" }] } }],
        "principals": [{ "id": "p", "roles": ["hr:all"] }, { "id": "q", "roles": ["shop:all"] }] } })
}

fn company(roles: Value, endpoints: Value) -> Value {
    native(&json!({ "permissions": [{ "name": "pay:all" }, { "name": "team:join" }, { "name": "role:write" }], "roles": roles,
        "principals": [{ "id": "p", "roles": ["low"] }], "endpoints": endpoints }))
}

/// Its name, the snapshot, and what is expected.
type Way = (&'static str, Value, Option<(&'static str, usize, &'static str)>);

/// A snapshot, who climbs in it, in how many edits the first way, and what is gained among others; or that nobody does.
fn ways() -> Vec<Way> {
    let ace = |resource: &str, permission: &str| json!([{ "resource": resource, "permission": permission }]);
    let kura = |permissions: Value| {
        json!({ "system": "kura", "payloads": {
            "definedPermissions": { "permissions": ["kura.admin", "rest.identity", "rest.assets"] },
            "identities": { "userConfig": [{ "userName": "tom", "passwordAuthEnabled": true, "permissions": permissions }] } } })
    };
    let emporix = |scope: &str| {
        json!({ "system": "emporix", "tenant": "acme", "payloads": {
            "accessControls": [{ "id": "ac1", "scopes": [scope] }, { "id": "ac2", "scopes": ["order.order_manage"] }],
            "groups": [{ "id": "g1", "userType": "EMPLOYEE", "name": { "en": "G1" }, "accessControls": ["ac1"] },
                { "id": "g2", "userType": "EMPLOYEE", "name": { "en": "G2" }, "accessControls": ["ac2"] }],
            "users": [{ "id": "u", "groupIds": ["g1"] }] } })
    };
    let low = |permission: &str| json!({ "key": "low", "grants": [{ "permissions": [permission] }] });
    let high = json!({ "key": "high", "grants": [{ "permissions": ["pay:all"] }] });
    let join = json!([{ "method": "PUT", "path": "/principals/{id}/roles/{key}", "requires": { "anyOf": ["team:join"] } }]);
    // Who joins the writers may rewrite roles: two edits.
    let writer = json!({ "key": "writer", "grants": [{ "permissions": ["role:write"] }] });
    let two = json!([{ "method": "PUT", "path": "/principals/{id}/roles/{key}", "requires": { "anyOf": ["team:join"] } },
        { "method": "PATCH", "path": "/roles/{key}", "requires": { "anyOf": ["role:write"] } }]);
    vec![
        ("a role for oneself, the owner's", hantera(ace("iam/principals", "write")), Some(("p", 1, "shop:*"))),
        ("the role that one holds", hantera(ace("iam/roles", "write")), Some(("p", 1, "shop:*"))),
        ("only reading", hantera(ace("iam/roles", "read")), None),
        (
            "everything but one thing, by rewriting the role",
            oa(json!([{ "action": "manage", "subject": "all" }, { "action": "delete", "subject": "archive", "inverted": true }])),
            Some(("u", 1, "delete archive")),
        ),
        ("nothing that writes", oa(json!([{ "action": "read", "subject": "all" }])), None),
        ("the administrator's permission", kura(json!(["rest.identity"])), Some(("tom", 1, "rest.assets"))),
        ("no right to identities", kura(json!(["rest.assets"])), None),
        ("another group", emporix("iam.assignment_manage"), Some(("u", 1, "order.order_manage"))),
        ("all groups at once", emporix("iam.user_update"), Some(("u", 1, "order.order_manage"))),
        ("more in one's own group", emporix("iam.group_manage"), Some(("u", 1, "order.order_manage"))),
        ("reading groups", emporix("iam.group_read"), None),
        ("a role of the snapshot", company(json!([low("team:join"), high]), join.clone()), Some(("p", 1, "pay:all"))),
        ("no such right", company(json!([low("team:leave"), high]), join.clone()), None),
        ("no such request", company(json!([low("team:join"), high]), json!([])), None),
        ("a role, and then what it may rewrite", company(json!([low("team:join"), writer]), two), Some(("p", 1, "role:write"))),
    ]
}

#[test]
fn ways_to_more_rights_can_be_walked() {
    let (mut walked, mut permissions) = (0, 0);
    for (name, snapshot, wanted) in ways() {
        let found = find(&snapshot, &json!({ "edits": 100 }));
        let climbs = of(&found, "LINT_ESCALATION");
        assert!(found.complete, "{name}");
        let Some((who, edits, gain)) = wanted else {
            assert!(climbs.is_empty(), "{name}: {climbs:#?}");
            continue;
        };
        assert!(climbs.iter().all(|climb| climb.witness[0].id == who), "{name}: {climbs:#?}");
        let first = climbs.first().unwrap_or_else(|| panic!("{name}: nothing is found"));
        assert_eq!(first.witness.iter().filter(|step| step.kind == "request").count(), edits, "{name}: {first:#?}");
        assert!(gains(first).any(|permission| permission == gain), "{name}: {first:#?}");
        for climb in climbs {
            let after = walk(&snapshot, climb);
            walked += 1;
            for permission in gains(climb) {
                assert!(!can(&snapshot, who, permission), "{name}: `{permission}` before");
                assert!(can(&after, who, permission), "{name}: `{permission}` after");
                permissions += 1;
            }
        }
    }
    report(&format!("ways to more rights: {walked} walked, {permissions} permissions gained"));
    assert!(walked > 8);
}

#[test]
fn a_way_may_take_two_edits() {
    let (_, snapshot, _) = ways().pop().unwrap();
    let found = find(&snapshot, &json!({ "edits": 100 }));
    let longest =
        of(&found, "LINT_ESCALATION").iter().map(|climb| climb.witness.iter().filter(|step| step.kind == "request").count()).max();
    assert_eq!(longest, Some(2));
    let all: Vec<&str> = of(&found, "LINT_ESCALATION").into_iter().flat_map(gains).collect();
    assert!(all.contains(&"pay:all"));
}

#[test]
fn the_search_has_an_end_and_says_so() {
    let (_, snapshot, _) = ways().pop().unwrap();
    let found = find(&snapshot, &json!({ "edits": 1 }));
    assert_eq!((found.edits, found.complete), (1, false));
    let none = find(&snapshot, &json!({ "edits": 0 }));
    assert!(of(&none, "LINT_ESCALATION").is_empty() && none.edits == 0 && none.complete);
}
