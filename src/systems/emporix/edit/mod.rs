//! Emporix: groups, assignments, users, access controls, scopes (rules EW).

mod documents;
mod groups;
mod members;
mod users;

use crate::value::Value;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, Pairs, Shape, text};
use documents::{delete_control, delete_scope, put_control, put_role, put_scope};
use groups::{delete_group, post_group, put_group};
pub use members::conflict;
use members::{add_member, clear_group, members_of, put_member, remove_member};
use users::{clear_user, create_user, delete_user, put_user};

pub const GROUPS: Shape = Shape { payload: "groups", keys: &["items"], id: tree::id };
pub const USERS: Shape = Shape { payload: "users", keys: &["items"], id: tree::id };
pub const CONTROLS: Shape = Shape { payload: "accessControls", keys: &["items"], id: tree::id };
const TEMPLATES: Shape = Shape { payload: "templates", keys: &["items"], id: tree::id };
const ROLES: Shape = Shape { payload: "roles", keys: &["items"], id: tree::id };
const PERMISSIONS: Shape = Shape { payload: "permissions", keys: &["items"], id: tree::id };
const ASSIGNMENTS: Shape = Shape { payload: "assignments", keys: &["items"], id: tree::id };
const SCOPES: Shape = Shape {
    payload: "userScopes",
    keys: &["items"],
    id: |scopes| scopes.get("userId").or_else(|| scopes.get("id")).and_then(Value::as_text),
};

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    let ["iam", tenant, rest @ ..] = segments.as_slice() else { return Err(request.unknown()) };
    check_tenant(root, request, tenant)?;
    match (request.method(), rest) {
        ("POST", ["groups"]) => post_group(root, request),
        ("PUT", ["groups", id]) => put_group(root, request, id),
        ("DELETE", ["groups", id]) => delete_group(root, request, id),
        ("POST", ["groups", id, "users"]) => add_member(root, request, id),
        ("DELETE", ["groups", id, "users"]) => clear_group(root, request, id),
        ("PUT", ["groups", id, "users", kind, user]) => put_member(root, request, id, kind, user),
        ("DELETE", ["groups", id, "users", user]) => Ok(remove_member(root, id, user)),
        ("POST", ["users"]) => create_user(root, request),
        ("PUT", ["users", id]) => put_user(root, request, id),
        ("DELETE", ["users", id]) => Ok(delete_user(root, id)),
        ("DELETE", ["users", id, "groups"]) => Ok(clear_user(root, id)),
        ("PUT", ["access-controls", id]) => put_control(root, request, id),
        ("DELETE", ["access-controls", id]) => delete_control(root, request, id),
        ("PUT", ["scopes", id]) => put_scope(request, id),
        ("DELETE", ["scopes", id]) => delete_scope(request, id),
        ("PUT", ["roles", id]) => put_role(root, request, id),
        _ => Err(request.unknown()),
    }
}

/// What own-scopes and `forceDelete` need to know of the group that the request names.
pub fn facts(root: &Value, segments: &[&str]) -> Pairs {
    let ["iam", _, "groups", id, ..] = segments else { return Vec::new() };
    let mut facts: Pairs = vec![("groupHasMembers".into(), Value::Bool(!members_of(root, id).is_empty()))];
    if let Some(entity) = GROUPS.find(root, id).and_then(|group| group.get("b2b")).and_then(|b2b| b2b.get("legalEntityId")) {
        facts.push(("resource".into(), Value::Map(vec![("legalEntityId".into(), entity.clone())])));
    }
    facts
}

/// EW1, E10.
fn check_tenant(root: &Value, request: &Request, tenant: &str) -> Result<(), Fault> {
    let first = tenant.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let plain = tenant.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !first || !plain || !(3..=16).contains(&tenant.len()) {
        let message = "the name of a tenant is 3 to 16 characters long: lower-case letters and digits, a letter first";
        return Err(request.refuse(EditCode::Invalid, 400, "path", "EW1", message));
    }
    match root.get("tenant").and_then(Value::as_text) {
        Some(here) if here != tenant => {
            Err(request.refuse(EditCode::Forbidden, 401, "path", "E10", "the request is for another tenant than the snapshot's"))
        }
        _ => Ok(()),
    }
}

/// EW14.
fn check_language(request: &Request) -> Result<(), Fault> {
    if request.header("content-language").is_some_and(|language| !language.trim().is_empty()) {
        return Ok(());
    }
    Err(request.refuse(EditCode::Invalid, 400, "headers", "EW14", "the header `Content-Language` is required"))
}

fn version(document: &Value) -> Option<f64> {
    match document.get("metadata")?.get("version")? {
        Value::Number(version) => Some(*version),
        _ => None,
    }
}

/// EW5: sent or not; if it is, it must be the present one. Where the snapshot does not hold that, none can be wrong.
fn check_version(request: &Request, known: Option<&Value>) -> Result<(), Fault> {
    let Some(sent) = request.field("metadata").and_then(|metadata| metadata.get("version")) else { return Ok(()) };
    let Value::Number(sent) = sent else {
        let message = ["expected a number but found ", sent.kind()].concat();
        return Err(request.refuse(EditCode::Invalid, 400, "body.metadata.version", "EW5", message));
    };
    match known.and_then(version) {
        Some(present) if present != *sent => {
            let message = "somebody else has changed it since: the version is not the present one";
            Err(request.refuse(EditCode::Conflict, 409, "body.metadata.version", "EW5", message))
        }
        _ => Ok(()),
    }
}

/// The next version, and the times that the caller knows.
fn stamp(document: &mut Value, request: &Request, created: bool) {
    let sent = request.body().and_then(version);
    let next = if created { Some(1.0) } else { version(document).or(sent).map(|version| version + 1.0) };
    if next.is_none() && request.now().is_none() {
        return;
    }
    if !matches!(document.get("metadata"), Some(Value::Map(_))) {
        tree::set(document, "metadata", Value::Map(Pairs::new()));
    }
    let Some(metadata) = tree::member_mut(document, "metadata") else { return };
    if let Some(next) = next {
        tree::set(metadata, "version", Value::Number(next));
    }
    if let Some(now) = request.now() {
        if created {
            tree::set(metadata, "createdAt", text(now));
        }
        tree::set(metadata, "modifiedAt", text(now));
    }
}

fn with_id(id: &str) -> Value {
    Value::Map(vec![("id".into(), text(id))])
}

fn is_true(document: &Value, key: &str) -> bool {
    document.get(key) == Some(&Value::Bool(true))
}

fn member<'v>(document: &'v Value, key: &str) -> Option<&'v str> {
    document.get(key).and_then(Value::as_text)
}

/// Takes away what the server had computed for these users: it computes anew, and so do we.
fn forget_scopes(root: &mut Value, users: &[String], step: Step) -> Step {
    let gone = users.iter().filter(|user| SCOPES.remove(root, user)).count();
    if gone == 0 {
        step
    } else {
        step.note("the recorded scopes of whoever is concerned are taken out, to be computed anew from the groups")
    }
}
