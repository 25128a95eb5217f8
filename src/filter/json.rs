//! The tree as data, in the form of ucast's conditions.

use super::ast::{Leaf, Node, word};
use crate::condition::{Operator, Semantics};
use crate::engine::IdPath;
use crate::value::Value;

/// The tree as data.
pub fn ast(node: &Node) -> Value {
    match node {
        Node::All => compound("and", &[]),
        Node::Nothing => compound("or", &[]),
        Node::And(nodes) => compound("and", nodes),
        Node::Or(nodes) => compound("or", nodes),
        Node::Not(inner) => compound("not", std::slice::from_ref(inner)),
        Node::Test(leaf) => test(leaf, &leaf.path),
        Node::Below(paths) => {
            map([("operator", text("below")), ("field", text("id")), ("value", Value::List(paths.iter().map(path).collect()))])
        }
        Node::Malformed => map([("operator", text("malformed")), ("field", text("id")), ("value", Value::Bool(true))]),
    }
}

fn compound(operator: &str, nodes: &[Node]) -> Value {
    map([("operator", text(operator)), ("value", Value::List(nodes.iter().map(ast).collect()))])
}

/// A segment is text, or null for any one.
fn path(path: &IdPath) -> Value {
    Value::List(path.iter().map(|segment| segment.as_deref().map_or(Value::Null, text)).collect())
}

fn test(leaf: &Leaf, field: &str) -> Value {
    let name = word(leaf.operator).trim_start_matches('$');
    let mut members = vec![("operator", text(name)), ("field", text(field)), ("value", operand(leaf))];
    if !leaf.flags.is_empty() {
        members.push(("flags", text(&leaf.flags)));
    }
    if leaf.fold {
        members.push(("fold", Value::Bool(true)));
    }
    map(members)
}

/// What is asked of an element is a tree of its own.
fn operand(leaf: &Leaf) -> Value {
    if leaf.operator != Operator::Element {
        return leaf.operand.clone();
    }
    match leaf.inside(Semantics::Casl7) {
        Ok((node, false)) => ast(&node),
        Ok((node, true)) => itself(&node),
        Err(_) => leaf.operand.clone(),
    }
}

/// Tests on the element itself have no field, but ucast's word for that.
fn itself(node: &Node) -> Value {
    match node {
        Node::And(nodes) => map([("operator", text("and")), ("value", Value::List(nodes.iter().map(itself).collect()))]),
        Node::Test(leaf) => test(leaf, "__itself__"),
        other => ast(other),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn map<'k>(members: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}
