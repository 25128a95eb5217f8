//! The naive reference evaluator: the yardstick that the product's engine is compared with.
//!
//! It transcribes the rules of `docs/rules` as literally as can be: linear scans over the JSON of the snapshot, nothing
//! indexed, nothing cached, and no line shared with the product. Where a rule leaves room, the reading taken is written next to the code.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test's yardstick: each test uses a part of it, and what goes wrong in it should stop the test"
)]

pub mod ability;
pub mod casl;
pub mod conditions;
pub mod emporix;
pub mod generate;
pub mod hantera;
pub mod ithbat;
pub mod kura;
pub mod native;
pub mod open_archiver;
pub mod routes;
pub mod sql;

use serde_json::Value;

/// What the reference answers. `filter` is set for filter questions only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub effect: &'static str,
    pub code: &'static str,
    pub status: u16,
    pub filter: Option<&'static str>,
}

/// Answers one question. An ask may carry tenant, auth, sessionScopes, legalEntityId and now where the context leaves them open: what the
/// context says otherwise makes it no question, and so do roles in an ask.
pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    if member(ask, "roles").is_some() {
        return invalid();
    }
    for key in ["tenant", "auth", "sessionScopes", "legalEntityId", "now"] {
        // Scopes are a list or one text; what is no text of a time is caught below.
        let same = match (key, member(context, key), member(ask, key)) {
            ("sessionScopes", one @ Some(_), other @ Some(_)) => words(one) == words(other),
            ("now", Some(one), Some(other)) => one.as_str().and_then(native::instant) == other.as_str().and_then(native::instant),
            (_, Some(one), Some(other)) => one == other,
            _ => true,
        };
        if !same {
            return invalid();
        }
    }
    // An empty permission is no question.
    let lists = ["allOf", "anyOf"].into_iter().flat_map(|key| strings(ask.get(key)));
    if lists.chain(text(ask, "permission").map(str::to_owned)).any(|permission| permission.is_empty()) {
        return invalid();
    }
    let system = text(snapshot, "system").unwrap_or("");
    // N, order of the checks: snapshot expiry comes first, and only when the question says what time it is.
    if let (Some(now), Some(expires)) = (given_text(ask, context, "now"), text(snapshot, "expiresAt")) {
        match (native::instant(now), native::instant(expires)) {
            (Some(now), Some(expires)) if now >= expires => return deny("snapshot_expired", 403),
            (Some(_), Some(_)) => {}
            _ => return invalid(),
        }
    }
    match system {
        "hantera" => hantera::decide(snapshot, principal, ask, context),
        "emporix" => emporix::decide(snapshot, principal, ask, context),
        "open-archiver" => open_archiver::decide(snapshot, principal, ask, context),
        "kura" => kura::decide(snapshot, principal, ask, context),
        "ithbat" => ithbat::decide(snapshot, principal, ask, context),
        "casl" => casl::decide(snapshot, principal, ask, context),
        "latchgate" => native::decide(snapshot, principal, ask, context),
        _ => invalid(),
    }
}

pub fn allow(code: &'static str) -> Answer {
    Answer { effect: "allow", code, status: 200, filter: None }
}

pub fn deny(code: &'static str, status: u16) -> Answer {
    Answer { effect: "deny", code, status, filter: None }
}

pub fn no_grant() -> Answer {
    deny("no_grant", 403)
}

pub fn unauthenticated() -> Answer {
    deny("unauthenticated", 401)
}

pub fn unknown_principal() -> Answer {
    deny("unknown_principal", 401)
}

pub fn unknown_route() -> Answer {
    deny("unknown_route", 404)
}

pub fn failure(code: &'static str) -> Answer {
    Answer { effect: "error", code, status: 500, filter: None }
}

pub fn invalid() -> Answer {
    Answer { effect: "error", code: "invalid_question", status: 400, filter: None }
}

/// The answer to a filter question: "nothing" is a deny, the other two are allows.
pub fn filter_answer(kind: &'static str) -> Answer {
    let base = if kind == "none" { no_grant() } else { allow("granted") };
    Answer { filter: Some(kind), ..base }
}

impl Answer {
    /// Whether another answer is the same one. A product may say `unknown_permission` for what nobody was granted, as a hint
    /// at a typing error, where the registry is open and the rules know `no_grant` only.
    pub fn agrees(&self, effect: &str, code: &str, status: u16, filter: Option<&str>) -> bool {
        let same_code = self.code == code || (self.code == "no_grant" && code == "unknown_permission");
        self.effect == effect && same_code && self.status == status && self.filter == filter
    }
    /// A refusal of a filter question shows nothing.
    pub fn for_kind(self, kind: &str) -> Answer {
        let filter = if kind == "filter" { Some("none") } else { self.filter };
        Answer { filter, ..self }
    }
    pub fn is_allow(&self) -> bool {
        self.effect == "allow"
    }
}

/// A permission question: one, all of, or any of. Decided permission by permission: of `allOf` the first that is not
/// allowed is the answer, of `anyOf` the first that is allowed, else the first refusal. `allOf: []` requires nothing;
/// `anyOf: []` is met by nobody. `one` decides a single permission.
pub fn permissions(ask: &Value, one: &mut dyn FnMut(&str) -> Answer) -> Answer {
    if let Some(list) = ask.get("allOf").and_then(Value::as_array) {
        return all_of(list, one);
    }
    if let Some(list) = ask.get("anyOf").and_then(Value::as_array) {
        return any_of(list, one);
    }
    match text(ask, "permission") {
        Some(permission) => one(permission),
        None => invalid(),
    }
}

pub fn all_of(list: &[Value], one: &mut dyn FnMut(&str) -> Answer) -> Answer {
    let mut last = allow("not_required");
    for item in list {
        let Some(permission) = item.as_str() else {
            return invalid();
        };
        last = one(permission);
        if !last.is_allow() {
            return last;
        }
    }
    last
}

pub fn any_of(list: &[Value], one: &mut dyn FnMut(&str) -> Answer) -> Answer {
    let mut first = None;
    for item in list {
        let Some(permission) = item.as_str() else {
            return invalid();
        };
        let answer = one(permission);
        if answer.is_allow() {
            return answer;
        }
        first.get_or_insert(answer);
    }
    first.unwrap_or_else(no_grant)
}

pub fn is_permission_kind(kind: &str) -> bool {
    matches!(kind, "permission" | "scope" | "ace")
}

/// A member that is there and not null.
pub fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|v| !v.is_null())
}

pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// A key of the question's context; the same keys are accepted inside the ask.
pub fn given<'a>(ask: &'a Value, context: &'a Value, key: &str) -> Option<&'a Value> {
    member(context, key).or_else(|| member(ask, key))
}

pub fn given_text<'a>(ask: &'a Value, context: &'a Value, key: &str) -> Option<&'a str> {
    given(ask, context, key).and_then(Value::as_str)
}

/// The strings of a list; anything else in it is passed over. Not a list: none.
pub fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Blank-separated text or a list of strings; `None` where it is not given (absent and empty differ).
pub fn words(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        Some(Value::String(text)) => Some(text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()),
        Some(Value::Array(_)) => Some(strings(value)),
        _ => None,
    }
}

/// The items of a payload: a bare list, an envelope that holds the list under `key` (or `items`, or `data`), or a list
/// of such envelopes (several pages of one listing).
pub fn items<'a>(payload: Option<&'a Value>, key: &str) -> Vec<&'a Value> {
    let Some(payload) = payload else { return Vec::new() };
    match payload {
        Value::Array(list) => {
            if !list.is_empty() && list.iter().all(|page| envelope(page, key).is_some()) {
                return list.iter().flat_map(|page| envelope(page, key).unwrap_or_default()).collect();
            }
            list.iter().collect()
        }
        _ => envelope(payload, key).unwrap_or_default(),
    }
}

fn envelope<'a>(page: &'a Value, key: &str) -> Option<Vec<&'a Value>> {
    let list = |v: &'a Value| v.as_array().map(|l| l.iter().collect::<Vec<_>>());
    if page.get("id").is_some() || page.get("name").is_some() || page.get("key").is_some() {
        return None; // an item, not a page
    }
    if let Some(found) = page.get(key).and_then(list) {
        return Some(found);
    }
    if let Some(found) = page.get("items").and_then(list) {
        return Some(found);
    }
    match page.get("data") {
        Some(Value::Array(found)) => Some(found.iter().collect()),
        Some(inner @ Value::Object(_)) => envelope(inner, key),
        _ => None,
    }
}

/// The payload's member of that name.
pub fn payload<'a>(snapshot: &'a Value, key: &str) -> Option<&'a Value> {
    snapshot.get("payloads").and_then(|p| member(p, key))
}

/// An id: the string itself, or the `id` of an object in its place.
pub fn id_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| text(value, "id"))
}
