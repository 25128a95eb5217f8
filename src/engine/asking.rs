//! What can be asked: as data of its own, and borrowed for the time of an answer.

use crate::base::text::{concat, join, own};
use crate::value::Value;

/// What is asked.
#[derive(Debug, Clone)]
pub enum Ask {
    /// One permission in the system's own spelling.
    Permission(String),
    /// All of these; none at all is asked of anybody who is let in (K5).
    AllOf(Vec<String>),
    /// One of these; none at all is nobody (K5).
    AnyOf(Vec<String>),
    /// An action on at least one record of a type.
    Type {
        /// The action.
        action: String,
        /// The type.
        subject: String,
        /// A field of the record.
        field: Option<String>,
    },
    /// An action on this record.
    Record {
        /// The action.
        action: String,
        /// The type.
        subject: String,
        /// The record's attributes.
        record: Value,
        /// A field of the record.
        field: Option<String>,
    },
    /// What a list of records may show.
    Filter {
        /// The actions, any of which lets a record be shown.
        actions: Vec<String>,
        /// The type.
        subject: String,
    },
    /// A request.
    Route {
        /// The method.
        method: String,
        /// The path, perhaps with a query.
        path: String,
        /// Facts of the caller and of the record.
        facts: Value,
    },
}

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Permission,
    AllOf,
    AnyOf,
    Type,
    Record,
    Filter,
    Route,
}

/// A question whose words are somebody else's.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    pub kind: Kind,
    /// Permissions, actions, or the method.
    pub words: Vec<&'a str>,
    /// The type, or the path.
    pub subject: &'a str,
    pub field: Option<&'a str>,
    /// The record, or what is known of caller and record.
    pub value: &'a Value,
}

/// A question about no record.
pub static NOTHING: Value = Value::Null;

impl Ask {
    /// The question as a sentence names it.
    #[must_use]
    pub fn text(&self) -> String {
        self.asking().text()
    }

    /// The same, its words borrowed.
    pub(crate) fn asking(&self) -> Asking<'_> {
        fn all(list: &[String]) -> Vec<&str> {
            list.iter().map(String::as_str).collect()
        }
        match self {
            Self::Permission(permission) => Asking::new(Kind::Permission, vec![permission], ""),
            Self::AllOf(list) => Asking::new(Kind::AllOf, all(list), ""),
            Self::AnyOf(list) => Asking::new(Kind::AnyOf, all(list), ""),
            Self::Type { action, subject, field } => Asking { field: field.as_deref(), ..Asking::new(Kind::Type, vec![action], subject) },
            Self::Record { action, subject, record, field } => {
                Asking { field: field.as_deref(), value: record, ..Asking::new(Kind::Record, vec![action], subject) }
            }
            Self::Filter { actions, subject } => Asking::new(Kind::Filter, all(actions), subject),
            Self::Route { method, path, facts } => Asking { value: facts, ..Asking::new(Kind::Route, vec![method], path) },
        }
    }
}

impl<'a> Asking<'a> {
    pub fn new(kind: Kind, words: Vec<&'a str>, subject: &'a str) -> Self {
        Self { kind, words, subject, field: None, value: &NOTHING }
    }

    /// The same with words of its own.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "only insight keeps questions"))]
    pub fn own(&self) -> Ask {
        let words = own(&self.words);
        let word = || words.first().cloned().unwrap_or_default();
        let (subject, field) = (String::from(self.subject), self.field.map(Into::into));
        match self.kind {
            Kind::Permission => Ask::Permission(word()),
            Kind::AllOf => Ask::AllOf(words),
            Kind::AnyOf => Ask::AnyOf(words),
            Kind::Type => Ask::Type { action: word(), subject, field },
            Kind::Record => Ask::Record { action: word(), subject, record: self.value.clone(), field },
            Kind::Filter => Ask::Filter { actions: words, subject },
            Kind::Route => Ask::Route { method: word(), path: subject, facts: self.value.clone() },
        }
    }

    /// The question as a sentence names it.
    pub fn text(&self) -> String {
        let (between, middle, end) = match self.kind {
            Kind::AllOf if self.words.is_empty() => return "what asks for no permission".into(),
            Kind::AnyOf if self.words.is_empty() => return "what one of no permissions opens".into(),
            Kind::Permission | Kind::AllOf => ("` and `", "", ""),
            Kind::AnyOf => ("` or `", "", ""),
            Kind::Type => ("", "` some `", self.subject),
            Kind::Record => ("", "` this `", self.subject),
            Kind::Filter => ("`, `", "` on `", self.subject),
            Kind::Route => ("", " ", self.subject),
        };
        concat(&["`", &join(&self.words, between), middle, end, "`"])
    }
}
