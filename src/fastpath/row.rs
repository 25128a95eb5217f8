//! One principal's answers to the questions of a vocabulary, a bit each.

use super::Vocabulary;
use crate::compiled::Compiled;
use crate::compiled::layout::TERMS;
use crate::engine::{Asked, Effect, Prepared, Question, Target, VisitKind, decide, is_shut};

/// Bits in a word.
pub(super) const WORD: u32 = 32;
/// So many new questions are asked one by one; of more, what the principal holds is gone through.
const FEW: u32 = 4;

/// A bit for each question: whether it is allowed.
#[derive(Debug, Default)]
pub struct Row {
    words: Vec<u32>,
    known: u32,
}

impl Row {
    /// How many questions it answers.
    pub fn known(&self) -> u32 {
        self.known
    }

    /// The words, lowest bit first.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Whether a question is allowed.
    pub fn get(&self, slot: u32) -> bool {
        slot < self.known && self.words.get((slot / WORD) as usize).is_some_and(|word| word >> (slot % WORD) & 1 == 1)
    }

    fn set(&mut self, slot: u32) {
        if let Some(word) = self.words.get_mut((slot / WORD) as usize) {
            *word |= 1 << (slot % WORD);
        }
    }

    fn clear(&mut self, slot: u32) {
        if let Some(word) = self.words.get_mut((slot / WORD) as usize) {
            *word &= !(1 << (slot % WORD));
        }
    }

    /// Answers the questions that have been entered since.
    pub fn extend(&mut self, policy: &Compiled, who: &Prepared, vocabulary: &Vocabulary) {
        let (from, to) = (self.known, vocabulary.len());
        self.words.resize(to.div_ceil(WORD) as usize, 0);
        self.known = to;
        if is_shut(policy, who) {
            return;
        }
        if to.saturating_sub(from) <= FEW || !vocabulary.is_indexed() || !who.bounds.is_empty() || !who.loose.is_empty() {
            (from..to).for_each(|slot| self.ask(policy, who, vocabulary, slot));
        } else if who.superuser.is_some() {
            (from..to).for_each(|slot| self.set(slot));
        } else {
            self.sweep(policy, who, vocabulary, from);
        }
    }

    fn ask(&mut self, policy: &Compiled, who: &Prepared, vocabulary: &Vocabulary, slot: u32) {
        if vocabulary.get(slot).is_some_and(|asked| allows(policy, who, asked)) {
            self.set(slot);
        }
    }

    /// Through what the principal holds. Where all that covers a question are plain allows, they allow it under every way of
    /// combining; the rest is asked.
    fn sweep(&mut self, policy: &Compiled, who: &Prepared, vocabulary: &Vocabulary, from: u32) {
        let mut unclear: Vec<u32> = vec![0; self.words.len()];
        for visit in &who.visits {
            let VisitKind::Holder(id) = visit.kind else { continue };
            let Some(holder) = policy.holder(id.0) else { continue };
            for entry in policy.entry_rows(&holder) {
                let entry = u64::from_le_bytes(*entry);
                let is_plain = (entry >> 32) as u32 & TERMS == 0;
                vocabulary.mark(entry as u32, from, if is_plain { &mut self.words } else { &mut unclear });
            }
        }
        for (first, word) in (0..).step_by(WORD as usize).zip(&unclear) {
            // Nearly always nothing.
            let mut left = *word;
            while left != 0 {
                let slot = left.trailing_zeros() + first;
                left &= left - 1;
                self.clear(slot);
                self.ask(policy, who, vocabulary, slot);
            }
        }
        for slot in vocabulary.impossible() {
            self.clear(*slot);
        }
    }
}

fn allows(policy: &Compiled, who: &Prepared, asked: &Asked) -> bool {
    decide(policy, who, &Question { asked, target: Target::Type, field: None }).effect == Effect::Allow
}
