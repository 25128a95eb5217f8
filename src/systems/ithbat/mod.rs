//! Ithbat: `resource:action` within tenants (rules I1 to I8).

#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod lists;
mod read;
mod requests;

pub use read::*;

use crate::base::error::Error;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::base::terms::HolderKind;
use crate::compiled::Compiled;
use crate::json::pointer::Cursor;
use crate::model::{Documents, Model, Profile};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::systems::server::Listed;
use crate::systems::server::Server;
use crate::value::Value;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::writes::{answer::Done, changes::Writes, request::Request};

/// The rules of this server.
pub struct Rules;

impl Server for Rules {
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    const LISTED: &'static [Listed] = &[
        ("role", "roles", &["data", "items", "roles", "role"], "id"),
        ("group", "groups", &["data", "items", "groups"], "id"),
        ("principal", "users", &["data", "items", "users", "user"], "id"),
    ];

    fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
        read::read(model, payloads, options)
    }

    fn profile() -> Profile {
        read::profile()
    }

    fn list(compiled: &Compiled, documents: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
        lists::list(compiled, documents, name, params)
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn writes() -> Writes {
        Writes {
            assigned: &[HolderKind::Role, HolderKind::Group],
            granted: &[HolderKind::Role],
            names: true,
            takes: read::is_permission,
            ..Writes::NONE
        }
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn edit(root: &mut Value, request: &Request) -> Done {
        edit::edit(root, request)
    }
}
