//! Eclipse Kura: flat permissions, `kura.admin` (rules K1 to K10).

mod read;
mod requests;

pub use read::*;
