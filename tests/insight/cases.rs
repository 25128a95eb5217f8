//! Snapshots, who asks of them, what is asked, and what covers what: naively.

use std::collections::BTreeSet;

use latchgate::Policy;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::reference::{self, Answer};

pub struct Case {
    pub system: &'static str,
    pub snapshot: Value,
    pub questions: Vec<Value>,
    pub policy: Policy,
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// How many snapshots a system gets.
pub fn count() -> u64 {
    number("LATCHGATE_INSIGHT_CASES", 2_000)
}

/// Generated snapshots of a system.
pub fn each(system: &'static str, one: impl FnMut(&Case)) {
    some(system, count(), one);
}

/// So many of them.
pub fn some(system: &'static str, count: u64, mut one: impl FnMut(&Case)) {
    let mut seed = [7_u8; 32];
    seed[..8].copy_from_slice(&number("LATCHGATE_INSIGHT_SEED", 0).to_le_bytes());
    seed[8..].iter_mut().zip(system.bytes()).for_each(|(slot, byte)| *slot = byte);
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let strategy = reference::generate::cases(system);
    for _ in 0..count {
        let (snapshot, questions) = strategy.new_tree(&mut runner).expect("a case").current();
        let policy = Policy::load(snapshot.to_string().as_bytes()).expect("it loads");
        one(&Case { system, snapshot, questions, policy });
    }
}

/// Said even when the test passes: the runner captures what macros print.
pub fn report(line: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("\n{line}\n").as_bytes());
}

/// The names that have a bit in a row.
pub fn named<'n>(words: &[u64], names: impl Iterator<Item = &'n str>) -> impl Iterator<Item = &'n str> {
    names.enumerate().filter(|(at, _)| words[at / 64] >> (at % 64) & 1 == 1).map(|(_, name)| name)
}

/// The snapshot with one thing less, so many times over: an item of some list of its payloads. The same on every run.
pub fn mutations(snapshot: &Value, count: usize) -> Vec<Value> {
    fn lists(value: &Value, path: &str, found: &mut Vec<(String, usize)>) {
        match value {
            Value::Array(items) => {
                found.extend((0..items.len()).map(|at| (path.to_owned(), at)));
                items.iter().enumerate().for_each(|(at, item)| lists(item, &format!("{path}/{at}"), found));
            }
            Value::Object(members) => {
                members
                    .iter()
                    .for_each(|(key, member)| lists(member, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    lists(&snapshot["payloads"], "/payloads", &mut found);
    let mut at = snapshot.to_string().len();
    let mut changed = Vec::new();
    for _ in 0..count.min(found.len()) {
        at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (path, item) = found.remove((at >> 33) % found.len());
        let mut copy = snapshot.clone();
        copy.pointer_mut(&path).unwrap().as_array_mut().unwrap().remove(item);
        changed.push(copy);
    }
    changed
}

impl Case {
    /// Who asks in the first few questions, each with its context.
    pub fn askers(&self, most: usize) -> Vec<(Value, Value)> {
        let mut found: Vec<(Value, Value)> = Vec::new();
        for question in &self.questions {
            let one = (question["principal"].clone(), question.get("context").cloned().unwrap_or_else(|| json!({})));
            if found.len() < most && !found.contains(&one) {
                found.push(one);
            }
        }
        found
    }

    /// Ids of the principals, in order.
    pub fn principals(&self) -> Vec<String> {
        let list = self.policy.list_json("principals", "{}").expect("every system lists them");
        let list = serde_json::to_value(list).unwrap();
        list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Permissions to ask for: what the questions name, and what is near it.
    pub fn probes(&self) -> Vec<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        for question in &self.questions {
            let ask = &question["ask"];
            if let (Some(action), Some(subject)) = (ask["action"].as_str(), ask["subject"].as_str()) {
                found.insert(if self.is_typed() { format!("{action} {subject}") } else { format!("{subject}:{action}") });
            }
            let lists = ["allOf", "anyOf"].into_iter().filter_map(|key| ask[key].as_array()).flatten();
            found.extend(lists.chain([&ask["permission"]]).filter_map(Value::as_str).map(str::to_owned));
        }
        if self.is_typed() {
            for action in ["read", "manage", "delete", "nothing"] {
                found.extend(["all", "archive", "ingestion", "nothing"].map(|kind| format!("{action} {kind}")));
            }
        }
        if self.system == "latchgate" {
            for resource in ["doc", "doc/d1", "doc/d2", "doc/x", "folder/f1/x", "folder/f0", "x/d1", "x"] {
                found.extend(["read", "write", "read:meta", "x"].map(|action| format!("{resource}:{action}")));
            }
            found.extend(["login".into(), "x".into()]);
        }
        found.retain(|text| !text.is_empty() && !text.split([':', '/']).any(str::is_empty) && text.trim() == text);
        found.into_iter().collect()
    }

    /// Whether the engine itself reads a changed snapshot as the reference does. With one thing taken away some contradict themselves (a
    /// role that is gone and embedded elsewhere, resolved scopes without what they are resolved from), and no rule says which part counts.
    pub fn is_read_alike(&self, snapshot: &Value, policy: &Policy) -> bool {
        let probes = self.probes();
        self.principals().iter().all(|id| {
            probes.iter().all(|permission| {
                let question = json!({ "principal": id, "ask": self.ask(permission) });
                let expected = reference::decide(snapshot, &question["principal"], &question["ask"], &json!({}));
                policy.decide_json(&question.to_string()).is_allowed() == expected.is_allow()
            })
        })
    }

    /// Whether the text of a line says what it is on: not where ids and literals have marks of their own in them (N20, N21), which no
    /// permission that is asked for by its text can have.
    pub fn is_plain(&self) -> bool {
        fn odd(value: &Value) -> bool {
            let text = |value: &Value| value.as_str().or_else(|| value.get("literal")?.as_str()).map(str::to_owned);
            let id = |text: String| text.contains([':', '*']) || text.split('/').any(str::is_empty);
            match value {
                Value::Array(items) => items.iter().any(odd),
                Value::Object(members) => {
                    let record = members.contains_key("type") && members.get("id").and_then(text).is_some_and(id);
                    let literal = members.get("literal").and_then(Value::as_str).is_some_and(|text| text.contains('*'));
                    record || literal || members.values().any(odd)
                }
                _ => false,
            }
        }
        self.system != "latchgate" || !odd(&self.snapshot["payloads"])
    }

    pub fn is_typed(&self) -> bool {
        matches!(self.system, "open-archiver" | "casl")
    }

    pub fn is_flat(&self) -> bool {
        matches!(self.system, "emporix" | "kura" | "ithbat")
    }

    /// The question about a permission.
    pub fn ask(&self, permission: &str) -> Value {
        match permission.split_once(' ') {
            Some((action, subject)) if self.is_typed() => json!({ "kind": "type", "action": action, "subject": subject }),
            _ => json!({ "kind": "permission", "permission": permission }),
        }
    }

    /// What the reference says of it.
    pub fn expected(&self, principal: &Value, permission: &str, context: &Value) -> Answer {
        reference::decide(&self.snapshot, principal, &self.ask(permission), context)
    }

    /// Whether something listed covers a permission, as the system's documents say.
    pub fn covers(&self, listed: &str, permission: &str) -> bool {
        let prefix = |short: &str, long: &str, by: char| {
            let (short, long): (Vec<&str>, Vec<&str>) = (short.split(by).collect(), long.split(by).collect());
            long.starts_with(&short)
        };
        match self.system {
            "latchgate" => reference::native::covers(&self.snapshot, listed, permission),
            "open-archiver" | "casl" => {
                let (action, kind) = listed.split_once(' ').unwrap();
                let (asked, of) = permission.split_once(' ').unwrap();
                (action == "manage" || action == asked) && (kind == "all" || kind == of)
            }
            "hantera" => {
                let (resource, action) = listed.split_once(':').unwrap_or((listed, "*"));
                let (of, asked) = permission.split_once(':').unwrap_or((permission, ""));
                listed == "*" || prefix(resource, of, '/') && (action == "*" || prefix(action, asked, ':'))
            }
            _ => listed == permission,
        }
    }
}
