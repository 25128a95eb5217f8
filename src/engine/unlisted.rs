//! Permissions that a token or a session spells rather than the snapshot: compared by their words.

use super::ask::Asked;
use super::ids::IdPath;
use crate::base::terms::Spelling;
use crate::compiled::layout::{ANY_ONE, NONE};
use crate::compiled::{Compiled, NodeId};
use crate::engine::syntax::spell;

/// A permission that was spelled by a token or a session rather than by the snapshot.
#[derive(Debug, Clone)]
pub struct Loose {
    pub text: Box<str>,
    action: LoosePattern,
    resource: LoosePattern,
}

#[derive(Debug, Clone, Default)]
struct LoosePattern {
    /// Covers nothing: an empty segment.
    nothing: bool,
    /// Covers a question without resource only (N2).
    bare: bool,
    /// Its node if the policy names it.
    node: Option<NodeId>,
    /// Its segments; nothing for one that stands for any one. None at all covers everything.
    segments: Vec<Option<Box<str>>>,
}

impl LoosePattern {
    #[inline(never)]
    fn new(policy: &Compiled, segments: &[&str], action: bool) -> Self {
        let spelling = policy.profile.spelling;
        let mut pattern = Self::default();
        if segments == ["*"] && (spelling == Spelling::Path || spelling == Spelling::Ace && action) {
            return pattern;
        }
        let mut named = true;
        pattern.bare = segments.is_empty() && spelling == Spelling::Path;
        for segment in segments {
            let any_one = spelling == Spelling::Path && *segment == "*";
            named &= !any_one;
            pattern.nothing |= segment.is_empty();
            pattern.segments.push(if any_one { None } else { Some((*segment).into()) });
        }
        if named && !segments.is_empty() {
            pattern.node = policy.locate(segments, action).exact;
        }
        pattern
    }

    /// Covers nothing that the policy has heard of.
    fn is_idle(&self, policy: &Compiled, action: bool) -> bool {
        let first = self.segments.first().and_then(Option::as_deref);
        self.nothing || self.node.is_none() && first.is_some_and(|name| policy.locate(&[name], action).exact.is_none())
    }

    #[inline(never)]
    fn covers(&self, covers: &[NodeId], words: &[&str]) -> bool {
        if self.nothing || self.bare && !words.is_empty() {
            return false;
        }
        if self.node.is_some_and(|node| covers.contains(&node)) {
            return true;
        }
        if self.segments.len() > words.len() {
            return false;
        }
        for (segment, word) in self.segments.iter().zip(words) {
            if segment.as_ref().is_some_and(|name| **name != **word) {
                return false;
            }
        }
        true
    }
}

impl Loose {
    /// A permission pattern in the system's spelling.
    pub fn new(policy: &Compiled, text: &str) -> Self {
        let spelling = policy.profile.spelling;
        let spelled = spell(spelling, text);
        // No segment at all is every action (H4), or no resource (N2); `*` alone is everything (N3).
        let mut resource = LoosePattern::new(policy, &spelled.resource, false);
        resource.bare &= text != "*";
        Self { text: text.into(), action: LoosePattern::new(policy, &spelled.action, true), resource }
    }

    /// Whether it covers nothing that the policy has heard of.
    pub fn is_idle(&self, policy: &Compiled) -> bool {
        self.action.is_idle(policy, true) || self.resource.is_idle(policy, false)
    }

    /// Ids of which it covers the records, where it does not cover the whole type that is asked about.
    pub fn below(&self, asked: &Asked) -> Option<IdPath> {
        let mut words: Vec<&str> = Vec::new();
        for word in &asked.words {
            words.push(word);
        }
        let (action, resource) = words.split_at_checked(asked.actions).unwrap_or_default();
        let (of_type, below) = self.resource.segments.split_at_checked(resource.len())?;
        let pattern = LoosePattern { segments: of_type.to_vec(), ..LoosePattern::default() };
        let covers = !asked.malformed && !self.resource.nothing && !below.is_empty();
        (covers && self.action.covers(&asked.action.covers, action) && pattern.covers(&[], resource)).then(|| below.to_vec())
    }

    /// Whether it covers the question.
    pub fn covers(&self, policy: &Compiled, asked: &Asked) -> bool {
        if asked.malformed {
            return false;
        }
        let mut words: Vec<&str> = Vec::new();
        for word in &asked.words {
            words.push(word);
        }
        let (action, resource) = words.split_at_checked(asked.actions).unwrap_or_default();
        if !self.action.covers(&asked.action.covers, action) {
            return false;
        }
        self.resource.covers(&asked.resource.covers, resource) || asked.resource.above.iter().any(|above| self.is_on(policy, above))
    }

    /// Whether it covers the action of the question on a resource of these labels.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn covers_path(&self, policy: &Compiled, asked: &Asked, labels: &[u32]) -> bool {
        let mut words: Vec<&str> = Vec::new();
        for word in asked.words.iter().take(asked.actions) {
            words.push(word);
        }
        !asked.malformed && self.action.covers(&asked.action.covers, &words) && self.is_on(policy, labels)
    }

    /// Whether it is on a resource of these labels, whatever the action.
    fn is_on(&self, policy: &Compiled, labels: &[u32]) -> bool {
        let mut words = Vec::new();
        for label in labels {
            words.push(if matches!(*label, NONE | ANY_ONE) { "" } else { policy.text(crate::base::names::Sym(*label)) });
        }
        self.resource.covers(&[], &words)
    }
}
