//! A condition for one principal.

use super::placeholder::{Bindings, substitute_text, substitute_values};
use super::{Condition, Operator, Semantics, parse};
use crate::value::Value;

/// The condition for one principal. `None`: a placeholder stands for nothing, so the condition holds for no record (N19).
#[must_use]
pub fn bind(condition: &Condition, semantics: Semantics, folded: Option<&str>, bindings: &dyn Bindings) -> Option<Condition> {
    let Some(template) = &condition.template else { return Some(condition.clone()) };
    let bound = match semantics {
        Semantics::Native => substitute_values(template, bindings)?,
        // Rule A9: plain text substitution everywhere in the policies.
        _ => substitute_text(template, bindings.subject_id()?),
    };
    parse(&bound, semantics, folded).ok().map(|mut read| {
        read.template = None;
        flatten_lists(&mut read, semantics);
        read
    })
}

/// A placeholder inside an operand list may stand for a list: its items count (`$in: ["${principal.attributes.regions}"]`).
fn flatten_lists(condition: &mut Condition, semantics: Semantics) {
    if semantics != Semantics::Native {
        return;
    }
    for test in condition.tests.iter_mut().flatten() {
        if let Operator::In(items) | Operator::NotIn(items) | Operator::All(items) = &mut test.operator {
            let flat = std::mem::take(items).into_iter().flat_map(|item| match item {
                Value::List(inner) => inner,
                other => vec![other],
            });
            *items = flat.collect();
        }
    }
}
