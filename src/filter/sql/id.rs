//! Tests on the segments of a record's id (N2, N3, N20): a text, or a number that counts as the text that JavaScript writes.

use super::super::columns::{ColumnType, Dialect};
use super::{FALSE, Text, Writer, no_column};
use crate::base::text::{concat, join, push_number};
use crate::engine::IdPath;
use crate::value::host::{number_to_text, text_to_number};

/// What the column's values are, where they may be that: an expression, and whether it is one.
struct Id {
    text: Option<(String, String)>,
    number: Option<(String, String)>,
    /// Whether it is something else.
    odd: String,
}

impl Writer<'_> {
    fn id(&self) -> Result<Id, crate::base::error::Error> {
        let columns = self.columns;
        let Some((column, rest)) = columns.find("id") else { return Err(no_column("id")) };
        let name = self.column("id", column)?;
        let postgres = self.dialect == Dialect::Postgres;
        let there = concat(&[&name, " IS NOT NULL"]);
        Ok(match column.kind {
            Some(ColumnType::Number) => Id { text: None, number: Some((name, there)), odd: FALSE.into() },
            // A time is an object, and no id.
            Some(ColumnType::Boolean | ColumnType::Time) => Id { text: None, number: None, odd: there },
            Some(ColumnType::Json) => {
                let (value, kind, words) = if postgres {
                    let inner = concat(&["(", &name, ")::jsonb", if rest.is_some() { " -> 'id'" } else { "" }]);
                    let words = ["'string'", "'number'", "('object', 'array', 'boolean')"];
                    (concat(&["((", &inner, ") #>> '{}')"]), concat(&["jsonb_typeof(", &inner, ")"]), words)
                } else {
                    let inner = concat(&["(", &name, if rest.is_some() { ", '$.id')" } else { ", '$')" }]);
                    let words = ["'text'", "('integer', 'real')", "('object', 'array', 'true', 'false')"];
                    (concat(&["json_extract", &inner]), concat(&["json_type", &inner]), words)
                };
                let is = |word: &str| {
                    let sign = if word.starts_with('(') { " IN " } else { " = " };
                    concat(&["COALESCE(", &kind, sign, word, ", FALSE)"])
                };
                let [text, number, odd] = words.map(is);
                let as_number = if postgres {
                    // Nothing is cast but what is a number.
                    concat(&["(CASE WHEN ", &number, " THEN ", &value, " END)::float8"])
                } else {
                    value.clone()
                };
                Id { text: Some((value, text)), number: Some((as_number, number)), odd }
            }
            // To PostgreSQL a column has one type, and its text is that of a number too.
            _ if postgres => Id { text: Some((concat(&[&name, "::text"]), there)), number: None, odd: FALSE.into() },
            Some(ColumnType::Text) => Id { text: Some((name, there)), number: None, odd: FALSE.into() },
            // SQLite would turn a text into a number to compare it with one.
            None => {
                let kind = concat(&["typeof(", &name, ")"]);
                let number = concat(&[&kind, " IN ('integer', 'real')"]);
                Id { text: Some((name.clone(), concat(&[&kind, " = 'text'"]))), number: Some((name, number)), odd: FALSE.into() }
            }
        })
    }

    /// Where no column holds the id, none is anything else.
    pub(super) fn malformed(&mut self) -> Text {
        if self.columns.find("id").is_none() {
            return Ok(FALSE.into());
        }
        Ok(self.id()?.odd)
    }

    pub(super) fn below(&mut self, paths: &[IdPath]) -> Text {
        let id = self.id()?;
        let mut ways = Vec::new();
        if let Some((text, is_text)) = &id.text {
            let mut parts = Vec::new();
            for path in paths {
                let named: Option<Vec<&str>> = path.iter().map(Option::as_deref).collect();
                parts.push(match named {
                    Some(named) => self.starts_with(text, &join(&named, "/")),
                    None => self.segments(text, path),
                });
            }
            ways.push(both(is_text, &parts));
        }
        if let Some((number, is_number)) = &id.number {
            let mut parts = Vec::new();
            // Any one segment, as every number's text is: then no other path needs a parameter.
            if paths.iter().any(|path| matches!(path.as_slice(), [None])) {
                parts.push(super::TRUE.into());
            } else {
                for path in paths {
                    if let [Some(text)] = path.as_slice()
                        && let Some(wanted) = self.numeric(text)
                    {
                        parts.push(concat(&[number, " = ", &wanted]));
                    }
                }
            }
            if !parts.is_empty() {
                ways.push(both(is_number, &parts));
            }
        }
        let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
        Ok(match ways.as_slice() {
            [] => FALSE.into(),
            [one] => (*one).into(),
            _ => concat(&["(", &join(&ways, " OR "), ")"]),
        })
    }

    /// The number whose text this is.
    fn numeric(&mut self, text: &str) -> Option<String> {
        let number = number_of(text);
        match (number, text.parse::<i64>()) {
            (Some(number), _) => Some(self.number(number)),
            // Databases have larger whole numbers than doubles tell apart, and hand them over as text.
            (None, Ok(whole)) if whole.to_string() == text => {
                let place = self.text(text);
                Some(match self.dialect {
                    Dialect::Postgres => concat(&[&place, "::bigint"]),
                    Dialect::Sqlite => concat(&["CAST(", &place, " AS INTEGER)"]),
                })
            }
            _ => None,
        }
    }

    fn starts_with(&mut self, id: &str, path: &str) -> String {
        let below = concat(&[path, "/"]);
        let mut length = String::new();
        push_number(&mut length, below.chars().count());
        let sqlite = self.dialect == Dialect::Sqlite;
        let (same, beginning) = (self.text(path), self.text(&below));
        let cut = if sqlite { concat(&["substr(", id, ", 1, ", &length, ")"]) } else { concat(&["left(", id, ", ", &length, ")"]) };
        let binary = if sqlite { " COLLATE BINARY" } else { " COLLATE \"C\"" };
        concat(&["(", id, binary, " = ", &same, " OR ", &cut, binary, " = ", &beginning, ")"])
    }

    fn segments(&mut self, id: &str, path: &IdPath) -> String {
        let mut parts = Vec::new();
        for (at, segment) in path.iter().enumerate() {
            let mut number = String::new();
            let own = match self.dialect {
                Dialect::Postgres => {
                    push_number(&mut number, at + 1);
                    concat(&["split_part(", id, ", '/', ", &number, ")"])
                }
                // The text as a list of texts: SQLite has nothing else that takes texts apart.
                Dialect::Sqlite => {
                    push_number(&mut number, at);
                    concat(&["json_extract('[' || replace(json_quote(", id, "), '/', '\",\"') || ']', '$[", &number, "]')"])
                }
            };
            match (segment, self.dialect) {
                (Some(name), Dialect::Postgres) => parts.push(concat(&[&own, " COLLATE \"C\" = ", &self.text(name)])),
                // What is not there is NULL, and would be so under a NOT.
                (Some(name), Dialect::Sqlite) => parts.push(concat(&["COALESCE(", &own, ", '') = ", &self.text(name)])),
                (None, _) => {}
            }
            // An empty segment is one too: whether the last is there, its text does not say.
            if at + 1 == path.len() && segment.as_deref().is_none_or(str::is_empty) {
                let mut before = String::new();
                push_number(&mut before, at);
                parts.push(match self.dialect {
                    Dialect::Postgres => concat(&["length(", id, ") - length(replace(", id, ", '/', '')) >= ", &before]),
                    Dialect::Sqlite => concat(&[&own, " IS NOT NULL"]),
                });
            }
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        concat(&["(", &join(&parts, " AND "), ")"])
    }
}

/// That it is of the type, and one of these.
fn both(is: &str, parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts.contains(&super::TRUE) {
        return is.into();
    }
    concat(&["(", is, " AND (", &join(&parts, " OR "), "))"])
}

/// The number that JavaScript writes so, if there is one.
pub fn number_of(text: &str) -> Option<f64> {
    let number = text_to_number(text);
    (number.is_finite() && number_to_text(number) == text).then_some(number)
}
