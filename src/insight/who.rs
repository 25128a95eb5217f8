//! Who can do something, and which of some records somebody can do it with.

use std::sync::Arc;

use serde::Serialize;

use super::grade::{Grade, grade};
use super::index::{Bits, prepared};
use super::list::rules;
use super::page::Page;
use super::why::{Sought, sought};
use super::{Insight, Rules};
use crate::base::error::Error;
use crate::base::terms::Combining;
use crate::compiled::layout::{Section, flag};
use crate::decision::{self, DecidingGrant, Shown};
use crate::engine::{Ask, Asked, By, Effect, Prepared, Question, Spec, Target, Who, asked_record, decide, ready};
use crate::value::Value;

/// Who can do something: complete, in the snapshot's order.
#[derive(Debug)]
pub struct Holders {
    insight: Insight,
    ask: Ask,
    /// Nothing where it is allowed whatever the record, or for this record.
    found: Vec<(u32, Option<Grade>)>,
    total: usize,
    next: Option<String>,
}

/// Somebody who can do it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Holder {
    /// The id in the snapshot.
    pub id: String,
    /// `user`, `client`, `service`, in the system's own word.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For which records; for every one, or for the one asked about, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Rules>,
    /// The grants that decide, each with how it is held.
    pub held: Vec<DecidingGrant>,
}

/// With what somebody can do something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resources {
    /// Which of the records, by their places.
    pub records: Vec<usize>,
    /// What grants name beneath the type: ids, and patterns of them. Lists of them as [`Insight::list`] has them.
    pub named: Vec<Named>,
}

/// Resources that a grant names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Named {
    /// As the system spells a resource.
    pub resource: String,
    /// For which records; for every one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Rules>,
}

impl Insight {
    /// Everybody who can do something: a permission, an action on some record of a type, or on a record.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for another kind of question or a cursor that does not fit, `ERR_CURSOR_STALE`; `ERR_TOO_MANY` where all principals
    /// together reach millions of roles and groups.
    pub fn who(&self, ask: &Ask, page: &Page) -> Result<Holders, Error> {
        self.about_everybody()?;
        let found = self.everybody(&sought(self.policy.compiled(), &ask.asking())?);
        let total = found.len();
        let (part, next) = page.part(self.policy.compiled(), &("who", ask, &self.context), total)?;
        let found = found.get(part.from..part.to).map(<[_]>::to_vec).unwrap_or_default();
        Ok(Holders { insight: self.clone(), ask: ask.clone(), found, total, next })
    }

    fn everybody(&self, sought: &Sought<'_>) -> Vec<(u32, Option<Grade>)> {
        let policy = self.policy.compiled();
        let (sure, open) = self.candidates(&sought.asked);
        let mut all = sure.clone();
        all.join(&open);
        let mut found = Vec::new();
        for principal in all.iter() {
            let careful = || standing(self, sought, &prepared(policy, principal, &self.context));
            if let Some(grade) = if sure.has(principal) { Some(None) } else { careful() } {
                found.push((principal, grade));
            }
        }
        found
    }

    /// The same as bits alone.
    pub(crate) fn row_of_everybody(&self, sought: &Sought<'_>) -> Bits {
        let policy = self.policy.compiled();
        let (mut sure, open) = self.candidates(&sought.asked);
        for principal in open.iter() {
            if decide(policy, &prepared(policy, principal, &self.context), &sought.question()).effect == Effect::Allow {
                sure.set(principal);
            }
        }
        sure
    }

    /// Who is allowed something whatever the record, and who has to be asked about.
    fn candidates(&self, asked: &Asked) -> (Bits, Bits) {
        let policy = self.policy.compiled();
        let index = self.index();
        let count = policy.rows(Section::Principals);
        if self.context.session_scopes.is_some() {
            let mut open = Bits::full(count);
            open.leave(&index.shut);
            return (Bits::of(count), open);
        }
        let impossible = asked.malformed || policy.profile.has(flag::REGISTRY_CLOSED) && !asked.is_registered(policy);
        let (mut plain, mut unclear) = if impossible { (Bits::of(count), Bits::of(count)) } else { index.holding(&asked.pairs, count) };
        if policy.profile.combining != Combining::Additive {
            plain.leave(&unclear);
        }
        plain.join(&index.superusers);
        plain.leave(&index.shut);
        unclear.leave(&plain);
        unclear.leave(&index.shut);
        (plain, unclear)
    }

    /// Which of some records somebody can do something with, and which resources beneath their type grants name.
    ///
    /// # Errors
    /// None that arguments could cause.
    pub fn resources(&self, who: &Who, action: &str, kind: &str, records: &[Value]) -> Result<Resources, Error> {
        let policy = self.policy.compiled();
        let spec = Spec { who: Arc::new(who.clone()), context: (*self.context).clone() };
        let ready = ready(policy, &Arc::new(spec));
        let allowed = |record: &Value| {
            let asked = asked_record(policy, action, kind, record);
            decide(policy, &ready, &Question { asked: &asked, target: Target::Record(record), field: None }).effect == Effect::Allow
        };
        let records = (0..).zip(records).filter(|(_, record)| allowed(record)).map(|(at, _)| at).collect();
        let named = self.list(who, &Page::default())?.beneath(action, kind);
        Ok(Resources { records, named: named.into_iter().map(|(resource, when)| Named { resource, when }).collect() })
    }
}

/// Whether somebody may, and under which conditions. Of a question about a record there are none left.
#[allow(clippy::option_option, reason = "not allowed, allowed, allowed under conditions")]
fn standing(insight: &Insight, sought: &Sought<'_>, who: &Prepared) -> Option<Option<Grade>> {
    let policy = insight.policy.compiled();
    if decide(policy, who, &sought.question()).effect != Effect::Allow {
        return None;
    }
    let conditional = |grade: Grade| Some(grade).filter(|grade| *grade != Grade::Allowed);
    Some(if matches!(sought.target, Target::Type) { conditional(grade(policy, who, &sought.asked)) } else { None })
}

impl Holders {
    /// How many there are on all pages.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// The cursor of the next page.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The ids of this page alone.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let policy = self.insight.policy.compiled();
        self.found.iter().map(|(principal, _)| super::index::id_of(policy, *principal))
    }

    /// Those of this page.
    pub fn entries(&self) -> impl Iterator<Item = Holder> {
        self.found.iter().filter_map(|(principal, grade)| self.entry(*principal, grade.as_ref()))
    }

    fn entry(&self, principal: u32, grade: Option<&Grade>) -> Option<Holder> {
        let policy = self.insight.policy.compiled();
        let row = policy.principal(principal)?;
        let who = prepared(policy, principal, &self.insight.context);
        let asking = self.ask.asking();
        let sought = sought(policy, &asking).ok()?;
        let by: Vec<By> = decide(policy, &who, &sought.question()).by;
        Some(Holder {
            id: policy.text(row.id).into(),
            kind: policy.text(row.kind).into(),
            name: policy.opt_text(row.name).map(Into::into),
            when: grade.and_then(|grade| rules(policy, grade)),
            held: decision::told(policy, &who, &by).into_iter().map(Shown::into_data).collect(),
        })
    }
}
