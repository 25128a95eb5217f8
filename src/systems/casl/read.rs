//! Plain CASL 7 rules: `payloads` is an object of named lists. Each list is a role, and a principal that has just that role.

use crate::base::error::Error;
use crate::base::system::System;
use crate::base::terms::{Combining, Held, HolderKind, RuleBook, Spelling};
use crate::condition::Semantics;
use crate::json::pointer::Cursor;
use crate::model::{Document, Holder, Model, Principal, Profile};
use crate::systems::lints;
use crate::systems::rules::{RuleDialect, Unbuildable, read_rule};

static BOOK: RuleBook = RuleBook {
    default_deny: "casl 1.2",
    anonymous: "casl 1.2",
    unknown_principal: "casl 1.2",
    tenant: "casl 1.2",
    tenant_status: 403,
    suspended: "casl 1.2",
    suspended_status: 403,
    scopes: "casl 1.2",
    superuser: "casl 1.2",
    registry: "casl 1.2",
    login: "casl 1.2",
    broken: "casl 1.1",
    throws: "casl 1.7",
    list: "casl 1.8",
    cascade: "casl 1.2",
    any_action: "casl 1.2",
    nested: "casl 1.2",
    type_question: "casl 1.5",
    record_question: "casl 1.5",
    denied_by_rule: "casl 1.2",
    not_own: "casl 1.5",
    edit: "casl 1.2",
    nothing_required: "casl 1.2",
    route: "casl 1.2",
    token: "",
};

pub fn profile() -> Profile {
    Profile {
        system: System::Casl,
        combining: Combining::LastApplicable,
        spelling: Spelling::Typed,
        semantics: Semantics::Casl7,
        folded: None,
        empty_deny_on_types: true,
        visits_once: false,
        tenant_tree: false,
        book: &BOOK,
    }
}

pub fn read(model: &mut Model, payloads: &Cursor<'_>, options: &Cursor<'_>) -> Result<(), Error> {
    options.only(&["anyAction", "anySubjectType"])?;
    let dialect = RuleDialect {
        semantics: Semantics::Casl7,
        any_action: options.opt_text("anyAction")?.unwrap_or("manage").into(),
        any_subject: options.opt_text("anySubjectType")?.unwrap_or("all").into(),
        folded: None,
        rule: "casl 1.2",
    };
    let kind = model.names.intern("ability");
    for (name, list) in payloads.members()? {
        let id = model.names.intern(name);
        let mut holder = Holder::new(HolderKind::Role, id);
        for rule in list.items()? {
            match read_rule(model, &rule, &dialect)? {
                Ok(grant) => holder.grants.push(grant),
                Err(Unbuildable(sentence)) => {
                    holder.broken = Some(model.names.intern(sentence));
                    model.warn("WARN_RULE_FAILS", &rule, format!("{sentence}: the whole list"));
                }
            }
        }
        if holder.broken.is_none() {
            lints::judge_rules(model, &list, &holder.grants, &dialect);
        }
        let holder = model.add_holder(holder);
        let mut principal = Principal::new(id, kind);
        principal.holds.push(Held::from(holder));
        model.documents.policies.push(Document { id, value: list.to_value() });
        model.principals.push(principal);
    }
    Ok(())
}
