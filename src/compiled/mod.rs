//! A compiled snapshot, read where it stands: nothing is unpacked, however much it holds. Total: what is not there reads as
//! nothing, so that no content can make the engine fail.

mod check;
mod crossing;
pub mod layout;
mod linked;
pub mod request;
mod tree;
mod values;
mod views;

use layout::{NONE, SECTIONS, Section, TERMS, meta};

use crate::base::instant::Instant;
use crate::base::names::{Sym, hash};
use crate::base::system::System;
use crate::base::terms::{Combining, Rule, Spelling};
use crate::condition::Semantics;

pub use check::{is_compiled, sum};
pub use linked::Linked;
pub use tree::{NodeId, ROOT, Spot, Tree};
pub use values::tag;
pub use views::{Grant, Holder, Principal, bits};

/// A policy as the engine reads it. Immutable.
#[derive(Debug)]
pub struct Compiled {
    bytes: Vec<u8>,
    /// Where each section begins, in bytes, and how many words it has.
    sections: [(u32, u32); SECTIONS],
    /// How many holders are included by holders: as long as all ways from one to another are.
    pub inclusions: u32,
    pub profile: Profile,
}

/// How a system decides, as data.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    pub combining: Combining,
    pub spelling: Spelling,
    pub semantics: Semantics,
    pub folded: Option<Sym>,
    flags: u32,
}

impl Profile {
    /// Whether one of [`layout::flag`] is set.
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// The name of a word that may be none.
pub fn name(word: u32) -> Option<Sym> {
    (word != NONE).then_some(Sym(word))
}

impl Compiled {
    /// Takes what the compiler in this crate has just written.
    pub(crate) fn trusted(bytes: Vec<u8>) -> Self {
        let mut compiled = Self {
            bytes,
            sections: [(0, 0); SECTIONS],
            inclusions: 0,
            profile: Profile {
                combining: Combining::Additive,
                spelling: Spelling::Flat,
                semantics: Semantics::Native,
                folded: None,
                flags: 0,
            },
        };
        let mut at = layout::HEADER as u32;
        for section in Section::ALL {
            let length = compiled.raw(12 + 4 * section as u32);
            if let Some(place) = compiled.sections.get_mut(section as usize) {
                *place = (at, length / 4);
            }
            at = at.saturating_add(length);
        }
        let word = |at: u32| compiled.word(Section::Meta, at);
        compiled.profile = Profile {
            combining: Combining::ALL.get(word(meta::COMBINING) as usize).copied().unwrap_or(Combining::DenyOverrides),
            spelling: Spelling::ALL.get(word(meta::SPELLING) as usize).copied().unwrap_or(Spelling::Flat),
            semantics: Semantics::ALL.get(word(meta::SEMANTICS) as usize).copied().unwrap_or(Semantics::Native),
            folded: name(word(meta::FOLDED)),
            flags: word(meta::FLAGS),
        };
        // A damaged file may say that it has more than there is.
        let most = compiled.bytes.len() as u32 / 4;
        for holder in 0..compiled.rows(Section::Holders).min(most) {
            compiled.inclusions = compiled.inclusions.saturating_add(compiled.cell(Section::Holders, holder, 8));
        }
        compiled
    }

    /// The bytes, for whoever keeps or sends them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn raw(&self, at: u32) -> u32 {
        let at = at as usize;
        let four = self.bytes.get(at..at.saturating_add(4)).and_then(|four| four.first_chunk::<4>());
        four.map_or(NONE, |four| u32::from_le_bytes(*four))
    }

    fn section(&self, section: Section) -> (u32, u32) {
        self.sections.get(section as usize).copied().unwrap_or_default()
    }

    /// How many bytes a section has.
    pub fn size(&self, section: Section) -> usize {
        self.section(section).1 as usize * 4
    }

    /// A word of a section; [`NONE`] behind its end.
    pub fn word(&self, section: Section, index: u32) -> u32 {
        let (at, words) = self.section(section);
        if index < words { self.raw(at.wrapping_add(index.wrapping_mul(4))) } else { NONE }
    }

    /// How many rows a section has.
    pub fn rows(&self, section: Section) -> u32 {
        self.section(section).1 / section.stride()
    }

    /// A word of a row.
    pub fn cell(&self, section: Section, row: u32, column: u32) -> u32 {
        self.word(section, row.saturating_mul(section.stride()).saturating_add(column))
    }

    /// The first row from `from` on, before `to`, that is not below the key. Rows are in order of their first words.
    fn not_below(&self, section: Section, from: u32, to: u32, key: (u32, u32), pairs: bool) -> u32 {
        crate::base::steps::step();
        let (mut from, mut to) = (from, to);
        while from < to {
            let middle = from + (to - from) / 2;
            let second = if pairs { self.cell(section, middle, 1) } else { 0 };
            if (self.cell(section, middle, 0), second) < key {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The row whose first word is the key.
    pub fn row_at(&self, section: Section, key: Sym) -> Option<u32> {
        let row = self.not_below(section, 0, self.rows(section), (key.number(), 0), false);
        (self.cell(section, row, 0) == key.number()).then_some(row)
    }

    /// The second word of that row.
    pub fn lookup(&self, section: Section, key: Sym) -> Option<u32> {
        self.row_at(section, key).map(|row| self.cell(section, row, 1))
    }

    /// The row of a pair of numbers.
    pub fn row_of(&self, section: Section, first: u32, second: u32) -> Option<u32> {
        let row = self.not_below(section, 0, self.rows(section), (first, second), true);
        (self.cell(section, row, 0) == first && self.cell(section, row, 1) == second).then_some(row)
    }

    /// The entries of a holder that are on a pair of patterns.
    pub fn entries_on(&self, holder: &Holder, pair: u32) -> impl Iterator<Item = u32> {
        let end = holder.entries.1;
        let from = self.not_below(Section::Entries, holder.entries.0, end, (pair, 0), false);
        (from..end)
            .take_while(move |row| self.cell(Section::Entries, *row, 0) == pair)
            .map(|row| self.cell(Section::Entries, row, 1) & !TERMS)
    }

    fn text_bytes(&self, sym: u32) -> &[u8] {
        let (from, to) = (self.word(Section::TextAt, sym), self.word(Section::TextAt, sym.saturating_add(1)));
        let (at, words) = self.section(Section::Text);
        if sym == NONE || to > words.saturating_mul(4) || from > to {
            return &[];
        }
        self.bytes.get(at.saturating_add(from) as usize..at.saturating_add(to) as usize).unwrap_or_default()
    }

    /// The text of a name; empty for a number that is none.
    pub fn text(&self, sym: Sym) -> &str {
        std::str::from_utf8(self.text_bytes(sym.number())).unwrap_or_default()
    }

    /// The text of a name that may be none.
    pub fn opt_text(&self, sym: Option<Sym>) -> Option<&str> {
        sym.map(|sym| self.text(sym))
    }

    /// The number of a name, if the policy has it.
    pub fn find(&self, text: &str) -> Option<Sym> {
        let places = self.rows(Section::TextIndex);
        let seed = u64::from(self.meta(meta::SEED + 1)) << 32 | u64::from(self.meta(meta::SEED));
        let mut at = hash(seed, text.as_bytes());
        for _ in 0..places {
            let sym = self.word(Section::TextIndex, at & places.wrapping_sub(1)).checked_sub(1)?;
            if self.text_bytes(sym) == text.as_bytes() {
                return Some(Sym(sym));
            }
            at = at.wrapping_add(1);
        }
        None
    }

    /// The tree of action patterns.
    pub fn actions(&self) -> Tree<'_> {
        Tree::new(self, Section::Actions)
    }

    /// The tree of resource patterns.
    pub fn resources(&self) -> Tree<'_> {
        Tree::new(self, Section::Resources)
    }

    /// Where actions, or resources, of these segments stand.
    pub fn locate(&self, segments: &[&str], actions: bool) -> Spot {
        let mut labels = Vec::new();
        for segment in segments {
            labels.push(self.label(segment));
        }
        if actions { self.actions() } else { self.resources() }.locate(labels)
    }

    /// The label of a segment; [`NONE`] for one that no pattern names.
    pub fn label(&self, segment: &str) -> u32 {
        self.find(segment).map_or(NONE, Sym::number)
    }

    fn meta(&self, word: u32) -> u32 {
        self.word(Section::Meta, word)
    }

    /// A name of the section [`meta`].
    pub fn says(&self, word: u32) -> Option<Sym> {
        name(self.meta(word))
    }

    /// The system's name.
    pub fn system(&self) -> &str {
        self.text(Sym(self.meta(meta::SYSTEM)))
    }

    /// Whether it is a native snapshot.
    pub fn is_native(&self) -> bool {
        self.system() == System::Latchgate.name()
    }

    /// The tenant whose snapshot it is.
    pub fn tenant(&self) -> Option<&str> {
        self.opt_text(self.says(meta::TENANT))
    }

    /// When the snapshot expires.
    pub fn expires(&self) -> Option<Instant> {
        self.says(meta::EXPIRES_AT).map(|_| Instant::from_words(self.meta(meta::EXPIRES), self.meta(meta::EXPIRES + 1)))
    }

    /// The number of a rule that decisions cite.
    pub fn rule(&self, rule: Rule) -> Option<Sym> {
        self.says(meta::RULES + rule as u32)
    }

    /// The HTTP class under one of [`meta`].
    pub fn status(&self, word: u32) -> u16 {
        u16::try_from(self.meta(word)).unwrap_or(403)
    }

    /// Top-level attributes of records that some condition reads.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.list(self.meta(meta::ATTRIBUTES)).map(|sym| self.text(Sym(sym)))
    }

    /// A word of the pool.
    pub fn pool(&self, at: u32) -> u32 {
        self.word(Section::Pool, at)
    }

    /// The same as a list of its own.
    pub fn listed(&self, at: u32) -> Vec<u32> {
        let mut words = Vec::new();
        for word in self.list(at) {
            words.push(word);
        }
        words
    }

    /// The words of a list in the pool: their count, then they themselves. Nothing for [`NONE`].
    pub fn list(&self, at: u32) -> impl Iterator<Item = u32> {
        let left = self.rows(Section::Pool).saturating_sub(at.saturating_add(1));
        let count = if at == NONE { 0 } else { self.pool(at).min(left) };
        (0..count).map(move |index| self.pool(at.saturating_add(1).saturating_add(index)))
    }
}
