//! CASL abilities as a program holds them: its own rule objects, changed while it runs. Here they are rules by number, whose names the
//! host has numbered; conditions come when one is first needed (casl-semantics 1.1).
//!
//! The engine reads compiled snapshots of a server's state; an ability is none: it is made anew for every user and request, names
//! classes as well as texts, and may hold functions that only the host can call.

mod index;

#[cfg(test)]
mod tests;

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

/// The rules of an ability.
#[derive(Debug)]
pub struct Ability {
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

#[derive(Debug)]
enum Conditions {
    None,
    Unread,
    Foreign,
    Read(Condition),
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
        let mut ability = Self { rules: Vec::new(), index: Index::new(any_action, any_subject) };
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
                    Conditions::Unread
                } else {
                    Conditions::None
                },
            };
            ability.index.enter(crate::base::table::index(ability.rules.len()), &actions, &subjects);
            ability.rules.push(rule);
        }
        ability.index.finish();
        Some(ability)
    }

    /// The rules on an action and a type, the one that outranks all others first (casl-semantics 1.2).
    #[must_use]
    pub fn possible(&self, action: u32, subject: u32) -> Vec<u32> {
        self.index.possible(action, subject)
    }

    /// The actions that rules on a type or on all types name, in the order of CASL's index.
    #[must_use]
    pub fn actions(&self, subject: u32) -> Vec<u32> {
        self.index.actions(subject)
    }

    /// The possible rules whose conditions have not come yet, or came and were none. A question about a type needs only those that deny.
    #[must_use]
    pub fn unread(&self, action: u32, subject: u32, is_type: bool) -> Vec<u32> {
        let mut unread = self.possible(action, subject);
        unread.retain(|rule| {
            self.rules.get(*rule as usize).is_some_and(|rule| {
                let unread = match &rule.conditions {
                    Conditions::Unread => true,
                    Conditions::Read(condition) => condition.tests.is_err(),
                    _ => false,
                };
                unread && (rule.inverted || !is_type)
            })
        });
        unread
    }

    /// Takes the conditions of a rule.
    pub fn give(&mut self, rule: u32, source: Value) {
        if let Some(rule) = self.rules.get_mut(rule as usize) {
            rule.conditions = Conditions::Read(casl(source));
        }
    }

    /// Conditions of the possible rules, as far as they have come.
    pub fn conditions(&self, action: u32, subject: u32) -> impl Iterator<Item = &Condition> {
        self.possible(action, subject).into_iter().filter_map(|rule| match &self.rules.get(rule as usize)?.conditions {
            Conditions::Read(condition) => Some(condition),
            _ => None,
        })
    }

    /// The rule that decides (casl-semantics 1.2, 1.5, 1.6).
    #[must_use]
    pub fn relevant(&self, action: u32, subject: u32, field: Option<&str>, target: Target<'_>) -> Found {
        for number in self.possible(action, subject) {
            let Some(rule) = self.rules.get(number as usize) else { continue };
            match rule.applies(number, field, target) {
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
            let Some(rule) = self.rules.get(number as usize) else { continue };
            if rule.inverted && !matches!(rule.fields, Fields::All) {
                continue;
            }
            let goes_on = match &rule.conditions {
                Conditions::None => planner.always(!rule.inverted),
                Conditions::Read(condition) => planner.step(!rule.inverted, condition),
                Conditions::Unread | Conditions::Foreign => planner.full(),
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
        matches!(found, Found::Rule(rule) if self.rules.get(rule as usize).is_some_and(|rule| !rule.inverted))
    }
}

/// Conditions as CASL 7 reads them. What it would throw at stays inside.
#[must_use]
pub fn casl(source: Value) -> Condition {
    condition::read(source, Semantics::Casl7, None).unwrap_or_else(Condition::throwing)
}

impl Rule {
    fn applies(&self, number: u32, field: Option<&str>, target: Target<'_>) -> Applies {
        match (&self.fields, field) {
            (Fields::All, _) => {}
            // Without a field: an allow of some fields counts, a deny of some does not.
            (_, None) if self.inverted => return Applies::No,
            (_, None) => {}
            (Fields::Listed(fields), Some(field)) if field_matches(fields, field) => {}
            (Fields::Listed(_), Some(_)) => return Applies::No,
            (Fields::Foreign, Some(_)) => return Applies::Stops(Found::Foreign),
        }
        let condition = match (&self.conditions, target) {
            (Conditions::None, _) => return Applies::Yes,
            (_, Target::Type) if !self.inverted => return Applies::Yes,
            (Conditions::Foreign, _) => return Applies::Stops(Found::Foreign),
            (Conditions::Unread, _) => return Applies::Stops(Found::Unread(number)),
            (Conditions::Read(condition), _) => condition,
        };
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
