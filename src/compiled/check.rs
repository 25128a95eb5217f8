//! A compiled snapshot from elsewhere is gone through once before it is used.

use super::Compiled;
use super::layout::{Column, FORMAT, HEADER, LISTED, MAGIC, NONE, SECTIONS, Section, TERMS, TRAILER, meta};
use super::views::bits;
use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::model::{Combining, HolderKind, Rule, Spelling};
use crate::text::concat;

/// Whether these bytes begin as a compiled snapshot does. No JSON text does.
pub fn is_compiled(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The check sum that a file ends with.
pub fn sum(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, 0)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

/// What is wrong with the file as a whole.
fn file_is_sound(bytes: &[u8]) -> Option<&'static str> {
    if !is_compiled(bytes) {
        return Some("it does not begin as one does");
    }
    let length = word(bytes, 8).map_or(usize::MAX, |length| length as usize);
    if length < bytes.len() {
        return Some("it is longer than it says");
    }
    let Some((content, trailer)) = bytes.split_last_chunk::<TRAILER>().filter(|(content, _)| {
        // What is behind the header has the length that the sections have together.
        length == bytes.len() && content.len() >= HEADER
    }) else {
        return Some("it is cut off");
    };
    // Lengths of 32 bits each: their sum fits 64.
    let mut together = HEADER as u64;
    for section in 0..SECTIONS {
        let length = word(bytes, 12 + 4 * section).unwrap_or(NONE);
        together += u64::from(length);
        if length % 4 != 0 {
            together = 0;
            break;
        }
    }
    if together != content.len() as u64 {
        return Some("its sections do not fit together");
    }
    (u64::from_le_bytes(*trailer) != sum(content)).then_some("its check sum is wrong")
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
        if is_compiled(&bytes) && !matches!(word(&bytes, 4), Some(FORMAT) | None) {
            let message = "the compiled snapshot is of a format that this version does not read";
            return Err(Error::new(ErrorCode::FormatUnknown, "$", message));
        }
        let damage = file_is_sound(&bytes);
        let compiled = Self::trusted(bytes);
        match damage.or_else(|| compiled.is_sound()) {
            Some(damage) => Err(Error::new(ErrorCode::Compiled, "$", concat(&["the compiled snapshot is damaged: ", damage]))),
            None => Ok(compiled),
        }
    }

    /// What is wrong with the content. The engine copes with anything; this tells a broken file from a policy that denies.
    fn is_sound(&self) -> Option<&'static str> {
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
}
