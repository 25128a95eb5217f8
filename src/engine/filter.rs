//! What a list of records may show (A14; casl-semantics 1.8).

use super::ask::Asked;
use super::combine::{Candidate, broken, candidates, gate, throws, within_bounds};
use super::prepare::Prepared;
use super::verdict::Verdict;
use crate::compile::Compiled;
use crate::condition::{Condition, Semantics, restricts};
use crate::model::Combining;

/// What a list may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Every record.
    All,
    /// None.
    None,
    /// Those for which conditions hold.
    Conditions,
}

/// What a list may show to whoever may do one of several actions: the union.
///
/// # Errors
/// The verdict of a refusal or failure before any grant, or of a condition on which the server fails.
pub fn filter(policy: &Compiled, who: &Prepared, asked: &[Asked]) -> Result<Filter, Verdict> {
    if let Some(refusal) = gate(policy, who).or_else(|| broken(policy, who)) {
        return Err(refusal);
    }
    let asked = asked.iter().filter(|asked| within_bounds(who, asked));
    if who.superuser.is_some() {
        return Ok(if asked.count() > 0 { Filter::All } else { Filter::None });
    }
    let scans: Vec<Vec<Candidate<'_>>> = asked.map(|asked| ordered(policy, who, asked)).collect();
    let access: Vec<Access<'_>> = scans.iter().map(|found| scan(policy, found)).collect::<Result<_, _>>()?;
    if access.iter().any(|access| matches!(access, Access::All)) {
        return Ok(Filter::All);
    }
    let mut union = Filter::None;
    for (conditional, candidate) in access.iter().flat_map(Access::conditional) {
        if policy.profile.semantics != Semantics::Casl6 || restricts(conditional).map_err(|sentence| throws(policy, candidate, sentence))? {
            union = Filter::Conditions;
        }
    }
    Ok(union)
}

/// What one action permits, before the actions are joined.
enum Access<'a> {
    All,
    None,
    Conditional(Vec<(&'a Condition, &'a Candidate<'a>)>),
}

impl<'a> Access<'a> {
    fn conditional(&self) -> impl Iterator<Item = (&'a Condition, &'a Candidate<'a>)> + '_ {
        let list = match self {
            Self::Conditional(list) => list.as_slice(),
            Self::All | Self::None => &[],
        };
        list.iter().copied()
    }
}

/// In the order in which a rule outranks another.
fn ordered<'a>(policy: &'a Compiled, who: &'a Prepared, asked: &Asked) -> Vec<Candidate<'a>> {
    let mut found = candidates(policy, who, asked);
    match policy.profile.combining {
        Combining::LastApplicable => found.reverse(),
        Combining::FirstApplicable => found.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority())),
        Combining::Additive | Combining::DenyOverrides => found.sort_by_key(|candidate| !candidate.is_deny()),
    }
    // A11: a deny of some fields says nothing of whole records.
    found.retain(|candidate| !(candidate.is_deny() && candidate.grant.is_some_and(|grant| grant.fields.is_some())));
    found
}

/// An unconditional deny ends the scan, an unconditional allow ends it with everything but what was denied before.
fn scan<'a>(policy: &Compiled, found: &'a [Candidate<'a>]) -> Result<Access<'a>, Verdict> {
    // A15: to this server `conditions: {}` is a condition, of which its list translators then make nothing.
    let hollow_counts = policy.profile.semantics == Semantics::Casl6;
    let mut conditional: Vec<(&'a Condition, &'a Candidate<'a>)> = Vec::new();
    let (mut allows, mut denies) = (false, false);
    for candidate in found {
        let condition = candidate.grant.and_then(|grant| grant.condition.as_ref());
        match condition.filter(|condition| hollow_counts || !condition.is_empty()) {
            None if candidate.is_deny() => break,
            None if denies => {
                // Everything, less what was denied: the conditional allows before do not matter any more.
                conditional.retain(|(_, candidate)| candidate.is_deny());
                return Ok(Access::Conditional(conditional));
            }
            None => return Ok(Access::All),
            Some(condition) => {
                if let (Err(sentence), false) = (&condition.tests, hollow_counts) {
                    return Err(throws(policy, candidate, sentence));
                }
                denies |= candidate.is_deny();
                allows |= !candidate.is_deny();
                conditional.push((condition, candidate));
            }
        }
    }
    Ok(if allows { Access::Conditional(conditional) } else { Access::None })
}
