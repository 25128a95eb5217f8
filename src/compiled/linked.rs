//! Declared resources and what stands above them (N12), both ways and all at once: what is said of one resource after the other by
//! walking all the way up from each is as dear as the square of how deep they stand.

use super::layout::Section;
use super::{Compiled, ROOT};
use crate::base::names::Sym;
use crate::base::table::{Seen, pair, sort};

/// The links of a policy by row. A link leads from a declared resource to the path above it.
#[derive(Debug)]
pub struct Linked {
    /// A link, and a link at or above the path that it leads to: in order, as one number.
    ups: Vec<u64>,
    /// The same the other way round.
    downs: Vec<u64>,
    /// A link, and that of a resource at or below the one that it begins at.
    own: Vec<u64>,
}

impl Linked {
    /// Of a policy.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn of(policy: &Compiled) -> Self {
        let mut linked = Self { ups: Vec::new(), downs: Vec::new(), own: Vec::new() };
        for row in 0..policy.rows(Section::Links) {
            for up in policy.links_on(&policy.linked_from(row)) {
                linked.own.push(pair(up, row));
            }
            for up in policy.links_on(&policy.linked_to(row)) {
                linked.ups.push(pair(row, up));
                linked.downs.push(pair(up, row));
            }
        }
        sort(&mut linked.ups);
        sort(&mut linked.downs);
        sort(&mut linked.own);
        linked
    }

    /// The links whose resources stand below a path that one of some links leads to, in order.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn below(&self, leading: Vec<u32>) -> Vec<u32> {
        let mut below = Vec::new();
        for row in all(&self.downs, leading) {
            below.extend(under(&self.own, row));
        }
        sort(&mut below);
        below.dedup();
        below
    }

    /// The links at or above the path that a link leads to.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub fn next(&self, row: u32) -> Vec<u32> {
        under(&self.ups, row).collect()
    }

    /// Some links, and all on the way up from there, in order.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn above(&self, from: Vec<u32>) -> Vec<u32> {
        let mut above = all(&self.ups, from);
        sort(&mut above);
        above
    }
}

impl Compiled {
    /// The labels of the resource that a link leads from.
    pub fn linked_from(&self, row: u32) -> Vec<u32> {
        self.resources().labels(self.cell(Section::Links, row, 0))
    }

    /// The labels of the path that a link leads to.
    pub fn linked_to(&self, row: u32) -> Vec<u32> {
        self.listed(self.cell(Section::Links, row, 1))
    }

    /// The links from a path and from all above it.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn links_on(&self, labels: &[u32]) -> Vec<u32> {
        let (tree, mut at) = (self.resources(), ROOT);
        let mut found = Vec::new();
        for label in labels {
            // What is below a path that no pattern and no link names is named by none either.
            let Some(node) = tree.child(at, *label) else { break };
            found.extend(self.row_at(Section::Links, Sym(node)));
            at = node;
        }
        found
    }
}

/// The second numbers of the pairs of a number.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn under(pairs: &[u64], number: u32) -> impl Iterator<Item = u32> {
    let from = pairs.partition_point(|one| *one < pair(number, 0));
    let own = pairs.get(from..).unwrap_or_default().iter().take_while(move |one| **one >> 32 == u64::from(number));
    own.map(|one| *one as u32)
}

/// All that some numbers lead to, they themselves too.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn all(pairs: &[u64], from: Vec<u32>) -> Vec<u32> {
    let (mut open, mut found, mut seen) = (from, Vec::new(), Seen::default());
    while let Some(at) = open.pop() {
        crate::base::steps::step();
        if seen.enter(at.into()) {
            found.push(at);
            open.extend(under(pairs, at));
        }
    }
    found
}
