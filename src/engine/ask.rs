//! What can be asked of the tables.

use crate::compiled::layout::{Section, flag};
use crate::compiled::{Compiled, NodeId, ROOT, Spot};
use crate::model::Spelling;
use crate::spelling::{Spelled, spell};
use crate::value::Value;

/// An action on a resource, as places among the patterns.
#[derive(Debug, Clone)]
pub struct Asked {
    pub action: Spot,
    pub resource: Spot,
    /// Pairs of patterns that cover it and that some grant is on.
    pub pairs: Vec<u32>,
    /// The permission that a closed registry has to list: of a record's type, not of the record (N16).
    pub registered: Option<(NodeId, NodeId)>,
    /// The segments, where the question came as text: patterns that only a token or a session names are compared with them.
    pub words: Option<Words>,
}

/// Segments of a question.
#[derive(Debug, Clone)]
pub struct Words {
    pub action: Vec<Box<str>>,
    pub resource: Vec<Box<str>>,
    /// Paths above the resource that are not its own (N12).
    pub above: Vec<Vec<Box<str>>>,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// At least one record of the type (A5).
    Type,
    /// This record (A6).
    Record(&'a Value),
    /// A record that the caller has not given.
    Withheld,
}

/// A whole question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub asked: &'a Asked,
    pub target: Target<'a>,
    pub field: Option<&'a str>,
}

impl Asked {
    fn new(policy: &Compiled, spelled: &Spelled<'_>) -> Self {
        let own = |segments: &[&str]| segments.iter().map(|segment| (*segment).into()).collect();
        let (action, resource) = (policy.locate_action(&spelled.action), policy.locate_resource(&spelled.resource));
        let above = resource.above.iter().map(|path| path.iter().map(|segment| policy.text(*segment).into()).collect()).collect();
        let words = Words { action: own(&spelled.action), resource: own(&spelled.resource), above };
        Self::at(policy, action, resource, Some(words))
    }

    fn at(policy: &Compiled, action: Spot, resource: Spot, words: Option<Words>) -> Self {
        // What names the question itself first, what covers everything last: by the first that a grant is on it is cited.
        let mut pairs = Vec::new();
        for (on_rank, what_rank) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)] {
            for on in resource.covers.iter().filter(|node| rank_of(&resource, **node) == on_rank) {
                for what in action.covers.iter().filter(|node| rank_of(&action, **node) == what_rank) {
                    pairs.extend(policy.row_of(Section::Pairs, *what, *on));
                }
            }
        }
        Self { registered: action.exact.zip(resource.exact), words, action, resource, pairs }
    }

    /// Whether the policy has heard of it: a deny of something unheard of may be a typing error.
    pub fn is_known(&self, policy: &Compiled) -> bool {
        if policy.profile.has(flag::SLICE) {
            return true;
        }
        match policy.profile.spelling {
            Spelling::Flat | Spelling::Typed => self.action.exact.is_some() && self.resource.exact.is_some(),
            // Ids below a known resource are never listed.
            Spelling::Path | Spelling::Ace => {
                self.action.exact.is_some() && (self.resource.exact.is_some() || self.resource.covers.len() > 1)
            }
        }
    }

    /// Whether the registry lists it.
    pub fn is_registered(&self, policy: &Compiled) -> bool {
        self.registered.is_some_and(|(action, resource)| policy.row_of(Section::Registry, action, resource).is_some())
    }

    /// An empty segment: no permission is spelled so, and nothing but a super-user passes.
    pub fn is_malformed(&self) -> bool {
        self.words.as_ref().is_some_and(|words| words.action.iter().chain(&words.resource).any(|word| word.is_empty()))
    }
}

/// A permission in the system's own spelling.
pub fn asked_permission(policy: &Compiled, text: &str) -> Asked {
    Asked::new(policy, &spell(policy.profile.spelling, text))
}

/// An action on a type, and on the record of that id where there is one.
pub fn asked_resource(policy: &Compiled, action: &str, kind: &str, id: Option<&str>) -> Asked {
    let spelled = match policy.profile.spelling {
        // A flat system has permissions and no resources: nothing covers this.
        Spelling::Flat => Spelled { action: vec![action, kind], resource: vec![kind] },
        Spelling::Typed => Spelled { action: vec![action], resource: vec![kind] },
        Spelling::Path | Spelling::Ace => Spelled {
            action: action.split(':').collect(),
            resource: kind.split('/').chain(id.into_iter().flat_map(|id| id.split('/'))).collect(),
        },
    };
    let mut asked = Asked::new(policy, &spelled);
    if id.is_some() && policy.profile.spelling == Spelling::Path {
        let kind: Vec<&str> = kind.split('/').collect();
        asked.registered = asked.action.exact.zip(policy.locate_resource(&kind).exact);
    }
    asked
}

/// 0 for the question itself, 2 for everything, 1 for what is between.
fn rank_of(spot: &Spot, node: NodeId) -> u32 {
    match node {
        _ if spot.exact == Some(node) => 0,
        ROOT => 2,
        _ => 1,
    }
}
