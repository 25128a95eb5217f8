//! Every recorded vector, answered by the reference.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

#[path = "reference/mod.rs"]
mod reference;
mod report;

use report::report;
use serde_json::{Value, json};
use std::path::Path;

fn json_file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_vector_agrees() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let file = json_file(&folder.join("decisions.json"));
    let vectors = file["vectors"].as_array().expect("decisions.json has vectors");
    let (mut ran, mut not_covered, mut wrong) = (0, Vec::new(), Vec::new());
    for vector in vectors {
        // The reference has no regex engine.
        if vector["policies"].to_string().contains("$regex") {
            not_covered.push(vector["id"].to_string());
            continue;
        }
        let snapshot = match vector["snapshot"].as_str().expect("a vector names its snapshot") {
            "inline" => json!({ "system": "open-archiver", "payloads": {
                "roles": [{ "id": "inline", "name": "inline", "policies": vector["policies"] }],
                "users": [{ "id": "u:inline", "email": "inline@example.org", "roles": ["inline"] }] } }),
            name => json_file(&folder.join("snapshots").join(format!("{name}.json"))),
        };
        let answer = reference::decide(&snapshot, &vector["principal"], &vector["ask"], &json!({}));
        let got = answer.filter.unwrap_or(answer.effect);
        ran += 1;
        if vector["expected"] != got {
            wrong.push(format!("{} expects {} got {got} ({})", vector["id"], vector["expected"], answer.code));
        }
    }
    report(&format!("{ran} vectors ran, {} not covered ($regex): {}", not_covered.len(), not_covered.join(", ")));
    assert!(ran > 0, "no vector ran");
    assert!(wrong.is_empty(), "{} of {ran} disagree:\n{}", wrong.len(), wrong.join("\n"));
}
