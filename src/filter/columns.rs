//! Which column of a table holds which attribute of the records.

use crate::base::error::{Error, ErrorCode};
use crate::base::text::{concat, cut};
use crate::value::Value;

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 12 and later: parameters `$1`, `$2` …
    Postgres,
    /// SQLite 3.38 and later: parameters `?1`, `?2` …
    Sqlite,
}

impl Dialect {
    /// By its name: `postgresql` or `sqlite`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for another one.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "postgresql" => Ok(Self::Postgres),
            "sqlite" => Ok(Self::Sqlite),
            _ => Err(Error::new(ErrorCode::Argument, "$.dialect", "expected `postgresql` or `sqlite`")),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// Booleans; in SQLite 0 and 1.
    Boolean,
    /// JSON: `jsonb` or `json` in PostgreSQL, JSON text in SQLite. Whatever is inside is found by the rest of the attribute's path.
    Json,
    /// Times: `timestamptz` in PostgreSQL, text that its date functions read in SQLite. Records bear them as `Date.prototype.toISOString`
    /// writes them.
    Time,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub(super) table: Option<String>,
    pub(super) name: String,
    /// Not said: whatever it is compared with.
    pub(super) kind: Option<ColumnType>,
    /// NULL stands for an attribute that is not there, rather than one that is null.
    pub(super) null_is_missing: bool,
}

impl Column {
    /// A column of that name that holds what it is compared with.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { table: None, name: name.into(), kind: None, null_is_missing: false }
    }

    /// Of that table.
    #[must_use]
    pub fn of(mut self, table: impl Into<String>) -> Self {
        self.table = Some(table.into());
        self
    }

    /// Holds that.
    #[must_use]
    pub fn holding(mut self, kind: ColumnType) -> Self {
        self.kind = Some(kind);
        self
    }

    /// NULL stands for an attribute that is not there; otherwise for one that is null, as a row is read into a record.
    #[must_use]
    pub fn null_is_missing(mut self) -> Self {
        self.null_is_missing = true;
        self
    }
}

/// Which column holds which attribute, by the attribute's path; `*` for a JSON column that holds all others.
#[derive(Debug, Clone, Default)]
pub struct Columns(Vec<(String, Column)>);

impl Columns {
    /// No columns yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more. The first of a path counts.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, column: Column) -> Self {
        self.0.push((path.into(), column));
        self
    }

    /// From data: path → column name, or `{ "column", "table"?, "type"?, "null"? }`, where `type` is `text`, `number`, `boolean`,
    /// `json` or `time`, and `null` is `null` or `missing`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for anything else.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Map(members) = value else { return Err(refuse("", "expected an object of columns by attribute")) };
        let mut columns = Self::new();
        for (path, value) in members {
            columns.0.push((String::from(&**path), column(path, value)?));
        }
        Ok(columns)
    }

    /// The column for a path, and what of the path is left inside it.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(&Column, Option<&'p str>)> {
        if let Some((_, column)) = self.0.iter().find(|(key, _)| key == path) {
            return Some((column, None));
        }
        let is_json = |column: &Column| column.kind == Some(ColumnType::Json);
        let mut best: Option<(&Column, &'p str)> = None;
        for (key, column) in &self.0 {
            let rest = path.strip_prefix(key.as_str()).and_then(|rest| rest.strip_prefix('.'));
            if let Some(rest) = rest.filter(|rest| is_json(column) && best.is_none_or(|(_, other)| rest.len() < other.len())) {
                best = Some((column, rest));
            }
        }
        let all = || self.0.iter().find(|(key, column)| key == "*" && is_json(column)).map(|(_, column)| (column, path));
        best.or_else(all).map(|(column, rest)| (column, Some(rest)))
    }
}

fn column(path: &str, value: &Value) -> Result<Column, Error> {
    if let Value::Text(name) = value {
        return Ok(Column::new(&**name));
    }
    let Value::Map(members) = value else { return Err(refuse(path, "expected the name of a column, or an object")) };
    let mut column = Column::new("");
    for (key, value) in members {
        let Some(text) = value.as_text() else { return Err(refuse(path, "expected text in each member of a column")) };
        match (key.as_ref(), text) {
            ("column", name) => column.name = name.into(),
            ("table", table) => column.table = Some(table.into()),
            ("type", "text") => column.kind = Some(ColumnType::Text),
            ("type", "number") => column.kind = Some(ColumnType::Number),
            ("type", "boolean") => column.kind = Some(ColumnType::Boolean),
            ("type", "json") => column.kind = Some(ColumnType::Json),
            ("type", "time") => column.kind = Some(ColumnType::Time),
            ("type", _) => return Err(refuse(path, "expected `text`, `number`, `boolean`, `json` or `time` as the type of a column")),
            ("null", "null") => column.null_is_missing = false,
            ("null", "missing") => column.null_is_missing = true,
            ("null", _) => return Err(refuse(path, "expected `null` or `missing` as what NULL stands for")),
            _ => return Err(refuse(path, "a column has no such member; it has column, table, type and null")),
        }
    }
    Ok(column)
}

fn refuse(path: &str, message: &str) -> Error {
    Error::new(ErrorCode::Argument, place(path), message)
}

/// Where an attribute's column is said.
pub fn place(path: &str) -> String {
    // Paths of errors are one line.
    let (line, _) = cut(path, b'\n');
    if path.is_empty() { "$.columns".into() } else { concat(&["$.columns[\"", line, "\"]"]) }
}
