//! Rule A10: e-mail addresses are compared trimmed and lower-cased, on both sides.

use super::walk::keyed;
use crate::value::Value;
use crate::value::host::folded;

/// Folds the operands of this field, wherever it stands, bare or under an operator of equality. Not done: the server fails on the
/// condition, because it goes through what stands under `$or`, `$and` and `$nor`, and something there is null. A list that it goes
/// through becomes an object.
pub fn fold(source: &mut Value, name: &str) -> bool {
    if let Value::List(items) = source {
        *source = Value::Map(keyed(std::mem::take(items).into_iter()));
        return true;
    }
    let Value::Map(members) = source else { return true };
    for (key, value) in members {
        let done = match (&**key, value) {
            (key, value) if key == name => fold_operand(value),
            ("$or" | "$and" | "$nor", Value::List(parts)) => parts.iter_mut().all(|part| !matches!(part, Value::Null) && fold(part, name)),
            ("$not", inner) => fold(inner, name),
            _ => true,
        };
        if !done {
            return false;
        }
    }
    true
}

fn fold_operand(operand: &mut Value) -> bool {
    let Value::Map(members) = operand else { return fold_text(operand) };
    for (key, inner) in members {
        match (&**key, inner) {
            ("$eq" | "$ne", text) => {
                fold_text(text);
            }
            ("$in" | "$nin", Value::List(items)) => {
                for item in items {
                    fold_text(item);
                }
            }
            _ => {}
        }
    }
    true
}

/// Makes an address of a text as it is compared; nothing else is changed.
#[inline(never)]
pub(super) fn fold_text(value: &mut Value) -> bool {
    if let Value::Text(text) = value {
        *text = folded(text).into();
    }
    true
}
