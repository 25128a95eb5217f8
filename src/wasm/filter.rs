//! List filters as data: their tree, whom they show, and what databases make of them.

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::principal::RawPrincipal;
use crate::base::error::{Error, ErrorCode};
use crate::fastpath::reads_of;
use crate::filter::{Columns, Dialect, Filter};
use crate::json::tagged;
use crate::value::Value;

/// A list filter. The caller frees it; it outlives its principal.
#[wasm_bindgen]
pub struct RawFilter {
    filter: Filter,
}

#[wasm_bindgen]
impl RawPrincipal {
    /// The filter of a tagged `{actions, type}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, or what is wrong with the encoding.
    pub fn filter(&self, text: &[u8], nodes: &[u32]) -> Result<RawFilter, JsValue> {
        let ask = tagged::value(text, nodes).map_err(|error| to_js(&error))?;
        let mut actions: Vec<&str> = Vec::new();
        if let Some(Value::List(items)) = ask.get("actions") {
            actions.extend(items.iter().filter_map(Value::as_text));
        }
        let kind = ask.get("type").and_then(Value::as_text).unwrap_or_default();
        Ok(RawFilter { filter: self.ready().filter(&actions, kind) })
    }
}

#[wasm_bindgen]
impl RawFilter {
    /// `all`, `none`, `conditions` or `error`.
    pub fn kind(&self) -> String {
        self.filter.kind().as_str().into()
    }

    /// The tree as JSON.
    pub fn ast(&self) -> String {
        self.filter.ast_json()
    }

    /// What it reads of records, as JSON: see `fastpath::reads`.
    pub fn reads(&self) -> String {
        let mut conditions = Vec::new();
        self.filter.conditions(&mut conditions);
        reads_of(conditions.into_iter(), self.filter.semantics())
    }

    /// Whether a list shows the tagged record.
    pub fn holds(&self, text: &[u8], nodes: &[u32]) -> bool {
        tagged::value(text, nodes).is_ok_and(|record| self.filter.holds(&record))
    }

    /// The query for MongoDB as JSON.
    ///
    /// # Errors
    /// `ERR_FILTER_OPERATOR`.
    pub fn mongo(&self) -> Result<String, JsValue> {
        self.filter.to_mongo().map(|query| query.to_json()).map_err(|error| to_js(&error))
    }

    /// The condition and its parameters as JSON, for a tagged `{dialect, columns, firstParameter?}`.
    ///
    /// # Errors
    /// `ERR_FILTER_COLUMN`, `ERR_FILTER_OPERATOR`, `ERR_ARGUMENT`.
    pub fn sql(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        let sql = tagged::value(text, nodes).and_then(|options| sql(&self.filter, &options));
        sql.map_err(|error| to_js(&error))
    }
}

fn sql(filter: &Filter, options: &Value) -> Result<String, Error> {
    let dialect = Dialect::named(options.get("dialect").and_then(Value::as_text).unwrap_or_default())?;
    let columns = Columns::from_value(options.get("columns").unwrap_or(&Value::Null))?;
    let first = match options.get("firstParameter") {
        None | Some(Value::Null) => 1,
        Some(Value::Number(number)) if number.fract() == 0.0 && (1.0..=65_535.0).contains(number) => *number as usize,
        Some(_) => return Err(Error::new(ErrorCode::Argument, "$.firstParameter", "expected a whole number from 1 to 65535")),
    };
    let sql = filter.to_sql_from(first, dialect, &columns)?;
    let members = vec![("text".into(), Value::Text(sql.text.into())), ("parameters".into(), Value::List(sql.parameters))];
    Ok(Value::Map(members).to_json())
}
