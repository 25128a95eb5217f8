//! Small but nasty snapshots and questions about them, for every system.
//!
//! A case is decoded from a list of bytes, which proptest draws and shrinks: a shorter list of smaller bytes is a
//! smaller and plainer case (zero always means the first, the plainest or "no"). Names come from tiny alphabets, so they
//! collide; ids dangle; members are absent, null or empty. Every snapshot is one that must load.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A snapshot and questions about it, each `{principal, ask, context}`.
pub type Case = (Value, Vec<Value>);

/// How many questions a case asks.
const QUESTIONS: usize = 24;

pub const SYSTEMS: [&str; 7] = ["hantera", "emporix", "open-archiver", "kura", "ithbat", "casl", "latchgate"];

/// The strategy of a system.
pub fn cases(system: &'static str) -> BoxedStrategy<Case> {
    proptest::collection::vec(any::<u8>(), 300..2500).prop_map(move |bytes| build(system, bytes)).boxed()
}

pub fn hantera() -> BoxedStrategy<Case> {
    cases("hantera")
}
pub fn emporix() -> BoxedStrategy<Case> {
    cases("emporix")
}
pub fn open_archiver() -> BoxedStrategy<Case> {
    cases("open-archiver")
}
pub fn kura() -> BoxedStrategy<Case> {
    cases("kura")
}
pub fn ithbat() -> BoxedStrategy<Case> {
    cases("ithbat")
}
pub fn casl() -> BoxedStrategy<Case> {
    cases("casl")
}
pub fn native() -> BoxedStrategy<Case> {
    cases("latchgate")
}

/// The case that a list of bytes stands for (the same bytes, the same case).
pub fn build(system: &str, bytes: Vec<u8>) -> Case {
    let mut d = Draw { bytes, at: 0 };
    match system {
        "hantera" => hantera_case(&mut d),
        "emporix" => emporix_case(&mut d),
        "open-archiver" => open_archiver_case(&mut d),
        "kura" => kura_case(&mut d),
        "ithbat" => ithbat_case(&mut d),
        "casl" => casl_case(&mut d),
        _ => native_case(&mut d),
    }
}

// ---------------------------------------------------------------------------------------------------------------------

struct Draw {
    bytes: Vec<u8>,
    at: usize,
}

impl Draw {
    fn byte(&mut self) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte)
    }
    fn below(&mut self, n: usize) -> usize {
        self.byte() % n
    }
    /// True in about so many of a hundred cases; a zero byte is false.
    fn chance(&mut self, percent: usize) -> bool {
        self.byte() * 100 / 256 >= 100 - percent
    }
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len());
        from[at].clone()
    }
    /// Mostly one or more; none once in a while, and where the bytes have run out.
    fn count(&mut self, most: usize) -> usize {
        if self.chance(95) { 1 + self.below(most) } else { 0 }
    }
    /// Up to `most` of them, repeats and all.
    fn some(&mut self, from: &[&str], most: usize) -> Value {
        let count = self.count(most);
        Value::from((0..count).map(|_| self.pick(from)).collect::<Vec<_>>())
    }
    /// Up to `most` of them, each once.
    fn set(&mut self, from: &[&str], most: usize) -> Value {
        let mut out: Vec<&str> = Vec::new();
        for _ in 0..self.count(most) {
            let one = self.pick(from);
            if !out.contains(&one) {
                out.push(one);
            }
        }
        Value::from(out)
    }
    fn few(&mut self, from: &[&str], least: usize, most: usize) -> Vec<String> {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| self.pick(from).to_owned()).collect()
    }
    fn list(&mut self, most: usize, mut one: impl FnMut(&mut Draw, usize) -> Value) -> Vec<Value> {
        let count = self.count(most);
        (0..count).map(|at| one(self, at)).collect()
    }
    fn maybe(&mut self, percent: usize, into: &mut Value, key: &str, one: impl FnOnce(&mut Draw) -> Value) {
        if self.chance(percent) {
            let value = one(self);
            into[key] = value;
        }
    }
}

fn question(principal: Value, ask: Value, context: Value) -> Value {
    json!({ "principal": principal, "ask": ask, "context": context })
}

/// The names of all items of some lists, in order; one that is nobody's where there are none.
fn names_in(lists: &[&[Value]], key: &str) -> Vec<String> {
    let all = lists.iter().flat_map(|list| list.iter()).filter_map(|item| item[key].as_str().map(str::to_owned));
    let mut all: Vec<String> = all.collect();
    if all.is_empty() {
        all.push("nobody".into());
    }
    all
}

fn questions(d: &mut Draw, mut one: impl FnMut(&mut Draw) -> (Value, Value, Value)) -> Vec<Value> {
    (0..QUESTIONS)
        .map(|_| {
            let (principal, ask, context) = one(d);
            question(principal, ask, context)
        })
        .collect()
}

/// The context keys that are accepted inside the ask as well: put now here, now there.
fn place(d: &mut Draw, ask: &mut Value, context: &mut Value, key: &str, value: Value) {
    if d.chance(50) {
        ask[key] = value;
    } else {
        context[key] = value;
    }
}

/// One permission, all of some or any of some.
fn permission_ask(d: &mut Draw, kinds: &[&str], mut one: impl FnMut(&mut Draw) -> String) -> Value {
    let kind = d.pick(kinds);
    match d.below(8) {
        6 => json!({ "kind": kind, "allOf": d.list(3, |d, _| Value::from(one(d))) }),
        7 => json!({ "kind": kind, "anyOf": d.list(3, |d, _| Value::from(one(d))) }),
        _ => json!({ "kind": kind, "permission": one(d) }),
    }
}

/// A listing in pages: the list cut in two, each part in an envelope of its own.
fn pages(d: &mut Draw, list: Vec<Value>, envelope: impl Fn(Vec<Value>, usize) -> Value) -> Value {
    let total = list.len();
    if d.chance(15) && total > 1 {
        let (first, second) = list.split_at(total / 2);
        return Value::from(vec![envelope(first.to_vec(), total), envelope(second.to_vec(), total)]);
    }
    envelope(list, total)
}

// ---------------------------------------------------------------------------------------------------------------------

const H_ROLES: [&str; 7] = ["a:one", "a:two", "b:one", "system:portal:full", "b:two", "system:owner", "no:such"];
const H_PATHS: [&str; 12] = [
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
const H_PERMISSIONS: [&str; 8] = ["read", "write", "delete", "*", "applyCommands", "applyCommands:setNotes", "query", "Read"];
const H_ODD: [&str; 10] = ["", ":", "actors", "actors:", "actors//order:read", "/actors:read", "actors/:read", "actors:read:", "me", "iam"];

fn hantera_ace(d: &mut Draw) -> String {
    let path = d.pick(&H_PATHS);
    match d.below(6) {
        4 => path.to_owned(),
        5 => format!("{path}:{}:{}", d.pick(&H_PERMISSIONS), d.pick(&["setNotes", "x", "*"])),
        _ => format!("{path}:{}", d.pick(&H_PERMISSIONS)),
    }
}

fn hantera_ask(d: &mut Draw, granted: &[String]) -> String {
    if d.chance(8) {
        return d.pick(&H_ODD).to_owned();
    }
    if granted.is_empty() || d.chance(40) {
        return hantera_ace(d);
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

fn hantera_entry(d: &mut Draw) -> Value {
    let path = d.pick(&H_PATHS);
    let resource = if d.chance(25) { Value::from(path.split('/').collect::<Vec<_>>()) } else { Value::from(path) };
    let mut entry = json!({ "resource": resource });
    let permission = d.pick(&H_PERMISSIONS);
    match d.below(8) {
        5 => {}
        6 => entry["permission"] = Value::Null,
        7 => entry["permission"] = Value::from(permission.split(':').collect::<Vec<_>>()),
        _ => entry["permission"] = Value::from(permission),
    }
    d.maybe(15, &mut entry, "attributeKeys", |d| d.some(&["k"], 1));
    entry
}

fn hantera_case(d: &mut Draw) -> Case {
    let count = d.count(6);
    let roles: Vec<Value> = H_ROLES[..count]
        .iter()
        .map(|key| {
            let mut role = json!({ "key": key });
            match d.below(8) {
                6 => {}
                7 => role["acl"] = json!({ "entries": [] }),
                _ => role["acl"] = json!({ "entries": d.list(3, |d, _| hantera_entry(d)) }),
            }
            role
        })
        .collect();
    let identity = |d: &mut Draw, id: String, kind: &str| {
        let mut one = json!({ "id": id, "type": kind, "properties": {}, "roles": d.some(&H_ROLES, 3) });
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
            18 => json!({ "roles": d.some(&H_ROLES, 3) }),
            19 => json!({ "sub": d.pick(&ids) }),
            _ => json!(d.pick(&ids)),
        };
        let mut principal = principal;
        if principal.is_object() {
            d.maybe(40, &mut principal, "scope", |d| {
                Value::from(d.list(2, |d, _| Value::from(hantera_ace(d))).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
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
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["ace", "permission"], |d| hantera_ask(d, &granted))
        };
        let mut context = json!({});
        if d.chance(25) {
            let wide = ["actors", "actors/order:*", "iam:*", "graph:*", "iam/roles", "me:*"];
            let scopes = d.list(3, |d, _| Value::from(if d.chance(60) { d.pick(&wide).to_owned() } else { hantera_ace(d) }));
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

// ---------------------------------------------------------------------------------------------------------------------

const E_CODES: [&str; 5] = ["read", "manage", "read_own", "create_own", "delete_own"];
const E_RESOURCES: [&str; 4] = ["iam.group", "iam.assignment", "iam.user", "order.order"];
const E_SCOPES: [&str; 12] = [
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

fn emporix_ask(d: &mut Draw, granted: &[String]) -> String {
    if granted.is_empty() || d.chance(40) {
        return emporix_scope(d);
    }
    let scope = d.pick(granted);
    if d.chance(40) { format!("{scope}--{}", d.pick(&["DE", "FR", "IT"])) } else { scope }
}

fn emporix_scope(d: &mut Draw) -> String {
    let scope = match d.below(2) {
        0 => d.pick(&E_SCOPES).to_owned(),
        _ => format!("{}_{}", d.pick(&E_RESOURCES), d.pick(&E_CODES)),
    };
    if d.chance(15) {
        return format!("{scope}--{}", d.pick(&["DE", "FR", "IT"]));
    }
    scope
}

/// The text of a scope list, with or without the tenant marker.
fn emporix_scopes(d: &mut Draw) -> String {
    let iam = &E_SCOPES[..8]; // what the own-scopes and the deletion of a group turn on
    let mut scopes: Vec<String> = (0..d.count(5)).map(|_| if d.chance(70) { d.pick(iam).to_owned() } else { emporix_scope(d) }).collect();
    match d.below(12) {
        0..=3 => {}
        11 => scopes.insert(0, "tenant=other".into()),
        _ => scopes.push("tenant=acme".into()),
    }
    scopes.join(" ")
}

fn emporix_case(d: &mut Draw) -> Case {
    let count = d.count(4);
    let permissions: Vec<Value> = (0..count)
        .map(|at| {
            let mut one = json!({ "id": format!("p{at}"), "code": d.pick(&E_CODES) });
            d.maybe(40, &mut one, "applicableResources", |d| d.some(&["r0", "r1", "r2", "r3"], 4));
            one
        })
        .collect();
    let resources: Vec<Value> = (0..d.count(4)).map(|at| json!({ "id": format!("r{at}"), "code": E_RESOURCES[at] })).collect();
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
            one["resource"] = listed.unwrap_or_else(|| json!({ "id": resource, "code": d.pick(&E_RESOURCES) }));
        }
        d.maybe(25, &mut one, "scopes", |d| Value::from(d.list(3, |d, _| Value::from(d.pick(&E_SCOPES)))));
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
        d.maybe(40, &mut one, "restrictions", |d| d.some(&["DE", "FR"], 2));
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
            scopes.push(json!({ "userId": user, "scopes": emporix_scopes(d) }));
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
            18 | 19 => json!({ "sub": "zz", "scope": emporix_scopes(d) }),
            _ => json!(d.pick(&ids)),
        };
        if principal.is_object() {
            d.maybe(40, &mut principal, "legalEntityId", |d| json!(d.pick(&["le-1", "le-2"])));
        }
        let mut ask =
            if d.chance(45) { emporix_route(d) } else { permission_ask(d, &["scope", "permission"], |d| emporix_ask(d, &granted)) };
        let mut context = json!({});
        if d.chance(25) {
            let company = json!(d.pick(&["le-1", "le-2", "le-3"]));
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

fn emporix_route(d: &mut Draw) -> Value {
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
    let mut ask = json!({ "kind": "route", "method": method, "path": format!("/iam/{tenant}/{path}") });
    if d.chance(60) {
        let mut attributes = json!({});
        let entities = ["le-1", "le-2"];
        d.maybe(60, &mut attributes, "principal", |d| json!({ "legalEntityId": d.pick(&entities) }));
        if d.chance(60) {
            let mut resource = json!({});
            d.maybe(60, &mut resource, "legalEntityId", |d| json!(d.pick(&entities)));
            d.maybe(40, &mut resource, "userType", |d| json!(d.pick(&["CUSTOMER", "EMPLOYEE"])));
            attributes["resource"] = resource;
        }
        d.maybe(40, &mut attributes, "groupHasMembers", |d| json!(d.chance(50)));
        d.maybe(40, &mut attributes, "forceDelete", |d| json!(d.chance(50)));
        ask["attributes"] = attributes;
    }
    ask
}

// ---------------------------------------------------------------------------------------------------------------------

const K_NAMES: [&str; 8] =
    ["rest.identity", "rest.assets", "kura.admin", "rest", "rest.identity.sub", "kura.wires.admin", "rest.wires.admin", "Rest.identity"];
const K_USERS: [&str; 4] = ["ann", "bob", "cam", "ann.b"];

fn kura_case(d: &mut Draw) -> Case {
    let shape = d.below(4);
    let count = d.count(4);
    let mut payloads = Map::new();
    let permission = |d: &mut Draw| {
        let name = d.pick(&K_NAMES);
        if d.chance(15) { format!("kura.permission.{name}") } else { name.to_owned() }
    };
    let named = |d: &mut Draw, at: usize| {
        if d.chance(25) { format!("kura.user.{}", K_USERS[at]) } else { K_USERS[at].to_owned() }
    };
    let flags = |d: &mut Draw, into: &mut Value| {
        d.maybe(60, into, "passwordAuthEnabled", |d| json!(!d.chance(30)));
        d.maybe(60, into, "passwordChangeNeeded", |d| json!(d.chance(30)));
    };
    match shape {
        // V1
        0 | 1 => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let mut user = json!({ "userName": named(d, at), "permissions": d.list(3, |d, _| Value::from(permission(d))) });
                    flags(d, &mut user);
                    user
                })
                .collect();
            payloads.insert("identities".into(), json!({ "userConfig": users }));
        }
        // V2
        2 => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let held = d.list(3, |d, _| json!({ "name": permission(d) }));
                    let mut user = json!({ "identity": { "name": named(d, at) }, "permissionConfiguration": { "permissions": held } });
                    if d.chance(80) {
                        let mut login = json!({});
                        flags(d, &mut login);
                        user["passwordConfiguration"] = login;
                    }
                    user["additionalConfigurations"] = json!({ "configurations": [] });
                    user
                })
                .collect();
            payloads.insert("identities".into(), Value::from(users));
        }
        // as Kura's own snapshot holds them
        _ => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let mut user = json!({ "name": format!("kura.user.{}", K_USERS[at]) });
                    if d.chance(70) {
                        user["credentials"] = json!({ "kura.password": "3hPckF8Zc+IF3pVineBvck3zJERUl8itosySULE1hpM=" });
                    }
                    if d.chance(25) {
                        user["properties"] = json!({ "kura.need.password.change": "true" });
                    }
                    user
                })
                .collect();
            let count = d.count(6);
            let groups: Vec<Value> = K_NAMES[..count]
                .iter()
                .map(|name| {
                    let mut group = json!({ "name": format!("kura.permission.{name}") });
                    let members = d.few(&["kura.user.ann", "kura.user.bob", "kura.user.cam", "kura.user.gone"], 0, 2);
                    if !members.is_empty() {
                        group["basicMembers"] = json!(members);
                    }
                    group
                })
                .collect();
            let as_text = d.chance(30);
            let put = |list: Vec<Value>| {
                if as_text { Value::from(Value::from(list).to_string()) } else { Value::from(list) }
            };
            payloads.insert("users.config".into(), put(users));
            payloads.insert("groups.config".into(), put(groups));
        }
    }
    let defined: Vec<String> = K_NAMES.iter().filter(|_| d.chance(60)).map(|n| (*n).to_owned()).collect();
    match d.below(4) {
        0 => {}
        1 => {
            payloads.insert("definedPermissions".into(), Value::from(defined.iter().map(|n| json!({ "name": n })).collect::<Vec<_>>()));
        }
        _ => {
            payloads.insert("definedPermissions".into(), json!({ "permissions": defined }));
        }
    }
    let snapshot = json!({ "system": "kura", "payloads": payloads });
    let asked = questions(d, |d| {
        let principal = match d.below(16) {
            13 => Value::Null,
            14 => json!("nobody"),
            15 => json!({ "name": "token", "permissions": d.some(&K_NAMES, 2) }),
            _ => json!(d.pick(&K_USERS[..count.max(1)])),
        };
        let mut ask = if d.chance(40) {
            let (method, path) = d.pick(&[
                ("GET", "services/identity/v1/identities"),
                ("POST", "services/identity/v1/identities/byName"),
                ("GET", "services/identity/v1/definedPermissions"),
                ("GET", "services/identity/v2/definedPermissions"),
                ("GET", "services/assets/"),
                ("PUT", "services/assets/x/y"),
                ("POST", "services/wire/v1/graph"),
                ("GET", "services/wire/v2/graph"),
                ("POST", "services/identity/v2/permissions"),
                ("GET", "/services/identity/v1/passwordRequirements"),
                ("PATCH", "services/identity/v1/identities"),
            ]);
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["permission"], |d| d.pick(&K_NAMES).to_owned())
        };
        let mut context = json!({});
        if d.chance(50) {
            let auth = json!(d.pick(&["basic", "session-password", "certificate", "token", "certificate", "basic", "none"]));
            place(d, &mut ask, &mut context, "auth", auth);
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}

// ---------------------------------------------------------------------------------------------------------------------

const I_NAMES: [&str; 9] =
    ["permission:read", "permission:write", "role:read", "user:read", "user:*", "*", "user", "User:read", "policy:read"];

fn ithbat_case(d: &mut Draw) -> Case {
    let tenant = |d: &mut Draw, percent: usize| if d.chance(percent) { "t2" } else { "t1" };
    let mut payloads = Map::new();
    let names: Vec<&str> = I_NAMES.iter().copied().filter(|n| n.contains(':') && !n.contains('*') && d.chance(70)).collect();
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
        let mut role = json!({ "id": format!("r{at}"), "name": name, "permissions": d.some(&I_NAMES, 3), "isSystem": d.chance(30) });
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
            let mut token = json!({ "sub": format!("k{at}"), "tenant_id": tenant(d, 15), "roles": ["Role 0", "admin"] });
            d.maybe(80, &mut token, "permissions", |d| d.some(&I_NAMES, 3));
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
            19 => json!({ "sub": "x0", "tenant_id": tenant(d, 20), "roles": d.some(&["r0", "Role 1"], 2) }),
            _ => json!(d.pick(&ids)),
        };
        if principal.is_object() {
            d.maybe(80, &mut principal, "permissions", |d| d.some(&I_NAMES, 3));
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
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["permission", "scope"], |d| d.pick(&I_NAMES).to_owned())
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

// ---------------------------------------------------------------------------------------------------------------------
// Rules with conditions, for open-archiver and casl

const C_PATHS: [&str; 14] = [
    "id",
    "userId",
    "userEmail",
    "n",
    "tags",
    "a",
    "a.b",
    "a.b.c",
    "items.k",
    "items.tags",
    "ingestionSource.userId",
    "tags.0",
    "items.0.k",
    "items",
];
const C_FIELDS: [&str; 8] = ["id", "n", "a.b", "a.*", "a.**", "*", "*.b", "n.*.x"];

fn scalar(d: &mut Draw) -> Value {
    let all = [
        json!("x"),
        json!("u1"),
        json!(1),
        json!(0),
        json!(null),
        json!(""),
        json!("1"),
        json!(2),
        json!("10"),
        json!("9"),
        json!(-1),
        json!(2.5),
        json!(true),
        json!(false),
        json!(" X@y.Z "),
        json!("x@y.z"),
        json!("${user.id}"),
        json!("0x10"),
        json!(" 3 "),
        json!("abc"),
    ];
    d.pick(&all)
}

fn operators(d: &mut Draw, depth: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + usize::from(d.chance(25)) {
        let odd = d.chance(4);
        let (op, operand) = match d.below(15) {
            0 => ("$eq", scalar(d)),
            1 => ("$ne", scalar(d)),
            2 => ("$in", Value::from(d.list(3, |d, _| scalar(d)))),
            3 => ("$nin", Value::from(d.list(3, |d, _| scalar(d)))),
            n @ 4..=7 => (
                ["$lt", "$lte", "$gt", "$gte"][n - 4],
                d.pick(&[json!(1), json!(0), json!(-1), json!("10"), json!("9"), json!("x"), json!(2.5)]),
            ),
            8 => ("$all", Value::from(d.list(2, |d, _| scalar(d)))),
            9 => ("$size", json!(d.below(3))),
            10 => ("$exists", json!(d.chance(50))),
            11 if depth < 2 => ("$elemMatch", if d.chance(40) { operators(d, depth + 1) } else { query(d, depth + 1, 1) }),
            12 => ("$foo", scalar(d)),
            13 => ("$options", json!("i")),
            _ => ("$eq", scalar(d)),
        };
        // A22: operands that throw.
        all.insert(op.into(), if odd { d.pick(&[json!("a"), json!(true), json!(null), json!({ "$eq": 1 })]) } else { operand });
    }
    Value::Object(all)
}

fn query(d: &mut Draw, depth: usize, most: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + d.below(most) {
        if d.chance(5) {
            let parts = Value::from(d.list(2, |d, _| json!({ d.pick(&C_PATHS): scalar(d) })));
            all.insert(d.pick(&["$or", "$and", "$nor"]).into(), parts);
            continue;
        }
        if d.chance(2) {
            all.insert(d.pick(&["toString", "$not", "$eq"]).into(), d.pick(&[json!(1), json!({ "id": "x" })]));
            continue;
        }
        let path = d.pick(&C_PATHS);
        let value = match d.below(8) {
            0..=2 => scalar(d),
            3 => d.pick(&[json!([]), json!(["x"]), json!({}), json!({ "b": 1 }), json!([1, 2])]),
            _ => operators(d, depth),
        };
        all.insert(path.into(), value);
    }
    Value::Object(all)
}

fn record_value(d: &mut Draw, depth: usize) -> Value {
    match d.below(8) {
        5 => Value::from(d.list(3, |d, _| scalar(d))),
        6 if depth < 3 => Value::from(d.list(3, |d, _| record_value(d, depth + 1))),
        7 if depth < 3 => {
            let mut map = Map::new();
            for key in ["b", "c", "k", "tags", "userId"] {
                if d.chance(35) {
                    map.insert(key.into(), record_value(d, depth + 1));
                }
            }
            Value::Object(map)
        }
        _ => scalar(d),
    }
}

fn record(d: &mut Draw) -> Value {
    let mut map = Map::new();
    for key in ["id", "userId", "userEmail", "n"] {
        if d.chance(60) {
            map.insert(key.into(), if d.chance(15) { record_value(d, 1) } else { scalar(d) });
        }
    }
    for key in ["tags", "a", "items", "ingestionSource"] {
        if d.chance(60) {
            map.insert(key.into(), record_value(d, 0));
        }
    }
    Value::Object(map)
}

fn rule(d: &mut Draw, actions: &[&str], subjects: &[&str], with_placeholder: bool) -> Value {
    let one_or_more = |d: &mut Draw, names: &[&str]| {
        if d.chance(25) { d.some(names, 3) } else { Value::from(d.pick(names)) }
    };
    let mut rule = json!({ "action": one_or_more(d, actions), "subject": one_or_more(d, subjects) });
    match d.below(8) {
        0..=2 => {}
        3 => rule["conditions"] = d.pick(&[json!({}), json!({}), json!(null)]),
        4 => rule["conditions"] = json!({ d.pick(&C_PATHS): scalar(d) }),
        _ => rule["conditions"] = query(d, 0, 2),
    }
    if !with_placeholder {
        let text = rule.to_string().replace("${user.id}", "u1");
        rule = serde_json::from_str(&text).expect("still JSON");
    }
    d.maybe(35, &mut rule, "inverted", |d| json!(!d.chance(10)));
    if d.chance(12) {
        rule["fields"] = if d.chance(5) { json!([]) } else { json!(d.few(&C_FIELDS, 1, 2)) };
    }
    d.maybe(15, &mut rule, "reason", |_| json!("because"));
    rule
}

const A_ACTIONS: [&str; 7] = ["read", "manage", "read", "search", "delete", "sync", "manage"];
const A_SUBJECTS: [&str; 6] = ["ingestion", "archive", "all", "ingestion", "archive", "roles"];

/// A question about an action and a subject, with or without a record.
fn rule_ask(d: &mut Draw, actions: &[&str], subjects: &[&str]) -> Value {
    let (action, subject) = (d.pick(actions), d.pick(subjects));
    let mut ask = match d.below(8) {
        0 | 1 => json!({ "kind": "type", "action": action, "subject": subject }),
        2 => return json!({ "kind": "filter", "actions": d.few(actions, 1, 2), "subject": subject }),
        _ => json!({ "kind": "instance", "action": action, "subject": subject, "object": record(d) }),
    };
    d.maybe(15, &mut ask, "field", |d| json!(d.pick(&["id", "n", "a", "a.b", "a.b.c", "n.y.x", "b", "a.*"])));
    ask
}

fn open_archiver_case(d: &mut Draw) -> Case {
    let roles: Vec<Value> = d.list(4, |d, at| {
        let policies = d.list(4, |d, _| rule(d, &A_ACTIONS, &A_SUBJECTS, true));
        json!({ "id": format!("r{at}"), "slug": null, "name": format!("R{at}"), "policies": policies })
    });
    let labelled = d.chance(50);
    let users = d.list(3, |d, at| {
        let id = if labelled { d.pick(&["u0", "u1"]).to_owned() } else { format!("u{at}") };
        let mut user = json!({ "id": id, "email": d.pick(&["x@y.z", "e1", "e2"]) });
        if labelled {
            user["label"] = json!(format!("l{at}"));
        }
        match d.below(5) {
            0 => user["role"] = Value::Null,
            1 => user["role"] = if roles.is_empty() { Value::Null } else { d.pick(&roles) },
            _ => user["roles"] = d.set(&["r0", "r0", "r1", "r1", "r2", "r9"], 3),
        }
        user
    });
    let ids = names_in(&[&users], if labelled { "label" } else { "id" });
    let snapshot = json!({ "system": "open-archiver", "serverVersion": "0.6.0", "payloads": { "roles": roles, "users": users } });
    let asked = questions(d, |d| {
        let principal = match d.below(24) {
            20 => Value::Null,
            21 => json!("zz"),
            22 => json!({ "sub": "u1", "roles": d.set(&["r0", "r1", "r9"], 3) }),
            23 => json!(d.pick(&["x@y.z", "e1", "e2", "u0", "u1"])),
            _ => json!(d.pick(&ids)),
        };
        let ask = if d.chance(25) {
            let (method, path) = d.pick(&[
                ("GET", "/v1/archived-emails/m1"),
                ("DELETE", "/v1/archived-emails/m1"),
                ("GET", "/v1/ingestion-sources/i1"),
                ("GET", "/v1/ingestion-sources/duplicates"),
                ("PUT", "/v1/ingestion-sources/i1"),
                ("POST", "/v1/ingestion-sources/i1/sync"),
                ("POST", "/v1/ingestion-sources"),
                ("GET", "/v1/search"),
                ("GET", "/v1/iam/roles"),
                ("POST", "/v1/iam/roles"),
                ("GET", "/v1/settings/system"),
                ("PUT", "/v1/settings/system"),
                ("GET", "/v1/users/profile"),
                ("GET", "/v1/users/u1"),
                ("GET", "/v1/dashboard/stats"),
                ("GET", "/v1/nothing"),
                ("PATCH", "/v1/users"),
            ]);
            let mut ask = json!({ "kind": "route", "method": method, "path": path });
            if d.chance(65) {
                ask["attributes"] = json!({ "resource": record(d) });
            }
            ask
        } else {
            rule_ask(
                d,
                &["read", "read", "search", "delete", "manage", "Read", "read"],
                &["ingestion", "archive", "ingestion", "archive", "roles", "all"],
            )
        };
        (principal, ask, json!({}))
    });
    (snapshot, asked)
}

fn casl_case(d: &mut Draw) -> Case {
    let one = |d: &mut Draw| {
        let mut rule = rule(d, &["read", "manage", "update", "delete"], &["Post", "all", "User"], false);
        if d.chance(8) {
            rule.as_object_mut().expect("a rule is an object").remove("subject");
        }
        rule
    };
    let mut lists = Map::new();
    for name in ["l0", "l1", "l2"] {
        lists.insert(name.into(), Value::from(d.list(4, |d, _| one(d))));
    }
    let snapshot = json!({ "system": "casl", "payloads": lists });
    let asked = questions(d, |d| {
        let principal = match d.below(20) {
            16 => Value::Null,
            17 => json!("l9"),
            0..=7 => json!(d.pick(&["l0", "l1", "l2"])),
            _ => json!({ "sub": "someone", "roles": d.set(&["l0", "l1", "l2", "l9"], 3) }),
        };
        (principal, rule_ask(d, &["read", "update", "manage", "delete"], &["Post", "User", "all"]), json!({}))
    });
    (snapshot, asked)
}

// ---------------------------------------------------------------------------------------------------------------------

const N_PERMISSIONS: [&str; 9] =
    ["doc:read", "doc:write", "doc/d1:read", "folder/f1:read", "doc:read:meta", "login", "doc/d1/p1:read", "folder:read", "invoice:read"];
const N_PATTERNS: [&str; 14] = [
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
];
const N_ROLES: [&str; 6] = ["k0", "k1", "k2", "k3", "k9", "k4"];
const N_TENANTS: [&str; 6] = ["t0", "t1", "t2", "t3", "t4", "t9"];

fn native_scalar(d: &mut Draw) -> Value {
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

fn native_plain(d: &mut Draw) -> Value {
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

fn native_operators(d: &mut Draw, depth: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + usize::from(d.chance(25)) {
        let (op, operand) = match d.below(12) {
            0 => ("$eq", native_scalar(d)),
            1 => ("$ne", native_scalar(d)),
            2 => ("$in", Value::from(d.list(3, |d, _| native_scalar(d)))),
            3 => ("$nin", Value::from(d.list(3, |d, _| native_scalar(d)))),
            n @ 4..=7 => (
                ["$lt", "$lte", "$gt", "$gte"][n - 4],
                d.pick(&[json!(1), json!(0), json!("x"), json!("1"), json!(2.5), json!("${principal.attributes.dep}")]),
            ),
            8 => ("$all", Value::from((0..1 + d.below(2)).map(|_| native_scalar(d)).collect::<Vec<_>>())),
            9 => ("$size", json!(d.below(3))),
            10 if depth == 0 => ("$elemMatch", if d.chance(50) { native_operators(d, 1) } else { json!({ "k": native_scalar(d) }) }),
            _ => ("$exists", json!(d.chance(50))),
        };
        all.insert(op.into(), operand);
    }
    Value::Object(all)
}

fn native_conditions(d: &mut Draw) -> Value {
    let mut all = Map::new();
    for _ in 0..d.below(3) {
        let path = d.pick(&["owner", "n", "tags", "a.b", "items.k", "id"]);
        let value = if d.chance(50) { native_operators(d, 0) } else { native_scalar(d) };
        all.insert(path.into(), value);
    }
    Value::Object(all)
}

fn native_record(d: &mut Draw) -> Value {
    let mut map = Map::new();
    match d.below(6) {
        0 => {}
        1 => {
            map.insert("id".into(), json!(7));
        }
        _ => {
            map.insert("id".into(), json!(d.pick(&["d0", "d1", "d2", "f1", "d1/p1"])));
        }
    }
    for key in ["owner", "n"] {
        if d.chance(60) {
            map.insert(key.into(), native_plain(d));
        }
    }
    if d.chance(60) {
        map.insert("tags".into(), Value::from(d.list(2, |d, _| native_plain(d))));
    }
    if d.chance(50) {
        map.insert("a".into(), d.pick(&[json!({ "b": 1 }), json!({ "b": "x" }), json!([{ "b": 1 }, { "b": "x" }]), json!({}), json!(1)]));
    }
    if d.chance(50) {
        map.insert("items".into(), Value::from(d.list(2, |d, _| json!({ "k": native_plain(d) }))));
    }
    Value::Object(map)
}

fn native_grant(d: &mut Draw, denies: bool) -> Value {
    let mut grant = json!({});
    if denies && d.chance(30) {
        grant["effect"] = json!("deny");
    } else if d.chance(20) {
        grant["effect"] = json!("allow");
    }
    if d.chance(50) {
        grant["permissions"] = json!(d.few(&N_PATTERNS, 1, 2));
    } else {
        grant["actions"] = json!(d.few(&["read", "write", "*", "read", "read:meta", "login"], 1, 2));
        d.maybe(80, &mut grant, "resources", |d| d.some(&["doc", "folder", "*", "doc/d1", "folder/f1", "folder/f0", "doc/*", "*/d1"], 2));
    }
    d.maybe(30, &mut grant, "conditions", native_conditions);
    d.maybe(12, &mut grant, "fields", |d| json!(d.few(&["total", "name"], 1, 2)));
    d.maybe(20, &mut grant, "priority", |d| json!(d.pick(&[1, 2, -1, 0])));
    d.maybe(12, &mut grant, "scope", |d| json!(d.pick(&N_TENANTS)));
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

fn native_case(d: &mut Draw) -> Case {
    let combining = d.pick(&["deny-overrides", "additive", "last-applicable", "first-applicable"]);
    let denies = combining != "additive";
    let mut payloads = json!({ "combining": combining });
    if d.chance(30) {
        payloads["registry"] = json!(d.pick(&["closed", "closed", "open"]));
    }
    let listed: Vec<Value> = N_PERMISSIONS.iter().filter(|_| d.chance(60)).map(|name| json!({ "name": name })).collect();
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
        payloads["resources"] = Value::from(resources);
    }
    let grants = |d: &mut Draw, most: usize| Value::from(d.list(most, |d, _| native_grant(d, denies)));
    let keys = ["k0", "k1", "k2", "k3", "k4"];
    let count = d.count(5);
    let roles: Vec<Value> = (0..count)
        .map(|at| {
            let mut role = json!({ "key": keys[at], "grants": grants(d, 3) });
            d.maybe(40, &mut role, "inherits", |d| json!(lower(d, &keys, at, "k9")));
            d.maybe(20, &mut role, "tenant", |d| json!(d.pick(&N_TENANTS)));
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
            d.maybe(60, &mut group, "roles", |d| d.some(&N_ROLES, 2));
            d.maybe(60, &mut group, "grants", |d| grants(d, 2));
            d.maybe(15, &mut group, "tenant", |d| json!(d.pick(&N_TENANTS)));
            group
        })
        .collect();
    payloads["groups"] = Value::from(groups);
    let assigned = |d: &mut Draw| {
        Value::from(d.list(3, |d, _| {
            let role = d.pick(&N_ROLES);
            if d.chance(25) { json!({ "role": role, "scope": d.pick(&N_TENANTS) }) } else { json!(role) }
        }))
    };
    let principals = d.list(3, |d, at| {
        let mut one = json!({ "id": format!("u{at}"), "type": "user", "roles": assigned(d) });
        d.maybe(50, &mut one, "groups", |d| d.some(&["g0", "g1", "g2", "g9"], 2));
        d.maybe(50, &mut one, "grants", |d| grants(d, 2));
        d.maybe(30, &mut one, "tenant", |d| json!(d.pick(&N_TENANTS)));
        d.maybe(40, &mut one, "aliases", |_| json!([format!("alias{at}")]));
        d.maybe(40, &mut one, "status", |d| json!(if d.chance(12) { "suspended" } else { "active" }));
        d.maybe(8, &mut one, "validFrom", |d| json!(d.pick(&["2026-01-01T00:00:00Z", "2026-06-01T02:00:00+02:00"])));
        d.maybe(8, &mut one, "validUntil", |d| json!(d.pick(&["2027-01-01T00:00:00Z", "2026-06-01T00:00:00.5Z"])));
        d.maybe(50, &mut one, "attributes", |d| json!({ "dep": native_plain(d) }));
        one
    });
    let mut known = names_in(&[&principals], "id");
    known.extend(principals.iter().filter_map(|p| p["aliases"][0].as_str().map(str::to_owned)));
    payloads["principals"] = Value::from(principals);
    if d.chance(60) {
        let permission = |d: &mut Draw| Value::from(d.pick(&N_PERMISSIONS));
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
            22 => json!("alias0"),
            23 => {
                let mut claims = json!({ "id": "x0", "roles": d.some(&N_ROLES, 2) });
                d.maybe(40, &mut claims, "groups", |d| d.some(&["g0", "g1"], 1));
                d.maybe(30, &mut claims, "tenant", |d| json!(d.pick(&N_TENANTS)));
                d.maybe(40, &mut claims, "attributes", |d| json!({ "dep": native_plain(d) }));
                claims
            }
            _ => json!(d.pick(&known)),
        };
        let (action, subject) = (d.pick(&["read", "read", "write", "read:meta"]), d.pick(&["doc", "doc", "folder", "invoice"]));
        let mut ask = match d.below(8) {
            0..=2 => permission_ask(d, &["permission", "scope", "ace"], |d| d.pick(&N_PERMISSIONS).to_owned()),
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
                let mut ask = json!({ "kind": "route", "method": method, "path": path });
                if path == "/docs/d1" {
                    ask["attributes"] = json!({ "resource": native_record(d) });
                }
                ask
            }
            _ => json!({ "kind": "instance", "action": action, "subject": subject, "object": native_record(d) }),
        };
        if ask["kind"] == "type" || ask["kind"] == "instance" {
            d.maybe(15, &mut ask, "field", |d| json!(d.pick(&["total", "name", "other"])));
        }
        let mut context = json!({});
        if d.chance(20) {
            let tenant = json!(d.pick(&N_TENANTS));
            place(d, &mut ask, &mut context, "tenant", tenant);
        }
        if d.chance(45) {
            let now = json!(d.pick(&["2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z", "2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z"]));
            place(d, &mut ask, &mut context, "now", now);
        }
        if d.chance(15) {
            let scopes = json!(d.few(&N_PATTERNS, 0, 2));
            let scopes = if d.chance(50) {
                scopes
            } else {
                json!(scopes.as_array().map(|l| l.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")))
            };
            place(d, &mut ask, &mut context, "sessionScopes", scopes);
        }
        if d.chance(12) {
            let roles = d.some(&N_ROLES, 2);
            place(d, &mut ask, &mut context, "roles", roles);
        }
        if d.chance(10) {
            context["attributes"] = json!({ "dep": native_plain(d) });
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}
