//! The recorded vectors, natively.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(target_arch = "wasm32"))]

mod harness;
mod report;

use report::report;

#[test]
fn every_recorded_decision_comes_out() {
    let (ran, failures) = harness::run();
    report(&format!("vectors, native: {ran} ran, {} failed", failures.len()));
    assert!(ran > 100, "only {ran} vectors ran");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
