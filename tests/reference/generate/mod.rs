//! Small but nasty snapshots and questions about them, for every system.
//!
//! A case is decoded from a list of bytes, which proptest draws and shrinks: a shorter list of smaller bytes is a
//! smaller and plainer case (zero always means the first, the plainest or "no"). Names come from tiny alphabets, so they
//! collide; ids dangle; members are absent, null or empty. Every snapshot is one that must load.

mod casl;
mod emporix;
mod hantera;
mod ithbat;
mod kura;
mod native;
mod open_archiver;
mod rules;

use proptest::prelude::*;
use serde_json::{Value, json};

/// A snapshot and questions about it, each `{principal, ask, context}`.
pub type Case = (Value, Vec<Value>);

/// How many questions a case asks.
const QUESTIONS: usize = 24;

pub const SYSTEMS: [&str; 7] = ["hantera", "emporix", "open-archiver", "kura", "ithbat", "casl", "latchgate"];

/// The strategy of a system.
pub fn cases(system: &'static str) -> BoxedStrategy<Case> {
    proptest::collection::vec(any::<u8>(), 300..2500).prop_map(move |bytes| build(system, bytes)).boxed()
}

pub fn hantera() -> BoxedStrategy<Case> {
    cases("hantera")
}
pub fn emporix() -> BoxedStrategy<Case> {
    cases("emporix")
}
pub fn open_archiver() -> BoxedStrategy<Case> {
    cases("open-archiver")
}
pub fn kura() -> BoxedStrategy<Case> {
    cases("kura")
}
pub fn ithbat() -> BoxedStrategy<Case> {
    cases("ithbat")
}
pub fn casl() -> BoxedStrategy<Case> {
    cases("casl")
}
pub fn native() -> BoxedStrategy<Case> {
    cases("latchgate")
}

/// The case that a list of bytes stands for (the same bytes, the same case).
pub fn build(system: &str, bytes: Vec<u8>) -> Case {
    let mut d = Draw { bytes, at: 0 };
    match system {
        "hantera" => hantera::case(&mut d),
        "emporix" => emporix::case(&mut d),
        "open-archiver" => open_archiver::case(&mut d),
        "kura" => kura::case(&mut d),
        "ithbat" => ithbat::case(&mut d),
        "casl" => casl::case(&mut d),
        _ => native::case(&mut d),
    }
}

// ---------------------------------------------------------------------------------------------------------------------

struct Draw {
    bytes: Vec<u8>,
    at: usize,
}

impl Draw {
    fn byte(&mut self) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte)
    }
    fn below(&mut self, n: usize) -> usize {
        self.byte() % n
    }
    /// True in about so many of a hundred cases; a zero byte is false.
    fn chance(&mut self, percent: usize) -> bool {
        self.byte() * 100 / 256 >= 100 - percent
    }
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len());
        from[at].clone()
    }
    /// Mostly one or more; none once in a while, and where the bytes have run out.
    fn count(&mut self, most: usize) -> usize {
        if self.chance(95) { 1 + self.below(most) } else { 0 }
    }
    /// Up to `most` of them, repeats and all.
    fn some(&mut self, from: &[&str], most: usize) -> Value {
        let count = self.count(most);
        Value::from((0..count).map(|_| self.pick(from)).collect::<Vec<_>>())
    }
    /// Up to `most` of them, each once.
    fn set(&mut self, from: &[&str], most: usize) -> Value {
        let mut out: Vec<&str> = Vec::new();
        for _ in 0..self.count(most) {
            let one = self.pick(from);
            if !out.contains(&one) {
                out.push(one);
            }
        }
        Value::from(out)
    }
    fn few(&mut self, from: &[&str], least: usize, most: usize) -> Vec<String> {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| self.pick(from).to_owned()).collect()
    }
    fn list(&mut self, most: usize, mut one: impl FnMut(&mut Draw, usize) -> Value) -> Vec<Value> {
        let count = self.count(most);
        (0..count).map(|at| one(self, at)).collect()
    }
    fn maybe(&mut self, percent: usize, into: &mut Value, key: &str, one: impl FnOnce(&mut Draw) -> Value) {
        if self.chance(percent) {
            let value = one(self);
            into[key] = value;
        }
    }
}

fn question(principal: Value, ask: Value, context: Value) -> Value {
    json!({ "principal": principal, "ask": ask, "context": context })
}

/// The names of all items of some lists, in order; one that is nobody's where there are none.
fn names_in(lists: &[&[Value]], key: &str) -> Vec<String> {
    let all = lists.iter().flat_map(|list| list.iter()).filter_map(|item| item[key].as_str().map(str::to_owned));
    let mut all: Vec<String> = all.collect();
    if all.is_empty() {
        all.push("nobody".into());
    }
    all
}

fn questions(d: &mut Draw, mut one: impl FnMut(&mut Draw) -> (Value, Value, Value)) -> Vec<Value> {
    (0..QUESTIONS)
        .map(|_| {
            let (principal, ask, context) = one(d);
            question(principal, ask, context)
        })
        .collect()
}

/// What a context says that an ask contradicts.
const OTHERS: [(&str, &str); 5] = [
    ("tenant", "elsewhere"),
    ("auth", "token"),
    ("sessionScopes", "some:scope"),
    ("legalEntityId", "someone"),
    ("now", "2026-04-01T00:00:00Z"),
];

/// The context keys that are accepted inside the ask as well: put now here, now there.
fn place(d: &mut Draw, ask: &mut Value, context: &mut Value, key: &str, value: Value) {
    match d.below(20) {
        // In both, and as likely as not another one: what the context has bound no ask may change.
        0 | 1 => {
            context[key] = if d.chance(50) {
                value.clone()
            } else {
                OTHERS.iter().find(|(of, _)| *of == key).map_or(value.clone(), |(_, other)| json!(other))
            };
            ask[key] = value;
        }
        // An ask brings no roles; now and then one tries.
        2..11 if key != "roles" => ask[key] = value,
        2 => ask[key] = value,
        _ => context[key] = value,
    }
}

/// One permission, all of some or any of some.
fn permission_ask(d: &mut Draw, kinds: &[&str], mut one: impl FnMut(&mut Draw) -> String) -> Value {
    let kind = d.pick(kinds);
    match d.below(8) {
        6 => json!({ "kind": kind, "allOf": d.list(3, |d, _| Value::from(one(d))) }),
        7 => json!({ "kind": kind, "anyOf": d.list(3, |d, _| Value::from(one(d))) }),
        _ => json!({ "kind": kind, "permission": one(d) }),
    }
}

/// A request, now and then as somebody writes it who means to be taken for another one: its method, and its path.
fn dressed(d: &mut Draw, method: &str, path: &str) -> (String, String) {
    let method = match d.below(12) {
        9 if method == "GET" => "HEAD".to_owned(),
        10 => method.to_lowercase(),
        11 => d.pick(&["HEAD", "OPTIONS", "PATCH"]).to_owned(),
        _ => method.to_owned(),
    };
    let mut path = path.to_owned();
    if d.chance(25) {
        path = encoded(d, &path);
    }
    if d.chance(10) {
        let at = d.below(path.len() + 1);
        let odd = d.pick(&[
            "%5C",
            "%2F",
            "%2e%2e",
            "%252e%252E",
            "%255c",
            "%00",
            ";x=1",
            "%3B",
            "..;",
            "//",
            "/./",
            "%zz",
            "%",
            "\\",
            "%2525",
            "+",
            "%C3",
        ]);
        path.insert_str(at, odd);
    }
    (method, path)
}

/// A text with some of its letters behind percent signs, some of them twice.
fn encoded(d: &mut Draw, text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match d.below(10) {
            8 if c.is_ascii_alphanumeric() => out.push_str(&format!("%{:02x}", u32::from(c))),
            9 if c.is_ascii_alphanumeric() && d.chance(30) => out.push_str(&format!("%25{:02X}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

/// A query that bears a flag, or nearly.
fn flagged(d: &mut Draw, flag: &str) -> String {
    let parts = d.list(3, |d, _| {
        let mut name = d.pick(&[flag, flag, flag, "pageSize", "forceDeletes"]).to_owned();
        if d.chance(10) {
            name = name.to_uppercase();
        }
        if d.chance(25) {
            name = encoded(d, &name);
        }
        name.push_str(d.pick(&["", "", "", "", "[]", "%5B0%5D", "+", "%20"]));
        let mut value = d.pick(&["=true", "=false", "=True", "=1", "=", "", "=yes", "=FALSE", "=%66alse", "=+true"]).to_owned();
        if d.chance(25) {
            value = encoded(d, &value);
        }
        Value::from(name + &value)
    });
    let between = d.pick(&["&", "&", ";", "&&"]);
    parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between)
}

/// A fact that should be true or false, and sometimes is neither.
fn fact(d: &mut Draw) -> Value {
    d.pick(&[
        json!(false),
        json!(true),
        json!(true),
        json!(false),
        json!(1),
        json!(0),
        json!("yes"),
        json!("true"),
        json!("False"),
        Value::Null,
        json!([]),
    ])
}

/// A listing in pages: the list cut in two, each part in an envelope of its own.
fn pages(d: &mut Draw, list: Vec<Value>, envelope: impl Fn(Vec<Value>, usize) -> Value) -> Value {
    let total = list.len();
    if d.chance(15) && total > 1 {
        let (first, second) = list.split_at(total / 2);
        return Value::from(vec![envelope(first.to_vec(), total), envelope(second.to_vec(), total)]);
    }
    envelope(list, total)
}
