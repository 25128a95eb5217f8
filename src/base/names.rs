//! Names by number: each string of a policy is stored once, all of them in one text.

use crate::base::table::index;

/// A name of one policy's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub(crate) u32);

impl Sym {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<Sym> for u64 {
    fn from(sym: Sym) -> Self {
        Self::from(sym.0)
    }
}

/// The table: open addressing, at most half full. Nothing is random: the seed comes from the snapshot's own bytes, so whoever can
/// choose names, but not the whole snapshot, cannot choose ones that collide.
#[derive(Debug, Default, Clone)]
pub struct Names {
    seed: u64,
    text: String,
    /// Where each name ends in the text; it begins where the one before it ends.
    ends: Vec<u32>,
    /// Numbers plus one; zero is free. A power of two of them.
    slots: Vec<u32>,
}

/// So many names in a row are no chance at half the room: the table is hashed anew.
pub const LONG_RUN: usize = 128;

impl Names {
    /// An empty table. Equal seeds and equal calls give equal tables on every target.
    #[must_use]
    pub fn with_seed(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// The seed, for tables of the same content.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts one behind the other, where each ends, the slots, and the seed: as a compiled snapshot has them.
    #[must_use]
    pub fn parts(&self) -> (&str, &[u32], &[u32], u64) {
        (&self.text, &self.ends, &self.slots, self.seed)
    }

    /// The number of a name, entering it if it is new.
    pub fn intern(&mut self, name: &str) -> Sym {
        if self.slots.len() <= self.ends.len() << 1 {
            self.place_all((self.slots.len() << 1).max(16));
        }
        let (mut slot, run) = self.slot(name);
        if let Some(sym) = self.at(slot) {
            return sym;
        }
        if run > LONG_RUN {
            self.seed = next_seed(self.seed);
            self.place_all(self.slots.len());
            (slot, _) = self.slot(name);
        }
        // Count and length are bounded by the limits on what is read, far below u32::MAX.
        let sym = Sym(index(self.ends.len()));
        self.text.push_str(name);
        self.ends.push(index(self.text.len()));
        self.take(slot, sym);
        sym
    }

    /// The number of a name that is in the table.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Sym> {
        self.at(self.slot(name).0)
    }

    /// The name of a number; empty for a number of another table.
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        let at = sym.0 as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(at).copied().unwrap_or_default();
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn at(&self, slot: usize) -> Option<Sym> {
        self.slots.get(slot).and_then(|entry| entry.checked_sub(1)).map(Sym)
    }

    fn take(&mut self, slot: usize, sym: Sym) {
        if let Some(entry) = self.slots.get_mut(slot) {
            *entry = sym.0.saturating_add(1);
        }
    }

    /// The slot that holds a name, or the free one in which it would be; and how many others stood before it.
    fn slot(&self, name: &str) -> (usize, usize) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash(self.seed, name.as_bytes()) as usize & mask;
        let mut run = 0;
        while let Some(sym) = self.at(slot) {
            if self.text(sym) == name {
                break;
            }
            slot = slot.wrapping_add(1) & mask;
            run += 1;
        }
        (slot, run)
    }

    fn place_all(&mut self, room: usize) {
        self.slots.clear();
        self.slots.resize(room, 0);
        for number in 0..index(self.ends.len()) {
            let slot = self.slot(self.text(Sym(number))).0;
            self.take(slot, Sym(number));
        }
    }
}

/// A number for some bytes, the same on every target.
#[must_use]
pub fn hash(seed: u64, bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = mix(seed, bytes.len() as u64);
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    state = mix(state, rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte)));
    spread(state)
}

/// A number for a number under a seed.
#[must_use]
pub const fn hash_number(seed: u64, number: u64) -> u32 {
    spread(mix(seed, number))
}

/// The seed after one under which too many collide.
#[must_use]
pub const fn next_seed(seed: u64) -> u64 {
    mix(seed, 1)
}

/// Half of a state, of which every bit hangs on all.
const fn spread(state: u64) -> u32 {
    ((state ^ state >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32
}

/// The seed that a whole snapshot gives: every byte counts, and it is quick rather than thorough.
#[must_use]
pub fn seed(bytes: &[u8]) -> u64 {
    let (lines, rest) = bytes.as_chunks::<32>();
    let mut state = u64::from(hash(0, rest));
    for line in lines {
        let (words, _) = line.as_chunks::<8>();
        let word = words.iter().fold(0_u64, |all, word| all.rotate_left(17).wrapping_add(u64::from_le_bytes(*word)));
        state = mix(state, word);
    }
    state
}

/// Multiplies the halves with each other, so that no two words differ alike under every state.
const fn mix(state: u64, word: u64) -> u64 {
    let both = state ^ word;
    let product = (both & 0xFFFF_FFFF ^ 0x9E37_79B9).wrapping_mul(both >> 32 ^ 0x7F4A_7C15);
    product.wrapping_add(both.rotate_left(27))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_number_and_a_number_one_name() {
        let mut names = Names::default();
        assert_eq!((names.find("a"), names.text(Sym(0))), (None, ""));
        let texts: Vec<String> = (0..20_000).map(|at| format!("{}{at}", "näme/".repeat(at % 5))).chain([String::new()]).collect();
        let syms: Vec<Sym> = texts.iter().map(|text| names.intern(text)).collect();
        for (at, (text, sym)) in texts.iter().zip(&syms).enumerate() {
            assert_eq!((sym.number() as usize, names.text(*sym)), (at, text.as_str()));
            assert_eq!((names.find(text), names.intern(text)), (Some(*sym), *sym));
        }
        assert_eq!((names.len(), names.find("another")), (texts.len(), None));
    }

    #[test]
    fn names_that_collide_under_one_seed_do_not_make_the_table_slow() {
        let seed = 7;
        // All in one slot of 4,096, and so in one run.
        let alike: Vec<String> =
            (0..4_000_000).map(|at| format!("n{at}")).filter(|text| hash(seed, text.as_bytes()) & 0xFFF == 5).collect();
        assert!(alike.len() > 700);
        let mut names = Names::with_seed(seed);
        for text in &alike {
            names.intern(text);
        }
        let longest = alike.iter().map(|text| names.slot(text).1).max();
        assert!(longest < Some(LONG_RUN), "{longest:?}");
        assert!(alike.iter().all(|text| names.find(text).map(|sym| names.text(sym)) == Some(text)));
    }

    #[test]
    fn hashes_spread() {
        let mut slots = vec![0_u32; 1 << 12];
        (0..1 << 16).for_each(|at| slots[hash(3, format!("resource_{at}").as_bytes()) as usize & 0xFFF] += 1);
        assert!(slots.iter().all(|count| (1..48).contains(count)), "{:?}", slots.iter().max());
    }
}
