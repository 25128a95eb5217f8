//! A value of a document, which knows the way to it, so that every refusal names its place.

use crate::base::error::{Error, ErrorCode};
use crate::base::nearest::nearest;
use crate::json::document::{Document, Kind};
use crate::value::Value;

/// One value of a payload and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'j> {
    document: &'j Document<'j>,
    at: u32,
}

/// The members of an object, in order.
pub struct Members<'j> {
    document: &'j Document<'j>,
    next: u32,
    end: u32,
}

/// The items of a list.
pub struct Items<'j>(Members<'j>);

impl<'j> Iterator for Members<'j> {
    type Item = (&'j str, Cursor<'j>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let key = self.document.text(self.next);
        let value = Cursor { document: self.document, at: self.next.saturating_add(1) };
        self.next = self.document.end(value.at);
        Some((key, value))
    }
}

impl<'j> Iterator for Items<'j> {
    type Item = Cursor<'j>;

    fn next(&mut self) -> Option<Self::Item> {
        let Members { document, next, end } = self.0;
        let more = next < end;
        if more {
            self.0.next = document.end(next);
        }
        more.then_some(Cursor { document, at: next })
    }
}

impl<'j> Cursor<'j> {
    pub fn new(document: &'j Document<'j>, at: u32) -> Self {
        Self { document, at }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.document.kind(self.at)
    }

    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    pub fn is_list(&self) -> bool {
        self.kind() == Kind::List
    }

    pub fn is_map(&self) -> bool {
        self.kind() == Kind::Map
    }

    /// How many items or members there are.
    pub fn count(&self) -> usize {
        if self.is_list() || self.is_map() { self.document.count(self.at) } else { 0 }
    }

    /// The same as a tree of its own.
    pub fn to_value(self) -> Value {
        self.document.value(self.at)
    }

    /// Whether another value of the same document is equal, members in the same order.
    pub fn same(&self, other: &Self) -> bool {
        self.document.same(self.at, other.at)
    }

    /// Where this stands among all values: in the order of the text.
    pub fn position(&self) -> u32 {
        self.at
    }

    /// Where this stands, as text.
    pub fn path(&self) -> String {
        self.document.path(self.at)
    }

    /// A refusal that names this place.
    pub fn fail(&self, code: ErrorCode, message: impl Into<String>) -> Error {
        Error::new(code, self.path(), message)
    }

    fn expected(&self, what: &str) -> Error {
        self.fail(ErrorCode::Type, ["expected ", what, " but found ", self.kind().name()].concat())
    }

    fn inside(&self) -> Members<'j> {
        Members { document: self.document, next: self.at.saturating_add(1), end: self.document.end(self.at) }
    }

    /// The members of an object, in order.
    pub fn members(&self) -> Result<Members<'j>, Error> {
        if self.is_map() { Ok(self.inside()) } else { Err(self.expected("an object")) }
    }

    /// The items of a list.
    pub fn items(&self) -> Result<Items<'j>, Error> {
        if self.is_list() { Ok(Items(self.inside())) } else { Err(self.expected("a list")) }
    }

    /// The member if it is there, be it null. Nothing else than an object has members.
    pub fn get(&self, key: &str) -> Option<Self> {
        if !self.is_map() {
            return None;
        }
        self.inside().find(|(name, _)| *name == key).map(|(_, member)| member)
    }

    /// The member if it is there and not null.
    pub fn opt(&self, key: &str) -> Option<Self> {
        self.get(key).filter(|member| !member.is_null())
    }

    /// The member, which has to be there.
    pub fn req(&self, key: &str) -> Result<Self, Error> {
        match self.get(key) {
            Some(member) => Ok(member),
            None if self.is_map() => Err(self.fail(ErrorCode::FieldMissing, ["the field `", key, "` is missing"].concat())),
            None => Err(self.expected("an object")),
        }
    }

    /// The text if it is one.
    pub fn as_text(&self) -> Option<&'j str> {
        if self.kind() == Kind::Text { Some(self.document.text(self.at)) } else { None }
    }

    /// The boolean if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if self.kind() == Kind::Bool { Some(self.document.is_true(self.at)) } else { None }
    }

    /// The number if it is one.
    pub fn as_number(&self) -> Option<f64> {
        if self.kind() == Kind::Number { Some(self.document.number(self.at)) } else { None }
    }

    /// The text.
    pub fn text(&self) -> Result<&'j str, Error> {
        self.as_text().ok_or_else(|| self.expected("text"))
    }

    /// The text, which may not be empty: ids and names.
    pub fn id(&self) -> Result<&'j str, Error> {
        let text = self.text()?;
        if text.is_empty() { Err(self.fail(ErrorCode::Value, "the text is empty")) } else { Ok(text) }
    }

    /// The boolean.
    pub fn boolean(&self) -> Result<bool, Error> {
        self.as_bool().ok_or_else(|| self.expected("a boolean"))
    }

    /// The whole number.
    pub fn integer(&self) -> Result<i64, Error> {
        match self.as_number() {
            Some(number) if number.fract() == 0.0 => Ok(number as i64),
            Some(_) => Err(self.fail(ErrorCode::Value, "expected a whole number")),
            None => Err(self.expected("a number")),
        }
    }

    /// The texts of a list.
    pub fn texts(&self) -> Result<Vec<&'j str>, Error> {
        let items = self.items()?;
        let mut texts = Vec::with_capacity(self.count());
        for item in items {
            texts.push(item.text()?);
        }
        Ok(texts)
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
        self.sort_out(known, &mut [])
    }

    /// The members of these names, in one walk; any other is refused.
    pub fn fields<const N: usize>(&self, known: [&str; N]) -> Result<[Option<Self>; N], Error> {
        let mut found = [None; N];
        self.sort_out(&known, &mut found)?;
        Ok(found)
    }

    fn sort_out(&self, known: &[&str], found: &mut [Option<Self>]) -> Result<(), Error> {
        for (key, member) in self.members()? {
            let Some(place) = known.iter().position(|name| *name == key) else {
                let mut message = ["unknown field `", clip(key), "`"].concat();
                if let Some(meant) = nearest(key, known) {
                    message.push_str(&[": did you mean `", meant, "`?"].concat());
                }
                return Err(member.fail(ErrorCode::FieldUnknown, message));
            };
            if let Some(field) = found.get_mut(place) {
                *field = Some(member);
            }
        }
        Ok(())
    }
}

/// A name as it may stand in a sentence.
pub fn clip(name: &str) -> &str {
    let end = name.char_indices().nth(64).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or(name)
}
