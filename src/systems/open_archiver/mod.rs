//! Open Archiver: policies of CASL 6 with conditions (rules A1 to A25).

mod read;
mod requests;

pub use read::*;
