//! The native snapshot (`latchgate`), rules N1 to N21.

use super::{routes, *};

/// Who asks, with what the rules need to know of it.
struct Who {
    id: Option<String>,
    tenant: Option<String>,
    /// Role assignments in the order listed: key and scope.
    roles: Vec<(String, Option<String>)>,
    groups: Vec<String>,
    contextual: Vec<String>,
    grants: Vec<Value>,
    attributes: Vec<(String, Value)>,
    /// T of N8.
    asked_tenant: Option<String>,
    /// Each of these bounds the session: what the question brings, and the token's own.
    scopes: Vec<Vec<String>>,
}

/// One question, taken apart (N2).
struct Question {
    /// The resource path; `None` for a question about no resource.
    resource: Option<Vec<String>>,
    action: Vec<String>,
    /// The name to look for in the registry (N16).
    name: String,
    record: Option<Value>,
    field: Option<String>,
    /// The record's id is neither text nor a number, and there (N20).
    odd_id: bool,
}

pub fn decide(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let kind = text(ask, "kind").unwrap_or("");
    if kind == "route" {
        return route(snapshot, principal, ask, context);
    }
    if !is_permission_kind(kind) && kind != "type" && kind != "instance" {
        return invalid();
    }
    let who = match who(snapshot, principal, ask, context) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    if is_permission_kind(kind) {
        return several(snapshot, &who, ask);
    }
    let (Some(action), Some(subject)) = (text(ask, "action"), text(ask, "subject")) else {
        return invalid();
    };
    let record = match (kind, ask.get("object")) {
        ("instance", Some(record @ Value::Object(_))) => Some(record.clone()),
        ("instance", _) => return invalid(),
        _ => None,
    };
    let field = text(ask, "field").filter(|f| !f.is_empty()).map(str::to_owned);
    one(snapshot, &who, &about(action, subject, record, field))
}

/// `permission`, `allOf` or `anyOf`; the empty lists too: a super-user passes every check.
fn several(snapshot: &Value, who: &Who, requirement: &Value) -> Answer {
    let empty = |key: &str| requirement.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty);
    if empty("anyOf") && is_superuser(snapshot, who) {
        return allow("superuser");
    }
    permissions(requirement, &mut |permission| one(snapshot, who, &permission_question(permission)))
}

/// Somebody whom the snapshot does not know; of a blank name, nobody.
fn stranger(name: &str) -> Answer {
    deny("unknown_principal", if name.trim().is_empty() { 401 } else { 403 })
}

fn segments(text: &str, by: char) -> Vec<String> {
    text.split(by).map(str::to_owned).collect()
}

/// N2: the text before the first `:` is the resource path; without a `:` the whole is an action on no resource.
fn permission_question(permission: &str) -> Question {
    let (resource, action) = match permission.split_once(':') {
        Some((resource, action)) => (Some(segments(resource, '/')), action),
        None => (None, permission),
    };
    Question { resource, action: segments(action, ':'), name: permission.to_owned(), record: None, field: None, odd_id: false }
}

/// N2, N20: a type question is about `type`, a record question about `type/id` where the record has an id: a text, or a number as
/// JavaScript writes it. Nothing where the id is something else.
fn about(action: &str, subject: &str, record: Option<Value>, field: Option<String>) -> Question {
    let mut odd_id = false;
    let path = match record.as_ref().and_then(|r| r.get("id")) {
        None | Some(Value::Null) => subject.to_owned(),
        Some(Value::String(id)) => format!("{subject}/{id}"),
        Some(Value::Number(id)) => format!("{subject}/{}", as_javascript_writes(id.as_f64().unwrap())),
        Some(_) => {
            odd_id = true;
            subject.to_owned()
        }
    };
    let name = format!("{subject}:{action}");
    Question { resource: Some(segments(&path, '/')), action: segments(action, ':'), name, record, field, odd_id }
}

/// Digits up to 21 places before the point and 6 zeros behind it, an exponent otherwise.
fn as_javascript_writes(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".into();
    }
    if (1e-6..1e21).contains(&size) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    if size < 1.0 { text } else { text.replace('e', "e+") }
}

/// Order: nobody logged in, unknown principal, tenant (N8), status (N9).
fn who(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Result<Who, Answer> {
    let stand_in;
    let mut named: Option<&Value> = None;
    let source: &Value = match principal {
        Value::Null => return Err(unauthenticated()),
        Value::String(name) => {
            // By id, else by alias.
            let all = items(payload(snapshot, "principals"), "principals");
            let by_id = all.iter().find(|p| text(p, "id") == Some(name)).copied();
            let of_alias = |p: &&&Value| strings(p.get("aliases")).contains(name);
            // N9: an alias of several is nobody's.
            let by_alias = || all.iter().find(of_alias).copied().filter(|_| all.iter().filter(of_alias).count() == 1);
            by_id.or_else(by_alias).ok_or_else(|| stranger(name))?
        }
        claims => {
            let all = items(payload(snapshot, "principals"), "principals");
            let id = text(claims, "id").or(text(claims, "sub")).or(text(claims, "client_id"));
            let by_id = id.and_then(|name| all.iter().find(|p| text(p, "id") == Some(name)).copied());
            let by_alias: Vec<&Value> =
                all.iter().filter(|p| strings(p.get("aliases")).iter().any(|a| Some(a.as_str()) == id)).copied().collect();
            if by_id.is_none() && by_alias.len() > 1 || id.is_some_and(|id| id.trim().is_empty()) {
                return Err(id.map_or_else(unknown_principal, stranger));
            }
            named = by_id.or(by_alias.first().copied());
            if claims.get("roles").is_none() && claims.get("groups").is_none() {
                // They only say who asks.
                stand_in = named.ok_or_else(|| id.map_or_else(unknown_principal, stranger))?.clone();
            } else {
                // They stand for themselves; whom they name bounds them.
                stand_in = claims.clone();
            }
            &stand_in
        }
    };
    let claimed = |key: &str| principal.as_object().and_then(|_| text(principal, key));
    let tenant = claimed("tenant").or(text(source, "tenant")).or(named.and_then(|one| text(one, "tenant"))).map(str::to_owned);
    let asked_tenant = given_text(ask, context, "tenant").map(str::to_owned).or_else(|| tenant.clone());
    let asked_tenant = asked_tenant.or_else(|| text(snapshot, "tenant").map(str::to_owned));
    // N8: refused unless T is the principal's tenant or below it.
    if let Some(own) = &tenant
        && !within(snapshot, asked_tenant.as_deref(), own)
    {
        return Err(deny("tenant_mismatch", 403));
    }
    if let Some(own) = named.and_then(|one| text(one, "tenant"))
        && !within(snapshot, asked_tenant.as_deref(), own)
    {
        return Err(deny("tenant_mismatch", 403));
    }
    // N9.
    let standing = named.unwrap_or(source);
    if text(standing, "status") == Some("suspended") {
        return Err(deny("suspended", 403));
    }
    let (from, until) = (text(standing, "validFrom"), text(standing, "validUntil"));
    if from.is_some() || until.is_some() {
        let Some(now) = given_text(ask, context, "now").and_then(instant) else {
            return Err(deny("time_required", 403));
        };
        let too_early = from.and_then(instant).is_some_and(|from| now < from);
        let too_late = until.and_then(instant).is_some_and(|until| now >= until);
        if too_early || too_late {
            return Err(deny("not_valid_now", 403));
        }
    }
    let roles = source.get("roles").and_then(Value::as_array).into_iter().flatten();
    let roles = roles.filter_map(|entry| match entry {
        Value::String(key) => Some((key.clone(), None)),
        other => Some((text(other, "role")?.to_owned(), text(other, "scope").map(str::to_owned))),
    });
    // What the question says of the principal's attributes goes before what the snapshot says.
    let mut attributes: Vec<(String, Value)> = Vec::new();
    for source in [given(ask, context, "attributes").filter(|_| member(context, "attributes").is_some()), source.get("attributes")] {
        for (key, value) in source.and_then(Value::as_object).into_iter().flatten() {
            attributes.push((key.clone(), value.clone()));
        }
    }
    let claimed_id = ["id", "sub", "client_id"].into_iter().find_map(|key| text(source, key));
    Ok(Who {
        id: claimed_id.map(str::to_owned),
        tenant,
        roles: roles.collect(),
        groups: strings(source.get("groups")),
        contextual: strings(given(ask, context, "roles")),
        grants: source.get("grants").and_then(Value::as_array).cloned().unwrap_or_default(),
        attributes,
        asked_tenant,
        scopes: [words(given(ask, context, "sessionScopes")), principal.as_object().and_then(|_| words(member(principal, "scope")))]
            .into_iter()
            .flatten()
            .collect(),
    })
}

/// N8: whether the tenant is the other or below it; an unlisted tenant stands alone, a missing one is nowhere.
fn within(snapshot: &Value, tenant: Option<&str>, other: &str) -> bool {
    let Some(tenant) = tenant else { return false };
    if tenant == other {
        return true;
    }
    let listed = items(payload(snapshot, "tenants"), "tenants");
    let by_id = |id: &str| listed.iter().find(|t| text(t, "id") == Some(id)).copied();
    let parent = by_id(tenant).and_then(|t| text(t, "parent")).filter(|p| by_id(p).is_some());
    within(snapshot, parent, other)
}

fn holds_here(snapshot: &Value, who: &Who, tenant: Option<&str>) -> bool {
    tenant.is_none_or(|t| within(snapshot, who.asked_tenant.as_deref(), t))
}

/// The holders in the order of N6: for each its grants, and whether it is a super-user role.
fn holders(snapshot: &Value, who: &Who) -> Vec<(Vec<Value>, bool)> {
    let mut visit = Visit { snapshot, who, seen: Vec::new(), out: Vec::new() };
    for (key, scope) in &who.roles {
        visit.role(key, scope.as_deref());
    }
    for id in &who.groups {
        visit.group(id);
    }
    for key in &who.contextual {
        visit.role(key, None); // N14
    }
    visit.out.push((who.grants.clone(), false));
    visit.out
}

struct Visit<'a> {
    snapshot: &'a Value,
    who: &'a Who,
    seen: Vec<(char, String, Option<String>)>,
    out: Vec<(Vec<Value>, bool)>,
}

impl Visit<'_> {
    /// A role comes after the roles it inherits; each once per assignment scope, at its first place.
    fn role(&mut self, key: &str, scope: Option<&str>) {
        let mark = ('r', key.to_owned(), scope.map(str::to_owned));
        if self.seen.contains(&mark) || !holds_here(self.snapshot, self.who, scope) {
            return;
        }
        self.seen.push(mark);
        let roles = items(payload(self.snapshot, "roles"), "roles");
        let Some(role) = roles.into_iter().find(|r| text(r, "key") == Some(key)) else {
            return;
        }; // N15
        if !holds_here(self.snapshot, self.who, text(role, "tenant")) {
            return; // not held here, nor what it inherits
        }
        for parent in strings(role.get("inherits")) {
            self.role(&parent, scope);
        }
        self.out.push((grants_of(role), role["superuser"] == true));
    }

    /// A group comes after the groups that it is a member of, and after its own roles.
    fn group(&mut self, id: &str) {
        let mark = ('g', id.to_owned(), None);
        if self.seen.contains(&mark) {
            return;
        }
        self.seen.push(mark);
        let groups = items(payload(self.snapshot, "groups"), "groups");
        let Some(group) = groups.into_iter().find(|g| text(g, "id") == Some(id)) else {
            return;
        };
        if !holds_here(self.snapshot, self.who, text(group, "tenant")) {
            return;
        }
        for parent in strings(group.get("memberOf")) {
            self.group(&parent);
        }
        for key in strings(group.get("roles")) {
            self.role(&key, None);
        }
        self.out.push((grants_of(group), false));
    }
}

fn grants_of(holder: &Value) -> Vec<Value> {
    holder.get("grants").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn is_superuser(snapshot: &Value, who: &Who) -> bool {
    holders(snapshot, who).iter().any(|(_, superuser)| *superuser)
}

/// Session scopes (N13), super-user (N7), registry (N16), grants (N5).
fn one(snapshot: &Value, who: &Who, question: &Question) -> Answer {
    let paths = paths(snapshot, question);
    // A session that is bound is not bound to what nobody can tell (N20).
    if who.scopes.iter().any(|scopes| question.odd_id || !scopes.iter().any(|scope| permission_covers(scope, &paths, &question.action))) {
        return deny("scope_not_granted", 403);
    }
    let holders = holders(snapshot, who);
    if holders.iter().any(|(_, superuser)| *superuser) {
        return allow("superuser");
    }
    if question.odd_id {
        return invalid();
    }
    let payloads = &snapshot["payloads"];
    if payloads["registry"] == "closed" {
        let listed = items(payload(snapshot, "permissions"), "permissions");
        if !listed.iter().any(|p| text(p, "name") == Some(&question.name)) {
            return deny("unknown_permission", 403);
        }
    }
    // N6: all grants in order; N5: those that apply.
    let all = holders.into_iter().flat_map(|(grants, _)| grants);
    let applicable: Vec<Value> = all.filter(|grant| applies(snapshot, who, question, &paths, grant)).collect();
    let denies = |grant: &Value| text(grant, "effect") == Some("deny");
    let priority = |grant: &Value| grant.get("priority").and_then(Value::as_i64).unwrap_or(0);
    let deciding = match payloads["combining"].as_str() {
        Some("additive") => applicable.first(),
        Some("deny-overrides") => applicable.iter().find(|g| denies(g)).or(applicable.first()),
        Some("last-applicable") => applicable.last(),
        Some("first-applicable") => {
            let highest = applicable.iter().map(priority).max();
            applicable.iter().find(|g| Some(priority(g)) == highest)
        }
        _ => return invalid(),
    };
    match deciding {
        None => no_grant(), // N1
        Some(grant) if denies(grant) => deny("denied_by_rule", 403),
        Some(_) => allow("granted"),
    }
}

fn applies(snapshot: &Value, who: &Who, question: &Question, paths: &[Vec<String>], grant: &Value) -> bool {
    let denies = text(grant, "effect") == Some("deny");
    // N8.
    if !holds_here(snapshot, who, text(grant, "scope")) {
        return false;
    }
    // N2 to N4.
    let covered = match grant.get("permissions").and_then(Value::as_array) {
        Some(list) => list.iter().any(|own| match own.get("literal").and_then(Value::as_str) {
            Some(literal) => literal_covers(literal, paths, &question.action),
            None => permission_covers(own.as_str().unwrap_or(""), paths, &question.action),
        }),
        None => {
            let everything = vec![Value::from("*")];
            // N4: absent and empty differ.
            let resources = grant.get("resources").and_then(Value::as_array).unwrap_or(&everything);
            let actions = grant.get("actions").and_then(Value::as_array);
            actions.into_iter().flatten().any(|action| side_covers(action, ':', std::slice::from_ref(&question.action), true))
                && resources.iter().any(|resource| side_covers(resource, '/', paths, false))
        }
    };
    if !covered {
        return false;
    }
    // N11.
    if let Some(fields) = grant.get("fields") {
        let named = match &question.field {
            Some(field) => strings(Some(fields)).contains(field),
            None => !denies,
        };
        if !named {
            return false;
        }
    }
    // N10.
    match grant.get("conditions").and_then(Value::as_object).filter(|c| !c.is_empty()) {
        None => true,
        Some(conditions) => match &question.record {
            None => !denies,
            // N19: where a placeholder stands for nothing, an allow does not hold and a deny does.
            Some(_) if !conditions.iter().all(|(path, wanted)| stands(who, path, wanted)) => text(grant, "effect") == Some("deny"),
            Some(record) => conditions.iter().all(|(path, wanted)| field_holds(who, record, path, wanted)),
        },
    }
}

/// N12: the path asked about, then whatever is above it: where the path, or a path above it (N3), is a declared resource,
/// the resource's parent, and so on. Empty: a question about no resource.
fn paths(snapshot: &Value, question: &Question) -> Vec<Vec<String>> {
    let declared = items(payload(snapshot, "resources"), "resources");
    let path_of = |r: &Value| Some(segments(&format!("{}/{}", plain_text(&r["type"])?, plain_text(&r["id"])?), '/'));
    let mut out: Vec<Vec<String>> = question.resource.iter().cloned().collect();
    let mut at = 0;
    while at < out.len() {
        for resource in &declared {
            if !path_of(resource).is_some_and(|own| out[at].starts_with(&own)) {
                continue;
            }
            // A parent that is not declared leads nowhere (N15).
            let parent = resource.get("parent").and_then(path_of);
            let parent = parent.filter(|p| declared.iter().any(|r| path_of(r).as_ref() == Some(p)));
            if let Some(parent) = parent.filter(|p| !out.contains(p)) {
                out.push(parent);
            }
        }
        at += 1;
    }
    out
}

/// Whether a listed permission or pattern covers a permission that is asked for.
pub fn covers(snapshot: &Value, listed: &str, permission: &str) -> bool {
    let question = permission_question(permission);
    permission_covers(listed, &paths(snapshot, &question), &question.action)
}

/// One action or resource of a grant: a pattern, a literal (N21), or a record by type and id (N20). `always`: there is a path.
fn side_covers(own: &Value, by: char, paths: &[Vec<String>], always: bool) -> bool {
    if let Some(pattern) = own.as_str() {
        return pattern == "*" && !always || paths.iter().any(|path| pattern_covers(&segments(pattern, by), path));
    }
    let names = match (own.get("literal").and_then(Value::as_str), plain_text(&own["type"]), plain_text(&own["id"])) {
        (Some(literal), ..) => segments(literal, by),
        (_, Some(kind), Some(id)) => segments(&format!("{kind}/{id}"), by),
        _ => return false,
    };
    paths.iter().any(|path| path.starts_with(&names))
}

/// A text, or one that is said to be no pattern.
fn plain_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("literal")?.as_str())
}

/// The same with nothing in it that is a pattern.
fn literal_covers(literal: &str, paths: &[Vec<String>], action: &[String]) -> bool {
    match literal.split_once(':') {
        Some((resource, own)) => {
            let resource = segments(resource, '/');
            paths.iter().any(|path| path.starts_with(&resource)) && action.starts_with(&segments(own, ':'))
        }
        None => paths.is_empty() && action.starts_with(&segments(literal, ':')),
    }
}

/// A permission pattern is one resource and one action pattern; `*` alone covers everything.
fn permission_covers(pattern: &str, paths: &[Vec<String>], action: &[String]) -> bool {
    match pattern.split_once(':') {
        _ if pattern == "*" => true,
        Some((resource, own)) => resource_covers(resource, paths) && pattern_covers(&segments(own, ':'), action),
        // Without a `:`: an action on no resource.
        None => paths.is_empty() && pattern_covers(&segments(pattern, ':'), action),
    }
}

/// N3: `*` alone covers a question without resource too, nothing else does.
fn resource_covers(pattern: &str, paths: &[Vec<String>]) -> bool {
    pattern == "*" || paths.iter().any(|path| pattern_covers(&segments(pattern, '/'), path))
}

/// N3: by whole segments, downward only; `*` as one segment stands for any one segment.
fn pattern_covers(pattern: &[String], path: &[String]) -> bool {
    if pattern.len() == 1 && pattern[0] == "*" {
        return true;
    }
    pattern.len() <= path.len() && pattern.iter().zip(path).all(|(own, asked)| own == "*" || own == asked)
}

// ---------------------------------------------------------------------------------------------------------------------
// N18, N19: conditions

const OPERATORS: [&str; 12] = ["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$elemMatch", "$exists"];

fn field_holds(who: &Who, record: &Value, path: &str, wanted: &Value) -> bool {
    let mut found = Vec::new();
    walk(record, &path.split('.').collect::<Vec<_>>(), &mut found);
    values_hold(who, &found, wanted)
}

/// A path walks through lists; what it ends on is taken whole.
fn walk<'a>(value: &'a Value, path: &[&str], found: &mut Vec<&'a Value>) {
    let Some((first, rest)) = path.split_first() else {
        return found.push(value);
    };
    match value {
        Value::Array(list) => list.iter().for_each(|element| walk(element, path, found)),
        Value::Object(map) => {
            if let Some(inner) = map.get(*first) {
                walk(inner, rest, found);
            }
        }
        _ => {}
    }
}

fn values_hold(who: &Who, found: &[&Value], wanted: &Value) -> bool {
    match wanted {
        Value::Object(operators) => operators.iter().all(|(op, operand)| operator_holds(who, found, op, operand)),
        scalar => operator_holds(who, found, "$eq", scalar),
    }
}

fn operator_holds(who: &Who, found: &[&Value], op: &str, operand: &Value) -> bool {
    if op == "$elemMatch" {
        // Some element of a list there: by operators, or by conditions on its own attributes.
        let by_operators = operand.as_object().is_some_and(|o| o.keys().any(|k| OPERATORS.contains(&k.as_str())));
        return found.iter().filter_map(|v| v.as_array()).flatten().any(|element| match operand.as_object() {
            _ if by_operators => values_hold(who, &[element], operand),
            Some(conditions) => conditions.iter().all(|(path, wanted)| field_holds(who, element, path, wanted)),
            None => false,
        });
    }
    // N19: a placeholder that stands for nothing makes the condition fail, whatever its operator.
    let Some(operand) = filled(who, operand) else {
        return false;
    };
    let list = operand.as_array().cloned().unwrap_or_default();
    let some = |test: &dyn Fn(&Value) -> bool| found.iter().any(|value| holds_for(value, test));
    match op {
        "$eq" => some(&|v| same(v, &operand)),
        "$ne" => !some(&|v| same(v, &operand)),
        "$in" => some(&|v| list.iter().any(|o| same(v, o))),
        "$nin" => !some(&|v| list.iter().any(|o| same(v, o))),
        "$lt" => some(&|v| order(v, &operand).is_some_and(|o| o.is_lt())),
        "$lte" => some(&|v| order(v, &operand).is_some_and(|o| o.is_le())),
        "$gt" => some(&|v| order(v, &operand).is_some_and(|o| o.is_gt())),
        "$gte" => some(&|v| order(v, &operand).is_some_and(|o| o.is_ge())),
        "$all" => found.iter().filter_map(|v| v.as_array()).any(|own| list.iter().all(|o| own.iter().any(|v| same(v, o)))),
        "$size" => found.iter().filter_map(|v| v.as_array()).any(|own| operand.as_f64() == Some(own.len() as f64)),
        "$exists" => found.is_empty() != (operand == true),
        _ => false,
    }
}

/// A list matches if one of its elements does.
fn holds_for(value: &Value, test: &dyn Fn(&Value) -> bool) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|element| holds_for(element, test)),
        one => test(one),
    }
}

/// Equality never converts types.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(_) | Value::Object(_), _) => false,
        _ => a == b,
    }
}

/// Numbers with numbers, text with text (by UTF-16 code units); anything else has no order.
fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        _ => None,
    }
}

/// Whether every placeholder in it stands for something that the operator (or the bare path) can take.
fn stands(who: &Who, op: &str, operand: &Value) -> bool {
    match operand {
        Value::Object(members) => members.iter().all(|(key, inner)| stands(who, key, inner)),
        Value::Array(list) => list.iter().all(|inner| stands(who, "", inner)),
        Value::String(text) if text.starts_with("${principal.") && text.ends_with('}') => match (op, filled(who, operand)) {
            (_, None | Some(Value::Object(_))) => false,
            ("$in" | "$nin" | "$all", Some(value)) => value.is_array(),
            ("$lt" | "$lte" | "$gt" | "$gte", Some(value)) => value.is_number() || value.is_string(),
            (_, Some(value)) => !value.is_array(),
        },
        _ => true,
    }
}

/// N19: the operand with its placeholders filled in; `None` where one of them stands for nothing.
fn filled(who: &Who, operand: &Value) -> Option<Value> {
    match operand {
        Value::Array(list) => list.iter().map(|o| filled(who, o)).collect::<Option<Vec<_>>>().map(Value::Array),
        Value::String(text) => {
            let Some(name) = text.strip_prefix("${principal.").and_then(|t| t.strip_suffix('}')) else {
                return Some(operand.clone());
            };
            match name {
                "id" => who.id.clone().map(Value::String),
                "tenant" => who.tenant.clone().map(Value::String),
                _ => {
                    let name = name.strip_prefix("attributes.")?;
                    who.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
                }
            }
        }
        other => Some(other.clone()),
    }
}

// ---------------------------------------------------------------------------------------------------------------------

/// N17: the snapshot's own table.
fn route(snapshot: &Value, principal: &Value, ask: &Value, context: &Value) -> Answer {
    let (Some(method), Some(path)) = (text(ask, "method"), text(ask, "path")) else {
        return invalid();
    };
    let table: Vec<Value> = items(payload(snapshot, "endpoints"), "endpoints").into_iter().cloned().collect();
    let hit = routes::best(&table, method, path);
    if hit.is_none() && routes::unknown_in(&table, ask).is_allow() {
        return allow("not_required");
    }
    if hit.as_ref().is_some_and(routes::Hit::open) {
        return allow("not_required");
    }
    let who = match who(snapshot, principal, ask, context) {
        Ok(who) => who,
        Err(answer) => return answer,
    };
    let Some(hit) = hit else { return routes::unknown_in(&table, ask) };
    let requires = hit.requires();
    if requires["authenticated"] == true {
        return allow("not_required");
    }
    if requires.get("anyOf").is_some() || requires.get("allOf").is_some() {
        return several(snapshot, &who, requires);
    }
    let (Some(action), Some(subject)) = (text(requires, "action"), text(requires, "subject")) else {
        return deny("requirement_unknown", 403);
    };
    if text(requires, "check") != Some("instance") {
        return one(snapshot, &who, &about(action, subject, None, None));
    }
    let record = ask.get("attributes").and_then(|a| a.get("resource")).filter(|r| r.is_object());
    match record {
        Some(record) => one(snapshot, &who, &about(action, subject, Some(record.clone()), None)),
        None if who.scopes.is_empty() && is_superuser(snapshot, &who) => allow("superuser"),
        None => deny("record_required", 403),
    }
}

/// RFC 3339 as nanoseconds since 1970, in the plainest way.
pub fn instant(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i128> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let separators =
        bytes[4] == b'-' && bytes[7] == b'-' && matches!(bytes[10], b'T' | b't' | b' ') && bytes[13] == b':' && bytes[16] == b':';
    if !separators || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut at = 19;
    let mut nanos = 0;
    if bytes.get(at) == Some(&b'.') {
        let end = (at + 1..bytes.len()).find(|i| !bytes[*i].is_ascii_digit())?;
        let digits: String = text.get(at + 1..end)?.chars().chain("000000000".chars()).take(9).collect();
        nanos = digits.parse().ok()?;
        at = end;
    }
    let offset = match bytes.get(at)? {
        b'Z' | b'z' if bytes.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == at + 6 && bytes[at + 3] == b':' => {
            let minutes = number(at + 1, at + 3)? * 60 + number(at + 4, at + 6)?;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    // Days since 1970, year by year and month by month.
    let leap = |y: i128| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let mut days = 0;
    for y in 1970..year {
        days += if leap(y) { 366 } else { 365 };
    }
    for y in year..1970 {
        days -= if leap(y) { 366 } else { 365 };
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if day > lengths[(month - 1) as usize] {
        return None;
    }
    days += lengths[..(month - 1) as usize].iter().sum::<i128>() + day - 1;
    Some((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000_000_000 + nanos)
}
