//! Values in the pool: a tag, then what belongs to it.

use super::Compiled;
use super::layout::Section;
use crate::names::Sym;
use crate::value::Value;

/// Tags.
pub mod tag {
    pub const NULL: u32 = 0;
    pub const FALSE: u32 = 1;
    pub const TRUE: u32 = 2;
    /// Two words of the double.
    pub const NUMBER: u32 = 3;
    /// A name.
    pub const TEXT: u32 = 4;
    /// A count and the items.
    pub const LIST: u32 = 5;
    /// A count and the members: name, value.
    pub const MAP: u32 = 6;
}

/// As deep as a payload may be, and a little: a file from elsewhere might go on for ever.
const MAX_DEPTH: u32 = 80;

impl Compiled {
    /// The value at a place of the pool; null where there is none.
    pub fn value(&self, at: u32) -> Value {
        let mut at = at;
        self.read_value(&mut at, MAX_DEPTH)
    }

    fn read_value(&self, at: &mut u32, depth: u32) -> Value {
        let mut next = || {
            let word = self.pool(*at);
            *at = at.saturating_add(1);
            word
        };
        match next() {
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::NUMBER => {
                let (low, high) = (next(), next());
                Value::Number(f64::from_bits(u64::from(high) << 32 | u64::from(low)))
            }
            tag::TEXT => Value::Text(self.text(Sym(next())).into()),
            tag @ (tag::LIST | tag::MAP) if depth > 0 => {
                // Each item takes a word at the least.
                let count = next().min(self.rows(Section::Pool).saturating_sub(*at));
                if tag == tag::LIST {
                    return Value::List((0..count).map(|_| self.read_value(at, depth - 1)).collect());
                }
                let mut members = Vec::new();
                for _ in 0..count {
                    let key = self.text(Sym(self.pool(*at))).into();
                    *at = at.saturating_add(1);
                    members.push((key, self.read_value(at, depth - 1)));
                }
                Value::Map(members)
            }
            _ => Value::Null,
        }
    }
}
