//! W1 and W2: documents of roles and users with questions and their answers, identical to those of the JavaScript benchmark.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::prng::Prng;

/// `*` as action or resource stands for all of them.
pub const ANY: &str = "*";

const ACTIONS: [&str; 10] = ["read", "create", "update", "delete", "export", "approve", "archive", "share", "assign", "comment"];
const NOUNS: [&str; 20] = [
    "order", "invoice", "customer", "product", "report", "ticket", "project", "task", "user", "role", "payment", "refund", "shipment",
    "campaign", "document", "folder", "comment", "audit", "setting", "webhook",
];

/// An action on a resource, either of which may be [`ANY`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub action: String,
    pub resource: String,
}

/// A question, and what the reference answers.
#[derive(Debug, Clone)]
pub struct Check {
    pub user: String,
    pub action: String,
    pub resource: String,
    pub expected: bool,
}

/// A document and its questions, half of which are allowed, in random order.
pub struct Workload {
    pub id: &'static str,
    pub roles: Vec<(String, Vec<Grant>)>,
    pub users: Vec<(String, Vec<String>)>,
    pub checks: Vec<Check>,
}

/// Gating a user interface: 1 user of 3 roles, 20 roles, 200 grants, 1,000 questions.
pub fn w1() -> Workload {
    let mut prng = Prng::new(11);
    let (resources, actions) = (resource_names(40), &ACTIONS[..8]);
    let mut roles = make_roles(&mut prng, 20, 200, &resources, actions, 0.06, 0.1);
    // An administrator's role exists, and nobody has it.
    roles[19].1[0] = Grant { action: ANY.into(), resource: ANY.into() };
    // One role with a wildcard action, one with a wildcard resource, one with neither.
    let any_action = |grants: &[Grant]| grants.iter().any(|grant| grant.action == ANY);
    let any_resource = |grants: &[Grant]| grants.iter().any(|grant| grant.resource == ANY);
    let find = |wanted: &dyn Fn(&str, &[Grant]) -> bool| -> String {
        let found = roles[..19].iter().find(|(name, grants)| wanted(name, grants));
        found.expect("the seed gives such a role").0.clone()
    };
    let wide = find(&|_, grants| any_action(grants));
    let broad = find(&|name, grants| name != wide && any_resource(grants));
    let plain = find(&|name, grants| name != wide && name != broad && !any_action(grants) && !any_resource(grants));
    let users = vec![("alice".to_string(), vec![wide, broad, plain])];
    let checks = make_checks(&mut prng, &roles, &users, &resources, actions, 1_000);
    Workload { id: "W1", roles, users, checks }
}

/// A back end: 1,000 users of 8 to 12 roles, 100 roles, 2,000 grants, 20,000 questions.
pub fn w2() -> Workload {
    let mut prng = Prng::new(22);
    let resources = resource_names(200);
    let roles = make_roles(&mut prng, 100, 2_000, &resources, &ACTIONS, 0.005, 0.01);
    let names: Vec<String> = roles.iter().map(|(name, _)| name.clone()).collect();
    let users: Vec<_> = (0..1_000)
        .map(|at| {
            let count = 8 + prng.below(5);
            (format!("user_{at}"), prng.sample(&names, count))
        })
        .collect();
    let checks = make_checks(&mut prng, &roles, &users, &resources, &ACTIONS, 20_000);
    Workload { id: "W2", roles, users, checks }
}

fn resource_names(count: usize) -> Vec<String> {
    let name = |at: usize| match (NOUNS[at % NOUNS.len()], at / NOUNS.len()) {
        (noun, 0) => noun.to_string(),
        (noun, round) => format!("{noun}_{round}"),
    };
    (0..count).map(name).collect()
}

/// Roles of equally many grants: a resource with 1 to 4 actions, now and then all resources or all actions.
fn make_roles(
    prng: &mut Prng,
    count: usize,
    grants: usize,
    resources: &[String],
    actions: &[&str],
    any_resource: f64,
    any_action: f64,
) -> Vec<(String, Vec<Grant>)> {
    let each = grants / count;
    let role = |at: usize| {
        let mut list: Vec<Grant> = Vec::new();
        let mut seen = HashSet::new();
        while list.len() < each {
            let kind = prng.unit();
            let mut resource = prng.pick(resources).as_str();
            let granted = if kind < any_resource {
                resource = ANY;
                vec![*prng.pick(actions)]
            } else if kind < any_resource + any_action {
                vec![ANY]
            } else {
                let several = 1 + prng.below(4);
                prng.sample(actions, several)
            };
            for action in granted {
                if list.len() < each && seen.insert((resource, action)) {
                    list.push(Grant { action: action.into(), resource: resource.into() });
                }
            }
        }
        (format!("role_{at}"), list)
    };
    (0..count).map(role).collect()
}

fn make_checks(
    prng: &mut Prng,
    roles: &[(String, Vec<Grant>)],
    users: &[(String, Vec<String>)],
    resources: &[String],
    actions: &[&str],
    count: usize,
) -> Vec<Check> {
    let by_role: HashMap<&str, &[Grant]> = roles.iter().map(|(name, grants)| (name.as_str(), grants.as_slice())).collect();
    let held: Vec<Vec<&Grant>> = users.iter().map(|(_, roles)| roles.iter().flat_map(|role| by_role[role.as_str()]).collect()).collect();
    let places: Vec<usize> = (0..users.len()).collect();
    let half = count / 2;
    let (mut allowed, mut denied) = (0, 0);
    let mut checks = Vec::new();
    for turn in 1..=count * 2_000 {
        if checks.len() == count {
            break;
        }
        let user = *prng.pick(&places);
        let mut action = *prng.pick(actions);
        let mut resource = prng.pick(resources).as_str();
        // Every other question starts from a grant, or hardly any would be allowed.
        if allowed < half && turn % 2 == 1 {
            let grant = *prng.pick(&held[user]);
            if grant.action != ANY {
                action = &grant.action;
            }
            if grant.resource != ANY {
                resource = &grant.resource;
            }
        }
        let expected = reference(&held[user], action, resource);
        let enough = if expected { &mut allowed } else { &mut denied };
        if *enough < half {
            *enough += 1;
            checks.push(Check { user: users[user].0.clone(), action: action.into(), resource: resource.into(), expected });
        }
    }
    let all = checks.len();
    prng.sample(&checks, all)
}

/// The naive evaluator that every engine is held to: any grant of any role of the user.
fn reference(held: &[&Grant], action: &str, resource: &str) -> bool {
    let covers = |pattern: &str, name: &str| pattern == ANY || pattern == name;
    held.iter().any(|grant| covers(&grant.action, action) && covers(&grant.resource, resource))
}

impl Workload {
    /// The whole workload as lines, then hashed: how it is compared with the JavaScript one (see `digest.mjs`).
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (name, grants) in &self.roles {
            for Grant { action, resource } in grants {
                let _ = writeln!(text, "grant {name} {action} {resource}");
            }
        }
        for (name, roles) in &self.users {
            let _ = writeln!(text, "user {name} {}", roles.join(" "));
        }
        for Check { user, action, resource, expected } in &self.checks {
            let _ = writeln!(text, "check {user} {action} {resource} {expected}");
        }
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_are_those_of_the_javascript_benchmark() {
        assert_eq!(w1().digest(), "ed11ea43f81e85f36dbb0d8c9e6f58968493be74a34a5bc475ada8dd5fafb978");
        assert_eq!(w2().digest(), "725b94903a4e376a412d53b197a3cd1aadaca6f231a7d4d0fb5aa9c725857ac1");
    }
}
