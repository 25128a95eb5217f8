//! Whether a condition holds for a record.
//!
//! The two CASL readings follow ucast step by step, because where it throws and where it merely fails are different
//! decisions (A22, A25). Rust code here mirrors behaviour, with an `Err` where JavaScript throws.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::javascript::{greater, strict_equal};
use super::{Condition, Operator, Semantics, Test, native, regex};
use crate::host::{lower_case, trim};
use crate::text;
use crate::value::Value;

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

type Step<T> = Result<T, &'static str>;
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
pub fn found<'a>(record: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    let mut values = Vec::new();
    native::walk(record, path, &mut values);
    values
}

/// Whether one plain value does what is asked of it.
#[inline(never)]
pub(super) fn fits(test: &Test<'_>, semantics: Semantics, value: Option<&Value>) -> bool {
    use Operator::{Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, NotEqual, NotIn, Regex};
    let operand = test.operand;
    match test.operator {
        Equal | NotEqual => strict_equal(value, operand),
        In | NotIn => among(list(operand), value),
        Less => order(semantics, value, operand) == Some(Ordering::Less),
        Greater => order(semantics, value, operand) == Some(Ordering::Greater),
        LessOrEqual => matches!(order(semantics, value, operand), Some(Ordering::Less | Ordering::Equal)),
        GreaterOrEqual => matches!(order(semantics, value, operand), Some(Ordering::Greater | Ordering::Equal)),
        Regex => match (value, operand) {
            (Some(Value::Text(text)), Value::Text(pattern)) => regex::is_match(pattern, test.flags, text),
            _ => false,
        },
        _ => false,
    }
}

/// In native snapshots numbers are compared with numbers, text with text, and anything else has no order. In JavaScript whatever is
/// neither equal nor greater is less: missing and incomparable values too (A7).
#[inline(never)]
fn order(semantics: Semantics, value: Option<&Value>, operand: &Value) -> Option<Ordering> {
    let comparable = matches!((value, operand), (Some(Value::Number(_)), Value::Number(_)) | (Some(Value::Text(_)), Value::Text(_)));
    if semantics == Semantics::Native {
        let is_number = |value: &Value| matches!(value, Value::Number(number) if number.is_nan());
        if !comparable || is_number(operand) || value.is_some_and(is_number) {
            return None;
        }
    }
    Some(if strict_equal(value, operand) {
        Ordering::Equal
    } else if greater(value, operand) {
        Ordering::Greater
    } else {
        Ordering::Less
    })
}

/// The items of a list that an operator was given.
pub(super) fn list(operand: &Value) -> &[Value] {
    match operand {
        Value::List(items) => items,
        _ => &[],
    }
}

#[inline(never)]
pub(super) fn among(items: &[Value], value: Option<&Value>) -> bool {
    items.iter().any(|item| strict_equal(value, item))
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
            let Some(Value::List(items)) = value.as_deref() else { return Ok(false) };
            if test.operator == Operator::All {
                return Ok(list(test.operand).iter().all(|wanted| among(items, Some(wanted))));
            }
            for item in items {
                if test.walk.element(test.operand, &mut |test| holds(test, item))? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => reader.some(record),
    }
}

/// Rule A10: the record's e-mail is compared trimmed and lower-cased.
fn fold(test: &Test<'_>, record: &Value) -> Option<Value> {
    let name = test.path.first().filter(|_| test.fold)?;
    let text = record.get(name)?.as_text()?;
    Some(Value::Map(vec![((*name).into(), Value::Text(lower_case(trim(text)).into()))]))
}

struct Reader<'t> {
    casl7: bool,
    test: &'t Test<'t>,
}

impl Reader<'_> {
    fn fits(&self, value: Option<&Value>) -> bool {
        fits(self.test, self.test.walk.semantics, value)
    }

    /// The test holds for the value, or for one of its elements if it is a list.
    fn some(&self, record: &Value) -> Step<bool> {
        let value = self.read(Some(record), self.test.path)?;
        Ok(match value.as_deref() {
            Some(Value::List(items)) => items.iter().any(|item| self.fits(Some(item))),
            other => self.fits(other),
        })
    }

    fn equal(&self, record: &Value) -> Step<bool> {
        let operand = self.test.operand;
        if self.casl7 {
            return self.equal_7(record, operand);
        }
        let value = self.read(Some(record), self.test.path)?;
        Ok(match value.as_deref() {
            Some(Value::List(items)) if !matches!(operand, Value::List(_)) => among(items, Some(operand)),
            other => strict_equal(other, operand),
        })
    }

    /// CASL 7: `null` equals a missing member of an object; a scalar on the way has no members.
    fn equal_7(&self, record: &Value, operand: &Value) -> Step<bool> {
        let null = matches!(operand, Value::Null);
        let Some((last, parents)) = self.test.path.split_last() else {
            return Ok(match record {
                Value::Map(_) if null => true,
                Value::List(items) if null => items.iter().any(has_members),
                _ if null => false,
                Value::List(items) => among(items, Some(operand)),
                _ => strict_equal(Some(record), operand),
            });
        };
        let parent = self.read(Some(record), parents)?;
        if null {
            let test = |host: &Value| {
                has_members(host)
                    && match member(host, last).as_deref() {
                        None | Some(Value::Null) => true,
                        Some(Value::List(items)) => among(items, Some(&Value::Null)),
                        Some(_) => false,
                    }
            };
            return Ok(match parent.as_deref() {
                Some(Value::List(items)) if !is_number(last) => items.iter().any(test),
                Some(host) => test(host),
                None => false,
            });
        }
        let value = match parent.filter(|host| has_members(host)) {
            Some(host) => step(host, last)?,
            None => None,
        };
        Ok(match value.as_deref() {
            Some(Value::List(items)) => among(items, Some(operand)),
            other => strict_equal(other, operand),
        })
    }

    /// `$size` and `$exists` are asked of what bears the last member.
    fn of_host(&self, record: &Value) -> Step<bool> {
        let size = self.test.operator == Operator::Size;
        let Some((last, parents)) = self.test.path.split_last() else { return Ok(!size || self.is_long(Some(record))) };
        let parent = self.read(Some(record), parents)?;
        if let Some(Value::List(items)) = parent.as_deref()
            && !is_number(last)
        {
            for item in items {
                if self.of_member(Some(item), last)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        self.of_member(parent.as_deref(), last)
    }

    fn of_member(&self, host: Option<&Value>, last: &&str) -> Step<bool> {
        if self.test.operator == Operator::Exists {
            let there = host.is_some_and(|host| member(host, last).is_some());
            return Ok(there == (*self.test.operand == Value::Bool(true)));
        }
        if self.casl7 && !host.is_some_and(has_members) {
            return Ok(false);
        }
        Ok(self.is_long(self.read(host, std::slice::from_ref(last))?.as_deref()))
    }

    fn is_long(&self, value: Option<&Value>) -> bool {
        matches!(value, Some(Value::List(items)) if Value::Number(items.len() as f64) == *self.test.operand)
    }

    /// The value at a path; none at all is the value itself.
    #[inline(never)]
    fn read<'a>(&self, record: Option<&'a Value>, path: &[&str]) -> Step<Seen<'a>> {
        let Some(value) = record.filter(|value| path.is_empty() || truthy(value)) else {
            return if path.is_empty() { Ok(None) } else { Err("a field is read from nothing") };
        };
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

/// One step: through every element of a list, unless the name is an index.
#[inline(never)]
fn step<'a>(host: Cow<'a, Value>, name: &str) -> Step<Seen<'a>> {
    let host = match host {
        Cow::Borrowed(host) => host,
        Cow::Owned(host) => return Ok(step(Cow::Borrowed(&host), name)?.map(|found| Cow::Owned(found.into_owned()))),
    };
    let Value::List(items) = host else { return own(host, name) };
    if is_number(name) {
        return Ok(member(host, name));
    }
    let mut found = Vec::new();
    for item in items {
        match own(item, name)?.map(Cow::into_owned) {
            Some(Value::List(inner)) => found.extend(inner),
            Some(value) => found.push(value),
            None => {}
        }
    }
    Ok(Some(Cow::Owned(Value::List(found))))
}

fn own<'a>(host: &'a Value, name: &str) -> Step<Seen<'a>> {
    if matches!(host, Value::Null) { Err("a field is read from null") } else { Ok(member(host, name)) }
}

fn has_members(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::List(_))
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Map(_) => true,
    }
}

/// Whether JavaScript's `Number(name)` is a number, which makes the name an index rather than a field of the elements.
fn is_number(name: &str) -> bool {
    !crate::host::text_to_number(name).is_nan()
}

/// The own member that JavaScript would find: of a map by name, of a list by index, of text its length or a character.
#[inline(never)]
fn member<'a>(host: &'a Value, name: &str) -> Seen<'a> {
    let found = match host {
        Value::Map(_) => host.get(name)?,
        Value::List(items) => items.get(text::index(name)? as usize)?,
        Value::Text(text) => {
            return Some(Cow::Owned(if name == "length" {
                Value::Number(text.encode_utf16().count() as f64)
            } else {
                let unit = text.encode_utf16().nth(text::index(name)? as usize)?;
                // Half of a pair alone is no text.
                let character = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
                Value::Text(String::from(character).into())
            }));
        }
        _ => return None,
    };
    Some(Cow::Borrowed(found))
}
