//! What a snapshot holds.

use serde::Serialize;

use crate::api::policy::Policy;
use crate::base::names::Sym;
use crate::base::system::System;
use crate::compiled::Compiled;
use crate::compiled::layout::{FORMAT, Section, flag, meta};
use crate::json::write::Json;
use crate::systems;

/// What a snapshot holds, for people and for bindings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Info {
    /// The system.
    pub system: String,
    /// The envelope's format.
    pub format: u32,
    /// What its envelope says, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_version: Option<String>,
    /// The tenant whose snapshot it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The snapshot's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The entity tag that its server gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it was issued (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<String>,
    /// When it expires (RFC 3339); enforced for questions that bring the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// How many there are of each thing.
    pub counts: Counts,
    /// What loads and means less than its author may think.
    pub warnings: Vec<Notice>,
    /// Top-level attributes of records that some condition reads.
    pub attributes: Vec<String>,
    /// Which claims of a token the system reads, in the order in which they count (`docs/claims.md`).
    pub claims: Vec<Claim>,
}

/// A claim that a system reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Claim {
    /// Its name in the token.
    pub name: &'static str,
    /// What it says: `id`, `roles`, `groups`, `tenant`, `legalEntityId`, `permissions`, `scopes`, `sessionScopes` or `attributes`.
    pub says: &'static str,
}

/// How many there are of each thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Counts {
    /// Users, clients, services, tokens.
    pub principals: usize,
    /// Roles; access controls for the system that has those.
    pub roles: usize,
    /// Groups.
    pub groups: usize,
    /// Registered permissions.
    pub permissions: usize,
    /// Grants of all holders.
    pub grants: usize,
    /// Rows of the endpoint table.
    pub endpoints: usize,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notice {
    /// A stable code, `WARN_…`.
    pub code: String,
    /// Where in the snapshot.
    pub path: String,
    /// One plain sentence.
    pub message: String,
}

fn claims(policy: &Compiled) -> systems::Shape {
    System::from_name(policy.system()).map(systems::claims_of).unwrap_or_default()
}

impl Policy {
    /// What this snapshot holds.
    #[must_use]
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn info(&self) -> Info {
        use crate::base::terms::HolderKind::{AccessControl, Group, Role};
        let policy = self.compiled();
        let said = |word: u32| policy.opt_text(policy.says(word)).map(Into::into);
        let rows = |section: Section| policy.rows(section) as usize;
        let (mut roles, mut groups) = (0, 0);
        for holder in (0..policy.rows(Section::Holders)).filter_map(|at| policy.holder(at)).filter(|holder| holder.listed) {
            match holder.kind {
                Role | AccessControl => roles += 1,
                Group => groups += 1,
                _ => {}
            }
        }
        let text = |row: u32, column: u32| policy.text(Sym(policy.cell(Section::Warnings, row, column))).into();
        let warning = |row: u32| Notice { code: text(row, 0), path: text(row, 1), message: text(row, 2) };
        Info {
            system: policy.system().into(),
            format: 1,
            server_version: said(meta::SERVER_VERSION),
            tenant: said(meta::TENANT),
            version: said(meta::VERSION),
            etag: said(meta::ETAG),
            issued_at: said(meta::ISSUED_AT),
            expires_at: said(meta::EXPIRES_AT),
            counts: Counts {
                principals: rows(Section::Principals),
                roles,
                groups,
                permissions: rows(Section::Permissions),
                grants: rows(Section::Grants),
                endpoints: rows(Section::Endpoints),
            },
            warnings: (0..policy.rows(Section::Warnings)).map(warning).collect(),
            attributes: policy.attributes().map(Into::into).collect(),
            claims: claims(policy).iter().map(|(name, says)| Claim { name, says: says.as_str() }).collect(),
        }
    }

    /// The same as JSON text, without the structure between.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub(crate) fn info_text(&self) -> String {
        use crate::base::terms::HolderKind::{AccessControl, Group, Role};
        let policy = self.compiled();
        let mut json = Json::object();
        json.text("system", policy.system());
        json.number("format", 1);
        let said = [
            ("serverVersion", meta::SERVER_VERSION),
            ("tenant", meta::TENANT),
            ("version", meta::VERSION),
            ("etag", meta::ETAG),
            ("issuedAt", meta::ISSUED_AT),
            ("expiresAt", meta::EXPIRES_AT),
        ];
        for (key, word) in said {
            json.opt(key, policy.opt_text(policy.says(word)));
        }
        let (mut roles, mut groups) = (0, 0);
        for holder in (0..policy.rows(Section::Holders)).filter_map(|at| policy.holder(at)).filter(|holder| holder.listed) {
            roles += usize::from(matches!(holder.kind, Role | AccessControl));
            groups += usize::from(holder.kind == Group);
        }
        let rows = |section: Section| policy.rows(section) as usize;
        json.begin("counts", '{');
        json.number("principals", rows(Section::Principals));
        json.number("roles", roles);
        json.number("groups", groups);
        json.number("permissions", rows(Section::Permissions));
        json.number("grants", rows(Section::Grants));
        json.number("endpoints", rows(Section::Endpoints));
        json.end('}');
        json.begin("warnings", '[');
        for row in 0..policy.rows(Section::Warnings) {
            json.begin("", '{');
            for (column, key) in (0..).zip(["code", "path", "message"]) {
                json.text(key, policy.text(Sym(policy.cell(Section::Warnings, row, column))));
            }
            json.end('}');
        }
        json.end(']');
        json.begin("attributes", '[');
        for attribute in policy.attributes() {
            json.text("", attribute);
        }
        json.end(']');
        json.begin("claims", '[');
        for (name, says) in claims(policy) {
            json.begin("", '{');
            json.text("name", name);
            json.text("says", says.as_str());
            json.end('}');
        }
        json.end(']');
        json.finish('}')
    }

    /// What the compiled snapshot consists of, as JSON: `from` (`json` or `compiled`, as it was loaded), `format`, `bytes`, whether it
    /// is a `slice`, and the bytes of each of its `sections` that has any. Header and check sum are in no section.
    #[must_use]
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn layout_json(&self) -> String {
        let policy = self.compiled();
        let mut json = Json::object();
        json.text("from", if self.has_documents() { "json" } else { "compiled" });
        json.number("format", FORMAT as usize);
        json.number("bytes", policy.bytes().len());
        json.truth("slice", policy.profile.has(flag::SLICE));
        json.begin("sections", '{');
        for section in Section::ALL.into_iter().filter(|section| policy.size(*section) > 0) {
            json.number(section.title(), policy.size(section));
        }
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
mod tests {
    use crate::compiled::layout::{HEADER, TRAILER};
    use crate::{Context, Policy, Who};

    #[test]
    fn a_layout_adds_up_to_the_file() {
        let snapshot = include_bytes!("../../tests/vectors/snapshots/hantera.main.json");
        let whole = Policy::from_bytes(snapshot.to_vec()).unwrap();
        let opened = Policy::from_bytes(whole.as_bytes().to_vec()).unwrap();
        let slice = whole.slice(&Who::Named("p-agent".into()), &Context::default()).unwrap();
        let slice = Policy::from_bytes(slice.as_bytes().to_vec()).unwrap();
        for (policy, from, is_slice) in [(&whole, "json", false), (&opened, "compiled", false), (&slice, "compiled", true)] {
            let layout: serde_json::Value = serde_json::from_str(&policy.layout_json()).unwrap();
            assert_eq!((layout["from"].as_str(), layout["slice"].as_bool()), (Some(from), Some(is_slice)));
            assert_eq!((layout["format"].as_u64(), layout["bytes"].as_u64()), (Some(1), Some(policy.as_bytes().len() as u64)));
            let sections = layout["sections"].as_object().unwrap();
            let sizes: u64 = sections.values().filter_map(serde_json::Value::as_u64).sum();
            assert_eq!(sizes as usize + HEADER + TRAILER, policy.as_bytes().len());
            assert!(sections.values().all(|size| size.as_u64() > Some(0)) && sections.contains_key("grants"));
        }
    }
}
