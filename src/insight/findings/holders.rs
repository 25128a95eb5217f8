//! Roles, groups and the like: without grants, without holders, and of the same effect as others.

use std::collections::{BTreeMap, BTreeSet};

use super::sight::{EMPTY, MOST_NAMED, Sight, below, idle, key, listed, named, notice, step};
use crate::base::names::Sym;
use crate::base::terms::{HolderId, HolderKind};
use crate::compiled::Compiled;
use crate::compiled::layout::Section;
use crate::engine::holding;
use crate::insight::grade::{Grade, Step, bare};

/// What a holder comes to by itself: for which tenant, whether it passes every check, and its lines with what each hangs on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Effect {
    tenant: Option<Sym>,
    superuser: bool,
    lines: Vec<(u32, Vec<String>)>,
}

impl Sight {
    /// Holders that grant nothing, and those that nobody holds.
    pub fn holders(&mut self) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let held = held(policy);
        // One document may have become several holders (E13).
        let keys = |holders: &mut dyn Iterator<Item = u32>| -> BTreeSet<(&'static str, String)> {
            holders.filter_map(|at| policy.holder(at)).map(|holder| key(policy, &holder)).collect()
        };
        let reached = keys(&mut held.iter().copied());
        let direct = |at: &u32| policy.holder(*at).is_some_and(|holder| matches!(holder.kind, HolderKind::Direct | HolderKind::Token));
        let somebody = held.iter().any(|at| !direct(at));
        for at in 0..policy.rows(Section::Holders) {
            let Some(holder) = policy.holder(at).filter(|_| self.is_shown(at)) else { continue };
            let inner = below(policy, at, false);
            let grants = |at: &u32| {
                let rows = |holder: &crate::compiled::Holder| !policy.entry_rows(holder).is_empty();
                policy.holder(*at).is_some_and(|holder| holder.superuser.is_some() || holder.broken.is_some() || rows(&holder))
            };
            if !inner.iter().any(grants) && !self.is_told(policy, &holder) {
                let mut witness = Vec::new();
                for (place, inner) in inner.iter().enumerate() {
                    let how = if place == 0 { "has no grant of its own" } else { "is included and has none either" };
                    witness.push(self.holder_at(policy, *inner, format!("{} {how}", named(policy, *inner))));
                }
                let message = format!("{} grants nothing, neither itself nor through what it includes", named(policy, at));
                self.add(idle(EMPTY), self.book.default_deny, message, witness);
            }
            if somebody && !held.contains(&at) && !reached.contains(&key(policy, &holder)) {
                let mut witness = vec![self.holder_at(policy, at, format!("no principal has {}", named(policy, at)))];
                for above in including(policy, at) {
                    witness.push(self.holder_at(
                        policy,
                        above,
                        format!("{} includes it, and nobody has that either", named(policy, above)),
                    ));
                }
                let message = format!(
                    "nobody in the snapshot holds {}, neither directly nor through a group or role. A token may still name it",
                    named(policy, at)
                );
                self.add(idle("LINT_HOLDER_UNREACHABLE"), self.book.default_deny, message, witness);
            }
        }
        // What nothing names is no holder at all.
        let known = keys(&mut (0..policy.rows(Section::Holders)));
        let unnamed: Vec<(&'static str, String)> =
            self.places.keys().filter(|place| place.0 != "principal" && !known.contains(*place)).cloned().collect();
        for (kind, id) in unnamed.into_iter().filter(|_| somebody) {
            let words = if kind == "accessControl" { "access control" } else { kind };
            let witness = vec![self.holder(kind, &id, format!("no group and no template of a group names {words} `{id}`"))];
            let message = format!("nobody in the snapshot holds {words} `{id}`: nothing names it");
            self.add(idle("LINT_HOLDER_UNREACHABLE"), self.book.default_deny, message, witness);
        }
    }

    /// Roles (of Emporix: access controls) that come to the same, whoever holds one of them alone.
    pub fn alike(&mut self) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let mut alike: BTreeMap<Effect, Vec<u32>> = BTreeMap::new();
        for at in 0..policy.rows(Section::Holders) {
            let Some(holder) = policy.holder(at).filter(|_| self.is_shown(at)) else { continue };
            if matches!(holder.kind, HolderKind::Role | HolderKind::AccessControl)
                && let Some(effect) = self.effect(policy, at)
            {
                alike.entry(effect).or_default().push(at);
            }
        }
        let mut classes: Vec<(Effect, Vec<u32>)> = alike.into_iter().filter(|(_, holders)| holders.len() > 1).collect();
        classes.sort_by(|one, two| one.1.cmp(&two.1));
        for (effect, holders) in classes {
            let names: Vec<String> = holders.iter().map(|at| named(policy, *at)).collect();
            let mut witness = Vec::new();
            for (at, name) in holders.iter().zip(&names) {
                let through: Vec<String> = below(policy, *at, false).iter().skip(1).map(|inner| named(policy, *inner)).collect();
                let through = if through.is_empty() { String::new() } else { format!(", with {}", through.join(", ")) };
                witness.push(self.holder_at(policy, *at, format!("{name}{through} comes to what follows")));
            }
            for (line, conditions) in effect.lines.iter().take(MOST_NAMED) {
                let Some(element) = insight.space().universe.elements.get(*line as usize) else { continue };
                let how = if conditions.is_empty() { "is allowed" } else { "is allowed under the same conditions" };
                witness.push(step("permission", element.text.clone(), format!("`{}` {how} by each of them", element.text)));
            }
            if effect.superuser {
                witness.push(step("permission", "*", "each of them passes every check".into()));
            }
            let others: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!(
                "{} have the same effect: whoever holds one of them alone is allowed exactly what the others allow",
                others.join(" and ")
            );
            self.add(notice("LINT_SAME_EFFECT"), self.book.default_deny, message, witness);
        }
    }

    /// What a holder comes to by itself. Nothing for one that grants nothing, breaks the server, or counts in parts of the tenants only: those
    /// cannot be compared without saying where.
    fn effect(&self, policy: &Compiled, at: u32) -> Option<Effect> {
        let insight = &self.insight;
        let holder = policy.holder(at)?;
        let inner = below(policy, at, false);
        if below(policy, at, true) != inner {
            return None;
        }
        let who = holding(policy, HolderId(at), &insight.context);
        if who.broken.is_some() || who.refusal.is_some() {
            return None;
        }
        let (tenant, superuser) = (holder.tenant, who.superuser.is_some());
        if superuser {
            return Some(Effect { tenant, superuser, lines: Vec::new() });
        }
        let space = insight.space();
        let mut covered: BTreeSet<u32> = BTreeSet::new();
        for holder in inner.iter().filter_map(|at| policy.holder(*at)) {
            for (pair, grant) in policy.entries(&holder) {
                if policy.grant(grant).is_some_and(|grant| grant.scope.is_some()) {
                    return None;
                }
                covered.extend(space.cover.lines(pair));
            }
        }
        let mut lines = Vec::new();
        for line in &covered {
            let Some(element) = space.universe.elements.get(*line as usize) else { continue };
            if space.cover.impossible.binary_search(line).is_ok() {
                continue;
            }
            match bare(policy, &who, &element.region.generic(policy, &space.universe.words)) {
                Grade::Allowed => lines.push((*line, Vec::new())),
                Grade::Conditional(steps) => lines.push((*line, steps.iter().map(Step::key).collect())),
                Grade::Denied | Grade::Failing => {}
            }
        }
        (!lines.is_empty()).then_some(Effect { tenant, superuser, lines })
    }
}

/// All holders that some principal holds, through others too.
fn held(policy: &Compiled) -> BTreeSet<u32> {
    let mut held = BTreeSet::new();
    for principal in (0..policy.rows(Section::Principals)).filter_map(|at| policy.principal(at)) {
        for one in policy.holds(&principal) {
            if !held.contains(&one.holder.0) {
                held.extend(below(policy, one.holder.0, false));
            }
        }
    }
    held
}

/// Holders that include this one at once.
fn including(policy: &Compiled, at: u32) -> Vec<u32> {
    let includes =
        |above: &u32| policy.holder(*above).is_some_and(|holder| policy.includes(&holder).iter().any(|held| held.holder.0 == at));
    (0..policy.rows(Section::Holders)).filter(includes).take(MOST_NAMED).collect()
}

/// The texts of some lines.
pub fn texts<'s>(sight: &'s Sight, lines: &[u32]) -> Vec<&'s str> {
    let elements = &sight.insight.space().universe.elements;
    lines.iter().filter_map(|line| elements.get(*line as usize)).map(|element| element.text.as_str()).collect()
}

/// The same in a sentence.
pub fn in_words(sight: &Sight, lines: &[u32]) -> String {
    listed(&texts(sight, lines))
}
