//! Which records of a type a grant is on, by their ids: patterns below the type (N2, N3) and resources declared below it (N12).

use super::ask::Asked;
use super::prepare::Prepared;
use super::unlisted::Loose;
use crate::base::limits::MAX_FILTER_IDS;
use crate::base::names::Sym;
use crate::base::table::{Seen, pair, sort};
use crate::base::text::split;
use crate::compiled::layout::{ANY_ONE, Section};
use crate::compiled::{Compiled, Linked, NodeId};

/// What an id begins with, by whole segments; nothing stands for any one segment.
pub type IdPath = Vec<Option<Box<str>>>;

/// Records of a type, by id.
#[derive(Debug, Clone)]
pub enum Ids {
    /// All of them, those without an id too.
    Any,
    /// Those whose id is one of these, or is below one of these.
    Below(Vec<IdPath>),
}

impl Ids {
    /// Whether it is every record.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// Whether it is no record at all.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Below(paths) if paths.is_empty())
    }
}

/// What covers some records of a type and not all of them.
pub struct Reach {
    /// Pairs of patterns that cover the whole type, in order.
    whole: Vec<u32>,
    /// Ids of patterns and resources below the type.
    paths: Vec<IdPath>,
    /// Pairs of patterns, each with one of these that it covers: in order, as one number.
    parts: Vec<u64>,
    /// Resources that are declared below the type: the link of each, and which of these it is, as one number.
    declared: Vec<u64>,
    /// More is covered than can be told.
    overflows: bool,
}

impl Reach {
    /// Of a system whose records' ids are no paths.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn none(asked: &Asked) -> Self {
        let mut whole = asked.pairs.clone();
        sort(&mut whole);
        Self { whole, paths: Vec::new(), parts: Vec::new(), declared: Vec::new(), overflows: false }
    }

    /// Adds to the question the pairs that cover some of the type's records.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn new(policy: &Compiled, asked: &mut Asked, kind: &str) -> Self {
        let mut reach = Self::none(asked);
        let mut labels = Vec::new();
        for segment in split(kind, b'/') {
            labels.push(policy.label(segment));
        }
        let tree = policy.resources();
        let below = tree.below(&labels);
        for (path, node) in (0..).zip(&below) {
            let own = tree.labels(*node);
            let (of_type, rest) = own.split_at_checked(labels.len()).unwrap_or_default();
            reach.paths.push(id_path(policy, rest));
            if of_type == labels
                && let Some(link) = policy.row_at(Section::Links, Sym(*node))
            {
                reach.declared.push(pair(link, path));
            }
        }
        policy.pairs_on(&asked.action.covers, &below, &mut |_, path, covers| reach.parts.push(pair(covers, path)));
        sort(&mut reach.declared);
        if !reach.declared.is_empty() {
            reach.declare(policy, &asked.action.covers);
        }
        sort(&mut reach.parts);
        let mut seen = Seen::default();
        for covers in &reach.whole {
            seen.enter(u64::from(*covers));
        }
        for part in &reach.parts {
            if seen.enter(*part >> 32) {
                asked.pairs.push((*part >> 32) as u32);
            }
        }
        reach
    }

    /// What covers a declared resource, by what it is declared below, covers whatever is below it.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn declare(&mut self, policy: &Compiled, actions: &[NodeId]) {
        let tree = policy.resources();
        let linked = Linked::of(policy);
        // Pairs, each with a link to a path that it covers.
        let mut leading: Vec<u64> = Vec::new();
        for link in 0..policy.rows(Section::Links) {
            policy.pairs_on(actions, &tree.covering(&policy.linked_to(link)), &mut |_, _, covers| leading.push(pair(covers, link)));
        }
        for declared in &self.declared {
            let covering = tree.covering(&policy.linked_from((*declared >> 32) as u32));
            policy.pairs_on(actions, &covering, &mut |_, _, covers| self.parts.push(pair(covers, *declared as u32)));
        }
        sort(&mut leading);
        for same in leading.chunk_by(|one, two| *one >> 32 == *two >> 32) {
            let Some(covers) = same.first().map(|one| (*one >> 32) as u32).filter(|covers| !self.is_whole(*covers)) else { continue };
            for link in linked.below(same.iter().map(|one| *one as u32).collect()) {
                self.parts.extend(self.path_of(link).map(|path| pair(covers, path)));
            }
            if self.parts.len() > MAX_FILTER_IDS {
                self.overflows = true;
                return;
            }
        }
    }

    /// Which of the paths a declared resource is.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn path_of(&self, link: u32) -> Option<u32> {
        let at = self.declared.partition_point(|one| *one < pair(link, 0));
        self.declared.get(at).filter(|one| **one >> 32 == u64::from(link)).map(|one| *one as u32)
    }

    /// Whether a pair covers the whole type.
    fn is_whole(&self, covers: u32) -> bool {
        self.whole.binary_search(&covers).is_ok()
    }

    /// Whether more is covered than can be told.
    pub fn overflows(&self) -> bool {
        self.overflows
    }

    /// The ids that some pairs cover together.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn ids(&self, pairs: impl Iterator<Item = u32>) -> Ids {
        let mut found: Vec<u64> = Vec::new();
        for covers in pairs {
            if self.is_whole(covers) {
                return Ids::Any;
            }
            let from = self.parts.partition_point(|part| *part < pair(covers, 0));
            for part in self.parts.get(from..).unwrap_or_default() {
                if *part >> 32 != u64::from(covers) {
                    break;
                }
                found.push(u64::from(*part as u32));
            }
        }
        sort(&mut found);
        found.dedup();
        let mut paths = Vec::new();
        for path in found {
            paths.extend(self.paths.get(path as usize).cloned());
        }
        Ids::Below(paths)
    }

    /// N13: the ids that each bound of the session covers.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn bounds(&self, policy: &Compiled, who: &Prepared, asked: &Asked) -> Vec<Ids> {
        let mut bounds = Vec::new();
        for bound in &who.bounds {
            if bound.iter().any(|scope| scope.covers(policy, asked)) {
                bounds.push(Ids::Any);
                continue;
            }
            let mut paths = Vec::new();
            for scope in bound {
                paths.extend(scope.below(asked));
                for path in self.declared_under(policy, scope, asked) {
                    paths.extend(self.paths.get(path as usize).cloned());
                }
            }
            bounds.push(Ids::Below(paths));
        }
        bounds
    }

    /// The declared resources that a scope covers, themselves or by what stands above them, in order.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn declared_under(&self, policy: &Compiled, scope: &Loose, asked: &Asked) -> Vec<u32> {
        let mut leading = Vec::new();
        if !self.declared.is_empty() {
            for link in 0..policy.rows(Section::Links) {
                if scope.covers_path(policy, asked, &policy.linked_to(link)) {
                    leading.push(link);
                }
            }
        }
        let mut paths = Vec::new();
        if !leading.is_empty() {
            for link in Linked::of(policy).below(leading) {
                paths.extend(self.path_of(link));
            }
        }
        for declared in &self.declared {
            if scope.covers_path(policy, asked, &policy.linked_from((*declared >> 32) as u32)) {
                paths.push(*declared as u32);
            }
        }
        sort(&mut paths);
        paths.dedup();
        paths
    }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn id_path(policy: &Compiled, labels: &[NodeId]) -> IdPath {
    let mut path = Vec::new();
    for label in labels {
        path.push(if *label == ANY_ONE { None } else { Some(policy.text(Sym(*label)).into()) });
    }
    path
}
