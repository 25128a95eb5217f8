//! Requests by which somebody might gain rights: to be given what there is, and to write into what they hold. The strongest come first.
//! Whether they may be sent, and what comes of them, is for the endpoint table and the edits themselves to say.

use super::tree::{set, text};
use crate::value::Value;

/// A request. What it holds is made when it turns out that it may be sent: most may not.
pub struct Move<'v> {
    pub method: &'static str,
    pub path: String,
    /// Whether it has to name a language (EW14).
    pub language: bool,
    pub body: Option<Box<dyn Fn() -> Value + 'v>>,
}

/// What the right to send a request hangs on.
pub struct Head<'m> {
    pub method: &'static str,
    pub path: &'m str,
}

impl Move<'_> {
    pub fn line(&self) -> Head<'_> {
        Head { method: self.method, path: &self.path }
    }

    /// Method and path alone.
    pub fn head(&self) -> Value {
        map(vec![("method", text(self.method)), ("path", text(&self.path))])
    }

    /// As an edit has it.
    pub fn request(&self) -> Value {
        let mut request = self.head();
        if self.language {
            set(&mut request, "headers", map(vec![("Content-Language", text("en"))]));
        }
        if let Some(body) = &self.body {
            set(&mut request, "body", body());
        }
        request
    }
}

pub fn map(members: Vec<(&str, Value)>) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

pub fn bare<'v>(method: &'static str, path: &[&str]) -> Move<'v> {
    Move { method, path: path.concat(), language: false, body: None }
}

pub fn request<'v>(method: &'static str, path: &[&str], body: impl Fn() -> Value + 'v) -> Move<'v> {
    Move { body: Some(Box::new(body)), ..bare(method, path) }
}

/// The ids of some documents.
pub fn ids<'v>(documents: &[&'v Value], id: fn(&Value) -> Option<&str>) -> Vec<&'v str> {
    documents.iter().filter_map(|document| id(document)).collect()
}

/// Each once, in order.
pub fn each_once<'v>(list: impl IntoIterator<Item = &'v Value>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in list {
        if !found.contains(item) {
            found.push(item.clone());
        }
    }
    found
}
