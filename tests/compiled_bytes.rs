//! The same snapshot gives the same bytes on every target: here natively; `npm test -- runtimes` compares Node, Chromium and workerd
//! with the same file. After a change of the layout: `LATCHGATE_BLESS=1 cargo test --test compiled_bytes`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod harness;
mod report;

use std::collections::BTreeMap;

use latchgate::Policy;
use report::report;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors-compiled.json");

#[test]
fn what_is_compiled_has_the_recorded_bytes() {
    let mut found = BTreeMap::new();
    for vector in harness::vectors() {
        let id = vector["id"].as_str().expect("an id");
        let key = vector["snapshot"].as_str().filter(|name| *name != "inline").map_or(format!("inline {id}"), Into::into);
        let policy = Policy::load(harness::snapshot(&vector).as_bytes()).expect("the snapshot loads");
        let who = json!({ "principal": vector["principal"], "context": {} }).to_string();
        let slice = policy.slice_from_json(&who).expect("a slice");
        for (key, part) in [(key, &policy), (format!("slice {id}"), &slice)] {
            let bytes = part.as_bytes();
            let again = Policy::open(bytes.to_vec()).expect("what was compiled opens");
            assert_eq!(again.as_bytes(), bytes);
            found.insert(key, hex(&Sha256::digest(bytes)));
        }
    }
    assert!(found.len() > 150, "only {}", found.len());
    let text = format!("{}\n", serde_json::to_string_pretty(&found).expect("texts"));
    if std::env::var_os("LATCHGATE_BLESS").is_some() {
        std::fs::write(FILE, &text).expect("written");
    }
    let recorded: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(FILE).expect("the recorded digests")).expect("JSON");
    let other: Vec<&String> = found.keys().filter(|key| recorded.get(*key) != found.get(*key)).collect();
    assert!(
        other.is_empty() && recorded.len() == found.len(),
        "{} compiled files are others than recorded, such as {:?}; if that is meant: LATCHGATE_BLESS=1 cargo test --test compiled_bytes",
        other.len(),
        other.first()
    );
    report(&format!("compiled bytes, native: {} files as recorded", found.len()));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
