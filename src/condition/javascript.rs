//! JavaScript's comparison of values, where a server's decision hangs on it.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::value::Value;
use crate::value::host::{digits, number_to_text, text_to_number};
use crate::value::js::Js;

/// What came of a step; the sentence says why JavaScript would throw.
pub type Step<T> = Result<T, &'static str>;

const UNREADABLE: &str = "reading the record throws";
const NO_PRIMITIVE: &str = "an object that cannot be converted is compared";

/// What JavaScript reads there: nothing where it is `undefined`.
pub fn seen(value: Option<&Value>) -> Step<Option<&Value>> {
    match value {
        Some(Value::Js(js)) => match &**js {
            Js::Undefined | Js::Hole => Ok(None),
            Js::Throws => Err(UNREADABLE),
            Js::Inherited(inner) | Js::Lends(inner, _) => seen(Some(inner)),
            _ => Ok(value),
        },
        _ => Ok(value),
    }
}

/// `===` of plain data. Objects and lists are compared by identity there, and what comes from two texts is never identical.
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

/// `===` of what [`stands_for`] gives.
fn identical(left: Option<&Value>, right: Option<&Value>) -> bool {
    let (Some(a), Some(b)) = (left, right) else { return left.is_none() && right.is_none() };
    match (a.js(), b.js()) {
        (None, None) => strict_equal(left, b),
        (Some(Js::Object(a)), Some(Js::Object(b))) => a.identity > 0 && a.identity == b.identity,
        (Some(Js::Symbol(a)), Some(Js::Symbol(b))) => *a > 0 && a == b,
        (Some(Js::BigInt { digits: a, .. }), Some(Js::BigInt { digits: b, .. })) => a == b,
        _ => false,
    }
}

/// What ucast compares instead of a value: a date's milliseconds, the result of `toJSON()`.
fn stands_for(value: Option<&Value>) -> Step<Option<Cow<'_, Value>>> {
    let value = seen(value)?;
    Ok(match value.and_then(Value::js) {
        Some(Js::Date(time)) => Some(Cow::Owned(Value::Number(*time))),
        Some(Js::Object(object)) if object.json.is_some() => seen(object.json.as_ref())?.map(Cow::Borrowed),
        _ => value.map(Cow::Borrowed),
    })
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_))
}

/// Whether ucast's comparison says that both are the same. To say that they are not, it asks which of them is greater, and that
/// may throw.
pub fn equal(left: Option<&Value>, right: Option<&Value>) -> Step<bool> {
    match (left, right) {
        (Some(a), Some(b)) if is_scalar(a) && is_scalar(b) => Ok(strict_equal(left, b)),
        _ => Ok(compare(left, right)? == Ordering::Equal),
    }
}

/// ucast's comparison: whatever is neither identical nor greater is less, missing and incomparable values too (A7).
pub fn compare(left: Option<&Value>, right: Option<&Value>) -> Step<Ordering> {
    let (left, right) = (stands_for(left)?, stands_for(right)?);
    if identical(left.as_deref(), right.as_deref()) {
        return Ok(Ordering::Equal);
    }
    Ok(if greater(left.as_deref(), right.as_deref())? { Ordering::Greater } else { Ordering::Less })
}

/// `left > right`, coerced as JavaScript does.
fn greater(left: Option<&Value>, right: Option<&Value>) -> Step<bool> {
    let (left, right) = (primitive(left)?, primitive(right)?);
    Ok(match (&left, &right) {
        (Primitive::Text(a), Primitive::Text(b)) => compare_utf16(a, b) == Ordering::Greater,
        (Primitive::Symbol, _) | (_, Primitive::Symbol) => return Err("a symbol has no order"),
        (Primitive::BigInt(a, _), Primitive::BigInt(b, _)) => compare_digits(a, b) == Ordering::Greater,
        (Primitive::BigInt(a, _), Primitive::Text(b)) => digits(b).is_some_and(|b| compare_digits(a, &b) == Ordering::Greater),
        (Primitive::Text(a), Primitive::BigInt(b, _)) => digits(a).is_some_and(|a| compare_digits(&a, b) == Ordering::Greater),
        // The nearest double decides, unless it is just that one.
        (Primitive::BigInt(_, rest), other) if left.number() == other.number() => *rest > 0,
        (other, Primitive::BigInt(_, rest)) if right.number() == other.number() => *rest < 0,
        (a, b) => a.number() > b.number(),
    })
}

/// Order by UTF-16 code units, which differs from Unicode order above U+FFFF.
pub fn compare_utf16(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

enum Primitive {
    Text(String),
    Number(f64),
    /// In base ten, and on which side of the nearest double it lies.
    BigInt(String, i8),
    Symbol,
}

impl Primitive {
    fn number(&self) -> f64 {
        match self {
            Self::Text(text) | Self::BigInt(text, _) => text_to_number(text),
            Self::Number(number) => *number,
            Self::Symbol => f64::NAN,
        }
    }
}

fn primitive(value: Option<&Value>) -> Step<Primitive> {
    let value = seen(value)?;
    Ok(match value {
        None => Primitive::Number(f64::NAN),
        Some(Value::Null) => Primitive::Number(0.0),
        Some(Value::Bool(flag)) => Primitive::Number(f64::from(u8::from(*flag))),
        Some(Value::Number(number)) => Primitive::Number(*number),
        Some(value @ (Value::Text(_) | Value::List(_) | Value::Map(_))) => Primitive::Text(text_of(value)?),
        Some(Value::Js(js)) => match &**js {
            Js::BigInt { digits, rest } => Primitive::BigInt(String::from(&**digits), *rest),
            Js::Symbol(_) => Primitive::Symbol,
            // A date is converted to its text, but only within a list; as such its milliseconds stand for it.
            Js::Date(time) => Primitive::Number(*time),
            Js::Object(object) => return primitive(Some(object.primitive.as_ref().unwrap_or(&object.body))),
            _ => Primitive::Number(f64::NAN),
        },
    })
}

/// Whether plain data can be compared without a throw.
pub fn is_harmless(value: &Value) -> bool {
    primitive(Some(value)).is_ok()
}

/// `String(value)`.
pub fn text_of(value: &Value) -> Step<String> {
    Ok(match value {
        Value::Null => "null".into(),
        Value::Bool(flag) => (if *flag { "true" } else { "false" }).into(),
        Value::Number(number) => number_to_text(*number),
        Value::Text(text) => String::from(&**text),
        Value::List(items) => {
            let mut text = String::new();
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                if let Some(item) = seen(Some(item))?.filter(|item| !matches!(item, Value::Null)) {
                    text.push_str(&text_of(item)?);
                }
            }
            text
        }
        // Plain data is no function, so such a member is in the way of the conversion.
        Value::Map(_) if value.get("toString").is_some() => return Err(NO_PRIMITIVE),
        Value::Map(_) => "[object Object]".into(),
        Value::Js(_) => match primitive(Some(value))? {
            Primitive::Text(text) | Primitive::BigInt(text, _) => text,
            Primitive::Number(number) => number_to_text(number),
            Primitive::Symbol => return Err(NO_PRIMITIVE),
        },
    })
}

/// Orders two whole numbers in base ten, without needless zeros.
fn compare_digits(left: &str, right: &str) -> Ordering {
    fn size(digits: &str) -> (usize, &str) {
        (digits.len(), digits)
    }
    match (left.strip_prefix("-"), right.strip_prefix("-")) {
        (Some(left), Some(right)) => size(right).cmp(&size(left)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => size(left).cmp(&size(right)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ordered_as_in_javascript() {
        let all: serde_json::Value = serde_json::from_str(include_str!("../../tests/fixtures/javascript.json")).unwrap_or_default();
        let rows: Vec<(String, String, i8)> =
            all.get("orders").and_then(|rows| serde_json::from_value(rows.clone()).ok()).unwrap_or_default();
        assert!(rows.len() > 10, "the table is not empty");
        for (left, right, expected) in rows {
            assert_eq!(compare_utf16(&left, &right) as i8, expected, "{left:?} {right:?}");
        }
    }

    fn big(digits: &str, rest: i8) -> Value {
        Value::Js(Js::BigInt { digits: digits.into(), rest }.into())
    }

    #[test]
    fn bigints_are_ordered_exactly() {
        let above = |left: &Value, right: &Value| greater(Some(left), Some(right)).unwrap_or_default();
        let (one, huge) = (big("1", 0), big("9007199254740993", 1));
        assert!(above(&one, &Value::Number(0.5)) && !above(&one, &Value::Number(1.0)) && !above(&one, &Value::Number(f64::NAN)));
        assert!(above(&Value::Number(1.5), &one) && !above(&Value::Number(1.0), &one));
        assert!(above(&huge, &Value::Number(9_007_199_254_740_992.0)) && !above(&Value::Number(9_007_199_254_740_992.0), &huge));
        assert!(!above(&huge, &Value::Number(9_007_199_254_740_994.0)) && above(&huge, &one) && above(&one, &big("-20", 0)));
        assert!(above(&big("-3", 0), &big("-20", 0)));
        for (text, below) in [("", true), (" 0x0 ", true), ("-7", true), ("1", false), ("0.5", false), ("1e0", false), ("+0", true)] {
            assert_eq!(above(&one, &Value::Text(text.into())), below, "{text:?}");
        }
        assert_eq!(equal(Some(&one), Some(&Value::Number(1.0))), Ok(false));
        assert_eq!(equal(Some(&one), Some(&big("1", 0))), Ok(true));
    }
}
