//! The actor's own right to send the request: what the endpoint table requires, decided by the engine.

use crate::api::policy::Policy;
use crate::decision::Decision;
use crate::engine::Code;
use crate::value::Value;
use crate::writes::answer::{EditCode, Fault};
use crate::writes::request::Request;
use crate::writes::tree::Pairs;

/// What the endpoint table says of the request. Nothing where there is no actor.
pub fn ask(policy: &Policy, request: &Request, facts: Pairs) -> Option<Decision> {
    let actor = request.actor()?;
    let text = |text: &str| Value::Text(text.into());
    let ask = vec![
        ("kind".into(), text("route")),
        ("method".into(), text(request.method())),
        ("path".into(), text(request.target())),
        ("attributes".into(), Value::Map(facts)),
    ];
    let mut question: Pairs = vec![("principal".into(), actor.clone()), ("ask".into(), Value::Map(ask))];
    if let Some(Value::Map(members)) = request.context() {
        // The id is what the server draws, not how the actor asks.
        let asked = members.iter().filter(|(key, _)| **key != *"id").cloned().collect();
        question.push(("context".into(), Value::Map(asked)));
    }
    let question = Ok(Value::Map(question));
    Some(policy.decide_read(&question, None).decision(policy.compiled()))
}

/// Refuses what the actor may not send. Without an actor nothing is checked, and the answer says so.
pub fn check(policy: &Policy, request: &Request, facts: Pairs) -> Result<(), Fault> {
    let Some(decision) = ask(policy, request, facts) else { return Ok(()) };
    // Where the server refuses the edit itself, the system's own file says it, and where.
    if decision.is_allowed() || decision.code == Code::EditRefused.as_str() {
        return Ok(());
    }
    if decision.code == Code::InvalidQuestion.as_str() {
        return Err(request.bad("actor", &decision.message));
    }
    let code = if decision.code == Code::UnknownRoute.as_str() { EditCode::UnknownRoute } else { EditCode::Forbidden };
    Err(request.refuse(code, decision.status, "", decision.rule.unwrap_or_default(), decision.message))
}
