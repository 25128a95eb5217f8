//! Open Archiver 0.6.0: roles and users (rules AW).

use crate::systems::open_archiver::{ACTIONS, SUBJECTS};
use crate::value::Value;
use crate::value::host::lower_case;
use crate::writes::answer::{Done, EditCode, Fault, Step};
use crate::writes::request::Request;
use crate::writes::tree::{self, Shape, items, set, text, texts};

pub const ROLES: Shape = Shape { payload: "roles", keys: &["items", "data", "roles"], id: tree::id };
pub const USERS: Shape = Shape { payload: "users", keys: &["items", "data", "users"], id: tree::id };

pub fn edit(root: &mut Value, request: &Request) -> Done {
    let segments = request.segments();
    let ["v1", rest @ ..] = segments.as_slice() else { return Err(request.unknown()) };
    match (request.method(), rest) {
        ("GET", ["iam", "roles"]) => list_roles(root),
        ("POST", ["iam", "roles"]) => create_role(root, request),
        ("PUT", ["iam", "roles", id]) => update_role(root, request, id),
        ("DELETE", ["iam", "roles", id]) => Ok(delete_role(root, id)),
        ("POST", ["users"]) => create_user(root, request),
        ("PUT", ["users", id]) => update_user(root, request, id),
        ("DELETE", ["users", id]) => delete_user(root, request, id),
        _ => Err(request.unknown()),
    }
}

fn is(document: &Value, key: &str, value: &str) -> bool {
    document.get(key).and_then(Value::as_text) == Some(value)
}

/// JavaScript's `!value`.
fn falsy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => true,
        Some(Value::Text(text)) => text.is_empty(),
        Some(Value::Number(number)) => *number == 0.0 || number.is_nan(),
        Some(_) => false,
    }
}

/// AW2: action and subject, each one or several, from the lists of the server.
fn check_policies(request: &Request, policies: &Value) -> Result<Vec<String>, Fault> {
    let list = match policies {
        Value::List(list) => list,
        // The server walks over what it is given: over a text letter by letter, over anything else not at all.
        Value::Text(_) => {
            let message = "a policy needs an `action` and a `subject`, but the policies are a text";
            return Err(request.refuse(EditCode::Invalid, 400, "body.policies", "AW2", message));
        }
        _ => {
            return Err(request.refuse(
                EditCode::Invalid,
                500,
                "body.policies",
                "AW2",
                "the policies are no list, on which the server fails",
            ));
        }
    };
    let mut notes = Vec::new();
    for (index, policy) in list.iter().enumerate() {
        let place = format!("body.policies[{index}]");
        if falsy(policy.get("action")) || falsy(policy.get("subject")) {
            return Err(request.refuse(EditCode::Invalid, 400, &place, "AW2", "a policy needs an `action` and a `subject`"));
        }
        for (key, known) in [("action", ACTIONS.as_slice()), ("subject", SUBJECTS.as_slice())] {
            let only = policy.get(key).into_iter();
            let names: Vec<&Value> = if let Some(Value::List(names)) = policy.get(key) { names.iter().collect() } else { only.collect() };
            for name in names {
                if !name.as_text().is_some_and(|name| known.contains(&name)) {
                    let message = format!("the server knows no such {key}; it knows {}", known.join(", "));
                    return Err(request.refuse(EditCode::Invalid, 400, &[&place, ".", key].concat(), "AW2", message));
                }
            }
        }
        note_traps(policy, &place, &mut notes);
    }
    Ok(notes)
}

/// AW3: what the server stores unread and then stumbles on.
fn note_traps(policy: &Value, place: &str, notes: &mut Vec<String>) {
    let mut note = |what: &str| notes.push([place, ": ", what].concat());
    if items(policy.get("action")).is_empty() && matches!(policy.get("action"), Some(Value::List(_)))
        || items(policy.get("subject")).is_empty() && matches!(policy.get("subject"), Some(Value::List(_)))
    {
        note("an empty list of actions or subjects matches nothing");
    }
    if matches!(policy.get("fields"), Some(Value::List(fields)) if fields.is_empty()) {
        note("`fields: []` makes every request of whoever has the role fail (A11)");
    }
    let Some(Value::Map(conditions)) = policy.get("conditions") else { return };
    if conditions.is_empty() {
        note("`conditions: {}` empties every listing (A15)");
    }
    for (field, operand) in conditions {
        if field.starts_with('$') {
            note(&format!("`{field}` is no operator in the record check, so the policy never applies (A8)"));
        } else if !CONDITION_FIELDS.contains(&field.as_ref()) {
            note(&format!("a condition on `{field}` breaks the search"));
        } else if field.as_ref() == "ingestionSource.userId" && matches!(operand, Value::Map(_)) {
            note("`ingestionSource.userId` can only be compared for equality");
        }
        for (operator, _) in if let Value::Map(operators) = operand { operators.as_slice() } else { &[] } {
            if operator.starts_with('$') && !OPERATORS.contains(&operator.as_ref()) {
                note(&format!("`{operator}` is no operator of the record check (A8)"));
            }
        }
    }
}

const CONDITION_FIELDS: [&str; 8] =
    ["id", "userId", "name", "provider", "status", "userEmail", "ingestionSourceId", "ingestionSource.userId"];
const OPERATORS: [&str; 14] =
    ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$regex", "$options", "$elemMatch", "$exists"];

/// AW4: name and slug are unique in the database, which says so by failing.
fn unique(root: &Value, request: &Request, id: Option<&str>, name: &str, slug: Option<&str>) -> Result<(), Fault> {
    let others = || ROLES.all(root).into_iter().filter(|role| id.is_none() || tree::id(role) != id);
    let taken = |key: &str, value: &str| others().any(|role| is(role, key, value));
    if taken("name", name) {
        return Err(request.refuse(EditCode::Duplicate, 500, "body.name", "AW4", "another role has this name, on which the server fails"));
    }
    if slug.is_some_and(|slug| taken("slug", slug)) {
        let message = "another role has the slug that is made of this name, on which the server fails";
        return Err(request.refuse(EditCode::Duplicate, 500, "body.name", "AW4", message));
    }
    Ok(())
}

/// The name of a role in a body: the database takes nothing but text.
fn role_name(request: &Request) -> Result<Option<&str>, Fault> {
    match request.body().and_then(|body| body.get("name")) {
        Some(Value::Text(name)) => Ok(Some(name)),
        named if falsy(named) => Ok(None),
        _ => Err(request.refuse(EditCode::Invalid, 500, "body.name", "AW1", "the name is no text, on which the server fails")),
    }
}

fn create_role(root: &mut Value, request: &Request) -> Done {
    request.members("AW1")?;
    let policies = request.body().and_then(|body| body.get("policies")).filter(|policies| !falsy(Some(policies)));
    let missing = || request.refuse(EditCode::Invalid, 400, "body", "AW1", "a role needs a `name` and `policies`");
    let name = role_name(request)?.filter(|name| !name.is_empty()).ok_or_else(missing)?;
    let policies = policies.ok_or_else(missing)?;
    let notes = check_policies(request, policies)?;
    // AW5: never taken from the body.
    let slug = lower_case(name).replace(' ', "_");
    unique(root, request, None, name, Some(&slug))?;
    let role = new_role(root, request.id(), request.now(), (&slug, name, policies.clone()));
    if ROLES.find(root, tree::id(&role).unwrap_or_default()).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    ROLES.put(root, &role);
    Ok(Step { notes, ..Step::changed(201).with_body(role) })
}

fn new_role(root: &Value, id: Option<&str>, now: Option<&str>, (slug, name, policies): (&str, &str, Value)) -> Value {
    let id = id.map_or_else(|| ROLES.free_id(root), Into::into);
    let mut role = vec![("id".into(), text(&id)), ("slug".into(), text(slug)), ("name".into(), text(name)), ("policies".into(), policies)];
    if let Some(now) = now {
        role.extend([("createdAt".into(), text(now)), ("updatedAt".into(), text(now))]);
    }
    Value::Map(role)
}

/// AW6, AW7: predefined roles are edited as any other, and whoever comes last wins.
fn update_role(root: &mut Value, request: &Request, id: &str) -> Done {
    let body = request.members("AW1")?;
    let policies = request.body().and_then(|body| body.get("policies")).filter(|policies| !falsy(Some(policies)));
    let name = role_name(request)?.filter(|name| !name.is_empty());
    if name.is_none() && policies.is_none() {
        return Err(request.refuse(EditCode::Invalid, 400, "body", "AW1", "an update needs a `name` or `policies`"));
    }
    let notes = policies.map_or(Ok(Vec::new()), |policies| check_policies(request, policies))?;
    let Some(mut role) = ROLES.find(root, id).cloned() else {
        // AW8.
        return Ok(Step::unchanged(200).note(format!("there is no role `{id}`: the server answers as if there were, without a body")));
    };
    if let Some(name) = name {
        unique(root, request, Some(id), name, None)?;
    }
    tree::merge_members(&mut role, body, &["name", "policies"]);
    for key in ["name", "policies"] {
        if matches!(role.get(key), Some(Value::Null)) {
            let message = format!("`{key}` is null, on which the server fails");
            return Err(request.refuse(EditCode::Invalid, 500, &["body.", key].concat(), "AW1", message));
        }
    }
    write_role(root, &role);
    Ok(Step { notes, ..Step::changed(200).with_body(role) })
}

/// In the list, and wherever a user brings its role along.
fn write_role(root: &mut Value, role: &Value) {
    ROLES.put(root, role);
    USERS.each(root, &mut |user| {
        each_role(user, &mut |held| {
            if matches!(held, Value::Map(_)) && tree::id(held) == tree::id(role) {
                *held = role.clone();
            }
            true
        });
    });
}

/// Visits the roles of a user, bare or as documents; what is not kept is taken away.
fn each_role(user: &mut Value, keep: &mut dyn FnMut(&mut Value) -> bool) {
    if let Some(role) = tree::member_mut(user, "role")
        && !matches!(role, Value::Null)
        && !keep(role)
    {
        *role = Value::Null;
    }
    if let Some(Value::List(roles)) = tree::member_mut(user, "roles") {
        roles.retain_mut(keep);
    }
}

/// AW9: the assignments go with the role. AW8: what is not there is deleted too.
fn delete_role(root: &mut Value, id: &str) -> Step {
    let known = ROLES.remove(root, id);
    let mut lost = false;
    USERS.each(root, &mut |user| {
        each_role(user, &mut |held| {
            let keep = tree::id(held).or_else(|| held.as_text()) != Some(id);
            lost |= !keep;
            keep
        });
    });
    if known || lost { Step::changed(204) } else { Step::unchanged(204).note(format!("there is no role `{id}`")) }
}

/// AW11: the list is answered as it was before the two roles are created.
fn list_roles(root: &mut Value) -> Done {
    let before = Value::List(ROLES.all(root).into_iter().cloned().collect());
    let predefined = |role: &Value| role.get("slug").and_then(Value::as_text).is_some_and(|slug| slug.contains("predefined_"));
    if items(Some(&before)).iter().any(predefined) {
        return Ok(Step::unchanged(200).with_body(before));
    }
    let rule = |action: Value, subject: Value| vec![("action".into(), action), ("subject".into(), subject)];
    let own = |subject: &str, field: &str| {
        let mut rule = rule(text("manage"), text(subject));
        rule.push(("conditions".into(), Value::Map(vec![(field.into(), text("${user.id}"))])));
        Value::Map(rule)
    };
    let end_user = Value::List(vec![
        Value::Map(rule(text("read"), text("dashboard"))),
        Value::Map(rule(text("create"), text("ingestion"))),
        own("ingestion", "userId"),
        own("archive", "ingestionSource.userId"),
    ]);
    let everything = texts(&["ingestion", "archive", "dashboard", "users", "roles"]);
    let read_only = Value::List(vec![Value::Map(rule(texts(&["read", "search"]), everything))]);
    let mut changed = false;
    for role in [("predefined_end_user", "End user", end_user), ("predefined_read_only_user", "Read only", read_only)] {
        // A name that is taken ends it: the first may then be there without the second.
        if ROLES.all(root).iter().any(|other| is(other, "name", role.1)) {
            break;
        }
        let role = new_role(root, None, None, role);
        ROLES.put(root, &role);
        changed = true;
    }
    Ok(Step { changed, ..Step::unchanged(200).with_body(before) })
}

/// AW10: the role that a user gets, as the user's document shows it.
fn role_of(root: &Value, request: &Request) -> Result<Option<Value>, Fault> {
    let Some(id) = request.body().and_then(|body| body.get("roleId")).filter(|id| !falsy(Some(id))) else { return Ok(None) };
    let role = id.as_text().and_then(|id| ROLES.find(root, id)).cloned();
    let missing = || request.refuse(EditCode::NotFound, 500, "body.roleId", "AW10", "there is no such role, on which the server fails");
    role.map(Some).ok_or_else(missing)
}

fn unique_email(root: &Value, request: &Request, id: Option<&str>) -> Result<(), Fault> {
    let Some(email) = request.body().and_then(|body| body.get("email")).and_then(Value::as_text) else { return Ok(()) };
    let others = USERS.all(root).into_iter().filter(|user| id.is_none() || tree::id(user) != id);
    if !others.into_iter().any(|user| is(user, "email", email)) {
        return Ok(());
    }
    let message = "another user has this e-mail address, on which the server fails";
    Err(request.refuse(EditCode::Duplicate, 500, "body.email", "AW12", message))
}

fn create_user(root: &mut Value, request: &Request) -> Done {
    let body = request.members("AW10")?;
    if request.body().and_then(|body| body.get("email")).and_then(Value::as_text).is_none() {
        return Err(request.refuse(EditCode::Invalid, 500, "body", "AW12", "a user needs an `email`; the server fails without one"));
    }
    unique_email(root, request, None)?;
    let missing = || request.refuse(EditCode::Invalid, 500, "body", "AW10", "a user needs a `roleId`; the server fails without one");
    let role = role_of(root, request)?.ok_or_else(missing)?;
    let id = request.id().map_or_else(|| USERS.free_id(root), Into::into);
    if USERS.find(root, &id).is_some() {
        return Err(request.bad("context.id", "the id is taken"));
    }
    let mut user = Value::Map(vec![("id".into(), text(&id))]);
    tree::merge_members(&mut user, body, &["email", "first_name", "last_name"]);
    let answer = user.clone();
    set(&mut user, "role", role);
    if let Some(now) = request.now() {
        set(&mut user, "createdAt", text(now));
    }
    set(&mut user, "totpEnabled", Value::Bool(false));
    USERS.put(root, &user);
    Ok(Step::changed(201).with_body(answer))
}

fn update_user(root: &mut Value, request: &Request, id: &str) -> Done {
    let body = request.members("AW10")?;
    let written = ["email", "first_name", "last_name"];
    if !body.iter().any(|(key, _)| written.contains(&key.as_ref())) {
        let message = "the server fails on an update without `email`, `first_name` and `last_name`";
        return Err(request.refuse(EditCode::Invalid, 500, "body", "AW12", message));
    }
    unique_email(root, request, Some(id))?;
    let role = role_of(root, request)?;
    let Some(mut user) = USERS.find(root, id).cloned() else {
        // An assignment of nobody fails before anybody is missed.
        let status = if role.is_some() { 500 } else { 404 };
        return Err(request.refuse(EditCode::NotFound, status, "path", "AW12", format!("there is no user `{id}`")));
    };
    tree::merge_members(&mut user, body, &written);
    let mut answer = user.clone();
    tree::unset(&mut answer, "role");
    tree::unset(&mut answer, "roles");
    if let Some(role) = role {
        // AW10: one role, whatever there was, unless it is the one already shown.
        let shown = user.get("role").and_then(|shown| tree::id(shown).or_else(|| shown.as_text()));
        if shown != tree::id(&role) {
            set(&mut user, "role", role);
            tree::unset(&mut user, "roles");
        }
    }
    USERS.put(root, &user);
    Ok(Step::changed(200).with_body(answer))
}

/// AW13.
fn delete_user(root: &mut Value, request: &Request, id: &str) -> Done {
    let mut ids: Vec<&str> = USERS.all(root).into_iter().filter_map(tree::id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() == 1 {
        return Err(request.refuse(EditCode::InUse, 400, "path", "AW13", "the only user cannot be deleted"));
    }
    if USERS.remove(root, id) { Ok(Step::changed(204)) } else { Ok(Step::unchanged(204).note(format!("there is no user `{id}`"))) }
}
