//! Plain lists of CASL 7 rules.

mod read;

pub use read::*;
