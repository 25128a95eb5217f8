//! Ithbat, rules I1 to I14.

use super::{routes, *};

struct Who {
    tenant: Option<String>,
    active: bool,
    permissions: Vec<String>,
}

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    match text(ask, "kind").unwrap_or("") {
        kind if is_permission_kind(kind) => match who(snapshot, principal, ask, context) {
            Ok(who) => permissions(ask, &mut |permission| one(snapshot, &who, permission)),
            Err(answer) => answer,
        },
        "route" => route(snapshot, principal, ask, context),
        _ => invalid(),
    }
}

/// Order: nobody logged in, unknown principal, tenant (I4), inactive (I8).
fn who(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Result<Who, Answer> {
    let who = match principal {
        Value::Null => return Err(unauthenticated()),
        Value::String(id) => known(snapshot, id).ok_or_else(unknown_principal)?,
        claims => {
            let mut who = claimed(claims);
            let id = text(claims, "sub");
            if id.is_some_and(|id| id.trim().is_empty()) {
                return Err(unknown_principal());
            }
            // Whom the snapshot knows as somebody else's or as suspended is so with a token too.
            if let Some(user) = id.and_then(|id| known(snapshot, id)) {
                let own = id.and_then(|id| bound(snapshot, id));
                if own.is_some() && who.tenant.is_some() && own != who.tenant {
                    return Err(deny("tenant_mismatch", 403));
                }
                who.tenant = who.tenant.or(own);
                who.active = user.active;
            }
            who
        }
    };
    // I4: all the tenants that the question knows of must be one.
    let known = [given_text(ask, context, "tenant"), text(snapshot, "tenant"), who.tenant.as_deref()];
    let known: Vec<&str> = known.into_iter().flatten().collect();
    if known.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(deny("tenant_mismatch", 403));
    }
    if !who.active {
        return Err(deny("suspended", 401)); // I8
    }
    Ok(who)
}

/// I7: the claim `permissions` is the effective list; role names grant nothing by themselves.
fn claimed(claims: &Value) -> Who {
    Who { tenant: text(claims, "tenant_id").map(str::to_owned), active: true, permissions: strings(claims.get("permissions")) }
}

/// A token bears the permissions (I7); the user of that id stays suspended (I8) and in the user's own tenant (I4).
fn known(snapshot: &Value, id: &str) -> Option<Who> {
    let user = known_user(snapshot, id);
    let tokens = items(payload(snapshot, "tokens"), "tokens");
    let Some(token) = tokens.into_iter().find(|token| text(token, "sub") == Some(id)) else { return user };
    let mut who = claimed(token);
    if let Some(user) = user {
        let own = own_tenant(snapshot, id);
        let foreign = own.is_some() && who.tenant.is_some() && own != who.tenant;
        who.active = user.active && !foreign;
        who.tenant = own.or(who.tenant);
    }
    Some(who)
}

/// The tenant that the snapshot binds an id to: the user's, else the token's.
fn bound(snapshot: &Value, id: &str) -> Option<String> {
    let tokens = items(payload(snapshot, "tokens"), "tokens");
    let token = tokens.into_iter().find(|token| text(token, "sub") == Some(id));
    own_tenant(snapshot, id).or_else(|| token.and_then(|token| text(token, "tenant_id")).map(str::to_owned))
}

fn own_tenant(snapshot: &Value, id: &str) -> Option<String> {
    let users = items(payload(snapshot, "users"), "users");
    users.into_iter().find(|u| text(u, "id") == Some(id)).and_then(|u| text(u, "tenantId")).map(str::to_owned)
}

fn known_user(snapshot: &Value, id: &str) -> Option<Who> {
    let users = items(payload(snapshot, "users"), "users");
    let user = users.into_iter().find(|u| text(u, "id") == Some(id))?;
    let tenant = text(user, "tenantId").or_else(|| text(snapshot, "tenant")).map(str::to_owned);
    let mut roles: Vec<String> = names(user.get("roles"));
    // I10: roles given to groups are held by the members.
    for group in items(payload(snapshot, "groups"), "groups") {
        let own = names(user.get("groups"));
        let members = names(group.get("members"));
        let is_member = text(group, "id").is_some_and(|g| own.iter().any(|o| o == g)) || members.iter().any(|m| m == id);
        if is_member {
            roles.extend(names(group.get("roles")));
        }
    }
    // I2: the union over the roles, named by id or by name.
    let mut permissions = Vec::new();
    for role in items(payload(snapshot, "roles"), "roles") {
        let named = |key: &str| text(role, key).is_some_and(|own| roles.iter().any(|r| r == own));
        if !named("id") && !named("name") {
            continue;
        }
        // I4: a role of another tenant grants nothing.
        let foreign = match (text(role, "tenantId"), &tenant) {
            (Some(own), Some(tenant)) => own != tenant,
            _ => false,
        };
        if !foreign {
            permissions.extend(strings(role.get("permissions")));
        }
    }
    let suspended = user.get("status").and_then(Value::as_str) == Some("suspended");
    let active = user.get("isActive") != Some(&Value::Bool(false)) && !suspended;
    Some(Who { tenant, active, permissions })
}

fn names(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(id_of).map(str::to_owned).collect()
}

/// The registry and whether it is complete (I5): the number of items loaded equals the total that the answer names.
fn registry(snapshot: &Value) -> (Vec<&Value>, bool) {
    let Some(payload) = payload(snapshot, "permissions") else {
        return (Vec::new(), false);
    };
    let items = items(Some(payload), "permissions");
    let pages: Vec<&Value> = match payload {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    let totals: Vec<Option<u64>> = pages.iter().map(|page| total(page)).collect();
    let complete = !totals.is_empty() && totals.iter().all(|t| *t == Some(items.len() as u64));
    (items, complete)
}

/// `total`, `totalItems`, or the total of `meta.pagination`; in the envelope or in its `data`.
fn total(page: &Value) -> Option<u64> {
    let of = |v: &Value| v.get("total").or_else(|| v.get("totalItems")).and_then(Value::as_u64);
    let paged = page.get("meta").and_then(|m| m.get("pagination")).and_then(&of);
    of(page).or_else(|| page.get("data").and_then(&of)).or(paged)
}

fn one(snapshot: &Value, who: &Who, permission: &str) -> Answer {
    let (registry, complete) = registry(snapshot);
    // I5: what a complete registry does not list is held by nobody.
    let listed = registry.iter().any(|p| p.as_str().or_else(|| text(p, "name")) == Some(permission));
    if complete && !listed {
        return deny("unknown_permission", 403);
    }
    // I1: one exact string `resource:action`; I3, I6, I14: nothing implies anything, no wildcards, case-sensitive.
    let formed = permission.split_once(':').is_some_and(|(resource, action)| !resource.is_empty() && !action.is_empty());
    if formed && who.permissions.iter().any(|p| p == permission) { allow("granted") } else { no_grant() }
}

fn route(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let hit = routes::find("ithbat", method, path);
    if hit.is_none() && routes::unknown("ithbat", ask).is_allow() {
        return allow("not_required");
    }
    if hit.as_ref().is_some_and(routes::Hit::open) {
        return allow("not_required");
    }
    let who = match who(snapshot, principal, ask, context) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown("ithbat", ask) };
    let answer = match (hit.list("anyOf"), hit.list("allOf")) {
        (Some(list), _) => any_of(list, &mut |permission| one(snapshot, &who, permission)),
        (_, Some(list)) => all_of(list, &mut |permission| one(snapshot, &who, permission)),
        _ => return deny("requirement_unknown", 403),
    };
    // I9: system permissions are read-only, for whoever is otherwise authorised.
    let edits = hit.is("PUT", "/api/v1/permissions/{id}") || hit.is("DELETE", "/api/v1/permissions/{id}");
    if answer.is_allow() && edits {
        let id = hit.param("id");
        let system = registry(snapshot).0.into_iter().any(|p| text(p, "id") == id && p["isSystem"] == true);
        if system {
            return deny("edit_refused", 403);
        }
    }
    answer
}
