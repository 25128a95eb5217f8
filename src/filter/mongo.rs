//! The tree as a query for MongoDB.
//!
//! Native snapshots: the query shows what a check allows, where no list is inside another list and text is ordered alike. CASL: the
//! query is the conditions as they were written, which the database reads in its own way, as with CASL's own adapters.

use super::ast::{Leaf, Node, word};
use crate::base::error::{Error, ErrorCode};
use crate::base::text::{concat, index, join, split};
use crate::condition::{Operator, Semantics};
use crate::engine::IdPath;
use crate::value::Value;

type Query = Result<Value, Error>;

/// The query.
///
/// # Errors
/// `ERR_FILTER_OPERATOR`.
pub fn query(node: &Node, semantics: Semantics) -> Query {
    asked_for(node, semantics, false)
}

/// `negated`: under an odd number of NOTs.
fn asked_for(node: &Node, semantics: Semantics, negated: bool) -> Query {
    Ok(match node {
        Node::All => Value::Map(Vec::new()),
        // `$nor` of everything: MongoDB has no shorter word for nothing.
        Node::Nothing => one("$nor", Value::List(vec![Value::Map(Vec::new())])),
        Node::And(nodes) => one("$and", queries(nodes, semantics, negated)?),
        Node::Or(nodes) => one("$or", queries(nodes, semantics, negated)?),
        Node::Not(inner) => one("$nor", queries(std::slice::from_ref(inner), semantics, !negated)?),
        Node::Test(leaf) => test(leaf, semantics)?,
        Node::Below(paths) => below(paths, negated),
        Node::Malformed => one("id", types(&["object", "array", "bool"])),
    })
}

fn queries(nodes: &[Node], semantics: Semantics, negated: bool) -> Query {
    Ok(Value::List(nodes.iter().map(|node| asked_for(node, semantics, negated)).collect::<Result<_, _>>()?))
}

/// N20: a text, or a number whose text it would be. An id of a type that only MongoDB has is a text that no query compares, so
/// under a NOT it may be any.
fn below(paths: &[IdPath], negated: bool) -> Value {
    let mut ways = vec![one("$regex", text(&concat(&["^(?:", &patterns(paths), ")(?![^/])"])))];
    if paths.iter().any(|path| matches!(path.as_slice(), [None])) {
        ways.push(types(&["number"]));
    }
    let numbers: Vec<Value> = paths
        .iter()
        .filter_map(|path| match path.as_slice() {
            [Some(text)] => super::sql::number_of(text).map(Value::Number),
            _ => None,
        })
        .collect();
    if !numbers.is_empty() {
        ways.push(one("$in", Value::List(numbers)));
    }
    if negated {
        ways.push(types(&["objectId", "binData", "date", "timestamp"]));
    }
    join_all("$or", "id", ways)
}

fn types(names: &[&str]) -> Value {
    one("$type", Value::List(names.iter().map(|name| text(name)).collect()))
}

fn test(leaf: &Leaf, semantics: Semantics) -> Query {
    let native = semantics == Semantics::Native;
    for step in split(&leaf.path, b'.') {
        if step.is_empty() || step.starts_with('$') {
            return Err(refuse(leaf, "MongoDB takes the attribute for something else"));
        }
        if native && index(step).is_some() {
            return Err(refuse(leaf, "MongoDB takes a step that is a number for a place in a list"));
        }
    }
    let asked = asked(leaf, semantics)?;
    Ok(match asked {
        Asked::Always(true) => Value::Map(Vec::new()),
        Asked::Always(false) => query(&Node::Nothing, semantics)?,
        Asked::All(each) => join_all("$and", &leaf.path, each),
        Asked::One(each) => join_all("$or", &leaf.path, each),
        Asked::Neither(each) => one("$nor", Value::List(each.into_iter().map(|asked| one(&leaf.path, asked)).collect())),
    })
}

/// What is asked of one attribute: objects of operators.
enum Asked {
    Always(bool),
    All(Vec<Value>),
    One(Vec<Value>),
    Neither(Vec<Value>),
}

fn join_all(how: &str, path: &str, mut each: Vec<Value>) -> Value {
    match (each.len(), each.pop()) {
        (1, Some(asked)) => one(path, asked),
        (_, last) => {
            each.extend(last);
            one(how, Value::List(each.into_iter().map(|asked| one(path, asked)).collect()))
        }
    }
}

fn asked(leaf: &Leaf, semantics: Semantics) -> Result<Asked, Error> {
    let name = word(leaf.operator);
    let operand = &leaf.operand;
    let plain = || Ok(Asked::All(vec![one(name, operand.clone())]));
    let native = semantics == Semantics::Native;
    match leaf.operator {
        _ if semantics == Semantics::Casl6 => Err(refuse(leaf, "Open Archiver's lists are PostgreSQL's")),
        Operator::Equal | Operator::In => Ok(among(items(leaf), native)),
        Operator::NotEqual | Operator::NotIn => Ok(match among(items(leaf), native) {
            Asked::Always(held) => Asked::Always(!held),
            Asked::All(each) | Asked::One(each) | Asked::Neither(each) => Asked::Neither(each),
        }),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual | Operator::Exists => plain(),
        Operator::Size => match operand {
            Value::Number(number) if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number) => plain(),
            _ => Ok(Asked::Always(false)),
        },
        Operator::All => {
            let items = items(leaf);
            if items.iter().any(is_compound) {
                return Ok(Asked::Always(false));
            }
            if items.is_empty() {
                return Ok(Asked::All(vec![one("$type", text("array"))]));
            }
            // On the way through lists MongoDB would take each item from another list.
            if items.len() > 1 && leaf.path.contains('.') {
                return Err(refuse(leaf, "MongoDB would look for each item in another list"));
            }
            let each = items.iter().map(|item| one("$elemMatch", one("$eq", item.clone())));
            Ok(Asked::All(vec![one("$all", Value::List(each.collect()))]))
        }
        Operator::Element => match leaf.inside(semantics) {
            Ok((node, false)) => Ok(Asked::All(vec![one(name, query(&node, semantics)?)])),
            Ok((node, true)) => Ok(Asked::All(vec![one(name, itself(&node, leaf, semantics)?)])),
            Err(sentence) => Err(refuse(leaf, sentence)),
        },
        Operator::Regex if leaf.flags.bytes().all(|flag| b"ims".contains(&flag)) => {
            let mut members = vec![("$regex".into(), operand.clone())];
            if !leaf.flags.is_empty() {
                members.push(("$options".into(), Value::Text(leaf.flags.clone())));
            }
            Ok(Asked::All(vec![Value::Map(members)]))
        }
        Operator::Regex | Operator::Options => Err(refuse(leaf, "MongoDB's regular expressions have no such flags")),
    }
}

/// Operators on an element itself, in one object.
fn itself(node: &Node, leaf: &Leaf, semantics: Semantics) -> Query {
    let tests = match node {
        Node::And(tests) => tests.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut members: Vec<(Box<str>, Value)> = Vec::new();
    for test in tests {
        let Node::Test(test) = test else { return Err(refuse(leaf, "an element is asked for what has no translation")) };
        match (test.operator, asked(test, semantics)?) {
            // An element that is compared is there: `null` is `null`.
            (Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn, _) if !items(test).iter().any(is_compound) => {
                members.push((word(test.operator).into(), test.operand.clone()));
            }
            (Operator::Exists, _) => return Err(refuse(leaf, "an element of a list always exists")),
            (_, Asked::All(each)) => {
                for one in each {
                    if let Value::Map(one) = one {
                        members.extend(one);
                    }
                }
            }
            _ => return Err(refuse(leaf, "an element is asked for what has no translation")),
        }
    }
    Ok(Value::Map(members))
}

/// Objects and lists are equal to nothing that comes from elsewhere; to MongoDB they are equal to their likes.
fn among(items: &[Value], native: bool) -> Asked {
    let null = items.contains(&Value::Null);
    let plain: Vec<Value> = items.iter().filter(|item| !is_compound(item) && (!native || **item != Value::Null)).cloned().collect();
    let mut each = Vec::new();
    match plain.as_slice() {
        [] => {}
        [only] => each.push(one("$eq", only.clone())),
        _ => each.push(one("$in", Value::List(plain))),
    }
    // To MongoDB what is missing is `null` too; N18 and a list's own nulls are told apart by the type.
    if null && native {
        each.push(one("$type", text("null")));
    }
    if each.is_empty() { Asked::Always(false) } else { Asked::One(each) }
}

/// What a value is to be equal to, one of them.
pub fn items(leaf: &Leaf) -> &[Value] {
    match (&leaf.operand, leaf.operator) {
        (Value::List(items), Operator::In | Operator::NotIn | Operator::All) => items,
        (operand, _) => std::slice::from_ref(operand),
    }
}

/// Whether it is compared by identity.
pub fn is_compound(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_))
}

fn patterns(paths: &[IdPath]) -> String {
    let mut each = Vec::new();
    for path in paths {
        let segments: Vec<String> = path.iter().map(|segment| segment.as_deref().map_or("[^/]*".into(), escaped)).collect();
        each.push(segments.join("/"));
    }
    let each: Vec<&str> = each.iter().map(String::as_str).collect();
    join(&each, "|")
}

fn escaped(literal: &str) -> String {
    let mut text = String::new();
    for c in literal.chars() {
        if "\\^$.|?*+()[]{}-/#".contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

fn one(key: &str, value: Value) -> Value {
    Value::Map(vec![(key.into(), value)])
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A refusal that names the attribute and the operator.
pub fn refuse(leaf: &Leaf, sentence: &str) -> Error {
    let what = concat(&["`", word(leaf.operator), "` on `", &leaf.path, "` has no translation: ", sentence]);
    Error::new(ErrorCode::FilterOperator, super::columns::place(&leaf.path), what)
}
