//! Hantera: roles with entries of an access list, path cascade, OAuth scopes (rules H1 to H16).

mod read;
mod requests;

pub use read::*;
