//! Grants of native snapshots.

use super::conditions::Conditions;
use super::registered::is_registered;
use super::{EMPTY, UNKNOWN_PERMISSION, shadow};
use crate::base::lint::Severity;
use crate::base::terms::Combining;
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Grant, GrantEffect, Model};

/// Where the grants of a list stand: one entry for each, though several may be written as one.
pub type Places<'j> = Vec<Cursor<'j>>;

/// Judges the grants of one holder, in the order written.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn judge(model: &mut Model, list: &Cursor<'_>, grants: &[Grant], places: &Places<'_>) {
    let combining = model.profile.combining;
    let applies = |grant: &Grant| {
        grant.terms().fields.is_none()
            && grant.terms().scope.is_none()
            && grant.terms().condition.as_ref().is_none_or(|condition| condition.is_empty())
    };
    let (_, _, _, seed) = model.names.parts();
    let Some(findings) = &mut model.findings else { return };
    let outranked = shadow::outranked(grants, combining, seed, &mut findings.steps, applies);
    for ((grant, place), by) in grants.iter().zip(places).zip(&outranked) {
        if grant.actions.is_empty() || grant.resources.is_empty() {
            model.note(EMPTY, "N4", place, &["an empty list covers nothing, so this grant does nothing"]);
        } else if let Some((other, at)) = by.and_then(|by| Some((grants.get(by)?, places.get(by)?))) {
            unheard(model, grant, place, other, at);
        } else if model.registry_closed && !is_registered(model, grant) {
            let sentence = "no permission of the registry is covered by this grant, and the registry is closed, so it does nothing";
            model.note(UNKNOWN_PERMISSION, "N16", place, &[sentence]);
        }
    }
    written(model, list);
}

#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn unheard(model: &mut Model, grant: &Grant, place: &Cursor<'_>, other: &Grant, at: &Cursor<'_>) {
    let why = match model.profile.combining {
        Combining::Additive => "grants add up",
        Combining::DenyOverrides => "a deny counts before any allow",
        Combining::LastApplicable => "the last grant that applies decides",
        Combining::FirstApplicable => "the first grant of the highest priority that applies decides",
    };
    let severity = if grant.terms().effect == GrantEffect::Deny && other.terms().effect == GrantEffect::Allow {
        Severity::FailsOpen
    } else {
        Severity::NoEffect
    };
    if !model.has_room(severity) {
        return;
    }
    let at = at.path();
    let message: &[&str] = match (grant.terms().effect, other.terms().effect) {
        (GrantEffect::Deny, GrantEffect::Allow) => &[why, ", and ", &at, " always applies, so this deny never denies"],
        (GrantEffect::Allow, GrantEffect::Deny) => &[why, ", and ", &at, " always applies, so this allow never grants"],
        _ => &[&at, " covers all of this and has the same effect, so this adds nothing"],
    };
    model.note(("LINT_SHADOWED", severity), "N5", place, message);
}

/// What stands once in each grant, however many permissions it lists.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn written(model: &mut Model, list: &Cursor<'_>) {
    let mut conditional = None;
    let mut others = 0;
    for grant in list.items().into_iter().flatten() {
        let denies = grant.get("effect").is_some_and(|effect| effect.as_text() == Some("deny"));
        if let Some(conditions) = grant.get("conditions") {
            let effect = if denies { GrantEffect::Deny } else { GrantEffect::Allow };
            Conditions { model, semantics: Semantics::Native, effect }.judge(&conditions);
            if !denies && conditions.count() > 0 {
                others += usize::from(conditional.is_some());
                conditional = conditional.or(Some(conditions));
            }
        }
        if let Some(fields) = grant.get("fields").filter(|_| denies) {
            let sentence = "a question that names no field is not denied by this grant. Name the field in every question";
            model.note(("LINT_FIELDS", Severity::Surprise), "N11", &fields, &[sentence]);
        }
    }
    if let Some(conditions) = conditional {
        super::granted_on_types(model, "N10", &conditions, others);
    }
}
