//! Ithbat: permissions and roles (rules IW).

use crate::systems::ithbat::is_permission;
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, Pairs, Shape, member_mut, merge_members, set, text};

const PERMISSIONS: Shape = Shape {
    payload: "permissions",
    keys: &["data", "items", "permissions", "permission"],
    // A bare name is its own id.
    id: |permission| permission.as_text().or_else(|| tree::id(permission)).or_else(|| permission.get("name").and_then(Value::as_text)),
};
const ROLES: Shape = Shape { payload: "roles", keys: &["data", "items", "roles", "role"], id: tree::id };
const USERS: Shape = Shape { payload: "users", keys: &["data", "items", "users", "user"], id: tree::id };
const GROUPS: Shape = Shape { payload: "groups", keys: &["data", "items", "groups"], id: tree::id };

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    let ["api", "v1", rest @ ..] = segments.as_slice() else { return Err(request.unknown()) };
    same_tenant(root, request)?;
    match (request.method(), rest) {
        ("POST", ["permissions"]) => create_permission(root, request),
        ("PUT", ["permissions", id]) => update_permission(root, request, id),
        ("DELETE", ["permissions", id]) => delete_permission(root, request, id),
        ("POST", ["roles"]) => create_role(root, request),
        ("PUT", ["roles", id]) => update_role(root, request, id),
        ("DELETE", ["roles", id]) => delete_role(root, request, id),
        _ => Err(request.unknown()),
    }
}

/// I4: a request is for the tenant that its header names.
fn same_tenant(root: &Value, request: &Request) -> Result<(), Fault> {
    let tenant = root.get("tenant").and_then(Value::as_text);
    match (request.header("x-tenant-id"), tenant) {
        (Some(asked), Some(tenant)) if asked != tenant => {
            Err(request.refuse(EditCode::Forbidden, 403, "headers.X-Tenant-ID", "I4", "the request is for another tenant"))
        }
        _ => Ok(()),
    }
}

fn name(document: &Value) -> Option<&str> {
    document.as_text().or_else(|| document.get("name").and_then(Value::as_text))
}

fn is_system(document: &Value) -> bool {
    document.get("isSystem") == Some(&Value::Bool(true))
}

/// Whether a document is the snapshot's own tenant's, or does not say whose.
fn is_here(root: &Value, document: &Value) -> bool {
    let (here, theirs) = (root.get("tenant").and_then(Value::as_text), document.get("tenantId").and_then(Value::as_text));
    here.is_none() || theirs.is_none() || here == theirs
}

fn envelope(document: &Value, key: &str) -> Value {
    let data = Value::Map(vec![(key.into(), document.clone())]);
    Value::Map(vec![("success".into(), Value::Bool(true)), ("data".into(), data)])
}

fn nothing() -> Value {
    Value::Map(vec![("success".into(), Value::Bool(true)), ("data".into(), Value::Null)])
}

fn required<'r>(request: &'r Request, key: &str, rule: &'static str) -> Result<&'r str, Fault> {
    let missing = || request.refuse(EditCode::Invalid, 400, "body", rule, ["the field `", key, "` is missing"].concat());
    request.text(key, rule)?.filter(|text| !text.is_empty()).ok_or_else(missing)
}

fn create(root: &Value, request: &Request, shape: &Shape) -> Result<Value, Fault> {
    let id = request.id().map_or_else(|| shape.free_id(root), Into::into);
    if shape.find(root, &id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    let mut document: Pairs = vec![("id".into(), text(&id))];
    if let Some(tenant) = root.get("tenant").and_then(Value::as_text) {
        document.push(("tenantId".into(), text(tenant)));
    }
    Ok(Value::Map(document))
}

fn finish(document: &mut Value, request: &Request) {
    set(document, "isSystem", Value::Bool(false));
    if let Some(now) = request.now() {
        set(document, "createdAt", text(now));
    }
}

fn create_permission(root: &mut Value, request: &Request) -> Done {
    let body = request.members("IW7")?;
    let wanted = required(request, "name", "IW7")?;
    required(request, "displayName", "IW7")?;
    check_labels(request)?;
    if !is_permission(wanted) {
        return Err(request.refuse(EditCode::Invalid, 400, "body.name", "IW1", "the name is not spelled `resource:action`"));
    }
    let known = PERMISSIONS.all(root).into_iter().find(|other| name(other) == Some(wanted) && is_here(root, other));
    if let Some(known) = known {
        let (code, rule, message) = if is_system(known) {
            (EditCode::Reserved, "IW3", "the name is a permission of the system, which is reserved")
        } else {
            (EditCode::Duplicate, "IW2", "the tenant has a permission of this name")
        };
        return Err(request.refuse(code, 409, "body.name", rule, message));
    }
    let mut permission = create(root, request, &PERMISSIONS)?;
    merge_members(&mut permission, body, &["name", "displayName", "description", "category"]);
    finish(&mut permission, request);
    PERMISSIONS.put(root, &permission);
    Ok(Step::changed(201).with_body(envelope(&permission, "permission")))
}

fn check_labels(request: &Request) -> Result<(), Fault> {
    for key in ["displayName", "description", "category"] {
        request.text(key, "IW7")?;
    }
    Ok(())
}

/// A permission that is there, and is the tenant's own.
fn custom(root: &Value, request: &Request, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "IW6", format!("there is no permission `{id}`"));
    let permission = PERMISSIONS.find(root, id).filter(|found| is_here(root, found)).ok_or_else(missing)?;
    if is_system(permission) {
        let message = format!("`{}` is a permission of the system, which cannot be changed or deleted", name(permission).unwrap_or(id));
        return Err(request.refuse(EditCode::Reserved, 403, "path", "IW3", message));
    }
    Ok(permission.clone())
}

fn update_permission(root: &mut Value, request: &Request, id: &str) -> Done {
    let mut permission = custom(root, request, id)?;
    let body = request.members("IW5")?;
    if request.field("name").is_some_and(|asked| asked.as_text() != name(&permission)) {
        return Err(request.refuse(EditCode::Immutable, 400, "body.name", "IW4", "the name of a permission cannot be changed"));
    }
    check_labels(request)?;
    if let Value::Text(_) = permission {
        // A list of bare names has no place for labels.
        return Ok(Step::unchanged(200).note("the snapshot lists bare names, which have no labels"));
    }
    merge_members(&mut permission, body, &["displayName", "description", "category"]);
    PERMISSIONS.put(root, &permission);
    let step = Step::changed(200).with_body(envelope(&permission, "permission"));
    let others = body.iter().filter(|(key, _)| !["name", "displayName", "description", "category"].contains(&key.as_ref()));
    Ok(others.fold(step, |step, (key, _)| step.note(format!("an update does not take `{key}`"))))
}

/// IW6: the permission goes from every role that has it.
fn delete_permission(root: &mut Value, request: &Request, id: &str) -> Done {
    let permission = custom(root, request, id)?;
    PERMISSIONS.remove(root, id);
    let gone = name(&permission).unwrap_or(id);
    let here = root.get("tenant").cloned();
    let mut losing = Vec::new();
    ROLES.each(root, &mut |role| {
        if here.is_some() && role.get("tenantId").is_some_and(|tenant| Some(tenant) != here.as_ref()) {
            return;
        }
        let Some(Value::List(list)) = member_mut(role, "permissions") else { return };
        let before = list.len();
        list.retain(|held| name(held) != Some(gone));
        if list.len() < before {
            losing.push(format!("the role `{}` loses `{gone}`", name(role).or_else(|| tree::id(role)).unwrap_or_default()));
        }
    });
    Ok(Step { notes: losing, ..Step::changed(200).with_body(nothing()) })
}

/// IW8: one name, one role of the tenant.
fn unique_role(root: &Value, request: &Request, id: Option<&str>, wanted: &str) -> Result<(), Fault> {
    let other = |role: &&Value| name(role) == Some(wanted) && (id.is_none() || tree::id(role) != id) && is_here(root, role);
    if !ROLES.all(root).iter().any(other) {
        return Ok(());
    }
    Err(request.refuse(EditCode::Duplicate, 409, "body.name", "IW8", "the tenant has a role of this name"))
}

fn create_role(root: &mut Value, request: &Request) -> Done {
    let body = request.members("IW8")?;
    let wanted = required(request, "name", "IW8")?;
    unique_role(root, request, None, wanted)?;
    let permissions = request.texts("permissions", "IW8")?.unwrap_or_default();
    let notes = unknown(root, &permissions);
    let mut role = create(root, request, &ROLES)?;
    merge_members(&mut role, body, &["name", "description"]);
    set(&mut role, "permissions", tree::texts(&permissions));
    finish(&mut role, request);
    ROLES.put(root, &role);
    Ok(Step { notes, ..Step::changed(201).with_body(envelope(&role, "role")) })
}

/// I5.
fn unknown(root: &Value, permissions: &[&str]) -> Vec<String> {
    let known: Vec<&str> = PERMISSIONS.all(root).into_iter().filter_map(name).collect();
    let unknown = permissions.iter().filter(|permission| !known.contains(permission));
    unknown.map(|permission| format!("the snapshot has no permission `{permission}`")).collect()
}

/// IW9: built-in roles stay as they are.
fn custom_role(root: &Value, request: &Request, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "IW9", format!("there is no role `{id}`"));
    let role = ROLES.find(root, id).filter(|found| is_here(root, found)).ok_or_else(missing)?;
    if is_system(role) {
        return Err(request.refuse(EditCode::Reserved, 403, "path", "IW9", format!("`{id}` is a built-in role, which stays as it is")));
    }
    Ok(role.clone())
}

fn update_role(root: &mut Value, request: &Request, id: &str) -> Done {
    let mut role = custom_role(root, request, id)?;
    let body = request.members("IW8")?;
    if let Some(wanted) = request.text("name", "IW8")? {
        unique_role(root, request, Some(id), wanted)?;
    }
    let permissions = request.texts("permissions", "IW8")?;
    let notes = permissions.as_deref().map_or_else(Vec::new, |list| unknown(root, list));
    merge_members(&mut role, body, &["name", "description", "permissions"]);
    ROLES.put(root, &role);
    Ok(Step { notes, ..Step::changed(200).with_body(envelope(&role, "role")) })
}

fn delete_role(root: &mut Value, request: &Request, id: &str) -> Done {
    let role = custom_role(root, request, id)?;
    ROLES.remove(root, id);
    let named = name(&role);
    // Whoever had it does not any more; a name that another role has too stays.
    let shared = named.is_some_and(|named| ROLES.all(root).iter().any(|other| name(other) == Some(named)));
    for shape in [USERS, GROUPS] {
        shape.each(root, &mut |holder| {
            if let Some(Value::List(held)) = member_mut(holder, "roles") {
                held.retain(|held| {
                    let reference = held.as_text().or_else(|| tree::id(held));
                    reference != Some(id) && (shared || reference != named)
                });
            }
        });
    }
    Ok(Step::changed(200).with_body(nothing()))
}
