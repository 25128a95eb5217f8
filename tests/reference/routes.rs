//! The endpoint table, read as it is written, and the plainest possible path matcher.
//!
//! Readings: the query is cut off at `?`, a leading `/` does not matter, one trailing `/` is dropped; empty, `.` and `..`
//! segments match nothing. Segments are percent-decoded one by one. A literal beats `{param}` beats `**`, segment by
//! segment from the left, so `/categories` wins over `/{id}`. `**` stands for any number of segments, none too.
//! `{any}` is a parameter like the others: one segment. The method is compared in capitals; `HEAD` is answered as `GET`. A path that a
//! server might read otherwise matches nothing: a bare `;`, and what is a slash, a backslash, a control character or dots if it is decoded
//! once more. Of the query, whatever a server might take for a flag that is set counts as set.

use super::{Answer, allow, deny, text, unknown_route};
use serde_json::Value;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../vectors/endpoints.json");

pub struct Hit {
    pub endpoint: Value,
    pub params: Vec<(String, String)>,
    query: String,
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
    /// Whether the query sets a flag: for some server's reading of it, the value is anything but `false`.
    pub fn sets(&self, flag: &str) -> bool {
        let loose = |text: &str| twice(&text.replace('+', " ")).trim().to_lowercase();
        let pairs = self.query.split('&').chain(self.query.split(['&', ';']));
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).any(|(key, value)| {
            let key = loose(key);
            let key = key.split('[').next().unwrap_or("").trim();
            key == flag.to_lowercase() && loose(value) != "false"
        })
    }
    pub fn list(&self, key: &str) -> Option<&Vec<Value>> {
        self.requires().get(key).and_then(Value::as_array)
    }
}

/// The answer to a request that the table of a system does not have.
pub fn unknown(system: &str, ask: &Value) -> Answer {
    unknown_in(&table(system), ask)
}

/// 405 where the path is known for other methods; an OPTIONS that the caller answers itself is then open.
pub fn unknown_in(endpoints: &[Value], ask: &Value) -> Answer {
    let path = text(ask, "path").unwrap_or("");
    let known = endpoints.iter().any(|endpoint| best(endpoints, text(endpoint, "method").unwrap_or(""), path).is_some());
    let preflight =
        ask["method"].as_str().is_some_and(|method| method.to_uppercase() == "OPTIONS") && ask["attributes"]["preflight"] == true;
    match known {
        true if preflight => allow("not_required"),
        true => deny("unknown_route", 405),
        false => unknown_route(),
    }
}

fn table(system: &str) -> Vec<Value> {
    static PARSED: OnceLock<Value> = OnceLock::new();
    let table = PARSED.get_or_init(|| serde_json::from_str(TABLE).expect("endpoints.json is JSON"));
    let endpoints = table["endpoints"].as_array().expect("endpoints.json has endpoints");
    endpoints.iter().filter(|e| e["system"] == system).cloned().collect()
}

/// The best endpoint of a system's published table.
pub fn find(system: &str, method: &str, path: &str) -> Option<Hit> {
    best(&table(system), method, path)
}

/// The best endpoint of any table of `{method, path, requires}`.
pub fn best(endpoints: &[Value], method: &str, path: &str) -> Option<Hit> {
    let method = method.to_ascii_uppercase();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segments = split(path)?;
    let mut found: Option<(Vec<u8>, Hit)> = None;
    for endpoint in endpoints {
        let wanted = endpoint["method"].as_str().unwrap_or("");
        let step = match wanted {
            wanted if wanted == method => 0,
            "GET" if method == "HEAD" => 1,
            "*" => 2,
            _ => continue,
        };
        let template = split_template(endpoint["path"].as_str().unwrap_or(""));
        let mut params = Vec::new();
        let Some(mut rank) = matches(&template, &segments, &mut params) else {
            continue;
        };
        rank.push(step);
        if found.as_ref().is_none_or(|(best, _)| rank < *best) {
            found = Some((rank, Hit { endpoint: endpoint.clone(), params, query: query.to_owned() }));
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
    if segment.contains(';') {
        return None;
    }
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
    let mut again = text.clone();
    for _ in 0..4 {
        let name = again.split(';').next().unwrap_or("");
        if matches!(name, "" | "." | "..") || again.contains(|c: char| c == '/' || c == '\\' || c.is_ascii_control()) {
            return None;
        }
        let next = once(&again);
        if next == again {
            return Some(text);
        }
        again = next;
    }
    None
}

fn twice(text: &str) -> String {
    once(&once(text).replace('+', " "))
}

/// Percent signs taken off where two digits follow.
fn once(text: &str) -> String {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|two| u8::from_str_radix(two, 16).ok());
        match code.filter(|_| bytes[at] == b'%') {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
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
