//! Tests on the segments of a record's id (N2, N3).

use super::super::columns::{ColumnType, Dialect};
use super::{FALSE, Text, Writer, no_column};
use crate::base::text::{concat, join, push_number};
use crate::engine::IdPath;

/// The id as text, and whether it is one.
struct Id {
    text: String,
    is_text: String,
}

impl Writer<'_> {
    /// None: it is never text.
    fn id(&self) -> Result<Option<Id>, crate::base::error::Error> {
        let columns = self.columns;
        let Some((column, rest)) = columns.find("id") else { return Err(no_column("id")) };
        let name = self.column("id", column)?;
        let postgres = self.dialect == Dialect::Postgres;
        Ok(match column.kind {
            Some(ColumnType::Number | ColumnType::Boolean) => None,
            Some(ColumnType::Json) if postgres => {
                let inner = concat(&["(", &name, ")::jsonb", if rest.is_some() { " -> 'id'" } else { "" }]);
                Some(Id {
                    text: concat(&["((", &inner, ") #>> '{}')"]),
                    is_text: concat(&["COALESCE(jsonb_typeof(", &inner, ") = 'string', FALSE)"]),
                })
            }
            Some(ColumnType::Json) => {
                let inner = concat(&["(", &name, if rest.is_some() { ", '$.id')" } else { ", '$')" }]);
                Some(Id { text: concat(&["json_extract", &inner]), is_text: concat(&["COALESCE(json_type", &inner, " = 'text', FALSE)"]) })
            }
            _ if postgres => Some(Id { text: concat(&[&name, "::text"]), is_text: concat(&[&name, " IS NOT NULL"]) }),
            _ => Some(Id { is_text: concat(&[&name, " IS NOT NULL"]), text: name }),
        })
    }

    /// Where no column holds the id, no id is malformed.
    pub(super) fn malformed(&mut self) -> Text {
        if self.columns.find("id").is_none() {
            return Ok(FALSE.into());
        }
        let Some(id) = self.id()? else { return Ok(FALSE.into()) };
        let place = if self.dialect == Dialect::Postgres { "strpos" } else { "instr" };
        Ok(concat(&["(", &id.is_text, " AND ", place, "('/' || ", &id.text, " || '/', '//') > 0)"]))
    }

    pub(super) fn below(&mut self, paths: &[IdPath]) -> Text {
        let Some(id) = self.id()? else { return Ok(FALSE.into()) };
        let mut parts = Vec::new();
        for path in paths {
            let named: Option<Vec<&str>> = path.iter().map(Option::as_deref).collect();
            parts.push(match named {
                Some(named) => self.starts_with(&id, &join(&named, "/")),
                None => self.segments(&id, path),
            });
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Ok(concat(&["(", &id.is_text, " AND (", &join(&parts, " OR "), "))"]))
    }

    fn starts_with(&mut self, id: &Id, path: &str) -> String {
        let below = concat(&[path, "/"]);
        let mut length = String::new();
        push_number(&mut length, below.chars().count());
        let sqlite = self.dialect == Dialect::Sqlite;
        let (same, beginning) = (self.text(path), self.text(&below));
        let cut =
            if sqlite { concat(&["substr(", &id.text, ", 1, ", &length, ")"]) } else { concat(&["left(", &id.text, ", ", &length, ")"]) };
        let binary = if sqlite { " COLLATE BINARY" } else { " COLLATE \"C\"" };
        concat(&["(", &id.text, binary, " = ", &same, " OR ", &cut, binary, " = ", &beginning, ")"])
    }

    fn segments(&mut self, id: &Id, path: &IdPath) -> String {
        let mut parts = Vec::new();
        for (at, segment) in path.iter().enumerate() {
            let mut number = String::new();
            let own = match self.dialect {
                Dialect::Postgres => {
                    push_number(&mut number, at + 1);
                    concat(&["split_part(", &id.text, ", '/', ", &number, ")"])
                }
                // The text as a list of texts: SQLite has nothing else that takes texts apart.
                Dialect::Sqlite => {
                    push_number(&mut number, at);
                    concat(&["json_extract('[' || replace(json_quote(", &id.text, "), '/', '\",\"') || ']', '$[", &number, "]')"])
                }
            };
            let last = at + 1 == path.len();
            match (segment, self.dialect) {
                (Some(name), Dialect::Postgres) => parts.push(concat(&[&own, " COLLATE \"C\" = ", &self.text(name)])),
                // What is not there is NULL, and would be so under a NOT.
                (Some(name), Dialect::Sqlite) => parts.push(concat(&["COALESCE(", &own, ", '') = ", &self.text(name)])),
                (None, Dialect::Postgres) if last => parts.push(concat(&[&own, " <> ''"])),
                (None, Dialect::Sqlite) if last => parts.push(concat(&[&own, " IS NOT NULL"])),
                (None, _) => {}
            }
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        concat(&["(", &join(&parts, " AND "), ")"])
    }
}
