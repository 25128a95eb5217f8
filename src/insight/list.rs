//! What somebody can do, and how each of it is held.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::grade::{Grade, Step, When, grade};
use super::links::Spread;
use super::own::holders;
use super::page::Page;
use super::region::Region;
use super::row::Space;
use super::{Insight, Rules};
use crate::base::error::Error;
use crate::base::table::{index, pair};
use crate::base::terms::Combining;
use crate::compiled::Compiled;
use crate::compiled::layout::TERMS;
use crate::decision::{self, DecidingGrant, Shown};
use crate::engine::{By, Code, Prepared, Source, Spec, VisitKind, Who, gate, is_shut, ready};

/// What somebody can do: complete, in byte order, each line with how it is held.
#[derive(Debug)]
pub struct Listing {
    insight: Insight,
    space: Arc<Space>,
    who: Arc<Prepared>,
    lines: Vec<Line>,
    /// Grant and visit.
    holdings: Vec<By>,
    /// With the declared resources that each covers by their links.
    denies: Vec<(Region, Spread)>,
    total: usize,
    next: Option<String>,
}

#[derive(Debug)]
struct Line {
    element: u32,
    /// Nothing where it is allowed whatever the record.
    grade: Option<Grade>,
    /// Its part of the holdings.
    held: (u32, u32),
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Entry {
    /// In the system's own spelling.
    pub permission: String,
    /// It stands for all that it covers, less the exceptions.
    pub pattern: bool,
    /// For which records it holds; for every one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Rules>,
    /// What a pattern covers and is decided otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Exception>,
    /// The allows that cover it, each with how it is held.
    pub held: Vec<DecidingGrant>,
}

/// A part of a pattern that is decided otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Exception {
    /// In the system's own spelling.
    pub permission: String,
    /// `deny`, `conditional`, `allow` or `error`.
    pub standing: &'static str,
    /// For which records it holds, where it is conditional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Rules>,
}

/// The word for a grade.
pub fn standing(grade: &Grade) -> &'static str {
    match grade {
        Grade::Denied => "deny",
        Grade::Failing => "error",
        Grade::Allowed => "allow",
        Grade::Conditional(_) => "conditional",
    }
}

/// Why somebody is allowed nothing, whatever is asked.
pub fn refusal(policy: &Compiled, who: &Prepared) -> Option<&'static str> {
    let shut = gate(policy, who).map(|verdict| verdict.code.as_str());
    shut.or(who.broken.map(|_| Code::InvalidRule.as_str()))
}

/// The rules of a conditional grade.
pub fn rules(policy: &Compiled, grade: &Grade) -> Option<Rules> {
    let Grade::Conditional(steps) = grade else { return None };
    let first = matches!(policy.profile.combining, Combining::LastApplicable | Combining::FirstApplicable);
    Some(Rules { decides: if first { "first" } else { "deny" }, rules: steps.iter().map(rule).collect() })
}

fn rule(step: &Step) -> super::Rule {
    super::Rule {
        effect: if step.denies { "deny" } else { "allow" },
        conditions: match &step.when {
            Some(When::Holds(condition)) => Some(condition.clone()),
            _ => None,
        },
        unbound: step.when == Some(When::Unbound),
        fields: step.fields.as_ref().map(|fields| fields.iter().map(ToString::to_string).collect()),
    }
}

impl Insight {
    /// What somebody can do: every line of the snapshot's list that is allowed, with how it is held and under which conditions.
    ///
    /// The list is the registry (of systems of actions and types: each action that occurs on each type that occurs), and all patterns
    /// that some grant is on. A pattern is listed where the question is allowed that stands for all of it; what narrower denies
    /// take from it are its exceptions. So a question is allowed exactly if a line covers it and no refused exception of that line does.
    ///
    /// # Errors
    /// `ERR_CURSOR_STALE`, `ERR_ARGUMENT` for a cursor that does not fit.
    pub fn list(&self, who: &Who, page: &Page) -> Result<Listing, Error> {
        let spec = Spec { who: Arc::new(who.clone()), context: (*self.context).clone() };
        let ready = ready(self.policy.compiled(), &Arc::new(spec));
        let space = self.space_for(&ready);
        let mut listing = Listing {
            insight: self.clone(),
            space,
            who: ready,
            lines: Vec::new(),
            holdings: Vec::new(),
            denies: Vec::new(),
            total: 0,
            next: None,
        };
        listing.fill();
        listing.total = listing.lines.len();
        let question = ("list", &listing.who.spec);
        let (part, next) = page.part(self.policy.compiled(), &question, listing.total)?;
        listing.next = next;
        listing.lines.truncate(part.to);
        listing.lines.drain(..part.from);
        Ok(listing)
    }

    /// The list for somebody: what a token or a session spells is on it too.
    fn space_for(&self, who: &Prepared) -> Arc<Space> {
        if who.loose.is_empty() && who.bounds.is_empty() {
            return Arc::clone(self.space());
        }
        let scopes: Vec<&str> = who.bounds.iter().flatten().map(|scope| &*scope.text).collect();
        let carried: Vec<&str> = who.loose.iter().map(|loose| &*loose.text).collect();
        Arc::new(Space::of(self.policy.compiled(), &scopes, &carried))
    }
}

impl Listing {
    /// How many lines there are on all pages.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many lines this page has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether this page has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The cursor of the next page.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Why nothing is allowed, whatever is asked.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        refusal(self.insight.policy.compiled(), &self.who)
    }

    /// Whether the principal passes every check.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        self.who.superuser.is_some()
    }

    /// Whether the exceptions are all that there are: not, where allows and denies overlap in too many ways to be looked through.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.space.universe.complete
    }

    /// The texts of this page alone.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| self.space.universe.elements.get(line.element as usize)).map(|element| &*element.text)
    }

    /// The lines of this page.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.lines.iter().filter_map(|line| self.entry(line))
    }

    /// Resources beneath a type that lines name on which an action is allowed, and for which records.
    pub(super) fn beneath(&self, action: &str, kind: &str) -> Vec<(String, Option<Rules>)> {
        let policy = self.insight.policy.compiled();
        let universe = &self.space.universe;
        let mut words = universe.words.clone();
        let Some(sought) = Region::beneath(policy, action, kind, &mut words) else { return Vec::new() };
        let below = universe.links.spread(&sought.resource);
        let mut seen: BTreeSet<Region> = BTreeSet::new();
        let mut found: BTreeMap<String, Option<Rules>> = BTreeMap::new();
        for line in &self.lines {
            let Some(element) = universe.elements.get(line.element as usize) else { continue };
            let (spread, mut steps) = (universe.links.spread(&element.region.resource), usize::MAX);
            for part in element.region.meets_within(&spread, &sought, &below, &universe.links, &mut steps).unwrap_or_default() {
                if seen.contains(&part) {
                    continue;
                }
                let Some(resource) = part.resource_below(&sought, &words) else { continue };
                let grade = grade(policy, &self.who, &self.space.asked(policy, &self.who, &part, &words));
                seen.insert(part);
                if grade.is_allowed() && !found.contains_key(&resource) {
                    found.insert(resource, rules(policy, &grade));
                }
            }
        }
        found.into_iter().collect()
    }

    fn entry(&self, line: &Line) -> Option<Entry> {
        let policy = self.insight.policy.compiled();
        let element = self.space.universe.elements.get(line.element as usize)?;
        let held = self.holdings.get(line.held.0 as usize..line.held.1 as usize).unwrap_or_default();
        Some(Entry {
            permission: element.text.clone(),
            pattern: element.pattern,
            when: line.grade.as_ref().and_then(|grade| rules(policy, grade)),
            except: self.exceptions(element.region.clone(), line.grade.as_ref().unwrap_or(&Grade::Allowed)),
            held: decision::told(policy, &self.who, held).into_iter().map(Shown::into_data).collect(),
        })
    }

    /// What denies that are held take from a line: where it is decided otherwise than the line.
    fn exceptions(&self, region: Region, whole: &Grade) -> Vec<Exception> {
        let policy = self.insight.policy.compiled();
        let universe = &self.space.universe;
        let spread = universe.links.spread(&region.resource);
        let mut seen: BTreeSet<Region> = BTreeSet::from([region.clone()]);
        let mut found: BTreeMap<String, Exception> = BTreeMap::new();
        for (deny, denied) in &self.denies {
            let mut steps = usize::MAX;
            for part in region.meets_within(&spread, deny, denied, &universe.links, &mut steps).unwrap_or_default() {
                if seen.contains(&part) {
                    continue;
                }
                let grade = grade(policy, &self.who, &self.space.asked(policy, &self.who, &part, &universe.words));
                let permission = part.text(policy.profile.spelling, &universe.words);
                seen.insert(part);
                if grade != *whole && !found.contains_key(&permission) {
                    found.insert(permission.clone(), Exception { permission, standing: standing(&grade), when: rules(policy, &grade) });
                }
            }
        }
        found.into_values().collect()
    }

    fn fill(&mut self) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let who = Arc::clone(&self.who);
        if is_shut(policy, &who) {
            return;
        }
        let space = Arc::clone(&self.space);
        if who.superuser.is_some() {
            let visit = who.superuser.as_ref().map_or(0, |(_, visit)| *visit);
            self.holdings.push(By { source: Source::Superuser, visit });
        }
        // Visit and grant, in the order of holding; and line with the place of one of these.
        let mut ways: Vec<(u32, u32)> = Vec::new();
        let mut held: Vec<u64> = Vec::new();
        let mut unclear = false;
        for visit in &who.takes {
            let Some(VisitKind::Holder(id)) = who.visits.get(*visit as usize).map(|visit| visit.kind) else { continue };
            let Some(holder) = policy.holder(id.0) else { continue };
            for entry in policy.entry_rows(&holder) {
                let entry = u64::from_le_bytes(*entry);
                let (on, number) = (entry as u32, (entry >> 32) as u32);
                if number & TERMS != 0 {
                    unclear = true;
                    let Some(grant) = policy.grant(number & !TERMS).filter(|grant| who.holds(grant.scope)) else { continue };
                    if grant.denies {
                        let region = Region::of_known_pair(policy, on, &space.universe.words);
                        let spread = space.universe.links.spread(&region.resource);
                        self.denies.push((region, spread));
                        continue;
                    }
                }
                let way = index(ways.len());
                ways.push((*visit, number));
                held.extend(space.cover.lines(on).iter().map(|line| pair(*line, way)));
            }
        }
        held.sort_unstable();
        let bound = !who.bounds.is_empty() || !who.loose.is_empty();
        let additive = policy.profile.combining == Combining::Additive;
        let way = |entry: &u64| ways.get(*entry as u32 as usize).copied().unwrap_or_default();
        let plain = |entry: &u64| way(entry).1 & TERMS == 0;
        let mut rest = held.as_slice();
        let loose = |by: &mut Vec<By>| {
            for at in 0..index(who.loose.len()) {
                by.push(By { source: Source::Loose(at), visit: who.token.unwrap_or_default() });
            }
        };
        who.hasten(policy);
        let everything = who.superuser.is_some() || !who.loose.is_empty();
        let mut line = 0;
        let mine = space.own(policy, holders(&who), Some(&who));
        while line < space.lines() {
            // Without a super-user or a token nothing else is allowed than what is held.
            if !everything {
                match rest.first() {
                    Some(next) => line = (*next >> 32) as u32,
                    None => break,
                }
            }
            let own = rest.iter().take_while(|entry| (**entry >> 32) as u32 == line).count();
            let (here, behind) = rest.split_at_checked(own).unwrap_or_default();
            rest = behind;
            if !mine.has(line) {
                line += 1;
                continue;
            }
            let careful = bound || unclear && !(additive && here.iter().any(plain));
            let grade = if careful { space.grade(policy, &who, line) } else { self.plain(line) };
            if grade.is_allowed() {
                let from = index(self.holdings.len());
                if who.superuser.is_some() {
                    self.lines.push(Line { element: line, grade: None, held: (0, 1) });
                } else {
                    let mut known: Vec<(u32, u32)> = Vec::new();
                    for entry in here {
                        let (visit, grant) = way(entry);
                        // One grant may cover a line by several of its patterns.
                        if here.len() == 1 || !known.contains(&(visit, grant)) {
                            self.holdings.push(By { source: Source::Grant(grant & !TERMS), visit });
                            if here.len() > 1 {
                                known.push((visit, grant));
                            }
                        }
                    }
                    if let (false, Some(element)) = (who.loose.is_empty(), space.universe.elements.get(line as usize)) {
                        let asked = element.region.generic(policy, &space.universe.words);
                        let mut all = Vec::new();
                        loose(&mut all);
                        let covers = |by: &By| match by.source {
                            Source::Loose(at) => who.loose.get(at as usize).is_some_and(|loose| loose.covers(policy, &asked)),
                            _ => false,
                        };
                        self.holdings.extend(all.into_iter().filter(covers));
                    }
                    let grade = Some(grade).filter(|grade| *grade != Grade::Allowed);
                    self.lines.push(Line { element: line, grade, held: (from, index(self.holdings.len())) });
                }
            }
            line += 1;
        }
    }

    fn plain(&self, line: u32) -> Grade {
        let impossible = self.who.superuser.is_none() && self.space.cover.impossible.binary_search(&line).is_ok();
        if impossible { Grade::Denied } else { Grade::Allowed }
    }
}
