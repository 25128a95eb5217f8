//! One map for everything that is numbered: ordered, so that nothing is random and no input makes it slow; of one type, so
//! that its code is there once.

use std::collections::BTreeMap;

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

/// Keys by number, in the order in which they come: open addressing, at most half full, under a seed that the content gives.
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
            self.grow();
        }
        let slot = self.slot(key);
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

    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = crate::names::hash_number(self.seed, key) as usize & mask;
        loop {
            match self.slots.get(slot).copied().unwrap_or(0).checked_sub(1) {
                Some(number) if self.keys.get(number as usize) != Some(&key) => slot = slot.wrapping_add(1) & mask,
                _ => return slot,
            }
        }
    }

    fn grow(&mut self) {
        self.slots.clear();
        self.slots.resize((self.keys.len() * 4).next_power_of_two().max(16), 0);
        for (number, key) in (1..).zip(&self.keys) {
            let slot = self.slot(*key);
            if let Some(free) = self.slots.get_mut(slot) {
                *free = number;
            }
        }
    }
}
