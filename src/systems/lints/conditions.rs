//! Conditions that do not test what they say (casl 1.12 #1 · #2 · #3 · #4 · #10; A7, A8, A9; N18).

use super::{always, never};
use crate::base::instant::Instant;
use crate::base::lint::Severity;
use crate::base::text::{find, replace};
use crate::condition::Semantics;
use crate::json::document::Kind;
use crate::json::pointer::Cursor;
use crate::model::{GrantEffect, Model};

/// How an equality stands in its condition.
#[derive(Clone, Copy)]
struct Equality {
    /// Under `$ne` or `$nin`.
    negated: bool,
    /// Another operator beside it fails where the attribute is missing.
    guarded: bool,
    /// Null equals a missing attribute too.
    finds_missing: bool,
}

/// What can be said of a test before there is a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    Never,
    Always,
    Depends,
}

/// One condition, judged for the effect that hangs on it.
pub struct Conditions<'m> {
    pub model: &'m mut Model,
    pub semantics: Semantics,
    pub effect: GrantEffect,
}

/// The numbers of one thing in the three sets of rules.
type Numbers = [&'static str; 3];

const OPERATOR: Numbers = ["A8", "casl 1.12 #1", "N18"];
const LESS: Numbers = ["A7", "casl 1.12 #2", "N18"];
const DATE: Numbers = ["A7", "casl 1.12 #3", "N18"];
const NULL: Numbers = ["A7", "casl 1.12 #4", "N18"];
const IDENTITY: Numbers = ["A7", "casl 1.12 #10", "N18"];
const CONSTANT: Numbers = ["A7", "casl 1.7", "N18"];
const PLACEHOLDER: Numbers = ["A9", "casl 1.7", "N19"];
const OPTIONS: Numbers = ["A25", "casl 1.7", "N18"];

const IS_LESS: &str = "whatever is not comparable counts as less: a record without this attribute, or with text or an object in it, passes. \
    Ask for a lower bound or `$exists: true` as well";

impl Conditions<'_> {
    /// Of a whole condition, which has been read and does not throw.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn judge(&mut self, at: &Cursor<'_>) -> Truth {
        let Ok(members) = at.members() else { return Truth::Depends };
        let mut all = Truth::Always;
        for (key, value) in members {
            let truth = if key.starts_with('$') { self.no_operator(key, &value) } else { self.field(key, &value) };
            all = both(all, truth);
        }
        all
    }

    /// Trap 1: at the top of a query there are no operators, so this is a field of that name, which no record has.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn no_operator(&mut self, key: &str, value: &Cursor<'_>) -> Truth {
        let holds = value.members().into_iter().flatten().any(|(name, operand)| match name {
            "$ne" | "$nin" | "$lt" | "$lte" => true,
            "$exists" => operand.as_bool() == Some(false),
            _ => false,
        });
        let truth = if holds { Truth::Always } else { Truth::Never };
        let lists = if self.semantics == Semantics::Casl6 && matches!(key, "$or" | "$and" | "$not") {
            ". Lists do read it as an operator, so list and record disagree"
        } else {
            ""
        };
        self.constant(
            "LINT_OPERATOR",
            OPERATOR,
            value,
            truth,
            &["`", key, "` is no operator here but the name of a field that no record has"],
            lists,
        );
        truth
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn field(&mut self, path: &str, value: &Cursor<'_>) -> Truth {
        if value.members().into_iter().flatten().any(|(key, _)| is_operator(key)) {
            return self.operators(path, value);
        }
        let unknown = value.members().into_iter().flatten().find(|(key, _)| key.starts_with('$'));
        if let Some((key, _)) = unknown {
            let message = ["`", key, "` is not an operator, so the field is compared with this object itself, which nothing equals"];
            self.constant("LINT_OPERATOR", OPERATOR, value, Truth::Never, &message, "");
            return Truth::Never;
        }
        self.equal(value, Equality { negated: false, guarded: false, finds_missing: self.finds_missing(path) })
    }

    /// Operators of one field; all must hold.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn operators(&mut self, path: &str, tests: &Cursor<'_>) -> Truth {
        let mut all = Truth::Always;
        let guarded = tests.members().into_iter().flatten().any(|(name, operand)| needs_a_value(name, &operand));
        for (name, operand) in tests.members().into_iter().flatten() {
            let negated = matches!(name, "$ne" | "$nin");
            let truth = match name {
                "$eq" | "$ne" => self.equal(&operand, Equality { negated, guarded, finds_missing: self.finds_missing(path) }),
                "$in" | "$nin" => self.among(&operand, Equality { negated, guarded, finds_missing: false }),
                "$all" => {
                    let inner = operand.items().into_iter().flatten().find(is_compound);
                    inner.map_or(Truth::Depends, |inner| self.identity(&inner, false))
                }
                "$size" => match operand.as_number() {
                    Some(size) if size < 0.0 || size.fract() != 0.0 => {
                        self.constant("LINT_CONSTANT", CONSTANT, &operand, Truth::Never, &["no list has this length"], "");
                        Truth::Never
                    }
                    _ => Truth::Depends,
                },
                "$elemMatch" => {
                    let inner = if operand.members().into_iter().flatten().any(|(key, _)| is_operator(key)) {
                        self.operators("", &operand)
                    } else {
                        self.judge(&operand)
                    };
                    // An empty list has no element for which it could hold.
                    if inner == Truth::Always { Truth::Depends } else { inner }
                }
                "$lt" | "$lte" => {
                    self.less(&operand, guarded);
                    Truth::Depends
                }
                "$gt" | "$gte" => {
                    self.greater(&operand);
                    Truth::Depends
                }
                "$options" => Truth::Always,
                _ => Truth::Depends,
            };
            all = both(all, truth);
        }
        if all == Truth::Always && tests.count() == 1 && tests.get("$options").is_some() {
            self.constant("LINT_CONSTANT", OPTIONS, tests, all, &["`$options` without `$regex` holds for everything"], "");
        }
        all
    }

    /// CASL 7 finds null where the record has no such member at the top; behind a dot the parent has to be there.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn finds_missing(&self, path: &str) -> bool {
        self.semantics == Semantics::Casl7 && find(path, ".").is_none()
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn equal(&mut self, operand: &Cursor<'_>, how: Equality) -> Truth {
        if is_compound(operand) {
            return self.identity(operand, how.negated);
        }
        self.scalar(operand, how);
        Truth::Depends
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn among(&mut self, operand: &Cursor<'_>, how: Equality) -> Truth {
        let Ok(items) = operand.items() else { return Truth::Depends };
        let mut scalars = 0;
        let mut compound = None;
        for item in items {
            if is_compound(&item) {
                compound = compound.or(Some(item));
            } else {
                scalars += 1;
                self.scalar(&item, how);
            }
        }
        match compound {
            Some(item) if scalars == 0 => self.identity(&item, how.negated),
            Some(item) => {
                let (severity, _) = if how.negated { always(self.effect) } else { never(self.effect) };
                let sentence = "objects and lists are compared by identity, so nothing in a record ever equals this one of the list";
                self.model.note(("LINT_IDENTITY", severity), self.number(IDENTITY), &item, &[sentence]);
                Truth::Depends
            }
            None if scalars == 0 => {
                let truth = outcome(how.negated);
                self.constant("LINT_CONSTANT", CONSTANT, operand, truth, &["the list is empty"], "");
                truth
            }
            None => Truth::Depends,
        }
    }

    /// Trap 10.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn identity(&mut self, at: &Cursor<'_>, negated: bool) -> Truth {
        let what = if at.is_list() { "a list" } else { "an object" };
        let sentence = ["objects and lists are compared by identity, so nothing in a record ever equals ", what];
        let truth = outcome(negated);
        self.constant("LINT_IDENTITY", IDENTITY, at, truth, &sentence, "");
        truth
    }

    /// Trap 4, and A9.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn scalar(&mut self, at: &Cursor<'_>, how: Equality) {
        if at.is_null() && !how.finds_missing {
            let sentence = match (how.negated, self.effect) {
                (false, GrantEffect::Deny) => {
                    "null does not match a record in which this attribute is missing, so the deny does not reach it"
                }
                (true, GrantEffect::Allow) if !how.guarded => {
                    "a record in which this attribute is missing passes as not null and is granted. Ask for `$exists: true` as well"
                }
                _ => return,
            };
            self.model.note(("LINT_NULL", Severity::FailsOpen), self.number(NULL), at, &[sentence]);
        }
        let Some(text) = at.as_text().filter(|_| self.semantics != Semantics::Native && !how.negated) else { return };
        // Only `${user.id}` is replaced, and in plain CASL rules nothing is.
        let known = self.semantics == Semantics::Casl6;
        let rest = if known { replace(text, "${user.id}", "") } else { text.into() };
        if find(&rest, "${").is_some() && find(&rest, "}").is_some() {
            let (severity, so) = never(self.effect);
            let why = if known { "only `${user.id}` is ever replaced" } else { "nothing replaces a placeholder in a rule" };
            self.model.note(
                ("LINT_PLACEHOLDER", severity),
                self.number(PLACEHOLDER),
                at,
                &[why, ": this text is compared as it stands", so],
            );
        }
    }

    /// Traps 2 and 3.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn less(&mut self, operand: &Cursor<'_>, guarded: bool) {
        if self.semantics == Semantics::Native || self.effect == GrantEffect::Deny {
            return;
        }
        if !guarded {
            self.model.note(("LINT_LESS", Severity::FailsOpen), self.number(LESS), operand, &[IS_LESS]);
        }
        if is_date(operand) {
            let sentence = "a date object, or a time in milliseconds, counts as less than any text, so every such record is granted";
            self.model.note(("LINT_DATE", Severity::FailsOpen), self.number(DATE), operand, &[sentence]);
        }
    }

    /// Trap 3 the other way round.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn greater(&mut self, operand: &Cursor<'_>) {
        if self.semantics == Semantics::Native || !is_date(operand) {
            return;
        }
        let never = "a date object, or a time in milliseconds, is never greater than a text, so no such record is ";
        let (severity, so) = match (self.effect, self.semantics) {
            (GrantEffect::Deny, _) => (Severity::FailsOpen, "denied"),
            // The server's own records have such dates, and its lists compare them as times.
            (GrantEffect::Allow, Semantics::Casl6) => (Severity::NoEffect, "granted, though a list shows it"),
            (GrantEffect::Allow, _) => (Severity::Surprise, "granted"),
        };
        self.model.note(("LINT_DATE", severity), self.number(DATE), operand, &[never, so]);
    }

    /// A test whose outcome is known.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    fn constant(&mut self, code: &'static str, numbers: Numbers, at: &Cursor<'_>, truth: Truth, sentence: &[&str], more: &str) {
        let (severity, so) = if truth == Truth::Always { always(self.effect) } else { never(self.effect) };
        let mut parts = sentence.to_vec();
        parts.extend([so, more]);
        self.model.note((code, severity), self.number(numbers), at, &parts);
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn number(&self, [archiver, casl, native]: Numbers) -> &'static str {
        match self.semantics {
            Semantics::Casl6 => archiver,
            Semantics::Casl7 => casl,
            Semantics::Native => native,
        }
    }
}

/// Of an equality with what nothing equals.
const fn outcome(negated: bool) -> Truth {
    if negated { Truth::Always } else { Truth::Never }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn both(left: Truth, right: Truth) -> Truth {
    match (left, right) {
        (Truth::Never, _) | (_, Truth::Never) => Truth::Never,
        (Truth::Always, Truth::Always) => Truth::Always,
        _ => Truth::Depends,
    }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn is_compound(at: &Cursor<'_>) -> bool {
    matches!(at.kind(), Kind::List | Kind::Map)
}

/// The operators of all three readings.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn is_operator(name: &str) -> bool {
    matches!(
        name,
        "$eq"
            | "$ne"
            | "$lt"
            | "$lte"
            | "$gt"
            | "$gte"
            | "$in"
            | "$nin"
            | "$all"
            | "$size"
            | "$exists"
            | "$elemMatch"
            | "$regex"
            | "$options"
    )
}

/// Whether an operator fails where the attribute is missing.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn needs_a_value(name: &str, operand: &Cursor<'_>) -> bool {
    match name {
        "$ne" | "$nin" | "$lt" | "$lte" | "$options" => false,
        "$exists" => operand.as_bool() == Some(true),
        "$eq" => !operand.is_null(),
        _ => true,
    }
}

/// A day or a time as JSON has it.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn is_date(at: &Cursor<'_>) -> bool {
    let Some(text) = at.as_text() else { return false };
    let day = text.len() == 10 && text.bytes().enumerate().all(|(at, c)| if matches!(at, 4 | 7) { c == b'-' } else { c.is_ascii_digit() });
    day || Instant::parse(text).is_some()
}
