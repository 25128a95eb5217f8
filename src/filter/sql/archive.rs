//! Open Archiver's own SQL (A23), where a comparison with NULL is NULL.

use super::super::ast::Leaf;
use super::super::columns::{Column, ColumnType, Dialect};
use super::super::holds::{number, truthy};
use super::super::mongo::{items, refuse};
use super::scalar::sign;
use super::{FALSE, TRUE, Text, Writer};
use crate::base::instant::Instant;
use crate::base::text::{concat, join};
use crate::condition::Operator;
use crate::value::Value;
use crate::value::host::number_to_text;

impl Writer<'_> {
    pub(super) fn in_archive(&mut self, leaf: &Leaf, column: &Column, name: &str) -> Text {
        let folded = match (leaf.fold, self.dialect) {
            (true, dialect) => folded(name, dialect, self.is_sure(leaf)),
            (false, Dialect::Sqlite) if column.kind == Some(ColumnType::Time) => self.time(name),
            (false, _) => name.into(),
        };
        match leaf.operator {
            Operator::Exists if truthy(&leaf.operand) => return Ok(concat(&[name, " IS NOT NULL"])),
            Operator::Exists => return Ok(concat(&[name, " IS NULL"])),
            _ => {}
        }
        let kind = self.kind(leaf, column, items(leaf))?;
        let mut places = Vec::new();
        for item in items(leaf) {
            places.push(self.value(leaf, kind, item)?);
        }
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let ordered = matches!(leaf.operator, Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual);
        let collation = match (self.dialect, kind) {
            (Dialect::Sqlite, Some(ColumnType::Text)) => " COLLATE BINARY",
            (Dialect::Postgres, Some(ColumnType::Text)) if ordered => " COLLATE \"C\"",
            _ => "",
        };
        Ok(match (leaf.operator, places.as_slice()) {
            (Operator::In, []) => FALSE.into(),
            (Operator::NotIn, []) => TRUE.into(),
            (Operator::In, _) => concat(&[&folded, collation, " IN (", &join(&places, ", "), ")"]),
            (Operator::NotIn, _) => concat(&["NOT (", &folded, collation, " IN (", &join(&places, ", "), "))"]),
            (operator, [one]) => concat(&[&folded, collation, sign(operator), one]),
            _ => return Err(refuse(leaf, "the list translator expects one value")),
        })
    }

    /// Whether small letters, as the database makes them, say the same as those of JavaScript: of a plain address, and where nothing is
    /// shown because it is another one. `İ` is an `i` to some.
    fn is_sure(&self, leaf: &Leaf) -> bool {
        let postgres = self.dialect == Dialect::Postgres;
        let plain = |item: &Value| item.as_text().is_none_or(|text| text.is_ascii() && !(postgres && text.contains('i')));
        !self.negated && matches!(leaf.operator, Operator::Equal | Operator::In) && items(leaf).iter().all(plain)
    }

    /// A parameter is read as one of the column's type.
    fn value(&mut self, leaf: &Leaf, kind: Option<ColumnType>, value: &Value) -> Text {
        Ok(match (kind, value) {
            (_, Value::Null) => "NULL".into(),
            (Some(ColumnType::Text), Value::Text(text)) => self.text(text),
            (Some(ColumnType::Time), Value::Text(text)) if is_time(text) => {
                let place = self.text(text);
                if self.dialect == Dialect::Sqlite { self.time(&place) } else { concat(&[&place, "::timestamptz"]) }
            }
            (Some(ColumnType::Text), Value::Number(number)) => self.text(&number_to_text(*number)),
            (Some(ColumnType::Text), Value::Bool(flag)) => self.text(if *flag { "true" } else { "false" }),
            (Some(ColumnType::Number), Value::Number(number)) => self.number(*number),
            (Some(ColumnType::Number), Value::Text(text)) => match number(text) {
                Some(number) => self.number(number),
                None => return Err(refuse(leaf, "the database refuses a text that is no number")),
            },
            (Some(ColumnType::Boolean), Value::Bool(flag)) => self.flag(*flag).into(),
            _ => return Err(refuse(leaf, "the database refuses the comparison")),
        })
    }
}

/// An address, trimmed and in small letters. SQLite has those of ASCII alone, and PostgreSQL not all that JavaScript has: unless it is sure
/// to make no difference, of an address with other letters it is not known which one it is.
fn folded(name: &str, dialect: Dialect, sure: bool) -> String {
    let (text, plain) = match dialect {
        Dialect::Postgres => (concat(&["lower(btrim(", name, "))"]), concat(&[name, " COLLATE \"C\" !~ '[^ -~]'"])),
        Dialect::Sqlite => (concat(&["lower(trim(", name, "))"]), concat(&[name, " NOT GLOB '*[^ -~]*'"])),
    };
    if sure { text } else { concat(&["(CASE WHEN ", &plain, " THEN ", &text, " END)"]) }
}

/// A time, or the day that it begins with.
fn is_time(text: &str) -> bool {
    let midnight = concat(&[text, "T00:00:00Z"]);
    Instant::parse(text).or_else(|| Instant::parse(&midnight)).is_some()
}
