//! CASL abilities for JavaScript, which keeps the rule objects and hands over what decides about them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::plans::{Plans, Slots, texts_from};
use crate::base::error::{Error, ErrorCode};
use crate::base::names::Names;
use crate::casl::{Ability, Found, Target, casl};
use crate::condition::{Condition, Outcome, Semantics, evaluate, field_matches};
use crate::fastpath::reads_of;
use crate::json::tagged;
use crate::value::Value;

/// The rules of an ability. The caller frees it.
#[wasm_bindgen]
pub struct RawAbility {
    ability: Ability,
    plans: Plans,
    sentence: Cell<&'static str>,
}

/// Texts that plans compare with, and where their values are put, shared by abilities. The caller frees them.
#[wasm_bindgen]
#[derive(Default)]
pub struct RawTexts {
    texts: RefCell<Names>,
    slots: Rc<Slots>,
}

#[wasm_bindgen]
impl RawTexts {
    /// None yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The texts from a number on: the first of them has that number. A JSON list.
    pub fn from(&self, number: u32) -> String {
        texts_from(&self.texts.borrow(), number)
    }
}

/// What is no rule among the answers.
mod answer {
    pub const NOTHING: i32 = -1;
    pub const FOREIGN: i32 = -2;
    pub const UNREAD: i32 = -3;
    /// From here downwards: the rule that throws.
    pub const THROWS: i32 = -4;
}

#[wasm_bindgen]
impl RawAbility {
    /// Reads rules written as [`Ability::read`] takes them, and a tagged list of their lists of fields.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    #[wasm_bindgen(constructor)]
    pub fn new(words: &[u32], text: &[u8], nodes: &[u32], any_action: u32, any_subject: u32) -> Result<Self, JsValue> {
        let fields = if nodes.is_empty() { Value::Null } else { tagged::value(text, nodes).map_err(|error| to_js(&error))? };
        let fields = items(fields).into_iter().map(texts).collect();
        let ability = Ability::read(words, fields, any_action, any_subject)
            .ok_or_else(|| to_js(&Error::new(ErrorCode::Argument, "$", "the rules are not encoded as rules")))?;
        Ok(Self { ability, plans: Plans::default(), sentence: Cell::new("") })
    }

    /// Another ability whose rules differ in nothing but their conditions, which are still to come.
    pub fn alike(&self) -> Self {
        Self { ability: self.ability.alike(), plans: Plans::default(), sentence: Cell::new("") }
    }

    /// Whether an action may be done to some record of a type: 0 no, 1 yes, 2 conditions are missing, or functions have to be asked.
    pub fn may(&self, action: u32, subject: u32) -> u32 {
        match self.ability.relevant(action, subject, None, Target::Type) {
            Found::Unread(_) | Found::Foreign | Found::Throws(..) => 2,
            found => self.ability.allows(found).into(),
        }
    }

    /// The rule that decides about a type.
    pub fn of_type(&self, action: u32, subject: u32, field: Option<String>) -> i32 {
        self.number(self.ability.relevant(action, subject, field.as_deref(), Target::Type))
    }

    /// The rule that decides about a tagged record.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn of_record(&self, action: u32, subject: u32, field: Option<String>, text: &[u8], nodes: &[u32]) -> Result<i32, JsValue> {
        let record = tagged::value(text, nodes).map_err(|error| to_js(&error))?;
        Ok(self.number(self.ability.relevant(action, subject, field.as_deref(), Target::Record(&record))))
    }

    /// The rule that decides where the conditions come along, and nothing of them is kept: a tagged list of those of
    /// [`RawAbility::unread`], in its order, and behind it the record where one is asked about.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn once(&self, action: u32, subject: u32, field: Option<String>, text: &[u8], nodes: &[u32]) -> Result<i32, JsValue> {
        let question = tagged::value(text, nodes).map_err(|error| to_js(&error))?;
        let mut question = items(question).into_iter();
        let conditions = question.next().map(items).unwrap_or_default();
        let record = question.next();
        let target = record.as_ref().map_or(Target::Type, Target::Record);
        Ok(self.number(self.ability.relevant_with(action, subject, field.as_deref(), target, conditions)))
    }

    /// Why the last question was answered with a throw.
    pub fn sentence(&self) -> String {
        self.sentence.get().into()
    }

    /// The rules on an action and a type, highest first.
    pub fn possible(&self, action: u32, subject: u32) -> Vec<u32> {
        self.ability.possible(action, subject)
    }

    /// The actions that rules on a type name.
    pub fn actions(&self, subject: u32) -> Vec<u32> {
        self.ability.actions(subject)
    }

    /// The rules whose conditions are needed before a question.
    pub fn unread(&self, action: u32, subject: u32, is_type: bool) -> Vec<u32> {
        self.ability.unread(action, subject, is_type)
    }

    /// Takes the tagged conditions of a rule.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn give(&mut self, rule: u32, text: &[u8], nodes: &[u32]) -> Result<(), JsValue> {
        self.ability.give(rule, tagged::value(text, nodes).map_err(|error| to_js(&error))?);
        Ok(())
    }

    /// Forgets the conditions. What was planned of them stays.
    pub fn forget(&mut self) {
        self.ability.forget();
    }

    /// What conditions may read of records, as JSON: see `fastpath::reads`.
    pub fn reads(&self, action: u32, subject: u32) -> String {
        reads_of(self.ability.conditions(action, subject), Semantics::Casl7)
    }

    /// Makes the plan for records of a type: 0 always denied, 1 always allowed, 2 to be asked in full, else the plan's number.
    pub fn plan(&self, texts: &RawTexts, action: u32, subject: u32) -> u32 {
        self.plans.plan(self.ability.plan(action, subject, &mut texts.texts.borrow_mut()), &texts.slots)
    }

    /// The attributes that a plan reads, as a JSON list.
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

    fn number(&self, found: Found) -> i32 {
        match found {
            Found::Rule(rule) => rule.cast_signed(),
            Found::Nothing => answer::NOTHING,
            Found::Foreign => answer::FOREIGN,
            Found::Unread(_) => answer::UNREAD,
            Found::Throws(rule, sentence) => {
                self.sentence.set(sentence);
                answer::THROWS.saturating_sub(rule.cast_signed())
            }
        }
    }
}

/// Conditions alone. The caller frees them.
#[wasm_bindgen]
pub struct RawCondition {
    condition: Condition,
    sentence: Cell<&'static str>,
}

#[wasm_bindgen]
impl RawCondition {
    /// Reads tagged conditions.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], nodes: &[u32]) -> Result<Self, JsValue> {
        let condition = casl(tagged::value(text, nodes).map_err(|error| to_js(&error))?);
        Ok(Self { sentence: Cell::new(condition.tests.err().unwrap_or_default()), condition })
    }

    /// Whether every record meets them.
    pub fn is_empty(&self) -> bool {
        self.condition.is_empty()
    }

    /// Why CASL throws; empty where it does not.
    pub fn sentence(&self) -> String {
        self.sentence.get().into()
    }

    /// What they may read of records, as JSON.
    pub fn reads(&self) -> String {
        reads_of([&self.condition].into_iter(), Semantics::Casl7)
    }

    /// Whether a tagged record meets them: 0 no, 1 yes, 2 throws.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    pub fn holds(&self, text: &[u8], nodes: &[u32]) -> Result<u8, JsValue> {
        let record = tagged::value(text, nodes).map_err(|error| to_js(&error))?;
        Ok(match evaluate(&self.condition, Semantics::Casl7, None, &record) {
            Outcome::Fails => 0,
            Outcome::Holds => 1,
            Outcome::Throws(sentence) => {
                self.sentence.set(sentence);
                2
            }
        })
    }
}

/// A list of fields alone. The caller frees it.
#[wasm_bindgen]
pub struct RawFields(Vec<Box<str>>);

#[wasm_bindgen]
impl RawFields {
    /// Reads a tagged list of texts.
    ///
    /// # Errors
    /// What is wrong with the encoding.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8], nodes: &[u32]) -> Result<Self, JsValue> {
        tagged::value(text, nodes).map(|list| Self(texts(list))).map_err(|error| to_js(&error))
    }

    /// Whether one of them matches.
    pub fn matches(&self, field: &str) -> bool {
        field_matches(&self.0, field)
    }
}

fn items(list: Value) -> Vec<Value> {
    match list {
        Value::List(items) => items,
        _ => Vec::new(),
    }
}

fn texts(list: Value) -> Vec<Box<str>> {
    let text = |value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    };
    items(list).into_iter().filter_map(text).collect()
}
