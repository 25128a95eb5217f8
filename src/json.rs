//! Answers as JSON text: how they cross into JavaScript, in the fields and the order in which serde would write them.

use crate::decision::{DecidingGrant, Decision};
use crate::info::Info;

/// A text that grows.
#[derive(Default)]
pub struct Json {
    text: String,
}

impl Json {
    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
            let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.text.push_str(plain);
            let mut chars = special.chars();
            match chars.next() {
                Some(c @ ('"' | '\\')) => {
                    self.text.push('\\');
                    self.text.push(c);
                }
                Some(c) => {
                    let short = match c {
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        '\u{8}' => "\\b",
                        '\u{c}' => "\\f",
                        _ => "",
                    };
                    self.text.push_str(short);
                    if short.is_empty() {
                        self.text.push_str("\\u00");
                        for digit in [c as u32 >> 4, c as u32 & 15] {
                            self.text.extend(char::from_digit(digit, 16));
                        }
                    }
                }
                None => {}
            }
            rest = chars.as_str();
        }
        self.text.push_str(rest);
        self.text.push('"');
    }

    /// A comma where one is needed, and the key of a member.
    fn key(&mut self, key: &str) {
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
        if !key.is_empty() {
            self.text.push('"');
            self.text.push_str(key);
            self.text.push_str("\":");
        }
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    fn opt(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn number(&mut self, key: &str, value: usize) {
        self.key(key);
        let mut digits = [0_u8; 20];
        let mut value = value;
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (value % 10) as u8;
            value /= 10;
            used += 1;
            if value == 0 {
                break;
            }
        }
        let from = digits.len() - used;
        self.text.push_str(digits.get(from..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or("0"));
    }

    fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.key(key);
        self.text.push('[');
        for item in items {
            write(self, item);
        }
        self.text.push(']');
    }

    fn begin(&mut self, key: &str) {
        self.key(key);
        self.text.push('{');
    }

    fn end(&mut self) {
        self.text.push('}');
    }

    fn grant(&mut self, grant: &DecidingGrant) {
        self.begin("");
        self.text("effect", grant.effect);
        self.text("permission", &grant.permission);
        self.list("via", &grant.via, |json, step| {
            json.begin("");
            json.text("kind", step.kind);
            json.text("id", &step.id);
            json.opt("name", step.name.as_deref());
            json.end();
        });
        self.key("conditional");
        self.text.push_str(if grant.conditional { "true" } else { "false" });
        self.opt("reason", grant.reason.as_deref());
        self.end();
    }
}

/// A list of texts.
pub fn texts(list: &[String]) -> String {
    let mut json = Json { text: String::from("[") };
    for text in list {
        json.text("", text);
    }
    json.text.push(']');
    json.text
}

/// A list of grants.
pub fn grants(list: &[DecidingGrant]) -> String {
    let mut json = Json { text: String::from("[") };
    for grant in list {
        json.grant(grant);
    }
    json.text.push(']');
    json.text
}

impl Decision {
    /// The decision as JSON text, the same bytes on every target.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json { text: String::from("{") };
        json.text("effect", self.effect);
        json.text("code", self.code);
        json.number("status", usize::from(self.status));
        match &self.rule {
            Some(rule) => json.text("rule", rule),
            None => {
                json.key("rule");
                json.text.push_str("null");
            }
        }
        json.text("message", &self.message);
        json.list("grants", &self.grants, |json, grant| json.grant(grant));
        json.opt("filter", self.filter);
        json.begin("snapshot");
        json.text("system", &self.snapshot.system);
        json.opt("version", self.snapshot.version.as_deref());
        json.opt("tenant", self.snapshot.tenant.as_deref());
        json.end();
        json.end();
        json.text
    }
}

impl Info {
    /// The same of what a snapshot holds.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json { text: String::from("{") };
        json.text("system", &self.system);
        json.number("format", self.format as usize);
        json.opt("serverVersion", self.server_version.as_deref());
        json.opt("tenant", self.tenant.as_deref());
        json.opt("version", self.version.as_deref());
        json.opt("etag", self.etag.as_deref());
        json.opt("issuedAt", self.issued_at.as_deref());
        json.opt("expiresAt", self.expires_at.as_deref());
        json.begin("counts");
        json.number("principals", self.counts.principals);
        json.number("roles", self.counts.roles);
        json.number("groups", self.counts.groups);
        json.number("permissions", self.counts.permissions);
        json.number("grants", self.counts.grants);
        json.number("endpoints", self.counts.endpoints);
        json.end();
        json.list("warnings", &self.warnings, |json, warning| {
            json.begin("");
            json.text("code", &warning.code);
            json.text("path", &warning.path);
            json.text("message", &warning.message);
            json.end();
        });
        json.list("attributes", &self.attributes, |json, attribute| json.text("", attribute));
        json.end();
        json.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{SnapshotRef, Via};

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
            assert_eq!(grants(std::slice::from_ref(&grant)), serde_json::to_string(&[&grant])?);
        }
        let list: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
        assert_eq!(texts(&list), serde_json::to_string(&list)?);
        Ok(())
    }
}
