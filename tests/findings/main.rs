//! Findings with witnesses: each kind where it is and where it is not, ways to more rights replayed, and what they claim compared with the
//! reference evaluator on random snapshots.
//!
//! `LATCHGATE_FINDINGS_CASES` sets how many snapshots a system gets (2,000 if unset).
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "a part of it is for other tests")]
#[path = "../insight/cases.rs"]
mod cases;
#[path = "../reference/mod.rs"]
mod reference;

mod climb;
mod kinds;
mod look;
mod random;
