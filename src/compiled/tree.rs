//! Patterns as a tree of segments: which patterns cover what is asked for is a walk as long as the question.

use super::Compiled;
use super::layout::{ANY_ONE, NONE, Section};
use crate::base::names::Sym;
use crate::base::table::Seen;
use crate::base::terms::{Pattern, Segment};
use crate::base::text::join;

/// A node stands for the pattern of the segments on the way to it.
pub type NodeId = u32;

/// The pattern that covers everything.
pub const ROOT: NodeId = 0;

/// All patterns of one kind (actions, or resources) of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'c> {
    compiled: &'c Compiled,
    section: Section,
}

/// What has been met on the way through a tree.
#[derive(Default)]
struct Met {
    links: Seen,
    /// Nodes, as soon as something is linked above.
    nodes: Seen,
}

/// Where a question stands among the patterns.
#[derive(Debug, Clone, Default)]
pub struct Spot {
    /// Every pattern that covers it; [`ROOT`] always does.
    pub covers: Vec<NodeId>,
    /// The node that is the question itself, if the policy names it.
    pub exact: Option<NodeId>,
    /// Paths above it that are not its own (N12).
    pub above: Vec<Vec<u32>>,
}

impl<'c> Tree<'c> {
    pub(super) fn new(compiled: &'c Compiled, section: Section) -> Self {
        Self { compiled, section }
    }

    /// How many patterns there are.
    pub fn len(&self) -> u32 {
        self.compiled.rows(self.section).saturating_sub(1)
    }

    fn cell(&self, node: NodeId, column: u32) -> u32 {
        self.compiled.cell(self.section, node, column)
    }

    /// The child under a label. Children stand behind one another, in order of their labels.
    #[inline(never)]
    pub fn child(&self, node: NodeId, label: u32) -> Option<NodeId> {
        crate::base::steps::step();
        if label == NONE {
            return None;
        }
        let (mut from, mut to) = (self.cell(node, 2), self.cell(node.saturating_add(1), 2).min(self.len()));
        while from < to {
            let middle = from + (to - from) / 2;
            if self.cell(middle, 1) < label {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        (from > node && self.cell(from, 1) == label && self.cell(from, 0) == node).then_some(from)
    }

    /// The node of the path one segment shorter, unless that is [`ROOT`].
    pub fn above(&self, node: NodeId) -> Option<NodeId> {
        Some(self.cell(node, 0)).filter(|parent| *parent != ROOT && *parent < node)
    }

    /// Where the segments stand; [`NONE`] for one that no pattern names.
    pub fn locate(&self, segments: Vec<u32>) -> Spot {
        let mut spot = Spot { covers: vec![ROOT], ..Spot::default() };
        let mut met = Met::default();
        spot.exact = self.walk(&segments, &mut spot, &mut met);
        // Links cannot loop (refused at load), so this ends; each is taken once all the same.
        let mut taken = 0;
        while let Some(path) = spot.above.get_mut(taken).map(std::mem::take) {
            self.walk(&path, &mut spot, &mut met);
            if let Some(place) = spot.above.get_mut(taken) {
                *place = path;
            }
            taken += 1;
        }
        spot
    }

    /// What is linked above a node (N12): a list in the pool.
    fn link(&self, node: NodeId) -> Option<u32> {
        if self.section == Section::Resources { self.compiled.lookup(Section::Links, Sym(node)) } else { None }
    }

    /// The nodes one segment further: of that label, and of the pattern for any one.
    #[inline(never)]
    fn step(&self, frontier: &[NodeId], label: u32) -> Vec<NodeId> {
        let mut next = Vec::new();
        for at in frontier {
            for label in [if label == ANY_ONE { NONE } else { label }, ANY_ONE] {
                if let Some(node) = self.child(*at, label) {
                    next.push(node);
                }
            }
        }
        next
    }

    /// Collects what covers the segments, and what is linked above them.
    fn walk(&self, segments: &[u32], spot: &mut Spot, met: &mut Met) -> Option<NodeId> {
        let mut frontier = vec![ROOT];
        let mut exact = Some(ROOT);
        for label in segments {
            exact = exact.and_then(|at| self.child(at, *label));
            if let Some(node) = exact
                && let Some(list) = self.link(node)
                && met.links.enter(node.into())
            {
                if spot.above.is_empty() {
                    for node in &spot.covers {
                        met.nodes.enter((*node).into());
                    }
                }
                spot.above.push(self.compiled.listed(list));
            }
            frontier = self.step(&frontier, *label);
            if frontier.is_empty() {
                return None;
            }
            for node in &frontier {
                // Within one walk every node is met once; what is linked above may meet it again.
                if spot.above.is_empty() || met.nodes.enter((*node).into()) {
                    spot.covers.push(*node);
                }
            }
        }
        exact
    }

    /// Every pattern that covers the segments, without what is linked above them.
    pub fn covering(&self, segments: &[u32]) -> Vec<NodeId> {
        let (mut covers, mut frontier) = (vec![ROOT], vec![ROOT]);
        for label in segments {
            frontier = self.step(&frontier, *label);
            covers.extend(&frontier);
        }
        covers
    }

    /// The patterns that cover the segments to their end, and have as many.
    pub fn ends(&self, segments: &[u32]) -> Vec<NodeId> {
        let mut frontier = vec![ROOT];
        for label in segments {
            frontier = self.step(&frontier, *label);
        }
        frontier
    }

    /// Whether no pattern, and no link, is below what these segments are covered by to their end.
    pub fn ends_at(&self, segments: &[u32]) -> bool {
        self.ends(segments).iter().all(|node| self.cell(*node, 2) == self.cell(node.saturating_add(1), 2))
    }

    /// Patterns below what covers these segments to their end.
    pub fn below(&self, segments: &[u32]) -> Vec<NodeId> {
        let mut frontier = self.ends(segments);
        let mut found = Vec::new();
        while let Some(at) = frontier.pop() {
            // A node has one parent, so none is met twice, whatever a file says.
            for node in self.cell(at, 2)..self.cell(at.saturating_add(1), 2).min(self.len()) {
                if node > at && self.cell(node, 0) == at {
                    found.push(node);
                    frontier.push(node);
                }
            }
        }
        found
    }

    /// The labels on the way to a node: names, and [`ANY_ONE`]. None for the pattern that covers everything.
    pub fn labels(&self, node: NodeId) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = node;
        while at != ROOT && self.cell(at, 1) != NONE {
            path.push(self.cell(at, 1));
            at = self.above(at).unwrap_or(ROOT);
        }
        path.reverse();
        path
    }

    /// The pattern of a node.
    pub fn pattern(&self, node: NodeId) -> Pattern {
        let labels = self.labels(node);
        let segment = |label: &u32| if *label == ANY_ONE { Segment::One } else { Segment::Name(Sym(*label)) };
        Pattern::path(&labels.iter().map(segment).collect::<Vec<_>>())
    }

    /// A node's pattern as text.
    pub fn text(&self, node: NodeId, between: &str, any: &str) -> String {
        let labels = self.labels(node);
        if labels.is_empty() {
            return any.into();
        }
        let mut parts = Vec::new();
        for label in labels {
            parts.push(if label == ANY_ONE { "*" } else { self.compiled.text(Sym(label)) });
        }
        join(&parts, between)
    }
}
