//! What deciding about a record takes, for one principal and one question: which attributes are read, and what is asked of them.
//! Where they turn out to be plain values, that decides; where not, or where the plan cannot tell, the engine is asked in full.

use super::Vocabulary;
use crate::base::limits::{MAX_CONSTANT_BYTES, MAX_CONSTANTS, MAX_READS};
use crate::base::names::{Names, Sym};
use crate::base::table::index;
use crate::base::terms::{Combining, Spelling};
use crate::base::text::join;
use crate::compiled::Compiled;
use crate::condition::{Condition, Operator, Semantics, Test, is_harmless, is_inherited};
use crate::engine::{Asked, Prepared, is_shut, ordered};
use crate::value::Value;
use crate::value::js::Js;

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
    /// These attributes, in this order, and what is asked of them.
    Reads { attributes: Vec<Attribute>, program: Vec<Op>, semantics: Semantics },
}

/// An attribute that is read.
#[derive(Debug)]
pub struct Attribute {
    /// Its path, through objects only: a list on the way, or anything else, is for the engine.
    pub path: Box<str>,
    /// It counts whether it is the object's own, and `undefined` is not the same as missing.
    pub own: bool,
}

/// Grants in the order in which they are tried, each as its tests and what comes of it if all hold. They stand behind one
/// another: a plan is asked far more often than it is made.
#[derive(Debug)]
pub enum Op {
    /// The attribute is one of so many operands, which follow, or is none of them.
    Among {
        attribute: u32,
        count: u32,
        wanted: bool,
    },
    Operand(Scalar),
    /// Below, equal, above: which of them will do.
    Order {
        attribute: u32,
        fits: [bool; 3],
        operand: f64,
    },
    /// It is there, or is not.
    Exists {
        attribute: u32,
        wanted: bool,
    },
    /// No plain value will do.
    Never,
    /// All held: this decides.
    Decides(bool),
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
    let (semantics, folded) = (policy.profile.semantics, policy.opt_text(policy.profile.folded));
    let mut planner = Planner::new(semantics, folded, constants);
    for candidate in ordered(policy, who, asked) {
        let grant = &candidate.grant;
        if grant.denies && (policy.has_fields(grant) || policy.profile.combining == Combining::Additive) {
            continue;
        }
        let bound = policy.condition(grant).map(|condition| who.bind(policy, condition));
        let goes_on = match &bound {
            // N19: what stands for nothing opens nothing and silences no deny.
            Some(None) if !grant.denies => true,
            Some(None) | None => planner.always(!grant.denies),
            Some(Some(condition)) => planner.step(!grant.denies, condition),
        };
        if !goes_on {
            break;
        }
    }
    planner.finish(false)
}

/// Whether nothing is granted on, or linked to, anything below the type.
fn is_leaf(policy: &Compiled, asked: &Asked) -> bool {
    let mut segments = Vec::new();
    for word in asked.words.iter().skip(asked.actions) {
        segments.push(policy.label(word));
    }
    policy.resources().ends_at(&segments)
}

/// Makes a plan of conditions, in the order in which they are tried.
pub struct Planner<'a> {
    semantics: Semantics,
    folded: Option<&'a str>,
    constants: &'a mut Names,
    attributes: Vec<Attribute>,
    program: Vec<Op>,
    /// What comes of the first one, if that hangs on nothing.
    first: Option<bool>,
    /// Some allow.
    allows: bool,
    /// A plan cannot tell.
    is_full: bool,
}

impl<'a> Planner<'a> {
    pub fn new(semantics: Semantics, folded: Option<&'a str>, constants: &'a mut Names) -> Self {
        Self { semantics, folded, constants, attributes: Vec::new(), program: Vec::new(), first: None, allows: false, is_full: false }
    }

    /// The next one applies whatever the record. Whether more may follow.
    pub fn always(&mut self, allows: bool) -> bool {
        if self.program.is_empty() {
            self.first = Some(allows);
        }
        self.decides(allows);
        false
    }

    /// The next one applies if its condition holds. Whether more may follow.
    pub fn step(&mut self, allows: bool, condition: &Condition) -> bool {
        let before = self.program.len();
        let all = condition.visit(self.semantics, self.folded, &mut |test| Ok(self.test(test).is_some()));
        self.is_full |= all != Ok(true);
        if self.is_full {
            return false;
        }
        if self.program.len() == before {
            return self.always(allows);
        }
        self.decides(allows);
        true
    }

    fn decides(&mut self, allows: bool) {
        self.allows |= allows;
        self.program.push(Op::Decides(allows));
    }

    /// The host has to be asked, or the engine.
    pub fn full(&mut self) -> bool {
        self.is_full = true;
        false
    }

    /// `throws`: a condition that throws is an answer of its own, so that even denies alone have to be evaluated.
    pub fn finish(self, throws: bool) -> Plan {
        match self.first {
            _ if self.is_full || self.attributes.len() > MAX_READS => Plan::Full,
            Some(allows) => Plan::Always(allows),
            None if self.program.is_empty() || !throws && !self.allows => Plan::Always(false),
            None => Plan::Reads { attributes: self.attributes, program: self.program, semantics: self.semantics },
        }
    }

    /// Adds a test; `None` where a plan cannot tell.
    fn test(&mut self, test: &Test<'_>) -> Option<()> {
        // What all objects inherit is no plain value.
        if test.path.is_empty() || test.fold || test.path.iter().any(|name| is_inherited(name)) {
            return None;
        }
        let operand = test.operand;
        let fits = match test.operator {
            Operator::Less => [true, false, false],
            Operator::LessOrEqual => [true, true, false],
            Operator::Greater => [false, false, true],
            _ => [false, true, true],
        };
        let own = match (test.operator, self.semantics) {
            (_, Semantics::Native) => false,
            (Operator::Exists, _) => true,
            (Operator::Equal | Operator::NotEqual, Semantics::Casl7) => *operand == Value::Null,
            _ => false,
        };
        let attribute = self.attribute(join(test.path, "."), own);
        match (test.operator, operand) {
            (Operator::Equal | Operator::NotEqual, _) => {
                self.among(attribute, std::slice::from_ref(operand), test.operator == Operator::Equal)?;
            }
            // CASL 7 takes a missing member for null when it compares with one, but not when it looks through a list.
            (Operator::In | Operator::NotIn, _) => {
                let list = operand.items().filter(|list| !list.contains(&Value::Null))?;
                self.among(attribute, list, test.operator == Operator::In)?;
            }
            (Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual, _) => {
                self.program.push(Op::Order { attribute, fits, operand: number_of(operand)? });
            }
            // CASL 6 asks the record itself what it has: a plan does not see whether the record hides the answer.
            (Operator::Exists, _) if self.semantics == Semantics::Casl6 => return None,
            (Operator::Exists, _) => self.program.push(Op::Exists { attribute, wanted: *operand == Value::Bool(true) }),
            (Operator::All | Operator::Size | Operator::Element, _) => self.program.push(Op::Never),
            _ => return None,
        }
        Some(())
    }

    fn attribute(&mut self, path: String, own: bool) -> u32 {
        let known = self.attributes.iter().position(|known| *known.path == *path);
        let at = known.unwrap_or_else(|| {
            self.attributes.push(Attribute { path: path.into(), own: false });
            self.attributes.len() - 1
        });
        if let Some(attribute) = self.attributes.get_mut(at) {
            attribute.own |= own;
        }
        index(at)
    }

    /// What a plain value can be equal to; lists and objects are equal to none. `None` where a text is one too many, where a
    /// comparison with an operand throws, or where it does more than to compare.
    fn among(&mut self, attribute: u32, operands: &[Value], wanted: bool) -> Option<()> {
        let head = self.program.len();
        self.program.push(Op::Never);
        for operand in operands {
            let scalar = match operand {
                Value::Null => Scalar::Null,
                Value::Bool(flag) => Scalar::Bool(*flag),
                Value::Text(text) => Scalar::Text(self.constant(text)?.number()),
                Value::List(_) | Value::Map(_) if is_harmless(operand) => continue,
                _ => Scalar::Number(number_of(operand)?),
            };
            self.program.push(Op::Operand(scalar));
        }
        let count = index(self.program.len() - head - 1);
        if let Some(op) = self.program.get_mut(head) {
            *op = Op::Among { attribute, count, wanted };
        }
        Some(())
    }

    /// Texts are kept as long as the policy: there is room for so many, be they the snapshot's or a principal's own.
    fn constant(&mut self, text: &str) -> Option<Sym> {
        let known = self.constants.find(text);
        let bytes = self.constants.parts().0.len();
        let is_room = self.constants.len() < MAX_CONSTANTS && bytes.saturating_add(text.len()) <= MAX_CONSTANT_BYTES;
        known.or_else(|| is_room.then(|| self.constants.intern(text)))
    }
}

/// A number, or the milliseconds of a date.
fn number_of(operand: &Value) -> Option<f64> {
    match (operand, operand.js()) {
        (Value::Number(number), _) | (_, Some(Js::Date(number))) => Some(*number),
        _ => None,
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
    #[inline]
    pub fn answer(&self, values: impl Fn(u32) -> Scalar) -> Answer {
        let Self::Reads { program, semantics, .. } = self else { return self.fixed() };
        let mut ops = program.iter();
        while let Some(op) = ops.next() {
            let holds = match op {
                Op::Decides(allows) => return if *allows { Answer::Allow } else { Answer::Deny },
                Op::Among { attribute, count, wanted } => {
                    let value = match values(*attribute) {
                        Scalar::Absent if *semantics == Semantics::Casl7 => Scalar::Null,
                        value => value,
                    };
                    let operands = ops.as_slice();
                    let (operands, rest) = operands.split_at_checked(*count as usize).unwrap_or((operands, &[]));
                    ops = rest.iter();
                    operands.iter().any(|operand| matches!(operand, Op::Operand(operand) if *operand == value)) == *wanted
                }
                Op::Order { attribute, fits, operand } => match order(values(*attribute), *operand, *fits, *semantics) {
                    Some(holds) => holds,
                    None => return Answer::Unclear,
                },
                Op::Exists { attribute, wanted } => (values(*attribute) != Scalar::Absent) == *wanted,
                Op::Never | Op::Operand(_) => false,
            };
            if !holds {
                // On to the next grant.
                ops.find(|op| matches!(op, Op::Decides(_)));
            }
        }
        Answer::Deny
    }
}

/// Whether an order holds; `None` where that hangs on what a text says.
fn order(value: Scalar, operand: f64, [below, equal, above]: [bool; 3], semantics: Semantics) -> Option<bool> {
    let number = match value {
        Scalar::Number(number) if number == operand => return Some(equal),
        Scalar::Number(number) => number,
        _ if semantics == Semantics::Native => return Some(false),
        Scalar::Text(_) => return None,
        Scalar::Absent => f64::NAN,
        Scalar::Null => 0.0,
        Scalar::Bool(flag) => f64::from(u8::from(flag)),
    };
    // Coerced it is never strictly equal; whatever is not greater is less (A7).
    Some(if number > operand { above } else { below })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::base::limits::{MAX_CONSTANT_BYTES, MAX_CONSTANTS};
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
