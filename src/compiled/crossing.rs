//! Which pairs of patterns some actions and some resources make.

use super::layout::Section;
use super::{Compiled, NodeId};
use crate::base::table::{index, pair, sort};

/// So many combinations are looked up one by one.
const FEW: usize = 32;
/// More resources than this are found by a table as long as the tree.
const MANY: usize = 512;

impl Compiled {
    /// Pairs of one of some actions and one of some resources, with the places of both in these lists; each node stands in them once.
    ///
    /// Whoever writes grants can make both lists long, though few of their combinations are pairs. So beyond a few it is the shorter of two
    /// lists that is gone through for each action: the resources, or the pairs that there are.
    pub fn pairs_on(&self, actions: &[NodeId], resources: &[NodeId], found: &mut dyn FnMut(u32, u32, u32)) {
        let few = actions.len().saturating_mul(resources.len()) <= FEW;
        // One more than the place of each resource, by node where they are very many; else in order.
        let (mut by_node, mut places): (Vec<u32>, Vec<u64>) = (Vec::new(), Vec::new());
        if resources.len() > MANY {
            by_node.resize(self.resources().len() as usize, 0);
            for (place, node) in (1..).zip(resources) {
                if let Some(slot) = by_node.get_mut(*node as usize) {
                    *slot = place;
                }
            }
        } else if !few {
            places.extend((1..).zip(resources).map(|(place, node)| pair(*node, place)));
            sort(&mut places);
        }
        let place_of = |node: u32| match by_node.get(node as usize) {
            Some(place) => place.checked_sub(1),
            None => {
                let at = places.partition_point(|place| *place < pair(node, 0));
                places.get(at).filter(|place| **place >> 32 == u64::from(node)).and_then(|place| (*place as u32).checked_sub(1))
            }
        };
        let rows = self.rows(Section::Pairs);
        for (what, action) in (0..).zip(actions) {
            let (mut from, mut to) = (0, rows);
            if !few {
                from = self.not_below(Section::Pairs, 0, rows, (*action, 0), true);
                to = self.not_below(Section::Pairs, from, rows, (action.saturating_add(1), 0), true);
            }
            if few || to - from > index(resources.len()) {
                for (on, resource) in (0..).zip(resources) {
                    crate::base::steps::step();
                    let row = self.not_below(Section::Pairs, from, to, (*action, *resource), true);
                    if row < to && self.pair(row) == (*action, *resource) {
                        found(what, on, row);
                    }
                }
                continue;
            }
            for row in from..to {
                crate::base::steps::step();
                if let Some(on) = place_of(self.pair(row).1) {
                    found(what, on, row);
                }
            }
        }
    }
}
