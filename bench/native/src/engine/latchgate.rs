//! The core itself, in two ways: by the text of a permission, and by its number in a [`Vocabulary`], whose answers are bits.

use std::collections::HashMap;

use latchgate::{Answers, Ask, Context, Policy, Principal, Vocabulary, Who};
use serde_json::{Value, json};

use super::Engine;
use crate::workload::Workload;

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

struct ByNumber {
    answers: Vec<Answers>,
    questions: Vec<(usize, u32)>,
}

/// The principal's answers are at hand, the permission was entered ahead, the effect alone is asked for.
pub fn by_number(workload: &Workload) -> Box<dyn Engine> {
    let (policy, principals) = load(workload);
    let places: HashMap<&str, usize> = workload.users.iter().enumerate().map(|(at, (id, _))| (id.as_str(), at)).collect();
    let mut vocabulary = Vocabulary::new(&policy);
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut questions = Vec::new();
    for check in &workload.checks {
        let text = format!("{}:{}", check.resource, check.action);
        let number = *numbers.entry(text).or_insert_with_key(|text| vocabulary.permission(text));
        questions.push((places[check.user.as_str()], number));
    }
    let answers = principals.iter().map(|principal| principal.answers(&vocabulary)).collect();
    Box::new(ByNumber { answers, questions })
}

impl Engine for ByNumber {
    fn check(&mut self, at: usize) -> bool {
        let (principal, number) = self.questions[at];
        self.answers[principal].allows(number)
    }
}
