//! What covers declared resources by what they are declared below, for all of them at once. A question that stands beneath ten thousand
//! others would be ten thousand steps, and there may be as many such questions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::terms::NO_RESOURCE;
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Linked, NodeId, ROOT, Spot};
use crate::engine::resource_spot;

/// By link: the patterns that cover the path that it leads to, itself or by further links. Of those alone that some grant is on.
#[derive(Debug)]
pub struct Heights {
    linked: Linked,
    covers: Vec<Arc<[NodeId]>>,
    bears: Vec<bool>,
}

impl Heights {
    /// Of a policy.
    pub fn of(policy: &Compiled) -> Self {
        let (linked, rows) = (Linked::of(policy), policy.rows(Section::Links));
        let mut bears = vec![false; policy.resources().len() as usize];
        for row in 0..policy.rows(Section::Pairs) {
            if let Some(bears) = bears.get_mut(policy.pair(row).1 as usize) {
                *bears = true;
            }
        }
        let mut heights = Self { linked, covers: Vec::new(), bears };
        let nothing: Arc<[NodeId]> = Arc::from([]);
        heights.covers.resize(rows as usize, Arc::clone(&nothing));
        let mut known: BTreeMap<Vec<NodeId>, Arc<[NodeId]>> = BTreeMap::new();
        // 1: what is above is being looked at; 2: done.
        let mut state = vec![0_u8; rows as usize];
        for start in 0..rows {
            let mut open = vec![start];
            while let Some(row) = open.last().copied() {
                let Some(seen) = state.get_mut(row as usize) else { break };
                if *seen == 0 {
                    *seen = 1;
                    let above = heights.linked.next(row);
                    open.extend(above.into_iter().filter(|up| state.get(*up as usize) == Some(&0)));
                    continue;
                }
                open.pop();
                if *seen == 1 {
                    *seen = 2;
                    let covers = heights.gathered(policy, row);
                    let covers = known.entry(covers).or_insert_with_key(|covers| covers.as_slice().into());
                    if let Some(place) = heights.covers.get_mut(row as usize) {
                        *place = Arc::clone(covers);
                    }
                }
            }
        }
        heights
    }

    /// What covers where a link leads to, by what is known of the links above.
    fn gathered(&self, policy: &Compiled, row: u32) -> Vec<NodeId> {
        let mut covers = self.direct(policy, &policy.linked_to(row));
        for up in self.linked.next(row) {
            covers.extend(self.covers.get(up as usize).iter().flat_map(|covers| covers.iter()));
        }
        covers.sort_unstable();
        covers.dedup();
        covers
    }

    /// What covers some segments by itself.
    fn direct(&self, policy: &Compiled, labels: &[u32]) -> Vec<NodeId> {
        let mut covers = policy.resources().covering(labels);
        covers.retain(|node| self.bears.get(*node as usize) == Some(&true));
        covers
    }

    /// Where a resource stands among the patterns that some grant is on. What stands above it is not told.
    pub fn spot(&self, policy: &Compiled, segments: &[&str]) -> Spot {
        if self.covers.is_empty() || segments.is_empty() || segments == [NO_RESOURCE] {
            return resource_spot(policy, segments);
        }
        let labels: Vec<u32> = segments.iter().map(|segment| policy.label(segment)).collect();
        let mut covers = self.direct(policy, &labels);
        for link in policy.links_on(&labels) {
            covers.extend(self.covers.get(link as usize).iter().flat_map(|covers| covers.iter()));
        }
        covers.sort_unstable();
        covers.dedup();
        let tree = policy.resources();
        let exact = labels.iter().try_fold(ROOT, |at, label| tree.child(at, *label));
        Spot { covers, exact, above: Vec::new() }
    }
}
