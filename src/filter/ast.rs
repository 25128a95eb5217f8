//! The tree of a filter.

use crate::condition::{Condition, Operator, Semantics, Test, read};
use crate::engine::IdPath;
use crate::value::Value;

/// A tree of tests on one record.
#[derive(Debug, Clone)]
pub enum Node {
    /// Every record.
    All,
    /// No record.
    Nothing,
    /// Each of them holds.
    And(Vec<Node>),
    /// One of them holds.
    Or(Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// One operator on one attribute.
    Test(Box<Leaf>),
    /// The record's id is text or a number, and begins with the segments of one of these (N2, N3, N20).
    Below(Vec<IdPath>),
    /// The record's id is neither text nor a number, and there (N20).
    Malformed,
}

/// One operator on one attribute.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The attribute, with dots between the steps.
    pub path: Box<str>,
    pub operator: Operator,
    pub operand: Value,
    /// Flags of a regular expression.
    pub flags: Box<str>,
    /// The attribute is compared trimmed and lower-cased (A10).
    pub fold: bool,
    /// The same as a condition of its own.
    pub condition: Condition,
}

impl Node {
    /// All of them, without what says nothing.
    pub fn and(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Self::All => {}
                Self::Nothing => return Self::Nothing,
                Self::And(inner) => kept.extend(inner),
                node => kept.push(node),
            }
        }
        match (kept.len(), kept.pop()) {
            (_, None) => Self::All,
            (1, Some(one)) => one,
            (_, Some(last)) => {
                kept.push(last);
                Self::And(kept)
            }
        }
    }

    /// One of them, without what says nothing.
    pub fn or(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Self::Nothing => {}
                Self::All => return Self::All,
                Self::Or(inner) => kept.extend(inner),
                node => kept.push(node),
            }
        }
        match (kept.len(), kept.pop()) {
            (_, None) => Self::Nothing,
            (1, Some(one)) => one,
            (_, Some(last)) => {
                kept.push(last);
                Self::Or(kept)
            }
        }
    }

    /// The same, tried one after the other as a server does: one before that holds always may still fail on a record.
    pub fn in_order(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Self::Nothing => {}
                Self::All if kept.is_empty() => return Self::All,
                Self::All => {
                    kept.push(Self::All);
                    break;
                }
                node => kept.push(node),
            }
        }
        if kept.is_empty() { Self::Nothing } else { Self::Or(kept) }
    }

    /// Whatever it does not hold for.
    pub fn negated(self) -> Self {
        match self {
            Self::All => Self::Nothing,
            Self::Nothing => Self::All,
            node => Self::Not(Box::new(node)),
        }
    }

    /// The conditions of all tests.
    pub fn conditions<'f>(&'f self, all: &mut Vec<&'f Condition>) {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().for_each(|node| node.conditions(all)),
            Self::Not(inner) => inner.conditions(all),
            Self::Test(leaf) => all.push(&leaf.condition),
            Self::All | Self::Nothing | Self::Below(_) | Self::Malformed => {}
        }
    }

    /// The tests of a condition, all of which have to hold.
    ///
    /// # Errors
    /// Where the condition throws.
    pub fn tests(condition: &Condition, semantics: Semantics) -> Result<Self, &'static str> {
        let mut nodes = Vec::new();
        condition.visit(semantics, None, &mut |test| {
            nodes.push(Self::Test(Box::new(Leaf::new(test, semantics)?)));
            Ok(true)
        })?;
        Ok(Self::and(nodes))
    }
}

impl Leaf {
    fn new(test: &Test<'_>, semantics: Semantics) -> Result<Self, &'static str> {
        let path = crate::base::text::join(test.path, ".");
        let mut members = vec![(word(test.operator).into(), test.operand.clone())];
        if !test.flags.is_empty() {
            members.push((word(Operator::Options).into(), Value::Text(test.flags.into())));
        }
        let condition = read(Value::Map(vec![(path.as_str().into(), Value::Map(members))]), semantics, None)?;
        Ok(Self {
            path: path.into(),
            operator: test.operator,
            operand: test.operand.clone(),
            flags: test.flags.into(),
            fold: test.fold,
            condition,
        })
    }

    /// What is asked of an element of a list: [`Operator::Element`]. A test without a path is on the element itself.
    ///
    /// # Errors
    /// Where the condition throws.
    pub fn inside(&self, semantics: Semantics) -> Result<(Node, bool), &'static str> {
        let by_operators = match &self.operand {
            Value::Map(members) => members.iter().any(|(key, _)| operator(key).is_some()),
            _ => false,
        };
        let source = match by_operators {
            true => Value::Map(vec![(ITSELF.into(), self.operand.clone())]),
            false => self.operand.clone(),
        };
        Ok((Node::tests(&read(source, semantics, None)?, semantics)?, by_operators))
    }
}

/// The path of tests on an element itself.
const ITSELF: &str = "itself";

const WORDS: [(Operator, &str); 14] = [
    (Operator::Equal, "$eq"),
    (Operator::NotEqual, "$ne"),
    (Operator::Less, "$lt"),
    (Operator::LessOrEqual, "$lte"),
    (Operator::Greater, "$gt"),
    (Operator::GreaterOrEqual, "$gte"),
    (Operator::In, "$in"),
    (Operator::NotIn, "$nin"),
    (Operator::All, "$all"),
    (Operator::Size, "$size"),
    (Operator::Exists, "$exists"),
    (Operator::Element, "$elemMatch"),
    (Operator::Regex, "$regex"),
    (Operator::Options, "$options"),
];

/// An operator as MongoDB writes it.
pub fn word(operator: Operator) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == operator).map_or("", |(_, word)| word)
}

/// The operator of that word.
pub fn operator(name: &str) -> Option<Operator> {
    WORDS.iter().find(|(_, word)| *word == name).map(|(operator, _)| *operator)
}
