//! The tree as a condition for a WHERE clause. Values are parameters, names are quoted; what has no translation is refused.
//!
//! A test on a missing value is never NULL where that would matter: under a NOT, each says itself what NULL is to mean.

mod archive;
mod id;
mod json;
mod scalar;

pub use id::number_of;

use super::ast::{Leaf, Node};
use super::columns::{Column, ColumnType, Columns, Dialect, place};
use super::mongo::refuse;
use crate::base::error::{Error, ErrorCode};
use crate::base::text::{concat, join, push_number};
use crate::condition::Semantics;
use crate::value::Value;

/// A condition for a WHERE clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql {
    /// The text, in parentheses where it is needed.
    pub text: String,
    /// Texts, numbers and booleans, in the order of the text.
    pub parameters: Vec<Value>,
}

type Text = Result<String, Error>;

const TRUE: &str = "TRUE";
const FALSE: &str = "FALSE";

/// Behind a time, what makes it the text that JavaScript writes.
const ISO: &str = ", 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";

/// Writes a tree; `first` is the number of the first parameter.
///
/// # Errors
/// `ERR_FILTER_COLUMN`, `ERR_FILTER_OPERATOR`, `ERR_ARGUMENT`.
pub fn condition(node: &Node, semantics: Semantics, dialect: Dialect, columns: &Columns, first: usize) -> Result<Sql, Error> {
    let mut writer = Writer { semantics, dialect, columns, first, parameters: Vec::new(), depth: 0, negated: false };
    let text = writer.node(node, false)?;
    let holds_nul = |value: &Value| value.as_text().is_some_and(|text| text.contains('\0'));
    if writer.parameters.iter().any(holds_nul) {
        return Err(Error::new(
            ErrorCode::FilterOperator,
            "$.columns",
            "a value holds U+0000, where databases and their drivers cut a text off",
        ));
    }
    Ok(Sql { text, parameters: writer.parameters })
}

struct Writer<'c> {
    semantics: Semantics,
    dialect: Dialect,
    columns: &'c Columns,
    first: usize,
    parameters: Vec<Value>,
    /// Lists within which a test is made: each has names of its own.
    depth: usize,
    /// The test is under an odd number of NOTs: what is not known for sure must hold there.
    negated: bool,
}

impl Writer<'_> {
    /// `negated`: under an odd number of NOTs, where NULL would not be as good as false.
    fn node(&mut self, node: &Node, negated: bool) -> Text {
        Ok(match node {
            Node::All => TRUE.into(),
            Node::Nothing => FALSE.into(),
            Node::And(nodes) => self.each(nodes, (" AND ", TRUE, FALSE), negated)?,
            Node::Or(nodes) => self.each(nodes, (" OR ", FALSE, TRUE), negated)?,
            Node::Not(inner) => match self.node(inner, !negated)?.as_str() {
                FALSE => TRUE.into(),
                TRUE => FALSE.into(),
                text => concat(&["NOT (", text, ")"]),
            },
            Node::Test(leaf) => self.test(leaf, negated)?,
            Node::Below(paths) => self.below(paths)?,
            Node::Malformed => self.malformed()?,
        })
    }

    /// `idle` changes nothing, `decides` all.
    fn each(&mut self, nodes: &[Node], (between, idle, decides): (&str, &str, &str), negated: bool) -> Text {
        let before = self.parameters.len();
        let mut parts = Vec::new();
        for node in nodes {
            let part = self.node(node, negated)?;
            if part == decides {
                self.parameters.truncate(before);
                return Ok(part);
            }
            if part != idle {
                parts.push(part);
            }
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Ok(match parts.as_slice() {
            [] => idle.into(),
            [one] => (*one).into(),
            _ => concat(&["(", &join(&parts, between), ")"]),
        })
    }

    fn test(&mut self, leaf: &Leaf, negated: bool) -> Text {
        let columns = self.columns;
        let Some((column, rest)) = columns.find(&leaf.path) else { return Err(no_column(&leaf.path)) };
        let name = self.column(&leaf.path, column)?;
        self.negated = negated;
        match (self.semantics, column.kind == Some(ColumnType::Json)) {
            (Semantics::Native, true) => self.in_json(leaf, column, &name, rest),
            (_, true) => Err(refuse(leaf, "in a JSON column only the conditions of native snapshots have one")),
            (Semantics::Casl6, false) => self.in_archive(leaf, column, &name),
            (_, false) => self.scalar(leaf, column, &name, negated),
        }
    }

    /// The quoted name of a column.
    fn column(&self, path: &str, column: &Column) -> Text {
        let name = self.name(path, &column.name)?;
        Ok(match &column.table {
            Some(table) => concat(&[&self.name(path, table)?, ".", &name]),
            None => name,
        })
    }

    fn name(&self, path: &str, name: &str) -> Text {
        let postgres = self.dialect == Dialect::Postgres;
        // PostgreSQL cuts longer names off, and then they may be another column's.
        if name.is_empty() || name.contains('\0') || postgres && name.len() > 63 {
            return Err(Error::new(ErrorCode::Argument, place(path), "a name of a column or table is empty, too long or holds U+0000"));
        }
        // In double quotes SQLite takes a misspelt column for a text.
        let quote = if postgres { "\"" } else { "`" };
        Ok(concat(&[quote, &crate::base::text::replace(name, quote, &concat(&[quote, quote])), quote]))
    }

    /// The place of a parameter.
    fn parameter(&mut self, value: Value) -> String {
        self.parameters.push(value);
        if self.dialect == Dialect::Sqlite {
            return "?".into();
        }
        let mut text = String::from("$");
        push_number(&mut text, self.first.saturating_add(self.parameters.len()).saturating_sub(1));
        text
    }

    /// A column of times as text, in the one form of `Date.prototype.toISOString`: NULL for what has none.
    fn time(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => concat(&["strftime('%Y-%m-%dT%H:%M:%fZ', ", name, ")"]),
            Dialect::Postgres => {
                let utc = concat(&["(", name, "::timestamptz AT TIME ZONE 'UTC')"]);
                let year = concat(&["extract(year FROM ", &utc, ")"]);
                concat(&["(CASE WHEN ", &year, " BETWEEN 1 AND 9999 THEN to_char", utc.strip_suffix(')').unwrap_or_default(), ISO, " END)"])
            }
        }
    }

    fn text(&mut self, text: &str) -> String {
        self.parameter(Value::Text(text.into()))
    }

    /// A number as a type that PostgreSQL compares with every other one; whole ones may use an index.
    fn number(&mut self, number: f64) -> String {
        let whole = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
        let place = self.parameter(Value::Number(number));
        match self.dialect {
            Dialect::Sqlite => place,
            Dialect::Postgres if whole => concat(&[&place, "::bigint"]),
            Dialect::Postgres => concat(&[&place, "::float8"]),
        }
    }
}

fn no_column(path: &str) -> Error {
    let message = concat(&["the filter reads `", path, "`, for which no column is given"]);
    Error::new(ErrorCode::FilterColumn, place(path), message)
}
