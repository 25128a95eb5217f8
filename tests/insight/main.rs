//! Insight against brute force: what is said of a whole snapshot is compared with the reference evaluator, asked question by question.
//!
//! `LATCHGATE_INSIGHT_CASES` sets how many snapshots a system gets (2,000 if unset); `LATCHGATE_INSIGHT_SEED` another seed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../reference/mod.rs"]
mod reference;

mod cases;
mod diff;
mod digest;
mod exhaustive;
mod kinds;
mod list;
mod proved;
mod suggest;
mod who;
mod why;
