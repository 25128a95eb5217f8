//! The quick ways answer as the full one does: rows of bits, plans for records, and the compiled snapshot opened again.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(target_arch = "wasm32"))]

mod reference;
mod report;

use latchgate::{Ask, Policy, Principal, Value, Vocabulary};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use report::report;

/// Snapshots a system.
const CASES: usize = 1_000;

/// A question as the quick ways know it, with its number.
enum Known {
    Permission(String),
    Kind(String, String),
}

impl Known {
    fn ask(&self) -> Ask {
        match self {
            Self::Permission(text) => Ask::Permission(text.clone()),
            Self::Kind(action, subject) => Ask::Type { action: action.clone(), subject: subject.clone(), field: None },
        }
    }

    fn enter(&self, vocabulary: &mut Vocabulary) -> u32 {
        match self {
            Self::Permission(text) => vocabulary.permission(text),
            Self::Kind(action, subject) => vocabulary.kind(action, subject),
        }
    }
}

fn known(questions: &[serde_json::Value]) -> Vec<Known> {
    let mut found = Vec::new();
    for question in questions {
        let ask = &question["ask"];
        let text = |key: &str| ask[key].as_str().filter(|text| !text.is_empty()).map(str::to_string);
        found.extend(text("permission").map(Known::Permission));
        for list in ["allOf", "anyOf"] {
            let items = ask[list].as_array().into_iter().flatten().filter_map(|item| item.as_str());
            found.extend(items.filter(|item| !item.is_empty()).map(|item| Known::Permission(item.into())));
        }
        if let (Some(action), Some(subject)) = (text("action"), text("subject")) {
            found.push(Known::Kind(action, subject));
        }
    }
    found
}

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap()),
        serde_json::Value::String(text) => Value::Text(text.as_str().into()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(members) => {
            Value::Map(members.iter().map(|(key, member)| (key.as_str().into(), value(member))).collect())
        }
    }
}

/// Every row against the full way; how many bits were compared.
fn rows(users: &[Principal], vocabulary: &mut Vocabulary, known: &[Known], about: &str) -> usize {
    // As a program meets them: some one by one, the rest at once, and for whoever comes later all at once.
    let mut first = users.first().map(|user| user.answers(vocabulary)).unwrap_or_default();
    for (at, question) in known.iter().enumerate() {
        assert_eq!(question.enter(vocabulary) as usize, at);
        if at % 7 == 3 {
            users[0].extend(&mut first, vocabulary);
        }
    }
    let mut compared = 0;
    for (at, user) in users.iter().enumerate() {
        let mut answers = user.answers(vocabulary);
        if at == 0 {
            user.extend(&mut first, vocabulary);
            assert_eq!(first.words(), answers.words(), "one by one and at once differ\n{about}");
            answers = std::mem::take(&mut first);
        }
        assert_eq!(answers.len(), vocabulary.len());
        for (number, question) in known.iter().enumerate() {
            let ask = question.ask();
            assert_eq!(answers.allows(number as u32), user.check(&ask).is_allowed(), "{} for {:?}\n{about}", ask.text(), user.id());
            compared += 1;
        }
        assert!(!answers.allows(vocabulary.len()));
    }
    compared
}

#[test]
fn rows_and_plans_answer_as_the_engine_does() {
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        let (mut bits, mut planned, mut unclear) = (0, 0, 0);
        for _ in 0..CASES {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            let about = || snapshot.to_string();
            let users: Vec<Principal> =
                questions.iter().filter_map(|question| policy.principal_from_json(&question.to_string()).ok()).collect();
            let known = known(&questions);
            let mut vocabulary = Vocabulary::new(&policy);
            bits += rows(&users, &mut vocabulary, &known, &about());
            for question in questions.iter().filter(|question| question["ask"]["kind"] == "instance") {
                let ask = &question["ask"];
                let (Some(action), Some(subject)) = (ask["action"].as_str(), ask["subject"].as_str()) else { continue };
                if ask["field"].is_string() || action.is_empty() || subject.is_empty() {
                    continue;
                }
                let number = vocabulary.kind(action, subject);
                for user in &users {
                    let plan = vocabulary.plan(user, number);
                    for other in questions.iter().filter(|other| other["ask"]["object"].is_object()) {
                        let record = value(&other["ask"]["object"]);
                        let Some(quick) = plan.allows(&vocabulary, &record) else {
                            unclear += 1;
                            continue;
                        };
                        planned += 1;
                        let ask = Ask::Record { action: action.into(), subject: subject.into(), record, field: None };
                        let full = user.check(&ask);
                        assert_eq!(quick, full.is_allowed(), "{} {:?}: {}\n{other}\n{}", ask.text(), user.id(), full.message, about());
                    }
                }
            }
        }
        report(&format!("quick, {system}: {bits} bits, {planned} records by plan, {unclear} asked in full"));
        assert!(bits > 1_000, "{system}");
        assert!(planned > 1_000 || !["casl", "open-archiver", "latchgate"].contains(&system), "{system}");
    }
}

#[test]
fn a_compiled_snapshot_opened_again_answers_alike() {
    for system in reference::generate::SYSTEMS {
        let mut runner = TestRunner::deterministic();
        let strategy = reference::generate::cases(system);
        let mut asked = 0;
        for _ in 0..CASES {
            let (snapshot, questions) = strategy.new_tree(&mut runner).unwrap().current();
            let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
            let opened = Policy::open(policy.as_bytes().to_vec()).unwrap();
            assert_eq!(policy.info(), opened.info());
            for question in &questions {
                let text = question.to_string();
                assert_eq!(policy.decide_json(&text), opened.decide_json(&text), "{text}\n{snapshot}");
                asked += 1;
            }
        }
        report(&format!("compiled, {system}: {asked} questions"));
        assert!(asked > 1_000);
    }
}
