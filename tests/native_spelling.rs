//! Native snapshots: what is spelled as another system spells it is refused where it stands (N21), and a record's id is data (N20),
//! whichever way one asks.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use latchgate::insight::Page;
use latchgate::{Ask, Context, Policy, Principal, Value as Data, Who};
use serde_json::{Value, json};

fn snapshot(grants: &Value) -> Value {
    json!({ "system": "latchgate", "payloads": {
        "combining": "deny-overrides",
        "roles": [{ "key": "r", "grants": grants }],
        "principals": [{ "id": "ann", "roles": ["r"] }],
        "endpoints": [{ "method": "GET", "path": "/doc", "requires": { "action": "read", "subject": "doc", "check": "instance" } }],
    } })
}

fn load(snapshot: &Value) -> Result<Policy, latchgate::Error> {
    Policy::load(snapshot.to_string().as_bytes())
}

fn ann(policy: &Policy) -> Principal {
    policy.principal(&Who::Named("ann".into()), &Context::default())
}

fn refused(snapshot: &Value, code: &str, path: &str, says: &str) {
    let error = load(snapshot).expect_err(&snapshot.to_string());
    assert_eq!((error.code().as_str(), error.path()), (code, path), "{error}: {snapshot}");
    assert!(error.message().contains(says), "{error}");
}

/// Spellings of other systems, and a word of what the refusal says.
const FOREIGN: [(&str, &str); 34] = [
    ("Invoke*", "one whole segment"),
    ("*Async", "one whole segment"),
    ("a*b", "one whole segment"),
    ("**", "leave the `**` out"),
    ("{id}", "`*` stands for any one segment"),
    ("${principal.id}", "conditions know"),
    ("$uid", "`*` stands for any one segment"),
    ("<id>", "`*` stands for any one segment"),
    ("(a|b)", "an item of its own"),
    ("a|b", "an item of its own"),
    ("a,b", "an item of its own"),
    ("a, b", "an item of its own"),
    ("a;b", "an item of its own"),
    ("a b", "without blanks"),
    (" a", "without blanks"),
    ("a\n", "without blanks"),
    ("a\u{200b}", "without blanks"),
    ("\u{2067}a", "without blanks"),
    ("a?", "regular expressions"),
    ("[a-z]", "regular expressions"),
    ("^a", "regular expressions"),
    ("a$", "`*` stands for any one segment"),
    (".*", "one whole segment"),
    ("a\\.b", "regular expressions"),
    ("App\\Post", "regular expressions"),
    ("!a", "negates nothing"),
    ("-a", "negates nothing"),
    ("+a", "negates nothing"),
    ("~a", "negates nothing"),
    ("a%", "by whole segments"),
    ("a%2Fb", "by whole segments"),
    (".", "leads nowhere"),
    ("..", "leads nowhere"),
    ("%", "by whole segments"),
];

#[test]
fn the_spellings_of_others_are_refused_wherever_patterns_stand() {
    let mut places = 0;
    for (text, says) in FOREIGN {
        let grants = "$.payloads.roles[0].grants[0]";
        let mut grant = |grant: Value, at: &str, says: &str| {
            places += 1;
            refused(&snapshot(&json!([grant])), "ERR_PATTERN", &format!("{grants}.{at}"), says);
        };
        grant(json!({ "effect": "deny", "actions": [text] }), "actions[0]", says);
        grant(json!({ "effect": "deny", "actions": ["read"], "resources": ["doc", text] }), "resources[1]", says);
        grant(json!({ "effect": "deny", "permissions": [text] }), "permissions[0]", says);
        if !text.starts_with(['!', '-', '+', '~']) {
            grant(json!({ "effect": "deny", "permissions": [format!("doc:{text}")] }), "permissions[0]", says);
            grant(json!({ "effect": "deny", "permissions": [format!("doc/{text}:read")] }), "permissions[0]", says);
        }
        let dots = matches!(text, "." | "..");
        if !dots && !text.contains('*') {
            grant(json!({ "effect": "deny", "actions": ["read"], "fields": ["total", text] }), "fields[1]", says);
        }
        if !dots && !text.starts_with(['!', '-', '+', '~']) {
            grant(json!({ "effect": "deny", "actions": ["read"], "scope": text }), "scope", "");
            let mut root = snapshot(&json!([]));
            root["payloads"]["roles"][0]["tenant"] = json!(text);
            refused(&root, "ERR_PATTERN", "$.payloads.roles[0].tenant", "");
            let mut root = snapshot(&json!([]));
            root["payloads"]["principals"][0]["roles"] = json!([{ "role": "r", "scope": text }]);
            refused(&root, "ERR_PATTERN", "$.payloads.principals[0].roles[0].scope", "");
            places += 2;
        }
        for (requires, at) in [
            (json!({ "anyOf": [text] }), "anyOf[0]"),
            (json!({ "allOf": ["doc:read", text] }), "allOf[1]"),
            (json!({ "action": text, "subject": "doc", "check": "type" }), "action"),
            (json!({ "action": "read", "subject": text, "check": "type" }), "subject"),
        ] {
            let mut root = snapshot(&json!([]));
            root["payloads"]["endpoints"] = json!([{ "method": "GET", "path": "/a", "requires": requires }]);
            refused(&root, "ERR_PATTERN", &format!("$.payloads.endpoints[0].requires.{at}"), "");
            places += 1;
        }
    }
    println!("{} spellings of others refused in {places} places", FOREIGN.len());
}

#[test]
fn what_belongs_elsewhere_is_refused() {
    let grants = "$.payloads.roles[0].grants[0]";
    for (grant, at, says) in [
        (json!({ "actions": ["read"], "resources": ["api/users/:id"] }), "resources[0]", "`*` stands for any one segment"),
        (json!({ "actions": ["read"], "resources": ["doc:read"] }), "resources[0]", "between resource and action"),
        (json!({ "permissions": ["folder/f1"] }), "permissions[0]", "`resource:*`"),
        (json!({ "permissions": ["doc:read/write"] }), "permissions[0]", "no `/`"),
        (json!({ "actions": ["users/read"] }), "actions[0]", "no `/`"),
        (json!({ "actions": ["GET"], "resources": ["api/**"] }), "resources[0]", "everything below"),
        (json!({ "actions": ["read"], "resources": [{ "type": "doc", "id": "*" }] }), "resources[0].id", "the type alone"),
        (json!({ "actions": ["read"], "resources": [{ "type": "doc", "id": ":id" }] }), "resources[0].id", "the type alone"),
        (json!({ "actions": ["read"], "resources": [{ "type": "*", "id": "5" }] }), "resources[0].type", "not patterns"),
        (json!({ "actions": ["read"], "fields": [{ "literal": "a*" }] }), "fields[0].literal", "any text"),
    ] {
        refused(&snapshot(&json!([grant])), "ERR_PATTERN", &format!("{grants}.{at}"), says);
    }
    let mut root = snapshot(&json!([]));
    root["payloads"]["resources"] = json!([{ "type": "doc", "id": "a" }, { "type": "doc", "id": { "literal": "a" } }]);
    refused(&root, "ERR_ID_DUPLICATE", "$.payloads.resources[1]", "`a`");
    // What is no text at all.
    refused(
        &snapshot(&json!([{ "actions": ["read"], "resources": [{ "type": "doc", "id": 5 }] }])),
        "ERR_TYPE",
        &format!("{grants}.resources[0].id"),
        "",
    );
    let mut root = snapshot(&json!([]));
    root["payloads"]["resources"] = json!([{ "type": "doc", "id": 5 }]);
    refused(&root, "ERR_TYPE", "$.payloads.resources[0].id", "");
    let mut root = snapshot(&json!([]));
    root["payloads"]["principals"][0]["id"] = json!(5);
    refused(&root, "ERR_TYPE", "$.payloads.principals[0].id", "");
}

#[test]
fn paths_and_methods_of_other_routers_are_refused() {
    let endpoint = |method: &str, path: Value| {
        let mut root = snapshot(&json!([]));
        root["payloads"]["endpoints"] = json!([{ "method": method, "path": path, "requires": { "none": true } }]);
        root
    };
    let foreign = [
        "/pub/*",
        "/f/:id",
        "/:a/b",
        "/f/*rest",
        "/f/<id>",
        "/f/<int:id>",
        "/f/{id:[0-9]+}",
        "/f/{id?}",
        "/f/{*rest}",
        "/f/{rest...}",
        "/f/{}",
        "/f/{id}.json",
        "/f/{id}:archive",
        "/{a}{b}",
        "/f/(.*)",
        "/f/a|b",
        "/f?x=1",
        "/f#x",
        "/f/a%20b",
        "/f/.",
        "/f/../g",
        "/$f",
        "/f//g",
        "//",
        "^/f$",
        "/f\\g",
        "/f*",
        "/a**/b",
        "/{**}/x",
    ];
    for path in foreign {
        refused(&endpoint("GET", json!(path)), "ERR_PATTERN", "$.payloads.endpoints[0].path", "");
    }
    for method in ["ANY", "all", "GET|POST", "GET,POST", "GET ", "**"] {
        refused(&endpoint(method, json!("/a")), "ERR_PATTERN", "$.payloads.endpoints[0].method", "`*`");
    }
    for (path, asked, found) in [
        (json!({ "literal": "/f/:id" }), "/f/:id", true),
        (json!({ "literal": "/f/:id" }), "/f/1", false),
        (json!({ "literal": "/f/{id}" }), "/f/%7Bid%7D", true),
        (json!({ "literal": "/f/{id}" }), "/f/1", false),
        (json!({ "literal": "/f/**" }), "/f/1", false),
        (json!("/f/{id}"), "/f/1", true),
        (json!("/f/**"), "/f/1/2", true),
        (json!("/f:archive"), "/f:archive", true),
    ] {
        let policy = load(&endpoint("get", path.clone())).unwrap();
        let decision = ann(&policy).check_json(&json!({ "kind": "route", "method": "GET", "path": asked }).to_string());
        assert_eq!(decision.is_allowed(), found, "{path} {asked}");
    }
    println!("{} paths of other routers refused", foreign.len());
}

#[test]
fn a_literal_is_what_it_says_and_nothing_else() {
    for (deny, yes, no) in [
        (json!({ "permissions": [{ "literal": "function:Invoke*" }] }), "function:Invoke*", "function:InvokeAsync"),
        (json!({ "permissions": [{ "literal": "doc/*:read" }] }), "doc/*:read", "doc/5:read"),
        (json!({ "permissions": [{ "literal": "*" }] }), "*", "a"),
        (json!({ "permissions": [{ "literal": "App\\Post:two words" }] }), "App\\Post:two words", "App:two"),
        (json!({ "actions": [{ "literal": "*" }], "resources": ["doc"] }), "doc:*", "doc:read"),
        (json!({ "actions": ["read"], "resources": [{ "literal": "a/{id}" }] }), "a/{id}:read", "a/7:read"),
    ] {
        let mut deny = deny;
        deny["effect"] = json!("deny");
        let policy = load(&snapshot(&json!([{ "permissions": ["*"] }, deny]))).unwrap();
        let ask = |permission: &str| ann(&policy).check_json(&json!({ "kind": "permission", "permission": permission }).to_string());
        assert_eq!((ask(yes).is_allowed(), ask(no).is_allowed()), (false, true), "{deny}");
    }
}

#[test]
fn the_schema_of_a_file_may_stand_at_its_top_and_of_no_other_systems() {
    let mut root = snapshot(&json!([]));
    root["$schema"] = json!("./node_modules/latchgate/schema.json");
    load(&root).unwrap();
    root["$schema"] = json!(5);
    refused(&root, "ERR_TYPE", "$[\"$schema\"]", "text");
    let kura = json!({ "$schema": "x", "system": "kura", "payloads": { "identities": [] } });
    assert_eq!(load(&kura).unwrap_err().code().as_str(), "ERR_FIELD_UNKNOWN");
}

/// Ids as records have them, and as a snapshot writes the same one.
fn ids() -> Vec<(Value, &'static str)> {
    vec![
        (json!(5), "5"),
        (json!(5.0), "5"),
        (json!("5"), "5"),
        (json!("05"), "05"),
        (json!(1e21), "1e+21"),
        (json!(-0.0), "0"),
        (json!(-7), "-7"),
        (json!(0.1), "0.1"),
        (json!(1e-7), "1e-7"),
        (json!("https://x.test/a"), "https://x.test/a"),
        (json!("https://x.test/a/"), "https://x.test/a/"),
        (json!("gid://shop/Order/5"), "gid://shop/Order/5"),
        (json!("/a"), "/a"),
        (json!("//"), "//"),
        (json!("a//b"), "a//b"),
        (json!("a b"), "a b"),
        (json!(".."), ".."),
        (json!("a:b"), "a:b"),
        (json!("*"), "*"),
        (json!("{x}"), "{x}"),
        (json!("é/ü"), "é/ü"),
    ]
}

/// A record by its id, as a snapshot names it.
fn named(id: &str) -> Value {
    let literal = id.contains(['*', '{', '}']) || id.starts_with(':');
    json!({ "type": "doc", "id": if literal { json!({ "literal": id }) } else { json!(id) } })
}

fn data(value: &Value) -> Data {
    Data::from_json(&value.to_string()).unwrap()
}

/// Whether a record may be read: every way of asking about it says the same.
fn may_read(policy: &Policy, id: &Value, what: &str) -> bool {
    let user = ann(policy);
    let record = json!({ "id": id, "owner": "bob" });
    let ask = json!({ "kind": "instance", "action": "read", "subject": "doc", "object": record });
    let allowed = user.check_json(&ask.to_string()).is_allowed();
    let whole = json!({ "principal": "ann", "ask": ask });
    assert_eq!(policy.decide_json(&whole.to_string()).is_allowed(), allowed, "decide {what}");
    // Ids in another notation of JSON, and a record that is read from data.
    assert_eq!(user.filter(&["read"], "doc").holds(&data(&record)), allowed, "filter {what}");
    let insight = policy.insight(&Context::default());
    let who = Who::Named("ann".into());
    let sought = Ask::Record { action: "read".into(), subject: "doc".into(), record: data(&record), field: None };
    assert_eq!(insight.who(&sought, &Page::default()).unwrap().total() == 1, allowed, "who {what}");
    let route = json!({ "kind": "route", "method": "GET", "path": "/doc", "attributes": { "resource": record } });
    assert_eq!(user.check_json(&route.to_string()).is_allowed(), allowed, "route {what}");
    assert_eq!(!insight.resources(&who, "read", "doc", &[data(&record)]).unwrap().records.is_empty(), allowed, "resources {what}");
    let compiled = Policy::from_bytes(policy.as_bytes().to_vec()).unwrap();
    assert_eq!(ann(&compiled).check_json(&ask.to_string()).is_allowed(), allowed, "compiled {what}");
    let slice = policy.slice(&who, &Context::default()).unwrap();
    assert_eq!(ann(&slice).check_json(&ask.to_string()).is_allowed(), allowed, "slice {what}");
    allowed
}

#[test]
fn a_deny_on_one_record_fires_whatever_its_id() {
    let mut asked = 0;
    for (id, text) in ids() {
        let grants = json!([{ "permissions": ["doc:read"] }, { "effect": "deny", "actions": ["read"], "resources": [named(text)] }]);
        let allow = json!([{ "actions": ["read"], "resources": [named(text)] }]);
        let (denied, granted) = (load(&snapshot(&grants)).unwrap(), load(&snapshot(&allow)).unwrap());
        let mut below = snapshot(&json!([{ "permissions": ["doc:read"] }, { "effect": "deny", "permissions": ["folder/secret:read"] }]));
        let mut one = named(text);
        one["parent"] = json!({ "type": "folder", "id": "secret" });
        below["payloads"]["resources"] = json!([{ "type": "folder", "id": "secret" }, one]);
        let below = load(&below).unwrap();
        for (other, same) in ids() {
            // The same record, or one whose id goes on behind a slash.
            let covered = same == text || same.starts_with(&format!("{text}/"));
            assert_eq!(may_read(&denied, &other, &format!("{grants} {other}")), !covered, "{grants} {other}");
            assert_eq!(may_read(&granted, &other, &format!("{allow} {other}")), covered, "{allow} {other}");
            assert_eq!(may_read(&below, &other, &format!("below {id} {other}")), !covered, "below {id} {other}");
            asked += 3;
        }
    }
    println!("{asked} records by id, each asked about in nine ways");
}

#[test]
fn an_id_that_is_neither_text_nor_a_number_is_nobodys() {
    let policy = load(&snapshot(&json!([{ "permissions": ["*"] }, { "effect": "deny", "permissions": ["doc/5:read"] }]))).unwrap();
    for id in [json!(true), json!(["5"]), json!([]), json!({}), json!({ "id": "5" })] {
        let ask = json!({ "kind": "instance", "action": "read", "subject": "doc", "object": { "id": id } });
        let decision = ann(&policy).check_json(&ask.to_string());
        assert_eq!((decision.effect, decision.code), ("error", "invalid_question"), "{id}");
        assert!(decision.message.contains("`id`"), "{}", decision.message);
        assert!(!ann(&policy).filter(&["read"], "doc").holds(&data(&ask["object"])));
    }
    for id in [json!(null), json!("")] {
        let ask = json!({ "kind": "instance", "action": "read", "subject": "doc", "object": { "id": id } });
        assert!(ann(&policy).check_json(&ask.to_string()).is_allowed(), "{id}");
    }
}

#[test]
fn who_list_and_diff_know_records_by_id() {
    for (id, text) in ids() {
        let before = load(&snapshot(&json!([{ "actions": ["read"], "resources": [named(text)] }]))).unwrap();
        let after = load(&snapshot(&json!([]))).unwrap();
        let insight = before.insight(&Context::default());
        let who = Who::Named("ann".into());
        let named = insight.resources(&who, "read", "doc", &[]).unwrap().named;
        assert_eq!(named.len(), 1, "{id}");
        assert_eq!(named[0].resource, format!("doc/{text}"));
        assert_eq!(insight.list(&who, &Page::default()).unwrap().entries().count(), 1, "{id}");
        let diff = insight.diff(&after.insight(&Context::default())).unwrap();
        assert_eq!(diff.lost, 1, "{id}");
    }
}

#[test]
fn a_session_that_is_misspelt_is_bound_to_less() {
    let policy = load(&snapshot(&json!([{ "permissions": ["*"] }]))).unwrap();
    for (text, _) in FOREIGN {
        for scope in [text.to_owned(), format!("doc:{text}"), format!("doc/{text}:read")] {
            let ask = json!({ "kind": "permission", "permission": "doc/5:read", "sessionScopes": [scope] });
            assert_eq!(ann(&policy).check_json(&ask.to_string()).code, "scope_not_granted", "{scope}");
        }
    }
}
