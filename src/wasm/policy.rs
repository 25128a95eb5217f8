//! A loaded policy as JavaScript holds it.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::plans::{Slots, texts_from};
use super::principal::RawPrincipal;
use crate::api::policy::{Policy, Vocabulary};
use crate::base::error::Error;
use crate::base::instant::Instant;
use crate::base::limits::Limits;
use crate::engine::{Context, Spec, Who};
use crate::json::tagged;
use crate::value::Value;

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
    /// When answers change by themselves.
    moments: OnceCell<Vec<Instant>>,
    #[cfg(feature = "insight")]
    pub(super) insights: super::insight::Insights,
}

/// Stands for a time at which nothing that the policy knows of has happened yet.
const BEFORE_ALL: i64 = i64::MIN;

impl Shared {
    fn moments(&self, policy: &Policy) -> &[Instant] {
        self.moments.get_or_init(|| policy.moments())
    }

    /// The time by which questions are decided that do not say when they are asked: of what the host's clock says, in milliseconds since
    /// 1970, only how far it has come among the moments that count. So what is kept for one time is good until the next such moment.
    pub(super) fn time(&self, policy: &Policy, clock: Option<f64>) -> Option<Instant> {
        let now = Instant::from_millis(clock? as i64);
        let moments = self.moments(policy);
        let passed = moments.partition_point(|moment| *moment <= now);
        let last = passed.checked_sub(1).and_then(|at| moments.get(at).copied());
        Some(last.unwrap_or_else(|| Instant::from_millis(BEFORE_ALL)))
    }
}

impl RawPolicy {
    /// What a tagged `{principal?, context?, …}` describes, at a time.
    pub(super) fn spec(&self, params: &Value, clock: Option<f64>) -> Result<Spec, Error> {
        let mut spec = self.policy.read_spec(params)?;
        spec.context.now = spec.context.now.or_else(|| self.shared.time(&self.policy, clock));
        Ok(spec)
    }

    pub(super) fn new(policy: Policy) -> Self {
        let shared = Shared {
            vocabulary: RefCell::new(Vocabulary::new(&policy)),
            slots: Rc::default(),
            moments: OnceCell::new(),
            #[cfg(feature = "insight")]
            insights: super::insight::Insights::default(),
        };
        Self { policy, shared: Rc::new(shared) }
    }
}

/// Once it is freed, what has been made to answer about everybody goes at once. The tables stay for the principals that are left.
#[cfg(feature = "insight")]
impl Drop for RawPolicy {
    fn drop(&mut self) {
        self.shared.insights.clear();
    }
}

#[wasm_bindgen]
impl RawPolicy {
    /// What the snapshot holds, as JSON.
    pub fn info(&self) -> String {
        self.policy.info_text()
    }

    /// Whether some answers change by themselves as time passes: then who asks has to say what time it is.
    pub fn is_timed(&self) -> bool {
        !self.shared.moments(&self.policy).is_empty()
    }

    /// Makes ready whom a tagged `{principal, context?}` describes. `clock`: the time, where the context does not say.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, or what is wrong with the encoding.
    pub fn principal(&self, text: &[u8], nodes: &[u32], clock: Option<f64>) -> Result<RawPrincipal, JsValue> {
        let params = tagged::value(text, nodes).map_err(|error| to_js(&error))?;
        let spec = self.spec(&params, clock).map_err(|error| to_js(&error))?;
        let told = params.get("context").and_then(|context| context.get("now")).is_none();
        Ok(RawPrincipal::new(&self.policy, &self.shared, spec, told))
    }

    /// Makes ready whom an id names.
    pub fn named(&self, id: &str, clock: Option<f64>) -> RawPrincipal {
        let who = Arc::new(Who::Named(id.into()));
        let context = Context { now: self.shared.time(&self.policy, clock), ..Context::default() };
        RawPrincipal::new(&self.policy, &self.shared, Spec { who, context }, true)
    }

    /// Answers a whole tagged question, as JSON. What is wrong with the question is its answer.
    pub fn decide(&self, text: &[u8], nodes: &[u32], clock: Option<f64>) -> String {
        let clock = self.shared.time(&self.policy, clock);
        self.policy.decide_read(&tagged::value(text, nodes), clock).json(self.policy.compiled())
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
