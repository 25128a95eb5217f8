//! Open Archiver v0.6.0, rules A1 to A25.

use super::ability::{self, Subject, Verdict};
use super::conditions::{Fault, Profile, js_trim, truthy};
use super::{routes, sql, *};

const CASL: Profile = Profile::OpenArchiver;

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, _context: &Value) -> Answer {
    let kind = text(ask, "kind").unwrap_or("");
    if kind == "route" {
        return route(snapshot, principal, ask);
    }
    if !matches!(kind, "type" | "instance" | "filter") {
        return invalid();
    }
    let rules = match rules(snapshot, principal) {
        Ok(rules) => rules,
        Err(answer) => return answer.for_kind(kind),
    };
    if unbuildable(&rules) {
        return failure("invalid_rule"); // A11: every question of that user
    }
    let Some(subject) = text(ask, "subject") else {
        return invalid();
    };
    if kind == "filter" {
        return filter(&rules, &strings(ask.get("actions")), subject);
    }
    let Some(action) = text(ask, "action") else {
        return invalid();
    };
    let field = text(ask, "field");
    if kind == "type" {
        return ability::walk(CASL, &rules, action, subject, field, &Subject::Type).answer();
    }
    match ask.get("object") {
        Some(record @ Value::Object(_)) => {
            let record = normalized_record(record);
            ability::walk(CASL, &rules, action, subject, field, &Subject::Record(&record)).answer()
        }
        _ => invalid(),
    }
}

/// A1: the policies of the user's roles, in role order, then policy order; A9 and A10 applied.
fn rules(snapshot: &Value, principal: &Value) -> Result<Vec<Value>, Answer> {
    let (id, roles): (Option<String>, Vec<Value>) = match principal {
        Value::Null => return Err(unauthenticated()),
        Value::String(key) => {
            let user = user(snapshot, key).ok_or_else(unknown_principal)?; // A21
            (text(user, "id").map(str::to_owned), roles_of(user))
        }
        claims => match (claims.get("roles").and_then(Value::as_array), text(claims, "sub")) {
            (Some(roles), sub) => (sub.map(str::to_owned), roles.clone()),
            (None, Some(sub)) => {
                let user = user(snapshot, sub).ok_or_else(unknown_principal)?;
                (text(user, "id").map(str::to_owned), roles_of(user))
            }
            _ => return Err(unknown_principal()),
        },
    };
    let mut rules = Vec::new();
    for held in &roles {
        // By id among the roles; a role that is only there as an object counts by its own policies.
        let listed = items(payload(snapshot, "roles"), "roles");
        let found = listed.into_iter().find(|r| text(r, "id").is_some() && text(r, "id") == id_of(held));
        let Some(role) = found.or_else(|| held.is_object().then_some(held)) else {
            continue;
        };
        rules.extend(role.get("policies").and_then(Value::as_array).into_iter().flatten().cloned());
    }
    // A9: `${user.id}` everywhere in the policies, and nothing else.
    let rules = rules.iter().map(|rule| match &id {
        Some(id) => substituted(rule, id),
        None => rule.clone(),
    });
    Ok(rules.map(normalized_policy).collect())
}

fn roles_of(user: &Value) -> Vec<Value> {
    if let Some(list) = user.get("roles").and_then(Value::as_array) {
        return list.clone();
    }
    member(user, "role").cloned().into_iter().collect()
}

/// The key is `label` where there is one, else `id`. `id` and `email` are aliases, only where they are unique.
fn user<'a>(snapshot: &'a Value, name: &str) -> Option<&'a Value> {
    let users = items(payload(snapshot, "users"), "users");
    let key = |u: &'a Value| text(u, "label").or_else(|| text(u, "id"));
    if let Some(found) = users.iter().find(|u| key(u) == Some(name)) {
        return Some(found);
    }
    let mut others = users.into_iter().filter(|u| text(u, "id") == Some(name) || text(u, "email") == Some(name));
    match (others.next(), others.next()) {
        (Some(one), None) => Some(one),
        _ => None, // nobody, or ambiguous
    }
}

fn substituted(value: &Value, id: &str) -> Value {
    let replace = |text: &str| text.replace("${user.id}", id);
    match value {
        Value::String(text) => Value::String(replace(text)),
        Value::Array(list) => Value::Array(list.iter().map(|v| substituted(v, id)).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (replace(k), substituted(v, id))).collect()),
        other => other.clone(),
    }
}

/// A10: e-mail addresses are trimmed and lower-cased.
fn address(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(js_trim(text).to_lowercase()),
        other => other.clone(),
    }
}

fn normalized_policy(policy: Value) -> Value {
    let Some(conditions) = policy.get("conditions").filter(|c| truthy(Some(c))) else {
        return policy;
    };
    let conditions = normalized_conditions(conditions);
    let mut policy = policy;
    policy["conditions"] = conditions;
    policy
}

fn normalized_conditions(conditions: &Value) -> Value {
    let map = match conditions {
        Value::Object(map) => map,
        // What becomes of a list that is copied key by key.
        Value::Array(list) => return Value::Object(list.iter().enumerate().map(|(at, one)| (at.to_string(), one.clone())).collect()),
        _ => return conditions.clone(),
    };
    let pairs = map.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("$or" | "$and" | "$nor", Value::Array(list)) => Value::Array(list.iter().map(normalized_conditions).collect()),
            ("$not", Value::Object(_) | Value::Array(_)) => normalized_conditions(value),
            ("userEmail", _) => normalized_operand(value),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(pairs.collect())
}

fn normalized_operand(operand: &Value) -> Value {
    let many = |value: &Value| match value {
        Value::Array(list) => Value::Array(list.iter().map(address).collect()),
        one => address(one),
    };
    match operand {
        Value::Object(map) => {
            let pairs = map.iter().map(|(op, value)| {
                let value = match op.as_str() {
                    "$eq" | "$ne" => address(value),
                    "$in" | "$nin" => many(value),
                    _ => value.clone(),
                };
                (op.clone(), value)
            });
            Value::Object(pairs.collect())
        }
        other => many(other),
    }
}

/// A11; and A10 goes through joined conditions, where it stumbles over null.
fn unbuildable(rules: &[Value]) -> bool {
    ability::unbuildable(rules) || rules.iter().any(|rule| joins_null(&rule["conditions"]))
}

fn joins_null(conditions: &Value) -> bool {
    conditions.as_object().into_iter().flatten().any(|(key, value)| match (key.as_str(), value) {
        ("$or" | "$and" | "$nor", Value::Array(list)) => list.iter().any(|one| one.is_null() || joins_null(one)),
        ("$not", inner) => joins_null(inner),
        _ => false,
    })
}

/// A10: the record's own `userEmail`, whatever its type.
fn normalized_record(record: &Value) -> Value {
    let mut record = record.clone();
    if record.get("userEmail").is_some_and(Value::is_string) {
        record["userEmail"] = address(&record["userEmail"]);
    }
    record
}

// ---------------------------------------------------------------------------------------------------------------------
// A14, A15, A23, A25 (e, f): the filters of listings

enum Access {
    All,
    None,
    Query(Value),
}

fn filter(rules: &[Value], actions: &[String], subject: &str) -> Answer {
    let access: Vec<Access> = actions.iter().map(|action| access(rules, action, subject)).collect();
    if access.iter().any(|a| matches!(a, Access::All)) {
        return filter_answer("all"); // several actions: the union
    }
    let queries: Vec<Value> = access.into_iter().filter_map(|a| if let Access::Query(q) = a { Some(q) } else { None }).collect();
    let query = match queries.len() {
        0 => return filter_answer("none"),
        1 => queries[0].clone(),
        _ => serde_json::json!({ "$or": queries }),
    };
    let restricts = match drizzle(&query) {
        Ok(restricts) => restricts,
        Err(fault) => return Verdict::Broken(fault).answer(),
    };
    match meili(&query) {
        Err(fault) => Verdict::Broken(fault).answer(),
        // A15: a query that compiles to nothing is read as "nothing allowed".
        Ok(()) if !restricts => filter_answer("none"),
        Ok(()) => filter_answer("conditions"),
    }
}

/// Whether a list shows the record: the server's own SQL, evaluated as PostgreSQL would (A23). What it fails on shows nothing.
pub fn shows(snapshot: &Value, principal: &Value, actions: &[&str], subject: &str, record: &Value) -> bool {
    let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    let Ok(rules) = rules(snapshot, principal) else { return false };
    if unbuildable(&rules) || !filter(&rules, &actions, subject).is_allow() {
        return false;
    }
    let access: Vec<Access> = actions.iter().map(|action| access(&rules, action, subject)).collect();
    if access.iter().any(|a| matches!(a, Access::All)) {
        return true;
    }
    let queries = access.iter().filter_map(|a| if let Access::Query(query) = a { sql::condition(query, record) } else { None });
    let shown: Result<Vec<_>, _> = queries.collect();
    shown.is_ok_and(|shown| sql::or(&shown) == Some(true))
}

/// CASL's `rulesToQuery`, newest rule first.
fn access(rules: &[Value], action: &str, subject: &str) -> Access {
    let mut allows = Vec::new();
    let mut denies = Vec::new();
    for rule in ability::relevant(rules, action, subject, None) {
        match (ability::is_inverted(rule), ability::conditions_of(rule)) {
            (true, None) => break,
            (false, None) => {
                return if denies.is_empty() { Access::All } else { Access::Query(serde_json::json!({ "$and": denies })) };
            }
            (true, Some(query)) => denies.push(serde_json::json!({ "$not": query })),
            (false, Some(query)) => allows.push(query.clone()),
        }
    }
    if allows.is_empty() {
        return Access::None;
    }
    if denies.is_empty() {
        return Access::Query(serde_json::json!({ "$or": allows }));
    }
    Access::Query(serde_json::json!({ "$or": allows, "$and": denies }))
}

pub(super) fn pairs(query: &Value) -> Vec<(String, Value)> {
    match query {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(i, v)| (i.to_string(), v.clone())).collect(),
        Value::String(text) => text.chars().enumerate().map(|(i, c)| (i.to_string(), Value::String(c.into()))).collect(),
        _ => Vec::new(),
    }
}

/// The first key of an object as JavaScript orders them: numbers first.
pub(super) fn first_operator(value: &Value) -> (Option<String>, Value) {
    let pairs = pairs(value);
    let number = |key: &str| key.parse::<u32>().ok().filter(|n| n.to_string() == key);
    let lowest = pairs.iter().filter_map(|(k, v)| number(k).map(|n| (n, k, v))).min_by_key(|(n, _, _)| *n);
    match lowest {
        Some((_, key, value)) => (Some(key.clone()), value.clone()),
        None => pairs.into_iter().next().map_or((None, Value::Null), |(k, v)| (Some(k), v)),
    }
}

/// The SQL translator, as far as whether it restricts at all; A23: only the first operator of a field counts.
fn drizzle(query: &Value) -> Result<bool, Fault> {
    let mut restricts = false;
    for (key, value) in pairs(query) {
        match key.as_str() {
            "$or" | "$and" => {
                let Value::Array(list) = &value else {
                    return Err(Fault::Invalid);
                };
                for part in list {
                    restricts |= drizzle(part)?;
                }
            }
            "$not" => restricts |= drizzle(&value)?,
            _ if value.is_object() || value.is_array() => {
                let known = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists"];
                restricts |= first_operator(&value).0.is_some_and(|op| known.contains(&op.as_str()));
            }
            _ => restricts = true,
        }
    }
    Ok(restricts)
}

/// The search translator, as far as whether it throws (A25 f).
fn meili(query: &Value) -> Result<(), Fault> {
    if query.is_null() {
        return Err(Fault::Invalid);
    }
    for (key, value) in pairs(query) {
        match key.as_str() {
            "$or" | "$and" => {
                let Value::Array(list) = &value else {
                    return Err(Fault::Invalid);
                };
                for part in list {
                    meili(part)?;
                }
            }
            "$not" => meili(&value)?,
            _ if value.is_object() || value.is_array() => {
                let (operator, operand) = first_operator(&value);
                match operator.as_deref() {
                    Some("$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" | "$exists") => {}
                    Some("$in" | "$nin") if operand.is_array() => {}
                    Some("$in" | "$nin") => return Err(Fault::Invalid),
                    _ => return Err(Fault::Unsupported),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------------------------------

fn route(snapshot: &Value, principal: &Value, ask: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let hit = routes::find("open-archiver", method, path);
    if hit.is_none() && routes::unknown("open-archiver", ask).is_allow() {
        return allow("not_required");
    }
    if hit.as_ref().is_some_and(routes::Hit::open) {
        return allow("not_required");
    }
    // A17: 401 first.
    let rules = match rules(snapshot, principal) {
        Ok(rules) => rules,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown("open-archiver", ask) };
    let requires = hit.requires();
    if requires["authenticated"] == true {
        return allow("not_required"); // no ability is built
    }
    if unbuildable(&rules) {
        return failure("invalid_rule"); // A11
    }
    let record = ask.get("attributes").and_then(|a| a.get("resource")).filter(|r| r.is_object()).map(normalized_record);
    let first = check(&rules, requires, record.as_ref());
    let Some(then) = requires.get("then").filter(|_| first.is_allow()) else {
        return first;
    };
    let second = check(&rules, then, record.as_ref());
    // A17: a denied record answers 404 here.
    if second.effect == "deny" && hit.is("GET", "/v1/archived-emails/{id}") {
        return Answer { status: 404, ..second };
    }
    second
}

fn check(rules: &[Value], requires: &Value, record: Option<&Value>) -> Answer {
    let (Some(action), Some(subject)) = (text(requires, "action"), text(requires, "subject")) else {
        return deny("requirement_unknown", 403);
    };
    let on = match (text(requires, "check"), record) {
        (Some("instance"), Some(record)) => Subject::Record(record),
        (Some("instance"), None) => Subject::NoRecord,
        _ => Subject::Type,
    };
    ability::walk(CASL, rules, action, subject, None, &on).answer()
}
