//! Hantera, rules H1 to H17.

use super::{routes, *};

struct Who {
    suspended: bool,
    roles: Vec<String>,
    /// Scopes of the session: each list bounds the session for itself (H10, read as intersection).
    scopes: Vec<Vec<String>>,
}

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    match text(ask, "kind").unwrap_or("") {
        kind if is_permission_kind(kind) => {
            let who = match who(snapshot, principal, ask, context) {
                Ok(who) => who,
                Err(answer) => return answer,
            };
            if ask.get("anyOf").and_then(Value::as_array).is_some_and(Vec::is_empty) {
                return if is_owner(&who) { allow("superuser") } else { no_grant() };
            }
            permissions(ask, &mut |permission| one(snapshot, &who, permission))
        }
        "route" => route(snapshot, principal, ask, context),
        _ => invalid(),
    }
}

/// Order: nobody logged in, unknown principal, suspended (H9, before the owner); the scopes, the owner (H7) and the
/// grants follow in `one`.
fn who(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Result<Who, Answer> {
    let mut scopes = Vec::new();
    scopes.extend(words(given(ask, context, "sessionScopes")));
    let id = match principal {
        Value::Null => return Err(unauthenticated()),
        Value::String(id) => id.as_str(),
        claims => {
            scopes.extend(words(member(claims, "scope")));
            match text(claims, "sub") {
                Some(id) => id,
                // Claims that carry roles and no subject stand for themselves.
                None if claims.get("roles").is_some_and(Value::is_array) => {
                    return Ok(Who { suspended: false, roles: strings(claims.get("roles")), scopes });
                }
                None => return Err(unknown_principal()),
            }
        }
    };
    let mut identities = items(payload(snapshot, "principals"), "principals");
    identities.extend(items(payload(snapshot, "clients"), "clients"));
    let Some(identity) = identities.into_iter().find(|p| text(p, "id") == Some(id)) else {
        return Err(unknown_principal());
    };
    // H9: suspendedAt other than null.
    let suspended = member(identity, "suspendedAt").is_some();
    if suspended {
        return Err(deny("suspended", 403));
    }
    Ok(Who { suspended, roles: strings(identity.get("roles")), scopes })
}

fn is_owner(who: &Who) -> bool {
    who.roles.iter().any(|key| key == "system:owner") // H7
}

fn one(snapshot: &Value, who: &Who, permission: &str) -> Answer {
    let ask = Ace::parse(permission);
    // H10: what was granted at sign-in bounds everyone, the owner too. Scopes are ACEs.
    for list in &who.scopes {
        if !list.iter().any(|scope| Ace::parse(scope).covers(&ask)) {
            return deny("scope_not_granted", 403);
        }
    }
    if is_owner(who) {
        return allow("superuser"); // H7: bypasses every check
    }
    for key in &who.roles {
        // H16: an unknown role key grants nothing. H8: nor does a role without an ACL.
        for role in items(payload(snapshot, "roles"), "roles") {
            if text(role, "key") != Some(key.as_str()) {
                continue;
            }
            let entries = role.get("acl").and_then(|acl| acl.get("entries")).and_then(Value::as_array);
            for entry in entries.into_iter().flatten() {
                // H12: an entry with a non-empty attributeKeys grants nothing.
                if entry.get("attributeKeys").and_then(Value::as_array).is_some_and(|keys| !keys.is_empty()) {
                    continue;
                }
                if Ace::entry(entry).is_some_and(|grant| grant.covers(&ask)) {
                    return allow("granted"); // H1
                }
            }
        }
    }
    no_grant() // H1: default deny
}

/// H2: `resource/path[:permission[:nested]]`.
struct Ace {
    resource: Vec<String>,
    permission: Option<Vec<String>>,
}

impl Ace {
    fn parse(written: &str) -> Ace {
        let (resource, permission) = match written.split_once(':') {
            Some((resource, permission)) => (resource, Some(permission)),
            None => (written, None),
        };
        Ace { resource: split(resource, '/'), permission: permission.map(|p| split(p, ':')) }
    }

    /// An entry of a role: strings, or arrays read as segments. A permission that is absent is all (H4); one that is null
    /// says nothing, and grants nothing.
    fn entry(entry: &Value) -> Option<Ace> {
        let resource = match entry.get("resource")? {
            Value::String(resource) => split(resource, '/'),
            Value::Array(_) => split(&strings(entry.get("resource")).join("/"), '/'),
            _ => return None,
        };
        let permission = match entry.get("permission") {
            None => None,
            Some(Value::String(permission)) => Some(split(permission, ':')),
            Some(list @ Value::Array(_)) => Some(split(&strings(Some(list)).join(":"), ':')),
            Some(_) => return None,
        };
        Some(Ace { resource, permission })
    }

    fn covers(&self, ask: &Ace) -> bool {
        // Empty segments in an ask: covered by nothing.
        let empty = |segments: &[String]| segments.iter().any(String::is_empty);
        if empty(&ask.resource) || ask.permission.as_deref().is_some_and(empty) {
            return false;
        }
        // H3: by whole segments, downward only. H13: `*` in a resource is a plain segment. H15: case-sensitive.
        if !ask.resource.starts_with(&self.resource) {
            return false;
        }
        match (&self.permission, &ask.permission) {
            (None, _) => true,                                         // H4: absent is all
            (Some(own), _) if own.len() == 1 && own[0] == "*" => true, // H4: `*` is all
            (Some(own), Some(asked)) => asked.starts_with(own),        // H5, H6
            (Some(_), None) => false,                                  // an ask without permission is covered by `*` and absent only
        }
    }
}

fn split(text: &str, by: char) -> Vec<String> {
    text.split(by).map(str::to_owned).collect()
}

fn route(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let hit = routes::find("hantera", method, path);
    if hit.is_none() && routes::unknown("hantera", ask).is_allow() {
        return allow("not_required");
    }
    if hit.as_ref().is_some_and(routes::Hit::open) {
        return allow("not_required");
    }
    let who = match who(snapshot, principal, ask, context) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown("hantera", ask) };
    if hit.requires()["self"] == true {
        // The caller's own session; a session that is bounded by scopes needs one that covers all of `me`.
        let bounded = Ace::parse("me");
        if who.scopes.iter().any(|list| !list.iter().any(|scope| Ace::parse(scope).covers(&bounded))) {
            return deny("scope_not_granted", 403);
        }
        return allow("not_required");
    }
    if hit.requires().get("unknown").is_some() {
        // No name to hold the scopes against: only an owner whose session is not bounded passes.
        return if is_owner(&who) && who.scopes.is_empty() { allow("superuser") } else { deny("requirement_unknown", 403) };
    }
    let answer = match (hit.list("anyOf"), hit.list("allOf")) {
        (Some(list), _) => any_of(list, &mut |permission| one(snapshot, &who, permission)),
        (_, Some(list)) => all_of(list, &mut |permission| one(snapshot, &who, permission)),
        _ => return deny("requirement_unknown", 403),
    };
    // Section 3: the `system:` namespace is reserved. Refused to whoever is otherwise authorised, the owner too.
    let edits_role = hit.is("PUT", "/resources/iam/roles/{key}") || hit.is("DELETE", "/resources/iam/roles/{key}");
    if answer.is_allow() && edits_role && hit.param("key").is_some_and(|key| key.starts_with("system:")) {
        return deny("edit_refused", 403);
    }
    answer
}
