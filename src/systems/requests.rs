//! The systems' own tables of requests, as they are written in their sources.

use crate::model::{Also, Check, EditGuard, Endpoint, Model, Need, Own, PathPart, Refuses, Requirement};

/// Method (`*` for all), path (`{name}` for a parameter, `**` for the rest), and what the server requires.
pub struct Row(pub &'static str, pub &'static str, pub Required);

/// What a row requires.
pub enum Required {
    /// One permission.
    Permission(&'static str),
    /// One of these; some hold only for what is the caller's own.
    AnyOwn(&'static [(&'static str, Owned)]),
    /// The first, and with `forceDelete` the second too.
    AllAndForce(&'static str, &'static str),
    /// A permission; and the edit is refused for what the parameter may name.
    Guarded(&'static str, &'static str),
    /// An action on a type.
    Type(&'static str, &'static str),
    /// An action on the record that the request names.
    Record(&'static str, &'static str),
    /// Both, one after the other; a denied record is answered as an absent one.
    TypeThenRecord(&'static str, &'static str),
    /// Somebody logged in.
    LoggedIn,
    /// Somebody logged in, be it in a session that is locked until the password is changed.
    Locked,
    /// Somebody logged in, whose session may be bound to scopes on this resource.
    OwnSession(&'static str),
    /// Nothing, not even a login.
    Nothing,
    /// Not known.
    Unknown,
}

/// When a scope holds (E7).
#[derive(Clone, Copy)]
pub enum Owned {
    /// Always.
    Broad,
    /// For the caller's company.
    Company,
    /// The same, where the server filters a list.
    CompanyList,
    /// For groups of customers, where the server filters a list.
    Customer,
}

/// Enters a table into the model. `refuses` is what the guarded rows refuse, with its rule.
pub fn enter(model: &mut Model, rows: &[Row], refuses: &dyn Fn() -> (Refuses, &'static str)) {
    for Row(method, path, required) in rows {
        let parts = path_parts(model, path);
        let method = (*method != "*").then(|| model.names.intern(method));
        let mut also = None;
        let mut guard = None;
        let need = |model: &mut Model, permission: &str, owned: Owned| Need {
            permission: model.names.intern(permission),
            own: match owned {
                Owned::Broad => None,
                Owned::Company => Some(Own::Same { fact: "legalEntityId".into(), list: false }),
                Owned::CompanyList => Some(Own::Same { fact: "legalEntityId".into(), list: true }),
                Owned::Customer => Some(Own::Is { fact: "userType".into(), value: "CUSTOMER".into() }),
            },
        };
        let check = |model: &mut Model, action: &str, subject: &str, on_type: bool, on_record: bool| {
            let (action, subject) = (model.names.intern(action), model.names.intern(subject));
            Requirement::Check(Check { action, subject, on_type, on_record, hidden: on_type && on_record })
        };
        let requires = match *required {
            Required::Type(action, subject) => check(model, action, subject, true, false),
            Required::Record(action, subject) => check(model, action, subject, false, true),
            Required::TypeThenRecord(action, subject) => check(model, action, subject, true, true),
            Required::Permission(permission) => Requirement::Any(vec![need(model, permission, Owned::Broad)]),
            Required::AnyOwn(needs) => Requirement::Any(needs.iter().map(|(permission, owned)| need(model, permission, *owned)).collect()),
            Required::AllAndForce(permission, forced) => {
                let permission_needed = model.names.intern(forced);
                also = Some(Also { flag: "forceDelete".into(), unless: "groupHasMembers".into(), permission: permission_needed });
                Requirement::All(vec![need(model, permission, Owned::Broad)])
            }
            Required::Guarded(permission, param) => {
                let (refuses, rule) = refuses();
                guard = Some(EditGuard { param: model.names.intern(param), refuses, rule: rule.into() });
                Requirement::Any(vec![need(model, permission, Owned::Broad)])
            }
            Required::LoggedIn => Requirement::LoggedIn,
            Required::Locked => Requirement::Locked,
            Required::OwnSession(resource) => Requirement::OwnSession(model.names.intern(resource)),
            Required::Nothing => Requirement::Nothing,
            Required::Unknown => Requirement::Unknown,
        };
        model.endpoints.push(Endpoint { method, path: parts, requires, also, guard });
    }
}

/// The segments of a path; slashes at either end do not count.
pub fn path_parts(model: &mut Model, path: &str) -> Vec<PathPart> {
    path.trim_matches('/')
        .split('/')
        .map(|part| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => PathPart::Param(model.names.intern(name)),
            None if part == "**" => PathPart::Rest,
            None => PathPart::Literal(model.names.intern(part)),
        })
        .collect()
}
