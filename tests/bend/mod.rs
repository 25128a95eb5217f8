//! Compiled snapshots to bend, and the tools for it. What of the layout it takes is written down here once more, on purpose: a test
//! that took it from the crate would follow its mistakes.

#![allow(dead_code, reason = "each test uses a part of it")]

use latchgate::{Policy, Value};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::{harness, reference};

/// Sections by their place in the file.
pub mod section {
    pub const RESOURCES: usize = 5;
    pub const LINKS: usize = 6;
    pub const HOLDERS: usize = 8;
    pub const ENTRIES: usize = 9;
    pub const GRANTS: usize = 10;
    pub const TERMS: usize = 11;
    pub const PRINCIPALS: usize = 12;
    pub const TENANTS: usize = 16;
    pub const ENDPOINTS: usize = 19;
    pub const POOL: usize = 21;
}

/// How many sections a file has.
const SECTIONS: usize = 22;
/// Where the first begins.
const FIRST: usize = 12 + 4 * SECTIONS;

/// A compiled snapshot and what to ask it.
pub struct Victim {
    pub name: String,
    pub bytes: Vec<u8>,
    pub questions: Vec<String>,
    pub permissions: Vec<String>,
    pub kinds: Vec<(String, String)>,
    pub record: Value,
    /// Parameters of a list about one user.
    pub user: String,
}

impl Victim {
    fn new(name: String, bytes: Vec<u8>, questions: &[serde_json::Value]) -> Self {
        let text = |value: &serde_json::Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_string);
        let kinds = questions.iter().filter_map(|one| Some((text(&one["ask"]["action"])?, text(&one["ask"]["subject"])?)));
        Self {
            name,
            bytes,
            questions: questions.iter().map(ToString::to_string).collect(),
            permissions: questions.iter().filter_map(|one| text(&one["ask"]["permission"])).take(20).collect(),
            kinds: kinds.take(6).collect(),
            record: Value::Map(vec![("id".into(), Value::Text("i1".into())), ("userId".into(), Value::Text("u1".into()))]),
            user: json!({ "user": questions[0]["principal"].as_str().unwrap_or("nobody") }).to_string(),
        }
    }
}

/// The compiled form of every recorded snapshot, and of generated ones of every system; of each system one slice as well.
pub fn victims() -> Vec<Victim> {
    let mut victims = Vec::new();
    let vectors = harness::vectors();
    let mut names: Vec<&str> = vectors.iter().filter_map(|vector| vector["snapshot"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let own: Vec<serde_json::Value> = vectors.iter().filter(|vector| vector["snapshot"] == name).cloned().collect();
        let policy = Policy::load(harness::snapshot(&own[0]).as_bytes()).expect("the snapshot loads");
        victims.push(Victim::new(name.into(), policy.as_bytes().to_vec(), &own));
    }
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        for number in 0..2 {
            let (snapshot, questions) = strategy.new_tree(&mut runner).expect("a case").current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).expect("the snapshot loads");
            if number == 0 {
                let slice = questions.iter().find_map(|question| policy.slice_from_json(&question.to_string()).ok());
                let slice = slice.expect("a slice").as_bytes().to_vec();
                victims.push(Victim::new(format!("{system}, a slice"), slice, &questions));
            }
            victims.push(Victim::new(format!("{system}, generated {number}"), policy.as_bytes().to_vec(), &questions));
        }
    }
    victims
}

/// A number from a place in a file.
pub fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// Puts a number at a place of a file.
pub fn put(bytes: &mut [u8], at: usize, word: u32) {
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
}

/// Where each section begins, and its length in bytes.
pub fn sections(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut at = FIRST;
    let mut found = Vec::new();
    for section in 0..SECTIONS {
        let length = word(bytes, 12 + 4 * section) as usize;
        found.push((at, length));
        at += length;
    }
    assert_eq!(at + 8, bytes.len(), "the layout has changed: so must this test");
    found
}

/// Makes the check sum good.
pub fn reseal(bytes: &mut [u8]) {
    let body = bytes.len() - 8;
    let sum = xxhash_rust::xxh64::xxh64(&bytes[..body], 0);
    bytes[body..].copy_from_slice(&sum.to_le_bytes());
}

/// Numbers that look random and are the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// A file in parts, to be put together again.
struct Parts {
    head: Vec<u8>,
    sections: Vec<Vec<u32>>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Self {
        let words = |(at, length): (usize, usize)| (0..length / 4).map(|index| word(bytes, at + 4 * index)).collect();
        Self { head: bytes[..8].to_vec(), sections: sections(bytes).into_iter().map(words).collect() }
    }

    fn join(&self) -> Vec<u8> {
        let length = FIRST + self.sections.iter().map(Vec::len).sum::<usize>() * 4 + 8;
        let mut bytes = self.head.clone();
        bytes.extend((length as u32).to_le_bytes());
        bytes.extend(self.sections.iter().flat_map(|section| (section.len() as u32 * 4).to_le_bytes()));
        bytes.extend(self.sections.iter().flatten().flat_map(|word| word.to_le_bytes()));
        bytes.resize(length, 0);
        reseal(&mut bytes);
        bytes
    }

    /// Adds words to the pool; where they stand.
    fn pool(&mut self, words: impl IntoIterator<Item = u32>) -> u32 {
        let pool = &mut self.sections[section::POOL];
        let at = pool.len() as u32;
        pool.extend(words);
        at
    }

    /// Sets one column of all rows.
    fn column(&mut self, section: usize, stride: usize, column: usize, value: u32) {
        self.sections[section].chunks_exact_mut(stride).for_each(|row| row[column] = value);
    }
}

const HOLDER: usize = 11;
const PRINCIPAL: usize = 8;

/// So many words are added where a list is to be long.
const LONG: u32 = 200_000;

/// Files that hold a loop, or say of something small that it is large, each built on a native snapshot that has some of everything.
pub fn traps() -> Vec<Victim> {
    let snapshot = json!({ "system": "latchgate", "payloads": {
        "combining": "deny-overrides",
        "tenants": [{ "id": "t" }, { "id": "t1", "parent": "t" }, { "id": "t2", "parent": "t1" }],
        "resources": [{ "type": "shop", "id": "s" }, { "type": "order", "id": "o", "parent": { "type": "shop", "id": "s" } },
            { "type": "item", "id": "i", "parent": { "type": "order", "id": "o" } }],
        "roles": [
            { "key": "a", "grants": [{ "actions": ["read"], "resources": ["shop"], "conditions": { "owner": "${principal.id}" } }] },
            { "key": "b", "inherits": ["a"], "grants": [{ "actions": ["write", "export"], "resources": ["order/o", "store"] }] },
            { "key": "c", "inherits": ["b"], "grants": [{ "actions": ["*"], "resources": ["store/*/item"], "fields": ["name"] }] } ],
        "principals": [{ "id": "u", "roles": ["c"], "attributes": { "team": ["x"] }, "aliases": ["you"] }, { "id": "v", "roles": ["b"] }],
        "endpoints": [{ "method": "GET", "path": "/orders/{id}", "requires": { "anyOf": ["order:read"] } }],
    } });
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let ask = |principal: &str, ask: serde_json::Value, context: serde_json::Value| json!({ "principal": principal, "ask": ask, "context": context });
    let questions = [
        ask("u", json!({ "kind": "permission", "permission": "order/o:read" }), json!({ "tenant": "t2" })),
        ask("v", json!({ "kind": "permission", "permission": "item/i:write" }), json!({})),
        ask("u", json!({ "kind": "instance", "action": "read", "subject": "shop", "object": { "owner": "u" } }), json!({ "tenant": "t1" })),
        ask("you", json!({ "kind": "filter", "actions": ["read"], "subject": "shop" }), json!({})),
        ask("u", json!({ "kind": "route", "method": "GET", "path": "/a/b" }), json!({})),
    ];
    let mut victims = Vec::new();
    for once in [true, false] {
        let mut add = |name: &str, change: &dyn Fn(&mut Parts)| {
            let mut parts = Parts::of(policy.as_bytes());
            if !once {
                // Holders count as often as they are met.
                parts.sections[0][5] &= !2;
            }
            change(&mut parts);
            let name = format!("{name}{}", if once { "" } else { ", met again and again" });
            victims.push(Victim::new(name, parts.join(), &questions));
        };
        add("untouched", &|_| {});
        add("roles that include one another", &|parts| {
            let all = parts.pool([0, u32::MAX, 1, u32::MAX, 2, u32::MAX]);
            parts.column(section::HOLDERS, HOLDER, 7, all);
            parts.column(section::HOLDERS, HOLDER, 8, 3);
        });
        add("roles that include everything a hundred thousand times", &|parts| {
            let all = parts.pool((0..LONG).flat_map(|at| [at % 3, u32::MAX]));
            parts.column(section::HOLDERS, HOLDER, 7, all);
            parts.column(section::HOLDERS, HOLDER, 8, LONG);
        });
        add("roles that include as many as a word can say", &|parts| {
            parts.pool(std::iter::repeat_n(0, LONG as usize));
            parts.column(section::HOLDERS, HOLDER, 8, u32::MAX);
        });
        add("principals that hold as many as a word can say", &|parts| {
            parts.pool(std::iter::repeat_n(0, LONG as usize));
            parts.column(section::PRINCIPALS, PRINCIPAL, 4, u32::MAX);
        });
        add("principals without end, each holding a long list", &|parts| {
            let all = parts.pool((0..LONG).flat_map(|at| [at % 3, u32::MAX]));
            parts.column(section::PRINCIPALS, PRINCIPAL, 3, all);
            parts.column(section::PRINCIPALS, PRINCIPAL, 4, LONG);
            let row = parts.sections[section::PRINCIPALS][..PRINCIPAL].to_vec();
            parts.sections[section::PRINCIPALS] = row.repeat(5_000);
        });
        add("a chain of many roles", &|parts| {
            // Every grant is told with the way to it: what `grants` lists grows with the square of a chain, in honest snapshots too.
            let count = 500;
            let row = parts.sections[section::HOLDERS][..HOLDER].to_vec();
            let mut rows = Vec::new();
            for at in 0..count {
                let mut own = row.clone();
                own[7] = parts.pool([(at + 1) % count, u32::MAX, (at + 2) % count, u32::MAX]);
                own[8] = 2;
                rows.extend(own);
            }
            parts.sections[section::HOLDERS] = rows;
        });
        add("tenants above themselves", &|parts| {
            for row in parts.sections[section::TENANTS].chunks_exact_mut(2) {
                row[1] = row[0];
            }
        });
        add("resources above one another", &|parts| {
            let lists: Vec<u32> = parts.sections[section::LINKS].chunks_exact(2).map(|row| row[1]).collect();
            for (row, list) in parts.sections[section::LINKS].chunks_exact_mut(2).zip(lists.iter().rev()) {
                row[1] = *list;
            }
        });
        add("resources below a long path", &|parts| {
            let list = parts.pool(std::iter::once(LONG).chain((0..LONG).map(|at| at % 8)));
            parts.column(section::LINKS, 2, 1, list);
        });
        add("conditions that are lists of lists without end", &|parts| {
            let list = parts.pool((0..LONG).flat_map(|_| [5, u32::MAX]));
            parts.column(section::TERMS, 7, 1, list);
        });
        add("conditions that are maps of maps without end", &|parts| {
            let list = parts.pool((0..LONG).flat_map(|_| [6, 3, 1]));
            parts.column(section::TERMS, 7, 1, list);
        });
        add("fields without end", &|parts| {
            let list = parts.pool(std::iter::once(u32::MAX).chain((0..LONG).map(|at| at % 8)));
            parts.column(section::TERMS, 7, 2, list);
        });
        add("grants on patterns without end", &|parts| {
            let list = parts.pool(std::iter::once(u32::MAX).chain((0..LONG / 64).map(|at| at % 4)));
            parts.column(section::GRANTS, 3, 1, 1 << 31 | list);
            parts.column(section::GRANTS, 3, 2, 1 << 31 | list);
        });
        add("holders that all have every entry", &|parts| {
            let entries = parts.sections[section::ENTRIES].len() as u32 / 2;
            parts.column(section::HOLDERS, HOLDER, 9, 0);
            parts.column(section::HOLDERS, HOLDER, 10, entries);
        });
        add("requests with a path and needs without end", &|parts| {
            let path = parts.pool(std::iter::once(4).chain([1, 0, 1, 0]));
            let needs = parts.pool([3, u32::MAX].into_iter().chain((0..LONG).flat_map(|at| [at % 8, 1, at % 8, 0])));
            parts.sections[section::ENDPOINTS].extend([u32::MAX, path, needs, needs, needs]);
        });
        add("requests whose path is as long as the pool", &|parts| {
            let path = parts.pool(std::iter::once(LONG * 2).chain((0..LONG).flat_map(|at| [1, at % 8])));
            let row = [u32::MAX, path, 0, u32::MAX, u32::MAX];
            parts.sections[section::ENDPOINTS].extend(row.repeat(20));
        });
    }
    victims
}
