//! Ithbat: a registry, roles, users and tokens in every listing shape; permissions and routes asked.

use super::{Case, Draw, dressed, names_in, pages, permission_ask, place, questions};
use serde_json::{Map, Value, json};

const NAMES: [&str; 9] =
    ["permission:read", "permission:write", "role:read", "user:read", "user:*", "*", "user", "User:read", "policy:read"];

pub(super) fn case(d: &mut Draw) -> Case {
    let tenant = |d: &mut Draw, percent: usize| if d.chance(percent) { "t2" } else { "t1" };
    let mut payloads = Map::new();
    let names: Vec<&str> = NAMES.iter().copied().filter(|n| n.contains(':') && !n.contains('*') && d.chance(70)).collect();
    let list: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(at, name)| json!({ "id": format!("p{at}"), "tenantId": "t1", "name": name, "displayName": name, "isSystem": d.chance(40) }))
        .collect();
    let short = d.chance(30); // more of them than were loaded
    let extra = usize::from(short);
    let registry = match d.below(6) {
        0 => None,
        1 => Some(json!({ "permissions": names })),
        2 => Some(pages(d, list, |l, total| json!({ "items": l, "totalItems": total + extra }))),
        3 => Some(pages(d, list, |l, total| json!({ "data": l, "meta": { "pagination": { "page": 1, "total": total + extra } } }))),
        4 => Some(Value::from(list)),
        _ => Some(pages(d, list, |l, total| json!({ "success": true, "data": { "permissions": l, "total": total + extra } }))),
    };
    if let Some(registry) = registry {
        payloads.insert("permissions".into(), registry);
    }
    let roles: Vec<Value> = d.list(4, |d, at| {
        // A name twice, but never in one tenant.
        let foreign = d.chance(20);
        let name = if foreign { format!("Role {}", d.below(4)) } else { format!("Role {at}") };
        let mut role = json!({ "id": format!("r{at}"), "name": name, "permissions": d.some(&NAMES, 3), "isSystem": d.chance(30) });
        match (foreign, d.chance(80)) {
            (true, _) => role["tenantId"] = json!(format!("t{}", at + 2)),
            (_, true) => role["tenantId"] = json!("t1"),
            _ => {}
        }
        role
    });
    let roles = match d.below(3) {
        0 => Value::from(roles),
        1 => json!({ "items": roles, "totalItems": roles.len() }),
        _ => json!({ "data": roles, "meta": { "pagination": { "total": roles.len() } } }),
    };
    payloads.insert("roles".into(), roles);
    let users = d.list(3, |d, at| {
        let held = d.some(&["r0", "r1", "r2", "r3", "r9", "Role 0", "Role 1", "Role 2"], 3);
        let mut user = json!({ "id": format!("u{at}"), "tenantId": tenant(d, 6), "roles": held });
        d.maybe(60, &mut user, "isActive", |d| json!(!d.chance(25)));
        user
    });
    let mut ids = names_in(&[&users], "id");
    payloads.insert("users".into(), Value::from(users));
    if d.chance(50) {
        let tokens = d.list(2, |d, at| {
            let sub = if d.chance(30) { format!("u{at}") } else { format!("k{at}") };
            let mut token = json!({ "sub": sub, "tenant_id": tenant(d, 15), "roles": ["Role 0", "admin"] });
            d.maybe(80, &mut token, "permissions", |d| d.some(&NAMES, 3));
            token
        });
        ids.extend(names_in(&[&tokens], "sub"));
        payloads.insert("tokens".into(), Value::from(tokens));
    }
    let snapshot = json!({ "system": "ithbat", "tenant": "t1", "payloads": payloads });
    let asked = questions(d, |d| {
        let mut principal = match d.below(20) {
            17 => Value::Null,
            18 => json!("u9"),
            16 | 19 => {
                json!({ "sub": d.pick(&["x0", "x0", "u0", "u1", "k0", ""]), "tenant_id": tenant(d, 20), "roles": d.some(&["r0", "Role 1"], 2) })
            }
            _ => json!(d.pick(&ids)),
        };
        if principal.is_object() {
            d.maybe(80, &mut principal, "permissions", |d| d.some(&NAMES, 3));
        }
        let mut ask = if d.chance(40) {
            let (method, path) = d.pick(&[
                ("GET", "/api/v1/permissions"),
                ("GET", "/api/v1/permissions/categories"),
                ("GET", "/api/v1/permissions/p0"),
                ("POST", "/api/v1/permissions"),
                ("PUT", "/api/v1/permissions/p0"),
                ("DELETE", "/api/v1/permissions/p1"),
                ("DELETE", "/api/v1/permissions/p2"),
                ("PUT", "/api/v1/permissions/p9"),
                ("DELETE", "/api/v1/permissions/categories"),
                ("GET", "/api/v1/roles"),
                ("GET", "/api/v1/roles/permissions"),
                ("DELETE", "/api/v1/roles/r0"),
                ("POST", "/api/v1/policies/evaluate"),
            ]);
            let (method, path) = dressed(d, method, path);
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["permission", "scope"], |d| d.pick(&NAMES).to_owned())
        };
        let mut context = json!({});
        if d.chance(40) {
            let tenant = json!(tenant(d, 12));
            place(d, &mut ask, &mut context, "tenant", tenant);
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}
