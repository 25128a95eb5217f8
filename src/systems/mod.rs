//! One folder a system: its wire names, payload shapes, requests, lists, edits and rules. Nothing outside of here knows a wire name.

pub mod casl;
mod claims;
pub mod emporix;
mod envelope;
pub mod hantera;
pub mod ithbat;
pub mod kura;
mod lints;
mod lists;
pub mod native;
pub mod open_archiver;
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
mod places;
mod requests;
mod rules;
pub mod server;

use crate::base::error::{Error, ErrorCode};
use crate::base::names::{Names, Sym};
use crate::base::system::System;
use crate::base::table::{Store, Table};
use crate::base::terms::HolderId;
use crate::base::text::concat;
use crate::json::document::{Document, Kind};
use crate::json::pointer::{Cursor, clip};
use crate::model::{Documents, Findings, Model, Warning};
use crate::value::Value;

pub use claims::{Shape, claims_of, read as read_claims};
pub use lists::list;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use open_archiver::RELATIONS;
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use places::{Places, find as places};
pub use server::profile;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use server::{edit, facts, is_open_to_all, moves, writes};

/// Turns a snapshot's data into the model; with `findings`, what is wrong with its policies is entered there.
///
/// # Errors
/// What [`envelope::read`] refuses, and what the system's payloads cannot be: `ERR_TYPE`, `ERR_FIELD_MISSING`, `ERR_PAYLOAD_UNKNOWN`,
/// `ERR_ID_DUPLICATE`, `ERR_VALUE`; for native snapshots also `ERR_FIELD_UNKNOWN`, `ERR_CYCLE`, `ERR_GRANT_DENY`, `ERR_CONDITION`, `ERR_PATTERN`.
pub fn read(document: &Document<'_>, findings: Option<Findings>) -> Result<Model, Error> {
    let root = document.root();
    let mut names = Names::with_seed(document.seed());
    let envelope = envelope::read(&root, &mut names)?;
    let payloads = root.req("payloads")?;
    let none = Document::empty();
    let options = root.opt("options").unwrap_or_else(|| none.root());
    let mut model = Model {
        meta: envelope.meta,
        profile: profile(envelope.system),
        names,
        permissions: Vec::new(),
        registry_closed: false,
        holders: Vec::new(),
        principals: Vec::new(),
        tenants: Vec::new(),
        resources: Vec::new(),
        endpoints: Vec::new(),
        documents: Documents::default(),
        warnings: Vec::new(),
        findings,
    };
    server::read(envelope.system, &mut model, &payloads, &options)?;
    lints::judge_members(&mut model, &payloads);
    Ok(model)
}

impl Model {
    pub(crate) fn warn(&mut self, code: &'static str, at: &Cursor<'_>, message: impl Into<String>) {
        let message = message.into();
        self.note_warning(code, at, &message);
        // A hostile or broken snapshot could warn millions of times; the first ones tell what is wrong.
        if self.warnings.len() < 1_000 {
            self.warnings.push(Warning { code, path: at.path(), message });
        }
    }
}

/// Refuses payloads that the system does not have: as a rule the snapshot is labelled as another system's.
fn known_payloads(payloads: &Cursor<'_>, system: System, known: &[&str]) -> Result<(), Error> {
    for (key, member) in payloads.members()? {
        if !known.contains(&key) {
            let message = format!("{system} has no payload `{}`; it has {}", clip(key), known.join(", "));
            return Err(member.fail(ErrorCode::PayloadUnknown, message));
        }
    }
    Ok(())
}

/// Visits the items of a list as APIs return it: bare, in an envelope under one of `keys`, or several pages of either.
fn each_item<'j>(at: &Cursor<'j>, keys: &[&str], visit: &mut dyn FnMut(&Cursor<'j>) -> Result<(), Error>) -> Result<(), Error> {
    match at.kind() {
        Kind::Null => Ok(()),
        Kind::Map => match keys.iter().find_map(|key| at.get(key)) {
            // One document in an envelope of its own.
            Some(inner) if inner.is_map() && keys.iter().all(|key| inner.get(key).is_none()) => visit(&inner),
            Some(inner) => each_item(&inner, keys, visit),
            None => Err(at.fail(ErrorCode::FieldMissing, format!("expected a list, or an object with `{}`", keys.join("` or `")))),
        },
        _ => {
            for item in at.items()? {
                let holds_list = |at: &Cursor<'_>| keys.iter().filter_map(|key| at.get(key)).any(|inner| inner.is_list());
                let page =
                    item.is_list() || holds_list(&item) || keys.iter().filter_map(|key| item.get(key)).any(|inner| holds_list(&inner));
                if page { each_item(&item, keys, visit)? } else { visit(&item)? }
            }
            Ok(())
        }
    }
}

/// Visits each item of a payload once, by its id.
fn each_new<'j>(
    model: &mut Model,
    payloads: &Cursor<'j>,
    (payload, keys, id): (&str, &[&str], &str),
    visit: &mut dyn FnMut(&mut Model, &Cursor<'j>) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(list) = payloads.opt(payload) else { return Ok(()) };
    let mut seen = Seen::default();
    each_item(&list, keys, &mut |item| {
        let new = seen.enter(&mut model.names, item.req(id)?.id()?, item)?;
        if new { visit(model, item) } else { Ok(()) }
    })
}

/// The name under a key, which has to be there.
fn required(model: &mut Model, at: &Cursor<'_>, key: &str) -> Result<Sym, Error> {
    Ok(model.names.intern(at.req(key)?.id()?))
}

/// The text under a key, if it is there and not null.
fn optional(model: &mut Model, at: &Cursor<'_>, key: &str) -> Result<Option<Sym>, Error> {
    Ok(at.opt_text(key)?.map(|text| model.names.intern(text)))
}

/// Whether a text names its owner as an e-mail address does: no id of a system reads so, and whoever may set their own address must not
/// take the place of an id that is nobody's any more.
fn is_email(text: &str) -> bool {
    text.contains('@')
}

/// Ids seen, with the document that bears each: the same document twice is two pages that overlap, another one is refused.
#[derive(Default)]
struct Seen<'j>(Store<Cursor<'j>>);

impl<'j> Seen<'j> {
    /// Whether this id is new.
    fn enter(&mut self, names: &mut Names, id: &str, at: &Cursor<'j>) -> Result<bool, Error> {
        let key = names.intern(id);
        match self.0.get(key) {
            None => {
                self.0.put(key, *at);
                Ok(true)
            }
            Some(before) if before.same(at) => Ok(false),
            Some(_) => Err(at.fail(ErrorCode::IdDuplicate, format!("`{}` is defined twice, and differently", clip(id)))),
        }
    }
}

/// Holders by the id that others name them by.
#[derive(Default)]
struct Index(Table);

impl Index {
    fn get(&self, id: Sym) -> Option<HolderId> {
        self.0.get(id).map(HolderId)
    }

    fn has(&self, id: Sym) -> bool {
        self.0.has(id)
    }

    fn put(&mut self, id: Sym, holder: HolderId) {
        self.0.put(id, holder.0);
    }

    /// Where nothing has this id yet.
    fn first(&mut self, id: Sym, holder: HolderId) {
        self.0.first(id, holder.0);
    }
}

/// The refusal of a condition, with the attribute and the operator that cannot be read, where one alone cannot. `reads`: whether a part can.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn no_condition(at: &Cursor<'_>, sentence: &str, reads: &dyn Fn(Value) -> bool) -> Error {
    fn refused<'j>(at: &Cursor<'j>, reads: &dyn Fn(&str, Value) -> bool) -> Option<(&'j str, Cursor<'j>)> {
        at.members().into_iter().flatten().find(|(key, value)| !reads(key, value.to_value()))
    }
    let one = |key: &str, value: Value| Value::Map(vec![(key.into(), value)]);
    let mut message = String::new();
    if let Some((key, value)) = refused(at, &|key, value| reads(one(key, value))) {
        let operator = refused(&value, &|operator, operand| reads(one(key, one(operator, operand))));
        message = match operator.filter(|(operator, _)| operator.starts_with('$')) {
            Some((operator, _)) => concat(&["`", clip(key), "`, `", clip(operator), "`: "]),
            None => concat(&["`", clip(key), "`: "]),
        };
    }
    message.push_str(sentence);
    at.fail(ErrorCode::Condition, message)
}

/// JavaScript's truth of a value, by which CASL reads some fields.
fn truthy(at: &Cursor<'_>) -> bool {
    match at.kind() {
        Kind::Null => false,
        Kind::Bool => at.as_bool() == Some(true),
        Kind::Number => at.as_number() != Some(0.0),
        Kind::Text => at.as_text() != Some(""),
        Kind::List | Kind::Map | Kind::Js => true,
    }
}
