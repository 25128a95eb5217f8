//! Questions as they cross from JavaScript: values with tags, read in one pass. No text is parsed.
//!
//! A value is a tag and what belongs to it: 0 null, 1 false, 2 true, 3 a double (8 bytes), 4 a text (its length, then UTF-8),
//! 5 a list (a count, then the items), 6 an object (a count, then key and value in turn, keys as texts without tag). Lengths and
//! counts are 4 bytes; everything is little-endian.

use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::value::Value;

/// Reads one value.
///
/// # Errors
/// `ERR_TOO_LARGE`, `ERR_TOO_DEEP`, `ERR_TOO_MANY`, `ERR_TEXT_NUL`, and `ERR_ARGUMENT` for what no encoder writes.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    if bytes.len() > limits.max_bytes {
        return Err(refuse(ErrorCode::TooLarge, "the question is longer than allowed"));
    }
    let mut reader = Reader { rest: bytes, left: limits.max_values };
    let value = reader.value(limits.max_depth)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(broken()) }
}

fn refuse(code: ErrorCode, message: &str) -> Error {
    Error::new(code, "$", message)
}

fn broken() -> Error {
    refuse(ErrorCode::Argument, "the question is not encoded as one")
}

struct Reader<'b> {
    rest: &'b [u8],
    left: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn count(&mut self) -> Result<usize, Error> {
        let four = self.take(4)?.first_chunk::<4>().ok_or_else(broken)?;
        Ok(u32::from_le_bytes(*four) as usize)
    }

    fn text(&mut self) -> Result<Box<str>, Error> {
        let length = self.count()?;
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| broken())?;
        if text.contains('\0') {
            return Err(refuse(ErrorCode::TextNul, "text holds the character U+0000"));
        }
        Ok(text.into())
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        self.left = self.left.checked_sub(1).ok_or_else(|| refuse(ErrorCode::TooMany, "more values than allowed"))?;
        let tag = self.take(1)?.first().copied();
        match tag {
            Some(0) => Ok(Value::Null),
            Some(1) => Ok(Value::Bool(false)),
            Some(2) => Ok(Value::Bool(true)),
            Some(3) => Ok(Value::Number(f64::from_le_bytes(*self.take(8)?.first_chunk::<8>().ok_or_else(broken)?))),
            Some(4) => self.text().map(Value::Text),
            Some(tag @ (5 | 6)) => {
                let deeper = depth.checked_sub(1).ok_or_else(|| refuse(ErrorCode::TooDeep, "nested deeper than allowed"))?;
                // Each item takes a byte at the least.
                let count = self.count()?.min(self.rest.len().saturating_add(1));
                let mut items = Vec::new();
                let mut members = Vec::new();
                for _ in 0..count {
                    if tag == 5 {
                        items.push(self.value(deeper)?);
                    } else {
                        let key = self.text()?;
                        members.push((key, self.value(deeper)?));
                    }
                }
                Ok(if tag == 5 { Value::List(items) } else { Value::Map(members) })
            }
            _ => Err(broken()),
        }
    }
}
