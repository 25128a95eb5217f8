//! Casbin: RBAC with wildcards in the matcher, the cheap comparisons first, as its documentation advises.

use std::fmt::Write as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use casbin::{CachedApi as _, CachedEnforcer, CoreApi, DefaultCache, DefaultModel, Enforcer, StringAdapter};

use super::Engine;
use crate::workload::Workload;

const MODEL: &str = "
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = (r.obj == p.obj || p.obj == '*') && (r.act == p.act || p.act == '*') && g(r.sub, p.sub)
";

struct Casbin<E> {
    enforcer: E,
    questions: Vec<(String, String, String)>,
}

/// Loading is `async` for the sake of files and databases; from text it never waits, so one poll is enough.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("loading from text waited for something"),
    }
}

fn policy(workload: &Workload) -> StringAdapter {
    let mut text = String::new();
    for (role, grants) in &workload.roles {
        for grant in grants {
            let _ = writeln!(text, "p, {role}, {}, {}", grant.resource, grant.action);
        }
    }
    for (user, roles) in &workload.users {
        for role in roles {
            let _ = writeln!(text, "g, {user}, {role}");
        }
    }
    StringAdapter::new(text)
}

fn load<E: CoreApi>(workload: &Workload) -> Casbin<E> {
    let enforcer = at_once(async { E::new(DefaultModel::from_str(MODEL).await?, policy(workload)).await }).expect("the policy loads");
    let questions = workload.checks.iter().map(|check| (check.user.clone(), check.resource.clone(), check.action.clone())).collect();
    Casbin { enforcer, questions }
}

/// `enforce`.
pub fn plain(workload: &Workload) -> Box<dyn Engine> {
    Box::new(load::<Enforcer>(workload))
}

/// `enforce` of the enforcer that remembers its answers; timed on questions that it has answered before.
pub fn cached(workload: &Workload) -> Box<dyn Engine> {
    let mut engine = load::<CachedEnforcer>(workload);
    // By default it remembers 200, which is fewer than the questions.
    engine.enforcer.set_cache(Box::new(DefaultCache::new(100_000)));
    Box::new(engine)
}

impl<E: CoreApi> Engine for Casbin<E> {
    fn check(&mut self, at: usize) -> bool {
        let (user, resource, action) = &self.questions[at];
        self.enforcer.enforce((user.as_str(), resource.as_str(), action.as_str())).expect("an answer")
    }
}
