//! Emporix: roles, access controls, templates, groups, users and scope lists; scopes and routes of the IAM service asked.

use super::{Case, Draw, dressed, fact, flagged, names_in, permission_ask, place, questions};
use serde_json::{Map, Value, json};

const CODES: [&str; 5] = ["read", "manage", "read_own", "create_own", "delete_own"];
const RESOURCES: [&str; 4] = ["iam.group", "iam.assignment", "iam.user", "order.order"];
const SCOPES: [&str; 12] = [
    "iam.group_read",
    "iam.group_manage",
    "iam.group_read_own",
    "iam.assignment_manage",
    "iam.assignment_create_own",
    "iam.assignment_delete_own",
    "iam.user_read",
    "iam.user_read_own",
    "order.order_read",
    "order.order_manage",
    "iam.access_read",
    "IAM.GROUP_READ",
];

fn asked_scope(d: &mut Draw, granted: &[String]) -> String {
    if granted.is_empty() || d.chance(40) {
        return scope(d);
    }
    let scope = d.pick(granted);
    if d.chance(40) { format!("{scope}--{}", d.pick(&["DE", "FR", "IT"])) } else { scope }
}

fn scope(d: &mut Draw) -> String {
    let scope = match d.below(2) {
        0 => d.pick(&SCOPES).to_owned(),
        _ => format!("{}_{}", d.pick(&RESOURCES), d.pick(&CODES)),
    };
    if d.chance(15) {
        return format!("{scope}--{}", d.pick(&["DE", "FR", "IT"]));
    }
    scope
}

/// The text of a scope list, with or without the tenant marker.
fn scope_text(d: &mut Draw) -> String {
    let iam = &SCOPES[..8]; // what the own-scopes and the deletion of a group turn on
    let mut scopes: Vec<String> = (0..d.count(5)).map(|_| if d.chance(70) { d.pick(iam).to_owned() } else { scope(d) }).collect();
    match d.below(12) {
        0..=3 => {}
        11 => scopes.insert(0, "tenant=other".into()),
        _ => scopes.push("tenant=acme".into()),
    }
    scopes.join(" ")
}

/// The same in a token: now and then with a second marker, or with blanks that part nothing.
fn claimed_text(d: &mut Draw) -> String {
    let text = scope_text(d);
    match d.below(12) {
        9 => format!("{text} tenant={}", d.pick(&["acme", "other"])),
        10 => text.replace(' ', d.pick(&["\u{a0}", "\t", "\u{2003}"])),
        11 => format!("  {text}  "),
        _ => text,
    }
}

pub(super) fn case(d: &mut Draw) -> Case {
    let count = d.count(4);
    let permissions: Vec<Value> = (0..count)
        .map(|at| {
            let mut one = json!({ "id": format!("p{at}"), "code": d.pick(&CODES) });
            d.maybe(40, &mut one, "applicableResources", |d| d.some(&["r0", "r1", "r2", "r3"], 4));
            one
        })
        .collect();
    let resources: Vec<Value> = (0..d.count(4)).map(|at| json!({ "id": format!("r{at}"), "code": RESOURCES[at] })).collect();
    let roles = d.list(3, |d, at| {
        let permissions = d.list(3, |d, _| {
            let mut one = json!({ "id": d.pick(&["p0", "p1", "p2", "p3", "p9"]) });
            d.maybe(30, &mut one, "applicablePermissionResources", |d| d.some(&["r0", "r1", "r2", "r9"], 3));
            one
        });
        json!({ "id": format!("o{at}"), "permissions": permissions, "metadata": { "version": 1, "createdAt": "2022-01-04 10:44:51.871Z" } })
    });
    let controls: Vec<Value> = d.list(5, |d, at| {
        let (role, resource) = (d.pick(&["o0", "o1", "o2", "o9"]), d.pick(&["r0", "r1", "r2", "r3", "r9"]));
        let mut one = json!({ "id": format!("a{at}"), "roleId": role, "resourceId": resource });
        // With `expand`, the documents stand beside the ids; some of them are in no other listing.
        if d.chance(30) {
            let listed = roles.iter().find(|r| r["id"] == role).cloned();
            one["role"] = listed.unwrap_or_else(|| json!({ "id": role, "permissions": [{ "id": "p0" }] }));
        }
        if d.chance(30) {
            let listed = resources.iter().find(|r| r["id"] == resource).cloned();
            one["resource"] = listed.unwrap_or_else(|| json!({ "id": resource, "code": d.pick(&RESOURCES) }));
        }
        d.maybe(25, &mut one, "scopes", |d| Value::from(d.list(3, |d, _| Value::from(d.pick(&SCOPES)))));
        d.maybe(40, &mut one, "restrictionAware", |d| Value::from(!d.chance(30)));
        one
    });
    let ids = ["a0", "a1", "a2", "a3", "a9"];
    let templates = d.list(2, |d, at| {
        let own = d.some(&ids, 2);
        let mut one = json!({ "id": format!("t{at}"), "accessControls": own });
        if d.chance(30) {
            let documents = controls.iter().filter(|c| own.as_array().is_some_and(|o| o.contains(&c["id"])));
            one["accessControlsDocuments"] = Value::from(documents.cloned().collect::<Vec<_>>());
        }
        one
    });
    let groups: Vec<Value> = d.list(4, |d, at| {
        let mut one = json!({ "id": format!("g{at}"), "userType": d.pick(&["EMPLOYEE", "CUSTOMER"]), "accessControls": d.some(&ids, 3) });
        d.maybe(40, &mut one, "templates", |d| d.some(&["t0", "t1", "t9"], 2));
        d.maybe(40, &mut one, "restrictions", |d| d.some(&["DE", "FR", "DE", "FR", "", "DE,FR"], 2));
        d.maybe(40, &mut one, "b2b", |d| json!({ "legalEntityId": d.pick(&["le-1", "le-2"]) }));
        one
    });
    let users = d.list(3, |d, at| {
        let mut one = json!({ "id": format!("u{at}"), "status": d.pick(&["ACTIVE", "INACTIVE"]), "isAccountLocked": d.chance(50) });
        let held = d.some(&["g0", "g1", "g2", "g3", "g9"], 3);
        if d.chance(85) {
            if d.chance(20) {
                let documents = groups.iter().filter(|g| held.as_array().is_some_and(|h| h.contains(&g["id"])));
                one["groups"] = Value::from(documents.map(|g| json!({ "id": g["id"], "userType": g["userType"] })).collect::<Vec<_>>());
            }
            one["groupIds"] = held;
        }
        one
    });
    let assignments = d.list(3, |d, at| {
        json!({ "id": format!("x{at}"), "groupId": d.pick(&["g0", "g1", "g2", "g9"]), "userId": d.pick(&["k0", "k1", "u0"]), "userType": "CUSTOMER" })
    });
    let with_scopes = d.few(&["s0", "s1"], 0, 2);
    let mut scopes: Vec<Value> = Vec::new();
    for user in with_scopes {
        if !scopes.iter().any(|s| s["userId"] == user.as_str()) {
            scopes.push(json!({ "userId": user, "scopes": scope_text(d) }));
        }
    }
    let mut ids = names_in(&[&users], "id");
    ids.extend(names_in(&[&assignments, &scopes], "userId"));
    let mut granted: Vec<String> = Vec::new();
    for control in &controls {
        granted.extend(control["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
        let code = resources.iter().find(|r| r["id"] == control["resourceId"]).map_or(&Value::Null, |r| &r["code"]);
        let held = roles.iter().filter(|r| r["id"] == control["roleId"]).filter_map(|r| r["permissions"].as_array()).flatten();
        for document in held.filter_map(|h| permissions.iter().find(|p| p["id"] == h["id"])) {
            granted.extend(code.as_str().map(|code| format!("{code}_{}", document["code"].as_str().unwrap_or(""))));
        }
    }
    let mut payloads = Map::new();
    let all = [
        ("permissions", permissions),
        ("resources", resources),
        ("roles", roles),
        ("accessControls", controls),
        ("templates", templates),
        ("groups", groups),
        ("users", users),
        ("assignments", assignments),
        ("userScopes", scopes),
    ];
    for (key, list) in all {
        if !list.is_empty() || d.chance(30) {
            payloads.insert(key.into(), Value::from(list));
        }
    }
    let snapshot = json!({ "system": "emporix", "tenant": "acme", "payloads": payloads });
    let asked = questions(d, |d| {
        let mut principal = match d.below(20) {
            15 => Value::Null,
            16 => json!("u9"),
            17 => json!({ "userId": d.pick(&ids) }),
            18 | 19 => json!({ "sub": d.pick(&["zz", "zz", "u0", " ", ""]), "scope": claimed_text(d) }),
            _ => json!(d.pick(&ids)),
        };
        if principal.is_object() {
            d.maybe(40, &mut principal, "legalEntityId", |d| json!(d.pick(&["le-1", "le-2", "le-1", ""])));
        }
        let mut ask = if d.chance(45) { route(d) } else { permission_ask(d, &["scope", "permission"], |d| asked_scope(d, &granted)) };
        let mut context = json!({});
        if d.chance(25) {
            let company = json!(d.pick(&["le-1", "le-2", "le-3", "le-1", ""]));
            place(d, &mut ask, &mut context, "legalEntityId", company);
        }
        if d.chance(12) {
            let tenant = json!(if d.chance(30) { "other" } else { "acme" });
            place(d, &mut ask, &mut context, "tenant", tenant);
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}

fn route(d: &mut Draw) -> Value {
    let (method, path) = d.pick(&[
        ("GET", "groups"),
        ("POST", "groups/g0/users"),
        ("DELETE", "groups/g0/users/u0"),
        ("GET", "groups/g0/users"),
        ("DELETE", "groups/g0"),
        ("DELETE", "groups/g0?forceDelete=true"),
        ("DELETE", "groups/g1"),
        ("DELETE", "groups/g1?pageSize=1"),
        ("GET", "groups?pageSize=1"),
        ("POST", "groups/g1/users"),
        ("DELETE", "groups/g1/users/u0"),
        ("GET", "groups/g1/users"),
        ("DELETE", "groups/g0/users"),
        ("GET", "groups/g0"),
        ("POST", "groups"),
        ("PUT", "groups/g0"),
        ("PUT", "groups/g0/users/CUSTOMER/u0"),
        ("GET", "users/me/scopes"),
        ("GET", "users/me"),
        ("GET", "users/me/access-controls"),
        ("GET", "users/u0/scopes"),
        ("GET", "users/u0"),
        ("GET", "users/me/groups"),
        ("GET", "users/u0/groups/g0"),
        ("GET", "access-controls"),
        ("GET", "users/vendors/v1"),
        ("GET", "users/vendors/groups"),
        ("PATCH", "groups"),
        ("GET", "nothing"),
    ]);
    let tenant = if d.chance(5) { "other" } else { "acme" };
    let mut path = format!("/iam/{tenant}/{path}");
    if method == "DELETE" && d.chance(40) && !path.contains('?') {
        path = format!("{path}?{}", flagged(d, "forceDelete"));
    }
    let (method, path) = dressed(d, method, &path);
    let mut ask = json!({ "kind": "route", "method": method, "path": path });
    if d.chance(60) {
        let mut attributes = json!({});
        let entities = ["le-1", "le-2", "le-1", "le-2", "", " "];
        d.maybe(60, &mut attributes, "principal", |d| json!({ "legalEntityId": d.pick(&entities) }));
        if d.chance(60) {
            let mut resource = json!({});
            d.maybe(60, &mut resource, "legalEntityId", |d| json!(d.pick(&entities)));
            d.maybe(40, &mut resource, "userType", |d| d.pick(&[json!("CUSTOMER"), json!("EMPLOYEE"), Value::Null, json!(1)]));
            attributes["resource"] = resource;
            d.maybe(4, &mut attributes, "resource", |d| d.pick(&[Value::Null, json!("x")]));
        }
        d.maybe(40, &mut attributes, "groupHasMembers", fact);
        d.maybe(40, &mut attributes, "forceDelete", fact);
        d.maybe(20, &mut attributes, "preflight", fact);
        ask["attributes"] = attributes;
    }
    ask
}
