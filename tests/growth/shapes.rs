//! Snapshots that make a call dear, by their size: what whoever may write roles or resources can write.

#![allow(dead_code, reason = "the test and the table each use a part of it")]

use latchgate::insight::Page;
use latchgate::{Ask, Context, Error, Policy, Vocabulary, Who};
use serde_json::{Value, json};

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Load,
    Check,
    Bits,
    Filter,
    Slice,
    Grants,
    Permissions,
    List,
    Entries,
    Who,
    Why,
    Suggest,
    Resources,
    Digest,
    Diff,
    Findings,
    Info,
}

pub const ALL: &[Call] = &[
    Call::Load,
    Call::Check,
    Call::Bits,
    Call::Filter,
    Call::Slice,
    Call::Grants,
    Call::Permissions,
    Call::List,
    Call::Entries,
    Call::Who,
    Call::Why,
    Call::Suggest,
    Call::Resources,
    Call::Digest,
    Call::Diff,
    Call::Findings,
    Call::Info,
];

impl Call {
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Check => "check",
            Self::Bits => "bits",
            Self::Filter => "filter",
            Self::Slice => "slice",
            Self::Grants => "grants",
            Self::Permissions => "permissions",
            Self::List => "list",
            Self::Entries => "entries",
            Self::Who => "who",
            Self::Why => "why",
            Self::Suggest => "suggest",
            Self::Resources => "resources",
            Self::Digest => "digest",
            Self::Diff => "diff",
            Self::Findings => "findings",
            Self::Info => "info",
        }
    }
}

/// A family of snapshots.
pub struct Shape {
    pub name: &'static str,
    pub make: fn(usize) -> Value,
    /// The permission that is asked about, and the same as an action on a record of a type.
    pub ask: fn(usize) -> (String, String, Value),
    /// So large is one of about a megabyte.
    pub largest: usize,
    pub exponential: bool,
}

fn native(payloads: Value, combining: &str) -> Value {
    let mut payloads = payloads;
    payloads["combining"] = json!(combining);
    json!({ "system": "latchgate", "payloads": payloads })
}

fn list<T>(count: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(make).collect()
}

fn user(roles: &[String]) -> Value {
    json!([{ "id": "u", "roles": roles }])
}

fn one_role(grants: Vec<Value>) -> Value {
    json!({ "roles": [{ "key": "r", "grants": grants }], "principals": user(&["r".into()]) })
}

fn folders(count: usize, parent: fn(usize) -> usize) -> Vec<Value> {
    list(count, |i| {
        let mut folder = json!({ "type": "f", "id": format!("d{i}") });
        if i > 0 {
            folder["parent"] = json!({ "type": "f", "id": format!("d{}", parent(i)) });
        }
        folder
    })
}

fn declared(count: usize, parent: fn(usize) -> usize, grants: Vec<Value>) -> Value {
    let mut payloads = one_role(grants);
    payloads["resources"] = json!(folders(count, parent));
    payloads
}

/// All patterns of `k` segments of which each is a word or a star.
fn stars(k: usize, word: &str, between: &str) -> Vec<String> {
    list(1 << k, |i| list(k, |bit| if i >> bit & 1 == 1 { "*" } else { word }).join(between))
}

fn nothing(_: usize) -> (String, String, Value) {
    ("f/d0:x".into(), "x".into(), json!({ "type": "f", "id": "d0" }))
}

fn deepest(n: usize) -> (String, String, Value) {
    (format!("f/d{}:x", n - 1), "x".into(), json!({ "type": "f", "id": format!("d{}", n - 1) }))
}

fn starred(k: usize) -> (String, String, Value) {
    let path = list(k, |_| "a").join("/");
    let action = list(k, |_| "x").join(":");
    (format!("{path}:{action}"), action, json!({ "type": path, "id": "1" }))
}

fn flat(permission: &str) -> (String, String, Value) {
    (permission.into(), permission.into(), json!({ "type": "f", "id": "1" }))
}

pub const SHAPES: &[Shape] = &[
    Shape {
        name: "stars of actions and of resources",
        make: |k| {
            let grants = vec![
                json!({ "actions": stars(k, "x", ":"), "resources": ["q"] }),
                json!({ "actions": ["y"], "resources": stars(k, "a", "/") }),
            ];
            native(one_role(grants), "deny-overrides")
        },
        ask: starred,
        largest: 14,
        exponential: true,
    },
    Shape {
        name: "stars of actions on stars of resources",
        make: |k| native(one_role(vec![json!({ "actions": stars(k, "x", ":"), "resources": stars(k, "a", "/") })]), "deny-overrides"),
        ask: starred,
        largest: 11,
        exponential: true,
    },
    Shape {
        name: "stars, a permission each",
        make: |k| {
            let (actions, paths) = (stars(k, "x", ":"), stars(k, "a", "/"));
            let all = list(1 << k, |i| format!("{}:{}", paths[i], actions[(1 << k) - 1 - i]));
            native(one_role(vec![json!({ "permissions": all })]), "deny-overrides")
        },
        ask: starred,
        largest: 13,
        exponential: true,
    },
    Shape {
        name: "chain of declared resources",
        make: |n| native(declared(n, |i| i - 1, vec![json!({ "actions": ["x"], "resources": ["f/d0"] })]), "deny-overrides"),
        ask: deepest,
        largest: 16_000,
        exponential: false,
    },
    Shape {
        name: "chain of declared resources, a grant on each tenth",
        make: |n| {
            let grants = list(n / 10, |i| json!({ "actions": ["x"], "resources": [format!("f/d{}", i * 10)] }));
            native(declared(n, |i| i - 1, grants), "deny-overrides")
        },
        ask: deepest,
        largest: 14_000,
        exponential: false,
    },
    Shape {
        name: "tree of folders with denies",
        make: |n| {
            let mut grants = vec![json!({ "actions": ["x"], "resources": ["f/d0"] })];
            grants.extend(list(n / 20, |i| json!({ "effect": "deny", "actions": ["x"], "resources": [format!("f/d{}", i * 7)] })));
            native(declared(n, |i| (i - 1) / 4, grants), "deny-overrides")
        },
        ask: deepest,
        largest: 16_000,
        exponential: false,
    },
    Shape {
        name: "chain of roles",
        make: |n| {
            let inherits = |i: usize| if i > 0 { vec![format!("r{}", i - 1)] } else { vec![] };
            let roles =
                list(n, |i| json!({ "key": format!("r{i}"), "inherits": inherits(i), "grants": [{ "permissions": [format!("p{i}:x")] }] }));
            native(json!({ "roles": roles, "principals": user(&[format!("r{}", n - 1)]) }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 14_000,
        exponential: false,
    },
    Shape {
        name: "chain of roles that all grant the same",
        make: |n| {
            let inherits = |i: usize| if i > 0 { vec![format!("r{}", i - 1)] } else { vec![] };
            let roles = list(n, |i| json!({ "key": format!("r{i}"), "inherits": inherits(i), "grants": [{ "permissions": ["p:x"] }] }));
            native(json!({ "roles": roles, "principals": user(&[format!("r{}", n - 1)]) }), "deny-overrides")
        },
        ask: |_| flat("p:x"),
        largest: 14_000,
        exponential: false,
    },
    Shape {
        name: "each role inherits all before it",
        make: |n| {
            let roles = list(n, |i| {
                let inherits = list(i, |j| format!("r{j}"));
                json!({ "key": format!("r{i}"), "inherits": inherits, "grants": [{ "permissions": [format!("p{i}:x")] }] })
            });
            native(json!({ "roles": roles, "principals": user(&[format!("r{}", n - 1)]) }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 500,
        exponential: false,
    },
    Shape {
        name: "chain of groups",
        make: |n| {
            let above = |i: usize| if i > 0 { vec![format!("g{}", i - 1)] } else { vec![] };
            let groups =
                list(n, |i| json!({ "id": format!("g{i}"), "memberOf": above(i), "grants": [{ "permissions": [format!("p{i}:x")] }] }));
            native(json!({ "groups": groups, "principals": [{ "id": "u", "groups": [format!("g{}", n - 1)] }] }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 14_000,
        exponential: false,
    },
    Shape {
        name: "n actions on n types",
        make: |n| {
            let grant = json!({ "actions": list(n, |i| format!("a{i}")), "resources": list(n, |i| format!("s{i}")) });
            native(one_role(vec![grant]), "deny-overrides")
        },
        ask: |_| flat("s0:a0"),
        largest: 1_600,
        exponential: false,
    },
    Shape {
        name: "allows and denies that cross (last-applicable)",
        make: |k| {
            let path = |i: usize, v: &str| list(k, |j| if j == i { v } else { "*" }.to_string()).join("/");
            let mut grants = Vec::new();
            for i in 0..k {
                for v in ["a", "b", "c"] {
                    grants.push(json!({ "actions": ["x"], "resources": [path(i, v)] }));
                    grants.push(json!({ "effect": "deny", "actions": ["x"], "resources": [path((i + 1) % k, &format!("{v}z"))] }));
                }
            }
            native(one_role(grants), "last-applicable")
        },
        ask: nothing,
        largest: 60,
        exponential: false,
    },
    Shape {
        name: "wildcards",
        make: |n| {
            let path = |i: usize| format!("{}/{i}", list(12, |bit| if i >> bit & 1 == 1 { "*" } else { "a" }).join("/"));
            native(one_role(vec![json!({ "actions": ["x"], "resources": list(n, path) })]), "deny-overrides")
        },
        ask: |_| starred(12),
        largest: 30_000,
        exponential: false,
    },
    Shape {
        name: "allows and denies beside one another",
        make: |n| {
            let mut grants = list(n, |i| json!({ "actions": ["x"], "resources": [format!("a{i}/*")] }));
            grants.extend(list(n, |i| json!({ "effect": "deny", "actions": ["x"], "resources": [format!("*/b{i}")] })));
            native(one_role(grants), "deny-overrides")
        },
        ask: |_| ("a0/b0:x".into(), "x".into(), json!({ "type": "a0", "id": "b0" })),
        largest: 8_000,
        exponential: false,
    },
    Shape {
        name: "conditions on one permission",
        make: |n| {
            let grants = list(n, |i| json!({ "permissions": ["f:x"], "conditions": { "a": i } }));
            native(one_role(grants), "deny-overrides")
        },
        ask: nothing,
        largest: 16_000,
        exponential: false,
    },
    Shape {
        name: "one list of values in a condition",
        make: |n| {
            native(
                one_role(vec![json!({ "permissions": ["f:x"], "conditions": { "a": { "$in": list(n, |i| format!("v{i}")) } } })]),
                "deny-overrides",
            )
        },
        ask: nothing,
        largest: 80_000,
        exponential: false,
    },
    Shape {
        name: "principals with a role each",
        make: |n| {
            let roles = list(n, |i| json!({ "key": format!("r{i}"), "grants": [{ "permissions": [format!("p{i}:x")] }] }));
            let mut people = list(n, |i| json!({ "id": format!("u{i}"), "roles": [format!("r{i}")] }));
            people.push(json!({ "id": "u", "roles": ["r0"] }));
            native(json!({ "roles": roles, "principals": people }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 8_000,
        exponential: false,
    },
    Shape {
        name: "everybody has all roles",
        make: |n| {
            let roles = list(n, |i| json!({ "key": format!("r{i}"), "grants": [{ "permissions": [format!("p{i}:x")] }] }));
            let keys = list(n, |i| format!("r{i}"));
            let mut people = list(n, |i| json!({ "id": format!("u{i}"), "roles": keys }));
            people.push(json!({ "id": "u", "roles": keys }));
            native(json!({ "roles": roles, "principals": people }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 330,
        exponential: false,
    },
    Shape {
        name: "everybody has a chain of roles",
        make: |n| {
            let inherits = |i: usize| if i > 0 { vec![format!("r{}", i - 1)] } else { vec![] };
            let roles =
                list(n, |i| json!({ "key": format!("r{i}"), "inherits": inherits(i), "grants": [{ "permissions": [format!("p{i}:x")] }] }));
            let mut people = list(n, |i| json!({ "id": format!("u{i}"), "roles": [format!("r{}", n - 1)] }));
            people.push(json!({ "id": "u", "roles": ["r0"] }));
            native(json!({ "roles": roles, "principals": people }), "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 8_000,
        exponential: false,
    },
    Shape {
        name: "chain of tenants",
        make: |n| {
            let tenants =
                list(n, |i| if i > 0 { json!({ "id": format!("t{i}"), "parent": format!("t{}", i - 1) }) } else { json!({ "id": "t0" }) });
            let roles = list(
                n / 2,
                |i| json!({ "key": format!("r{i}"), "tenant": format!("t{i}"), "grants": [{ "permissions": [format!("p{i}:x")] }] }),
            );
            let held = list(n / 2, |i| format!("r{i}"));
            native(
                json!({ "tenants": tenants, "roles": roles, "principals": [{ "id": "u", "tenant": format!("t{}", n - 1), "roles": held }] }),
                "deny-overrides",
            )
        },
        ask: |_| flat("p0:x"),
        largest: 12_000,
        exponential: false,
    },
    Shape {
        name: "endpoints with stars",
        make: |k| {
            let endpoints = list(1 << k, |i| {
                let path = list(k, |bit| if i >> bit & 1 == 1 { format!(":p{bit}") } else { "a".into() }).join("/");
                json!({ "method": "GET", "path": format!("/{path}"), "requires": { "anyOf": ["p:x"] } })
            });
            let mut payloads = one_role(vec![json!({ "permissions": ["p:x"] })]);
            payloads["endpoints"] = json!(endpoints);
            native(payloads, "deny-overrides")
        },
        ask: |_| flat("p:x"),
        largest: 12,
        exponential: true,
    },
    Shape {
        name: "registry, closed, of n permissions on n grants",
        make: |n| {
            let mut payloads = one_role(vec![json!({ "permissions": list(n, |i| format!("p{i}/*:x")) })]);
            payloads["registry"] = json!("closed");
            payloads["permissions"] = json!(list(n, |i| json!({ "name": format!("p{i}:x") })));
            native(payloads, "deny-overrides")
        },
        ask: |_| flat("p0:x"),
        largest: 20_000,
        exponential: false,
    },
    Shape {
        name: "Kura roles of n permissions",
        make: |n| {
            let permissions = list(n, |i| format!("p{i}"));
            json!({ "system": "kura", "payloads": {
                "definedPermissions": { "permissions": list(n, |i| json!({ "name": format!("p{i}") })) },
                "identities": [{ "name": "u", "assignedPermissions": permissions.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>() }]
            } })
        },
        ask: |_| flat("p0"),
        largest: 10_000,
        exponential: false,
    },
    Shape {
        name: "Open Archiver policies",
        make: |n| {
            let policies = list(
                n,
                |i| json!({ "action": ["read", "search"], "subject": ["archive", "ingestion"], "conditions": { "id": format!("x{i}") }, "inverted": i % 3 == 2 }),
            );
            json!({ "system": "open-archiver", "payloads": {
                "roles": [{ "id": "r", "name": "r", "policies": policies }],
                "users": [{ "id": "u", "email": "u@x.io", "roles": ["r"] }]
            } })
        },
        ask: |_| ("read archive".into(), "read".into(), json!({ "type": "archive", "id": "x1" })),
        largest: 9_000,
        exponential: false,
    },
    Shape {
        name: "CASL rules",
        make: |n| {
            let rules = list(
                n,
                |i| json!({ "action": "read", "subject": "Post", "conditions": { "id": i }, "inverted": i % 3 == 2, "fields": ["a*", "b.**"] }),
            );
            json!({ "system": "casl", "payloads": { "rules": rules } })
        },
        ask: |_| ("read Post".into(), "read".into(), json!({ "type": "Post", "id": 1 })),
        largest: 9_000,
        exponential: false,
    },
];

/// Does it once. What came, in words.
pub fn call(call: Call, shape: &Shape, n: usize, text: &[u8], policy: &Policy) -> Result<String, Error> {
    let who = Who::Named("u".into());
    let context = Context::default();
    let (permission, action, record) = (shape.ask)(n);
    let kind = record["type"].as_str().unwrap_or("f").to_string();
    let user = || policy.principal(&who, &context);
    let ask = || Ask::Permission(permission.clone());
    let insight = || policy.insight(&context);
    Ok(match call {
        Call::Load => format!("{} bytes", Policy::load(text)?.as_bytes().len()),
        Call::Check => {
            let user = user();
            let one = user.check(&ask());
            let id = json!({ "id": record["id"], "a": 1, "type": record["type"] }).to_string();
            let record = Ask::from_json(&json!({ "kind": "instance", "action": action, "subject": kind, "object": serde_json::from_str::<Value>(&id).unwrap_or_default() }).to_string())?;
            let two = user.check(&record);
            format!("{} {} {} grants", one.effect, two.effect, one.grants.len() + two.grants.len())
        }
        Call::Bits => {
            let mut vocabulary = Vocabulary::new(policy);
            vocabulary.permission(&permission);
            let kind = vocabulary.kind(&action, &kind);
            let user = user();
            let _ = vocabulary.plan(&user, kind);
            format!("{}", user.answers(&vocabulary).allows(0))
        }
        Call::Filter => format!("{:?}", user().filter(&[&action], &kind).kind()),
        Call::Slice => format!("{} bytes", policy.slice(&who, &context)?.as_bytes().len()),
        Call::Grants => format!("{} grants", user().grants()?.len()),
        Call::Permissions => format!("{} permissions", user().permissions().len()),
        Call::List => format!("{} lines", insight().list(&who, &Page::default())?.total()),
        Call::Entries => {
            let listing = insight().list(&who, &Page { limit: Some(100), cursor: None })?;
            format!("{} entries", listing.entries().count())
        }
        Call::Who => {
            let found = insight().who(&ask(), &Page::default())?;
            format!("{} of {}", found.entries().count(), found.total())
        }
        Call::Why => format!("{} bytes", serde_json::to_string(&insight().why(&who, &ask())?).map_or(0, |text| text.len())),
        Call::Suggest => format!("{} ways", insight().suggest(&who, &Ask::Permission("zz:zz".into()))?.suggestions.len()),
        Call::Resources => format!("{} named", insight().resources(&who, &action, &kind, &[])?.named.len()),
        Call::Digest => insight().digest()?,
        Call::Diff => {
            let other = Policy::load(String::from_utf8_lossy(text).replacen("\"u\"", "\"v\"", 1).as_bytes())?;
            let diff = insight().diff(&other.insight(&context))?;
            format!("{} gained, {} lost", diff.gained, diff.lost)
        }
        Call::Findings => format!("{} findings", Policy::findings(text, &latchgate::insight::Options::default())?.findings.len()),
        Call::Info => format!("{} bytes", serde_json::to_string(&policy.info()).map_or(0, |text| text.len())),
    })
}
