//! What Open Archiver's list translator for SQL makes of conditions (A14, A15, A23, A25): a tree whose tests are the database's, where
//! a comparison with nothing is neither true nor false. What the translator for the search throws on never gets here.

use super::ast::{Leaf, Node, operator};
use crate::base::text::{cut, index};
use crate::condition::{self, Condition, Operator, Semantics};
use crate::engine::{Listed, archive_rules};
use crate::systems::RELATIONS;
use crate::value::Value;

/// The tree of what one action shows. None: nothing.
pub fn node(listed: &Listed, folded: Option<&str>) -> Option<Node> {
    let rules = archive_rules(listed)?;
    let of = |denies: bool| {
        let conditions = rules.iter().filter(move |rule| rule.denies == denies).filter_map(|rule| rule.condition.as_ref());
        conditions.filter_map(|condition| query(condition.source(), folded))
    };
    let allows: Vec<Node> = of(false).collect();
    let denies: Vec<Node> = of(true).map(Node::negated).collect();
    every([one(allows), every(denies)].into_iter().flatten())
}

/// Nothing at all is nothing, not everything.
fn every(nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
    let nodes: Vec<Node> = nodes.into_iter().collect();
    (!nodes.is_empty()).then(|| Node::and(nodes))
}

fn one(nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
    let nodes: Vec<Node> = nodes.into_iter().collect();
    (!nodes.is_empty()).then(|| Node::or(nodes))
}

/// One document of conditions. None: the translator makes nothing of it.
fn query(source: &Value, folded: Option<&str>) -> Option<Node> {
    let parts = |value: &Value| match value {
        Value::List(parts) => parts.iter().filter_map(|part| query(part, folded)).collect(),
        _ => Vec::new(),
    };
    match source {
        Value::Map(members) => every(members.iter().filter_map(|(key, value)| match key.as_ref() {
            "$or" => one(parts(value)),
            "$and" => every(parts(value)),
            "$not" => query(value, folded).map(Node::negated),
            key => Some(field(key, value, folded)),
        })),
        // A list or a text is a document with the keys "0", "1" …
        Value::List(items) => every(items.iter().enumerate().map(|(at, item)| field(&at.to_string(), item, folded))),
        Value::Text(text) => every(text.chars().enumerate().map(|(at, unit)| {
            let unit = Value::Text(String::from(unit).into());
            field(&at.to_string(), &unit, folded)
        })),
        _ => None,
    }
}

/// A23: of several operators of a field only the first counts, in JavaScript's order of keys.
fn field(key: &str, value: &Value, folded: Option<&str>) -> Node {
    let (operator, operand) = match value {
        Value::Map(members) => {
            let at = |key: &str| index(key).map_or((1, 0), |index| (0, index));
            match members.iter().min_by_key(|(key, _)| at(key)) {
                Some((key, operand)) => (operator(key).unwrap_or(Operator::Equal), operand),
                None => (Operator::Equal, value),
            }
        }
        _ => (Operator::Equal, value),
    };
    // The database decides; of the condition only the path counts, by which a record is read.
    let read = condition::read(Value::Map(vec![(column(key).into(), Value::Bool(true))]), Semantics::Native, None);
    Node::Test(Box::new(Leaf {
        path: column(key).into(),
        operator,
        operand: operand.clone(),
        flags: "".into(),
        fold: folded == Some(key),
        condition: read.unwrap_or_else(Condition::throwing),
    }))
}

/// Of a relation only the first step into it counts.
fn column(key: &str) -> &str {
    let (relation, Some(inner)) = cut(key, b'.') else { return key };
    let (first, _) = cut(inner, b'.');
    let end = relation.len() + 1 + first.len();
    if RELATIONS.contains(&relation) { key.get(..end).unwrap_or(key) } else { key }
}
