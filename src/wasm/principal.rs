//! A principal as JavaScript holds it. Only its answers are kept: what it takes to answer in full is made when it is needed.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::plans::Plans;
use super::policy::Shared;
use crate::api::policy::{Answers, Policy, Principal};
use crate::engine::{Context, Effect, Spec};
use crate::json::{tagged, write};

/// A principal made ready. The caller frees it; it outlives its policy.
#[wasm_bindgen]
pub struct RawPrincipal {
    pub(super) policy: Policy,
    pub(super) shared: Rc<Shared>,
    pub(super) spec: Arc<Spec>,
    /// Whether its time is the clock's, and not one that the caller has bound.
    clocked: bool,
    ready: OnceCell<Principal>,
    /// What the principal can do; nothing where that is no row.
    #[cfg(feature = "insight")]
    pub(super) row: OnceCell<Option<crate::insight::ListRow>>,
    answers: RefCell<Answers>,
    plans: Plans,
}

impl RawPrincipal {
    pub(super) fn new(policy: &Policy, shared: &Rc<Shared>, spec: Spec, clocked: bool) -> Self {
        let raw = Self {
            // What would have to be written is for the documents to say.
            policy: if cfg!(feature = "insight") { policy.clone() } else { policy.decider() },
            shared: Rc::clone(shared),
            spec: Arc::new(spec),
            clocked,
            ready: OnceCell::new(),
            #[cfg(feature = "insight")]
            row: OnceCell::new(),
            answers: RefCell::default(),
            plans: Plans::default(),
        };
        if !shared.vocabulary.borrow().is_empty() {
            raw.extend();
        }
        raw
    }

    pub(super) fn ready(&self) -> &Principal {
        self.ready.get_or_init(|| self.policy.ready(&self.spec))
    }

    /// As it is kept, or for this once.
    #[cfg(feature = "insight")]
    pub(super) fn prepared(&self) -> Arc<crate::engine::Prepared> {
        let once = || Arc::clone(self.policy.ready(&self.spec).prepared());
        self.ready.get().map_or_else(once, |ready| Arc::clone(ready.prepared()))
    }
}

#[wasm_bindgen]
impl RawPrincipal {
    /// The same principal at a later time, or an earlier one. Nothing where all answers are as they were.
    pub fn at(&self, clock: f64) -> Option<RawPrincipal> {
        let now = self.shared.time(&self.policy, Some(clock));
        if !self.clocked || now == self.spec.context.now {
            return None;
        }
        let context = Context { now, ..self.spec.context.clone() };
        Some(Self::new(&self.policy, &self.shared, Spec { who: Arc::clone(&self.spec.who), context }, true))
    }

    /// Answers what has been entered since, and says where the answers are: a bit each, in words from this address on.
    pub fn extend(&self) -> u32 {
        let mut answers = self.answers.borrow_mut();
        let vocabulary = self.shared.vocabulary.borrow();
        match self.ready.get() {
            Some(ready) => ready.extend(&mut answers, &vocabulary),
            None => self.policy.ready(&self.spec).extend(&mut answers, &vocabulary),
        }
        answers.words().as_ptr() as u32
    }

    /// Where the answers are.
    pub fn place(&self) -> u32 {
        self.answers.borrow().words().as_ptr() as u32
    }

    /// How many questions are answered.
    pub fn known(&self) -> u32 {
        self.answers.borrow().len()
    }

    /// Decides a tagged ask: 0 deny, 1 allow, 2 error.
    pub fn can(&self, text: &[u8], nodes: &[u32]) -> u8 {
        match self.ready().check_read(&tagged::value(text, nodes)).verdict.effect {
            Effect::Allow => 1,
            Effect::Error => 2,
            Effect::Deny => 0,
        }
    }

    /// Decides a tagged ask, with the reason, as JSON.
    pub fn decide(&self, text: &[u8], nodes: &[u32]) -> String {
        self.ready().check_read(&tagged::value(text, nodes)).json(self.policy.compiled())
    }

    /// Effective permissions, as JSON.
    pub fn permissions(&self) -> String {
        write::texts(&self.ready().permissions())
    }

    /// Every grant held, as JSON.
    pub fn grants(&self) -> Result<String, JsValue> {
        self.ready().grants_text().map_err(|error| to_js(&error))
    }

    /// The id in the snapshot, or what the token names.
    pub fn id(&self) -> Option<String> {
        self.ready().id().map(Into::into)
    }

    /// What may be read of records of a type, as JSON: see `fastpath::reads`.
    pub fn reads(&self, action: &str, kind: &str) -> String {
        self.ready().reads(action, kind)
    }

    /// Makes the plan for records of a type, by the number of the question: 0 always denied, 1 always allowed, 2 to be asked in
    /// full, else the plan's number.
    pub fn plan(&self, question: u32) -> u32 {
        self.plans.plan(self.shared.vocabulary.borrow_mut().plan(self.ready(), question).plan, &self.shared.slots)
    }

    /// What a plan reads, as JSON: `exact` where values are those of JavaScript and not their JSON forms, then for each attribute
    /// its path and whether it counts that it is the object's own.
    pub fn plan_reads(&self, plan: u32) -> String {
        self.plans.reads(plan)
    }

    /// Where the values of plans are to be put: kind and value of each attribute, doubles from this address on.
    pub fn plan_slots(&self) -> u32 {
        self.plans.slots()
    }

    /// Decides by a plan and the values put there: 0 deny, 1 allow, 2 to be asked in full.
    pub fn plan_holds(&self, plan: u32) -> u32 {
        self.plans.holds(plan)
    }
}
