//! A condition for one principal.

use super::placeholder::{Bindings, Filler, has_placeholder};
use super::{Condition, Semantics, fold, walk};

/// The condition for one principal. `None`: a placeholder stands for nothing, so the condition holds for no record (N19).
#[must_use]
pub fn bind(condition: Condition, semantics: Semantics, folded: Option<&str>, bindings: &dyn Bindings) -> Option<Condition> {
    if !condition.unbound {
        return Some(condition);
    }
    let mut source = condition.source;
    if has_placeholder(&source, semantics) {
        let filler = match semantics {
            Semantics::Native => Filler::Values(bindings),
            // Rule A9: plain text substitution everywhere in the policies.
            _ => Filler::Text(bindings.subject_id()?),
        };
        source = filler.fill(&source, false)?;
    }
    if let Some(name) = folded {
        source = fold(&source, name)?;
    }
    let mut read = walk::read(source, semantics, folded).ok()?;
    read.unbound = false;
    Some(read)
}
