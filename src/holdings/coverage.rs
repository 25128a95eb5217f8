//! Whether all of what a pattern covers is allowed, or denies take parts out of it.
//!
//! Of the questions that two patterns cover both, one stands for all: that with a name which nobody uses in the place of each `*`.
//! What covers it covers all of them, so the engine is asked about it alone.

use crate::base::names::Sym;
use crate::base::table::index;
use crate::base::terms::NO_RESOURCE;
use crate::compiled::layout::{ANY_ONE, Section};
use crate::compiled::{Compiled, Linked};
use crate::engine::{Effect, Prepared, Question, Target, asked_words, decide};

/// What no snapshot can name: a text that holds it is refused.
const FRESH: &str = "\0";

/// Labels of a pattern's segments; none at all is everything.
type Labels = Vec<u32>;

/// So many things that an allow and a deny have in common are asked about in one call. Where there are more, a pattern counts as one that
/// parts are taken out of.
const MOST_MEETINGS: u32 = 1 << 18;

/// Patterns of one policy and one principal, looked at one after the other.
pub struct Wholes<'p> {
    policy: &'p Compiled,
    who: &'p Prepared,
    denies: Vec<Deny>,
    linked: Linked,
    left: u32,
}

/// A pair of patterns that something is denied on, with the declared resources that it covers by their links.
struct Deny {
    action: Labels,
    resources: Vec<Labels>,
}

impl<'p> Wholes<'p> {
    /// For somebody who holds denies on some pairs.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn new(policy: &'p Compiled, who: &'p Prepared, denies: &[u32]) -> Self {
        let mut wholes = Self { policy, who, denies: Vec::new(), linked: Linked::of(policy), left: MOST_MEETINGS };
        for deny in denies {
            let (action, resource) = wholes.sides(*deny);
            let resources = wholes.with_linked(resource);
            wholes.left = wholes.left.saturating_sub(index(resources.len()));
            wholes.denies.push(Deny { action, resources });
        }
        wholes
    }

    fn sides(&self, pair: u32) -> (Labels, Labels) {
        let (action, resource) = self.policy.pair(pair);
        (self.policy.actions().labels(action), self.policy.resources().labels(resource))
    }

    /// Whether a pattern is allowed, with all of what it has in common with the denies.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn is_whole(&mut self, pair: u32) -> bool {
        let (policy, who) = (self.policy, self.who);
        let (action, resource) = self.sides(pair);
        if !allows(policy, who, &action, &resource) {
            return false;
        }
        let linked = self.with_linked(resource);
        for deny in &self.denies {
            if !meets(policy, &action, &deny.action) {
                continue;
            }
            let action = meet(&action, &deny.action);
            for one in &linked {
                for two in &deny.resources {
                    let Some(left) = self.left.checked_sub(1) else { return false };
                    self.left = left;
                    if meets(policy, one, two) && !allows(policy, who, &action, &meet(one, two)) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// A pattern, and the declared resources that it covers by what is linked above them (N12).
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn with_linked(&self, pattern: Labels) -> Vec<Labels> {
        let policy = self.policy;
        let covers = |above: &Labels| above.len() >= pattern.len() && meets(policy, above, &pattern) && meet(above, &pattern) == *above;
        let leading = (0..policy.rows(Section::Links)).filter(|row| covers(&policy.linked_to(*row)));
        let mut found: Vec<Labels> = self.linked.below(leading.collect()).into_iter().map(|row| policy.linked_from(row)).collect();
        found.push(pattern);
        found
    }
}

/// Whether two patterns cover anything both.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn meets(policy: &Compiled, one: &Labels, two: &Labels) -> bool {
    // No segment of a path is what stands for none (N2).
    one.iter().zip(two).all(|(one, two)| {
        one == two || *one == ANY_ONE && policy.text(Sym(*two)) != NO_RESOURCE || *two == ANY_ONE && policy.text(Sym(*one)) != NO_RESOURCE
    })
}

/// What two patterns cover both, that cover something both.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn meet(one: &Labels, two: &Labels) -> Labels {
    let (long, short) = if one.len() < two.len() { (two, one) } else { (one, two) };
    let mut met = long.clone();
    for (label, other) in met.iter_mut().zip(short) {
        if *label == ANY_ONE {
            *label = *other;
        }
    }
    met
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
