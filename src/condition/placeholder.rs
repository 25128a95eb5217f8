//! Placeholders in the text of a condition.

use super::Semantics;
use crate::value::Value;

/// What placeholders stand for.
pub trait Bindings {
    /// The id that `${user.id}` or `${principal.id}` stands for.
    fn subject_id(&self) -> Option<&str>;
    /// The tenant that `${principal.tenant}` stands for.
    fn tenant(&self) -> Option<&str>;
    /// The value that `${principal.attributes.NAME}` stands for.
    fn attribute(&self, name: &str) -> Option<Value>;
}

const USER_ID: &str = "${user.id}";

pub fn has_placeholder(source: &Value, semantics: Semantics) -> bool {
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

/// N19: a misspelt placeholder would make a deny that never denies.
pub fn has_unknown_placeholder(source: &Value) -> bool {
    match source {
        Value::Text(text) => text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| {
            let attribute = name.strip_prefix("principal.attributes.").is_some_and(|name| !name.is_empty());
            !attribute && name != "principal.id" && name != "principal.tenant"
        }),
        Value::List(items) => items.iter().any(has_unknown_placeholder),
        Value::Map(members) => members.iter().any(|(_, value)| has_unknown_placeholder(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
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

/// N19: operands for what they stand for. `None` where one stands for nothing, or for what the operator cannot take: a value is
/// compared with, and never becomes a condition of its own.
pub fn substitute_values(source: &Value, bindings: &dyn Bindings) -> Option<Value> {
    substitute(source, bindings, false)
}

/// `list`: the operator expects one, and a placeholder may stand for it.
fn substitute(source: &Value, bindings: &dyn Bindings, list: bool) -> Option<Value> {
    match source {
        Value::Text(text) => {
            let Some(name) = text.strip_prefix("${principal.").and_then(|rest| rest.strip_suffix('}')) else { return Some(source.clone()) };
            let value = match name {
                "id" => bindings.subject_id().map(|id| Value::Text(id.into())),
                "tenant" => bindings.tenant().map(|tenant| Value::Text(tenant.into())),
                _ => name.strip_prefix("attributes.").and_then(|name| bindings.attribute(name)),
            };
            value.filter(|value| match value {
                Value::Map(_) => false,
                Value::List(_) => list,
                _ => !list,
            })
        }
        Value::List(items) => items.iter().map(|item| substitute(item, bindings, false)).collect::<Option<_>>().map(Value::List),
        Value::Map(members) => members
            .iter()
            .map(|(key, value)| {
                let list = matches!(key.as_ref(), "$in" | "$nin" | "$all");
                substitute(value, bindings, list).map(|value| (key.clone(), value))
            })
            .collect::<Option<_>>()
            .map(Value::Map),
        other => Some(other.clone()),
    }
}
