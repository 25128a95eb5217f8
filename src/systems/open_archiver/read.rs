//! Open Archiver 0.6.0: roles that are lists of CASL policies (rules A).

use super::requests::ROWS;
use crate::base::error::Error;
use crate::base::system::System;
use crate::base::terms::{Combining, Held, HolderId, HolderKind, RuleBook, Spelling};
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Document, Holder, Model, Permission, Principal, Profile, Refuses};
use crate::systems::lints;
use crate::systems::requests;
use crate::systems::rules::{RuleDialect, Unbuildable, read_rule};
use crate::systems::{Index, Seen, each_item, each_new, known_payloads, optional, required};

static BOOK: RuleBook = RuleBook {
    default_deny: "A4",
    anonymous: "A17",
    unknown_principal: "A21",
    tenant: "A4",
    tenant_status: 403,
    suspended: "A17",
    suspended_status: 401,
    scopes: "A4",
    superuser: "A12",
    registry: "A19",
    login: "A17",
    broken: "A11",
    throws: "A22",
    list: "A14",
    cascade: "A2",
    any_action: "A2",
    nested: "A2",
    type_question: "A5",
    record_question: "A6",
    denied_by_rule: "A3",
    not_own: "A6",
    edit: "A19",
    nothing_required: "A17",
    route: "A19",
    token: "",
};

/// The actions and the subjects that the server's validator knows (A19).
pub const ACTIONS: [&str; 8] = ["manage", "create", "read", "update", "delete", "search", "export", "sync"];
pub const SUBJECTS: [&str; 7] = ["archive", "ingestion", "settings", "users", "roles", "dashboard", "all"];

/// Rule A10.
const FOLDED: &str = "userEmail";

/// Attributes that the list translator for SQL takes for another table's (A23).
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub const RELATIONS: [&str; 1] = ["ingestionSource"];

pub fn profile() -> Profile {
    Profile {
        system: System::OpenArchiver,
        combining: Combining::LastApplicable,
        spelling: Spelling::Typed,
        semantics: Semantics::Casl6,
        folded: Some(FOLDED),
        empty_deny_on_types: false,
        visits_once: false,
        tenant_tree: false,
        book: &BOOK,
    }
}

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    known_payloads(payloads, System::OpenArchiver, &["roles", "users"])?;
    options.only(&[])?;
    for action in ACTIONS {
        for subject in SUBJECTS {
            let name = model.names.intern(&format!("{action} {subject}"));
            model.permissions.push(Permission { name, display: None, category: None, system: true });
        }
    }
    let mut roles = Index::default();
    each_new(model, payloads, ("roles", &["items", "data", "roles"], "id"), &mut |model, role| {
        read_role(model, role, &mut roles).map(drop)
    })?;
    let mut seen = Seen::default();
    if let Some(list) = payloads.opt("users") {
        each_item(&list, &["items", "data", "users"], &mut |user| {
            let key = match user.opt("label") {
                Some(label) => label.id()?,
                None => user.req("id")?.id()?,
            };
            if seen.enter(&mut model.names, key, user)? { read_user(model, user, key, &mut roles) } else { Ok(()) }
        })?;
    }
    requests::enter(model, ROWS, &|| (Refuses::Ids(Vec::new()), "A19"));
    Ok(())
}

fn read_role(model: &mut Model, role: &Cursor<'_>, roles: &mut Index) -> Result<HolderId, Error> {
    let dialect = RuleDialect {
        semantics: Semantics::Casl6,
        any_action: "manage".into(),
        any_subject: "all".into(),
        folded: Some(FOLDED),
        rule: "A2",
    };
    let id = required(model, role, "id")?;
    let mut holder = Holder::new(HolderKind::Role, id);
    holder.name = optional(model, role, "name")?;
    let policies = role.req("policies")?;
    let mut places = Vec::new();
    for (place, policy) in (0..).zip(policies.items()?) {
        match read_rule(model, &policy, &dialect)? {
            Ok(grant) => {
                holder.grants.push(grant);
                places.push(place);
            }
            Err(Unbuildable(sentence)) => {
                holder.broken = Some(model.names.intern(sentence));
                model.warn("WARN_RULE_FAILS", &policy, format!("{sentence}: every request of whoever has this role"));
            }
        }
    }
    holder.stand_at(places);
    if holder.broken.is_none() {
        lints::judge_rules(model, &policies, &holder.grants, &dialect);
    }
    model.documents.policies.push(Document { id, value: policies.to_value() });
    let holder = model.add_holder(holder);
    roles.put(id, holder);
    Ok(holder)
}

fn read_user(model: &mut Model, user: &Cursor<'_>, key: &str, roles: &mut Index) -> Result<(), Error> {
    let kind = model.names.intern("user");
    let mut principal = Principal::new(model.names.intern(key), kind);
    let id = user.opt("id").map(|id| id.id()).transpose()?;
    principal.subject_id = id.map(|id| model.names.intern(id));
    // The address is the name that a user logs in with.
    for alias in [id, user.opt_text("email")?.filter(|email| !email.is_empty())].into_iter().flatten().filter(|alias| *alias != key) {
        principal.aliases.push(model.names.intern(alias));
    }
    let mut held = |model: &mut Model, role: &Cursor<'_>| -> Result<(), Error> {
        let id = if role.is_map() { role.req("id")?.id()? } else { role.text()? };
        let known = roles.get(model.names.intern(id));
        let holder = match known {
            None if role.is_map() => {
                let read = read_role(model, role, roles)?;
                model.holders.get_mut(read.0 as usize).into_iter().for_each(|holder| holder.origin().embedded = true);
                Some(read)
            }
            known => known,
        };
        match holder {
            Some(holder) => principal.holds.push(Held::from(holder)),
            None => model.warn("WARN_DANGLING", role, "the role is not in the snapshot and grants nothing"),
        }
        Ok(())
    };
    // The API shows one role, though a user may have several (section 1.3).
    if let Some(role) = user.opt("role") {
        held(model, &role)?;
    }
    if let Some(list) = user.opt("roles") {
        for role in list.items()? {
            held(model, &role)?;
        }
    }
    model.documents.principals.push(Document { id: principal.id, value: user.to_value() });
    model.principals.push(principal);
    Ok(())
}
