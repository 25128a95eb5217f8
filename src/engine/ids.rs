//! Which records of a type a grant is on, by their ids: patterns below the type (N2, N3) and resources declared below it (N12).

use super::ask::{Asked, asked_resource};
use super::prepare::Prepared;
use crate::compiled::layout::{ANY_ONE, Section};
use crate::compiled::{Compiled, NodeId};
use crate::names::Sym;
use crate::table::Seen;
use crate::text::{join, split};

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
    fn below(mut paths: Vec<IdPath>) -> Self {
        paths.sort_unstable();
        paths.dedup();
        Self::Below(paths)
    }

    /// Whether it is every record.
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// Whether it is no record at all.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Below(paths) if paths.is_empty())
    }
}

/// What covers some records of a type and not all of them.
pub struct Reach {
    /// How many of the pairs of the question cover the whole type.
    whole: Vec<u32>,
    /// Pairs of patterns, each with ids that it covers. In order of the pairs.
    parts: Vec<(u32, IdPath)>,
    /// Questions about resources that are declared below the type, and their ids.
    declared: Vec<(Asked, IdPath)>,
}

impl Reach {
    /// Of a system whose records' ids are no paths.
    pub fn none(asked: &Asked) -> Self {
        Self { whole: asked.pairs.clone(), parts: Vec::new(), declared: Vec::new() }
    }

    /// Adds to the question the pairs that cover some of the type's records.
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
            let path = id_path(policy, below);
            for what in &asked.action.covers {
                reach.parts.extend(policy.row_of(Section::Pairs, *what, node).map(|pair| (pair, path.clone())));
            }
            if of_type == labels && tree.is_linked(node) {
                reach.declare(policy, action, kind, path);
            }
        }
        reach.parts.sort_unstable();
        reach.parts.dedup();
        let mut seen = Seen::default();
        for pair in &reach.whole {
            seen.enter(u64::from(*pair));
        }
        for (pair, _) in &reach.parts {
            if seen.enter(u64::from(*pair)) {
                asked.pairs.push(*pair);
            }
        }
        reach
    }

    /// What covers a declared resource, by what it is declared below, covers whatever is below it.
    fn declare(&mut self, policy: &Compiled, action: &str, kind: &str, path: IdPath) {
        let mut segments: Vec<&str> = Vec::new();
        for segment in &path {
            segments.extend(segment.as_deref());
        }
        let asked = asked_resource(policy, action, kind, Some(&join(&segments, "/")));
        for pair in &asked.pairs {
            self.parts.push((*pair, path.clone()));
        }
        self.declared.push((asked, path));
    }

    /// The ids that some pairs cover together.
    pub fn ids(&self, pairs: impl Iterator<Item = u32>) -> Ids {
        let mut paths = Vec::new();
        for pair in pairs {
            if self.whole.contains(&pair) {
                return Ids::Any;
            }
            let from = self.parts.partition_point(|(other, _)| *other < pair);
            let behind = self.parts.get(from..).unwrap_or_default();
            for (_, path) in behind.iter().take_while(|(other, _)| *other == pair) {
                paths.push(path.clone());
            }
        }
        Ids::below(paths)
    }

    /// N13: the ids that each bound of the session covers.
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
                paths.extend(self.declared.iter().filter(|(asked, _)| scope.covers(policy, asked)).map(|(_, path)| path.clone()));
            }
            bounds.push(Ids::below(paths));
        }
        bounds
    }
}

fn id_path(policy: &Compiled, labels: &[NodeId]) -> IdPath {
    let mut path = Vec::new();
    for label in labels {
        path.push(if *label == ANY_ONE { None } else { Some(policy.text(Sym(*label)).into()) });
    }
    path
}
