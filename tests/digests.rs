//! The same snapshot gives the same digest of its decisions on every target: here natively; `npm test -- runtimes` compares Node,
//! Chromium and workerd with the same file. After a change of what is decided or hashed: `LATCHGATE_BLESS=1 cargo test --test digests`.
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

use latchgate::{Context, Policy};
use report::report;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors-digests.json");

#[test]
fn what_is_decided_has_the_recorded_digest() {
    let mut found = BTreeMap::new();
    for vector in harness::vectors() {
        let id = vector["id"].as_str().expect("an id");
        let key = vector["snapshot"].as_str().filter(|name| *name != "inline").map_or(format!("inline {id}"), Into::into);
        let policy = Policy::load(harness::snapshot(&vector).as_bytes()).expect("the snapshot loads");
        let digest = policy.insight(&Context::default()).digest().expect("a digest");
        // What was compiled decides alike.
        let again = Policy::open(policy.as_bytes().to_vec()).expect("what was compiled opens");
        assert_eq!(again.insight(&Context::default()).digest().expect("a digest"), digest, "{key}");
        found.insert(key, digest);
    }
    assert!(found.len() > 6, "only {}", found.len());
    let text = format!("{}\n", serde_json::to_string_pretty(&found).expect("texts"));
    if std::env::var_os("LATCHGATE_BLESS").is_some() {
        std::fs::write(FILE, &text).expect("written");
    }
    let recorded: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(FILE).expect("the recorded digests")).expect("JSON");
    let other: Vec<&String> = found.keys().filter(|key| recorded.get(*key) != found.get(*key)).collect();
    assert!(
        other.is_empty() && recorded.len() == found.len(),
        "{} digests are others than recorded, such as {:?}; if that is meant: LATCHGATE_BLESS=1 cargo test --test digests",
        other.len(),
        other.first()
    );
    report(&format!("digests, native: {} snapshots as recorded", found.len()));
}
