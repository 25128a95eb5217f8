//! Principals as Hantera's API lists them.

use crate::base::error::Error;
use crate::compiled::Compiled;
use crate::json::pointer::Cursor;
use crate::model::{Document, Documents};
use crate::systems::lists::{documents, missing};
use crate::value::Value;

/// Answers a list by name.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, source: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    Some(match name {
        "principals-by-role" => source.map_or_else(|| missing(compiled), |source| principals(source, params)),
        _ => return None,
    })
}

/// H14: plain starts-with on role keys; suspended ones are left out unless asked for (H9).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn principals(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["rolePrefix", "includeSuspended"])?;
    let prefix = params.opt_text("rolePrefix")?;
    let suspended = params.opt_bool("includeSuspended")?.unwrap_or(false);
    let fits = |document: &&Document| {
        let roles = match document.value.get("roles") {
            Some(Value::List(roles)) => roles.as_slice(),
            _ => &[],
        };
        let has_role = prefix.is_none_or(|prefix| roles.iter().any(|role| role.as_text().is_some_and(|key| key.starts_with(prefix))));
        let active = matches!(document.value.get("suspendedAt"), None | Some(Value::Null));
        has_role && (active || suspended)
    };
    Ok(documents(source.principals.iter().filter(fits)))
}
