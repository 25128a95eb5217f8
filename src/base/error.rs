//! Why a snapshot or an argument was refused: a stable code, a path into the payload and one plain sentence.

use std::fmt;

use crate::base::lint::Lint;

/// Stable names of what can be wrong with a snapshot or an argument. Never renamed; the list may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The text has more bytes than [`crate::Limits::max_bytes`]; checked before it is parsed.
    TooLarge,
    /// Not JSON: truncated, a lone surrogate, a control character, text behind the end …
    Json,
    /// Nested deeper than [`crate::Limits::max_depth`].
    TooDeep,
    /// More values than [`crate::Limits::max_values`], or more grants than [`crate::Limits::max_grants`].
    TooMany,
    /// One object names the same key twice.
    KeyDuplicate,
    /// A number outside ±(2^53 − 1), which JavaScript could not hold exactly.
    NumberRange,
    /// A string holds U+0000.
    TextNul,
    /// A value of another JSON type than the field has.
    Type,
    /// A required field is absent.
    FieldMissing,
    /// A field that the envelope or the native system does not have.
    FieldUnknown,
    /// A value that the field cannot have.
    Value,
    /// `system` names none of the seven systems.
    SystemUnknown,
    /// `format` is a number that this version does not read.
    FormatUnknown,
    /// `payloads` has a member that this system does not have: often a snapshot labelled as another system's.
    PayloadUnknown,
    /// `payloads` is empty.
    PayloadEmpty,
    /// Two things of one kind have the same id.
    IdDuplicate,
    /// Inheritance, membership, tenants or resources run in a loop.
    Cycle,
    /// A deny grant where the combining algorithm knows none.
    GrantDeny,
    /// A condition that cannot be understood (native system; the servers' own behaviour elsewhere).
    Condition,
    /// A pattern, name or path that is spelled as another system spells them (native system, N21).
    Pattern,
    /// An argument of a call is malformed.
    Argument,
    /// No list of that name for this system, or none from a compiled snapshot.
    ListUnknown,
    /// A list filter reads an attribute for which no column is given.
    FilterColumn,
    /// A list filter asks for something that has no translation.
    FilterOperator,
    /// A compiled snapshot that is damaged: cut off, changed, or not one at all.
    Compiled,
    /// A cursor of another version of the snapshot.
    CursorStale,
    /// Policies that fail open, fail or do nothing, where loading is strict.
    Strict,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::TooLarge,
        Self::Json,
        Self::TooDeep,
        Self::TooMany,
        Self::KeyDuplicate,
        Self::NumberRange,
        Self::TextNul,
        Self::Type,
        Self::FieldMissing,
        Self::FieldUnknown,
        Self::Value,
        Self::SystemUnknown,
        Self::FormatUnknown,
        Self::PayloadUnknown,
        Self::PayloadEmpty,
        Self::IdDuplicate,
        Self::Cycle,
        Self::GrantDeny,
        Self::Condition,
        Self::Pattern,
        Self::Argument,
        Self::ListUnknown,
        Self::FilterColumn,
        Self::FilterOperator,
        Self::Compiled,
        Self::CursorStale,
        Self::Strict,
    ];

    /// The code as it is written in documentation and seen in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "ERR_TOO_LARGE",
            Self::Json => "ERR_JSON",
            Self::TooDeep => "ERR_TOO_DEEP",
            Self::TooMany => "ERR_TOO_MANY",
            Self::KeyDuplicate => "ERR_KEY_DUPLICATE",
            Self::NumberRange => "ERR_NUMBER_RANGE",
            Self::TextNul => "ERR_TEXT_NUL",
            Self::Type => "ERR_TYPE",
            Self::FieldMissing => "ERR_FIELD_MISSING",
            Self::FieldUnknown => "ERR_FIELD_UNKNOWN",
            Self::Value => "ERR_VALUE",
            Self::SystemUnknown => "ERR_SYSTEM_UNKNOWN",
            Self::FormatUnknown => "ERR_FORMAT_UNKNOWN",
            Self::PayloadUnknown => "ERR_PAYLOAD_UNKNOWN",
            Self::PayloadEmpty => "ERR_PAYLOAD_EMPTY",
            Self::IdDuplicate => "ERR_ID_DUPLICATE",
            Self::Cycle => "ERR_CYCLE",
            Self::GrantDeny => "ERR_GRANT_DENY",
            Self::Condition => "ERR_CONDITION",
            Self::Pattern => "ERR_PATTERN",
            Self::Argument => "ERR_ARGUMENT",
            Self::ListUnknown => "ERR_LIST_UNKNOWN",
            Self::FilterColumn => "ERR_FILTER_COLUMN",
            Self::FilterOperator => "ERR_FILTER_OPERATOR",
            Self::Compiled => "ERR_COMPILED",
            Self::CursorStale => "ERR_CURSOR_STALE",
            Self::Strict => "ERR_STRICT",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal. `Display` is the sentence with its place: ``expected text but found a number at `$.payloads.roles[0].key` ``.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} at `{}`", .0.message, .0.path)]
pub struct Error(Box<Refusal>);

/// Behind a pointer: results that may be errors are passed around everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: ErrorCode,
    path: String,
    message: String,
    lints: Vec<Lint>,
}

impl Error {
    pub(crate) fn new(code: ErrorCode, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Refusal { code, path: path.into(), message: message.into(), lints: Vec::new() }))
    }

    /// The refusal of a strict load: the place is that of the first finding that it does not let pass.
    pub(crate) fn strict(first: &Lint, lints: Vec<Lint>) -> Self {
        let message = crate::base::text::concat(&["refused by a strict load: ", &first.message]);
        Self(Box::new(Refusal { code: ErrorCode::Strict, path: first.path.clone(), message, lints }))
    }

    /// What a strict load found, all of it; of other refusals nothing.
    #[must_use]
    pub fn lints(&self) -> &[Lint] {
        &self.0.lints
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Where in the text: `$` is the whole, then `.key` and `[index]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The sentence without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}
