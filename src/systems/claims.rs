//! Verified token claims, in each system's own spelling. Whoever calls has verified the token; nothing here can.

use super::{ithbat, kura};
use crate::base::error::Error;
use crate::base::system::System;
use crate::base::text;
use crate::base::text::own;
use crate::engine::Claims;
use crate::json::argument::Place;
use crate::value::Value;

/// What a claim says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimOf {
    /// Whom the token names: the first of them that is there.
    Id,
    /// Roles of the snapshot that count.
    Roles,
    /// Groups of the snapshot that count.
    Groups,
    /// The tenant that the token is bound to.
    Tenant,
    /// The legal entity that the token acts for (E15).
    LegalEntity,
    /// Effective permissions, as a list.
    Permissions,
    /// Effective permissions, as one text with blanks between them (E6, E18).
    Scopes,
    /// Scopes that bound the session (H10, N13).
    SessionScopes,
    /// Attributes of the principal.
    Attributes,
}

impl ClaimOf {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Roles => "roles",
            Self::Groups => "groups",
            Self::Tenant => "tenant",
            Self::LegalEntity => "legalEntityId",
            Self::Permissions => "permissions",
            Self::Scopes => "scopes",
            Self::SessionScopes => "sessionScopes",
            Self::Attributes => "attributes",
        }
    }
}

use ClaimOf::{Attributes, Groups, Id, LegalEntity, Permissions, Roles, Scopes, SessionScopes, Tenant};

/// What a system reads of a token.
pub type Shape = &'static [(&'static str, ClaimOf)];

/// The claims that a system reads, in the order in which they count.
#[must_use]
pub const fn claims_of(system: System) -> Shape {
    match system {
        System::Hantera => &[("sub", Id), ("roles", Roles), ("scope", SessionScopes)],
        System::Emporix => &[("userId", Id), ("sub", Id), ("scope", Scopes), ("scopes", Scopes), ("legalEntityId", LegalEntity)],
        // I7: the claim is the effective list; role names grant nothing.
        System::Ithbat => &[("sub", Id), ("tenant_id", Tenant), ("permissions", Permissions)],
        System::Kura => &[("name", Id), ("sub", Id), ("permissions", Permissions)],
        System::OpenArchiver | System::Casl => &[("sub", Id), ("roles", Roles)],
        System::Latchgate => &[
            ("id", Id),
            ("sub", Id),
            ("client_id", Id),
            ("roles", Roles),
            ("groups", Groups),
            ("tenant", Tenant),
            ("scope", SessionScopes),
            ("attributes", Attributes),
        ],
    }
}

/// What tokens have besides, by RFC 7519 and OpenID Connect. Anything else in claims of a native snapshot may be a misspelt bound.
const REGISTERED: [&str; 27] = [
    "type",
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "typ",
    "azp",
    "acr",
    "amr",
    "auth_time",
    "nonce",
    "sid",
    "session_state",
    "at_hash",
    "ver",
    "name",
    "given_name",
    "family_name",
    "nickname",
    "preferred_username",
    "email",
    "email_verified",
    "locale",
    "picture",
    "updated_at",
];

/// Reads claims of a system's token. Members that the system's tokens have besides are left alone, as everybody's tokens have more; those for
/// a native snapshot are held to the names that it knows, unless the caller says by `names` what they are called.
///
/// # Errors
/// `ERR_ARGUMENT` for members of another type than the system's tokens have.
pub fn read(system: System, at: &Place<'_>, names: Option<&Value>) -> Result<Claims, Error> {
    let shape = claims_of(system);
    if let Some(names) = names {
        let picked = picked(at.value, shape, &Place { base: "$.context.claims", value: names })?;
        return read_shape(system, shape, &Place { base: at.base, value: &picked });
    }
    if system == System::Latchgate {
        let mut known: Vec<&str> = REGISTERED.to_vec();
        known.extend(shape.iter().map(|(name, _)| *name));
        at.only(&known, "unknown field ")?;
    }
    read_shape(system, shape, at)
}

/// The claims that count, under the names by which the system knows them. What the caller names stands where it says, a member of that name
/// or else a path with dots, and nowhere else; all others under their own names.
fn picked(claims: &Value, shape: Shape, names: &Place<'_>) -> Result<Value, Error> {
    let known: Vec<&str> = shape.iter().map(|(name, _)| *name).collect();
    names.only(&known, "tokens of the system have no claim ")?;
    let mut members = Vec::new();
    for (name, says) in shape {
        let renamed = shape.iter().any(|(other, same)| same == says && names.opt(other).is_some());
        let found = match names.opt_text(name)? {
            None => claims.get(name).filter(|_| !renamed),
            Some(path) => claims.get(path).or_else(|| text::split(path, b'.').into_iter().try_fold(claims, |inner, step| inner.get(step))),
        };
        members.extend(found.map(|found| ((*name).into(), found.clone())));
    }
    Ok(Value::Map(members))
}

fn read_shape(system: System, shape: Shape, at: &Place<'_>) -> Result<Claims, Error> {
    let mut claims = Claims { by_id: true, ..Claims::default() };
    for (name, says) in shape {
        match says {
            Id => claims.id = claims.id.or(at.own_text(name)?),
            Tenant => claims.tenants.extend(at.own_text(name)?),
            LegalEntity => claims.entity = at.own_text(name)?,
            Roles => claims.roles = at.opt_texts(name)?.unwrap_or_default(),
            Groups => claims.groups = at.opt_texts(name)?.unwrap_or_default(),
            Permissions => claims.permissions = at.opt_texts(name)?.unwrap_or_default(),
            // The first of them that is there.
            Scopes if !claims.by_id => {}
            Scopes => {
                if let Some(scopes) = at.own_text(name)? {
                    read_scopes(&scopes, &mut claims);
                }
            }
            SessionScopes => {
                claims.session_scopes = match at.opt(name) {
                    None => None,
                    Some(Value::Text(scopes)) => Some(own(&text::words(scopes))),
                    Some(list) => Some(at.texts(Some(name), list)?),
                }
            }
            Attributes => claims.attributes = at.opt_members(name)?.map(<[_]>::to_vec).unwrap_or_default(),
        }
        // Without any of these a token only says who asks.
        claims.by_id &= !matches!(says, Roles | Groups | Permissions) || at.value.get(name).is_none();
    }
    match system {
        System::Ithbat => {
            claims.by_id = false;
            for name in std::mem::take(&mut claims.permissions) {
                if ithbat::is_permission(&name) {
                    claims.permissions.push(name);
                }
            }
        }
        System::Kura => {
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

/// E18: a marker among the scopes names the tenant.
fn read_scopes(scopes: &str, claims: &mut Claims) {
    claims.by_id = false;
    for scope in text::words(scopes) {
        match scope.strip_prefix("tenant=") {
            Some(tenant) => claims.tenants.push(tenant.into()),
            None => claims.permissions.push(scope.into()),
        }
    }
}
