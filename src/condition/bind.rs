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
        if !filler.fill(&mut source, false) {
            return None;
        }
    }
    if folded.is_some_and(|name| !fold(&mut source, name)) {
        return None;
    }
    let mut read = walk::read(source, semantics, folded).ok()?;
    read.unbound = false;
    Some(read)
}
