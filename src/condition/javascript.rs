//! JavaScript's comparison of plain data, where a server's decision hangs on it.

use std::cmp::Ordering;

use crate::value::Value;

/// `===`. Objects and lists are compared by identity there, and what comes from two texts is never identical.
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
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number_to_text(*number),
        Value::Text(text) => text.to_string(),
        Value::List(items) => {
            let parts: Vec<String> =
                items.iter().map(|item| if matches!(item, Value::Null) { String::new() } else { text_of(item) }).collect();
            parts.join(",")
        }
        Value::Map(_) => "[object Object]".into(),
    }
}

/// StringToNumber of ECMAScript: blanks around, hexadecimal, octal and binary, `Infinity`, and nothing else that Rust would take.
pub fn text_to_number(text: &str) -> f64 {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() && c != '\u{85}' || c == '\u{feff}');
    if trimmed.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = trimmed.strip_prefix(prefix) {
            return radix_number(digits, radix);
        }
    }
    match trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed) {
        "Infinity" if trimmed.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        unsigned if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => trimmed.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

fn radix_number(digits: &str, radix: u32) -> f64 {
    let value = digits.chars().try_fold(0.0, |sum, c| c.to_digit(radix).map(|d| sum * f64::from(radix) + f64::from(d)));
    if digits.is_empty() { f64::NAN } else { value.unwrap_or(f64::NAN) }
}

/// Number::toString of ECMAScript in base ten.
fn number_to_text(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .into();
    }
    // Rust prints the same shortest digits, but changes to exponents elsewhere.
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let body = if (-6..21).contains(&exponent) {
        format!("{}", number.abs())
    } else {
        format!("{mantissa}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    };
    if number < 0.0 { format!("-{body}") } else { body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for (text, number) in
            [("", 0.0), (" 3 ", 3.0), ("0x10", 16.0), ("1e1", 10.0), (".5", 0.5), ("5.", 5.0), ("-Infinity", f64::NEG_INFINITY)]
        {
            assert_eq!(text_to_number(text), number, "{text:?}");
        }
        for text in ["inf", "nan", "infinity", "1_000", "0x", "+0x10", "abc", "1 2", "--1"] {
            assert!(text_to_number(text).is_nan(), "{text:?}");
        }
    }

    #[test]
    fn numbers_become_text_as_in_javascript() {
        for (number, text) in [
            (1e21, "1e+21"),
            (123_456_789.0, "123456789"),
            (1e-7, "1e-7"),
            (0.000_001, "0.000001"),
            (-1.5, "-1.5"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(number_to_text(number), text);
        }
    }

    #[test]
    fn text_is_ordered_by_utf16_units() {
        assert_eq!(compare_utf16("\u{10000}", "\u{ff61}"), Ordering::Less);
    }
}
