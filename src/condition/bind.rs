//! Placeholders: what a condition says of whoever asks.

use super::{Condition, Operator, Semantics, parse};
use crate::value::Value;

/// What placeholders stand for.
pub trait Bindings {
    /// The id that `${user.id}` or `${principal.id}` stands for.
    fn subject_id(&self) -> Option<&str>;
    /// The tenant that `${principal.tenant}` stands for.
    fn tenant(&self) -> Option<&str>;
    /// The value that `${principal.attributes.NAME}` stands for.
    fn attribute(&self, name: &str) -> Option<&Value>;
}

const USER_ID: &str = "${user.id}";

pub(super) fn has_placeholder(source: &Value, semantics: Semantics) -> bool {
    let found = |text: &str| match semantics {
        Semantics::Native => text.starts_with("${principal.") && text.ends_with('}'),
        Semantics::Casl6 => text.contains(USER_ID),
        Semantics::Casl7 => false,
    };
    match source {
        Value::Text(text) => found(text),
        Value::List(items) => items.iter().any(|item| has_placeholder(item, semantics)),
        Value::Map(members) => members.iter().any(|(key, value)| found(key) || has_placeholder(value, semantics)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

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

/// Rule A9, for a whole document.
pub fn substitute_text(source: &Value, id: &str) -> Value {
    match source {
        Value::Text(text) => Value::Text(text.replace(USER_ID, id).into()),
        Value::List(items) => Value::List(items.iter().map(|item| substitute_text(item, id)).collect()),
        Value::Map(members) => {
            Value::Map(members.iter().map(|(key, value)| (key.replace(USER_ID, id).into(), substitute_text(value, id))).collect())
        }
        other => other.clone(),
    }
}

fn substitute_values(source: &Value, bindings: &dyn Bindings) -> Option<Value> {
    match source {
        Value::Text(text) => match text.strip_prefix("${principal.").and_then(|rest| rest.strip_suffix('}')) {
            None => Some(source.clone()),
            Some("id") => bindings.subject_id().map(|id| Value::Text(id.into())),
            Some("tenant") => bindings.tenant().map(|tenant| Value::Text(tenant.into())),
            Some(rest) => rest.strip_prefix("attributes.").and_then(|name| bindings.attribute(name)).cloned(),
        },
        Value::List(items) => items.iter().map(|item| substitute_values(item, bindings)).collect::<Option<_>>().map(Value::List),
        Value::Map(members) => members
            .iter()
            .map(|(key, value)| substitute_values(value, bindings).map(|value| (key.clone(), value)))
            .collect::<Option<_>>()
            .map(Value::Map),
        other => Some(other.clone()),
    }
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
