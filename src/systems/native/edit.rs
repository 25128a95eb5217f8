//! Native snapshots: their own requests, in the manner of the others (rules NW). What a body may hold is what a load takes.

use xxhash_rust::xxh64::xxh64;

use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, Shape, items, member_mut, set, text, unset};

const fn list(payload: &'static str, id: fn(&Value) -> Option<&str>) -> Shape {
    Shape { payload, keys: &[], id }
}

fn key(document: &Value) -> Option<&str> {
    document.get("key").and_then(Value::as_text)
}

fn name(document: &Value) -> Option<&str> {
    document.get("name").and_then(Value::as_text)
}

pub const ROLES: Shape = list("roles", key);
pub const GROUPS: Shape = list("groups", tree::id);
pub const PRINCIPALS: Shape = list("principals", tree::id);
const TENANTS: Shape = list("tenants", tree::id);
const PERMISSIONS: Shape = list("permissions", name);

/// A list by its name in the path, and what its documents are called by.
fn shape(name: &str) -> Option<(&'static Shape, &'static str)> {
    match name {
        "roles" => Some((&ROLES, "key")),
        "groups" => Some((&GROUPS, "id")),
        "principals" => Some((&PRINCIPALS, "id")),
        "tenants" => Some((&TENANTS, "id")),
        "permissions" => Some((&PERMISSIONS, "name")),
        _ => None,
    }
}

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    match segments.as_slice() {
        ["resources", kind, id] => resource(root, request, kind, id),
        [of @ ("principals" | "groups"), holder, list @ ("roles" | "groups"), held] => assignment(root, request, (of, holder), list, held),
        [list] | [list, _] => {
            let Some((shape, key)) = shape(list) else { return Err(request.unknown()) };
            match (request.method(), segments.get(1)) {
                ("POST", None) => create(root, request, shape, key),
                ("GET", Some(id)) => read(root, request, shape, id),
                ("PUT", Some(id)) => put(root, request, (shape, key), id),
                ("PATCH", Some(id)) => patch(root, request, (shape, key), id),
                ("DELETE", Some(id)) => delete(root, request, shape, id),
                _ => Err(request.unknown()),
            }
        }
        _ => Err(request.unknown()),
    }
}

/// A document's ETag: a number that stands for what it says.
pub fn content_etag(document: &Value) -> String {
    format!("\"{:016x}\"", xxh64(document.to_json().as_bytes(), 0))
}

/// NW2.
pub fn not_stale(request: &Request, known: Option<&Value>) -> Result<(), Fault> {
    let Some(wanted) = request.header("if-match") else { return Ok(()) };
    let present = known.map(content_etag);
    if present.is_some_and(|present| wanted.split(',').any(|one| matches!(one.trim(), "*") || one.trim() == present)) {
        return Ok(());
    }
    let message = "somebody else has changed it since: the ETag is not the present one";
    Err(request.refuse(EditCode::Conflict, 409, "headers.If-Match", "NW2", message))
}

fn existing(root: &Value, request: &Request, shape: &Shape, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "NW6", format!("there is no `{id}` among the {}", shape.payload));
    shape.find(root, id).cloned().ok_or_else(missing)
}

/// NW4.
fn not_system(request: &Request, document: &Value) -> Result<(), Fault> {
    if document.get("system") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    Err(request.refuse(EditCode::Reserved, 403, "path", "NW4", "a permission of the system cannot be changed or deleted"))
}

fn write(root: &mut Value, shape: &Shape, document: &Value, status: u16) -> Step {
    shape.put(root, document);
    Step { etag: Some(content_etag(document)), ..Step::changed(status).with_body(document.clone()) }
}

fn read(root: &Value, request: &Request, shape: &Shape, id: &str) -> Done {
    let document = existing(root, request, shape, id)?;
    Ok(Step { etag: Some(content_etag(&document)), ..Step::unchanged(200).with_body(document) })
}

/// NW3.
fn create(root: &mut Value, request: &Request, shape: &Shape, key: &str) -> Done {
    let mut document = Value::Map(request.members("NW1")?.clone());
    if document.get(key).is_none() {
        let Some(id) = request.id() else {
            let message = ["a new one is called by its `", key, "`, or by `context.id`"].concat();
            return Err(request.refuse(EditCode::Invalid, 400, "body", "NW3", message));
        };
        set(&mut document, key, text(id));
    }
    if (shape.id)(&document).is_some_and(|id| shape.find(root, id).is_some()) {
        let place = ["body.", key].concat();
        return Err(request.refuse(EditCode::Duplicate, 409, &place, "NW3", "one of this name is there already"));
    }
    Ok(write(root, shape, &document, 201))
}

/// NW5: what others name it by stays as it is.
fn same_name(request: &Request, document: &mut Value, key: &str, id: &str) -> Result<(), Fault> {
    match document.get(key) {
        None => set(document, key, text(id)),
        Some(named) if named.as_text() == Some(id) => {}
        Some(_) => {
            let message = ["`", key, "` is the one in the path and cannot be changed"].concat();
            return Err(request.refuse(EditCode::Immutable, 400, &["body.", key].concat(), "NW5", message));
        }
    }
    Ok(())
}

fn put(root: &mut Value, request: &Request, (shape, key): (&Shape, &str), id: &str) -> Done {
    let known = shape.find(root, id).cloned();
    not_stale(request, known.as_ref())?;
    if let Some(known) = &known {
        not_system(request, known)?;
    }
    let mut document = Value::Map(request.members("NW1")?.clone());
    same_name(request, &mut document, key, id)?;
    Ok(write(root, shape, &document, if known.is_some() { 200 } else { 201 }))
}

/// A merge patch (RFC 7396): absent keeps, null takes away, lists are replaced.
fn patch(root: &mut Value, request: &Request, (shape, key): (&Shape, &str), id: &str) -> Done {
    let mut document = existing(root, request, shape, id)?;
    not_stale(request, Some(&document))?;
    not_system(request, &document)?;
    request.members("NW1")?;
    merge(&mut document, request.body().unwrap_or(&Value::Null));
    same_name(request, &mut document, key, id)?;
    Ok(write(root, shape, &document, 200))
}

fn merge(document: &mut Value, patch: &Value) {
    let Value::Map(members) = patch else {
        *document = patch.clone();
        return;
    };
    if !matches!(document, Value::Map(_)) {
        *document = Value::Map(Vec::new());
    }
    for (key, value) in members {
        if matches!(value, Value::Null) {
            unset(document, key);
            continue;
        }
        if member_mut(document, key).is_none() {
            set(document, key, Value::Null);
        }
        if let Some(member) = member_mut(document, key) {
            merge(member, value);
        }
    }
}

/// NW7: who names it loses it; what has others below it stays.
fn delete(root: &mut Value, request: &Request, shape: &Shape, id: &str) -> Done {
    let document = existing(root, request, shape, id)?;
    not_stale(request, Some(&document))?;
    not_system(request, &document)?;
    if shape.payload == TENANTS.payload && TENANTS.all(root).iter().any(|tenant| tenant.get("parent").and_then(Value::as_text) == Some(id))
    {
        return Err(request.refuse(EditCode::InUse, 409, "path", "NW7", "there are tenants below it"));
    }
    shape.remove(root, id);
    let mut losing = Vec::new();
    for (holders, key, of) in [
        (&PRINCIPALS, "roles", "roles"),
        (&GROUPS, "roles", "roles"),
        (&ROLES, "inherits", "roles"),
        (&PRINCIPALS, "groups", "groups"),
        (&GROUPS, "memberOf", "groups"),
    ] {
        if of == shape.payload {
            holders.each(root, &mut |holder| {
                if drop_reference(holder, key, &|held| reference(held) == Some(id)) {
                    losing.push(format!("`{}` loses `{id}`", (holders.id)(holder).unwrap_or_default()));
                }
            });
        }
    }
    Ok(Step { notes: losing, ..Step::changed(204) })
}

/// What an entry names, bare or with a scope.
fn reference(held: &Value) -> Option<&str> {
    held.as_text().or_else(|| held.get("role").and_then(Value::as_text))
}

fn scope(held: &Value) -> Option<&str> {
    held.get("scope").and_then(Value::as_text)
}

fn drop_reference(holder: &mut Value, key: &str, goes: &dyn Fn(&Value) -> bool) -> bool {
    let Some(Value::List(list)) = member_mut(holder, key) else { return false };
    let before = list.len();
    list.retain(|held| !goes(held));
    list.len() < before
}

/// NW8: a role or a group of one holder. A role may be held in a scope.
fn assignment(root: &mut Value, request: &Request, (of, holder): (&str, &str), list: &str, held: &str) -> Done {
    let (shape, key) = match (of, list) {
        ("principals", "roles") => (&PRINCIPALS, "roles"),
        ("principals", _) => (&PRINCIPALS, "groups"),
        (_, "roles") => (&GROUPS, "roles"),
        _ => (&GROUPS, "memberOf"),
    };
    let mut document = existing(root, request, shape, holder)?;
    not_stale(request, Some(&document))?;
    let within = request.query("scope");
    if within.is_some() && (of, list) != ("principals", "roles") {
        return Err(request.refuse(EditCode::Invalid, 400, "query.scope", "NW8", "only the roles of a principal are held in a scope"));
    }
    let is = |other: &Value| reference(other) == Some(held) && scope(other) == within;
    let held_already = items(document.get(key)).iter().any(is);
    match (request.method(), held_already) {
        ("PUT", true) => return Ok(Step::unchanged(200)),
        ("PUT", false) => {
            existing(root, request, if list == "roles" { &ROLES } else { &GROUPS }, held)?;
            let entry = match within {
                Some(scope) => Value::Map(vec![("role".into(), text(held)), ("scope".into(), text(scope))]),
                None => text(held),
            };
            match member_mut(&mut document, key) {
                Some(Value::List(list)) => list.push(entry),
                _ => set(&mut document, key, Value::List(vec![entry])),
            }
        }
        ("DELETE", true) => {
            drop_reference(&mut document, key, &is);
        }
        ("DELETE", false) => {
            let message = format!("`{holder}` does not hold `{held}` itself");
            return Err(request.refuse(EditCode::NotFound, 404, "path", "NW6", message));
        }
        _ => return Err(request.unknown()),
    }
    Ok(write(root, shape, &document, 200))
}

/// A resource is called by its type and its id.
fn resource(root: &mut Value, request: &Request, kind: &str, id: &str) -> Done {
    let is = |document: &Value| document.get("type").and_then(Value::as_text) == Some(kind) && tree::id(document) == Some(id);
    let below = |document: &&Value| document.get("parent").is_some_and(is);
    let all = list("resources", tree::id);
    let known = all.all(root).into_iter().find(|document| is(document)).cloned();
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "NW6", format!("there is no resource `{kind}/{id}`"));
    not_stale(request, known.as_ref())?;
    match request.method() {
        "GET" => known.map(|known| Step { etag: Some(content_etag(&known)), ..Step::unchanged(200).with_body(known) }).ok_or_else(missing),
        "DELETE" => {
            known.ok_or_else(missing)?;
            if all.all(root).iter().any(below) {
                return Err(request.refuse(EditCode::InUse, 409, "path", "NW7", "there are resources below it"));
            }
            all.remove_if(root, &is);
            Ok(Step::changed(204))
        }
        "PUT" => {
            let mut document = Value::Map(request.members("NW1")?.clone());
            same_name(request, &mut document, "type", kind)?;
            same_name(request, &mut document, "id", id)?;
            if known.is_none() {
                all.append(root, document.clone());
            }
            all.each(root, &mut |other| {
                if is(other) {
                    *other = document.clone();
                }
            });
            Ok(Step { etag: Some(content_etag(&document)), ..Step::changed(if known.is_some() { 200 } else { 201 }).with_body(document) })
        }
        _ => Err(request.unknown()),
    }
}
