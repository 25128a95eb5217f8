//! Why two snapshots decide otherwise: what one of them says on the way to a grant, and the other one does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::Insight;
use super::index::prepared;
use super::region::Region;
use super::universe::Universe;
use crate::base::names::Names;
use crate::base::terms::{Held, HolderKind};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Grant};
use crate::decision::{grant_text, holder_word};
use crate::engine::{Asked, By, Prepared, Source, VisitKind, ordered};

/// A change between two snapshots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Cause {
    /// A principal came, went, or is let in otherwise.
    Principal {
        /// Its id.
        principal: String,
        /// `added`, `removed` or `changed`.
        change: &'static str,
    },
    /// A principal was given a role, group …, or has it no more.
    Assignment {
        /// Its id.
        principal: String,
        /// What it holds.
        holder: HolderRef,
        /// `added` or `removed`.
        change: &'static str,
    },
    /// A role, group … came, went or counts otherwise.
    Holder {
        /// Which.
        holder: HolderRef,
        /// `added`, `removed` or `changed`.
        change: &'static str,
    },
    /// A role, group … took another one in, or let it go.
    Inclusion {
        /// Which.
        holder: HolderRef,
        /// The one that is included.
        includes: HolderRef,
        /// `added` or `removed`.
        change: &'static str,
    },
    /// A grant came or went; one that was changed does both.
    Grant {
        /// Who bears it.
        holder: HolderRef,
        /// `allow` or `deny`.
        effect: &'static str,
        /// What it is on, in the system's own spelling.
        permission: String,
        /// `added` or `removed`.
        change: &'static str,
    },
    /// What holds for the whole snapshot: its registry, tenants, resources, way of combining, or the order of what it lists.
    Snapshot,
}

/// A role, group, access control …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HolderRef {
    /// `role`, `group`, `accessControl`, `template`, `direct` or `token`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its id or key.
    pub id: String,
}

/// One of the two, with what is looked up again and again.
struct Side<'i> {
    insight: &'i Insight,
    /// Holders of the other side, in this one.
    twins: BTreeMap<u32, u32>,
    /// The grants of holders, by what they say.
    grants: BTreeMap<u32, Vec<u32>>,
    /// What grants say, by number: the same number on both sides.
    words: BTreeMap<u32, u32>,
    /// The questions that lines stand for.
    asked: Vec<Option<Box<Asked>>>,
    /// The principal that was asked about last.
    last: Option<(u32, Arc<Prepared>)>,
}

/// Both.
pub struct Causes<'i> {
    before: Side<'i>,
    after: Side<'i>,
    said: Names,
}

/// A grant that covers a question, or a super-user: by which holders, in order, and what grant of the last one.
struct Evidence {
    holders: Vec<u32>,
    grant: Option<Grant>,
}

impl<'i> Causes<'i> {
    /// Of two snapshots.
    pub fn of(before: &'i Insight, after: &'i Insight) -> Self {
        Self { before: Side::of(before, after), after: Side::of(after, before), said: Names::default() }
    }

    /// Why a principal is decided otherwise in the second snapshot. What `gains` is rather explained by an allow that came or a deny that
    /// went.
    pub fn find(&mut self, (here, there): (Option<u32>, Option<u32>), line: u32, universe: &Universe, gains: bool) -> Cause {
        let id = |side: &Side<'_>, at: u32| super::index::id_of(side.insight.policy.compiled(), at).to_string();
        let (one, two) = match (here, there) {
            (Some(one), Some(two)) => (one, two),
            (None, Some(two)) => return Cause::Principal { principal: id(&self.after, two), change: "added" },
            (Some(one), None) => return Cause::Principal { principal: id(&self.before, one), change: "removed" },
            (None, None) => return Cause::Snapshot,
        };
        let principal = id(&self.before, one);
        if self.before.insight.index().shut.has(one) != self.after.insight.index().shut.has(two) {
            return Cause::Principal { principal, change: "changed" };
        }
        let (was, is) = (self.before.evidence(one, line, universe), self.after.evidence(two, line, universe));
        let denies = |one: &Evidence| one.grant.is_some_and(|grant| grant.denies);
        // What fits the direction first.
        for fits in [true, false] {
            for evidence in is.iter().filter(|one| (denies(one) != gains) == fits) {
                if let Some(cause) = self.before.lacks(&mut self.after, &mut self.said, evidence, (one, two), "added", &principal) {
                    return cause;
                }
            }
            for evidence in was.iter().filter(|one| (denies(one) == gains) == fits) {
                if let Some(cause) = self.after.lacks(&mut self.before, &mut self.said, evidence, (two, one), "removed", &principal) {
                    return cause;
                }
            }
        }
        // The same grants on the same ways: what binds a placeholder, or a holder that counts for another tenant.
        let reached = |side: &Side<'_>, at: u32| -> Vec<HolderRef> {
            let policy = side.insight.policy.compiled();
            side.insight.index().holders.get(at).iter().filter_map(|holder| HolderRef::of(policy, *holder)).collect()
        };
        let (was, is) = (reached(&self.before, one), reached(&self.after, two));
        let other = was.iter().find(|holder| !is.contains(holder)).or(is.iter().find(|holder| !was.contains(holder)));
        match other {
            Some(holder) => Cause::Holder { holder: holder.clone(), change: "changed" },
            None if self.before.own(one) != self.after.own(two) => Cause::Principal { principal, change: "changed" },
            None => Cause::Snapshot,
        }
    }
}

impl HolderRef {
    /// A holder of a policy.
    pub fn of(policy: &Compiled, at: u32) -> Option<Self> {
        let holder = policy.holder(at)?;
        Some(Self { kind: holder_word(holder.kind), id: policy.text(holder.id).into() })
    }
}

impl<'i> Side<'i> {
    fn of(insight: &'i Insight, other: &Insight) -> Self {
        let (policy, theirs) = (insight.policy.compiled(), other.policy.compiled());
        let mut holders = BTreeMap::new();
        for at in 0..policy.rows(Section::Holders) {
            if let Some(holder) = HolderRef::of(policy, at) {
                holders.entry(holder).or_insert(at);
            }
        }
        let twin = |at: u32| Some((at, *holders.get(&HolderRef::of(theirs, at)?)?));
        let twins = (0..theirs.rows(Section::Holders)).filter_map(twin).collect();
        Self { insight, twins, grants: BTreeMap::new(), words: BTreeMap::new(), asked: Vec::new(), last: None }
    }

    fn prepared(&mut self, principal: u32) -> Arc<Prepared> {
        if let Some((last, ready)) = &self.last
            && *last == principal
        {
            return Arc::clone(ready);
        }
        let ready = prepared(self.insight.policy.compiled(), principal, &self.insight.context);
        self.last = Some((principal, Arc::clone(&ready)));
        ready
    }

    fn evidence(&mut self, principal: u32, line: u32, universe: &Universe) -> Vec<Evidence> {
        let policy = self.insight.policy.compiled();
        let who = self.prepared(principal);
        let region = universe.elements.get(line as usize).map_or(&Region::ALL, |element| &element.region);
        if self.asked.is_empty() {
            self.asked.resize_with(universe.elements.len(), || None);
        }
        let Some(slot) = self.asked.get_mut(line as usize) else { return Vec::new() };
        let asked = slot.get_or_insert_with(|| Box::new(region.generic(policy, &universe.words)));
        let mut found: Vec<Evidence> = Vec::new();
        if let Some((_, visit)) = &who.superuser {
            found.push(Evidence { holders: way(&who, *visit), grant: None });
        }
        for candidate in ordered(policy, &who, asked) {
            let By { source, visit } = candidate.by();
            if let Source::Grant(grant) = source {
                found.push(Evidence { holders: way(&who, visit), grant: policy.grant(grant) });
            }
        }
        found
    }

    /// What this side lacks of some evidence of the other one.
    fn lacks(
        &mut self,
        other: &mut Side<'_>,
        said: &mut Names,
        evidence: &Evidence,
        (here, there): (u32, u32),
        change: &'static str,
        principal: &str,
    ) -> Option<Cause> {
        let theirs = other.insight.policy.compiled();
        let policy = self.insight.policy.compiled();
        let mut at: Option<u32> = None;
        let mut outer: Option<u32> = None;
        for holder in &evidence.holders {
            let direct = theirs.holder(*holder)?.kind == HolderKind::Direct;
            let own = self.twins.get(holder).copied();
            let named = || HolderRef::of(theirs, *holder);
            if own.is_none() && !direct {
                return Some(Cause::Holder { holder: named()?, change });
            }
            let row = |policy: &Compiled, at: u32| policy.principal(at).map(|row| policy.holds(&row)).unwrap_or_default();
            let (mine, their) = match (at, outer) {
                (Some(at), Some(outer)) => (included(policy, at), included(theirs, outer)),
                _ => (row(policy, here), row(theirs, there)),
            };
            let same = |held: &Held| {
                let scope = theirs.opt_text(held.scope);
                mine.iter().any(|mine| Some(mine.holder.0) == own && policy.opt_text(mine.scope) == scope)
            };
            if !direct && their.iter().any(|held| held.holder.0 == *holder && !same(held)) {
                return Some(match at.and_then(|at| HolderRef::of(policy, at)) {
                    Some(holder) => Cause::Inclusion { holder, includes: named()?, change },
                    None => Cause::Assignment { principal: principal.into(), holder: named()?, change },
                });
            }
            (at, outer) = (own, Some(*holder));
        }
        let last = || HolderRef::of(theirs, outer?);
        let Some(grant) = &evidence.grant else {
            let superuser = at.and_then(|at| policy.holder(at)).is_some_and(|holder| holder.superuser.is_some());
            return if superuser { None } else { Some(Cause::Holder { holder: last()?, change: "changed" }) };
        };
        let words = other.says(grant, said);
        if at.is_some_and(|at| self.grants_of(at, said).contains(&words)) {
            return None;
        }
        let effect = if grant.denies { "deny" } else { "allow" };
        Some(Cause::Grant { holder: last()?, effect, permission: grant_text(theirs, grant), change })
    }

    /// What a grant says, as a number.
    fn says(&mut self, grant: &Grant, said: &mut Names) -> u32 {
        let policy = self.insight.policy.compiled();
        *self.words.entry(grant.index).or_insert_with(|| said.intern(&in_words(policy, grant)).number())
    }

    fn grants_of(&mut self, holder: u32, said: &mut Names) -> &[u32] {
        let policy = self.insight.policy.compiled();
        if !self.grants.contains_key(&holder) {
            let row = policy.holder(holder);
            let mut numbers: Vec<u32> = row.map(|row| policy.entries(&row).map(|(_, grant)| grant).collect()).unwrap_or_default();
            numbers.sort_unstable();
            numbers.dedup();
            let own = numbers.into_iter().filter_map(|grant| policy.grant(grant)).map(|grant| self.says(&grant, said)).collect();
            self.grants.insert(holder, own);
        }
        self.grants.get(&holder).map(Vec::as_slice).unwrap_or_default()
    }

    /// What is the principal's own, besides what it holds.
    fn own(&self, principal: u32) -> String {
        let policy = self.insight.policy.compiled();
        let Some(row) = policy.principal(principal) else { return String::new() };
        format!("{:?} {:?} {:?}", policy.opt_text(row.tenant), policy.opt_text(policy.subject_id(&row)), policy.principal_attributes(&row))
    }
}

fn included(policy: &Compiled, holder: u32) -> Vec<Held> {
    policy.holder(holder).map(|holder| policy.includes(&holder)).unwrap_or_default()
}

/// The holders on the way to a visit, from the outermost.
pub fn way(who: &Prepared, visit: u32) -> Vec<u32> {
    let mut holders = Vec::new();
    let mut at = Some(visit);
    while let Some(visit) = at.and_then(|at| who.visits.get(at as usize)) {
        if let VisitKind::Holder(holder) = visit.kind {
            holders.push(holder.0);
        }
        at = visit.from;
    }
    holders.reverse();
    holders
}

/// All that a grant says.
pub fn in_words(policy: &Compiled, grant: &Grant) -> String {
    let condition = policy.condition_source(grant).map(|condition| condition.to_json());
    let scope = policy.opt_text(grant.scope);
    format!("{} {} {condition:?} {:?} {scope:?} {}", grant.denies, grant_text(policy, grant), policy.fields(grant), grant.priority)
}
