//! Who reaches which holder, both ways, and who holds what is on a pair of patterns: made once for a snapshot in a context.

use crate::base::names::Sym;
use crate::base::table::{index, pair};
use crate::compiled::Compiled;
use crate::compiled::layout::{Section, TERMS};
use crate::engine::{Context, Prepared, Spec, VisitKind, Who, is_shut, ready};
use std::sync::Arc;

/// All principals together may reach so many holders. Ten thousand that each hold the end of a chain of ten thousand roles reach a hundred
/// million.
const MOST_REACHED: usize = 1 << 23;

/// Numbers to lists of numbers.
#[derive(Debug, Default)]
pub struct Lists {
    at: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// From pairs of number and item, in any order; `rows` is how many numbers there are.
    fn of(mut pairs: Vec<u64>, rows: u32) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut lists = Self { at: Vec::with_capacity(rows as usize + 1), items: Vec::with_capacity(pairs.len()) };
        for entry in pairs {
            while index(lists.at.len()) <= (entry >> 32) as u32 {
                lists.at.push(index(lists.items.len()));
            }
            lists.items.push(entry as u32);
        }
        while index(lists.at.len()) <= rows {
            lists.at.push(index(lists.items.len()));
        }
        lists
    }

    /// The items of a number, in order.
    pub fn get(&self, row: u32) -> &[u32] {
        let bound = |at: u32| self.at.get(at as usize).copied().unwrap_or(u32::MAX) as usize;
        self.items.get(bound(row)..bound(row.saturating_add(1))).unwrap_or_default()
    }
}

/// A bit for each number.
#[derive(Debug, Default, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// None set, with room for so many.
    pub fn of(count: u32) -> Self {
        Self(vec![0; (count as usize).div_ceil(64)])
    }

    /// All set, of so many.
    pub fn full(count: u32) -> Self {
        let mut bits = Self::of(count);
        (0..count).for_each(|at| bits.set(at));
        bits
    }

    /// Sets one.
    pub fn set(&mut self, at: u32) {
        if let Some(word) = self.0.get_mut(at as usize / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Clears one.
    pub fn clear(&mut self, at: u32) {
        if let Some(word) = self.0.get_mut(at as usize / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    /// Sets those that another one has.
    pub fn join(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Clears those that another one has not.
    pub fn keep(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Clears those that another one has.
    pub fn leave(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Whether one is set.
    pub fn has(&self, at: u32) -> bool {
        self.0.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// A word for 64 numbers each, the lowest bit for the first of them.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// All that are set, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        bits(self.0.iter().copied())
    }

    /// All that are set in one of two alone.
    pub fn differing(&self, other: &Self) -> impl Iterator<Item = u32> {
        bits(self.0.iter().zip(&other.0).map(|(one, two)| one ^ two))
    }
}

/// The bits of some words, in order.
fn bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    (0..).zip(words).flat_map(|(block, word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros();
            left &= left.checked_sub(1)?;
            Some(block * 64 + bit)
        })
    })
}

/// What a principal is before any question.
#[derive(Debug)]
pub struct Index {
    /// Holders whose grants count, by principal.
    pub holders: Lists,
    /// Principals, by holder.
    principals: Lists,
    /// Holders, by pair of patterns; [`TERMS`] where they hold more there than plain allows.
    on: Lists,
    /// There are more pairs of a principal and a holder that it reaches than there is room for: nothing here is complete.
    pub overflows: bool,
    /// Refused whatever is asked.
    pub shut: Bits,
    pub superusers: Bits,
}

/// A principal of the snapshot, made ready.
pub fn prepared(policy: &Compiled, principal: u32, context: &Context) -> Arc<Prepared> {
    let id = policy.principal(principal).map(|principal| policy.text(principal.id).to_string());
    let who = Arc::new(id.map_or(Who::Nobody, Who::Named));
    ready(policy, &Arc::new(Spec { who, context: context.clone() }))
}

impl Index {
    /// Of a policy in a context.
    pub fn of(policy: &Compiled, context: &Context) -> Self {
        let count = policy.rows(Section::Principals);
        let (mut shut, mut superusers) = (Bits::of(count), Bits::of(count));
        let mut reached: Vec<u64> = Vec::new();
        let mut overflows = false;
        for principal in 0..count {
            if reached.len() > MOST_REACHED {
                (reached, overflows) = (Vec::new(), true);
                break;
            }
            let ready = prepared(policy, principal, context);
            // An id that names somebody else, in a file from elsewhere, is nobody's.
            if is_shut(policy, &ready) || ready.principal != Some(principal) {
                shut.set(principal);
            }
            if ready.superuser.is_some() {
                superusers.set(principal);
            }
            for visit in &ready.takes {
                if let Some(VisitKind::Holder(holder)) = ready.visits.get(*visit as usize).map(|visit| visit.kind) {
                    reached.push(pair(principal, holder.0));
                }
            }
        }
        let mut on: Vec<u64> = Vec::new();
        for at in 0..policy.rows(Section::Holders) {
            let Some(holder) = policy.holder(at) else { continue };
            for entry in policy.entry_rows(&holder) {
                let entry = u64::from_le_bytes(*entry);
                on.push(pair(entry as u32, at | ((entry >> 32) as u32 & TERMS)));
            }
        }
        let turned = reached.iter().map(|entry| pair(*entry as u32, (entry >> 32) as u32)).collect();
        Self {
            holders: Lists::of(reached, count),
            principals: Lists::of(turned, policy.rows(Section::Holders)),
            on: Lists::of(on, policy.rows(Section::Pairs)),
            overflows,
            shut,
            superusers,
        }
    }

    /// Everybody who reaches a holder.
    pub fn reaching(&self, holder: u32) -> &[u32] {
        self.principals.get(holder)
    }

    /// Who holds something on one of some pairs: by plain allows, and otherwise.
    pub fn holding(&self, pairs: &[u32], count: u32) -> (Bits, Bits) {
        let (mut plain, mut unclear) = (Bits::of(count), Bits::of(count));
        for pair in pairs {
            for entry in self.on.get(*pair) {
                let into = if entry & TERMS == 0 { &mut plain } else { &mut unclear };
                for principal in self.principals.get(entry & !TERMS) {
                    into.set(*principal);
                }
            }
        }
        (plain, unclear)
    }
}

/// The id of a principal, and its place.
pub fn id_of(policy: &Compiled, principal: u32) -> &str {
    policy.text(Sym(policy.cell(Section::Principals, principal, 0)))
}
