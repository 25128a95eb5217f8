//! What a finding is: policies that fail open, do nothing, fail, or mean something else than they say.

use serde::Serialize;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Something is granted, or not denied, that the policy says otherwise.
    FailsOpen,
    /// The server fails where it meets this.
    Fails,
    /// What is written does nothing.
    NoEffect,
    /// It does what it says in one way of asking and not in another.
    Surprise,
    /// It does what it says. Whoever answers for it should know.
    Notice,
}

impl Severity {
    /// As it is written in documentation and seen in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FailsOpen => "fails-open",
            Self::Fails => "fails",
            Self::NoEffect => "no-effect",
            Self::Surprise => "surprise",
            Self::Notice => "notice",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Lint {
    /// A stable code, `LINT_…`.
    pub code: &'static str,
    /// Where in the snapshot.
    pub path: String,
    /// What happens, in plain sentences.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// The number of the rule by which it is so.
    pub rule: &'static str,
}

impl Lint {
    /// Whether a strict load refuses it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !matches!(self.severity, Severity::Surprise | Severity::Notice)
    }
}

/// Code and severity of a kind of finding.
pub type Kind = (&'static str, Severity);
