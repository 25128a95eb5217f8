//! Rows and lists of words, as they are written.

use std::collections::BTreeMap;

use crate::base::names::{Names, Sym};
use crate::compiled::layout::NONE;
use crate::value::Value;

/// The words of one section.
pub type Words = Vec<u32>;

/// A name that may be none, as a word.
pub fn word(name: Option<Sym>) -> u32 {
    name.map_or(NONE, Sym::number)
}

/// Two words of a number.
pub fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

/// Lists and values; what is there already is not written again.
#[derive(Default)]
pub struct Pool {
    pub words: Words,
    known: BTreeMap<Words, u32>,
}

impl Pool {
    /// Where these words stand.
    pub fn put(&mut self, words: Words) -> u32 {
        if let Some(at) = self.known.get(&words) {
            return *at;
        }
        let at = crate::base::table::index(self.words.len());
        self.words.extend(&words);
        self.known.insert(words, at);
        at
    }

    /// Where a list stands: its length, then its words.
    pub fn list(&mut self, items: impl ExactSizeIterator<Item = u32>) -> u32 {
        let mut words = Vec::with_capacity(items.len() + 1);
        words.push(crate::base::table::index(items.len()));
        words.extend(items);
        self.put(words)
    }

    /// Where a value stands.
    pub fn value(&mut self, names: &mut Names, value: &Value) -> u32 {
        let mut words = Vec::new();
        write(&mut words, names, value);
        self.put(words)
    }
}

fn write(words: &mut Words, names: &mut Names, value: &Value) {
    use crate::compiled::tag;
    match value {
        Value::Null => words.push(tag::NULL),
        Value::Bool(false) => words.push(tag::FALSE),
        Value::Bool(true) => words.push(tag::TRUE),
        Value::Number(number) => {
            words.push(tag::NUMBER);
            words.extend(halves(number.to_bits()));
        }
        Value::Text(text) => words.extend([tag::TEXT, names.intern(text).number()]),
        Value::List(items) => {
            words.extend([tag::LIST, crate::base::table::index(items.len())]);
            items.iter().for_each(|item| write(words, names, item));
        }
        Value::Map(members) => {
            words.extend([tag::MAP, crate::base::table::index(members.len())]);
            for (key, member) in members {
                words.push(names.intern(key).number());
                write(words, names, member);
            }
        }
        Value::Js(js) => {
            let (word, parts) = js.parts();
            words.extend([tag::JS, word]);
            parts.iter().for_each(|part| write(words, names, part));
        }
    }
}
