//! Requests by which somebody might gain rights, the strongest first.

use super::edit;
use crate::value::Value;
use crate::writes::moves::{Move, bare, ids, request};
use crate::writes::tree::{self, Pairs, set, text, texts};

pub fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let groups = edit::GROUPS.all(root);
    let tenant = root.get("tenant").and_then(Value::as_text).unwrap_or_default();
    let mut moves = Vec::new();
    if let Some(user) = edit::USERS.find(root, principal) {
        moves.push(request("PUT", &["/iam/", tenant, "/users/", principal], move || in_all_groups(root, user)));
    }
    for group in groups {
        let Some(id) = tree::id(group) else { continue };
        let write = request("PUT", &["/iam/", tenant, "/groups/", id], move || {
            let mut body = group.clone();
            set(&mut body, "accessControls", texts(&ids(&edit::CONTROLS.all(root), tree::id)));
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
    let groups = edit::GROUPS.all(root);
    let theirs: Vec<&str> = groups.into_iter().filter(|group| user_type(group) == "EMPLOYEE").filter_map(tree::id).collect();
    body.push(("groupIds".into(), texts(&theirs)));
    Value::Map(body)
}
