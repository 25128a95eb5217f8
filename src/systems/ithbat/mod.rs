//! Ithbat: `resource:action` within tenants (rules I1 to I8).

mod read;
mod requests;

pub use read::*;
