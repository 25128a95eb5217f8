//! Texts that plans compare with, by number.

use crate::names::hash;
use crate::table::index;

/// The texts, found by hash: open addressing, at most half full.
#[derive(Debug, Default)]
pub struct Constants {
    list: Vec<Box<str>>,
    /// One more than the number; 0 is free.
    places: Vec<u32>,
}

impl Constants {
    /// How many there are.
    pub fn len(&self) -> u32 {
        index(self.list.len())
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        self.list.get(number as usize).map_or("", |text| text)
    }

    /// The number of a text.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.search(text).1
    }

    /// The number of a text, entered if it is new.
    pub fn enter(&mut self, text: &str) -> u32 {
        if self.places.len() <= self.list.len() * 2 {
            self.places = vec![0; (self.places.len() * 2).max(16)];
            for number in 0..self.len() {
                self.take(self.search(self.text(number)).0, number);
            }
        }
        let (place, found) = self.search(text);
        found.unwrap_or_else(|| {
            let number = self.len();
            self.list.push(text.into());
            self.take(place, number);
            number
        })
    }

    fn take(&mut self, place: usize, number: u32) {
        if let Some(free) = self.places.get_mut(place) {
            *free = number.saturating_add(1);
        }
    }

    /// Where a text is, or would be.
    fn search(&self, text: &str) -> (usize, Option<u32>) {
        let mask = self.places.len().wrapping_sub(1);
        let mut place = hash(text.as_bytes()) as usize & mask;
        while let Some(number) = self.places.get(place).and_then(|number| number.checked_sub(1)) {
            if self.text(number) == text {
                return (place, Some(number));
            }
            place = place.wrapping_add(1) & mask;
        }
        (place, None)
    }
}
