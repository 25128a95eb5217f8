//! Where a snapshot says what: the path to each document that somebody could be shown.

use std::collections::BTreeMap;

use super::each_item;
use crate::base::system::System;
use crate::json::pointer::Cursor;

/// Paths by the kind of thing and its id: `principal`, or what a decision calls a holder.
pub type Places = BTreeMap<(&'static str, String), String>;

/// A list: what it holds, its payload, the keys of its envelopes, and how its documents are called.
type List = (&'static str, &'static str, &'static [&'static str], &'static str);

const fn lists(system: System) -> &'static [List] {
    match system {
        System::Hantera => &[
            ("role", "roles", &["roles", "items"], "key"),
            ("principal", "principals", &["principals", "items"], "id"),
            ("principal", "clients", &["clients", "items"], "id"),
        ],
        System::Emporix => &[
            ("accessControl", "accessControls", &["items"], "id"),
            ("template", "templates", &["items"], "id"),
            ("group", "groups", &["items"], "id"),
            ("principal", "users", &["items"], "id"),
        ],
        System::OpenArchiver => {
            &[("role", "roles", &["items", "data", "roles"], "id"), ("principal", "users", &["items", "data", "users"], "id")]
        }
        System::Kura => &[
            ("principal", "identities", &["userConfig", "identities"], "userName"),
            ("principal", "users", &["userConfig", "identities"], "userName"),
        ],
        System::Ithbat => &[
            ("role", "roles", &["data", "items", "roles", "role"], "id"),
            ("group", "groups", &["data", "items", "groups"], "id"),
            ("principal", "users", &["data", "items", "users", "user"], "id"),
        ],
        System::Latchgate => &[("role", "roles", &[], "key"), ("group", "groups", &[], "id"), ("principal", "principals", &[], "id")],
        System::Casl => &[],
    }
}

/// Finds them in a snapshot that loads.
pub fn find(root: &Cursor<'_>, system: System) -> Places {
    let mut places = Places::new();
    let Some(payloads) = root.get("payloads") else { return places };
    if system == System::Casl {
        for (name, list) in payloads.members().into_iter().flatten() {
            for kind in ["role", "principal"] {
                places.insert((kind, name.into()), list.path());
            }
        }
    }
    for (kind, payload, keys, id) in lists(system) {
        let Some(list) = payloads.opt(payload) else { continue };
        // It has loaded, so nothing in it is refused.
        let _ = each_item(&list, keys, &mut |item| {
            let part = item.opt("identity").and_then(|identity| identity.opt("name")).filter(|_| system == System::Kura);
            if let Some(id) = part.or_else(|| item.opt(id)).and_then(|id| id.as_text()) {
                // K: the name is the one without its prefix.
                let id = if system == System::Kura { super::kura::user_name(id) } else { id };
                places.entry((kind, id.into())).or_insert_with(|| item.path());
            }
            Ok(())
        });
    }
    places
}
