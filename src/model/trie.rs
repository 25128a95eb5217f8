//! A tree of patterns while it grows, and as it is written: by levels, children behind one another in order of their labels.

use crate::base::table::{Keys, index, pair};
use crate::base::terms::{Pattern, Segment};
use crate::compiled::layout::{ANY_ONE, NONE};
use crate::compiled::{NodeId, ROOT};

/// All patterns of one kind. A node is one more than the number of its key, which is its parent and its label.
#[derive(Debug)]
pub struct Trie {
    children: Keys,
}

impl Trie {
    /// An empty one. The seed only spreads the table.
    pub fn with_seed(seed: u64) -> Self {
        Self { children: Keys::with_seed(seed) }
    }

    /// The node of a pattern, and those of all patterns that cover it by their beginning, down to the one of everything.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn way_up(&mut self, pattern: &Pattern) -> Vec<u32> {
        let mut nodes = vec![self.insert(pattern)];
        while let Some(above) = nodes.last().and_then(|node| self.above(*node)) {
            nodes.push(above);
        }
        if nodes.last() != Some(&ROOT) {
            nodes.push(ROOT);
        }
        nodes
    }

    /// The node of a pattern, made if it is new.
    #[inline(never)]
    pub fn insert(&mut self, pattern: &Pattern) -> NodeId {
        let mut at = ROOT;
        for segment in pattern.segments() {
            let label = match segment {
                Segment::Name(name) => name.number(),
                Segment::One => ANY_ONE,
            };
            at = self.children.enter(pair(at, label)).saturating_add(1);
        }
        at
    }

    /// Parent and label of each node.
    fn nodes(&self) -> Vec<(NodeId, u32)> {
        let mut nodes = Vec::with_capacity(self.children.keys().len() + 1);
        nodes.push((ROOT, NONE));
        nodes.extend(self.children.keys().iter().map(|key| ((key >> 32) as u32, *key as u32)));
        nodes
    }

    /// The node of the path one segment shorter, unless that is [`ROOT`].
    #[must_use]
    pub fn above(&self, node: NodeId) -> Option<NodeId> {
        let key = self.children.keys().get(node.checked_sub(1)? as usize)?;
        Some((key >> 32) as u32).filter(|parent| *parent != ROOT)
    }

    /// The rows, and the number in them that each node got.
    pub fn write(self) -> (Vec<u32>, Vec<NodeId>) {
        let nodes = self.nodes();
        let count = nodes.len();
        // Parents are older than their children, so one pass gives every depth.
        let mut depths: Vec<u32> = Vec::with_capacity(count);
        for (node, (parent, _)) in nodes.iter().enumerate() {
            let depth = if node == 0 { 0 } else { depths.get(*parent as usize).map_or(0, |depth| depth + 1) };
            depths.push(depth);
        }
        let mut numbers = vec![ROOT; count];
        let mut rows: Vec<u32> = Vec::with_capacity(3 * count + 3);
        let mut level: Vec<NodeId> = vec![ROOT];
        let mut by_depth: Vec<NodeId> = (1..index(count)).collect();
        by_depth.sort_by_key(|node| depths.get(*node as usize).copied());
        let mut rest = by_depth.as_slice();
        let mut next_number = 1;
        while !level.is_empty() {
            let depth = level.first().and_then(|node| depths.get(*node as usize)).map_or(0, |depth| depth + 1);
            let ends = rest.partition_point(|node| depths.get(*node as usize).is_some_and(|other| *other <= depth));
            let (below, behind) = rest.split_at_checked(ends).unwrap_or((rest, &[]));
            rest = behind;
            // By the parent's new number, then by label.
            let mut children: Vec<(NodeId, u32, NodeId)> = Vec::with_capacity(below.len());
            for node in below {
                if let Some((parent, label)) = nodes.get(*node as usize) {
                    children.push((numbers.get(*parent as usize).copied().unwrap_or(ROOT), *label, *node));
                }
            }
            children.sort_unstable();
            let mut waiting = children.iter().peekable();
            for node in &level {
                let own = numbers.get(*node as usize).copied().unwrap_or(ROOT);
                let (parent, label) = nodes.get(*node as usize).copied().unwrap_or((ROOT, NONE));
                rows.extend([numbers.get(parent as usize).copied().unwrap_or(ROOT), label, next_number]);
                while let Some((_, _, child)) = waiting.next_if(|(parent, _, _)| *parent == own) {
                    if let Some(number) = numbers.get_mut(*child as usize) {
                        *number = next_number;
                    }
                    next_number += 1;
                }
            }
            level = children.iter().map(|(_, _, node)| *node).collect();
        }
        rows.extend([ROOT, NONE, next_number]);
        (rows, numbers)
    }
}
