//! Where a snapshot says what: the path to each document that somebody could be shown.

use std::collections::BTreeMap;

use super::each_item;
use super::server::{listed, listed_name};
use crate::base::system::System;
use crate::json::pointer::Cursor;

/// Paths by the kind of thing and its id: `principal`, or what a decision calls a holder.
pub type Places = BTreeMap<(&'static str, String), String>;

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
    for (kind, payload, keys, id) in listed(system) {
        let Some(list) = payloads.opt(payload) else { continue };
        // It has loaded, so nothing in it is refused.
        let _ = each_item(&list, keys, &mut |item| {
            let part = item.opt("identity").and_then(|identity| identity.opt("name")).filter(|_| system == System::Kura);
            if let Some(id) = part.or_else(|| item.opt(id)).and_then(|id| id.as_text()) {
                let id = listed_name(system, id);
                places.entry((kind, id.into())).or_insert_with(|| item.path());
            }
            Ok(())
        });
    }
    places
}
