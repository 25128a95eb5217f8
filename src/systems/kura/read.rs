//! Eclipse Kura: identities with flat permissions (rules K), as REST V1, REST V2 and the persisted configuration give them.

use super::requests::ROWS;
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::base::system::System;
use crate::base::table::{Table, index};
use crate::base::terms::{Combining, Held, HolderKind, Pattern, RuleBook, Spelling};
use crate::condition::Semantics;
use crate::json::document::Document as Json;
use crate::json::pointer::Cursor;
use crate::json::{self, Numbers};
use crate::model::{Document, Grant, Holder, Model, Origin, Permission, Principal, Profile, Refuses};
use crate::systems::lints::{MISSPELT, entries};
use crate::systems::requests;
use crate::systems::{each_item, known_payloads};
use crate::value::Value;

/// Rule K1.
pub const ADMIN: &str = "kura.admin";
const USER_PREFIX: &str = "kura.user.";
const PERMISSION_PREFIX: &str = "kura.permission.";

static BOOK: RuleBook = RuleBook {
    default_deny: "K2",
    anonymous: "K8",
    unknown_principal: "K6",
    tenant: "K13",
    tenant_status: 403,
    suspended: "K13",
    suspended_status: 403,
    scopes: "K13",
    superuser: "K1",
    registry: "K4",
    login: "K9",
    broken: "K13",
    throws: "K13",
    list: "K13",
    cascade: "K2",
    any_action: "K2",
    nested: "K2",
    type_question: "K2",
    record_question: "K2",
    denied_by_rule: "K13",
    not_own: "K13",
    edit: "K13",
    nothing_required: "K7",
    route: "K3",
    token: "K2",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Kura,
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

/// Rule K19.
pub fn user_name(name: &str) -> &str {
    name.strip_prefix(USER_PREFIX).unwrap_or(name)
}

/// Rule K19.
pub fn permission_name(name: &str) -> &str {
    name.strip_prefix(PERMISSION_PREFIX).unwrap_or(name)
}

const PAYLOADS: [&str; 8] = [
    "identities",
    "users",
    "definedPermissions",
    "passwordRequirements",
    "passwordStrengthRequirements",
    "passwordStrenghtRequirements",
    "users.config",
    "groups.config",
];

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    known_payloads(payloads, System::Kura, &PAYLOADS)?;
    options.only(&[])?;
    let mut defined = Table::default();
    if let Some(list) = payloads.opt("definedPermissions") {
        // K4: what the device does not define, nobody but an administrator has.
        model.registry_closed = true;
        each_item(&list, &["permissions", "definedPermissions"], &mut |permission| {
            let name = name_of(permission)?;
            define(model, &mut defined, name);
            Ok(())
        })?;
    }
    let mut users = Drafts::default();
    for key in ["identities", "users"] {
        let Some(list) = payloads.opt(key) else { continue };
        let mut visit = |identity: &Cursor<'_>| -> Result<(), Error> {
            let draft = read_identity(identity)?;
            let name = draft.name.clone();
            if users.enter(model, draft) {
                Ok(())
            } else {
                Err(identity.fail(ErrorCode::IdDuplicate, format!("`{name}` is defined twice")))
            }
        };
        each_identity(&list, &mut visit)?;
    }
    read_persisted(model, payloads, &mut users, &mut defined)?;
    judge(model, payloads)?;
    for user in users.list {
        enter(model, user);
    }
    requests::enter(model, ROWS, &|| (Refuses::Ids(Vec::new()), "K13"));
    Ok(())
}

fn each_identity<'j>(list: &Cursor<'j>, visit: &mut dyn FnMut(&Cursor<'j>) -> Result<(), Error>) -> Result<(), Error> {
    // The answer to byName is one bare user.
    let bare = list.get("userName").is_some() || list.get("identity").is_some();
    if bare { visit(list) } else { each_item(list, &["userConfig", "identities"], visit) }
}

/// K4, once it is known what the device defines.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
fn judge(model: &mut Model, payloads: &Cursor<'_>) -> Result<(), Error> {
    let Some(known) = entries::registered(model) else { return Ok(()) };
    for list in ["identities", "users"].into_iter().filter_map(|key| payloads.opt(key)) {
        each_identity(&list, &mut |identity| {
            let permissions: Vec<(Cursor<'_>, &str)> = match permissions_of(identity) {
                Some(list) => list.items()?.map(|item| Ok((item, name_of(&item)?))).collect::<Result<_, Error>>()?,
                None => Vec::new(),
            };
            entries::kura(model, Some(&known), &permissions, ADMIN);
            Ok(())
        })?;
    }
    Ok(())
}

/// An identity on its way into the model.
struct Draft {
    name: String,
    permissions: Vec<String>,
    password_enabled: bool,
    password_change_needed: bool,
    /// So many of the permissions its own document lists; the others a group of the persisted configuration does.
    listed: u32,
    document: Value,
}

/// Identities by name.
#[derive(Default)]
struct Drafts {
    list: Vec<Draft>,
    index: Table,
}

impl Drafts {
    /// Whether the name is new.
    fn enter(&mut self, model: &mut Model, draft: Draft) -> bool {
        let name = model.names.intern(&draft.name);
        let new = !self.index.has(name);
        if new {
            self.index.put(name, index(self.list.len()));
            self.list.push(draft);
        }
        new
    }

    fn find(&mut self, model: &Model, name: &str) -> Option<&mut Draft> {
        let at = self.index.get(model.names.find(name)?)?;
        self.list.get_mut(at as usize)
    }
}

/// A name, bare (V1) or in an object (V2).
fn name_of<'j>(at: &Cursor<'j>) -> Result<&'j str, Error> {
    let name = if at.is_map() { at.req("name")? } else { *at };
    name.id().map(permission_name)
}

/// A part of an identity, as V2 writes it; to V1 the identity itself.
fn part<'j>(at: &Cursor<'j>, key: &str) -> Option<Cursor<'j>> {
    if at.opt("identity").is_some() { at.opt(key) } else { Some(*at) }
}

fn permissions_of<'j>(at: &Cursor<'j>) -> Option<Cursor<'j>> {
    part(at, "permissionConfiguration")?.opt("permissions")
}

/// An identity as V1 writes it, in one object, or as V2 does, in parts.
fn read_identity(at: &Cursor<'_>) -> Result<Draft, Error> {
    let identity = at.opt("identity");
    let name = match &identity {
        Some(identity) => identity.req("name")?.id()?,
        None => at.req("userName")?.id()?,
    };
    let permissions = match permissions_of(at) {
        Some(list) => list.items()?.map(|item| name_of(&item).map(Into::into)).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let password = part(at, "passwordConfiguration");
    let flag = |key: &str| password.as_ref().map_or(Ok(None), |password| password.opt_bool(key));
    Ok(Draft {
        name: user_name(name).to_string(),
        listed: index(permissions.len()),
        permissions,
        password_enabled: flag("passwordAuthEnabled")?.unwrap_or(true),
        password_change_needed: flag("passwordChangeNeeded")?.unwrap_or(false),
        document: at.to_value(),
    })
}

fn define(model: &mut Model, defined: &mut Table, name: &str) {
    let name = model.names.intern(name);
    if defined.enter(name) {
        model.permissions.push(Permission { name, display: None, category: None, system: false });
    }
}

fn enter(model: &mut Model, draft: Draft) {
    let id = model.names.intern(&draft.name);
    let kind = model.names.intern("user");
    let mut holder = Holder::new(HolderKind::Direct, id);
    holder.listed = false;
    for permission in &draft.permissions {
        let name = model.names.intern(permission);
        holder.grants.push(Grant::allow(Pattern::name(name), Pattern::Any, "K2"));
    }
    let place = |own: u32| if own < draft.listed { own } else { Origin::NOWHERE };
    holder.stand_at((0..index(draft.permissions.len())).map(place).collect());
    if draft.permissions.iter().any(|permission| permission == ADMIN) {
        holder.superuser = Some(model.names.intern(ADMIN));
    }
    let holder = model.add_holder(holder);
    let mut principal = Principal::new(id, kind);
    principal.aliases.push(model.names.intern(&format!("{USER_PREFIX}{}", draft.name)));
    principal.holds.push(Held::from(holder));
    principal.login.password_enabled = draft.password_enabled;
    principal.login.password_change_needed = draft.password_change_needed;
    model.documents.principals.push(Document { id, value: draft.document });
    model.principals.push(principal);
}

/// `users.config` and `groups.config`: lists, or the text of a list as the configuration stores it.
fn read_persisted(model: &mut Model, payloads: &Cursor<'_>, users: &mut Drafts, defined: &mut Table) -> Result<(), Error> {
    if let Some(stored) = payloads.opt("users.config") {
        let unpacked = unpack(&stored, "$.payloads[\"users.config\"]")?;
        let list = unpacked.as_ref().map_or(stored, Json::root);
        for user in list.items()? {
            let full = user.req("name")?.id()?;
            let name = user_name(full).to_string();
            // K10: who has no password stored cannot log in with one.
            let password = user.opt("credentials").is_some_and(|stored| stored.opt("kura.password").is_some());
            let change = user.opt("properties").and_then(|properties| properties.get("kura.need.password.change"));
            let draft = Draft {
                name: name.clone(),
                permissions: Vec::new(),
                password_enabled: password,
                password_change_needed: change.is_some_and(|flag| flag.as_bool() == Some(true) || flag.as_text() == Some("true")),
                listed: 0,
                document: user.to_value(),
            };
            if !users.enter(model, draft) {
                return Err(user.fail(ErrorCode::IdDuplicate, format!("`{name}` is defined twice")));
            }
        }
    }
    let Some(stored) = payloads.opt("groups.config") else { return Ok(()) };
    let unpacked = unpack(&stored, "$.payloads[\"groups.config\"]")?;
    let list = unpacked.as_ref().map_or(stored, Json::root);
    // What the device says it defines counts; where that is not given, its stored permissions are all there are.
    let registers = payloads.opt("definedPermissions").is_none();
    model.registry_closed = true;
    for group in list.items()? {
        let name = group.req("name")?.id()?;
        let Some(permission) = name.strip_prefix(PERMISSION_PREFIX) else {
            model.note(MISSPELT, "K19", &group, &["only names that begin with `kura.permission.` are permissions, so this grants nothing"]);
            continue;
        };
        if registers {
            define(model, defined, permission);
        } else if !model.names.find(permission).is_some_and(|name| defined.has(name)) && permission != ADMIN {
            entries::kura_undefined(model, &group);
        }
        let Some(members) = group.opt("basicMembers") else { continue };
        for member in members.items()? {
            let user = user_name(member.text()?);
            match users.find(model, user) {
                Some(known) => known.permissions.push(permission.into()),
                None => model.warn("WARN_DANGLING", &member, "the user is not in the snapshot"),
            }
        }
    }
    Ok(())
}

fn unpack<'j>(stored: &Cursor<'j>, place: &'static str) -> Result<Option<Json<'j>>, Error> {
    let Some(text) = stored.as_text() else { return Ok(None) };
    let read = json::read(text.as_bytes(), &Limits::SNAPSHOT, Numbers::Safe);
    read.map(|document| Some(document.named(place))).map_err(|inner| {
        let path = [place, inner.path().strip_prefix('$').unwrap_or_default()].concat();
        Error::new(inner.code(), path, inner.message())
    })
}
