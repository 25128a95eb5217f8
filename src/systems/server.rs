//! What a system brings: its folder implements [`Server`] once, and every question to "the system" is answered by the one table.

use crate::base::error::Error;
use crate::base::system::{System, each_system};
use crate::compiled::Compiled;
use crate::json::pointer::Cursor;
use crate::model::{Documents, Model, Profile};
use crate::value::Value;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
use crate::writes::{answer::Done, changes::Writes, moves::Move, request::Request, tree::Pairs};

/// A list of documents: what it holds, its payload, the keys of its envelopes, and the member that names each document.
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub type Listed = (&'static str, &'static str, &'static [&'static str], &'static str);

/// The rules of one server.
pub trait Server {
    /// Payload lists with documents that somebody could be shown.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    const LISTED: &'static [Listed] = &[];

    /// Reads the payloads into the model.
    ///
    /// # Errors
    /// What the payloads cannot be.
    fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error>;

    /// How the server decides.
    fn profile() -> Profile;

    /// What the system's API lists, in its own shape; nothing where it has no such list. `documents` are there where the snapshot came as JSON.
    fn list(_compiled: &Compiled, _documents: Option<&Documents>, _name: &str, _params: &Cursor<'_>) -> Option<Result<Value, Error>> {
        None
    }

    /// The name that goes by an id in a document of [`Server::LISTED`].
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn listed_name(id: &str) -> &str {
        id
    }

    /// Applies a request that writes.
    ///
    /// # Errors
    /// What the server refuses.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn edit(root: &mut Value, request: &Request) -> Done;

    /// What the server knows of the record that the path of an edit names.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn facts(_root: &Value, _segments: &[&str]) -> Pairs {
        Vec::new()
    }

    /// Whether whoever is logged in may send this edit about himself, whatever he holds.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn is_open_to_all(_request: &Request) -> bool {
        false
    }

    /// What its requests can change of who holds and grants what.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn writes() -> Writes {
        Writes::NONE
    }

    /// Requests by which somebody might gain rights, the strongest first.
    #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
    fn moves<'v>(_root: &'v Value, _principal: &'v str) -> Vec<Move<'v>> {
        Vec::new()
    }
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $variant:ident $folder:ident $name:literal,)*) => {
        pub fn read(system: System, model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
            match system { $(System::$variant => <super::$folder::Rules as Server>::read(model, payloads, options),)* }
        }

        /// How a system decides.
        pub fn profile(system: System) -> Profile {
            match system { $(System::$variant => <super::$folder::Rules as Server>::profile(),)* }
        }

        pub fn list(system: System, compiled: &Compiled, documents: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
            match system { $(System::$variant => <super::$folder::Rules as Server>::list(compiled, documents, name, params),)* }
        }

        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn listed(system: System) -> &'static [Listed] {
            match system { $(System::$variant => <super::$folder::Rules as Server>::LISTED,)* }
        }

        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn listed_name(system: System, id: &str) -> &str {
            match system { $(System::$variant => <super::$folder::Rules as Server>::listed_name(id),)* }
        }

        /// Applies a request that writes.
        ///
        /// # Errors
        /// What the server refuses.
        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn edit(system: System, root: &mut Value, request: &Request) -> Done {
            match system { $(System::$variant => <super::$folder::Rules as Server>::edit(root, request),)* }
        }

        /// What the server knows of the record that the path of an edit names.
        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn facts(system: System, root: &Value, segments: &[&str]) -> Pairs {
            match system { $(System::$variant => <super::$folder::Rules as Server>::facts(root, segments),)* }
        }

        /// Whether whoever is logged in may send an edit about himself, whatever he holds.
        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn is_open_to_all(system: System, request: &Request) -> bool {
            match system { $(System::$variant => <super::$folder::Rules as Server>::is_open_to_all(request),)* }
        }

        /// What the requests of a system can change of who holds and grants what.
        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn writes(system: System) -> Writes {
            match system { $(System::$variant => <super::$folder::Rules as Server>::writes(),)* }
        }

        /// Requests by which somebody might gain rights, the strongest first.
        #[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
        pub fn moves<'v>(system: System, root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
            match system { $(System::$variant => <super::$folder::Rules as Server>::moves(root, principal),)* }
        }
    };
}
each_system!(dispatch);
