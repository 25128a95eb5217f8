//! Grants as rows.

use std::collections::BTreeMap;

use super::Writer;
use super::words::{Pool, Words, word};
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::{FEW_WAYS, Limits, MAX_PAIRS, MAX_WAYS, PAIRS_EACH};
use crate::base::table::{Keys, index, pair};
use crate::base::terms::{Pattern, Segment};
use crate::compiled::bits;
use crate::compiled::layout::{LISTED, NONE, TERMS};
use crate::model::trie::Trie;
use crate::model::{Grant, GrantEffect, Word};

/// What has been entered.
#[derive(Default)]
pub struct Grants {
    count: usize,
    /// Pairs beyond those that lists of their length may come to.
    pairs_beyond: usize,
    /// How many pairs may cover one question, of grants of which many do.
    ways: usize,
    terms: Vec<[u32; 7]>,
    known_terms: BTreeMap<[u32; 7], u32>,
    /// The terms of a plain allow by the rule that was met last.
    plain: Option<(Word, u32)>,
    grants: Vec<OnPatterns>,
    /// Action and resource, as the trees number them while they grow.
    pairs: Keys,
    /// Pair and grant.
    entries: Vec<(u32, u32)>,
    /// How many entries each holder has.
    holders: Vec<u32>,
}

struct OnPatterns {
    terms: u32,
    plain: bool,
    actions: Nodes,
    resources: Nodes,
}

/// Nearly always one.
enum Nodes {
    One(u32),
    Several(Vec<u32>),
}

impl Nodes {
    fn of(patterns: &[Pattern], trie: &mut Trie) -> Self {
        match patterns {
            [one] => Self::One(trie.insert(one)),
            _ => Self::Several(patterns.iter().map(|pattern| trie.insert(pattern)).collect()),
        }
    }

    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(node) => std::slice::from_ref(node),
            Self::Several(nodes) => nodes,
        }
    }
}

/// How many of some patterns may cover one thing: of one length and with `*` at the same places only one does.
fn shapes(patterns: &[Pattern]) -> usize {
    let mut shapes: Vec<(usize, u128)> = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let stars = (0..128).zip(pattern.segments()).filter(|(_, segment)| **segment == Segment::One);
        shapes.push((pattern.segments().len(), stars.fold(0, |mask, (place, _)| mask | 1 << place)));
    }
    shapes.sort_unstable();
    shapes.dedup();
    shapes.len()
}

/// The sections.
pub struct Written {
    pub pairs: Words,
    pub entries: Words,
    pub grants: Words,
    pub terms: Words,
}

impl Grants {
    /// None yet.
    pub fn with_seed(seed: u64) -> Self {
        Self { pairs: Keys::with_seed(seed), ..Self::default() }
    }

    /// Enters the grants of the next holder: its first entry, and how many it has.
    pub fn enter(
        &mut self,
        writer: &mut Writer,
        grants: Vec<Grant>,
        attributes: &mut Vec<String>,
        limits: &Limits,
    ) -> Result<(u32, u32), Error> {
        let from = index(self.entries.len());
        for grant in &grants {
            self.enter_one(writer, grant, attributes, limits)?;
        }
        let count = index(self.entries.len()) - from;
        self.holders.push(count);
        Ok((from, count))
    }

    #[inline(never)]
    fn enter_one(&mut self, writer: &mut Writer, grant: &Grant, attributes: &mut Vec<String>, limits: &Limits) -> Result<(), Error> {
        self.count = self.count.saturating_add(grant.actions.len().saturating_mul(grant.resources.len()).max(1));
        for pattern in grant.actions.iter().chain(grant.resources.iter()) {
            // A long path is many nodes.
            self.count = self.count.saturating_add(pattern.segments().len() / 64);
        }
        let too_many = |message: String| Err(Error::new(ErrorCode::TooMany, "$.payloads", message));
        if self.count > limits.max_grants {
            return too_many(format!("more than the {} grants allowed", limits.max_grants));
        }
        let (actions, resources) = (grant.actions.len(), grant.resources.len());
        let written = actions.saturating_add(resources).saturating_mul(PAIRS_EACH);
        self.pairs_beyond = self.pairs_beyond.saturating_add(actions.saturating_mul(resources).saturating_sub(written));
        if self.pairs_beyond > MAX_PAIRS {
            return too_many(format!(
                "lists of actions and resources multiply out to {MAX_PAIRS} pairs more than they may: write `*` or a path above in the place of one of the lists"
            ));
        }
        if actions.saturating_mul(resources) > FEW_WAYS {
            let ways = shapes(&grant.actions).saturating_mul(shapes(&grant.resources));
            self.ways = self.ways.saturating_add(if ways > FEW_WAYS { ways } else { 0 });
            if self.ways > MAX_WAYS {
                return too_many(format!(
                    "patterns with `*` overlap in more than {MAX_WAYS} ways: write fewer of those that others of the same grant cover"
                ));
            }
        }
        let number = index(self.grants.len());
        let resources = Nodes::of(&grant.resources, &mut writer.resources);
        let actions = Nodes::of(&grant.actions, &mut writer.actions);
        for action in actions.as_slice() {
            for resource in resources.as_slice() {
                self.entries.push((self.pairs.enter(pair(*action, *resource)), number));
            }
        }
        let said = grant.terms();
        if let Some(condition) = &said.condition {
            attributes.extend(condition.attributes());
        }
        let plain = said.is_plain() && said.reason.is_none();
        let terms = match &self.plain {
            Some((rule, terms)) if plain && *rule == grant.rule => *terms,
            _ => self.terms(writer, grant),
        };
        if plain {
            self.plain = Some((grant.rule.clone(), terms));
        }
        self.grants.push(OnPatterns { terms, plain: said.is_plain(), actions, resources });
        Ok(())
    }

    fn terms(&mut self, writer: &mut Writer, grant: &Grant) -> u32 {
        let said = grant.terms();
        let denies = said.effect == GrantEffect::Deny;
        let conditional = said.condition.as_ref().is_some_and(|condition| !condition.is_empty());
        let bit = |is: bool, bit: u32| if is { bit } else { 0 };
        let condition = match &said.condition {
            Some(condition) => writer.pool.value(&mut writer.names, condition.source()),
            None => NONE,
        };
        let fields = match &said.fields {
            Some(fields) => {
                let names: Vec<u32> = fields.iter().map(|field| writer.names.intern(field).number()).collect();
                writer.pool.list(names.into_iter())
            }
            None => NONE,
        };
        let words = [
            bit(denies, bits::DENIES) | bit(conditional, bits::CONDITIONAL) | bit(said.is_plain(), bits::PLAIN),
            condition,
            fields,
            word(said.scope),
            said.priority.cast_unsigned(),
            word(said.reason),
            writer.names.intern(&grant.rule).number(),
        ];
        let next = index(self.terms.len());
        let number = *self.known_terms.entry(words).or_insert(next);
        if number == next {
            self.terms.push(words);
        }
        number
    }

    /// Writes the rows, by the numbers that the nodes have in the trees as they are written.
    pub fn write(mut self, pool: &mut Pool, actions: &[u32], resources: &[u32]) -> Written {
        let number = |numbers: &[u32], node: u32| numbers.get(node as usize).copied().unwrap_or(NONE);
        // Each pair by its new numbers, with its old number.
        let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(self.pairs.keys().len());
        for (old, key) in (0..).zip(self.pairs.keys()) {
            pairs.push((pair(number(actions, (key >> 32) as u32), number(resources, *key as u32)), old));
        }
        pairs.sort_unstable();
        let mut places = vec![0; pairs.len()];
        let mut written = Written {
            pairs: Words::with_capacity(pairs.len() * 2),
            entries: Words::with_capacity(self.entries.len() * 2),
            grants: Words::with_capacity(self.grants.len() * 3),
            terms: self.terms.concat(),
        };
        for (place, (key, old)) in (0..).zip(&pairs) {
            written.pairs.extend([(key >> 32) as u32, *key as u32]);
            if let Some(at) = places.get_mut(*old as usize) {
                *at = place;
            }
        }
        let mut rest = self.entries.as_mut_slice();
        for count in &self.holders {
            let Some((own, behind)) = std::mem::take(&mut rest).split_at_mut_checked(*count as usize) else { break };
            rest = behind;
            write_entries(own, &places, &self.grants, &mut written.entries);
        }
        for grant in &self.grants {
            let mut nodes = |nodes: &Nodes, numbers: &[u32]| match nodes {
                Nodes::One(node) => number(numbers, *node),
                Nodes::Several(_) => LISTED | pool.list(nodes.as_slice().iter().map(|node| number(numbers, *node))),
            };
            let (on, of) = (nodes(&grant.actions, actions), nodes(&grant.resources, resources));
            written.grants.extend([grant.terms, on, of]);
        }
        written
    }
}

/// One holder's entries, by pair and then by grant.
#[inline(never)]
fn write_entries(own: &mut [(u32, u32)], places: &[u32], grants: &[OnPatterns], into: &mut Words) {
    for (pair, _) in own.iter_mut() {
        *pair = places.get(*pair as usize).copied().unwrap_or(NONE);
    }
    own.sort_unstable();
    for (pair, grant) in own {
        let plain = grants.get(*grant as usize).is_some_and(|grant| grant.plain);
        into.extend([*pair, *grant | if plain { 0 } else { TERMS }]);
    }
}
