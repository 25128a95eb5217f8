//! Declared resources that stand below others (N12), of one snapshot or of two.

use std::collections::BTreeSet;

use super::region::{Side, Word};
use crate::base::names::{Names, Sym};
use crate::base::table::index;
use crate::base::text::concat;
use crate::compiled::layout::{ANY_ONE, Section};
use crate::compiled::{Compiled, Linked};

/// Declared resources, and what stands above them.
#[derive(Debug, Default)]
pub struct Links {
    /// Where each begins, and the path that it leads to.
    rows: Vec<(Side, Side)>,
    /// The same numbers in the order of the paths that they lead to, and in that of the resources that they begin at.
    by_end: Vec<u32>,
    by_start: Vec<u32>,
    /// One for each snapshot, with the number of its first link.
    graphs: Vec<(u32, Linked)>,
}

/// The links of the declared resources that a pattern covers by what stands above them: in order.
pub type Spread = Vec<u32>;

impl Links {
    /// Adds those of a policy.
    pub fn add(&mut self, policy: &Compiled, words: &mut Names) {
        let count = policy.rows(Section::Links);
        if count == 0 {
            return;
        }
        self.graphs.push((index(self.rows.len()), Linked::of(policy)));
        for row in 0..count {
            let mut path = |labels: Vec<u32>| {
                let name = |label: &u32| Word::Name(words.intern(policy.text(Sym(*label))));
                // None leads from a pattern: a file from elsewhere may say so.
                Side::Path(if labels.contains(&ANY_ONE) { Vec::new() } else { labels.iter().map(name).collect() })
            };
            let link = (path(policy.linked_from(row)), path(policy.linked_to(row)));
            self.rows.push(link);
        }
        let all = || (0..index(self.rows.len())).collect::<Vec<u32>>();
        (self.by_end, self.by_start) = (all(), all());
        let rows = &self.rows;
        self.by_end.sort_by(|one, two| rows.get(*one as usize).map(|row| &row.1).cmp(&rows.get(*two as usize).map(|row| &row.1)));
        self.by_start.sort_by(|one, two| rows.get(*one as usize).map(|row| &row.0).cmp(&rows.get(*two as usize).map(|row| &row.0)));
    }

    /// Some links in words, in order: they say what stands above what.
    pub fn texts(&self, words: &Names, mut links: Vec<u32>) -> Vec<String> {
        links.sort_unstable();
        links.dedup();
        let link = |(from, to): &(Side, Side)| concat(&[&from.text(words, "/", "*"), " < ", &to.text(words, "/", "*")]);
        let mut texts: Vec<String> = links.iter().filter_map(|at| self.rows.get(*at as usize)).map(link).collect();
        texts.sort_unstable();
        texts
    }

    /// The resource that a link begins at.
    pub fn start(&self, link: u32) -> Option<&Side> {
        self.rows.get(link as usize).map(|(from, _)| from)
    }

    /// The declared resources that a pattern covers by their links.
    pub fn spread(&self, side: &Side) -> Spread {
        let Side::Path(pattern) = side else { return Vec::new() };
        if self.rows.is_empty() {
            return Vec::new();
        }
        let leading = Self::fitting(&self.by_end, pattern, |link| self.rows.get(link as usize).map(|(_, to)| to));
        let mut found = Vec::new();
        for (at, (first, graph)) in self.graphs.iter().enumerate() {
            let next = self.graphs.get(at + 1).map_or(u32::MAX, |(next, _)| *next);
            let own = leading.iter().filter(|link| (*first..next).contains(link)).map(|link| link - first);
            found.extend(graph.below(own.collect()).into_iter().map(|link| link + first));
        }
        found.retain(|link| self.start(*link).is_some_and(|start| *start != Side::Path(Vec::new())));
        found
    }

    /// The links whose resources a pattern covers, or that cover a pattern, by themselves.
    pub fn beside(&self, side: &Side) -> Vec<u32> {
        let Side::Path(pattern) = side else { return if *side == Side::Any { self.by_start.clone() } else { Vec::new() } };
        let mut found = Self::fitting(&self.by_start, pattern, |link| self.start(link));
        // Shorter ones.
        for length in 1..pattern.len() {
            let Some(beginning) = pattern.get(..length) else { break };
            let whole = |link: &u32| self.start(*link).is_some_and(|start| matches!(start, Side::Path(path) if path.len() == length));
            found.extend(Self::fitting(&self.by_start, beginning, |link| self.start(link)).into_iter().filter(whole));
        }
        found
    }

    /// Of links in order of their paths, those whose path a pattern covers.
    fn fitting<'s>(order: &[u32], pattern: &[Word], path: impl Fn(u32) -> Option<&'s Side>) -> Vec<u32> {
        let known = pattern.iter().take_while(|word| **word != Word::One).count();
        let beginning = pattern.get(..known).unwrap_or_default();
        let of = |link: &u32| match path(*link) {
            Some(Side::Path(path)) => path.as_slice(),
            _ => &[],
        };
        let from = order.partition_point(|link| of(link).get(..known).unwrap_or_else(|| of(link)) < beginning);
        let behind = order.get(from..).unwrap_or_default();
        let to = behind.partition_point(|link| of(link).get(..known) == Some(beginning));
        let fits = |(word, name): (&Word, &Word)| *word == Word::One || word == name;
        let covers = |link: &u32| pattern.len() <= of(link).len() && pattern.iter().zip(of(link)).all(fits);
        behind.get(..to).unwrap_or_default().iter().copied().filter(covers).collect()
    }

    /// What two patterns cover both, with the declared resources that each covers by their links. `steps` are taken from; nothing where
    /// they do not reach.
    pub fn meets(&self, (one, mine): (&Side, &[u32]), (two, theirs): (&Side, &[u32]), steps: &mut usize) -> Option<BTreeSet<Side>> {
        let mut met: BTreeSet<Side> = one.meet(two).into_iter().collect();
        for (side, links) in [(one, theirs), (two, mine)] {
            if links.is_empty() {
                continue;
            }
            let mut beside = self.beside(side);
            *steps = steps.checked_sub(beside.len().min(links.len()))?;
            let (few, many) = if beside.len() < links.len() {
                (beside.as_slice(), links)
            } else {
                beside.sort_unstable();
                (links, beside.as_slice())
            };
            for link in few.iter().filter(|link| many.binary_search(link).is_ok()) {
                met.extend(self.start(*link).and_then(|start| start.meet(side)));
            }
        }
        // Of two declared resources one is at or above the other.
        let (few, many) = if mine.len() < theirs.len() { (mine, theirs) } else { (theirs, mine) };
        for link in few {
            let Some(start) = self.start(*link) else { continue };
            let beside = self.beside(start);
            *steps = steps.checked_sub(beside.len().saturating_add(1))?;
            for other in beside.into_iter().filter(|other| many.binary_search(other).is_ok()) {
                met.extend(self.start(other).and_then(|other| other.meet(start)));
            }
        }
        Some(met)
    }
}
