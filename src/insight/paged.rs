//! Differences and suggestions in pages.

use serde::Serialize;

use super::Insight;
use super::diff::{Diff, Group};
use super::page::{Page, content};
use super::suggest::{Suggestion, Suggestions};
use crate::base::error::Error;
use crate::engine::Ask;
use crate::engine::Who;

/// A part of a [`Diff`]: the numbers are those of the whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DiffPage {
    /// How many changes there are on all pages.
    pub total: usize,
    /// How many permissions are gained.
    pub gained: usize,
    /// How many are lost.
    pub lost: usize,
    /// How many are allowed before and after, for other records.
    pub changed: usize,
    /// Whether nothing is left out of the whole.
    pub complete: bool,
    /// Grouped by cause; a group that does not fit goes on with the next page.
    pub groups: Vec<Group>,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A part of [`Suggestions`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SuggestionsPage {
    /// Whether the question is allowed now.
    pub allowed: bool,
    /// How many ways there are on all pages.
    pub total: usize,
    /// Those of this page, those first of which the least else comes.
    pub suggestions: Vec<Suggestion>,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Insight {
    /// A page of [`Insight::diff`], counted in changes.
    ///
    /// # Errors
    /// As [`Insight::diff`]; `ERR_ARGUMENT`, `ERR_CURSOR_STALE` for a cursor that does not fit.
    pub fn diff_page(&self, after: &Self, page: &Page) -> Result<DiffPage, Error> {
        let Diff { groups, gained, lost, changed, complete } = self.diff(after)?;
        let total = groups.iter().map(|group| group.changes.len()).sum();
        let question = ("diff", content(after.policy.compiled()), &self.context, &after.context);
        let (part, next) = page.part(self.policy.compiled(), &question, total)?;
        let mut before = 0;
        let mut kept = Vec::new();
        for mut group in groups {
            let count = group.changes.len();
            let bound = |at: usize| at.saturating_sub(before).min(count);
            let (from, to) = (bound(part.from), bound(part.to));
            before += count;
            if from < to {
                group.changes.truncate(to);
                group.changes.drain(..from);
                kept.push(group);
            }
        }
        Ok(DiffPage { total, gained, lost, changed, complete, groups: kept, next })
    }

    /// A page of [`Insight::suggest`].
    ///
    /// # Errors
    /// As [`Insight::suggest`]; `ERR_ARGUMENT`, `ERR_CURSOR_STALE` for a cursor that does not fit.
    pub fn suggest_page(&self, who: &Who, ask: &Ask, page: &Page) -> Result<SuggestionsPage, Error> {
        let Suggestions { allowed, mut suggestions } = self.suggest(who, ask)?;
        let total = suggestions.len();
        let (part, next) = page.part(self.policy.compiled(), &("suggest", who, ask, &self.context), total)?;
        suggestions.truncate(part.to);
        suggestions.drain(..part.from);
        Ok(SuggestionsPage { allowed, total, suggestions, next })
    }
}
