//! Requests by which somebody might gain rights, the strongest first.

use super::edit;
use crate::value::Value;
use crate::writes::moves::{Move, ids, map, request};
use crate::writes::tree::{text, texts};

pub fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    vec![request("PUT", &["services/identity/v1/identities"], move || {
        // KW2: only what the device defines is taken.
        let defined = edit::PERMISSIONS.all(root);
        let mut names = ids(&defined, edit::PERMISSIONS.id);
        // K1.
        names.push("kura.admin");
        map(vec![("userName", text(principal)), ("permissions", texts(&names))])
    })]
}
