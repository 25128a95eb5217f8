//! Findings: each trap has a snapshot in which it is found, a nearly identical one in which it is not, and a question that proves of
//! both what the finding says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod harness;

use latchgate::{Lint, Policy, Severity};
use serde_json::{Value, json};

fn lints(snapshot: &Value) -> Vec<Lint> {
    Policy::lint(snapshot.to_string().as_bytes()).expect("the snapshot loads")
}

/// What a list answers, or the effect of any other question.
fn answer(snapshot: &Value, ask: &Value) -> String {
    let policy = Policy::load(snapshot.to_string().as_bytes()).expect("the snapshot loads");
    let decision = policy.decide_json(&json!({ "principal": "me", "ask": ask }).to_string());
    decision.filter.unwrap_or(decision.effect).to_string()
}

/// A finding as one text.
fn told(lint: &Lint) -> String {
    format!("{} {} {} [{}]", lint.severity.as_str(), lint.code, lint.path, lint.rule)
}

struct Case {
    trap: &'static str,
    /// What is found here, all of it.
    finds: &'static [&'static str],
    caught: Value,
    /// The same without the trap.
    clean: Value,
    /// Each with its answers for both.
    proof: Vec<(Value, &'static str, &'static str)>,
}

impl Case {
    #[track_caller]
    fn check(&self) {
        let found = lints(&self.caught);
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), self.finds, "{}", self.trap);
        for lint in &found {
            assert!(lint.code.starts_with("LINT_") && lint.path.starts_with("$.") && !lint.rule.is_empty(), "{lint:?}");
            assert!(lint.message.len() > 20 && !lint.message.ends_with('.'), "{lint:?}");
        }
        let code = |told: &str| told.split(' ').nth(1).unwrap().to_string();
        let before: Vec<String> = lints(&self.clean).iter().map(told).collect();
        for told in self.finds {
            let still = before.iter().filter(|other| code(other) == code(told) && code(told) != "LINT_TYPE_QUESTION").count();
            assert_eq!(still, 0, "{}: {before:?}", self.trap);
        }
        assert!(!self.proof.is_empty(), "{}", self.trap);
        for (ask, caught, clean) in &self.proof {
            assert_eq!(answer(&self.caught, ask), *caught, "{}: {ask}", self.trap);
            assert_eq!(answer(&self.clean, ask), *clean, "{}, without the trap: {ask}", self.trap);
        }
        // A strict load refuses exactly what is worse than a surprise, at its first place.
        let strict = Policy::load_strict(self.caught.to_string().as_bytes());
        match found.iter().find(|lint| lint.severity != Severity::Surprise) {
            None => assert!(strict.is_ok(), "{}", self.trap),
            Some(first) => {
                let error = strict.expect_err("strict");
                assert_eq!((error.code().as_str(), error.path()), ("ERR_STRICT", first.path.as_str()), "{}", self.trap);
                assert_eq!(error.lints(), found, "{}", self.trap);
            }
        }
    }
}

fn run(cases: Vec<Case>) {
    assert!(!cases.is_empty());
    for case in &cases {
        case.check();
    }
    println!("{} traps", cases.len());
}

fn casl(rules: Value) -> Value {
    json!({ "system": "casl", "payloads": { "me": rules } })
}

fn archiver(policies: Value) -> Value {
    let role = json!({ "id": "r", "name": "r", "policies": policies });
    json!({ "system": "open-archiver", "payloads": { "roles": [role], "users": [{ "id": "me", "email": "me@x.org", "roles": ["r"] }] } })
}

fn native(combining: &str, grants: Value) -> Value {
    json!({ "system": "latchgate", "payloads": { "combining": combining, "principals": [{ "id": "me", "grants": grants }] } })
}

fn record(action: &str, subject: &str, object: Value) -> Value {
    json!({ "kind": "instance", "action": action, "subject": subject, "object": object })
}

fn kind(action: &str, subject: &str) -> Value {
    json!({ "kind": "type", "action": action, "subject": subject })
}

fn list(action: &str, subject: &str) -> Value {
    json!({ "kind": "filter", "actions": [action], "subject": subject })
}

fn permission(text: &str) -> Value {
    json!({ "kind": "permission", "permission": text })
}

#[test]
fn traps_of_casl() {
    let everything = || json!({ "action": "read", "subject": "Post" });
    let allow = |conditions: Value| casl(json!([{ "action": "read", "subject": "Post", "conditions": conditions }]));
    let deny = |conditions: Value| {
        casl(json!([everything(), { "action": "read", "subject": "Post", "inverted": true, "conditions": conditions }]))
    };
    let post = |object: Value| record("read", "Post", object);
    run(vec![
        Case {
            trap: "1, a deny by `$or`",
            finds: &["fails-open LINT_OPERATOR $.payloads.me[1].conditions[\"$or\"] [casl 1.12 #1]"],
            caught: deny(json!({ "$or": [{ "secret": true }, { "draft": true }] })),
            clean: deny(json!({ "secret": true })),
            proof: vec![(post(json!({ "secret": true })), "allow", "deny")],
        },
        Case {
            trap: "1, a deny by an operator of a field that is none",
            finds: &["fails-open LINT_OPERATOR $.payloads.me[1].conditions.level [casl 1.12 #1]"],
            caught: deny(json!({ "level": { "$not": 3 } })),
            clean: deny(json!({ "level": { "$ne": 3 } })),
            proof: vec![(post(json!({ "level": 5 })), "allow", "deny")],
        },
        Case {
            trap: "1, in an allow: nothing is granted but on the type",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "no-effect LINT_OPERATOR $.payloads.me[0].conditions[\"$or\"] [casl 1.12 #1]",
            ],
            caught: allow(json!({ "$or": [{ "mine": true }] })),
            clean: allow(json!({ "mine": true })),
            proof: vec![(post(json!({ "mine": true })), "deny", "allow")],
        },
        Case {
            trap: "2, missing is less",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_LESS $.payloads.me[0].conditions.level[\"$lt\"] [casl 1.12 #2]",
            ],
            caught: allow(json!({ "level": { "$lt": 5 } })),
            clean: allow(json!({ "level": { "$lt": 5, "$gte": 0 } })),
            proof: vec![
                (post(json!({})), "allow", "deny"),
                (post(json!({ "level": "secret" })), "allow", "deny"),
                (post(json!({ "level": 1 })), "allow", "allow"),
            ],
        },
        Case {
            trap: "2, with `$exists`",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_LESS $.payloads.me[0].conditions[\"meta.level\"][\"$lte\"] [casl 1.12 #2]",
            ],
            caught: allow(json!({ "meta.level": { "$lte": 5 } })),
            clean: allow(json!({ "meta.level": { "$lte": 5, "$exists": true } })),
            proof: vec![(post(json!({ "meta": {} })), "allow", "deny")],
        },
        Case {
            trap: "3, a date as text; 1700000000000 is what a date object compares as",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_DATE $.payloads.me[0].conditions.at[\"$lt\"] [casl 1.12 #3]",
            ],
            caught: allow(json!({ "at": { "$lt": "2020-01-01T00:00:00Z", "$exists": true } })),
            clean: allow(json!({ "at": { "$lt": 1_577_836_800_000_i64, "$exists": true } })),
            proof: vec![(post(json!({ "at": 1_700_000_000_000_i64 })), "allow", "deny")],
        },
        Case {
            trap: "3, in a deny",
            finds: &["fails-open LINT_DATE $.payloads.me[1].conditions.at[\"$gt\"] [casl 1.12 #3]"],
            caught: deny(json!({ "at": { "$gt": "2020-01-01" } })),
            clean: deny(json!({ "at": { "$gt": 1_577_836_800_000_i64 } })),
            proof: vec![(post(json!({ "at": 1_700_000_000_000_i64 })), "allow", "deny")],
        },
        Case {
            trap: "4, a deny by null behind a dot",
            finds: &["fails-open LINT_NULL $.payloads.me[1].conditions[\"owner.id\"] [casl 1.12 #4]"],
            caught: deny(json!({ "owner.id": null })),
            clean: deny(json!({ "owner": null })),
            proof: vec![(post(json!({})), "allow", "deny")],
        },
        Case {
            trap: "4, an allow by not null",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_NULL $.payloads.me[0].conditions[\"owner.id\"][\"$ne\"] [casl 1.12 #4]",
            ],
            caught: allow(json!({ "owner.id": { "$ne": null } })),
            clean: allow(json!({ "owner.id": { "$ne": null, "$exists": true } })),
            proof: vec![(post(json!({})), "allow", "deny"), (post(json!({ "owner": { "id": 1 } })), "allow", "allow")],
        },
        Case {
            trap: "4, null in a list",
            finds: &["fails-open LINT_NULL $.payloads.me[1].conditions.owner[\"$in\"][1] [casl 1.12 #4]"],
            caught: deny(json!({ "owner": { "$in": ["x", null] } })),
            clean: deny(json!({ "owner": null })),
            proof: vec![(post(json!({})), "allow", "deny")],
        },
        Case {
            trap: "5, a question about the type",
            finds: &["surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]"],
            caught: allow(json!({ "author": 1 })),
            clean: casl(json!([everything(), { "action": "read", "subject": "Post", "inverted": true }])),
            proof: vec![(kind("read", "Post"), "allow", "deny")],
        },
        Case {
            // The list of permitted fields is not the core's (tests/pkg/insight/lint.test.mjs proves it): here it is proved that a
            // question names the field and is denied.
            trap: "8, a pattern of fields",
            finds: &[
                "surprise LINT_FIELDS $.payloads.me[1].fields [casl 1.12 #9]",
                "fails-open LINT_FIELD_PATTERN $.payloads.me[1].fields [casl 1.12 #8]",
            ],
            caught: casl(json!([everything(), { "action": "read", "subject": "Post", "inverted": true, "fields": ["secret*"] }])),
            clean: casl(json!([everything(), { "action": "read", "subject": "Post", "inverted": true }])),
            proof: vec![
                (json!({ "kind": "type", "action": "read", "subject": "Post", "field": "secrets" }), "deny", "deny"),
                (kind("read", "Post"), "allow", "deny"),
            ],
        },
        Case {
            trap: "9, no field is named",
            finds: &["surprise LINT_FIELDS $.payloads.me[1].fields [casl 1.12 #9]"],
            caught: casl(json!([everything(), { "action": "read", "subject": "Post", "inverted": true, "fields": ["secret"] }])),
            clean: casl(json!([{ "action": "read", "subject": "Post", "fields": ["title"] }])),
            proof: vec![
                (post(json!({})), "allow", "allow"),
                (json!({ "kind": "instance", "action": "read", "subject": "Post", "object": {}, "field": "secret" }), "deny", "deny"),
            ],
        },
        Case {
            trap: "10, a list in a deny",
            finds: &["fails-open LINT_IDENTITY $.payloads.me[1].conditions.tags [casl 1.12 #10]"],
            caught: deny(json!({ "tags": ["secret"] })),
            clean: deny(json!({ "tags": "secret" })),
            proof: vec![(post(json!({ "tags": ["secret"] })), "allow", "deny")],
        },
        Case {
            trap: "10, an object, negated in an allow",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_IDENTITY $.payloads.me[0].conditions.owner[\"$ne\"] [casl 1.12 #10]",
            ],
            caught: allow(json!({ "owner": { "$ne": { "id": 1 } } })),
            clean: allow(json!({ "owner.id": { "$ne": 1 } })),
            proof: vec![(post(json!({ "owner": { "id": 1 } })), "allow", "deny")],
        },
        Case {
            trap: "10, one of a list",
            finds: &["fails-open LINT_IDENTITY $.payloads.me[1].conditions.tag[\"$in\"][1] [casl 1.12 #10]"],
            caught: deny(json!({ "tag": { "$in": ["a", ["b"]] } })),
            clean: deny(json!({ "tag": { "$in": ["a", "b"] } })),
            proof: vec![(post(json!({ "tag": ["b"] })), "allow", "deny")],
        },
        Case {
            trap: "10, inside `$elemMatch`",
            finds: &["fails-open LINT_IDENTITY $.payloads.me[1].conditions.items[\"$elemMatch\"].tag [casl 1.12 #10]"],
            caught: deny(json!({ "items": { "$elemMatch": { "tag": ["b"] } } })),
            clean: deny(json!({ "items": { "$elemMatch": { "tag": "b" } } })),
            proof: vec![(post(json!({ "items": [{ "tag": ["b"] }] })), "allow", "deny")],
        },
        Case {
            trap: "11, `inverted` that is no boolean",
            finds: &["surprise LINT_INVERTED $.payloads.me[0].inverted [casl 1.12 #11]"],
            caught: casl(json!([{ "action": "read", "subject": "Post", "inverted": "false" }])),
            clean: casl(json!([{ "action": "read", "subject": "Post", "inverted": false }])),
            proof: vec![(kind("read", "Post"), "deny", "allow")],
        },
        Case {
            trap: "an empty list of values",
            finds: &["fails-open LINT_CONSTANT $.payloads.me[1].conditions.tag[\"$in\"] [casl 1.7]"],
            caught: deny(json!({ "tag": { "$in": [] } })),
            clean: deny(json!({ "tag": { "$in": ["a"] } })),
            proof: vec![(post(json!({ "tag": "a" })), "allow", "deny")],
        },
        Case {
            trap: "`$options` alone",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.me[0].conditions [casl 1.12 #5]",
                "fails-open LINT_CONSTANT $.payloads.me[0].conditions.tag [casl 1.7]",
            ],
            caught: allow(json!({ "tag": { "$options": "i" }, "a": 1 })),
            clean: allow(json!({ "tag": { "$regex": "^x$", "$options": "i" }, "a": 1 })),
            proof: vec![(post(json!({ "tag": "y", "a": 1 })), "allow", "deny")],
        },
        Case {
            trap: "a placeholder that nobody replaces",
            finds: &["fails-open LINT_PLACEHOLDER $.payloads.me[1].conditions.author [casl 1.7]"],
            caught: deny(json!({ "author": "${user.id}" })),
            clean: deny(json!({ "author": "me" })),
            proof: vec![(post(json!({ "author": "me" })), "allow", "deny")],
        },
        Case {
            trap: "conditions that are no object",
            finds: &["fails-open LINT_CONDITIONS $.payloads.me[0].conditions [casl 1.1]"],
            caught: allow(json!(0)),
            clean: allow(json!({ "mine": true })),
            proof: vec![(post(json!({})), "allow", "deny")],
        },
        Case {
            trap: "conditions that are a text",
            finds: &["fails-open LINT_CONDITIONS $.payloads.me[1].conditions [casl 1.1]"],
            caught: deny(json!("secret")),
            clean: deny(json!({ "secret": true })),
            proof: vec![(post(json!({ "secret": true })), "allow", "deny")],
        },
        Case {
            trap: "a condition on which the server fails (A22)",
            finds: &["fails LINT_CONDITION_FAILS $.payloads.me[1] [casl 1.7]"],
            caught: deny(json!({ "a": { "$in": 1 } })),
            clean: deny(json!({ "a": { "$in": [1] } })),
            proof: vec![(post(json!({ "a": 1 })), "error", "deny")],
        },
        Case {
            trap: "no fields (A11)",
            finds: &["fails LINT_RULE_FAILS $.payloads.me[0] [casl 1.1]"],
            caught: casl(json!([{ "action": "read", "subject": "Post", "fields": [] }])),
            clean: casl(json!([{ "action": "read", "subject": "Post", "fields": ["a"] }])),
            proof: vec![(kind("read", "Post"), "error", "allow")],
        },
        Case {
            trap: "no action",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.me[0] [casl 1.1]"],
            caught: casl(json!([{ "action": [], "subject": "Post" }])),
            clean: casl(json!([{ "action": ["read"], "subject": "Post" }])),
            proof: vec![(kind("read", "Post"), "deny", "allow")],
        },
        Case {
            trap: "a deny before the rule that always matches",
            finds: &["fails-open LINT_SHADOWED $.payloads.me[0] [casl 1.2]"],
            caught: casl(json!([{ "action": "read", "subject": "Post", "inverted": true, "conditions": { "secret": true } },
                                { "action": "manage", "subject": "all" }])),
            clean: casl(json!([{ "action": "manage", "subject": "all" },
                               { "action": "read", "subject": "Post", "inverted": true, "conditions": { "secret": true } }])),
            proof: vec![(post(json!({ "secret": true })), "allow", "deny")],
        },
        Case {
            trap: "an allow that two later denies cover between them",
            finds: &["no-effect LINT_SHADOWED $.payloads.me[0] [casl 1.2]"],
            caught: casl(
                json!([{ "action": ["read", "update"], "subject": "Post" }, { "action": "read", "subject": "Post", "inverted": true },
                                { "action": "update", "subject": "all", "inverted": true, "conditions": {} }]),
            ),
            clean: casl(
                json!([{ "action": ["read", "update"], "subject": "Post" }, { "action": "read", "subject": "Post", "inverted": true },
                               { "action": "update", "subject": "Page", "inverted": true }]),
            ),
            proof: vec![(kind("read", "Post"), "deny", "deny"), (kind("update", "Post"), "deny", "allow")],
        },
    ]);
}

#[test]
fn traps_of_open_archiver() {
    let everything = || json!({ "action": "manage", "subject": "all" });
    let allow = |conditions: Value| archiver(json!([{ "action": "read", "subject": "archive", "conditions": conditions }]));
    let deny = |conditions: Value| {
        archiver(json!([everything(), { "action": "read", "subject": "archive", "inverted": true, "conditions": conditions }]))
    };
    let mail = |object: Value| record("read", "archive", object);
    run(vec![
        Case {
            trap: "A8, a deny",
            finds: &["fails-open LINT_OPERATOR $.payloads.roles[0].policies[1].conditions[\"$or\"] [A8]"],
            caught: deny(json!({ "$or": [{ "userEmail": "a@x.org" }] })),
            clean: deny(json!({ "userEmail": "a@x.org" })),
            proof: vec![(mail(json!({ "userEmail": "a@x.org" })), "allow", "deny")],
        },
        Case {
            trap: "A9",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[0].conditions [A5]",
                "no-effect LINT_PLACEHOLDER $.payloads.roles[0].policies[0].conditions.userId [A9]",
            ],
            caught: archiver(json!([{ "action": "read", "subject": "ingestion", "conditions": { "userId": "${user.email}" } }])),
            clean: archiver(json!([{ "action": "read", "subject": "ingestion", "conditions": { "userId": "${user.id}" } }])),
            proof: vec![(record("read", "ingestion", json!({ "userId": "me" })), "deny", "allow")],
        },
        Case {
            trap: "A7, null does not match what is missing",
            finds: &["fails-open LINT_NULL $.payloads.roles[0].policies[1].conditions.userEmail [A7]"],
            caught: deny(json!({ "userEmail": null })),
            clean: deny(json!({ "userEmail": { "$exists": false } })),
            proof: vec![(mail(json!({})), "allow", "deny")],
        },
        Case {
            trap: "A11, an allow of fields",
            finds: &["fails-open LINT_FIELDS $.payloads.roles[0].policies[0].fields [A11]"],
            caught: archiver(json!([{ "action": "read", "subject": "archive", "fields": ["subject"] }])),
            clean: archiver(json!([{ "action": "read", "subject": "ingestion" }])),
            proof: vec![(mail(json!({})), "allow", "deny")],
        },
        Case {
            trap: "A11, a deny of fields",
            finds: &["fails-open LINT_FIELDS $.payloads.roles[0].policies[1].fields [A11]"],
            caught: archiver(json!([everything(), { "action": "read", "subject": "archive", "inverted": true, "fields": ["body"] }])),
            clean: archiver(json!([everything(), { "action": "read", "subject": "archive", "inverted": true }])),
            proof: vec![(mail(json!({})), "allow", "deny"), (list("read", "archive"), "all", "none")],
        },
        Case {
            trap: "A11, no fields",
            finds: &["fails LINT_RULE_FAILS $.payloads.roles[0].policies[0] [A11]"],
            caught: archiver(json!([{ "action": "read", "subject": "archive", "fields": [] }])),
            clean: archiver(json!([{ "action": "read", "subject": "archive" }])),
            proof: vec![(kind("read", "archive"), "error", "allow")],
        },
        Case {
            trap: "A15",
            finds: &["no-effect LINT_CONDITION_EMPTY $.payloads.roles[0].policies[0].conditions [A15]"],
            caught: allow(json!({})),
            clean: allow(json!(null)),
            proof: vec![(list("read", "archive"), "none", "all"), (mail(json!({})), "allow", "allow")],
        },
        Case {
            trap: "A5, A25: a deny under an empty condition",
            finds: &["fails-open LINT_CONDITION_EMPTY $.payloads.roles[0].policies[1].conditions [A5]"],
            caught: deny(json!({})),
            clean: deny(json!(null)),
            proof: vec![(kind("read", "archive"), "allow", "deny"), (mail(json!({})), "deny", "deny")],
        },
        Case {
            trap: "A16",
            finds: &[
                "fails-open LINT_LIST_DISAGREES $.payloads.roles[0].policies[0] [A16]",
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[1].conditions [A5]",
            ],
            caught: archiver(json!([
                { "action": ["read", "search"], "subject": "archive", "inverted": true, "conditions": { "userEmail": "a@x.org" } },
                { "action": "manage", "subject": "archive", "conditions": { "ingestionSourceId": "s" } }])),
            clean: archiver(json!([
                { "action": "read", "subject": "archive", "conditions": { "ingestionSourceId": "s" } },
                { "action": ["read", "search"], "subject": "archive", "inverted": true, "conditions": { "userEmail": "a@x.org" } }])),
            proof: vec![(mail(json!({ "userEmail": "a@x.org", "ingestionSourceId": "s" })), "allow", "deny")],
        },
        Case {
            trap: "A19, an action that is none",
            finds: &["fails-open LINT_NAME_UNKNOWN $.payloads.roles[0].policies[1].action [A19]"],
            caught: archiver(json!([everything(), { "action": "reed", "subject": "archive", "inverted": true }])),
            clean: archiver(json!([everything(), { "action": "read", "subject": "archive", "inverted": true }])),
            proof: vec![(kind("read", "archive"), "allow", "deny")],
        },
        Case {
            trap: "A19, a subject that is none",
            finds: &["no-effect LINT_NAME_UNKNOWN $.payloads.roles[0].policies[0].subject[1] [A19]"],
            caught: archiver(json!([{ "action": "read", "subject": ["archive", "ingestions"] }])),
            clean: archiver(json!([{ "action": "read", "subject": ["archive", "ingestion"] }])),
            proof: vec![(kind("read", "ingestion"), "deny", "allow")],
        },
        Case {
            trap: "A19, what no route asks",
            finds: &["surprise LINT_NEVER_ASKED $.payloads.roles[0].policies[0] [A19]"],
            caught: archiver(json!([{ "action": "export", "subject": "archive" }])),
            clean: archiver(json!([{ "action": "search", "subject": "archive" }])),
            proof: vec![(kind("search", "archive"), "deny", "allow")],
        },
        Case {
            trap: "A20",
            finds: &["fails-open LINT_CONDITION_INERT $.payloads.roles[0].policies[0].conditions [A20]"],
            caught: archiver(json!([{ "action": "read", "subject": "users", "conditions": { "id": "1" } }])),
            clean: archiver(json!([])),
            proof: vec![(json!({ "kind": "route", "method": "GET", "path": "/v1/users" }), "allow", "deny")],
        },
        Case {
            trap: "A22",
            finds: &["fails LINT_CONDITION_FAILS $.payloads.roles[0].policies[1] [A22]"],
            caught: deny(json!({ "userEmail": { "$in": "a@x.org" } })),
            clean: deny(json!({ "userEmail": { "$in": ["a@x.org"] } })),
            proof: vec![(mail(json!({ "userEmail": "a@x.org" })), "error", "deny")],
        },
        Case {
            trap: "A25, an operator that lists do not know",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[0].conditions [A5]",
                "fails LINT_LIST_FAILS $.payloads.roles[0].policies[0].conditions [A25]",
            ],
            caught: allow(json!({ "userEmail": { "$regex": "^a" } })),
            clean: allow(json!({ "userEmail": { "$in": ["a"] } })),
            proof: vec![(list("read", "archive"), "error", "conditions"), (mail(json!({ "userEmail": "a" })), "allow", "allow")],
        },
        Case {
            trap: "A3, a rule that is never reached",
            finds: &["fails-open LINT_SHADOWED $.payloads.roles[0].policies[0] [A3]"],
            caught: archiver(
                json!([{ "action": "read", "subject": "archive", "inverted": true }, { "action": "manage", "subject": "all" }]),
            ),
            clean: archiver(
                json!([{ "action": "manage", "subject": "all" }, { "action": "read", "subject": "archive", "inverted": true }]),
            ),
            proof: vec![(kind("read", "archive"), "allow", "deny")],
        },
        Case {
            trap: "A23, only the first operator counts in lists",
            finds: &[
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[0].conditions [A5]",
                "surprise LINT_LIST_FIRST $.payloads.roles[0].policies[0].conditions.userEmail [A23]",
            ],
            caught: allow(json!({ "userEmail": { "$ne": "a", "$exists": true } })),
            clean: allow(json!({ "userEmail": { "$ne": "a" } })),
            proof: vec![(mail(json!({})), "deny", "allow"), (list("read", "archive"), "conditions", "conditions")],
        },
    ]);
}

/// The server's records have dates: no text is less than one, and a list compares them as times.
#[test]
fn dates_as_text_under_a_lower_bound() {
    let since = |operator: &str, operand: Value| {
        archiver(json!([{ "action": "read", "subject": "archive", "conditions": { "sentAt": { operator: operand } } }]))
    };
    let mail = || record("read", "archive", json!({ "sentAt": 1_772_323_200_000_u64 }));
    let case = |operator: &str, finds: &'static [&'static str]| Case {
        trap: "a date as text in an allow",
        finds,
        caught: since(operator, json!("2026-01-01T00:00:00Z")),
        clean: since(operator, json!(1_767_225_600_000_u64)),
        proof: vec![(mail(), "deny", "allow"), (list("read", "archive"), "conditions", "conditions")],
    };
    run(vec![
        case(
            "$gte",
            &[
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[0].conditions [A5]",
                "no-effect LINT_DATE $.payloads.roles[0].policies[0].conditions.sentAt[\"$gte\"] [A7]",
            ],
        ),
        case(
            "$gt",
            &[
                "surprise LINT_TYPE_QUESTION $.payloads.roles[0].policies[0].conditions [A5]",
                "no-effect LINT_DATE $.payloads.roles[0].policies[0].conditions.sentAt[\"$gt\"] [A7]",
            ],
        ),
    ]);
    // In a plain rule it hangs on what the program's records have.
    let plain = casl(json!([{ "action": "read", "subject": "Post", "conditions": { "at": { "$gte": "2026-01-01" } } }]));
    let found: Vec<String> = lints(&plain).iter().map(told).collect();
    assert!(found.contains(&"surprise LINT_DATE $.payloads.me[0].conditions.at[\"$gte\"] [casl 1.12 #3]".to_string()), "{found:?}");
    assert!(Policy::load_strict(plain.to_string().as_bytes()).is_ok());
}

/// What a misspelt member was to limit is not limited: the server reads the rule without it.
#[test]
fn misspelt_members_that_make_a_rule_wider() {
    let rule = |more: Value| {
        let mut rule = json!({ "action": "read", "subject": "Post" });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        casl(json!([{ "action": "read", "subject": "Post" }, rule]))
    };
    let only = |more: Value| {
        let Value::Object(more) = more else { panic!() };
        let mut rule = json!({ "action": "read", "subject": "Post" });
        rule.as_object_mut().unwrap().extend(more);
        casl(json!([rule]))
    };
    let mail = |more: Value| {
        let mut policy = json!({ "action": "read", "subject": "archive" });
        policy.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        archiver(json!([policy]))
    };
    let post = |object: Value| record("read", "Post", object);
    let hantera = |entry: Value, me: Value| {
        let mut identity = json!({ "id": "me", "roles": ["a:b"] });
        identity.as_object_mut().unwrap().extend(me.as_object().unwrap().clone());
        json!({ "system": "hantera", "payloads": { "roles": [{ "key": "a:b", "acl": { "entries": [entry] } }], "principals": [identity] } })
    };
    let emporix = |control: Value, group: Value| {
        let (mut access, mut team) = (json!({ "id": "a", "scopes": ["order.order_read"] }), json!({ "id": "g", "accessControls": ["a"] }));
        access.as_object_mut().unwrap().extend(control.as_object().unwrap().clone());
        team.as_object_mut().unwrap().extend(group.as_object().unwrap().clone());
        json!({ "system": "emporix", "payloads": { "accessControls": [access], "groups": [team], "users": [{ "id": "me", "groupIds": ["g"] }] } })
    };
    let whitelisted = |key: &str| {
        json!({ "system": "emporix", "payloads": {
            "permissions": [{ "id": "p", "code": "read" }], "resources": [{ "id": "r", "code": "order.order" }, { "id": "s", "code": "other" }],
            "roles": [{ "id": "o", "permissions": [{ "id": "p", key: ["s"] }] }],
            "accessControls": [{ "id": "a", "roleId": "o", "resourceId": "r" }, { "id": "b", "roleId": "o", "resourceId": "s" }],
            "groups": [{ "id": "g", "accessControls": ["a", "b"] }], "users": [{ "id": "me", "groupIds": ["g"] }] } })
    };
    let kura = |key: &str, value: bool| json!({ "system": "kura", "payloads": { "identities": { "userConfig": [{ "userName": "me", key: value, "permissions": ["rest.assets"] }] } } });
    let ithbat = |key: &str, value: Value| json!({ "system": "ithbat", "payloads": { "roles": [{ "id": "r", "permissions": ["a:b"] }], "users": [{ "id": "me", key: value, "roles": ["r"] }] } });
    let by_password = |text: &str| json!({ "kind": "permission", "permission": text, "auth": "basic" });
    run(vec![
        Case {
            trap: "CASL: `condition`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.me[0].condition [casl 1.1]"],
            caught: only(json!({ "condition": { "owner": "me" } })),
            clean: only(json!({ "conditions": { "owner": "me" } })),
            proof: vec![(post(json!({ "owner": "you" })), "allow", "deny")],
        },
        Case {
            trap: "CASL: `field`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.me[0].field [casl 1.1]"],
            caught: only(json!({ "field": ["title"] })),
            clean: only(json!({ "fields": ["title"] })),
            proof: vec![(json!({ "kind": "type", "action": "read", "subject": "Post", "field": "secret" }), "allow", "deny")],
        },
        Case {
            trap: "CASL: `invert`",
            finds: &[
                "no-effect LINT_SHADOWED $.payloads.me[0] [casl 1.2]",
                "fails-open LINT_MEMBER_UNKNOWN $.payloads.me[1].invert [casl 1.1]",
            ],
            caught: rule(json!({ "invert": true })),
            clean: casl(json!([{ "action": "read", "subject": "Post", "inverted": true }])),
            proof: vec![(kind("read", "Post"), "allow", "deny")],
        },
        Case {
            trap: "CASL: `subjects`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.me[0].subjects [casl 1.1]"],
            caught: casl(json!([{ "action": "read", "subjects": ["Post"] }])),
            clean: casl(json!([{ "action": "read", "subject": ["Post"] }])),
            proof: vec![(kind("read", "User"), "allow", "deny")],
        },
        Case {
            trap: "CASL: `actions` of a deny",
            finds: &[
                "no-effect LINT_GRANT_EMPTY $.payloads.me[1] [casl 1.1]",
                "fails-open LINT_MEMBER_UNKNOWN $.payloads.me[1].actions [casl 1.1]",
            ],
            caught: casl(json!([{ "action": "read", "subject": "Post" }, { "actions": ["read"], "subject": "Post", "inverted": true }])),
            clean: casl(json!([{ "action": "read", "subject": "User" }, { "action": ["read"], "subject": "Post", "inverted": true }])),
            proof: vec![(kind("read", "Post"), "allow", "deny")],
        },
        Case {
            trap: "CASL: a deny that loses its condition denies more, which is no hole",
            finds: &[
                "no-effect LINT_SHADOWED $.payloads.me[0] [casl 1.2]",
                "surprise LINT_MEMBER_UNKNOWN $.payloads.me[1].Conditions [casl 1.1]",
            ],
            caught: rule(json!({ "inverted": true, "Conditions": { "owner": "you" } })),
            clean: rule(json!({ "inverted": true, "conditions": { "owner": "you" } })),
            proof: vec![(post(json!({ "owner": "me" })), "deny", "allow"), (post(json!({ "owner": "you" })), "deny", "deny")],
        },
        Case {
            trap: "Open Archiver: `condition`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.roles[0].policies[0].condition [A6]"],
            caught: mail(json!({ "condition": { "userEmail": "me@x.org" } })),
            clean: mail(json!({ "conditions": { "userEmail": "me@x.org" } })),
            proof: vec![(record("read", "archive", json!({ "userEmail": "you@x.org" })), "allow", "deny")],
        },
        Case {
            trap: "Hantera: `permision`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.roles[0].acl.entries[0].permision [H4]"],
            caught: hantera(json!({ "resource": "actors", "permision": "read" }), json!({})),
            clean: hantera(json!({ "resource": "actors", "permission": "read" }), json!({})),
            proof: vec![(permission("actors:delete"), "allow", "deny")],
        },
        Case {
            trap: "Hantera: `suspended_at`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.principals[0].suspended_at [H9]"],
            caught: hantera(json!({ "resource": "actors", "permission": "read" }), json!({ "suspended_at": "2026-01-01T00:00:00Z" })),
            clean: hantera(json!({ "resource": "actors", "permission": "read" }), json!({ "suspendedAt": "2026-01-01T00:00:00Z" })),
            proof: vec![(permission("actors:read"), "allow", "deny")],
        },
        Case {
            trap: "Emporix: `restriction` of a group",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.groups[0].restriction [E13]"],
            caught: emporix(json!({ "restrictionAware": true }), json!({ "restriction": ["DE"] })),
            clean: emporix(json!({ "restrictionAware": true }), json!({ "restrictions": ["DE"] })),
            proof: vec![(permission("order.order_read"), "allow", "deny")],
        },
        Case {
            trap: "Emporix: `restrictionaware` of an access control",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.accessControls[0].restrictionaware [E13]"],
            caught: emporix(json!({ "restrictionaware": true }), json!({ "restrictions": ["DE"] })),
            clean: emporix(json!({ "restrictionAware": true }), json!({ "restrictions": ["DE"] })),
            proof: vec![(permission("order.order_read"), "allow", "deny")],
        },
        Case {
            trap: "Emporix: `applicablePermissionResource`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.roles[0].permissions[0].applicablePermissionResource [E4]"],
            caught: whitelisted("applicablePermissionResource"),
            clean: {
                let mut clean = whitelisted("applicablePermissionResources");
                clean["payloads"]["accessControls"].as_array_mut().unwrap().remove(0);
                clean["payloads"]["groups"][0]["accessControls"] = json!(["b"]);
                clean
            },
            proof: vec![(permission("order.order_read"), "allow", "deny"), (permission("other_read"), "allow", "allow")],
        },
        Case {
            trap: "Kura: `passwordAuthEnable`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.identities.userConfig[0].passwordAuthEnable [K9]"],
            caught: kura("passwordAuthEnable", false),
            clean: kura("passwordAuthEnabled", false),
            proof: vec![(by_password("rest.assets"), "allow", "deny")],
        },
        Case {
            trap: "Ithbat: `is_active`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.users[0].is_active [I8]"],
            caught: ithbat("is_active", json!(false)),
            clean: ithbat("isActive", json!(false)),
            proof: vec![(permission("a:b"), "allow", "deny")],
        },
        Case {
            trap: "Ithbat: `tenantID`",
            finds: &["fails-open LINT_MEMBER_UNKNOWN $.payloads.users[0].tenantID [I8]"],
            caught: ithbat("tenantID", json!("other")),
            clean: ithbat("tenantId", json!("other")),
            proof: vec![(json!({ "kind": "permission", "permission": "a:b", "tenant": "mine" }), "allow", "deny")],
        },
    ]);
}

/// What an API adds is no mistake, and a member that is there twice has lost nothing.
#[test]
fn members_that_look_like_nothing_known_are_left_alone() {
    for more in [json!({ "x": 1 }), json!({ "priority": 3 }), json!({ "metadata": {} }), json!({ "ui:hint": "x" })] {
        let mut rule = json!({ "action": "read", "subject": "Post" });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(lints(&casl(json!([rule]))).len(), 0, "{more}");
    }
    let found = lints(&casl(json!([{ "action": "read", "subject": "Post", "inverted": true, "Inverted": true }])));
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), ["surprise LINT_MEMBER_UNKNOWN $.payloads.me[0].Inverted [casl 1.1]"]);
    assert!(found[0].message.contains("`inverted`"), "{}", found[0].message);
}

#[test]
fn traps_of_native_snapshots() {
    let closed = |permission: &str| {
        json!({ "system": "latchgate", "payloads": { "combining": "additive", "registry": "closed", "permissions": [{ "name": "invoice:read" }],
            "principals": [{ "id": "me", "grants": [{ "permissions": ["invoice/7:read", permission] }] }] } })
    };
    let on = |effect: &str, resource: &str| json!({ "effect": effect, "actions": ["read"], "resources": [resource] });
    let ranked = |priority: i32| {
        native(
            "first-applicable",
            json!([
        { "effect": "deny", "permissions": ["doc:read"], "priority": priority }, { "permissions": ["doc:read"], "priority": 1 }]),
        )
    };
    let invoice = |object: Value| record("read", "invoice", object);
    let deny = |conditions: Value| {
        native(
            "deny-overrides",
            json!([on("allow", "*"),
        { "effect": "deny", "actions": ["read"], "resources": ["invoice"], "conditions": conditions }]),
        )
    };
    run(vec![
        Case {
            trap: "an allow under a deny that overrides it",
            finds: &["no-effect LINT_SHADOWED $.payloads.principals[0].grants[0] [N5]"],
            caught: native("deny-overrides", json!([on("allow", "invoice/draft"), on("deny", "invoice")])),
            clean: native("deny-overrides", json!([on("allow", "invoice"), on("deny", "invoice/draft")])),
            proof: vec![(permission("invoice/draft:read"), "deny", "deny"), (permission("invoice:read"), "deny", "allow")],
        },
        Case {
            trap: "a deny that a later allow takes back",
            finds: &["fails-open LINT_SHADOWED $.payloads.principals[0].grants[0] [N5]"],
            caught: native("last-applicable", json!([on("deny", "invoice/draft"), on("allow", "invoice")])),
            clean: native("last-applicable", json!([on("allow", "invoice"), on("deny", "invoice/draft")])),
            proof: vec![(permission("invoice/draft:read"), "allow", "deny")],
        },
        Case {
            trap: "a deny of lower priority",
            finds: &["fails-open LINT_SHADOWED $.payloads.principals[0].grants[0].permissions[0] [N5]"],
            caught: ranked(0),
            clean: native(
                "first-applicable",
                json!([{ "effect": "deny", "permissions": ["doc:read"], "priority": 1 }, { "permissions": ["doc"] }]),
            ),
            proof: vec![(permission("doc:read"), "allow", "deny")],
        },
        Case {
            trap: "a grant that another one has in it",
            finds: &["no-effect LINT_SHADOWED $.payloads.principals[0].grants[0].permissions[1] [N5]"],
            caught: native("additive", json!([{ "permissions": ["a:read", "doc/1:read"] }, { "actions": ["read"], "resources": ["doc"] }])),
            clean: native(
                "additive",
                json!([{ "permissions": ["a:read", "doc/1:read"] }, { "actions": ["read"], "resources": ["doc/2"] }]),
            ),
            proof: vec![(permission("doc/1:read"), "allow", "allow"), (permission("doc/3:read"), "allow", "deny")],
        },
        Case {
            trap: "N4",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.principals[0].grants[0] [N4]"],
            caught: native("additive", json!([{ "actions": ["read"], "resources": [] }])),
            clean: native("additive", json!([{ "actions": ["read"] }])),
            proof: vec![(permission("doc:read"), "deny", "allow")],
        },
        Case {
            trap: "N16",
            finds: &["no-effect LINT_PERMISSION_UNKNOWN $.payloads.principals[0].grants[0].permissions[1] [N16]"],
            caught: closed("invoice:reed"),
            clean: closed("invoice:*"),
            proof: vec![(permission("invoice:read"), "deny", "allow"), (invoice(json!({ "id": "7" })), "allow", "allow")],
        },
        Case {
            trap: "N11",
            finds: &["surprise LINT_FIELDS $.payloads.principals[0].grants[1].fields [N11]"],
            caught: native(
                "deny-overrides",
                json!([on("allow", "*"),
                { "effect": "deny", "actions": ["read"], "resources": ["invoice"], "fields": ["total"] }]),
            ),
            clean: native("deny-overrides", json!([on("allow", "*"), on("deny", "invoice")])),
            proof: vec![(permission("invoice:read"), "allow", "deny")],
        },
        Case {
            trap: "N10",
            finds: &["surprise LINT_TYPE_QUESTION $.payloads.principals[0].grants[0].conditions [N10]"],
            caught: native("additive", json!([{ "permissions": ["invoice:read"], "conditions": { "own": true } }])),
            clean: native("additive", json!([])),
            proof: vec![(permission("invoice:read"), "allow", "deny"), (invoice(json!({})), "deny", "deny")],
        },
        Case {
            trap: "N18, null is not missing",
            finds: &["fails-open LINT_NULL $.payloads.principals[0].grants[1].conditions.owner [N18]"],
            caught: deny(json!({ "owner": null })),
            clean: deny(json!({ "owner": { "$exists": false } })),
            proof: vec![(invoice(json!({})), "allow", "deny")],
        },
        Case {
            trap: "N18, an object as a value",
            finds: &["fails-open LINT_IDENTITY $.payloads.principals[0].grants[1].conditions.owner[\"$eq\"] [N18]"],
            caught: deny(json!({ "owner": { "$eq": { "id": 1 } } })),
            clean: deny(json!({ "owner.id": { "$eq": 1 } })),
            proof: vec![(invoice(json!({ "owner": { "id": 1 } })), "allow", "deny")],
        },
        Case {
            trap: "N15",
            finds: &["no-effect LINT_DANGLING $.payloads.principals[0].roles[0] [N15]"],
            caught: json!({ "system": "latchgate", "payloads": { "combining": "additive", "principals": [{ "id": "me", "roles": ["r"] }] } }),
            clean: json!({ "system": "latchgate", "payloads": { "combining": "additive", "roles": [{ "key": "r", "grants": [{ "permissions": ["a:b"] }] }],
                "principals": [{ "id": "me", "roles": ["r"] }] } }),
            proof: vec![(permission("a:b"), "deny", "allow")],
        },
    ]);
}

#[test]
fn entries_that_grant_nothing() {
    let hantera = |entry: Value| json!({ "system": "hantera", "payloads": { "roles": [{ "key": "r", "acl": { "entries": [entry] } }], "principals": [{ "id": "me", "roles": ["r"] }] } });
    let kura = |defined: &str| {
        json!({ "system": "kura", "payloads": { "definedPermissions": { "permissions": [defined] },
            "identities": { "userConfig": [{ "userName": "me", "permissions": ["rest.assets"] }] } } })
    };
    let ithbat = |permission: &str| {
        json!({ "system": "ithbat", "payloads": { "permissions": { "data": { "permissions": ["user:read"], "total": 1 } },
            "roles": { "items": [{ "id": "r", "name": "r", "permissions": [permission] }] }, "users": [{ "id": "me", "roles": ["r"] }] } })
    };
    let stored = |group: &str| {
        json!({ "system": "kura", "payloads": { "users.config": [{ "name": "kura.user.me" }],
            "groups.config": [{ "name": group, "basicMembers": ["kura.user.me"] }] } })
    };
    let defined = |permission: &str| {
        let mut snapshot = stored("kura.permission.rest.assets");
        snapshot["payloads"]["definedPermissions"] = json!({ "permissions": [permission] });
        snapshot
    };
    let token = |permission: &str| json!({ "system": "ithbat", "payloads": { "tokens": [{ "sub": "me", "permissions": [permission] }] } });
    let member = |group: &str| {
        json!({ "system": "ithbat", "payloads": { "roles": [{ "id": "r", "name": "r", "permissions": ["user:read"] }],
            "groups": [{ "id": "g", "roles": ["r"] }], "users": [{ "id": "me", "groups": [group] }] } })
    };
    let emporix = |control: Value, whitelist: Value| {
        json!({ "system": "emporix", "payloads": {
            "permissions": [{ "id": "P", "code": "read", "applicableResources": ["R"] }], "resources": [{ "id": "R", "code": "shop.order" }],
            "roles": [{ "id": "ROLE", "permissions": [{ "id": "P", "applicablePermissionResources": whitelist }] }],
            "accessControls": [control], "groups": [{ "id": "g", "accessControls": ["AC"] }], "users": [{ "id": "me", "groupIds": ["g"] }] } })
    };
    let derived = || json!({ "id": "AC", "roleId": "ROLE", "resourceId": "R" });
    let order = || json!({ "kind": "scope", "permission": "shop.order_read" });
    run(vec![
        Case {
            trap: "H13",
            finds: &["no-effect LINT_STAR $.payloads.roles[0].acl.entries[0].resource [H13]"],
            caught: hantera(json!({ "resource": "actors/*", "permission": "read" })),
            clean: hantera(json!({ "resource": "actors", "permission": "read" })),
            proof: vec![(permission("actors/order:read"), "deny", "allow")],
        },
        Case {
            trap: "H4, a star inside a permission",
            finds: &["no-effect LINT_STAR $.payloads.roles[0].acl.entries[0].permission [H4]"],
            caught: hantera(json!({ "resource": "actors", "permission": "apply:*" })),
            clean: hantera(json!({ "resource": "actors", "permission": "*" })),
            proof: vec![(permission("actors:apply:notes"), "deny", "allow")],
        },
        Case {
            trap: "H2",
            finds: &["no-effect LINT_MISSPELT $.payloads.roles[0].acl.entries[0].resource [H2]"],
            caught: hantera(json!({ "resource": "iam/roles:read" })),
            clean: hantera(json!({ "resource": "iam/roles", "permission": "read" })),
            proof: vec![(permission("iam/roles:read"), "deny", "allow")],
        },
        Case {
            trap: "H2, nothing named",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.roles[0].acl.entries[0] [H2]"],
            caught: hantera(json!({ "resource": "iam", "permission": null })),
            clean: hantera(json!({ "resource": "iam" })),
            proof: vec![(permission("iam:read"), "deny", "allow")],
        },
        Case {
            trap: "H12",
            finds: &["no-effect LINT_ATTRIBUTE_KEYS $.payloads.roles[0].acl.entries[0] [H12]"],
            caught: hantera(json!({ "resource": "iam", "attributeKeys": ["x"] })),
            clean: hantera(json!({ "resource": "iam", "attributeKeys": [] })),
            proof: vec![(permission("iam:read"), "deny", "allow")],
        },
        Case {
            trap: "H8",
            finds: &["no-effect LINT_ACL_UNKNOWN $.payloads.roles[0] [H8]"],
            caught: json!({ "system": "hantera", "payloads": { "roles": [{ "key": "system:portal:full" }], "principals": [{ "id": "me", "roles": ["system:portal:full"] }] } }),
            clean: hantera(json!({ "resource": "portal" })),
            proof: vec![(permission("portal:read"), "deny", "allow")],
        },
        Case {
            trap: "H16",
            finds: &["no-effect LINT_DANGLING $.payloads.principals[0].roles[0] [H16]"],
            caught: json!({ "system": "hantera", "payloads": { "principals": [{ "id": "me", "roles": ["gone"] }] } }),
            clean: hantera(json!({ "resource": "portal" })),
            proof: vec![(permission("portal:read"), "deny", "allow")],
        },
        Case {
            trap: "K4",
            finds: &["no-effect LINT_PERMISSION_UNKNOWN $.payloads.identities.userConfig[0].permissions[0] [K4]"],
            caught: kura("rest.asset"),
            clean: kura("rest.assets"),
            proof: vec![(json!({ "kind": "permission", "permission": "rest.assets", "auth": "basic" }), "deny", "allow")],
        },
        Case {
            trap: "K19",
            finds: &["no-effect LINT_MISSPELT $.payloads[\"groups.config\"][0] [K19]"],
            caught: stored("rest.assets"),
            clean: stored("kura.permission.rest.assets"),
            proof: vec![(json!({ "kind": "permission", "permission": "rest.assets", "auth": "certificate" }), "deny", "allow")],
        },
        Case {
            trap: "K4, as it is stored",
            finds: &["no-effect LINT_PERMISSION_UNKNOWN $.payloads[\"groups.config\"][0] [K4]"],
            caught: defined("rest.other"),
            clean: defined("rest.assets"),
            proof: vec![(json!({ "kind": "permission", "permission": "rest.assets", "auth": "certificate" }), "deny", "allow")],
        },
        Case {
            trap: "I1, in a token",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.tokens[0].permissions[0] [I1]"],
            caught: token("user.read"),
            clean: token("user:read"),
            proof: vec![(permission("user:read"), "deny", "allow")],
        },
        Case {
            trap: "I10",
            finds: &["no-effect LINT_DANGLING $.payloads.users[0].groups[0] [I10]"],
            caught: member("gone"),
            clean: member("g"),
            proof: vec![(permission("user:read"), "deny", "allow")],
        },
        Case {
            trap: "I5",
            finds: &["no-effect LINT_PERMISSION_UNKNOWN $.payloads.roles.items[0].permissions[0] [I5]"],
            caught: ithbat("user:reed"),
            clean: ithbat("user:read"),
            proof: vec![(permission("user:reed"), "deny", "deny"), (permission("user:read"), "deny", "allow")],
        },
        Case {
            trap: "I6",
            finds: &["no-effect LINT_STAR $.payloads.roles.items[0].permissions[0] [I6]"],
            caught: ithbat("user:*"),
            clean: ithbat("user:read"),
            proof: vec![(permission("user:read"), "deny", "allow")],
        },
        Case {
            trap: "I1",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.roles.items[0].permissions[0] [I1]"],
            caught: ithbat("user.read"),
            clean: ithbat("user:read"),
            proof: vec![(permission("user:read"), "deny", "allow")],
        },
        Case {
            trap: "E17",
            finds: &["no-effect LINT_DANGLING $.payloads.accessControls[0] [E17]"],
            caught: emporix(json!({ "id": "AC", "roleId": "ROLE", "resourceId": "GONE" }), json!(null)),
            clean: emporix(derived(), json!(null)),
            proof: vec![(order(), "deny", "allow")],
        },
        Case {
            trap: "E4, a whitelist that leaves nothing",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.accessControls[0] [E4]"],
            caught: emporix(derived(), json!(["OTHER"])),
            clean: emporix(derived(), json!(["R"])),
            proof: vec![(order(), "deny", "allow")],
        },
        Case {
            trap: "E5, an empty whitelist",
            finds: &[
                "no-effect LINT_WHITELIST_EMPTY $.payloads.roles[0].permissions[0] [E5]",
                "no-effect LINT_GRANT_EMPTY $.payloads.accessControls[0] [E4]",
            ],
            caught: emporix(derived(), json!([])),
            clean: {
                let mut snapshot = emporix(derived(), json!([]));
                snapshot["options"] = json!({ "emptyWhitelistIsNone": true });
                snapshot
            },
            proof: vec![(order(), "deny", "allow")],
        },
        Case {
            trap: "E3, no scopes",
            finds: &["no-effect LINT_GRANT_EMPTY $.payloads.accessControls[0].scopes [E3]"],
            caught: emporix(json!({ "id": "AC", "scopes": [] }), json!(null)),
            clean: emporix(json!({ "id": "AC", "scopes": ["shop.order_read"] }), json!(null)),
            proof: vec![(order(), "deny", "allow")],
        },
    ]);
}

/// What is found in the recorded snapshots, all of it: each is there on purpose, as a vector of its rule.
#[test]
fn recorded_snapshots() {
    let expected: &[(&str, &[&str])] = &[
        ("emporix.main", &["LINT_DANGLING accessControls[11]", "LINT_DANGLING groups[5].accessControls[2]"]),
        ("emporix.seed-ac", &[]),
        ("hantera.main", &["LINT_ACL_UNKNOWN roles[1]", "LINT_DANGLING principals[9].roles[0]"]),
        (
            "ithbat.main",
            &[
                "LINT_STAR roles.items[4].permissions[0]",
                "LINT_STAR roles.items[4].permissions[1]",
                "LINT_GRANT_EMPTY roles.items[4].permissions[2]",
                "LINT_PERMISSION_UNKNOWN roles.items[5].permissions[0]",
            ],
        ),
        (
            "kura.main",
            &[
                "LINT_PERMISSION_UNKNOWN identities.userConfig[5].permissions[0]",
                "LINT_PERMISSION_UNKNOWN identities.userConfig[6].permissions[0]",
            ],
        ),
        (
            "oa.main",
            &[
                "LINT_CONDITION_EMPTY roles[3].policies[0].conditions",
                "LINT_SHADOWED roles[9].policies[0]",
                "LINT_LIST_DISAGREES roles[11].policies[0]",
                "LINT_OPERATOR roles[14].policies[0].conditions[\"$or\"]",
                "LINT_OPERATOR roles[15].policies[1].conditions[\"$or\"]",
                "LINT_RULE_FAILS roles[16].policies[0]",
                "LINT_FIELDS roles[17].policies[0].fields",
                "LINT_PLACEHOLDER roles[19].policies[0].conditions.userEmail",
                "LINT_CONDITION_INERT roles[20].policies[0].conditions",
                "LINT_CONDITION_EMPTY roles[22].policies[1].conditions",
            ],
        ),
    ];
    for (name, expected) in expected {
        let text = harness::snapshot(&json!({ "snapshot": name }));
        let found = Policy::lint(text.as_bytes()).unwrap();
        let graver = found.iter().filter(|lint| lint.severity != Severity::Surprise);
        let graver: Vec<String> = graver.map(|lint| format!("{} {}", lint.code, lint.path.trim_start_matches("$.payloads."))).collect();
        assert_eq!(graver, *expected, "{name}");
        // Surprises are one kind here: conditions of Open Archiver, each role once.
        let surprises: Vec<&str> = found.iter().filter(|lint| lint.severity == Severity::Surprise).map(|lint| lint.code).collect();
        assert!(
            surprises.iter().all(|code| *code == "LINT_TYPE_QUESTION") && (surprises.len() == 8) == (*name == "oa.main"),
            "{name}: {surprises:?}"
        );
        // What is warned of at every load is found too, once.
        let policy = Policy::load(text.as_bytes()).unwrap();
        for warning in policy.info().warnings {
            let same = found.iter().filter(|lint| lint.path == warning.path && lint.message == warning.message).count();
            assert_eq!(same, 1, "{name}: {warning:?}");
        }
    }
}

#[test]
fn a_strict_load_is_the_same_policy() {
    let clean = harness::snapshot(&json!({ "snapshot": "emporix.seed-ac" }));
    let strict = Policy::load_strict(clean.as_bytes()).expect("nothing is wrong with it");
    let loaded = Policy::load(clean.as_bytes()).unwrap();
    assert_eq!(strict.as_bytes(), loaded.as_bytes());
    let closed = json!({ "system": "latchgate", "payloads": { "combining": "additive", "registry": "closed",
        "permissions": [{ "name": "never/said:elsewhere" }], "roles": [{ "key": "r", "grants": [{ "permissions": ["never:elsewhere"] }] }] } });
    let strict = Policy::load_strict(closed.to_string().as_bytes()).expect("nothing is wrong with it");
    assert_eq!(strict.as_bytes(), Policy::load(closed.to_string().as_bytes()).unwrap().as_bytes());
    for refused in [Policy::lint(loaded.as_bytes()).map(drop), Policy::load_strict(loaded.as_bytes()).map(drop)] {
        assert_eq!(refused.unwrap_err().code().as_str(), "ERR_ARGUMENT");
    }
    for text in ["", "{}", r#"{"system":"casl","payloads":{"a":[1]}}"#] {
        let code = Policy::load(text.as_bytes()).unwrap_err().code();
        assert_eq!(Policy::lint(text.as_bytes()).unwrap_err().code(), code);
        assert_eq!(Policy::load_strict(text.as_bytes()).unwrap_err().code(), code);
    }
}

/// However much is wrong, it ends, and each severity is told so often at the most.
#[test]
fn a_hostile_snapshot_is_judged_in_bounds() {
    let rule = |at: usize| json!({ "action": "read", "subject": "Post", "inverted": "x", "conditions": { "$or": [at] } });
    let found = lints(&casl((0..10_000).map(rule).collect()));
    assert_eq!(found.len(), 2_000);
    let shadowed = lints(&casl((0..10_000).map(|_| json!({ "action": ["read", "update"], "subject": ["a", "b"] })).collect()));
    assert_eq!(shadowed.len(), 1_000);
    let long: String = (0..64).map(|_| "a").collect::<Vec<_>>().join("/");
    let many = |prefix: &str| {
        (0..30)
            .map(|at| format!("{prefix}{at}/{long}").chars().take(120).collect::<String>().trim_end_matches('/').to_string())
            .collect::<Vec<_>>()
    };
    let actions = |prefix: &str| many(prefix).iter().map(|text| text.replace('/', ":")).collect::<Vec<_>>();
    let grants = (0..200).map(|at| json!({ "actions": actions(&format!("x{at}")), "resources": many(&format!("y{at}")) })).collect();
    assert!(lints(&native("additive", grants)).is_empty());
    let deep = (0..60).fold(json!(1), |inner, _| json!({ "$elemMatch": { "a": inner } }));
    assert!(Policy::lint(casl(json!([{ "action": "a", "subject": "b", "conditions": { "a": deep } }])).to_string().as_bytes()).is_err());
    let deep = (0..25).fold(json!(1), |inner, _| json!({ "$elemMatch": { "a": inner } }));
    assert_eq!(lints(&casl(json!([{ "action": "a", "subject": "b", "conditions": { "a": deep } }]))).len(), 1);
}
