//! The recorded vectors, compiled to WebAssembly, in Node.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(target_arch = "wasm32")]

mod harness;

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn every_recorded_decision_comes_out() {
    let (ran, failures) = harness::run();
    console_log!("vectors, wasm in Node: {ran} ran, {} failed", failures.len());
    assert!(ran > 100, "only {ran} vectors ran");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
