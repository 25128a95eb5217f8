//! Requests by which somebody might gain rights, the strongest first.

use super::edit;
use crate::value::Value;
use crate::writes::moves::{Move, each_once, ids, map, request};
use crate::writes::tree::{items, text, texts, texts_of};

pub fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let keys = || ids(&edit::ROLES.all(root), edit::ROLES.id);
    let mut moves = Vec::new();
    for shape in [&edit::PRINCIPALS, &edit::CLIENTS] {
        let Some(document) = shape.find(root, principal) else { continue };
        let path = ["/resources/iam/", shape.payload, "/", principal, "/roles"];
        for all in [false, true] {
            moves.push(request("PUT", &path, move || {
                let mut roles = texts_of(document.get("roles"));
                // H7.
                roles.push("system:owner");
                roles.extend(if all { ids(&edit::ROLES.all(root), edit::ROLES.id) } else { Vec::new() });
                map(vec![("roles", texts(&roles))])
            }));
        }
    }
    // No pattern is on everything: all that any role has, and the rights to go on.
    let acl = move || {
        let listed = |role: &Value| items(role.get("acl").and_then(|acl| acl.get("entries"))).to_vec();
        let mut entries: Vec<Value> = edit::ROLES.all(root).into_iter().flat_map(listed).collect();
        entries.push(map(vec![("resource", text("iam")), ("permission", text("*"))]));
        map(vec![("acl", map(vec![("entries", Value::List(each_once(&entries)))]))])
    };
    moves.extend(keys().into_iter().map(|key| request("PUT", &["/resources/iam/roles/", key], acl)));
    moves
}
