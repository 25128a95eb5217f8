//! The envelope that every snapshot comes in: which system, which version, and its payloads. Ours, so unknown fields are refused.

use crate::base::error::{Error, ErrorCode};
use crate::base::instant::Instant;
use crate::base::names::Names;
use crate::base::system::System;
use crate::json::pointer::{Cursor, clip};
use crate::model::Meta;

/// The first is for editors, and for our own format alone.
const FIELDS: [&str; 11] =
    ["$schema", "format", "system", "serverVersion", "tenant", "version", "etag", "issuedAt", "expiresAt", "options", "payloads"];

/// The envelope's own fields; payloads and options are the dialect's to read.
pub struct Envelope {
    pub system: System,
    pub meta: Meta,
}

/// Reads the envelope.
///
/// # Errors
/// `ERR_TYPE`, `ERR_FIELD_MISSING`, `ERR_FIELD_UNKNOWN`, `ERR_FORMAT_UNKNOWN`, `ERR_SYSTEM_UNKNOWN`, `ERR_VALUE`, `ERR_PAYLOAD_EMPTY`.
pub fn read(root: &Cursor<'_>, names: &mut Names) -> Result<Envelope, Error> {
    // Before the rest: a later format may have other fields.
    if let Some(format) = root.get("format") {
        let number = format.integer()?;
        if number != 1 {
            return Err(format.fail(ErrorCode::FormatUnknown, format!("format {number} is not one that this version reads (1)")));
        }
    }
    let system = root.req("system")?;
    let name = system.text()?;
    let Some(system) = System::from_name(name) else {
        let known: Vec<&str> = System::ALL.iter().map(|system| system.name()).collect();
        let message = format!("unknown system `{}`; known are {}", clip(name), known.join(", "));
        return Err(system.fail(ErrorCode::SystemUnknown, message));
    };
    let fields = if system == System::Latchgate { &FIELDS[..] } else { FIELDS.split_at(1).1 };
    root.only(fields)?;
    root.get("$schema").map(|schema| schema.text()).transpose()?;
    let text = |key: &str| -> Result<Option<String>, Error> { Ok(root.opt_text(key)?.map(Into::into)) };
    let instant = |key: &str| -> Result<Option<Instant>, Error> {
        let Some(field) = root.opt(key) else { return Ok(None) };
        let parsed = Instant::parse(field.text()?);
        parsed.map(Some).ok_or_else(|| field.fail(ErrorCode::Value, "not a time as RFC 3339 writes it"))
    };
    instant("issuedAt")?;
    let tenant = root.opt("tenant").map(|tenant| tenant.id()).transpose()?;
    let meta = Meta {
        server_version: text("serverVersion")?,
        tenant: tenant.map(|tenant| names.intern(tenant)),
        version: text("version")?,
        etag: text("etag")?,
        issued_at: text("issuedAt")?,
        expires_at: text("expiresAt")?,
        expires: instant("expiresAt")?,
    };
    let payloads = root.req("payloads")?;
    if payloads.members()?.next().is_none() {
        return Err(payloads.fail(ErrorCode::PayloadEmpty, "there is nothing in it to decide by"));
    }
    Ok(Envelope { system, meta })
}
