//! Conditions as CASL reads them (ucast), on JSON: rules A6, A7, A8, A22, A25 for `open-archiver` (CASL 6.7.3 with
//! `@ucast/js` 3.0.4) and casl 1.7 for `casl` (7.0.1 with `@ucast/js` 4.0.1).
//!
//! A record's attribute that is not there is `Js::Undefined`, apart from `null`. A throw of the original is `Err`.
//! There is no regex engine here: `$regex` with a text operand is `Err(Fault::Unsupported)`.

mod eval;
mod js;

pub use eval::holds;
pub use js::{js_trim, truthy};

use js::entries;
use serde_json::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// CASL 6.7.3 with the ucast that Open Archiver pins.
    OpenArchiver,
    /// CASL 7.0.1.
    Casl7,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    Invalid,
    Unsupported,
}

type Res<T> = Result<T, Fault>;
const THROW: Fault = Fault::Invalid;

const ITSELF: &str = "__itself__";
const OPERATORS: [&str; 14] =
    ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$regex", "$options", "$elemMatch", "$exists"];
/// Names that every JavaScript object inherits: as a key of a query they hit the prototype of the operator table.
const INHERITED: [&str; 12] = [
    "constructor",
    "toString",
    "toLocaleString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "__proto__",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

/// One compiled field condition; a query is a list of them, all of which must hold.
pub struct Cond {
    op: String,
    field: String,
    value: Value,
    inner: Vec<Cond>,
}

/// `value && value.constructor === Object`
fn plain(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.contains_key("constructor"))
}

fn has_operators(value: &Value) -> bool {
    plain(value) && value.as_object().is_some_and(|map| map.keys().any(|key| OPERATORS.contains(&key.as_str())))
}

/// The query as its list of conditions; `Err` where the original throws while compiling (A22).
pub fn compile(query: &Value) -> Res<Vec<Cond>> {
    let mut all = Vec::new();
    for (key, value) in entries(query) {
        // No operator known here is a document operator, so any of them at the top of a query throws.
        if OPERATORS.contains(&key.as_str()) || INHERITED.contains(&key.as_str()) {
            return Err(THROW);
        }
        if has_operators(&value) {
            all.extend(field_operators(&key, &value)?);
        } else {
            // A8: whatever is no known operator is a value to equal.
            all.push(Cond { op: "$eq".into(), field: key, value, inner: Vec::new() });
        }
    }
    Ok(all)
}

fn field_operators(field: &str, query: &Value) -> Res<Vec<Cond>> {
    let mut all = Vec::new();
    for (op, value) in entries(query) {
        if !OPERATORS.contains(&op.as_str()) {
            return Err(THROW); // operators mixed with plain keys
        }
        let valid = match op.as_str() {
            "$in" | "$nin" | "$all" => value.is_array(),
            "$size" => value.is_number(),
            "$exists" => value.is_boolean(),
            "$lt" | "$lte" | "$gt" | "$gte" => value.is_string() || value.is_number(),
            "$elemMatch" => plain(&value),
            "$regex" => value.is_string(),
            _ => true,
        };
        if !valid {
            return Err(THROW);
        }
        let inner = match op.as_str() {
            "$options" => continue, // A25 (d): on its own it matches everything
            "$regex" => return Err(Fault::Unsupported),
            "$elemMatch" if has_operators(&value) => field_operators(ITSELF, &value)?,
            "$elemMatch" => compile(&value)?,
            _ => Vec::new(),
        };
        all.push(Cond { op, field: field.to_owned(), value, inner });
    }
    Ok(all)
}
