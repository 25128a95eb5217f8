//! CASL: named lists of rules; types, records and filters asked.

use super::rules::{rule, rule_ask};
use super::{Case, Draw, questions};
use serde_json::{Map, Value, json};

pub(super) fn case(d: &mut Draw) -> Case {
    let one = |d: &mut Draw| {
        let mut rule = rule(d, &["read", "manage", "update", "delete"], &["Post", "all", "User"], false);
        if d.chance(8) {
            rule.as_object_mut().expect("a rule is an object").remove("subject");
        }
        rule
    };
    let mut lists = Map::new();
    for name in ["l0", "l1", "l2"] {
        lists.insert(name.into(), Value::from(d.list(4, |d, _| one(d))));
    }
    let snapshot = json!({ "system": "casl", "payloads": lists });
    let asked = questions(d, |d| {
        let principal = match d.below(20) {
            16 => Value::Null,
            17 => json!("l9"),
            0..=7 => json!(d.pick(&["l0", "l1", "l2"])),
            _ => json!({ "sub": "someone", "roles": d.set(&["l0", "l1", "l2", "l9"], 3) }),
        };
        (principal, rule_ask(d, &["read", "update", "manage", "delete"], &["Post", "User", "all"]), json!({}))
    });
    (snapshot, asked)
}
