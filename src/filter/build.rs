//! The rules that count for a list, as one tree.

use super::archive;
use super::ast::Node;
use crate::compiled::Compiled;
use crate::condition::Semantics;
use crate::engine::{Ids, ListRule, Prepared, Verdict, archive as translatable, filter, list};

/// The tree of what several actions show together.
///
/// # Errors
/// The verdict of a refusal or failure.
pub fn node(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Result<Node, Box<Verdict>> {
    built(policy, who, actions, kind, Node::or)
}

/// The same as it is asked about one record.
///
/// # Errors
/// As [`node`].
pub fn in_order(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Result<Node, Box<Verdict>> {
    built(policy, who, actions, kind, Node::in_order)
}

fn built(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str, any: fn(Vec<Node>) -> Node) -> Result<Node, Box<Verdict>> {
    let semantics = policy.profile.semantics;
    let list = list(policy, who, actions, kind)?;
    if semantics == Semantics::Casl6 {
        // The server translates nothing where one action shows everything.
        if filter(policy, who, actions, kind)? == crate::engine::Filter::All {
            return Ok(Node::All);
        }
        translatable(policy, &list)?;
        return Ok(Node::or(list.actions.iter().filter_map(|listed| archive::node(listed, policy.opt_text(policy.profile.folded)))));
    }
    let mut shown = Vec::new();
    for listed in &list.actions {
        let rules = if listed.superuser { Node::All } else { rules(&listed.rules, semantics, any) };
        shown.push(Node::and(listed.bounds.iter().map(below).chain([rules])));
    }
    Ok(match any(shown) {
        node @ (Node::All | Node::Nothing) => node,
        node if list.well_formed => Node::and([Node::Malformed.negated(), node]),
        node => node,
    })
}

/// casl 1.8, which is right wherever the first rule that applies decides: each allow that no deny before it intercepts.
fn rules(rules: &[ListRule], semantics: Semantics, any: fn(Vec<Node>) -> Node) -> Node {
    let mut denies: Vec<Node> = Vec::new();
    let mut allows = Vec::new();
    for rule in rules {
        let condition = match &rule.condition {
            // CASL does not even ask about a record where an allow without conditions comes before any deny.
            None if semantics == Semantics::Casl7 && !rule.denies && denies.is_empty() => return Node::All,
            None => Node::All,
            // One that throws has ended the list before.
            Some(condition) => Node::tests(condition, semantics).unwrap_or(if rule.denies { Node::All } else { Node::Nothing }),
        };
        let applies = Node::and([below(&rule.ids), condition]);
        if rule.denies {
            denies.push(applies.negated());
        } else {
            allows.push(Node::and([applies].into_iter().chain(denies.iter().cloned())));
        }
    }
    any(allows)
}

fn below(ids: &Ids) -> Node {
    match ids {
        Ids::Any => Node::All,
        Ids::Below(paths) if paths.is_empty() => Node::Nothing,
        Ids::Below(paths) => Node::Below(paths.clone()),
    }
}
