//! What the requests of a system can change of who holds and grants what, as data: for whoever suggests changes.

use crate::base::terms::HolderKind;
use crate::value::Value;

/// Of one system.
#[derive(Debug, Clone, Copy)]
pub struct Writes {
    /// What a principal is given.
    pub assigned: &'static [HolderKind],
    /// One is all that a principal has: another takes its place, and it is never taken away alone (AW10).
    pub one_each: bool,
    /// Whose grants are written.
    pub granted: &'static [HolderKind],
    /// Grants are a list of names, each of which is there or not.
    pub names: bool,
    /// What the server has recorded of somebody it computes anew after a change.
    pub recorded: bool,
    /// Whether a document takes a permission, as it is spelled, and the server then reads it as just that.
    pub takes: fn(&str) -> bool,
    /// The permission of whoever passes every check (K1).
    pub everything: Option<&'static str>,
    /// Whether somebody may be in all of these groups, by their documents.
    pub may_join: fn(&[&Value]) -> bool,
}

impl Writes {
    /// Of nothing.
    pub const NONE: Self = Self {
        assigned: &[],
        one_each: false,
        granted: &[],
        names: false,
        recorded: false,
        takes: |permission| !permission.is_empty(),
        everything: None,
        may_join: |_| true,
    };

    /// Whether a path of a permission has no star of its own, which would be a pattern.
    pub fn is_plain(permission: &str) -> bool {
        !permission.split(['/', ':']).any(|part| part.is_empty() || part == "*")
    }
}
