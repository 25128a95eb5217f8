//! Arguments of calls, read with the place that a refusal names.

use super::document::push_key;
use crate::base::error::{Error, ErrorCode};
use crate::base::nearest::nearest;
use crate::base::text::{concat, push_number};
use crate::value::Value;

/// A value, and how its place is written.
#[derive(Clone, Copy)]
pub struct Place<'v> {
    pub base: &'static str,
    pub value: &'v Value,
}

/// What was read, or why not.
pub type Read<T> = Result<T, Error>;

/// Members of an object.
pub type Pairs = [(Box<str>, Value)];

impl<'v> Place<'v> {
    /// A refusal that names a place: this one, a member, or an item.
    #[inline(never)]
    pub fn fail(&self, key: Option<&str>, item: Option<usize>, message: &str) -> Error {
        let mut path = String::from(self.base);
        if let Some(key) = key {
            push_key(&mut path, key);
        }
        if let Some(item) = item {
            path.push('[');
            push_number(&mut path, item);
            path.push(']');
        }
        Error::new(ErrorCode::Argument, path, message)
    }

    #[inline(never)]
    pub fn expected(&self, key: Option<&str>, item: Option<usize>, what: &str, value: &Value) -> Error {
        self.fail(key, item, &concat(&["expected ", what, " but found ", value.kind()]))
    }

    /// The member if it is there and not null.
    #[inline(never)]
    pub fn opt(&self, key: &str) -> Option<&'v Value> {
        self.value.get(key).filter(|value| !matches!(value, Value::Null))
    }

    /// The member, which has to be there.
    #[inline(never)]
    pub fn req(&self, key: &str) -> Read<&'v Value> {
        match self.value {
            Value::Map(_) => self.value.get(key).ok_or_else(|| self.fail(None, None, &concat(&["the field `", key, "` is missing"]))),
            _ => Err(self.expected(None, None, "an object", self.value)),
        }
    }

    /// The text of a member, if it is there and not null.
    #[inline(never)]
    pub fn opt_text(&self, key: &str) -> Read<Option<&'v str>> {
        match self.opt(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.expected(Some(key), None, "text", other)),
        }
    }

    /// The same as a text of its own.
    #[inline(never)]
    pub fn own_text(&self, key: &str) -> Read<Option<String>> {
        Ok(self.opt_text(key)?.map(Into::into))
    }

    /// A text that may not be empty.
    #[inline(never)]
    pub fn id(&self, key: &str, item: Option<usize>, value: &'v Value) -> Read<&'v str> {
        match value {
            Value::Text(text) if text.is_empty() => Err(self.fail(Some(key), item, "the text is empty")),
            Value::Text(text) => Ok(text),
            other => Err(self.expected(Some(key), item, "text", other)),
        }
    }

    pub fn word(&self, key: &str) -> Read<&'v str> {
        self.id(key, None, self.req(key)?)
    }

    /// Texts that may not be empty.
    pub fn words(&self, key: &str, list: &'v Value) -> Read<Vec<&'v str>> {
        let Value::List(items) = list else { return Err(self.expected(Some(key), None, "a list", list)) };
        let mut words = Vec::new();
        for item in items {
            words.push(self.id(key, Some(words.len()), item)?);
        }
        Ok(words)
    }

    /// The texts of a member, or of this value itself.
    #[inline(never)]
    pub fn texts(&self, key: Option<&str>, list: &'v Value) -> Read<Vec<String>> {
        let Value::List(items) = list else { return Err(self.expected(key, None, "a list", list)) };
        let mut texts = Vec::new();
        for item in items {
            match item {
                Value::Text(text) => texts.push(String::from(&**text)),
                other => return Err(self.expected(key, Some(texts.len()), "text", other)),
            }
        }
        Ok(texts)
    }

    /// The texts of a member, if it is there and not null.
    pub fn opt_texts(&self, key: &str) -> Read<Option<Vec<String>>> {
        self.opt(key).map(|list| self.texts(Some(key), list)).transpose()
    }

    /// The members of a member, if it is there and not null.
    #[inline(never)]
    pub fn opt_members(&self, key: &str) -> Read<Option<&'v Pairs>> {
        match self.opt(key) {
            None => Ok(None),
            Some(Value::Map(members)) => Ok(Some(members)),
            Some(other) => Err(self.expected(Some(key), None, "an object", other)),
        }
    }

    /// Refuses members that are not known, and says which one was meant.
    #[inline(never)]
    pub fn only(&self, known: &[&str], sentence: &str) -> Read<()> {
        let Value::Map(members) = self.value else { return Err(self.expected(None, None, "an object", self.value)) };
        for (key, _) in members {
            if !known.contains(&&**key) {
                return Err(self.unknown(key, nearest(key, known), sentence));
            }
        }
        Ok(())
    }

    #[inline(never)]
    pub fn unknown(&self, key: &str, meant: Option<&str>, sentence: &str) -> Error {
        let end = key.char_indices().nth(64).map_or(key.len(), |(at, _)| at);
        let mut message = concat(&[sentence, "`", key.get(..end).unwrap_or_default(), "`"]);
        if let Some(meant) = meant {
            message.push_str(&concat(&[": did you mean `", meant, "`?"]));
        }
        self.fail(Some(key), None, &message)
    }
}
