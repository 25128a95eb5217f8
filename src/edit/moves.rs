//! Requests by which somebody might gain rights: to be given what there is, and to write into what they hold. The strongest come first.
//! Whether they may be sent, and what comes of them, is for the endpoint table and the edits themselves to say.

use super::tree::{self, Pairs, items, set, text, texts, texts_of};
use super::{emporix, hantera, kura, native, open_archiver};
use crate::system::System;
use crate::value::Value;

/// The requests that are tried for a principal of a snapshot, each as an edit has it.
pub fn of(system: System, root: &Value, principal: &str) -> Vec<Value> {
    match system {
        System::Hantera => for_hantera(root, principal),
        System::Emporix => for_emporix(root, principal),
        System::OpenArchiver => for_open_archiver(root, principal),
        System::Kura => for_kura(root, principal),
        System::Latchgate => for_native(root, principal),
        // Ithbat's documents say of no request that gives somebody a role; plain rules know no requests.
        System::Ithbat | System::Casl => Vec::new(),
    }
}

fn map(members: Vec<(&str, Value)>) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn request(method: &str, path: &[&str], body: Option<Value>) -> Value {
    let mut members = vec![("method", text(method)), ("path", text(&path.concat()))];
    members.extend(body.map(|body| ("body", body)));
    map(members)
}

/// The ids of some documents.
fn ids<'v>(documents: &[&'v Value], id: fn(&Value) -> Option<&str>) -> Vec<&'v str> {
    documents.iter().filter_map(|document| id(document)).collect()
}

/// Each once, in order.
fn each_once<'v>(list: impl IntoIterator<Item = &'v Value>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in list {
        if !found.contains(item) {
            found.push(item.clone());
        }
    }
    found
}

fn for_hantera(root: &Value, principal: &str) -> Vec<Value> {
    let roles = hantera::ROLES.all(root);
    let keys = ids(&roles, hantera::ROLES.id);
    let mut moves = Vec::new();
    for shape in [&hantera::PRINCIPALS, &hantera::CLIENTS] {
        let Some(document) = shape.find(root, principal) else { continue };
        let mut own = texts_of(document.get("roles"));
        // H7.
        own.push("system:owner");
        let path = ["/resources/iam/", shape.payload, "/", principal, "/roles"];
        moves.push(request("PUT", &path, Some(map(vec![("roles", texts(&own))]))));
        own.extend(&keys);
        moves.push(request("PUT", &path, Some(map(vec![("roles", texts(&own))]))));
    }
    // No pattern is on everything: all that any role has, and the rights to go on.
    let listed = |role: &'_ &Value| items(role.get("acl").and_then(|acl| acl.get("entries"))).to_vec();
    let mut entries: Vec<Value> = roles.iter().flat_map(listed).collect();
    entries.push(map(vec![("resource", text("iam")), ("permission", text("*"))]));
    let acl = map(vec![("entries", Value::List(each_once(&entries)))]);
    for key in keys {
        moves.push(request("PUT", &["/resources/iam/roles/", key], Some(map(vec![("acl", acl.clone())]))));
    }
    moves
}

fn for_emporix(root: &Value, principal: &str) -> Vec<Value> {
    let groups = emporix::GROUPS.all(root);
    let tenant = root.get("tenant").and_then(Value::as_text).unwrap_or_default();
    let mut moves = Vec::new();
    let kind = |group: &Value| group.get("userType").and_then(Value::as_text).unwrap_or("EMPLOYEE").to_string();
    if let Some(user) = emporix::USERS.find(root, principal) {
        // EW7: all fields are required.
        let labels =
            ["firstName", "lastName", "preferredSite", "preferredCurrency", "preferredLanguage", "department", "backofficeUserNumber"];
        let mut body: Pairs = Vec::new();
        for label in labels {
            body.push((label.into(), user.get(label).filter(|value| value.as_text().is_some()).cloned().unwrap_or_else(|| text("-"))));
        }
        let theirs: Vec<&str> = groups.iter().filter(|group| kind(group) == "EMPLOYEE").filter_map(|group| tree::id(group)).collect();
        body.push(("groupIds".into(), texts(&theirs)));
        moves.push(request("PUT", &["/iam/", tenant, "/users/", principal], Some(Value::Map(body))));
    }
    let controls = texts(&ids(&emporix::CONTROLS.all(root), tree::id));
    for group in &groups {
        let Some(id) = tree::id(group) else { continue };
        let mut body = (*group).clone();
        set(&mut body, "accessControls", controls.clone());
        let mut write = request("PUT", &["/iam/", tenant, "/groups/", id], Some(body));
        // EW14.
        set(&mut write, "headers", map(vec![("Content-Language", text("en"))]));
        moves.push(write);
        moves.push(request("PUT", &["/iam/", tenant, "/groups/", id, "/users/", &kind(group), "/", principal], None));
    }
    moves
}

fn for_open_archiver(root: &Value, principal: &str) -> Vec<Value> {
    let everything = map(vec![("action", text("manage")), ("subject", text("all"))]);
    let policies = map(vec![("policies", Value::List(vec![everything]))]);
    let mut moves = Vec::new();
    let roles = open_archiver::ROLES.all(root);
    for role in ids(&roles, tree::id) {
        moves.push(request("PUT", &["/v1/iam/roles/", role], Some(policies.clone())));
    }
    if let Some(user) = open_archiver::USERS.find(root, principal) {
        // AW12: the server fails without one of these.
        let name = user.get("first_name").filter(|name| name.as_text().is_some()).cloned().unwrap_or_else(|| text("-"));
        for role in ids(&roles, tree::id) {
            let body = map(vec![("first_name", name.clone()), ("roleId", text(role))]);
            moves.push(request("PUT", &["/v1/users/", principal], Some(body)));
        }
    }
    moves
}

fn for_kura(root: &Value, principal: &str) -> Vec<Value> {
    // KW2: only what the device defines is taken.
    let defined = kura::PERMISSIONS.all(root);
    let mut names = ids(&defined, kura::PERMISSIONS.id);
    // K1.
    names.push("kura.admin");
    let body = map(vec![("userName", text(principal)), ("permissions", texts(&names))]);
    vec![request("PUT", &["services/identity/v1/identities"], Some(body))]
}

fn for_native(root: &Value, principal: &str) -> Vec<Value> {
    let everything = map(vec![("effect", text("allow")), ("permissions", texts(&["*"]))]);
    let grants = Value::List(vec![everything]);
    let rewritten = |document: &Value| {
        let mut body = document.clone();
        set(&mut body, "grants", grants.clone());
        body
    };
    let only = map(vec![("grants", grants.clone())]);
    let mut moves = Vec::new();
    let mut write = |path: &[&str], document: &Value| {
        moves.push(request("PATCH", path, Some(only.clone())));
        moves.push(request("PUT", path, Some(rewritten(document))));
    };
    let (roles, groups) = (native::ROLES.all(root), native::GROUPS.all(root));
    if let Some(document) = native::PRINCIPALS.find(root, principal) {
        write(&["/principals/", principal], document);
    }
    for role in &roles {
        if let Some(key) = (native::ROLES.id)(role) {
            write(&["/roles/", key], role);
        }
    }
    for (list, held) in [("/roles/", ids(&roles, native::ROLES.id)), ("/groups/", ids(&groups, tree::id))] {
        for id in held {
            moves.push(request("PUT", &["/principals/", principal, list, id], None));
        }
    }
    moves
}
