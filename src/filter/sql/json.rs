//! Tests of native conditions inside JSON columns (N18): a path walks through lists, however deep they are, and what it ends on matches
//! if it or one of its elements does. The walk is a recursive query on one value; whether it finds something is never NULL.

use super::super::ast::{Leaf, Node};
use super::super::columns::{Column, Dialect};
use super::super::mongo::{items, refuse};
use super::scalar::sign;
use super::{FALSE, Text, Writer};
use crate::condition::{Operator, Semantics};
use crate::text::{concat, join, push_number, split};
use crate::value::Value;

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
        let walk = match self.dialect {
            Dialect::Postgres => self.walk_postgres(root, steps, own, &end),
            Dialect::Sqlite => self.walk_sqlite(root, steps, own, &end),
        };
        let negated = match leaf.operator {
            Operator::NotEqual | Operator::NotIn => true,
            Operator::Exists => leaf.operand == Value::Bool(false),
            _ => false,
        };
        let wanted = self.wanted(leaf, own)?;
        let not = if negated { "NOT EXISTS (" } else { "EXISTS (" };
        Ok(concat(&[not, "WITH RECURSIVE ", own, &walk, " SELECT 1 FROM ", own, " WHERE ", own, ".step = ", &end, " AND ", &wanted, ")"]))
    }

    fn walk_postgres(&mut self, root: &Root, steps: &[&str], own: &str, end: &str) -> String {
        let mut text = concat(&[
            "(step, inner_step, v) AS (SELECT 0, 0, ",
            &root.value,
            &root.when,
            " UNION ALL SELECT CASE jsonb_typeof(",
            own,
            ".v) WHEN 'array' THEN ",
            own,
            ".step ELSE ",
            own,
            ".step + 1 END, CASE WHEN ",
            own,
            ".step = ",
            end,
            " THEN 1 ELSE 0 END, m.v FROM ",
            own,
            " CROSS JOIN LATERAL (SELECT e.v FROM jsonb_array_elements(CASE jsonb_typeof(",
            own,
            ".v) WHEN 'array' THEN ",
            own,
            ".v ELSE '[]'::jsonb END) AS e(v)",
        ]);
        if !steps.is_empty() {
            let key = self.key(steps, own, "::text");
            text = concat(&[
                &text,
                " UNION ALL SELECT ",
                own,
                ".v -> ",
                &key,
                " WHERE jsonb_typeof(",
                own,
                ".v) = 'object' AND ",
                own,
                ".step < ",
                end,
            ]);
        }
        concat(&[&text, ") AS m(v) WHERE m.v IS NOT NULL)"])
    }

    fn walk_sqlite(&mut self, root: &Root, steps: &[&str], own: &str, end: &str) -> String {
        let mut text = concat(&[
            "(step, inner_step, kind, v) AS (SELECT 0, 0, ",
            &root.kind,
            ", ",
            &root.value,
            &root.when,
            " UNION ALL SELECT CASE ",
            own,
            ".kind WHEN 'array' THEN ",
            own,
            ".step ELSE ",
            own,
            ".step + 1 END, CASE WHEN ",
            own,
            ".step = ",
            end,
            " THEN 1 ELSE 0 END, m.type, m.value FROM ",
            own,
            ", json_each(CASE WHEN ",
            own,
            ".kind IN ('array', 'object') THEN ",
            own,
            ".v ELSE '[]' END) AS m WHERE ",
            own,
            ".kind = 'array'",
        ]);
        if !steps.is_empty() {
            let key = self.key(steps, own, "");
            text = concat(&[&text, " OR (", own, ".kind = 'object' AND ", own, ".step < ", end, " AND m.key = ", &key, ")"]);
        }
        concat(&[&text, ")"])
    }

    /// The member that the walk takes next.
    fn key(&mut self, steps: &[&str], own: &str, cast: &str) -> String {
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
        let value = Root { kind: concat(&[own, ".kind"]), value: concat(&[own, ".v"]), when: String::new() };
        let list = match self.dialect {
            Dialect::Postgres => concat(&[own, ".inner_step = 0 AND jsonb_typeof(", own, ".v) = 'array'"]),
            Dialect::Sqlite => concat(&[own, ".inner_step = 0 AND ", own, ".kind = 'array'"]),
        };
        let elements = match self.dialect {
            Dialect::Postgres => {
                concat(&["jsonb_array_elements(CASE jsonb_typeof(", own, ".v) WHEN 'array' THEN ", own, ".v ELSE '[]'::jsonb END)"])
            }
            Dialect::Sqlite => concat(&["json_each(CASE ", own, ".kind WHEN 'array' THEN ", own, ".v ELSE '[]' END)"]),
        };
        let element_name = concat(&[own, "e"]);
        let element = match self.dialect {
            Dialect::Postgres => Root { kind: String::new(), value: concat(&[&element_name, ".v"]), when: String::new() },
            Dialect::Sqlite => {
                Root { kind: concat(&[&element_name, ".type"]), value: concat(&[&element_name, ".value"]), when: String::new() }
            }
        };
        let alias =
            if self.dialect == Dialect::Postgres { concat(&[" AS ", &element_name, "(v)"]) } else { concat(&[" AS ", &element_name]) };
        let some = |wanted: &str| concat(&["EXISTS (SELECT 1 FROM ", &elements, &alias, " WHERE ", wanted, ")"]);
        Ok(match leaf.operator {
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::NotIn => self.one_of(items(leaf), &value),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => self.compared(leaf, &value),
            Operator::Exists => concat(&[own, ".inner_step = 0"]),
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
        Some(match self.dialect {
            Dialect::Postgres => {
                concat(&["CASE jsonb_typeof(", own, ".v) WHEN 'array' THEN jsonb_array_length(", own, ".v) = ", &length, " ELSE FALSE END"])
            }
            Dialect::Sqlite => {
                concat(&["CASE ", own, ".kind WHEN 'array' THEN json_array_length(", own, ".v) = ", &length, " ELSE FALSE END"])
            }
        })
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
        match (self.dialect, text) {
            (Dialect::Sqlite, true) => concat(&["(", kind, " = 'text' AND ", value, " COLLATE BINARY", sign, &place, ")"]),
            (Dialect::Sqlite, false) => concat(&["(", kind, " IN ('integer', 'real') AND ", value, sign, &place, ")"]),
            (Dialect::Postgres, true) => concat(&[
                "CASE jsonb_typeof(",
                value,
                ") WHEN 'string' THEN (",
                value,
                " #>> '{}') COLLATE \"C\"",
                sign,
                &place,
                "::text ELSE FALSE END",
            ]),
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
