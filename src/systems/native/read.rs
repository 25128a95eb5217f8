//! The native snapshot: the superset (rules N, `docs/rules/native.md`). Ours, so every unknown field is refused.

use super::endpoints::read_endpoint;
use super::grants::read_grants;
use super::spelled::{self, Spells};
use crate::base::error::{Error, ErrorCode};
use crate::base::instant::Instant;
use crate::base::names::Sym;
use crate::base::system::System;
use crate::base::table::{Store, Table};
use crate::base::terms::{Combining, Held, HolderId, HolderKind, Pattern, RuleBook, Segment, Spelling};
use crate::condition::Semantics;
use crate::json::pointer::{Cursor, clip};
use crate::model::trie::Trie;
use crate::model::{Holder, Model, Permission, Principal, Profile};
use crate::systems::Index;

static BOOK: RuleBook = RuleBook {
    default_deny: "N1",
    anonymous: "N1",
    unknown_principal: "N1",
    tenant: "N8",
    tenant_status: 403,
    suspended: "N9",
    suspended_status: 403,
    scopes: "N13",
    superuser: "N7",
    registry: "N16",
    login: "N9",
    broken: "N18",
    throws: "N18",
    list: "N10",
    cascade: "N3",
    any_action: "N3",
    nested: "N3",
    type_question: "N10",
    record_question: "N10",
    denied_by_rule: "N5",
    not_own: "N10",
    edit: "N17",
    nothing_required: "N17",
    route: "N17",
    token: "",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Latchgate,
        combining: Combining::DenyOverrides,
        spelling: Spelling::Path,
        semantics: Semantics::Native,
        folded: None,
        empty_deny_on_types: true,
        visits_once: true,
        tenant_tree: true,
        book: &BOOK,
    }
}

const FIELDS: [&str; 9] = ["combining", "registry", "permissions", "tenants", "resources", "roles", "groups", "principals", "endpoints"];

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    payloads.only(&FIELDS)?;
    options.only(&[])?;
    let combining = payloads.req("combining")?;
    model.profile.combining = match combining.text()? {
        "additive" => Combining::Additive,
        "deny-overrides" => Combining::DenyOverrides,
        "last-applicable" => Combining::LastApplicable,
        "first-applicable" => Combining::FirstApplicable,
        _ => {
            let known = "`additive`, `deny-overrides`, `last-applicable` or `first-applicable`";
            return Err(combining.fail(ErrorCode::Value, format!("expected {known}")));
        }
    };
    if let Some(registry) = payloads.get("registry") {
        model.registry_closed = one_of(&registry, &["open", "closed"])? == "closed";
    }
    let mut listed = Table::default();
    each(payloads, "permissions", &mut |permission| read_permission(model, permission, &mut listed))?;
    read_tenants(model, payloads)?;
    read_resources(model, payloads)?;
    let mut roles = Index::default();
    let mut groups = Index::default();
    // Ids first, so that what stands earlier can name what stands later.
    each(payloads, "roles", &mut |role| declare(model, role, "key", HolderKind::Role, &mut roles))?;
    each(payloads, "groups", &mut |group| declare(model, group, "id", HolderKind::Group, &mut groups))?;
    each(payloads, "roles", &mut |role| read_role(model, role, &roles))?;
    each(payloads, "groups", &mut |group| read_group(model, group, &roles, &groups))?;
    no_loops(model, payloads)?;
    let mut known = Table::default();
    each(payloads, "principals", &mut |principal| read_principal(model, principal, &roles, &groups, &mut known))?;
    each(payloads, "endpoints", &mut |endpoint| read_endpoint(model, endpoint))
}

fn each(at: &Cursor<'_>, key: &str, visit: &mut dyn FnMut(&Cursor<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let Some(list) = at.get(key) else { return Ok(()) };
    for item in list.items()? {
        visit(&item)?;
    }
    Ok(())
}

pub fn one_of<'j>(at: &Cursor<'j>, allowed: &[&str]) -> Result<&'j str, Error> {
    let text = at.text()?;
    if allowed.contains(&text) {
        return Ok(text);
    }
    Err(at.fail(ErrorCode::Value, format!("expected `{}`", allowed.join("` or `"))))
}

/// A text that may be absent but not null.
fn text<'j>(at: &Cursor<'j>, key: &str) -> Result<Option<&'j str>, Error> {
    at.get(key).map(|member| member.text()).transpose()
}

fn id_of(model: &mut Model, at: &Cursor<'_>, key: &str) -> Result<Option<Sym>, Error> {
    let Some(member) = at.get(key) else { return Ok(None) };
    Ok(Some(model.names.intern(member.id()?)))
}

/// The tenant in which something holds.
pub fn tenant_of(model: &mut Model, at: &Cursor<'_>) -> Result<Sym, Error> {
    Ok(model.names.intern(spelled::read(at, Spells::Tenant)?.text))
}

fn name_of(model: &mut Model, at: &Cursor<'_>, key: &str) -> Result<Option<Sym>, Error> {
    Ok(text(at, key)?.map(|text| model.names.intern(text)))
}

fn twice(at: &Cursor<'_>, id: &str) -> Error {
    at.fail(ErrorCode::IdDuplicate, format!("`{}` is defined twice", clip(id)))
}

fn read_permission(model: &mut Model, at: &Cursor<'_>, listed: &mut Table) -> Result<(), Error> {
    at.only(&["name", "displayName", "description", "category", "system"])?;
    text(at, "description")?;
    let member = at.req("name")?;
    let name = model.names.intern(member.id()?);
    if !listed.enter(name) {
        return Err(twice(&member, model.names.text(name)));
    }
    let system = at.get("system").map(|flag| flag.boolean()).transpose()?.unwrap_or(false);
    let display = name_of(model, at, "displayName")?;
    let category = name_of(model, at, "category")?;
    model.permissions.push(Permission { name, display, category, system });
    Ok(())
}

fn read_tenants(model: &mut Model, payloads: &Cursor<'_>) -> Result<(), Error> {
    let mut parents: Store<Option<Sym>> = Store::default();
    each(payloads, "tenants", &mut |tenant| {
        tenant.only(&["id", "parent"])?;
        let member = tenant.req("id")?;
        let id = model.names.intern(member.id()?);
        if parents.has(id) {
            return Err(twice(&member, model.names.text(id)));
        }
        let parent = id_of(model, tenant, "parent")?;
        parents.put(id, parent);
        model.tenants.push((id, parent));
        Ok(())
    })?;
    let all: Vec<Sym> = model.tenants.iter().map(|(id, _)| *id).collect();
    chain_has_no_loop(payloads, "tenants", &all, |id| parents.get(id).copied().flatten())?;
    // N8, N15: a tenant that is not listed stands alone, also where another one names it as its parent.
    let mut at = 0;
    each(payloads, "tenants", &mut |tenant| {
        if let Some((_, parent)) = model.tenants.get_mut(at)
            && parent.is_some_and(|parent| !parents.has(parent))
        {
            *parent = None;
            model.warn("WARN_DANGLING", tenant, "the parent is not in the list of tenants, so this one stands alone");
        }
        at += 1;
        Ok(())
    })
}

/// Refuses loops among things that have at most one parent; the path is that of the first one in the loop.
fn chain_has_no_loop(payloads: &Cursor<'_>, key: &str, all: &[Sym], parent: impl Fn(Sym) -> Option<Sym>) -> Result<(), Error> {
    // Everything from which the top has been reached.
    let mut safe = Table::default();
    for (index, start) in all.iter().enumerate() {
        let mut way = vec![*start];
        let mut at = *start;
        while let Some(next) = parent(at).filter(|next| !safe.has(*next)) {
            if way.len() > all.len() {
                let list = payloads.req(key)?;
                let item = list.items()?.nth(index);
                let place = item.as_ref().map_or_else(|| list.path(), Cursor::path);
                return Err(Error::new(ErrorCode::Cycle, place, format!("the {key} above this one run in a loop")));
            }
            way.push(next);
            at = next;
        }
        for id in way {
            safe.enter(id);
        }
    }
    Ok(())
}

/// The path of a declared resource or of a record: its type, then its id, which may itself be a path.
pub fn resource_path(kind: &str, id: Option<&str>) -> Vec<String> {
    let mut path: Vec<String> = kind.split('/').map(Into::into).collect();
    path.extend(id.into_iter().flat_map(|id| id.split('/')).map(Into::into));
    path
}

/// N20: by type and id, each read as the text that it is.
pub fn record_path(model: &mut Model, at: &Cursor<'_>) -> Result<Vec<Sym>, Error> {
    let member = at.req("type")?;
    let kind = spelled::read(&member, Spells::RequiredType)?.text;
    if kind.split('/').any(str::is_empty) {
        return Err(member.fail(ErrorCode::Value, "the type has an empty segment"));
    }
    let path = resource_path(kind, Some(spelled::read(&at.req("id")?, Spells::Id)?.text));
    if path.len() > MAX_SEGMENTS {
        return Err(at.fail(ErrorCode::Value, format!("the path has more than {MAX_SEGMENTS} segments")));
    }
    Ok(path.iter().map(|segment| model.names.intern(segment)).collect())
}

/// Segments of one path: enough for any hierarchy, and a bound on what a single id can cost.
pub const MAX_SEGMENTS: usize = 64;

fn read_resources(model: &mut Model, payloads: &Cursor<'_>) -> Result<(), Error> {
    let mut tree = Trie::with_seed(model.names.seed());
    let mut declared = Table::default();
    let node = |tree: &mut Trie, path: &[Sym]| tree.insert(&Pattern::path(&path.iter().copied().map(Segment::Name).collect::<Vec<_>>()));
    each(payloads, "resources", &mut |resource| {
        resource.only(&["type", "id", "parent"])?;
        let path = record_path(model, resource)?;
        if !declared.enter(node(&mut tree, &path)) {
            return Err(twice(resource, spelled::read(&resource.req("id")?, Spells::Id)?.text));
        }
        let parent = match resource.get("parent") {
            Some(parent) => {
                parent.only(&["type", "id"])?;
                Some(record_path(model, &parent)?)
            }
            None => None,
        };
        model.resources.push((path, parent));
        Ok(())
    })?;
    let mut links = Table::default();
    let mut position = 0;
    each(payloads, "resources", &mut |resource| {
        let Some((path, parent)) = model.resources.get_mut(position) else { return Ok(()) };
        position += 1;
        let Some(above) = parent.as_deref().map(|parent| node(&mut tree, parent)) else { return Ok(()) };
        if declared.has(above) {
            links.put(node(&mut tree, path), above);
        } else {
            // N15: a parent that is not declared is above nothing.
            *parent = None;
            model.warn("WARN_DANGLING", resource, "the parent is not in the snapshot, so it is above nothing");
        }
        Ok(())
    })?;
    // Above a resource are its own path and its declared parent; a loop may run through both.
    let starts: Vec<u32> = model.resources.iter().map(|(path, _)| node(&mut tree, path)).collect();
    // 1: its way up is being looked at; 2: it is known to end.
    let mut state = Table::default();
    for (position, start) in starts.into_iter().enumerate() {
        let mut stack = vec![(start, false)];
        while let Some((at, leaving)) = stack.pop() {
            if leaving {
                state.put(at, 2);
                continue;
            }
            match state.get(at) {
                None => {}
                Some(1) => {
                    let list = payloads.req("resources")?;
                    let place = list.items()?.nth(position).as_ref().map_or_else(|| list.path(), Cursor::path);
                    return Err(Error::new(ErrorCode::Cycle, place, "the resources above this one run in a loop"));
                }
                Some(_) => continue,
            }
            state.put(at, 1);
            stack.push((at, true));
            let above = [tree.above(at), links.get(at)].into_iter().flatten();
            stack.extend(above.filter(|up| state.get(*up) != Some(2)).map(|up| (up, false)));
        }
    }
    Ok(())
}

fn declare(model: &mut Model, at: &Cursor<'_>, key: &str, kind: HolderKind, index: &mut Index) -> Result<(), Error> {
    let member = at.req(key)?;
    let id = model.names.intern(member.id()?);
    if index.has(id) {
        return Err(twice(&member, model.names.text(id)));
    }
    let mut holder = Holder::new(kind, id);
    holder.name = name_of(model, at, "name")?;
    holder.tenant = at.get("tenant").map(|tenant| tenant_of(model, &tenant)).transpose()?;
    index.put(id, model.add_holder(holder));
    Ok(())
}

fn read_role(model: &mut Model, at: &Cursor<'_>, roles: &Index) -> Result<(), Error> {
    at.only(&["key", "name", "description", "tenant", "inherits", "superuser", "grants"])?;
    text(at, "description")?;
    let id = model.names.intern(at.req("key")?.id()?);
    let mut includes = Vec::new();
    each(at, "inherits", &mut |key| {
        includes.extend(reference(model, key, roles)?.map(Held::from));
        Ok(())
    })?;
    let (grants, places) = read_grants(model, at)?;
    let superuser = at.get("superuser").map(|flag| flag.boolean()).transpose()?.unwrap_or(false);
    if let Some(holder) = roles.get(id).and_then(|id| model.holders.get_mut(id.0 as usize)) {
        holder.includes = includes;
        holder.grants = grants;
        holder.stand_at(places);
        holder.superuser = superuser.then_some(id);
    }
    Ok(())
}

fn read_group(model: &mut Model, at: &Cursor<'_>, roles: &Index, groups: &Index) -> Result<(), Error> {
    at.only(&["id", "name", "tenant", "memberOf", "roles", "grants"])?;
    let id = model.names.intern(at.req("id")?.id()?);
    let mut includes = Vec::new();
    each(at, "memberOf", &mut |group| {
        includes.extend(reference(model, group, groups)?.map(Held::from));
        Ok(())
    })?;
    each(at, "roles", &mut |role| {
        includes.extend(role_reference(model, role, roles)?);
        Ok(())
    })?;
    let (grants, places) = read_grants(model, at)?;
    if let Some(holder) = groups.get(id).and_then(|id| model.holders.get_mut(id.0 as usize)) {
        holder.includes = includes;
        holder.grants = grants;
        holder.stand_at(places);
    }
    Ok(())
}

fn reference(model: &mut Model, at: &Cursor<'_>, index: &Index) -> Result<Option<HolderId>, Error> {
    let found = model.names.find(at.id()?).and_then(|id| index.get(id));
    if found.is_none() {
        model.warn("WARN_DANGLING", at, "nothing in the snapshot has this id, so it grants nothing");
    }
    Ok(found)
}

/// A role's key, or one that holds only in a tenant.
fn role_reference(model: &mut Model, at: &Cursor<'_>, roles: &Index) -> Result<Option<Held>, Error> {
    if !at.is_map() {
        return Ok(reference(model, at, roles)?.map(Held::from));
    }
    at.only(&["role", "scope"])?;
    let scope = at.get("scope").map(|scope| tenant_of(model, &scope)).transpose()?;
    Ok(reference(model, &at.req("role")?, roles)?.map(|holder| Held { holder, scope }))
}

/// N15: inheritance and membership. Roles and groups are one graph.
fn no_loops(model: &Model, payloads: &Cursor<'_>) -> Result<(), Error> {
    let mut state: Vec<u8> = vec![0; model.holders.len()];
    let mark = |state: &mut Vec<u8>, at: u32, value: u8| {
        if let Some(slot) = state.get_mut(at as usize) {
            *slot = value;
        }
    };
    for start in 0..model.holders.len() {
        let mut stack = vec![(u32::try_from(start).unwrap_or(u32::MAX), false)];
        while let Some((at, leaving)) = stack.pop() {
            if leaving {
                mark(&mut state, at, 2);
                continue;
            }
            match state.get(at as usize) {
                Some(0) => {}
                Some(1) => return Err(loop_error(model, payloads, at)),
                _ => continue,
            }
            mark(&mut state, at, 1);
            stack.push((at, true));
            let includes = model.holders.get(at as usize).map(|holder| holder.includes.as_slice()).unwrap_or_default();
            let open = includes.iter().map(|held| held.holder.0).filter(|next| state.get(*next as usize) != Some(&2));
            stack.extend(open.map(|next| (next, false)));
        }
    }
    Ok(())
}

fn loop_error(model: &Model, payloads: &Cursor<'_>, at: u32) -> Error {
    let Some(holder) = model.holders.get(at as usize) else { return payloads.fail(ErrorCode::Cycle, "a loop") };
    let (list, sentence) = match holder.kind {
        HolderKind::Role => ("roles", "the role inherits itself"),
        _ => ("groups", "the group is a member of itself"),
    };
    let id = model.names.text(holder.id);
    let Some(list) = payloads.get(list) else { return payloads.fail(ErrorCode::Cycle, sentence) };
    let place = list.items().ok().and_then(|mut items| {
        items
            .find(|item| ["key", "id"].iter().any(|key| item.get(key).is_some_and(|member| member.as_text() == Some(id))))
            .map(|item| item.path())
    });
    Error::new(ErrorCode::Cycle, place.unwrap_or_else(|| list.path()), format!("{sentence}, through others or at once"))
}

fn read_principal(model: &mut Model, at: &Cursor<'_>, roles: &Index, groups: &Index, known: &mut Table) -> Result<(), Error> {
    at.only(&["id", "type", "name", "aliases", "tenant", "status", "validFrom", "validUntil", "roles", "groups", "grants", "attributes"])?;
    let member = at.req("id")?;
    let id = model.names.intern(member.id()?);
    if !known.enter(id) {
        return Err(twice(&member, model.names.text(id)));
    }
    let kind = match at.get("type") {
        Some(kind) => one_of(&kind, &["user", "client", "service"])?,
        None => "user",
    };
    let kind = model.names.intern(kind);
    let mut principal = Principal::new(id, kind);
    principal.name = name_of(model, at, "name")?;
    principal.tenant = id_of(model, at, "tenant")?;
    each(at, "aliases", &mut |alias| {
        principal.aliases.push(model.names.intern(alias.id()?));
        Ok(())
    })?;
    if let Some(status) = at.get("status") {
        principal.suspended = one_of(&status, &["active", "suspended"])? == "suspended";
    }
    principal.valid_from = instant(at, "validFrom")?;
    principal.valid_until = instant(at, "validUntil")?;
    if let Some(attributes) = at.get("attributes") {
        principal.attributes = attributes.members()?.map(|(key, value)| (key.into(), value.to_value())).collect();
    }
    each(at, "roles", &mut |role| {
        principal.holds.extend(role_reference(model, role, roles)?);
        Ok(())
    })?;
    each(at, "groups", &mut |group| {
        principal.holds.extend(reference(model, group, groups)?.map(Held::from));
        Ok(())
    })?;
    let (grants, places) = read_grants(model, at)?;
    if !grants.is_empty() {
        let mut holder = Holder::new(HolderKind::Direct, id);
        holder.listed = false;
        holder.grants = grants;
        holder.stand_at(places);
        let holder = model.add_holder(holder);
        principal.holds.push(Held::from(holder));
    }
    model.principals.push(principal);
    Ok(())
}

fn instant(at: &Cursor<'_>, key: &str) -> Result<Option<Instant>, Error> {
    let Some(member) = at.get(key) else { return Ok(None) };
    let read = Instant::parse(member.text()?);
    read.map(Some).ok_or_else(|| member.fail(ErrorCode::Value, "not a time as RFC 3339 writes it"))
}
