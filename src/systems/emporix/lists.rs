//! Scopes, permissions, access controls and groups as Emporix lists them.

use crate::base::error::{Error, ErrorCode};
use crate::base::names::Sym;
use crate::base::table::Table;
use crate::base::terms::HolderKind;
use crate::compiled::Compiled;
use crate::compiled::layout::Section;
use crate::holdings;
use crate::json::pointer::Cursor;
use crate::model::{Document, Documents};
use crate::systems::lists::{documents, missing, object, user};
use crate::value::Value;

/// Answers a list by name.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, source: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    Some(match name {
        "user-scopes" => scopes(compiled, params),
        "resource-permissions" => source.map_or_else(|| missing(compiled), |source| permissions(compiled, source, params)),
        "access-controls" => {
            source.map_or_else(|| missing(compiled), |source| holders(compiled, &source.access_controls, params, HolderKind::AccessControl))
        }
        "user-groups" => source.map_or_else(|| missing(compiled), |source| holders(compiled, &source.groups, params, HolderKind::Group)),
        _ => return None,
    })
}

/// GET users/{id}/scopes: blank-separated, with the tenant's marker at the end (E18).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn scopes(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let mut scopes = holdings::permissions(compiled, &user);
    scopes.extend(compiled.tenant().map(|tenant| ["tenant=", tenant].concat()));
    let id = user.id.as_deref().unwrap_or_default();
    Ok(object([("userId", Value::Text(id.into())), ("scopes", Value::Text(scopes.join(" ").into()))]))
}

/// GET users/{id}/permissions/{resourceId}.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn permissions(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user", "resource"])?;
    let user = user(compiled, params)?;
    let member = params.req("resource")?;
    let id = compiled.find(member.id()?);
    let resource = source.resources.iter().find(|document| Some(document.id) == id);
    let code = resource.and_then(|document| document.value.get("code")).and_then(Value::as_text);
    let Some(code) = code else { return Err(member.fail(ErrorCode::Argument, "the snapshot has no such resource")) };
    let scopes = holdings::permissions(compiled, &user);
    let held = source.permissions.iter().filter(|document| {
        let permission = document.value.get("code").and_then(Value::as_text).unwrap_or_default();
        let plain = format!("{code}_{permission}");
        // E13: restricted to some sites, it is held all the same.
        scopes.iter().any(|scope| *scope == plain || scope.strip_prefix(&plain).is_some_and(|rest| rest.starts_with("--")))
    });
    Ok(documents(held))
}

/// GET users/{id}/access-controls, groups/{id}/access-controls and users/{id}/groups.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn holders(compiled: &Compiled, all: &[Document], params: &Cursor<'_>, kind: HolderKind) -> Result<Value, Error> {
    params.only(if kind == HolderKind::Group { &["user"] } else { &["user", "group", "resource"] })?;
    let ids: Vec<Sym> = match params.opt("group") {
        Some(_) if params.opt("user").is_some() => {
            return Err(params.fail(ErrorCode::Argument, "expected either a user or a group"));
        }
        Some(group) => {
            let found = compiled.find(group.id()?).and_then(|id| compiled.lookup(Section::Groups, id));
            let Some(found) = found else { return Err(group.fail(ErrorCode::Argument, "the snapshot has no such group")) };
            below(compiled, found, kind)
        }
        None => holdings::holders(compiled, &user(compiled, params)?, kind),
    };
    let resource = params.opt_text("resource")?;
    let on_resource = |document: &&Document| {
        let expanded = document.value.get("resource").and_then(|resource| resource.get("id"));
        let id = document.value.get("resourceId").or(expanded).and_then(Value::as_text);
        resource.is_none() || id == resource
    };
    let mut wanted = Table::default();
    for id in ids {
        wanted.enter(id);
    }
    Ok(documents(all.iter().filter(|document| wanted.has(document.id)).filter(on_resource)))
}

/// Everything of a kind that a holder includes, itself or through others.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn below(compiled: &Compiled, start: u32, kind: HolderKind) -> Vec<Sym> {
    let mut found = Vec::new();
    let mut open = vec![start];
    while let Some(holder) = open.pop().and_then(|at| compiled.holder(at)) {
        if holder.kind == kind && !found.contains(&holder.id) {
            found.push(holder.id);
        }
        open.extend(compiled.includes(&holder).iter().map(|held| held.holder.0));
    }
    found
}
