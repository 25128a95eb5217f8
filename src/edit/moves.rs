//! Requests by which somebody might gain rights: to be given what there is, and to write into what they hold. The strongest come first.
//! Whether they may be sent, and what comes of them, is for the endpoint table and the edits themselves to say.

use super::tree::{self, Pairs, items, set, text, texts, texts_of};
use super::{emporix, hantera, kura, native, open_archiver};
use crate::base::system::System;
use crate::value::Value;

/// A request. What it holds is made when it turns out that it may be sent: most may not.
pub struct Move<'v> {
    method: &'static str,
    path: String,
    /// Whether it has to name a language (EW14).
    language: bool,
    body: Option<Box<dyn Fn() -> Value + 'v>>,
}

/// What the right to send a request hangs on.
pub struct Head<'m> {
    pub method: &'static str,
    pub path: &'m str,
}

impl Move<'_> {
    pub fn line(&self) -> Head<'_> {
        Head { method: self.method, path: &self.path }
    }

    /// Method and path alone.
    pub fn head(&self) -> Value {
        map(vec![("method", text(self.method)), ("path", text(&self.path))])
    }

    /// As an edit has it.
    pub fn request(&self) -> Value {
        let mut request = self.head();
        if self.language {
            set(&mut request, "headers", map(vec![("Content-Language", text("en"))]));
        }
        if let Some(body) = &self.body {
            set(&mut request, "body", body());
        }
        request
    }
}

/// The requests that are tried for a principal of a snapshot.
pub fn of<'v>(system: System, root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
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

fn bare<'v>(method: &'static str, path: &[&str]) -> Move<'v> {
    Move { method, path: path.concat(), language: false, body: None }
}

fn request<'v>(method: &'static str, path: &[&str], body: impl Fn() -> Value + 'v) -> Move<'v> {
    Move { body: Some(Box::new(body)), ..bare(method, path) }
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

fn for_hantera<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let keys = || ids(&hantera::ROLES.all(root), hantera::ROLES.id);
    let mut moves = Vec::new();
    for shape in [&hantera::PRINCIPALS, &hantera::CLIENTS] {
        let Some(document) = shape.find(root, principal) else { continue };
        let path = ["/resources/iam/", shape.payload, "/", principal, "/roles"];
        for all in [false, true] {
            moves.push(request("PUT", &path, move || {
                let mut roles = texts_of(document.get("roles"));
                // H7.
                roles.push("system:owner");
                roles.extend(if all { ids(&hantera::ROLES.all(root), hantera::ROLES.id) } else { Vec::new() });
                map(vec![("roles", texts(&roles))])
            }));
        }
    }
    // No pattern is on everything: all that any role has, and the rights to go on.
    let acl = move || {
        let listed = |role: &Value| items(role.get("acl").and_then(|acl| acl.get("entries"))).to_vec();
        let mut entries: Vec<Value> = hantera::ROLES.all(root).into_iter().flat_map(listed).collect();
        entries.push(map(vec![("resource", text("iam")), ("permission", text("*"))]));
        map(vec![("acl", map(vec![("entries", Value::List(each_once(&entries)))]))])
    };
    moves.extend(keys().into_iter().map(|key| request("PUT", &["/resources/iam/roles/", key], acl)));
    moves
}

fn for_emporix<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let groups = emporix::GROUPS.all(root);
    let tenant = root.get("tenant").and_then(Value::as_text).unwrap_or_default();
    let mut moves = Vec::new();
    if let Some(user) = emporix::USERS.find(root, principal) {
        moves.push(request("PUT", &["/iam/", tenant, "/users/", principal], move || in_all_groups(root, user)));
    }
    for group in groups {
        let Some(id) = tree::id(group) else { continue };
        let write = request("PUT", &["/iam/", tenant, "/groups/", id], move || {
            let mut body = group.clone();
            set(&mut body, "accessControls", texts(&ids(&emporix::CONTROLS.all(root), tree::id)));
            body
        });
        moves.push(Move { language: true, ..write });
        moves.push(bare("PUT", &["/iam/", tenant, "/groups/", id, "/users/", user_type(group), "/", principal]));
    }
    moves
}

fn user_type(group: &Value) -> &str {
    group.get("userType").and_then(Value::as_text).unwrap_or("EMPLOYEE")
}

/// EW7: all fields are required.
fn in_all_groups(root: &Value, user: &Value) -> Value {
    let labels = ["firstName", "lastName", "preferredSite", "preferredCurrency", "preferredLanguage", "department", "backofficeUserNumber"];
    let mut body: Pairs = Vec::new();
    for label in labels {
        body.push((label.into(), user.get(label).filter(|value| value.as_text().is_some()).cloned().unwrap_or_else(|| text("-"))));
    }
    let groups = emporix::GROUPS.all(root);
    let theirs: Vec<&str> = groups.into_iter().filter(|group| user_type(group) == "EMPLOYEE").filter_map(tree::id).collect();
    body.push(("groupIds".into(), texts(&theirs)));
    Value::Map(body)
}

fn for_open_archiver<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let roles = open_archiver::ROLES.all(root);
    let everything = || {
        let rule = map(vec![("action", text("manage")), ("subject", text("all"))]);
        map(vec![("policies", Value::List(vec![rule]))])
    };
    let mut moves: Vec<Move<'v>> =
        ids(&roles, tree::id).into_iter().map(|role| request("PUT", &["/v1/iam/roles/", role], everything)).collect();
    if let Some(user) = open_archiver::USERS.find(root, principal) {
        for role in ids(&roles, tree::id) {
            moves.push(request("PUT", &["/v1/users/", principal], move || {
                // AW12: the server fails without one of these.
                let name = user.get("first_name").filter(|name| name.as_text().is_some()).cloned().unwrap_or_else(|| text("-"));
                map(vec![("first_name", name), ("roleId", text(role))])
            }));
        }
    }
    moves
}

fn for_kura<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    vec![request("PUT", &["services/identity/v1/identities"], move || {
        // KW2: only what the device defines is taken.
        let defined = kura::PERMISSIONS.all(root);
        let mut names = ids(&defined, kura::PERMISSIONS.id);
        // K1.
        names.push("kura.admin");
        map(vec![("userName", text(principal)), ("permissions", texts(&names))])
    })]
}

fn for_native<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let (roles, groups) = (native::ROLES.all(root), native::GROUPS.all(root));
    let everything = || Value::List(vec![map(vec![("effect", text("allow")), ("permissions", texts(&["*"]))])]);
    let own = native::PRINCIPALS.find(root, principal).map(|document| (["/principals/", principal], document));
    let written = roles.iter().filter_map(|role| Some((["/roles/", (native::ROLES.id)(role)?], *role)));
    let mut moves = Vec::new();
    for (path, document) in own.into_iter().chain(written) {
        moves.push(request("PATCH", &path, move || map(vec![("grants", everything())])));
        moves.push(request("PUT", &path, move || {
            let mut body = document.clone();
            set(&mut body, "grants", everything());
            body
        }));
    }
    for (list, held) in [("/roles/", ids(&roles, native::ROLES.id)), ("/groups/", ids(&groups, tree::id))] {
        moves.extend(held.into_iter().map(|id| bare("PUT", &["/principals/", principal, list, id])));
    }
    moves
}
