//! Whether Open Archiver's list translators make anything of a condition (A14, A15, A23, A25 e and f).
//!
//! The server translates a list's conditions twice, to SQL and to its search engine's language, and answers with both or not at
//! all. Here only what comes of that counts: a restriction, nothing (which the server reads as "nothing may be seen"), or a throw.

use super::Condition;
use super::walk::in_key_order;
use crate::value::Value;

/// Whether the condition restricts the list.
///
/// # Errors
/// The sentence of a throw: an operator that the search translator does not know, or an operand of the wrong kind.
pub fn restricts(condition: &Condition) -> Result<bool, &'static str> {
    translate(&condition.source)
}

fn translate(query: &Value) -> Result<bool, &'static str> {
    let members = match query {
        Value::Map(members) => members.as_slice(),
        // A text or a list is a query on "0", "1" …, each compared with something: lists under conditions are vectors of plain values.
        Value::Text(text) => return Ok(!text.is_empty()),
        Value::List(items) => return items.iter().try_fold(false, |some, item| field(item).map(|one| some | one)),
        Value::Null => return Err("the list translator finds nothing to translate"),
        Value::Bool(_) | Value::Number(_) | Value::Js(_) => return Ok(false),
    };
    let mut some = false;
    for (key, value) in members {
        some |= match (key.as_ref(), value) {
            ("$or" | "$and", Value::List(parts)) => parts.iter().try_fold(false, |some, part| translate(part).map(|one| some | one))?,
            ("$or" | "$and", _) => return Err("the list translator expects a list under $or and $and"),
            ("$not", inner) => translate(inner)?,
            (_, value) => field(value)?,
        };
    }
    Ok(some)
}

/// A23: of several operators of a field only the first counts.
fn field(value: &Value) -> Result<bool, &'static str> {
    let members = match value {
        Value::Map(members) => members.as_slice(),
        Value::List(_) => &[],
        _ => return Ok(true),
    };
    match in_key_order(members).first().map(|(key, value)| (key.as_ref(), value)) {
        Some(("$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" | "$exists", _)) => Ok(true),
        Some(("$in" | "$nin", Value::List(_))) => Ok(true),
        Some(("$in" | "$nin", _)) => Err("the list translator expects a list under $in and $nin"),
        _ => Err("the search translator does not know the operator"),
    }
}
