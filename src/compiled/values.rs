//! Values in the pool: a tag, then what belongs to it.

use super::Compiled;
use super::layout::Section;
use crate::base::names::Sym;
use crate::value::Value;
use crate::value::js::Js;

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
    /// A word of [`crate::value::js`], and the values that belong to it.
    pub const JS: u32 = 7;
}

/// As deep as a payload may be with an object of JavaScript around each level, and a little: a file from elsewhere might go on for ever.
const MAX_DEPTH: u32 = 160;
/// As many bytes of text as a payload may have: a file from elsewhere might say one long text again and again.
const MAX_TEXT: usize = 64 << 20;

/// Where a value is being read.
struct Place {
    at: u32,
    /// Bytes of text that may still be said.
    text: usize,
}

impl Compiled {
    /// The value at a place of the pool; null where there is none.
    pub fn value(&self, at: u32) -> Value {
        self.read_value(&mut Place { at, text: MAX_TEXT }, MAX_DEPTH)
    }

    fn read_value(&self, place: &mut Place, depth: u32) -> Value {
        match self.next(place) {
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::NUMBER => {
                let (low, high) = (self.next(place), self.next(place));
                Value::Number(f64::from_bits(u64::from(high) << 32 | u64::from(low)))
            }
            tag::TEXT => Value::Text(self.read_text(place)),
            tag::LIST if depth > 0 => {
                let mut items = Vec::new();
                for _ in 0..self.next(place) {
                    if self.is_behind(place) {
                        break;
                    }
                    items.push(self.read_value(place, depth - 1));
                }
                Value::List(items)
            }
            tag::MAP if depth > 0 => {
                let mut members = Vec::new();
                for _ in 0..self.next(place) {
                    if self.is_behind(place) {
                        break;
                    }
                    let key = self.read_text(place);
                    members.push((key, self.read_value(place, depth - 1)));
                }
                Value::Map(members)
            }
            tag::JS if depth > 0 => {
                let word = self.next(place);
                let js = Js::from_parts(word, &mut || (!self.is_behind(place)).then(|| self.read_value(place, depth - 1)));
                Value::Js(js.into())
            }
            _ => Value::Null,
        }
    }

    fn next(&self, place: &mut Place) -> u32 {
        let word = self.pool(place.at);
        place.at = place.at.saturating_add(1);
        word
    }

    /// Lists may say that they are longer than the pool, and each inside another.
    fn is_behind(&self, place: &Place) -> bool {
        place.at >= self.rows(Section::Pool)
    }

    fn read_text(&self, place: &mut Place) -> Box<str> {
        let text = self.text(Sym(self.next(place)));
        let Some(left) = place.text.checked_sub(text.len()) else { return Box::default() };
        place.text = left;
        text.into()
    }
}
