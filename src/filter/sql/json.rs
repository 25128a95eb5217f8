//! Tests of native conditions inside JSON columns (N18): a path walks through lists, however deep they are, and what it ends on matches
//! if it or one of its elements does. The walk is a recursive query on one value; whether it finds something is never NULL.

use super::super::ast::{Leaf, Node};
use super::super::columns::{Column, Dialect};
use super::super::mongo::{items, refuse};
use super::scalar::sign;
use super::{FALSE, Text, Writer};
use crate::base::text::{concat, join, push_number, replace, split};
use crate::condition::{Operator, Semantics};
use crate::value::Value;

/// The walk's own name is `~`, and `^` how many steps there are: up to the value to begin with; from it on; into a member, and behind
/// its name.
const POSTGRES: [&str; 4] = [
    "~(step, inner_step, v) AS (SELECT 0, 0, ",
    " UNION ALL SELECT CASE jsonb_typeof(~.v) WHEN 'array' THEN ~.step ELSE ~.step + 1 END, CASE WHEN ~.step = ^ THEN 1 ELSE 0 END, m.v \
     FROM ~ CROSS JOIN LATERAL (SELECT e.v FROM jsonb_array_elements(CASE jsonb_typeof(~.v) WHEN 'array' THEN ~.v ELSE '[]'::jsonb END) AS e(v)",
    " UNION ALL SELECT ~.v -> ",
    " WHERE jsonb_typeof(~.v) = 'object' AND ~.step < ^",
];
const SQLITE: [&str; 4] = [
    "~(step, inner_step, kind, v) AS (SELECT 0, 0, ",
    " UNION ALL SELECT CASE ~.kind WHEN 'array' THEN ~.step ELSE ~.step + 1 END, CASE WHEN ~.step = ^ THEN 1 ELSE 0 END, m.type, m.value \
     FROM ~, json_each(CASE WHEN ~.kind IN ('array', 'object') THEN ~.v ELSE '[]' END) AS m WHERE ~.kind = 'array'",
    " OR (~.kind = 'object' AND ~.step < ^ AND m.key = ",
    "",
];

/// Of a value that the walk has ended on: its type and itself; whether it is a list; its elements, their type and themselves.
const POSTGRES_VALUE: [&str; 6] = [
    "",
    "~.v",
    "~.inner_step = 0 AND jsonb_typeof(~.v) = 'array'",
    "jsonb_array_elements(CASE jsonb_typeof(~.v) WHEN 'array' THEN ~.v ELSE '[]'::jsonb END) AS ~e(v)",
    "",
    "~e.v",
];
const SQLITE_VALUE: [&str; 6] = [
    "~.kind",
    "~.v",
    "~.inner_step = 0 AND ~.kind = 'array'",
    "json_each(CASE ~.kind WHEN 'array' THEN ~.v ELSE '[]' END) AS ~e",
    "~e.type",
    "~e.value",
];

/// A value to walk from.
struct Root {
    /// In SQLite a value's type stands beside it.
    kind: String,
    value: String,
    /// When there is such a value at all.
    when: String,
}

impl Writer<'_> {
    pub(super) fn in_json(&mut self, leaf: &Leaf, column: &Column, name: &str, rest: Option<&str>) -> Text {
        let steps = rest.map(|rest| split(rest, b'.')).unwrap_or_default();
        let missing = column.null_is_missing || !steps.is_empty();
        let root = match self.dialect {
            Dialect::Postgres => Root {
                kind: String::new(),
                value: concat(&["COALESCE((", name, ")::jsonb, 'null'::jsonb)"]),
                when: if missing { concat(&[" WHERE ", name, " IS NOT NULL"]) } else { String::new() },
            },
            Dialect::Sqlite => Root {
                kind: concat(&["COALESCE(json_type(", name, "), 'null')"]),
                value: concat(&["json_extract(", name, ", '$')"]),
                when: if missing { concat(&[" WHERE ", name, " IS NOT NULL"]) } else { String::new() },
            },
        };
        self.walk(leaf, &root, &steps)
    }

    /// Whether what the walk ends on is what the test asks for.
    fn walk(&mut self, leaf: &Leaf, root: &Root, steps: &[&str]) -> Text {
        let mut own = String::from("lg");
        push_number(&mut own, self.depth);
        self.depth += 1;
        let found = self.found(leaf, root, steps, &own);
        self.depth -= 1;
        found
    }

    fn found(&mut self, leaf: &Leaf, root: &Root, steps: &[&str], own: &str) -> Text {
        let mut end = String::new();
        push_number(&mut end, steps.len());
        let fill = |template: &str| replace(&replace(template, "~", own), "^", &end);
        let sqlite = self.dialect == Dialect::Sqlite;
        let [begin, mut walk, into, behind] = if sqlite { SQLITE } else { POSTGRES }.map(fill);
        if !steps.is_empty() {
            let key = self.key(steps, own);
            walk = concat(&[&walk, &into, &key, if sqlite { ")" } else { &behind }]);
        }
        let kind = if sqlite { concat(&[&root.kind, ", "]) } else { String::new() };
        let negated = match leaf.operator {
            Operator::NotEqual | Operator::NotIn => "NOT ",
            Operator::Exists if leaf.operand == Value::Bool(false) => "NOT ",
            _ => "",
        };
        let wanted = self.wanted(leaf, own)?;
        let ends = if sqlite { ")" } else { ") AS m(v) WHERE m.v IS NOT NULL)" };
        let select = fill(" SELECT 1 FROM ~ WHERE ~.step = ^ AND ");
        Ok(concat(&[negated, "EXISTS (WITH RECURSIVE ", &begin, &kind, &root.value, &root.when, &walk, ends, &select, &wanted, ")"]))
    }

    /// The member that the walk takes next.
    fn key(&mut self, steps: &[&str], own: &str) -> String {
        let cast = if self.dialect == Dialect::Postgres { "::text" } else { "" };
        let mut text = concat(&["(CASE ", own, ".step"]);
        for (at, step) in steps.iter().enumerate() {
            let mut number = String::new();
            push_number(&mut number, at);
            text = concat(&[&text, " WHEN ", &number, " THEN ", &self.text(step), cast]);
        }
        concat(&[&text, " END)"])
    }

    /// What is asked of a value that the walk has ended on. An element of a list is as good as the list where one value is asked for.
    fn wanted(&mut self, leaf: &Leaf, own: &str) -> Text {
        let fill = |template: &str| replace(template, "~", own);
        let [kind, value, list, elements, element_kind, element_value] = match self.dialect {
            Dialect::Postgres => POSTGRES_VALUE,
            Dialect::Sqlite => SQLITE_VALUE,
        }
        .map(fill);
        let value = Root { kind, value, when: String::new() };
        let element = Root { kind: element_kind, value: element_value, when: String::new() };
        let some = |wanted: &str| concat(&["EXISTS (SELECT 1 FROM ", &elements, " WHERE ", wanted, ")"]);
        Ok(match leaf.operator {
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn => self.one_of(items(leaf), &value),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => self.compared(leaf, &value),
            Operator::Exists => fill("~.inner_step = 0"),
            Operator::Size => match self.length(&leaf.operand, own) {
                Some(length) => concat(&[&list, " AND ", &length]),
                None => FALSE.into(),
            },
            Operator::All => {
                let mut parts = vec![list];
                for item in items(leaf) {
                    let wanted = self.one_of(std::slice::from_ref(item), &element);
                    parts.push(some(&wanted));
                }
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                join(&parts, " AND ")
            }
            Operator::Element => {
                let (inside, itself) = leaf.inside(Semantics::Native).map_err(|sentence| refuse(leaf, sentence))?;
                let wanted = self.inside(&inside, &element, itself)?;
                concat(&[&list, " AND ", &some(&wanted)])
            }
            Operator::Regex | Operator::Options => return Err(refuse(leaf, "native conditions have no regular expressions")),
        })
    }

    /// Tests on an element, or on what is inside it.
    fn inside(&mut self, node: &Node, element: &Root, itself: bool) -> Text {
        match node {
            Node::And(nodes) => {
                let mut parts = Vec::new();
                for node in nodes {
                    parts.push(self.inside(node, element, itself)?);
                }
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                Ok(join(&parts, " AND "))
            }
            Node::Test(leaf) => {
                let steps = if itself { Vec::new() } else { split(&leaf.path, b'.') };
                self.walk(leaf, element, &steps)
            }
            Node::All => Ok(super::TRUE.into()),
            _ => Ok(FALSE.into()),
        }
    }

    fn length(&mut self, operand: &Value, own: &str) -> Option<String> {
        let Value::Number(number) = operand else { return None };
        if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(number) {
            return None;
        }
        let mut length = String::new();
        push_number(&mut length, *number as usize);
        let template = match self.dialect {
            Dialect::Postgres => "CASE jsonb_typeof(~.v) WHEN 'array' THEN jsonb_array_length(~.v) = ^ ELSE FALSE END",
            Dialect::Sqlite => "CASE ~.kind WHEN 'array' THEN json_array_length(~.v) = ^ ELSE FALSE END",
        };
        Some(replace(&replace(template, "~", own), "^", &length))
    }

    fn one_of(&mut self, items: &[Value], value: &Root) -> String {
        let mut parts = Vec::new();
        for item in items {
            parts.extend(self.equal(item, value));
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if parts.is_empty() { FALSE.into() } else { concat(&["(", &join(&parts, " OR "), ")"]) }
    }

    /// None for what nothing is equal to.
    fn equal(&mut self, item: &Value, value: &Root) -> Option<String> {
        let Root { kind, value, .. } = value;
        let sqlite = self.dialect == Dialect::Sqlite;
        Some(match item {
            Value::Null if sqlite => concat(&[kind, " = 'null'"]),
            Value::Null => concat(&[value, " = 'null'::jsonb"]),
            Value::Bool(flag) if sqlite => concat(&[kind, if *flag { " = 'true'" } else { " = 'false'" }]),
            Value::Bool(flag) => concat(&[value, if *flag { " = 'true'::jsonb" } else { " = 'false'::jsonb" }]),
            Value::Text(_) | Value::Number(_) => self.ordered(Operator::Equal, item, kind, value),
            _ => return None,
        })
    }

    fn compared(&mut self, leaf: &Leaf, value: &Root) -> String {
        match &leaf.operand {
            Value::Text(_) | Value::Number(_) => self.ordered(leaf.operator, &leaf.operand, &value.kind, &value.value),
            _ => FALSE.into(),
        }
    }

    /// Numbers with numbers, text with text.
    fn ordered(&mut self, operator: Operator, operand: &Value, kind: &str, value: &str) -> String {
        let (text, place) = match operand {
            Value::Number(number) => (false, self.parameter(Value::Number(*number))),
            other => (true, self.parameter(other.clone())),
        };
        let sign = sign(operator);
        let in_order = |text: &str, compared: String| match operand {
            Value::Text(operand) if operator != Operator::Equal => self.as_javascript_orders(text, operand, compared),
            _ => compared,
        };
        match (self.dialect, text) {
            (Dialect::Sqlite, true) => {
                let compared = in_order(value, concat(&[value, " COLLATE BINARY", sign, &place]));
                concat(&["(", kind, " = 'text' AND ", &compared, ")"])
            }
            (Dialect::Sqlite, false) => concat(&["(", kind, " IN ('integer', 'real') AND ", value, sign, &place, ")"]),
            (Dialect::Postgres, true) => {
                let text = concat(&["(", value, " #>> '{}')"]);
                let compared = in_order(&text, concat(&[&text, " COLLATE \"C\"", sign, &place, "::text"]));
                concat(&["CASE jsonb_typeof(", value, ") WHEN 'string' THEN ", &compared, " ELSE FALSE END"])
            }
            (Dialect::Postgres, false) => concat(&[
                "CASE jsonb_typeof(",
                value,
                ") WHEN 'number' THEN (",
                value,
                " #>> '{}')::float8",
                sign,
                &place,
                "::float8 ELSE FALSE END",
            ]),
        }
    }
}
