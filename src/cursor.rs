//! A value with the way to it, so that every refusal names its place.

use crate::error::{Error, ErrorCode};
use crate::payload::push_key;
use crate::value::Value;

/// One value of a payload and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'p, 'j> {
    value: &'j Value,
    parent: Option<&'p Cursor<'p, 'j>>,
    step: Step<'j>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'j> {
    Root(&'static str),
    Key(&'j str),
    Index(usize),
}

impl<'p, 'j> Cursor<'p, 'j> {
    /// The whole text; `root` is how its place is written, `$` as a rule.
    pub fn root(value: &'j Value, root: &'static str) -> Self {
        Self { value, parent: None, step: Step::Root(root) }
    }

    /// The bare value.
    pub fn value(&self) -> &'j Value {
        self.value
    }

    /// Where this stands, as text.
    pub fn path(&self) -> String {
        let mut text = self.parent.map_or_else(String::new, Cursor::path);
        match self.step {
            Step::Root(root) => text.push_str(root),
            Step::Key(key) => push_key(&mut text, key),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
        text
    }

    /// A refusal that names this place.
    pub fn fail(&self, code: ErrorCode, message: impl Into<String>) -> Error {
        Error::new(code, self.path(), message)
    }

    fn expected(&self, what: &str) -> Error {
        self.fail(ErrorCode::Type, format!("expected {what} but found {}", self.value.kind()))
    }

    fn child<'c>(&'c self, key: &'j str, value: &'j Value) -> Cursor<'c, 'j> {
        Cursor { value, parent: Some(self), step: Step::Key(key) }
    }

    /// The members of an object, in order.
    pub fn members<'c>(&'c self) -> Result<impl Iterator<Item = (&'j str, Cursor<'c, 'j>)>, Error> {
        match self.value {
            Value::Map(members) => Ok(members.iter().map(|(key, value)| (key.as_ref(), self.child(key, value)))),
            _ => Err(self.expected("an object")),
        }
    }

    /// The member if it is there, be it null. Nothing else than an object has members.
    pub fn get<'c>(&'c self, key: &str) -> Option<Cursor<'c, 'j>> {
        match self.value {
            Value::Map(members) => members.iter().find(|(name, _)| name.as_ref() == key).map(|(name, value)| self.child(name, value)),
            _ => None,
        }
    }

    /// The member if it is there and not null.
    pub fn opt<'c>(&'c self, key: &str) -> Option<Cursor<'c, 'j>> {
        self.get(key).filter(|member| !matches!(member.value, Value::Null))
    }

    /// The member, which has to be there.
    pub fn req<'c>(&'c self, key: &str) -> Result<Cursor<'c, 'j>, Error> {
        if !matches!(self.value, Value::Map(_)) {
            return Err(self.expected("an object"));
        }
        self.get(key).ok_or_else(|| self.fail(ErrorCode::FieldMissing, format!("the field `{key}` is missing")))
    }

    /// The items of a list.
    pub fn items<'c>(&'c self) -> Result<impl Iterator<Item = Cursor<'c, 'j>>, Error> {
        match self.value {
            Value::List(items) => {
                Ok(items.iter().enumerate().map(|(index, value)| Cursor { value, parent: Some(self), step: Step::Index(index) }))
            }
            _ => Err(self.expected("a list")),
        }
    }

    /// The text.
    pub fn text(&self) -> Result<&'j str, Error> {
        self.value.as_text().ok_or_else(|| self.expected("text"))
    }

    /// The text, which may not be empty: ids and names.
    pub fn id(&self) -> Result<&'j str, Error> {
        let text = self.text()?;
        if text.is_empty() { Err(self.fail(ErrorCode::Value, "the text is empty")) } else { Ok(text) }
    }

    /// The boolean.
    pub fn boolean(&self) -> Result<bool, Error> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            _ => Err(self.expected("a boolean")),
        }
    }

    /// The whole number.
    pub fn integer(&self) -> Result<i64, Error> {
        match self.value {
            Value::Number(number) if number.fract() == 0.0 => Ok(*number as i64),
            Value::Number(_) => Err(self.fail(ErrorCode::Value, "expected a whole number")),
            _ => Err(self.expected("a number")),
        }
    }

    /// The texts of a list.
    pub fn texts(&self) -> Result<Vec<&'j str>, Error> {
        self.items()?.map(|item| item.text()).collect()
    }

    /// The text of the member, if it is there and not null.
    pub fn opt_text(&self, key: &str) -> Result<Option<&'j str>, Error> {
        self.opt(key).map(|member| member.text()).transpose()
    }

    /// The boolean of the member, if it is there and not null.
    pub fn opt_bool(&self, key: &str) -> Result<Option<bool>, Error> {
        self.opt(key).map(|member| member.boolean()).transpose()
    }

    /// Refuses members that are not in the list: for what we define ourselves.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        for (key, member) in self.members()? {
            if !known.contains(&key) {
                return Err(member.fail(ErrorCode::FieldUnknown, format!("unknown field `{}`", clip(key))));
            }
        }
        Ok(())
    }
}

/// A name as it may stand in a sentence.
pub fn clip(name: &str) -> String {
    name.chars().take(64).collect()
}
