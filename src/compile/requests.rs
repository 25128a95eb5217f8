//! The table of requests as rows. How they are read again: [`crate::engine`], `route`.

use super::Writer;
use super::words::{Words, word};
use crate::base::names::Sym;
use crate::base::table::index;
use crate::base::terms::{Pattern, Segment, Spelling};
use crate::compiled::layout::NONE;
use crate::compiled::request;
use crate::model::{Endpoint, Need, Own, PathPart, Refuses, Requirement};

impl Writer {
    /// The rows. What they require is known to the policy, though nobody may hold it.
    pub fn endpoints(&mut self, spelling: Spelling, list: &[Endpoint]) -> Words {
        let mut rows = Words::new();
        for endpoint in list {
            let mut path = Words::new();
            path.push(index(endpoint.path.len() * 2));
            for part in &endpoint.path {
                path.extend(match part {
                    PathPart::Literal(name) => [request::LITERAL, name.number()],
                    PathPart::Param(name) => [request::PARAM, name.number()],
                    PathPart::Rest => [request::REST, NONE],
                });
            }
            let path = self.pool.put(path);
            let requires = self.requirement(spelling, &endpoint.requires);
            let also = match &endpoint.also {
                Some(also) => {
                    self.insert_spelled(spelling, also.permission);
                    let words = [self.name(&also.flag), self.name(&also.unless), also.permission.number()];
                    self.pool.put(words.to_vec())
                }
                None => NONE,
            };
            let guard = match &endpoint.guard {
                Some(guard) => {
                    let (kind, names) = match &guard.refuses {
                        Refuses::Ids(ids) => (request::IDS, ids.iter().map(|id| id.number()).collect()),
                        Refuses::Prefix(prefix) => (request::PREFIX, vec![self.name(prefix)]),
                    };
                    let names = self.pool.list(names.into_iter());
                    let words = [guard.param.number(), self.name(&guard.rule), kind, names];
                    self.pool.put(words.to_vec())
                }
                None => NONE,
            };
            rows.extend([word(endpoint.method), path, requires, also, guard]);
        }
        rows
    }

    fn name(&mut self, text: &str) -> u32 {
        self.names.intern(text).number()
    }

    fn requirement(&mut self, spelling: Spelling, requires: &Requirement) -> u32 {
        let words = match requires {
            Requirement::Nothing => vec![request::NOTHING],
            Requirement::LoggedIn => vec![request::LOGGED_IN],
            Requirement::Locked => vec![request::LOCKED],
            Requirement::OwnSession(resource) => vec![request::OWN_SESSION, resource.number()],
            Requirement::Any(needs) => self.needs(spelling, request::ANY, needs),
            Requirement::All(needs) => self.needs(spelling, request::ALL, needs),
            Requirement::Check(check) => {
                self.insert_check(check.action, check.subject);
                let bit = |is: bool, bit: u32| if is { bit } else { 0 };
                let flags =
                    bit(check.on_type, request::ON_TYPE) | bit(check.on_record, request::ON_RECORD) | bit(check.hidden, request::HIDDEN);
                vec![request::CHECK, check.action.number(), check.subject.number(), flags]
            }
            Requirement::Unknown => vec![request::UNKNOWN],
        };
        self.pool.put(words)
    }

    fn needs(&mut self, spelling: Spelling, kind: u32, needs: &[Need]) -> Words {
        let mut words = vec![kind, index(needs.len())];
        for need in needs {
            self.insert_spelled(spelling, need.permission);
            words.push(need.permission.number());
            words.extend(match &need.own {
                None => [request::ALWAYS, NONE, NONE],
                Some(Own::Same { fact, list }) => [request::SAME, self.name(fact), u32::from(*list)],
                Some(Own::Is { fact, value }) => [request::IS, self.name(fact), self.name(value)],
            });
        }
        words
    }

    fn insert_check(&mut self, action: Sym, subject: Sym) {
        self.actions.insert(&Pattern::name(action));
        let subject: String = self.names.text(subject).into();
        let mut segments = Vec::new();
        for part in subject.split('/') {
            segments.push(Segment::Name(self.names.intern(part)));
        }
        self.resources.insert(&Pattern::path(&segments));
    }
}
