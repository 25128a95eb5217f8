//! The native snapshot: permissions, tenants, resources, roles, groups, principals and endpoints; every kind but filters asked.

use super::{Case, Draw, dressed, names_in, permission_ask, place, questions};
use serde_json::{Map, Value, json};

const PERMISSIONS: [&str; 10] = [
    "doc:read",
    "doc:login",
    "doc:write",
    "doc/d1:read",
    "folder/f1:read",
    "doc:read:meta",
    "login",
    "doc/d1/p1:read",
    "folder:read",
    "invoice:read",
];
const PATTERNS: [&str; 16] = [
    "doc:read",
    "doc:*",
    "*:read",
    "*",
    "doc/d1:read",
    "doc/*:read",
    "folder/f1:read",
    "folder:*",
    "*:*",
    "login",
    "*/d1:write",
    "doc:write",
    "doc:read:meta",
    "folder/f0:*",
    "doc/5:read",
    "doc/-1:*",
];
/// Ids are data (N20): numbers, texts of numbers, URLs, what parts a permission or stands for anything in one.
const IDS: [&str; 20] = [
    "d0",
    "d1",
    "d2",
    "f1",
    "d1/p1",
    "5",
    "05",
    "5.0",
    "1e+21",
    "0",
    "-0",
    "-1",
    "0.1",
    "",
    "gid://shop/Order/5",
    "https://x.test/a",
    "/d1",
    "d1//p1",
    "a:b",
    "*",
];

/// An id as a record has it.
fn record_id(d: &mut Draw) -> Value {
    match d.below(8) {
        0..=3 => json!(d.pick(&IDS)),
        4 => json!(d.pick(&["d0", "d1", "d1", "d2", "f1", "d1/p1"])),
        5 => d.pick(&[
            json!(7),
            json!(5),
            json!(5.0),
            json!(1e21),
            json!(-0.0),
            json!(-1),
            json!(0.1),
            json!(1e-7),
            json!(9_007_199_254_740_993_u64),
        ]),
        6 => json!(null),
        _ => d.pick(&[json!(true), json!(["5"]), json!([]), json!({}), json!({ "id": "5" }), json!(false)]),
    }
}

/// A record by its type and id.
fn by_id(d: &mut Draw) -> Value {
    let id = d.pick(&IDS);
    if id.is_empty() {
        return json!({ "type": "doc", "id": "d1" });
    }
    let id = if id.contains('*') || d.chance(20) { json!({ "literal": id }) } else { json!(id) };
    let kind = if d.chance(20) { json!({ "literal": "doc" }) } else { json!(d.pick(&["doc", "doc", "doc", "folder"])) };
    json!({ "type": kind, "id": id })
}

const ROLES: [&str; 6] = ["k0", "k1", "k2", "k3", "k9", "k4"];
const TENANTS: [&str; 7] = ["t0", "t1", "t2", "t3", "t4", "t9", "t8"];

fn scalar(d: &mut Draw) -> Value {
    d.pick(&[
        json!("x"),
        json!("u0"),
        json!(1),
        json!(0),
        json!("1"),
        json!(null),
        json!(true),
        json!(2.5),
        json!(""),
        json!("${principal.id}"),
        json!("${principal.tenant}"),
        json!("${principal.attributes.dep}"),
        json!("${principal.attributes.none}"),
    ])
}

fn plain(d: &mut Draw) -> Value {
    d.pick(&[
        json!("x"),
        json!("u0"),
        json!(1),
        json!(0),
        json!("1"),
        json!(null),
        json!(true),
        json!(2.5),
        json!(""),
        json!("t1"),
        json!("y"),
    ])
}

fn operators(d: &mut Draw, depth: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + usize::from(d.chance(25)) {
        let (op, operand) = match d.below(12) {
            0 => ("$eq", scalar(d)),
            1 => ("$ne", scalar(d)),
            2 => ("$in", Value::from(d.list(3, |d, _| scalar(d)))),
            3 => ("$nin", Value::from(d.list(3, |d, _| scalar(d)))),
            n @ 4..=7 => (
                ["$lt", "$lte", "$gt", "$gte"][n - 4],
                d.pick(&[json!(1), json!(0), json!("x"), json!("1"), json!(2.5), json!("${principal.attributes.dep}")]),
            ),
            8 => ("$all", Value::from((0..1 + d.below(2)).map(|_| scalar(d)).collect::<Vec<_>>())),
            9 => ("$size", json!(d.below(3))),
            10 if depth == 0 => ("$elemMatch", if d.chance(50) { operators(d, 1) } else { json!({ "k": scalar(d) }) }),
            _ => ("$exists", json!(d.chance(50))),
        };
        all.insert(op.into(), operand);
    }
    Value::Object(all)
}

fn conditions(d: &mut Draw) -> Value {
    let mut all = Map::new();
    for _ in 0..d.below(3) {
        let path = d.pick(&["owner", "n", "tags", "a.b", "items.k", "id"]);
        let value = if d.chance(50) { operators(d, 0) } else { scalar(d) };
        all.insert(path.into(), value);
    }
    Value::Object(all)
}

fn record(d: &mut Draw) -> Value {
    let mut map = Map::new();
    if d.chance(85) {
        map.insert("id".into(), record_id(d));
    }
    for key in ["owner", "n"] {
        if d.chance(60) {
            map.insert(key.into(), plain(d));
        }
    }
    if d.chance(60) {
        map.insert("tags".into(), Value::from(d.list(2, |d, _| plain(d))));
    }
    if d.chance(50) {
        map.insert("a".into(), d.pick(&[json!({ "b": 1 }), json!({ "b": "x" }), json!([{ "b": 1 }, { "b": "x" }]), json!({}), json!(1)]));
    }
    if d.chance(50) {
        map.insert("items".into(), Value::from(d.list(2, |d, _| json!({ "k": plain(d) }))));
    }
    Value::Object(map)
}

fn grant(d: &mut Draw, denies: bool) -> Value {
    let mut grant = json!({});
    if denies && d.chance(30) {
        grant["effect"] = json!("deny");
    } else if d.chance(20) {
        grant["effect"] = json!("allow");
    }
    if d.chance(50) {
        let literal = |d: &mut Draw, pattern: &str| if d.chance(12) { json!({ "literal": pattern }) } else { json!(pattern) };
        let patterns: Vec<Value> = (0..1 + d.below(2))
            .map(|_| {
                let pattern = d.pick(&PATTERNS);
                literal(d, pattern)
            })
            .collect();
        grant["permissions"] = json!(patterns);
    } else {
        grant["actions"] = json!(d.few(&["read", "write", "*", "read", "read:meta", "login"], 1, 2));
        let patterns =
            ["doc", "folder", "*", "doc/d1", "folder/f1", "folder/f0", "doc/*", "*/d1", "doc/5", "doc/-1", "doc/0.1", "doc/*/p1"];
        d.maybe(80, &mut grant, "resources", |d| {
            Value::from(d.list(2, |d, _| if d.chance(30) { by_id(d) } else { json!(d.pick(&patterns)) }))
        });
    }
    d.maybe(30, &mut grant, "conditions", conditions);
    d.maybe(12, &mut grant, "fields", |d| json!(d.few(&["total", "name"], 1, 2)));
    d.maybe(20, &mut grant, "priority", |d| json!(d.pick(&[1, 2, -1, 0])));
    d.maybe(12, &mut grant, "scope", |d| json!(d.pick(&TENANTS)));
    d.maybe(15, &mut grant, "reason", |_| json!("because"));
    grant
}

/// Names from a list up to (and not with) an index, so that nothing loops; now and then one that is not there.
fn lower(d: &mut Draw, names: &[&str], below: usize, dangling: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names.iter().take(below) {
        if d.chance(35) {
            out.push((*name).to_owned());
        }
    }
    if d.chance(8) {
        out.push(dangling.to_owned());
    }
    out
}

pub(super) fn case(d: &mut Draw) -> Case {
    let combining = d.pick(&["deny-overrides", "additive", "last-applicable", "first-applicable"]);
    let denies = combining != "additive";
    let mut payloads = json!({ "combining": combining });
    if d.chance(30) {
        payloads["registry"] = json!(d.pick(&["closed", "closed", "open"]));
    }
    let listed: Vec<Value> = PERMISSIONS.iter().filter(|_| d.chance(60)).map(|name| json!({ "name": name })).collect();
    if !listed.is_empty() {
        payloads["permissions"] = Value::from(listed);
    }
    // t0 ← t1 ← t2, t3 alone, t4 below one that is not listed
    if d.chance(70) {
        payloads["tenants"] = json!([{ "id": "t0" }, { "id": "t1", "parent": "t0" }, { "id": "t2", "parent": "t1" }, { "id": "t3" }, { "id": "t4", "parent": "t8" }]);
    }
    if d.chance(70) {
        let mut resources = vec![json!({ "type": "folder", "id": "f0" })];
        for (kind, id, parent) in [("folder", "f1", "f0"), ("doc", "d1", "f1"), ("doc", "d2", "f9")] {
            let mut one = json!({ "type": kind, "id": id });
            if d.chance(70) {
                one["parent"] = json!({ "type": "folder", "id": parent });
            }
            resources.push(one);
        }
        if d.chance(40) {
            let mut one = by_id(d);
            let known = ["d1", "d2", "f1", "f0"].map(|id| json!(id));
            let id = one["id"].get("literal").unwrap_or(&one["id"]).clone();
            if !known.contains(&id) {
                d.maybe(70, &mut one, "parent", |d| json!({ "type": "folder", "id": d.pick(&["f0", "f1"]) }));
                resources.push(one);
            }
        }
        payloads["resources"] = Value::from(resources);
    }
    let grants = |d: &mut Draw, most: usize| Value::from(d.list(most, |d, _| grant(d, denies)));
    let keys = ["k0", "k1", "k2", "k3", "k4"];
    let count = d.count(5);
    let roles: Vec<Value> = (0..count)
        .map(|at| {
            let mut role = json!({ "key": keys[at], "grants": grants(d, 3) });
            d.maybe(40, &mut role, "inherits", |d| json!(lower(d, &keys, at, "k9")));
            d.maybe(20, &mut role, "tenant", |d| json!(d.pick(&TENANTS)));
            d.maybe(10, &mut role, "superuser", |d| json!(!d.chance(30)));
            role
        })
        .collect();
    payloads["roles"] = Value::from(roles);
    let ids = ["g0", "g1", "g2"];
    let count = d.count(3);
    let groups: Vec<Value> = (0..count)
        .map(|at| {
            let mut group = json!({ "id": ids[at] });
            d.maybe(50, &mut group, "memberOf", |d| json!(lower(d, &ids, at, "g9")));
            d.maybe(60, &mut group, "roles", |d| d.some(&ROLES, 2));
            d.maybe(60, &mut group, "grants", |d| grants(d, 2));
            d.maybe(15, &mut group, "tenant", |d| json!(d.pick(&TENANTS)));
            group
        })
        .collect();
    payloads["groups"] = Value::from(groups);
    let assigned = |d: &mut Draw| {
        Value::from(d.list(3, |d, _| {
            let role = d.pick(&ROLES);
            if d.chance(25) { json!({ "role": role, "scope": d.pick(&TENANTS) }) } else { json!(role) }
        }))
    };
    let principals = d.list(3, |d, at| {
        let mut one = json!({ "id": format!("u{at}"), "type": "user", "roles": assigned(d) });
        d.maybe(50, &mut one, "groups", |d| d.some(&["g0", "g1", "g2", "g9"], 2));
        d.maybe(50, &mut one, "grants", |d| grants(d, 2));
        d.maybe(30, &mut one, "tenant", |d| json!(d.pick(&TENANTS)));
        d.maybe(40, &mut one, "aliases", |d| if d.chance(30) { json!(["shared"]) } else { json!([format!("alias{at}")]) });
        d.maybe(40, &mut one, "status", |d| json!(if d.chance(12) { "suspended" } else { "active" }));
        d.maybe(8, &mut one, "validFrom", |d| json!(d.pick(&["2026-01-01T00:00:00Z", "2026-06-01T02:00:00+02:00"])));
        d.maybe(8, &mut one, "validUntil", |d| json!(d.pick(&["2027-01-01T00:00:00Z", "2026-06-01T00:00:00.5Z"])));
        d.maybe(50, &mut one, "attributes", |d| json!({ "dep": plain(d) }));
        one
    });
    let mut known = names_in(&[&principals], "id");
    known.extend(principals.iter().filter_map(|p| p["aliases"][0].as_str().map(str::to_owned)));
    payloads["principals"] = Value::from(principals);
    if d.chance(60) {
        let permission = |d: &mut Draw| Value::from(d.pick(&PERMISSIONS));
        payloads["endpoints"] = json!([
            { "method": "GET", "path": "/docs", "requires": { "anyOf": d.list(2, |d, _| permission(d)) } },
            { "method": "POST", "path": "/docs", "requires": { "allOf": d.list(2, |d, _| permission(d)) } },
            { "method": "GET", "path": "/docs/{id}", "requires": { "action": "read", "subject": "doc", "check": "instance" } },
            { "method": "GET", "path": "/docs/recent", "requires": { "action": "read", "subject": "doc", "check": "type" } },
            { "method": "GET", "path": "/me", "requires": { "authenticated": true } },
            { "method": "GET", "path": "/health", "requires": { "none": true } },
        ]);
    }
    let mut snapshot = json!({ "format": 1, "system": "latchgate", "payloads": payloads });
    d.maybe(50, &mut snapshot, "tenant", |d| json!(d.pick(&["t0", "t1", "t2"])));
    d.maybe(8, &mut snapshot, "expiresAt", |_| json!("2026-12-01T00:00:00Z"));
    let asked = questions(d, |d| {
        let principal = match d.below(24) {
            20 => Value::Null,
            21 => json!("u9"),
            22 => json!(d.pick(&["alias0", "alias0", "shared", ""])),
            18 | 19 | 23 => {
                let id = d.pick(&["x0", "x0", "u0", "u1", "alias0", "shared", "", " "]);
                let mut claims = json!({ (d.pick(&["id", "sub", "client_id"])): id });
                d.maybe(80, &mut claims, "roles", |d| d.some(&ROLES, 2));
                d.maybe(15, &mut claims, "scope", |d| json!(d.few(&PATTERNS, 0, 2).join(" ")));
                d.maybe(10, &mut claims, "iss", |_| json!("https://id.example"));
                d.maybe(40, &mut claims, "groups", |d| d.some(&["g0", "g1"], 1));
                d.maybe(30, &mut claims, "tenant", |d| json!(d.pick(&TENANTS)));
                d.maybe(40, &mut claims, "attributes", |d| json!({ "dep": plain(d) }));
                claims
            }
            _ => json!(d.pick(&known)),
        };
        let (action, subject) = (d.pick(&["read", "read", "write", "read:meta"]), d.pick(&["doc", "doc", "folder", "invoice"]));
        let mut ask = match d.below(8) {
            0..=2 => permission_ask(d, &["permission", "scope", "ace"], |d| d.pick(&PERMISSIONS).to_owned()),
            3 => json!({ "kind": "type", "action": action, "subject": subject }),
            4 => {
                let (method, path) = d.pick(&[
                    ("GET", "/docs"),
                    ("POST", "/docs"),
                    ("GET", "/docs/d1"),
                    ("GET", "/docs/recent"),
                    ("GET", "/me"),
                    ("GET", "/health"),
                    ("GET", "/none"),
                ]);
                let of_record = path.starts_with("/docs/");
                let (method, path) = dressed(d, method, path);
                let mut ask = json!({ "kind": "route", "method": method, "path": path });
                if of_record {
                    ask["attributes"] = json!({ "resource": record(d) });
                }
                ask
            }
            _ => json!({ "kind": "instance", "action": action, "subject": subject, "object": record(d) }),
        };
        if ask["kind"] == "type" || ask["kind"] == "instance" {
            d.maybe(15, &mut ask, "field", |d| json!(d.pick(&["total", "name", "other"])));
        }
        let mut context = json!({});
        if d.chance(20) {
            let tenant = json!(d.pick(&TENANTS));
            place(d, &mut ask, &mut context, "tenant", tenant);
        }
        if d.chance(45) {
            let now = json!(d.pick(&["2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z", "2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z"]));
            place(d, &mut ask, &mut context, "now", now);
        }
        if d.chance(15) {
            let scopes = json!(d.few(&PATTERNS, 0, 2));
            let scopes = if d.chance(50) {
                scopes
            } else {
                json!(scopes.as_array().map(|l| l.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")))
            };
            place(d, &mut ask, &mut context, "sessionScopes", scopes);
        }
        if d.chance(12) {
            let roles = d.some(&ROLES, 2);
            place(d, &mut ask, &mut context, "roles", roles);
        }
        if d.chance(10) {
            context["attributes"] = json!({ "dep": plain(d) });
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}
