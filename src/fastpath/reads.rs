//! What deciding about records of a type may read of them: paths as a tree, so that a binding fetches nothing else.

use crate::base::names::Names;
use crate::base::terms::Spelling;
use crate::base::text::{concat, push_number};
#[cfg(feature = "insight")]
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Grant};
use crate::condition::{Condition, Operator, Semantics, Test};
use crate::engine::{Prepared, VisitKind, asked_resource, ordered};
use crate::json::write::Json;
use crate::value::Value;

/// So deep is no record that an encoder writes.
const MAX_STEPS: usize = 64;

/// The tree as a list: a node stands behind the one above it.
#[derive(Default)]
struct Reads {
    nodes: Vec<Node>,
    /// The number of the node above and the name in it, as one text; its number is the node's.
    names: Names,
}

#[derive(Default)]
struct Node {
    above: usize,
    name: Box<str>,
    /// The value is looked at, and not only whether it is there.
    looks: bool,
    /// It is compared, and an object does more then than to be there.
    compares: bool,
    /// So many lists, one in the other, are gone through.
    lists: usize,
}

/// What may be read of records of a type, as JSON: `exact` where they are read as JavaScript does, and for each node the one above,
/// its flags, the lists in it, its name.
pub fn reads(policy: &Compiled, who: &Prepared, action: &str, kind: &str) -> String {
    let mut reads = Reads::default();
    let root = reads.root();
    reads.enter(root, policy, who, action, kind);
    reads.json(policy.profile.semantics != Semantics::Native)
}

/// The same where everybody is asked about.
#[cfg(feature = "insight")]
pub fn reads_of_everybody(
    policy: &Compiled,
    everybody: impl Iterator<Item = std::sync::Arc<Prepared>>,
    action: &str,
    kind: &str,
) -> String {
    let mut reads = Reads::default();
    let root = reads.root();
    everybody.for_each(|who| reads.enter(root, policy, &who, action, kind));
    reads.json(policy.profile.semantics != Semantics::Native)
}

/// The same of somebody who might hold whatever there is.
#[cfg(feature = "insight")]
pub fn reads_of_everything(policy: &Compiled, who: &Prepared, action: &str, kind: &str) -> String {
    let mut reads = Reads::default();
    let root = reads.root();
    let asked = asked_resource(policy, action, kind, None);
    let paths = matches!(policy.profile.spelling, Spelling::Path | Spelling::Ace);
    for holder in (0..policy.rows(Section::Holders)).filter_map(|at| policy.holder(at)) {
        // What is granted on the single record hangs on its id.
        for (_, grant) in policy.entries(&holder).filter(|(pair, _)| paths || asked.pairs.contains(pair)) {
            let condition = policy.grant(grant).and_then(|grant| policy.condition(&grant));
            if let Some(condition) = condition.and_then(|condition| who.bind(policy, condition)) {
                reads.condition(root, policy, &condition);
            }
        }
    }
    if paths {
        let id = reads.node(root, "id");
        reads.mark(id, |node| node.looks = true);
    }
    reads.json(policy.profile.semantics != Semantics::Native)
}

/// The same for conditions by themselves, read as CASL 7 does or, where JSON forms count, as databases and native snapshots do: then
/// with the record's id.
#[cfg_attr(not(any(feature = "casl", feature = "insight")), allow(dead_code, reason = "only bindings of abilities and filters need it"))]
pub fn reads_of<'c>(conditions: impl Iterator<Item = &'c Condition>, semantics: Semantics) -> String {
    let mut reads = Reads::default();
    let root = reads.root();
    let exact = semantics == Semantics::Casl7;
    if !exact {
        let id = reads.node(root, "id");
        reads.mark(id, |node| node.looks = true);
    }
    for condition in conditions {
        let _ = condition.visit(semantics, None, &mut |test| Ok(reads.test(root, test, 1)));
    }
    reads.json(exact)
}

impl Reads {
    /// The record itself. Its text is no other node's: an attribute may have an empty name.
    fn root(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.names.intern("").number() as usize
    }

    /// Enters what somebody's conditions on records of a type read.
    #[cfg_attr(feature = "insight", inline(never))]
    fn enter(&mut self, root: usize, policy: &Compiled, who: &Prepared, action: &str, kind: &str) {
        let profile = &policy.profile;
        let mut enter = |grant: &Grant| {
            let condition = policy.condition(grant).and_then(|condition| who.bind(policy, condition));
            condition.into_iter().for_each(|condition| self.condition(root, policy, &condition));
        };
        if matches!(profile.spelling, Spelling::Path | Spelling::Ace) {
            // What is granted on the single record hangs on its id: all that the principal holds.
            for visit in &who.visits {
                let VisitKind::Holder(id) = visit.kind else { continue };
                let Some(holder) = policy.holder(id.0) else { continue };
                policy.entries(&holder).filter_map(|(_, grant)| policy.grant(grant)).for_each(|grant| enter(&grant));
            }
            let id = self.node(root, "id");
            self.mark(id, |node| node.looks = true);
        } else {
            ordered(policy, who, &asked_resource(policy, action, kind, None)).iter().for_each(|candidate| enter(&candidate.grant));
        }
    }

    fn condition(&mut self, root: usize, policy: &Compiled, condition: &Condition) {
        let profile = &policy.profile;
        // A condition that throws reads nothing, or not more than up to there.
        let _ = condition.visit(profile.semantics, policy.opt_text(profile.folded), &mut |test| Ok(self.test(root, test, 1)));
    }

    fn node(&mut self, above: usize, name: &str) -> usize {
        let mut key = String::new();
        push_number(&mut key, above);
        let number = self.names.intern(&concat(&[&key, ".", name])).number() as usize;
        if number == self.nodes.len() {
            self.nodes.push(Node { above, name: name.into(), ..Node::default() });
        }
        number
    }

    fn mark(&mut self, node: usize, mark: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(node) {
            mark(node);
        }
    }

    /// Enters one test; `lists` are gone through where its path ends.
    fn test(&mut self, root: usize, test: &Test<'_>, lists: usize) -> bool {
        let mut at = root;
        // The last step is taken from each item apart, which may be a list in its turn.
        let again = test.operator == Operator::Size || *test.operand == Value::Null;
        for (step, name) in test.path.iter().take(MAX_STEPS).enumerate() {
            let lists = lists + usize::from(again && step + 1 == test.path.len());
            self.mark(at, |node| {
                node.looks = true;
                node.lists = node.lists.max(lists);
            });
            // CASL 6 may end early, and asks what it ended on for the last member.
            if let (Operator::Exists, Semantics::Casl6, Some(last)) = (test.operator, test.walk.semantics, test.path.last()) {
                self.node(at, last);
            }
            at = self.node(at, name);
        }
        let lists = if test.path.is_empty() { lists } else { 1 };
        match test.operator {
            Operator::Options | Operator::Exists => {}
            Operator::Size => self.mark(at, |node| node.looks = true),
            Operator::Element => {
                self.mark(at, |node| {
                    node.looks = true;
                    node.lists = node.lists.max(lists);
                });
                let _ = test.walk.element(test.operand, &mut |test| Ok(self.test(at, test, lists + 1)));
            }
            operator => self.mark(at, |node| {
                node.looks = true;
                node.lists = node.lists.max(lists);
                node.compares |= operator != Operator::Regex;
            }),
        }
        true
    }

    fn json(&self, exact: bool) -> String {
        let mut json = Json::object();
        json.truth("exact", exact);
        json.begin("nodes", '[');
        for node in &self.nodes {
            json.number("", node.above);
            json.number("", usize::from(node.looks) | usize::from(node.compares) << 1);
            json.number("", node.lists);
            json.text("", &node.name);
        }
        json.end(']');
        json.finish('}')
    }
}
