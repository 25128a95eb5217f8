//! A principal as JavaScript holds it. Only its answers are kept: what it takes to answer in full is made when it is needed.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::Shared;
use crate::engine::{Effect, Spec};
use crate::json::{self, Json};
use crate::policy::{Answers, Policy, Principal};
use crate::quick::{Answer, Plan, Scalar};
use crate::tagged;

/// A principal made ready. The caller frees it; it outlives its policy.
#[wasm_bindgen]
pub struct RawPrincipal {
    pub(super) policy: Policy,
    pub(super) shared: Rc<Shared>,
    pub(super) spec: Arc<Spec>,
    ready: OnceCell<Principal>,
    answers: RefCell<Answers>,
    plans: RefCell<Vec<Planned>>,
}

/// A plan, and where its attributes are put: kind and value of each in turn.
struct Planned {
    plan: Plan,
    slots: Vec<f64>,
}

/// Kinds of values in the slots of a plan; anything else is not plain.
mod kind {
    pub const ABSENT: f64 = 0.0;
    pub const NULL: f64 = 1.0;
    pub const FALSE: f64 = 2.0;
    pub const TRUE: f64 = 3.0;
    pub const NUMBER: f64 = 4.0;
    pub const TEXT: f64 = 5.0;
}

/// What a plan may be, besides a number from here on.
const PLANNED: u32 = 3;

impl RawPrincipal {
    pub(super) fn new(policy: &Policy, shared: &Rc<Shared>, spec: Spec) -> Self {
        let raw = Self {
            policy: policy.clone(),
            shared: Rc::clone(shared),
            spec: Arc::new(spec),
            ready: OnceCell::new(),
            answers: RefCell::default(),
            plans: RefCell::default(),
        };
        if !shared.vocabulary.borrow().is_empty() {
            raw.extend();
        }
        raw
    }

    pub(super) fn ready(&self) -> &Principal {
        self.ready.get_or_init(|| self.policy.ready(&self.spec))
    }
}

fn number(answer: Answer) -> u32 {
    match answer {
        Answer::Deny => 0,
        Answer::Allow => 1,
        Answer::Unclear => 2,
    }
}

#[wasm_bindgen]
impl RawPrincipal {
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
        json::texts(&self.ready().permissions())
    }

    /// Every grant held, as JSON.
    pub fn grants(&self) -> String {
        self.ready().grants_text()
    }

    /// The id in the snapshot, or what the token names.
    pub fn id(&self) -> Option<String> {
        self.ready().id().map(Into::into)
    }

    /// Makes the plan for records of a type, by the number of the question: 0 always denied, 1 always allowed, 2 to be asked in
    /// full, else the plan's number.
    pub fn plan(&self, question: u32) -> u32 {
        let plan = self.shared.vocabulary.borrow_mut().plan(self.ready(), question).plan;
        let Plan::Reads { attributes, .. } = &plan else { return number(plan.fixed()) };
        let slots = vec![kind::ABSENT; attributes.len() * 2];
        let mut plans = self.plans.borrow_mut();
        plans.push(Planned { plan, slots });
        crate::table::index(plans.len() - 1).saturating_add(PLANNED)
    }

    /// The attributes that a plan reads, as a JSON list.
    pub fn plan_reads(&self, plan: u32) -> String {
        let mut json = Json::list();
        if let Some(Plan::Reads { attributes, .. }) =
            self.plans.borrow().get(plan.wrapping_sub(PLANNED) as usize).map(|planned| &planned.plan)
        {
            for name in attributes {
                json.text("", name);
            }
        }
        json.finish(']')
    }

    /// Where a plan's values are to be put: kind and value of each attribute, doubles from this address on.
    pub fn plan_slots(&self, plan: u32) -> u32 {
        self.plans.borrow().get(plan.wrapping_sub(PLANNED) as usize).map_or(0, |planned| planned.slots.as_ptr() as u32)
    }

    /// Decides by a plan and the values put there: 0 deny, 1 allow, 2 to be asked in full.
    pub fn plan_holds(&self, plan: u32) -> u32 {
        let plans = self.plans.borrow();
        let Some(planned) = plans.get(plan.wrapping_sub(PLANNED) as usize) else { return number(Answer::Unclear) };
        let value = |attribute: u32| {
            let at = attribute as usize * 2;
            let (kind, value) = (planned.slots.get(at).copied(), planned.slots.get(at + 1).copied().unwrap_or_default());
            match kind {
                Some(kind::NULL) => Scalar::Null,
                Some(kind::FALSE) => Scalar::Bool(false),
                Some(kind::TRUE) => Scalar::Bool(true),
                Some(kind::NUMBER) => Scalar::Number(value),
                Some(kind::TEXT) => Scalar::Text(value as u32),
                _ => Scalar::Absent,
            }
        };
        number(planned.plan.answer(value))
    }
}
