//! Conditions of native snapshots (N18): nothing is coerced and nothing throws.

use std::cmp::Ordering;

use super::eval::list;
use super::javascript::{compare_utf16, strict_equal};
use super::{Operator, Test};
use crate::value::Value;

/// Whether a test holds for a record, or for an element of a list.
pub fn holds(test: &Test<'_>, record: &Value) -> bool {
    let mut found = Vec::new();
    walk(record, test.path, &mut found);
    if test.operator == Operator::Exists {
        return found.is_empty() != (*test.operand == Value::Bool(true));
    }
    let negated = matches!(test.operator, Operator::NotEqual | Operator::NotIn);
    found.iter().any(|value| holds_for(test, value)) != negated
}

fn holds_for(test: &Test<'_>, value: &Value) -> bool {
    let Value::List(items) = value else { return fits(test, value) };
    match test.operator {
        Operator::All => list(test.operand).iter().all(|operand| among(items, operand)),
        Operator::Size => Value::Number(items.len() as f64) == *test.operand,
        Operator::Element => items.iter().any(|item| {
            let inside = test.walk.element(test.operand, &mut |test| Ok(holds(test, item)));
            inside == Ok(true)
        }),
        // A list matches if one of its elements does.
        _ => items.iter().any(|item| holds_for(test, item)),
    }
}

/// Whether one plain value does what is asked of it.
fn fits(test: &Test<'_>, value: &Value) -> bool {
    use Operator::{Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, NotEqual, NotIn};
    let order = || order(value, test.operand);
    match test.operator {
        Equal | NotEqual => strict_equal(Some(value), test.operand),
        In | NotIn => among(list(test.operand), value),
        Less => order() == Some(Ordering::Less),
        Greater => order() == Some(Ordering::Greater),
        LessOrEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
        GreaterOrEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
        _ => false,
    }
}

/// Numbers are compared with numbers, text with text, and anything else has no order.
fn order(value: &Value, operand: &Value) -> Option<Ordering> {
    match (value, operand) {
        (Value::Number(value), Value::Number(operand)) => value.partial_cmp(operand),
        (Value::Text(value), Value::Text(operand)) => Some(compare_utf16(value, operand)),
        _ => None,
    }
}

fn among(items: &[Value], value: &Value) -> bool {
    items.iter().any(|item| strict_equal(Some(value), item))
}

/// A path walks through lists; what it ends on is taken whole.
pub(super) fn walk<'a>(value: &'a Value, path: &[&str], found: &mut Vec<&'a Value>) {
    let Some((first, rest)) = path.split_first() else {
        found.push(value);
        return;
    };
    match value {
        Value::List(items) => items.iter().for_each(|item| walk(item, path, found)),
        _ => {
            if let Some(inner) = value.get(first) {
                walk(inner, rest, found);
            }
        }
    }
}
