//! Entries of the systems that only add up: what grants nothing.

use super::{EMPTY, MISSPELT, STAR, UNKNOWN_PERMISSION};
use crate::base::names::Sym;
use crate::base::table::Table;
use crate::json::pointer::Cursor;
use crate::model::Model;

/// The permissions that are registered, where only those count (I5, K4).
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn registered(model: &Model) -> Option<Table> {
    (model.is_judged() && model.registry_closed).then(|| {
        let mut known = Table::default();
        for permission in &model.permissions {
            known.enter(permission.name);
        }
        known
    })
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn is_unknown(known: Option<&Table>, name: Option<Sym>) -> bool {
    known.is_some_and(|known| !name.is_some_and(|name| known.has(name)))
}

/// Hantera: an entry of an access list that names a resource and perhaps a permission.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn hantera(model: &mut Model, entry: &Cursor<'_>, resource: &Cursor<'_>) {
    if !model.is_judged() {
        return;
    }
    if parts(resource, '/').contains(&"*") {
        let sentence = "`*` as a part of a resource stands for nothing but itself, so this entry covers no other resource";
        model.note(STAR, "H13", resource, &[sentence]);
    } else if parts(resource, '/').iter().any(|part| part.contains(':')) {
        let sentence = "a resource ends where the first `:` stands, so no permission is ever asked for on this one. Put what follows into `permission`";
        model.note(MISSPELT, "H2", resource, &[sentence]);
    }
    let Some(permission) = entry.get("permission") else { return };
    let parts = parts(&permission, ':');
    if parts.len() > 1 && parts.contains(&"*") {
        let sentence = "`*` means every permission only where it stands alone; as a part it stands for nothing but itself";
        model.note(STAR, "H4", &permission, &[sentence]);
    }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn parts<'j>(at: &Cursor<'j>, separator: char) -> Vec<&'j str> {
    let texts = at.texts().unwrap_or_else(|_| at.as_text().into_iter().collect());
    texts.into_iter().flat_map(|text| text.split(separator)).collect()
}

/// Kura: the permissions of an identity.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn kura(model: &mut Model, known: Option<&Table>, permissions: &[(Cursor<'_>, &str)], admin: &str) {
    // K1: to an administrator nothing else matters.
    if permissions.iter().any(|(_, name)| *name == admin) {
        return;
    }
    for (at, name) in permissions {
        if is_unknown(known, model.names.find(name)) {
            kura_undefined(model, at);
        }
    }
}

/// K4.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn kura_undefined(model: &mut Model, at: &Cursor<'_>) {
    let sentence = "the device does not define this permission, so nobody but an administrator has it";
    model.note(UNKNOWN_PERMISSION, "K4", at, &[sentence]);
}

/// Ithbat: a permission of a role or a token.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn ithbat(model: &mut Model, known: Option<&Table>, at: &Cursor<'_>, name: &str) {
    if !model.is_judged() {
        return;
    }
    let unknown = is_unknown(known, model.names.find(name));
    if name.split(':').any(|part| part == "*") && (unknown || known.is_none()) {
        model.note(STAR, "I6", at, &["permissions have no wildcards, so this one is never asked for and grants nothing"]);
    } else if unknown {
        model.note(UNKNOWN_PERMISSION, "I5", at, &["the tenant has no such permission, so it is held by nobody"]);
    }
}

/// Emporix: an access control that comes to no scope.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn emporix(model: &mut Model, rule: &'static str, at: &Cursor<'_>) {
    let why = if rule == "E3" { "the list of scopes is empty" } else { "no permission of the role counts for the resource" };
    model.note(EMPTY, rule, at, &[why, ", so the access control grants nothing"]);
}
