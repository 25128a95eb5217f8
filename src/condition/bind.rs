//! A condition for one principal.

use super::placeholder::{Bindings, Filler};
use super::{Condition, Semantics, walk};

/// The condition for one principal. `None`: a placeholder stands for nothing, so the condition holds for no record (N19).
#[must_use]
pub fn bind(condition: Condition, semantics: Semantics, folded: Option<&str>, bindings: &dyn Bindings) -> Option<Condition> {
    if !condition.placeholder {
        return Some(condition);
    }
    let filler = match semantics {
        Semantics::Native => Filler::Values(bindings),
        // Rule A9: plain text substitution everywhere in the policies.
        _ => Filler::Text(bindings.subject_id()?),
    };
    let mut read = walk::read(filler.fill(&condition.source, false)?, semantics, folded).ok()?;
    read.placeholder = false;
    Some(read)
}
