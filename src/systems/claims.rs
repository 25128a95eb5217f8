//! Verified token claims, in each system's own spelling. Whoever calls has verified the token; nothing here can.

use super::{ithbat, kura};
use crate::base::error::Error;
use crate::base::text;
use crate::base::text::own;
use crate::engine::Claims;
use crate::json::argument::Place;

/// Where a system's tokens say what. An empty name is a claim that its tokens do not have.
struct Shape {
    system: &'static str,
    /// Whom the token names: the first of them that is there.
    ids: [&'static str; 2],
    /// Roles of the snapshot count.
    roles: bool,
    groups: &'static str,
    tenant: &'static str,
    entity: &'static str,
    /// Effective permissions, as a list.
    permissions: &'static str,
    /// Scopes that bound the session, in one text.
    session: &'static str,
    attributes: &'static str,
    /// Claims that carry rights: without any of them those of the principal count. None of these: the token always carries them.
    rights: &'static [&'static str],
}

const PLAIN: Shape = Shape {
    system: "",
    ids: ["sub", ""],
    roles: true,
    groups: "",
    tenant: "",
    entity: "",
    permissions: "",
    session: "",
    attributes: "",
    rights: &["roles"],
};

static SHAPES: [Shape; 6] = [
    Shape { system: "emporix", ids: ["userId", "sub"], roles: false, entity: "legalEntityId", ..PLAIN },
    // I7: the claim is the effective list; role names grant nothing.
    Shape { system: "ithbat", roles: false, tenant: "tenant_id", permissions: "permissions", rights: &[], ..PLAIN },
    Shape { system: "hantera", session: "scope", ..PLAIN },
    Shape { system: "kura", ids: ["name", "sub"], roles: false, permissions: "permissions", rights: &["permissions"], ..PLAIN },
    Shape {
        system: "latchgate",
        ids: ["id", ""],
        groups: "groups",
        tenant: "tenant",
        attributes: "attributes",
        rights: &["roles", "groups"],
        ..PLAIN
    },
    PLAIN,
];

/// Reads claims of a system's token. Members that the system's tokens have besides are left alone, as everybody's tokens have more.
///
/// # Errors
/// `ERR_ARGUMENT` for members of another type than the system's tokens have.
pub fn read(system: &str, at: &Place<'_>) -> Result<Claims, Error> {
    let Some(shape) = SHAPES.iter().find(|shape| shape.system == system || shape.system.is_empty()) else { return Ok(Claims::default()) };
    let first = |keys: &[&str]| -> Result<Option<String>, Error> {
        for key in keys {
            let found = member(at, key)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    };
    let mut claims = Claims { roles: at.opt_texts("roles")?.unwrap_or_default(), ..Claims::default() };
    if !shape.roles {
        claims.roles.clear();
    }
    if shape.system == "latchgate" {
        at.only(&["id", "type", "roles", "groups", "tenant", "attributes"], &[], true, "unknown field ")?;
    }
    claims.id = first(&shape.ids)?;
    claims.entity = member(at, shape.entity)?;
    claims.tenant = member(at, shape.tenant)?;
    claims.by_id = !shape.rights.is_empty() && shape.rights.iter().all(|key| at.value.get(key).is_none());
    if shape.system == "emporix" {
        let scopes = first(&["scope", "scopes"])?;
        // Without a list of scopes the token only says who asks.
        claims.by_id = scopes.is_none();
        // E18: a marker among them names the tenant.
        for scope in text::words(scopes.as_deref().unwrap_or_default()) {
            match scope.strip_prefix("tenant=") {
                Some(tenant) if claims.tenant.is_none() => claims.tenant = Some(tenant.into()),
                Some(_) => {}
                None => claims.permissions.push(scope.into()),
            }
        }
    }
    claims.session_scopes = member(at, shape.session)?.map(|scopes| own(&text::words(&scopes)));
    if !shape.permissions.is_empty() {
        claims.permissions = at.opt_texts(shape.permissions)?.unwrap_or_default();
    }
    if !shape.groups.is_empty() {
        claims.groups = at.opt_texts(shape.groups)?.unwrap_or_default();
    }
    if let (false, Some(attributes)) = (shape.attributes.is_empty(), at.opt_members("attributes")?) {
        claims.attributes = attributes.to_vec();
    }
    match shape.system {
        "ithbat" => {
            for name in std::mem::take(&mut claims.permissions) {
                if ithbat::is_permission(&name) {
                    claims.permissions.push(name);
                }
            }
        }
        "kura" => {
            claims.id = claims.id.map(|name| kura::user_name(&name).into());
            for permission in &mut claims.permissions {
                *permission = kura::permission_name(permission).into();
            }
            claims.superuser = claims.permissions.iter().find(|name| *name == "kura.admin").cloned();
        }
        _ => {}
    }
    Ok(claims)
}

/// The text of a claim that only some systems have.
fn member(at: &Place<'_>, key: &str) -> Result<Option<String>, Error> {
    if key.is_empty() { Ok(None) } else { at.own_text(key) }
}
