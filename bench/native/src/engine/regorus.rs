//! Regorus: Rego over data that is indexed by role, resource and action, the quickest form of RBAC that Rego offers. Inputs are
//! made ahead, which a program that asks by text would pay for besides.

use std::collections::BTreeMap;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};
use serde_json::json;

use super::Engine;
use crate::workload::{Check, Workload};

const POLICY: &str = r#"
package authz

default allow := false

allow if {
    some role in data.users[input.user]
    some resource in [input.resource, "*"]
    some action in [input.action, "*"]
    data.roles[role][resource][action]
}
"#;
const RULE: &str = "data.authz.allow";

fn data(workload: &Workload) -> Value {
    let mut roles: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, bool>>> = BTreeMap::new();
    for (role, grants) in &workload.roles {
        let by_resource = roles.entry(role).or_default();
        for grant in grants {
            by_resource.entry(&grant.resource).or_default().insert(&grant.action, true);
        }
    }
    let users: BTreeMap<&str, &Vec<String>> = workload.users.iter().map(|(user, roles)| (user.as_str(), roles)).collect();
    Value::from_json_str(&json!({ "roles": roles, "users": users }).to_string()).expect("the data is JSON")
}

fn inputs(workload: &Workload) -> Vec<Value> {
    let input = |check: &Check| {
        let text = json!({ "user": check.user, "action": check.action, "resource": check.resource }).to_string();
        Value::from_json_str(&text).expect("the input is JSON")
    };
    workload.checks.iter().map(input).collect()
}

fn engine(workload: &Workload) -> Rego {
    let mut rego = Rego::new();
    rego.add_policy("authz.rego".into(), POLICY.into()).expect("the policy parses");
    rego.add_data(data(workload)).expect("the data is an object");
    rego
}

struct Interpreter {
    rego: Rego,
    inputs: Vec<Value>,
}

/// The interpreter.
pub fn interpreter(workload: &Workload) -> Box<dyn Engine> {
    Box::new(Interpreter { rego: engine(workload), inputs: inputs(workload) })
}

impl Engine for Interpreter {
    fn check(&mut self, at: usize) -> bool {
        self.rego.set_input(self.inputs[at].clone());
        self.rego.eval_rule(RULE.into()).expect("an answer") == Value::from(true)
    }
}

struct Machine {
    vm: RegoVM,
    inputs: Vec<Value>,
}

/// The policy compiled for Regorus's virtual machine.
pub fn machine(workload: &Workload) -> Box<dyn Engine> {
    let compiled = engine(workload).compile_with_entrypoint(&RULE.into()).expect("the policy compiles");
    let program = Compiler::compile_from_policy(&compiled, &[RULE]).expect("the program compiles");
    let mut vm = RegoVM::new_with_policy(compiled);
    vm.load_program(program);
    vm.set_data(data(workload)).expect("the data fits the rules");
    Box::new(Machine { vm, inputs: inputs(workload) })
}

impl Engine for Machine {
    fn check(&mut self, at: usize) -> bool {
        self.vm.set_input(self.inputs[at].clone());
        self.vm.execute().expect("an answer") == Value::from(true)
    }
}
