//! Finds the tests of a condition as ucast's Mongo parser does, or strictly for native snapshots.

use super::eval::truthy;
use super::inherited::is_inherited;
use super::javascript::{seen, text_of};
use super::placeholder::{has_placeholder, has_unknown_placeholder};
use super::{Condition, Semantics, regex};
use crate::base::text;
use crate::value::Value;
use crate::value::js::Js;

/// One operator on one path.
pub struct Test<'a> {
    /// Steps into the record; none at all is the value itself (inside `$elemMatch`).
    pub path: &'a [&'a str],
    /// The record's text is trimmed and lower-cased before it is compared (A10).
    pub fold: bool,
    /// What is asked of it.
    pub operator: Operator,
    /// What it is compared with. Checked: an order is on numbers or text, a list is one.
    pub operand: &'a Value,
    /// Flags of a regular expression.
    pub flags: &'a str,
    /// For the tests inside.
    pub(crate) walk: Walk<'a>,
}

/// An operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `$eq`, or a bare value.
    Equal,
    /// `$ne`.
    NotEqual,
    /// `$lt`.
    Less,
    /// `$lte`.
    LessOrEqual,
    /// `$gt`.
    Greater,
    /// `$gte`.
    GreaterOrEqual,
    /// `$in`.
    In,
    /// `$nin`.
    NotIn,
    /// `$all`.
    All,
    /// `$size`.
    Size,
    /// `$exists`.
    Exists,
    /// `$elemMatch`.
    Element,
    /// `$regex`.
    Regex,
    /// `$options`: asks for nothing by itself (A25).
    Options,
}

impl Operator {
    /// As it is written.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "only insight shows tests"))]
    pub fn word(self) -> &'static str {
        OPERATORS.iter().find(|(_, operator)| *operator == self).map_or("", |(word, _)| *word)
    }
}

const OPERATORS: [(&str, Operator); 14] = [
    ("$eq", Operator::Equal),
    ("$ne", Operator::NotEqual),
    ("$lt", Operator::Less),
    ("$lte", Operator::LessOrEqual),
    ("$gt", Operator::Greater),
    ("$gte", Operator::GreaterOrEqual),
    ("$in", Operator::In),
    ("$nin", Operator::NotIn),
    ("$all", Operator::All),
    ("$size", Operator::Size),
    ("$exists", Operator::Exists),
    ("$elemMatch", Operator::Element),
    ("$regex", Operator::Regex),
    ("$options", Operator::Options),
];

/// Why a native condition is refused at load.
pub type Refused = &'static str;

type Members = [(Box<str>, Value)];
type Visit<'v> = dyn FnMut(&Test<'_>) -> Result<bool, &'static str> + 'v;
type Found = Result<bool, &'static str>;

fn operator(name: &str) -> Option<Operator> {
    OPERATORS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
}

/// Reads a condition. What the server would throw on stays inside as [`Condition::tests`] for the CASL systems.
///
/// # Errors
/// Only for [`Semantics::Native`]: a sentence for what is wrong.
pub fn parse(source: &Value, semantics: Semantics, folded: Option<&str>) -> Result<Condition, Refused> {
    read(source.clone(), semantics, folded)
}

/// The same of a value that is not needed any more.
pub fn read(source: Value, semantics: Semantics, folded: Option<&str>) -> Result<Condition, Refused> {
    let native = semantics == Semantics::Native;
    if native && has_unknown_placeholder(&source) {
        return Err("a text has the form of a placeholder, and is none that stands for anything");
    }
    let mut count = 0;
    let walked = Walk { semantics, folded, checks: true }.source(&source, &mut |_| {
        count += 1;
        Ok(true)
    });
    let tests = walked.map(|_| count);
    if native {
        tests?;
    }
    let is_folded = |name| [name, "$not", "$or", "$and", "$nor"].iter().any(|key| source.get(key).is_some());
    let unbound = has_placeholder(&source, semantics) || folded.is_some_and(is_folded);
    Ok(Condition { tests, unbound, source })
}

/// The walk through a condition.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub semantics: Semantics,
    pub folded: Option<&'a str>,
    /// The condition has not been checked yet.
    pub checks: bool,
}

impl<'a> Walk<'a> {
    pub fn source(&self, source: &Value, visit: &mut Visit<'_>) -> Found {
        if matches!(source.js(), Some(Js::Throws)) {
            return Err("the conditions cannot be read");
        }
        match source.body() {
            Value::Map(members) => self.document(members, visit),
            // A text or a list is a document with the keys "0", "1" …
            Value::List(list) => self.document(&keyed(list.iter().cloned()), visit),
            Value::Text(text) => self.document(&keyed(text.chars().map(|c| Value::Text(String::from(c).into()))), visit),
            // Truthy values without keys match everything (casl 1.1).
            _ => Ok(true),
        }
    }

    fn document(&self, members: &Members, visit: &mut Visit<'_>) -> Found {
        let native = self.semantics == Semantics::Native;
        for (key, value) in in_key_order(members) {
            if self.checks {
                if operator(key).is_some() {
                    return Err("an operator stands where a field name is expected");
                }
                // The parser takes them for broken operators (A25).
                if !native && is_inherited(key) {
                    return Err("a field bears a name that every JavaScript object inherits");
                }
                if native && key.as_bytes().first() == Some(&b'$') {
                    return Err("an unknown operator stands where a field name is expected");
                }
            }
            let path = text::split(key, b'.');
            let fold = self.folded.is_some() && self.folded == path.first().copied();
            let goes_on = match (value, self.members(value)) {
                (_, Some(members)) if has_operators(members) => self.operators(&path, fold, members, visit)?,
                (Value::Map(_) | Value::List(_), _) if native => {
                    return Err("a field is compared with an object or a list that holds no known operator");
                }
                (operand, _) => visit(&Test { path: &path, fold, operator: Operator::Equal, operand, flags: "", walk: *self })?,
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn operators(&self, path: &[&str], fold: bool, members: &Members, visit: &mut Visit<'_>) -> Found {
        for (name, operand) in in_key_order(members) {
            let Some(operator) = operator(name) else { return Err("operators and other keys are mixed in one object") };
            let coerced;
            let mut flags = "";
            if operator == Operator::Regex && self.semantics != Semantics::Native && matches!(operand, Value::Text(_)) {
                // What is falsy is no flags; anything else is taken for its text.
                match members.iter().find(|(key, _)| key.as_ref() == "$options") {
                    Some((_, Value::Text(text))) => flags = text,
                    Some((_, options)) if seen(Some(options))?.is_some_and(truthy) => {
                        coerced = text_of(options)?;
                        flags = &coerced;
                    }
                    _ => {}
                }
            }
            if self.checks {
                self.check(operator, operand, flags)?;
            }
            let test = Test { path, fold, operator, operand, flags, walk: *self };
            if operator != Operator::Options && !visit(&test)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The members of an object that may hold operators. To CASL that is one whose `constructor` is `Object`; a native one has no such name.
    fn members<'v>(&self, value: &'v Value) -> Option<&'v Members> {
        match value {
            Value::Map(members) if self.semantics == Semantics::Native => Some(members),
            _ => value.plain_members(),
        }
    }

    /// What an operator cannot be asked with.
    fn check(&self, operator: Operator, operand: &Value, flags: &str) -> Result<(), &'static str> {
        let native = self.semantics == Semantics::Native;
        let (fits, sentence) = match (operator, operand) {
            (Operator::Equal | Operator::NotEqual, _) => return Ok(()),
            (Operator::Regex | Operator::Options, _) if native => (false, "native conditions have no regular expressions"),
            (Operator::Options, _) => return Ok(()),
            (Operator::In | Operator::NotIn | Operator::All, _) if operand.items().is_some() => return Ok(()),
            (Operator::In | Operator::NotIn | Operator::All, _) => {
                // It may stand for a list (N19); filled in, it is read again.
                let may_be = native && matches!(operand, Value::Text(_)) && has_placeholder(operand, self.semantics);
                (may_be, "the operator expects a list")
            }
            (Operator::Size, _) => (matches!(operand, Value::Number(_)), "$size expects a number"),
            (Operator::Exists, _) => (matches!(operand, Value::Bool(_)), "$exists expects a boolean"),
            (Operator::Element, _) if self.members(operand).is_some() => return self.element(operand, &mut |_| Ok(true)).map(drop),
            (Operator::Element, _) => (false, "$elemMatch expects an object"),
            (Operator::Regex, Value::Text(pattern)) => (regex::is_valid(pattern, flags), "$regex is not a regular expression"),
            (Operator::Regex, _) => (operand.pattern().is_some(), "$regex expects text or a RegExp"),
            _ => {
                let sentence = "an order is asked of something that is neither a number, nor text, nor a date";
                let date = matches!(operand.js(), Some(Js::Date(_)));
                (date || matches!(operand, Value::Number(_) | Value::Text(_)), sentence)
            }
        };
        if fits { Ok(()) } else { Err(sentence) }
    }

    /// The tests inside `$elemMatch`.
    pub fn element(&self, inner: &Value, visit: &mut Visit<'_>) -> Found {
        match self.members(inner) {
            Some(members) if has_operators(members) => self.operators(&[], false, members, visit),
            Some(members) => Walk { folded: None, ..*self }.document(members, visit),
            None => Ok(true),
        }
    }
}

/// The items of a list as members, as JavaScript's objects have them.
pub(super) fn keyed(items: impl Iterator<Item = Value>) -> Vec<(Box<str>, Value)> {
    let mut members = Vec::new();
    for item in items {
        let mut key = String::new();
        text::push_number(&mut key, members.len());
        members.push((key.into(), item));
    }
    members
}

fn has_operators(members: &Members) -> bool {
    members.iter().any(|(key, _)| operator(key).is_some())
}

/// JavaScript lists integer keys first, in ascending order; the order decides which test throws or fails first.
pub(super) fn in_key_order(members: &Members) -> Vec<&(Box<str>, Value)> {
    let mut ordered: Vec<&(Box<str>, Value)> = Vec::new();
    let mut keys: Vec<u32> = Vec::new();
    for member in members {
        match text::index(&member.0) {
            Some(key) => {
                let at = keys.iter().position(|other| *other > key).unwrap_or(keys.len());
                keys.insert(at, key);
                ordered.insert(at, member);
            }
            None => ordered.push(member),
        }
    }
    ordered
}
