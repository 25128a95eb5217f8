//! Eclipse Kura, rules K1 to K13 and K19.

use super::{routes, *};

struct Who {
    permissions: Vec<String>,
    password_auth: bool,
    change_needed: bool,
}

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    match text(ask, "kind").unwrap_or("") {
        kind if is_permission_kind(kind) => {
            let who = match who(snapshot, principal, ask, context) {
                Ok(who) => who,
                Err(answer) => return answer,
            };
            // K5: `anyOf: []` is nobody's but the admin's (K1).
            if ask.get("anyOf").and_then(Value::as_array).is_some_and(Vec::is_empty) && is_admin(&who) {
                return allow("superuser");
            }
            permissions(ask, &mut |permission| one(snapshot, &who, permission))
        }
        "route" => route(snapshot, principal, ask, context),
        _ => invalid(),
    }
}

fn who(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Result<Who, Answer> {
    let auth = given_text(ask, context, "auth");
    if auth == Some("none") {
        return Err(unauthenticated()); // K8
    }
    let who = match principal {
        Value::Null => return Err(unauthenticated()), // K8
        Value::String(name) => identity(snapshot, name),
        claims if text(claims, "name").or(text(claims, "sub")).is_some_and(|name| bare(name, "kura.user.").trim().is_empty()) => None,
        claims => match (claims.get("permissions"), text(claims, "name").or(text(claims, "sub"))) {
            (Some(list @ Value::Array(_)), name) => {
                // Whom the token names may log in as they may by name.
                let known = name.and_then(|name| identity(snapshot, bare(name, "kura.user.")));
                let (password_auth, change_needed) = known.map_or((true, false), |who| (who.password_auth, who.change_needed));
                Some(Who { permissions: strings(Some(list)), password_auth, change_needed })
            }
            (_, Some(name)) => identity(snapshot, bare(name, "kura.user.")),
            _ => None,
        },
    };
    let who = who.ok_or_else(unknown_principal)?; // K6
    // K9, K10: only ways in by password, and such as nobody has heard of. Without `auth` there is no login gate.
    let by_password = auth.is_some_and(|auth| !["certificate", "session-certificate", "token"].contains(&auth));
    if by_password && (!who.password_auth || who.change_needed) {
        return Err(deny("login_refused", 401));
    }
    Ok(who)
}

/// K9: a session by password that is locked until the password is changed.
fn is_locked(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> bool {
    let named = text(principal, "name").or_else(|| text(principal, "sub"));
    let name = principal.as_str().or(named.filter(|_| principal.get("permissions").is_none()));
    let who = name.and_then(|name| identity(snapshot, bare(name, "kura.user.")));
    given_text(ask, context, "auth") == Some("session-password") && who.is_some_and(|who| who.password_auth && who.change_needed)
}

/// The identity of that name, wherever the snapshot has it (V1, V2 or the persisted form); its permissions add up.
fn identity(snapshot: &Value, name: &str) -> Option<Who> {
    let mut found: Option<Who> = None;
    for user in items(payload(snapshot, "identities"), "userConfig") {
        // V1 {userName, …} or V2 {identity: {name}, permissionConfiguration, passwordConfiguration}.
        let v2 = user.get("identity").and_then(|i| text(i, "name"));
        let Some(own) = v2.or_else(|| text(user, "userName")) else {
            continue;
        };
        if bare(own, "kura.user.") != name {
            continue;
        }
        let (held, login) = match v2 {
            Some(_) => (user.get("permissionConfiguration").and_then(|p| p.get("permissions")), &user["passwordConfiguration"]),
            None => (user.get("permissions"), user),
        };
        let who = found.get_or_insert(Who { permissions: Vec::new(), password_auth: true, change_needed: false });
        who.permissions.extend(names(held));
        // K10: absent means that the password works.
        who.password_auth = login.get("passwordAuthEnabled") != Some(&Value::Bool(false));
        who.change_needed = login.get("passwordChangeNeeded") == Some(&Value::Bool(true));
    }
    for user in persisted(snapshot, "users.config") {
        if text(&user, "name").map(|n| bare(n, "kura.user.")) != Some(name) {
            continue;
        }
        let who = found.get_or_insert(Who { permissions: Vec::new(), password_auth: true, change_needed: false });
        // A password is stored under the credential `kura.password`, the wish for a new one is the text "true".
        who.password_auth = user.get("credentials").is_some_and(|c| c.get("kura.password").is_some());
        let need = user.get("properties").and_then(|p| p.get("kura.need.password.change"));
        who.change_needed = need.is_some_and(|n| n == "true" || n == true);
    }
    let mut who = found?;
    for group in persisted(snapshot, "groups.config") {
        let members = strings(group.get("basicMembers"));
        if members.iter().any(|m| bare(m, "kura.user.") == name) {
            who.permissions.extend(text(&group, "name").map(|n| bare(n, "kura.permission.").to_owned()));
        }
    }
    Some(who)
}

/// K19: the prefixes are stripped on load.
fn bare<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).unwrap_or(name)
}

/// Permission names: strings, or objects with a `name`.
fn names(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let names = list.filter_map(|p| p.as_str().or_else(|| text(p, "name")));
    names.map(|n| bare(n, "kura.permission.").to_owned()).collect()
}

/// `users.config` and `groups.config` are lists, or the text of the JSON of a list, as Kura's own snapshot holds them.
fn persisted(snapshot: &Value, key: &str) -> Vec<Value> {
    match payload(snapshot, key) {
        Some(Value::Array(list)) => list.clone(),
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn is_admin(who: &Who) -> bool {
    who.permissions.iter().any(|p| p == "kura.admin")
}

fn one(snapshot: &Value, who: &Who, permission: &str) -> Answer {
    if is_admin(who) {
        return allow("superuser"); // K1: before the registry
    }
    // K4: closed for everybody else, if the registry is known. V1 {permissions: [..]}, V2 [{name}].
    if let Some(defined) = payload(snapshot, "definedPermissions") {
        let list = if defined.is_array() { Some(defined) } else { defined.get("permissions") };
        if !names(list).iter().any(|name| name == permission) {
            return deny("unknown_permission", 403);
        }
    } else if payload(snapshot, "groups.config").is_some() {
        // The stored permissions are then all that the device defines.
        let stored = persisted(snapshot, "groups.config");
        let defined = |group: &Value| text(group, "name").is_some_and(|name| name.strip_prefix("kura.permission.") == Some(permission));
        if !stored.iter().any(defined) {
            return deny("unknown_permission", 403);
        }
    }
    // K2, K11: exact membership.
    if who.permissions.iter().any(|p| p == permission) { allow("granted") } else { no_grant() }
}

fn route(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let hit = routes::find("kura", method, path);
    if hit.is_none() && routes::unknown("kura", ask).is_allow() {
        return allow("not_required");
    }
    // K7: reachable without login, and whatever the login.
    if hit.as_ref().is_some_and(routes::Hit::open) {
        return allow("not_required");
    }
    let locked = hit.as_ref().is_some_and(|hit| hit.requires()["locked"] == true);
    if locked && is_locked(snapshot, principal, ask, context) {
        return allow("not_required");
    }
    let who = match who(snapshot, principal, ask, context) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown("kura", ask) };
    if hit.requires()["authenticated"] == true {
        return allow("not_required");
    }
    match (hit.list("anyOf"), hit.list("allOf")) {
        (Some(list), _) => any_of(list, &mut |permission| one(snapshot, &who, permission)),
        (_, Some(list)) => all_of(list, &mut |permission| one(snapshot, &who, permission)),
        _ => deny("requirement_unknown", 403),
    }
}
