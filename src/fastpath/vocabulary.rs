//! The questions that a policy is asked, by number.

use super::row::WORD;
use crate::base::table::index;
use crate::compiled::Compiled;
use crate::compiled::layout::{Section, flag};
use crate::engine::{Asked, asked_permission, asked_resource};

/// Fewer questions are asked one by one.
const MANY: usize = 8;

/// Questions about permissions and types, each with a number from 0 on.
#[derive(Debug, Default)]
pub struct Vocabulary {
    slots: Vec<Asked>,
    /// By pair of patterns: the last link of its questions, plus one; 0 for none.
    heads: Vec<u32>,
    /// Question, and the next link plus one.
    links: Vec<(u32, u32)>,
    /// Questions that nobody but super-users passes.
    impossible: Vec<u32>,
}

impl Vocabulary {
    /// How many there are.
    pub fn len(&self) -> u32 {
        index(self.slots.len())
    }

    /// The question under a number.
    pub fn get(&self, slot: u32) -> Option<&Asked> {
        self.slots.get(slot as usize)
    }

    /// Enters a permission in the system's own spelling.
    pub fn enter_permission(&mut self, policy: &Compiled, text: &str) -> u32 {
        self.enter(policy, asked_permission(policy, text))
    }

    /// Enters an action on some record of a type.
    pub fn enter_type(&mut self, policy: &Compiled, action: &str, kind: &str) -> u32 {
        self.enter(policy, asked_resource(policy, action, kind, None))
    }

    fn enter(&mut self, policy: &Compiled, asked: Asked) -> u32 {
        let slot = self.len();
        if self.is_indexed() {
            self.link(slot, &asked.pairs);
        } else if self.slots.len() >= MANY {
            self.heads = vec![0; policy.rows(Section::Pairs) as usize + 1];
            for (slot, known) in (0..).zip(std::mem::take(&mut self.slots)) {
                self.link(slot, &known.pairs);
                self.slots.push(known);
            }
            self.link(slot, &asked.pairs);
        }
        if self.is_impossible(policy, &asked) {
            self.impossible.push(slot);
        }
        self.slots.push(asked);
        slot
    }

    /// Whether questions can be found by what covers them: as soon as there are many.
    pub fn is_indexed(&self) -> bool {
        !self.heads.is_empty()
    }

    fn link(&mut self, slot: u32, pairs: &[u32]) {
        for pair in pairs {
            if let Some(head) = self.heads.get_mut(*pair as usize) {
                self.links.push((slot, *head));
                *head = index(self.links.len());
            }
        }
    }

    /// Whether nobody but super-users passes: it is malformed, or a closed registry does not have it.
    pub fn is_impossible(&self, policy: &Compiled, asked: &Asked) -> bool {
        asked.malformed || policy.profile.has(flag::REGISTRY_CLOSED) && !asked.is_registered(policy)
    }

    /// The questions that nobody but super-users passes.
    pub fn impossible(&self) -> &[u32] {
        &self.impossible
    }

    /// Sets the bits of the questions that a pair of patterns covers, from a number on: the newest are linked first. The innermost
    /// loop of making a principal ready, so it is inlined even where all is compiled for size.
    #[inline(always)]
    pub fn mark(&self, pair: u32, from: u32, words: &mut [u32]) {
        let mut next = self.heads.get(pair as usize).copied().unwrap_or(0);
        while let Some((slot, behind)) = self.links.get((next as usize).wrapping_sub(1)) {
            if *slot < from {
                break;
            }
            if let Some(word) = words.get_mut((*slot / WORD) as usize) {
                *word |= 1 << (*slot % WORD);
            }
            next = *behind;
        }
    }
}
