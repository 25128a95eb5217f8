//! Open Archiver's translator from conditions to SQL (A15, A23), evaluated on one row: three values, as in PostgreSQL.

use std::cmp::Ordering;

use super::conditions::truthy;
use super::open_archiver::{first_operator, pairs};
use serde_json::Value;

/// The database fails on the whole query.
pub struct Fails;

/// True, false or NULL.
type Three = Option<bool>;

pub fn and(all: &[Three]) -> Three {
    if all.contains(&Some(false)) {
        Some(false)
    } else if all.contains(&None) {
        None
    } else {
        Some(true)
    }
}

pub fn or(all: &[Three]) -> Three {
    and(&all.iter().map(|one| one.map(|one| !one)).collect::<Vec<_>>()).map(|held| !held)
}

/// None: the translator makes nothing of the query.
pub fn condition(query: &Value, row: &Value) -> Option<Result<Three, Fails>> {
    let mut all = Vec::new();
    for (key, value) in pairs(query) {
        let parts = || value.as_array().into_iter().flatten().filter_map(|part| condition(part, row)).collect::<Result<Vec<_>, _>>();
        let one = match key.as_str() {
            "$or" | "$and" => match parts() {
                Ok(parts) if parts.is_empty() => continue,
                Ok(parts) if key == "$or" => Ok(or(&parts)),
                Ok(parts) => Ok(and(&parts)),
                Err(fails) => Err(fails),
            },
            "$not" => match condition(&value, row) {
                None => continue,
                Some(held) => held.map(|held| held.map(|held| !held)),
            },
            _ => field(&key, &value, row),
        };
        match one {
            Ok(held) => all.push(held),
            Err(fails) => return Some(Err(fails)),
        }
    }
    (!all.is_empty()).then(|| Ok(and(&all)))
}

fn field(key: &str, value: &Value, row: &Value) -> Result<Three, Fails> {
    let column = column(key, row);
    if !value.is_object() {
        return equal(&column, value);
    }
    let (operator, operand) = first_operator(value);
    let not = |held: Three| held.map(|held| !held);
    let order = |wanted: &[Ordering]| Ok(compare(&column, &operand)?.map(|order| wanted.contains(&order)));
    match operator.as_deref() {
        Some("$eq") => equal(&column, &operand),
        Some("$ne") => equal(&column, &operand).map(not),
        Some("$gt") => order(&[Ordering::Greater]),
        Some("$gte") => order(&[Ordering::Greater, Ordering::Equal]),
        Some("$lt") => order(&[Ordering::Less]),
        Some("$lte") => order(&[Ordering::Less, Ordering::Equal]),
        Some("$in") => within(&column, &operand),
        Some("$nin") => within(&column, &operand).map(not),
        Some("$exists") => Ok(Some(truthy(Some(&operand)) != column.is_null())),
        _ => Err(Fails),
    }
}

/// The column's value. E-mail addresses are trimmed and lower-cased; of a relation two steps count.
fn column(key: &str, row: &Value) -> Value {
    let mut steps: Vec<&str> = key.split('.').collect();
    if steps[0] == "ingestionSource" {
        steps.truncate(2);
    }
    let found = steps.iter().try_fold(row, |at, step| at.as_object()?.get(*step)).cloned().unwrap_or(Value::Null);
    match found {
        Value::String(text) if key == "userEmail" => Value::String(text.trim_matches(' ').to_lowercase()),
        other => other,
    }
}

fn equal(column: &Value, operand: &Value) -> Result<Three, Fails> {
    Ok(compare(column, operand)?.map(|order| order == Ordering::Equal))
}

fn within(column: &Value, list: &Value) -> Result<Three, Fails> {
    let each = list.as_array().ok_or(Fails)?.iter().map(|item| equal(column, item));
    Ok(or(&each.collect::<Result<Vec<_>, _>>()?))
}

/// A parameter is read as one of the column's type; here the column's type is its value's.
fn compare(column: &Value, operand: &Value) -> Result<Option<Ordering>, Fails> {
    if column.is_null() || operand.is_null() {
        return Ok(None);
    }
    match column {
        Value::String(text) => match operand {
            Value::String(other) => Ok(Some(text.as_str().cmp(other))),
            Value::Number(_) | Value::Bool(_) => Ok(Some(text.as_str().cmp(&operand.to_string()))),
            _ => Err(Fails),
        },
        Value::Number(number) => {
            let other = match operand {
                Value::Number(other) => other.as_f64(),
                Value::String(other) => other.trim_matches(' ').parse::<f64>().ok(),
                _ => None,
            };
            Ok(Some(number.as_f64().partial_cmp(&Some(other.ok_or(Fails)?)).ok_or(Fails)?))
        }
        Value::Bool(flag) => match operand {
            Value::Bool(other) => Ok(Some(flag.cmp(other))),
            Value::String(other) => Ok(Some(flag.cmp(&other.parse().map_err(|_| Fails)?))),
            _ => Err(Fails),
        },
        _ => Err(Fails),
    }
}
