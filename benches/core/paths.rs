//! The hot paths: what is timed and counted. Everything that a program does once, ahead, is done ahead here too.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;

use latchgate::{Answers, Ask, Context, Policy, Principal, Value, Vocabulary, Who};

use crate::company;

/// Questions of every path that asks some.
const QUESTIONS: usize = 1_000;

/// Something that a program does often.
pub struct HotPath {
    pub name: &'static str,
    /// It goes round and round so many different inputs.
    pub questions: usize,
    /// Runs it so many times; what comes back only has to be used.
    pub run: Box<dyn FnMut(usize) -> usize>,
}

pub fn hot_paths() -> Result<Vec<HotPath>, Box<dyn Error>> {
    let text = company::snapshot();
    let policy = Policy::load(&text)?;
    let ready = |at| policy.principal(&Who::Named(company::principal(at)), &Context::default());
    let principals: Vec<Principal> = (0..company::PRINCIPALS).map(ready).collect();
    let ask = |at: usize| principals.get(who(at)).cloned().ok_or("no principal");

    let permissions: Vec<(Principal, String)> = (0..QUESTIONS).map(|at| Ok((ask(at)?, permission(at)))).collect::<Result<_, &str>>()?;
    let mut vocabulary = Vocabulary::new(&policy);
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    for (_, permission) in &permissions {
        known.entry(permission.clone()).or_insert_with_key(|text| vocabulary.permission(text));
    }
    let answers: Vec<Answers> = principals.iter().map(|principal| principal.answers(&vocabulary)).collect();
    let numbers: Vec<(usize, u32)> = permissions
        .iter()
        .enumerate()
        .map(|(at, (_, permission))| Ok((who(at), *known.get(permission).ok_or("a permission without a number")?)))
        .collect::<Result<_, &str>>()?;
    let everybody_once: Vec<Principal> = principals.clone();
    let by_text: Vec<(Principal, Ask)> = permissions.into_iter().map(|(who, permission)| (who, Ask::Permission(permission))).collect();
    let explained = by_text.clone();
    let records: Vec<(Principal, Ask)> = (0..QUESTIONS).map(|at| Ok((ask(at)?, record(at)))).collect::<Result<_, &str>>()?;
    let everybody: Vec<Who> = (0..company::PRINCIPALS).map(|at| Who::Named(company::principal(at))).collect();

    Ok(vec![
        path("load", [text], |text| Policy::load(text).is_ok()),
        path("prepare", everybody, move |who| policy.principal(who, &Context::default()).id().is_some()),
        path("answers", everybody_once, move |who| !who.answers(&vocabulary).is_empty()),
        path("interned", numbers, move |(who, number)| answers.get(*who).is_some_and(|answers| answers.allows(*number))),
        path("string", by_text, |(who, ask)| who.check(ask).is_allowed()),
        path("conditional", records, |(who, ask)| who.check(ask).is_allowed()),
        path("explain", explained, |(who, ask)| serde_json::to_string(&who.check(ask)).is_ok()),
    ])
}

fn path<T: 'static>(name: &'static str, inputs: impl Into<Vec<T>>, once: impl Fn(&T) -> bool + 'static) -> HotPath {
    let inputs = inputs.into();
    let questions = inputs.len();
    let run = move |count: usize| inputs.iter().cycle().take(count).filter(|input| black_box(once(black_box(input)))).count();
    HotPath { name, questions, run: Box::new(run) }
}

fn who(at: usize) -> usize {
    company::spread(at) % company::PRINCIPALS
}

/// Every other question is about something that the principal is granted, the rest are about anything.
fn permission(at: usize) -> String {
    let (action, kind) = if at.is_multiple_of(2) {
        company::grant_of(company::role_of(who(at), at / 2), company::spread(at + 1) % 100)
    } else {
        (company::action(company::spread(at + 2)), company::kind(company::spread(at + 1)))
    };
    format!("{kind}:{action}")
}

/// A question that hangs on a condition which reads three attributes; every other record is the caller's own.
fn record(at: usize) -> Ask {
    let (action, subject) = company::grant_of(company::role_of(who(at), at / 2), company::spread(at + 1) % 10 * 10 + 7);
    let owner = if at.is_multiple_of(2) { who(at) } else { who(at + 1) };
    let text = |text: &str| Value::Text(text.into());
    let record = Value::Map(vec![
        ("ownerId".into(), text(&company::principal(owner))),
        ("status".into(), text(if at.is_multiple_of(3) { "closed" } else { "open" })),
        ("total".into(), Value::Number((company::spread(at) % 2_000) as f64)),
        ("region".into(), text("eu")),
    ]);
    Ask::Record { action: action.into(), subject, record, field: None }
}
