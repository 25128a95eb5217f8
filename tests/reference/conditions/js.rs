//! JavaScript values as far as JSON can make them: truthiness, key order, property access, comparison, numbers as text.

use super::{Res, THROW};
use serde_json::{Map, Value};

/// JavaScript's truthiness of what a JSON member holds.
pub fn truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) | Some(Value::Bool(false)) => false,
        Some(Value::String(s)) => !s.is_empty(),
        Some(Value::Number(n)) => n.as_f64() != Some(0.0),
        Some(_) => true,
    }
}

/// `Object.keys` with the values: integer-like keys come first, in ascending order.
pub(super) fn entries(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(map) => {
            let mut numbered: Vec<(u32, String, Value)> = Vec::new();
            let mut rest = Vec::new();
            for (key, item) in map {
                match index(key) {
                    Some(n) => numbered.push((n, key.clone(), item.clone())),
                    None => rest.push((key.clone(), item.clone())),
                }
            }
            numbered.sort_by_key(|n| n.0);
            numbered.into_iter().map(|(_, key, item)| (key, item)).chain(rest).collect()
        }
        Value::Array(list) => list.iter().enumerate().map(|(at, item)| (at.to_string(), item.clone())).collect(),
        Value::String(text) => {
            let units: Vec<u16> = text.encode_utf16().collect();
            units.iter().enumerate().map(|(at, unit)| (at.to_string(), Value::String(String::from_utf16_lossy(&[*unit])))).collect()
        }
        _ => Vec::new(), // Object.keys of a number or a boolean
    }
}

fn index(key: &str) -> Option<u32> {
    let n: u32 = key.parse().ok()?;
    (n.to_string() == key && n != u32::MAX).then_some(n)
}

#[derive(Clone, Debug)]
pub(super) enum Js {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Js>),
    Object(Map<String, Value>),
}

impl From<&Value> for Js {
    fn from(value: &Value) -> Js {
        match value {
            Value::Null => Js::Null,
            Value::Bool(b) => Js::Bool(*b),
            Value::Number(n) => Js::Number(n.as_f64().unwrap_or(f64::NAN)),
            Value::String(s) => Js::Text(s.clone()),
            Value::Array(list) => Js::List(list.iter().map(Js::from).collect()),
            Value::Object(map) => Js::Object(map.clone()),
        }
    }
}

impl Js {
    pub(super) fn nullish(&self) -> bool {
        matches!(self, Js::Undefined | Js::Null)
    }

    pub(super) fn truthy(&self) -> bool {
        match self {
            Js::Undefined | Js::Null | Js::Bool(false) => false,
            Js::Number(n) => *n != 0.0 && !n.is_nan(),
            Js::Text(s) => !s.is_empty(),
            _ => true,
        }
    }

    /// `typeof x === "object" && x`
    pub(super) fn object(&self) -> bool {
        matches!(self, Js::List(_) | Js::Object(_))
    }

    /// `x[key]`; throws on null and undefined. What is only inherited counts as undefined.
    pub(super) fn get(&self, key: &str) -> Res<Js> {
        match self {
            Js::Undefined | Js::Null => Err(THROW),
            Js::Object(map) => Ok(map.get(key).map_or(Js::Undefined, Js::from)),
            Js::List(list) if key == "length" => Ok(Js::Number(list.len() as f64)),
            Js::List(list) => Ok(index(key).and_then(|n| list.get(n as usize)).cloned().unwrap_or(Js::Undefined)),
            Js::Text(text) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                if key == "length" {
                    return Ok(Js::Number(units.len() as f64));
                }
                let unit = index(key).and_then(|n| units.get(n as usize).copied());
                Ok(unit.map_or(Js::Undefined, |u| Js::Text(String::from_utf16_lossy(&[u]))))
            }
            _ => Ok(Js::Undefined),
        }
    }

    pub(super) fn has_own(&self, key: &str) -> bool {
        match self {
            Js::Object(map) => map.contains_key(key),
            Js::List(_) | Js::Text(_) => self.get(key).is_ok_and(|v| !matches!(v, Js::Undefined)),
            _ => false,
        }
    }

    /// The primitive that a comparison with `<` or `>` sees.
    fn primitive(&self) -> Res<Js> {
        match self {
            Js::List(_) => Ok(Js::Text(self.joined()?)),
            Js::Object(map) if map.contains_key("toString") => Err(THROW), // cannot convert object to primitive
            Js::Object(_) => Ok(Js::Text("[object Object]".into())),
            other => Ok(other.clone()),
        }
    }

    fn joined(&self) -> Res<String> {
        match self {
            Js::Undefined | Js::Null => Ok(String::new()),
            Js::Bool(b) => Ok(b.to_string()),
            Js::Number(n) => Ok(number_text(*n)),
            Js::Text(s) => Ok(s.clone()),
            Js::List(list) => Ok(list.iter().map(Js::joined).collect::<Res<Vec<_>>>()?.join(",")),
            Js::Object(map) if map.contains_key("toString") => Err(THROW),
            Js::Object(_) => Ok("[object Object]".into()),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Js::Undefined => f64::NAN,
            Js::Null => 0.0,
            Js::Bool(b) => f64::from(u8::from(*b)),
            Js::Number(n) => *n,
            Js::Text(s) => text_number(s),
            _ => f64::NAN, // primitives only reach this
        }
    }
}

/// `a === b`: objects and lists are compared by identity, and nothing of a record is identical to a part of a rule.
fn identical(a: &Js, b: &Js) -> bool {
    match (a, b) {
        (Js::Undefined, Js::Undefined) | (Js::Null, Js::Null) => true,
        (Js::Bool(a), Js::Bool(b)) => a == b,
        (Js::Number(a), Js::Number(b)) => a == b,
        (Js::Text(a), Js::Text(b)) => a == b,
        _ => false,
    }
}

/// `a === b ? 0 : a > b ? 1 : -1`
pub(super) fn compare(a: &Js, b: &Js) -> Res<i8> {
    if identical(a, b) {
        return Ok(0);
    }
    let (a, b) = (a.primitive()?, b.primitive()?);
    let greater = match (&a, &b) {
        (Js::Text(a), Js::Text(b)) => a.encode_utf16().cmp(b.encode_utf16()).is_gt(),
        _ => a.number() > b.number(),
    };
    Ok(if greater { 1 } else { -1 })
}

fn is_js_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

pub fn js_trim(text: &str) -> &str {
    text.trim_matches(is_js_space)
}

/// JavaScript's `Number(text)`.
pub(super) fn text_number(text: &str) -> f64 {
    let text = js_trim(text);
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
                return f64::NAN;
            }
            return digits.chars().fold(0.0, |n, c| n * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0)));
        }
    }
    let (sign, unsigned) = match text.as_bytes()[0] {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if unsigned == "Infinity" {
        return sign * f64::INFINITY;
    }
    let well_formed = {
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let exponent = exponent.is_none_or(|e| {
            let e = e.strip_prefix(['+', '-']).unwrap_or(e);
            !e.is_empty() && digits(e)
        });
        digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty()) && exponent
    };
    if well_formed { sign * unsigned.parse::<f64>().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// JavaScript's `String(number)`.
fn number_text(n: f64) -> String {
    if n.is_nan() {
        return "NaN".into();
    }
    if n == 0.0 {
        return "0".into();
    }
    if n < 0.0 {
        return format!("-{}", number_text(-n));
    }
    if n.is_infinite() {
        return "Infinity".into();
    }
    let shortest = format!("{n:e}");
    let (mantissa, exponent) = shortest.split_once('e').expect("the form has an exponent");
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let exponent: i32 = exponent.parse().expect("the exponent is a number");
    let point = exponent + 1; // digits in front of the point
    let count = digits.len() as i32;
    if count <= point && point <= 21 {
        return format!("{digits}{}", "0".repeat((point - count) as usize));
    }
    if 0 < point && point <= 21 {
        return format!("{}.{}", &digits[..point as usize], &digits[point as usize..]);
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", "0".repeat(-point as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    if count == 1 {
        format!("{digits}e{sign}{}", exponent.abs())
    } else {
        format!("{}.{}e{sign}{}", &digits[..1], &digits[1..], exponent.abs())
    }
}
