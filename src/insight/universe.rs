//! What is listed: a finite list of permissions and patterns that says everything about the infinitely many questions.
//!
//! It holds the registry (of systems of actions and types: each action that occurs on each type that occurs), every pair of patterns
//! that a grant is on, `*`, and what an allow and a deny, or a grant and a scope of the session, cover both. Two principals, or two
//! snapshots, that agree on the generic question of each of these agree on every question.

use std::collections::BTreeMap;

use super::heights::Heights;
use super::links::{Links, Spread};
use super::region::{Region, Side, Word};
use crate::base::names::{Names, Sym};
use crate::base::table::{Seen, index, pair};
use crate::base::terms::{Segment, Spelling};
use crate::compiled::layout::{Section, flag};
use crate::compiled::{Compiled, ROOT, Spot};
use crate::engine::syntax::spell;

/// More actions times types than this are not multiplied out: what is granted is listed all the same.
const MOST_PRODUCTS: usize = 1 << 18;
/// More overlaps of allows and denies than this are not looked for.
const MOST_MEETINGS: usize = 1 << 18;
/// So many declared resources are looked at for that.
const MOST_STEPS: usize = 1 << 21;

/// One line of the list.
#[derive(Debug)]
pub struct Element {
    pub text: String,
    pub region: Region,
    /// More than one permission and what is below it.
    pub pattern: bool,
}

/// The list, in byte order of its texts.
#[derive(Debug)]
pub struct Universe {
    pub words: Names,
    pub links: Links,
    pub elements: Vec<Element>,
    /// Whether everything is in it that takes to tell all questions apart.
    pub complete: bool,
}

impl Universe {
    /// That of some snapshots of one system together. `scopes` are the session's, `carried` what a token carries besides.
    pub fn of(policies: &[&Compiled], scopes: &[&str], carried: &[&str]) -> Self {
        let mut builder = Builder::default();
        for policy in policies {
            builder.registry(policy);
            builder.pairs(policy);
        }
        if let Some(policy) = policies.first() {
            if policy.profile.spelling == Spelling::Typed {
                builder.product(policies);
            }
            if policies.len() > 1 {
                builder.linked();
            }
            builder.spelled(policy, scopes, carried);
            builder.cross();
            return builder.finish(policy.profile.spelling);
        }
        builder.finish(Spelling::Flat)
    }
}

#[derive(Default)]
struct Builder {
    words: Names,
    links: Links,
    regions: Vec<Region>,
    /// What some grant allows, or denies.
    allows: Vec<Region>,
    denies: Vec<Region>,
    incomplete: bool,
}

impl Builder {
    fn registry(&mut self, policy: &Compiled) {
        for row in 0..policy.rows(Section::Permissions) {
            let text = policy.text(Sym(policy.cell(Section::Permissions, row, 0)));
            self.regions.push(Region::of_question(policy, text, &mut self.words));
        }
        self.regions.push(Region::ALL);
        self.links.add(policy, &mut self.words);
    }

    /// Every action that occurs, on every type that occurs, in whichever of the snapshots.
    fn product(&mut self, policies: &[&Compiled]) {
        let mut names = |actions: bool| {
            let mut sides = Vec::new();
            for policy in policies {
                let tree = if actions { policy.actions() } else { policy.resources() };
                for node in ROOT + 1..tree.len() {
                    if let [Segment::Name(name)] = tree.pattern(node).segments()
                        && policy.text(*name) != if actions { "manage" } else { "all" }
                    {
                        sides.push(Side::Path(vec![Word::Name(self.words.intern(policy.text(*name)))]));
                    }
                }
            }
            sides.sort_unstable();
            sides.dedup();
            sides
        };
        let (actions, types) = (names(true), names(false));
        if actions.len().saturating_mul(types.len()) > MOST_PRODUCTS {
            return;
        }
        for action in &actions {
            for kind in &types {
                self.regions.push(Region { action: action.clone(), resource: kind.clone() });
            }
        }
    }

    fn pairs(&mut self, policy: &Compiled) {
        let (mut allowed, mut denied) = (Seen::default(), Seen::default());
        for holder in (0..policy.rows(Section::Holders)).filter_map(|at| policy.holder(at)) {
            for (pair, grant) in policy.entries(&holder) {
                let denies = policy.grant(grant).is_some_and(|grant| grant.denies);
                if if denies { &mut denied } else { &mut allowed }.enter(pair.into()) {
                    let region = Region::of_pair(policy, pair, &mut self.words);
                    if denies { &mut self.denies } else { &mut self.allows }.push(region);
                }
            }
        }
    }

    /// Declared resources that patterns cover by their links: in another snapshot they may be linked otherwise.
    fn linked(&mut self) {
        let below = |region: &Region| region.linked(&self.links);
        let (allows, denies): (Vec<Region>, Vec<Region>) =
            (self.allows.iter().flat_map(below).collect(), self.denies.iter().flat_map(below).collect());
        self.allows.extend(allows);
        self.denies.extend(denies);
    }

    /// What a session's scopes and a token spell, and what scopes leave of what is granted.
    fn spelled(&mut self, policy: &Compiled, scopes: &[&str], carried: &[&str]) {
        let mut read = |text: &&str| match policy.profile.spelling {
            Spelling::Path | Spelling::Ace => Region::of_pattern(policy, text, &mut self.words),
            Spelling::Flat | Spelling::Typed => Region::of_question(policy, text, &mut self.words),
        };
        self.allows.extend(carried.iter().map(&mut read));
        // What has an empty segment covers nothing.
        let spelled = |text: &&&str| {
            let spelled = spell(policy.profile.spelling, text);
            policy.profile.spelling != Spelling::Path || spelled.action.iter().chain(&spelled.resource).all(|part| !part.is_empty())
        };
        let scopes: Vec<Region> = scopes.iter().filter(spelled).map(read).collect();
        let mut narrowed = Vec::new();
        for scope in &scopes {
            for region in self.allows.iter().chain(&self.denies) {
                narrowed.extend(region.meets(scope, &self.links));
            }
        }
        // Each of several lists of scopes has to cover it.
        for scope in &scopes {
            for other in &scopes {
                narrowed.extend(scope.meets(other, &self.links));
            }
        }
        self.allows.append(&mut narrowed);
    }

    /// What an allow and a deny cover both, where neither covers the other.
    fn cross(&mut self) {
        let spread = |region: &Region| self.links.spread(&region.resource);
        let denied: Vec<Spread> = self.denies.iter().map(spread).collect();
        let mut steps = MOST_STEPS;
        let mut found = Vec::new();
        let meetings = self.allows.len().saturating_mul(denied.len());
        let mut all = || {
            for allow in self.allows.iter().filter(|_| !denied.is_empty()) {
                let allowed = spread(allow);
                for (deny, denied) in self.denies.iter().zip(&denied) {
                    found.extend(allow.meets_within(&allowed, deny, denied, &self.links, &mut steps)?);
                }
            }
            Some(())
        };
        if meetings <= MOST_MEETINGS && all().is_some() {
            self.regions.append(&mut found);
        } else {
            // None at all, so that it does not hang on the order of the grants which ones there are.
            self.incomplete = true;
        }
        self.regions.append(&mut self.allows);
        self.regions.append(&mut self.denies);
    }

    fn finish(mut self, spelling: Spelling) -> Universe {
        if spelling == Spelling::Path {
            // On every resource is also on none, which a single word asks for.
            let alone = |region: &Region| matches!(&region.action, Side::Path(path) if path.len() == 1) && region.resource == Side::Any;
            let bare = |region: &Region| Region { action: region.action.clone(), resource: Side::Nothing };
            let bare: Vec<Region> = self.regions.iter().filter(|region| alone(region) && !region.action.is_open()).map(bare).collect();
            self.regions.extend(bare);
        }
        let words = self.words;
        self.regions.sort_unstable();
        self.regions.dedup();
        let element = |region: Region| Element { text: region.text(spelling, &words), pattern: region.is_pattern(spelling), region };
        let mut elements: Vec<Element> = self.regions.into_iter().map(element).collect();
        elements.sort_unstable_by(|one, two| (&one.text, &one.region).cmp(&(&two.text, &two.region)));
        elements.dedup_by(|one, two| one.region == two.region && one.text == two.text);
        elements.shrink_to_fit();
        Universe { words, links: self.links, elements, complete: !self.incomplete }
    }
}

/// Which lines of a list each of a policy's pairs of patterns covers.
#[derive(Debug)]
pub struct Cover {
    /// By pair: where its lines begin.
    at: Vec<u32>,
    lines: Vec<u32>,
    /// Lines that nobody but super-users is allowed.
    pub impossible: Vec<u32>,
}

/// One side of a line among a policy's patterns.
struct Place {
    spot: Spot,
    malformed: bool,
}

impl Place {
    /// So many of the segments are names; what is behind may be an id, which is data (N20).
    fn new(segments: &[&str], names: usize, spot: Spot) -> Self {
        Self { spot, malformed: segments.iter().take(names).any(|segment| segment.is_empty()) }
    }
}

impl Cover {
    /// Of a policy.
    pub fn of(policy: &Compiled, universe: &Universe, heights: &Heights) -> Self {
        let mut found: Vec<u64> = Vec::new();
        let mut impossible = Vec::new();
        // As the engine takes questions apart; but lines have most of their sides in common.
        let names = if policy.profile.spelling == Spelling::Path { 1 } else { usize::MAX };
        let (mut actions, mut resources): (BTreeMap<&Side, Place>, BTreeMap<&Side, Place>) = Default::default();
        for (line, Element { region, .. }) in (0..).zip(&universe.elements) {
            let words = &universe.words;
            let action = actions.entry(&region.action).or_insert_with(|| {
                let segments = region.action.generic(words);
                Place::new(&segments, usize::MAX, policy.locate(&segments, true))
            });
            let resource = resources.entry(&region.resource).or_insert_with(|| {
                let segments = region.resource.generic_resource(policy, words);
                Place::new(&segments, names, heights.spot(policy, &segments))
            });
            policy.pairs_on(&action.spot.covers, &resource.spot.covers, &mut |_, _, row| found.push(pair(row, line)));
            let registered = || {
                let exact = action.spot.exact.zip(resource.spot.exact);
                exact.is_some_and(|(action, resource)| policy.row_of(Section::Registry, action, resource).is_some())
            };
            if action.malformed || resource.malformed || policy.profile.has(flag::REGISTRY_CLOSED) && !registered() {
                impossible.push(line);
            }
        }
        found.sort_unstable();
        let mut cover = Self { at: Vec::new(), lines: Vec::with_capacity(found.len()), impossible };
        for entry in &found {
            while index(cover.at.len()) <= (entry >> 32) as u32 {
                cover.at.push(index(cover.lines.len()));
            }
            cover.lines.push(*entry as u32);
        }
        while index(cover.at.len()) <= policy.rows(Section::Pairs) {
            cover.at.push(index(cover.lines.len()));
        }
        cover
    }

    /// The lines that a pair covers.
    pub fn lines(&self, pair: u32) -> &[u32] {
        let bound = |at: u32| self.at.get(at as usize).copied().unwrap_or(u32::MAX) as usize;
        self.lines.get(bound(pair)..bound(pair.saturating_add(1))).unwrap_or_default()
    }
}
