//! What a snapshot holds.

use serde::Serialize;

use crate::policy::Policy;

/// What a snapshot holds, for people and for bindings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Info {
    /// The system.
    pub system: &'static str,
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
    pub code: &'static str,
    /// Where in the snapshot.
    pub path: String,
    /// One plain sentence.
    pub message: String,
}

impl Policy {
    /// What this snapshot holds.
    #[must_use]
    pub fn info(&self) -> Info {
        use crate::model::HolderKind::{AccessControl, Group, Role};
        let policy = self.compiled();
        let holders = |kinds: &[crate::model::HolderKind]| {
            policy.holders.iter().filter(|holder| holder.listed && kinds.contains(&holder.kind)).count()
        };
        Info {
            system: policy.profile.system.name(),
            format: 1,
            server_version: policy.meta.server_version.clone(),
            tenant: policy.meta.tenant.map(|tenant| policy.names.text(tenant).into()),
            version: policy.meta.version.clone(),
            etag: policy.meta.etag.clone(),
            issued_at: policy.meta.issued_at.clone(),
            expires_at: policy.meta.expires_at.clone(),
            counts: Counts {
                principals: policy.principals.len(),
                roles: holders(&[Role, AccessControl]),
                groups: holders(&[Group]),
                permissions: policy.permissions.len(),
                grants: policy.grants.len(),
                endpoints: policy.endpoints.len(),
            },
            warnings: policy
                .warnings
                .iter()
                .map(|warning| Notice { code: warning.code, path: warning.path.clone(), message: warning.message.clone() })
                .collect(),
            attributes: policy.attributes.to_vec(),
        }
    }
}
