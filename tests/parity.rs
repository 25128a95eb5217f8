//! The engine against a naive reference of the servers' rules: generated snapshots and questions of every system.
//!
//! `LATCHGATE_PARITY_CASES` sets how many snapshots a system gets (10,000 if unset); `LATCHGATE_PARITY_SEED` another seed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "reference/mod.rs"]
mod reference;
mod report;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use report::report;
use serde_json::{Value, json};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// The first difference in a case, or how many questions agreed.
fn compare((snapshot, questions): &(Value, Vec<Value>)) -> Result<usize, String> {
    let policy = latchgate::Policy::load(snapshot.to_string().as_bytes()).map_err(|error| format!("refused: {} {error}", error.code()))?;
    for question in questions {
        let expected = reference::decide(snapshot, &question["principal"], &question["ask"], &question["context"]);
        let decision = policy.decide_json(&question.to_string());
        // The reference tells an unknown permission from one that is not granted only where a registry is closed (K4, I5, N16);
        // elsewhere the engine's "unknown" is a hint at a typing error, and the same refusal.
        if !expected.agrees(decision.effect, decision.code, decision.status, decision.filter) {
            let got = (decision.effect, decision.code, decision.status, decision.filter);
            return Err(format!("{question}\n  engine {got:?}\n  reference {expected:?}\n  {}", decision.message));
        }
        // What decided an allow must be told.
        if decision.effect == "allow" && decision.code == "granted" && decision.filter.is_none() && decision.grants.is_empty() {
            return Err(format!("{question}\n  an allow that nothing explains"));
        }
    }
    Ok(questions.len())
}

fn agree(system: &'static str) {
    let cases = number("LATCHGATE_PARITY_CASES", 10_000);
    let mut seed = [0_u8; 32];
    seed[..8].copy_from_slice(&number("LATCHGATE_PARITY_SEED", 0).to_le_bytes());
    seed[8..].iter_mut().zip(system.bytes()).for_each(|(slot, byte)| *slot = byte);
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let strategy = reference::generate::cases(system);
    let mut questions = 0;
    for case in 0..cases {
        let mut tree = strategy.new_tree(&mut runner).expect("a case");
        match compare(&tree.current()) {
            Ok(count) => questions += count,
            Err(first) => {
                let mut smallest = (tree.current(), first);
                while tree.simplify() {
                    match compare(&tree.current()) {
                        Err(difference) => smallest = (tree.current(), difference),
                        Ok(_) => {
                            if !tree.complicate() {
                                break;
                            }
                        }
                    }
                }
                panic!("{system}, case {case}: {}\n{}", smallest.1, json!(smallest.0.0));
            }
        }
    }
    report(&format!("parity, {system}: {cases} snapshots, {questions} questions, 0 differences"));
    assert!(cases > 0 && questions > 0, "nothing was compared");
}

#[test]
fn hantera_agrees_with_the_reference() {
    agree("hantera");
}

#[test]
fn emporix_agrees_with_the_reference() {
    agree("emporix");
}

#[test]
fn open_archiver_agrees_with_the_reference() {
    agree("open-archiver");
}

#[test]
fn kura_agrees_with_the_reference() {
    agree("kura");
}

#[test]
fn ithbat_agrees_with_the_reference() {
    agree("ithbat");
}

#[test]
fn casl_agrees_with_the_reference() {
    agree("casl");
}

#[test]
fn native_agrees_with_the_reference() {
    agree("latchgate");
}
