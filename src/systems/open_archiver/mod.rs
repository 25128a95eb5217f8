//! Open Archiver: policies of CASL 6 with conditions (rules A1 to A25).

#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod lists;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod moves;
mod read;
mod requests;

pub use read::*;

use crate::base::error::Error;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::base::terms::HolderKind;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::base::text::cut;
use crate::compiled::Compiled;
use crate::json::pointer::Cursor;
use crate::model::{Documents, Model, Profile};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::systems::server::Listed;
use crate::systems::server::Server;
use crate::value::Value;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::writes::{answer::Done, changes::Writes, moves::Move, request::Request};

/// The rules of this server.
pub struct Rules;

impl Server for Rules {
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    const LISTED: &'static [Listed] =
        &[("role", "roles", &["items", "data", "roles"], "id"), ("principal", "users", &["items", "data", "users"], "id")];

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
            assigned: &[HolderKind::Role],
            one_each: true,
            granted: &[HolderKind::Role],
            // AW2.
            takes: |permission| {
                let (action, subject) = cut(permission, b' ');
                read::ACTIONS.contains(&action) && subject.is_some_and(|subject| read::SUBJECTS.contains(&subject))
            },
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
