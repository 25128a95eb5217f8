//! Permissions as Ithbat lists them.

use crate::base::error::Error;
use crate::compiled::Compiled;
use crate::holdings;
use crate::json::pointer::Cursor;
use crate::model::{Document, Documents};
use crate::systems::lists::{missing, object};
use crate::value::Value;

/// Answers a list by name.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, source: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    Some(match name {
        "permissions-by-category" => source.map_or_else(|| missing(compiled), |source| permissions(source, params)),
        "categories" => source.map_or_else(|| missing(compiled), |source| categories(source, params)),
        _ => return None,
    })
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn permissions(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["category"])?;
    let wanted = params.opt_text("category")?;
    let found = source.permissions.iter().filter(|document| wanted.is_none() || category(document) == wanted);
    let list: Vec<Value> = found.map(|document| document.value.clone()).collect();
    let total = Value::Number(list.len() as f64);
    Ok(object([("permissions", Value::List(list)), ("total", total)]))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn categories(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let mut names: Vec<String> = source.permissions.iter().filter_map(category).map(Into::into).collect();
    holdings::sort(&mut names);
    let names = names.into_iter().map(|name| Value::Text(name.into())).collect();
    Ok(object([("categories", Value::List(names))]))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn category(document: &Document) -> Option<&str> {
    document.value.get("category").and_then(Value::as_text)
}
