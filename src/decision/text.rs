//! A decision as JSON text, in the fields and the order in which serde would write it.

use super::{DecidingGrant, Decision};
use crate::json::write::Json;

impl Decision {
    /// The decision as JSON text, the same bytes on every target.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::object();
        json.truth("allowed", self.allowed);
        json.truth("conditional", self.conditional);
        json.text("effect", self.effect);
        json.text("code", self.code);
        json.number("status", usize::from(self.status));
        match &self.rule {
            Some(rule) => json.text("rule", rule),
            None => json.literal("rule", "null"),
        }
        json.text("message", &self.message);
        json.begin("grants", '[');
        for grant in &self.grants {
            grant.write(&mut json);
        }
        json.end(']');
        json.opt("filter", self.filter);
        if let Some(methods) = &self.allow {
            json.begin("allow", '[');
            for method in methods {
                json.text("", method);
            }
            json.end(']');
        }
        json.begin("snapshot", '{');
        json.text("system", &self.snapshot.system);
        json.opt("version", self.snapshot.version.as_deref());
        json.opt("tenant", self.snapshot.tenant.as_deref());
        json.end('}');
        json.finish('}')
    }
}

impl DecidingGrant {
    fn write(&self, json: &mut Json) {
        json.begin("", '{');
        json.text("effect", self.effect);
        json.text("permission", &self.permission);
        json.begin("via", '[');
        for step in &self.via {
            json.begin("", '{');
            json.text("kind", step.kind);
            json.text("id", &step.id);
            json.opt("name", step.name.as_deref());
            json.end('}');
        }
        json.end(']');
        json.truth("conditional", self.conditional);
        json.opt("reason", self.reason.as_deref());
        json.end('}');
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{DecidingGrant, Decision};
    use crate::api::policy::Policy;
    use crate::base::limits::Limits;
    use crate::decision::{SnapshotRef, Via};
    use crate::json::write::texts;
    use crate::json::{self, Numbers};

    /// What crosses into JavaScript is written from the engine's answer; what Rust callers get is data. Both are one text.
    #[test]
    fn both_ways_to_the_text_of_an_answer_agree() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/");
        let read = |path: &str| std::fs::read_to_string([root, path].concat()).unwrap();
        let mut compared = 0;
        let vectors: serde_json::Value = serde_json::from_str(&read("decisions.json")).unwrap();
        for vector in vectors.get("vectors").and_then(serde_json::Value::as_array).unwrap() {
            // Some bring their snapshot along.
            let Some(name) = vector.get("snapshot").and_then(serde_json::Value::as_str).filter(|name| *name != "inline") else { continue };
            let policy = Policy::load(read(&["snapshots/", name, ".json"].concat()).as_bytes()).unwrap();
            let text = vector.to_string();
            let question = json::parse(text.as_bytes(), &Limits::QUESTION, Numbers::Any);
            let answered = policy.decide_read(&question, None);
            assert_eq!(answered.json(policy.compiled()), answered.decision(policy.compiled()).to_json(), "{text}");
            assert_eq!(serde_json::to_string(&policy.info()).unwrap(), policy.info_text());
            compared += 1;
            let Ok(principal) = policy.principal_from_json(&text) else { continue };
            assert_eq!(serde_json::to_string(&principal.grants().unwrap()).unwrap(), principal.grants_text().unwrap());
            assert_eq!(serde_json::to_string(&principal.permissions()).unwrap(), texts(&principal.permissions()));
        }
        assert!(compared > 100, "{compared}");
    }

    #[test]
    fn texts_are_quoted_as_serde_quotes_them() {
        let list: Vec<String> = (0..0x180).filter_map(char::from_u32).map(|c| [c, '"', c, 'x'].iter().collect()).collect();
        assert_eq!(texts(&list), serde_json::to_string(&list).unwrap());
    }

    const TEXTS: [&str; 6] = ["", "plain", "quo\"te \\ back", "\n\r\t\u{8}\u{c}\u{1}\u{1f}", "ünï 💡 \u{2028}", "\u{7f}/"];

    /// The bytes are those that serde writes.
    #[test]
    fn decisions_are_written_as_serde_writes_them() -> Result<(), serde_json::Error> {
        for (index, text) in TEXTS.iter().enumerate() {
            let via = Via { kind: "role", id: (*text).into(), name: (index % 2 == 0).then(|| (*text).into()) };
            let grant = DecidingGrant {
                effect: "allow",
                permission: (*text).into(),
                via: vec![via; index],
                conditional: index % 2 == 1,
                reason: (index % 3 == 0).then(|| (*text).into()),
            };
            let decision = Decision {
                allowed: index % 2 == 0,
                conditional: index % 3 == 0,
                effect: "allow",
                code: "granted",
                status: 200,
                rule: (index > 0).then(|| (*text).into()),
                message: (*text).into(),
                grants: vec![grant.clone(); index],
                filter: (index == 2).then_some("all"),
                allow: (index == 1).then(|| vec!["GET".into(), "POST".into()]),
                snapshot: SnapshotRef { system: "kura".into(), version: (index > 1).then(|| (*text).into()), tenant: None },
            };
            assert_eq!(decision.to_json(), serde_json::to_string(&decision)?);
        }
        let list: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
        assert_eq!(texts(&list), serde_json::to_string(&list)?);
        Ok(())
    }
}
