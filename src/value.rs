//! Plain data: what payloads are read into, what conditions compare with, what records are made of.

/// A value as data interchange knows it. Numbers are doubles, as in JavaScript; members keep their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Present, and null. An absent member is an absent member, not this.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A double.
    Number(f64),
    /// Unicode text.
    Text(Box<str>),
    /// A list.
    List(Vec<Value>),
    /// Members in the order written; a key occurs once.
    Map(Vec<(Box<str>, Value)>),
}

impl Value {
    /// The member of that name, if this is a map that has one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for sentences.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}
