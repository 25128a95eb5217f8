//! Who can do something: everybody who may, and nobody besides.

use latchgate::insight::Page;
use latchgate::{Ask, Context, Policy, Value as Plain, Who};
use serde_json::{Value, json};

use crate::cases::{Case, each, named, report};
use crate::reference::{self, generate::SYSTEMS};

/// Principals whose ids are their own: of two that share one, a question reaches one.
fn unique(ids: &[String]) -> Vec<&String> {
    ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() == 1).collect()
}

fn compare(case: &Case, ids: &[String], ask: &Value, context: &Value) -> Option<usize> {
    let (_, read) = case.policy.who_from_json(&json!({ "principal": null, "context": context }).to_string()).ok()?;
    let asked = Ask::from_json(&ask.to_string()).ok()?;
    let insight = case.policy.insight(&read);
    let holders = insight.who(&asked, &Page::default()).unwrap();
    let row = insight.who_row(&asked).unwrap();
    assert_eq!(named(&row, insight.ids()).collect::<Vec<_>>(), holders.ids().collect::<Vec<_>>(), "{ask} {context}\n{}", case.snapshot);
    let unique = unique(ids);
    let found: Vec<&str> = holders.ids().filter(|id| unique.iter().any(|own| *own == id)).collect();
    let allows = |id: &&&String| reference::decide(&case.snapshot, &json!(id), ask, context).is_allow();
    let expected: Vec<&str> = unique.iter().filter(allows).map(|id| id.as_str()).collect();
    assert_eq!(found, expected, "{ask} {context}\n{}", case.snapshot);
    assert!(holders.entries().all(|holder| !holder.held.is_empty()));
    Some(found.len())
}

#[test]
fn everybody_who_may_is_found() {
    for system in SYSTEMS {
        let (mut asked, mut found) = (0, 0);
        each(system, |case| {
            let ids = case.principals();
            let contexts: Vec<Value> = case.askers(2).into_iter().map(|(_, context)| context).collect();
            let probes = case.probes();
            let records = case.questions.iter().map(|question| question["ask"].clone()).filter(|ask| ask["kind"] == "instance").take(4);
            let permissions = probes.iter().step_by(probes.len().div_ceil(12)).map(|permission| case.ask(permission));
            for ask in permissions.chain(records) {
                // Members of the context may stand in an ask too; here they hold for everybody.
                let bare = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now", "attributes"];
                if bare.iter().any(|key| ask.get(key).is_some()) {
                    continue;
                }
                for context in &contexts {
                    if let Some(count) = compare(case, &ids, &ask, context) {
                        asked += 1;
                        found += count;
                    }
                }
            }
        });
        report(&format!("who, {system}: {asked} questions, {found} principals found"));
        assert!(asked > 1_000 && found > 500);
    }
}

#[test]
fn a_page_of_principals_names_the_next_one() {
    let policy = company();
    let insight = policy.insight(&Context::default());
    let ask = Ask::Permission("doc:read".into());
    let first = insight.who(&ask, &Page { limit: Some(1), cursor: None }).unwrap();
    assert_eq!((first.ids().collect::<Vec<_>>(), first.total()), (vec!["ann"], 2));
    let cursor = first.next().map(str::to_owned);
    let second = insight.who(&ask, &Page { limit: Some(1), cursor }).unwrap();
    assert_eq!((second.ids().collect::<Vec<_>>(), second.next()), (vec!["bob"], None));
    let bob = second.entries().next().unwrap();
    let rules = bob.when.unwrap();
    assert_eq!(rules.rules[0].conditions.as_ref().unwrap().to_json(), r#"{"owner":"bob"}"#);
    assert_eq!(bob.held[0].via[0].id, "own");
}

#[test]
fn records_and_what_grants_name_beneath_a_type() {
    let policy = company();
    let insight = policy.insight(&Context::default());
    let records: Vec<Plain> = [r#"{"id":"1","owner":"bob"}"#, r#"{"id":"2","owner":"ann"}"#, r#"{"id":"d7","owner":"ann"}"#]
        .iter()
        .map(|text| Plain::from_json(text).unwrap())
        .collect();
    let of = |id: &str| insight.resources(&Who::Named(id.into()), "read", "doc", &records).unwrap();
    assert_eq!(of("ann").records, [0, 1, 2]);
    assert_eq!(of("bob").records, [0, 2]);
    let named: Vec<String> = of("bob").named.into_iter().map(|named| named.resource).collect();
    assert_eq!(named, ["doc/d7"]);
    assert_eq!(of("cem").records, [0; 0]);
}

fn company() -> Policy {
    let payloads = json!({ "combining": "additive",
        "roles": [{ "key": "reader", "grants": [{ "permissions": ["doc:read"] }] },
            { "key": "own", "grants": [{ "permissions": ["doc:read"], "conditions": { "owner": "${principal.id}" } }, { "permissions": ["doc/d7:read"] }] }],
        "principals": [{ "id": "ann", "roles": ["reader"] }, { "id": "bob", "roles": ["own"] }, { "id": "cem", "roles": [] }] });
    Policy::load(json!({ "system": "latchgate", "payloads": payloads }).to_string().as_bytes()).unwrap()
}
