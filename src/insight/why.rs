//! Why somebody may do something, or may not: the way to each grant, what it asks of the record, and what came near and lacked something.

use std::sync::Arc;

use serde::Serialize;

use super::Insight;
use crate::base::error::{Error, ErrorCode};
use crate::base::table::Seen;
use crate::base::terms::{Held, Spelling};
use crate::base::text::{concat, join};
use crate::compiled::layout::flag;
use crate::compiled::{Compiled, Grant, Holder};
use crate::condition::{test_holds, values_at};
use crate::decision::{self, DecidingGrant, Decision, Via, grant_text, holder_word};
use crate::engine::{
    Ask, Asked, Asking, By, Code, Effect, Kind, Prepared, Question, Source, Spec, Target, VisitKind, Who, asked_permission, asked_record,
    asked_resource, decide, is_shut, ready,
};
use crate::value::Value;

/// Why a question is answered as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Why {
    /// The answer.
    pub decision: Decision,
    /// Grants that cover the question and apply, in the order in which they are held.
    pub grants: Vec<Derived>,
    /// Of a question that is not allowed: allows that came near, with what each of them lacked.
    pub near: Vec<Derived>,
    /// One plain sentence: the decision's, and of a refusal what came nearest.
    pub message: String,
}

/// A grant on its way to an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Derived {
    /// The grant, with how it is held.
    #[serde(flatten)]
    pub grant: DecidingGrant,
    /// The rule by which it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Whether it is among those that decided.
    pub decides: bool,
    /// What it asks of the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Tested>,
    /// Nothing, where it applies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Lack>,
}

/// One test of a condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tested {
    /// The path into the record.
    pub path: String,
    /// The operator.
    pub operator: &'static str,
    /// What it is compared with, the principal's own values filled in.
    pub expected: Value,
    /// What the record has there: a list of all values where the path leads to several; nothing if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
    /// Whether it holds; not said where there is no record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
}

/// What a grant lacked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Lack {
    /// It is on other actions.
    Action,
    /// It is on other resources.
    Resource,
    /// The snapshot does not define what is asked for, and so nobody holds it (K4, I5, N16).
    Undefined,
    /// Its condition does not hold for the record.
    Condition,
    /// A placeholder of its condition stands for nothing (N19).
    Placeholder,
    /// It is limited to other fields.
    Field,
    /// It, or what leads to it, holds for another tenant.
    Tenant {
        /// Which.
        tenant: String,
    },
    /// It holds for another legal entity.
    LegalEntity {
        /// Which.
        entity: String,
    },
}

/// What is asked, taken apart.
pub struct Sought<'q> {
    pub asked: Asked,
    pub target: Target<'q>,
    pub field: Option<&'q str>,
}

/// Takes apart a permission, a type or a record; other questions are several.
pub fn sought<'q>(policy: &Compiled, asking: &Asking<'q>) -> Result<Sought<'q>, Error> {
    let word = asking.words.first().copied().unwrap_or_default();
    let asked = match asking.kind {
        Kind::Permission => asked_permission(policy, word),
        Kind::Type => asked_resource(policy, word, asking.subject, None),
        Kind::Record => asked_record(policy, word, asking.subject, asking.value),
        _ => {
            let message = "only a permission, a type or a record can be asked about";
            return Err(Error::new(ErrorCode::Argument, "$.ask.kind", message));
        }
    };
    let target = if asking.kind == Kind::Record { Target::Record(asking.value) } else { Target::Type };
    Ok(Sought { asked, target, field: asking.field })
}

impl Sought<'_> {
    /// As the engine is asked.
    pub fn question(&self) -> Question<'_> {
        Question { asked: &self.asked, target: self.target, field: self.field }
    }
}

impl Insight {
    /// Why somebody may do something, or may not.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a question that is not about one permission, type or record.
    pub fn why(&self, who: &Who, ask: &Ask) -> Result<Why, Error> {
        let policy = self.policy.compiled();
        let asking = ask.asking();
        let sought = sought(policy, &asking)?;
        let who = ready(policy, &Arc::new(Spec { who: Arc::new(who.clone()), context: (*self.context).clone() }));
        let verdict = decide(policy, &who, &sought.question());
        let by = verdict.by.clone();
        let (allowed, code) = (verdict.effect == Effect::Allow, verdict.code);
        let decision =
            decision::Answered { verdict, who: Some(Arc::clone(&who)), ask: Some(asking.clone()), filter: None }.decision(policy);
        let tracer = Tracer { policy, who: &who, sought: &sought };
        let mut why = Why { message: decision.message.clone(), decision, grants: Vec::new(), near: Vec::new() };
        for derived in tracer.reached(&by, allowed) {
            if derived.lacks.is_empty() || derived.decides { why.grants.push(derived) } else { why.near.push(derived) }
        }
        // What refuses or fails whatever is held, no grant came near to.
        let hangs_on_grants = matches!(code, Code::NoGrant | Code::UnknownPermission | Code::DeniedByRule | Code::RecordRequired);
        if !hangs_on_grants || is_shut(policy, &who) {
            why.near.clear();
        } else {
            why.near.extend(tracer.elsewhere());
            tracer.rank(&mut why.near);
            if let Some(nearest) = why.near.first() {
                let what: Vec<&str> = nearest.lacks.iter().map(Lack::sentence).collect();
                why.message = concat(&[&why.message, "; nearest is `", &nearest.grant.permission, "`, but ", &join(&what, " and ")]);
            }
        }
        Ok(why)
    }
}

impl Lack {
    /// What is nearer comes first.
    fn weight(&self) -> u32 {
        match self {
            Self::Condition | Self::Field | Self::Placeholder | Self::Undefined => 1,
            Self::Tenant { .. } | Self::LegalEntity { .. } => 2,
            Self::Action => 4,
            Self::Resource => 5,
        }
    }

    fn sentence(&self) -> &'static str {
        match self {
            Self::Action => "it is on another action",
            Self::Resource => "it is on another resource",
            Self::Undefined => "the snapshot does not define what is asked for, so nobody holds it",
            Self::Condition => "its condition does not hold",
            Self::Placeholder => "a value that its condition needs is not there",
            Self::Field => "it is on other fields",
            Self::Tenant { .. } => "it is held for another tenant",
            Self::LegalEntity { .. } => "it is held for another legal entity",
        }
    }
}

/// The weight of what is one edit away: more than that of what lacks a condition, less than that of anything on something else.
const SLIP: u32 = 3;

/// A name's resource, and what is done to it: what stands behind the last mark.
fn parts(name: &str) -> (&str, Option<&str>) {
    let cut = [':', '_', '.'].into_iter().find_map(|mark| name.rsplit_once(mark));
    cut.map_or((name, None), |(resource, action)| (resource, Some(action)))
}

/// Whether one letter more, less or another one, or two in the wrong order, are all that tells two texts apart.
fn is_one_edit(one: &str, two: &str) -> bool {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let same = one.iter().zip(&two).take_while(|(one, two)| one == two).count();
    let rest = |list: &[char], skip: usize| list.get(same + skip..).map(<[char]>::to_vec);
    let swapped = || {
        let (Some([a, b]), Some([c, d])) = (one.get(same..same + 2), two.get(same..same + 2)) else { return false };
        a == d && b == c && rest(&one, 2) == rest(&two, 2)
    };
    one != two
        && (rest(&one, 1).is_some() && rest(&one, 1) == rest(&two, 1)
            || rest(&one, 1).is_some() && rest(&one, 1) == rest(&two, 0)
            || rest(&two, 1).is_some() && rest(&one, 0) == rest(&two, 1)
            || swapped())
}

/// A grant, and which sides of the question it covers.
struct Covering {
    grant: u32,
    action: bool,
    resource: bool,
}

impl Covering {
    fn lack(&self) -> Option<Lack> {
        match (self.action, self.resource) {
            (true, true) => None,
            (true, false) => Some(Lack::Resource),
            (false, _) => Some(Lack::Action),
        }
    }
}

struct Tracer<'a> {
    policy: &'a Compiled,
    who: &'a Prepared,
    sought: &'a Sought<'a>,
}

impl Tracer<'_> {
    /// Whether what is asked is not listed where only what is listed counts.
    fn is_undefined(&self) -> bool {
        let asked = &self.sought.asked;
        self.policy.profile.has(flag::REGISTRY_CLOSED) && !asked.malformed && !asked.is_registered(self.policy)
    }

    /// What is asked, as the system spells it.
    fn text(&self) -> String {
        let asked = &self.sought.asked;
        let words: Vec<&str> = asked.words.iter().map(AsRef::as_ref).collect();
        let (action, resource) = words.split_at_checked(asked.actions).unwrap_or_default();
        match self.policy.profile.spelling {
            Spelling::Flat => join(&words, ""),
            Spelling::Typed => join(&words, " "),
            _ if resource.is_empty() => join(action, ":"),
            _ => concat(&[&join(resource, "/"), ":", &join(action, ":")]),
        }
    }

    /// Whether another name is of the same action, or of the same resource, as its parts say; of a slip of the pen one of them.
    fn parts_alike(&self, other: &str) -> (bool, bool) {
        let text = self.text();
        let ((resource, action), (theirs, done)) = (parts(&text), parts(other));
        let (same_action, same_resource) = (action.is_some() && action == done, resource == theirs);
        let slip = is_one_edit(&text, other);
        // It is another name, so something is another.
        (!same_resource && (same_action || slip), same_resource)
    }

    /// The nearest first: what lacks least, what may be a slip of the pen, another action on the same resource, the same action on another one;
    /// else as it is held.
    fn rank(&self, near: &mut [Derived]) {
        let text = self.text();
        near.sort_by_cached_key(|derived| {
            let weight = derived.lacks.iter().map(Lack::weight).sum::<u32>();
            if weight > SLIP && is_one_edit(&text, &derived.grant.permission) { SLIP } else { weight }
        });
    }

    /// What is held and covers the question; of what is not allowed also allows that cover one side of it, or lack something else.
    fn reached(&self, by: &[By], allowed: bool) -> Vec<Derived> {
        let mut found = Vec::new();
        for visit in &self.who.takes {
            let Some(VisitKind::Holder(id)) = self.who.visits.get(*visit as usize).map(|visit| visit.kind) else { continue };
            let Some(holder) = self.policy.holder(id.0) else { continue };
            let undefined = !allowed && self.is_undefined();
            for covering in self.covering(&holder, allowed) {
                if allowed && covering.lack().is_some() {
                    continue;
                }
                let Some(grant) = self.policy.grant(covering.grant) else { continue };
                let mut lacks: Vec<Lack> = covering.lack().into_iter().collect();
                let tests = if lacks.is_empty() { self.terms(&grant, &mut lacks) } else { Vec::new() };
                if undefined && lacks.is_empty() {
                    lacks.push(Lack::Undefined);
                }
                let here = By { source: Source::Grant(grant.index), visit: *visit };
                let decides = by.contains(&here);
                if decides {
                    // A rule on which the server fails lacks nothing: it decides.
                    lacks.clear();
                }
                if !lacks.is_empty() && (allowed || grant.denies) {
                    continue;
                }
                found.push(Derived {
                    grant: decision::shown(self.policy, self.who, here).into_data(),
                    rule: self.policy.opt_text(grant.rule).map(Into::into),
                    decides,
                    tests,
                    lacks,
                });
            }
        }
        // What a token carries, and a super-user.
        for one in by.iter().filter(|by| !matches!(by.source, Source::Grant(_))) {
            let grant = decision::shown(self.policy, self.who, *one).into_data();
            found.push(Derived { grant, rule: None, decides: true, tests: Vec::new(), lacks: Vec::new() });
        }
        found
    }

    /// The grants of a holder that cover the question or one side of it, in order.
    fn covering(&self, holder: &Holder, whole: bool) -> Vec<Covering> {
        let asked = &self.sought.asked;
        let flat = self.policy.profile.spelling == Spelling::Flat;
        let mut found: Vec<Covering> = Vec::new();
        for (pair, grant) in self.policy.entries(holder) {
            let (action, resource) = self.policy.pair(pair);
            let (action, resource) = (asked.action.covers.contains(&action), asked.resource.covers.contains(&resource));
            // A name has parts, though the system compares it as a whole.
            let (action, resource) = match (flat && !whole && !(action && resource), self.policy.grant(grant)) {
                (true, Some(grant)) => self.parts_alike(&grant_text(self.policy, &grant)),
                _ => (action, resource),
            };
            if action && resource || !whole && (action || resource) {
                found.push(Covering { grant, action, resource });
            }
        }
        found.sort_unstable_by_key(|covering| covering.grant);
        // By its other patterns a grant may cover the other side.
        found.dedup_by(|next, kept| {
            let same = next.grant == kept.grant;
            kept.action |= same && next.action;
            kept.resource |= same && next.resource;
            same
        });
        found
    }

    /// What a grant that covers the question asks besides.
    fn terms(&self, grant: &Grant, lacks: &mut Vec<Lack>) -> Vec<Tested> {
        if !self.who.holds(grant.scope) {
            lacks.push(Lack::Tenant { tenant: self.policy.opt_text(grant.scope).unwrap_or_default().into() });
        }
        if let Some(fields) = self.policy.fields(grant) {
            let fits = self.sought.field.map_or(!grant.denies, |field| crate::condition::field_matches(&fields, field));
            if !fits {
                lacks.push(Lack::Field);
            }
        }
        let Some(condition) = self.policy.condition(grant) else { return Vec::new() };
        let record = if let Target::Record(record) = self.sought.target { Some(record) } else { None };
        let Some(bound) = self.who.bind(self.policy, condition) else {
            if record.is_some() != grant.denies {
                lacks.push(Lack::Placeholder);
            }
            return Vec::new();
        };
        let profile = &self.policy.profile;
        let (mut tests, mut holds) = (Vec::new(), true);
        let visited = bound.visit(profile.semantics, self.policy.opt_text(profile.folded), &mut |test| {
            let values = record.map(|record| values_at(record, test.path)).unwrap_or_default();
            let one = record.map(|record| test_holds(test, record));
            holds &= one != Some(Ok(false));
            tests.push(Tested {
                path: join(test.path, "."),
                operator: test.operator.word(),
                expected: test.operand.clone(),
                actual: match values.as_slice() {
                    [] => None,
                    [one] => Some((*one).clone()),
                    several => Some(Value::List(several.iter().map(|value| (*value).clone()).collect())),
                },
                // Where the server fails on it, it neither holds nor not.
                holds: one.and_then(Result::ok),
            });
            one.unwrap_or(Ok(true)).map(|_| true)
        });
        let lacking = match record {
            Some(_) => visited.is_err() || !holds,
            // Of a whole type an allow counts whatever its condition, a conditional deny says nothing (A5, N10).
            None => grant.denies && !(bound.is_empty() && profile.has(flag::EMPTY_DENY_ON_TYPES)),
        };
        if lacking {
            lacks.push(Lack::Condition);
        }
        tests
    }

    /// Allows of holders that do not count for this tenant or legal entity, and cover the question.
    fn elsewhere(&self) -> Vec<Derived> {
        let mut found = Vec::new();
        let Some(principal) = self.who.principal.and_then(|at| self.policy.principal(at)) else { return found };
        let mut seen = Seen::default();
        for visit in &self.who.visits {
            if let VisitKind::Holder(id) = visit.kind {
                seen.enter(id.0.into());
            }
        }
        let mut entered = Seen::default();
        let mut open: Vec<(Held, Vec<Via>, Vec<Lack>)> =
            self.policy.holds(&principal).into_iter().rev().map(|held| (held, Vec::new(), Vec::new())).collect();
        while let Some((held, mut via, mut lacks)) = open.pop() {
            let Some(holder) = self.policy.holder(held.holder.0).filter(|_| entered.enter(held.holder.0.into())) else { continue };
            for tenant in [held.scope, holder.tenant].into_iter().flatten().filter(|tenant| !self.who.holds(Some(*tenant))) {
                lacks.push(Lack::Tenant { tenant: self.policy.text(tenant).into() });
            }
            let acting = self.who.acting_for();
            if let Some(entity) = self.policy.opt_text(holder.entity).filter(|entity| acting.is_some_and(|acting| acting != *entity)) {
                lacks.push(Lack::LegalEntity { entity: entity.into() });
            }
            let (id, name) = (self.policy.text(holder.id).into(), self.policy.opt_text(holder.name).map(Into::into));
            via.push(Via { kind: holder_word(holder.kind), id, name });
            if seen.enter(held.holder.0.into()) && !lacks.is_empty() {
                let whole = self.covering(&holder, true).into_iter().filter(|covering| covering.lack().is_none());
                for grant in whole.filter_map(|covering| self.policy.grant(covering.grant)).filter(|grant| !grant.denies) {
                    let mut own = Vec::new();
                    let tests = self.terms(&grant, &mut own);
                    own.splice(0..0, lacks.iter().cloned());
                    let shown = DecidingGrant {
                        effect: "allow",
                        permission: grant_text(self.policy, &grant),
                        via: via.clone(),
                        conditional: grant.conditional,
                        reason: self.policy.opt_text(grant.reason).map(Into::into),
                    };
                    let rule = self.policy.opt_text(grant.rule).map(Into::into);
                    found.push(Derived { grant: shown, rule, decides: false, tests, lacks: own });
                }
            }
            let includes = self.policy.includes(&holder).into_iter().rev();
            open.extend(includes.map(|held| (held, via.clone(), lacks.clone())));
        }
        found
    }
}
