//! Conditions on records: what a rule asks of the attributes of what it is applied to.
//!
//! Three semantics live side by side, because the servers differ: see [`Semantics`]. Regular expressions are the host's
//! (JavaScript's own, or an ECMAScript engine natively); everything else is decided here.
//!
//! A condition stays the data that it was written as. One walk finds its tests in the order in which the server makes them;
//! checking, evaluating and planning are visitors of that walk.

mod bind;
mod eval;
mod fields;
mod fold;
mod inherited;
mod javascript;
#[cfg(test)]
mod js_tests;
mod native;
mod placeholder;
mod regex;
mod translate;
mod walk;

pub use bind::bind;
pub use eval::{Outcome, evaluate};
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use eval::{test_holds, values_at};
pub use fields::field_matches;
pub use fold::fold;
pub use inherited::is_inherited;
pub use javascript::is_harmless;
pub use placeholder::{Bindings, substitute_text};
pub use translate::restricts;
pub use walk::{Operator, Test, parse, read};

use crate::value::Value;

/// Whose reading of a condition counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantics {
    /// CASL 6.7.3 with ucast 3.0.4, as Open Archiver 0.6.0 pins them (rules A6–A8, A22, A25).
    Casl6,
    /// CASL 7.0.1 with ucast 4.0.1 (docs/rules/casl.md).
    Casl7,
    /// Native snapshots (N18): nothing is coerced, nothing throws, unknown operators are refused at load.
    Native,
}

impl Semantics {
    /// All of them; a compiled snapshot names one by its place.
    pub const ALL: &'static [Self] = &[Self::Casl6, Self::Casl7, Self::Native];
}

/// A condition, checked. One without any test holds for every record.
#[derive(Debug, Clone)]
pub struct Condition {
    /// How many tests it makes; or why the server would throw when it first needs it (A22).
    pub tests: Result<u32, &'static str>,
    /// As it was written.
    source: Value,
    unbound: bool,
}

impl Condition {
    /// One on which the server fails.
    #[must_use]
    pub fn throwing(sentence: &'static str) -> Self {
        Self { tests: Err(sentence), source: Value::Null, unbound: false }
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// No test at all: `{}`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tests == Ok(0)
    }

    /// Whether it has to be bound to a principal first: its placeholders are not filled in, its addresses not folded.
    #[must_use]
    pub fn is_unbound(&self) -> bool {
        self.unbound
    }

    /// The names of the top-level attributes that it reads.
    pub fn attributes(&self) -> impl Iterator<Item = String> {
        let mut names = Vec::new();
        if self.tests.is_ok() {
            let _ = self.visit(Semantics::Casl6, None, &mut |test| {
                names.extend(test.path.first().map(|name| (*name).to_string()));
                Ok(true)
            });
        }
        names.into_iter()
    }

    /// Visits the tests in order, until one says that it fails.
    ///
    /// # Errors
    /// Where the condition throws, or the visitor does.
    pub fn visit(
        &self,
        semantics: Semantics,
        folded: Option<&str>,
        visit: &mut dyn FnMut(&Test<'_>) -> Result<bool, &'static str>,
    ) -> Result<bool, &'static str> {
        self.tests?;
        walk::Walk { semantics, folded, checks: false }.source(&self.source, visit)
    }
}
