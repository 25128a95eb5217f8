//! Findings with witnesses: what is odd about a whole snapshot, each with the steps that prove it. What one policy says by itself is for
//! [`Policy::lint`] to find; nothing is told twice.

mod access;
mod climb;
mod grants;
mod holders;
mod options;
mod sight;

use serde::Serialize;

use crate::api::policy::Policy;
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::base::lint::Severity;
use crate::base::system::System;
use crate::compiled::is_compiled;
use crate::json::{self, Numbers};
use crate::systems;
use crate::value::Value;
use sight::Sight;

pub use options::Options;

/// What is found in a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Findings {
    /// By kind, then in the order of the snapshot.
    pub findings: Vec<Finding>,
    /// How many edits were applied in search of ways to more rights.
    pub edits: usize,
    /// Whether everything was looked at and told: not, where there are more than 1,000 of a kind, where somebody has more ways to try than the options allow, or where allows and denies overlap in
    /// too many ways to be looked through.
    pub complete: bool,
}

/// One finding: as [`crate::Lint`], with what proves it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// A stable code, `LINT_…`.
    pub code: &'static str,
    /// Where in the snapshot.
    pub path: String,
    /// What is so, in plain sentences.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// The number of the rule by which it is so.
    pub rule: &'static str,
    /// The steps that prove it, in order.
    pub witness: Vec<Witness>,
}

/// One step of a proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Witness {
    /// `principal`, `role`, `group`, `accessControl`, `template`, `direct`, `token`, `grant`, `permission` or `request`.
    pub kind: &'static str,
    /// Its id; of a grant or permission what it is on, of a request its method and path.
    pub id: String,
    /// Where in the snapshot, if it has a place of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// One plain sentence.
    pub message: String,
    /// The request, as an edit has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
}

impl Policy {
    /// What is odd about a whole snapshot, with what proves it: holders without grants or without anybody who holds them, roles that come to the
    /// same, grants that add nothing, principals with nothing or with more than their roles, wildcards and how far they reach, ways to more
    /// rights (at most three edits in a row), and who holds both of two permissions that are to be held apart.
    ///
    /// A loop of roles or groups is no finding: a snapshot that has one does not load (`ERR_CYCLE`).
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a compiled snapshot, which has no places to name, and for options that cannot be read; or as [`Policy::load`].
    pub fn findings(text: &[u8], options: &Options) -> Result<Findings, Error> {
        if is_compiled(text) {
            let message = "a compiled snapshot has no places to name: judge the JSON that it was made of";
            return Err(Error::new(ErrorCode::Argument, "$", message));
        }
        let context = options.read_context()?;
        let (root, places) = {
            let document = json::read(text, &Limits::SNAPSHOT, Numbers::Safe)?;
            let root = document.root();
            let system = root.get("system").and_then(|system| system.as_text()).and_then(System::from_name);
            (root.to_value(), system.map(|system| systems::places(&root, system)).unwrap_or_default())
        };
        let policy = Self::load(text)?;
        policy.insight(&context).about_everybody()?;
        let told = Self::lint(text)?.into_iter().map(|lint| lint.path).collect();
        let insight = policy.insight(&context);
        insight.about_everybody()?;
        let mut sight = Sight::of(insight, places, told);
        sight.holders();
        sight.alike();
        sight.grants();
        sight.access();
        sight.apart(&options.apart)?;
        sight.climbs(&root, options);
        Ok(sight.finish())
    }
}
