//! Plain data: what payloads are read into, what conditions compare with, what records are made of.

pub mod host;
pub mod js;

use std::sync::Arc;

use crate::base::text::push_whole;
use crate::value::js::Js;

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
    /// What only JavaScript has. No JSON text and no snapshot holds it.
    #[doc(hidden)]
    Js(Arc<Js>),
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
            Self::Js(_) => "a value that only JavaScript has",
        }
    }
}

/// The largest magnitude that a double holds exactly with all its neighbours.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

impl Value {
    /// Writes it as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(true) => text.push_str("true"),
            Self::Bool(false) => text.push_str("false"),
            Self::Number(number) => write_number(*number, text),
            Self::Text(inner) => write_text(inner, text),
            Self::List(items) => {
                let mut before = '[';
                for item in items {
                    text.push(before);
                    item.write(text);
                    before = ',';
                }
                text.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Map(members) => {
                let mut before = '{';
                for (key, member) in members {
                    text.push(before);
                    write_text(key, text);
                    text.push(':');
                    member.write(text);
                    before = ',';
                }
                text.push_str(if members.is_empty() { "{}" } else { "}" });
            }
            // Of an object what it holds; JSON has no word for the rest.
            Self::Js(_) => self.object().map_or(&Self::Null, |object| &object.body).write(text),
        }
    }
}

/// As JavaScript writes it: no fraction where there is none, and `null` for what is no number.
fn write_number(number: f64, text: &mut String) {
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE {
        if number < 0.0 {
            text.push('-');
        }
        push_whole(text, number.abs() as u64);
    } else if number.is_finite() {
        text.push_str(&crate::value::host::number_to_text(number));
    } else {
        text.push_str("null");
    }
}

fn write_text(inner: &str, text: &mut String) {
    text.push('"');
    for c in inner.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\0'..='\x1f' => {
                text.push_str("\\u00");
                text.extend([c as u32 >> 4, c as u32 & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            // As JavaScript writes it: no fraction where there is none.
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= MAX_SAFE => serializer.serialize_i64(*number as i64),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
            Self::Js(_) => self.object().map_or(&Self::Null, |object| &object.body).serialize(serializer),
        }
    }
}
