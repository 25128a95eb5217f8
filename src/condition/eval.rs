//! Whether a condition holds for a record.
//!
//! The two CASL readings follow ucast step by step, because where it throws and where it merely fails are different
//! decisions (A22, A25). Rust code here mirrors behaviour, with `Err(Thrown)` where JavaScript throws.

use std::borrow::Cow;

use super::javascript::{greater, strict_equal};
use super::{Condition, Operator, Semantics, Test, native, regex};
use crate::host::{lower_case, trim};
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

struct Thrown(&'static str);

type Step<T> = Result<T, Thrown>;
type Seen<'a> = Option<Cow<'a, Value>>;

/// Evaluates a condition against a record.
#[must_use]
pub fn evaluate(condition: &Condition, semantics: Semantics, record: &Value) -> Outcome {
    let tests = match &condition.tests {
        Ok(tests) => tests,
        Err(sentence) => return Outcome::Throws(sentence),
    };
    if semantics == Semantics::Native {
        return if native::all_hold(tests, record) { Outcome::Holds } else { Outcome::Fails };
    }
    match all_hold(tests, semantics, record) {
        Ok(true) => Outcome::Holds,
        Ok(false) => Outcome::Fails,
        Err(Thrown(sentence)) => Outcome::Throws(sentence),
    }
}

fn all_hold(tests: &[Test], semantics: Semantics, record: &Value) -> Step<bool> {
    for test in tests {
        if !(Reader { semantics, test }).holds(record)? {
            return Ok(false);
        }
    }
    Ok(true)
}

struct Reader<'t> {
    semantics: Semantics,
    test: &'t Test,
}

impl Reader<'_> {
    fn holds(&self, record: &Value) -> Step<bool> {
        let folded;
        let record = match self.fold(record) {
            Some(changed) => {
                folded = changed;
                &folded
            }
            None => record,
        };
        let path = &self.test.path;
        match &self.test.operator {
            Operator::Equal(operand) => self.equal(record, operand),
            Operator::NotEqual(operand) => self.equal(record, operand).map(|same| !same),
            Operator::Less(operand) => self.some(record, |value| Self::less(value, operand)),
            Operator::LessOrEqual(operand) => self.some(record, |value| strict_equal(value, operand) || Self::less(value, operand)),
            Operator::Greater(operand) => self.some(record, |value| Self::more(value, operand)),
            Operator::GreaterOrEqual(operand) => self.some(record, |value| strict_equal(value, operand) || Self::more(value, operand)),
            Operator::In(list) => self.some(record, |value| among(list, value)),
            Operator::NotIn(list) => self.some(record, |value| among(list, value)).map(|found| !found),
            Operator::All(list) => {
                let value = self.read(record, path)?;
                Ok(matches!(value.as_deref(), Some(Value::List(items)) if list.iter().all(|wanted| includes(items, wanted))))
            }
            Operator::Size(size) => self.size(record, *size),
            Operator::Exists(wanted) => self.exists(record, *wanted),
            Operator::Regex { pattern, flags } => {
                self.some(record, |value| matches!(value, Some(Value::Text(text)) if regex::is_match(pattern, flags, text)))
            }
            Operator::Element(tests) => {
                let Some(value) = self.read(record, path)? else { return Ok(false) };
                let Value::List(items) = value.as_ref() else { return Ok(false) };
                for item in items {
                    if all_hold(tests, self.semantics, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// Rule A10: the record's e-mail is compared trimmed and lower-cased.
    fn fold(&self, record: &Value) -> Option<Value> {
        let name = self.test.path.first().filter(|_| self.test.fold)?;
        let Value::Text(text) = record.get(name)? else { return None };
        Some(Value::Map(vec![(name.clone(), Value::Text(lower_case(trim(text)).into()))]))
    }

    /// Whatever is neither equal nor greater is less: missing and incomparable values too (A7).
    fn less(value: Option<&Value>, operand: &Value) -> bool {
        !strict_equal(value, operand) && !greater(value, operand)
    }

    fn more(value: Option<&Value>, operand: &Value) -> bool {
        !strict_equal(value, operand) && greater(value, operand)
    }

    /// The test holds for the value, or for one of its elements if it is a list.
    fn some(&self, record: &Value, test: impl Fn(Option<&Value>) -> bool) -> Step<bool> {
        let value = self.read(record, &self.test.path)?;
        Ok(match value.as_deref() {
            Some(Value::List(items)) => items.iter().any(|item| test(Some(item))),
            other => test(other),
        })
    }

    fn equal(&self, record: &Value, operand: &Value) -> Step<bool> {
        if self.semantics == Semantics::Casl7 {
            return self.equal_7(record, operand);
        }
        let value = self.read(record, &self.test.path)?;
        Ok(match value.as_deref() {
            Some(Value::List(items)) if !matches!(operand, Value::List(_)) => includes(items, operand),
            other => strict_equal(other, operand),
        })
    }

    /// CASL 7: `null` equals a missing member of an object; a scalar on the way has no members.
    fn equal_7(&self, record: &Value, operand: &Value) -> Step<bool> {
        let Some((last, parents)) = self.test.path.split_last() else {
            return Ok(match (record, operand) {
                (Value::Map(_), Value::Null) => true,
                (Value::List(items), Value::Null) => items.iter().any(|item| matches!(item, Value::Map(_) | Value::List(_))),
                (_, Value::Null) => false,
                (Value::List(items), _) => includes(items, operand),
                _ => strict_equal(Some(record), operand),
            });
        };
        let parent = self.parent(record, parents)?;
        if matches!(operand, Value::Null) {
            let test = |host: &Value| -> bool {
                match (host, member(host, last)) {
                    (Value::Map(_) | Value::List(_), None) => true,
                    (Value::Map(_) | Value::List(_), Some(value)) => match value.as_ref() {
                        Value::Null => true,
                        Value::List(items) => includes(items, &Value::Null),
                        _ => false,
                    },
                    _ => false,
                }
            };
            return Ok(match parent.as_deref() {
                Some(Value::List(items)) if !is_number(last) => items.iter().any(test),
                Some(host) => test(host),
                None => false,
            });
        }
        let value = match parent {
            Some(host @ Cow::Owned(Value::Map(_) | Value::List(_))) => self.step(&host, last)?.map(Cow::into_owned).map(Cow::Owned),
            Some(Cow::Borrowed(host @ (Value::Map(_) | Value::List(_)))) => self.step(host, last)?,
            _ => None,
        };
        Ok(match value.as_deref() {
            Some(Value::List(items)) => includes(items, operand),
            other => strict_equal(other, operand),
        })
    }

    fn size(&self, record: &Value, size: f64) -> Step<bool> {
        let fits = |value: Option<&Value>| matches!(value, Some(Value::List(items)) if items.len() as f64 == size);
        let Some((last, parents)) = self.test.path.split_last() else { return Ok(fits(Some(record))) };
        let parent = self.parent(record, parents)?;
        let test = |host: Option<&Value>| -> Step<bool> {
            if self.semantics == Semantics::Casl7 && !matches!(host, Some(Value::Map(_) | Value::List(_))) {
                return Ok(false);
            }
            Ok(fits(self.read_from(host, std::slice::from_ref(last))?.as_deref()))
        };
        match parent.as_deref() {
            Some(Value::List(items)) if !is_number(last) => any(items, |item| test(Some(item))),
            host => test(host),
        }
    }

    fn exists(&self, record: &Value, wanted: bool) -> Step<bool> {
        let Some((last, parents)) = self.test.path.split_last() else { return Ok(true) };
        let parent = self.parent(record, parents)?;
        let test = |host: Option<&Value>| match host {
            None | Some(Value::Null) => !wanted,
            Some(host) => member(host, last).is_some() == wanted,
        };
        Ok(match parent.as_deref() {
            Some(Value::List(items)) if !is_number(last) => items.iter().any(|item| test(Some(item))),
            host => test(host),
        })
    }

    fn parent<'a>(&self, record: &'a Value, parents: &[Box<str>]) -> Step<Seen<'a>> {
        if parents.is_empty() { Ok(Some(Cow::Borrowed(record))) } else { self.read(record, parents) }
    }

    fn read<'a>(&self, record: &'a Value, path: &[Box<str>]) -> Step<Seen<'a>> {
        self.read_from(Some(record), path)
    }

    /// The value at a path; none at all is the value itself.
    fn read_from<'a>(&self, record: Option<&'a Value>, path: &[Box<str>]) -> Step<Seen<'a>> {
        if path.is_empty() {
            return Ok(record.map(Cow::Borrowed));
        }
        let Some(record) = record.filter(|value| truthy(value)) else {
            return Err(Thrown("a field is read from nothing"));
        };
        let mut value = Cow::Borrowed(record);
        for (index, name) in path.iter().enumerate() {
            let next = match value {
                Cow::Borrowed(host) => self.step(host, name)?,
                Cow::Owned(host) => self.step(&host, name)?.map(Cow::into_owned).map(Cow::Owned),
            };
            let Some(next) = next else { return Ok(None) };
            if !matches!(next.as_ref(), Value::Map(_) | Value::List(_)) {
                let at_end = index + 1 == path.len();
                // CASL 6 reads a path through a plain value (A25 b); the others find nothing there.
                return Ok((at_end || self.semantics == Semantics::Casl6).then_some(next));
            }
            value = next;
        }
        Ok(Some(value))
    }

    /// One step: through every element of a list, unless the name is an index.
    fn step<'a>(&self, host: &'a Value, name: &str) -> Step<Seen<'a>> {
        let Value::List(items) = host else { return self.own(host, name) };
        if is_number(name) {
            return Ok(member(host, name));
        }
        let mut found = Vec::new();
        for item in items {
            match self.own(item, name)?.map(Cow::into_owned) {
                Some(Value::List(inner)) => found.extend(inner),
                Some(value) => found.push(value),
                None => {}
            }
        }
        Ok(Some(Cow::Owned(Value::List(found))))
    }

    fn own<'a>(&self, host: &'a Value, name: &str) -> Step<Seen<'a>> {
        match host {
            Value::Null => Err(Thrown("a field is read from null")),
            _ => Ok(member(host, name)),
        }
    }
}

fn any(items: &[Value], test: impl Fn(&Value) -> Step<bool>) -> Step<bool> {
    for item in items {
        if test(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn among(list: &[Value], value: Option<&Value>) -> bool {
    list.iter().any(|item| strict_equal(value, item))
}

fn includes(items: &[Value], wanted: &Value) -> bool {
    items.iter().any(|item| strict_equal(Some(item), wanted))
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
fn member<'a>(host: &'a Value, name: &str) -> Seen<'a> {
    let index = || -> Option<usize> {
        let number: usize = name.parse().ok()?;
        (number.to_string() == name).then_some(number)
    };
    match host {
        Value::Map(_) => host.get(name).map(Cow::Borrowed),
        Value::List(items) => index().and_then(|at| items.get(at)).map(Cow::Borrowed),
        Value::Text(text) if name == "length" => Some(Cow::Owned(Value::Number(text.encode_utf16().count() as f64))),
        Value::Text(text) => {
            let unit = text.encode_utf16().nth(index()?)?;
            let character = String::from_utf16_lossy(&[unit]);
            Some(Cow::Owned(Value::Text(character.into())))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
