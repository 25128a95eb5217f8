//! Eclipse Kura: identities and permissions by REST V1 and V2 (rules KW).

mod password;

use crate::systems::kura::{permission_name, user_name};
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{Pairs, Shape, items, member_mut, set, text};
use password::{plain, strong};

pub const IDENTITIES: Shape = Shape { payload: "identities", keys: &["userConfig", "identities"], id: identity_name };
pub const USERS: Shape = Shape { payload: "users", keys: &["userConfig", "identities"], id: identity_name };
pub const PERMISSIONS: Shape = Shape { payload: "definedPermissions", keys: &["permissions", "definedPermissions"], id: defined_name };

/// As V1 writes an identity, or as V2 does; the prefix is no part of the name (K19).
fn identity_name(identity: &Value) -> Option<&str> {
    let name = identity.get("identity").map_or_else(|| identity.get("userName"), |identity| identity.get("name"));
    name.and_then(Value::as_text).map(user_name)
}

fn defined_name(permission: &Value) -> Option<&str> {
    permission.as_text().or_else(|| permission.get("name").and_then(Value::as_text)).map(permission_name)
}

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let persisted = |key: &str| root.get("payloads").and_then(|payloads| payloads.get(key)).is_some();
    if persisted("users.config") || persisted("groups.config") {
        return Err(request.bad("request", "the persisted configuration cannot be edited, only what the REST interfaces answer"));
    }
    let segments = request.segments();
    let ["services", rest @ ..] = segments.as_slice() else { return Err(request.unknown()) };
    match (request.method(), rest) {
        ("POST", ["identity", "v1", "identities"]) => v1_create(root, request),
        ("PUT", ["identity", "v1", "identities"]) => v1_update(root, request),
        ("DELETE", ["identity", "v1", "identities"]) => {
            let name = required(request, "userName")?;
            delete_identity(root, request, "body.userName", name)
        }
        ("POST", ["identity", "v2", "identities"]) => v2_create(root, request),
        ("PUT", ["identity", "v2", "identities"]) => v2_update(root, request, true),
        ("POST", ["identity", "v2", "identities", "validate"]) => v2_update(root, request, false),
        ("DELETE", ["identity", "v2", "identities"]) => {
            let name = required(request, "name")?;
            delete_identity(root, request, "body.name", name)
        }
        ("POST", ["identity", "v2", "permissions"]) => v2_create_permission(root, request),
        ("DELETE", ["identity", "v2", "permissions"]) => v2_delete_permission(root, request),
        ("POST", ["session", "v1", "changePassword"]) => change_password(root, request),
        _ => Err(request.unknown()),
    }
}

/// A text that the server cannot do without.
fn required<'r>(request: &'r Request, key: &str) -> Result<&'r str, Fault> {
    request.members("KW11")?;
    let missing = || request.refuse(EditCode::Invalid, 400, "body", "KW11", ["the field `", key, "` is missing or empty"].concat());
    request.text(key, "KW11")?.filter(|text| !text.trim().is_empty()).ok_or_else(missing)
}

fn find<'v>(root: &'v Value, name: &str) -> Option<&'v Value> {
    IDENTITIES.find(root, name).or_else(|| USERS.find(root, name))
}

fn put(root: &mut Value, identity: &Value) {
    let known = |shape: &Shape| identity_name(identity).is_some_and(|name| shape.find(root, name).is_some());
    let shape = if known(&USERS) || !IDENTITIES.is_given(root) && USERS.is_given(root) { USERS } else { IDENTITIES };
    shape.put(root, identity);
}

/// Changes one part of an identity: V1 has them in one object, V2 each in its own.
fn on_part(identity: &mut Value, key: &str, change: &dyn Fn(&mut Value)) {
    if identity.get("identity").is_none() {
        return change(identity);
    }
    if !matches!(identity.get(key), Some(Value::Map(_))) {
        set(identity, key, Value::Map(Pairs::new()));
    }
    if let Some(part) = member_mut(identity, key) {
        change(part);
    }
}

/// KW6: a password is enabled if one is stored, and only then; where the snapshot does not say, a load takes it for enabled.
fn has_password(identity: &Value) -> bool {
    let part = if identity.get("identity").is_some() { identity.get("passwordConfiguration") } else { Some(identity) };
    part.and_then(|part| part.get("passwordAuthEnabled")) != Some(&Value::Bool(false))
}

fn set_password(identity: &mut Value, enabled: bool) {
    on_part(identity, "passwordConfiguration", &|part| set(part, "passwordAuthEnabled", Value::Bool(enabled)));
}

fn set_change_needed(identity: &mut Value, needed: bool) {
    on_part(identity, "passwordConfiguration", &|part| set(part, "passwordChangeNeeded", Value::Bool(needed)));
}

fn set_permissions(identity: &mut Value, names: &[&str]) {
    let v2 = identity.get("identity").is_some();
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(name) {
            seen.push(name);
        }
    }
    let item = |name: &&str| if v2 { Value::Map(vec![("name".into(), text(name))]) } else { text(name) };
    let list = Value::List(seen.iter().map(item).collect());
    on_part(identity, "permissionConfiguration", &|part| set(part, "permissions", list.clone()));
}

/// An identity without anything, written as the others are.
fn new_identity(root: &Value, name: &str, v2: bool) -> Value {
    let first = IDENTITIES.all(root).into_iter().chain(USERS.all(root)).next();
    let mut identity = if first.map_or(v2, |other| other.get("identity").is_some()) {
        Value::Map(vec![("identity".into(), Value::Map(vec![("name".into(), text(name))]))])
    } else {
        Value::Map(vec![("userName".into(), text(name))])
    };
    set_password(&mut identity, false);
    set_change_needed(&mut identity, false);
    set_permissions(&mut identity, &[]);
    identity
}

/// KW7: sequences of ASCII letters and digits between single separators.
fn is_name(name: &str, separators: &[char]) -> bool {
    (3..=255).contains(&name.len())
        && name.split(separators).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn delete_identity(root: &mut Value, request: &Request, place: &str, name: &str) -> Done {
    let name = user_name(name);
    if !(IDENTITIES.remove(root, name) | USERS.remove(root, name)) {
        return Err(request.refuse(EditCode::NotFound, 404, place, "KW3", "there is no identity of this name"));
    }
    Ok(Step::changed(200))
}

fn v1_create(root: &mut Value, request: &Request) -> Done {
    let name = user_name(required(request, "userName")?);
    if find(root, name).is_some() {
        return Err(request.refuse(EditCode::Duplicate, 400, "body.userName", "KW3", "there is an identity of this name"));
    }
    // On creation whether or not it is enabled.
    if let Some(password) = request.text("password", "KW11")? {
        strong(root, request, "body.password", password, "")?;
    }
    let identity = new_identity(root, name, false);
    v1_write(root, request, identity)
}

fn v1_update(root: &mut Value, request: &Request) -> Done {
    let name = user_name(required(request, "userName")?);
    let missing = || request.refuse(EditCode::NotFound, 404, "body.userName", "KW3", "there is no identity of this name");
    let identity = find(root, name).cloned().ok_or_else(missing)?;
    v1_write(root, request, identity)
}

fn v1_write(root: &mut Value, request: &Request, mut identity: Value) -> Done {
    let mut step = Step::changed(200);
    let permissions = request.texts("permissions", "KW11")?;
    // KW1: absent keeps, present replaces.
    if let Some(wanted) = &permissions {
        let defined: Vec<&str> = PERMISSIONS.all(root).into_iter().filter_map(defined_name).collect();
        let given = PERMISSIONS.is_given(root);
        // KW2: what is not defined is dropped without a word.
        let (known, dropped): (Vec<&str>, Vec<&str>) = wanted.iter().partition(|name| !given || defined.contains(*name));
        for name in dropped {
            step = step.note(format!("the device does not define `{name}`, so it drops it without a word"));
        }
        set_permissions(&mut identity, &known);
    }
    let password = request.text("password", "KW11")?;
    match request.boolean("passwordAuthEnabled", "KW11")? {
        Some(true) => {
            if let Some(password) = password {
                let besides = if permissions.is_some() { "; the server has set the permissions by then" } else { "" };
                strong(root, request, "body.password", password, besides)?;
                set_password(&mut identity, true);
            } else if !has_password(&identity) {
                // KW5.
                step = step.note("there is no password to enable, so it stays disabled");
            }
        }
        Some(false) => set_password(&mut identity, false),
        None => {}
    }
    if let Some(needed) = request.boolean("passwordChangeNeeded", "KW11")? {
        set_change_needed(&mut identity, needed);
    }
    put(root, &identity);
    Ok(step)
}

fn v2_create(root: &mut Value, request: &Request) -> Done {
    let name = required(request, "name")?;
    if find(root, name).is_some() {
        return Err(request.refuse(EditCode::Duplicate, 409, "body.name", "KW3", "there is an identity of this name"));
    }
    if !is_name(name, &['.', '_']) {
        let message = "the name of an identity is 3 to 255 characters long: letters and digits, in sequences parted by `.` or `_`";
        return Err(request.refuse(EditCode::Invalid, 400, "body.name", "KW7", message));
    }
    let identity = new_identity(root, name, true);
    put(root, &identity);
    Ok(Step::changed(200))
}

/// An update, or only its validation.
fn v2_update(root: &mut Value, request: &Request, writes: bool) -> Done {
    request.members("KW11")?;
    let missing = || request.refuse(EditCode::Invalid, 400, "body.identity", "KW11", "the name of the identity is missing or empty");
    let name = request.field("identity").and_then(|identity| identity.get("name")).and_then(Value::as_text);
    let name = name.filter(|name| !name.trim().is_empty()).ok_or_else(missing)?;
    let known = find(root, name).cloned();
    if known.is_none() && writes {
        return Err(request.refuse(EditCode::NotFound, 400, "body.identity.name", "KW3", "there is no identity of this name"));
    }
    let mut identity = known.unwrap_or_else(|| new_identity(root, name, true));
    if let Some(password) = request.field("passwordConfiguration") {
        v2_password(root, request, &mut identity, password)?;
    }
    if let Some(configuration) = request.field("permissionConfiguration") {
        v2_permissions(root, request, &mut identity, configuration)?;
    }
    let mut step = if writes { Step::changed(200) } else { Step::unchanged(200) };
    if let Some(additional) = request.field("additionalConfigurations") {
        set(&mut identity, "additionalConfigurations", additional.clone());
        step = step.note("what the extensions of the device ask of additional configurations is not known here");
    }
    if writes {
        put(root, &identity);
    }
    Ok(step)
}

fn v2_password(root: &Value, request: &Request, identity: &mut Value, part: &Value) -> Result<(), Fault> {
    let flag = |key: &str| part.get(key) == Some(&Value::Bool(true));
    let password = part.get("password").and_then(Value::as_text);
    if flag("passwordAuthEnabled") {
        let place = "body.passwordConfiguration.password";
        match password {
            Some(password) => {
                plain(request, place, password)?;
                strong(root, request, place, password, "")?;
            }
            None if has_password(identity) => {}
            None => {
                let message = "the password is enabled, but there is none, neither stored nor in the request";
                return Err(request.refuse(EditCode::Invalid, 400, "body.passwordConfiguration", "KW5", message));
            }
        }
    }
    set_password(identity, flag("passwordAuthEnabled"));
    set_change_needed(identity, flag("passwordChangeNeeded"));
    Ok(())
}

fn v2_permissions(root: &Value, request: &Request, identity: &mut Value, part: &Value) -> Result<(), Fault> {
    let place = "body.permissionConfiguration.permissions";
    let defined: Vec<&str> = PERMISSIONS.all(root).into_iter().filter_map(defined_name).collect();
    let mut names = Vec::new();
    for (index, permission) in items(part.get("permissions")).iter().enumerate() {
        let name = permission.get("name").and_then(Value::as_text);
        let place = format!("{place}[{index}]");
        let unnamed = || request.refuse(EditCode::Invalid, 400, &place, "KW11", "a permission has a `name`");
        let name = name.ok_or_else(unnamed)?;
        if PERMISSIONS.is_given(root) && !defined.contains(&name) {
            return Err(request.refuse(EditCode::NotFound, 400, &place, "KW2", "the device defines no permission of this name"));
        }
        names.push(name);
    }
    set_permissions(identity, &names);
    Ok(())
}

fn v2_create_permission(root: &mut Value, request: &Request) -> Done {
    let name = required(request, "name")?;
    if PERMISSIONS.find(root, name).is_some() {
        return Err(request.refuse(EditCode::Duplicate, 409, "body.name", "KW9", "the device defines a permission of this name"));
    }
    if !is_name(name, &['.']) {
        let message = "the name of a permission is 3 to 255 characters long: letters and digits, in sequences parted by `.`";
        return Err(request.refuse(EditCode::Invalid, 400, "body.name", "KW7", message));
    }
    if !PERMISSIONS.is_given(root) {
        return Ok(Step::unchanged(200).note("the snapshot does not say which permissions the device defines"));
    }
    let in_object = PERMISSIONS.all(root).first().is_some_and(|other| matches!(other, Value::Map(_)));
    let permission = if in_object { Value::Map(vec![("name".into(), text(name))]) } else { text(name) };
    PERMISSIONS.put(root, &permission);
    Ok(Step::changed(200))
}

/// KW9: it goes from everybody who has it.
fn v2_delete_permission(root: &mut Value, request: &Request) -> Done {
    let name = required(request, "name")?;
    let mut known = PERMISSIONS.remove(root, name);
    let open = !PERMISSIONS.is_given(root);
    let mut losing = Vec::new();
    for shape in [IDENTITIES, USERS] {
        shape.each(root, &mut |identity| {
            let part = if identity.get("identity").is_some() { identity.get("permissionConfiguration") } else { Some(&*identity) };
            // An identity whose permissions are not given is not given any.
            if !items(part.and_then(|part| part.get("permissions"))).iter().any(|held| defined_name(held) == Some(name)) {
                return;
            }
            on_part(identity, "permissionConfiguration", &|part| {
                if let Some(Value::List(held)) = member_mut(part, "permissions") {
                    held.retain(|held| defined_name(held) != Some(name));
                }
            });
            losing.push(format!("`{}` loses `{name}`", identity_name(identity).unwrap_or_default()));
        });
    }
    known |= open && !losing.is_empty();
    if !known {
        return Err(request.refuse(EditCode::NotFound, 404, "body.name", "KW9", "the device defines no permission of this name"));
    }
    Ok(Step { notes: losing, ..Step::changed(200) })
}

/// Whether the request is the one by which a session changes its own password: open to whoever must (K9), so no table decides it.
pub fn is_own_password(request: &Request) -> bool {
    request.method() == "POST" && request.segments() == ["services", "session", "v1", "changePassword"]
}

/// KW10.
fn change_password(root: &mut Value, request: &Request) -> Done {
    let Some(actor) = request.actor() else { return Err(request.bad("actor", "whose password it is, is the actor of the edit")) };
    let nobody = || request.refuse(EditCode::Forbidden, 401, "", "K8", "nobody of that name is logged in");
    let mut identity = actor.as_text().and_then(|name| find(root, user_name(name))).cloned().ok_or_else(nobody)?;
    let (current, new) = (required(request, "currentPassword")?, required(request, "newPassword")?);
    if !has_password(&identity) {
        return Err(request.refuse(EditCode::Forbidden, 401, "body.currentPassword", "K10", "the identity has no password"));
    }
    strong(root, request, "body.newPassword", new, "")?;
    if current == new {
        return Err(request.refuse(EditCode::Invalid, 400, "body.newPassword", "KW10", "the new password is the present one"));
    }
    set_change_needed(&mut identity, false);
    put(root, &identity);
    Ok(Step::changed(200))
}
