//! Emporix: groups, access controls, scopes, whitelists, scopes for what is the own (rules E1 to E17).

mod read;
mod requests;

pub use read::*;
