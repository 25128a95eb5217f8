//! What a list of records may show (A14; casl 1.8): the rules that count for it, and what comes of them in one word.

use super::ask::{Asked, asked_resource};
use super::combine::{Candidate, all_ordered, broken, gate, throws, within_bounds};
use super::ids::{Ids, Reach};
use super::prepare::Prepared;
use super::verdict::{Code, Verdict};
use crate::base::terms::{Combining, Rule, Spelling};
use crate::compiled::Compiled;
use crate::compiled::layout::flag;
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

/// What a list may show, rule by rule.
#[derive(Debug)]
pub struct List {
    /// What each action permits; the list shows what one of them does.
    pub actions: Vec<Listed>,
    /// No record is shown whose id is neither text nor a number: nothing but a super-user passes there (N20).
    #[cfg_attr(all(feature = "host", not(feature = "insight")), allow(dead_code, reason = "elsewhere the word alone is said"))]
    pub well_formed: bool,
}

/// What one action permits.
#[derive(Debug)]
pub struct Listed {
    /// Each has to let the record through (N13).
    pub bounds: Vec<Ids>,
    /// Whoever passes every check.
    pub superuser: bool,
    /// The rules that count, each before those that it outranks. One that holds for every record is the last.
    pub rules: Vec<ListRule>,
}

/// One rule.
#[derive(Debug)]
pub struct ListRule {
    pub denies: bool,
    /// For this principal. `None` holds for every record; so does one without any test, but to Open Archiver.
    pub condition: Option<Condition>,
    /// Records that it is on.
    pub ids: Ids,
    candidate: Candidate,
}

impl ListRule {
    /// A15: to Open Archiver `conditions: {}` is a condition, of which its list translators then make nothing.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn is_certain(&self, semantics: Semantics) -> bool {
        let hollow = |condition: &Condition| semantics != Semantics::Casl6 && condition.is_empty();
        self.ids.is_any() && self.condition.as_ref().is_none_or(hollow)
    }
}

/// The rules that count for a list of what several actions show together.
///
/// # Errors
/// The verdict of a refusal or failure before any grant, or of a condition on which the server fails.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Result<List, Box<Verdict>> {
    if let Some(refusal) = gate(policy, who).or_else(|| broken(policy, who)) {
        return Err(refusal);
    }
    let paths = policy.profile.spelling == Spelling::Path;
    let superuser = who.superuser.is_some();
    let mut list = List { actions: Vec::new(), well_formed: paths && !(superuser && who.bounds.is_empty()) };
    for action in actions {
        let mut asked = asked_resource(policy, action, kind, None);
        let reach = if paths { Reach::new(policy, &mut asked, kind) } else { Reach::none(&asked) };
        if reach.overflows() {
            let sentence =
                "the grants name more ids of declared resources than a filter can hold: grant it on fewer of them, or on the type";
            return Err(Verdict::error(Code::InvalidRule, 500, policy.rule(Rule::List), sentence.into()));
        }
        let bounds = if paths {
            reach.bounds(policy, who, &asked)
        } else if within_bounds(policy, who, &asked) {
            Vec::new()
        } else {
            continue;
        };
        let unregistered = policy.profile.has(flag::REGISTRY_CLOSED) && !asked.is_registered(policy);
        let rules = match superuser || paths && (asked.malformed || unregistered) {
            true => Vec::new(),
            false => rules(policy, who, &asked, &reach)?,
        };
        list.actions.push(Listed { bounds, superuser, rules });
    }
    Ok(list)
}

/// In the order in which a rule outranks another: what holds for every record ends it.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn rules(policy: &Compiled, who: &Prepared, asked: &Asked, reach: &Reach) -> Result<Vec<ListRule>, Box<Verdict>> {
    let semantics = policy.profile.semantics;
    let mut rules: Vec<ListRule> = Vec::new();
    let found = all_ordered(policy, who, asked);
    for same in found.chunk_by(Candidate::is_same) {
        let Some(candidate) = same.first().copied() else { continue };
        let denies = candidate.grant.denies;
        // A11: a deny of some fields says nothing of whole records. And where nothing may be denied, nothing is.
        if denies && (policy.has_fields(&candidate.grant) || policy.profile.combining == Combining::Additive) {
            continue;
        }
        let condition = match policy.condition(&candidate.grant) {
            None => None,
            Some(unbound) => match who.bind(policy, unbound) {
                // N19: a placeholder that stands for nothing opens nothing and silences no deny.
                None if denies => None,
                None => continue,
                bound => bound,
            },
        };
        if let (Some(Err(sentence)), false) = (condition.as_ref().map(|condition| &condition.tests), semantics == Semantics::Casl6) {
            return Err(throws(policy, &candidate, sentence));
        }
        let rule = ListRule { denies, condition, ids: reach.ids(same.iter().map(Candidate::pair)), candidate };
        // casl 1.8: conditions that hold for every record do not end CASL's scan, which may still throw.
        let ends = rule.is_certain(semantics) && (rule.condition.is_none() || semantics != Semantics::Casl7);
        rules.push(rule);
        if ends {
            break;
        }
    }
    Ok(rules)
}

/// The same in one word.
///
/// # Errors
/// As [`list`].
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn filter(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Result<Filter, Box<Verdict>> {
    let list = list(policy, who, actions, kind)?;
    let mut union = Filter::None;
    for listed in &list.actions {
        match word(policy, listed) {
            Filter::All => return Ok(Filter::All),
            Filter::Conditions => union = Filter::Conditions,
            Filter::None => {}
        }
    }
    if policy.profile.semantics == Semantics::Casl6 { archive(policy, &list) } else { Ok(union) }
}

/// A14, A15, A25: whether Open Archiver's translators make something of what is no list of everything.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn archive(policy: &Compiled, list: &List) -> Result<Filter, Box<Verdict>> {
    let mut union = Filter::None;
    for rule in list.actions.iter().filter_map(archive_rules).flatten() {
        let Some(condition) = &rule.condition else { continue };
        if restricts(condition).map_err(|sentence| throws(policy, &rule.candidate, sentence))? {
            union = Filter::Conditions;
        }
    }
    Ok(union)
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn word(policy: &Compiled, listed: &Listed) -> Filter {
    if listed.bounds.iter().any(Ids::is_none) {
        return Filter::None;
    }
    let all = if listed.bounds.iter().all(Ids::is_any) { Filter::All } else { Filter::Conditions };
    if listed.superuser {
        return all;
    }
    let semantics = policy.profile.semantics;
    let (mut denies, mut word) = (false, Filter::None);
    for rule in &listed.rules {
        match (rule.denies, rule.is_certain(semantics)) {
            (true, true) => return word,
            (true, false) => denies = true,
            (false, true) if !denies => return all,
            (false, _) => word = Filter::Conditions,
        }
    }
    word
}

/// A14: the rules whose conditions become the query of CASL 6's `rulesToQuery`; not one of them shows everything. None: nothing.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn archive_rules(listed: &Listed) -> Option<Vec<&ListRule>> {
    let mut rules: Vec<&ListRule> = listed.rules.iter().collect();
    if let Some(ends) = rules.pop_if(|last| last.condition.is_none())
        && !ends.denies
    {
        // Everything, less what was denied: the conditional allows before do not matter any more.
        rules.retain(|rule| rule.denies);
        return Some(rules);
    }
    // An unconditional deny only ends the scan.
    rules.iter().any(|rule| !rule.denies).then_some(rules)
}
