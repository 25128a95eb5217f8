//! What comes of edits: a new snapshot, or a refusal.

use crate::api::policy::Policy;
use crate::json::write::Json;
use crate::writes::answer::{Refusal, Step, flag};

/// What comes of a list of edits.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// All are applied.
    Accepted(Accepted),
    /// One is refused, and so none is applied.
    Refused(Refusal),
}

/// The snapshot after the edits.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// What the server answers to each.
    pub steps: Vec<Step>,
    /// The whole snapshot in the system's own payload shape, as JSON text.
    pub snapshot: String,
    /// The same, loaded.
    pub policy: Policy,
}

impl Outcome {
    /// `{ "ok": true, "edits": [{ "status", "changed", "actorChecked", "etag"?, "body"?, "notes" }], "snapshot" }`, the snapshot being a
    /// JSON text; or `{ "ok": false, "index", "status", "code", "path", "message", "rule", "actorChecked" }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::object();
        match self {
            Self::Accepted(accepted) => {
                json.literal("ok", "true");
                json.begin("edits", '[');
                for step in &accepted.steps {
                    json.begin("", '{');
                    step.write(&mut json);
                    json.end('}');
                }
                json.end(']');
                json.text("snapshot", &accepted.snapshot);
            }
            Self::Refused(refusal) => {
                json.literal("ok", "false");
                json.number("index", refusal.index);
                json.number("status", usize::from(refusal.status));
                json.text("code", refusal.code.as_str());
                json.text("path", &refusal.path);
                json.text("message", &refusal.message);
                json.text("rule", &refusal.rule);
                json.literal("actorChecked", flag(refusal.actor_checked));
            }
        }
        json.finish('}')
    }
}
