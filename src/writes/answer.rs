//! What comes of one edit: what the server answers, or why it refuses.

use crate::base::error::Error;
use crate::json::write::Json;
use crate::value::Value;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Stable names of why an edit is refused. Never renamed; the list may grow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum EditCode { $($(#[$doc])* $name,)* }

        impl EditCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is written in answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// No such request, or one that changes nothing that a snapshot holds.
    UnknownRoute = "EDIT_UNKNOWN_ROUTE",
    /// The actor may not send the request.
    Forbidden = "EDIT_FORBIDDEN",
    /// What the request names is not in the snapshot.
    NotFound = "EDIT_NOT_FOUND",
    /// Somebody else has changed it since: the ETag or the version is not the present one.
    Conflict = "EDIT_CONFLICT",
    /// The system's own, or a name that it keeps for itself.
    Reserved = "EDIT_RESERVED",
    /// A field that cannot be changed once it is set.
    Immutable = "EDIT_IMMUTABLE",
    /// The name or id is taken.
    Duplicate = "EDIT_DUPLICATE",
    /// Others still depend on it.
    InUse = "EDIT_IN_USE",
    /// The request's body, query or headers are not what the server takes.
    Invalid = "EDIT_INVALID",
    /// The server would take it, but the snapshot would not load any more.
    Unreadable = "EDIT_UNREADABLE",
}

/// What the server answers to one accepted edit.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The HTTP status.
    pub status: u16,
    /// Whether the snapshot is another one than before.
    pub changed: bool,
    /// Whether the actor's right was checked: not where the edit names no actor.
    pub actor_checked: bool,
    /// The body, where the server sends one.
    pub body: Option<Value>,
    /// The ETag of what was written, where the system has one.
    pub etag: Option<String>,
    /// What a caller should know although the server does not say it.
    pub notes: Vec<String>,
}

/// Why an edit is refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Its place in the list.
    pub index: usize,
    /// The stable code.
    pub code: EditCode,
    /// The HTTP status of the server's answer.
    pub status: u16,
    /// Where in the edits, or in the snapshot that would come of them.
    pub path: String,
    /// One plain sentence.
    pub message: String,
    /// The rule of `docs/rules`, or that of the decision about the actor.
    pub rule: String,
    /// Whether the actor's right was checked.
    pub actor_checked: bool,
}

/// What a system's file answers.
pub type Done = Result<Step, Fault>;

/// Refused, or no edit at all.
#[derive(Debug)]
pub enum Fault {
    Refused(Refusal),
    Bad(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Bad(error)
    }
}

impl Step {
    /// The snapshot is another one.
    pub(crate) fn changed(status: u16) -> Self {
        Self { status, changed: true, ..Self::default() }
    }

    /// The snapshot is as it was.
    pub(crate) fn unchanged(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn write(&self, json: &mut Json) {
        json.number("status", usize::from(self.status));
        json.literal("changed", flag(self.changed));
        json.literal("actorChecked", flag(self.actor_checked));
        json.opt("etag", self.etag.as_deref());
        if let Some(body) = &self.body {
            json.literal("body", &body.to_json());
        }
        json.begin("notes", '[');
        for note in &self.notes {
            json.text("", note);
        }
        json.end(']');
    }
}

pub const fn flag(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}
