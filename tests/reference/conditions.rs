//! Conditions as CASL reads them (ucast), on JSON: rules A6, A7, A8, A22, A25 for `open-archiver` (CASL 6.7.3 with
//! `@ucast/js` 3.0.4) and section 1.7 of the CASL semantics for `casl` (7.0.1 with `@ucast/js` 4.0.1).
//!
//! A record's attribute that is not there is `Js::Undefined`, apart from `null`. A throw of the original is `Err`.
//! There is no regex engine here: `$regex` with a text operand is `Err(Fault::Unsupported)`.

use serde_json::{Map, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// CASL 6.7.3 with the ucast that Open Archiver pins.
    OpenArchiver,
    /// CASL 7.0.1.
    Casl7,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    Invalid,
    Unsupported,
}

type Res<T> = Result<T, Fault>;
const THROW: Fault = Fault::Invalid;

const ITSELF: &str = "__itself__";
const OPERATORS: [&str; 14] =
    ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$regex", "$options", "$elemMatch", "$exists"];
/// Names that every JavaScript object inherits: as a key of a query they hit the prototype of the operator table.
const INHERITED: [&str; 12] = [
    "constructor",
    "toString",
    "toLocaleString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "__proto__",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

/// One compiled field condition; a query is a list of them, all of which must hold.
pub struct Cond {
    op: String,
    field: String,
    value: Value,
    inner: Vec<Cond>,
}

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
fn entries(value: &Value) -> Vec<(String, Value)> {
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

/// `value && value.constructor === Object`
fn plain(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.contains_key("constructor"))
}

fn has_operators(value: &Value) -> bool {
    plain(value) && value.as_object().is_some_and(|map| map.keys().any(|key| OPERATORS.contains(&key.as_str())))
}

/// The query as its list of conditions; `Err` where the original throws while compiling (A22).
pub fn compile(query: &Value) -> Res<Vec<Cond>> {
    let mut all = Vec::new();
    for (key, value) in entries(query) {
        // No operator known here is a document operator, so any of them at the top of a query throws.
        if OPERATORS.contains(&key.as_str()) || INHERITED.contains(&key.as_str()) {
            return Err(THROW);
        }
        if has_operators(&value) {
            all.extend(field_operators(&key, &value)?);
        } else {
            // A8: whatever is no known operator is a value to equal.
            all.push(Cond { op: "$eq".into(), field: key, value, inner: Vec::new() });
        }
    }
    Ok(all)
}

fn field_operators(field: &str, query: &Value) -> Res<Vec<Cond>> {
    let mut all = Vec::new();
    for (op, value) in entries(query) {
        if !OPERATORS.contains(&op.as_str()) {
            return Err(THROW); // operators mixed with plain keys
        }
        let valid = match op.as_str() {
            "$in" | "$nin" | "$all" => value.is_array(),
            "$size" => value.is_number(),
            "$exists" => value.is_boolean(),
            "$lt" | "$lte" | "$gt" | "$gte" => value.is_string() || value.is_number(),
            "$elemMatch" => plain(&value),
            "$regex" => value.is_string(),
            _ => true,
        };
        if !valid {
            return Err(THROW);
        }
        let inner = match op.as_str() {
            "$options" => continue, // A25 (d): on its own it matches everything
            "$regex" => return Err(Fault::Unsupported),
            "$elemMatch" if has_operators(&value) => field_operators(ITSELF, &value)?,
            "$elemMatch" => compile(&value)?,
            _ => Vec::new(),
        };
        all.push(Cond { op, field: field.to_owned(), value, inner });
    }
    Ok(all)
}

/// All must hold; the first that does not ends it, before anything later can throw.
pub fn holds(profile: Profile, all: &[Cond], record: &Value) -> Res<bool> {
    Eval { profile }.all(all, &Js::from(record))
}

// ---------------------------------------------------------------------------------------------------------------------
// JavaScript values as far as JSON can make them

#[derive(Clone, Debug)]
enum Js {
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
    fn nullish(&self) -> bool {
        matches!(self, Js::Undefined | Js::Null)
    }

    fn truthy(&self) -> bool {
        match self {
            Js::Undefined | Js::Null | Js::Bool(false) => false,
            Js::Number(n) => *n != 0.0 && !n.is_nan(),
            Js::Text(s) => !s.is_empty(),
            _ => true,
        }
    }

    /// `typeof x === "object" && x`
    fn object(&self) -> bool {
        matches!(self, Js::List(_) | Js::Object(_))
    }

    /// `x[key]`; throws on null and undefined. What is only inherited counts as undefined.
    fn get(&self, key: &str) -> Res<Js> {
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

    fn has_own(&self, key: &str) -> bool {
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
fn compare(a: &Js, b: &Js) -> Res<i8> {
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
pub fn text_number(text: &str) -> f64 {
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
pub fn number_text(n: f64) -> String {
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

// ---------------------------------------------------------------------------------------------------------------------
// The interpreters, one for one after @ucast/js

/// A step over a list maps over its elements, unless `Number(step)` is a number.
fn maps_over(value: &Js, step: &str) -> bool {
    matches!(value, Js::List(_)) && text_number(step).is_nan()
}

/// The last step apart: the value of all that stands before it, and the last step.
fn cursor(profile: Profile, record: &Js, field: &str) -> Res<(Js, String)> {
    match field.rsplit_once('.') {
        None => Ok((record.clone(), field.to_owned())),
        Some((before, last)) => Ok((read(profile, record, before)?, last.to_owned())),
    }
}

/// `getObjectField`
fn read(profile: Profile, record: &Js, field: &str) -> Res<Js> {
    if field == ITSELF {
        return Ok(record.clone());
    }
    if !record.truthy() {
        return Err(THROW);
    }
    if !field.contains('.') {
        return step(record, field);
    }
    let steps: Vec<&str> = field.split('.').collect();
    let mut value = record.clone();
    for (at, name) in steps.iter().enumerate() {
        value = step(&value, name)?;
        if !value.object() {
            // A25 (b): the older one reads through a plain value; the newer one does not.
            let through = profile == Profile::OpenArchiver || at + 1 == steps.len();
            return Ok(if through { value } else { Js::Undefined });
        }
    }
    Ok(value)
}

fn step(value: &Js, name: &str) -> Res<Js> {
    let Js::List(list) = value else { return value.get(name) };
    if !maps_over(value, name) {
        return value.get(name);
    }
    let mut found = Vec::new();
    for element in list {
        match element.get(name)? {
            Js::Undefined => {}
            Js::List(more) => found.extend(more), // concat flattens one level
            one => found.push(one),
        }
    }
    Ok(Js::List(found))
}

/// `includes`: some element of the list equals the value.
fn includes(list: &[Js], value: &Js) -> Res<bool> {
    for element in list {
        if compare(element, value)? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any(list: &[Js], test: &dyn Fn(&Js) -> Res<bool>) -> Res<bool> {
    for element in list {
        if test(element)? {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Eval {
    profile: Profile,
}

impl Eval {
    fn all(&self, conditions: &[Cond], record: &Js) -> Res<bool> {
        for condition in conditions {
            if !self.one(condition, record)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn one(&self, c: &Cond, record: &Js) -> Res<bool> {
        match c.op.as_str() {
            "$eq" => self.eq(c, record),
            "$ne" => Ok(!self.eq(c, record)?),
            "$lt" => self.ordered(c, record, &[-1]),
            "$lte" => self.ordered(c, record, &[-1, 0]),
            "$gt" => self.ordered(c, record, &[1]),
            "$gte" => self.ordered(c, record, &[1, 0]),
            "$in" => self.within(c, record),
            "$nin" => Ok(!self.within(c, record)?),
            "$all" => self.every(c, record),
            "$size" => self.size(c, record),
            "$exists" => self.exists(c, record),
            "$elemMatch" => match read(self.profile, record, &c.field)? {
                Js::List(list) => any(&list, &|element| self.all(&c.inner, element)),
                _ => Ok(false),
            },
            _ => Err(Fault::Unsupported),
        }
    }

    fn eq(&self, c: &Cond, record: &Js) -> Res<bool> {
        match self.profile {
            Profile::OpenArchiver => self.eq_3(c, record),
            Profile::Casl7 => self.eq_4(c, record),
        }
    }

    fn eq_3(&self, c: &Cond, record: &Js) -> Res<bool> {
        let wanted = Js::from(&c.value);
        match read(self.profile, record, &c.field)? {
            Js::List(list) if !c.value.is_array() => includes(&list, &wanted),
            value => Ok(compare(&value, &wanted)? == 0),
        }
    }

    fn eq_4(&self, c: &Cond, record: &Js) -> Res<bool> {
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        if c.value.is_null() {
            // Null matches null, a key that is not there, and a list that holds null; the parent must be an object.
            let test = |parent: &Js| -> Res<bool> {
                if !parent.object() {
                    return Ok(false);
                }
                if !parent.has_own(&last) {
                    return Ok(true);
                }
                match read(self.profile, parent, &last)? {
                    Js::Null => Ok(true),
                    Js::List(list) => includes(&list, &Js::Null),
                    _ => Ok(false),
                }
            };
            return match &parent {
                Js::List(list) if maps_over(&parent, &last) => any(list, &test),
                _ => test(&parent),
            };
        }
        let value = self.last(&parent, &last)?;
        let wanted = Js::from(&c.value);
        match &value {
            Js::List(list) => Ok(compare(&value, &wanted)? == 0 || includes(list, &wanted)?),
            _ => Ok(compare(&value, &wanted)? == 0),
        }
    }

    /// 4.0.1: a key of what is no object is undefined.
    fn last(&self, parent: &Js, last: &str) -> Res<Js> {
        if last != ITSELF && !parent.object() {
            return Ok(Js::Undefined);
        }
        read(self.profile, parent, last)
    }

    fn ordered(&self, c: &Cond, record: &Js, wanted: &[i8]) -> Res<bool> {
        let operand = Js::from(&c.value);
        let test = |value: &Js| Ok(wanted.contains(&compare(value, &operand)?));
        match read(self.profile, record, &c.field)? {
            Js::List(list) => any(&list, &test),
            value => test(&value),
        }
    }

    fn operands(c: &Cond) -> Vec<Js> {
        c.value.as_array().into_iter().flatten().map(Js::from).collect()
    }

    fn within(&self, c: &Cond, record: &Js) -> Res<bool> {
        let operands = Self::operands(c);
        match read(self.profile, record, &c.field)? {
            Js::List(list) => any(&list, &|value| includes(&operands, value)),
            value => includes(&operands, &value),
        }
    }

    fn every(&self, c: &Cond, record: &Js) -> Res<bool> {
        let Js::List(list) = read(self.profile, record, &c.field)? else {
            return Ok(false);
        };
        for operand in Self::operands(c) {
            if !includes(&list, &operand)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn size(&self, c: &Cond, record: &Js) -> Res<bool> {
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        let test = |parent: &Js| -> Res<bool> {
            let value = match self.profile {
                Profile::OpenArchiver => read(self.profile, parent, &last)?,
                Profile::Casl7 => self.last(parent, &last)?,
            };
            match value {
                Js::List(list) => Ok(c.value.as_f64() == Some(list.len() as f64)),
                _ => Ok(false),
            }
        };
        match &parent {
            Js::List(list) if c.field != ITSELF && maps_over(&parent, &last) => any(list, &test),
            _ => test(&parent),
        }
    }

    fn exists(&self, c: &Cond, record: &Js) -> Res<bool> {
        if c.field == ITSELF {
            // Whether there is an element: there is.
            return Ok(!matches!(record, Js::Undefined));
        }
        let wanted = c.value == Value::Bool(true);
        let (parent, last) = cursor(self.profile, record, &c.field)?;
        let test = |parent: &Js| -> Res<bool> {
            if parent.nullish() {
                return Ok(!wanted);
            }
            // 3.0.4 calls the record's own `hasOwnProperty`.
            if self.profile == Profile::OpenArchiver && parent.has_own("hasOwnProperty") {
                return Err(THROW);
            }
            Ok(parent.has_own(&last) == wanted)
        };
        match &parent {
            Js::List(list) if maps_over(&parent, &last) => any(list, &test),
            _ => test(&parent),
        }
    }
}
