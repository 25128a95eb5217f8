//! Requests by which somebody might gain rights, the strongest first.

use super::edit;
use crate::value::Value;
use crate::writes::moves::{Move, ids, map, request};
use crate::writes::tree::{self, text};

pub fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let roles = edit::ROLES.all(root);
    let everything = || {
        let rule = map(vec![("action", text("manage")), ("subject", text("all"))]);
        map(vec![("policies", Value::List(vec![rule]))])
    };
    let mut moves: Vec<Move<'v>> =
        ids(&roles, tree::id).into_iter().map(|role| request("PUT", &["/v1/iam/roles/", role], everything)).collect();
    if let Some(user) = edit::USERS.find(root, principal) {
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
