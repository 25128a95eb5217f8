//! Lists: what the systems' own read endpoints compute, in their own shapes, and what every system has in common.

use super::server;
use crate::base::error::{Error, ErrorCode};
use crate::base::names::Sym;
use crate::base::system::System;
use crate::base::terms::HolderKind;
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, name};
use crate::decision::grant_text;
use crate::engine::{Context, Prepared, Who, prepare};
use crate::holdings;
use crate::json::pointer::Cursor;
use crate::model::{Document, Documents};
use crate::value::Value;

/// Answers a list by name.
///
/// # Errors
/// `ERR_LIST_UNKNOWN`, `ERR_ARGUMENT`.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn list(compiled: &Compiled, documents: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Result<Value, Error> {
    let answer = match common(compiled, name, params) {
        Some(answer) => answer,
        None => System::from_name(compiled.system())
            .and_then(|system| server::list(system, compiled, documents, name, params))
            .unwrap_or_else(|| unknown(compiled, " has no such list")),
    };
    answer.map_err(|error| match error.code() {
        ErrorCode::ListUnknown | ErrorCode::Argument => error,
        _ => Error::new(ErrorCode::Argument, error.path(), error.message()),
    })
}

/// What every system has.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn common(compiled: &Compiled, name: &str, params: &Cursor<'_>) -> Option<Result<Value, Error>> {
    match name {
        "principals" => Some(principals(compiled, params)),
        "roles" => Some(holders(compiled, params, &[HolderKind::Role, HolderKind::AccessControl])),
        "groups" => Some(holders(compiled, params, &[HolderKind::Group])),
        "permissions" => Some(permissions(compiled, params)),
        _ => None,
    }
}

fn unknown(compiled: &Compiled, why: &str) -> Result<Value, Error> {
    Err(Error::new(ErrorCode::ListUnknown, "$", [compiled.system(), why].concat()))
}

/// The refusal where a list is made of documents, and there are none.
pub fn missing(compiled: &Compiled) -> Result<Value, Error> {
    unknown(compiled, ": the lists in this system's own shapes are made of its documents, which a compiled snapshot does not hold")
}

#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn text(compiled: &Compiled, sym: Sym) -> Value {
    Value::Text(compiled.text(sym).into())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn documents<'d>(list: impl Iterator<Item = &'d Document>) -> Value {
    Value::List(list.map(|document| document.value.clone()).collect())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn map(members: Vec<(&str, Value)>) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn principals(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let mut list = Vec::new();
    for principal in (0..compiled.rows(Section::Principals)).filter_map(|at| compiled.principal(at)) {
        let mut members = vec![("id", text(compiled, principal.id)), ("type", text(compiled, principal.kind))];
        members.extend(principal.name.map(|name| ("name", text(compiled, name))));
        members.extend(principal.tenant.map(|tenant| ("tenant", text(compiled, tenant))));
        members.push(("suspended", Value::Bool(principal.suspended)));
        let held = compiled.holds(&principal).into_iter().filter_map(|held| compiled.holder(held.holder.0));
        let listed = held.filter(|holder| matches!(holder.kind, HolderKind::Role | HolderKind::Group));
        members.push(("holds", Value::List(listed.map(|holder| text(compiled, holder.id)).collect())));
        list.push(map(members));
    }
    Ok(Value::List(list))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn holders(compiled: &Compiled, params: &Cursor<'_>, kinds: &[HolderKind]) -> Result<Value, Error> {
    params.only(&[])?;
    let mut list = Vec::new();
    for holder in (0..compiled.rows(Section::Holders)).filter_map(|at| compiled.holder(at)) {
        if !holder.listed || !kinds.contains(&holder.kind) {
            continue;
        }
        let mut members = vec![("id", text(compiled, holder.id))];
        members.extend(holder.name.map(|name| ("name", text(compiled, name))));
        members.extend(holder.tenant.map(|tenant| ("tenant", text(compiled, tenant))));
        let mut grants: Vec<u32> = compiled.entries(&holder).map(|(_, grant)| grant).collect();
        grants.sort_unstable();
        grants.dedup();
        let grants = grants.into_iter().filter_map(|grant| compiled.grant(grant)).map(|grant| {
            let effect = if grant.denies { "deny" } else { "allow" };
            let permission = Value::Text(grant_text(compiled, &grant).into());
            object([("effect", Value::Text(effect.into())), ("permission", permission), ("conditional", Value::Bool(grant.conditional))])
        });
        members.push(("grants", Value::List(grants.collect())));
        let includes = compiled.includes(&holder).into_iter().filter_map(|held| compiled.holder(held.holder.0));
        members.push(("includes", Value::List(includes.map(|inner| text(compiled, inner.id)).collect())));
        members.push(("superuser", Value::Bool(holder.superuser.is_some())));
        list.push(map(members));
    }
    Ok(Value::List(list))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let mut list = Vec::new();
    for row in 0..compiled.rows(Section::Permissions) {
        let cell = |column: u32| name(compiled.cell(Section::Permissions, row, column)).map(|name| text(compiled, name));
        let mut members = Vec::new();
        members.extend(cell(0).map(|name| ("name", name)));
        members.extend(cell(1).map(|display| ("displayName", display)));
        members.extend(cell(2).map(|category| ("category", category)));
        members.push(("system", Value::Bool(compiled.cell(Section::Permissions, row, 3) == 1)));
        list.push(map(members));
    }
    if list.is_empty() {
        // Without a registry: whatever a grant or an endpoint names, in byte order.
        let mut named: Vec<String> = holdings::required(compiled);
        for grant in (0..compiled.rows(Section::Grants)).filter_map(|at| compiled.grant(at)).filter(|grant| !grant.denies) {
            named.push(grant_text(compiled, &grant));
        }
        holdings::sort(&mut named);
        list.extend(named.into_iter().map(|name| object([("name", Value::Text(name.into())), ("system", Value::Bool(false))])));
    }
    Ok(Value::List(list))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn user(compiled: &Compiled, params: &Cursor<'_>) -> Result<Prepared, Error> {
    let member = params.req("user")?;
    let user = prepare(compiled, &Who::Named(member.id()?.into()), &Context::default());
    if user.principal.is_some() { Ok(user) } else { Err(member.fail(ErrorCode::Argument, "the snapshot has no such principal")) }
}
