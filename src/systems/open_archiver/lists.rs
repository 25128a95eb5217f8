//! A user's policies as Open Archiver lists them.

use crate::base::error::Error;
use crate::base::terms::HolderKind;
use crate::compiled::Compiled;
use crate::holdings;
use crate::json::pointer::Cursor;
use crate::model::Documents;
use crate::systems::lists::{missing, user};
use crate::value::Value;

/// Answers a list by name.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, source: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    Some(match name {
        "policies" => source.map_or_else(|| missing(compiled), |source| policies(compiled, source, params)),
        _ => return None,
    })
}

/// The user's policies after interpolation, concatenated in the order in which they count (A1, A9).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn policies(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let id = holdings::subject_id(compiled, &user).unwrap_or_default();
    let mut all = Vec::new();
    for role in holdings::holders(compiled, &user, HolderKind::Role) {
        let document = source.policies.iter().find(|document| document.id == role);
        if let Some(Value::List(policies)) = document.map(|document| &document.value) {
            all.extend(policies.iter().map(|policy| crate::condition::substitute_text(policy, id)));
        }
    }
    Ok(Value::List(all))
}
