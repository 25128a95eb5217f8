//! What can be asked of the tables.

use crate::base::table::sort;
use crate::base::terms::{NO_RESOURCE, Spelling};
use crate::base::text::split;
use crate::compiled::layout::{Section, flag};
use crate::compiled::{Compiled, NodeId, ROOT, Spot};
use crate::engine::syntax::{Spelled, spell};
use crate::value::Value;
use crate::value::host::number_to_text;
use std::borrow::Cow;

/// An action on a resource, as places among the patterns.
#[derive(Debug)]
pub struct Asked {
    pub action: Spot,
    pub resource: Spot,
    /// Pairs of patterns that cover it and that some grant is on.
    pub pairs: Vec<u32>,
    /// The permission that a closed registry has to list: of a record's type, not of the record (N16).
    pub registered: Option<(NodeId, NodeId)>,
    /// The segments, those of the action first: patterns that only a token or a session names are compared with them.
    pub words: Vec<Box<str>>,
    /// How many of them are the action's.
    pub actions: usize,
    /// An empty segment where a text is spelled, or an id that is none: nothing but a super-user passes.
    pub malformed: bool,
    /// The id is neither text nor a number (N20).
    pub odd_id: bool,
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
    #[inline(never)]
    fn new(policy: &Compiled, spelled: &Spelled<'_>) -> Self {
        Self::at(policy, spelled, resource_spot(policy, &spelled.resource))
    }

    fn at(policy: &Compiled, spelled: &Spelled<'_>, resource: Spot) -> Self {
        let action = policy.locate(&spelled.action, true);
        // What names the question itself first, what covers everything last: by the first that a grant is on it is cited.
        let mut ranked: Vec<(u64, u32)> = Vec::new();
        policy.pairs_on(&action.covers, &resource.covers, &mut |what, on, row| {
            let node = |spot: &Spot, place: u32| spot.covers.get(place as usize).copied().unwrap_or(ROOT);
            let rank = rank_of(&resource, node(&resource, on)) * 3 + rank_of(&action, node(&action, what));
            ranked.push((u64::from(rank) << 60 | u64::from(on) << 30 | u64::from(what), row));
        });
        sort(&mut ranked);
        let mut pairs = Vec::with_capacity(ranked.len());
        for (_, row) in ranked {
            pairs.push(row);
        }
        let mut words: Vec<Box<str>> = Vec::new();
        let mut malformed = false;
        for list in [&spelled.action, &spelled.resource] {
            for word in list {
                malformed |= word.is_empty();
                words.push((*word).into());
            }
        }
        let registered = action.exact.zip(resource.exact);
        Self { registered, words, actions: spelled.action.len(), malformed, odd_id: false, action, resource, pairs }
    }

    /// N20: an id is data and may be any text, with empty segments too. So many segments of the resource are names, as the action is.
    fn name(&mut self, kind: usize) {
        self.malformed = false;
        for word in self.words.iter().take(self.actions + kind) {
            self.malformed |= word.is_empty();
        }
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
}

/// Where a resource stands among the patterns.
#[inline(always)]
pub fn resource_spot(policy: &Compiled, segments: &[&str]) -> Spot {
    let mut spot = policy.locate(segments, false);
    if segments.is_empty() {
        // N2: what is granted on no resource.
        spot.covers.extend(policy.locate(&[NO_RESOURCE], false).exact);
    }
    spot
}

/// A permission in the system's own spelling.
pub fn asked_permission(policy: &Compiled, text: &str) -> Asked {
    Asked::new(policy, &spell(policy.profile.spelling, text))
}

/// The same of what is taken apart already. What is behind a type may be an id.
pub fn asked_words(policy: &Compiled, action: Vec<&str>, resource: Vec<&str>) -> Asked {
    let spot = resource_spot(policy, &resource);
    asked_at(policy, action, resource, spot)
}

/// The same where it is known where the resource stands.
pub fn asked_at(policy: &Compiled, action: Vec<&str>, resource: Vec<&str>, spot: Spot) -> Asked {
    let mut asked = Asked::at(policy, &Spelled { action, resource }, spot);
    if policy.profile.spelling == Spelling::Path {
        asked.name(1);
    }
    asked
}

/// An action on a type, and on the record of that id where there is one.
pub fn asked_resource(policy: &Compiled, action: &str, kind: &str, id: Option<&str>) -> Asked {
    let spelling = policy.profile.spelling;
    let mut spelled = Spelled { action: vec![action], resource: vec![kind] };
    match spelling {
        // A flat system has permissions and no resources: nothing covers this.
        Spelling::Flat => spelled.action.push(kind),
        Spelling::Typed => {}
        Spelling::Path | Spelling::Ace => {
            spelled.action = split(action, b':');
            spelled.resource = split(kind, b'/');
            if let Some(id) = id {
                spelled.resource.append(&mut split(id, b'/'));
            }
        }
    }
    let mut asked = Asked::new(policy, &spelled);
    if id.is_some() && spelling == Spelling::Path {
        let kind = split(kind, b'/');
        asked.registered = asked.action.exact.zip(policy.locate(&kind, false).exact);
        asked.name(kind.len());
    }
    asked
}

/// An action on a record (N2, N20).
pub fn asked_record(policy: &Compiled, action: &str, kind: &str, record: &Value) -> Asked {
    if policy.profile.spelling != Spelling::Path {
        return asked_resource(policy, action, kind, record.get("id").and_then(Value::as_text));
    }
    let (id, is_odd) = record_id(record);
    let mut asked = asked_resource(policy, action, kind, id.as_deref());
    asked.malformed |= is_odd;
    asked.odd_id = is_odd;
    asked
}

/// N20: a record's id as text, of a number the one that JavaScript writes; and whether it is neither, and there.
#[inline(never)]
pub fn record_id(record: &Value) -> (Option<Cow<'_, str>>, bool) {
    match record.get("id") {
        None | Some(Value::Null) => (None, false),
        Some(Value::Text(text)) => (Some(Cow::Borrowed(text)), false),
        Some(Value::Number(number)) if number.is_finite() => (Some(Cow::Owned(number_to_text(*number))), false),
        Some(_) => (None, true),
    }
}

/// 0 for the question itself, 2 for everything, 1 for what is between.
fn rank_of(spot: &Spot, node: NodeId) -> u32 {
    match node {
        _ if spot.exact == Some(node) => 0,
        ROOT => 2,
        _ => 1,
    }
}
