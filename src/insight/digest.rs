//! One hash over all that a snapshot decides: two machines that agree on it agree on everything.

use sha2::{Digest as _, Sha256};

use super::Insight;
use super::grade::Grade;
use super::index::id_of;
use super::list::standing;
use super::region::Region;
use super::row::row;
use crate::base::error::{Error, ErrorCode};
use crate::base::terms::Combining;
use crate::compiled::layout::Section;

/// What a hash begins with: another way of hashing begins otherwise.
const FORMAT: &str = "latchgate decisions 1";

/// SHA-256 of parts, each with its length before it, so that no two lists of parts are one text.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn put(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

fn hex(digest: [u8; 32]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl Insight {
    /// One hash over the whole decision relation: everybody's, in the order of their ids.
    ///
    /// # Errors
    /// `ERR_TOO_MANY` as [`Insight::who`].
    pub fn digest(&self) -> Result<String, Error> {
        self.about_everybody()?;
        let policy = self.policy.compiled();
        let mut all: Vec<u32> = (0..policy.rows(Section::Principals)).filter(|at| self.is_named(*at)).collect();
        all.sort_unstable_by_key(|at| id_of(policy, *at));
        let mut parts = Parts::default();
        parts.put(FORMAT.as_bytes());
        parts.put(policy.system().as_bytes());
        for principal in all {
            parts.put(&self.digest_at(principal));
        }
        Ok(hex(parts.finish()))
    }

    /// The same of one principal of the snapshot alone.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where the snapshot has nobody of that id; `ERR_TOO_MANY` as [`Insight::who`].
    pub fn digest_of(&self, id: &str) -> Result<String, Error> {
        self.about_everybody()?;
        let policy = self.policy.compiled();
        let found = policy.find(id).and_then(|id| policy.lookup(Section::Who, id)).filter(|at| self.is_named(*at));
        let unknown = || Error::new(ErrorCode::Argument, "$.principal", "the snapshot has no such principal");
        found.map(|principal| hex(self.digest_at(principal))).ok_or_else(unknown)
    }

    /// Whether its id leads to it: of two that share one, a question reaches one only.
    pub(super) fn is_named(&self, principal: u32) -> bool {
        let policy = self.policy.compiled();
        policy.principal(principal).is_some_and(|row| policy.lookup(Section::Who, row.id) == Some(principal))
    }

    fn digest_at(&self, principal: u32) -> [u8; 32] {
        let policy = self.policy.compiled();
        let (space, index) = (self.space(), self.index());
        let row = row(policy, space, index, &self.context, principal);
        let mut parts = Parts::default();
        parts.put(FORMAT.as_bytes());
        parts.put(id_of(policy, principal).as_bytes());
        let everything = index.superusers.has(principal) && !index.shut.has(principal);
        parts.put(&[u8::from(everything)]);
        // What is refused of a pattern that is allowed decides too; whatever else is not allowed is denied anyhow.
        let wide: Vec<&Region> = if policy.profile.combining == Combining::Additive {
            Vec::new()
        } else {
            let wide = (0..).zip(&space.universe.elements).filter(|(line, element)| element.pattern && row.get(*line).is_allowed());
            wide.map(|(_, element)| &element.region).collect()
        };
        let links = &space.universe.links;
        // What is linked decides what a pattern covers.
        for link in links.texts(&space.universe.words) {
            parts.put(link.as_bytes());
        }
        let mut graded = row.graded.iter().peekable();
        for (line, element) in (0..).zip(&space.universe.elements) {
            let grade = match graded.next_if(|(of, _)| *of == line) {
                Some((_, grade)) => grade,
                None if row.allowed.has(line) => &Grade::Allowed,
                None if wide.iter().any(|wide| wide.meets(&element.region, links).contains(&element.region)) => &Grade::Denied,
                None => continue,
            };
            parts.put(element.text.as_bytes());
            parts.put(&[u8::from(element.pattern)]);
            parts.put(standing(grade).as_bytes());
            if let Grade::Conditional(steps) = grade {
                for step in steps {
                    parts.put(step.key().as_bytes());
                }
            }
        }
        parts.finish()
    }
}
