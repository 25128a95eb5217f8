//! Rules with conditions, the records they are held against and the questions about them, for open-archiver and casl.

use super::Draw;
use serde_json::{Map, Value, json};

const PATHS: [&str; 14] = [
    "id",
    "userId",
    "userEmail",
    "n",
    "tags",
    "a",
    "a.b",
    "a.b.c",
    "items.k",
    "items.tags",
    "ingestionSource.userId",
    "tags.0",
    "items.0.k",
    "items",
];
const FIELDS: [&str; 8] = ["id", "n", "a.b", "a.*", "a.**", "*", "*.b", "n.*.x"];

fn scalar(d: &mut Draw) -> Value {
    let all = [
        json!("x"),
        json!("u1"),
        json!(1),
        json!(0),
        json!(null),
        json!(""),
        json!("1"),
        json!(2),
        json!("10"),
        json!("9"),
        json!(-1),
        json!(2.5),
        json!(true),
        json!(false),
        json!(" X@y.Z "),
        json!("x@y.z"),
        json!("${user.id}"),
        json!("0x10"),
        json!(" 3 "),
        json!("abc"),
    ];
    d.pick(&all)
}

fn operators(d: &mut Draw, depth: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + usize::from(d.chance(25)) {
        let odd = d.chance(4);
        let (op, operand) = match d.below(15) {
            0 => ("$eq", scalar(d)),
            1 => ("$ne", scalar(d)),
            2 => ("$in", Value::from(d.list(3, |d, _| scalar(d)))),
            3 => ("$nin", Value::from(d.list(3, |d, _| scalar(d)))),
            n @ 4..=7 => (
                ["$lt", "$lte", "$gt", "$gte"][n - 4],
                d.pick(&[json!(1), json!(0), json!(-1), json!("10"), json!("9"), json!("x"), json!(2.5)]),
            ),
            8 => ("$all", Value::from(d.list(2, |d, _| scalar(d)))),
            9 => ("$size", json!(d.below(3))),
            10 => ("$exists", json!(d.chance(50))),
            11 if depth < 2 => ("$elemMatch", if d.chance(40) { operators(d, depth + 1) } else { query(d, depth + 1, 1) }),
            12 => ("$foo", scalar(d)),
            13 => ("$options", json!("i")),
            _ => ("$eq", scalar(d)),
        };
        // A22: operands that throw.
        all.insert(op.into(), if odd { d.pick(&[json!("a"), json!(true), json!(null), json!({ "$eq": 1 })]) } else { operand });
    }
    Value::Object(all)
}

fn query(d: &mut Draw, depth: usize, most: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..1 + d.below(most) {
        if d.chance(5) {
            let parts = Value::from(d.list(2, |d, _| json!({ d.pick(&PATHS): scalar(d) })));
            all.insert(d.pick(&["$or", "$and", "$nor"]).into(), parts);
            continue;
        }
        if d.chance(2) {
            all.insert(d.pick(&["toString", "$not", "$eq"]).into(), d.pick(&[json!(1), json!({ "id": "x" })]));
            continue;
        }
        let path = d.pick(&PATHS);
        let value = match d.below(8) {
            0..=2 => scalar(d),
            3 => d.pick(&[json!([]), json!(["x"]), json!({}), json!({ "b": 1 }), json!([1, 2])]),
            _ => operators(d, depth),
        };
        all.insert(path.into(), value);
    }
    Value::Object(all)
}

fn record_value(d: &mut Draw, depth: usize) -> Value {
    match d.below(8) {
        5 => Value::from(d.list(3, |d, _| scalar(d))),
        6 if depth < 3 => Value::from(d.list(3, |d, _| record_value(d, depth + 1))),
        7 if depth < 3 => {
            let mut map = Map::new();
            for key in ["b", "c", "k", "tags", "userId"] {
                if d.chance(35) {
                    map.insert(key.into(), record_value(d, depth + 1));
                }
            }
            Value::Object(map)
        }
        _ => scalar(d),
    }
}

pub(super) fn record(d: &mut Draw) -> Value {
    let mut map = Map::new();
    for key in ["id", "userId", "userEmail", "n"] {
        if d.chance(60) {
            map.insert(key.into(), if d.chance(15) { record_value(d, 1) } else { scalar(d) });
        }
    }
    for key in ["tags", "a", "items", "ingestionSource"] {
        if d.chance(60) {
            map.insert(key.into(), record_value(d, 0));
        }
    }
    Value::Object(map)
}

pub(super) fn rule(d: &mut Draw, actions: &[&str], subjects: &[&str], with_placeholder: bool) -> Value {
    let one_or_more = |d: &mut Draw, names: &[&str]| {
        if d.chance(25) { d.some(names, 3) } else { Value::from(d.pick(names)) }
    };
    let mut rule = json!({ "action": one_or_more(d, actions), "subject": one_or_more(d, subjects) });
    match d.below(8) {
        0..=2 => {}
        3 => rule["conditions"] = d.pick(&[json!({}), json!({}), json!(null)]),
        4 => rule["conditions"] = json!({ d.pick(&PATHS): scalar(d) }),
        _ => rule["conditions"] = query(d, 0, 2),
    }
    if !with_placeholder {
        let text = rule.to_string().replace("${user.id}", "u1");
        rule = serde_json::from_str(&text).expect("still JSON");
    }
    d.maybe(35, &mut rule, "inverted", |d| json!(!d.chance(10)));
    if d.chance(12) {
        rule["fields"] = if d.chance(5) { json!([]) } else { json!(d.few(&FIELDS, 1, 2)) };
    }
    d.maybe(15, &mut rule, "reason", |_| json!("because"));
    rule
}

/// A question about an action and a subject, with or without a record.
pub(super) fn rule_ask(d: &mut Draw, actions: &[&str], subjects: &[&str]) -> Value {
    let (action, subject) = (d.pick(actions), d.pick(subjects));
    let mut ask = match d.below(8) {
        0 | 1 => json!({ "kind": "type", "action": action, "subject": subject }),
        2 => return json!({ "kind": "filter", "actions": d.few(actions, 1, 2), "subject": subject }),
        _ => json!({ "kind": "instance", "action": action, "subject": subject, "object": record(d) }),
    };
    d.maybe(15, &mut ask, "field", |d| json!(d.pick(&["id", "n", "a", "a.b", "a.b.c", "n.y.x", "b", "a.*"])));
    ask
}
