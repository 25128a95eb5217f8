//! What calls cost grows with their input as it should: steps are counted and no clock is read. Or the call says that it is too much.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../report/mod.rs"]
mod report;
mod shapes;

use latchgate::{Error, Policy, steps_taken};
use report::report;
use shapes::{Call, SHAPES, Shape, call};

/// Where the input is twice as long, so many times as many steps at most: twice, and something for the logarithm.
const MOST: f64 = 2.7;
/// What is too little to be measured.
const LITTLE: u64 = 2_000;

/// Calls that take about as many steps as there is input, on every shape.
const NEARLY_LINEAR: &[Call] = &[Call::Load, Call::Check, Call::Bits, Call::Filter, Call::Slice, Call::Grants];
/// Of these shapes and calls another thing is so: what comes of them is that long itself, or it is refused from some size on.
const ALSO: &[(&str, &[Call])] = &[
    ("chain of declared resources", &[Call::Permissions, Call::List, Call::Entries, Call::Resources, Call::Who, Call::Digest]),
    ("tree of folders with denies", &[Call::Permissions, Call::List, Call::Entries, Call::Resources, Call::Who, Call::Digest]),
    ("chain of roles", &[Call::Permissions, Call::List, Call::Who]),
    ("chain of groups", &[Call::Permissions, Call::List]),
];
/// Each of these is as long as the square of its input: of `n` grants on a chain each names all that is declared below it.
const SQUARE: &[(&str, Call)] = &[
    ("chain of declared resources, a grant on each tenth", Call::Filter),
    ("chain of roles", Call::Grants),
    ("chain of groups", Call::Grants),
    ("chain of roles that all grant the same", Call::Grants),
    // As many pairs of patterns as the lists multiply to, up to a bound.
    ("stars of actions on stars of resources", Call::Check),
    ("stars of actions on stars of resources", Call::Bits),
    ("stars of actions on stars of resources", Call::Filter),
    // Told up to a bound.
    ("chain of roles that all grant the same", Call::Check),
];

fn steps(what: Call, shape: &Shape, n: usize) -> Result<(usize, u64), Error> {
    let text = (shape.make)(n).to_string();
    let policy = Policy::load(text.as_bytes())?;
    let before = steps_taken();
    call(what, shape, n, text.as_bytes(), &policy)?;
    Ok((text.len(), steps_taken() - before))
}

#[test]
fn twice_the_input_takes_about_twice_the_steps() {
    const { assert!(cfg!(debug_assertions), "steps are counted in debug builds alone") };
    let (mut measured, mut failures) = (0, Vec::new());
    for shape in SHAPES {
        let also = ALSO.iter().find(|(name, _)| *name == shape.name).map_or(&[][..], |(_, calls)| calls);
        for what in NEARLY_LINEAR.iter().chain(also).filter(|what| !SQUARE.contains(&(shape.name, **what))) {
            let size = if shape.exponential { (shape.largest - 5).min(7) } else { (shape.largest / 16).clamp(16, 400) };
            let larger = if shape.exponential { size + 1 } else { size * 2 };
            let (Ok(small), Ok(large)) = (steps(*what, shape, size), steps(*what, shape, larger)) else { continue };
            measured += 1;
            let longer = large.0 as f64 / small.0 as f64;
            let grown = large.1 as f64 / small.1.max(LITTLE) as f64;
            if grown > longer * MOST / 2.0 {
                failures.push(format!(
                    "{}, {}: {longer:.2} × the input, {grown:.2} × the steps ({} to {})",
                    shape.name,
                    what.name(),
                    small.1,
                    large.1
                ));
            }
        }
    }
    report(&format!("growth: {measured} calls at two sizes each, {} grew too fast", failures.len()));
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(measured >= 120, "only {measured}");
}

/// What a call is refused with.
fn refusal(name: &str, what: Call, n: usize) -> String {
    let shape = SHAPES.iter().find(|shape| shape.name == name).expect("a shape of that name");
    let refused = steps(what, shape, n).expect_err("it is too much");
    assert!(!refused.message().is_empty());
    refused.code().to_string()
}

#[test]
fn what_multiplies_is_refused_before_it_is_made() {
    let before = steps_taken();
    assert_eq!(refusal("n actions on n types", Call::Load, 800), "ERR_TOO_MANY");
    assert_eq!(refusal("stars of actions on stars of resources", Call::Load, 9), "ERR_TOO_MANY");
    assert!(steps_taken() - before < 10_000, "nothing was multiplied out");
    assert_eq!(refusal("chain of roles", Call::Grants, 3_000), "ERR_TOO_MANY");
    assert_eq!(refusal("everybody has a chain of roles", Call::Who, 4_200), "ERR_TOO_MANY");
}

/// Ordinary companies are far from every bound.
#[test]
fn what_is_ordinary_is_within_the_bounds() {
    let actions: Vec<String> = (0..20).map(|at| format!("a{at}")).collect();
    let types: Vec<String> = (0..20).map(|at| format!("t{at}")).collect();
    let role = |at: usize| serde_json::json!({ "key": format!("r{at}"), "grants": [{ "actions": actions, "resources": types }, { "actions": ["*"], "resources": ["*/x", "y/*/z", "y/*"] }] });
    let roles: Vec<_> = (0..1_000).map(role).collect();
    let snapshot = serde_json::json!({ "system": "latchgate", "payloads": { "combining": "deny-overrides", "roles": roles } });
    assert!(Policy::load(snapshot.to_string().as_bytes()).is_ok());
}

/// A decision says how grants are held as far as there is room, and of one at least.
#[test]
fn a_decision_is_no_longer_than_can_be_told() {
    let shape = SHAPES.iter().find(|shape| shape.name == "chain of roles that all grant the same").expect("a shape of that name");
    let policy = Policy::load((shape.make)(3_000).to_string().as_bytes()).expect("a snapshot");
    let user = policy.principal(&latchgate::Who::Named("u".into()), &latchgate::Context::default());
    let decision = user.check(&latchgate::Ask::Permission("p:x".into()));
    let text = serde_json::to_string(&decision).expect("JSON");
    assert!(decision.is_allowed() && !decision.grants.is_empty() && decision.grants.len() < 3_000);
    assert!(text.len() < 400_000, "{} bytes", text.len());
}
