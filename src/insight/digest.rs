//! One hash over all that a snapshot decides, in one context: where it is the same, so is every decision (`docs/reference/digest.md` says of what).

use sha2::{Digest as _, Sha256};

use super::Insight;
use super::grade::{Grade, Step, listed, on_records};
use super::index::{Bits, id_of, prepared};
use super::list::standing;
use super::own::holders;
use super::row::row;
use crate::base::error::{Error, ErrorCode};
use crate::base::names::Names;
use crate::base::terms::{Combining, Spelling};
use crate::compiled::layout::{Section, flag};
use crate::engine::{Code, gate};
use crate::model::{Own, PathPart, Refuses, Requirement};
use crate::slice;

/// What a hash begins with: another way of hashing begins otherwise.
const FORMAT: &str = "latchgate decisions 2";

/// SHA-256 of parts, each with its length before it, so that no two lists of parts are one text.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn put(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

fn hex(digest: [u8; 32]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl Insight {
    /// One hash over the whole decision relation: everybody's, in the order of their ids. What it covers stands in `docs/reference/digest.md`.
    ///
    /// # Errors
    /// `ERR_TOO_MANY` as [`Insight::who`].
    pub fn digest(&self) -> Result<String, Error> {
        self.about_everybody()?;
        let policy = self.policy.compiled();
        let mut all: Vec<u32> = (0..policy.rows(Section::Principals)).filter(|at| self.is_named(*at)).collect();
        all.sort_unstable_by_key(|at| id_of(policy, *at));
        let mut parts = Parts::default();
        parts.put(FORMAT.as_bytes());
        parts.put(policy.system().as_bytes());
        let requests = self.requests();
        for principal in all {
            parts.put(&self.digest_at(principal, &requests));
        }
        parts.put(&requests);
        Ok(hex(parts.finish()))
    }

    /// The same of one principal of the snapshot alone.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where the snapshot has nobody of that id; `ERR_TOO_MANY` as [`Insight::who`].
    pub fn digest_of(&self, id: &str) -> Result<String, Error> {
        self.about_everybody()?;
        let policy = self.policy.compiled();
        let found = policy.find(id).and_then(|id| policy.lookup(Section::Who, id)).filter(|at| self.is_named(*at));
        let unknown = || Error::new(ErrorCode::Argument, "$.principal", "the snapshot has no such principal");
        found.map(|principal| hex(self.digest_at(principal, &self.requests()))).ok_or_else(unknown)
    }

    /// Whether its id leads to it: of two that share one, a question reaches one only.
    pub(super) fn is_named(&self, principal: u32) -> bool {
        let policy = self.policy.compiled();
        policy.principal(principal).is_some_and(|row| policy.lookup(Section::Who, row.id) == Some(principal))
    }

    fn digest_at(&self, principal: u32, requests: &[u8]) -> [u8; 32] {
        let policy = self.policy.compiled();
        let (space, index) = (self.space(), self.index());
        let mut parts = Parts::default();
        parts.put(FORMAT.as_bytes());
        parts.put(id_of(policy, principal).as_bytes());
        parts.put(requests);
        let who = prepared(policy, principal, &self.context);
        // Whether anything is decided at all, and whether the server fails on all of it (A11).
        let refusal = gate(policy, &who);
        if refusal.is_some() || who.principal != Some(principal) {
            // Some requests are open to whoever has yet to change the password (K9).
            let locked = refusal.is_some_and(|verdict| verdict.code == Code::LoginRefused);
            parts.put(if locked { b"locked" } else { b"refused" });
            return parts.finish();
        }
        if who.broken.is_some() {
            parts.put(b"error");
            return parts.finish();
        }
        let superuser = who.superuser.is_some();
        parts.put(if superuser { b"everything" } else { b"granted" });
        if superuser && who.bounds.is_empty() {
            return parts.finish();
        }
        let row = row(policy, space, index, &self.context, principal);
        let mine = space.own(policy, holders(&who), Some(&who));
        let universe = &space.universe;
        let closed = policy.profile.has(flag::REGISTRY_CLOSED);
        let typed = policy.profile.spelling == Spelling::Typed;
        let paths = policy.profile.spelling == Spelling::Path;
        let granted = space.granted(policy, holders(&who), &who);
        let registered = space.registered(policy);
        let reached =
            if policy.profile.combining == Combining::Additive { Bits::of(space.lines()) } else { space.reached(policy, holders(&who)) };
        let mut links: Vec<u32> = Vec::new();
        for element in granted.iter().filter_map(|line| universe.elements.get(line as usize)) {
            links.extend(universe.links.spread(&element.region.resource));
        }
        for link in universe.links.texts(&universe.words, links) {
            parts.put(link.as_bytes());
        }
        for line in mine.iter() {
            // Of an open registry what is granted says all; a closed one has it that only what it lists counts.
            let known = granted.has(line) || closed && registered.has(line);
            if !known && who.bounds.is_empty() && !typed {
                continue;
            }
            let Some(element) = universe.elements.get(line as usize) else { continue };
            let grade = row.get(line);
            let asked = || element.region.generic(policy, &universe.words);
            let records = if closed && paths && granted.has(line) { on_records(policy, &who, &asked()) } else { Grade::Denied };
            let listed = if typed && grade.is_allowed() { listed(policy, &who, &asked()) } else { Vec::new() };
            // What is denied within what is allowed decides too; else whatever is not allowed is denied anyhow.
            let denied = grade == Grade::Denied && records == Grade::Denied;
            if denied && !(granted.has(line) && reached.has(line)) {
                continue;
            }
            parts.put(element.text.as_bytes());
            parts.put(&[u8::from(element.pattern)]);
            parts.grade(&grade);
            parts.grade(&records);
            for rule in listed {
                parts.put(rule.as_bytes());
            }
        }
        parts.finish()
    }

    /// The table of requests: which is told how, and what it asks for.
    fn requests(&self) -> [u8; 32] {
        let (table, names) = slice::requests(self.policy.compiled());
        let mut parts = Parts::default();
        for row in table {
            let mut words: Vec<&str> = vec![row.method.map_or("*", |method| names.text(method))];
            for part in &row.path {
                match part {
                    PathPart::Literal(text) => words.extend(["/", names.text(*text)]),
                    // What a part is called decides only where a check or a guard is about it.
                    PathPart::Param(name) => words.extend(["/{}", names.text(*name)]),
                    PathPart::Rest => words.push("/**"),
                }
            }
            parts.list(&words);
            parts.requirement(&row.requires, &names);
            if let Some(also) = &row.also {
                parts.list(&["also", &also.flag, &also.unless, names.text(also.permission)]);
            }
            if let Some(guard) = &row.guard {
                parts.list(&["guard", names.text(guard.param), &guard.rule]);
                match &guard.refuses {
                    Refuses::Prefix(prefix) => parts.list(&["prefix", prefix]),
                    Refuses::Ids(ids) => {
                        let mut ids: Vec<&str> = ids.iter().map(|id| names.text(*id)).collect();
                        ids.sort_unstable();
                        parts.list(&ids);
                    }
                }
            }
        }
        parts.finish()
    }
}

impl Parts {
    fn list(&mut self, words: &[&str]) {
        self.0.update((words.len() as u64).to_le_bytes());
        words.iter().for_each(|word| self.put(word.as_bytes()));
    }

    fn grade(&mut self, grade: &Grade) {
        self.put(standing(grade).as_bytes());
        if let Grade::Conditional(steps) = grade {
            let keys: Vec<String> = steps.iter().map(Step::key).collect();
            self.list(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    fn requirement(&mut self, requirement: &Requirement, names: &Names) {
        let flag = |is: bool| if is { "yes" } else { "no" };
        match requirement {
            Requirement::Nothing => self.list(&["nothing"]),
            Requirement::LoggedIn => self.list(&["login"]),
            Requirement::OwnSession(resource) => self.list(&["session", names.text(*resource)]),
            Requirement::Any(needs) | Requirement::All(needs) => {
                self.list(&[if matches!(requirement, Requirement::Any(_)) { "any" } else { "all" }]);
                for need in needs {
                    match &need.own {
                        None => self.list(&[names.text(need.permission)]),
                        Some(Own::Same { fact, list }) => self.list(&[names.text(need.permission), "same", fact, flag(*list)]),
                        Some(Own::Is { fact, value }) => self.list(&[names.text(need.permission), "is", fact, value]),
                    }
                }
            }
            Requirement::Check(check) => {
                let (action, subject) = (names.text(check.action), names.text(check.subject));
                self.list(&["check", action, subject, flag(check.on_type), flag(check.on_record), flag(check.hidden)]);
            }
            Requirement::Locked => self.list(&["locked"]),
            Requirement::Unknown => self.list(&["unknown"]),
        }
    }
}
