//! What deciding about a record takes, for one principal and one question: which attributes are read, and what is asked of them.
//! Where they turn out to be plain values, that decides; where not, or where the plan cannot tell, the engine is asked in full.

use super::Vocabulary;
use crate::compiled::{Compiled, Grant};
use crate::condition::{Operator, Semantics, Test};
use crate::engine::{Asked, Prepared, is_shut, ordered};
use crate::limits::{MAX_CONSTANT_BYTES, MAX_CONSTANTS};
use crate::model::{Combining, Spelling};
use crate::names::{Names, Sym};
use crate::table::index;
use crate::value::Value;

/// A plain value of a record. Texts are numbers of the names that plans compare with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    Absent,
    Null,
    Bool(bool),
    Number(f64),
    /// [`u32::MAX`] for a text that nothing is compared with.
    Text(u32),
}

/// What comes of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Deny,
    Allow,
    /// The engine has to be asked.
    Unclear,
}

/// What deciding about a record takes.
#[derive(Debug)]
pub enum Plan {
    /// Whatever the record.
    Always(bool),
    /// The engine has to be asked each time.
    Full,
    /// These attributes, in this order.
    Reads { attributes: Vec<Box<str>>, steps: Vec<Step>, semantics: Semantics },
}

/// One grant, in the order in which they are tried.
#[derive(Debug)]
pub struct Step {
    allows: bool,
    tests: Vec<(u32, Asks)>,
}

/// What is asked of an attribute.
#[derive(Debug)]
enum Asks {
    /// It is one of these, or is none of them.
    Among(Vec<Scalar>, bool),
    /// Below, equal, above: which of them will do.
    Order(f64, [bool; 3]),
    /// It is there, or is not.
    Exists(bool),
    /// No plain value will do.
    Never,
}

/// Makes the plan for one question.
pub fn plan(policy: &Compiled, who: &Prepared, vocabulary: &Vocabulary, slot: u32, constants: &mut Names) -> Plan {
    let Some(asked) = vocabulary.get(slot) else { return Plan::Full };
    if is_shut(policy, who) {
        return Plan::Always(false);
    }
    if !who.bounds.is_empty() || !who.loose.is_empty() {
        return Plan::Full;
    }
    if who.superuser.is_some() {
        return Plan::Always(true);
    }
    if vocabulary.is_impossible(policy, asked) {
        return Plan::Always(false);
    }
    if matches!(policy.profile.spelling, Spelling::Path | Spelling::Ace) && !is_leaf(policy, asked) {
        // Grants may be on single records of the type.
        return Plan::Full;
    }
    let mut planner = Planner { policy, who, constants, attributes: Vec::new() };
    let mut steps = Vec::new();
    for candidate in ordered(policy, who, asked) {
        match planner.step(&candidate.grant) {
            None => return Plan::Full,
            Some(Tests::Never) => {}
            Some(Tests::Always) if steps.is_empty() => return Plan::Always(!candidate.grant.denies),
            Some(Tests::Always) => {
                steps.push(Step { allows: !candidate.grant.denies, tests: Vec::new() });
                break;
            }
            Some(Tests::These(tests)) => steps.push(Step { allows: !candidate.grant.denies, tests }),
        }
    }
    if steps.iter().all(|step| !step.allows) {
        return Plan::Always(false);
    }
    Plan::Reads { attributes: planner.attributes, steps, semantics: policy.profile.semantics }
}

/// Whether nothing is granted on, or linked to, anything below the type.
fn is_leaf(policy: &Compiled, asked: &Asked) -> bool {
    let mut segments = Vec::new();
    for word in asked.words.iter().skip(asked.actions) {
        segments.push(policy.label(word));
    }
    policy.resources().ends_at(&segments)
}

enum Tests {
    Always,
    Never,
    These(Vec<(u32, Asks)>),
}

struct Planner<'a> {
    policy: &'a Compiled,
    who: &'a Prepared,
    constants: &'a mut Names,
    attributes: Vec<Box<str>>,
}

impl Planner<'_> {
    /// `None` where a plan cannot tell.
    fn step(&mut self, grant: &Grant) -> Option<Tests> {
        if grant.denies && (self.policy.has_fields(grant) || self.policy.profile.combining == Combining::Additive) {
            return Some(Tests::Never);
        }
        let Some(unbound) = self.policy.condition(grant) else { return Some(Tests::Always) };
        let Some(condition) = self.who.bind(self.policy, unbound) else {
            // N19: what stands for nothing opens nothing and silences no deny.
            return Some(if grant.denies { Tests::Always } else { Tests::Never });
        };
        let mut asks = Vec::new();
        let (semantics, folded) = (self.policy.profile.semantics, self.policy.opt_text(self.policy.profile.folded));
        let all = condition.visit(semantics, folded, &mut |test| {
            let one = self.test(test);
            let goes_on = one.is_some();
            asks.extend(one);
            Ok(goes_on)
        });
        if all != Ok(true) {
            return None;
        }
        Some(if asks.is_empty() { Tests::Always } else { Tests::These(asks) })
    }

    fn test(&mut self, test: &Test<'_>) -> Option<(u32, Asks)> {
        let [attribute] = test.path else { return None };
        let operand = test.operand;
        if test.fold {
            return None;
        }
        let fits = match test.operator {
            Operator::Less => [true, false, false],
            Operator::LessOrEqual => [true, true, false],
            Operator::Greater => [false, false, true],
            _ => [false, true, true],
        };
        let asks = match (test.operator, operand) {
            (Operator::Equal, _) => Asks::Among(self.scalars(std::slice::from_ref(operand))?, true),
            (Operator::NotEqual, _) => Asks::Among(self.scalars(std::slice::from_ref(operand))?, false),
            // CASL 7 takes a missing member for null when it compares with one, but not when it looks through a list.
            (Operator::In | Operator::NotIn, Value::List(list)) if !list.contains(&Value::Null) => {
                Asks::Among(self.scalars(list)?, test.operator == Operator::In)
            }
            (Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual, Value::Number(number)) => {
                Asks::Order(*number, fits)
            }
            (Operator::Exists, _) => Asks::Exists(*operand == Value::Bool(true)),
            (Operator::All | Operator::Size | Operator::Element, _) => Asks::Never,
            _ => return None,
        };
        let known = self.attributes.iter().position(|known| known.as_ref() == *attribute);
        let at = known.unwrap_or_else(|| {
            self.attributes.push((*attribute).into());
            self.attributes.len() - 1
        });
        Some((index(at), asks))
    }

    /// What a plain value can be equal to; lists and objects are equal to none. `None` where a text is one too many.
    fn scalars(&mut self, operands: &[Value]) -> Option<Vec<Scalar>> {
        let mut found = Vec::new();
        for operand in operands {
            found.extend(match operand {
                Value::Null => Some(Scalar::Null),
                Value::Bool(flag) => Some(Scalar::Bool(*flag)),
                Value::Number(number) => Some(Scalar::Number(*number)),
                Value::Text(text) => Some(Scalar::Text(self.constant(text)?.number())),
                Value::List(_) | Value::Map(_) => None,
            });
        }
        Some(found)
    }

    /// Texts are kept as long as the policy: there is room for so many, be they the snapshot's or a principal's own.
    fn constant(&mut self, text: &str) -> Option<Sym> {
        let known = self.constants.find(text);
        let bytes = self.constants.parts().0.len();
        let is_room = self.constants.len() < MAX_CONSTANTS && bytes.saturating_add(text.len()) <= MAX_CONSTANT_BYTES;
        known.or_else(|| is_room.then(|| self.constants.intern(text)))
    }
}

impl Plan {
    /// What a plan that reads nothing answers.
    pub fn fixed(&self) -> Answer {
        match self {
            Self::Always(true) => Answer::Allow,
            Self::Always(false) => Answer::Deny,
            Self::Full | Self::Reads { .. } => Answer::Unclear,
        }
    }

    /// Decides about a record whose attributes are these, in the plan's order.
    pub fn answer(&self, values: impl Fn(u32) -> Scalar) -> Answer {
        let Self::Reads { steps, semantics, .. } = self else { return self.fixed() };
        for step in steps {
            let mut holds = true;
            for (attribute, asks) in &step.tests {
                match asks.holds(values(*attribute), *semantics) {
                    Some(true) => {}
                    Some(false) => {
                        holds = false;
                        break;
                    }
                    None => return Answer::Unclear,
                }
            }
            if holds {
                return if step.allows { Answer::Allow } else { Answer::Deny };
            }
        }
        Answer::Deny
    }
}

impl Asks {
    /// Whether it holds; `None` where that hangs on what a text says.
    fn holds(&self, value: Scalar, semantics: Semantics) -> Option<bool> {
        Some(match self {
            Self::Among(operands, wanted) => {
                let value = if semantics == Semantics::Casl7 && value == Scalar::Absent { Scalar::Null } else { value };
                operands.contains(&value) == *wanted
            }
            Self::Exists(wanted) => (value != Scalar::Absent) == *wanted,
            Self::Never => false,
            Self::Order(operand, [below, equal, above]) => {
                let number = match value {
                    Scalar::Number(number) => {
                        return Some(if number == *operand {
                            *equal
                        } else if number > *operand {
                            *above
                        } else {
                            *below
                        });
                    }
                    _ if semantics == Semantics::Native => return Some(false),
                    Scalar::Text(_) => return None,
                    Scalar::Absent => f64::NAN,
                    Scalar::Null => 0.0,
                    Scalar::Bool(flag) => f64::from(u8::from(flag)),
                };
                // Coerced it is never strictly equal; whatever is not greater is less (A7).
                if number > *operand { *above } else { *below }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::limits::{MAX_CONSTANT_BYTES, MAX_CONSTANTS};
    use crate::{Ask, Context, Policy, Value, Vocabulary, Who};

    fn record(owner: &str) -> Value {
        Value::Map(vec![("owner".into(), Value::Text(owner.into())), ("status".into(), Value::Text("open".into()))])
    }

    /// Plans for principals with these ids: how many were made, and the vocabulary afterwards.
    fn plans(ids: &[String]) -> (usize, Vocabulary) {
        let mut principals = String::new();
        for id in ids {
            let _ = write!(principals, r#"{{ "id": "{id}", "type": "user", "roles": ["r"] }},"#);
        }
        let conditions = r#"{ "owner": "${principal.id}", "status": "open" }"#;
        let snapshot = format!(
            r#"{{ "system": "latchgate", "payloads": {{ "combining": "additive",
                "roles": [{{ "key": "r", "grants": [{{ "permissions": ["doc:read"], "conditions": {conditions} }}] }}],
                "principals": [{principals} {{ "id": "last", "type": "user" }}] }} }}"#
        );
        let policy = Policy::load(snapshot.as_bytes()).unwrap();
        let mut vocabulary = Vocabulary::new(&policy);
        let number = vocabulary.kind("read", "doc");
        let mut planned = 0;
        for (at, id) in ids.iter().enumerate() {
            let user = policy.principal(&Who::Named(id.as_str().into()), &Context::default());
            let plan = vocabulary.plan(&user, number);
            for owner in [id, &ids[ids.len() - 1 - at]] {
                let full = user.check(&Ask::Record { action: "read".into(), subject: "doc".into(), record: record(owner), field: None });
                assert_eq!(full.is_allowed(), owner == id);
                let quick = plan.allows(&vocabulary, &record(owner));
                assert_eq!(quick.unwrap_or(full.is_allowed()), full.is_allowed(), "{id}: {owner}");
                planned += usize::from(quick.is_some());
            }
        }
        (planned / 2, vocabulary)
    }

    #[test]
    fn many_principals_leave_a_bounded_number_of_texts() {
        let ids: Vec<String> = (0..MAX_CONSTANTS + 500).map(|at| format!("u{at}")).collect();
        let (planned, vocabulary) = plans(&ids);
        assert_eq!(vocabulary.constants().len(), MAX_CONSTANTS);
        // One of the texts is the status.
        assert_eq!(planned, MAX_CONSTANTS - 1);
    }

    #[test]
    fn long_texts_are_bounded_together() {
        let ids: Vec<String> = (0..100).map(|at| format!("{at}{}", "x".repeat(MAX_CONSTANT_BYTES / 50))).collect();
        let (planned, vocabulary) = plans(&ids);
        assert!((40..50).contains(&planned), "{planned}");
        assert!(vocabulary.constants().parts().0.len() <= MAX_CONSTANT_BYTES);
    }
}
