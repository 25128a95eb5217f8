//! Random snapshots of every system: what a finding claims about decisions holds for the reference evaluator, asked one by one.

use std::collections::BTreeMap;

use latchgate::insight::{Finding, Page};
use latchgate::{Context, Policy, Who};
use serde_json::{Value, json};

use crate::cases::{Case, report, some};
use crate::climb::{gains, walk};
use crate::look::{find, of, pointer, without};
use crate::reference::{self, generate::SYSTEMS};

fn count() -> u64 {
    std::env::var("LATCHGATE_FINDINGS_CASES").ok().map_or(2_000, |text| text.parse().unwrap())
}

fn unique(case: &Case) -> Vec<String> {
    let ids = case.principals();
    ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() == 1).cloned().collect()
}

/// Permissions and records to ask about.
fn asks(case: &Case) -> Vec<Value> {
    let permissions = case.probes().iter().map(|permission| case.ask(permission)).collect::<Vec<_>>();
    let records = case.questions.iter().map(|question| question["ask"].clone()).filter(|ask| ask["kind"] == "instance").take(4);
    let bare = |ask: &Value| !["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now"].iter().any(|key| ask.get(key).is_some());
    permissions.into_iter().chain(records).filter(bare).collect()
}

fn allows(snapshot: &Value, who: &Value, ask: &Value) -> bool {
    reference::decide(snapshot, who, ask, &json!({})).is_allow()
}

/// Two snapshots that decide alike about everybody.
fn same(case: &Case, other: &Value, ids: &[String], asks: &[Value], finding: &Finding) {
    for id in ids {
        for ask in asks {
            let (before, after) = (allows(&case.snapshot, &json!(id), ask), allows(other, &json!(id), ask));
            assert_eq!(before, after, "{id} {ask}\n{finding:#?}\n{}\n{other}", case.snapshot);
        }
    }
}

/// The snapshot without a holder. Emporix expands documents within others, so those that may bear one stay and hold nothing.
fn without_holder(snapshot: &Value, path: &str) -> Value {
    let emptied = [("accessControls", "scopes"), ("templates", "accessControls")];
    let Some((_, list)) = emptied.iter().find(|(payload, _)| path.starts_with(&format!("$.payloads.{payload}["))) else {
        return without(snapshot, path);
    };
    let mut copy = snapshot.clone();
    copy.pointer_mut(&pointer(path)).unwrap()[*list] = json!([]);
    copy
}

/// The snapshot without a grant that a holder writes as one entry of its own.
fn without_grant(snapshot: &Value, path: &str, text: &str) -> Option<Value> {
    let holder = snapshot.pointer(&pointer(path))?;
    let (list, at) = if let Some(entries) = holder["acl"]["entries"].as_array() {
        let spelled =
            |entry: &Value| Some(format!("{}:{}", entry["resource"].as_str()?, entry.get("permission").map_or(Some("*"), Value::as_str)?));
        (".acl.entries", entries.iter().position(|entry| spelled(entry).as_deref() == Some(text))?)
    } else {
        let alone = |grant: &Value| grant["effect"] != "deny" && grant["permissions"] == json!([text]);
        (".grants", holder["grants"].as_array()?.iter().position(alone)?)
    };
    Some(without(snapshot, &format!("{path}{list}[{at}]")))
}

/// Somebody who holds one role and nothing else, where the system's tokens can say so.
fn only(case: &Case, role: &str) -> Option<Value> {
    match case.system {
        "hantera" | "open-archiver" => Some(json!({ "sub": "nobody-else", "roles": [role] })),
        "latchgate" => Some(json!({ "id": "nobody-else", "roles": [role] })),
        "casl" => Some(json!(role)),
        _ => None,
    }
}

/// Roles that come to the same are told, and no others: where there are no conditions, by what is listed for each alone.
fn alike(case: &Case, told: &[&Finding]) -> usize {
    let roles = serde_json::to_value(case.policy.list_json("roles", "{}").unwrap()).unwrap();
    let keys: Vec<&str> = roles.as_array().unwrap().iter().map(|role| role["id"].as_str().or(role["key"].as_str()).unwrap()).collect();
    let insight = case.policy.insight(&Context::default());
    let comes_to = |key: &str| {
        let spec = json!({ "principal": only(case, key).unwrap() }).to_string();
        let list = insight.list(&case.policy.who_from_json(&spec).unwrap().0, &Page::default()).unwrap();
        // A list has only the lines of one's own: what they cover of all lines is what it comes to.
        let own: Vec<&str> = list.permissions().collect();
        let covered = insight.lines().filter(|line| own.iter().any(|one| one == line || case.covers(one, line)));
        (list.is_superuser(), covered.map(str::to_owned).collect::<Vec<_>>())
    };
    let effects: Vec<_> = keys.iter().map(|key| comes_to(key)).collect();
    let mut pairs = 0;
    for (at, one) in keys.iter().enumerate() {
        for (by, two) in keys.iter().enumerate().skip(at + 1) {
            let names = |finding: &&&Finding, key: &str| finding.witness.iter().any(|step| step.kind == "role" && step.id == key);
            let same = effects[at] == effects[by] && !effects[at].1.is_empty();
            assert_eq!(told.iter().any(|finding| names(&finding, one) && names(&finding, two)), same, "{one} {two}\n{}", case.snapshot);
            pairs += 1;
        }
    }
    pairs
}

#[derive(Default)]
struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn add(&mut self, what: &'static str, count: usize) {
        *self.0.entry(what).or_default() += count;
    }
}

fn judge(case: &Case, counts: &mut Counts) {
    let (ids, asks) = (unique(case), asks(case));
    let probes = case.probes();
    // Neighbours in the list of what is asked.
    let pairs: Vec<[&String; 2]> = probes.windows(2).step_by(3).map(|pair| [&pair[0], &pair[1]]).collect();
    let found = find(&case.snapshot, &json!({ "sod": pairs, "edits": 100 }));

    for finding in of(&found, "LINT_NO_ACCESS") {
        let id = &finding.witness[0].id;
        assert!(asks.iter().all(|ask| !allows(&case.snapshot, &json!(id), ask)), "{finding:#?}\n{}", case.snapshot);
        counts.add("without access", 1);
    }
    for id in &ids {
        let list = case.policy.insight(&Context::default()).list(&Who::Named(id.clone()), &Page::default()).unwrap();
        let nothing = list.total() == 0 && list.refusal().is_none() && !list.is_superuser();
        let empty = of(&found, "LINT_HOLDER_EMPTY").iter().any(|finding| case.system == "casl" && finding.witness[0].id == *id);
        let told = empty || of(&found, "LINT_NO_ACCESS").iter().any(|finding| finding.witness[0].id == *id);
        if case.snapshot["payloads"]["registry"] == "closed" {
            // A list is of permissions; there somebody may be allowed single records though none of the registry's permissions (N16).
            assert!(nothing || !told, "{id}\n{}", case.snapshot);
        } else {
            assert_eq!(told, nothing, "{id}\n{}", case.snapshot);
        }
    }
    if case.system == "hantera" {
        counts.add("pairs of roles", alike(case, &of(&found, "LINT_SAME_EFFECT")));
    }
    for code in ["LINT_HOLDER_EMPTY", "LINT_HOLDER_UNREACHABLE"] {
        for finding in of(&found, code) {
            same(case, &without_holder(&case.snapshot, &finding.path), &ids, &asks, finding);
            counts.add("holders taken away", 1);
        }
    }
    for code in ["LINT_GRANT_REDUNDANT", "LINT_GRANT_DENIED"] {
        for finding in of(&found, code) {
            if let Some(other) = without_grant(&case.snapshot, &finding.path, &finding.witness[1].id) {
                same(case, &other, &ids, &asks, finding);
                counts.add("grants taken away", 1);
            }
        }
    }
    for finding in of(&found, "LINT_BEYOND_ROLES") {
        let mut bare = case.snapshot.clone();
        bare.pointer_mut(&pointer(&finding.path)).unwrap().as_object_mut().unwrap().remove("grants").unwrap();
        let id = json!(finding.witness[0].id);
        for permission in gains(finding).filter(|permission| !permission.contains('*')) {
            assert!(allows(&case.snapshot, &id, &case.ask(permission)), "{permission}\n{}", case.snapshot);
            assert!(!allows(&bare, &id, &case.ask(permission)), "{permission}\n{}", case.snapshot);
            counts.add("permissions beyond roles", 1);
        }
    }
    for finding in of(&found, "LINT_SAME_EFFECT") {
        let roles: Vec<&str> = finding.witness.iter().filter(|step| step.kind == "role").map(|step| step.id.as_str()).collect();
        let holders: Vec<Value> = roles.iter().filter_map(|role| only(case, role)).collect();
        let in_tenant =
            finding.path != "$" && case.snapshot.pointer(&pointer(&finding.path)).is_some_and(|role| role.get("tenant").is_some());
        for ask in asks.iter().filter(|_| !in_tenant) {
            let answers: Vec<bool> = holders.iter().map(|who| allows(&case.snapshot, who, ask)).collect();
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{ask} {answers:?} {finding:#?}\n{}", case.snapshot);
        }
        counts.add("roles of the same effect", holders.len());
    }
    for [one, two] in pairs {
        let both = |id: &&String| [one, two].iter().all(|permission| allows(&case.snapshot, &json!(id), &case.ask(permission)));
        let wanted: Vec<&String> = ids.iter().filter(both).collect();
        let words = format!("holds both `{one}` and `{two}`, ");
        let joined = of(&found, "LINT_DUTIES_JOINED").into_iter().filter(|finding| finding.message.contains(&words));
        let named: Vec<&String> = joined.map(|finding| &finding.witness[0].id).filter(|id| ids.contains(id)).collect();
        assert_eq!(named, wanted, "{one} {two}\n{}", case.snapshot);
        counts.add("duties joined", wanted.len());
        counts.add("pairs of duties", 1);
    }
    for finding in of(&found, "LINT_ESCALATION") {
        let after = walk(&case.snapshot, finding);
        let id = json!(finding.witness[0].id);
        for permission in gains(finding).filter(|permission| !permission.contains('*')) {
            assert!(!allows(&case.snapshot, &id, &case.ask(permission)), "{permission} before\n{finding:#?}\n{}", case.snapshot);
            assert!(allows(&after, &id, &case.ask(permission)), "{permission} after\n{finding:#?}\n{}", case.snapshot);
            counts.add("permissions gained by edits", 1);
        }
    }
}

/// Native snapshots say themselves who may edit them: some requests for two permissions.
fn with_edits(case: &Case) -> Case {
    let mut snapshot = case.snapshot.clone();
    if case.system == "latchgate" {
        snapshot["payloads"]["endpoints"] = json!([
            { "method": "PUT", "path": "/principals/{id}/roles/{key}", "requires": { "anyOf": ["doc:read"] } },
            { "method": "PATCH", "path": "/roles/{key}", "requires": { "anyOf": ["doc:write"] } },
        ]);
    }
    let policy = Policy::load(snapshot.to_string().as_bytes()).unwrap();
    Case { system: case.system, questions: case.questions.clone(), snapshot, policy }
}

#[test]
fn what_is_claimed_holds_for_the_reference() {
    for system in SYSTEMS {
        let mut counts = Counts::default();
        some(
            system,
            count(),
            |case| if case.is_plain() { judge(&with_edits(case), &mut counts) } else { counts.add("snapshots set aside", 1) },
        );
        let told: Vec<String> = counts.0.iter().map(|(what, count)| format!("{count} {what}")).collect();
        report(&format!("findings, {system}: {} snapshots, {}", count(), told.join(", ")));
        let edited = !matches!(system, "ithbat" | "casl");
        assert_eq!(counts.0.contains_key("permissions gained by edits"), edited, "{system}");
        assert!(counts.0["pairs of duties"] > 0 && counts.0["duties joined"] > 0);
    }
}
