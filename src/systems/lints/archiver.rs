//! What only Open Archiver makes of rules: a fixed vocabulary, types of which no record is ever asked, and lists that are translated.

use super::never;
use super::rules::Judged;
use super::shadow::{Covered, is_small};
use crate::base::lint::Severity;
use crate::base::table::{Table, pair};
use crate::base::terms::{Pattern, Segment};
use crate::condition::restricts;
use crate::json::pointer::Cursor;
use crate::model::{Grant, GrantEffect, Model};
use crate::systems::open_archiver::{ACTIONS, SUBJECTS};

/// What the server's routes ask, and whether they ask it of records (A19, A20).
const ASKED: [(&str, &[&str], bool); 7] = [
    ("archive", &["read", "search", "delete"], true),
    ("ingestion", &["create", "read", "update", "delete", "sync", "manage"], true),
    ("settings", &["manage"], false),
    ("users", &["read"], false),
    ("roles", &["read"], false),
    ("dashboard", &["read"], false),
    ("all", &["manage"], false),
];

/// Judges the rules of one role.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn judge(model: &mut Model, rules: &[Judged<'_, '_>]) {
    let (_, _, _, seed) = model.names.parts();
    let mut plain = Covered::with_seed(seed);
    for judged in rules.iter().filter(|judged| !judged.outranked) {
        let grant = judged.grant;
        unknown_names(model, judged);
        if let Some(condition) = &grant.terms().condition
            && let Some(at) = judged.rule.get("conditions")
        {
            inert(model, grant, &at);
            if condition.is_empty() {
                hollow(model, grant, &at, &mut plain);
            } else if asks(model, grant, true) {
                if let (Ok(_), Err(sentence)) = (&condition.tests, restricts(condition)) {
                    model.note(("LINT_LIST_FAILS", Severity::Fails), "A25", &at, &["a list under this condition fails: ", sentence]);
                } else if let Some(field) = first_of_several(&at) {
                    let sentence = "a list tests only the first operator of a field, so list and record disagree";
                    model.note(("LINT_LIST_FIRST", Severity::Surprise), "A23", &field, &[sentence]);
                }
            }
        } else if grant.terms().effect == GrantEffect::Allow && grant.terms().fields.is_none() && is_small(grant) {
            plain.enter(0, grant);
        }
    }
    excluded_from_lists_only(model, rules);
}

/// A19: the engine takes any name, and no route asks for one that the server does not know.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn unknown_names(model: &mut Model, judged: &Judged<'_, '_>) {
    let (severity, so) = never(judged.grant.terms().effect);
    let mut unknown = false;
    for (key, known) in [("action", &ACTIONS as &[&str]), ("subject", &SUBJECTS)] {
        let Some(named) = judged.rule.get(key) else { continue };
        let names = if named.is_list() { named.items().into_iter().flatten().collect() } else { vec![named] };
        for name in names {
            let Some(text) = name.as_text().filter(|text| !text.is_empty() && !known.contains(text)) else { continue };
            unknown = true;
            let message = ["the server knows no ", key, " `", crate::json::pointer::clip(text), "` and never asks for it", so];
            model.note(("LINT_NAME_UNKNOWN", severity), "A19", &name, &message);
        }
    }
    if !unknown && !asks(model, judged.grant, true) && !asks(model, judged.grant, false) {
        let sentence = "no route of the server asks for any of these actions on any of these subjects";
        model.note(("LINT_NEVER_ASKED", Severity::Surprise), "A19", &judged.rule, &[sentence]);
    }
}

/// Whether a route asks something of records, or of types, that the rule covers.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn asks(model: &Model, grant: &Grant, of_records: bool) -> bool {
    asked(model, grant, of_records, |_| true)
}

/// The same of the subjects of a rule that count.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn asked(model: &Model, grant: &Grant, of_records: bool, counts: impl Fn(&Pattern) -> bool) -> bool {
    let named = |list: &[Pattern], wanted: &str, counts: &dyn Fn(&Pattern) -> bool| {
        let wanted = model.names.find(wanted).map(Pattern::name);
        list.iter().filter(|pattern| counts(pattern)).any(|pattern| *pattern == Pattern::Any || Some(pattern) == wanted.as_ref())
    };
    ASKED.iter().filter(|(_, _, records)| *records == of_records).any(|(subject, actions, _)| {
        named(&grant.resources, subject, &counts) && actions.iter().any(|action| named(&grant.actions, action, &|_| true))
    })
}

/// A20: of these types no record is ever asked, so conditions on them are not looked at.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn inert(model: &mut Model, grant: &Grant, at: &Cursor<'_>) {
    // A deny on `all` under a condition has records enough to deny; an allow on `all` opens the rest as well.
    let denies = grant.terms().effect == GrantEffect::Deny;
    if !asked(model, grant, false, |pattern| !denies || *pattern != Pattern::Any) {
        return;
    }
    let so = if denies { "so this deny never denies there" } else { "so this allow grants there whatever the condition says" };
    let sentence = "settings, users, roles and the dashboard are only asked for as types, where conditions are not looked at, ";
    model.note(("LINT_CONDITION_INERT", Severity::FailsOpen), "A20", at, &[sentence, so]);
}

/// A15, A25: `conditions: {}`.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn hollow(model: &mut Model, grant: &Grant, at: &Cursor<'_>, plain: &mut Covered) {
    if grant.terms().effect == GrantEffect::Deny {
        let sentence = "a deny under an empty condition denies records, but neither types nor lists. Leave `conditions` out";
        model.note(("LINT_CONDITION_EMPTY", Severity::FailsOpen), "A5", at, &[sentence]);
    } else if asks(model, grant, true) && is_small(grant) {
        let Some(findings) = &mut model.findings else { return };
        if !plain.of(grant, &mut findings.steps).is_empty() {
            return;
        }
        let sentence = "a list makes nothing of an empty condition, so this allow adds no record to any list, though each record may be opened. \
            Leave `conditions` out";
        model.note(("LINT_CONDITION_EMPTY", Severity::NoEffect), "A15", at, &[sentence]);
    }
}

/// A field with several operators.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn first_of_several<'j>(conditions: &Cursor<'j>) -> Option<Cursor<'j>> {
    let several = |field: &Cursor<'_>| field.is_map() && field.count() > 1 && field.get("$options").is_none();
    conditions.members().ok()?.find(|(key, field)| !key.starts_with('$') && several(field)).map(|(_, field)| field)
}

/// In place of an action or a subject: everything, and anything at all.
const EVERYTHING: u32 = u32::MAX;
const ANYTHING: u32 = u32::MAX - 1;

/// A16: a list leaves out what a deny excludes, wherever the deny stands; for a record a later allow decides.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn excluded_from_lists_only(model: &mut Model, rules: &[Judged<'_, '_>]) {
    let mut allowed = Table::default();
    for judged in rules.iter().rev().filter(|judged| !judged.outranked && is_small(judged.grant)) {
        let grant = judged.grant;
        let Some(condition) = grant.terms().condition.as_ref().filter(|condition| !condition.is_empty() && condition.tests.is_ok()) else {
            continue;
        };
        let pairs =
            || grant.actions.iter().flat_map(|action| grant.resources.iter().map(move |resource| (number(action), number(resource))));
        if grant.terms().effect == GrantEffect::Allow {
            for (action, resource) in pairs() {
                for key in [(action, resource), (ANYTHING, resource), (action, ANYTHING), (ANYTHING, ANYTHING)] {
                    allowed.enter(pair(key.0, key.1));
                }
            }
            continue;
        }
        let either = |number: u32| if number == EVERYTHING { [ANYTHING, ANYTHING] } else { [number, EVERYTHING] };
        let meets = |(action, resource): (u32, u32)| {
            either(action).iter().any(|action| either(resource).iter().any(|resource| allowed.has(pair(*action, *resource))))
        };
        // A deny that makes nothing of itself in a list, or names fields, excludes nothing there either.
        if grant.terms().fields.is_none() && restricts(condition) == Ok(true) && asks(model, grant, true) && pairs().any(meets) {
            let sentence = "a later allow under a condition decides for records, so what this deny excludes is missing from lists but can be opened. \
                Put the deny behind the allow";
            model.note(("LINT_LIST_DISAGREES", Severity::FailsOpen), "A16", &judged.rule, &[sentence]);
        }
    }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn number(pattern: &Pattern) -> u32 {
    match pattern.segments() {
        [Segment::Name(name)] => name.number(),
        _ => EVERYTHING,
    }
}
