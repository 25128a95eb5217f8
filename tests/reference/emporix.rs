//! Emporix IAM, rules E1 to E20.

use super::{routes, *};

struct Who {
    scopes: Vec<String>,
    /// The legal entity that the caller acts for (E15), from the context, the route's attributes or the claim.
    company: Option<String>,
}

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    match text(ask, "kind").unwrap_or("") {
        kind if is_permission_kind(kind) => match who(snapshot, principal, ask, context, None) {
            Ok(who) => permissions(ask, &mut |scope| one(&who, scope)),
            Err(answer) => answer,
        },
        "route" => route(snapshot, principal, ask, context),
        _ => invalid(),
    }
}

/// E6, E9, E19: the exact string, nothing implied.
fn one(who: &Who, scope: &str) -> Answer {
    if who.scopes.iter().any(|s| s == scope) { allow("granted") } else { no_grant() }
}

/// Order: nobody logged in, unknown principal, tenant (E10).
fn who(snapshot: &Value, principal: &Value, ask: &Value, context: &Value, path_tenant: Option<&str>) -> Result<Who, Answer> {
    let company = company(principal, ask, context);
    let written: Vec<String> = match principal {
        Value::Null => return Err(unauthenticated()),
        Value::String(id) => of_user(snapshot, id, company.as_deref()).ok_or_else(unknown_principal)?,
        claims if text(claims, "userId").or(text(claims, "sub")).is_some_and(|id| id.trim().is_empty()) => return Err(unknown_principal()),
        claims => match claimed(claims) {
            Some(scopes) => scopes,
            // Claims without a scope list: the user of that id as the snapshot knows it.
            None => {
                let id = text(claims, "userId").or_else(|| text(claims, "sub")).ok_or_else(unknown_principal)?;
                of_user(snapshot, id, company.as_deref()).ok_or_else(unknown_principal)?
            }
        },
    };
    if !one_tenant(snapshot, ask, context, path_tenant, &written) {
        return Err(deny("tenant_mismatch", 401));
    }
    // E18: `tenant=…` is a marker, not a scope.
    let scopes = written.into_iter().filter(|s| !s.starts_with("tenant=")).collect();
    Ok(Who { scopes, company })
}

fn claimed(claims: &Value) -> Option<Vec<String>> {
    words(member(claims, "scope")).or_else(|| words(member(claims, "scopes")))
}

fn company(principal: &Value, ask: &Value, context: &Value) -> Option<String> {
    let attribute = ask.get("attributes").and_then(|a| a.get("principal")).and_then(|p| text(p, "legalEntityId"));
    // What the token says is verified; what the request says is not.
    let found = text(principal, "legalEntityId").or(given_text(ask, context, "legalEntityId")).or(attribute);
    found.map(str::to_owned)
}

/// E10: the tenants that are known of (snapshot, token, path, context) must all be one.
fn one_tenant(snapshot: &Value, ask: &Value, context: &Value, path: Option<&str>, scopes: &[String]) -> bool {
    let mut known: Vec<&str> = [text(snapshot, "tenant"), given_text(ask, context, "tenant"), path].into_iter().flatten().collect();
    known.extend(scopes.iter().filter_map(|s| s.strip_prefix("tenant=")));
    known.windows(2).all(|pair| pair[0] == pair[1])
}

/// The scope list of a user, markers included; `None` where the snapshot knows no such user.
fn of_user(snapshot: &Value, id: &str, company: Option<&str>) -> Option<Vec<String>> {
    // The answer of /users/{id}/scopes is the effective list (E1, E18) and wins over what could be derived.
    let lists: Vec<&Value> = items(payload(snapshot, "userScopes"), "userScopes");
    let own: Vec<&Value> = lists.into_iter().filter(|s| text(s, "userId") == Some(id)).collect();
    if !own.is_empty() {
        return Some(own.into_iter().flat_map(|s| words(s.get("scopes")).unwrap_or_default()).collect());
    }
    // E1: user → groups, from both sides.
    let mut known = false;
    let mut groups: Vec<String> = Vec::new();
    for user in items(payload(snapshot, "users"), "users") {
        if text(user, "id") == Some(id) {
            known = true;
            groups.extend(strings(user.get("groupIds")));
            groups.extend(user.get("groups").and_then(Value::as_array).into_iter().flatten().filter_map(id_of).map(str::to_owned));
        }
    }
    for assignment in items(payload(snapshot, "assignments"), "assignments") {
        if text(assignment, "userId") == Some(id) {
            known = true;
            groups.extend(text(assignment, "groupId").map(str::to_owned));
        }
    }
    if !known {
        return None;
    }
    // E14: status, isAccountLocked and validFrom take no part. E16: no group, no scope. E17: dangling ids grant nothing.
    let mut scopes = Vec::new();
    for group in items(payload(snapshot, "groups"), "groups") {
        if !text(group, "id").is_some_and(|g| groups.iter().any(|own| own == g)) {
            continue;
        }
        // E15: acting for one legal entity, only its groups count, and those of none.
        let entity = group.get("b2b").and_then(|b| text(b, "legalEntityId"));
        if let (Some(entity), Some(company)) = (entity, company)
            && (entity != company || company.trim().is_empty())
        {
            continue;
        }
        scopes.extend(of_group(snapshot, group));
    }
    Some(scopes)
}

fn of_group(snapshot: &Value, group: &Value) -> Vec<String> {
    let mut controls: Vec<Value> = Vec::new();
    for entry in group.get("accessControls").and_then(Value::as_array).into_iter().flatten() {
        controls.extend(control(snapshot, entry, &[]));
    }
    // E12: the templates' access controls too.
    for entry in group.get("templates").and_then(Value::as_array).into_iter().flatten() {
        let templates = items(payload(snapshot, "templates"), "templates");
        let found = templates.into_iter().find(|t| text(t, "id").is_some() && text(t, "id") == id_of(entry));
        let Some(template) = found.or_else(|| entry.is_object().then_some(entry)) else {
            continue;
        };
        let documents: Vec<Value> = template.get("accessControlsDocuments").and_then(Value::as_array).cloned().unwrap_or_default();
        for entry in template.get("accessControls").and_then(Value::as_array).into_iter().flatten() {
            controls.extend(control(snapshot, entry, &documents));
        }
    }
    let restrictions = strings(group.get("restrictions"));
    let mut scopes = Vec::new();
    for control in &controls {
        for scope in of_control(snapshot, control) {
            // E13: restrictionAware within a group that has restrictions: the suffixed forms, and only those.
            if control["restrictionAware"] == true && !restrictions.is_empty() {
                scopes.extend(restrictions.iter().map(|r| format!("{scope}--{r}")));
            } else {
                scopes.push(scope);
            }
        }
    }
    scopes
}

/// An access control: by id among the listing, else among the template's documents, else the object itself.
fn control(snapshot: &Value, entry: &Value, documents: &[Value]) -> Option<Value> {
    let id = id_of(entry)?;
    let listed = items(payload(snapshot, "accessControls"), "accessControls");
    let mut all = listed.into_iter().chain(documents);
    all.find(|c| text(c, "id") == Some(id)).or_else(|| entry.is_object().then_some(entry)).cloned()
}

fn of_control(snapshot: &Value, control: &Value) -> Vec<String> {
    // E3: a resolved list is the truth; `[]` grants none.
    if let Some(scopes) = words(control.get("scopes")) {
        return scopes;
    }
    // E2, E4, E5: role × resource. The expanded documents, else those of the listings.
    let role = expanded(snapshot, control, "role", "roleId", "roles", "permissions");
    let resource = expanded(snapshot, control, "resource", "resourceId", "resources", "code");
    let (Some(role), Some(resource)) = (role, resource) else {
        return Vec::new();
    };
    let Some(resource_code) = text(&resource, "code") else {
        return Vec::new();
    };
    let resource_id = text(&resource, "id").or_else(|| text(control, "resourceId"));
    let mut scopes = Vec::new();
    for entry in role.get("permissions").and_then(Value::as_array).into_iter().flatten() {
        let Some(id) = id_of(entry) else { continue };
        let documents = items(payload(snapshot, "permissions"), "permissions");
        let document = documents.into_iter().find(|p| text(p, "id") == Some(id));
        let Some(code) = document.and_then(|d| text(d, "code")) else {
            continue;
        }; // E17
        let whitelist = strings(entry.get("applicablePermissionResources"));
        // An empty whitelist is unknown ground (E5): the default that fails closed is that it lists nothing.
        let listed = member(entry, "applicablePermissionResources").is_some();
        let applies = if listed {
            whitelist.iter().any(|r| Some(r.as_str()) == resource_id) // E4
        } else {
            match document.and_then(|d| d.get("applicableResources")) {
                Some(Value::Array(list)) => list.iter().any(|r| id_of(r) == resource_id && resource_id.is_some()), // E5
                _ => true,                                                                                         // unknown
            }
        };
        if applies {
            scopes.push(format!("{resource_code}_{code}")); // E2
        }
    }
    scopes
}

fn expanded(snapshot: &Value, control: &Value, inline: &str, reference: &str, listing: &str, needed: &str) -> Option<Value> {
    if let Some(document) = member(control, inline)
        && document.get(needed).is_some()
    {
        return Some(document.clone());
    }
    let id = text(control, reference).or_else(|| control.get(inline).and_then(id_of))?;
    let listed = items(payload(snapshot, listing), listing);
    // A document that only another access control brings along is one of the snapshot's too.
    let controls = items(payload(snapshot, "accessControls"), "accessControls");
    let brought = controls.into_iter().filter_map(|c| member(c, inline)).filter(|d| d.get(needed).is_some());
    listed.into_iter().chain(brought).find(|d| text(d, "id") == Some(id)).cloned()
}

fn route(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let hit = routes::find("emporix", method, path);
    if hit.is_none() && routes::unknown("emporix", ask).is_allow() {
        return allow("not_required");
    }
    let path_tenant = hit.as_ref().and_then(|h| h.param("tenant"));
    let who = match who(snapshot, principal, ask, context, path_tenant) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown("emporix", ask) };
    if hit.open() {
        // E11: no scope needed; a token all the same (what is `me` of nobody?), and one of this tenant (E10).
        return allow("not_required");
    }
    if hit.is("DELETE", "/iam/{tenant}/groups/{groupId}") {
        return delete_group(&who, ask, &hit);
    }
    if let Some(list) = hit.list("allOf") {
        return all_of(list, &mut |scope| one(&who, scope));
    }
    let Some(list) = hit.list("anyOf") else {
        return deny("requirement_unknown", 403);
    };
    let own = hit.requires().get("own");
    // E8: a broad scope wins over an own one, without a test of ownership.
    let broad: Vec<Value> = list.iter().filter(|s| own.and_then(|o| o.get(s.as_str().unwrap_or(""))).is_none()).cloned().collect();
    let answer = any_of(&broad, &mut |scope| one(&who, scope));
    if answer.is_allow() {
        return answer;
    }
    let held_own = list.iter().filter_map(Value::as_str).find(|s| own.is_some_and(|o| o.get(s).is_some()) && one(&who, s).is_allow());
    let Some(scope) = held_own else { return answer };
    // E7. A blank company is nobody's; what is given and is no text, null too, is no company and no customer.
    let attributes = &ask["attributes"];
    let fact = |key: &str| match attributes.get("resource") {
        None => None,
        Some(Value::Object(resource)) => resource.get(key).cloned(),
        Some(_) => Some(Value::Null),
    };
    let entity = fact("legalEntityId");
    let company = who.company.as_deref().filter(|company| !company.trim().is_empty());
    let same = entity.as_ref().is_some_and(|entity| entity.as_str() == company);
    let holds = match scope {
        "iam.group_read_own" => fact("userType").is_none_or(|t| t == "CUSTOMER"),
        "iam.user_read_own" => company.is_some() && (entity.is_none() || same),
        _ => company.is_some() && same,
    };
    if holds { allow("granted") } else { deny("not_own", 403) }
}

/// E6, E9 and section 3: deleting a group.
fn delete_group(who: &Who, ask: &Value, hit: &routes::Hit) -> Answer {
    let manage = one(who, "iam.group_manage");
    if !manage.is_allow() {
        return manage;
    }
    // What is given and is neither true nor false counts as set.
    let attribute = |key: &str| {
        ask.get("attributes").and_then(|a| a.get(key)).map(|fact| match fact {
            Value::Bool(is) => *is,
            Value::String(text) => text.to_lowercase() != "false",
            _ => true,
        })
    };
    let force = attribute("forceDelete") == Some(true) || hit.sets("forceDelete");
    // Only the caller says so, never the request.
    let members = attribute("groupHasMembers");
    if force && members != Some(false) {
        return one(who, "iam.assignment_manage");
    }
    if !force && members == Some(true) {
        return deny("edit_refused", 400);
    }
    manage
}
