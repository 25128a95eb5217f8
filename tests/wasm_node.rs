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

/// The text in which decisions cross is what serde would have made of them.
#[wasm_bindgen_test]
fn decisions_cross_as_serde_would_have_them() {
    let mut compared = 0;
    for vector in harness::vectors() {
        let policy = latchgate::Policy::load(harness::snapshot(&vector).as_bytes()).unwrap();
        let decision = policy.decide_json(&vector.to_string());
        let object = serde::Serialize::serialize(&decision, &serde_wasm_bindgen::Serializer::json_compatible()).unwrap();
        let expected = js_sys::JSON::stringify(&object).unwrap();
        assert_eq!(decision.to_json(), String::from(expected), "{}", vector["id"]);
        compared += 1;
    }
    console_log!("decisions as text: {compared} compared");
    assert!(compared > 100);
}
