//! What becomes of a question about a type, with the conditions that it hangs on: in a normal form, so that two grades that are written
//! alike are alike.

use crate::base::terms::Combining;
use crate::base::text::join;
use crate::compiled::{Compiled, Grant};
use crate::condition::Semantics;
use crate::engine::{Asked, Code, Effect, Prepared, Question, Target, decide, ordered};
use crate::value::Value;

/// What becomes of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Grade {
    /// Refused.
    Denied,
    /// The server fails on it: refused, and reported apart.
    Failing,
    /// Allowed whatever the record.
    Allowed,
    /// Allowed for some records, as these steps say.
    Conditional(Vec<Step>),
}

/// One rule of several. Where the order counts, the first that applies decides; else a deny that applies does.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub denies: bool,
    /// For this principal. Nothing for every record.
    pub when: Option<When>,
    /// For these fields only.
    pub fields: Option<Vec<Box<str>>>,
}

/// For which records.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    Holds(Value),
    /// A placeholder stands for nothing (N19): an allow never applies to a record, a deny always does.
    Unbound,
}

impl Grade {
    /// Whether some record at least is allowed.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed | Self::Conditional(_))
    }
}

impl Step {
    fn always(&self) -> bool {
        self.when.is_none() && self.fields.is_none()
    }

    /// What it is compared and hashed by.
    pub fn key(&self) -> String {
        let when = match &self.when {
            None => "true".into(),
            Some(When::Unbound) => "unbound".into(),
            Some(When::Holds(condition)) => condition.to_json(),
        };
        let fields: Option<Vec<&str>> = self.fields.as_ref().map(|fields| fields.iter().map(AsRef::as_ref).collect());
        let fields = fields.map(|mut fields| {
            fields.sort_unstable();
            fields.dedup();
            join(&fields, "\n")
        });
        join(&[if self.denies { "deny" } else { "allow" }, &when, fields.as_deref().unwrap_or("\t")], "\t")
    }
}

/// What becomes of a question about a type.
pub fn grade(policy: &Compiled, who: &Prepared, asked: &Asked) -> Grade {
    let verdict = decide(policy, who, &Question { asked, target: Target::Type, field: None });
    match (verdict.effect, verdict.code) {
        (Effect::Deny, _) => return Grade::Denied,
        (Effect::Error, _) => return Grade::Failing,
        (Effect::Allow, Code::Superuser) => return Grade::Allowed,
        (Effect::Allow, _) => {}
    }
    let mut steps = Vec::new();
    for candidate in ordered(policy, who, asked) {
        steps.push(step(policy, who, &candidate.grant));
    }
    if who.loose.iter().any(|loose| loose.covers(policy, asked)) {
        steps.push(Step { denies: false, when: None, fields: None });
    }
    normal(steps, policy.profile.combining)
}

/// One grant for one principal.
pub fn step(policy: &Compiled, who: &Prepared, grant: &Grant) -> Step {
    let hollow = |value: &Value| matches!(value, Value::Map(members) if members.is_empty());
    let native = policy.profile.semantics == Semantics::Native;
    let when = policy.condition(grant).filter(|condition| !native || !condition.is_empty()).and_then(|condition| {
        let Some(bound) = who.bind(policy, condition) else { return Some(When::Unbound) };
        // Holding for every record is no condition, but for a deny where that is another thing (A5).
        let always = hollow(bound.source()) && !grant.denies;
        (!always).then(|| When::Holds(sorted(bound.source(), native)))
    });
    Step { denies: grant.denies, when, fields: policy.fields(grant) }
}

/// What becomes of it for whoever holds just this, whoever that is: placeholders stay as they are written. `Denied` where no allow comes
/// before what always denies.
pub fn bare(policy: &Compiled, who: &Prepared, asked: &Asked) -> Grade {
    let mut steps = Vec::new();
    for candidate in ordered(policy, who, asked) {
        let grant = &candidate.grant;
        let step = Step { denies: grant.denies, when: unbound(policy, grant), fields: policy.fields(grant) };
        let ends = step.denies && step.always() && policy.profile.combining != Combining::Additive;
        steps.push(step);
        if ends {
            break;
        }
    }
    if steps.iter().any(|step| !step.denies) { normal(steps, policy.profile.combining) } else { Grade::Denied }
}

/// A grant's condition as it is written.
fn unbound(policy: &Compiled, grant: &Grant) -> Option<When> {
    let native = policy.profile.semantics == Semantics::Native;
    let source = policy.condition_source(grant)?;
    let hollow = matches!(&source, Value::Map(members) if members.is_empty());
    (!hollow || grant.denies && !native).then(|| When::Holds(sorted(&source, native)))
}

/// A condition in its one way of being written: `{ a: { $eq: 1 } }` is `{ a: 1 }`. The order of members, and of what `$in` lists, says nothing
/// in native conditions; elsewhere it says which test fails first.
fn sorted(value: &Value, native: bool) -> Value {
    let Value::Map(members) = value else { return value.clone() };
    let mut members: Vec<(Box<str>, Value)> = members
        .iter()
        .map(|(key, value)| {
            let value = match (&**key, value) {
                ("$and" | "$or" | "$nor", Value::List(parts)) => Value::List(parts.iter().map(|part| sorted(part, native)).collect()),
                ("$not", inner) => sorted(inner, native),
                (key, Value::Map(_)) if !key.starts_with('$') => field(value, native),
                _ => value.clone(),
            };
            (key.clone(), value)
        })
        .collect();
    if native {
        members.sort_by(|one, two| one.0.cmp(&two.0));
    }
    Value::Map(members)
}

/// What is asked of one attribute.
fn field(value: &Value, native: bool) -> Value {
    let Value::Map(members) = value else { return value.clone() };
    if let [(operator, operand)] = members.as_slice()
        && &**operator == "$eq"
        && !matches!(operand, Value::Map(_))
    {
        return operand.clone();
    }
    let mut members: Vec<(Box<str>, Value)> = members
        .iter()
        .map(|(operator, operand)| {
            let operand = match (&**operator, operand) {
                ("$elemMatch", inner) => sorted(inner, native),
                ("$not", inner) => field(inner, native),
                ("$in" | "$nin", Value::List(items)) if native => {
                    let mut items = items.clone();
                    items.sort_by_cached_key(Value::to_json);
                    items.dedup();
                    Value::List(items)
                }
                _ => operand.clone(),
            };
            (operator.clone(), operand)
        })
        .collect();
    if native {
        members.sort_by(|one, two| one.0.cmp(&two.0));
    }
    Value::Map(members)
}

/// What grants allow of single records, whatever the registry lists (N16): not asked of the engine, which asks the registry first.
pub fn on_records(policy: &Compiled, who: &Prepared, asked: &Asked) -> Grade {
    let steps: Vec<Step> = ordered(policy, who, asked).iter().map(|candidate| step(policy, who, &candidate.grant)).collect();
    match normal(steps, policy.profile.combining) {
        Grade::Conditional(steps) if steps.iter().all(|step| step.denies) => Grade::Denied,
        Grade::Allowed if !ordered(policy, who, asked).iter().any(|candidate| !candidate.grant.denies) => Grade::Denied,
        grade => grade,
    }
}

/// What a list of records goes by, rule by rule: a condition without any test is one (A15).
pub fn listed(policy: &Compiled, who: &Prepared, asked: &Asked) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for candidate in ordered(policy, who, asked) {
        let step = step(policy, who, &candidate.grant);
        let hollow = step.when.is_none() && policy.condition(&candidate.grant).is_some();
        let key = step.key() + if hollow { "{}" } else { "" };
        if !keys.contains(&key) {
            keys.push(key);
        }
        if step.always() && !hollow {
            break;
        }
    }
    while keys.last().is_some_and(|key| key.starts_with("deny")) {
        keys.pop();
    }
    keys
}

fn normal(steps: Vec<Step>, combining: Combining) -> Grade {
    let ordered = matches!(combining, Combining::LastApplicable | Combining::FirstApplicable);
    let mut kept: Vec<Step> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    let unconditional = steps.iter().any(|step| !step.denies && step.always());
    for step in steps {
        // Grants that deny give nothing where nothing may be denied; beside what always allows, other allows say nothing.
        let idle = combining == Combining::Additive && step.denies || !ordered && unconditional && !step.denies && !step.always();
        let key = step.key();
        if idle || keys.contains(&key) {
            continue;
        }
        let ends = ordered && step.always();
        keys.push(key);
        kept.push(step);
        if ends {
            break;
        }
    }
    if ordered {
        // What is left is denied anyhow.
        while kept.last().is_some_and(|step| step.denies) {
            kept.pop();
        }
    } else {
        kept.sort_by_cached_key(|step| (!step.denies, step.key()));
    }
    if kept.iter().all(|step| !step.denies && step.always()) { Grade::Allowed } else { Grade::Conditional(kept) }
}
