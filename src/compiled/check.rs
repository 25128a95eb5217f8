//! A compiled snapshot from elsewhere is gone through once before it is used.

use super::Compiled;
use super::layout::{Column, FORMAT, HEADER, LISTED, MAGIC, NONE, Section, TERMS, TRAILER, flag, meta};
use super::views::bits;
use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::model::{Combining, HolderKind, Rule, Spelling};

/// Whether these bytes begin as a compiled snapshot does. No JSON text does.
pub fn is_compiled(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The check sum that a file ends with.
pub fn sum(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, 0)
}

fn broken(what: &str) -> Error {
    Error::new(ErrorCode::Compiled, "$", ["the compiled snapshot is damaged: ", what].concat())
}

impl Compiled {
    /// Takes a compiled snapshot from elsewhere, whoever made it.
    ///
    /// # Errors
    /// `ERR_TOO_LARGE`, `ERR_FORMAT_UNKNOWN`, `ERR_COMPILED`.
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        if bytes.len() > limits.max_bytes {
            return Err(Error::new(ErrorCode::TooLarge, "$", "the compiled snapshot is longer than allowed"));
        }
        let word = |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).map(|four| u32::from_le_bytes(*four));
        if !is_compiled(&bytes) {
            return Err(broken("it does not begin as one does"));
        }
        match word(4) {
            Some(FORMAT) => {}
            Some(_) => {
                return Err(Error::new(
                    ErrorCode::FormatUnknown,
                    "$",
                    "the compiled snapshot is of a format that this version does not read",
                ));
            }
            None => return Err(broken("it is cut off")),
        }
        let length = word(8).unwrap_or(NONE) as usize;
        if length != bytes.len() {
            return Err(broken(if length > bytes.len() { "it is cut off" } else { "it is longer than it says" }));
        }
        let body = length.checked_sub(TRAILER).filter(|body| *body >= HEADER).ok_or_else(|| broken("it is cut off"))?;
        let sections = (0..Section::ALL.len()).map(|section| word(12 + 4 * section).unwrap_or(NONE));
        // Lengths of 32 bits each: their sum fits 64.
        if sections.clone().any(|length| length % 4 != 0) || sections.map(u64::from).sum::<u64>() != (body - HEADER) as u64 {
            return Err(broken("its sections do not fit together"));
        }
        let (content, trailer) = bytes.split_at_checked(body).ok_or_else(|| broken("it is cut off"))?;
        if trailer.first_chunk::<8>().map(|eight| u64::from_le_bytes(*eight)) != Some(sum(content)) {
            return Err(broken("its check sum is wrong"));
        }
        let compiled = Self::trusted(bytes);
        compiled.is_sound(limits).map_or(Ok(()), |what| Err(broken(what)))?;
        Ok(compiled)
    }

    /// What is wrong with the content. The engine copes with anything; this tells a broken file from a policy that denies.
    fn is_sound(&self, limits: &Limits) -> Option<&'static str> {
        let meta = |word: u32| self.word(Section::Meta, word) as usize;
        if self.rows(Section::Meta) != meta::RULES + Rule::ALL.len() as u32
            || meta(meta::COMBINING) >= Combining::ALL.len()
            || meta(meta::SPELLING) >= Spelling::ALL.len()
            || meta(meta::SEMANTICS) >= crate::condition::Semantics::ALL.len()
        {
            return Some("its head is not understood");
        }
        if !self.texts_are_sound() {
            return Some("its texts are");
        }
        for section in Section::ALL {
            if !self.section(section).1.is_multiple_of(section.stride()) || !self.rows_are_sound(section) {
                return Some("a row is");
            }
        }
        if !(self.tree_is_sound(Section::Actions) && self.tree_is_sound(Section::Resources)) {
            return Some("a tree is");
        }
        if !self.holders_are_sound() {
            return Some("a holder is");
        }
        if !self.holdings_are_sound(limits) {
            return Some("what somebody holds is");
        }
        None
    }

    fn texts_are_sound(&self) -> bool {
        let (at, words) = self.section(Section::Text);
        let bytes = self.bytes.get(at as usize..).and_then(|rest| rest.get(..words as usize * 4)).unwrap_or_default();
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let count = self.rows(Section::TextAt);
        let mut before = 0;
        for index in 0..count {
            let at = self.word(Section::TextAt, index);
            if at < before || !text.is_char_boundary(at as usize) {
                return false;
            }
            before = at;
        }
        // Free places end every search.
        let places = self.rows(Section::TextIndex);
        let index = |word: &u32| self.word(Section::TextIndex, *word);
        count > 0
            && places.is_power_of_two()
            && (0..places).all(|place| index(&place) < count)
            && (0..places).any(|place| index(&place) == 0)
    }

    fn names(&self) -> u32 {
        self.rows(Section::TextAt).saturating_sub(1)
    }

    fn rows_are_sound(&self, section: Section) -> bool {
        let columns = section.columns();
        if columns.iter().all(|column| matches!(column, Column::Any)) {
            return true;
        }
        let names = self.names();
        let (_, words) = self.section(section);
        let mut column = columns.iter().cycle();
        (0..words).all(|index| {
            let word = self.word(section, index);
            match column.next() {
                Some(Column::Name) => word < names,
                Some(Column::MaybeName) => word < names || word == NONE,
                // A tree has one row more than nodes.
                Some(Column::Row(of @ (Section::Actions | Section::Resources))) => word.saturating_add(1) < self.rows(*of),
                Some(Column::Row(of)) => word < self.rows(*of),
                Some(Column::Flagged(of)) => word & !TERMS < self.rows(*of),
                Some(Column::Any) | None => true,
            }
        })
    }

    /// Parents before children, children behind one another: every way up and down ends.
    fn tree_is_sound(&self, section: Section) -> bool {
        let rows = self.rows(section);
        let mut first = 1;
        rows >= 2
            && rows & LISTED == 0
            && (0..rows).all(|node| {
                let (parent, child) = (self.cell(section, node, 0), self.cell(section, node, 2));
                let grows = child >= first && child < rows && (node == 0 || node + 1 == rows || parent < node);
                first = child;
                grows
            })
    }

    fn holders_are_sound(&self) -> bool {
        let entries = u64::from(self.rows(Section::Entries));
        (0..self.rows(Section::Holders)).all(|at| {
            let cell = |column: u32| self.cell(Section::Holders, at, column);
            ((cell(0) & bits::KIND) as usize) < HolderKind::ALL.len() && u64::from(cell(9)) + u64::from(cell(10)) <= entries
        })
    }

    /// Lists of what is held stand in the pool, and together are no longer than a payload could make them: lists may be shared, so a
    /// small file could otherwise speak of more than there is room for. Only where each counts once may holders include others.
    fn holdings_are_sound(&self, limits: &Limits) -> bool {
        let pool = u64::from(self.rows(Section::Pool));
        let mut left = limits.max_values as u64;
        let mut fits = |at: u32, count: u32| {
            left = left.saturating_sub(u64::from(count));
            left > 0 && u64::from(at) + 2 * u64::from(count) <= pool
        };
        let once = self.profile.has(flag::VISITS_ONCE);
        let cell = |section: Section, row: u32, column: u32| self.cell(section, row, column);
        (0..self.rows(Section::Holders)).all(|row| {
            let (at, count) = (cell(Section::Holders, row, 7), cell(Section::Holders, row, 8));
            fits(at, count) && (once || count == 0)
        }) && (0..self.rows(Section::Principals)).all(|row| fits(cell(Section::Principals, row, 3), cell(Section::Principals, row, 4)))
    }
}
