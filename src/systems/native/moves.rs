//! Requests by which somebody might gain rights, the strongest first.

use super::edit;
use crate::value::Value;
use crate::writes::moves::{Move, bare, ids, map, request};
use crate::writes::tree::{self, set, text, texts};

pub fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    let (roles, groups) = (edit::ROLES.all(root), edit::GROUPS.all(root));
    let everything = || Value::List(vec![map(vec![("effect", text("allow")), ("permissions", texts(&["*"]))])]);
    let own = edit::PRINCIPALS.find(root, principal).map(|document| (["/principals/", principal], document));
    let written = roles.iter().filter_map(|role| Some((["/roles/", (edit::ROLES.id)(role)?], *role)));
    let mut moves = Vec::new();
    for (path, document) in own.into_iter().chain(written) {
        moves.push(request("PATCH", &path, move || map(vec![("grants", everything())])));
        moves.push(request("PUT", &path, move || {
            let mut body = document.clone();
            set(&mut body, "grants", everything());
            body
        }));
    }
    for (list, held) in [("/roles/", ids(&roles, edit::ROLES.id)), ("/groups/", ids(&groups, tree::id))] {
        moves.extend(held.into_iter().map(|id| bare("PUT", &["/principals/", principal, list, id])));
    }
    moves
}
