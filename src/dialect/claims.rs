//! Verified token claims, in each system's own spelling. Whoever calls has verified the token; nothing here can.

use super::emporix::split_scopes;
use super::{ithbat, kura};
use crate::cursor::Cursor;
use crate::engine::Claims;
use crate::error::{Error, ErrorCode};
use crate::system::System;

/// Reads claims of a system's token. Members that the system's tokens have besides are left alone, as everybody's tokens have more.
///
/// # Errors
/// `ERR_ARGUMENT` for members of another type than the system's tokens have.
pub fn read(system: &str, at: &Cursor<'_>) -> Result<Claims, Error> {
    let system = System::from_name(system).unwrap_or(System::Latchgate);
    read_claims(system, at).map_err(|error| Error::new(ErrorCode::Argument, error.path(), error.message()))
}

fn read_claims(system: System, at: &Cursor<'_>) -> Result<Claims, Error> {
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
    let mut claims = Claims { roles: texts("roles")?.unwrap_or_default(), ..Claims::default() };
    match system {
        System::Emporix => {
            claims.roles.clear();
            claims.id = text(&["userId", "sub"])?;
            claims.entity = text(&["legalEntityId"])?;
            let scopes = text(&["scope", "scopes"])?;
            // Without a list of scopes the token only says who asks.
            claims.by_id = scopes.is_none();
            if let Some(scopes) = scopes {
                let (list, tenant) = split_scopes(&scopes);
                claims.permissions = list.into_iter().map(Into::into).collect();
                claims.tenant = tenant.map(Into::into);
            }
        }
        System::Ithbat => {
            // I7: the claim is the effective list; role names grant nothing.
            claims.roles.clear();
            claims.id = text(&["sub"])?;
            claims.tenant = text(&["tenant_id"])?;
            let permissions = texts("permissions")?.unwrap_or_default();
            claims.permissions = permissions.into_iter().filter(|name| ithbat::is_permission(name)).collect();
        }
        System::Hantera => {
            claims.id = text(&["sub"])?;
            claims.by_id = at.get("roles").is_none();
            claims.session_scopes = text(&["scope"])?.map(|scopes| scopes.split_whitespace().map(Into::into).collect());
        }
        System::Kura => {
            claims.roles.clear();
            claims.id = text(&["name", "sub"])?.map(|name| kura::user_name(&name).to_string());
            claims.by_id = at.get("permissions").is_none();
            let permissions = texts("permissions")?.unwrap_or_default();
            claims.permissions = permissions.iter().map(|name| kura::permission_name(name).to_string()).collect();
            claims.superuser = claims.permissions.iter().find(|name| *name == "kura.admin").cloned();
        }
        System::OpenArchiver | System::Casl => {
            claims.id = text(&["sub"])?;
            claims.by_id = at.get("roles").is_none();
        }
        System::Latchgate => {
            at.only(&["id", "type", "roles", "groups", "tenant", "attributes"])?;
            claims.id = text(&["id"])?;
            claims.by_id = at.get("roles").is_none() && at.get("groups").is_none();
            claims.groups = texts("groups")?.unwrap_or_default();
            claims.tenant = text(&["tenant"])?;
            if let Some(attributes) = at.opt("attributes") {
                claims.attributes = attributes.members()?.map(|(key, value)| (key.into(), value.to_value())).collect();
            }
        }
    }
    Ok(claims)
}
