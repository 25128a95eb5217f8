//! Permissions that a token or a session spells rather than the snapshot: compared by their words.

use super::ask::Asked;
use crate::compiled::{Compiled, NodeId};
use crate::model::Spelling;
use crate::spelling::spell;

/// A permission that was spelled by a token or a session rather than by the snapshot.
#[derive(Debug, Clone)]
pub struct Loose {
    pub text: Box<str>,
    action: LoosePattern,
    resource: LoosePattern,
}

#[derive(Debug, Clone)]
enum LoosePattern {
    Any,
    /// Its node if the policy names it, and its segments. `None` for a segment that stands for any one.
    Path(Option<NodeId>, Vec<Option<Box<str>>>),
    /// Covers nothing: an empty segment.
    Nothing,
}

impl Loose {
    /// A permission pattern in the system's spelling.
    pub fn new(policy: &Compiled, text: &str) -> Self {
        let spelling = policy.profile.spelling;
        let spelled = spell(spelling, text);
        let pattern = |segments: &[&str], action: bool| -> LoosePattern {
            if segments.iter().any(|segment| segment.is_empty()) {
                return LoosePattern::Nothing;
            }
            match segments {
                [] => LoosePattern::Any,
                ["*"] if spelling == Spelling::Path || (spelling == Spelling::Ace && action) => LoosePattern::Any,
                _ => {
                    let spot = if action { policy.locate_action(segments) } else { policy.locate_resource(segments) };
                    let any_one = |segment: &str| spelling == Spelling::Path && segment == "*";
                    let words = segments.iter().map(|segment| (!any_one(segment)).then(|| (*segment).into()));
                    LoosePattern::Path(spot.exact.filter(|_| !segments.iter().any(|segment| any_one(segment))), words.collect())
                }
            }
        };
        // No segment at all is every action (H4), or every resource.
        Self { text: text.into(), action: pattern(&spelled.action, true), resource: pattern(&spelled.resource, false) }
    }

    /// Whether it covers the question.
    pub fn covers(&self, asked: &Asked) -> bool {
        let Some(words) = asked.words.as_ref().filter(|_| !asked.is_malformed()) else { return false };
        self.action.covers(&asked.action.covers, &words.action)
            && (self.resource.covers(&asked.resource.covers, &words.resource)
                || words.above.iter().any(|above| self.resource.covers(&[], above)))
    }
}

impl LoosePattern {
    fn covers(&self, covers: &[NodeId], words: &[Box<str>]) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing => false,
            Self::Path(Some(node), _) if covers.contains(node) => true,
            Self::Path(_, segments) => {
                let mut pairs = segments.iter().zip(words);
                segments.len() <= words.len() && pairs.all(|(pattern, word)| pattern.as_ref().is_none_or(|name| name == word))
            }
        }
    }
}
