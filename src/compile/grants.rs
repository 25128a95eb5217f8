//! Grants as rows.

use std::collections::BTreeMap;

use super::words::{Pool, Words, word};
use super::{Writer, key};
use crate::compiled::bits;
use crate::compiled::layout::{LISTED, NONE, TERMS};
use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::model::{Grant, GrantEffect};
use crate::table::index;

/// What has been entered.
#[derive(Default)]
pub struct Grants {
    count: usize,
    terms: Vec<[u32; 7]>,
    known_terms: BTreeMap<[u32; 7], u32>,
    grants: Vec<OnPatterns>,
    /// Action, resource and grant, as the trees number them while they grow.
    entries: Vec<(u32, u32, u32)>,
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
    fn of(nodes: Vec<u32>) -> Self {
        match nodes.as_slice() {
            [one] => Self::One(*one),
            _ => Self::Several(nodes),
        }
    }

    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(node) => std::slice::from_ref(node),
            Self::Several(nodes) => nodes,
        }
    }
}

/// The sections.
pub struct Written {
    pub pairs: Words,
    pub entries: Words,
    pub grants: Words,
    pub terms: Words,
}

impl Grants {
    /// Enters the grants of the next holder: its first entry, and how many it has.
    pub fn enter(
        &mut self,
        writer: &mut Writer,
        grants: Vec<Grant>,
        attributes: &mut Vec<String>,
        limits: &Limits,
    ) -> Result<(u32, u32), Error> {
        let from = index(self.entries.len());
        for grant in grants {
            self.count = self.count.saturating_add(grant.actions.len().saturating_mul(grant.resources.len()).max(1));
            // A long path is many nodes.
            self.count =
                grant.actions.iter().chain(&grant.resources).fold(self.count, |sum, pattern| sum.saturating_add(pattern.len() / 64));
            if self.count > limits.max_grants {
                let message = format!("more than the {} grants allowed", limits.max_grants);
                return Err(Error::new(ErrorCode::TooMany, "$.payloads", message));
            }
            let number = index(self.grants.len());
            let resources: Vec<u32> = grant.resources.iter().map(|pattern| writer.resources.insert(pattern)).collect();
            let actions: Vec<u32> = grant.actions.iter().map(|pattern| writer.actions.insert(pattern)).collect();
            for action in &actions {
                self.entries.extend(resources.iter().map(|resource| (*action, *resource, number)));
            }
            if let Some(condition) = &grant.condition {
                attributes.extend(condition.attributes().map(Into::into));
            }
            let plain = is_plain(&grant);
            let terms = self.terms(writer, &grant, plain);
            self.grants.push(OnPatterns { terms, plain, actions: Nodes::of(actions), resources: Nodes::of(resources) });
        }
        let count = index(self.entries.len()) - from;
        self.holders.push(count);
        Ok((from, count))
    }

    fn terms(&mut self, writer: &mut Writer, grant: &Grant, plain: bool) -> u32 {
        let denies = grant.effect == GrantEffect::Deny;
        let conditional = grant.condition.as_ref().is_some_and(|condition| !condition.is_empty());
        let bit = |is: bool, bit: u32| if is { bit } else { 0 };
        let condition = match &grant.condition {
            Some(condition) => writer.pool.value(&mut writer.names, condition.source()),
            None => NONE,
        };
        let fields = match &grant.fields {
            Some(fields) => {
                let names: Vec<u32> = fields.iter().map(|field| writer.names.intern(field).number()).collect();
                writer.pool.list(names.into_iter())
            }
            None => NONE,
        };
        let words = [
            bit(denies, bits::DENIES) | bit(conditional, bits::CONDITIONAL) | bit(plain, bits::PLAIN),
            condition,
            fields,
            word(grant.scope),
            grant.priority.cast_unsigned(),
            word(grant.reason),
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
        for (action, resource, _) in &mut self.entries {
            (*action, *resource) = (number(actions, *action), number(resources, *resource));
        }
        let mut pairs: Vec<u64> = self.entries.iter().map(|(action, resource, _)| key(*action, *resource)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut written = Written {
            pairs: Words::with_capacity(pairs.len() * 2),
            entries: Words::with_capacity(self.entries.len() * 2),
            grants: Words::with_capacity(self.grants.len() * 3),
            terms: self.terms.concat(),
        };
        for pair in &pairs {
            written.pairs.extend([(pair >> 32) as u32, *pair as u32]);
        }
        let mut rest = self.entries.as_mut_slice();
        for count in &self.holders {
            let Some((own, behind)) = std::mem::take(&mut rest).split_at_mut_checked(*count as usize) else { break };
            rest = behind;
            own.sort_unstable();
            for (action, resource, grant) in own {
                let pair = pairs.binary_search(&key(*action, *resource)).unwrap_or(pairs.len());
                let plain = self.grants.get(*grant as usize).is_some_and(|grant| grant.plain);
                written.entries.extend([index(pair), *grant | if plain { 0 } else { TERMS }]);
            }
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

/// Nothing but an allow: wherever its pattern covers, it applies.
fn is_plain(grant: &Grant) -> bool {
    let always = grant.condition.is_none() && grant.fields.is_none() && grant.scope.is_none();
    grant.effect == GrantEffect::Allow && always && grant.priority == 0
}
