//! Bytes to data: RFC 8259 to the letter, read once, with duplicate keys refused and size, depth and count bounded. Knows no system.

use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::base::names::{Names, seed};
use crate::base::text::push_whole;
use crate::json::document::{self, Document, EXACT_DIGITS, Kind, Node, push_index, push_key, text_of};
use crate::value::Value;

#[cfg(test)]
mod tests;

/// The largest magnitude that a double holds exactly with all its neighbours.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// What positions in a document can count, whatever the limits say.
const MAX_BYTES: usize = (1 << 29) - 1;

/// What those who walk a document can descend, whatever the limits say.
const MAX_DEPTH: usize = 128;

/// Objects with more members are searched for duplicate keys by a table.
const FEW: usize = 16;

/// How numbers outside ±(2^53 − 1) are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Refused: in a snapshot they would mean different things to different readers.
    Safe,
    /// Read as the nearest double: a record may hold any measurement.
    Any,
}

/// Refuses a text by its length alone.
///
/// # Errors
/// `ERR_TOO_LARGE`.
pub fn admit(bytes: usize, limits: &Limits) -> Result<(), Error> {
    let most = limits.max_bytes.min(MAX_BYTES);
    if bytes <= most {
        return Ok(());
    }
    Err(Error::new(ErrorCode::TooLarge, "$", sentence("", bytes, " bytes are more than the ", most, " allowed")))
}

/// Reads one JSON text.
///
/// # Errors
/// `ERR_TOO_LARGE`, `ERR_JSON`, `ERR_TOO_DEEP`, `ERR_TOO_MANY`, `ERR_KEY_DUPLICATE`, `ERR_NUMBER_RANGE`, `ERR_TEXT_NUL`.
pub fn read<'t>(bytes: &'t [u8], limits: &Limits, numbers: Numbers) -> Result<Document<'t>, Error> {
    admit(bytes.len(), limits)?;
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        // What is before it may be wrong too, and then comes first.
        Err(error) => bytes.get(..error.valid_up_to()).and_then(|valid| str::from_utf8(valid).ok()).unwrap_or_default(),
    };
    let mut reader = Reader {
        bytes,
        text,
        at: 0,
        limits,
        numbers,
        seed: seed(bytes),
        values: 0,
        // About as many as there are in a text without blanks.
        nodes: Vec::with_capacity(bytes.len() / 6),
        unescaped: String::new(),
        open: Vec::new(),
    };
    match reader.document() {
        Ok(()) => Ok(Document::new(text, reader.unescaped, reader.nodes, reader.seed)),
        Err(refusal) => Err(reader.error(refusal)),
    }
}

/// The same as a tree.
///
/// # Errors
/// As [`read`].
pub fn parse(bytes: &[u8], limits: &Limits, numbers: Numbers) -> Result<Value, Error> {
    read(bytes, limits, numbers).map(|document| document.root().to_value())
}

fn sentence(first: &str, number: usize, then: &str, most: usize, last: &str) -> String {
    let mut text = String::from(first);
    if !then.is_empty() {
        push_whole(&mut text, number as u64);
        text.push_str(then);
    }
    push_whole(&mut text, most as u64);
    text.push_str(last);
    text
}

/// What is wrong, with the reader standing where it is.
#[derive(Debug, Clone, Copy)]
enum Refusal {
    TooMany,
    TooDeep,
    KeyDuplicate,
    NumberRange,
    TextNul,
    Item,
    Value,
    Key,
    Colon,
    ListGoesOn,
    MapGoesOn,
    Behind,
    Ends,
    Control,
    Escape,
    Hexadecimal,
    Surrogate,
    Utf8,
    Digit,
    Zero,
    Infinite,
}

impl Refusal {
    const fn words(self) -> (ErrorCode, &'static str) {
        let cause = match self {
            Self::TooMany => return (ErrorCode::TooMany, "more than the "),
            Self::TooDeep => return (ErrorCode::TooDeep, "nested deeper than the "),
            Self::KeyDuplicate => return (ErrorCode::KeyDuplicate, "the key is written twice in one object"),
            Self::NumberRange => return (ErrorCode::NumberRange, "the number is beyond 2^53 and could not be held exactly"),
            Self::TextNul => return (ErrorCode::TextNul, "text holds the character U+0000"),
            Self::Item => "an item of the list is expected",
            Self::Value => "a value is expected",
            Self::Key => "a key in quotation marks is expected",
            Self::Colon => "`:` is expected",
            Self::ListGoesOn => "`,` or `]` is expected",
            Self::MapGoesOn => "`,` or `}` is expected",
            Self::Behind => "there is text behind the end",
            Self::Ends => "the end is within a text",
            Self::Control => "a control character stands in a text",
            Self::Escape => "no such escape",
            Self::Hexadecimal => "four hexadecimal digits are expected",
            Self::Surrogate => "half of a surrogate pair",
            Self::Utf8 => "the text is not UTF-8",
            Self::Digit => "a digit is expected",
            Self::Zero => "a number begins with a needless zero",
            Self::Infinite => "the number is out of range",
        };
        (ErrorCode::Json, cause)
    }
}

type Read<T> = Result<T, Refusal>;

/// A list or an object whose end has not come yet.
struct Open {
    is_map: bool,
    /// Items or members that are complete.
    count: usize,
    /// The key whose value is being read.
    key: Option<usize>,
}

struct Reader<'t, 'l> {
    bytes: &'t [u8],
    /// As far as it is UTF-8.
    text: &'t str,
    at: usize,
    limits: &'l Limits,
    numbers: Numbers,
    seed: u64,
    values: usize,
    nodes: Vec<Node>,
    unescaped: String,
    open: Vec<Open>,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Read<()> {
        self.value()?;
        self.blanks();
        if self.at < self.bytes.len() { Err(Refusal::Behind) } else { Ok(()) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Takes the byte if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Calls itself for what is inside, [`MAX_DEPTH`] times at most. That is better here than one long loop: a WebAssembly engine
    /// optimises a function while it runs and takes the better one at the next call.
    fn value(&mut self) -> Read<()> {
        self.values += 1;
        if self.values > self.limits.max_values {
            return Err(Refusal::TooMany);
        }
        self.blanks();
        match self.peek() {
            Some(b'"') => self.text_node()?,
            Some(b'{') => self.inside(Kind::Map),
            Some(b'[') => self.inside(Kind::List),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::Bool, 1),
            Some(b'f') => self.word("false", Kind::Bool, 0),
            Some(b'n') => self.word("null", Kind::Null, 0),
            _ => Err(Refusal::Value),
        }
    }

    /// A list or an object. On failure it stays open, for the path.
    fn inside(&mut self, kind: Kind) -> Read<()> {
        if self.open.len() >= self.limits.max_depth.min(MAX_DEPTH) {
            return Err(Refusal::TooDeep);
        }
        self.at += 1;
        let is_map = kind == Kind::Map;
        let (place, mut count) = (self.nodes.len(), 0);
        self.open.push(Open { is_map, count, key: None });
        self.nodes.push(Node::new(kind, 0, 0));
        loop {
            self.blanks();
            if self.takes(if is_map { b'}' } else { b']' }) {
                break;
            }
            if count > 0 {
                if !self.takes(b',') {
                    return Err(if is_map { Refusal::MapGoesOn } else { Refusal::ListGoesOn });
                }
                self.blanks();
            }
            if is_map {
                self.key()?;
            } else if self.peek().is_none_or(|byte| byte == b']') {
                return Err(Refusal::Item);
            }
            self.value()?;
            count += 1;
            if let Some(open) = self.open.last_mut() {
                open.count = count;
                open.key = None;
            }
        }
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(place) {
            *node = Node::new(kind, end, count);
        }
        if is_map && count > 1 {
            let duplicate = if count > FEW { self.duplicate_of_many(place) } else { self.duplicate_of_few(place) };
            if let (Some(open), Some(_)) = (self.open.last_mut(), duplicate) {
                open.key = duplicate;
                return Err(Refusal::KeyDuplicate);
            }
        }
        self.open.pop();
        Ok(())
    }

    fn text_at(&self, node: usize) -> &str {
        self.nodes.get(node).map_or("", |node| text_of(*node, self.text, &self.unescaped))
    }

    /// The key behind another one and its value.
    fn key_after(&self, key: usize) -> usize {
        let value = key + 1;
        self.nodes.get(value).and_then(|node| node.end()).unwrap_or(value + 1)
    }

    /// Of the keys that are written twice, the first in byte order; here among at most [`FEW`].
    fn duplicate_of_few(&self, map: usize) -> Option<usize> {
        let mut duplicate: Option<usize> = None;
        let mut key = self.key_after(map + 1);
        while let Some(node) = self.nodes.get(key) {
            let mut before = map + 1;
            while before < key {
                let alike = self.nodes.get(before).is_some_and(|other| other.len() == node.len());
                if alike && self.text_at(before) == self.text_at(key) {
                    duplicate = duplicate.filter(|least| self.text_at(*least) < self.text_at(key)).or(Some(key));
                }
                before = self.key_after(before);
            }
            key = self.key_after(key);
        }
        duplicate
    }

    fn duplicate_of_many(&self, map: usize) -> Option<usize> {
        let mut seen = Names::with_seed(self.seed);
        let mut duplicate: Option<usize> = None;
        let mut key = map + 1;
        while key < self.nodes.len() {
            let text = self.text_at(key);
            let known = seen.len();
            if (seen.intern(text).number() as usize) < known && duplicate.is_none_or(|least| text < self.text_at(least)) {
                duplicate = Some(key);
            }
            key = self.key_after(key);
        }
        duplicate
    }

    fn key(&mut self) -> Read<()> {
        if self.peek() != Some(b'"') {
            return Err(Refusal::Key);
        }
        let key = self.nodes.len();
        let nul = self.text_node()?;
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key);
        }
        nul?;
        self.blanks();
        if self.takes(b':') { Ok(()) } else { Err(Refusal::Colon) }
    }

    /// Reads a text. What the text itself may not hold is the inner refusal: it counts after what is wrong with the writing.
    fn text_node(&mut self) -> Read<Read<()>> {
        self.at += 1;
        let start = self.at;
        self.plain();
        let Some(plain) = self.text.get(start..self.at) else { return Err(Refusal::Utf8) };
        if self.takes(b'"') {
            self.nodes.push(Node::new(Kind::Text, start, plain.len()));
            return Ok(Ok(()));
        }
        self.unescape(start)
    }

    /// Goes on to the end of the text, an escape or what may not stand in a text.
    fn plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| *byte < b' ' || *byte == b'"' || *byte == b'\\').unwrap_or(rest.len());
    }

    fn unescape(&mut self, mut start: usize) -> Read<Read<()>> {
        let begin = self.unescaped.len();
        let mut nul = Ok(());
        loop {
            let Some(plain) = self.text.get(start..self.at) else { return Err(Refusal::Utf8) };
            self.unescaped.push_str(plain);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {}
                Some(_) => return Err(Refusal::Control),
                None => return Err(Refusal::Ends),
            }
            self.at += 1;
            let c = self.escape()?;
            if c == '\0' {
                nul = Err(Refusal::TextNul);
            }
            self.unescaped.push(c);
            start = self.at;
            self.plain();
        }
        self.at += 1;
        self.nodes.push(Node::unescaped(begin, self.unescaped.len() - begin));
        Ok(nul)
    }

    fn escape(&mut self) -> Read<char> {
        let Some(letter) = self.peek() else { return Err(Refusal::Ends) };
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                let pair = unit & 0xFC00 == 0xD800 && self.takes(b'\\') && self.takes(b'u');
                // Only a high half makes a pair, and only with a low one: any other surrogate is no character.
                let low = if pair { self.unit()?.wrapping_sub(0xDC00) } else { 0 };
                let code = if pair && low < 0x400 { 0x10000 + (unit - 0xD800) * 0x400 + low } else { unit };
                match char::from_u32(code) {
                    Some(c) => c,
                    None => return Err(Refusal::Surrogate),
                }
            }
            _ => return Err(Refusal::Escape),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Read<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(Refusal::Hexadecimal);
            };
            unit = unit << 4 | digit;
            self.at += 1;
        }
        Ok(unit)
    }

    fn word(&mut self, word: &str, kind: Kind, bit: usize) -> Read<()> {
        if self.bytes.get(self.at..).is_none_or(|rest| !rest.starts_with(word.as_bytes())) {
            return Err(Refusal::Value);
        }
        self.at += word.len();
        self.nodes.push(Node::new(kind, bit, 0));
        Ok(())
    }

    fn number(&mut self) -> Read<()> {
        let start = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        } else if let Some(b'0'..=b'9') = self.peek() {
            return Err(Refusal::Zero);
        }
        let mut exact = self.at - start <= EXACT_DIGITS;
        if self.takes(b'.') {
            exact = false;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            exact = false;
            self.at += 1;
            if !self.takes(b'+') {
                self.takes(b'-');
            }
            self.digits()?;
        }
        if !exact {
            let number = document::number(self.text.get(start..self.at).unwrap_or_default());
            if !number.is_finite() {
                return Err(Refusal::Infinite);
            }
            if self.numbers == Numbers::Safe && number.abs() > MAX_SAFE {
                return Err(Refusal::NumberRange);
            }
        }
        self.nodes.push(Node::new(Kind::Number, start, self.at - start));
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(Refusal::Digit) } else { Ok(()) }
    }

    fn error(&self, refusal: Refusal) -> Error {
        let (code, cause) = refusal.words();
        let mut path = String::from("$");
        for open in &self.open {
            match open.key {
                Some(key) => push_key(&mut path, self.text_at(key)),
                None if open.is_map => {}
                None => push_index(&mut path, open.count),
            }
        }
        let most = self.limits.max_depth.min(MAX_DEPTH);
        let message = match code {
            ErrorCode::TooMany => sentence(cause, 0, "", self.limits.max_values, " values allowed"),
            ErrorCode::TooDeep => sentence(cause, 0, "", most, " levels allowed"),
            ErrorCode::Json => {
                let before = self.bytes.get(..self.at).unwrap_or_default();
                let line = before.split(|byte| *byte == b'\n');
                let (lines, last) = line.fold((0, &[][..]), |(lines, _), line| (lines + 1, line));
                // Bytes that go on with a character are no columns of their own.
                let column = 1 + last.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
                let first = ["not valid JSON: ", cause, " (line "].concat();
                sentence(&first, lines, ", column ", column, ")")
            }
            _ => cause.into(),
        };
        Error::new(code, path, message)
    }
}

impl Value {
    /// Reads it from JSON text, within [`crate::Limits::QUESTION`].
    ///
    /// # Errors
    /// The codes of a text that is no JSON or too large.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        parse(text.as_bytes(), &Limits::QUESTION, Numbers::Any)
    }
}
