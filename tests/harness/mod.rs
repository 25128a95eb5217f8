//! Runs the recorded vectors against the core. The files are embedded, so the same runner serves the browser.

#![allow(dead_code, reason = "each test uses a part of it")]

use serde_json::{Value, json};

const DECISIONS: &str = include_str!("../vectors/decisions.json");

const SNAPSHOTS: [(&str, &str); 6] = [
    ("emporix.main", include_str!("../vectors/snapshots/emporix.main.json")),
    ("emporix.seed-ac", include_str!("../vectors/snapshots/emporix.seed-ac.json")),
    ("hantera.main", include_str!("../vectors/snapshots/hantera.main.json")),
    ("ithbat.main", include_str!("../vectors/snapshots/ithbat.main.json")),
    ("kura.main", include_str!("../vectors/snapshots/kura.main.json")),
    ("oa.main", include_str!("../vectors/snapshots/oa.main.json")),
];

/// The snapshot that a vector is about.
pub fn snapshot(vector: &Value) -> String {
    let name = vector["snapshot"].as_str().expect("a vector names its snapshot");
    if name == "inline" {
        let role = json!({ "id": "inline", "name": "inline", "policies": vector["policies"] });
        let user = json!({ "id": "u:inline", "email": "inline@example.org", "roles": ["inline"] });
        return json!({ "system": "open-archiver", "payloads": { "roles": [role], "users": [user] } }).to_string();
    }
    let found = SNAPSHOTS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no snapshot {name}")).1.to_string()
}

/// Every vector.
pub fn vectors() -> Vec<Value> {
    let file: Value = serde_json::from_str(DECISIONS).expect("the vectors are JSON");
    assert_eq!(file["format"], 1);
    file["vectors"].as_array().expect("a list of vectors").clone()
}

/// Runs every vector; how many ran, and what failed.
pub fn run() -> (usize, Vec<String>) {
    let mut failures = Vec::new();
    let vectors = vectors();
    for vector in &vectors {
        let policy = latchgate::Policy::load(snapshot(vector).as_bytes()).expect("the snapshot loads");
        let decision = policy.decide_json(&vector.to_string());
        let got = match vector["ask"]["kind"].as_str() {
            Some("filter") => decision.filter.unwrap_or(decision.effect),
            _ => decision.effect,
        };
        if vector["expected"] != got {
            failures.push(format!("{}: expected {}, got {got}: {}", vector["id"], vector["expected"], decision.message));
        }
    }
    (vectors.len(), failures)
}
