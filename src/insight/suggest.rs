//! The smallest changes that turn an answer round, each with what else comes of it.
//!
//! A change is tried, not reasoned about: the policy's model is changed, compiled anew and asked, and what comes of it is told by [`diff`].
//!
//! [`diff`]: Insight::diff

use std::cmp::Reverse;
use std::sync::Arc;

use serde::Serialize;

use super::Insight;
use super::cause::HolderRef;
use super::changes::Sources;
use super::diff::Diff;
use super::ways::Ways;
use super::why::sought;
use crate::base::error::{Error, ErrorCode};
use crate::compiled::Compiled;
use crate::engine::{Ask, Code, Effect, Prepared, Spec, Who, decide, ready};

/// So many things to take away are tried in twos and threes; of more, one way is looked for.
const MOST_ATOMS: usize = 16;
/// So many ways of one size are told.
const MOST_SETS: usize = 32;

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
        /// What it takes the place of, in a system where a principal has one role and no more.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        replaces: Vec<HolderRef>,
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
        /// What it is on, as the document spells it.
        permission: String,
        /// Where it stands in the list of the holder's document, of which it may be a part only (one of the `permissions` of a native grant).
        /// Not said where no list has it, or of a compiled snapshot.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<usize>,
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
    /// Ways to turn it round: those first of which the least else comes.
    pub suggestions: Vec<Suggestion>,
}

/// What is asked, of whom.
struct Turn<'i> {
    insight: &'i Insight,
    who: Who,
    ask: Ask,
    allowed: bool,
}

impl Insight {
    /// What would turn an answer round: for a refusal the smallest additions (a role or a group to be given, a grant to be added; where
    /// a deny refuses, what has to go before), for an allow the smallest sets of assignments or grants to be taken away. Only what the
    /// system's own requests do is suggested, and all that comes of it is told.
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
        let turn = Turn { insight: self, who: who.clone(), ask: ask.clone(), allowed: verdict.effect == Effect::Allow };
        let ways = Ways { sources: Sources::of(&self.policy), who: &ready, sought: &sought, at, id: &id, by: &verdict.by };
        let open = ready.refusal.is_none();
        let sets = match verdict.code {
            _ if turn.allowed => turn.removals(&ways),
            Code::NoGrant | Code::UnknownPermission | Code::DeniedByRule | Code::InvalidRule if open => turn.additions(&ways),
            _ => Vec::new(),
        };
        let mut ranked = Vec::new();
        for steps in sets {
            let after = self.with(&steps)?;
            let superuser = turn.prepared(after.compiled()).superuser.is_some();
            let effects = self.diff(&after.insight(&self.context))?;
            let mut others: Vec<String> =
                effects.groups.iter().flat_map(|group| &group.changes).map(|change| change.principal.clone()).collect();
            others.sort_unstable();
            others.dedup();
            others.retain(|other| *other != id);
            // Whoever passes every check afterwards, who did not before, has gained more than can be told.
            let (wanted, besides) = if turn.allowed { (effects.lost, effects.gained) } else { (effects.gained, effects.lost) };
            let rank = (superuser && !turn.allowed, wanted, others.len(), steps.len(), besides + effects.changed);
            ranked.push((rank, Suggestion { steps, effects, others }));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        Ok(Suggestions { allowed: turn.allowed, suggestions: ranked.into_iter().map(|(_, suggestion)| suggestion).collect() })
    }
}

impl Turn<'_> {
    fn prepared(&self, policy: &Compiled) -> Arc<Prepared> {
        ready(policy, &Arc::new(Spec { who: Arc::new(self.who.clone()), context: (*self.insight.context).clone() }))
    }

    /// Whether some changes do it.
    fn turns(&self, steps: &[Step]) -> bool {
        let Ok(policy) = self.insight.with(steps) else { return false };
        let policy = policy.compiled();
        let asking = self.ask.asking();
        let Ok(sought) = sought(policy, &asking) else { return false };
        let effect = decide(policy, &self.prepared(policy), &sought.question()).effect;
        (effect == Effect::Allow) != self.allowed
    }

    /// Those sets of steps that do it.
    fn that_turn(&self, sets: impl Iterator<Item = Vec<Step>>) -> Vec<Vec<Step>> {
        let mut found: Vec<Vec<Step>> = Vec::new();
        for mut set in sets {
            set = in_order(set);
            if !found.contains(&set) && self.turns(&set) {
                found.push(set);
            }
        }
        found.truncate(MOST_SETS);
        found
    }

    /// All of these, less what is not needed; nothing where even all of them do not do it.
    fn least(&self, mut steps: Vec<Step>) -> Option<Vec<Step>> {
        if !self.turns(&steps) {
            return None;
        }
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
        Some(in_order(steps))
    }

    fn additions(&self, ways: &Ways<'_>) -> Vec<Vec<Step>> {
        let (adding, removing) = (ways.adding(), ways.denying());
        let single = |steps: &[Step]| self.that_turn(steps.iter().map(|step| vec![step.clone()]));
        let found = [single(&adding), single(&removing)].concat();
        if !found.is_empty() {
            return found;
        }
        if removing.len() <= MOST_ATOMS && adding.len() <= MOST_ATOMS {
            let more: Vec<Step> = adding.iter().chain(&removing).cloned().collect();
            let found = self.that_turn(pairs(&removing, &more));
            if !found.is_empty() {
                return found;
            }
        }
        // What denies is taken away, and something is added.
        let mut sets = Vec::new();
        let of = |is: fn(&Step) -> bool| removing.iter().filter(|step| is(step)).cloned().collect::<Vec<Step>>();
        let revokes = of(|step| matches!(step, Step::Revoke { .. }));
        let others = of(|step| !matches!(step, Step::Revoke { .. }));
        for denies in [&revokes, &others, &removing] {
            for add in std::iter::once(None).chain(adding.iter().filter(|step| matches!(step, Step::Grant { .. })).take(1).map(Some)) {
                let all: Vec<Step> = add.into_iter().chain(denies).cloned().collect();
                sets.extend(self.least(all));
            }
            if !sets.is_empty() {
                break;
            }
        }
        smallest(sets)
    }

    fn removals(&self, ways: &Ways<'_>) -> Vec<Vec<Step>> {
        let (atoms, instead) = (ways.removing(), ways.instead());
        let found = self.that_turn(atoms.iter().chain(&instead).map(|atom| vec![atom.clone()]));
        if !found.is_empty() {
            return found;
        }
        if atoms.len() <= MOST_ATOMS {
            let found = self.that_turn(pairs(&atoms, &atoms));
            if !found.is_empty() {
                return found;
            }
        }
        // All that can be given up, less what need not be; and the same with assignments alone.
        let assignments: Vec<Step> = atoms.iter().filter(|atom| matches!(atom, Step::Unassign { .. })).cloned().collect();
        let revokes: Vec<Step> = atoms.iter().filter(|atom| matches!(atom, Step::Revoke { .. })).cloned().collect();
        smallest([assignments, revokes, atoms].into_iter().filter_map(|all| self.least(all)).collect())
    }
}

/// In an order in which they can be made one after the other: what stands behind goes first, so that places stay what they are.
fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_unstable();
    steps.sort_by_key(|step| match step {
        Step::Revoke { place, .. } => (0, Reverse(*place)),
        _ => (1, Reverse(None)),
    });
    steps
}

/// Each of some steps with each other one of others.
fn pairs<'s>(some: &'s [Step], others: &'s [Step]) -> impl Iterator<Item = Vec<Step>> {
    some.iter().flat_map(move |one| others.iter().filter(move |other| *other != one).map(move |other| vec![one.clone(), other.clone()]))
}

fn smallest(mut sets: Vec<Vec<Step>>) -> Vec<Vec<Step>> {
    let fewest = sets.iter().map(Vec::len).min();
    sets.retain(|set| Some(set.len()) == fewest);
    sets.sort_unstable();
    sets.dedup();
    sets
}
