//! Questions about whole snapshots, findings, and edits: tagged values in, JSON text out.

use std::cell::RefCell;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::policy::{RawPolicy, Shared};
use super::principal::RawPrincipal;
use crate::api::policy::Policy;
use crate::api::question;
use crate::base::error::{Error, ErrorCode};
use crate::edit;
use crate::engine::{Ask, Context, Who};
use crate::fastpath;
use crate::insight::{Entry, Holder, Insight, Named, Options, Page};
use crate::json::argument::Place;
use crate::json::tagged;
use crate::json::write::{self, Json};
use crate::value::Value;

/// So many contexts keep what it takes to answer: one for everybody, and that of who is asked about.
const KEPT: usize = 2;

/// What has been made to answer questions, by context, the last one used first; and the last answer that was a row.
#[derive(Default)]
pub struct Insights {
    kept: RefCell<Vec<(Context, Insight)>>,
    row: RefCell<Vec<u64>>,
}

impl Insights {
    /// Made anew should somebody still ask.
    pub fn clear(&self) {
        self.kept.take();
        self.row.take();
    }

    fn of(&self, policy: &Policy, context: &Context) -> Insight {
        let mut kept = self.kept.borrow_mut();
        let found = kept.iter().position(|(of, _)| of == context);
        let entry = match found {
            Some(at) => kept.remove(at),
            None => {
                let like = kept.first().map(|(_, insight)| insight);
                (context.clone(), like.map_or_else(|| policy.insight(context), |like| like.in_context(context)))
            }
        };
        let insight = entry.1.clone();
        kept.insert(0, entry);
        kept.truncate(KEPT);
        insight
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    total: usize,
    superuser: bool,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<Entry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
struct Holders {
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    principals: Option<Vec<Holder>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// `limit` and `cursor`.
fn page(params: &Value) -> Result<Page, Error> {
    let at = Place { base: "$", value: params };
    let limit = match at.opt("limit") {
        None => None,
        Some(Value::Number(number)) if number.fract() == 0.0 && *number >= 0.0 => Some(*number as usize),
        Some(_) => return Err(Error::new(ErrorCode::Argument, "$.limit", "expected a whole number")),
    };
    Ok(Page { limit, cursor: at.own_text("cursor")? })
}

fn ask(params: &Value) -> Result<Ask, Error> {
    let value = Place { base: "$", value: params }.req("ask")?;
    Ok(question::read_ask(&Place { base: "$.ask", value })?.own())
}

/// Whether names are enough.
fn names_only(params: &Value) -> bool {
    params.get("names") == Some(&Value::Bool(true))
}

fn answer<T: Serialize>(text: &[u8], nodes: &[u32], find: impl FnOnce(&Value) -> Result<T, Error>) -> Result<String, JsValue> {
    let found = tagged::value(text, nodes).and_then(|params| find(&params)).map_err(|error| to_js(&error))?;
    serde_json::to_string(&found).map_err(|error| JsValue::from_str(&error.to_string()))
}

fn texts<'t>(list: impl Iterator<Item = &'t str>) -> String {
    write::texts(&list.collect::<Vec<_>>())
}

impl Shared {
    fn insight(&self, policy: &Policy, context: &Context) -> Insight {
        self.insights.of(policy, context)
    }
}

impl RawPolicy {
    /// In the context of a tagged `{context?, clock?}`. `clock`: the time, where the context does not say.
    fn insight(&self, params: &Value) -> Result<Insight, Error> {
        let clock = match params.get("clock") {
            Some(Value::Number(clock)) => Some(*clock),
            _ => None,
        };
        let spec = self.spec(params, clock)?;
        Ok(self.shared.insight(&self.policy, &spec.context))
    }

    /// Whatever the circumstances, at a time.
    fn insight_at(&self, clock: Option<f64>) -> Insight {
        let context = Context { now: self.shared.time(&self.policy, clock), ..Context::default() };
        self.shared.insight(&self.policy, &context)
    }
}

#[wasm_bindgen]
impl RawPolicy {
    /// Who can do something, for a tagged `{ask, context?, limit?, cursor?, names?}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, `ERR_CURSOR_STALE`.
    pub fn who(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| {
            let found = self.insight(params)?.who(&ask(params)?, &page(params)?)?;
            let names = names_only(params);
            Ok(Holders {
                total: found.total(),
                ids: names.then(|| found.ids().map(Into::into).collect()),
                principals: (!names).then(|| found.entries().collect()),
                next: found.next().map(Into::into),
            })
        })
    }

    /// What may be read of records of a type, whoever is asked about, for a tagged `{action, type, context?}`, as JSON: see `fastpath::reads`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`.
    pub fn who_reads(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        let read = |params: &Value| {
            let word = |key| params.get(key).and_then(Value::as_text).unwrap_or_default();
            Ok(self.insight(params)?.reads(word("action"), word("type")))
        };
        tagged::value(text, nodes).and_then(|params| read(&params)).map_err(|error| to_js(&error))
    }

    /// Who can do something, whatever the circumstances: a bit for each of `ids`, in words from this address on, until the next question.
    /// A permission, or an action on a type.
    ///
    /// # Errors
    /// None for these questions.
    pub fn who_row(&self, asked: &str, kind: Option<String>, clock: Option<f64>) -> Result<u32, JsValue> {
        let ask = match kind {
            None => Ask::Permission(asked.into()),
            Some(subject) => Ask::Type { action: asked.into(), subject, field: None },
        };
        let row = self.insight_at(clock).who_row(&ask).map_err(|error| to_js(&error))?;
        let place = row.as_ptr() as u32;
        self.shared.insights.row.replace(row);
        Ok(place)
    }

    /// The ids of all principals, as a JSON list.
    pub fn ids(&self) -> String {
        texts(self.insight_at(None).ids())
    }

    /// One hash over all decisions, for a tagged `{context?}`; JSON as everything.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`.
    pub fn digest(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| self.insight(params)?.digest())
    }

    /// What another snapshot decides otherwise, for a tagged `{context?, limit?, cursor?}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, `ERR_CURSOR_STALE`.
    pub fn diff(&self, after: &Self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| self.insight(params)?.diff_page(&after.insight(params)?, &page(params)?))
    }
}

impl RawPrincipal {
    fn insight(&self) -> Insight {
        self.shared.insight(&self.policy, &self.spec.context)
    }

    fn who(&self) -> &Who {
        &self.spec.who
    }
}

#[wasm_bindgen]
impl RawPrincipal {
    /// What the principal can do, for a tagged `{limit?, cursor?, names?}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, `ERR_CURSOR_STALE`.
    pub fn list(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| {
            let found = self.insight().list(self.who(), &page(params)?)?;
            let names = names_only(params);
            Ok(List {
                total: found.total(),
                superuser: found.is_superuser(),
                complete: found.is_complete(),
                refusal: found.refusal(),
                permissions: names.then(|| found.permissions().map(Into::into).collect()),
                entries: (!names).then(|| found.entries().collect()),
                next: found.next().map(Into::into),
            })
        })
    }

    /// What the principal can do: where its row is, a bit for each of `lines` in words from there on, and what it comes with, as JSON. The
    /// row stays until the principal is freed. Nothing where the list has lines of its own.
    pub fn list_row(&self) -> Option<String> {
        let insight = self.insight();
        let row = self.row.get_or_init(|| insight.row_of(&self.prepared())).as_ref()?;
        let mut json = Json::object();
        json.number("place", row.words().as_ptr() as usize);
        json.truth("superuser", row.is_superuser());
        json.truth("complete", insight.is_complete());
        json.opt("refusal", row.refusal());
        Some(json.finish('}'))
    }

    /// The texts of the lines of all lists, as a JSON list.
    pub fn lines(&self) -> String {
        texts(self.insight().lines())
    }

    /// Resources beneath a type that grants name, for a tagged `{action, type}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`.
    pub fn named(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| -> Result<Vec<Named>, Error> {
            let word = |key| params.get(key).and_then(Value::as_text).unwrap_or_default();
            Ok(self.insight().resources(self.who(), word("action"), word("type"), &[])?.named)
        })
    }

    /// Why something is allowed or not, for a tagged `{ask}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`.
    pub fn why(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| self.insight().why(self.who(), &ask(params)?))
    }

    /// What may be read of records of a type, whatever the principal might be given, as JSON: see `fastpath::reads`.
    pub fn suggest_reads(&self, action: &str, kind: &str) -> String {
        fastpath::reads_of_everything(self.policy.compiled(), &self.prepared(), action, kind)
    }

    /// What would turn the answer round, for a tagged `{ask, limit?, cursor?}`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, `ERR_CURSOR_STALE`.
    pub fn suggest(&self, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        answer(text, nodes, |params| self.insight().suggest_page(self.who(), &ask(params)?, &page(params)?))
    }

    /// One hash over all decisions about the principal, as it is.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where the snapshot has no such principal.
    pub fn digest(&self) -> Result<String, JsValue> {
        let Who::Named(id) = self.who() else {
            let message = "only a principal of the snapshot has a digest, not claims or nobody";
            return Err(to_js(&Error::new(ErrorCode::Argument, "$.principal", message)));
        };
        self.insight().digest_of(id).map_err(|error| to_js(&error))
    }
}

/// Loads a snapshot unless something in it fails open, fails or does nothing.
///
/// # Errors
/// What a load refuses; `ERR_STRICT`.
#[wasm_bindgen]
pub fn load_strict(bytes: &[u8]) -> Result<RawPolicy, JsValue> {
    Policy::load_strict(bytes).map(RawPolicy::new).map_err(|error| to_js(&error))
}

/// What is wrong with the policies of a snapshot, as JSON.
///
/// # Errors
/// What a load refuses.
#[wasm_bindgen]
pub fn lint(bytes: &[u8]) -> Result<String, JsValue> {
    Policy::lint(bytes).map(|lints| write::lints(&lints)).map_err(|error| to_js(&error))
}

/// What is odd about a whole snapshot, with what proves it: a snapshot and options `{context?, sod?, edits?}` as JSON text.
///
/// # Errors
/// What a load refuses, and `ERR_ARGUMENT` for options that cannot be read and for compiled snapshots.
#[wasm_bindgen]
pub fn findings(snapshot: &[u8], options: &str) -> Result<String, JsValue> {
    let found = Options::from_json(options).and_then(|options| Policy::findings(snapshot, &options)).map_err(|error| to_js(&error))?;
    serde_json::to_string(&found).map_err(|error| JsValue::from_str(&error.to_string()))
}

/// Applies edits to a snapshot: both as JSON text, and so is what comes of them.
///
/// # Errors
/// What a load refuses, and `ERR_ARGUMENT` for edits that are none.
#[wasm_bindgen]
pub fn edit(snapshot: &[u8], edits: &[u8]) -> Result<String, JsValue> {
    if Policy::is_compiled(snapshot) {
        let message = "a compiled snapshot cannot be edited: edit the JSON that it was made of";
        return Err(to_js(&Error::new(ErrorCode::Argument, "$", message)));
    }
    edit::apply(snapshot, edits).map(|outcome| outcome.to_json()).map_err(|error| to_js(&error))
}
