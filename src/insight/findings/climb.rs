//! Ways to more rights: requests of the system's own table that somebody may send and by which they gain what they lack.
//!
//! Breadth first, at most [`DEEPEST`] edits in a row and [`MOST_EACH`] for one principal: each request is decided by the engine for that principal, applied as an edit, and the
//! snapshot that comes of it is asked.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};

use super::sight::{MOST_NAMED, Sight, counted, listed, step};
use super::{Options, Witness};
use crate::api::policy::Policy;
use crate::base::lint::Severity;
use crate::compiled::Compiled;
use crate::compiled::layout::Section;
use crate::edit;
use crate::engine::Who;
use crate::insight::index::{id_of, prepared};
use crate::insight::row::Space;
use crate::value::Value;

/// So many edits are applied for one principal.
const MOST_EACH: usize = 100;
/// So many edits in a row.
const DEEPEST: usize = 3;

/// A snapshot that somebody can bring about.
struct State<'r> {
    root: Cow<'r, Value>,
    policy: Policy,
    steps: Vec<Witness>,
}

impl Sight {
    /// Looks for the ways of everybody.
    pub fn climbs(&mut self, root: &Value, options: &Options) {
        if options.edits == 0 {
            return;
        }
        for at in self.everybody() {
            if !self.insight.index().superusers.has(at) {
                self.climb(at, root, options);
            }
        }
    }

    fn climb(&mut self, at: u32, root: &Value, options: &Options) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let id = id_of(policy, at).to_string();
        let (mut gained, mut seen): (BTreeSet<String>, BTreeSet<String>) = Default::default();
        let mut left = MOST_EACH.min(options.edits.saturating_sub(self.edits));
        let mut open = VecDeque::from([State { root: Cow::Borrowed(root), policy: insight.policy.clone(), steps: Vec::new() }]);
        while let Some(state) = open.pop_front() {
            let sender = state.policy.principal(&Who::Named(id.clone()), &insight.context);
            for request in edit::moves(&state.root, &id) {
                // Most may not be sent: asked without writing them down.
                if !edit::is_open(&sender, &state.root, &request.line()) {
                    continue;
                }
                let Some(reason) = edit::may(&state.policy, &state.root, &sent(&id, request.head(), options)) else { continue };
                let request = request.request();
                let tried = edit::attempt(&state.policy, &state.root, &sent(&id, request.clone(), options));
                let Some((root, text, policy)) = tried else { continue };
                let Some(rest) = left.checked_sub(1) else {
                    self.complete = false;
                    return;
                };
                (left, self.edits) = (rest, self.edits.saturating_add(1));
                if !seen.insert(text) {
                    continue;
                }
                let (gains, lacks) = self.gains(&id, &policy);
                let fresh: Vec<String> = gains.into_iter().filter(|gain| !gained.contains(gain)).collect();
                let mut steps = state.steps.clone();
                steps.push(asked(request, &reason));
                if !fresh.is_empty() {
                    self.climbed(at, &id, &steps, &fresh);
                    gained.extend(fresh);
                }
                if !lacks {
                    return;
                }
                if steps.len() < DEEPEST {
                    open.push_back(State { root: Cow::Owned(root), policy, steps });
                }
            }
        }
    }

    /// What somebody is allowed in another snapshot and not in this one; and whether anything is left that they lack there.
    fn gains(&self, id: &str, after: &Policy) -> (Vec<String>, bool) {
        let insight = &self.insight;
        let (one, two) = (insight.policy.compiled(), after.compiled());
        let scopes = insight.context.session_scopes.clone().unwrap_or_default();
        let [before, later] = Space::of_both(one, two, &scopes.iter().map(String::as_str).collect::<Vec<_>>());
        let now = |policy: &Compiled| policy.find(id).and_then(|id| policy.lookup(Section::Who, id));
        let (Some(was), Some(is)) = (now(one), now(two)) else { return (Vec::new(), true) };
        let (was, is) = (prepared(one, was, &insight.context), prepared(two, is, &insight.context));
        let (was, is) = (before.allowed(one, &was), later.allowed(two, &is));
        let lacks = (0..later.lines()).any(|line| !is.has(line));
        let gained = is.differing(&was).filter(|line| is.has(*line));
        let gains = gained.filter_map(|line| later.universe.elements.get(line as usize)).map(|element| element.text.clone());
        (gains.collect(), lacks)
    }

    fn climbed(&mut self, at: u32, id: &str, steps: &[Witness], gains: &[String]) {
        let insight = self.insight.clone();
        let mut witness = vec![self.principal(insight.policy.compiled(), at, format!("`{id}` may send what follows"))];
        witness.extend(steps.iter().cloned());
        for gain in gains.iter().take(MOST_NAMED) {
            witness.push(step("permission", gain.clone(), format!("`{id}` may `{gain}` then, and may not now")));
        }
        let texts: Vec<&str> = gains.iter().map(String::as_str).collect();
        let message = format!(
            "`{id}` can gain {} by {} of its own: {}",
            counted(gains.len(), "permission"),
            counted(steps.len(), "edit"),
            listed(&texts)
        );
        self.add(("LINT_ESCALATION", Severity::FailsOpen), self.book.route, message, witness);
    }
}

/// A request, and why it may be sent.
fn asked(request: Value, reason: &str) -> Witness {
    let text = |key: &str| request.get(key).and_then(Value::as_text).unwrap_or_default();
    let id = format!("{} {}", text("method"), text("path"));
    Witness { kind: "request", id, path: None, message: reason.into(), request: Some(request) }
}

/// A request as an edit of somebody.
fn sent(id: &str, request: Value, options: &Options) -> Value {
    let mut edit: Vec<(Box<str>, Value)> = vec![("actor".into(), Value::Text(id.into())), ("request".into(), request)];
    edit.extend(circumstances(options).map(|context| ("context".into(), context.clone())));
    Value::Map(edit)
}

/// The context, where there is any.
fn circumstances(options: &Options) -> Option<&Value> {
    Some(&options.context).filter(|context| matches!(context, Value::Map(members) if !members.is_empty()))
}
