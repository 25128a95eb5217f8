//! Conditions of native snapshots (N18): nothing is coerced and nothing throws.

use std::cmp::Ordering;

use super::javascript::{compare_utf16, strict_equal};
use super::{Operator, Test, regex};
use crate::value::Value;

/// Whether all tests hold for a record, or for an element of a list.
pub fn all_hold(tests: &[Test], record: &Value) -> bool {
    tests.iter().all(|test| holds(test, record))
}

fn holds(test: &Test, record: &Value) -> bool {
    let mut found = Vec::new();
    walk(record, &test.path, &mut found);
    let some = |test: &dyn Fn(&Value) -> bool| found.iter().any(|value| one_of(value, test));
    let mut lists = found.iter().filter_map(|value| match value {
        Value::List(items) => Some(items),
        _ => None,
    });
    let among = |operands: &[Value], value: &Value| operands.iter().any(|operand| strict_equal(Some(value), operand));
    match &test.operator {
        Operator::Equal(operand) => some(&|value| strict_equal(Some(value), operand)),
        Operator::NotEqual(operand) => !some(&|value| strict_equal(Some(value), operand)),
        Operator::Less(operand) => some(&|value| order(value, operand).is_some_and(Ordering::is_lt)),
        Operator::LessOrEqual(operand) => some(&|value| order(value, operand).is_some_and(Ordering::is_le)),
        Operator::Greater(operand) => some(&|value| order(value, operand).is_some_and(Ordering::is_gt)),
        Operator::GreaterOrEqual(operand) => some(&|value| order(value, operand).is_some_and(Ordering::is_ge)),
        Operator::In(operands) => some(&|value| among(operands, value)),
        Operator::NotIn(operands) => !some(&|value| among(operands, value)),
        Operator::All(operands) => lists.any(|items| operands.iter().all(|operand| among(items, operand))),
        Operator::Size(size) => lists.any(|items| items.len() as f64 == *size),
        Operator::Exists(wanted) => found.is_empty() != *wanted,
        Operator::Element(tests) => lists.any(|items| items.iter().any(|item| all_hold(tests, item))),
        Operator::Regex { pattern, flags } => some(&|value| matches!(value, Value::Text(text) if regex::is_match(pattern, flags, text))),
    }
}

/// A path walks through lists; what it ends on is taken whole.
fn walk<'a>(value: &'a Value, path: &[Box<str>], found: &mut Vec<&'a Value>) {
    let Some((first, rest)) = path.split_first() else {
        found.push(value);
        return;
    };
    match value {
        Value::List(items) => items.iter().for_each(|item| walk(item, path, found)),
        Value::Map(_) => {
            if let Some(inner) = value.get(first) {
                walk(inner, rest, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// A list matches if one of its elements does.
fn one_of(value: &Value, test: &dyn Fn(&Value) -> bool) -> bool {
    match value {
        Value::List(items) => items.iter().any(|item| one_of(item, test)),
        one => test(one),
    }
}

/// Numbers with numbers, text with text; anything else has no order.
fn order(value: &Value, operand: &Value) -> Option<Ordering> {
    match (value, operand) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Text(a), Value::Text(b)) => Some(compare_utf16(a, b)),
        _ => None,
    }
}
