//! CASL abilities as a program holds them: its own rule objects, changed while it runs. Here they are rules by number, whose names the
//! host has numbered; conditions come when one is first needed (casl 1.1).
//!
//! The engine reads compiled snapshots of a server's state; an ability is none: it is made anew for every user and request, names
//! classes as well as texts, and may hold functions that only the host can call.

mod index;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::base::names::Names;
use crate::condition::{self, Condition, Outcome, Semantics, field_matches};
use crate::fastpath::{Plan, Planner};
use crate::value::Value;
use index::Index;

/// What a rule's first word says.
pub mod flag {
    /// It denies.
    pub const INVERTED: u32 = 1;
    /// It has conditions, which are still to come.
    pub const CONDITIONS: u32 = 2;
    /// Only the host can evaluate its conditions.
    pub const FOREIGN_CONDITIONS: u32 = 4;
    /// It is on fields, which follow in turn.
    pub const FIELDS: u32 = 8;
    /// Only the host can match its fields.
    pub const FOREIGN_FIELDS: u32 = 16;
}

/// The rules of an ability: its form, which others may share, and the conditions that have come.
#[derive(Debug)]
pub struct Ability {
    form: Rc<Form>,
    /// By rule. Empty as long as none has come.
    conditions: Vec<Option<Box<Condition>>>,
}

/// All of the rules but what their conditions are.
#[derive(Debug)]
struct Form {
    rules: Vec<Rule>,
    index: Index,
}

#[derive(Debug)]
struct Rule {
    inverted: bool,
    fields: Fields,
    conditions: Conditions,
}

#[derive(Debug)]
enum Fields {
    All,
    Listed(Vec<Box<str>>),
    Foreign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conditions {
    None,
    /// They come when they are first needed.
    Later,
    Foreign,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// At least one record of the type.
    Type,
    /// This record.
    Record(&'a Value),
}

/// What came of a question. Rules are named by their place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This rule decides.
    Rule(u32),
    /// No rule does, so it is denied.
    Nothing,
    /// CASL throws at this rule, and why.
    Throws(u32, &'static str),
    /// The conditions of this rule are needed.
    Unread(u32),
    /// The host has to ask its own functions.
    Foreign,
}

/// One rule, up to whether it applies.
enum Applies {
    Yes,
    No,
    Stops(Found),
}

impl Ability {
    /// Reads the rules: for each its flags, the number of its actions, these, the number of its subjects, these. `fields` are those of
    /// the rules that have some, in order. `None` for what is not written so.
    #[must_use]
    pub fn read(words: &[u32], fields: Vec<Vec<Box<str>>>, any_action: u32, any_subject: u32) -> Option<Self> {
        let mut words = words.iter().copied();
        let mut fields = fields.into_iter();
        let mut form = Form { rules: Vec::new(), index: Index::new(any_action, any_subject) };
        while let Some(flags) = words.next() {
            let names = |words: &mut dyn Iterator<Item = u32>| -> Option<Vec<u32>> {
                let count = words.next()? as usize;
                let names: Vec<u32> = words.take(count).collect();
                (names.len() == count).then_some(names)
            };
            let actions = names(&mut words)?;
            let subjects = names(&mut words)?;
            let rule = Rule {
                inverted: flags & flag::INVERTED != 0,
                fields: if flags & flag::FOREIGN_FIELDS != 0 {
                    Fields::Foreign
                } else if flags & flag::FIELDS != 0 {
                    Fields::Listed(fields.next()?)
                } else {
                    Fields::All
                },
                conditions: if flags & flag::FOREIGN_CONDITIONS != 0 {
                    Conditions::Foreign
                } else if flags & flag::CONDITIONS != 0 {
                    Conditions::Later
                } else {
                    Conditions::None
                },
            };
            form.index.enter(crate::base::table::index(form.rules.len()), &actions, &subjects);
            form.rules.push(rule);
        }
        form.index.finish();
        Some(Self { form: Rc::new(form), conditions: Vec::new() })
    }

    /// Another ability whose rules differ in nothing but their conditions, none of which have come.
    #[must_use]
    pub fn alike(&self) -> Self {
        Self { form: Rc::clone(&self.form), conditions: Vec::new() }
    }

    fn rule(&self, number: u32) -> Option<&Rule> {
        self.form.rules.get(number as usize)
    }

    fn condition(&self, number: u32) -> Option<&Condition> {
        self.conditions.get(number as usize)?.as_deref()
    }

    /// The rules on an action and a type, the one that outranks all others first (casl 1.2).
    #[must_use]
    pub fn possible(&self, action: u32, subject: u32) -> Vec<u32> {
        self.form.index.possible(action, subject)
    }

    /// The actions that rules on a type or on all types name, in the order of CASL's index.
    #[must_use]
    pub fn actions(&self, subject: u32) -> Vec<u32> {
        self.form.index.actions(subject)
    }

    /// The possible rules whose conditions have not come yet, or came and were none. A question about a type needs only those that deny.
    #[must_use]
    pub fn unread(&self, action: u32, subject: u32, is_type: bool) -> Vec<u32> {
        let mut unread = self.possible(action, subject);
        unread.retain(|number| {
            self.rule(*number).is_some_and(|rule| {
                let known = self.condition(*number).is_some_and(|condition| condition.tests.is_ok());
                rule.conditions == Conditions::Later && !known && (rule.inverted || !is_type)
            })
        });
        unread
    }

    /// Takes the conditions of a rule.
    pub fn give(&mut self, rule: u32, source: Value) {
        if self.conditions.is_empty() {
            self.conditions.resize_with(self.form.rules.len(), || None);
        }
        if let Some(condition) = self.conditions.get_mut(rule as usize) {
            *condition = Some(Box::new(casl(source)));
        }
    }

    /// Has no conditions any more.
    pub fn forget(&mut self) {
        self.conditions = Vec::new();
    }

    /// Conditions of the possible rules, as far as they have come.
    pub fn conditions(&self, action: u32, subject: u32) -> impl Iterator<Item = &Condition> {
        self.possible(action, subject).into_iter().filter_map(|rule| self.condition(rule))
    }

    /// The rule that decides (casl 1.2, 1.5, 1.6).
    #[must_use]
    pub fn relevant(&self, action: u32, subject: u32, field: Option<&str>, target: Target<'_>) -> Found {
        self.find(self.possible(action, subject), field, target, &mut |_| None)
    }

    /// The same where conditions come along with the question, those of [`Ability::unread`] in its order. None is kept.
    #[must_use]
    pub fn relevant_with(&self, action: u32, subject: u32, field: Option<&str>, target: Target<'_>, sources: Vec<Value>) -> Found {
        let unread = self.unread(action, subject, matches!(target, Target::Type));
        // In the order in which rules are tried: what is passed over is not asked for again.
        let mut sources = unread.into_iter().zip(sources);
        let mut given = |number| sources.by_ref().find(|(rule, _)| *rule == number).map(|(_, source)| casl(source));
        self.find(self.possible(action, subject), field, target, &mut given)
    }

    fn find(&self, possible: Vec<u32>, field: Option<&str>, target: Target<'_>, given: &mut dyn FnMut(u32) -> Option<Condition>) -> Found {
        for number in possible {
            let Some(rule) = self.rule(number) else { continue };
            match rule.applies(number, field, target, self.condition(number), given) {
                Applies::Yes => return Found::Rule(number),
                Applies::No => {}
                Applies::Stops(found) => return found,
            }
        }
        Found::Nothing
    }

    /// What deciding about records takes where no field is asked for: see [`Plan`].
    pub fn plan(&self, action: u32, subject: u32, constants: &mut Names) -> Plan {
        let mut planner = Planner::new(Semantics::Casl7, None, constants);
        for number in self.possible(action, subject) {
            let Some(rule) = self.rule(number) else { continue };
            if rule.inverted && !matches!(rule.fields, Fields::All) {
                continue;
            }
            let goes_on = match (rule.conditions, self.condition(number)) {
                (Conditions::None, _) => planner.always(!rule.inverted),
                (Conditions::Later, Some(condition)) => planner.step(!rule.inverted, condition),
                (Conditions::Later, None) | (Conditions::Foreign, _) => planner.full(),
            };
            if !goes_on {
                break;
            }
        }
        planner.finish(true)
    }

    /// Whether what was found allows.
    #[must_use]
    pub fn allows(&self, found: Found) -> bool {
        matches!(found, Found::Rule(rule) if self.rule(rule).is_some_and(|rule| !rule.inverted))
    }
}

/// Conditions as CASL 7 reads them. What it would throw at stays inside.
#[must_use]
pub fn casl(source: Value) -> Condition {
    condition::read(source, Semantics::Casl7, None).unwrap_or_else(Condition::throwing)
}

impl Rule {
    /// `read`: its conditions, where they have come; else they are asked for where they are needed.
    fn applies(
        &self,
        number: u32,
        field: Option<&str>,
        target: Target<'_>,
        read: Option<&Condition>,
        given: &mut dyn FnMut(u32) -> Option<Condition>,
    ) -> Applies {
        match (&self.fields, field) {
            (Fields::All, _) => {}
            // Without a field: an allow of some fields counts, a deny of some does not.
            (_, None) if self.inverted => return Applies::No,
            (_, None) => {}
            (Fields::Listed(fields), Some(field)) if field_matches(fields, field) => {}
            (Fields::Listed(_), Some(_)) => return Applies::No,
            (Fields::Foreign, Some(_)) => return Applies::Stops(Found::Foreign),
        }
        match (self.conditions, target) {
            (Conditions::None, _) => return Applies::Yes,
            (_, Target::Type) if !self.inverted => return Applies::Yes,
            (Conditions::Foreign, _) => return Applies::Stops(Found::Foreign),
            (Conditions::Later, _) => {}
        }
        let brought = if read.is_some() { None } else { given(number) };
        let Some(condition) = read.or(brought.as_ref()) else { return Applies::Stops(Found::Unread(number)) };
        let outcome = match (target, &condition.tests) {
            (_, Err(sentence)) => Outcome::Throws(sentence),
            // Of a type nothing is known: only a deny that every record meets counts.
            (Target::Type, Ok(0)) => Outcome::Holds,
            (Target::Type, Ok(_)) => Outcome::Fails,
            (Target::Record(record), Ok(_)) => condition::evaluate(condition, Semantics::Casl7, None, record),
        };
        match outcome {
            Outcome::Holds => Applies::Yes,
            Outcome::Fails => Applies::No,
            Outcome::Throws(sentence) => Applies::Stops(Found::Throws(number, sentence)),
        }
    }
}
