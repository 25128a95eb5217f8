//! Plans as JavaScript holds them: by number, with the place where it puts what they read.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use crate::base::limits::MAX_READS;
use crate::base::names::{Names, Sym};
use crate::base::table::index;
use crate::condition::Semantics;
use crate::fastpath::{Answer, Plan, Scalar};
use crate::json::write::Json;

/// The plans of a principal or an ability.
#[derive(Default)]
pub struct Plans {
    plans: RefCell<Vec<Plan>>,
    slots: OnceCell<Rc<Slots>>,
}

/// Where JavaScript puts the attributes that a plan reads, kind and value of each in turn. One place for all plans of a policy, so
/// that it stays in the processor's cache: values are put there for one question at a time.
pub struct Slots(Box<[Cell<f64>]>);

impl Default for Slots {
    fn default() -> Self {
        Self(vec![Cell::new(kind::ABSENT); MAX_READS * 2].into())
    }
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

impl Plans {
    /// Takes a plan, whose values will be put into these slots: 0 always denied, 1 always allowed, 2 to be asked in full, else its number.
    pub fn plan(&self, plan: Plan, slots: &Rc<Slots>) -> u32 {
        let Plan::Reads { .. } = &plan else { return number(plan.fixed()) };
        self.slots.get_or_init(|| Rc::clone(slots));
        let mut plans = self.plans.borrow_mut();
        plans.push(plan);
        index(plans.len() - 1).saturating_add(PLANNED)
    }

    /// What a plan reads, as JSON: `exact` where values are those of JavaScript and not their JSON forms, then for each attribute
    /// its path and whether it counts that it is the object's own.
    pub fn reads(&self, plan: u32) -> String {
        let mut json = Json::object();
        let plans = self.plans.borrow();
        if let Some(Plan::Reads { attributes, semantics, .. }) = plans.get(plan.wrapping_sub(PLANNED) as usize) {
            json.literal("exact", if *semantics == Semantics::Native { "false" } else { "true" });
            json.begin("reads", '[');
            for attribute in attributes {
                json.text("", &attribute.path);
                json.truth("", attribute.own);
            }
            json.end(']');
        }
        json.finish('}')
    }

    /// Where the values of plans are to be put, as an address.
    pub fn slots(&self) -> u32 {
        self.slots.get().map_or(0, |slots| slots.0.as_ptr() as u32)
    }

    /// Decides by a plan and the values put there: 0 deny, 1 allow, 2 to be asked in full.
    pub fn holds(&self, plan: u32) -> u32 {
        let plans = self.plans.borrow();
        let (Some(plan), Some(slots)) = (plans.get(plan.wrapping_sub(PLANNED) as usize), self.slots.get()) else {
            return number(Answer::Unclear);
        };
        number(plan.answer(|attribute| {
            let Some([kind, value]) = slots.0.get(attribute as usize * 2..).and_then(<[_]>::first_chunk) else { return Scalar::Absent };
            match kind.get() {
                kind::NULL => Scalar::Null,
                kind::FALSE => Scalar::Bool(false),
                kind::TRUE => Scalar::Bool(true),
                kind::NUMBER => Scalar::Number(value.get()),
                kind::TEXT => Scalar::Text(value.get() as u32),
                _ => Scalar::Absent,
            }
        }))
    }
}

fn number(answer: Answer) -> u32 {
    match answer {
        Answer::Deny => 0,
        Answer::Allow => 1,
        Answer::Unclear => 2,
    }
}

/// Texts that plans compare with, from a number on, as a JSON list.
pub fn texts_from(texts: &Names, from: u32) -> String {
    let mut json = Json::list();
    for number in from..index(texts.len()) {
        json.text("", texts.text(Sym(number)));
    }
    json.finish(']')
}
