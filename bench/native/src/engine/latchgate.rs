//! The core itself, in two ways: by the text of a permission, and by the numbers that [`Policy::intern`] gave for it.

use std::collections::HashMap;

use latchgate::{Ask, Context, Effect, Policy, Principal, Who};
use serde_json::{Value, json};

use super::Engine;
use crate::workload::{Check, Workload};

/// The workload as a native snapshot.
fn snapshot(workload: &Workload) -> Vec<u8> {
    let roles: Vec<Value> = workload
        .roles
        .iter()
        .map(|(key, grants)| {
            let grants: Vec<Value> =
                grants.iter().map(|grant| json!({ "actions": [grant.action], "resources": [grant.resource] })).collect();
            json!({ "key": key, "grants": grants })
        })
        .collect();
    let principals: Vec<Value> = workload.users.iter().map(|(id, roles)| json!({ "id": id, "roles": roles })).collect();
    let payloads = json!({ "combining": "additive", "roles": roles, "principals": principals });
    json!({ "format": 1, "system": "latchgate", "payloads": payloads }).to_string().into_bytes()
}

fn load(workload: &Workload) -> (Policy, Vec<Principal>) {
    let policy = Policy::load(&snapshot(workload)).expect("the snapshot loads");
    let ready = |(id, _): &(String, _)| policy.principal(&Who::Named(id.clone()), &Context::default());
    let principals = workload.users.iter().map(ready).collect();
    (policy, principals)
}

struct ByText {
    principals: HashMap<String, Principal>,
    questions: Vec<(String, String)>,
}

/// The principal is looked up by its id, the permission is asked by its text, the whole decision with its reason is made.
pub fn by_text(workload: &Workload) -> Box<dyn Engine> {
    let (_, principals) = load(workload);
    Box::new(ByText {
        principals: workload.users.iter().map(|(id, _)| id.clone()).zip(principals).collect(),
        questions: workload.checks.iter().map(|check| (check.user.clone(), format!("{}:{}", check.resource, check.action))).collect(),
    })
}

impl Engine for ByText {
    fn check(&mut self, at: usize) -> bool {
        let (user, permission) = &self.questions[at];
        self.principals[user].check(&Ask::Permission(permission.clone())).is_allowed()
    }
}

/// What is asked: numbers, or the text where the policy names no such action or resource and so has no numbers for it.
enum Permission {
    Numbers(u32, u32),
    Text(String),
}

struct ByNumber {
    principals: Vec<Principal>,
    questions: Vec<(usize, Permission)>,
}

/// The principal is at hand, the permission was interned ahead, the effect alone is asked for.
pub fn by_number(workload: &Workload) -> Box<dyn Engine> {
    let (policy, principals) = load(workload);
    let places: HashMap<&str, usize> = workload.users.iter().enumerate().map(|(at, (id, _))| (id.as_str(), at)).collect();
    let permission = |check: &Check| {
        let text = format!("{}:{}", check.resource, check.action);
        policy.intern(&text).map_or(Permission::Text(text), |(action, resource)| Permission::Numbers(action, resource))
    };
    let questions: Vec<_> = workload.checks.iter().map(|check| (places[check.user.as_str()], permission(check))).collect();
    let unnamed = questions.iter().filter(|(_, permission)| matches!(permission, Permission::Text(_))).count();
    if unnamed > 0 {
        eprintln!("{}: {unnamed} of {} questions have no numbers and are asked by text", workload.id, questions.len());
    }
    Box::new(ByNumber { principals, questions })
}

impl Engine for ByNumber {
    fn check(&mut self, at: usize) -> bool {
        let (principal, permission) = &self.questions[at];
        let principal = &self.principals[*principal];
        match permission {
            Permission::Numbers(action, resource) => principal.check_interned(*action, *resource) == Effect::Allow,
            Permission::Text(text) => principal.check(&Ask::Permission(text.clone())).is_allowed(),
        }
    }
}
