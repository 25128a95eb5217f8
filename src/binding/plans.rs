//! Plans as JavaScript holds them: by number, with the place where it puts what they read.

use std::cell::RefCell;

use crate::condition::Semantics;
use crate::json::Json;
use crate::names::{Names, Sym};
use crate::quick::{Answer, Plan, Scalar};
use crate::table::index;

/// The plans of a principal or an ability.
#[derive(Default)]
pub struct Plans(RefCell<Vec<Planned>>);

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

impl Plans {
    /// Takes a plan: 0 always denied, 1 always allowed, 2 to be asked in full, else its number.
    pub fn plan(&self, plan: Plan) -> u32 {
        let Plan::Reads { attributes, .. } = &plan else { return number(plan.fixed()) };
        let slots = vec![kind::ABSENT; attributes.len() * 2];
        let mut plans = self.0.borrow_mut();
        plans.push(Planned { plan, slots });
        index(plans.len() - 1).saturating_add(PLANNED)
    }

    /// What a plan reads, as JSON: `exact` where values are those of JavaScript and not their JSON forms, then for each attribute
    /// its path and whether it counts that it is the object's own.
    pub fn reads(&self, plan: u32) -> String {
        let mut json = Json::object();
        let plans = self.0.borrow();
        let planned = plans.get(plan.wrapping_sub(PLANNED) as usize).map(|planned| &planned.plan);
        if let Some(Plan::Reads { attributes, semantics, .. }) = planned {
            json.literal("exact", if *semantics == Semantics::Native { "false" } else { "true" });
            json.begin("reads", '[');
            for attribute in attributes {
                json.text("", &attribute.path);
                json.literal("", if attribute.own { "true" } else { "false" });
            }
            json.end(']');
        }
        json.finish('}')
    }

    /// Where a plan's values are to be put, as an address.
    pub fn slots(&self, plan: u32) -> u32 {
        self.0.borrow().get(plan.wrapping_sub(PLANNED) as usize).map_or(0, |planned| planned.slots.as_ptr() as u32)
    }

    /// Decides by a plan and the values put there: 0 deny, 1 allow, 2 to be asked in full.
    pub fn holds(&self, plan: u32) -> u32 {
        let plans = self.0.borrow();
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
