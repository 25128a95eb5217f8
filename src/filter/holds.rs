//! Whether a list shows one record.

use std::cmp::Ordering;

use super::ast::{Leaf, Node};
use crate::base::text::split;
use crate::condition::{Operator, Outcome, Semantics, evaluate};
use crate::engine::{IdPath, record_id};
use crate::value::Value;
use crate::value::host::{lower_case, number_to_text, text_to_number};

/// What comes of a test: nothing where the database's answer is NULL. An error where the server fails.
type Held = Result<Option<bool>, &'static str>;

/// Whether a list shows the record.
pub fn holds(node: &Node, semantics: Semantics, record: &Value) -> bool {
    held(node, semantics, record) == Ok(Some(true))
}

fn held(node: &Node, semantics: Semantics, record: &Value) -> Held {
    match node {
        Node::All => Ok(Some(true)),
        Node::Nothing => Ok(Some(false)),
        Node::And(nodes) => each(nodes, semantics, record, false),
        Node::Or(nodes) => each(nodes, semantics, record, true),
        Node::Not(inner) => Ok(held(inner, semantics, record)?.map(|held| !held)),
        Node::Test(leaf) if semantics == Semantics::Casl6 => in_database(leaf, record),
        Node::Test(leaf) => match evaluate(&leaf.condition, semantics, None, record) {
            Outcome::Holds => Ok(Some(true)),
            Outcome::Fails => Ok(Some(false)),
            Outcome::Throws(sentence) => Err(sentence),
        },
        Node::Below(paths) => Ok(Some(record_id(record).0.is_some_and(|id| is_below(&split(&id, b'/'), paths)))),
        Node::Malformed => Ok(Some(record_id(record).1)),
    }
}

/// Until one decides. Where one is unknown, another one may still.
fn each(nodes: &[Node], semantics: Semantics, record: &Value, decides: bool) -> Held {
    let mut all = Some(!decides);
    for node in nodes {
        match held(node, semantics, record)? {
            // JavaScript stops where one decides; a database fails on what it does not need, too.
            Some(held) if held == decides && semantics != Semantics::Casl6 => return Ok(Some(decides)),
            Some(held) if held == decides => all = Some(decides),
            Some(_) => {}
            None if all == Some(decides) => {}
            None => all = None,
        }
    }
    Ok(all)
}

fn is_below(segments: &[&str], paths: &[IdPath]) -> bool {
    let fits = |path: &IdPath| {
        let each = path.iter().zip(segments).all(|(wanted, segment)| wanted.as_deref().is_none_or(|wanted| wanted == *segment));
        path.len() <= segments.len() && each
    };
    paths.iter().any(fits)
}

/// A23: as PostgreSQL compares a column with a parameter.
fn in_database(leaf: &Leaf, record: &Value) -> Held {
    let mut value = Some(record);
    for step in split(&leaf.path, b'.') {
        value = value.and_then(|value| value.get(step));
    }
    let folded = match value {
        Some(Value::Text(text)) if leaf.fold => Some(Value::Text(lower_case(text.trim_matches(' ')).into())),
        _ => None,
    };
    let value = folded.as_ref().or(value);
    let order = |operand: &Value| compare(value, operand);
    let is = |fits: fn(Ordering) -> bool| Ok(order(&leaf.operand)?.map(fits));
    match leaf.operator {
        Operator::Equal => is(Ordering::is_eq),
        Operator::NotEqual => is(Ordering::is_ne),
        Operator::Less => is(Ordering::is_lt),
        Operator::LessOrEqual => is(Ordering::is_le),
        Operator::Greater => is(Ordering::is_gt),
        Operator::GreaterOrEqual => is(Ordering::is_ge),
        Operator::In => among(&leaf.operand, &order),
        Operator::NotIn => Ok(among(&leaf.operand, &order)?.map(|found| !found)),
        Operator::Exists => Ok(Some(value.is_none_or(|value| *value == Value::Null) != truthy(&leaf.operand))),
        _ => Err("the list translator does not know the operator"),
    }
}

fn among(operand: &Value, order: &dyn Fn(&Value) -> Result<Option<Ordering>, &'static str>) -> Held {
    let Value::List(items) = operand else { return Err("the list translator expects a list") };
    let mut found = Some(false);
    for item in items {
        match order(item)? {
            Some(Ordering::Equal) => found = Some(true),
            None if found == Some(false) => found = None,
            _ => {}
        }
    }
    Ok(found)
}

/// Whether JavaScript takes the value for true.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// The number that PostgreSQL reads in a text.
pub fn number(text: &str) -> Option<f64> {
    let digits = text.trim_matches(' ').bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    Some(text_to_number(text)).filter(|number| digits && !number.is_nan() && !text.trim_matches(' ').is_empty())
}

/// The column's type is that of its value; the parameter is read as one of that type, and refused if it is none.
fn compare(value: Option<&Value>, operand: &Value) -> Result<Option<Ordering>, &'static str> {
    const REFUSED: &str = "the database refuses the comparison";
    let Some(value) = value else { return Ok(None) };
    Ok(match (value, operand) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Number(b)) => Some(a.as_ref().cmp(&number_to_text(*b))),
        (Value::Text(a), Value::Bool(b)) => Some(a.as_ref().cmp(if *b { "true" } else { "false" })),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Number(a), Value::Text(b)) => Some(a.partial_cmp(&number(b).ok_or(REFUSED)?).ok_or(REFUSED)?),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Text(b)) => match b.as_ref() {
            "true" => Some(a.cmp(&true)),
            "false" => Some(a.cmp(&false)),
            _ => return Err(REFUSED),
        },
        _ => return Err(REFUSED),
    })
}
