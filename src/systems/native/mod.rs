//! The native snapshot, the superset of all others (rules N1 to N21).

mod read;

pub use read::*;
