//! Hantera: principals, clients and roles (rules HW).

use xxhash_rust::xxh64::xxh64;

use super::read::is_protected;
use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, Pairs, Shape, replace_members, set, texts_of};

pub const ROLES: Shape = Shape { payload: "roles", keys: &["roles", "items"], id: |role| role.get("key").and_then(Value::as_text) };
pub const PRINCIPALS: Shape = Shape { payload: "principals", keys: &["principals", "items"], id: tree::id };
pub const CLIENTS: Shape = Shape { payload: "clients", keys: &["clients", "items"], id: tree::id };

const RESERVED: &str = "system:";

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    let ["resources", rest @ ..] = segments.as_slice() else { return Err(request.unknown()) };
    match (request.method(), rest) {
        ("PUT", ["iam", "roles", key]) => put_role(root, request, key),
        ("DELETE", ["iam", "roles", key]) => delete_role(root, request, key),
        ("PUT", ["iam", "principals", id]) => put_identity(root, request, &PRINCIPALS, id),
        ("PUT", ["iam", "clients", id]) => put_identity(root, request, &CLIENTS, id),
        ("DELETE", ["iam", "principals", id]) => delete_identity(root, request, &PRINCIPALS, id),
        ("DELETE", ["iam", "clients", id]) => delete_identity(root, request, &CLIENTS, id),
        ("PUT", ["iam", "principals", id, "roles"]) => put_roles(root, request, &PRINCIPALS, id),
        ("PUT", ["iam", "clients", id, "roles"]) => put_roles(root, request, &CLIENTS, id),
        // HW7: passwords and secrets are in no answer of the server, and so in no snapshot.
        ("POST", ["iam", "principals", id, "password", "reset"]) => existing(root, request, &PRINCIPALS, id).map(|_| Step::unchanged(200)),
        ("POST", ["iam", "clients", id, "secrets"]) => {
            let client = existing(root, request, &CLIENTS, id)?;
            not_system_client(request, Some(&client), id)?;
            Ok(Step::unchanged(200))
        }
        ("POST", ["me", "password"]) => Ok(Step::unchanged(200)),
        _ => Err(request.unknown()),
    }
}

fn existing(root: &Value, request: &Request, shape: &Shape, id: &str) -> Result<Value, Fault> {
    let missing = || request.refuse(EditCode::NotFound, 404, "path", "HW6", format!("there is no `{id}` among the {}", shape.payload));
    shape.find(root, id).cloned().ok_or_else(missing)
}

/// HW1.
fn not_reserved(request: &Request, key: &str) -> Result<(), Fault> {
    if !key.starts_with(RESERVED) {
        return Ok(());
    }
    let message = format!("`{key}` is a role of the system, which cannot be created, changed or deleted");
    Err(request.refuse(EditCode::Reserved, 403, "path", "HW1", message))
}

/// HW3.
fn not_system_client(request: &Request, client: Option<&Value>, id: &str) -> Result<(), Fault> {
    if !client.is_some_and(is_protected) && !id.starts_with(RESERVED) {
        return Ok(());
    }
    Err(request.refuse(
        EditCode::Reserved,
        403,
        "path",
        "HW3",
        format!("`{id}` is a client of the system, which is protected from changes"),
    ))
}

fn bare(etag: &str) -> &str {
    let etag = etag.trim();
    etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"')
}

/// HW5: the ETag of the last GET, in the header or in the body. Where the snapshot does not hold the present one, none can be wrong.
fn not_stale(request: &Request, document: Option<&Value>) -> Result<(), Fault> {
    let (place, wanted) = match (request.header("if-match"), request.field("etag").and_then(Value::as_text)) {
        (Some(header), _) => ("headers.If-Match", header),
        (None, Some(member)) => ("body.etag", member),
        (None, None) => return Ok(()),
    };
    let stale = |message: &str| Err(request.refuse(EditCode::Conflict, 409, place, "HW5", message));
    let Some(document) = document else { return stale("the ETag is of something that is not there any more") };
    let Some(present) = document.get("etag").and_then(Value::as_text) else { return Ok(()) };
    if wanted.split(',').any(|one| one.trim() == "*" || bare(one) == bare(present)) {
        return Ok(());
    }
    stale("somebody else has changed it since: the ETag is not the present one")
}

/// A new ETag, made of the old one and of what is written, so that none comes twice in a row.
fn stamp(document: &mut Value) -> String {
    let before = document.to_json();
    let etag = format!("\"{:016x}\"", xxh64(before.as_bytes(), 0));
    set(document, "etag", Value::Text(etag.clone().into()));
    etag
}

fn write(root: &mut Value, shape: &Shape, mut document: Value, status: u16) -> Step {
    let etag = stamp(&mut document);
    shape.put(root, &document);
    Step { etag: Some(etag), ..Step::changed(status).with_body(document) }
}

fn put_role(root: &mut Value, request: &Request, key: &str) -> Done {
    let known = ROLES.find(root, key).cloned();
    not_stale(request, known.as_ref())?;
    not_reserved(request, key)?;
    if known.is_none() {
        is_key(request, key)?;
    }
    let body = request.members("HW9")?;
    if request.text("key", "HW9")?.is_some_and(|named| named != key) {
        return Err(request.refuse(EditCode::Immutable, 400, "body.key", "HW2", "the key of a role is the one in the path"));
    }
    request.text("description", "HW9")?;
    check_entries(request)?;
    let status = if known.is_some() { 200 } else { 201 };
    let mut role = known.unwrap_or_else(|| Value::Map(vec![("key".into(), tree::text(key))]));
    // HW4: a replacement.
    replace_members(&mut role, body, &["description", "acl"]);
    Ok(write(root, &ROLES, role, status))
}

/// HW2.
fn is_key(request: &Request, key: &str) -> Result<(), Fault> {
    if key.split_once(':').is_some_and(|(namespace, capability)| !namespace.is_empty() && !capability.is_empty()) {
        return Ok(());
    }
    Err(request.refuse(EditCode::Invalid, 400, "path", "HW2", "the key of a role is spelled `{namespace}:{capability}`"))
}

/// HW9.
fn check_entries(request: &Request) -> Result<(), Fault> {
    let invalid = |place: &str, message: &str| Err(request.refuse(EditCode::Invalid, 400, place, "HW9", message));
    let Some(acl) = request.field("acl") else { return invalid("body", "a role needs its `acl`") };
    let Some(Value::List(entries)) = acl.get("entries") else { return invalid("body.acl", "an access list has a list of `entries`") };
    let is_text = |value: &Value| match value {
        Value::Text(text) => !text.is_empty(),
        Value::List(parts) => !parts.is_empty() && parts.iter().all(|part| part.as_text().is_some_and(|text| !text.is_empty())),
        _ => false,
    };
    for (index, entry) in entries.iter().enumerate() {
        let place = |key: &str| format!("body.acl.entries[{index}]{key}");
        match entry.get("resource") {
            Some(resource) if is_text(resource) => {}
            Some(_) => return invalid(&place(".resource"), "expected text, or a list of texts"),
            None => return invalid(&place(""), "an entry names its `resource`"),
        }
        if entry.get("permission").is_some_and(|permission| !is_text(permission)) {
            return invalid(&place(".permission"), "expected text, or a list of texts");
        }
    }
    Ok(())
}

fn delete_role(root: &mut Value, request: &Request, key: &str) -> Done {
    let role = existing(root, request, &ROLES, key)?;
    not_stale(request, Some(&role))?;
    not_reserved(request, key)?;
    let holders: usize = [&PRINCIPALS, &CLIENTS].iter().map(|shape| holders(root, shape, key)).sum();
    ROLES.remove(root, key);
    let step = Step::changed(204);
    // H16: what they still name grants nothing.
    Ok(if holders == 0 {
        step
    } else {
        step.note(format!("{holders} identities still name the role `{key}`, which grants nothing any more"))
    })
}

fn holders(root: &Value, shape: &Shape, key: &str) -> usize {
    shape.all(root).into_iter().filter(|identity| texts_of(identity.get("roles")).contains(&key)).count()
}

fn put_identity(root: &mut Value, request: &Request, shape: &Shape, id: &str) -> Done {
    let known = shape.find(root, id).cloned();
    not_stale(request, known.as_ref())?;
    if shape.payload == CLIENTS.payload {
        not_system_client(request, known.as_ref(), id)?;
    }
    let body = request.members("HW9")?;
    if let Some(properties) = request.field("properties")
        && !matches!(properties, Value::Map(_))
    {
        return Err(request.refuse(EditCode::Invalid, 400, "body.properties", "HW9", "expected an object"));
    }
    if request.text("id", "HW9")?.is_some_and(|named| named != id) {
        return Err(request.refuse(EditCode::Immutable, 400, "body.id", "HW4", "the id is the one in the path"));
    }
    let roles = request.texts("roles", "HW9")?.unwrap_or_default();
    unique_email(root, request, id, known.as_ref())?;
    let status = if known.is_some() { 200 } else { 201 };
    let kind = if shape.payload == CLIENTS.payload { "client" } else { "principal" };
    let create = || Value::Map(vec![("id".into(), tree::text(id)), ("type".into(), tree::text(kind))]);
    let mut identity = known.unwrap_or_else(create);
    // HW4: a replacement; what the server keeps itself (whether and when suspended, last seen) stays, unless the body says it.
    replace_members(&mut identity, body, &["properties", "roles"]);
    tree::merge_members(&mut identity, body, &["suspendedAt"]);
    if request.field("properties").is_none() {
        set(&mut identity, "properties", Value::Map(Pairs::new()));
    }
    set(&mut identity, "roles", tree::texts(&roles));
    let notes = unknown_roles(root, &roles);
    Ok(Step { notes, ..write(root, shape, identity, status) })
}

/// H16: a key that no role has grants nothing.
fn unknown_roles(root: &Value, roles: &[&str]) -> Vec<String> {
    let unknown = roles.iter().filter(|key| ROLES.find(root, key).is_none());
    unknown.map(|key| format!("the snapshot has no role `{key}`, so it grants nothing")).collect()
}

fn email(identity: &Value) -> Option<&str> {
    identity.get("properties")?.get("email")?.as_text()
}

/// HW8: of all principals, whatever the case.
fn unique_email(root: &Value, request: &Request, id: &str, known: Option<&Value>) -> Result<(), Fault> {
    let Some(wanted) = request.body().and_then(email) else { return Ok(()) };
    if known.and_then(email) == Some(wanted) {
        return Ok(());
    }
    let taken = |other: &&Value| tree::id(other) != Some(id) && email(other).is_some_and(|taken| taken.eq_ignore_ascii_case(wanted));
    if !PRINCIPALS.all(root).iter().any(taken) {
        return Ok(());
    }
    Err(request.refuse(EditCode::Duplicate, 409, "body.properties.email", "HW8", "another principal has this e-mail address"))
}

fn delete_identity(root: &mut Value, request: &Request, shape: &Shape, id: &str) -> Done {
    let identity = existing(root, request, shape, id)?;
    not_stale(request, Some(&identity))?;
    if shape.payload == CLIENTS.payload {
        not_system_client(request, Some(&identity), id)?;
    }
    shape.remove(root, id);
    Ok(Step::changed(204))
}

/// HW10: the body is the list, bare or under `roles`.
fn put_roles(root: &mut Value, request: &Request, shape: &Shape, id: &str) -> Done {
    let mut identity = existing(root, request, shape, id)?;
    not_stale(request, Some(&identity))?;
    if shape.payload == CLIENTS.payload {
        not_system_client(request, Some(&identity), id)?;
    }
    let roles = match request.body() {
        Some(list @ Value::List(_)) => request.texts_at("body", list, "HW10")?,
        _ => {
            request.members("HW10")?;
            let missing = || request.refuse(EditCode::Invalid, 400, "body", "HW10", "expected the list of `roles`");
            request.texts("roles", "HW10")?.ok_or_else(missing)?
        }
    };
    set(&mut identity, "roles", tree::texts(&roles));
    let notes = unknown_roles(root, &roles);
    Ok(Step { notes, ..write(root, shape, identity, 200) })
}
