//! Whether a condition holds for a record.
//!
//! The two CASL readings follow ucast step by step, because where it throws and where it merely fails are different
//! decisions (A22, A25). Rust code here mirrors behaviour, with an `Err` where JavaScript throws.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::inherited::inherited;
use super::javascript::{Step, compare, equal, seen};
use super::{Condition, Operator, Semantics, Test, native, regex};
use crate::base::text;
use crate::value::Value;
use crate::value::host::folded;
use crate::value::js::Js;

/// What came of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// The server would throw, and why.
    Throws(&'static str),
}

type Seen<'a> = Option<Cow<'a, Value>>;

/// Evaluates a condition against a record.
#[must_use]
pub fn evaluate(condition: &Condition, semantics: Semantics, folded: Option<&str>, record: &Value) -> Outcome {
    let held = condition.visit(semantics, folded, &mut |test| {
        if semantics == Semantics::Native { Ok(native::holds(test, record)) } else { holds(test, record) }
    });
    match held {
        Ok(true) => Outcome::Holds,
        Ok(false) => Outcome::Fails,
        Err(sentence) => Outcome::Throws(sentence),
    }
}

/// Whether one test holds for a record.
///
/// # Errors
/// Why the server would throw.
#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "only insight shows tests"))]
pub fn test_holds(test: &Test<'_>, record: &Value) -> Result<bool, &'static str> {
    if test.walk.semantics == Semantics::Native { Ok(native::holds(test, record)) } else { holds(test, record) }
}

/// What a path ends on: of lists on the way, what each of their items has.
#[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "only insight shows tests"))]
pub fn values_at<'a>(record: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    let mut values = Vec::new();
    native::walk(record, path, &mut values);
    values
}

/// The items of a list that an operator was given.
pub(super) fn list(operand: &Value) -> &[Value] {
    operand.items().unwrap_or_default()
}

fn holds(test: &Test<'_>, record: &Value) -> Step<bool> {
    let folded = fold(test, record);
    let record = folded.as_ref().unwrap_or(record);
    let reader = Reader { casl7: test.walk.semantics == Semantics::Casl7, test };
    match test.operator {
        Operator::Equal => reader.equal(record),
        Operator::NotEqual => reader.equal(record).map(|same| !same),
        Operator::NotIn => reader.some(record).map(|found| !found),
        Operator::Size | Operator::Exists => reader.of_host(record),
        Operator::All | Operator::Element => {
            let value = reader.read(Some(record), test.path)?;
            let Some(items) = value.as_deref().and_then(Value::items) else { return Ok(false) };
            if test.operator == Operator::All {
                return some(list(test.operand), |wanted| reader.among(items, Some(wanted)).map(|found| !found)).map(|lacks| !lacks);
            }
            some(items, |item| test.walk.element(test.operand, &mut |test| holds(test, item)))
        }
        _ => reader.some(record),
    }
}

/// Whether one of the items does. Places that were never filled are skipped, as JavaScript's `some` and `every` do.
fn some(items: &[Value], test: impl Fn(&Value) -> Step<bool>) -> Step<bool> {
    for item in items {
        if !matches!(item.js(), Some(Js::Hole)) && test(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Rule A10: the record's e-mail is compared trimmed and lower-cased.
fn fold(test: &Test<'_>, record: &Value) -> Option<Value> {
    let name = test.path.first().filter(|_| test.fold)?;
    let text = seen(record.body().get(name)).ok()??;
    let Value::Text(text) = text else { return None };
    Some(Value::Map(vec![((*name).into(), Value::Text(folded(text).into()))]))
}

struct Reader<'t> {
    casl7: bool,
    test: &'t Test<'t>,
}

impl Reader<'_> {
    /// Whether one value does what is asked of it.
    fn fits(&self, value: Option<&Value>) -> Step<bool> {
        use Operator::{Greater, GreaterOrEqual, In, Less, LessOrEqual, NotIn, Regex};
        let operand = self.test.operand;
        Ok(match self.test.operator {
            In | NotIn => self.among(list(operand), value)?,
            Less => compare(value, Some(operand))? == Ordering::Less,
            Greater => compare(value, Some(operand))? == Ordering::Greater,
            LessOrEqual => compare(value, Some(operand))? != Ordering::Greater,
            GreaterOrEqual => compare(value, Some(operand))? != Ordering::Less,
            Regex => match (operand, operand.pattern()) {
                (Value::Text(pattern), _) => found((pattern, self.test.flags), value)?,
                (_, Some(pattern)) => found(pattern, value)?,
                _ => false,
            },
            _ => false,
        })
    }

    /// CASL 7: a regular expression on either side is a pattern for the other.
    fn matches(&self, left: Option<&Value>, right: Option<&Value>) -> Step<bool> {
        let (left, right) = (seen(left)?, seen(right)?);
        if self.casl7 {
            for (pattern, text) in [(left, right), (right, left)] {
                if let Some(pattern) = pattern.and_then(Value::pattern) {
                    return found(pattern, text);
                }
            }
        }
        equal(left, right)
    }

    #[inline(never)]
    fn among(&self, items: &[Value], value: Option<&Value>) -> Step<bool> {
        for item in items {
            if self.matches(Some(item), value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The test holds for the value, or for one of its elements if it is a list.
    fn some(&self, record: &Value) -> Step<bool> {
        let value = self.read(Some(record), self.test.path)?;
        match value.as_deref().and_then(Value::items) {
            Some(items) => some(items, |item| self.fits(Some(item))),
            None => self.fits(value.as_deref()),
        }
    }

    fn equal(&self, record: &Value) -> Step<bool> {
        let operand = self.test.operand;
        if self.casl7 {
            return self.equal_7(record, operand);
        }
        let value = self.read(Some(record), self.test.path)?;
        match value.as_deref().and_then(Value::items) {
            Some(items) if operand.items().is_none() => self.among(items, Some(operand)),
            _ => equal(value.as_deref(), Some(operand)),
        }
    }

    /// CASL 7: `null` equals a missing member of an object; a scalar on the way has no members.
    fn equal_7(&self, record: &Value, operand: &Value) -> Step<bool> {
        let null = matches!(operand, Value::Null);
        let Some((last, parents)) = self.test.path.split_last() else {
            return match record.items() {
                _ if !null => self.equals_or_holds(seen(Some(record))?, operand),
                Some(items) => some(items, |item| Ok(has_members(item))),
                None => Ok(has_members(record)),
            };
        };
        let parent = self.read(Some(record), parents)?;
        if null {
            return match parent.as_deref().map(|host| (host, host.items())) {
                Some((_, Some(items))) if !is_number(last) => some(items, |item| self.lacks(item, last)),
                Some((host, _)) => self.lacks(host, last),
                None => Ok(false),
            };
        }
        let value = match parent.filter(|host| has_members(host)) {
            Some(host) => step(host, last)?,
            None => None,
        };
        self.equals_or_holds(value.as_deref(), operand)
    }

    /// An object without a member of its own of that name, or with null in it.
    fn lacks(&self, host: &Value, name: &str) -> Step<bool> {
        if !has_members(host) || !has_own(host, name) {
            return Ok(has_members(host));
        }
        let value = step(Cow::Borrowed(host), name)?;
        match value.as_deref().and_then(Value::items) {
            Some(items) => self.among(items, Some(&Value::Null)),
            None => Ok(matches!(value.as_deref(), Some(Value::Null))),
        }
    }

    fn equals_or_holds(&self, value: Option<&Value>, operand: &Value) -> Step<bool> {
        match value.and_then(Value::items) {
            Some(items) => Ok(equal(value, Some(operand))? || self.among(items, Some(operand))?),
            None => self.matches(value, Some(operand)),
        }
    }

    /// `$size` and `$exists` are asked of what bears the last member.
    fn of_host(&self, record: &Value) -> Step<bool> {
        let size = self.test.operator == Operator::Size;
        let Some((last, parents)) = self.test.path.split_last() else {
            let there = seen(Some(record))?;
            return Ok(if size { self.is_long(there) } else { there.is_some() });
        };
        let parent = self.read(Some(record), parents)?;
        match parent.as_deref().and_then(Value::items) {
            Some(items) if !is_number(last) => some(items, |item| self.of_member(Some(item), last)),
            _ => self.of_member(parent.as_deref(), last),
        }
    }

    fn of_member(&self, host: Option<&Value>, last: &&str) -> Step<bool> {
        // What an item lends belongs to it.
        let there = seen(host)?;
        let host = host.filter(|_| there.is_some());
        if self.test.operator == Operator::Exists {
            if !self.casl7 && there.is_some_and(has_no_own) {
                return Err("a record without `hasOwnProperty` is asked what it has");
            }
            let there = host.is_some_and(|host| has_own(host, last));
            return Ok(there == (*self.test.operand == Value::Bool(true)));
        }
        if self.casl7 && !there.is_some_and(has_members) {
            return Ok(false);
        }
        Ok(self.is_long(self.read(host, std::slice::from_ref(last))?.as_deref()))
    }

    fn is_long(&self, value: Option<&Value>) -> bool {
        value.and_then(Value::items).is_some_and(|items| Value::Number(items.len() as f64) == *self.test.operand)
    }

    /// The value at a path; none at all is the value itself.
    #[inline(never)]
    fn read<'a>(&self, record: Option<&'a Value>, path: &[&str]) -> Step<Seen<'a>> {
        let there = seen(record)?;
        if path.is_empty() {
            return Ok(there.map(Cow::Borrowed));
        }
        let Some(value) = record.filter(|_| there.is_some_and(truthy)) else { return Err("a field is read from nothing") };
        let mut value = Cow::Borrowed(value);
        let mut left = path.len();
        for name in path {
            let Some(next) = step(value, name)? else { return Ok(None) };
            left -= 1;
            if !has_members(&next) {
                // CASL 6 reads a path through a plain value (A25 b); the others find nothing there.
                return Ok((left == 0 || !self.casl7).then_some(next));
            }
            value = next;
        }
        Ok(Some(value))
    }
}

/// Whether a pattern is found in a text; in anything else it is not.
fn found((pattern, flags): (&str, &str), value: Option<&Value>) -> Step<bool> {
    match seen(value)?.and_then(Value::as_text) {
        Some(text) => regex::is_match(pattern, flags, text).ok_or("outside of JavaScript the pattern cannot be decided on this text"),
        None => Ok(false),
    }
}

/// One step: through every element of a list, unless the name is an index.
#[inline(never)]
fn step<'a>(host: Cow<'a, Value>, name: &str) -> Step<Seen<'a>> {
    let host = match host {
        Cow::Borrowed(host) => host,
        Cow::Owned(host) => return Ok(step(Cow::Borrowed(&host), name)?.map(|found| Cow::Owned(found.into_owned()))),
    };
    let Some(items) = host.items().filter(|_| !is_number(name)) else { return read_member(host, name) };
    let mut found = Vec::new();
    for item in items {
        let Some(value) = read_member(item, name)? else { continue };
        match value.items() {
            Some(inner) => found.extend_from_slice(inner),
            None => found.push(value.into_owned()),
        }
    }
    Ok(Some(Cow::Owned(Value::List(found))))
}

/// `host[name]`; nothing where that is `undefined`.
fn read_member<'a>(host: &'a Value, name: &str) -> Step<Seen<'a>> {
    match seen(Some(host))? {
        None | Some(Value::Null) => Err("a field is read from null or undefined"),
        Some(_) => match member(host, name) {
            Some(Cow::Borrowed(value)) => {
                // What it lends is for the next step.
                let value = if let Some(Js::Inherited(inner)) = value.js() { inner } else { value };
                Ok(seen(Some(value))?.map(|_| Cow::Borrowed(value)))
            }
            Some(Cow::Owned(value)) => {
                Ok(Some(Cow::Owned(if let Some(Js::Inherited(inner)) = value.js() { inner.clone() } else { value })))
            }
            None => Ok(None),
        },
    }
}

/// `typeof value === "object"`, and not null.
fn has_members(value: &Value) -> bool {
    match value {
        Value::Map(_) | Value::List(_) => true,
        Value::Js(js) => match &**js {
            Js::Date(_) => true,
            Js::Object(object) => !object.callable,
            Js::Lends(inner, _) => has_members(inner),
            _ => false,
        },
        _ => false,
    }
}

/// `Object.hasOwn(host, name)`: a member may be readable and not its own, or its own and `undefined`.
fn has_own(host: &Value, name: &str) -> bool {
    member(host, name).is_some_and(|value| !matches!(value.js(), Some(Js::Inherited(_) | Js::Hole)))
}

/// It has no method to say what it has: in plain data because a member stands in the way.
fn has_no_own(host: &Value) -> bool {
    host.object().map_or_else(|| host.get("hasOwnProperty").is_some(), |object| object.bare)
}

pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Map(_) => true,
        Value::Js(js) => !matches!(&**js, Js::BigInt { digits, .. } if &**digits == "0"),
    }
}

/// Whether JavaScript's `Number(name)` is a number, which makes the name an index rather than a field of the elements.
fn is_number(name: &str) -> bool {
    !crate::value::host::text_to_number(name).is_nan()
}

/// The member that JavaScript would find: one of its own, or one that it inherits. Records of abilities come from JavaScript, which has
/// written down what they inherit.
#[inline(never)]
fn member<'a>(host: &'a Value, name: &str) -> Seen<'a> {
    let own = own_member(host, name);
    if own.is_some() || cfg!(feature = "casl") { own } else { inherited(host, name).map(Cow::Owned) }
}

/// Of a map by name, of a list by index or its length, of text its length or a character.
fn own_member<'a>(host: &'a Value, name: &str) -> Seen<'a> {
    let owned = |value: Value| Some(Cow::Owned(value));
    let length = |length: usize| owned(Value::Number(length as f64));
    if let Some(Js::Lends(_, members)) = host.js()
        && let Some(lent) = members.get(name)
    {
        return Some(Cow::Borrowed(lent));
    }
    let body = host.body();
    match body {
        Value::Map(_) => body.get(name).map(Cow::Borrowed),
        Value::List(items) if name == "length" => length(items.len()),
        Value::List(items) => items.get(text::index(name)? as usize).map(Cow::Borrowed),
        Value::Text(text) if name == "length" => length(text.encode_utf16().count()),
        Value::Text(text) => {
            let unit = text.encode_utf16().nth(text::index(name)? as usize)?;
            // Half of a pair alone is no text.
            let character = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
            owned(Value::Text(String::from(character).into()))
        }
        _ => None,
    }
}
