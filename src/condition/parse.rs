//! Reads a condition as ucast's Mongo parser does, or strictly for native snapshots.

use super::placeholder::{has_placeholder, has_unknown_placeholder};
use super::{Condition, Operator, Semantics, Test, regex};
use crate::value::Value;

const OPERATORS: [&str; 14] =
    ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$regex", "$options", "$elemMatch", "$exists"];

/// Names that every JavaScript object inherits: as top-level keys the parser takes them for broken operators (A25).
const INHERITED: [&str; 12] = [
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
];

/// Why a native condition is refused at load.
pub type Refused = &'static str;

/// Reads a condition. What the server would throw on stays inside as [`Condition::tests`] for the CASL systems.
///
/// # Errors
/// Only for [`Semantics::Native`]: a sentence for what is wrong.
pub fn parse(source: &Value, semantics: Semantics, folded: Option<&str>) -> Result<Condition, Refused> {
    if semantics == Semantics::Native && has_unknown_placeholder(source) {
        return Err("a text has the form of a placeholder, and is none that stands for anything");
    }
    let reader = Reader { semantics, folded };
    let tests = match source {
        Value::Map(members) => reader.document(members),
        // Truthy values without keys match everything (casl-semantics 1.1).
        Value::Bool(true) | Value::Number(_) => Ok(Vec::new()),
        Value::List(items) if items.is_empty() => Ok(Vec::new()),
        // A text or a list is a document with the keys "0", "1" …
        Value::List(items) => reader.document(&indexed(items.iter().cloned())),
        Value::Text(text) => reader.document(&indexed(text.chars().map(|c| Value::Text(c.to_string().into())))),
        Value::Null | Value::Bool(false) => Ok(Vec::new()),
    };
    if let (Semantics::Native, Err(sentence)) = (semantics, &tests) {
        return Err(sentence);
    }
    let placeholder = has_placeholder(source, semantics);
    Ok(Condition { tests, placeholder, source: source.clone() })
}

fn indexed(items: impl Iterator<Item = Value>) -> Vec<(Box<str>, Value)> {
    items.enumerate().map(|(index, item)| (index.to_string().into(), item)).collect()
}

struct Reader<'a> {
    semantics: Semantics,
    folded: Option<&'a str>,
}

type Read<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn document(&self, members: &[(Box<str>, Value)]) -> Read<Vec<Test>> {
        let mut tests = Vec::new();
        for (key, value) in in_key_order(members) {
            if OPERATORS.contains(&key) {
                return Err("an operator stands where a field name is expected");
            }
            if INHERITED.contains(&key) && self.semantics != Semantics::Native {
                return Err("a field bears a name that every JavaScript object inherits");
            }
            if self.semantics == Semantics::Native && key.starts_with('$') {
                return Err("an unknown operator stands where a field name is expected");
            }
            let path: Vec<Box<str>> = key.split('.').map(Into::into).collect();
            let fold = self.folded == Some(key);
            self.field(&path, fold, value, &mut tests)?;
        }
        Ok(tests)
    }

    fn field(&self, path: &[Box<str>], fold: bool, value: &Value, tests: &mut Vec<Test>) -> Read<()> {
        match value {
            Value::Map(members) if has_operators(members) => self.operators(path, fold, members, tests),
            Value::Map(_) | Value::List(_) if self.semantics == Semantics::Native => {
                Err("a field is compared with an object or a list that holds no known operator")
            }
            _ => {
                tests.push(Test { path: path.to_vec(), fold, operator: Operator::Equal(value.clone()) });
                Ok(())
            }
        }
    }

    fn operators(&self, path: &[Box<str>], fold: bool, members: &[(Box<str>, Value)], tests: &mut Vec<Test>) -> Read<()> {
        for (name, operand) in in_key_order(members) {
            let operator = match name {
                "$eq" => Operator::Equal(operand.clone()),
                "$ne" => Operator::NotEqual(operand.clone()),
                "$lt" => Operator::Less(comparable(operand)?),
                "$lte" => Operator::LessOrEqual(comparable(operand)?),
                "$gt" => Operator::Greater(comparable(operand)?),
                "$gte" => Operator::GreaterOrEqual(comparable(operand)?),
                "$in" => Operator::In(self.list(operand)?),
                "$nin" => Operator::NotIn(self.list(operand)?),
                "$all" => Operator::All(self.list(operand)?),
                "$size" => match operand {
                    Value::Number(size) => Operator::Size(*size),
                    _ => return Err("$size expects a number"),
                },
                "$exists" => match operand {
                    Value::Bool(wanted) => Operator::Exists(*wanted),
                    _ => return Err("$exists expects a boolean"),
                },
                "$regex" | "$options" if self.semantics == Semantics::Native => {
                    return Err("native conditions have no regular expressions");
                }
                "$regex" => self.regex(operand, members)?,
                // Alone it asks for nothing (A25); beside `$regex` it has been read.
                "$options" => continue,
                "$elemMatch" => match operand {
                    Value::Map(inner) if has_operators(inner) => {
                        let mut nested = Vec::new();
                        self.operators(&[], false, inner, &mut nested)?;
                        Operator::Element(nested)
                    }
                    Value::Map(inner) => Operator::Element(Reader { folded: None, ..*self }.document(inner)?),
                    _ => return Err("$elemMatch expects an object"),
                },
                _ => return Err("operators and other keys are mixed in one object"),
            };
            tests.push(Test { path: path.to_vec(), fold, operator });
        }
        Ok(())
    }

    fn list(&self, operand: &Value) -> Read<Vec<Value>> {
        match operand {
            Value::List(items) => Ok(items.clone()),
            // It may stand for a list (N19); filled in, it is read again.
            Value::Text(_) if self.semantics == Semantics::Native && has_placeholder(operand, self.semantics) => Ok(Vec::new()),
            _ => Err("the operator expects a list"),
        }
    }

    fn regex(&self, operand: &Value, members: &[(Box<str>, Value)]) -> Read<Operator> {
        let Value::Text(pattern) = operand else { return Err("$regex expects text") };
        let options = members.iter().find(|(key, _)| key.as_ref() == "$options").map(|(_, value)| value);
        let flags = match options {
            None | Some(Value::Null | Value::Bool(false)) => "",
            Some(Value::Text(flags)) => flags,
            Some(_) => return Err("$options expects text"),
        };
        if !regex::is_valid(pattern, flags) {
            return Err("$regex is not a regular expression");
        }
        Ok(Operator::Regex { pattern: pattern.clone(), flags: flags.into() })
    }
}

fn has_operators(members: &[(Box<str>, Value)]) -> bool {
    members.iter().any(|(key, _)| OPERATORS.contains(&key.as_ref()))
}

fn comparable(operand: &Value) -> Read<Value> {
    match operand {
        Value::Number(_) | Value::Text(_) => Ok(operand.clone()),
        _ => Err("an order is asked of something that is neither a number nor text"),
    }
}

/// JavaScript lists integer keys first, in ascending order; the order decides which test throws or fails first.
pub(super) fn in_key_order(members: &[(Box<str>, Value)]) -> Vec<(&str, &Value)> {
    let index_of = |key: &str| -> Option<u32> {
        let number: u32 = key.parse().ok()?;
        (number.to_string() == key && number != u32::MAX).then_some(number)
    };
    let mut ordered: Vec<(&str, &Value)> = members.iter().map(|(key, value)| (key.as_ref(), value)).collect();
    ordered.sort_by_key(|(key, _)| index_of(key).map_or((1, 0), |number| (0, number)));
    ordered
}
