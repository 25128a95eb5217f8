//! Cedar: a policy for every role, resource type and set of actions, as its documentation does RBAC. Requests and the entities
//! of every user are made ahead, which a program that asks by text would pay for besides.

use std::collections::HashMap;
use std::fmt::Write as _;

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request};

use super::Engine;
use crate::workload::{ANY, Check, Workload};

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Vec<Entities>,
    questions: Vec<(usize, Request)>,
}

fn policies(workload: &Workload) -> String {
    let mut text = String::new();
    for (role, grants) in &workload.roles {
        let mut by_resource: Vec<(&str, Vec<&str>)> = Vec::new();
        for grant in grants {
            match by_resource.iter_mut().find(|(resource, _)| *resource == grant.resource) {
                Some((_, actions)) => actions.push(&grant.action),
                None => by_resource.push((&grant.resource, vec![&grant.action])),
            }
        }
        for (resource, actions) in by_resource {
            let action = match actions.as_slice() {
                list if list.contains(&ANY) => "action".to_string(),
                [one] => format!(r#"action == Action::"{one}""#),
                several => {
                    let list: Vec<String> = several.iter().map(|action| format!(r#"Action::"{action}""#)).collect();
                    format!("action in [{}]", list.join(", "))
                }
            };
            let resource = if resource == ANY { "resource".to_string() } else { format!("resource is {resource}") };
            let _ = writeln!(text, r#"permit(principal in Role::"{role}", {action}, {resource});"#);
        }
    }
    text
}

fn uid(kind: &str, id: &str) -> EntityUid {
    format!(r#"{kind}::"{id}""#).parse().expect("a plain name")
}

pub fn load(workload: &Workload) -> Box<dyn Engine> {
    let places: HashMap<&str, usize> = workload.users.iter().enumerate().map(|(at, (id, _))| (id.as_str(), at)).collect();
    let entities = |(id, roles): &(String, Vec<String>)| {
        let parents = roles.iter().map(|role| uid("Role", role)).collect();
        Entities::from_entities([Entity::new_no_attrs(uid("User", id), parents)], None).expect("one entity")
    };
    let question = |check: &Check| {
        let (user, action, resource) = (uid("User", &check.user), uid("Action", &check.action), uid(&check.resource, "-"));
        let request = Request::new(user, action, resource, Context::empty(), None).expect("no schema to violate");
        (places[check.user.as_str()], request)
    };
    Box::new(Cedar {
        authorizer: Authorizer::new(),
        policies: policies(workload).parse().expect("the policies parse"),
        entities: workload.users.iter().map(entities).collect(),
        questions: workload.checks.iter().map(question).collect(),
    })
}

impl Engine for Cedar {
    fn check(&mut self, at: usize) -> bool {
        let (user, request) = &self.questions[at];
        self.authorizer.is_authorized(request, &self.policies, &self.entities[*user]).decision() == Decision::Allow
    }
}
