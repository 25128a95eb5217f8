//! Conditions on records: what a rule asks of the attributes of what it is applied to.
//!
//! Three semantics live side by side, because the servers differ: see [`Semantics`]. Regular expressions are the host's
//! (JavaScript's own, or an ECMAScript engine natively); everything else is decided here.

mod bind;
mod eval;
mod fields;
mod javascript;
mod native;
mod parse;
mod placeholder;
mod regex;
mod translate;

pub use bind::bind;
pub use eval::{Outcome, evaluate};
pub use fields::field_matches;
pub use parse::parse;
pub use placeholder::{Bindings, substitute_text};
pub use translate::restricts;

use crate::value::Value;

/// Whose reading of a condition counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantics {
    /// CASL 6.7.3 with ucast 3.0.4, as Open Archiver 0.6.0 pins them (rules A6–A8, A22, A25).
    Casl6,
    /// CASL 7.0.1 with ucast 4.0.1 (`rules/casl-semantics.md`).
    Casl7,
    /// Native snapshots (N18): nothing is coerced, nothing throws, unknown operators are refused at load.
    Native,
}

impl Semantics {
    /// All of them; a compiled snapshot names one by its place.
    pub const ALL: &'static [Self] = &[Self::Casl6, Self::Casl7, Self::Native];
}

/// A condition, read. One without any test holds for every record.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What must hold, in the order in which the server tests it; or why the server would throw when it first needs it (A22).
    pub tests: Result<Vec<Test>, &'static str>,
    /// As it was written: for the compiled snapshot, for placeholders, and for the list translators.
    source: Value,
    placeholder: bool,
}

impl Condition {
    /// One on which the server fails.
    #[must_use]
    pub fn throwing(sentence: &'static str) -> Self {
        Self { tests: Err(sentence), source: Value::Null, placeholder: false }
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// No test at all: `{}`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.tests, Ok(tests) if tests.is_empty())
    }

    /// Whether it holds different things for different principals.
    #[must_use]
    pub fn has_placeholder(&self) -> bool {
        self.placeholder
    }

    /// The names of the top-level attributes that it reads.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().flatten().filter_map(|test| test.path.first().map(AsRef::as_ref))
    }
}

/// One operator on one path.
#[derive(Debug, Clone)]
pub struct Test {
    /// Steps into the record; none at all is the value itself (inside `$elemMatch`).
    pub path: Vec<Box<str>>,
    /// The record's text is trimmed and lower-cased before it is compared (A10).
    pub fold: bool,
    /// What is asked of it.
    pub operator: Operator,
}

/// An operator with its operand. Operands are validated: an order is on numbers or text.
#[derive(Debug, Clone)]
pub enum Operator {
    /// `$eq`, or a bare value.
    Equal(Value),
    /// `$ne`.
    NotEqual(Value),
    /// `$lt`.
    Less(Value),
    /// `$lte`.
    LessOrEqual(Value),
    /// `$gt`.
    Greater(Value),
    /// `$gte`.
    GreaterOrEqual(Value),
    /// `$in`.
    In(Vec<Value>),
    /// `$nin`.
    NotIn(Vec<Value>),
    /// `$all`.
    All(Vec<Value>),
    /// `$size`.
    Size(f64),
    /// `$exists`.
    Exists(bool),
    /// `$regex` with `$options`.
    Regex {
        /// The pattern, as ECMAScript writes it.
        pattern: Box<str>,
        /// The flags.
        flags: Box<str>,
    },
    /// `$elemMatch`.
    Element(Vec<Test>),
}
