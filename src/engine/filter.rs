//! What a list of records may show (A14; casl-semantics 1.8).

use super::ask::{Asked, asked_resource};
use super::combine::{Candidate, broken, gate, ordered, throws, within_bounds};
use super::prepare::Prepared;
use super::verdict::Verdict;
use crate::compiled::Compiled;
use crate::condition::{Condition, Semantics, restricts};

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
pub fn filter(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Result<Filter, Box<Verdict>> {
    if let Some(refusal) = gate(policy, who).or_else(|| broken(policy, who)) {
        return Err(refusal);
    }
    let mut union = Filter::None;
    let mut conditional = Vec::new();
    for action in actions {
        let asked = asked_resource(policy, action, kind, None);
        if !within_bounds(policy, who, &asked) {
            continue;
        }
        if who.superuser.is_some() {
            return Ok(Filter::All);
        }
        match scan(policy, who, &asked)? {
            Access::All => union = Filter::All,
            Access::Conditional(list) => conditional.extend(list),
            Access::None => {}
        }
    }
    if union == Filter::All {
        return Ok(union);
    }
    for (condition, candidate) in &conditional {
        if policy.profile.semantics != Semantics::Casl6 || restricts(condition).map_err(|sentence| throws(policy, candidate, sentence))? {
            union = Filter::Conditions;
        }
    }
    Ok(union)
}

/// What one action permits, before the actions are joined.
enum Access {
    All,
    None,
    Conditional(Vec<(Condition, Candidate)>),
}

/// In the order in which a rule outranks another: an unconditional deny ends the scan, an unconditional allow ends it with everything
/// but what was denied before.
fn scan(policy: &Compiled, who: &Prepared, asked: &Asked) -> Result<Access, Box<Verdict>> {
    // A15: to this server `conditions: {}` is a condition, of which its list translators then make nothing.
    let hollow_counts = policy.profile.semantics == Semantics::Casl6;
    let mut conditional: Vec<(Condition, Candidate)> = Vec::new();
    let (mut allows, mut denies) = (false, false);
    for candidate in ordered(policy, who, asked) {
        let is_deny = candidate.grant.denies;
        // A11: a deny of some fields says nothing of whole records.
        if is_deny && policy.has_fields(&candidate.grant) {
            continue;
        }
        let condition = policy.condition(&candidate.grant);
        match condition.filter(|condition| hollow_counts || !condition.is_empty()) {
            None if is_deny => break,
            None if denies => {
                // Everything, less what was denied: the conditional allows before do not matter any more.
                conditional.retain(|(_, candidate)| candidate.grant.denies);
                return Ok(Access::Conditional(conditional));
            }
            None => return Ok(Access::All),
            Some(condition) => {
                if let (Err(sentence), false) = (&condition.tests, hollow_counts) {
                    return Err(throws(policy, &candidate, sentence));
                }
                denies |= is_deny;
                allows |= !is_deny;
                conditional.push((condition, candidate));
            }
        }
    }
    Ok(if allows { Access::Conditional(conditional) } else { Access::None })
}
