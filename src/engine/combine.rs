//! Grants that apply, combined into one effect.

use super::ask::{Asked, Question, Target};
use super::prepare::{Entry, Prepared, Source};
use super::verdict::{By, Code, Effect, Verdict};
use crate::compile::Compiled;
use crate::condition::{self, Condition, Outcome, field_matches};
use crate::model::{Combining, Grant, GrantEffect};
use crate::table::pair;
use crate::trie::ROOT;

/// What refuses before any grant is looked at.
pub fn gate(policy: &Compiled, who: &Prepared) -> Option<Verdict> {
    expired(policy, who).or_else(|| who.anonymous.clone()).or_else(|| who.tenant.clone()).or_else(|| who.standing.clone())
}

/// A11: the server fails on whatever it has to look up a grant for.
pub(super) fn broken(policy: &Compiled, who: &Prepared) -> Option<Verdict> {
    let sentence = policy.names.text(who.broken?);
    Some(Verdict::error(Code::InvalidRule, 500, policy.profile.book.broken, sentence))
}

pub fn expired(policy: &Compiled, who: &Prepared) -> Option<Verdict> {
    let (expires, now) = (policy.meta.expires?, who.context.now?);
    (expires <= now).then(|| Verdict::deny(Code::SnapshotExpired, 403, policy.profile.book.default_deny))
}

/// Decides one question.
pub fn decide(policy: &Compiled, who: &Prepared, question: &Question<'_>) -> Verdict {
    if let Some(refusal) = gate(policy, who).or_else(|| broken(policy, who)) {
        return refusal;
    }
    let book = policy.profile.book;
    let asked = question.asked;
    if !within_bounds(who, asked) {
        return Verdict::deny(Code::ScopeNotGranted, 403, book.scopes);
    }
    if let Some(verdict) = superuser(policy, who) {
        return verdict;
    }
    let unknown = || Verdict::deny(Code::UnknownPermission, 403, book.registry);
    if asked.is_malformed() {
        return unknown();
    }
    if policy.registry_closed && !is_registered(policy, asked) {
        return unknown();
    }
    let verdict = combine(policy, who, question);
    if verdict.code == Code::NoGrant && !asked.is_known(policy) {
        return Verdict { code: Code::UnknownPermission, ..verdict };
    }
    verdict
}

/// H10, N13: every bound has to cover it.
pub fn within_bounds(who: &Prepared, asked: &Asked) -> bool {
    who.bounds.iter().all(|bound| bound.iter().any(|scope| scope.covers(asked)))
}

/// The allow of somebody who passes every check. Which grant does not matter: the holder itself is the reason.
pub fn superuser(policy: &Compiled, who: &Prepared) -> Option<Verdict> {
    let (_, visit) = who.superuser.as_ref()?;
    let mut verdict = Verdict::allow(Code::Superuser, policy.profile.book.superuser);
    verdict.by.push(By { source: Source::Superuser, visit: *visit });
    Some(verdict)
}

fn is_registered(policy: &Compiled, asked: &Asked) -> bool {
    asked.registered.is_some_and(|(action, resource)| policy.registry.has(pair(action, resource)))
}

/// Whether an entry applies to the question.
enum Applies {
    Yes,
    No,
    /// The server throws.
    Throws(&'static str),
    /// It hangs on the record that was not given.
    Unsure,
}

/// A grant that covers the question.
pub(super) struct Candidate<'a> {
    entry: &'a Entry,
    pub(super) grant: Option<&'a Grant>,
}

impl Candidate<'_> {
    pub(super) fn is_deny(&self) -> bool {
        self.grant.is_some_and(|grant| grant.effect == GrantEffect::Deny)
    }

    pub(super) fn priority(&self) -> i32 {
        self.grant.map_or(0, |grant| grant.priority)
    }

    fn by(&self) -> By {
        By { source: self.entry.source, visit: self.entry.visit }
    }
}

/// Entries whose patterns cover the question, in order, each grant once.
pub(super) fn candidates<'a>(policy: &'a Compiled, who: &'a Prepared, asked: &Asked) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for action in &asked.action.covers {
        for resource in &asked.resource.covers {
            for entry in who.at(*action, *resource) {
                let grant = match entry.source {
                    Source::Grant(index) => policy.grants.get(index as usize),
                    Source::Loose(_) | Source::Superuser => None,
                };
                found.push(Candidate { entry, grant });
            }
        }
    }
    found.sort_by_key(|candidate| (candidate.entry.order, candidate.entry.visit));
    found.dedup_by_key(|candidate| (candidate.entry.order, candidate.entry.source));
    found
}

fn combine(policy: &Compiled, who: &Prepared, question: &Question<'_>) -> Verdict {
    let mut found = candidates(policy, who, question.asked);
    match policy.profile.combining {
        Combining::Additive => additive(policy, who, question, &found),
        Combining::DenyOverrides => {
            let (denies, allows): (Vec<_>, Vec<_>) = found.into_iter().partition(Candidate::is_deny);
            deny_overrides(policy, who, question, &denies, &allows)
        }
        Combining::LastApplicable => {
            found.reverse();
            first(policy, who, question, &found)
        }
        Combining::FirstApplicable => {
            // Stable: equal priorities keep their order.
            found.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority()));
            first(policy, who, question, &found)
        }
    }
}

fn additive(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate<'_>]) -> Verdict {
    let mut allowing: Vec<&Candidate<'_>> = Vec::new();
    let mut open = None;
    for candidate in found {
        match applies(policy, question, candidate) {
            Applies::Yes => allowing.push(candidate),
            Applies::No => {}
            Applies::Throws(sentence) => open = open.or(Some(throws(policy, candidate, sentence))),
            Applies::Unsure => open = open.or(Some(unsure(policy, candidate))),
        }
    }
    let loose = loose(who, question.asked);
    match (allowing.first(), loose.first()) {
        (Some(decider), _) => {
            let mut verdict = Verdict::allow(Code::Granted, cited(policy, who, question, decider));
            verdict.by = allowing.iter().map(|candidate| candidate.by()).chain(loose).collect();
            verdict
        }
        (None, Some(_)) => {
            let mut verdict = Verdict::allow(Code::Granted, loose_rule(policy, who));
            verdict.by = loose;
            verdict
        }
        (None, None) => open.unwrap_or_else(|| no_grant(policy)),
    }
}

/// Permissions of the token that no table has, compared by their words.
fn loose(who: &Prepared, asked: &Asked) -> Vec<By> {
    let covering = who.untabled.iter().filter(|(index, _)| who.loose.get(*index as usize).is_some_and(|loose| loose.covers(asked)));
    covering.map(|(index, visit)| By { source: Source::Loose(*index), visit: *visit }).collect()
}

fn loose_rule(policy: &Compiled, who: &Prepared) -> &'static str {
    match who.who() {
        super::Who::Claims(claims) => claims.permission_rule,
        _ => policy.profile.book.default_deny,
    }
}

fn deny_overrides(
    policy: &Compiled,
    who: &Prepared,
    question: &Question<'_>,
    denies: &[Candidate<'_>],
    allows: &[Candidate<'_>],
) -> Verdict {
    let mut open = None;
    for candidate in denies {
        match applies(policy, question, candidate) {
            Applies::Yes => return denied(policy, candidate),
            Applies::No => {}
            // A deny that cannot be read might have denied.
            Applies::Throws(sentence) => open = open.or(Some(throws(policy, candidate, sentence))),
            Applies::Unsure => open = open.or(Some(unsure(policy, candidate))),
        }
    }
    let verdict = additive(policy, who, question, allows);
    if verdict.effect == Effect::Allow { open.unwrap_or(verdict) } else { verdict }
}

/// The first that applies decides (A3 from the newest on, N5 by priority).
fn first(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate<'_>]) -> Verdict {
    for candidate in found {
        match applies(policy, question, candidate) {
            Applies::Yes if candidate.is_deny() => return denied(policy, candidate),
            Applies::Yes => {
                let mut verdict = Verdict::allow(Code::Granted, cited(policy, who, question, candidate));
                verdict.by.push(candidate.by());
                return verdict;
            }
            Applies::No => {}
            Applies::Throws(sentence) => return throws(policy, candidate, sentence),
            Applies::Unsure => return unsure(policy, candidate),
        }
    }
    no_grant(policy)
}

fn no_grant(policy: &Compiled) -> Verdict {
    Verdict::deny(Code::NoGrant, 403, policy.profile.book.default_deny)
}

fn denied(policy: &Compiled, candidate: &Candidate<'_>) -> Verdict {
    let mut verdict = Verdict::deny(Code::DeniedByRule, 403, policy.profile.book.denied_by_rule);
    verdict.by.push(candidate.by());
    verdict
}

pub(super) fn throws(policy: &Compiled, candidate: &Candidate<'_>, sentence: &str) -> Verdict {
    let mut verdict = Verdict::error(Code::InvalidRule, 500, policy.profile.book.throws, sentence);
    verdict.by.push(candidate.by());
    verdict
}

fn unsure(policy: &Compiled, candidate: &Candidate<'_>) -> Verdict {
    let mut verdict = Verdict::deny(Code::RecordRequired, 403, policy.profile.book.record_question);
    verdict.by.push(candidate.by());
    verdict
}

/// The rule that an allow goes by: how the grant reaches what was asked.
fn cited(policy: &Compiled, who: &Prepared, question: &Question<'_>, candidate: &Candidate<'_>) -> &'static str {
    let book = policy.profile.book;
    let (entry, asked) = (candidate.entry, question.asked);
    let Some(grant) = candidate.grant else { return loose_rule(policy, who) };
    if grant.condition.as_ref().is_some_and(|condition| !condition.is_empty()) {
        return if matches!(question.target, Target::Type) { book.type_question } else { book.record_question };
    }
    if entry.resource != ROOT && asked.resource.exact != Some(entry.resource) {
        return book.cascade;
    }
    match entry.action {
        ROOT => book.any_action,
        action if asked.action.exact != Some(action) => book.nested,
        _ => grant.rule,
    }
}

fn applies(policy: &Compiled, question: &Question<'_>, candidate: &Candidate<'_>) -> Applies {
    let Some(grant) = candidate.grant else { return Applies::Yes };
    if let Some(fields) = &grant.fields {
        let matches = match question.field {
            Some(field) => field_matches(fields, field),
            // Without a field: an allow of some fields counts, a deny of some does not (A11, N11).
            None => !candidate.is_deny(),
        };
        if !matches {
            return Applies::No;
        }
    }
    let Some(unbound) = &grant.condition else { return Applies::Yes };
    let condition: &Condition = match &candidate.entry.bound {
        None => unbound,
        Some(Some(bound)) => bound,
        // N19: a placeholder that stands for nothing. What cannot be compared with opens nothing and silences no deny.
        Some(None) => {
            let is_type = matches!(question.target, Target::Type);
            return if is_type != candidate.is_deny() { Applies::Yes } else { Applies::No };
        }
    };
    match question.target {
        Target::Type => type_applies(policy, candidate, condition),
        Target::Record(record) => match condition::evaluate(condition, policy.profile.semantics, record) {
            Outcome::Holds => Applies::Yes,
            Outcome::Fails => Applies::No,
            Outcome::Throws(sentence) => Applies::Throws(sentence),
        },
        Target::Withheld if condition.is_empty() => Applies::Yes,
        Target::Withheld => match condition.tests {
            Ok(_) => Applies::Unsure,
            Err(sentence) => Applies::Throws(sentence),
        },
    }
}

/// A5: an allow counts whatever its condition; a conditional deny does not, but for CASL 7's empty one.
fn type_applies(policy: &Compiled, candidate: &Candidate<'_>, condition: &Condition) -> Applies {
    if !candidate.is_deny() {
        return Applies::Yes;
    }
    match &condition.tests {
        Ok(tests) if tests.is_empty() && policy.profile.empty_deny_on_types => Applies::Yes,
        Err(sentence) if policy.profile.semantics == condition::Semantics::Casl7 => Applies::Throws(sentence),
        _ => Applies::No,
    }
}
