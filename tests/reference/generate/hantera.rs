//! Hantera: roles with ACL entries, principals and clients; ACEs and routes asked.

use super::{Case, Draw, dressed, names_in, pages, permission_ask, place, questions};
use serde_json::{Map, Value, json};

const ROLES: [&str; 7] = ["a:one", "a:two", "b:one", "system:portal:full", "b:two", "system:owner", "no:such"];
const PATHS: [&str; 12] = [
    "actors",
    "actors/order",
    "actors/order/1",
    "actor",
    "iam",
    "iam/roles",
    "iam/principals",
    "iam/clients",
    "graph",
    "me",
    "*",
    "actors/*",
];
const PERMISSIONS: [&str; 8] = ["read", "write", "delete", "*", "applyCommands", "applyCommands:setNotes", "query", "Read"];
const ODD: [&str; 10] = ["", ":", "actors", "actors:", "actors//order:read", "/actors:read", "actors/:read", "actors:read:", "me", "iam"];

fn ace(d: &mut Draw) -> String {
    let path = d.pick(&PATHS);
    match d.below(6) {
        4 => path.to_owned(),
        5 => format!("{path}:{}:{}", d.pick(&PERMISSIONS), d.pick(&["setNotes", "x", "*"])),
        _ => format!("{path}:{}", d.pick(&PERMISSIONS)),
    }
}

fn asked_ace(d: &mut Draw, granted: &[String]) -> String {
    if d.chance(8) {
        return d.pick(&ODD).to_owned();
    }
    if granted.is_empty() || d.chance(40) {
        return ace(d);
    }
    // Near what some role grants: at, below, above or beside it.
    let near = d.pick(granted);
    let (resource, permission) = near.split_once(':').unwrap_or((&near, "read"));
    match d.below(6) {
        0 | 1 => near.clone(),
        2 => format!("{resource}/x:{permission}"),
        3 => format!("{resource}:{permission}:x"),
        4 => format!("{resource}x:{permission}"),
        _ => format!("{}:{permission}", resource.rsplit_once('/').map_or(resource, |(above, _)| above)),
    }
}

fn entry(d: &mut Draw) -> Value {
    let path = d.pick(&PATHS);
    let resource = if d.chance(25) { Value::from(path.split('/').collect::<Vec<_>>()) } else { Value::from(path) };
    let mut entry = json!({ "resource": resource });
    let permission = d.pick(&PERMISSIONS);
    match d.below(8) {
        5 => {}
        6 => entry["permission"] = Value::Null,
        7 => entry["permission"] = Value::from(permission.split(':').collect::<Vec<_>>()),
        _ => entry["permission"] = Value::from(permission),
    }
    d.maybe(15, &mut entry, "attributeKeys", |d| d.some(&["k"], 1));
    entry
}

pub(super) fn case(d: &mut Draw) -> Case {
    let count = d.count(6);
    let roles: Vec<Value> = ROLES[..count]
        .iter()
        .map(|key| {
            let mut role = json!({ "key": key });
            match d.below(8) {
                6 => {}
                7 => role["acl"] = json!({ "entries": [] }),
                _ => role["acl"] = json!({ "entries": d.list(3, |d, _| entry(d)) }),
            }
            role
        })
        .collect();
    let identity = |d: &mut Draw, id: String, kind: &str| {
        let mut one = json!({ "id": id, "type": kind, "properties": {}, "roles": d.some(&ROLES, 3) });
        match d.below(6) {
            3 => one["suspendedAt"] = Value::Null,
            5 if d.chance(50) => one["suspendedAt"] = json!("2025-01-07T15:30:00Z"),
            _ => {}
        }
        one
    };
    let principals = d.list(3, |d, at| identity(d, format!("p{at}"), "principal"));
    let clients = d.list(2, |d, at| identity(d, format!("c{at}"), "client"));
    let ids = names_in(&[&principals, &clients], "id");
    let joined = |value: &Value, by: &str| match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(by),
        other => other.as_str().unwrap_or("any").to_owned(),
    };
    let entries = roles.iter().filter_map(|r| r["acl"]["entries"].as_array()).flatten();
    let granted: Vec<String> = entries.map(|e| format!("{}:{}", joined(&e["resource"], "/"), joined(&e["permission"], ":"))).collect();
    let mut payloads = Map::new();
    payloads.insert("roles".into(), if d.chance(20) { json!({ "roles": roles }) } else { Value::from(roles) });
    let enveloped = d.chance(40);
    let principals = if enveloped {
        pages(d, principals, |list, total| json!({ "principals": list, "totalCount": total, "firstCursor": null, "lastCursor": null }))
    } else {
        Value::from(principals)
    };
    payloads.insert("principals".into(), principals);
    if d.chance(70) {
        payloads.insert("clients".into(), Value::from(clients));
    }
    let snapshot = json!({ "system": "hantera", "tenant": "acme", "payloads": payloads });
    let asked = questions(d, |d| {
        let principal = match d.below(20) {
            16 => Value::Null,
            17 => json!("p9"),
            18 => json!({ "roles": d.some(&ROLES, 3) }),
            19 => json!({ "sub": d.pick(&ids) }),
            _ => json!(d.pick(&ids)),
        };
        let mut principal = principal;
        if principal.is_object() {
            d.maybe(40, &mut principal, "scope", |d| {
                Value::from(d.list(2, |d, _| Value::from(ace(d))).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            });
        }
        let mut ask = if d.chance(25) {
            let (method, path) = d.pick(&[
                ("GET", "/resources/iam/principals"),
                ("GET", "/resources/iam/principals/1"),
                ("PUT", "/resources/iam/principals/1/roles"),
                ("DELETE", "/resources/iam/clients/1"),
                ("POST", "/resources/iam/clients/1/secrets"),
                ("GET", "/resources/iam/roles"),
                ("PUT", "/resources/iam/roles/a:one"),
                ("PUT", "/resources/iam/roles/system:owner"),
                ("DELETE", "/resources/iam/roles/system:x"),
                ("GET", "/resources/iam/roles/system:owner"),
                ("POST", "/resources/graph/query"),
                ("POST", "/resources/me/password"),
                ("GET", "/resources/iam/roles/a:one/x"),
                ("PATCH", "/resources/iam/roles/a:one"),
                ("GET", "/resources/iam/principals?rolePrefix=a:"),
            ]);
            let (method, path) = dressed(d, method, path);
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["ace", "permission"], |d| asked_ace(d, &granted))
        };
        let mut context = json!({});
        if d.chance(25) {
            let wide = ["actors", "actors/order:*", "iam:*", "graph:*", "iam/roles", "me:*"];
            let scopes = d.list(3, |d, _| Value::from(if d.chance(60) { d.pick(&wide).to_owned() } else { ace(d) }));
            let scopes = if d.chance(30) {
                Value::from(scopes)
            } else {
                Value::from(scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            };
            place(d, &mut ask, &mut context, "sessionScopes", scopes);
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}
