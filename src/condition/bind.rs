//! A condition for one principal.

use super::placeholder::{Bindings, substitute_text, substitute_values};
use super::{Condition, Semantics, parse};

/// The condition for one principal. `None`: a placeholder stands for nothing, so the condition holds for no record (N19).
#[must_use]
pub fn bind(condition: &Condition, semantics: Semantics, folded: Option<&str>, bindings: &dyn Bindings) -> Option<Condition> {
    let template = &condition.source;
    if !condition.placeholder {
        return Some(condition.clone());
    }
    let bound = match semantics {
        Semantics::Native => substitute_values(template, bindings)?,
        // Rule A9: plain text substitution everywhere in the policies.
        _ => substitute_text(template, bindings.subject_id()?),
    };
    parse(&bound, semantics, folded).ok().map(|mut read| {
        read.placeholder = false;
        read
    })
}
