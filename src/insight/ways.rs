//! Steps that may turn an answer round: what leads to an allow, what leads to a deny, and what could stand in their place.

use super::cause::{HolderRef, way};
use super::changes::Sources;
use super::suggest::Step;
use super::why::Sought;
use crate::base::table::Seen;
use crate::base::terms::{Held, HolderKind, Spelling};
use crate::compiled::Holder as Row;
use crate::compiled::layout::{Section, flag};
use crate::decision::holder_word;
use crate::engine::syntax::spell;
use crate::engine::{By, Prepared, Source, ordered};

/// So many roles and groups are tried.
const MOST_HOLDERS: usize = 64;

/// What is asked of whom, and what the documents allow to be changed.
pub struct Ways<'w> {
    pub sources: Sources<'w>,
    pub who: &'w Prepared,
    pub sought: &'w Sought<'w>,
    /// The principal.
    pub at: u32,
    pub id: &'w str,
    /// What decided.
    pub by: &'w [By],
}

impl Ways<'_> {
    fn row(&self, holder: u32) -> Option<Row> {
        self.sources.policy.holder(holder)
    }

    fn named(&self, holder: u32) -> Option<HolderRef> {
        HolderRef::of(self.sources.policy, holder)
    }

    /// What documents say that the principal holds.
    fn held(&self) -> Vec<Held> {
        self.sources.held(self.at).unwrap_or_default()
    }

    /// Whether the principal can be given things, and have them taken.
    fn is_open(&self) -> bool {
        let fixed = || {
            let id = self.sources.policy.principal(self.at).map(|row| row.id);
            self.sources.documents.is_some_and(|documents| documents.fixed.iter().any(|fixed| Some(*fixed) == id))
        };
        let told = self.sources.is_told(self.at);
        !fixed() && (!told || self.sources.writes.recorded && self.sources.documents.is_some())
    }

    /// Whether a holder's document can be written.
    fn is_written(&self, holder: u32, row: &Row) -> bool {
        let Sources { writes, documents, .. } = self.sources;
        let origin = self.sources.origin(holder);
        let kept = origin.is_some_and(|origin| origin.fixed || origin.embedded) || row.broken.is_some();
        // Of a compiled snapshot nobody knows what restrictions, and whose records, stand behind a document (E13).
        writes.granted.contains(&row.kind) && !kept && (!writes.recorded || documents.is_some())
    }

    /// What can be added.
    pub fn adding(&self) -> Vec<Step> {
        let mut steps = self.assignments(&self.leading());
        steps.extend(self.grants());
        steps
    }

    /// What can be given instead of what is held, where one is all that there is.
    pub fn instead(&self) -> Vec<Step> {
        let all: Vec<u32> = (0..self.sources.policy.rows(Section::Holders)).collect();
        if self.sources.writes.one_each { self.assignments(&all) } else { Vec::new() }
    }

    fn assignments(&self, holders: &[u32]) -> Vec<Step> {
        let Sources { writes, documents, .. } = self.sources;
        if !self.is_open() {
            return Vec::new();
        }
        let held = self.held();
        let mut given: Vec<HolderRef> = held.iter().filter_map(|held| self.named(held.holder.0)).collect();
        given.dedup();
        let group = |at: u32| {
            let id = self.row(at)?.id;
            documents?.groups.iter().find(|document| document.id == id).map(|document| &document.value)
        };
        let mut steps: Vec<Step> = Vec::new();
        for at in holders {
            let Some((row, named)) = self.row(*at).zip(self.named(*at)) else { continue };
            let embedded = self.sources.origin(*at).is_some_and(|origin| origin.embedded);
            if !row.listed || embedded || !writes.assigned.contains(&row.kind) || given.contains(&named) {
                continue;
            }
            let groups: Vec<_> = held.iter().map(|held| held.holder.0).chain([*at]).filter_map(group).collect();
            if (writes.may_join)(&groups) && steps.len() < MOST_HOLDERS {
                let replaces = if writes.one_each { given.clone() } else { Vec::new() };
                steps.push(Step::Assign { principal: self.id.into(), holder: named, replaces });
            }
        }
        steps
    }

    /// Holders that lead to an allow on what is asked, or pass every check.
    fn leading(&self) -> Vec<u32> {
        let policy = self.sources.policy;
        let count = policy.rows(Section::Holders);
        let mut included: Vec<Vec<u32>> = vec![Vec::new(); count as usize];
        let mut open: Vec<u32> = Vec::new();
        for at in 0..count {
            let Some(row) = policy.holder(at) else { continue };
            for held in policy.includes(&row) {
                if let Some(list) = included.get_mut(held.holder.0 as usize) {
                    list.push(at);
                }
            }
            let covers = |pair: &u32| policy.entries_on(&row, *pair).any(|grant| policy.grant(grant).is_some_and(|grant| !grant.denies));
            if row.superuser.is_some() || self.sought.asked.pairs.iter().any(covers) {
                open.push(at);
            }
        }
        let mut seen = Seen::default();
        let mut found = Vec::new();
        while let Some(at) = open.pop() {
            if seen.enter(at.into()) {
                found.push(at);
                open.extend(included.get(at as usize).into_iter().flatten());
            }
        }
        found.sort_unstable();
        found
    }

    /// What is asked, as a document would spell it. Nothing where it would be read as something else.
    fn spelled(&self) -> Option<String> {
        let asked = &self.sought.asked;
        let spelling = self.sources.policy.profile.spelling;
        let words: Vec<&str> = asked.words.iter().map(AsRef::as_ref).collect();
        let (action, resource) = words.split_at_checked(asked.actions).unwrap_or_default();
        let spelled = match spelling {
            _ if asked.malformed => return None,
            Spelling::Flat if resource.is_empty() && action.len() == 1 => action.concat(),
            Spelling::Flat => return None,
            Spelling::Typed => [action.concat(), resource.concat()].join(" "),
            Spelling::Path if resource.is_empty() => action.join(":"),
            Spelling::Ace if action.is_empty() => resource.join("/"),
            Spelling::Path | Spelling::Ace => [resource.join("/"), action.join(":")].join(":"),
        };
        let read = spell(spelling, &spelled);
        let same = read.action == action && read.resource == resource;
        (same && (self.sources.writes.takes)(&spelled)).then_some(spelled)
    }

    /// Grants that could be added: the principal's own where the system has such, and to what it holds.
    fn grants(&self) -> Vec<Step> {
        let Sources { policy, writes, .. } = self.sources;
        let Some(spelled) = self.spelled() else { return Vec::new() };
        // KW2, IW: what is not defined is dropped.
        if policy.profile.has(flag::REGISTRY_CLOSED) && writes.names && !self.sought.asked.is_registered(policy) {
            return Vec::new();
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut add = |holder: HolderRef, permission: String| {
            let step = Step::Grant { holder, permission };
            if !steps.contains(&step) && steps.len() < MOST_HOLDERS {
                steps.push(step);
            }
        };
        if writes.granted.contains(&HolderKind::Direct)
            && let Some(row) = policy.principal(self.at)
        {
            add(HolderRef { kind: holder_word(HolderKind::Direct), id: policy.text(row.id).into() }, spelled.clone());
        }
        for at in self.reached() {
            let Some((row, named)) = self.row(at).zip(self.named(at)) else { continue };
            if row.kind == HolderKind::Direct || !self.is_written(at, &row) {
                continue;
            }
            let suffixes = self.sources.origin(at).map(|origin| origin.suffixes.as_slice()).unwrap_or_default();
            for text in suffixes.iter().filter_map(|suffix| spelled.strip_suffix(&**suffix)) {
                add(named.clone(), text.into());
            }
            if suffixes.is_empty() {
                add(named, spelled.clone());
            }
        }
        steps
    }

    /// What the principal reaches, also behind what the server has recorded.
    fn reached(&self) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for visit in &self.who.takes {
            found.extend(way(self.who, *visit).last());
        }
        if self.sources.writes.recorded && self.sources.is_told(self.at) {
            let mut open: Vec<u32> = self.held().iter().map(|held| held.holder.0).collect();
            while let Some(at) = open.pop() {
                if let Some(row) = self.row(at).filter(|_| !found.contains(&at)) {
                    found.push(at);
                    open.extend(self.sources.policy.includes(&row).iter().map(|held| held.holder.0));
                }
            }
        }
        found
    }

    /// What could be taken away of what denies, or fails: the ways to it by their beginnings and by their ends.
    pub fn denying(&self) -> Vec<Step> {
        self.taken(|denies, by| denies || self.by.contains(&by))
    }

    /// The same of what allows.
    pub fn removing(&self) -> Vec<Step> {
        let mut steps = self.taken(|denies, _| !denies);
        // Every holder that passes every check has to go, or what makes it one.
        for visit in &self.who.takes {
            let Some(at) = way(self.who, *visit).last().copied() else { continue };
            let Some((row, word)) = self.row(at).and_then(|row| row.superuser.map(|word| (row, word))) else { continue };
            steps.extend(self.unassign(*visit));
            for grant in self.sources.grants(&row) {
                let policy = self.sources.policy;
                let is = policy.grant(grant).is_some_and(|grant| self.sources.spelled(at, &grant) == policy.text(word));
                steps.extend(if is && self.sources.writes.everything == Some(policy.text(word)) { self.revoke(at, grant) } else { None });
            }
        }
        // What is recorded goes with every change of the groups.
        if self.sources.writes.recorded && self.sources.is_told(self.at) && self.is_open() {
            let groups = self.held().into_iter().filter_map(|held| self.named(held.holder.0));
            steps.extend(groups.map(|holder| Step::Unassign { principal: self.id.into(), holder }));
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    fn taken(&self, wanted: impl Fn(bool, By) -> bool) -> Vec<Step> {
        let policy = self.sources.policy;
        let mut steps: Vec<Step> = Vec::new();
        for candidate in ordered(policy, self.who, &self.sought.asked) {
            let by = candidate.by();
            let By { source: Source::Grant(grant), visit } = by else { continue };
            if !wanted(candidate.grant.denies, by) {
                continue;
            }
            steps.extend(self.unassign(visit));
            steps.extend(way(self.who, visit).last().and_then(|holder| self.revoke(*holder, grant)));
        }
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// Takes away what a way begins with. What only the context lends is not held.
    fn unassign(&self, visit: u32) -> Option<Step> {
        let writes = self.sources.writes;
        let first = *way(self.who, visit).first()?;
        let row = self.row(first)?;
        let held = self.held().iter().any(|held| held.holder.0 == first);
        let can = held && !writes.one_each && writes.assigned.contains(&row.kind) && self.is_open();
        can.then(|| Some(Step::Unassign { principal: self.id.into(), holder: self.named(first)? }))?
    }

    fn revoke(&self, holder: u32, grant: u32) -> Option<Step> {
        let row = self.row(holder).filter(|row| self.is_written(holder, row))?;
        let number = grant;
        let grant = self.sources.policy.grant(number)?;
        let effect = if grant.denies { "deny" } else { "allow" };
        let permission = self.sources.spelled(holder, &grant);
        let same = |other: &u32| self.sources.policy.grant(*other).is_some_and(|other| self.sources.spelled(holder, &other) == permission);
        // Of a name that is listed twice the first place.
        let number = if self.sources.writes.names { self.sources.grants(&row).into_iter().find(same)? } else { number };
        let place = self.sources.place(holder, number);
        Some(Step::Revoke { holder: self.named(holder)?, effect, permission, place })
    }
}
