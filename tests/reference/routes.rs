//! The endpoint table, read as it is written, and the plainest possible path matcher.
//!
//! Readings: the query is cut off at `?`, a leading `/` does not matter, one trailing `/` is dropped; empty, `.` and `..`
//! segments match nothing. Segments are percent-decoded one by one. A literal beats `{param}` beats `**`, segment by
//! segment from the left, so `/categories` wins over `/{id}`. `**` stands for any number of segments, none too.
//! `{any}` is a parameter like the others: one segment. The method is compared as it is written.

use serde_json::Value;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../vectors/endpoints.json");

pub struct Hit {
    pub endpoint: Value,
    pub params: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
}

impl Hit {
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    pub fn requires(&self) -> &Value {
        &self.endpoint["requires"]
    }
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.endpoint["method"] == method && self.endpoint["path"] == path
    }
    /// An endpoint that requires nothing: open to everybody, logged in or not.
    pub fn open(&self) -> bool {
        self.requires()["none"] == true || self.requires()["public"] == true
    }
    pub fn list(&self, key: &str) -> Option<&Vec<Value>> {
        self.requires().get(key).and_then(Value::as_array)
    }
}

/// The best endpoint of a system's published table.
pub fn find(system: &str, method: &str, path: &str) -> Option<Hit> {
    static PARSED: OnceLock<Value> = OnceLock::new();
    let table = PARSED.get_or_init(|| serde_json::from_str(TABLE).expect("endpoints.json is JSON"));
    let endpoints = table["endpoints"].as_array().expect("endpoints.json has endpoints");
    let own: Vec<Value> = endpoints.iter().filter(|e| e["system"] == system).cloned().collect();
    best(&own, method, path)
}

/// The best endpoint of any table of `{method, path, requires}`.
pub fn best(endpoints: &[Value], method: &str, path: &str) -> Option<Hit> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segments = split(path)?;
    let mut found: Option<(Vec<u8>, Hit)> = None;
    for endpoint in endpoints {
        let wanted = endpoint["method"].as_str().unwrap_or("");
        if wanted != "*" && wanted != method {
            continue;
        }
        let template = split_template(endpoint["path"].as_str().unwrap_or(""));
        let mut params = Vec::new();
        let Some(rank) = matches(&template, &segments, &mut params) else {
            continue;
        };
        if found.as_ref().is_none_or(|(best, _)| rank < *best) {
            let query = pairs(query);
            found = Some((rank, Hit { endpoint: endpoint.clone(), params, query }));
        }
    }
    found.map(|(_, hit)| hit)
}

fn split_template(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/').collect()
}

fn split(path: &str) -> Option<Vec<String>> {
    split_template(path).into_iter().map(decode).collect()
}

fn decode(segment: &str) -> Option<String> {
    let bytes = segment.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let hex = segment.get(at + 1..at + 3)?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    let text = String::from_utf8(out).ok()?;
    (!text.is_empty() && text != "." && text != "..").then_some(text)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|p| !p.is_empty());
    parts.map(|p| p.split_once('=').unwrap_or((p, ""))).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// The rank of a match (0 literal, 1 parameter, 2 rest; smaller is more specific), or none.
fn matches(template: &[&str], path: &[String], params: &mut Vec<(String, String)>) -> Option<Vec<u8>> {
    let mut rank = Vec::new();
    for (at, piece) in template.iter().enumerate() {
        if *piece == "**" {
            rank.push(2);
            return Some(rank);
        }
        let segment = path.get(at)?;
        if piece.starts_with('{') && piece.ends_with('}') {
            params.push((piece[1..piece.len() - 1].to_owned(), segment.clone()));
            rank.push(1);
        } else if piece == segment {
            rank.push(0);
        } else {
            return None;
        }
    }
    (template.len() == path.len()).then_some(rank)
}
