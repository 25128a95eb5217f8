//! A loaded policy as JavaScript holds it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::plans::{Slots, texts_from};
use super::principal::RawPrincipal;
use crate::api::policy::{Policy, Vocabulary};
use crate::base::limits::Limits;
use crate::engine::{Context, Spec, Who};
use crate::json::tagged;

/// Loads a compiled snapshot: all that the reader takes.
///
/// # Errors
/// Code, path and sentence, a line each.
#[cfg(not(feature = "wasm"))]
#[wasm_bindgen]
pub fn open(bytes: Vec<u8>) -> Result<RawPolicy, JsValue> {
    Policy::open(bytes).map(RawPolicy::new).map_err(|error| to_js(&error))
}

/// How long a snapshot may be, in bytes. Of a longer one not even the bytes should cross: memory that WebAssembly has taken it
/// never gives back.
#[wasm_bindgen]
pub fn max_snapshot_bytes() -> usize {
    Limits::SNAPSHOT.max_bytes
}

/// The version of the core.
#[wasm_bindgen]
pub fn core_version() -> String {
    crate::VERSION.into()
}

/// A loaded policy. The caller frees it.
#[wasm_bindgen]
pub struct RawPolicy {
    pub(super) policy: Policy,
    pub(super) shared: Rc<Shared>,
}

/// What principals share with the policy they were taken from, and outlives it.
pub struct Shared {
    pub(super) vocabulary: RefCell<Vocabulary>,
    pub(super) slots: Rc<Slots>,
    #[cfg(feature = "insight")]
    pub(super) insights: super::insight::Insights,
}

impl RawPolicy {
    pub(super) fn new(policy: Policy) -> Self {
        let shared = Shared {
            vocabulary: RefCell::new(Vocabulary::new(&policy)),
            slots: Rc::default(),
            #[cfg(feature = "insight")]
            insights: super::insight::Insights::default(),
        };
        Self { policy, shared: Rc::new(shared) }
    }
}

#[wasm_bindgen]
impl RawPolicy {
    /// What the snapshot holds, as JSON.
    pub fn info(&self) -> String {
        self.policy.info_text()
    }

    /// Makes ready whom a tagged `{principal, context?}` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, or what is wrong with the encoding.
    pub fn principal(&self, text: &[u8], nodes: &[u32]) -> Result<RawPrincipal, JsValue> {
        let spec = tagged::value(text, nodes).and_then(|spec| self.policy.read_spec(&spec));
        let spec = spec.map_err(|error| to_js(&error))?;
        Ok(RawPrincipal::new(&self.policy, &self.shared, spec))
    }

    /// Makes ready whom an id names.
    pub fn named(&self, id: &str) -> RawPrincipal {
        let who = Arc::new(Who::Named(id.into()));
        RawPrincipal::new(&self.policy, &self.shared, Spec { who, context: Context::default() })
    }

    /// Answers a whole tagged question, as JSON. What is wrong with the question is its answer.
    pub fn decide(&self, text: &[u8], nodes: &[u32]) -> String {
        self.policy.decide_read(&tagged::value(text, nodes)).json(self.policy.compiled())
    }

    /// Enters a permission; its number.
    pub fn permission(&self, text: &str) -> u32 {
        self.shared.vocabulary.borrow_mut().permission(text)
    }

    /// Enters an action on a type; its number.
    pub fn kind(&self, action: &str, kind: &str) -> u32 {
        self.shared.vocabulary.borrow_mut().kind(action, kind)
    }

    /// Texts that plans compare with, from a number on: the first of them has that number. A JSON list.
    pub fn constants(&self, from: u32) -> String {
        texts_from(self.shared.vocabulary.borrow().constants(), from)
    }
}
