//! Rules of CASL, as Open Archiver stores them and as plain lists hold them.

use super::conditions::Conditions;
use super::{always, archiver, never, shadow};
use crate::base::lint::Severity;
use crate::base::terms::Combining;
use crate::condition::Semantics;
use crate::json::document::Kind;
use crate::json::pointer::Cursor;
use crate::model::{Grant, GrantEffect, Model};
use crate::systems::rules::RuleDialect;
use crate::systems::truthy;

/// A rule with what was read of it.
pub struct Judged<'r, 'j> {
    pub rule: Cursor<'j>,
    pub grant: &'r Grant,
    /// A later rule makes it unreachable.
    pub outranked: bool,
}

/// Judges a list of rules that the server can build: each rule by itself, and what the later ones make of it.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn judge(model: &mut Model, list: &Cursor<'_>, grants: &[Grant], dialect: &RuleDialect) {
    let (_, _, _, seed) = model.names.parts();
    let Some(findings) = &mut model.findings else { return };
    let Ok(rules) = list.items() else { return };
    let rules: Vec<Cursor<'_>> = rules.collect();
    // In CASL 7 an empty condition matches everything; in CASL 6 a deny with one is skipped for a type (A5), and lists differ (A15).
    let hollow_applies = dialect.semantics == Semantics::Casl7;
    let applies = |grant: &Grant| {
        grant.terms().fields.is_none() && grant.terms().condition.as_ref().is_none_or(|condition| hollow_applies && condition.is_empty())
    };
    let outranked = shadow::outranked(grants, Combining::LastApplicable, seed, &mut findings.steps, applies);
    let judged: Vec<Judged<'_, '_>> = (rules.iter().zip(grants).zip(&outranked))
        .map(|((rule, grant), by)| Judged { rule: *rule, grant, outranked: by.is_some() })
        .collect();
    for (judged, by) in judged.iter().zip(outranked) {
        let later = by.and_then(|by| Some((rules.get(by)?, grants.get(by)?)));
        if let Some((later, other)) = later {
            unreachable(model, judged, later, other);
        } else if !judged.grant.actions.is_empty() && !judged.grant.resources.is_empty() {
            one(model, judged, dialect.semantics);
        }
    }
    type_questions(model, &judged, dialect.semantics);
    if dialect.semantics == Semantics::Casl6 {
        archiver::judge(model, &judged);
    }
}

/// A3: the last rule that matches decides.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn unreachable(model: &mut Model, judged: &Judged<'_, '_>, later: &Cursor<'_>, other: &Grant) {
    let number = if judged.grant.rule == "A2" { "A3" } else { "casl 1.2" };
    let (severity, so) = match (judged.grant.terms().effect, other.terms().effect) {
        (GrantEffect::Deny, GrantEffect::Allow) => (Severity::FailsOpen, "so this deny never denies"),
        (GrantEffect::Allow, GrantEffect::Deny) => (Severity::NoEffect, "so this allow never grants"),
        _ => (Severity::NoEffect, "so this rule is never reached"),
    };
    if !model.has_room(severity) {
        return;
    }
    model.note(
        ("LINT_SHADOWED", severity),
        number,
        &judged.rule,
        &["the last rule that matches decides, and ", &later.path(), " always matches, ", so],
    );
}

#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn one(model: &mut Model, judged: &Judged<'_, '_>, semantics: Semantics) {
    let Judged { rule, grant, .. } = judged;
    let casl6 = semantics == Semantics::Casl6;
    let is_bool = |at: &Cursor<'_>| at.kind() == Kind::Bool;
    if let Some(inverted) = rule.get("inverted").filter(|inverted| truthy(inverted) && !is_bool(inverted)) {
        let sentence = "this is no boolean, and whatever is not empty counts as true: the rule denies";
        model.note(("LINT_INVERTED", Severity::Surprise), "casl 1.12 #11", &inverted, &[sentence]);
    }
    if let Some(conditions) = rule.get("conditions").filter(|conditions| !conditions.is_null()) {
        let readable = grant.terms().condition.as_ref().is_none_or(|condition| condition.tests.is_ok());
        match conditions.kind() {
            Kind::Map if readable => {
                Conditions { model, semantics, effect: grant.terms().effect }.judge(&conditions);
            }
            Kind::Map => {}
            _ => shape(model, &conditions, grant.terms().effect),
        }
    }
    let Some(fields) = rule.get("fields").filter(|_| grant.terms().fields.is_some()) else { return };
    match (casl6, grant.terms().effect) {
        (true, GrantEffect::Allow) => {
            let sentence = "no route of the server asks for a field, so this allow grants the whole record";
            model.note(("LINT_FIELDS", Severity::FailsOpen), "A11", &fields, &[sentence]);
        }
        (true, GrantEffect::Deny) => {
            let sentence = "no route of the server asks for a field, so this deny never denies";
            model.note(("LINT_FIELDS", Severity::FailsOpen), "A11", &fields, &[sentence]);
        }
        (false, GrantEffect::Deny) => {
            let sentence = "a question that names no field is not denied by this rule. Name the field in every question";
            model.note(("LINT_FIELDS", Severity::Surprise), "casl 1.12 #9", &fields, &[sentence]);
            if grant.terms().fields.iter().flatten().any(|field| field.contains('*')) {
                let sentence = "a list of permitted fields (`permittedFieldsOf`) takes nothing out for a pattern, so the fields stay in it. Name each field";
                model.note(("LINT_FIELD_PATTERN", Severity::FailsOpen), "casl 1.12 #8", &fields, &[sentence]);
            }
        }
        (false, GrantEffect::Allow) => {}
    }
}

/// Conditions that are no object (casl 1.1).
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn shape(model: &mut Model, at: &Cursor<'_>, effect: GrantEffect) {
    let ((severity, so), sentence) = if !truthy(at) {
        (always(effect), "this is no condition at all")
    } else if at.as_text().is_some() || at.count() > 0 {
        (never(effect), "this is read as a condition on the fields `0`, `1` and so on, which no record has")
    } else {
        (always(effect), "this is read as a condition without any test and holds for everything")
    };
    model.note(("LINT_CONDITIONS", severity), "casl 1.1", at, &[sentence, so]);
}

/// Trap 5, once for each list: it is so for every allow under a condition.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn type_questions(model: &mut Model, judged: &[Judged<'_, '_>], semantics: Semantics) {
    let casl6 = semantics == Semantics::Casl6;
    let conditional = |judged: &&Judged<'_, '_>| {
        judged.grant.terms().effect == GrantEffect::Allow
            && !judged.outranked
            // A20: where records are never asked for, that has been told already.
            && (!casl6 || archiver::asks(model, judged.grant, true))
            && judged.grant.terms().condition.as_ref().is_some_and(|condition| !condition.is_empty())
    };
    let mut all = judged.iter().filter(conditional);
    let Some(conditions) = all.next().and_then(|first| first.rule.get("conditions")) else { return };
    let others = all.count();
    super::granted_on_types(model, if casl6 { "A5" } else { "casl 1.12 #5" }, &conditions, others);
}
