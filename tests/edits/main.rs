//! What-if edits against what the servers' documents and sources say (`docs/reference/edits.md`): every rule accepts something and refuses
//! something, and what is refused names the rule.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod emporix;
mod hantera;
mod ithbat;
mod kura;
mod native;
mod open_archiver;
mod properties;
mod table;
