//! Tests on a column that holds one text, number or boolean a row.

use super::super::ast::Leaf;
use super::super::columns::{Column, ColumnType, Dialect};
use super::super::mongo::{is_compound, items, refuse};
use super::{FALSE, TRUE, Text, Writer};
use crate::base::error::Error;
use crate::base::text::{concat, join, split};
use crate::condition::{Operator, Outcome, Semantics, evaluate};
use crate::value::Value;

impl Writer<'_> {
    /// What the column's NULL and its other values come to, each for itself.
    pub(super) fn scalar(&mut self, leaf: &Leaf, column: &Column, name: &str, negated: bool) -> Text {
        let null = on_null(leaf, self.semantics, column)?;
        let other = match column.kind {
            Some(ColumnType::Time) => self.on_value(leaf, column, &self.time(name))?,
            _ => self.on_value(leaf, column, name)?,
        };
        Ok(match (null, other.as_str()) {
            (true, TRUE) | (false, FALSE) => other,
            (true, FALSE) => concat(&[name, " IS NULL"]),
            (false, TRUE) => concat(&[name, " IS NOT NULL"]),
            (true, _) => concat(&["(", name, " IS NULL OR ", &other, ")"]),
            (false, _) if negated => concat(&["(", name, " IS NOT NULL AND ", &other, ")"]),
            (false, _) => other,
        })
    }

    fn on_value(&mut self, leaf: &Leaf, column: &Column, name: &str) -> Text {
        let operand = &leaf.operand;
        let found = match leaf.operator {
            Operator::Equal | Operator::In => self.among(leaf, column, name)?,
            Operator::NotEqual | Operator::NotIn => match self.among(leaf, column, name)?.as_str() {
                TRUE => FALSE.into(),
                FALSE => TRUE.into(),
                found => concat(&["NOT (", found, ")"]),
            },
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let kind = self.kind(leaf, column, std::slice::from_ref(operand))?;
                match (kind, operand) {
                    (Some(ColumnType::Text), Value::Text(_)) | (Some(ColumnType::Number), Value::Number(_)) => {
                        self.order(leaf.operator, name, operand)
                    }
                    // N18: anything else has no order.
                    _ if self.semantics == Semantics::Native => FALSE.into(),
                    _ => return Err(refuse(leaf, "JavaScript would turn the column's values into another type")),
                }
            }
            Operator::Exists => (if *operand == Value::Bool(true) { TRUE } else { FALSE }).into(),
            // No list.
            Operator::All | Operator::Size | Operator::Element => FALSE.into(),
            Operator::Regex | Operator::Options => return Err(refuse(leaf, "databases read regular expressions in their own ways")),
        };
        Ok(found)
    }

    /// Equality never turns types into one another.
    fn among(&mut self, leaf: &Leaf, column: &Column, name: &str) -> Text {
        let kind = self.kind(leaf, column, items(leaf))?;
        let mut places = Vec::new();
        for item in items(leaf) {
            match (kind, item) {
                (Some(ColumnType::Text), Value::Text(text)) => places.push(self.text(text)),
                (Some(ColumnType::Number), Value::Number(number)) => places.push(self.number(*number)),
                (Some(ColumnType::Boolean), Value::Bool(flag)) => places.push(self.flag(*flag).into()),
                _ => {}
            }
        }
        let text_in_sqlite = self.dialect == Dialect::Sqlite && kind == Some(ColumnType::Text);
        // A column may have a collation for which more is equal.
        let collation = if text_in_sqlite { " COLLATE BINARY" } else { "" };
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        Ok(match places.as_slice() {
            [] => FALSE.into(),
            [one] => concat(&[name, collation, " = ", one]),
            _ => concat(&[name, collation, " IN (", &join(&places, ", "), ")"]),
        })
    }

    pub(super) fn flag(&self, flag: bool) -> &'static str {
        match (self.dialect, flag) {
            (Dialect::Postgres, true) => TRUE,
            (Dialect::Postgres, false) => FALSE,
            (Dialect::Sqlite, true) => "1",
            (Dialect::Sqlite, false) => "0",
        }
    }

    /// Text by its code points.
    pub(super) fn order(&mut self, operator: Operator, name: &str, operand: &Value) -> String {
        let collation = match (operand, self.dialect) {
            (Value::Text(_), Dialect::Postgres) => " COLLATE \"C\"",
            (Value::Text(_), Dialect::Sqlite) => " COLLATE BINARY",
            _ => "",
        };
        let place = match operand {
            Value::Number(number) => self.number(*number),
            other => self.parameter(other.clone()),
        };
        let compared = concat(&[name, collation, sign(operator), &place]);
        match operand {
            Value::Text(text) => self.as_javascript_orders(name, text, compared),
            _ => compared,
        }
    }

    /// JavaScript orders the halves of a character behind U+FFFF, and they come before what stands from U+E000 on; to databases they come
    /// after it. Where that may matter the record is not shown, whether the test is under a NOT or not.
    pub(super) fn as_javascript_orders(&self, value: &str, operand: &str, compared: String) -> String {
        let before = operand.chars().any(|c| ('\u{e000}'..='\u{ffff}').contains(&c));
        let behind = operand.chars().any(|c| c > '\u{ffff}');
        let others = match (before, behind) {
            (false, false) => return compared,
            (true, false) => "[\u{10000}-\u{10ffff}]",
            (false, true) => "[\u{e000}-\u{ffff}]",
            (true, true) => "[\u{e000}-\u{10ffff}]",
        };
        let unsure = match self.dialect {
            Dialect::Sqlite => concat(&[value, " GLOB '*", others, "*'"]),
            Dialect::Postgres => concat(&[value, " COLLATE \"C\" ~ '", others, "'"]),
        };
        concat(&["CASE WHEN ", &unsure, " THEN ", if self.negated { TRUE } else { FALSE }, " ELSE ", &compared, " END"])
    }

    /// What the column holds: as is said, or what it is compared with.
    pub(super) fn kind(&self, leaf: &Leaf, column: &Column, operands: &[Value]) -> Result<Option<ColumnType>, Error> {
        match column.kind {
            // It is compared as the text that JavaScript writes.
            Some(ColumnType::Time) => return Ok(Some(ColumnType::Text)),
            Some(kind) => return Ok(Some(kind)),
            None => {}
        }
        let mut found = None;
        for operand in operands {
            let kind = match operand {
                Value::Text(_) => ColumnType::Text,
                Value::Number(_) => ColumnType::Number,
                Value::Bool(_) => ColumnType::Boolean,
                other if is_compound(other) || *other == Value::Null => continue,
                _ => return Err(refuse(leaf, "SQL has no such value")),
            };
            if found.is_some_and(|other| other != kind) {
                return Err(refuse(leaf, "the column's type has to be said, because it is compared with several"));
            }
            found = Some(kind);
        }
        Ok(found)
    }
}

/// A sign of order, with blanks.
pub(super) fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Less => " < ",
        Operator::LessOrEqual => " <= ",
        Operator::Greater => " > ",
        Operator::GreaterOrEqual => " >= ",
        Operator::NotEqual => " <> ",
        _ => " = ",
    }
}

/// What the test says of a record whose attribute is null, or is not there.
fn on_null(leaf: &Leaf, semantics: Semantics, column: &Column) -> Result<bool, Error> {
    let steps = split(&leaf.path, b'.');
    let mut value = None;
    for (at, step) in steps.iter().enumerate().rev() {
        let last = at + 1 == steps.len();
        let members = match value.take() {
            Some(inner) => vec![((*step).into(), inner)],
            None if last && column.null_is_missing => Vec::new(),
            None => vec![((*step).into(), Value::Null)],
        };
        value = Some(Value::Map(members));
    }
    match evaluate(&leaf.condition, semantics, None, &value.unwrap_or(Value::Map(Vec::new()))) {
        Outcome::Holds => Ok(true),
        Outcome::Fails => Ok(false),
        Outcome::Throws(sentence) => Err(refuse(leaf, sentence)),
    }
}
