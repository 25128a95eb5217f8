//! Grants that apply, combined into one effect.

use super::ask::{Asked, Question, Target};
use super::prepare::{Prepared, Source, VisitKind};
use super::verdict::{By, Code, Effect, Verdict};
use crate::base::names::Sym;
use crate::base::table::sort;
use crate::base::terms::{Combining, Rule};
use crate::base::text::{concat, join};
use crate::compiled::layout::flag;
use crate::compiled::{Compiled, Grant, ROOT};
use crate::condition::{self, Condition, Outcome, Semantics, field_matches};

/// What refuses before any grant is looked at.
#[inline(never)]
pub fn gate(policy: &Compiled, who: &Prepared) -> Option<Box<Verdict>> {
    let expired = expired(policy, who);
    if expired.is_some() { expired } else { who.refusal.clone() }
}

/// Whether something refuses whatever is asked.
pub fn is_shut(policy: &Compiled, who: &Prepared) -> bool {
    who.refusal.is_some() || who.broken.is_some() || expired(policy, who).is_some()
}

/// A11: the server fails on whatever it has to look up a grant for.
pub(super) fn broken(policy: &Compiled, who: &Prepared) -> Option<Box<Verdict>> {
    let sentence = policy.text(who.broken?);
    Some(Verdict::error(Code::InvalidRule, 500, policy.rule(Rule::Broken), sentence.into()))
}

pub fn expired(policy: &Compiled, who: &Prepared) -> Option<Box<Verdict>> {
    let (expires, now) = (policy.expires()?, who.spec.context.now?);
    (expires <= now).then(|| policy.deny(Code::SnapshotExpired, 403, Rule::DefaultDeny))
}

/// Decides one question.
pub fn decide(policy: &Compiled, who: &Prepared, question: &Question<'_>) -> Box<Verdict> {
    if let Some(refusal) = gate(policy, who).or_else(|| broken(policy, who)) {
        return refusal;
    }
    let asked = question.asked;
    if !within_bounds(policy, who, asked) {
        return not_granted(policy, who);
    }
    if let Some(verdict) = superuser(policy, who) {
        return verdict;
    }
    let unregistered = policy.profile.has(flag::REGISTRY_CLOSED) && !asked.is_registered(policy);
    if asked.odd_id {
        let detail = "the record's `id` is neither text nor a number, so nobody can tell which record it is";
        return Verdict::error(Code::InvalidQuestion, 400, policy.rule(Rule::RecordQuestion), detail.into());
    }
    if asked.malformed || unregistered {
        // A slice lists only what is held: what else the whole defines it cannot tell.
        let sliced = !asked.malformed && policy.profile.has(flag::SLICE);
        return if sliced { no_grant(policy) } else { policy.deny(Code::UnknownPermission, 403, Rule::Registry) };
    }
    let mut verdict = combine(policy, who, question);
    if verdict.code == Code::NoGrant && !asked.is_known(policy) {
        verdict.code = Code::UnknownPermission;
    }
    verdict
}

/// The refusal of what the scopes of a session do not cover. Scopes that cover nothing at all are a mistake of whoever asked for them.
pub fn not_granted(policy: &Compiled, who: &Prepared) -> Box<Verdict> {
    let refusal = policy.deny(Code::ScopeNotGranted, 403, Rule::Scopes);
    match who.bounds.iter().find(|bound| bound.iter().all(|scope| scope.is_idle(policy))) {
        None => refusal,
        Some(bound) if bound.is_empty() => refusal.because("none was granted, so nothing is allowed".into()),
        Some(bound) => {
            let mut texts: Vec<&str> = Vec::new();
            for scope in bound {
                texts.push(&scope.text);
            }
            refusal.because(concat(&["none of `", &join(&texts, " "), "` names anything in the snapshot, so nothing is allowed"]))
        }
    }
}

/// H10, N13: every bound has to cover it.
pub fn within_bounds(policy: &Compiled, who: &Prepared, asked: &Asked) -> bool {
    who.bounds.iter().all(|bound| bound.iter().any(|scope| scope.covers(policy, asked)))
}

/// The allow of somebody who passes every check. Which grant does not matter: the holder itself is the reason.
pub fn superuser(policy: &Compiled, who: &Prepared) -> Option<Box<Verdict>> {
    let (_, visit) = who.superuser.as_ref()?;
    let mut verdict = policy.allow(Code::Superuser, Rule::Superuser);
    verdict.by.push(By { source: Source::Superuser, visit: *visit });
    Some(verdict)
}

/// Whether a grant applies to the question.
enum Applies {
    Yes,
    No,
    /// The server throws.
    Throws(&'static str),
    /// It hangs on the record that was not given.
    Unsure,
}

/// A grant that covers the question, and how it is held.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    pub grant: Grant,
    /// The pair of patterns by which it covers.
    pair: u32,
    visit: u32,
}

impl Candidate {
    /// The pair of patterns by which it covers the question.
    pub fn pair(&self) -> u32 {
        self.pair
    }

    /// Whether another one is the same grant, held in the same way.
    pub fn is_same(&self, other: &Self) -> bool {
        self.grant.index == other.grant.index && self.visit == other.visit
    }

    pub fn by(&self) -> By {
        By { source: Source::Grant(self.grant.index), visit: self.visit }
    }
}

/// Grants whose patterns cover the question, in order, each once for every way in which it is held; `all`: and for every pair.
fn candidates(policy: &Compiled, who: &Prepared, asked: &Asked, all: bool) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    // Grant, and the first of the pairs that it is on, as one number.
    let mut here: Vec<u64> = Vec::new();
    // The pairs in order, each with its rank: made for the first holder that has fewer entries than the question has pairs.
    let mut ranks: Vec<u64> = Vec::new();
    let among = who.taking(&asked.pairs);
    for visit in among.as_deref().unwrap_or(&who.takes) {
        crate::base::steps::step();
        let Some(VisitKind::Holder(id)) = who.visits.get(*visit as usize).map(|visit| visit.kind) else { continue };
        let Some(holder) = policy.holder(id.0) else { continue };
        here.clear();
        if asked.pairs.len() > holder.entries.1.saturating_sub(holder.entries.0) as usize {
            if ranks.is_empty() {
                ranks.extend((0..).zip(&asked.pairs).map(|(rank, pair)| crate::base::table::pair(*pair, rank)));
                sort(&mut ranks);
            }
            for (pair, grant) in policy.entries(&holder) {
                crate::base::steps::step();
                let key = crate::base::table::pair(pair, 0);
                let rank = ranks.get(ranks.partition_point(|rank| *rank < key)).filter(|rank| **rank >> 32 == u64::from(pair));
                here.extend(rank.map(|rank| crate::base::table::pair(grant, *rank as u32)));
            }
        } else {
            for (rank, pair) in (0..).zip(&asked.pairs) {
                here.extend(policy.entries_on(&holder, *pair).map(|grant| crate::base::table::pair(grant, rank)));
            }
        }
        if here.len() > 1 {
            sort(&mut here);
            if !all {
                here.dedup_by_key(|entry| *entry >> 32);
            }
        }
        for entry in &here {
            let grant = policy.grant((*entry >> 32) as u32).filter(|grant| who.holds(grant.scope));
            let pair = asked.pairs.get(*entry as u32 as usize).copied().unwrap_or(0);
            found.extend(grant.map(|grant| Candidate { grant, pair, visit: *visit }));
        }
    }
    found
}

/// In the order in which they are tried where the first that applies decides (A3 from the newest on, N5 by priority), denies first elsewhere.
pub fn ordered(policy: &Compiled, who: &Prepared, asked: &Asked) -> Vec<Candidate> {
    in_order(policy, candidates(policy, who, asked, false))
}

/// The same with each pair by which a grant covers: they follow one another.
pub(super) fn all_ordered(policy: &Compiled, who: &Prepared, asked: &Asked) -> Vec<Candidate> {
    in_order(policy, candidates(policy, who, asked, true))
}

fn in_order(policy: &Compiled, found: Vec<Candidate>) -> Vec<Candidate> {
    match policy.profile.combining {
        Combining::Additive => found,
        Combining::LastApplicable => {
            let mut reversed = Vec::new();
            for candidate in found.iter().rev() {
                reversed.push(*candidate);
            }
            reversed
        }
        Combining::FirstApplicable => by_key(found, |candidate| (!candidate.grant.priority).cast_unsigned() ^ 1 << 31),
        Combining::DenyOverrides => by_key(found, |candidate| u32::from(!candidate.grant.denies)),
    }
}

/// The lowest key first; equals keep their order.
fn by_key(found: Vec<Candidate>, key: fn(&Candidate) -> u32) -> Vec<Candidate> {
    let mut order: Vec<u64> = Vec::new();
    for (at, candidate) in (0..).zip(&found) {
        order.push(crate::base::table::pair(key(candidate), at));
    }
    sort(&mut order);
    let mut sorted = Vec::new();
    for at in order {
        sorted.extend(found.get(at as u32 as usize).copied());
    }
    sorted
}

fn combine(policy: &Compiled, who: &Prepared, question: &Question<'_>) -> Box<Verdict> {
    let found = ordered(policy, who, question.asked);
    let mut verdict = match policy.profile.combining {
        Combining::Additive => additive(policy, who, question, &found),
        Combining::DenyOverrides => deny_overrides(policy, who, question, &found),
        Combining::LastApplicable | Combining::FirstApplicable => first(policy, who, question, &found),
    };
    // Mostly there is nothing but plain allows.
    let general = matches!(question.target, Target::Type) && verdict.effect == Effect::Allow;
    verdict.partial = general && !found.iter().all(|candidate| candidate.grant.plain) && is_partial(policy, who, question, &found);
    verdict
}

/// Whether an allow of what was asked in general does not hold for every record and field: a condition or a list of fields stands before
/// what allows without one, or nothing does.
fn is_partial(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate]) -> bool {
    let ends = matches!(policy.profile.combining, Combining::LastApplicable | Combining::FirstApplicable);
    let mut denied = false;
    for candidate in found {
        let grant = &candidate.grant;
        let fields = policy.fields(grant);
        if let (Some(fields), Some(field)) = (&fields, question.field)
            && !field_matches(fields, field)
        {
            continue;
        }
        let condition = policy.condition(grant);
        let bound = condition.clone().and_then(|condition| who.bind(policy, condition));
        let whole = !(fields.is_some() && question.field.is_none())
            && (condition.is_none() || !grant.denies && bound.as_ref().is_some_and(Condition::is_empty));
        if grant.denies {
            denied |= policy.profile.combining != Combining::Additive;
        } else if whole {
            return denied;
        } else if ends && bound.is_some_and(|bound| bound.tests.is_err()) {
            // The server fails on it before it comes to what allows.
            denied = true;
        }
    }
    denied || !who.loose.iter().any(|loose| loose.covers(policy, question.asked))
}

fn additive(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate]) -> Box<Verdict> {
    let mut open = None;
    let mut verdict: Option<Box<Verdict>> = None;
    for candidate in found {
        match applies(policy, who, question, candidate) {
            // A grant that denies gives nothing, even where nothing may be denied.
            Applies::Yes if candidate.grant.denies => {}
            Applies::Yes => {
                verdict.get_or_insert_with(|| Verdict::allow(Code::Granted, cited(policy, question, candidate))).by.push(candidate.by())
            }
            Applies::No => {}
            Applies::Throws(sentence) => open = open.or(Some(throws(policy, candidate, sentence))),
            Applies::Unsure => open = open.or(Some(unsure(policy, candidate))),
        }
    }
    for (index, loose) in (0..).zip(&who.loose) {
        if loose.covers(policy, question.asked) {
            let by = By { source: Source::Loose(index), visit: who.token.unwrap_or_default() };
            verdict.get_or_insert_with(|| policy.allow(Code::Granted, Rule::Token)).by.push(by);
        }
    }
    verdict.or(open).unwrap_or_else(|| no_grant(policy))
}

fn deny_overrides(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate]) -> Box<Verdict> {
    let mut open = None;
    let (denies, allows) = found.split_at(found.partition_point(|candidate| candidate.grant.denies));
    for candidate in denies {
        match applies(policy, who, question, candidate) {
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

/// The first that applies decides.
fn first(policy: &Compiled, who: &Prepared, question: &Question<'_>, found: &[Candidate]) -> Box<Verdict> {
    for candidate in found {
        match applies(policy, who, question, candidate) {
            Applies::Yes if candidate.grant.denies => return denied(policy, candidate),
            Applies::Yes => {
                let mut verdict = Verdict::allow(Code::Granted, cited(policy, question, candidate));
                verdict.by.push(candidate.by());
                return verdict;
            }
            Applies::No => {}
            Applies::Throws(sentence) => return throws(policy, candidate, sentence),
            Applies::Unsure => return unsure(policy, candidate),
        }
    }
    additive(policy, who, question, &[])
}

fn no_grant(policy: &Compiled) -> Box<Verdict> {
    policy.deny(Code::NoGrant, 403, Rule::DefaultDeny)
}

fn by_one(mut verdict: Box<Verdict>, candidate: &Candidate) -> Box<Verdict> {
    verdict.by.push(candidate.by());
    verdict
}

fn denied(policy: &Compiled, candidate: &Candidate) -> Box<Verdict> {
    by_one(policy.deny(Code::DeniedByRule, 403, Rule::Denied), candidate)
}

pub(super) fn throws(policy: &Compiled, candidate: &Candidate, sentence: &str) -> Box<Verdict> {
    by_one(Verdict::error(Code::InvalidRule, 500, policy.rule(Rule::Throws), sentence.into()), candidate)
}

fn unsure(policy: &Compiled, candidate: &Candidate) -> Box<Verdict> {
    by_one(policy.deny(Code::RecordRequired, 403, Rule::RecordQuestion), candidate)
}

/// The rule that an allow goes by: how the grant reaches what was asked.
fn cited(policy: &Compiled, question: &Question<'_>, candidate: &Candidate) -> Option<Sym> {
    let asked = question.asked;
    if candidate.grant.conditional {
        return policy.rule(if matches!(question.target, Target::Type) { Rule::TypeQuestion } else { Rule::RecordQuestion });
    }
    let (action, resource) = policy.pair(candidate.pair);
    if resource != ROOT && asked.resource.exact != Some(resource) {
        return policy.rule(Rule::Cascade);
    }
    match action {
        ROOT => policy.rule(Rule::AnyAction),
        action if asked.action.exact != Some(action) => policy.rule(Rule::Nested),
        _ => candidate.grant.rule,
    }
}

fn applies(policy: &Compiled, who: &Prepared, question: &Question<'_>, candidate: &Candidate) -> Applies {
    let grant = &candidate.grant;
    if grant.plain {
        return Applies::Yes;
    }
    if let Some(fields) = policy.fields(grant) {
        let matches = match question.field {
            Some(field) => field_matches(&fields, field),
            // Without a field: an allow of some fields counts, a deny of some does not (A11, N11).
            None => !grant.denies,
        };
        if !matches {
            return Applies::No;
        }
    }
    if !grant.denies && matches!(question.target, Target::Type) {
        // A5, N19: whatever its condition, which is not even read.
        return Applies::Yes;
    }
    let Some(unbound) = policy.condition(grant) else { return Applies::Yes };
    let Some(condition) = who.bind(policy, unbound) else {
        // N19: a placeholder that stands for nothing. What cannot be compared with opens nothing and silences no deny.
        return if grant.denies && !matches!(question.target, Target::Type) { Applies::Yes } else { Applies::No };
    };
    match question.target {
        Target::Type => type_denies(policy, &condition),
        Target::Record(record) => {
            match condition::evaluate(&condition, policy.profile.semantics, policy.opt_text(policy.profile.folded), record) {
                Outcome::Holds => Applies::Yes,
                Outcome::Fails => Applies::No,
                Outcome::Throws(sentence) => Applies::Throws(sentence),
            }
        }
        Target::Withheld if condition.is_empty() => Applies::Yes,
        Target::Withheld => match condition.tests {
            Ok(_) => Applies::Unsure,
            Err(sentence) => Applies::Throws(sentence),
        },
    }
}

/// A5: a conditional deny does not count, but for CASL 7's empty one.
fn type_denies(policy: &Compiled, condition: &Condition) -> Applies {
    match &condition.tests {
        Ok(0) if policy.profile.has(flag::EMPTY_DENY_ON_TYPES) => Applies::Yes,
        Err(sentence) if policy.profile.semantics == Semantics::Casl7 => Applies::Throws(sentence),
        _ => Applies::No,
    }
}
