//! Questions about a whole snapshot, answered by set algebra over its tables: what somebody can do, who can do it, why (not), what would
//! change it, what tells two snapshots apart. Every decision is the engine's; like the engine, nothing here can fail or panic.

mod cause;
mod changes;
mod diff;
mod digest;
mod findings;
mod grade;
mod heights;
mod index;
mod links;
mod list;
mod own;
mod page;
mod paged;
mod region;
mod row;
mod rows;
mod suggest;
mod universe;
mod ways;
mod who;
mod why;

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::api::policy::Policy;
use crate::base::error::{Error, ErrorCode};
use crate::engine::Context;
use crate::value::Value;
use index::Index;
use row::Space;

pub use cause::{Cause, HolderRef};
pub use diff::{Change, Diff, Group};
pub use findings::{Finding, Findings, Options, Witness};
pub use list::{Entry, Exception, Listing};
pub use page::Page;
pub use paged::{DiffPage, SuggestionsPage};
pub use rows::ListRow;
pub use suggest::{Step, Suggestion, Suggestions};
pub use who::{Holder, Holders, Named, Resources};
pub use why::{Derived, Lack, Tested, Why};

/// A policy in one context, with what it takes to answer questions about all of it: made when it is first needed, then kept.
#[derive(Debug, Clone)]
pub struct Insight {
    policy: Policy,
    context: Arc<Context>,
    kept: Arc<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    index: OnceLock<Index>,
    space: OnceLock<Arc<Space>>,
}

impl Policy {
    /// Questions about the whole snapshot, under circumstances that hold for everybody: tenant, time, session …
    #[must_use]
    pub fn insight(&self, context: &Context) -> Insight {
        Insight { policy: self.clone(), context: Arc::new(context.clone()), kept: Arc::default() }
    }
}

impl Insight {
    /// The same policy in another context. What does not hang on the context is made once.
    #[must_use]
    pub fn in_context(&self, context: &Context) -> Self {
        let kept = Kept::default();
        let alike = self.context.session_scopes.is_none() && context.session_scopes.is_none();
        if let Some(space) = self.kept.space.get().filter(|_| alike) {
            kept.space.get_or_init(|| Arc::clone(space));
        }
        Self { policy: self.policy.clone(), context: Arc::new(context.clone()), kept: Arc::new(kept) }
    }

    fn index(&self) -> &Index {
        self.kept.index.get_or_init(|| Index::of(self.policy.compiled(), &self.context))
    }

    /// Whether questions about everybody can be answered.
    ///
    /// # Errors
    /// `ERR_TOO_MANY` where all principals together reach more roles and groups than there is room for.
    fn about_everybody(&self) -> Result<(), Error> {
        let message = "the principals together reach too many roles and groups to be looked at at once: ask about one after the other, or \
                       let fewer roles inherit so many others";
        if self.index().overflows { Err(Error::new(ErrorCode::TooMany, "$", message)) } else { Ok(()) }
    }

    fn space(&self) -> &Arc<Space> {
        let scopes = || self.context.session_scopes.as_ref().map(|scopes| scopes.iter().map(String::as_str).collect());
        let make = || Arc::new(Space::of(self.policy.compiled(), &scopes().unwrap_or_else(Vec::new), &[]));
        self.kept.space.get_or_init(make)
    }
}

/// For which records something conditional is allowed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Rules {
    /// `first`: the first rule that applies decides. `deny`: a deny that applies decides, else an allow does.
    pub decides: &'static str,
    /// The rules, for this principal: what always applies to the same effect is left out.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Rule {
    /// `allow` or `deny`.
    pub effect: &'static str,
    /// What it asks of the record, with the principal's own values filled in. Nothing if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Value>,
    /// A placeholder stands for nothing (N19): an allow never applies to a record, a deny always does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unbound: bool,
    /// For these fields only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
}
