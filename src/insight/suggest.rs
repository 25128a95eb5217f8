//! The smallest changes that turn an answer round, each with what else comes of it.
//!
//! A change is tried, not reasoned about: the policy's model is changed, compiled anew and asked.

use std::sync::Arc;

use serde::Serialize;

use super::Insight;
use super::cause::{HolderRef, in_words, way};
use super::diff::Diff;
use super::why::{Sought, sought};
use crate::api::policy::Policy;
use crate::base::error::{Error, ErrorCode};
use crate::base::table::{Seen, index};
use crate::base::terms::{Held, HolderId, HolderKind, NO_RESOURCE, Pattern, Segment, Spelling};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Holder as Row};
use crate::decision::{grant_text, holder_word};
use crate::engine::Ask;
use crate::engine::{By, Code, Effect, Prepared, Source, Spec, Who, decide, ordered, ready};
use crate::model::{Grant, Holder, Model};
use crate::slice;

/// So many roles and groups are tried.
const MOST_HOLDERS: usize = 64;
/// So many things to take away are tried in twos and threes; of more, one way is looked for.
const MOST_ATOMS: usize = 16;
/// So many ways of one size are told.
const MOST_SETS: usize = 32;
/// So long a way is looked for.
const LONGEST: usize = 64;

/// A change of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Step {
    /// Give the principal a role or a group: behind those it has.
    Assign {
        /// Its id.
        principal: String,
        /// Which.
        holder: HolderRef,
    },
    /// Take a role or group from the principal, however often it has it.
    Unassign {
        /// Its id.
        principal: String,
        /// Which.
        holder: HolderRef,
    },
    /// Allow a permission: behind what the holder grants.
    Grant {
        /// Whose grant it becomes; `direct` is the principal's own.
        holder: HolderRef,
        /// In the system's own spelling.
        permission: String,
    },
    /// Take a grant away.
    Revoke {
        /// Whose.
        holder: HolderRef,
        /// `allow` or `deny`.
        effect: &'static str,
        /// What it is on.
        permission: String,
        /// Its place among the grants of that holder.
        place: usize,
    },
}

/// Changes that together turn the answer round, and of which none can be left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Suggestion {
    /// The changes.
    pub steps: Vec<Step>,
    /// All that comes of them, for everybody: exact, with what was wanted among it.
    pub effects: Diff,
    /// Principals other than the one asked about that gain or lose something, in order.
    pub others: Vec<String>,
}

/// What would turn an answer round.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Suggestions {
    /// Whether the question is allowed now.
    pub allowed: bool,
    /// Ways to turn it round: those with the fewest changes first.
    pub suggestions: Vec<Suggestion>,
}

/// What is asked, of whom.
struct Turn<'i> {
    insight: &'i Insight,
    who: Who,
    ask: Ask,
    /// The principal.
    at: u32,
    id: String,
    allowed: bool,
}

impl Insight {
    /// What would turn an answer round: for a refusal the smallest additions (a role or a group to be given, a grant to be added; where
    /// a deny refuses, what has to go before), for an allow the smallest sets of assignments or grants to be taken away.
    ///
    /// Nothing is suggested against what refuses whatever is asked: a suspended principal, another tenant, a session's scopes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a question that is not about one permission, type or record, or about nobody in the snapshot.
    pub fn suggest(&self, who: &Who, ask: &Ask) -> Result<Suggestions, Error> {
        let policy = self.policy.compiled();
        let asking = ask.asking();
        let sought = sought(policy, &asking)?;
        let ready = ready(policy, &Arc::new(Spec { who: Arc::new(who.clone()), context: (*self.context).clone() }));
        let named = matches!(who, Who::Named(_));
        let Some(at) = ready.principal.filter(|_| named) else {
            return Err(Error::new(ErrorCode::Argument, "$.principal", "the snapshot has no such principal"));
        };
        let verdict = decide(policy, &ready, &sought.question());
        let id = ready.id.clone().unwrap_or_default();
        let turn = Turn { insight: self, who: who.clone(), ask: ask.clone(), at, id, allowed: verdict.effect == Effect::Allow };
        let sets = match verdict.code {
            _ if turn.allowed => turn.removals(&ready, &sought),
            Code::NoGrant | Code::UnknownPermission | Code::DeniedByRule if ready.refusal.is_none() => turn.additions(&ready, &sought),
            _ => Vec::new(),
        };
        let mut suggestions = Vec::new();
        for steps in sets {
            let after = self.with(&steps)?.insight(&self.context);
            let effects = self.diff(&after)?;
            let mut others: Vec<String> =
                effects.groups.iter().flat_map(|group| &group.changes).map(|change| change.principal.clone()).collect();
            others.sort_unstable();
            others.dedup();
            others.retain(|other| *other != turn.id);
            suggestions.push(Suggestion { steps, effects, others });
        }
        let size = |one: &Suggestion| (one.steps.len(), one.others.len(), one.effects.gained + one.effects.lost + one.effects.changed);
        suggestions.sort_by_key(size);
        Ok(Suggestions { allowed: turn.allowed, suggestions })
    }

    /// The policy with some changes made. It answers questions; the lists in the system's own shapes need the system's documents.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where a change speaks of what is not there.
    pub fn with(&self, steps: &[Step]) -> Result<Policy, Error> {
        let policy = self.policy.compiled();
        let mut model = slice::whole(policy);
        // From behind, so that places stay what they are.
        let mut ordered: Vec<&Step> = steps.iter().collect();
        ordered.sort_by(|one, two| two.cmp(one));
        for step in ordered {
            let done = match step {
                Step::Assign { principal, holder } => assign(&mut model, principal, holder),
                Step::Unassign { principal, holder } => unassign(&mut model, principal, holder),
                Step::Grant { holder, permission } => grant(&mut model, holder, permission),
                Step::Revoke { holder, place, .. } => revoke(&mut model, holder, *place),
            };
            done.ok_or_else(|| Error::new(ErrorCode::Argument, "$.steps", "a change speaks of something that the snapshot does not have"))?;
        }
        Policy::of_model(model)
    }
}

fn find(model: &Model, holder: &HolderRef) -> Option<usize> {
    model.holders.iter().position(|one| holder_word(one.kind) == holder.kind && model.names.text(one.id) == holder.id)
}

fn person(model: &Model, id: &str) -> Option<usize> {
    model.principals.iter().position(|one| model.names.text(one.id) == id)
}

fn assign(model: &mut Model, id: &str, holder: &HolderRef) -> Option<()> {
    let (holder, at) = (find(model, holder)?, person(model, id)?);
    let kind = |held: &Held| model.holders.get(held.holder.0 as usize).map(|holder| holder.kind);
    let own = model.holders.get(holder)?.kind;
    let holds = &model.principals.get(at)?.holds;
    // Behind its own kind; roles stand before groups, and both before what is direct.
    let behind = holds.iter().rposition(|held| kind(held) == Some(own)).map(|place| place + 1);
    let before = || holds.iter().position(|held| kind(held) == Some(HolderKind::Direct) || own == HolderKind::Role);
    let place = behind.or_else(before).unwrap_or(holds.len());
    let held = Held::from(HolderId(index(holder)));
    model.principals.get_mut(at)?.holds.insert(place, held);
    Some(())
}

fn unassign(model: &mut Model, id: &str, holder: &HolderRef) -> Option<()> {
    let (holder, at) = (index(find(model, holder)?), person(model, id)?);
    model.principals.get_mut(at)?.holds.retain(|held| held.holder.0 != holder);
    Some(())
}

fn grant(model: &mut Model, holder: &HolderRef, permission: &str) -> Option<()> {
    let direct = holder.kind == holder_word(HolderKind::Direct);
    let at = match find(model, holder) {
        Some(at) => at,
        None if direct => {
            let principal = person(model, &holder.id)?;
            let id = model.names.intern(&holder.id);
            let own = model.add_holder(Holder { listed: false, ..Holder::new(HolderKind::Direct, id) });
            model.principals.get_mut(principal)?.holds.push(own.into());
            own.0 as usize
        }
        None => return None,
    };
    let spelling = model.profile.spelling;
    let spelled = crate::engine::syntax::spell(spelling, permission);
    let mut pattern = |segments: &[&str]| match segments {
        [] if spelling == Spelling::Path => Pattern::name(model.names.intern(NO_RESOURCE)),
        _ => Pattern::path(&segments.iter().map(|segment| Segment::Name(model.names.intern(segment))).collect::<Vec<_>>()),
    };
    let typed = spelling == Spelling::Typed;
    let action = if typed && spelled.action == ["manage"] { Pattern::Any } else { pattern(&spelled.action) };
    let resource = if typed && spelled.resource == ["all"] { Pattern::Any } else { pattern(&spelled.resource) };
    model.holders.get_mut(at)?.grants.push(Grant::allow(action, resource, ""));
    Some(())
}

fn revoke(model: &mut Model, holder: &HolderRef, place: usize) -> Option<()> {
    let at = find(model, holder)?;
    let grants = &mut model.holders.get_mut(at)?.grants;
    (place < grants.len()).then(|| drop(grants.remove(place)))
}

/// The grants of a holder, in order.
fn places(policy: &Compiled, holder: &Row) -> Vec<u32> {
    let mut grants: Vec<u32> = policy.entries(holder).map(|(_, grant)| grant).collect();
    grants.sort_unstable();
    grants.dedup();
    grants
}

impl Turn<'_> {
    fn policy(&self) -> &Compiled {
        self.insight.policy.compiled()
    }

    /// What is answered after some changes.
    fn after(&self, steps: &[Step]) -> Option<(Policy, Arc<Prepared>, Effect)> {
        let policy = self.insight.with(steps).ok()?;
        let who = ready(policy.compiled(), &Arc::new(Spec { who: Arc::new(self.who.clone()), context: (*self.insight.context).clone() }));
        let asking = self.ask.asking();
        let effect = decide(policy.compiled(), &who, &sought(policy.compiled(), &asking).ok()?.question()).effect;
        Some((policy, who, effect))
    }

    fn turns(&self, steps: &[Step]) -> bool {
        self.after(steps).is_some_and(|(_, _, effect)| (effect == Effect::Allow) != self.allowed)
    }

    /// Leaves out what is not needed.
    fn least(&self, mut steps: Vec<Step>) -> Vec<Step> {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.remove(at);
            if self.turns(&fewer) {
                steps = fewer;
            } else {
                at += 1;
            }
        }
        steps
    }

    fn additions(&self, who: &Prepared, sought: &Sought<'_>) -> Vec<Vec<Step>> {
        let mut sets: Vec<Vec<Step>> = Vec::new();
        for holder in self.assignable(sought) {
            sets.push(vec![Step::Assign { principal: self.id.clone(), holder }]);
        }
        let grants = self.grants(who, sought);
        sets.extend(grants.iter().map(|grant| vec![grant.clone()]));
        sets.retain(|set| self.turns(set));
        if sets.is_empty() {
            sets.extend(self.way_in(grants.first()));
        }
        sets
    }

    /// Roles and groups that lead to an allow on what is asked, or pass every check.
    fn assignable(&self, sought: &Sought<'_>) -> Vec<HolderRef> {
        let policy = self.policy();
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
            if row.superuser.is_some() || sought.asked.pairs.iter().any(covers) {
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
        let held: Vec<u32> =
            policy.principal(self.at).map(|row| policy.holds(&row).iter().map(|held| held.holder.0).collect()).unwrap_or_default();
        let fits = |at: &u32| {
            let kind = policy.holder(*at).filter(|holder| holder.listed).map(|holder| holder.kind);
            matches!(kind, Some(HolderKind::Role | HolderKind::Group)) && !held.contains(at)
        };
        found.into_iter().filter(fits).filter_map(|at| HolderRef::of(policy, at)).take(MOST_HOLDERS).collect()
    }

    /// Grants that could be added: the principal's own where the system has such, and to what it holds.
    fn grants(&self, who: &Prepared, sought: &Sought<'_>) -> Vec<Step> {
        let policy = self.policy();
        let asked = &sought.asked;
        let words: Vec<&str> = asked.words.iter().map(AsRef::as_ref).collect();
        let (action, resource) = words.split_at_checked(asked.actions).unwrap_or_default();
        let spelled = match policy.profile.spelling {
            _ if asked.malformed => return Vec::new(),
            Spelling::Flat if resource.is_empty() => action.concat(),
            Spelling::Flat => return Vec::new(),
            Spelling::Typed => [action.concat(), resource.concat()].join(" "),
            Spelling::Path if resource.is_empty() => action.join(":"),
            Spelling::Ace if action.is_empty() => resource.join("/"),
            Spelling::Path | Spelling::Ace => [resource.join("/"), action.join(":")].join(":"),
        };
        let mut holders: Vec<HolderRef> = Vec::new();
        if matches!(policy.system(), "latchgate" | "kura") {
            holders.push(HolderRef {
                kind: holder_word(HolderKind::Direct),
                id: policy.principal(self.at).map_or("", |row| policy.text(row.id)).into(),
            });
        }
        for visit in &who.takes {
            let holder = way(who, *visit).last().copied();
            let row = holder.and_then(|at| policy.holder(at));
            let bears =
                row.is_some_and(|row| row.listed && matches!(row.kind, HolderKind::Role | HolderKind::Group | HolderKind::AccessControl));
            if let Some(named) = holder.filter(|_| bears).and_then(|at| HolderRef::of(policy, at))
                && !holders.contains(&named)
            {
                holders.push(named);
            }
        }
        holders.into_iter().take(MOST_HOLDERS).map(|holder| Step::Grant { holder, permission: spelled.clone() }).collect()
    }

    /// One way where no single addition does: denies are taken away until an allow decides, or one is added.
    fn way_in(&self, grant: Option<&Step>) -> Option<Vec<Step>> {
        let mut steps: Vec<Step> = grant.cloned().into_iter().collect();
        for _ in 0..LONGEST {
            let (policy, who, effect) = self.after(&steps)?;
            if effect == Effect::Allow {
                return Some(self.least(steps));
            }
            let asking = self.ask.asking();
            let verdict = decide(policy.compiled(), &who, &sought(policy.compiled(), &asking).ok()?.question());
            let by = verdict.by.first().filter(|_| verdict.code == Code::DeniedByRule)?;
            let Source::Grant(grant) = by.source else { return None };
            let holder = way(&who, by.visit).last().copied()?;
            steps.push(self.revoke_there(policy.compiled(), holder, grant)?);
        }
        None
    }

    /// The step that takes away a grant of a policy that has been changed: by what it says, its place may be another one here.
    fn revoke_there(&self, changed: &Compiled, holder: u32, grant: u32) -> Option<Step> {
        let words = in_words(changed, &changed.grant(grant)?);
        let named = HolderRef::of(changed, holder)?;
        let policy = self.policy();
        let at = (0..policy.rows(Section::Holders)).find(|at| HolderRef::of(policy, *at).as_ref() == Some(&named))?;
        let row = policy.holder(at)?;
        // Of several that say the same, the one behind those that are gone already.
        let before = places(changed, &changed.holder(holder)?).iter().take_while(|one| **one != grant).count();
        let own = places(policy, &row);
        let alike = (0..own.len())
            .filter(|place| own.get(*place).and_then(|one| policy.grant(*one)).is_some_and(|one| in_words(policy, &one) == words));
        let place = alike.filter(|place| *place >= before).min()?;
        revoke_at(policy, named, *own.get(place)?, place)
    }

    fn removals(&self, who: &Prepared, sought: &Sought<'_>) -> Vec<Vec<Step>> {
        let atoms = self.atoms(who, sought);
        let mut sets: Vec<Vec<Step>> = Vec::new();
        for atom in &atoms {
            sets.push(vec![atom.clone()]);
        }
        sets.retain(|set| self.turns(set));
        if !sets.is_empty() {
            sets.truncate(MOST_SETS);
            return sets;
        }
        if atoms.len() <= MOST_ATOMS {
            for (at, one) in atoms.iter().enumerate() {
                for two in atoms.iter().skip(at + 1) {
                    sets.push(vec![one.clone(), two.clone()]);
                }
            }
            sets.retain(|set| self.turns(set));
            if !sets.is_empty() {
                sets.truncate(MOST_SETS);
                return sets;
            }
        }
        // All that can be given up, less what need not be; and the same with assignments alone.
        let assignments: Vec<Step> = atoms.iter().filter(|atom| matches!(atom, Step::Unassign { .. })).cloned().collect();
        let revokes: Vec<Step> = atoms.iter().filter(|atom| matches!(atom, Step::Revoke { .. })).cloned().collect();
        for all in [assignments, revokes, atoms] {
            if self.turns(&all) {
                let least = self.least(all);
                if !sets.contains(&least) {
                    sets.push(least);
                }
            }
        }
        let fewest = sets.iter().map(Vec::len).min();
        sets.retain(|set| Some(set.len()) == fewest);
        sets
    }

    /// What could be taken away: the ways to allows that cover the question, by their beginnings and by their ends.
    fn atoms(&self, who: &Prepared, sought: &Sought<'_>) -> Vec<Step> {
        let policy = self.policy();
        let mut atoms: Vec<Step> = Vec::new();
        let mut add = |step: Option<Step>| atoms.extend(step);
        let unassign = |visit: u32| {
            let first = way(who, visit).first().and_then(|at| HolderRef::of(policy, *at))?;
            let direct = first.kind == holder_word(HolderKind::Direct);
            (!direct).then(|| Step::Unassign { principal: self.person(), holder: first })
        };
        // Every holder that passes every check has to go.
        for visit in &who.takes {
            let row = way(who, *visit).last().and_then(|at| policy.holder(*at));
            if row.is_some_and(|row| row.superuser.is_some()) {
                add(unassign(*visit));
            }
        }
        for candidate in ordered(policy, who, &sought.asked) {
            let By { source: Source::Grant(grant), visit } = candidate.by() else { continue };
            if policy.grant(grant).is_some_and(|grant| grant.denies) {
                continue;
            }
            add(unassign(visit));
            let holder = way(who, visit).last().copied();
            let row = holder.and_then(|at| policy.holder(at));
            let place = row.and_then(|row| places(policy, &row).iter().position(|one| *one == grant));
            let named = holder.and_then(|at| HolderRef::of(policy, at));
            add(named.zip(place).and_then(|(named, place)| revoke_at(policy, named, grant, place)));
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    fn person(&self) -> String {
        self.id.clone()
    }
}

fn revoke_at(policy: &Compiled, holder: HolderRef, grant: u32, place: usize) -> Option<Step> {
    let grant = policy.grant(grant)?;
    let effect = if grant.denies { "deny" } else { "allow" };
    Some(Step::Revoke { holder, effect, permission: grant_text(policy, &grant), place })
}
