//! A compiled snapshot from elsewhere is gone through once before it is used.

use super::Compiled;
use super::layout::{Column, FORMAT, HEADER, LISTED, MAGIC, NONE, SECTIONS, Section, TERMS, TRAILER, flag, meta};
use super::views::bits;
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::base::terms::{Combining, HolderKind, Rule, Spelling};
use crate::base::text::concat;

/// Whether these bytes begin as a compiled snapshot does. No JSON text does.
pub fn is_compiled(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Long work is done in blocks of this many bytes, a call each: an engine that has just begun optimises a function between calls.
const BLOCK: usize = 1 << 14;

/// The check sum that a file ends with.
pub fn sum(bytes: &[u8]) -> u64 {
    let mut hasher = xxhash_rust::xxh64::Xxh64::new(0);
    for block in bytes.chunks(BLOCK) {
        hasher.update(block);
    }
    hasher.digest()
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
        if !length.is_multiple_of(4) {
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
        match damage.or_else(|| compiled.is_sound(limits)) {
            Some(damage) => Err(Error::new(ErrorCode::Compiled, "$", concat(&["the compiled snapshot is damaged: ", damage]))),
            None => Ok(compiled),
        }
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
            return Some("its texts or their index are broken");
        }
        for section in &Section::ALL {
            let section = *section;
            if !self.section(section).1.is_multiple_of(section.stride()) || !self.rows_are_sound(section) {
                return Some("a row points to something that is not there");
            }
        }
        if !(self.tree_is_sound(Section::Actions) && self.tree_is_sound(Section::Resources)) {
            return Some("a tree of patterns does not hang together");
        }
        if !self.holders_are_sound() {
            return Some("a holder is of no known kind, or grants something that is not there");
        }
        if !self.holdings_are_sound(limits) {
            return Some("a list of what somebody holds is not there, not allowed, or too long");
        }
        None
    }

    fn bytes_of(&self, section: Section) -> &[u8] {
        let (at, words) = self.section(section);
        self.bytes.get(at as usize..).and_then(|rest| rest.get(..words as usize * 4)).unwrap_or_default()
    }

    fn texts_are_sound(&self) -> bool {
        let text = self.bytes_of(Section::Text);
        let mut before = 0;
        let in_order = self.bytes_of(Section::TextAt).chunks(BLOCK).all(|block| begin_in_order(block, text, &mut before));
        // Free places end every search.
        let places = self.rows(Section::TextIndex);
        let mut free = 0;
        let count = self.rows(Section::TextAt);
        let known = self.bytes_of(Section::TextIndex).chunks(BLOCK).all(|block| are_below(block, count, &mut free));
        count > 0 && in_order && known && free > 0 && places.is_power_of_two() && std::str::from_utf8(text).is_ok()
    }

    fn rows_are_sound(&self, section: Section) -> bool {
        let names = self.rows(Section::TextAt).saturating_sub(1);
        let mut rules = Vec::new();
        for column in section.columns() {
            rules.push(match column {
                Column::Any => Allowed { mask: 0, below: 1, none: false },
                Column::Name => Allowed { mask: u32::MAX, below: names, none: false },
                Column::MaybeName => Allowed { mask: u32::MAX, below: names, none: true },
                // A tree has one row more than nodes.
                Column::Row(of @ (Section::Actions | Section::Resources)) => {
                    Allowed { mask: u32::MAX, below: self.rows(*of).saturating_sub(1), none: false }
                }
                Column::Row(of) => Allowed { mask: u32::MAX, below: self.rows(*of), none: false },
                Column::Flagged(of) => Allowed { mask: !TERMS, below: self.rows(*of), none: false },
            });
        }
        let row = rules.len() * 4;
        rules.iter().all(|rule| rule.mask == 0) || self.bytes_of(section).chunks(BLOCK / row * row).all(|block| are_allowed(block, &rules))
    }

    /// Parents before children, children behind one another: every way up and down ends.
    fn tree_is_sound(&self, section: Section) -> bool {
        let rows = self.rows(section);
        let mut seen = (0, 1);
        rows >= 2 && rows & LISTED == 0 && self.bytes_of(section).chunks(BLOCK / 12 * 12).all(|block| is_grown(block, rows, &mut seen))
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

/// What a word may be, under a mask.
struct Allowed {
    mask: u32,
    below: u32,
    none: bool,
}

fn words(block: &[u8]) -> impl Iterator<Item = u32> {
    block.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

#[inline(never)]
fn are_allowed(block: &[u8], rules: &[Allowed]) -> bool {
    let mut words = words(block);
    for _ in 0..block.len() / (rules.len() * 4).max(1) {
        for rule in rules {
            let Some(word) = words.next() else { return true };
            if word & rule.mask >= rule.below && !(rule.none && word == NONE) {
                return false;
            }
        }
    }
    true
}

#[inline(never)]
fn are_below(block: &[u8], limit: u32, free: &mut u32) -> bool {
    let mut greatest = 0;
    for word in words(block) {
        greatest = greatest.max(word);
        *free += u32::from(word == 0);
    }
    greatest < limit
}

/// Where texts begin: one behind the other, and none within a character.
#[inline(never)]
fn begin_in_order(block: &[u8], text: &[u8], before: &mut u32) -> bool {
    for at in words(block) {
        let inside = text.get(at as usize).is_some_and(|byte| byte & 0xC0 == 0x80);
        if at < *before || at as usize > text.len() || inside {
            return false;
        }
        *before = at;
    }
    true
}

/// `seen` is how many nodes came before, and the first child that the next may have.
#[inline(never)]
fn is_grown(block: &[u8], rows: u32, seen: &mut (u32, u32)) -> bool {
    for row in block.as_chunks::<12>().0 {
        let mut words = words(row);
        let (parent, child) = (words.next().unwrap_or(NONE), words.last().unwrap_or(NONE));
        let (node, first) = *seen;
        let is_end = node == 0 || node + 1 == rows;
        if child < first || child >= rows || !(is_end || parent < node) {
            return false;
        }
        *seen = (node + 1, child);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    /// Changes a word of a section, makes the sum good, and says why the file is refused.
    fn refusal(section: Section, word: usize, to: u32) -> String {
        let snapshot = br#"{ "system": "latchgate", "payloads": { "combining": "additive",
            "roles": [{ "key": "r", "grants": [{ "permissions": ["doc:read"] }] }],
            "principals": [{ "id": "u", "type": "user", "roles": ["r"] }] } }"#;
        let mut bytes = Policy::load(snapshot).unwrap().as_bytes().to_vec();
        assert!(Policy::open(bytes.clone()).is_ok());
        let (at, words) = Compiled::trusted(bytes.clone()).section(section);
        assert!(word < words as usize, "{section:?} has {words} words");
        let place = at as usize + 4 * word;
        bytes[place..place + 4].copy_from_slice(&to.to_le_bytes());
        let end = bytes.len() - TRAILER;
        let sum = sum(&bytes[..end]);
        bytes[end..].copy_from_slice(&sum.to_le_bytes());
        Policy::open(bytes).unwrap_err().message().into()
    }

    #[test]
    fn each_damage_is_said_in_a_sentence() {
        let cases = [
            (Section::Meta, meta::COMBINING as usize, 99, "its head is not understood"),
            (Section::TextAt, 1, u32::MAX, "its texts or their index are broken"),
            (Section::Pairs, 0, 99, "a row points to something that is not there"),
            (Section::Actions, 2, 99, "a tree of patterns does not hang together"),
            (Section::Holders, 10, 99, "a holder is of no known kind, or grants something that is not there"),
            (Section::Principals, 4, 99, "a list of what somebody holds is not there, not allowed, or too long"),
        ];
        for (section, word, to, sentence) in cases {
            assert_eq!(refusal(section, word, to), concat(&["the compiled snapshot is damaged: ", sentence]), "{section:?}");
        }
    }
}
