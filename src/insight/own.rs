//! Which lines of a snapshot's list say everything about somebody: what is registered, what they hold, and where allows and denies of theirs
//! overlap. What only others hold says nothing of them, so it is in neither their list nor their digest.

use super::index::Bits;
use super::links::Spread;
use super::region::{Region, Side};
use super::row::Space;
use crate::base::names::{Names, Sym};
use crate::base::terms::{Combining, Spelling};
use crate::compiled::Compiled;
use crate::compiled::layout::Section;
use crate::engine::{Prepared, VisitKind};

/// So many overlaps are looked for one by one; of more, every line counts.
const MOST_MEETINGS: usize = 1 << 18;

impl Space {
    /// Everything that is registered, and the line for everything.
    pub fn registered(&self, policy: &Compiled) -> &Bits {
        self.registered.get_or_init(|| {
            let mut bits = Bits::of(self.lines());
            let mut words = self.universe.words.clone();
            for row in 0..policy.rows(Section::Permissions) {
                let text = policy.text(Sym(policy.cell(Section::Permissions, row, 0)));
                self.mark(&Region::of_question(policy, text, &mut words), &mut bits);
            }
            self.mark(&Region::ALL, &mut bits);
            bits
        })
    }

    /// The line of a region.
    fn line_of(&self, region: &Region) -> Option<u32> {
        let elements = &self.universe.elements;
        let order = self.order.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.lines()).collect();
            order.sort_unstable_by_key(|line| elements.get(*line as usize).map(|element| &element.region));
            order
        });
        let at = order.binary_search_by_key(&Some(region), |line| elements.get(*line as usize).map(|element| &element.region)).ok()?;
        order.get(at).copied()
    }

    fn mark(&self, region: &Region, bits: &mut Bits) {
        if let Some(line) = self.line_of(region) {
            bits.set(line);
        }
    }

    /// The lines for somebody who holds this and is made ready so: only bounds and what a token carries are read of that.
    pub fn own(&self, policy: &Compiled, holders: impl Iterator<Item = u32>, who: Option<&Prepared>) -> Bits {
        let mut bits = self.registered(policy).clone();
        bits.join(&self.spoken(policy, holders, who));
        bits
    }

    /// The same without what is only registered.
    pub fn granted(&self, policy: &Compiled, holders: impl Iterator<Item = u32>, who: &Prepared) -> Bits {
        self.spoken(policy, holders, Some(who))
    }

    fn spoken(&self, policy: &Compiled, holders: impl Iterator<Item = u32>, who: Option<&Prepared>) -> Bits {
        let mut bits = Bits::of(self.lines());
        let Held { mut allows, denies } = Held::of(policy, &self.universe.words, holders);
        let links = &self.universe.links;
        let mut words = Names::default();
        if who.is_some_and(|who| !who.loose.is_empty() || !who.bounds.is_empty()) {
            words = self.universe.words.clone();
        }
        let mut read = |text: &str| match policy.profile.spelling {
            Spelling::Path | Spelling::Ace => Region::of_pattern(policy, text, &mut words),
            Spelling::Flat | Spelling::Typed => Region::of_question(policy, text, &mut words),
        };
        allows.extend(who.iter().flat_map(|who| &who.loose).map(|loose| read(&loose.text)));
        let scopes: Vec<Region> = who.iter().flat_map(|who| who.bounds.iter().flatten()).map(|scope| read(&scope.text)).collect();
        let mut narrowed = Vec::new();
        for scope in &scopes {
            for region in allows.iter().chain(&denies).chain(&scopes) {
                narrowed.extend(region.meets(scope, links));
            }
        }
        allows.append(&mut narrowed);
        for region in allows.iter().chain(&denies) {
            self.mark(region, &mut bits);
            // On every resource is also on none, which a single word asks for.
            if region.resource == Side::Any && policy.profile.spelling == Spelling::Path {
                self.mark(&Region { action: region.action.clone(), resource: Side::Nothing }, &mut bits);
            }
        }
        if policy.profile.spelling == Spelling::Typed {
            self.products(&allows, &denies, &mut bits);
        }
        if policy.profile.combining != Combining::Additive {
            self.overlaps(&allows, &denies, &mut bits);
        }
        bits
    }

    /// The lines that some allow of theirs covers, whatever denies say.
    pub fn reached(&self, policy: &Compiled, holders: impl Iterator<Item = u32>) -> Bits {
        let mut bits = Bits::of(self.lines());
        for holder in holders.filter_map(|at| policy.holder(at)) {
            for (pair, grant) in policy.entries(&holder) {
                if policy.grant(grant).is_some_and(|grant| !grant.denies) {
                    self.cover.lines(pair).iter().for_each(|line| bits.set(*line));
                }
            }
        }
        bits
    }

    /// Each action that they hold something on, on each type that they do.
    fn products(&self, allows: &[Region], denies: &[Region], bits: &mut Bits) {
        let each = |side: fn(&Region) -> &Side| {
            let mut sides: Vec<&Side> = allows.iter().chain(denies).map(side).filter(|side| matches!(side, Side::Path(_))).collect();
            sides.sort_unstable();
            sides.dedup();
            sides
        };
        let (actions, types) = (each(|region| &region.action), each(|region| &region.resource));
        if actions.len().saturating_mul(types.len()) <= MOST_MEETINGS {
            for action in &actions {
                for kind in &types {
                    self.mark(&Region { action: (*action).clone(), resource: (*kind).clone() }, bits);
                }
            }
        }
    }

    fn overlaps(&self, allows: &[Region], denies: &[Region], bits: &mut Bits) {
        let links = &self.universe.links;
        let spread = |regions: &[Region]| -> Vec<Spread> { regions.iter().map(|region| links.spread(&region.resource)).collect() };
        let (above, below) = (spread(allows), spread(denies));
        let mut steps = MOST_MEETINGS;
        for (allow, mine) in allows.iter().zip(&above) {
            for (deny, theirs) in denies.iter().zip(&below) {
                steps = steps.saturating_sub(1);
                let met = allow.meets_within(mine, deny, theirs, links, &mut steps);
                let Some(met) = met.filter(|_| steps > 0) else {
                    (0..self.lines()).for_each(|line| bits.set(line));
                    return;
                };
                met.iter().for_each(|both| self.mark(both, bits));
            }
        }
    }
}

/// What somebody's holders allow and deny.
struct Held {
    allows: Vec<Region>,
    denies: Vec<Region>,
}

impl Held {
    fn of(policy: &Compiled, words: &Names, holders: impl Iterator<Item = u32>) -> Self {
        let (mut allowed, mut denied): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for holder in holders.filter_map(|at| policy.holder(at)) {
            for (pair, grant) in policy.entries(&holder) {
                let denies = policy.grant(grant).is_some_and(|grant| grant.denies);
                if denies { &mut denied } else { &mut allowed }.push(pair);
            }
        }
        let regions = |mut pairs: Vec<u32>| {
            pairs.sort_unstable();
            pairs.dedup();
            pairs.into_iter().map(|pair| Region::of_known_pair(policy, pair, words)).collect()
        };
        Self { allows: regions(allowed), denies: regions(denied) }
    }
}

/// The holders that somebody reaches.
pub fn holders(who: &Prepared) -> impl Iterator<Item = u32> {
    who.takes.iter().filter_map(|visit| match who.visits.get(*visit as usize)?.kind {
        VisitKind::Holder(holder) => Some(holder.0),
        VisitKind::Token => None,
    })
}
