//! Whether all of what a pattern covers is allowed, or denies take parts out of it.
//!
//! Of the questions that two patterns cover both, one stands for all: that with a name which nobody uses in the place of each `*`.
//! What covers it covers all of them, so the engine is asked about it alone.

use crate::base::names::Sym;
use crate::base::terms::NO_RESOURCE;
use crate::compiled::Compiled;
use crate::compiled::layout::{ANY_ONE, Section};
use crate::engine::{Effect, Prepared, Question, Target, asked_words, decide};

/// What no snapshot can name: a text that holds it is refused.
const FRESH: &str = "\0";

/// Labels of a pattern's segments; none at all is everything.
type Labels = Vec<u32>;

/// Whether a pattern is allowed, with all of what it has in common with some denies.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn is_whole(policy: &Compiled, who: &Prepared, pair: u32, denies: &[u32]) -> bool {
    let sides = |pair: u32| {
        let (action, resource) = policy.pair(pair);
        (policy.actions().labels(action), policy.resources().labels(resource))
    };
    let (action, resource) = sides(pair);
    if !allows(policy, who, &action, &resource) {
        return false;
    }
    let linked = linked(policy, resource);
    for deny in denies {
        let (on, of) = sides(*deny);
        let Some(action) = meet(policy, &action, &on) else { continue };
        let denied = self::linked(policy, of);
        for one in &linked {
            for two in &denied {
                if meet(policy, one, two).is_some_and(|resource| !allows(policy, who, &action, &resource)) {
                    return false;
                }
            }
        }
    }
    true
}

/// What two patterns cover both.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn meet(policy: &Compiled, one: &Labels, two: &Labels) -> Option<Labels> {
    let (long, short) = if one.len() < two.len() { (two, one) } else { (one, two) };
    let mut met = long.clone();
    for (label, other) in met.iter_mut().zip(short) {
        if *label != *other {
            let (name, any) = if *other == ANY_ONE { (*label, *other) } else { (*other, *label) };
            // No segment of a path is what stands for none (N2).
            if any != ANY_ONE || policy.text(Sym(name)) == NO_RESOURCE {
                return None;
            }
            *label = name;
        }
    }
    Some(met)
}

/// A pattern, and the declared resources that it covers by what is linked above them (N12).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn linked(policy: &Compiled, pattern: Labels) -> Vec<Labels> {
    let mut found = Vec::new();
    for row in 0..policy.rows(Section::Links) {
        let path = policy.resources().labels(policy.cell(Section::Links, row, 0));
        let above = policy.resources().locate(path.clone()).above;
        if above.iter().any(|above| above.len() >= pattern.len() && meet(policy, above, &pattern).as_ref() == Some(above)) {
            found.push(path);
        }
    }
    found.push(pattern);
    found
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn allows(policy: &Compiled, who: &Prepared, action: &Labels, resource: &Labels) -> bool {
    let words = |labels: &Labels| {
        let mut words = Vec::new();
        for label in labels {
            words.push(if *label == ANY_ONE { FRESH } else { policy.text(Sym(*label)) });
        }
        words
    };
    let mut resource = words(resource);
    if resource.is_empty() {
        // Neither no resource nor one that is named.
        resource.push(FRESH);
    }
    resource.retain(|word| *word != NO_RESOURCE);
    let asked = asked_words(policy, words(action), resource);
    decide(policy, who, &Question { asked: &asked, target: Target::Type, field: None }).effect == Effect::Allow
}
