//! Grants that another one of the same list always outranks: they are never reached, or add nothing.

use crate::base::table::{Table, index, pair, sort};
use crate::base::terms::{Combining, Pattern};
use crate::model::trie::Trie;
use crate::model::{Grant, GrantEffect};

/// A list of so many actions times resources is not multiplied out.
const MOST_PAIRS: usize = 1_000;

/// Patterns by pairs, with the grant that was entered first for each.
pub struct Covered {
    actions: Trie,
    resources: Trie,
    by: Table,
}

impl Covered {
    /// None yet. The seed is the snapshot's: nobody who writes one can choose what collides.
    pub fn with_seed(seed: u64) -> Self {
        Self { actions: Trie::with_seed(seed), resources: Trie::with_seed(seed), by: Table::default() }
    }

    /// Enters the pairs of a grant.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn enter(&mut self, number: usize, grant: &Grant) {
        for action in grant.actions.iter() {
            for resource in grant.resources.iter() {
                let key = pair(self.actions.insert(action), self.resources.insert(resource));
                self.by.first(key, index(number));
            }
        }
    }

    /// The grants that cover the pairs of this one: nothing where one pair is left open.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn of(&mut self, grant: &Grant, steps: &mut u32) -> Vec<usize> {
        let mut found = Vec::new();
        for action in grant.actions.iter() {
            let actions = self.actions.way_up(action);
            for resource in grant.resources.iter() {
                let resources = self.resources.way_up(resource);
                let cost = index(actions.len().saturating_mul(resources.len()));
                let Some(left) = steps.checked_sub(cost) else { return Vec::new() };
                *steps = left;
                let by = actions.iter().find_map(|action| resources.iter().find_map(|resource| self.by.get(pair(*action, *resource))));
                let Some(by) = by else { return Vec::new() };
                found.push(by as usize);
            }
        }
        found
    }
}

/// Whether lists of this length are looked into.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn is_small(grant: &Grant) -> bool {
    grant.actions.len().saturating_mul(grant.resources.len()) <= MOST_PAIRS
}

/// What is looked at first, as it cannot be covered by what comes later.
type Rank = (i64, usize, usize, usize);

/// Each grant that is outranked, and by which: by one of the other effect if there is such a one.
///
/// `applies`: whether a grant applies to every question about its patterns.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn outranked(
    grants: &[Grant],
    combining: Combining,
    seed: u64,
    steps: &mut u32,
    applies: impl Fn(&Grant) -> bool,
) -> Vec<Option<usize>> {
    let rank = |number: usize, grant: &Grant| -> Rank {
        match combining {
            Combining::LastApplicable => (0, 0, grants.len().saturating_sub(number), 0),
            Combining::FirstApplicable => (-i64::from(grant.terms().priority), 0, number, 0),
            // Denies count first; then what covers more, so that of two equals the first one is kept.
            Combining::Additive | Combining::DenyOverrides => {
                let allows = i64::from(grant.terms().effect == GrantEffect::Allow);
                let shortest = |list: &[Pattern]| list.iter().map(|pattern| pattern.segments().len()).min().unwrap_or_default();
                let narrow = usize::MAX.saturating_sub(grant.actions.len().saturating_mul(grant.resources.len()));
                (2 * allows + i64::from(!applies(grant)), shortest(&grant.actions) + shortest(&grant.resources), narrow, number)
            }
        }
    };
    let mut order: Vec<(Rank, usize)> = grants.iter().enumerate().map(|(number, grant)| (rank(number, grant), number)).collect();
    sort(&mut order);
    let mut covered = Covered::with_seed(seed);
    let mut outranked = vec![None; grants.len()];
    for (_, number) in order {
        let Some(grant) = grants.get(number).filter(|grant| is_small(grant)) else { continue };
        let by = covered.of(grant, steps);
        let other = |by: &&usize| grants.get(**by).is_some_and(|other| other.terms().effect != grant.terms().effect);
        let first = by.iter().find(other).or(by.first()).copied();
        if let Some(place) = outranked.get_mut(number) {
            *place = first;
        }
        if first.is_none() && applies(grant) {
            covered.enter(number, grant);
        }
    }
    outranked
}
