//! A made-up company whose snapshot holds 10,000 grants; always the same one.

use serde_json::{Value, json};

pub const PRINCIPALS: usize = 100;
const ROLES: usize = 100;
const GRANTS: usize = 100;
const ROLES_EACH: usize = 10;
const TYPES: usize = 200;
const ACTIONS: [&str; 10] = ["read", "create", "update", "delete", "export", "approve", "archive", "share", "assign", "comment"];

/// A number for a place: spread evenly, the same on every machine.
pub fn spread(place: usize) -> usize {
    let mut x = place as u64 + 0x9e37_79b9_7f4a_7c15;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) >> 11) as usize
}

pub fn principal(at: usize) -> String {
    format!("user-{at}")
}

pub fn kind(at: usize) -> String {
    format!("type-{}", at % TYPES)
}

pub fn action(at: usize) -> &'static str {
    ACTIONS.into_iter().cycle().nth(at % ACTIONS.len()).unwrap_or_default()
}

/// The role that a principal holds at a place of its list.
pub fn role_of(principal: usize, place: usize) -> usize {
    (spread(principal) + place % ROLES_EACH * 7) % ROLES
}

/// The action and the type of a role's grant.
pub fn grant_of(role: usize, place: usize) -> (&'static str, String) {
    let at = spread(role * GRANTS + place);
    (action(at / TYPES), kind(at))
}

/// Every tenth grant has a condition, every fiftieth denies besides, every hundredth is on everything of an action.
fn grant(role: usize, place: usize) -> Value {
    let (action, kind) = grant_of(role, place);
    match place {
        99 => json!({ "actions": [action], "resources": ["*"] }),
        _ if place % 50 == 7 => json!({ "actions": [action], "resources": [kind], "effect": "deny", "conditions": condition() }),
        _ if place % 10 == 7 => json!({ "actions": [action], "resources": [kind], "conditions": condition() }),
        _ => json!({ "actions": [action], "resources": [kind] }),
    }
}

fn condition() -> Value {
    json!({ "ownerId": "${principal.id}", "total": { "$lt": 1000 }, "status": { "$in": ["draft", "open"] } })
}

pub fn snapshot() -> Vec<u8> {
    let role = |role| {
        let grants: Vec<Value> = (0..GRANTS).map(|place| grant(role, place)).collect();
        json!({ "key": format!("role-{role}"), "grants": grants })
    };
    let person = |at| {
        let roles: Vec<String> = (0..ROLES_EACH).map(|place| format!("role-{}", role_of(at, place))).collect();
        json!({ "id": principal(at), "roles": roles })
    };
    let roles: Vec<Value> = (0..ROLES).map(role).collect();
    let principals: Vec<Value> = (0..PRINCIPALS).map(person).collect();
    let payloads = json!({ "combining": "deny-overrides", "roles": roles, "principals": principals });
    json!({ "format": 1, "system": "latchgate", "payloads": payloads }).to_string().into_bytes()
}
