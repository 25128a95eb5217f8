//! The native snapshot, the superset of all others (rules N1 to N21).

#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod endpoints;
mod grants;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod moves;
mod read;
mod spelled;

use crate::base::error::Error;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::base::terms::HolderKind;
use crate::json::pointer::Cursor;
use crate::model::{Model, Profile};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::systems::server::Listed;
use crate::systems::server::Server;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::value::Value;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::writes::{answer::Done, changes::Writes, moves::Move, request::Request};

/// The rules of this server.
pub struct Rules;

impl Server for Rules {
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    const LISTED: &'static [Listed] =
        &[("role", "roles", &[], "key"), ("group", "groups", &[], "id"), ("principal", "principals", &[], "id")];

    fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
        read::read(model, payloads, options)
    }

    fn profile() -> Profile {
        read::profile()
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn writes() -> Writes {
        Writes {
            assigned: &[HolderKind::Role, HolderKind::Group],
            granted: &[HolderKind::Role, HolderKind::Group, HolderKind::Direct],
            takes: |permission| Writes::is_plain(permission) && spelled::is_permission(permission),
            ..Writes::NONE
        }
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn edit(root: &mut Value, request: &Request) -> Done {
        edit::edit(root, request)
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
        moves::moves(root, principal)
    }
}
