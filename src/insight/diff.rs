//! What tells two snapshots apart: who gains and who loses what, and the change that did it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::cause::{Cause, Causes};
use super::list::{rules, standing};
use super::row::{Row, Space, row};
use super::{Insight, Rules};
use crate::base::error::{Error, ErrorCode};
use crate::compiled::layout::Section;

/// What tells two snapshots apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diff {
    /// Grouped by what caused them.
    pub groups: Vec<Group>,
    /// How many permissions are gained.
    pub gained: usize,
    /// How many are lost.
    pub lost: usize,
    /// How many are allowed before and after, for other records.
    pub changed: usize,
    /// Whether nothing is left out: allows and denies may overlap in too many ways to be looked through.
    pub complete: bool,
}

/// Changes of one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// What caused them.
    pub cause: Cause,
    /// By principal, then by permission.
    pub changes: Vec<Change>,
}

/// One change: of one principal and one line of the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Change {
    /// Whose.
    pub principal: String,
    /// In the system's own spelling.
    pub permission: String,
    /// A pattern stands for its general case: what narrower grants say of parts of it are lines of their own.
    pub pattern: bool,
    /// `gain`, `loss` or `conditions`.
    pub kind: &'static str,
    /// `allow`, `conditional`, `deny` or `error`.
    pub before: &'static str,
    /// The same, afterwards.
    pub after: &'static str,
    /// For which records it was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_before: Option<Rules>,
    /// For which records it is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when_after: Option<Rules>,
}

impl Insight {
    /// What another snapshot of the same system allows and this one does not, and the other way round, in this context.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where the other snapshot is of another system; `ERR_TOO_MANY` as [`Insight::who`].
    pub fn diff(&self, after: &Self) -> Result<Diff, Error> {
        let (one, two) = (self.policy.compiled(), after.policy.compiled());
        if one.system() != two.system() {
            return Err(Error::new(ErrorCode::Argument, "$.after", "the two snapshots are of different systems"));
        }
        self.about_everybody()?;
        after.about_everybody()?;
        let scopes = |of: &Self| of.context.session_scopes.clone().unwrap_or_default();
        let scopes: Vec<String> = [scopes(self), scopes(after)].concat();
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let [space, other] = Space::of_both(one, two, &scopes);
        let universe = Arc::clone(&space.universe);
        let (before, later) = (Sight { insight: self, space }, Sight { insight: after, space: other });
        let mut causes = Causes::of(self, after);
        let mut groups: BTreeMap<Cause, Vec<Change>> = BTreeMap::new();
        let mut diff = Diff { groups: Vec::new(), gained: 0, lost: 0, changed: 0, complete: universe.complete };
        for (id, here, there) in ids(self, after) {
            let rows = (before.row(here), later.row(there));
            for line in differing(&rows.0, &rows.1) {
                let Some(element) = universe.elements.get(line as usize) else { continue };
                let (was, is) = (rows.0.get(line), rows.1.get(line));
                if was == is {
                    continue;
                }
                let kind = match (was.is_allowed(), is.is_allowed()) {
                    (false, true) => "gain",
                    (true, false) => "loss",
                    _ => "conditions",
                };
                match kind {
                    "gain" => diff.gained += 1,
                    "loss" => diff.lost += 1,
                    _ => diff.changed += 1,
                }
                let cause = causes.find((here, there), line, &universe, kind != "loss");
                groups.entry(cause).or_default().push(Change {
                    principal: id.into(),
                    permission: element.text.clone(),
                    pattern: element.pattern,
                    kind,
                    before: standing(&was),
                    after: standing(&is),
                    when_before: rules(one, &was),
                    when_after: rules(two, &is),
                });
            }
        }
        diff.groups = groups.into_iter().map(|(cause, changes)| Group { cause, changes }).collect();
        Ok(diff)
    }
}

/// One of the two, and what its patterns cover of the common list.
struct Sight<'i> {
    insight: &'i Insight,
    space: Space,
}

impl Sight<'_> {
    fn row(&self, principal: Option<u32>) -> Row {
        let policy = self.insight.policy.compiled();
        let nobody = u32::MAX;
        row(policy, &self.space, self.insight.index(), &self.insight.context, principal.unwrap_or(nobody))
    }
}

/// Lines of which at least one row says something that the other does not say by a bit.
fn differing(one: &Row, two: &Row) -> Vec<u32> {
    let mut lines: Vec<u32> = one.allowed.differing(&two.allowed).collect();
    lines.extend(one.graded.iter().chain(&two.graded).map(|(line, _)| *line));
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Everybody: those of the first in its order, then who is new.
fn ids<'i>(before: &'i Insight, after: &'i Insight) -> Vec<(&'i str, Option<u32>, Option<u32>)> {
    let (one, two) = (before.policy.compiled(), after.policy.compiled());
    let named = |insight: &Insight, id: &str| {
        let policy = insight.policy.compiled();
        let at = policy.find(id).and_then(|id| policy.lookup(Section::Who, id))?;
        // An alias is nobody's id.
        (insight.is_named(at) && super::index::id_of(policy, at) == id).then_some(at)
    };
    let mut all = Vec::new();
    for at in (0..one.rows(Section::Principals)).filter(|at| before.is_named(*at)) {
        let id = super::index::id_of(one, at);
        all.push((id, Some(at), named(after, id)));
    }
    for at in (0..two.rows(Section::Principals)).filter(|at| after.is_named(*at)) {
        let id = super::index::id_of(two, at);
        if named(before, id).is_none() {
            all.push((id, None, Some(at)));
        }
    }
    all
}
