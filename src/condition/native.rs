//! Conditions of native snapshots (N18): nothing is coerced and nothing throws.

use super::eval::{among, fits, list};
use super::{Operator, Semantics, Test};
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
    let Value::List(items) = value else { return fits(test, Semantics::Native, Some(value)) };
    match test.operator {
        Operator::All => list(test.operand).iter().all(|operand| among(items, Some(operand))),
        Operator::Size => Value::Number(items.len() as f64) == *test.operand,
        Operator::Element => items.iter().any(|item| {
            let inside = test.walk.element(test.operand, &mut |test| Ok(holds(test, item)));
            inside == Ok(true)
        }),
        // A list matches if one of its elements does.
        _ => items.iter().any(|item| holds_for(test, item)),
    }
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
