//! Lists: what the systems' own read endpoints compute, in their own shapes, and what every system has in common.

use crate::base::error::{Error, ErrorCode};
use crate::base::names::Sym;
use crate::base::system::System;
use crate::base::table::Table;
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
        None => own(compiled, documents, name, params),
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

/// What one system's API answers, in its own shape.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn own(compiled: &Compiled, documents: Option<&Documents>, name: &str, params: &Cursor<'_>) -> Result<Value, Error> {
    let system = compiled.system();
    let unknown = |why: &str| Err(Error::new(ErrorCode::ListUnknown, "$", [system, why].concat()));
    let known = System::from_name(system);
    let from_tables = match (known, name) {
        (Some(System::Emporix), "user-scopes") => Some(emporix_scopes(compiled, params)),
        (Some(System::Kura), "defined-permissions") => Some(kura_permissions(compiled, params)),
        _ => None,
    };
    if let Some(list) = from_tables {
        return list;
    }
    let Some(documents) = documents else {
        return unknown(": the lists in this system's own shapes are made of its documents, which a compiled snapshot does not hold");
    };
    match (known, name) {
        (Some(System::Hantera), "principals-by-role") => hantera_principals(documents, params),
        (Some(System::Emporix), "resource-permissions") => emporix_permissions(compiled, documents, params),
        (Some(System::Emporix), "access-controls") => {
            emporix_holders(compiled, &documents.access_controls, params, HolderKind::AccessControl)
        }
        (Some(System::Emporix), "user-groups") => emporix_holders(compiled, &documents.groups, params, HolderKind::Group),
        (Some(System::Kura), "users") => kura_users(compiled, documents, params),
        (Some(System::Ithbat), "permissions-by-category") => ithbat_permissions(documents, params),
        (Some(System::Ithbat), "categories") => ithbat_categories(documents, params),
        (Some(System::OpenArchiver), "policies") => open_archiver_policies(compiled, documents, params),
        _ => unknown(" has no such list"),
    }
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn kura_permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let rows = 0..compiled.rows(Section::Permissions);
    let names = rows.map(|row| text(compiled, Sym(compiled.cell(Section::Permissions, row, 0)))).collect();
    Ok(object([("permissions", Value::List(names))]))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn text(compiled: &Compiled, sym: Sym) -> Value {
    Value::Text(compiled.text(sym).into())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn documents<'d>(list: impl Iterator<Item = &'d Document>) -> Value {
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

/// H14: plain starts-with on role keys; suspended ones are left out unless asked for (H9).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn hantera_principals(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["rolePrefix", "includeSuspended"])?;
    let prefix = params.opt_text("rolePrefix")?;
    let suspended = params.opt_bool("includeSuspended")?.unwrap_or(false);
    let fits = |document: &&Document| {
        let roles = match document.value.get("roles") {
            Some(Value::List(roles)) => roles.as_slice(),
            _ => &[],
        };
        let has_role = prefix.is_none_or(|prefix| roles.iter().any(|role| role.as_text().is_some_and(|key| key.starts_with(prefix))));
        let active = matches!(document.value.get("suspendedAt"), None | Some(Value::Null));
        has_role && (active || suspended)
    };
    Ok(documents(source.principals.iter().filter(fits)))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn user(compiled: &Compiled, params: &Cursor<'_>) -> Result<Prepared, Error> {
    let member = params.req("user")?;
    let user = prepare(compiled, &Who::Named(member.id()?.into()), &Context::default());
    if user.principal.is_some() { Ok(user) } else { Err(member.fail(ErrorCode::Argument, "the snapshot has no such principal")) }
}

/// GET users/{id}/scopes: blank-separated, with the tenant's marker at the end (E18).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn emporix_scopes(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let mut scopes = holdings::permissions(compiled, &user);
    scopes.extend(compiled.tenant().map(|tenant| ["tenant=", tenant].concat()));
    let id = user.id.as_deref().unwrap_or_default();
    Ok(object([("userId", Value::Text(id.into())), ("scopes", Value::Text(scopes.join(" ").into()))]))
}

/// GET users/{id}/permissions/{resourceId}.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn emporix_permissions(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
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
fn emporix_holders(compiled: &Compiled, all: &[Document], params: &Cursor<'_>, kind: HolderKind) -> Result<Value, Error> {
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

/// Identities that hold a permission, or all of them.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn kura_users(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["permission"])?;
    let wanted = params.opt_text("permission")?.map(super::kura::permission_name);
    let node = wanted.map(|name| compiled.locate(&[name], true).exact);
    let mut ids = Table::default();
    for principal in (0..compiled.rows(Section::Principals)).filter_map(|at| compiled.principal(at)) {
        let grants = |action: u32| {
            let held = compiled.holds(&principal).into_iter().filter_map(|held| compiled.holder(held.holder.0));
            held.into_iter().any(|holder| compiled.entries(&holder).any(|(pair, _)| compiled.pair(pair).0 == action))
        };
        if node.is_none_or(|node| node.is_some_and(grants)) {
            ids.enter(principal.id);
        }
    }
    let found = documents(source.principals.iter().filter(|document| ids.has(document.id)));
    Ok(object([("userConfig", found)]))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn category(document: &Document) -> Option<&str> {
    document.value.get("category").and_then(Value::as_text)
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn ithbat_permissions(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["category"])?;
    let wanted = params.opt_text("category")?;
    let found = source.permissions.iter().filter(|document| wanted.is_none() || category(document) == wanted);
    let list: Vec<Value> = found.map(|document| document.value.clone()).collect();
    let total = Value::Number(list.len() as f64);
    Ok(object([("permissions", Value::List(list)), ("total", total)]))
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn ithbat_categories(source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let mut names: Vec<String> = source.permissions.iter().filter_map(category).map(Into::into).collect();
    holdings::sort(&mut names);
    let names = names.into_iter().map(|name| Value::Text(name.into())).collect();
    Ok(object([("categories", Value::List(names))]))
}

/// The user's policies after interpolation, concatenated in the order in which they count (A1, A9).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn open_archiver_policies(compiled: &Compiled, source: &Documents, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let id = holdings::subject_id(compiled, &user).unwrap_or_default();
    let mut all = Vec::new();
    for role in holdings::holders(compiled, &user, HolderKind::Role) {
        let document = source.policies.iter().find(|document| document.id == role);
        if let Some(Value::List(policies)) = document.map(|document| &document.value) {
            all.extend(policies.iter().map(|policy| crate::condition::substitute_text(policy, id)));
        }
    }
    Ok(Value::List(all))
}
