//! What-if edits: a request of the system's own API applied to a snapshot gives a new snapshot, or the refusal that the system's
//! server would give (`docs/reference/edits.md`, rules HW, EW, AW, KW, IW, NW).
//!
//! Nothing is changed in place: the snapshot is read as data, edited, written back and loaded afresh, so a [`Policy`] that was loaded
//! before stays as it was.

mod actor;
mod outcome;

pub use crate::writes::answer::{EditCode, Refusal, Step};
pub use outcome::{Accepted, Outcome};

use crate::api::policy::{Policy, Principal};
use crate::base::error::Error;
use crate::base::limits::Limits;
use crate::base::system::System;
use crate::base::text;
use crate::decision::Decision;
use crate::engine;
use crate::json::{self, Numbers};
use crate::systems;
use crate::value::Value;
use crate::writes::answer::{Done, Fault};
use crate::writes::moves::{Head, Move};
use crate::writes::request::{self, Request};
use crate::writes::tree::Pairs;

/// Applies edits in order, all or none: one `{ "actor"?, "context"?, "request" }`, or a list of them, as JSON text.
///
/// # Errors
/// What [`Policy::load`] refuses in the snapshot, and `ERR_ARGUMENT` for edits that are none. What a server refuses is no error but an
/// [`Outcome::Refused`].
pub fn apply(snapshot: &[u8], edits: &[u8]) -> Result<Outcome, Error> {
    let mut root = json::parse(snapshot, &Limits::SNAPSHOT, Numbers::Safe)?;
    let mut written = root.to_json();
    let mut policy = Policy::load(written.as_bytes())?;
    let system = system_of(&root);
    let mut steps = Vec::new();
    for (index, edit) in request::read(edits)?.iter().enumerate() {
        let asked = edit.actor().is_some();
        let done = one(&policy, system, &mut root, edit).and_then(|step| {
            // Written over with the same is not changed.
            let text = step.changed.then(|| root.to_json()).filter(|text| *text != written);
            let changed = text.is_some();
            if let Some(text) = text {
                policy = reload(system, &text, edit, step.status)?;
                written = text;
            }
            Ok(Step { changed, ..step })
        });
        match done {
            Ok(step) => steps.push(Step { actor_checked: asked, ..step }),
            Err(Fault::Bad(error)) => return Err(error),
            Err(Fault::Refused(refusal)) => return Ok(Outcome::Refused(Refusal { index, actor_checked: asked, ..refusal })),
        }
    }
    Ok(Outcome::Accepted(Accepted { steps, snapshot: written, policy }))
}

/// The same as JSON text.
///
/// # Errors
/// As [`apply`].
pub fn edit(snapshot: &str, edits: &str) -> Result<String, Error> {
    apply(snapshot.as_bytes(), edits.as_bytes()).map(|outcome| outcome.to_json())
}

/// The requests by which somebody might gain rights.
pub(crate) fn moves<'v>(root: &'v Value, principal: &'v str) -> Vec<Move<'v>> {
    system_of(root).map_or_else(Vec::new, |system| systems::moves(system, root, principal))
}

fn system_of(root: &Value) -> Option<System> {
    root.get("system").and_then(Value::as_text).and_then(System::from_name)
}

fn facts(system: Option<System>, root: &Value, segments: &[&str]) -> Pairs {
    system.map_or_else(Vec::new, |system| systems::facts(system, root, segments))
}

/// Whether somebody may send a request, by method and path.
pub(crate) fn is_open(sender: &Principal, root: &Value, head: &Head<'_>) -> bool {
    let segments = engine::segments(text::cut(text::cut(head.path, b'#').0, b'?').0).unwrap_or_default();
    let facts = facts(system_of(root), root, &segments.iter().map(String::as_str).collect::<Vec<_>>());
    sender.may_send(head.method, head.path, &Value::Map(facts))
}

/// Whether the actor of an edit may send it, by method and path; why, in one sentence.
pub(crate) fn may(policy: &Policy, root: &Value, edit: &Value) -> Option<String> {
    let requests = request::read(edit.to_json().as_bytes()).ok()?;
    let request = requests.first()?;
    let facts = facts(system_of(root), root, &request.segments());
    Some(actor::ask(policy, request, facts).filter(Decision::is_allowed)?.message)
}

/// What comes of one edit, also as text. Nothing where it is refused, or changes nothing.
pub(crate) fn attempt(policy: &Policy, root: &Value, edit: &Value) -> Option<(Value, String, Policy)> {
    let requests = request::read(edit.to_json().as_bytes()).ok()?;
    let (system, request) = (system_of(root), requests.first()?);
    let mut edited = root.clone();
    let step = one(policy, system, &mut edited, request).ok().filter(|step| step.changed && edited != *root)?;
    let text = edited.to_json();
    let policy = reload(system, &text, request, step.status).ok()?;
    Some((edited, text, policy))
}

fn one(policy: &Policy, system: Option<System>, root: &mut Value, edit: &Request) -> Done {
    let facts = facts(system, root, &edit.segments());
    // The servers ask who it is before they look at anything else.
    if !system.is_some_and(|system| systems::is_open_to_all(system, edit)) {
        actor::check(policy, edit, facts)?;
    }
    system.map_or_else(|| Err(edit.unknown()), |system| systems::edit(system, root, edit))
}

/// What was written must load: where a server checks less than a load does, the edit is refused here.
fn reload(system: Option<System>, text: &str, edit: &Request, status: u16) -> Result<Policy, Fault> {
    Policy::load(text.as_bytes()).map_err(|error| {
        let own = matches!(system, Some(System::Latchgate | System::Casl));
        let (code, status) = if own { (EditCode::Invalid, 400) } else { (EditCode::Unreadable, status) };
        let message =
            [if own { "" } else { "the server would take it, but nobody could load what it answers: " }, error.message()].concat();
        let refusal = edit.refuse(code, status, "", if own { "NW1" } else { "load" }, message);
        match refusal {
            // Where in the snapshot, which is more than where in the request.
            Fault::Refused(refusal) => Fault::Refused(Refusal { path: error.path().into(), ..refusal }),
            bad @ Fault::Bad(_) => bad,
        }
    })
}
