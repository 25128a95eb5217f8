//! What one principal is allowed of a list: a bit for each line that plain allows decide, a grade for each of the others. Or no more than a
//! bit for each line that is allowed at all.

use std::sync::{Arc, OnceLock};

use super::grade::{Grade, grade};
use super::heights::Heights;
use super::index::{Bits, Index, prepared};
use super::own::holders;
use super::region::Region;
use super::universe::{Cover, Universe};
use crate::base::names::Names;
use crate::base::table::index;
use crate::base::terms::Combining;
use crate::compiled::Compiled;
use crate::compiled::layout::{Section, TERMS};
use crate::engine::{Asked, Context, Effect, Prepared, Question, Target, decide, is_shut};

/// So many words are kept of what holders cover; where it would take more, they are looked up each time.
const MOST_WORDS: usize = 1 << 17;

/// A list and what a policy's pairs of patterns cover of it.
#[derive(Debug)]
pub struct Space {
    pub universe: Arc<Universe>,
    pub cover: Cover,
    heights: Heights,
    /// By holder.
    holders: OnceLock<Vec<OnceLock<Covered>>>,
    /// What is registered.
    pub(super) registered: OnceLock<Bits>,
    /// Lines by region.
    pub(super) order: OnceLock<Vec<u32>>,
}

/// The lines that a holder's plain allows cover, and those that the rest of what it holds does.
type Covered = (Bits, Option<Bits>);

impl Space {
    /// Of one policy.
    pub fn of(policy: &Compiled, scopes: &[&str], carried: &[&str]) -> Self {
        Self::with(policy, &Arc::new(Universe::of(&[policy], scopes, carried)))
    }

    fn with(policy: &Compiled, universe: &Arc<Universe>) -> Self {
        let (heights, universe) = (Heights::of(policy), Arc::clone(universe));
        let cover = Cover::of(policy, &universe, &heights);
        Self { universe, cover, heights, holders: OnceLock::new(), registered: OnceLock::new(), order: OnceLock::new() }
    }

    /// Of two policies of one system, with one list.
    pub fn of_both(one: &Compiled, two: &Compiled, scopes: &[&str]) -> [Self; 2] {
        let universe = Arc::new(Universe::of(&[one, two], scopes, &[]));
        [one, two].map(|policy| Self::with(policy, &universe))
    }

    /// Adds what a holder covers by plain allows to some lines, and the rest to others.
    fn cover(&self, policy: &Compiled, holder: u32, plain: &mut Bits, rest: &mut Bits) {
        let words = (self.lines() as usize / 64 + 1).saturating_mul(policy.rows(Section::Holders) as usize);
        if words > MOST_WORDS {
            return self.look_up(policy, holder, plain, rest);
        }
        let slots = || (0..policy.rows(Section::Holders)).map(|_| OnceLock::new()).collect();
        let Some(slot) = self.holders.get_or_init(slots).get(holder as usize) else { return };
        let (own, other) = slot.get_or_init(|| {
            let (mut own, mut other) = (Bits::of(self.lines()), Bits::of(self.lines()));
            self.look_up(policy, holder, &mut own, &mut other);
            let some = other.iter().next().is_some();
            (own, some.then_some(other))
        });
        plain.join(own);
        if let Some(other) = other {
            rest.join(other);
        }
    }

    fn look_up(&self, policy: &Compiled, holder: u32, plain: &mut Bits, rest: &mut Bits) {
        let Some(holder) = policy.holder(holder) else { return };
        for entry in policy.entry_rows(&holder) {
            let entry = u64::from_le_bytes(*entry);
            let into = if (entry >> 32) as u32 & TERMS == 0 { &mut *plain } else { &mut *rest };
            for line in self.cover.lines(entry as u32) {
                into.set(*line);
            }
        }
    }

    /// How many lines there are.
    pub fn lines(&self) -> u32 {
        index(self.universe.elements.len())
    }

    /// The lines that somebody who is made ready is allowed, be it for some records only: a principal of the snapshot, or whoever.
    pub fn allowed(&self, policy: &Compiled, who: &Prepared) -> Bits {
        allowed(policy, self, who).unwrap_or_else(|| {
            let mut bits = Bits::of(self.lines());
            (0..self.lines()).filter(|line| self.allows(policy, who, *line)).for_each(|line| bits.set(line));
            bits
        })
    }

    /// Whether one line is allowed, be it for some records only.
    fn allows(&self, policy: &Compiled, who: &Prepared, line: u32) -> bool {
        let Some(element) = self.universe.elements.get(line as usize) else { return false };
        let asked = self.asked(policy, who, &element.region, &self.universe.words);
        decide(policy, who, &Question { asked: &asked, target: Target::Type, field: None }).effect == Effect::Allow
    }

    /// What becomes of one line.
    pub fn grade(&self, policy: &Compiled, who: &Prepared, line: u32) -> Grade {
        let Some(element) = self.universe.elements.get(line as usize) else { return Grade::Denied };
        grade(policy, who, &self.asked(policy, who, &element.region, &self.universe.words))
    }

    /// The question that stands for all of a region, for somebody.
    pub fn asked(&self, policy: &Compiled, who: &Prepared, region: &Region, words: &Names) -> Asked {
        // What a token or a session spells is compared with all that stands above.
        let free = who.bounds.is_empty() && who.loose.is_empty();
        if free { region.generic_at(policy, words, &self.heights) } else { region.generic(policy, words) }
    }
}

/// One principal's line by line.
#[derive(Debug)]
pub struct Row {
    /// Allowed whatever the record.
    pub allowed: Bits,
    /// The other ones that are not denied, in order.
    pub graded: Vec<(u32, Grade)>,
}

impl Row {
    /// What becomes of a line.
    pub fn get(&self, line: u32) -> Grade {
        if self.allowed.has(line) {
            return Grade::Allowed;
        }
        let at = self.graded.binary_search_by_key(&line, |(line, _)| *line);
        at.ok().and_then(|at| self.graded.get(at)).map_or(Grade::Denied, |(_, grade)| grade.clone())
    }

    /// A line that was asked about in full.
    fn put(&mut self, line: u32, grade: Grade) {
        match grade {
            Grade::Denied => {}
            Grade::Allowed => self.allowed.set(line),
            _ => self.graded.push((line, grade)),
        }
    }
}

/// That of a principal of the snapshot.
pub fn row(policy: &Compiled, space: &Space, index: &Index, context: &Context, principal: u32) -> Row {
    let count = space.lines();
    let mut row = Row { allowed: Bits::of(count), graded: Vec::new() };
    if index.shut.has(principal) {
        return row;
    }
    if context.session_scopes.is_some() {
        let who = prepared(policy, principal, context);
        for line in 0..count {
            row.put(line, space.grade(policy, &who, line));
        }
        return row;
    }
    if index.superusers.has(principal) {
        (0..count).for_each(|line| row.allowed.set(line));
        return row;
    }
    let (allowed, unclear) = held(policy, space, index.holders.get(principal).iter().copied());
    row.allowed = allowed;
    let mut who = None;
    for line in unclear.iter() {
        let who = who.get_or_insert_with(|| prepared(policy, principal, context));
        let grade = space.grade(policy, who, line);
        row.put(line, grade);
    }
    row
}

/// The lines that somebody who is made ready is allowed, be it for some records only. Nothing for whose list has lines of its own: of a
/// token or a session.
pub fn allowed(policy: &Compiled, space: &Space, who: &Prepared) -> Option<Bits> {
    if !who.bounds.is_empty() || !who.loose.is_empty() {
        return None;
    }
    let count = space.lines();
    if is_shut(policy, who) {
        return Some(Bits::of(count));
    }
    if who.superuser.is_some() {
        return Some(Bits::full(count));
    }
    let (mut allowed, unclear) = held(policy, space, holders(who));
    for line in unclear.iter().filter(|line| space.allows(policy, who, *line)) {
        allowed.set(line);
    }
    Some(allowed)
}

/// What some holders come to: lines that are allowed, and lines that have to be asked about. Where all that covers a line are plain
/// allows, they allow it under every way of combining; under `additive` one will do.
fn held(policy: &Compiled, space: &Space, holders: impl Iterator<Item = u32>) -> (Bits, Bits) {
    let count = space.lines();
    let (mut allowed, mut unclear) = (Bits::of(count), Bits::of(count));
    for holder in holders {
        space.cover(policy, holder, &mut allowed, &mut unclear);
    }
    for line in &space.cover.impossible {
        allowed.clear(*line);
    }
    let additive = policy.profile.combining == Combining::Additive;
    if additive {
        unclear.leave(&allowed)
    } else {
        allowed.leave(&unclear)
    }
    (allowed, unclear)
}
