//! One map for everything that is numbered: ordered, so that nothing is random and no input makes it slow; of one type, so
//! that its code is there once.

use std::collections::BTreeMap;

use crate::base::names::{LONG_RUN, hash_number, next_seed};

/// Numbers to numbers.
#[derive(Debug, Default, Clone)]
pub struct Table(BTreeMap<u64, u32>);

/// Two numbers as one key.
#[must_use]
pub fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

impl Table {
    /// The number under a key.
    #[must_use]
    pub fn get(&self, key: impl Into<u64>) -> Option<u32> {
        self.0.get(&key.into()).copied()
    }

    /// Whether there is a number under a key.
    #[must_use]
    pub fn has(&self, key: impl Into<u64>) -> bool {
        self.0.contains_key(&key.into())
    }

    /// Puts a number under a key; what was there before.
    pub fn put(&mut self, key: impl Into<u64>, number: u32) -> Option<u32> {
        self.0.insert(key.into(), number)
    }

    /// The number under a key, put there if there was none.
    pub fn first(&mut self, key: impl Into<u64>, number: u32) -> u32 {
        *self.0.entry(key.into()).or_insert(number)
    }

    /// Enters a key; whether it is new.
    pub fn enter(&mut self, key: impl Into<u64>) -> bool {
        self.put(key, 0).is_none()
    }

    /// Keys of one number, in order, with what is under them.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().map(|(key, number)| (*key as u32, *number))
    }
}

/// Numbers that have been met: open addressing, at most half full.
#[derive(Debug, Default)]
pub struct Seen {
    /// One more than the number; 0 is free.
    slots: Vec<u64>,
    count: usize,
}

impl Seen {
    /// Enters a number below the highest one; whether it is new.
    #[inline(never)]
    pub fn enter(&mut self, number: u64) -> bool {
        if self.slots.len() <= self.count * 2 {
            let room = (self.slots.len() * 2).max(16);
            let before = std::mem::replace(&mut self.slots, vec![0; room]);
            self.count = 0;
            for one in before {
                if let Some(number) = one.checked_sub(1) {
                    self.enter(number);
                }
            }
        }
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        loop {
            match self.slots.get_mut(at & mask) {
                Some(free @ 0) => {
                    *free = number.wrapping_add(1);
                    self.count += 1;
                    return true;
                }
                Some(other) if *other != number.wrapping_add(1) => at = at.wrapping_add(1),
                _ => return false,
            }
        }
    }
}

/// Sorts in place, by a heap: little code, and no input makes it slow. Equals do not keep their order.
#[inline(never)]
pub fn sort<T: Ord>(list: &mut [T]) {
    let mut from = list.len() / 2;
    let mut to = list.len();
    while to > 1 {
        if from > 0 {
            from -= 1;
        } else {
            to -= 1;
            list.swap(0, to);
        }
        let mut at = from;
        loop {
            let mut child = at * 2 + 1;
            if child + 1 < to && is_below(list, child, child + 1) {
                child += 1;
            }
            if child >= to || !is_below(list, at, child) {
                break;
            }
            list.swap(at, child);
            at = child;
        }
    }
}

fn is_below<T: Ord>(list: &[T], one: usize, other: usize) -> bool {
    list.get(one).zip(list.get(other)).is_some_and(|(one, other)| one < other)
}

/// Things by number, in the order in which they came.
#[derive(Debug)]
pub struct Store<T> {
    table: Table,
    items: Vec<T>,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self { table: Table::default(), items: Vec::new() }
    }
}

impl<T> Store<T> {
    /// The thing under a key.
    pub fn get(&self, key: impl Into<u64>) -> Option<&T> {
        self.table.get(key).and_then(|at| self.items.get(at as usize))
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, key: impl Into<u64>) -> Option<&mut T> {
        self.table.get(key).and_then(|at| self.items.get_mut(at as usize))
    }

    /// Whether there is one.
    pub fn has(&self, key: impl Into<u64>) -> bool {
        self.table.has(key)
    }

    /// Puts a thing under a key, in the place of what was there.
    pub fn put(&mut self, key: impl Into<u64>, item: T) {
        self.table.put(key, index(self.items.len()));
        self.items.push(item);
    }
}

/// A position as a number of 32 bits; the limits on what a snapshot may hold keep it far below.
#[must_use]
pub fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Keys by number, in the order in which they come: open addressing, at most half full, under a seed that the content gives,
/// and hashed anew where keys collide all the same: that of a slice is no secret.
#[derive(Debug, Default)]
pub struct Keys {
    seed: u64,
    keys: Vec<u64>,
    /// Numbers plus one; 0 is free. A power of two of them.
    slots: Vec<u32>,
}

impl Keys {
    /// None yet.
    pub fn with_seed(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// All of them.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The number of a key, which is new if it is the last one.
    #[inline(never)]
    pub fn enter(&mut self, key: u64) -> u32 {
        if self.slots.len() <= self.keys.len() * 2 {
            self.place_all((self.keys.len() * 4).next_power_of_two().max(16));
        }
        let (mut slot, run) = self.slot(key);
        if run > LONG_RUN {
            // Numbers stay: only their places hang on the seed.
            self.seed = next_seed(self.seed);
            self.place_all(self.slots.len());
            (slot, _) = self.slot(key);
        }
        match self.slots.get(slot).copied().unwrap_or(0).checked_sub(1) {
            Some(number) => number,
            None => {
                let number = index(self.keys.len());
                self.keys.push(key);
                if let Some(free) = self.slots.get_mut(slot) {
                    *free = number.saturating_add(1);
                }
                number
            }
        }
    }

    /// The slot that holds a key, or the free one in which it would be; and how many others stood before it.
    fn slot(&self, key: u64) -> (usize, usize) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash_number(self.seed, key) as usize & mask;
        let mut run = 0;
        loop {
            match self.slots.get(slot).copied().unwrap_or(0).checked_sub(1) {
                Some(number) if self.keys.get(number as usize) != Some(&key) => slot = slot.wrapping_add(1) & mask,
                _ => return (slot, run),
            }
            run += 1;
        }
    }

    fn place_all(&mut self, room: usize) {
        self.slots.clear();
        self.slots.resize(room, 0);
        for (number, key) in (1..).zip(&self.keys) {
            let (slot, _) = self.slot(*key);
            if let Some(free) = self.slots.get_mut(slot) {
                *free = number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_and_tells_what_is_new() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 40
        };
        for count in [0_usize, 1, 2, 3, 10, 1_000] {
            let list: Vec<u64> = (0..count).map(|_| next() % 512).collect();
            let (mut ours, mut expected) = (list.clone(), list.clone());
            sort(&mut ours);
            expected.sort_unstable();
            assert_eq!(ours, expected);
            let mut seen = Seen::default();
            let new = list.iter().filter(|number| seen.enter(**number)).count();
            expected.dedup();
            assert_eq!(new, expected.len());
        }
    }

    #[test]
    fn keys_that_collide_under_one_seed_do_not_make_the_table_slow() {
        let seed = 7;
        // All in one slot of 4,096, and so in one run.
        let alike: Vec<u64> = (0..4_000_000).filter(|key| hash_number(seed, *key) & 0xFFF == 5).collect();
        assert!(alike.len() > 700);
        let mut keys = Keys::with_seed(seed);
        for (number, key) in (0..).zip(&alike) {
            assert_eq!(keys.enter(*key), number);
        }
        let longest = alike.iter().map(|key| keys.slot(*key).1).max();
        assert!(longest < Some(LONG_RUN), "{longest:?}");
        assert_eq!(keys.keys(), alike);
        for (number, key) in (0..).zip(&alike) {
            assert_eq!(keys.enter(*key), number);
        }
    }
}
