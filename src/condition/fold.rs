//! Rule A10: e-mail addresses are compared trimmed and lower-cased, on both sides.

use super::walk::keyed;
use crate::host::{lower_case, trim};
use crate::value::Value;

/// The operands of this field, wherever it stands, bare or under an operator of equality. `None`: the server fails on the condition,
/// because it goes through what stands under `$or`, `$and` and `$nor`, and something there is null. A list that it goes through
/// becomes an object.
pub fn fold(source: &Value, name: &str) -> Option<Value> {
    let members = match source {
        Value::Map(members) => members,
        Value::List(items) => return Some(Value::Map(keyed(items.iter().cloned()))),
        _ => return Some(source.clone()),
    };
    let mut folded = Vec::new();
    for (key, value) in members {
        let value = match (key.as_ref(), value) {
            (key, value) if key == name => fold_operand(value),
            ("$or" | "$and" | "$nor", Value::List(parts)) => {
                let mut joined = Vec::new();
                for part in parts {
                    if matches!(part, Value::Null) {
                        return None;
                    }
                    joined.push(fold(part, name)?);
                }
                Value::List(joined)
            }
            ("$not", inner) => fold(inner, name)?,
            (_, value) => value.clone(),
        };
        folded.push((key.clone(), value));
    }
    Some(Value::Map(folded))
}

fn fold_operand(operand: &Value) -> Value {
    let Value::Map(members) = operand else { return fold_text(operand) };
    let mut folded = Vec::new();
    for (key, inner) in members {
        let value = match (key.as_ref(), inner) {
            ("$eq" | "$ne", _) => fold_text(inner),
            ("$in" | "$nin", Value::List(items)) => Value::List(items.iter().map(fold_text).collect()),
            _ => inner.clone(),
        };
        folded.push((key.clone(), value));
    }
    Value::Map(folded)
}

/// An address as it is compared.
pub(super) fn fold_text(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(lower_case(trim(text)).into()),
        other => other.clone(),
    }
}
