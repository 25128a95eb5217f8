//! Suggestions are proved by doing them: each is made by the system's own requests on the snapshot itself, and what comes of it is compared with
//! what was said, change by change.

use std::collections::{BTreeMap, BTreeSet};

use latchgate::edit::{Outcome, apply};
use latchgate::insight::{Change, Diff, Group, HolderRef, Step, Suggestion};
use latchgate::{Ask, Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{Case, each, report};
use crate::reference::{self, generate::SYSTEMS};

/// Visits every object of a payload that is called so, in whatever envelopes.
fn visit(value: &mut Value, is: &dyn Fn(&Value) -> bool, one: &mut dyn FnMut(&mut Value)) {
    if is(value) {
        return one(value);
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, is, one)),
        Value::Object(members) => members.values_mut().for_each(|member| visit(member, is, one)),
        _ => {}
    }
}

/// The first such document.
fn document(snapshot: &Value, payloads: &[&str], is: &dyn Fn(&Value) -> bool) -> Option<(String, Value)> {
    let mut copy = snapshot["payloads"].clone();
    payloads.iter().find_map(|payload| {
        let mut found = None;
        visit(copy.get_mut(payload)?, is, &mut |document| {
            found.get_or_insert_with(|| document.clone());
        });
        Some(((*payload).to_owned(), found?))
    })
}

fn refers(item: &Value, to: &str) -> bool {
    item == to || item["id"] == to || item["role"] == to || item["name"] == to
}

fn list<'v>(document: &'v mut Value, key: &str) -> &'v mut Vec<Value> {
    if !document[key].is_array() {
        document[key] = json!([]);
    }
    document[key].as_array_mut().unwrap()
}

/// The list that holds the grants of a document, and the entry that a new grant is.
fn granted<'v>(system: &str, document: &'v mut Value, permission: &str) -> (&'v mut Vec<Value>, Value) {
    match system {
        "hantera" => {
            let (resource, action) = permission.split_once(':').map_or((permission, None), |(of, action)| (of, Some(action)));
            let mut entry = json!({ "resource": resource });
            if let Some(action) = action {
                entry["permission"] = json!(action);
            }
            (list(&mut document["acl"], "entries"), entry)
        }
        "open-archiver" => {
            let (action, subject) = permission.split_once(' ').unwrap();
            (list(document, "policies"), json!({ "action": action, "subject": subject }))
        }
        "casl" => {
            let (action, subject) = permission.split_once(' ').unwrap();
            (document.as_array_mut().unwrap(), json!({ "action": action, "subject": subject }))
        }
        "emporix" => (list(document, "scopes"), json!(permission)),
        "kura" if document.get("identity").is_some() => {
            (list(&mut document["permissionConfiguration"], "permissions"), json!({ "name": permission }))
        }
        "latchgate" => (list(document, "grants"), json!({ "permissions": [permission] })),
        _ => (list(document, "permissions"), json!(permission)),
    }
}

/// A kura name without its prefix (K19).
fn plain(item: &Value) -> &str {
    let name = item.as_str().or(item["name"].as_str()).unwrap_or_default();
    name.strip_prefix("kura.permission.").unwrap_or(name)
}

/// Whether a document is the one that is looked for.
type Is<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

fn revoked(system: &str, document: &mut Value, permission: &str, place: Option<usize>) {
    let (grants, _) = granted(system, document, "x y");
    if ["emporix", "kura", "ithbat"].contains(&system) {
        let at = grants.iter().position(|item| plain(item) == permission);
        assert_eq!(at, place, "the place of {permission} in {grants:?}");
        return grants.retain(|item| plain(item) != permission);
    }
    let place = place.expect("a document has places");
    let entry = &mut grants[place];
    match entry.get_mut("permissions").and_then(Value::as_array_mut).filter(|list| list.len() > 1) {
        Some(permissions) => {
            let before = permissions.len();
            // The same in fewer letters.
            permissions.retain(|one| one != permission && one["literal"] != permission && !(one == "*:*" && permission == "*"));
            assert!(permissions.len() < before, "{permission}");
            if permissions.is_empty() {
                grants.remove(place);
            }
        }
        None => drop(grants.remove(place)),
    }
}

#[derive(Default)]
struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn add(&mut self, what: &'static str, by: usize) {
        *self.0.entry(what).or_default() += by;
    }
}

struct Done<'c> {
    system: &'static str,
    snapshot: Value,
    /// Steps that the system's own requests make, and those that had to be made by hand.
    counts: &'c mut Counts,
}

impl Done<'_> {
    fn count(&mut self, what: &'static str) {
        self.counts.add(what, 1);
    }

    /// Sends a request; whether the server takes it.
    fn send(&mut self, request: Value) -> bool {
        let edits = json!([{ "request": request }]).to_string();
        let Ok(Outcome::Accepted(done)) = apply(self.snapshot.to_string().as_bytes(), edits.as_bytes()) else { return false };
        self.snapshot = serde_json::from_str(&done.snapshot).unwrap();
        true
    }

    /// What servers refuse for other faults of the document, and what no request is described for.
    fn by_hand(&mut self, is: &dyn Fn(&Value) -> bool, payloads: &[&str], mut change: impl FnMut(&mut Value)) {
        for payload in payloads {
            if let Some(list) = self.snapshot["payloads"].get_mut(payload) {
                visit(list, is, &mut change);
            }
        }
        self.count("by hand");
    }

    fn has_stored(&self) -> bool {
        self.snapshot["payloads"].get("groups.config").is_some()
    }

    fn tenant(&self) -> String {
        self.snapshot["tenant"].as_str().unwrap_or("tenant").to_owned()
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Assign { principal, holder, .. } => self.assign(principal, holder),
            Step::Unassign { principal, holder } => self.unassign(principal, holder),
            Step::Grant { holder, permission } if self.system == "kura" && self.has_stored() => {
                assert!(self.stored(&holder.id, permission, true), "{step:?}");
            }
            Step::Revoke { holder, permission, place: None, .. } if self.system == "kura" => {
                assert!(self.stored(&holder.id, permission, false), "{step:?}");
            }
            Step::Revoke { holder, permission, place: Some(_), .. } if self.system == "kura" && self.has_stored() => {
                self.stored(&holder.id, permission, false);
                self.write(holder, &|system, document| {
                    granted(system, document, "x").0.retain(|item| plain(item) != permission);
                });
            }
            Step::Grant { holder, permission } => {
                self.write(holder, &|system, document| {
                    let (grants, entry) = granted(system, document, permission);
                    grants.push(entry);
                });
            }
            Step::Revoke { holder, permission, place, .. } => {
                self.write(holder, &|system, document| revoked(system, document, permission, *place));
            }
            _ => panic!("{step:?}"),
        }
    }

    fn assign(&mut self, id: &str, holder: &HolderRef) {
        let held = &holder.id;
        let sent = match self.system {
            "hantera" => self.roles(id, |roles| roles.push(json!(held))),
            "emporix" => {
                let (_, group) = document(&self.snapshot, &["groups"], &|one| one["id"] == **held).unwrap();
                let kind = group["userType"].as_str().unwrap_or("EMPLOYEE");
                let path = format!("/iam/{}/groups/{held}/users/{kind}/{id}", self.tenant());
                self.send(json!({ "method": "PUT", "path": path }))
            }
            "open-archiver" => {
                let user = document(&self.snapshot, &["users"], &|one| one["label"] == id || one["id"] == id && one["label"].is_null());
                let (_, user) = user.unwrap();
                let path = format!("/v1/users/{}", user["id"].as_str().unwrap_or_default());
                // Of two that have one id the server has one.
                let mut shared = 0;
                visit(&mut self.snapshot["payloads"]["users"].clone(), &|one| one["id"] == user["id"], &mut |_| shared += 1);
                shared == 1 && self.send(json!({ "method": "PUT", "path": path, "body": { "first_name": "A", "roleId": held } }))
            }
            "latchgate" => {
                let path = format!("/principals/{id}/{}s/{held}", holder.kind);
                self.send(json!({ "method": "PUT", "path": path }))
            }
            _ => false,
        };
        if !sent {
            let key = format!("{}s", holder.kind);
            let system = self.system;
            let embedded = document(&self.snapshot, &["roles"], &|one| one["id"] == **held).map(|(_, role)| role);
            let is = |one: &Value| one["label"] == id || one["id"] == id && one["label"].is_null();
            self.by_hand(&is, &["principals", "clients", "users"], |user| {
                if system == "open-archiver" {
                    user["role"] = embedded.clone().unwrap();
                    user.as_object_mut().unwrap().remove("roles");
                } else {
                    list(user, &key).push(json!(held));
                }
            });
        }
    }

    fn roles(&mut self, id: &str, change: impl FnOnce(&mut Vec<Value>)) -> bool {
        let (payload, mut one) = document(&self.snapshot, &["principals", "clients"], &|one| one["id"] == id).unwrap();
        change(list(&mut one, "roles"));
        self.send(json!({ "method": "PUT", "path": format!("/resources/iam/{payload}/{id}/roles"), "body": { "roles": one["roles"] } }))
    }

    fn unassign(&mut self, id: &str, holder: &HolderRef) {
        let held = &holder.id;
        let sent = match self.system {
            "hantera" => self.roles(id, |roles| roles.retain(|role| role != &**held)),
            "emporix" => self.send(json!({ "method": "DELETE", "path": format!("/iam/{}/groups/{held}/users/{id}", self.tenant()) })),
            "latchgate" => {
                let (_, one) = document(&self.snapshot, &["principals"], &|one| one["id"] == id).unwrap();
                let kind = holder.kind;
                one[&format!("{kind}s")].as_array().unwrap().iter().filter(|item| refers(item, held)).fold(true, |sent, item| {
                    let scope = item["scope"].as_str().map(|scope| json!({ "scope": scope })).unwrap_or_else(|| json!({}));
                    let gone = self.send(json!({ "method": "DELETE", "path": format!("/principals/{id}/{kind}s/{held}"), "query": scope }));
                    sent && (gone || item["scope"].is_null())
                })
            }
            _ => false,
        };
        if !sent {
            assert_ne!(self.system, "open-archiver", "nobody is left without a role");
            let key = format!("{}s", holder.kind);
            let named =
                document(&self.snapshot, &[&key], &|one| one["id"] == **held).and_then(|(_, one)| Some(one["name"].as_str()?.to_owned()));
            let gone = |item: &Value| refers(item, held) || named.as_ref().is_some_and(|name| item == name);
            self.by_hand(&|one| one["id"] == id, &["principals", "clients", "users"], |user| list(user, &key).retain(|item| !gone(item)));
            if self.system == "ithbat" && holder.kind == "group" {
                self.by_hand(&|one| one["id"] == **held, &["groups"], |group| list(group, "members").retain(|member| member != id));
            }
        }
    }

    /// The persisted configuration, which no request writes: a permission is a group that lists its members.
    fn stored(&mut self, id: &str, permission: &str, joins: bool) -> bool {
        let Some(stored) = self.snapshot["payloads"].get_mut("groups.config") else { return false };
        let mut list = stored.as_str().map_or_else(|| stored.clone(), |text| serde_json::from_str(text).unwrap());
        let mut changed = false;
        for group in list.as_array_mut().unwrap().iter_mut().filter(|group| group["name"] == format!("kura.permission.{permission}")) {
            let members = self::list(group, "basicMembers");
            let before = members.len();
            if joins {
                members.push(json!(format!("kura.user.{id}")));
            } else {
                members.retain(|member| member != id && member != &*format!("kura.user.{id}"));
            }
            changed |= members.len() != before;
            if joins {
                break;
            }
        }
        if joins && !changed {
            list.as_array_mut()
                .unwrap()
                .push(json!({ "name": format!("kura.permission.{permission}"), "basicMembers": [format!("kura.user.{id}")] }));
            changed = true;
        }
        *stored = if stored.is_string() { json!(list.to_string()) } else { list };
        if changed {
            self.count("by hand");
        }
        changed
    }

    fn write(&mut self, holder: &HolderRef, change: &dyn Fn(&str, &mut Value)) {
        let (system, id) = (self.system, holder.id.as_str());
        let user = |name: &str| name.strip_prefix("kura.user.").unwrap_or(name).to_owned();
        let (payloads, is): (&[&str], Is<'_>) = match (system, holder.kind) {
            ("hantera", _) | ("latchgate", "role") => (&["roles"], Box::new(|one| one["key"] == id)),
            ("emporix", _) => (&["accessControls", "templates", "groups"], Box::new(|one| one["id"] == id && one.get("scopes").is_some())),
            ("kura", _) => (
                &["identities", "users"],
                Box::new(move |one| {
                    one["userName"].as_str().or(one["identity"]["name"].as_str()).is_some_and(|name| user(name) == user(id))
                }),
            ),
            ("latchgate", "group") => (&["groups"], Box::new(|one| one["id"] == id)),
            ("latchgate", _) => (&["principals"], Box::new(|one| one["id"] == id)),
            ("casl", _) => (&[id], Box::new(Value::is_array)),
            _ => (&["roles"], Box::new(|one| one["id"] == id)),
        };
        let (_, mut one) = document(&self.snapshot, payloads, &is).unwrap_or_else(|| panic!("no {holder:?} in {}", self.snapshot));
        change(system, &mut one);
        let put =
            |path: String, body: Value| json!({ "method": "PUT", "path": path, "body": body, "headers": { "Content-Language": "en" } });
        let sent = match system {
            "hantera" => self.send(put(format!("/resources/iam/roles/{id}"), json!({ "acl": one["acl"], "description": "x" }))),
            "emporix" => {
                let path = format!("/iam/{}/access-controls/{id}", self.tenant());
                if one["scopes"] == json!([]) {
                    // EW16: no request leaves it empty; to delete it comes to the same, though by another cause.
                    false
                } else {
                    let mut body = one.clone();
                    body.as_object_mut().unwrap().retain(|key, _| ["name", "scopes", "restrictedTo"].contains(&key.as_str()));
                    self.send(put(path, body))
                }
            }
            "open-archiver" => self.send(put(format!("/v1/iam/roles/{id}"), json!({ "policies": one["policies"] }))),
            "kura" => {
                let mut copy = one.clone();
                let names: Vec<&str> = granted(system, &mut copy, "x").0.iter().map(plain).collect();
                // With any of its writes V1 drops what the device does not define.
                let defined = self.snapshot["payloads"].get("definedPermissions").map(Value::to_string);
                let known = |name: &&str| defined.as_ref().is_none_or(|list| list.contains(&format!("\"{name}\"")));
                names.iter().all(known)
                    && self.send(put("/services/identity/v1/identities".into(), json!({ "userName": id, "permissions": names })))
            }
            "ithbat" => self.send(put(format!("/api/v1/roles/{id}"), json!({ "permissions": one["permissions"] }))),
            "casl" => self.send(put(format!("/rules/{id}"), one)),
            _ => self.send(json!({ "method": "PATCH", "path": format!("/{}/{id}", payloads[0]), "body": { "grants": one["grants"] } })),
        };
        if !sent {
            self.by_hand(&is, payloads, |document| change(system, document));
            if system == "open-archiver" {
                // Wherever a user brings its role along.
                let everywhere = |one: &Value| one["id"] == id && one.get("policies").is_some();
                self.by_hand(&everywhere, &["users"], |document| change(system, document));
            }
        }
    }
}

/// What a suggestion says that comes of it, beside what does.
fn same(said: &Suggestion, found: &Diff, id: &str) -> bool {
    let mut others: Vec<String> = found.groups.iter().flat_map(|group| &group.changes).map(|change| change.principal.clone()).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|other| other != id);
    said.effects == *found && said.others == others
}

fn prove(case: &Case, question: &Value, counts: &mut Counts) {
    let (ask, context) = (&question["ask"], question.get("context").cloned().unwrap_or_else(|| json!({})));
    let within = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now", "attributes"];
    let kinds = ["permission", "type", "instance"];
    if within.iter().any(|key| ask.get(key).is_some()) || !kinds.iter().any(|kind| ask["kind"] == *kind) {
        return;
    }
    let spec = json!({ "principal": question["principal"], "context": context }).to_string();
    let (Ok((who, read)), Ok(one)) = (case.policy.who_from_json(&spec), Ask::from_json(&ask.to_string())) else { return };
    let before = case.policy.insight(&read);
    let Ok(answer) = before.suggest(&who, &one) else { return };
    let Who::Named(_) = &who else { panic!("{who:?}") };
    let id = case.policy.principal(&who, &read).id().unwrap().to_owned();
    counts.add("questions", 1);
    counts.add("in contexts", usize::from(context != json!({})));
    counts.add("about records", usize::from(ask["kind"] == "instance"));
    counts.add("without a way", usize::from(answer.suggestions.is_empty()));
    for suggestion in &answer.suggestions {
        counts.add(if answer.allowed { "ways out" } else { "ways in" }, 1);
        counts.add("of several steps", usize::from(suggestion.steps.len() > 1));
        counts.add("that concern others", usize::from(!suggestion.others.is_empty()));
        let mut done = Done { system: case.system, snapshot: case.snapshot.clone(), counts: &mut *counts };
        for step in &suggestion.steps {
            done.count(match step {
                Step::Assign { .. } => "assign",
                Step::Unassign { .. } => "unassign",
                Step::Grant { .. } => "grant",
                _ => "revoke",
            });
            done.step(step);
        }
        let snapshot = done.snapshot;
        let policy = Policy::load(snapshot.to_string().as_bytes()).expect("what is suggested loads");
        let after = policy.insight(&read);
        let found = before.diff(&after).unwrap();
        let told = |diff: &Diff| -> BTreeSet<String> {
            let line =
                |group: &Group, change: &Change| format!("{:?} {} {} {}", group.cause, change.principal, change.kind, change.permission);
            diff.groups.iter().flat_map(|group| group.changes.iter().map(move |change| line(group, change))).collect()
        };
        assert!(
            same(suggestion, &found, &id),
            "{question}\n{:?}\nonly said: {:#?}\nonly found: {:#?}\n{}\n{snapshot}",
            suggestion.steps,
            told(&suggestion.effects).difference(&told(&found)).take(4).collect::<Vec<_>>(),
            told(&found).difference(&told(&suggestion.effects)).take(4).collect::<Vec<_>>(),
            case.snapshot
        );
        let turned = policy.principal(&who, &read).check(&one).is_allowed();
        assert_ne!(turned, answer.allowed, "{question}\n{:?}\n{}\n{snapshot}", suggestion.steps, case.snapshot);
        let expected = reference::decide(&snapshot, &question["principal"], ask, &context);
        assert_eq!(turned, expected.is_allow(), "{question}\n{:?}\n{}\n{snapshot}", suggestion.steps, case.snapshot);
    }
}

/// Questions about what the snapshot speaks of, in the contexts of the others.
fn named(case: &Case, at: usize) -> Vec<Value> {
    if !case.is_plain() {
        return Vec::new();
    }
    let insight = case.policy.insight(&Context::default());
    let (lines, ids): (Vec<&str>, Vec<&str>) = (insight.lines().filter(|line| !line.contains('*')).collect(), insight.ids().collect());
    let context = |by: usize| case.questions.get(by).map_or_else(|| json!({}), |question| question["context"].clone());
    let pick = |by: usize| Some((lines.get((at + by * 7) % lines.len().max(1))?, ids.get((at + by) % ids.len().max(1))?));
    let one = |by: usize| {
        let (line, id) = pick(by)?;
        Some(json!({ "principal": id, "ask": case.ask(line), "context": if by == 0 { json!({}) } else { context(by) } }))
    };
    (0..3).filter_map(one).collect()
}

fn all(system: &'static str) {
    let mut counts = Counts::default();
    let mut at = 0;
    each(system, |case| {
        at += 1;
        for question in case.questions.iter().skip(at % 3).step_by(5).cloned().chain(named(case, at)) {
            prove(case, &question, &mut counts);
        }
    });
    let told: Vec<String> = counts.0.iter().map(|(what, count)| format!("{count} {what}")).collect();
    report(&format!("suggestions proved, {system}: {at} snapshots, {}", told.join(", ")));
    let ways = counts.0.get("ways in").unwrap_or(&0) + counts.0.get("ways out").unwrap_or(&0);
    assert!(ways > at / 4, "{system}: {ways}");
}

macro_rules! what_is_suggested_comes_of_doing_it {
    ($($name:ident $system:literal)*) => {$(
        #[test]
        fn $name() {
            all($system);
        }
    )*
    #[test]
    fn every_system_is_proved() {
        assert_eq!([$($system),*], SYSTEMS);
    }};
}

what_is_suggested_comes_of_doing_it! {
    hantera "hantera"
    emporix "emporix"
    open_archiver "open-archiver"
    kura "kura"
    ithbat "ithbat"
    casl "casl"
    native "latchgate"
}

/// What a context lends and what nobody holds are no steps.
#[test]
fn nothing_is_suggested_that_would_do_nothing() {
    let payloads = json!({ "combining": "additive", "roles": [{ "key": "r", "grants": [{ "permissions": ["a:b"] }] }], "principals": [{ "id": "u" }] });
    let policy = Policy::load(json!({ "system": "latchgate", "payloads": payloads }).to_string().as_bytes()).unwrap();
    let context = Context { roles: vec!["r".into()], ..Context::default() };
    let answer = policy.insight(&context).suggest(&Who::Named("u".into()), &Ask::Permission("a:b".into())).unwrap();
    assert!(answer.allowed && answer.suggestions.iter().all(|one| matches!(one.steps.as_slice(), [Step::Revoke { .. }])), "{answer:?}");
}
