//! Hantera: roles with ACL entries, principals and clients (rules H).

use super::requests::ROWS;
use crate::base::error::Error;
use crate::base::system::System;
use crate::base::terms::{Combining, Held, HolderId, HolderKind, Pattern, RuleBook, Segment, Spelling};
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Document, Grant, Holder, Model, Principal, Profile, Refuses};
use crate::systems::lints::entries;
use crate::systems::requests;
use crate::systems::{Index, Seen, each_item, each_new, is_email, known_payloads, required};
use crate::value::Value;

/// Rule H7.
const OWNER: &str = "system:owner";

/// S0: what the system keeps for itself.
const RESERVED: &str = "system:";

static BOOK: RuleBook = RuleBook {
    default_deny: "H1",
    anonymous: "H1",
    unknown_principal: "H1",
    tenant: "H1",
    tenant_status: 403,
    suspended: "H9",
    suspended_status: 403,
    scopes: "H10",
    superuser: "H7",
    registry: "H6",
    login: "H1",
    broken: "H1",
    throws: "H1",
    list: "H17",
    cascade: "H3",
    any_action: "H4",
    nested: "H5",
    type_question: "H1",
    record_question: "H1",
    denied_by_rule: "H1",
    not_own: "H1",
    edit: "S0",
    nothing_required: "H10",
    route: "H11",
    token: "",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Hantera,
        combining: Combining::Additive,
        spelling: Spelling::Ace,
        semantics: Semantics::Native,
        folded: None,
        empty_deny_on_types: false,
        visits_once: true,
        tenant_tree: false,
        book: &BOOK,
    }
}

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    known_payloads(payloads, System::Hantera, &["roles", "principals", "clients"])?;
    options.only(&["attributeKeysGrant"])?;
    // H12: nobody knows what attribute keys mean, so such an entry grants only if the caller says so.
    let attribute_keys_grant = options.opt_bool("attributeKeysGrant")?.unwrap_or(false);
    let mut roles = Index::default();
    // Known whether the snapshot lists it or not: a token may bear it (H7).
    owner(model, &mut roles);
    each_new(model, payloads, ("roles", &["roles", "items"], "key"), &mut |model, role| {
        let key = role.req("key")?.id()?;
        let holder = read_role(model, role, key, attribute_keys_grant)?;
        roles.put(model.names.intern(key), holder);
        Ok(())
    })?;
    let mut seen = Seen::default();
    for (list, kind) in [("principals", "principal"), ("clients", "client")] {
        let Some(identities) = payloads.opt(list) else { continue };
        each_item(&identities, &[list, "items"], &mut |identity| {
            let id = identity.req("id")?.id()?;
            if seen.enter(&mut model.names, id, identity)? {
                read_identity(model, identity, kind, &mut roles)?;
            }
            Ok(())
        })?;
    }
    // S0: roles of the reserved namespace cannot be changed.
    requests::enter(model, ROWS, &|| (Refuses::Prefix(RESERVED.into()), "S0"));
    Ok(())
}

fn read_role(model: &mut Model, role: &Cursor<'_>, key: &str, attribute_keys_grant: bool) -> Result<HolderId, Error> {
    let id = model.names.intern(key);
    let mut holder = Holder::new(HolderKind::Role, id);
    holder.superuser = (key == OWNER).then_some(id);
    if key.starts_with(RESERVED) {
        holder.origin().fixed = true;
    }
    match role.opt("acl") {
        Some(acl) => {
            let entries = acl.req("entries")?;
            let mut places = Vec::new();
            for (place, entry) in (0..).zip(entries.items()?) {
                if let Some(grant) = read_entry(model, &entry, attribute_keys_grant)? {
                    holder.grants.push(grant);
                    places.push(place);
                }
            }
            holder.stand_at(places);
        }
        None if key != OWNER => {
            // H8: also for `system:portal:full`, whose list is not published.
            model.warn("WARN_ACL_UNKNOWN", role, format!("the role `{key}` comes without its access list and grants nothing"));
        }
        None => {}
    }
    Ok(model.add_holder(holder))
}

/// H2: an entry is the ACE `resource:permission`; an absent permission is every permission (H4).
fn read_entry(model: &mut Model, entry: &Cursor<'_>, attribute_keys_grant: bool) -> Result<Option<Grant>, Error> {
    let keyed = entry.opt("attributeKeys").map(|keys| keys.items().map(|mut items| items.next().is_some())).transpose()?;
    let place = entry.req("resource")?;
    let resource = segments(model, &place, '/')?;
    let action = match entry.get("permission") {
        None => Some(Pattern::Any),
        Some(permission) => action_pattern(model, &permission)?,
    };
    if keyed == Some(true) && !attribute_keys_grant {
        model.warn("WARN_ATTRIBUTE_KEYS", entry, "the entry is limited to attribute keys, whose meaning is not known, and grants nothing");
        return Ok(None);
    }
    let (Some(resource), Some(action)) = (resource, action) else {
        model.warn("WARN_GRANT_EMPTY", entry, "the entry names no resource or no permission and grants nothing");
        return Ok(None);
    };
    entries::hantera(model, entry, &place);
    Ok(Some(Grant::allow(action, Pattern::path(&resource), "H2")))
}

fn action_pattern(model: &mut Model, at: &Cursor<'_>) -> Result<Option<Pattern>, Error> {
    // A permission that is there but null says nothing: it is not the absent one that means all.
    if at.is_null() {
        return Ok(None);
    }
    let segments = segments(model, at, ':')?;
    let star = model.names.find("*").map(Segment::Name);
    Ok(segments.map(|segments| match segments.as_slice() {
        [only] if Some(*only) == star => Pattern::Any,
        _ => Pattern::path(&segments),
    }))
}

/// The segments of a text, or of a list read as segments. `None`: there is none, or one of them is empty.
fn segments(model: &mut Model, at: &Cursor<'_>, separator: char) -> Result<Option<Vec<Segment>>, Error> {
    let texts = if at.is_list() { at.texts()? } else { vec![at.text()?] };
    let parts: Vec<&str> = texts.iter().flat_map(|text| text.split(separator)).collect();
    if parts.is_empty() || parts.iter().any(|part| part.is_empty()) {
        return Ok(None);
    }
    Ok(Some(parts.into_iter().map(|part| Segment::Name(model.names.intern(part))).collect()))
}

/// Whether a client says that it is the system's own, which is protected from changes.
pub fn is_protected(client: &Value) -> bool {
    let says = |at: &Value| ["system", "isSystem"].iter().any(|key| at.get(key) == Some(&Value::Bool(true)));
    says(client) || client.get("properties").is_some_and(says)
}

fn read_identity(model: &mut Model, identity: &Cursor<'_>, list: &str, roles: &mut Index) -> Result<(), Error> {
    let id = required(model, identity, "id")?;
    let kind = model.names.intern(identity.opt_text("type")?.unwrap_or(list));
    let mut principal = Principal::new(id, kind);
    // H9: any time at all, be it readable or not.
    principal.suspended = identity.opt("suspendedAt").is_some();
    if let Some(properties) = identity.opt("properties") {
        let text = |key: &str| properties.get(key).and_then(|member| member.as_text());
        principal.name = text("name").map(|name| model.names.intern(name));
        principal.aliases.extend(text("email").filter(|email| is_email(email)).map(|email| model.names.intern(email)));
    }
    if let Some(keys) = identity.opt("roles") {
        for key in keys.items()? {
            match role_of(model, roles, key.text()?) {
                Some(role) => principal.holds.push(Held::from(role)),
                None => model.warn("WARN_DANGLING", &key, "the role is not in the snapshot and grants nothing"),
            }
        }
    }
    let document = identity.to_value();
    if list == "client" && (model.names.text(id).starts_with(RESERVED) || is_protected(&document)) {
        model.documents.fixed.push(id);
    }
    model.documents.principals.push(Document { id, value: document });
    model.principals.push(principal);
    Ok(())
}

fn role_of(model: &Model, roles: &Index, key: &str) -> Option<HolderId> {
    roles.get(model.names.find(key)?)
}

fn owner(model: &mut Model, roles: &mut Index) {
    let id = model.names.intern(OWNER);
    let mut holder = Holder::new(HolderKind::Role, id);
    holder.superuser = Some(id);
    holder.listed = false;
    roles.put(id, model.add_holder(holder));
}
