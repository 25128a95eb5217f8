//! Verified token claims, in each system's own spelling. Whoever calls has verified the token; nothing here can.

use super::emporix::split_scopes;
use super::{ithbat, kura};
use crate::cursor::Cursor;
use crate::error::{Error, ErrorCode};
use crate::system::System;
use crate::value::Value;

/// Claims in one form for all systems.
#[derive(Debug, Default, Clone)]
pub struct Claimed {
    /// Whom the token names.
    pub id: Option<String>,
    /// The token names somebody whose roles the snapshot knows, and carries none itself.
    pub by_id: bool,
    pub roles: Vec<String>,
    pub groups: Vec<String>,
    /// Permissions that the token carries, with the rule by which they count.
    pub permissions: Vec<String>,
    pub permission_rule: &'static str,
    /// Which of them makes its holder pass every check.
    pub superuser: Option<String>,
    pub session_scopes: Option<Vec<String>>,
    pub tenant: Option<String>,
    pub entity: Option<String>,
    pub attributes: Vec<(Box<str>, Value)>,
}

/// Reads claims of a system's token. Members that the system's tokens have besides are left alone, as everybody's tokens have more.
///
/// # Errors
/// `ERR_ARGUMENT` for members of another type than the system's tokens have.
pub fn read(system: System, claims: &Value) -> Result<Claimed, Error> {
    let at = Cursor::root(claims, "$.principal");
    read_claims(system, &at).map_err(|error| Error::new(ErrorCode::Argument, error.path(), error.message()))
}

fn read_claims(system: System, at: &Cursor<'_, '_>) -> Result<Claimed, Error> {
    let text = |keys: &[&str]| -> Result<Option<String>, Error> {
        for key in keys {
            if let Some(found) = at.opt_text(key)? {
                return Ok(Some(found.to_string()));
            }
        }
        Ok(None)
    };
    let texts = |key: &str| -> Result<Option<Vec<String>>, Error> {
        let Some(list) = at.opt(key) else { return Ok(None) };
        Ok(Some(list.texts()?.into_iter().map(Into::into).collect()))
    };
    let mut claimed = Claimed { roles: texts("roles")?.unwrap_or_default(), ..Claimed::default() };
    match system {
        System::Emporix => {
            claimed.roles.clear();
            claimed.id = text(&["userId", "sub"])?;
            claimed.entity = text(&["legalEntityId"])?;
            claimed.permission_rule = "E6";
            let scopes = text(&["scope", "scopes"])?;
            // Without a list of scopes the token only says who asks.
            claimed.by_id = scopes.is_none();
            if let Some(scopes) = scopes {
                let (list, tenant) = split_scopes(&scopes);
                claimed.permissions = list.into_iter().map(Into::into).collect();
                claimed.tenant = tenant.map(Into::into);
            }
        }
        System::Ithbat => {
            // I7: the claim is the effective list; role names grant nothing.
            claimed.roles.clear();
            claimed.id = text(&["sub"])?;
            claimed.tenant = text(&["tenant_id"])?;
            let permissions = texts("permissions")?.unwrap_or_default();
            claimed.permissions = permissions.into_iter().filter(|name| ithbat::is_permission(name)).collect();
            claimed.permission_rule = "I7";
        }
        System::Hantera => {
            claimed.id = text(&["sub"])?;
            claimed.by_id = at.get("roles").is_none();
            claimed.session_scopes = text(&["scope"])?.map(|scopes| scopes.split_whitespace().map(Into::into).collect());
        }
        System::Kura => {
            claimed.roles.clear();
            claimed.id = text(&["name", "sub"])?.map(|name| kura::user_name(&name).to_string());
            claimed.by_id = at.get("permissions").is_none();
            let permissions = texts("permissions")?.unwrap_or_default();
            claimed.permissions = permissions.iter().map(|name| kura::permission_name(name).to_string()).collect();
            claimed.permission_rule = "K2";
            claimed.superuser = claimed.permissions.iter().find(|name| *name == "kura.admin").cloned();
        }
        System::OpenArchiver | System::Casl => {
            claimed.id = text(&["sub"])?;
            claimed.by_id = at.get("roles").is_none();
        }
        System::Latchgate => {
            at.only(&["id", "type", "roles", "groups", "tenant", "attributes"])?;
            claimed.id = text(&["id"])?;
            claimed.by_id = at.get("roles").is_none() && at.get("groups").is_none();
            claimed.groups = texts("groups")?.unwrap_or_default();
            claimed.tenant = text(&["tenant"])?;
            if let Some(attributes) = at.opt("attributes") {
                claimed.attributes = attributes.members()?.map(|(key, value)| (key.into(), value.value().clone())).collect();
            }
        }
    }
    Ok(claimed)
}
