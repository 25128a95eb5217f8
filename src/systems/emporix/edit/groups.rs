//! Groups.

use super::documents::is_kind;
use super::members::{is_predefined, leave, members_of};
use super::{CONTROLS, GROUPS, TEMPLATES, check_language, check_version, forget_scopes, member, stamp, with_id};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{merge_members, replace_members, set, text};

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
