//! Operands and records that JSON cannot hold, under both CASL readings. Each line was asked of the named versions.

use super::{Outcome, Semantics, evaluate, parse};
use crate::value::Value;
use crate::value::js::{Js, Object};

fn js(js: Js) -> Value {
    Value::Js(js.into())
}

fn map(members: &[(&str, Value)]) -> Value {
    Value::Map(members.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

fn object(identity: u32) -> Object {
    Object {
        identity,
        plain: true,
        callable: false,
        bare: false,
        json: None,
        primitive: Some(Value::Text("[object Object]".into())),
        pattern: None,
        body: Value::Map(Vec::new()),
    }
}

fn same(identity: u32) -> Value {
    js(Js::Object(object(identity)))
}

fn number(number: f64) -> Value {
    Value::Number(number)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn date(time: f64) -> Value {
    js(Js::Date(time))
}

fn big(digits: &str) -> Value {
    js(Js::BigInt { digits: digits.into(), rest: 0 })
}

fn pattern(source: &str, flags: &str, identity: u32) -> Value {
    let primitive = Some(text(&["/", source, "/", flags].concat()));
    js(Js::Object(Object { plain: false, primitive, pattern: Some((source.into(), flags.into())), ..object(identity) }))
}

fn inherited(value: Value) -> Value {
    js(Js::Inherited(value))
}

/// One operator, or a bare operand, on the attribute `a`.
#[track_caller]
fn check(operator: &str, operand: Value, a: Option<Value>, casl6: &str, casl7: &str) {
    let asked = if operator.is_empty() { operand } else { map(&[(operator, operand)]) };
    let record = map(&a.map(|a| ("a", a)).into_iter().collect::<Vec<_>>());
    for (semantics, expected) in [(Semantics::Casl6, casl6), (Semantics::Casl7, casl7)] {
        let condition = parse(&map(&[("a", asked.clone())]), semantics, None);
        let outcome = condition.map(|condition| evaluate(&condition, semantics, None, &record));
        let found = match outcome {
            Ok(Outcome::Holds) => "yes",
            Ok(Outcome::Fails) => "no",
            Ok(Outcome::Throws(_)) => "throws",
            Err(_) => "refused",
        };
        assert_eq!(found, expected, "{semantics:?}: {asked:?} on {record:?}");
    }
}

#[test]
fn undefined_is_no_null_and_may_be_there() {
    let undefined = || js(Js::Undefined);
    check("", Value::Null, Some(undefined()), "no", "no");
    check("", Value::Null, None, "no", "yes");
    check("$exists", Value::Bool(true), Some(undefined()), "yes", "yes");
    check("", undefined(), None, "yes", "yes");
    check("", undefined(), Some(undefined()), "yes", "yes");
    check("", undefined(), Some(Value::Null), "no", "no");
    check("$lt", number(0.0), Some(undefined()), "yes", "yes");
    check("", number(1.0), Some(Value::List(vec![undefined(), number(1.0)])), "yes", "yes");
}

#[test]
fn numbers_that_json_has_no_word_for() {
    let nan = || number(f64::NAN);
    check("", nan(), Some(nan()), "no", "no");
    check("$lt", number(0.0), Some(nan()), "yes", "yes");
    check("$gte", number(0.0), Some(nan()), "no", "no");
    check("", number(0.0), Some(number(-0.0)), "yes", "yes");
    check("$gt", number(f64::MAX), Some(number(f64::INFINITY)), "yes", "yes");
    check("$lt", number(f64::INFINITY), Some(number(f64::INFINITY)), "no", "no");
}

#[test]
fn dates_are_their_milliseconds() {
    check("", date(5.0), Some(date(5.0)), "yes", "yes");
    check("", date(5.0), Some(number(5.0)), "yes", "yes");
    check("", text("1970-01-01T00:00:00.005Z"), Some(date(5.0)), "no", "no");
    check("$gt", date(5.0), Some(date(6.0)), "yes", "yes");
    check("$lt", text("1970-01-01T00:00:00.001Z"), Some(date(6.0)), "yes", "yes");
    check("$gt", date(f64::NAN), Some(date(6.0)), "no", "no");
    check("$lt", date(f64::NAN), Some(date(6.0)), "yes", "yes");
    check("", date(f64::NAN), Some(date(f64::NAN)), "no", "no");
    check("$in", Value::List(vec![date(1.0), date(2.0)]), Some(date(2.0)), "yes", "yes");
}

#[test]
fn bigints_are_equal_to_bigints_and_ordered_with_all() {
    check("", number(1.0), Some(big("1")), "no", "no");
    check("", big("1"), Some(big("1")), "yes", "yes");
    check("$gt", number(0.0), Some(big("1")), "yes", "yes");
    check("$gt", text("0"), Some(big("1")), "yes", "yes");
    check("$lt", text("x"), Some(big("1")), "yes", "yes");
    check("$gt", big("0"), Some(big("1")), "throws", "throws");
}

#[test]
fn regular_expressions_are_patterns_since_casl_7() {
    check("$regex", pattern("^A", "i", 1), Some(text("abc")), "yes", "yes");
    check("$regex", pattern("b", "gy", 1), Some(text("abc")), "no", "no");
    check("", pattern("b", "", 1), Some(text("abc")), "no", "yes");
    check("", pattern("b", "", 1), Some(number(1.0)), "no", "no");
    check("$in", Value::List(vec![number(1.0), pattern("b", "g", 1)]), Some(text("abc")), "no", "yes");
    check("$nin", Value::List(vec![pattern("b", "", 1)]), Some(text("abc")), "yes", "no");
    check("$all", Value::List(vec![pattern("b", "", 1)]), Some(Value::List(vec![text("x"), text("b")])), "no", "yes");
    check("", text("abc"), Some(pattern("b", "", 0)), "no", "yes");
    check("", pattern("b", "", 1), Some(pattern("b", "", 1)), "yes", "no");
}

#[test]
fn objects_are_equal_to_themselves_alone() {
    let list = |identity: u32| js(Js::Object(Object { body: Value::List(Vec::new()), primitive: Some(text("")), ..object(identity) }));
    check("", same(1), Some(same(1)), "yes", "yes");
    check("", same(1), Some(same(2)), "no", "no");
    check("", same(1), Some(same(0)), "no", "no");
    check("", same(1), Some(map(&[])), "no", "no");
    check("$in", Value::List(vec![same(1), same(2)]), Some(same(2)), "yes", "yes");
    check("$all", Value::List(vec![same(1)]), Some(Value::List(vec![same(2), same(1)])), "yes", "yes");
    check("", list(3), Some(list(3)), "yes", "yes");
    check("", list(3), Some(list(0)), "no", "no");
    check("", js(Js::Symbol(1)), Some(js(Js::Symbol(1))), "yes", "yes");
    check("", js(Js::Symbol(1)), Some(js(Js::Symbol(2))), "throws", "throws");
}

#[test]
fn an_object_is_compared_as_what_it_says_that_it_is() {
    let json = |json: Value| js(Js::Object(Object { json: Some(json), ..object(0) }));
    check("", number(1.0), Some(json(number(1.0))), "yes", "yes");
    check("$gt", number(0.0), Some(json(number(1.0))), "yes", "yes");
    check("", number(1.0), Some(json(js(Js::Throws))), "throws", "throws");
    check("$exists", Value::Bool(true), Some(json(js(Js::Throws))), "yes", "yes");
    let primitive = |primitive: Value| js(Js::Object(Object { primitive: Some(primitive), plain: false, ..object(0) }));
    check("", number(2.0), Some(primitive(number(2.0))), "no", "no");
    check("$gt", number(1.0), Some(primitive(number(2.0))), "yes", "yes");
    check("$gt", text("10"), Some(primitive(text("9"))), "yes", "yes");
    check("", number(2.0), Some(primitive(js(Js::Throws))), "throws", "throws");
    check("$size", number(2.0), Some(primitive(js(Js::Throws))), "no", "no");
    // Plain data may be in the way of its own conversion.
    check("", number(2.0), Some(map(&[("toString", number(1.0))])), "throws", "throws");
}

#[test]
fn what_is_inherited_is_read_and_is_not_there() {
    check("", number(1.0), Some(inherited(number(1.0))), "yes", "yes");
    check("$gt", number(0.0), Some(inherited(number(1.0))), "yes", "yes");
    check("$exists", Value::Bool(true), Some(inherited(number(1.0))), "no", "no");
    check("", Value::Null, Some(inherited(number(1.0))), "no", "yes");
    check("$ne", Value::Null, Some(inherited(number(1.0))), "yes", "no");
}

#[test]
fn what_throws_does_so_where_it_is_read() {
    let throws = || js(Js::Throws);
    check("", number(1.0), Some(throws()), "throws", "throws");
    check("$lt", number(1.0), Some(throws()), "throws", "throws");
    check("$exists", Value::Bool(true), Some(throws()), "yes", "yes");
    check("", Value::Null, Some(inherited(throws())), "throws", "yes");
    // CASL 7 compares the list itself before its items.
    check("", number(1.0), Some(Value::List(vec![number(1.0), throws()])), "yes", "throws");
    check("$in", Value::List(vec![number(1.0)]), Some(Value::List(vec![number(1.0), throws()])), "yes", "yes");
    check("", number(1.0), Some(Value::List(vec![throws(), number(1.0)])), "throws", "throws");
    check("$lt", number(1.0), Some(Value::List(vec![js(Js::Hole)])), "no", "no");
    check("$lt", number(1.0), Some(Value::List(vec![js(Js::Undefined)])), "yes", "yes");
}

#[test]
fn only_plain_objects_hold_operators() {
    let asked = |plain: bool| js(Js::Object(Object { plain, body: map(&[("$gt", number(1.0))]), ..object(1) }));
    check("", asked(true), Some(number(2.0)), "yes", "yes");
    check("", asked(false), Some(number(2.0)), "no", "no");
    check("", map(&[("$gt", number(1.0)), ("constructor", number(1.0))]), Some(number(2.0)), "no", "no");
    check("$elemMatch", asked(false), Some(Value::List(vec![number(2.0)])), "throws", "throws");
    check("$gt", same(1), Some(number(2.0)), "throws", "throws");
}

#[test]
fn a_path_goes_on_in_what_an_item_lends() {
    let seven = map(&[("b", inherited(number(7.0))), ("c", number(8.0))]);
    let lends = |value: Value| Some(Value::List(vec![js(Js::Lends(value, seven.clone()))]));
    let above = |name: &str| map(&[(name, map(&[("$gt", number(6.0))]))]);
    check("$elemMatch", above("b"), lends(number(3.0)), "yes", "yes");
    check("$elemMatch", above("c"), lends(text("x")), "yes", "yes");
    check("$elemMatch", above("d"), lends(number(3.0)), "no", "no");
    // Of nothing nothing can be read, whatever is lent; and what is gone through itself lends nothing.
    check("$elemMatch", above("b"), lends(number(0.0)), "throws", "throws");
    check("$elemMatch", above("b"), lends(Value::List(Vec::new())), "no", "no");
    // Compared, it is itself.
    check("", number(3.0), lends(number(3.0)), "yes", "yes");
    check("$size", number(1.0), lends(number(3.0)), "yes", "yes");
    check("$in", Value::List(vec![text("x")]), lends(text("x")), "yes", "yes");
    check("$gt", text("0,1"), lends(Value::List(vec![number(1.0)])), "yes", "yes");
    check("$elemMatch", map(&[("b", map(&[("$exists", Value::Bool(true))]))]), lends(number(3.0)), "no", "no");
}
