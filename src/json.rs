//! Answers as JSON text: how they cross into JavaScript, in the fields and the order in which serde would write them.

use crate::decision::{DecidingGrant, Decision};
use crate::info::Info;

/// A text that grows.
pub struct Json {
    text: String,
}

impl Json {
    /// An object, to be finished with a brace.
    pub fn object() -> Self {
        Self { text: String::from("{") }
    }

    /// A list, to be finished with a bracket.
    #[cfg_attr(not(feature = "host"), allow(dead_code, reason = "only the binding needs it"))]
    pub fn list() -> Self {
        Self { text: String::from("[") }
    }

    /// The whole text.
    pub fn finish(mut self, end: char) -> String {
        self.text.push(end);
        self.text
    }

    #[inline(never)]
    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(text.get(plain..at).unwrap_or_default());
            plain = at + 1;
            self.text.push('\\');
            let short = match byte {
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                8 => b'b',
                12 => b'f',
                b'"' | b'\\' => byte,
                _ => {
                    self.text.push_str(if byte < 16 { "u000" } else { "u001" });
                    let digit = byte & 15;
                    digit + if digit < 10 { b'0' } else { b'a' - 10 }
                }
            };
            self.text.push(char::from(short));
        }
        self.text.push_str(text.get(plain..).unwrap_or_default());
        self.text.push('"');
    }

    /// A comma where one is needed, and the key of a member; of an item there is none.
    #[inline(never)]
    fn key(&mut self, key: &str) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
        if !key.is_empty() {
            self.quoted(key);
            self.text.push(':');
        }
    }

    /// A text.
    #[inline(never)]
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    /// A text that may be absent.
    #[inline(never)]
    pub fn opt(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// What is written as it is.
    #[inline(never)]
    pub fn literal(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// A whole number.
    pub fn number(&mut self, key: &str, value: usize) {
        self.key(key);
        crate::text::push_number(&mut self.text, value);
    }

    /// A list or an object inside.
    #[inline(never)]
    pub fn begin(&mut self, key: &str, bracket: char) {
        self.key(key);
        self.text.push(bracket);
    }

    /// Its end.
    pub fn end(&mut self, bracket: char) {
        self.text.push(bracket);
    }

    fn grant(&mut self, grant: &DecidingGrant) {
        self.begin("", '{');
        self.text("effect", grant.effect);
        self.text("permission", &grant.permission);
        self.begin("via", '[');
        for step in &grant.via {
            self.begin("", '{');
            self.text("kind", step.kind);
            self.text("id", &step.id);
            self.opt("name", step.name.as_deref());
            self.end('}');
        }
        self.end(']');
        self.literal("conditional", if grant.conditional { "true" } else { "false" });
        self.opt("reason", grant.reason.as_deref());
        self.end('}');
    }
}

/// A list of texts.
#[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
pub fn texts(list: &[impl AsRef<str>]) -> String {
    let mut json = Json::list();
    for text in list {
        json.text("", text.as_ref());
    }
    json.finish(']')
}

impl Decision {
    /// The decision as JSON text, the same bytes on every target.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::object();
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
            json.grant(grant);
        }
        json.end(']');
        json.opt("filter", self.filter);
        json.begin("snapshot", '{');
        json.text("system", &self.snapshot.system);
        json.opt("version", self.snapshot.version.as_deref());
        json.opt("tenant", self.snapshot.tenant.as_deref());
        json.end('}');
        json.finish('}')
    }
}

impl Info {
    /// The same of what a snapshot holds.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::object();
        json.text("system", &self.system);
        json.number("format", self.format as usize);
        json.opt("serverVersion", self.server_version.as_deref());
        json.opt("tenant", self.tenant.as_deref());
        json.opt("version", self.version.as_deref());
        json.opt("etag", self.etag.as_deref());
        json.opt("issuedAt", self.issued_at.as_deref());
        json.opt("expiresAt", self.expires_at.as_deref());
        json.begin("counts", '{');
        json.number("principals", self.counts.principals);
        json.number("roles", self.counts.roles);
        json.number("groups", self.counts.groups);
        json.number("permissions", self.counts.permissions);
        json.number("grants", self.counts.grants);
        json.number("endpoints", self.counts.endpoints);
        json.end('}');
        json.begin("warnings", '[');
        for warning in &self.warnings {
            json.begin("", '{');
            json.text("code", &warning.code);
            json.text("path", &warning.path);
            json.text("message", &warning.message);
            json.end('}');
        }
        json.end(']');
        json.begin("attributes", '[');
        for attribute in &self.attributes {
            json.text("", attribute);
        }
        json.end(']');
        json.finish('}')
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::decision::{SnapshotRef, Via};
    use crate::limits::Limits;
    use crate::payload::{self, Numbers};
    use crate::policy::Policy;

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
            let question = payload::parse(text.as_bytes(), &Limits::QUESTION, Numbers::Any);
            let answered = policy.decide_read(&question);
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
                effect: "allow",
                code: "granted",
                status: 200,
                rule: (index > 0).then(|| (*text).into()),
                message: (*text).into(),
                grants: vec![grant.clone(); index],
                filter: (index == 2).then_some("all"),
                snapshot: SnapshotRef { system: "kura".into(), version: (index > 1).then(|| (*text).into()), tenant: None },
            };
            assert_eq!(decision.to_json(), serde_json::to_string(&decision)?);
        }
        let list: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
        assert_eq!(texts(&list), serde_json::to_string(&list)?);
        Ok(())
    }
}
