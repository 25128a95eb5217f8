//! Ithbat: tenant-scoped permissions `resource:action`, roles by name, token claims (rules I).

use super::requests::ROWS;
use crate::base::error::Error;
use crate::base::names::Sym;
use crate::base::system::System;
use crate::base::table::{Store, Table, index};
use crate::base::terms::{Combining, Held, HolderId, HolderKind, Pattern, RuleBook, Spelling};
use crate::base::text::cut;
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Document, Grant, Holder, Model, Permission, Principal, Profile, Refuses};
use crate::systems::lints::{DANGLING, EMPTY, entries};
use crate::systems::requests;
use crate::systems::{Index, Seen, each_item, each_new, is_email, known_payloads, optional, required};

static BOOK: RuleBook = RuleBook {
    default_deny: "I2",
    anonymous: "I4",
    unknown_principal: "I4",
    tenant: "I4",
    tenant_status: 403,
    suspended: "I8",
    suspended_status: 401,
    scopes: "I7",
    superuser: "I12",
    registry: "I5",
    login: "I8",
    broken: "I1",
    throws: "I1",
    list: "I1",
    cascade: "I1",
    any_action: "I6",
    nested: "I3",
    type_question: "I1",
    record_question: "I1",
    denied_by_rule: "I11",
    not_own: "I1",
    edit: "I9",
    nothing_required: "I1",
    route: "I3",
    token: "I7",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Ithbat,
        combining: Combining::Additive,
        spelling: Spelling::Flat,
        semantics: Semantics::Native,
        folded: None,
        empty_deny_on_types: false,
        visits_once: true,
        tenant_tree: false,
        book: &BOOK,
    }
}

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    known_payloads(payloads, System::Ithbat, &["permissions", "roles", "users", "groups", "tokens", "categories"])?;
    options.only(&[])?;
    if let Some(list) = payloads.opt("permissions") {
        read_permissions(model, &list)?;
    }
    let mut roles = Roles::default();
    read_roles(model, payloads, &mut roles)?;
    let mut memberships = Memberships::default();
    let mut groups = Index::default();
    read_groups(model, payloads, &roles, &mut groups, &mut memberships)?;
    each_new(model, payloads, ("users", &["data", "items", "users", "user"], "id"), &mut |model, user| {
        read_user(model, user, &roles, &groups, &memberships)
    })?;
    let known = entries::registered(model);
    let mut people = Table::default();
    for (at, principal) in model.principals.iter().enumerate() {
        people.put(principal.id, index(at));
    }
    each_new(model, payloads, ("tokens", &["tokens", "items", "data"], "sub"), &mut |model, token| {
        read_token(model, token, known.as_ref(), &people)
    })?;
    let system_ids: Vec<Sym> = model
        .documents
        .permissions
        .iter()
        .filter(|document| document.value.get("isSystem") == Some(&crate::Value::Bool(true)))
        .map(|document| document.id)
        .collect();
    // I9: permissions of the system cannot be changed or deleted.
    requests::enter(model, ROWS, &|| (Refuses::Ids(system_ids.clone()), "I9"));
    Ok(())
}

fn read_permissions(model: &mut Model, list: &Cursor<'_>) -> Result<(), Error> {
    let mut loaded = 0_usize;
    let mut seen = Seen::default();
    each_item(list, &["data", "items", "permissions", "permission"], &mut |permission| {
        loaded += 1;
        let (name, id) = if permission.as_text().is_some() {
            (permission.id()?, permission.id()?)
        } else {
            let name = permission.req("name")?.id()?;
            (name, permission.opt_text("id")?.unwrap_or(name))
        };
        let tenant = optional(model, permission, "tenantId")?;
        model.meta.tenant = model.meta.tenant.or(tenant);
        if !seen.enter(&mut model.names, id, permission)? {
            loaded -= 1;
            return Ok(());
        }
        let text = |key: &str| permission.opt_text(key);
        let (display, category) = (text("displayName")?, text("category")?);
        let entry = Permission {
            name: model.names.intern(name),
            display: display.map(|text| model.names.intern(text)),
            category: category.map(|text| model.names.intern(text)),
            system: permission.opt_bool("isSystem")?.unwrap_or(false),
        };
        let foreign = tenant.is_some() && tenant != model.meta.tenant;
        if foreign {
            model.warn("WARN_TENANT", permission, "the permission belongs to another tenant and does not count");
            return Ok(());
        }
        let id = model.names.intern(id);
        model.documents.permissions.push(Document { id, value: permission.to_value() });
        model.permissions.push(entry);
        Ok(())
    })?;
    // I5 counts only where the list is known to be whole.
    model.registry_closed = total(list) == Some(loaded as f64);
    Ok(())
}

/// The number of items that the server says there are, wherever the envelope has it.
fn total(list: &Cursor<'_>) -> Option<f64> {
    if list.is_list() {
        // Several pages: each says the same.
        return list.items().ok()?.find_map(|page| total(&page));
    }
    let number = |at: &Cursor<'_>, keys: &[&str]| keys.iter().find_map(|key| at.get(key)?.as_number());
    let pagination = list.get("meta").and_then(|meta| meta.get("pagination"));
    number(list, &["total", "totalItems"])
        .or_else(|| number(&pagination?, &["total", "totalItems", "totalCount"]))
        .or_else(|| total(&list.get("data").filter(Cursor::is_map)?))
}

/// The groups that list somebody as a member.
#[derive(Default)]
struct Memberships {
    of: Store<Vec<HolderId>>,
}

impl Memberships {
    fn enter(&mut self, member: Sym, group: HolderId) {
        match self.of.get_mut(member) {
            Some(groups) => groups.push(group),
            None => self.of.put(member, vec![group]),
        }
    }
}

/// Roles by id and by name: users may list either.
#[derive(Default)]
struct Roles {
    by_id: Index,
    by_name: Index,
}

impl Roles {
    fn find(&self, model: &Model, reference: &str) -> Option<Held> {
        let name = model.names.find(reference)?;
        self.by_id.get(name).or_else(|| self.by_name.get(name)).map(Held::from)
    }
}

fn read_roles(model: &mut Model, payloads: &Cursor<'_>, roles: &mut Roles) -> Result<(), Error> {
    let known = entries::registered(model);
    each_new(model, payloads, ("roles", &["data", "items", "roles", "role"], "id"), &mut |model, role| {
        let id = required(model, role, "id")?;
        let mut holder = Holder::new(HolderKind::Role, id);
        holder.name = optional(model, role, "name")?;
        holder.tenant = optional(model, role, "tenantId")?;
        // Built-in roles stay as they are.
        if role.get("isSystem").and_then(|flag| flag.as_bool()) == Some(true) {
            holder.origin().fixed = true;
        }
        let mut places = Vec::new();
        if let Some(permissions) = role.opt("permissions") {
            for (place, permission) in (0..).zip(permissions.items()?) {
                let name = if permission.is_map() { permission.req("name")?.text()? } else { permission.text()? };
                if !is_permission(name) {
                    model.warn("WARN_GRANT_EMPTY", &permission, "not spelled `resource:action`, so it is no permission and grants nothing");
                    continue;
                }
                entries::ithbat(model, known.as_ref(), &permission, name);
                let grant = grant(model, name);
                holder.grants.push(grant);
                places.push(place);
            }
        }
        holder.stand_at(places);
        let (name, tenant) = (holder.name, holder.tenant);
        let holder = model.add_holder(holder);
        roles.by_id.put(id, holder);
        // A name is unique within its tenant only; another tenant's must not take its place.
        let here = tenant.is_none() || tenant == model.meta.tenant;
        if let Some(name) = name.filter(|_| here) {
            roles.by_name.first(name, holder);
        }
        Ok(())
    })
}

/// I1.
pub fn is_permission(name: &str) -> bool {
    let (resource, action) = cut(name, b':');
    !resource.is_empty() && action.is_some_and(|action| !action.is_empty())
}

fn grant(model: &mut Model, name: &str) -> Grant {
    Grant::allow(Pattern::name(model.names.intern(name)), Pattern::Any, "I2")
}

/// I10: members of a group hold the group's roles.
fn read_groups(
    model: &mut Model,
    payloads: &Cursor<'_>,
    roles: &Roles,
    groups: &mut Index,
    memberships: &mut Memberships,
) -> Result<(), Error> {
    each_new(model, payloads, ("groups", &["data", "items", "groups"], "id"), &mut |model, group| {
        let id = required(model, group, "id")?;
        let mut holder = Holder::new(HolderKind::Group, id);
        holder.name = optional(model, group, "name")?;
        holder.tenant = optional(model, group, "tenantId")?;
        holder.includes = held_roles(model, group, roles)?;
        let holder = model.add_holder(holder);
        groups.put(id, holder);
        if let Some(members) = group.opt("members") {
            for member in members.items()? {
                let member = model.names.intern(member.text()?);
                memberships.enter(member, holder);
            }
        }
        Ok(())
    })
}

fn held_roles(model: &mut Model, at: &Cursor<'_>, roles: &Roles) -> Result<Vec<Held>, Error> {
    let mut held = Vec::new();
    let Some(list) = at.opt("roles") else { return Ok(held) };
    for role in list.items()? {
        let reference = if role.is_map() { role.req("id")?.text()? } else { role.text()? };
        match roles.find(model, reference) {
            Some(role) => held.push(role),
            None => model.warn("WARN_DANGLING", &role, "the role is not in the snapshot and grants nothing"),
        }
    }
    Ok(held)
}

fn read_user(model: &mut Model, user: &Cursor<'_>, roles: &Roles, groups: &Index, memberships: &Memberships) -> Result<(), Error> {
    let id = user.req("id")?.id()?;
    let kind = model.names.intern("user");
    let mut principal = Principal::new(model.names.intern(id), kind);
    principal.tenant = optional(model, user, "tenantId")?;
    let email = optional(model, user, "email")?;
    principal.aliases.extend(email.filter(|email| is_email(model.names.text(*email))));
    // I8, in every spelling that says so.
    let status = user.opt("status").and_then(|status| status.as_text()).map(str::to_ascii_lowercase);
    principal.suspended = user.opt_bool("isActive")? == Some(false)
        || user.opt_bool("isSuspended")? == Some(true)
        || user.opt("suspendedAt").is_some()
        || status.as_deref() == Some("suspended");
    principal.holds = held_roles(model, user, roles)?;
    if let Some(list) = user.opt("groups") {
        for group in list.items()? {
            let found = model.names.find(group.text()?).and_then(|id| groups.get(id));
            if found.is_none() {
                model.note(DANGLING, "I10", &group, &["the group is not in the snapshot and grants nothing"]);
            }
            principal.holds.extend(found.map(Held::from));
        }
    }
    let joined = memberships.of.get(principal.id).into_iter().flatten();
    principal.holds.extend(joined.map(|group| Held::from(*group)));
    model.principals.push(principal);
    Ok(())
}

/// I7: the claim is the effective list; role names in a token grant nothing. Who is suspended (I8) or another tenant's (I4) stays so.
fn read_token(model: &mut Model, token: &Cursor<'_>, known: Option<&Table>, people: &Table) -> Result<(), Error> {
    let id = model.names.intern(token.opt_text("sub")?.unwrap_or("token"));
    let kind = model.names.intern("user");
    let mut principal = Principal::new(id, kind);
    principal.tenant = optional(model, token, "tenant_id")?;
    if let Some(user) = people.get(id).and_then(|at| model.principals.get(at as usize)) {
        let foreign = principal.tenant.is_some() && user.tenant.is_some() && principal.tenant != user.tenant;
        // Of two tenants none is the right one.
        principal.suspended = user.suspended || foreign;
        principal.tenant = user.tenant.or(principal.tenant);
        if foreign {
            model.warn("WARN_TENANT", token, "the token is for another tenant than the user's, so nothing is allowed with it");
        }
    }
    let mut holder = Holder::new(HolderKind::Token, id);
    holder.listed = false;
    if let Some(permissions) = token.opt("permissions") {
        for permission in permissions.items()? {
            let name = permission.text()?;
            if !is_permission(name) {
                model.note(EMPTY, "I1", &permission, &["not spelled `resource:action`, so it is no permission and grants nothing"]);
                continue;
            }
            entries::ithbat(model, known, &permission, name);
            let mut grant = grant(model, name);
            grant.rule = "I7".into();
            holder.grants.push(grant);
        }
    }
    let holder = model.add_holder(holder);
    principal.holds.push(Held::from(holder));
    model.principals.push(principal);
    Ok(())
}
