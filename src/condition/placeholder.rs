//! Placeholders in the text of a condition.

use super::Semantics;
use crate::base::text;
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
    match semantics {
        Semantics::Native => any_text(source, &|text| principal_member(text).is_some()),
        Semantics::Casl6 => any_text(source, &|text| text::find(text, USER_ID).is_some()),
        Semantics::Casl7 => false,
    }
}

fn principal_member(text: &str) -> Option<&str> {
    text::between(text, "${principal.", "}")
}

/// N19: a misspelt placeholder would make a deny that never denies.
pub fn has_unknown_placeholder(source: &Value) -> bool {
    match source {
        Value::Text(text) => text::between(text, "${", "}").is_some_and(|name| {
            let attribute = name.strip_prefix("principal.attributes.").is_some_and(|name| !name.is_empty());
            !attribute && name != "principal.id" && name != "principal.tenant"
        }),
        Value::List(items) => items.iter().any(has_unknown_placeholder),
        Value::Map(members) => members.iter().any(|(_, value)| has_unknown_placeholder(value)),
        _ => false,
    }
}

/// Whether one of the texts is such, keys included.
fn any_text(source: &Value, found: &dyn Fn(&str) -> bool) -> bool {
    match source {
        Value::Text(text) => found(text),
        Value::List(items) => items.iter().any(|item| any_text(item, found)),
        Value::Map(members) => members.iter().any(|(key, value)| found(key) || any_text(value, found)),
        _ => false,
    }
}

/// Rule A9, for a whole document.
pub fn substitute_text(source: &Value, id: &str) -> Value {
    let mut filled = source.clone();
    Filler::Text(id).fill(&mut filled, false);
    filled
}

/// What is put in the place of placeholders.
pub(super) enum Filler<'a> {
    /// This text for `${user.id}`, wherever it stands, in keys too.
    Text(&'a str),
    /// N19: operands for what they stand for. Nothing where one stands for nothing, or for what the operator cannot take: a value
    /// is compared with, and never becomes a condition of its own.
    Values(&'a dyn Bindings),
}

impl Filler<'_> {
    /// Fills them in. Not done where one stands for nothing that can be compared with. `list`: the operator expects one, and a
    /// placeholder may stand for it.
    pub fn fill(&self, source: &mut Value, list: bool) -> bool {
        match source {
            Value::Text(text) => match self {
                Self::Text(id) => *text = text::replace(text, USER_ID, id).into(),
                Self::Values(bindings) => {
                    let Some(name) = principal_member(text) else { return true };
                    *source = match stands_for(*bindings, name) {
                        None | Some(Value::Map(_)) => return false,
                        Some(value) if matches!(value, Value::List(_)) != list => return false,
                        Some(value) => value,
                    };
                }
            },
            Value::List(items) => return items.iter_mut().all(|item| self.fill(item, false)),
            Value::Map(members) => {
                for (key, value) in members {
                    if !self.fill(value, matches!(&**key, "$in" | "$nin" | "$all")) {
                        return false;
                    }
                    if let Self::Text(id) = self {
                        *key = text::replace(key, USER_ID, id).into();
                    }
                }
            }
            _ => {}
        }
        true
    }
}

fn stands_for(bindings: &dyn Bindings, name: &str) -> Option<Value> {
    let text = match name {
        "id" => bindings.subject_id()?,
        "tenant" => bindings.tenant()?,
        _ => return bindings.attribute(name.strip_prefix("attributes.")?),
    };
    Some(Value::Text(text.into()))
}
