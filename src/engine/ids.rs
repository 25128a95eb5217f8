//! Which records of a type a grant is on, by their ids: patterns below the type (N2, N3) and resources declared below it (N12).

use super::ask::{Asked, asked_resource};
use super::prepare::Prepared;
use crate::base::names::Sym;
use crate::base::table::{Seen, index, pair, sort};
use crate::base::text::{join, split};
use crate::compiled::layout::{ANY_ONE, Section};
use crate::compiled::{Compiled, NodeId};

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
    /// Pairs of patterns that cover the whole type.
    whole: Vec<u32>,
    /// Ids of patterns and resources below the type.
    paths: Vec<IdPath>,
    /// Pairs of patterns, each with one of these that it covers: in order, as one number.
    parts: Vec<u64>,
    /// Questions about resources that are declared below the type, and which of these they are.
    declared: Vec<(Asked, u32)>,
}

impl Reach {
    /// Of a system whose records' ids are no paths.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn none(asked: &Asked) -> Self {
        Self { whole: asked.pairs.clone(), paths: Vec::new(), parts: Vec::new(), declared: Vec::new() }
    }

    /// Adds to the question the pairs that cover some of the type's records.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn new(policy: &Compiled, asked: &mut Asked, action: &str, kind: &str) -> Self {
        let mut reach = Self::none(asked);
        let mut labels = Vec::new();
        for segment in split(kind, b'/') {
            labels.push(policy.label(segment));
        }
        let tree = policy.resources();
        for node in tree.below(&labels) {
            let own = tree.labels(node);
            let (of_type, below) = own.split_at_checked(labels.len()).unwrap_or_default();
            let path = index(reach.paths.len());
            reach.paths.push(id_path(policy, below));
            for what in &asked.action.covers {
                reach.parts.extend(policy.row_of(Section::Pairs, *what, node).map(|covers| pair(covers, path)));
            }
            if of_type == labels && tree.is_linked(node) {
                reach.declare(policy, action, kind, path);
            }
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
    fn declare(&mut self, policy: &Compiled, action: &str, kind: &str, path: u32) {
        let mut segments: Vec<&str> = Vec::new();
        for segment in self.paths.get(path as usize).into_iter().flatten() {
            segments.extend(segment.as_deref());
        }
        let asked = asked_resource(policy, action, kind, Some(&join(&segments, "/")));
        for covers in &asked.pairs {
            self.parts.push(pair(*covers, path));
        }
        self.declared.push((asked, path));
    }

    /// The ids that some pairs cover together.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn ids(&self, pairs: impl Iterator<Item = u32>) -> Ids {
        let mut found: Vec<u64> = Vec::new();
        for covers in pairs {
            if self.whole.contains(&covers) {
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
                for (asked, path) in &self.declared {
                    if scope.covers(policy, asked) {
                        paths.extend(self.paths.get(*path as usize).cloned());
                    }
                }
            }
            bounds.push(Ids::Below(paths));
        }
        bounds
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
