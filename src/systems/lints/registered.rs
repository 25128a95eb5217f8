//! What a closed registry leaves of a grant (N16).

use super::shadow::is_small;
use crate::model::{Grant, Model, Registered};

/// Whether some permission of the registry is covered, or asked for on something that is.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn is_registered(model: &mut Model, grant: &Grant) -> bool {
    let known = model.findings.as_mut().and_then(|findings| findings.registered.take());
    let mut registered = known.unwrap_or_else(|| Box::new(Registered::new(model)));
    let found = registered.incomplete
        || !is_small(grant)
        || grant.actions.iter().any(|action| grant.resources.iter().any(|resource| registered.has(model, action, resource)));
    if let Some(findings) = &mut model.findings {
        findings.registered = Some(registered);
    }
    found
}
