//! Lists: what the systems' own read endpoints compute, in their own shapes, and what every system has in common.

use crate::compile::Compiled;
use crate::cursor::Cursor;
use crate::decision::grant_text;
use crate::engine::{Context, Prepared, Who, prepare};
use crate::error::{Error, ErrorCode};
use crate::listing;
use crate::model::{Document, HolderId, HolderKind};
use crate::names::Sym;
use crate::system::System;
use crate::table::{Table, index};
use crate::value::Value;

/// Answers a list by name.
///
/// # Errors
/// `ERR_LIST_UNKNOWN`, `ERR_ARGUMENT`.
pub fn list(compiled: &Compiled, name: &str, params: &Cursor<'_>) -> Result<Value, Error> {
    let answer = read(compiled, name, params);
    answer.map_err(|error| match error.code() {
        ErrorCode::ListUnknown | ErrorCode::Argument => error,
        _ => Error::new(ErrorCode::Argument, error.path(), error.message()),
    })
}

fn read(compiled: &Compiled, name: &str, params: &Cursor<'_>) -> Result<Value, Error> {
    match (compiled.profile.system, name) {
        (System::Hantera, "principals-by-role") => hantera_principals(compiled, params),
        (System::Emporix, "user-scopes") => emporix_scopes(compiled, params),
        (System::Emporix, "resource-permissions") => emporix_permissions(compiled, params),
        (System::Emporix, "access-controls") => emporix_holders(compiled, params, HolderKind::AccessControl),
        (System::Emporix, "user-groups") => emporix_holders(compiled, params, HolderKind::Group),
        (System::Kura, "defined-permissions") => {
            params.only(&[])?;
            let names = compiled.permissions.iter().map(|permission| text(compiled, permission.name)).collect();
            Ok(object([("permissions", Value::List(names))]))
        }
        (System::Kura, "users") => kura_users(compiled, params),
        (System::Ithbat, "permissions-by-category") => ithbat_permissions(compiled, params),
        (System::Ithbat, "categories") => ithbat_categories(compiled, params),
        (System::OpenArchiver, "policies") => open_archiver_policies(compiled, params),
        (_, "principals") => principals(compiled, params),
        (_, "roles") => holders(compiled, params, &[HolderKind::Role, HolderKind::AccessControl]),
        (_, "groups") => holders(compiled, params, &[HolderKind::Group]),
        (_, "permissions") => permissions(compiled, params),
        (system, _) => Err(Error::new(ErrorCode::ListUnknown, "$", format!("{system} has no such list"))),
    }
}

fn text(compiled: &Compiled, sym: Sym) -> Value {
    Value::Text(compiled.names.text(sym).into())
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn documents<'d>(list: impl Iterator<Item = &'d Document>) -> Value {
    Value::List(list.map(|document| document.value.clone()).collect())
}

fn principals(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let one = |principal: &crate::model::Principal| {
        let mut members = vec![("id", text(compiled, principal.id)), ("type", text(compiled, principal.kind))];
        members.extend(principal.name.map(|name| ("name", text(compiled, name))));
        members.extend(principal.tenant.map(|tenant| ("tenant", text(compiled, tenant))));
        members.push(("suspended", Value::Bool(principal.suspended)));
        let roles = principal.holds.iter().filter_map(|held| compiled.holders.get(held.holder.0 as usize));
        let listed = roles.filter(|holder| matches!(holder.kind, HolderKind::Role | HolderKind::Group));
        members.push(("holds", Value::List(listed.map(|holder| text(compiled, holder.id)).collect())));
        Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    Ok(Value::List(compiled.principals.iter().map(one).collect()))
}

fn holders(compiled: &Compiled, params: &Cursor<'_>, kinds: &[HolderKind]) -> Result<Value, Error> {
    params.only(&[])?;
    let all = compiled.holders.iter().enumerate().map(|(at, holder)| (HolderId(index(at)), holder));
    let listed = all.filter(|(_, holder)| holder.listed && kinds.contains(&holder.kind));
    let one = |(id, holder): (HolderId, &crate::model::Holder)| {
        let mut members = vec![("id", text(compiled, holder.id))];
        members.extend(holder.name.map(|name| ("name", text(compiled, name))));
        members.extend(holder.tenant.map(|tenant| ("tenant", text(compiled, tenant))));
        let mut grants: Vec<u32> = compiled.entries(id).iter().map(|entry| entry.grant).collect();
        grants.dedup();
        let texts = grants.iter().filter_map(|grant| compiled.grants.get(*grant as usize));
        let grants = texts.map(|grant| {
            let effect = if grant.effect == crate::model::GrantEffect::Deny { "deny" } else { "allow" };
            let permission = Value::Text(grant_text(compiled, grant).into());
            let conditional = grant.condition.as_ref().is_some_and(|condition| !condition.is_empty());
            object([("effect", Value::Text(effect.into())), ("permission", permission), ("conditional", Value::Bool(conditional))])
        });
        members.push(("grants", Value::List(grants.collect())));
        let includes = holder.includes.iter().filter_map(|held| compiled.holders.get(held.holder.0 as usize));
        members.push(("includes", Value::List(includes.map(|inner| text(compiled, inner.id)).collect())));
        members.push(("superuser", Value::Bool(holder.superuser.is_some())));
        Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    Ok(Value::List(listed.map(one).collect()))
}

fn permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let one = |permission: &crate::model::Permission| {
        let mut members = vec![("name", text(compiled, permission.name))];
        members.extend(permission.display.map(|display| ("displayName", text(compiled, display))));
        members.extend(permission.category.map(|category| ("category", text(compiled, category))));
        members.push(("system", Value::Bool(permission.system)));
        Value::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    if !compiled.permissions.is_empty() {
        return Ok(Value::List(compiled.permissions.iter().map(one).collect()));
    }
    // Without a registry: whatever a grant or an endpoint names, in byte order.
    let mut named: Vec<String> = compiled.required_permissions().map(Into::into).collect();
    let allows = compiled.grants.iter().filter(|grant| grant.effect == crate::model::GrantEffect::Allow);
    named.extend(allows.map(|grant| grant_text(compiled, grant)));
    listing::sort(&mut named);
    let plain = |name: String| object([("name", Value::Text(name.into())), ("system", Value::Bool(false))]);
    Ok(Value::List(named.into_iter().map(plain).collect()))
}

/// H14: plain starts-with on role keys; suspended ones are left out unless asked for (H9).
fn hantera_principals(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
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
    Ok(documents(compiled.documents.principals.iter().filter(fits)))
}

fn user(compiled: &Compiled, params: &Cursor<'_>) -> Result<Prepared, Error> {
    let member = params.req("user")?;
    let user = prepare(compiled, &Who::Named(member.id()?.into()), &Context::default());
    if user.principal.is_some() { Ok(user) } else { Err(member.fail(ErrorCode::Argument, "the snapshot has no such principal")) }
}

/// GET users/{id}/scopes: blank-separated, with the tenant's marker at the end (E18).
fn emporix_scopes(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let mut scopes = listing::permissions(compiled, &user);
    scopes.extend(compiled.meta.tenant.map(|tenant| format!("tenant={}", compiled.names.text(tenant))));
    let id = user.id.as_deref().unwrap_or_default();
    Ok(object([("userId", Value::Text(id.into())), ("scopes", Value::Text(scopes.join(" ").into()))]))
}

/// GET users/{id}/permissions/{resourceId}.
fn emporix_permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user", "resource"])?;
    let user = user(compiled, params)?;
    let member = params.req("resource")?;
    let id = compiled.names.find(member.id()?);
    let resource = compiled.documents.resources.iter().find(|document| Some(document.id) == id);
    let code = resource.and_then(|document| document.value.get("code")).and_then(Value::as_text);
    let Some(code) = code else { return Err(member.fail(ErrorCode::Argument, "the snapshot has no such resource")) };
    let scopes = listing::permissions(compiled, &user);
    let held = compiled.documents.permissions.iter().filter(|document| {
        let permission = document.value.get("code").and_then(Value::as_text).unwrap_or_default();
        let plain = format!("{code}_{permission}");
        // E13: restricted to some sites, it is held all the same.
        scopes.iter().any(|scope| *scope == plain || scope.strip_prefix(&plain).is_some_and(|rest| rest.starts_with("--")))
    });
    Ok(documents(held))
}

/// GET users/{id}/access-controls, groups/{id}/access-controls and users/{id}/groups.
fn emporix_holders(compiled: &Compiled, params: &Cursor<'_>, kind: HolderKind) -> Result<Value, Error> {
    let (known, all) = match kind {
        HolderKind::Group => (&["user"][..], &compiled.documents.groups),
        _ => (&["user", "group", "resource"][..], &compiled.documents.access_controls),
    };
    params.only(known)?;
    let ids: Vec<Sym> = match params.opt("group") {
        Some(_) if params.opt("user").is_some() => {
            return Err(params.fail(ErrorCode::Argument, "expected either a user or a group"));
        }
        Some(group) => {
            let found = compiled.names.find(group.id()?).and_then(|id| compiled.groups.get(id));
            let Some(found) = found else { return Err(group.fail(ErrorCode::Argument, "the snapshot has no such group")) };
            below(compiled, found, kind)
        }
        None => listing::holders(compiled, &user(compiled, params)?, kind),
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
fn below(compiled: &Compiled, start: u32, kind: HolderKind) -> Vec<Sym> {
    let mut found = Vec::new();
    let mut open = vec![start];
    while let Some(holder) = open.pop().and_then(|at| compiled.holders.get(at as usize)) {
        if holder.kind == kind && !found.contains(&holder.id) {
            found.push(holder.id);
        }
        open.extend(holder.includes.iter().map(|held| held.holder.0));
    }
    found
}

/// Identities that hold a permission, or all of them.
fn kura_users(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["permission"])?;
    let wanted = params.opt_text("permission")?.map(super::kura::permission_name);
    let wanted = wanted.map(|name| compiled.names.find(name));
    let holds = |principal: &crate::model::Principal| {
        let Some(wanted) = wanted else { return true };
        let holders = principal.holds.iter();
        let mut entries = holders.flat_map(|held| compiled.entries(held.holder));
        wanted.is_some_and(|name| {
            let node = compiled.actions.locate(&[Some(name)]).exact;
            entries.any(|entry| Some(entry.action) == node)
        })
    };
    let mut ids = Table::default();
    for principal in compiled.principals.iter().filter(|principal| holds(principal)) {
        ids.enter(principal.id);
    }
    let found = documents(compiled.documents.principals.iter().filter(|document| ids.has(document.id)));
    Ok(object([("userConfig", found)]))
}

fn category(document: &Document) -> Option<&str> {
    document.value.get("category").and_then(Value::as_text)
}

fn ithbat_permissions(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["category"])?;
    let wanted = params.opt_text("category")?;
    let found = compiled.documents.permissions.iter().filter(|document| wanted.is_none() || category(document) == wanted);
    let list: Vec<Value> = found.map(|document| document.value.clone()).collect();
    let total = Value::Number(list.len() as f64);
    Ok(object([("permissions", Value::List(list)), ("total", total)]))
}

fn ithbat_categories(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&[])?;
    let mut names: Vec<String> = compiled.documents.permissions.iter().filter_map(category).map(Into::into).collect();
    listing::sort(&mut names);
    let names = names.into_iter().map(|name| Value::Text(name.into())).collect();
    Ok(object([("categories", Value::List(names))]))
}

/// The user's policies after interpolation, concatenated in the order in which they count (A1, A9).
fn open_archiver_policies(compiled: &Compiled, params: &Cursor<'_>) -> Result<Value, Error> {
    params.only(&["user"])?;
    let user = user(compiled, params)?;
    let id = listing::subject_id(compiled, &user).unwrap_or_default();
    let mut all = Vec::new();
    for role in listing::holders(compiled, &user, HolderKind::Role) {
        let document = compiled.documents.policies.iter().find(|document| document.id == role);
        if let Some(Value::List(policies)) = document.map(|document| &document.value) {
            all.extend(policies.iter().map(|policy| crate::condition::substitute_text(policy, id)));
        }
    }
    Ok(Value::List(all))
}
