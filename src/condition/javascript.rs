//! JavaScript's comparison of plain data, where a server's decision hangs on it.

use std::cmp::Ordering;

use crate::host::{number_to_text, text_to_number};
use crate::value::Value;

/// `===`. Objects and lists are compared by identity there, and what comes from two texts is never identical.
#[inline(never)]
pub fn strict_equal(left: Option<&Value>, right: &Value) -> bool {
    match (left, right) {
        (Some(Value::Null), Value::Null) => true,
        (Some(Value::Bool(a)), Value::Bool(b)) => a == b,
        (Some(Value::Number(a)), Value::Number(b)) => a == b,
        (Some(Value::Text(a)), Value::Text(b)) => a == b,
        _ => false,
    }
}

/// `left > right`, coerced as JavaScript does.
pub fn greater(left: Option<&Value>, right: &Value) -> bool {
    match (primitive(left), primitive(Some(right))) {
        (Primitive::Text(a), Primitive::Text(b)) => compare_utf16(&a, &b) == Ordering::Greater,
        (a, b) => a.number() > b.number(),
    }
}

/// Order by UTF-16 code units, which differs from Unicode order above U+FFFF.
pub fn compare_utf16(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

enum Primitive {
    Text(String),
    Number(f64),
}

impl Primitive {
    fn number(&self) -> f64 {
        match self {
            Self::Text(text) => text_to_number(text),
            Self::Number(number) => *number,
        }
    }
}

fn primitive(value: Option<&Value>) -> Primitive {
    match value {
        None => Primitive::Number(f64::NAN),
        Some(Value::Null) => Primitive::Number(0.0),
        Some(Value::Bool(flag)) => Primitive::Number(f64::from(u8::from(*flag))),
        Some(Value::Number(number)) => Primitive::Number(*number),
        Some(value @ (Value::Text(_) | Value::List(_) | Value::Map(_))) => Primitive::Text(text_of(value)),
    }
}

/// `String(value)`.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => (if *flag { "true" } else { "false" }).into(),
        Value::Number(number) => number_to_text(*number),
        Value::Text(text) => text.to_string(),
        Value::List(items) => {
            let mut text = String::new();
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                if !matches!(item, Value::Null) {
                    text.push_str(&text_of(item));
                }
            }
            text
        }
        Value::Map(_) => "[object Object]".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ordered_by_utf16_units() {
        assert_eq!(compare_utf16("\u{10000}", "\u{ff61}"), Ordering::Less);
    }
}
