//! Permissions and identities as Kura lists them.

use crate::base::error::Error;
use crate::base::names::Sym;
use crate::base::table::Table;
use crate::compiled::Compiled;
use crate::compiled::layout::Section;
use crate::json::pointer::Cursor;
use crate::model::Documents;
use crate::systems::lists::{documents, missing, object, text};
use crate::value::Value;

/// Answers a list by name.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, source: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    Some(match name {
        "defined-permissions" => permissions(compiled, params),
        "users" => source.map_or_else(|| missing(compiled), |source| users(compiled, source, params)),
        _ => return None,
    })
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let rows = 0..compiled.rows(Section::Permissions);
    let names = rows.map(|row| text(compiled, Sym(compiled.cell(Section::Permissions, row, 0)))).collect();
    Ok(object([("permissions", Value::List(names))]))
}

/// Identities that hold a permission, or all of them.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn users(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["permission"])?;
    let wanted = params.opt_text("permission")?.map(super::permission_name);
    let node = wanted.map(|name| compiled.locate(&[name], true).exact);
    let mut ids = Table::default();
    for principal in (0..compiled.rows(Section::Principals)).filter_map(|at| compiled.principal(at)) {
        let grants = |action: u32| {
            let held = compiled.holds(&principal).into_iter().filter_map(|held| compiled.holder(held.holder.0));
            held.into_iter().any(|holder| compiled.entries(&holder).any(|(pair, _)| compiled.pair(pair).0 == action))
        };
        if node.is_none_or(|node| node.is_some_and(grants)) {
            ids.enter(principal.id);
        }
    }
    let found = documents(source.principals.iter().filter(|document| ids.has(document.id)));
    Ok(object([("userConfig", found)]))
}
