//! Users of the dashboard.

use super::members::{check_joining, groups_of, join, kind, leave};
use super::{GROUPS, SCOPES, USERS, forget_scopes, member, with_id};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, merge_members, set};

pub fn clear_user(root: &mut Value, id: &str) -> Step {
    leave(root, None, Some(id));
    // E16: without a group there is no scope.
    SCOPES.remove(root, id);
    Step::changed(204)
}

/// EW15: out of all groups; the document of the user stays.
pub fn delete_user(root: &mut Value, id: &str) -> Step {
    clear_user(root, id)
}

/// The groups of a body: all of them there, for employees, of one vendor.
fn wanted_groups(root: &Value, request: &Request) -> Result<Vec<Value>, Fault> {
    let mut groups = Vec::new();
    for (index, id) in request.texts("groupIds", "EW7")?.unwrap_or_default().iter().enumerate() {
        let place = format!("body.groupIds[{index}]");
        let missing = || request.refuse(EditCode::NotFound, 404, &place, "EW7", format!("there is no group `{id}`"));
        let group = GROUPS.find(root, id).ok_or_else(missing)?;
        if kind(group) != "EMPLOYEE" {
            return Err(request.refuse(
                EditCode::Invalid,
                400,
                &place,
                "EW7",
                "users of this kind are employees, and the group is for customers",
            ));
        }
        groups.push(group.clone());
    }
    check_joining(root, request, "body.groupIds", &groups.iter().collect::<Vec<_>>(), &[])?;
    Ok(groups)
}

const LABELS: [&str; 7] =
    ["firstName", "lastName", "preferredSite", "preferredCurrency", "preferredLanguage", "department", "backofficeUserNumber"];

fn check_user(request: &Request, required: &[&str]) -> Result<(), Fault> {
    for key in LABELS {
        request.text(key, "EW7")?;
    }
    if request.text("userType", "EW7")?.is_some_and(|kind| kind != "EMPLOYEE") {
        return Err(request.refuse(EditCode::Invalid, 400, "body.userType", "EW7", "only users of the type EMPLOYEE are supported"));
    }
    match required.iter().find(|key| request.field(key).is_none()) {
        Some(key) => Err(request.refuse(EditCode::Invalid, 400, "body", "EW7", format!("the field `{key}` is missing"))),
        None => Ok(()),
    }
}

/// EW7: out of all groups, and into those of the body.
pub fn put_user(root: &mut Value, request: &Request, id: &str) -> Done {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "EW7", format!("there is no user `{id}`"));
    let mut user = USERS.find(root, id).cloned().ok_or_else(missing)?;
    let body = request.members("EW7")?;
    check_user(request, &[&LABELS[..], &["groupIds"]].concat())?;
    let groups = wanted_groups(root, request)?;
    merge_members(&mut user, body, &LABELS);
    USERS.put(root, &user);
    leave(root, None, Some(id));
    for group in &groups {
        join(root, group, id);
    }
    Ok(forget_scopes(root, &[id.into()], Step::changed(204)))
}

/// Somebody with this address is given the groups, and no more.
pub fn create_user(root: &mut Value, request: &Request) -> Done {
    let body = request.members("EW7")?;
    check_user(request, &["firstName", "lastName", "contactEmail"])?;
    let email = request.text("contactEmail", "EW7")?.unwrap_or_default();
    let groups = wanted_groups(root, request)?;
    let known = USERS.all(root).into_iter().find(|user| member(user, "contactEmail") == Some(email)).and_then(tree::id).map(String::from);
    let id = known.clone().or_else(|| request.id().map(Into::into)).unwrap_or_else(|| USERS.free_id(root));
    if known.is_some() {
        check_joining(root, request, "body.groupIds", &groups.iter().collect::<Vec<_>>(), &groups_of(root, &id))?;
    } else if USERS.find(root, &id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    } else {
        let mut user = with_id(&id);
        merge_members(&mut user, body, &[&LABELS[..], &["contactEmail"]].concat());
        set(&mut user, "groupIds", Value::List(Vec::new()));
        USERS.put(root, &user);
    }
    for group in &groups {
        join(root, group, &id);
    }
    Ok(forget_scopes(root, std::slice::from_ref(&id), Step::changed(201).with_body(with_id(&id))))
}
