//! Groups, who is in them, and users.

use super::documents::is_kind;
use super::{
    ASSIGNMENTS, CONTROLS, GROUPS, SCOPES, TEMPLATES, USERS, check_language, check_version, forget_scopes, is_true, member, stamp, with_id,
};
use crate::edit::answer::{Done, EditCode, Fault, Step};
use crate::edit::request::Request;
use crate::edit::tree::{self, items, merge_members, replace_members, set, text};
use crate::value::Value;

/// The groups that the platform makes for every legal entity (EW2, EW11).
const PREDEFINED: [&str; 4] = ["B2B_ADMIN", "B2B_BUYER", "B2B_REQUESTER", CONTACT];
const CONTACT: &str = "B2B_CONTACT";

fn is_predefined(group: &Value) -> bool {
    is_true(group, "predefined") || member(group, "code").is_some_and(|code| PREDEFINED.contains(&code))
}

fn kind(group: &Value) -> &str {
    member(group, "userType").unwrap_or("EMPLOYEE")
}

fn reference(item: &Value) -> Option<&str> {
    item.as_text().or_else(|| tree::id(item))
}

fn is_assignment(assignment: &Value, group: Option<&str>, user: Option<&str>) -> bool {
    let is = |key: &str, wanted: Option<&str>| wanted.is_none() || member(assignment, key) == wanted;
    is("groupId", group) && is("userId", user)
}

fn lists_group(user: &Value, group: &str) -> bool {
    ["groupIds", "groups"].iter().any(|key| items(user.get(key)).iter().any(|item| reference(item) == Some(group)))
}

/// Who is in a group, by assignment or by the user's own document; each once.
pub fn members_of(root: &Value, group: &str) -> Vec<String> {
    let mut members: Vec<String> = Vec::new();
    let assigned =
        ASSIGNMENTS.all(root).into_iter().filter(|one| is_assignment(one, Some(group), None)).filter_map(|one| member(one, "userId"));
    let listed = USERS.all(root).into_iter().filter(|user| lists_group(user, group)).filter_map(tree::id);
    for user in listed.chain(assigned) {
        if !members.iter().any(|known| known == user) {
            members.push(user.into());
        }
    }
    members
}

/// The groups that somebody is in.
fn groups_of(root: &Value, user: &str) -> Vec<String> {
    let in_it = |group: &&str| members_of(root, group).iter().any(|member| member == user);
    let mut groups: Vec<String> = GROUPS.all(root).into_iter().filter_map(tree::id).filter(in_it).map(Into::into).collect();
    groups.dedup();
    groups
}

/// Takes members out of groups wherever that is written down.
fn leave(root: &mut Value, group: Option<&str>, user: Option<&str>) {
    ASSIGNMENTS.remove_if(root, &|assignment| is_assignment(assignment, group, user));
    USERS.each(root, &mut |document| {
        if user.is_some() && tree::id(document) != user {
            return;
        }
        for key in ["groupIds", "groups"] {
            if let Some(Value::List(list)) = tree::member_mut(document, key) {
                list.retain(|item| group.is_some() && reference(item) != group);
            }
        }
    });
}

/// Puts somebody into a group, in the user's own document if there is one.
fn join(root: &mut Value, group: &Value, user: &str) {
    let id = tree::id(group).unwrap_or_default();
    USERS.each(root, &mut |document| {
        if tree::id(document) != Some(user) || lists_group(document, id) {
            return;
        }
        match tree::member_mut(document, "groupIds") {
            Some(Value::List(list)) => list.push(text(id)),
            _ => set(document, "groupIds", tree::texts(&[id])),
        }
        if let Some(Value::List(list)) = tree::member_mut(document, "groups") {
            let shown = ["id", "name", "description", "code", "userType"];
            let members = shown.iter().filter_map(|key| Some(((*key).into(), group.get(key)?.clone())));
            list.push(Value::Map(members.collect()));
        }
    });
}

// Groups

fn check_group(root: &Value, request: &Request, known: Option<&Value>) -> Result<Vec<String>, Fault> {
    let invalid = |place: &str, message: &str| Err(request.refuse(EditCode::Invalid, 400, place, "EW17", message));
    match request.field("name") {
        Some(Value::Map(names)) if !names.is_empty() => {}
        Some(_) => return invalid("body.name", "expected the name by language"),
        None => return invalid("body", "a group needs a `name`"),
    }
    let kind = request.text("userType", "EW17")?.unwrap_or("EMPLOYEE");
    if !is_kind(kind) {
        return invalid("body.userType", "expected `CUSTOMER` or `EMPLOYEE`");
    }
    // EW10
    let vendor = request.text("vendorId", "EW17")?;
    let present = known.and_then(|known| member(known, "vendorId"));
    if known.is_some() && vendor.is_some() && vendor != present {
        let message = "the vendor of a group cannot be changed once it is created";
        return Err(request.refuse(EditCode::Immutable, 400, "body.vendorId", "EW10", message));
    }
    if kind != "EMPLOYEE" && vendor.or(present).is_some() {
        return Err(request.refuse(EditCode::Invalid, 400, "body.userType", "EW10", "a group of a vendor is for employees only"));
    }
    let mut notes = Vec::new();
    let controls = request.texts("accessControls", "EW17")?.unwrap_or_default();
    for (index, id) in controls.iter().enumerate() {
        let Some(control) = CONTROLS.find(root, id) else {
            notes.push(format!("the snapshot has no access control `{id}`, so it grants nothing"));
            continue;
        };
        // EW9
        if let Some(only) = member(control, "restrictedTo").filter(|only| *only != kind) {
            let message = format!("the access control `{id}` is restricted to groups of the type {only}");
            return Err(request.refuse(EditCode::Invalid, 400, &format!("body.accessControls[{index}]"), "EW9", message));
        }
    }
    for id in request.texts("templates", "EW17")?.unwrap_or_default() {
        if TEMPLATES.find(root, id).is_none() {
            notes.push(format!("the snapshot has no template `{id}`, so it grants nothing"));
        }
    }
    request.texts("restrictions", "EW17")?;
    Ok(notes)
}

fn write_group(root: &mut Value, request: &Request, mut group: Value, created: bool) -> Result<(), Fault> {
    let body = request.members("EW17")?;
    replace_members(&mut group, body, &["name", "description", "accessControls", "templates", "b2b", "restrictions", "mixins"]);
    set(&mut group, "userType", text(request.text("userType", "EW17")?.unwrap_or("EMPLOYEE")));
    if created {
        merge_members(&mut group, body, &["vendorId"]);
    }
    stamp(&mut group, request, created);
    GROUPS.put(root, &group);
    Ok(())
}

/// EW6.
pub fn post_group(root: &mut Value, request: &Request) -> Done {
    check_language(request)?;
    request.members("EW17")?;
    let wanted = request.text("id", "EW17")?.filter(|id| !id.is_empty());
    if wanted.is_some_and(|id| GROUPS.find(root, id).is_some()) {
        return Err(request.refuse(EditCode::Duplicate, 409, "body.id", "EW6", "a group of this id is there already"));
    }
    let notes = check_group(root, request, None)?;
    let id = wanted.or_else(|| request.id()).map_or_else(|| GROUPS.free_id(root), Into::into);
    if GROUPS.find(root, &id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    write_group(root, request, with_id(&id), true)?;
    Ok(Step { notes, ..Step::changed(201).with_body(with_id(&id)) })
}

/// EW4: creates or replaces.
pub fn put_group(root: &mut Value, request: &Request, id: &str) -> Done {
    check_language(request)?;
    request.members("EW17")?;
    let known = GROUPS.find(root, id).cloned();
    check_version(request, known.as_ref())?;
    if let Some(known) = &known {
        not_predefined(request, known)?;
    }
    if request.text("id", "EW17")?.is_some_and(|named| named != id) {
        return Err(request.refuse(EditCode::Immutable, 400, "body.id", "EW4", "the id is the one in the path"));
    }
    let notes = check_group(root, request, known.as_ref())?;
    let created = known.is_none();
    write_group(root, request, known.unwrap_or_else(|| with_id(id)), created)?;
    let step = if created { Step::changed(201).with_body(with_id(id)) } else { Step::changed(204) };
    let members = members_of(root, id);
    Ok(forget_scopes(root, &members, Step { notes, ..step }))
}

/// EW2.
fn not_predefined(request: &Request, group: &Value) -> Result<(), Fault> {
    if !is_predefined(group) {
        return Ok(());
    }
    let message = "the group is predefined: its members can be changed, but not the group";
    Err(request.refuse(EditCode::Reserved, 403, "path", "EW2", message))
}

/// EW3: with members only by force, which takes the assignments along.
pub fn delete_group(root: &mut Value, request: &Request, id: &str) -> Done {
    let Some(known) = GROUPS.find(root, id).cloned() else {
        return Ok(Step::unchanged(204).note(format!("there is no group `{id}`")));
    };
    let members = members_of(root, id);
    not_predefined(request, &known)?;
    if !members.is_empty() && !request.flag("forceDelete") {
        let message =
            format!("the group has {} members: it is only deleted with `forceDelete=true`, and `iam.assignment_manage`", members.len());
        return Err(request.refuse(EditCode::InUse, 400, "query.forceDelete", "EW3", message));
    }
    leave(root, Some(id), None);
    GROUPS.remove(root, id);
    let notes = members.iter().map(|member| format!("`{member}` loses the group `{id}`")).collect();
    Ok(forget_scopes(root, &members, Step { notes, ..Step::changed(204) }))
}

// Assignments

/// Whether somebody may be put into these groups, beside those they are in.
fn check_joining(root: &Value, request: &Request, place: &str, groups: &[&Value], others: &[String]) -> Result<(), Fault> {
    let present = others.iter().filter_map(|id| GROUPS.find(root, id));
    let all: Vec<&Value> = present.chain(groups.iter().copied()).collect();
    let mut vendor = None;
    for group in all.iter().filter(|group| kind(group) == "EMPLOYEE") {
        // EW10: one vendor, or none, in all of them.
        let theirs = member(group, "vendorId");
        if *vendor.get_or_insert(theirs) != theirs {
            return Err(request.refuse(EditCode::Invalid, 400, place, "EW10", "the groups of an employee must all be of one vendor"));
        }
    }
    let entity = |group: &Value| group.get("b2b").and_then(|b2b| b2b.get("legalEntityId")).cloned();
    let exclusive = |group: &&&Value| is_predefined(group) && kind(group) == "CUSTOMER" && member(group, "code") != Some(CONTACT);
    let predefined: Vec<&&Value> = all.iter().filter(exclusive).collect();
    for (index, group) in predefined.iter().enumerate() {
        // EW11
        if predefined.iter().take(index).any(|other| entity(other) == entity(group) && tree::id(other) != tree::id(group)) {
            let message = "a customer can be in only one of the predefined groups of a legal entity";
            return Err(request.refuse(EditCode::Invalid, 400, place, "EW11", message));
        }
    }
    Ok(())
}

fn known_group(root: &Value, request: &Request, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "EW8", format!("there is no group `{id}`"));
    GROUPS.find(root, id).cloned().ok_or_else(missing)
}

/// EW8.
fn assign(root: &mut Value, request: &Request, group: &Value, asked: (&str, &str), user: &str) -> Done {
    let (place, wanted) = asked;
    let id = tree::id(group).unwrap_or_default();
    let types = !is_kind(wanted);
    if types || kind(group) != wanted {
        let what =
            if types { "is no type of user; expected `CUSTOMER` or `EMPLOYEE`" } else { "is not the type of user that the group is for" };
        return Err(request.refuse(EditCode::Invalid, 400, place, "EW8", format!("`{wanted}` {what}")));
    }
    let others: Vec<String> = groups_of(root, user).into_iter().filter(|other| other != id).collect();
    check_joining(root, request, "path", &[group], &others)?;
    let assignment_id = request.id().map_or_else(|| ASSIGNMENTS.free_id(root), Into::into);
    if ASSIGNMENTS.find(root, &assignment_id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    let assignment = vec![
        ("id".into(), text(&assignment_id)),
        ("groupId".into(), text(id)),
        ("userId".into(), text(user)),
        ("userType".into(), text(wanted)),
    ];
    ASSIGNMENTS.put(root, &Value::Map(assignment));
    join(root, group, user);
    let step = Step::changed(201).with_body(with_id(&assignment_id));
    Ok(forget_scopes(root, &[user.into()], step))
}

pub fn add_member(root: &mut Value, request: &Request, id: &str) -> Done {
    let group = known_group(root, request, id)?;
    request.members("EW8")?;
    let missing = || request.refuse(EditCode::Invalid, 400, "body", "EW8", "an assignment needs a `userId`");
    let user = request.text("userId", "EW8")?.filter(|user| !user.is_empty()).ok_or_else(missing)?;
    let wanted = request.text("userType", "EW8")?.unwrap_or_else(|| kind(&group));
    if members_of(root, id).iter().any(|member| member == user) {
        return Ok(Step::unchanged(201).note("the user is in the group already; what the server answers then is not documented"));
    }
    assign(root, request, &group, ("body.userType", wanted), user)
}

/// EW8: who is in it already stays as they are, whatever type is asked for.
pub fn put_member(root: &mut Value, request: &Request, id: &str, wanted: &str, user: &str) -> Done {
    let group = known_group(root, request, id)?;
    if is_kind(wanted) && members_of(root, id).iter().any(|member| member == user) {
        return Ok(Step::unchanged(204));
    }
    assign(root, request, &group, ("path", wanted), user)
}

pub fn remove_member(root: &mut Value, id: &str, user: &str) -> Step {
    leave(root, Some(id), Some(user));
    forget_scopes(root, &[user.into()], Step::changed(204))
}

pub fn clear_group(root: &mut Value, request: &Request, id: &str) -> Done {
    known_group(root, request, id)?;
    let members = members_of(root, id);
    leave(root, Some(id), None);
    Ok(forget_scopes(root, &members, Step::changed(204)))
}

// Users

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
