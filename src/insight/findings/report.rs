//! Findings as JSON text.

use super::{Finding, Findings, Witness};
use crate::json::Json;

impl Findings {
    /// `{ "findings": [{ "code", "path", "message", "severity", "rule", "witness": [{ "kind", "id", "path"?, "message", "request"? }] }], "edits",
    /// "complete" }`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::object();
        json.begin("findings", '[');
        for finding in &self.findings {
            json.begin("", '{');
            finding.write(&mut json);
            json.end('}');
        }
        json.end(']');
        json.number("edits", self.edits);
        json.literal("complete", if self.complete { "true" } else { "false" });
        json.finish('}')
    }
}

impl Finding {
    fn write(&self, json: &mut Json) {
        json.text("code", self.code);
        json.text("path", &self.path);
        json.text("message", &self.message);
        json.text("severity", self.severity.as_str());
        json.text("rule", self.rule);
        json.begin("witness", '[');
        for step in &self.witness {
            json.begin("", '{');
            step.write(json);
            json.end('}');
        }
        json.end(']');
    }
}

impl Witness {
    fn write(&self, json: &mut Json) {
        json.text("kind", self.kind);
        json.text("id", &self.id);
        json.opt("path", self.path.as_deref());
        json.text("message", &self.message);
        if let Some(request) = &self.request {
            json.literal("request", &request.to_json());
        }
    }
}
