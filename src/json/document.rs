//! A JSON text as it was read: one flat list of its values in the order written. Texts stay where they stand in the input, so that
//! no value costs an allocation.

use std::cell::RefCell;

use crate::base::table::index;
use crate::base::text::push_whole;
use crate::json::pointer::Cursor;
use crate::value::Value;
use crate::value::host;
use crate::value::js::Js;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Map,
    /// What only JavaScript has; never of a JSON text.
    Js = 7,
}

impl Kind {
    /// For sentences.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Map => "an object",
            Self::Js => "a value that only JavaScript has",
        }
    }
}

/// One value, or the key of the value behind it. What is inside a list or an object follows it.
///
/// | kind | `start` | `size` |
/// |---|---|---|
/// | boolean | 0 or 1 | |
/// | number, text | its first byte | bytes |
/// | list, object | the node behind all that is inside | items, members |
/// | of JavaScript | the node behind all that belongs to it | see [`crate::value::js`] |
#[derive(Debug, Clone, Copy)]
pub struct Node {
    start: u32,
    /// Above the three bits of the kind.
    size: u32,
}

/// A text with escapes; what it says is in [`Document::unescaped`].
const UNESCAPED: u32 = 6;

impl Node {
    #[must_use]
    pub fn new(kind: Kind, start: usize, size: usize) -> Self {
        Self { start: index(start), size: index(size) << 3 | kind as u32 }
    }

    #[must_use]
    pub fn unescaped(start: usize, size: usize) -> Self {
        Self { start: index(start), size: index(size) << 3 | UNESCAPED }
    }

    /// The two words of a node.
    #[must_use]
    #[cfg_attr(not(feature = "host"), allow(dead_code, reason = "only the binding needs it"))]
    pub const fn from_words(start: u32, size: u32) -> Self {
        Self { start, size }
    }

    const fn kind(self) -> Kind {
        match self.size & 7 {
            0 => Kind::Null,
            1 => Kind::Bool,
            2 => Kind::Number,
            4 => Kind::List,
            5 => Kind::Map,
            7 => Kind::Js,
            _ => Kind::Text,
        }
    }

    /// The node behind all that is inside a list or an object.
    pub fn end(self) -> Option<usize> {
        matches!(self.kind(), Kind::List | Kind::Map | Kind::Js).then_some(self.start as usize)
    }

    /// Whether it is one that deepens what is inside.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub fn nests(self) -> bool {
        matches!(self.kind(), Kind::List | Kind::Map)
    }

    /// Bytes of a text, items of a list, members of an object.
    pub const fn len(self) -> u32 {
        self.size >> 3
    }
}

/// A whole text. Made by [`crate::json::read::read`], read through a [`Cursor`].
#[derive(Debug)]
pub struct Document<'t> {
    /// How the place of the whole is written.
    name: &'static str,
    text: &'t str,
    unescaped: String,
    nodes: Vec<Node>,
    seed: u64,
    /// The item last asked for in the list at each depth, so that the paths of many items cost one walk.
    walked: RefCell<Vec<Walked>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Walked {
    list: u32,
    item: u32,
    index: usize,
}

impl<'t> Document<'t> {
    pub fn new(text: &'t str, unescaped: String, nodes: Vec<Node>, seed: u64) -> Self {
        Self { name: "$", text, unescaped, nodes, seed, walked: RefCell::default() }
    }

    /// An object without members.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("", String::new(), vec![Node::new(Kind::Map, 1, 0)], 0)
    }

    /// The same, with another name than `$` for the place of the whole.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// A number that stands for the bytes, for the tables of what is in them.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The whole value.
    #[must_use]
    pub fn root(&self) -> Cursor<'_> {
        Cursor::new(self, 0)
    }

    fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or(Node { start: 0, size: 0 })
    }

    pub fn kind(&self, at: u32) -> Kind {
        self.node(at).kind()
    }

    /// How many items or members there are.
    pub fn count(&self, at: u32) -> usize {
        self.node(at).len() as usize
    }

    /// The node behind a value and all that is inside it.
    pub fn end(&self, at: u32) -> u32 {
        self.node(at).end().map_or(at.saturating_add(1), index)
    }

    pub fn text(&self, at: u32) -> &str {
        let node = self.node(at);
        text_of(node, self.text, &self.unescaped)
    }

    pub fn is_true(&self, at: u32) -> bool {
        self.node(at).start == 1
    }

    pub fn number(&self, at: u32) -> f64 {
        number(self.text(at))
    }

    /// The same as a tree of its own.
    pub fn value(&self, at: u32) -> Value {
        match self.kind(at) {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.is_true(at)),
            Kind::Number => Value::Number(self.number(at)),
            Kind::Text => Value::Text(self.text(at).into()),
            Kind::List => {
                let mut items = Vec::with_capacity(self.count(at));
                let mut item = at.saturating_add(1);
                while item < self.end(at) {
                    items.push(self.value(item));
                    item = self.end(item);
                }
                Value::List(items)
            }
            Kind::Map => {
                let mut members = Vec::with_capacity(self.count(at));
                let mut key = at.saturating_add(1);
                while key < self.end(at) {
                    let value = key.saturating_add(1);
                    members.push((self.text(key).into(), self.value(value)));
                    key = self.end(value);
                }
                Value::Map(members)
            }
            Kind::Js => {
                let mut part = at.saturating_add(1);
                let js = Js::from_parts(self.node(at).len(), &mut || {
                    let here = part;
                    let there = here < self.end(at);
                    part = self.end(here);
                    there.then(|| self.value(here))
                });
                Value::Js(js.into())
            }
        }
    }

    /// Whether two values are equal, members in the same order.
    pub fn same(&self, left: u32, right: u32) -> bool {
        let size = self.end(left).saturating_sub(left);
        size == self.end(right).saturating_sub(right)
            && (0..size).all(|step| {
                let (left, right) = (left.saturating_add(step), right.saturating_add(step));
                let kind = self.kind(left);
                kind == self.kind(right)
                    && match kind {
                        Kind::Null => true,
                        Kind::Bool => self.is_true(left) == self.is_true(right),
                        Kind::Number => self.number(left) == self.number(right),
                        Kind::Text => self.text(left) == self.text(right),
                        // In this order the counts say all of the shape.
                        Kind::List | Kind::Map | Kind::Js => self.count(left) == self.count(right),
                    }
            })
    }

    /// Where a value stands.
    pub fn path(&self, target: u32) -> String {
        let mut path = String::from(self.name);
        let mut walked = self.walked.borrow_mut();
        let (mut at, mut depth) = (0, 0);
        while at < target && target < self.end(at) {
            if walked.len() <= depth {
                walked.push(Walked::default());
            }
            let Some(last) = walked.get_mut(depth) else { break };
            at = match self.kind(at) {
                Kind::Map => self.member_above(at, target, &mut path),
                _ => self.item_above(at, target, last, &mut path),
            };
            depth += 1;
        }
        path
    }

    fn member_above(&self, map: u32, target: u32, path: &mut String) -> u32 {
        let mut key = map.saturating_add(1);
        loop {
            let value = key.saturating_add(1);
            let next = self.end(value);
            if target < next {
                push_key(path, self.text(key));
                return value;
            }
            key = next;
        }
    }

    fn item_above(&self, list: u32, target: u32, last: &mut Walked, path: &mut String) -> u32 {
        if last.list != list || last.item > target || last.item == 0 {
            *last = Walked { list, item: list.saturating_add(1), index: 0 };
        }
        while target >= self.end(last.item) {
            last.item = self.end(last.item);
            last.index += 1;
        }
        push_index(path, last.index);
        last.item
    }
}

/// The text that a node stands for, or a number as it is written.
pub fn text_of<'t>(node: Node, text: &'t str, unescaped: &'t str) -> &'t str {
    let start = node.start as usize;
    let from = if node.size & 7 == UNESCAPED { unescaped } else { text };
    from.get(start..start.saturating_add(node.len() as usize)).unwrap_or_default()
}

/// A number as it is written. So many digits fit exactly.
pub const EXACT_DIGITS: usize = 15;

/// A number as JSON writes it.
pub fn number(text: &str) -> f64 {
    let digits = text.strip_prefix("-").unwrap_or(text);
    if digits.len() > EXACT_DIGITS || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return host::parse_number(text);
    }
    let whole = digits.bytes().fold(0_i64, |whole, digit| whole * 10 + i64::from(digit & 15)) as f64;
    if digits.len() < text.len() { -whole } else { whole }
}

/// Appends `.key`, or `["key"]` where the key is no plain word; very long keys are cut.
pub fn push_key(path: &mut String, key: &str) {
    if !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'-') {
        path.push('.');
        path.extend(key.chars().take(64));
        return;
    }
    path.push_str("[\"");
    for c in key.chars().take(64) {
        match c {
            '"' | '\\' => path.extend(['\\', c]),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            '\0' => path.push_str("\\0"),
            _ if is_invisible(c) => {
                path.push_str("\\u{");
                push_hex(path, c as u32);
                path.push('}');
            }
            _ => path.push(c),
        }
    }
    path.push_str("\"]");
}

/// Controls, marks of direction and blanks without width: what would make a path look like another one.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn push_hex(text: &mut String, number: u32) {
    if number > 15 {
        push_hex(text, number >> 4);
    }
    text.extend(char::from_digit(number & 15, 16));
}

/// Appends `[index]`.
pub fn push_index(path: &mut String, index: usize) {
    path.push('[');
    push_whole(path, index as u64);
    path.push(']');
}
