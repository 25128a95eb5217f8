//! Emporix: groups, access controls, scopes, whitelists, scopes for what is the own (rules E1 to E17).

#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod lists;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod moves;
mod read;
mod requests;

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
use crate::writes::{answer::Done, changes::Writes, moves::Move, request::Request, tree::Pairs};

/// The rules of this server.
pub struct Rules;

impl Server for Rules {
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    const LISTED: &'static [Listed] = &[
        ("accessControl", "accessControls", &["items"], "id"),
        ("template", "templates", &["items"], "id"),
        ("group", "groups", &["items"], "id"),
        ("principal", "users", &["items"], "id"),
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
            assigned: &[HolderKind::Group],
            granted: &[HolderKind::AccessControl],
            names: true,
            recorded: true,
            may_join: |groups| edit::conflict(groups).is_none(),
            ..Writes::NONE
        }
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn edit(root: &mut Value, request: &Request) -> Done {
        edit::edit(root, request)
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn facts(root: &Value, segments: &[&str]) -> Pairs {
        edit::facts(root, segments)
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
        moves::moves(root, principal)
    }
}
