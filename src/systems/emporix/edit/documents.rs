//! Access controls, custom scopes, roles.

use super::members::members_of;
use super::{
    CONTROLS, GROUPS, PERMISSIONS, ROLES, TEMPLATES, check_language, check_version, forget_scopes, is_true, member, stamp, with_id,
};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, items, replace_members, texts_of};

/// EW2.
fn not_predefined(request: &Request, control: &Value) -> Result<(), Fault> {
    if !is_true(control, "predefined") {
        return Ok(());
    }
    let message = "the access control is predefined, so it can be assigned but not changed or deleted";
    Err(request.refuse(EditCode::Reserved, 403, "path", "EW2", message))
}

pub fn put_control(root: &mut Value, request: &Request, id: &str) -> Done {
    check_language(request)?;
    let known = CONTROLS.find(root, id).cloned();
    check_version(request, known.as_ref())?;
    if let Some(known) = &known {
        not_predefined(request, known)?;
    }
    let body = request.members("EW16")?;
    let invalid = |place: &str, message: &str| Err(request.refuse(EditCode::Invalid, 400, place, "EW16", message));
    // EW16: at least one scope, each once.
    let Some(scopes) = request.texts("scopes", "EW16")? else { return invalid("body", "an access control needs its `scopes`") };
    if scopes.is_empty() || scopes.iter().enumerate().any(|(index, scope)| scopes.iter().take(index).any(|before| before == scope)) {
        return invalid("body.scopes", "expected at least one scope, and each only once");
    }
    request.texts("domains", "EW16")?;
    let restricted = request.text("restrictedTo", "EW16")?;
    if restricted.is_some_and(|kind| !is_kind(kind)) {
        return invalid("body.restrictedTo", "expected `CUSTOMER` or `EMPLOYEE`");
    }
    // EW9: only when it is created.
    if let Some(known) = &known
        && member(known, "restrictedTo") != restricted
    {
        let message = "which groups an access control is restricted to cannot be changed once it is created";
        return Err(request.refuse(EditCode::Immutable, 400, "body.restrictedTo", "EW9", message));
    }
    let created = known.is_none();
    let mut control = known.unwrap_or_else(|| with_id(id));
    replace_members(&mut control, body, &["name", "description", "scopes", "domains", "restrictedTo"]);
    stamp(&mut control, request, created);
    CONTROLS.put(root, &control);
    let holders = holders(root, id);
    let step = if created { Step::changed(201).with_body(with_id(id)) } else { Step::changed(204) };
    Ok(forget_scopes(root, &holders, step))
}

pub fn is_kind(kind: &str) -> bool {
    matches!(kind, "CUSTOMER" | "EMPLOYEE")
}

/// The members of all groups that have an access control, themselves or by a template.
fn holders(root: &Value, id: &str) -> Vec<String> {
    let names = |document: &Value, key: &str, id: &str| {
        items(document.get(key)).iter().any(|item| item.as_text().or_else(|| tree::id(item)) == Some(id))
    };
    let templates: Vec<&str> =
        TEMPLATES.all(root).into_iter().filter(|template| names(template, "accessControls", id)).filter_map(tree::id).collect();
    let has = |group: &&Value| names(group, "accessControls", id) || templates.iter().any(|template| names(group, "templates", template));
    GROUPS.all(root).into_iter().filter(has).filter_map(tree::id).flat_map(|group| members_of(root, group)).collect()
}

/// E17: what still lists it gets nothing by it.
pub fn delete_control(root: &mut Value, request: &Request, id: &str) -> Done {
    let Some(known) = CONTROLS.find(root, id).cloned() else {
        return Ok(Step::unchanged(204).note(format!("there is no access control `{id}`")));
    };
    not_predefined(request, &known)?;
    let holders = holders(root, id);
    CONTROLS.remove(root, id);
    Ok(forget_scopes(root, &holders, Step::changed(204)))
}

/// EW13: the characters, and the names that the platform keeps for the scopes of custom entities.
fn check_scope(request: &Request, id: &str) -> Result<(), Fault> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) {
        let message = "the id of a scope is made of letters, digits, `.`, `-` and `_`";
        return Err(request.refuse(EditCode::Invalid, 400, "path", "EW13", message));
    }
    if id.strip_prefix("custom.").is_some_and(|rest| rest.contains('_')) {
        let message = "`custom.{type}_{action}` is reserved for the scopes that the platform makes for custom entities";
        return Err(request.refuse(EditCode::Reserved, 400, "path", "EW13", message));
    }
    Ok(())
}

pub fn put_scope(request: &Request, id: &str) -> Done {
    check_scope(request, id)?;
    request.members("EW13")?;
    request.text("domain", "EW13")?;
    Ok(Step::unchanged(201)
        .with_body(with_id(id))
        .note("the snapshot holds no list of scopes, so whether it is there already is not known"))
}

pub fn delete_scope(request: &Request, id: &str) -> Done {
    check_scope(request, id)?;
    Ok(Step::unchanged(204).note("the snapshot holds no list of scopes; access controls may still name it"))
}

/// EW12: a whitelist may only hold resources that the permission applies to.
pub fn put_role(root: &mut Value, request: &Request, id: &str) -> Done {
    let known = ROLES.find(root, id).cloned();
    check_version(request, known.as_ref())?;
    let body = request.members("EW12")?;
    let Some(Value::List(permissions)) = request.field("permissions") else {
        return Err(request.refuse(EditCode::Invalid, 400, "body", "EW12", "a role needs its list of `permissions`"));
    };
    for (index, entry) in permissions.iter().enumerate() {
        let place = |key: &str| format!("body.permissions[{index}]{key}");
        let missing = || request.refuse(EditCode::NotFound, 400, &place(".id"), "EW12", "the snapshot has no such permission");
        let permission = tree::id(entry).and_then(|id| PERMISSIONS.find(root, id)).ok_or_else(missing)?;
        let Some(list) = entry.get("applicablePermissionResources") else { continue };
        let wanted = request.texts_at(&place(".applicablePermissionResources"), list, "EW12")?;
        let applicable = permission.get("applicableResources").map(|list| texts_of(Some(list)));
        if let Some(applicable) = applicable
            && let Some(other) = wanted.iter().find(|resource| !applicable.contains(resource))
        {
            let message = format!("the permission does not apply to the resource `{other}`");
            return Err(request.refuse(EditCode::Invalid, 400, &place(".applicablePermissionResources"), "EW12", message));
        }
    }
    let created = known.is_none();
    let mut role = known.unwrap_or_else(|| with_id(id));
    replace_members(&mut role, body, &["name", "description", "permissions"]);
    stamp(&mut role, request, created);
    ROLES.put(root, &role);
    let step = if created { Step::changed(201).with_body(with_id(id)) } else { Step::changed(204) };
    Ok(step.note("no document of the vendor describes a request that writes roles: this is what their documents may hold"))
}
