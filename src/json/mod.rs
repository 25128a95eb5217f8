//! JSON: bytes to one flat list of values within limits, places in it, and text out again.

pub mod argument;
pub mod document;
pub mod pointer;
pub mod read;
#[cfg_attr(not(feature = "host"), allow(dead_code, reason = "only the binding needs it"))]
pub mod tagged;
pub mod write;

pub use read::{Numbers, parse, read};
