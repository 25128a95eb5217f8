//! Plain lists of CASL 7 rules.

#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod read;

use crate::base::error::Error;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::base::terms::HolderKind;
use crate::json::pointer::Cursor;
use crate::model::{Model, Profile};
use crate::systems::server::Server;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::value::Value;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::writes::{answer::Done, changes::Writes, request::Request};

/// The rules of this server.
pub struct Rules;

impl Server for Rules {
    fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
        read::read(model, payloads, options)
    }

    fn profile() -> Profile {
        read::profile()
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn writes() -> Writes {
        // A list of rules is somebody's, and nobody else's.
        Writes { granted: &[HolderKind::Role], ..Writes::NONE }
    }

    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn edit(root: &mut Value, request: &Request) -> Done {
        edit::edit(root, request)
    }
}
