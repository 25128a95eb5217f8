//! Patterns as a tree of segments: which patterns cover what is asked for is a walk as long as the question.

use crate::model::{Pattern, Segment};
use crate::names::Sym;
use crate::table::{Store, Table, index, pair};

/// A node stands for the pattern of the segments on the way to it.
pub type NodeId = u32;

/// The pattern that covers everything.
pub const ROOT: NodeId = 0;

/// All patterns of one kind (actions, or resources) of a policy.
#[derive(Debug)]
pub struct Trie {
    parents: Vec<(NodeId, Option<Segment>)>,
    names: Table,
    wildcards: Table,
    /// What stands above a declared resource besides its own path (N12).
    links: Store<Vec<Sym>>,
    linked: bool,
}

impl Default for Trie {
    fn default() -> Self {
        Self { parents: vec![(ROOT, None)], names: Table::default(), wildcards: Table::default(), links: Store::default(), linked: false }
    }
}

/// Where a question stands among the patterns.
#[derive(Debug, Clone, Default)]
pub struct Spot {
    /// Every pattern that covers it, in ascending order; [`ROOT`] always does.
    pub covers: Vec<NodeId>,
    /// The node that is the question itself, if the policy names it.
    pub exact: Option<NodeId>,
    /// Paths above it that are not its own (N12).
    pub above: Vec<Vec<Sym>>,
}

impl Trie {
    /// The node of a pattern, made if it is new.
    pub fn insert(&mut self, pattern: &Pattern) -> NodeId {
        match pattern {
            Pattern::Any => ROOT,
            Pattern::Path(segments) => segments.iter().fold(ROOT, |at, segment| self.child(at, *segment)),
        }
    }

    fn child(&mut self, at: NodeId, segment: Segment) -> NodeId {
        let next = index(self.parents.len());
        let child = match segment {
            Segment::Name(name) => self.names.first(pair(at, name.number()), next),
            Segment::One => self.wildcards.first(at, next),
        };
        if child == next {
            self.parents.push((at, Some(segment)));
        }
        child
    }

    /// The node of the path one segment shorter, unless that is [`ROOT`].
    #[must_use]
    pub fn above(&self, node: NodeId) -> Option<NodeId> {
        self.parents.get(node as usize).map(|(parent, _)| *parent).filter(|parent| *parent != ROOT)
    }

    /// Puts `parent` above the resource with this path.
    pub fn link(&mut self, path: &[Sym], parent: Vec<Sym>) {
        let node = self.insert(&Pattern::Path(path.iter().copied().map(Segment::Name).collect()));
        self.links.put(node, parent);
        self.linked = true;
    }

    /// Where the segments stand; `None` for one that no pattern names.
    #[must_use]
    pub fn locate(&self, segments: &[Option<Sym>]) -> Spot {
        let mut spot = Spot { covers: vec![ROOT], ..Spot::default() };
        let mut passed = Table::default();
        spot.exact = self.walk(segments, &mut spot, &mut passed);
        // Links cannot loop (refused at load), so this ends; each is taken once all the same.
        let mut taken = 0;
        while let Some(path) = spot.above.get(taken) {
            let path: Vec<Option<Sym>> = path.iter().copied().map(Some).collect();
            self.walk(&path, &mut spot, &mut passed);
            taken += 1;
        }
        spot.covers.sort_unstable();
        spot.covers.dedup();
        spot
    }

    /// Collects what covers the segments, and what is linked above them. `passed` are the links taken already.
    fn walk(&self, segments: &[Option<Sym>], spot: &mut Spot, passed: &mut Table) -> Option<NodeId> {
        let mut frontier = vec![ROOT];
        let mut exact = Some(ROOT);
        for segment in segments {
            let named = |at: NodeId| segment.and_then(|name| self.names.get(pair(at, name.number())));
            exact = exact.and_then(named);
            if self.linked
                && let Some((node, parent)) = exact.and_then(|node| Some((node, self.links.get(node)?)))
                && passed.enter(node)
            {
                spot.above.push(parent.clone());
            }
            frontier = frontier.iter().flat_map(|at| [named(*at), self.wildcards.get(*at)]).flatten().collect();
            if frontier.is_empty() {
                return None;
            }
            spot.covers.extend(&frontier);
        }
        exact
    }

    /// Where a node stands that is itself the question. Only for trees without wildcards and links.
    #[must_use]
    pub fn spot_of(&self, node: NodeId) -> Option<Spot> {
        self.parents.get(node as usize)?;
        let mut covers = vec![node];
        let mut at = node;
        while at != ROOT {
            at = self.parents.get(at as usize)?.0;
            covers.push(at);
        }
        covers.sort_unstable();
        Some(Spot { covers, exact: Some(node), above: Vec::new() })
    }

    /// Whether a name stands for exactly one node whatever the question: no wildcards, no links.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.wildcards.len() == 0 && !self.linked
    }

    /// The segments of a node, outermost first.
    #[must_use]
    pub fn path(&self, node: NodeId) -> Vec<Segment> {
        let mut path = Vec::new();
        let mut at = node;
        while let Some((parent, Some(segment))) = self.parents.get(at as usize) {
            path.push(*segment);
            at = *parent;
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;

    #[test]
    fn a_pattern_covers_itself_and_what_is_below_never_above_or_beside() {
        let mut names = Names::default();
        let mut trie = Trie::default();
        let syms: Vec<Sym> = ["a", "b", "c"].iter().map(|name| names.intern(name)).collect();
        let path = |at: &[usize]| Pattern::Path(at.iter().filter_map(|i| syms.get(*i)).map(|s| Segment::Name(*s)).collect());
        let ab = trie.insert(&path(&[0, 1]));
        let ask = |at: &[usize]| trie.locate(&at.iter().map(|i| syms.get(*i).copied()).collect::<Vec<_>>()).covers.contains(&ab);
        assert!(ask(&[0, 1]) && ask(&[0, 1, 2]));
        assert!(!ask(&[0]) && !ask(&[0, 2]) && !ask(&[1]) && !ask(&[]));
    }

    #[test]
    fn a_star_is_one_segment_and_a_link_is_above() {
        let mut names = Names::default();
        let mut trie = Trie::default();
        let [doc, folder, x, y] = ["doc", "folder", "x", "y"].map(|name| names.intern(name));
        let star = trie.insert(&Pattern::Path(vec![Segment::Name(folder), Segment::One]));
        trie.link(&[doc, x], vec![folder, y]);
        let covered = |path: &[Sym]| trie.locate(&path.iter().copied().map(Some).collect::<Vec<_>>()).covers.contains(&star);
        assert!(covered(&[folder, x]) && covered(&[doc, x]));
        assert!(!covered(&[folder]) && !covered(&[doc, y]));
    }
}
