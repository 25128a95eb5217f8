//! The requests of a native snapshot (N17, N21).

use super::read::one_of;
use super::spelled::{self, Spells};
use crate::base::error::{Error, ErrorCode};
use crate::base::names::Sym;
use crate::json::pointer::Cursor;
use crate::model::{Check, Endpoint, Model, Need, PathPart, Requirement};
use crate::systems::requests::path_parts;

pub fn read_endpoint(model: &mut Model, at: &Cursor<'_>) -> Result<(), Error> {
    at.only(&["method", "path", "requires"])?;
    let method = spelled::method(&at.req("method")?)?.map(|method| model.names.intern(&method));
    let member = at.req("path")?;
    let path = spelled::read(&member, Spells::Path)?;
    let path = if path.literal {
        let segments = path.text.trim_matches('/').split('/');
        segments.map(|part| PathPart::Literal(model.names.intern(part))).collect()
    } else {
        path_parts(model, path.text)
    };
    if path.iter().rev().skip(1).any(|part| *part == PathPart::Rest) {
        return Err(member.fail(ErrorCode::Value, "`**` stands for the rest of the path and so only at its end"));
    }
    let requires = read_requirement(model, &at.req("requires")?)?;
    model.endpoints.push(Endpoint { method, path, requires, also: None, guard: None });
    Ok(())
}

fn read_requirement(model: &mut Model, at: &Cursor<'_>) -> Result<Requirement, Error> {
    let needs = |model: &mut Model, list: Cursor<'_>| -> Result<Vec<Need>, Error> {
        let need = |item: Cursor<'_>| Ok(Need { permission: required(model, &item, Spells::RequiredPermission)?, own: None });
        list.items()?.map(need).collect()
    };
    let forms = ["anyOf", "allOf", "action", "authenticated", "none"];
    if forms.iter().filter(|form| at.get(form).is_some()).count() != 1 {
        let message = "expected exactly one of `anyOf`, `allOf`, `action`, `authenticated` and `none`";
        return Err(at.fail(ErrorCode::Value, message));
    }
    if let Some(list) = at.get("anyOf") {
        at.only(&["anyOf"])?;
        return needs(model, list).map(Requirement::Any);
    }
    if let Some(list) = at.get("allOf") {
        at.only(&["allOf"])?;
        return needs(model, list).map(Requirement::All);
    }
    if let Some(action) = at.get("action") {
        at.only(&["action", "subject", "check"])?;
        let on_type = one_of(&at.req("check")?, &["type", "instance"])? == "type";
        let action = required(model, &action, Spells::RequiredAction)?;
        let subject = required(model, &at.req("subject")?, Spells::RequiredType)?;
        return Ok(Requirement::Check(Check { action, subject, on_type, on_record: !on_type, hidden: false }));
    }
    at.only(&["authenticated", "none"])?;
    for (key, requirement) in [("authenticated", Requirement::LoggedIn), ("none", Requirement::Nothing)] {
        if let Some(flag) = at.get(key) {
            // `false` would be a requirement that nobody can read.
            return if flag.boolean()? { Ok(requirement) } else { Err(flag.fail(ErrorCode::Value, "expected true")) };
        }
    }
    Ok(Requirement::Unknown)
}

/// A name that a request requires: as no grant's pattern has an empty segment, neither has it.
fn required(model: &mut Model, at: &Cursor<'_>, spells: Spells) -> Result<Sym, Error> {
    let text = spelled::read(at, spells)?.text;
    let (resource, action) = match spells {
        Spells::RequiredType => (text, "-"),
        Spells::RequiredPermission => text.split_once(':').unwrap_or(("-", text)),
        _ => ("-", text),
    };
    if resource.split('/').chain(action.split(':')).any(str::is_empty) {
        return Err(at.fail(ErrorCode::Value, "the name has an empty segment"));
    }
    Ok(model.names.intern(text))
}
