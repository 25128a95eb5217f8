//! Emporix: users → groups → (templates →) access controls → scopes (rules E).

use super::requests::ROWS;
use crate::base::error::Error;
use crate::base::names::{Names, Sym};
use crate::base::system::System;
use crate::base::table::{Store, Table, index, pair};
use crate::base::terms::{Combining, Held, HolderId, HolderKind, Pattern, RuleBook, Spelling};
use crate::base::text::words;
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Document, Grant, Holder, Model, Origin, Principal, Profile, Refuses};
use crate::systems::lints::entries;
use crate::systems::requests;
use crate::systems::{Index, each_item, each_new, is_email, known_payloads, optional, required};

static BOOK: RuleBook = RuleBook {
    default_deny: "E6",
    anonymous: "E10",
    unknown_principal: "E16",
    tenant: "E10",
    tenant_status: 401,
    suspended: "E14",
    suspended_status: 403,
    scopes: "E6",
    superuser: "E9",
    registry: "E6",
    login: "E14",
    broken: "E17",
    throws: "E17",
    list: "E7",
    cascade: "E19",
    any_action: "E19",
    nested: "E9",
    type_question: "E6",
    record_question: "E7",
    denied_by_rule: "E6",
    not_own: "E7",
    edit: "E6",
    nothing_required: "E11",
    route: "E6",
    token: "E6",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Emporix,
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

const PAYLOADS: [&str; 9] =
    ["permissions", "resources", "roles", "accessControls", "templates", "groups", "users", "assignments", "userScopes"];

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    known_payloads(payloads, System::Emporix, &PAYLOADS)?;
    options.only(&["emptyWhitelistIsNone", "lockedUsersAreRefused"])?;
    let mut catalog = Catalog { empty_whitelist_is_none: options.opt_bool("emptyWhitelistIsNone")?.unwrap_or(false), ..Catalog::default() };
    let locked_are_refused = options.opt_bool("lockedUsersAreRefused")?.unwrap_or(false);
    catalog.read(model, payloads)?;
    let mut groups = Index::default();
    each_new(model, payloads, ("groups", &["items"], "id"), &mut |model, group| {
        let (id, holder) = catalog.read_group(model, group)?;
        groups.put(id, holder);
        Ok(())
    })?;
    let mut people = People::default();
    each_new(model, payloads, ("users", &["items"], "id"), &mut |model, user| people.read_user(model, user, &groups, locked_are_refused))?;
    if let Some(list) = payloads.opt("assignments") {
        each_item(&list, &["items"], &mut |assignment| people.read_assignment(model, assignment, &groups))?;
    }
    if let Some(list) = payloads.opt("userScopes") {
        if list.get("scopes").is_some() {
            people.read_scopes(model, &list)?;
        } else {
            each_item(&list, &["items"], &mut |scopes| people.read_scopes(model, scopes))?;
        }
    }
    model.documents.mentioned.retain(|user| !people.anchored.has(*user));
    model.principals.extend(people.list);
    requests::enter(model, ROWS, &|| (Refuses::Ids(Vec::new()), "E6"));
    Ok(())
}

/// Documents by id, and what access controls come to.
#[derive(Default)]
struct Catalog {
    empty_whitelist_is_none: bool,
    permissions: Store<PermissionDoc>,
    resource_codes: Store<Sym>,
    roles: Store<Vec<RolePermission>>,
    access_controls: Store<AccessControl>,
    templates: Store<(Option<Sym>, Vec<Sym>)>,
    /// One holder for each access control, and one more for each set of restrictions it is held under.
    holders: Table,
}

struct PermissionDoc {
    code: Sym,
    /// `None`: the document does not say.
    applicable: Option<Vec<Sym>>,
}

struct RolePermission {
    id: Sym,
    whitelist: Option<Vec<Sym>>,
}

struct AccessControl {
    name: Option<Sym>,
    /// Scope and the rule by which it is one.
    scopes: Vec<(Sym, &'static str)>,
    restriction_aware: bool,
    /// The platform's own, which cannot be changed.
    predefined: bool,
    /// The document lists its scopes; else they follow from its role and resource.
    lists: bool,
}

impl AccessControl {
    /// What a change has to know of the document as groups with these restrictions hold it.
    fn origin(&self, names: &Names, restrictions: &[Sym]) -> Option<Box<Origin>> {
        let mut origin = Origin { fixed: self.predefined || !self.lists, ..Origin::default() };
        let each = restrictions.len().max(1);
        if !self.lists {
            origin.places = vec![Origin::NOWHERE; self.scopes.len() * each];
        } else if each > 1 {
            origin.places = (0..index(self.scopes.len())).flat_map(|place| std::iter::repeat_n(place, each)).collect();
        }
        origin.suffixes = restrictions.iter().map(|restriction| ["--", names.text(*restriction)].concat().into()).collect();
        (origin.fixed || !origin.suffixes.is_empty()).then(|| Box::new(origin))
    }
}

impl Catalog {
    fn read(&mut self, model: &mut Model, payloads: &Cursor<'_>) -> Result<(), Error> {
        for key in ["permissions", "resources", "roles"] {
            each_new(model, payloads, (key, &["items"], "id"), &mut |model, document| match key {
                "permissions" => self.read_permission(model, document),
                "resources" => self.read_resource(model, document),
                _ => self.read_role(model, document),
            })?;
        }
        // Expanded documents inside others fill what the lists do not have, so all of those come first.
        let controls: (&str, &[&str], &str) = ("accessControls", &["items"], "id");
        each_new(model, payloads, controls, &mut |model, control| self.expand(model, control))?;
        each_new(model, payloads, controls, &mut |model, control| self.read_access_control(model, control).map(|_| ()))?;
        each_new(model, payloads, ("templates", &["items"], "id"), &mut |model, template| self.read_template(model, template).map(|_| ()))
    }

    fn read_permission(&mut self, model: &mut Model, document: &Cursor<'_>) -> Result<(), Error> {
        let id = required(model, document, "id")?;
        let code = required(model, document, "code")?;
        let applicable = ids(model, document, "applicableResources")?;
        self.permissions.put(id, PermissionDoc { code, applicable });
        model.documents.permissions.push(Document { id, value: document.to_value() });
        Ok(())
    }

    fn read_resource(&mut self, model: &mut Model, document: &Cursor<'_>) -> Result<(), Error> {
        let id = required(model, document, "id")?;
        let code = required(model, document, "code")?;
        self.resource_codes.put(id, code);
        model.documents.resources.push(Document { id, value: document.to_value() });
        Ok(())
    }

    fn read_role(&mut self, model: &mut Model, document: &Cursor<'_>) -> Result<(), Error> {
        let id = required(model, document, "id")?;
        let permissions = self.role_permissions(model, document)?;
        self.roles.put(id, permissions);
        Ok(())
    }

    fn role_permissions(&self, model: &mut Model, document: &Cursor<'_>) -> Result<Vec<RolePermission>, Error> {
        let mut permissions = Vec::new();
        if let Some(list) = document.opt("permissions") {
            for entry in list.items()? {
                let permission = required(model, &entry, "id")?;
                let whitelist = ids(model, &entry, "applicablePermissionResources")?;
                if whitelist.as_ref().is_some_and(Vec::is_empty) && !self.empty_whitelist_is_none {
                    model.warn(
                        "WARN_WHITELIST_EMPTY",
                        &entry,
                        "an empty whitelist is read as one that lists no resource, so the permission counts nowhere",
                    );
                }
                permissions.push(RolePermission { id: permission, whitelist });
            }
        }
        Ok(permissions)
    }

    fn expand(&mut self, model: &mut Model, control: &Cursor<'_>) -> Result<(), Error> {
        if let Some(role) = control.opt("role") {
            let id = required(model, &role, "id")?;
            if !self.roles.has(id) && role.get("permissions").is_some() {
                self.read_role(model, &role)?;
            }
        }
        if let Some(resource) = control.opt("resource") {
            let id = required(model, &resource, "id")?;
            if !self.resource_codes.has(id) && resource.get("code").is_some() {
                self.read_resource(model, &resource)?;
            }
        }
        Ok(())
    }

    fn read_access_control(&mut self, model: &mut Model, control: &Cursor<'_>) -> Result<Sym, Error> {
        let id = required(model, control, "id")?;
        if self.access_controls.has(id) {
            return Ok(id);
        }
        self.expand(model, control)?;
        let scopes = match control.opt("scopes") {
            // E3: the resolved list is the truth, be it empty.
            Some(list) if list.count() == 0 && list.is_list() => {
                entries::emporix(model, "E3", &list);
                Vec::new()
            }
            Some(list) => list.texts()?.into_iter().map(|scope| (model.names.intern(scope), "E3")).collect(),
            None => self.derive_scopes(model, control)?,
        };
        let entry = AccessControl {
            name: localized(model, control, "name"),
            scopes,
            restriction_aware: control.opt_bool("restrictionAware")?.unwrap_or(false),
            predefined: control.get("predefined").and_then(|flag| flag.as_bool()) == Some(true),
            lists: control.opt("scopes").is_some(),
        };
        self.access_controls.put(id, entry);
        model.documents.access_controls.push(Document { id, value: control.to_value() });
        Ok(id)
    }

    /// E2, E4, E5: each permission of the role on the resource, where its whitelist or its own document lets it.
    fn derive_scopes(&self, model: &mut Model, control: &Cursor<'_>) -> Result<Vec<(Sym, &'static str)>, Error> {
        let reference = |model: &mut Model, key: &str, document: &str| -> Result<Option<Sym>, Error> {
            let inner = control.opt(document);
            let id = match control.opt_text(key)? {
                Some(id) => Some(id),
                None => inner.as_ref().and_then(|inner| inner.get("id")).and_then(|id| id.as_text()),
            };
            Ok(id.map(|id| model.names.intern(id)))
        };
        let role = reference(model, "roleId", "role")?;
        let resource = reference(model, "resourceId", "resource")?;
        // What the access control brings with it was resolved for it, and so counts before a list read at another time.
        let expanded_role = control.opt("role").filter(|role| role.get("permissions").is_some());
        let expanded_role = expanded_role.map(|role| self.role_permissions(model, &role)).transpose()?;
        let permissions = expanded_role.as_ref().or_else(|| role.and_then(|role| self.roles.get(role)));
        let expanded_code = control.opt("resource").map(|resource| resource.opt_text("code")).transpose()?.flatten();
        let expanded_code = expanded_code.map(|code| model.names.intern(code));
        let code = expanded_code.as_ref().or_else(|| resource.and_then(|resource| self.resource_codes.get(resource)));
        let (Some(permissions), Some(resource), Some(code)) = (permissions, resource, code) else {
            // E17.
            model.warn(
                "WARN_DANGLING",
                control,
                "the role or the resource of the access control is not in the snapshot, so it grants nothing",
            );
            return Ok(Vec::new());
        };
        let mut scopes = Vec::new();
        let mut dangling = false;
        for permission in permissions {
            let Some(document) = self.permissions.get(permission.id) else {
                dangling = true;
                model.warn("WARN_DANGLING", control, "a permission of the role is not in the snapshot and grants nothing");
                continue;
            };
            let applicable = document.applicable.as_ref().is_none_or(|list| list.contains(&resource));
            let (counts, rule) = match &permission.whitelist {
                Some(list) if !(list.is_empty() && self.empty_whitelist_is_none) => (list.contains(&resource), "E4"),
                _ => (applicable, "E2"),
            };
            if counts {
                let scope = format!("{}_{}", model.names.text(*code), model.names.text(document.code));
                scopes.push((model.names.intern(&scope), rule));
            }
        }
        if scopes.is_empty() && !dangling {
            entries::emporix(model, "E4", control);
        }
        Ok(scopes)
    }

    fn read_template(&mut self, model: &mut Model, template: &Cursor<'_>) -> Result<Sym, Error> {
        let id = required(model, template, "id")?;
        if !self.templates.has(id) {
            if let Some(documents) = template.opt("accessControlsDocuments") {
                for control in documents.items()? {
                    self.read_access_control(model, &control)?;
                }
            }
            let controls = self.controls(model, template)?;
            let name = localized(model, template, "name");
            self.templates.put(id, (name, controls));
        }
        Ok(id)
    }

    /// The access controls that a document lists, bare or expanded.
    fn controls(&mut self, model: &mut Model, at: &Cursor<'_>) -> Result<Vec<Sym>, Error> {
        let Some(list) = at.opt("accessControls") else { return Ok(Vec::new()) };
        let mut controls = Vec::new();
        for control in list.items()? {
            let id = if control.is_map() { self.read_access_control(model, &control)? } else { model.names.intern(control.text()?) };
            if !self.access_controls.has(id) {
                model.warn("WARN_DANGLING", &control, "the access control is not in the snapshot and grants nothing");
            }
            controls.push(id);
        }
        Ok(controls)
    }

    fn read_group(&mut self, model: &mut Model, group: &Cursor<'_>) -> Result<(Sym, HolderId), Error> {
        let id = required(model, group, "id")?;
        let mut holder = Holder::new(HolderKind::Group, id);
        holder.name = localized(model, group, "name").or(optional(model, group, "code")?);
        if let Some(b2b) = group.opt("b2b") {
            holder.entity = optional(model, &b2b, "legalEntityId")?;
        }
        let restrictions = ids(model, group, "restrictions")?.unwrap_or_default();
        for control in self.controls(model, group)? {
            holder.includes.extend(self.holder(model, control, &restrictions).map(Held::from));
        }
        if let Some(list) = group.opt("templates") {
            for template in list.items()? {
                let id = if template.is_map() { self.read_template(model, &template)? } else { model.names.intern(template.text()?) };
                // E12.
                let Some((name, controls)) = self.templates.get(id).cloned() else {
                    model.warn("WARN_DANGLING", &template, "the template is not in the snapshot and grants nothing");
                    continue;
                };
                let mut inner = Holder::new(HolderKind::Template, id);
                inner.name = name;
                inner.listed = false;
                for control in controls {
                    inner.includes.extend(self.holder(model, control, &restrictions).map(Held::from));
                }
                let inner = model.add_holder(inner);
                holder.includes.push(Held::from(inner));
            }
        }
        model.documents.groups.push(Document { id, value: group.to_value() });
        Ok((id, model.add_holder(holder)))
    }

    /// The access control as a group with these restrictions holds it (E13).
    fn holder(&mut self, model: &mut Model, id: Sym, restrictions: &[Sym]) -> Option<HolderId> {
        let control = self.access_controls.get(id)?;
        let restrictions: &[Sym] = if control.restriction_aware { restrictions } else { &[] };
        // Each with its length, so that no other set of restrictions reads the same.
        let mut under = String::new();
        for restriction in restrictions {
            let text = model.names.text(*restriction);
            under.push_str(&format!("{}:{text}", text.len()));
        }
        let key = pair(id.number(), model.names.intern(&under).number());
        if let Some(known) = self.holders.get(key) {
            return Some(HolderId(known));
        }
        let mut holder = Holder::new(HolderKind::AccessControl, id);
        holder.name = control.name;
        holder.listed = restrictions.is_empty();
        holder.origin = control.origin(&model.names, restrictions);
        for (scope, rule) in &control.scopes {
            if restrictions.is_empty() {
                holder.grants.push(Grant::allow(Pattern::name(*scope), Pattern::Any, *rule));
            }
            for restriction in restrictions {
                let suffixed = format!("{}--{}", model.names.text(*scope), model.names.text(*restriction));
                let suffixed = model.names.intern(&suffixed);
                holder.grants.push(Grant::allow(Pattern::name(suffixed), Pattern::Any, "E13"));
            }
        }
        let holder = model.add_holder(holder);
        self.holders.put(key, holder.0);
        Some(holder)
    }
}

/// Whoever a user document, an assignment or a list of scopes names.
#[derive(Default)]
struct People<'j> {
    list: Vec<Principal>,
    index: Table,
    /// Who holds which group already.
    held: Table,
    /// Named by an assignment to a group that is not there.
    anchored: Table,
    /// Those whose list of scopes the server has computed.
    computed: Store<Cursor<'j>>,
}

impl<'j> People<'j> {
    /// The place of somebody in the list.
    fn place(&mut self, model: &mut Model, id: Sym) -> u32 {
        let place = self.index.first(id, index(self.list.len()));
        if place as usize == self.list.len() {
            let kind = model.names.intern("user");
            self.list.push(Principal::new(id, kind));
        }
        place
    }

    /// The same of somebody who may have no document, and is there for as long as something else names them.
    fn mention(&mut self, model: &mut Model, id: Sym) -> u32 {
        let known = self.list.len();
        let place = self.place(model, id);
        if place as usize == known {
            model.documents.mentioned.push(id);
        }
        place
    }

    /// Makes somebody a member, once.
    fn join(&mut self, place: u32, group: HolderId) {
        if self.held.enter(pair(place, group.0)) {
            self.list.get_mut(place as usize).into_iter().for_each(|member| member.holds.push(Held::from(group)));
        }
    }

    fn read_user(&mut self, model: &mut Model, user: &Cursor<'_>, groups: &Index, locked_are_refused: bool) -> Result<(), Error> {
        let id = required(model, user, "id")?;
        let email = optional(model, user, "contactEmail")?;
        let mut wanted: Vec<Sym> = ids(model, user, "groupIds")?.unwrap_or_default();
        if let Some(list) = user.opt("groups") {
            for group in list.items()? {
                let group = if group.is_map() { group.req("id")?.id()? } else { group.id()? };
                wanted.push(model.names.intern(group));
            }
        }
        let locked = user.opt_bool("isAccountLocked")? == Some(true);
        let place = self.place(model, id);
        for group in wanted {
            match groups.get(group) {
                Some(group) => self.join(place, group),
                None => model.warn("WARN_DANGLING", user, format!("the group `{}` is not in the snapshot", model.names.text(group))),
            }
        }
        if let Some(principal) = self.list.get_mut(place as usize) {
            principal.aliases.extend(email.filter(|email| is_email(model.names.text(*email))));
            // E14: locked or not is a hint whose meaning the documents contradict, unless the caller decides.
            principal.suspended = locked && locked_are_refused;
        }
        Ok(())
    }

    fn read_assignment(&mut self, model: &mut Model, assignment: &Cursor<'_>, groups: &Index) -> Result<(), Error> {
        let user = required(model, assignment, "userId")?;
        let group = required(model, assignment, "groupId")?;
        let place = self.mention(model, user);
        match groups.get(group) {
            Some(group) => self.join(place, group),
            None => {
                // Whatever else goes, this goes on naming them.
                self.anchored.enter(user);
                model.warn("WARN_DANGLING", assignment, "the group of the assignment is not in the snapshot");
            }
        }
        Ok(())
    }

    /// What the server has computed replaces what would be computed here.
    fn read_scopes(&mut self, model: &mut Model, at: &Cursor<'j>) -> Result<(), Error> {
        // The vendor's own sample has `id` where its schema has `userId`.
        let user = match at.opt("userId") {
            Some(user) => user.id()?,
            None => at.req("id").map_err(|_| at.fail(crate::ErrorCode::FieldMissing, "the field `userId` is missing"))?.id()?,
        };
        let text = at.req("scopes")?.text()?;
        let id = model.names.intern(user);
        match self.computed.get(id) {
            Some(before) if before.same(at) => return Ok(()),
            Some(_) => return Err(at.fail(crate::ErrorCode::IdDuplicate, format!("`{user}` is defined twice, and differently"))),
            None => self.computed.put(id, *at),
        }
        let mut holder = Holder::new(HolderKind::Token, id);
        holder.listed = false;
        let mut tenant = None;
        for scope in words(text) {
            // E18: a marker, and no scope.
            if let Some(marked) = scope.strip_prefix("tenant=") {
                let marked = model.names.intern(marked);
                if tenant.is_some_and(|tenant| tenant != marked) {
                    return Err(at.fail(crate::ErrorCode::Value, "the scopes name two tenants"));
                }
                tenant = Some(marked);
            } else {
                holder.grants.push(Grant::allow(Pattern::name(model.names.intern(scope)), Pattern::Any, "E6"));
            }
        }
        let holder = model.add_holder(holder);
        let place = self.mention(model, id);
        if let Some(principal) = self.list.get_mut(place as usize) {
            let groups = std::mem::replace(&mut principal.holds, vec![Held::from(holder)]);
            model.documents.behind.extend(groups.into_iter().map(|group| (id, group.holder)));
            principal.tenant = tenant.or(principal.tenant);
        }
        Ok(())
    }
}

/// A list of ids; absent and null are `None`, empty is empty.
fn ids(model: &mut Model, at: &Cursor<'_>, key: &str) -> Result<Option<Vec<Sym>>, Error> {
    let Some(list) = at.opt(key) else { return Ok(None) };
    Ok(Some(list.texts()?.into_iter().map(|id| model.names.intern(id)).collect()))
}

/// A localized text, English first, else the first there is; or a plain one.
fn localized(model: &mut Model, at: &Cursor<'_>, key: &str) -> Option<Sym> {
    let member = at.get(key)?;
    let english = || member.get("en").or_else(|| member.members().ok()?.next().map(|(_, text)| text));
    let text = member.as_text().or_else(|| english()?.as_text())?;
    Some(model.names.intern(text))
}
