//! Grants: what adds nothing to what is held with it, what is denied by what is held with it, and how far wildcards reach.

use std::collections::{BTreeMap, BTreeSet};

use super::holders::in_words;
use super::sight::{MOST_NAMED, Sight, below, counted, idle, named, notice, step};
use crate::base::terms::{Combining, HolderKind, Spelling};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Grant};
use crate::decision::grant_text;
use crate::insight::index::id_of;
use crate::insight::region::Region;

/// Pairs of patterns, with the holders and grants that are always held with something.
type Beside = BTreeMap<u32, Vec<(u32, u32)>>;

impl Sight {
    /// All three, holder by holder.
    pub fn grants(&mut self) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        for at in 0..policy.rows(Section::Holders) {
            let Some(holder) = policy.holder(at) else { continue };
            if self.is_shown(at) {
                let inner = below(policy, at, true);
                self.beside(policy, at, &inner);
            }
            if matches!(holder.kind, HolderKind::Direct) || self.is_shown(at) {
                self.wildcards(policy, at);
            }
        }
        for at in (0..policy.rows(Section::Principals)).filter(|at| insight.is_named(*at)) {
            let Some(principal) = policy.principal(at) else { continue };
            let holds = policy.holds(&principal);
            let is_direct = |holder: u32| policy.holder(holder).is_some_and(|holder| holder.kind == HolderKind::Direct);
            let free = |holder: u32| policy.holder(holder).is_some_and(|holder| holder.tenant.is_none() && holder.entity.is_none());
            let others = holds.iter().filter(|held| !is_direct(held.holder.0) && held.scope.is_none() && free(held.holder.0));
            let others: Vec<u32> = others.flat_map(|held| below(policy, held.holder.0, true)).collect();
            for held in holds.iter().filter(|held| is_direct(held.holder.0)) {
                self.beside(policy, held.holder.0, &others);
            }
        }
    }

    /// Grants of a holder that others decide which are always held with it. Only where the order of grants does not count.
    fn beside(&mut self, policy: &Compiled, at: u32, inner: &[u32]) {
        let Some(holder) = policy.holder(at) else { return };
        if !matches!(policy.profile.combining, Combining::Additive | Combining::DenyOverrides) {
            return;
        }
        let (mut allows, mut denies): (Beside, Beside) = Default::default();
        // Within one list of the other systems `LINT_SHADOWED` tells it.
        let own = matches!(policy.profile.spelling, Spelling::Flat | Spelling::Ace);
        for other in inner.iter().copied().filter(|other| *other != at).chain(own.then_some(at)) {
            for (pair, number) in policy.holder(other).iter().flat_map(|holder| policy.entries(holder)) {
                let Some(grant) = policy.grant(number) else { continue };
                let always = !grant.conditional && !policy.has_fields(&grant) && grant.scope.is_none();
                if grant.plain {
                    allows.entry(pair).or_default().push((other, number));
                } else if grant.denies && always && policy.profile.combining == Combining::DenyOverrides {
                    denies.entry(pair).or_default().push((other, number));
                }
            }
        }
        if allows.is_empty() && denies.is_empty() {
            return;
        }
        let mut pairs: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (pair, number) in policy.entries(&holder) {
            pairs.entry(number).or_default().push(pair);
        }
        for (number, pairs) in pairs {
            let Some(grant) = policy.grant(number).filter(|grant| !grant.denies) else { continue };
            let by = |beside: &Beside| {
                let each = pairs.iter().map(|pair| self.covering(policy, *pair, (at, number), beside));
                each.collect::<Option<BTreeSet<(u32, u32)>>>()
            };
            let found = by(&denies).map(|by| (true, by)).or_else(|| by(&allows).map(|by| (false, by)));
            if let Some((denied, by)) = found {
                self.decided(policy, at, &grant, denied, &by);
            }
        }
    }

    /// A grant beside this one that covers all that a pair covers. Of two that say the same the later one adds nothing.
    fn covering(&self, policy: &Compiled, pair: u32, (at, number): (u32, u32), beside: &Beside) -> Option<(u32, u32)> {
        let words = &self.insight.space().universe.words;
        let asked = Region::of_known_pair(policy, pair, words).generic(policy, words);
        let fits = |on: u32, other: &(u32, u32)| other.0 != at || other.1 != number && (on != pair || other.1 < number);
        asked.pairs.iter().find_map(|on| beside.get(on)?.iter().find(|other| fits(*on, other)).copied())
    }

    fn decided(&mut self, policy: &Compiled, at: u32, grant: &Grant, denied: bool, by: &BTreeSet<(u32, u32)>) {
        let text = grant_text(policy, grant);
        let mut witness = vec![
            self.holder_at(policy, at, format!("{} grants `{text}`", named(policy, at))),
            step("grant", text.clone(), format!("`{text}` is covered by what follows")),
        ];
        let mut names = Vec::new();
        for (other, number) in by {
            let what = policy.grant(*number).map(|grant| grant_text(policy, &grant)).unwrap_or_default();
            let verb = if denied { "denies" } else { "grants" };
            let how = if *other == at { "which is the same holder" } else { "which is always held with it" };
            let sentence = format!("{} {verb} `{what}`, {how}", named(policy, *other));
            witness.push(self.holder_at(policy, *other, sentence));
            witness.push(step("grant", what.clone(), format!("`{what}` covers all of `{text}`")));
            names.push(format!("{} {verb} `{what}`", named(policy, *other)));
        }
        let names = names.join(" and ");
        let (kind, end) = if denied {
            (idle("LINT_GRANT_DENIED"), "so whoever holds this never gets it")
        } else {
            (idle("LINT_GRANT_REDUNDANT"), "so it adds nothing")
        };
        let message = format!("{} grants `{text}`, but {names}, {end}", named(policy, at));
        self.add(kind, if denied { self.book.denied_by_rule } else { self.book.default_deny }, message, witness);
    }

    /// Grants on more than what they name and what is below that, and holders that pass every check.
    fn wildcards(&mut self, policy: &Compiled, at: u32) {
        let Some(holder) = policy.holder(at) else { return };
        let insight = self.insight.clone();
        let (index, space) = (insight.index(), insight.space());
        let everybody: Vec<u32> = index.reaching(at).iter().copied().filter(|principal| !index.shut.has(*principal)).collect();
        if everybody.is_empty() {
            return;
        }
        let single = |line: &u32| space.universe.elements.get(*line as usize).is_some_and(|element| !element.pattern);
        let mut wide: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        if policy.profile.spelling != Spelling::Flat {
            for (pair, number) in policy.entries(&holder) {
                let region = Region::of_known_pair(policy, pair, &space.universe.words);
                if (region.action.is_open() || region.resource.is_open()) && policy.grant(number).is_some_and(|grant| !grant.denies) {
                    wide.entry(number).or_default().extend(space.cover.lines(pair).iter().copied().filter(single));
                }
            }
        }
        let conditional = |number: u32| policy.grant(number).is_some_and(|grant| !grant.plain);
        let mut found: Vec<(&'static str, String, Vec<u32>, bool)> = Vec::new();
        for (number, lines) in wide {
            let text = policy.grant(number).map(|grant| grant_text(policy, &grant)).unwrap_or_default();
            found.push((self.book.any_action, text, lines.into_iter().collect(), conditional(number)));
        }
        if holder.superuser.is_some() {
            found.push((self.book.superuser, "*".into(), (0..space.lines()).filter(single).collect(), false));
        }
        for (rule, text, lines, conditional) in found {
            let mut witness = vec![
                self.holder_at(policy, at, format!("{} grants `{text}`", named(policy, at))),
                step("grant", text.clone(), format!("`{text}` covers {}: {}", counted(lines.len(), "permission"), in_words(self, &lines))),
            ];
            for principal in everybody.iter().take(MOST_NAMED) {
                let sentence = format!("`{}` holds it", id_of(policy, *principal));
                witness.push(self.principal(policy, *principal, sentence));
            }
            let message = format!(
                "`{text}` of {} is a wildcard: it covers {} of the snapshot's list{}, for {}",
                named(policy, at),
                counted(lines.len(), "permission"),
                if conditional { ", with limits" } else { "" },
                counted(everybody.len(), "principal")
            );
            self.add(notice("LINT_WILDCARD"), rule, message, witness);
        }
    }
}
