//! How the tests look at findings.

use latchgate::Policy;
use latchgate::insight::{Finding, Findings, Options};
use serde_json::{Value, json};

/// What is found, with these options besides `"edits": 0`.
pub fn find(snapshot: &Value, options: &Value) -> Findings {
    let mut all = json!({ "edits": 0 });
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let options = Options::from_json(&all.to_string()).unwrap();
    Policy::findings(snapshot.to_string().as_bytes(), &options).unwrap_or_else(|error| panic!("{error}\n{snapshot}"))
}

/// Those of one kind.
pub fn of<'f>(findings: &'f Findings, code: &str) -> Vec<&'f Finding> {
    findings.findings.iter().filter(|finding| finding.code == code).collect()
}

/// The place of a path in a JSON document.
pub fn pointer(path: &str) -> String {
    path.trim_start_matches('$').replace('[', "/").replace(']', "").replace('.', "/")
}

/// The snapshot without the item or member at a path.
pub fn without(snapshot: &Value, path: &str) -> Value {
    let mut copy = snapshot.clone();
    let pointer = pointer(path);
    let (list, at) = pointer.rsplit_once('/').unwrap();
    match copy.pointer_mut(list).unwrap_or_else(|| panic!("{path}")) {
        Value::Array(list) => drop(list.remove(at.parse().unwrap())),
        other => drop(other.as_object_mut().unwrap().remove(at).unwrap()),
    }
    copy
}

/// A native snapshot.
pub fn native(payloads: &Value) -> Value {
    let mut payloads = payloads.clone();
    if payloads.get("combining").is_none() {
        payloads["combining"] = json!("additive");
    }
    json!({ "format": 1, "system": "latchgate", "payloads": payloads })
}
