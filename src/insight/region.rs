//! Sets of questions: what a pattern covers, and what two patterns cover both.
//!
//! A snapshot knows finitely many patterns, so of the infinitely many questions that one covers nearly all are alike: its *generic*
//! question has a name that nobody uses in the place of each `*`. Whatever covers the generic question covers all of the pattern.

use super::heights::Heights;
use super::links::Links;
use crate::base::names::{Names, Sym};
use crate::base::terms::{NO_RESOURCE, Pattern, Segment, Spelling};
use crate::base::text::{concat, join, split};
use crate::compiled::{Compiled, NodeId, Tree};
use crate::engine::syntax::{Spelled, spell};
use crate::engine::{Asked, asked_at, asked_words};

/// What no snapshot can name: a text that holds it is refused.
const FRESH: &str = "\0";

/// One segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    Name(Sym),
    /// Any one.
    One,
}

/// Actions, or resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Everything.
    Any,
    /// A question that names none.
    Nothing,
    /// What has these segments, and what is below it.
    Path(Vec<Word>),
}

/// Actions on resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    pub action: Side,
    pub resource: Side,
}

impl Side {
    fn of(policy: &Compiled, tree: Tree<'_>, node: NodeId, words: &mut Names) -> Self {
        let pattern = tree.pattern(node);
        let segments = pattern.segments();
        if pattern == Pattern::Any {
            return Self::Any;
        }
        if let [Segment::Name(name)] = segments
            && policy.text(*name) == NO_RESOURCE
        {
            return Self::Nothing;
        }
        let mut path = Vec::new();
        for segment in segments {
            path.push(match segment {
                Segment::Name(name) => Word::Name(words.intern(policy.text(*name))),
                Segment::One => Word::One,
            });
        }
        Self::Path(path)
    }

    fn named(segments: &[&str], words: &mut Names) -> Self {
        Self::Path(segments.iter().map(|segment| Word::Name(words.intern(segment))).collect())
    }

    /// As [`crate::engine::Loose`] reads a pattern that a token or a session spells.
    fn spelled(spelling: Spelling, segments: &[&str], action: bool, words: &mut Names) -> Self {
        if segments.is_empty() && !action && spelling == Spelling::Path {
            return Self::Nothing;
        }
        if segments.is_empty() || segments == ["*"] && (spelling == Spelling::Path || spelling == Spelling::Ace && action) {
            return Self::Any;
        }
        let one = |segment: &&&str| spelling == Spelling::Path && **segment == "*";
        Self::Path(segments.iter().map(|part| if one(&part) { Word::One } else { Word::Name(words.intern(part)) }).collect())
    }

    /// What both cover, without what is linked.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        crate::base::steps::step();
        match (self, other) {
            (Self::Any, side) | (side, Self::Any) => Some(side.clone()),
            (Self::Nothing, Self::Nothing) => Some(Self::Nothing),
            (Self::Path(one), Self::Path(two)) => {
                let (long, short) = if one.len() < two.len() { (two, one) } else { (one, two) };
                let mut met = long.clone();
                for (word, other) in met.iter_mut().zip(short) {
                    match (*word, *other) {
                        (Word::One, other) => *word = other,
                        (Word::Name(_), Word::One) => {}
                        (name, other) if name == other => {}
                        _ => return None,
                    }
                }
                Some(Self::Path(met))
            }
            _ => None,
        }
    }

    /// Whether it stands for more than what it names and what is below that.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing => false,
            Self::Path(words) => words.contains(&Word::One),
        }
    }

    pub fn generic_resource<'w>(&self, policy: &Compiled, words: &'w Names) -> Vec<&'w str> {
        match self {
            // Neither no resource nor one that is named: nothing but what covers everything covers this.
            Self::Any if policy.profile.spelling != Spelling::Flat => vec![FRESH],
            _ => self.generic(words),
        }
    }

    pub fn generic<'w>(&self, words: &'w Names) -> Vec<&'w str> {
        let Self::Path(path) = self else { return Vec::new() };
        path.iter().map(|word| if let Word::Name(name) = word { words.text(*name) } else { FRESH }).collect()
    }

    pub fn text(&self, words: &Names, between: &str, any: &str) -> String {
        match self {
            Self::Any => any.into(),
            Self::Nothing => String::new(),
            Self::Path(path) => {
                let parts: Vec<&str> = path.iter().map(|word| if let Word::Name(name) = word { words.text(*name) } else { "*" }).collect();
                join(&parts, between)
            }
        }
    }
}

impl Region {
    /// Everything.
    pub const ALL: Self = Self { action: Side::Any, resource: Side::Any };

    /// What a pair of a policy's patterns covers.
    pub fn of_pair(policy: &Compiled, pair: u32, words: &mut Names) -> Self {
        let (action, resource) = policy.pair(pair);
        Self { action: Side::of(policy, policy.actions(), action, words), resource: Side::of(policy, policy.resources(), resource, words) }
    }

    /// The same with words that are known: every word of a policy's patterns is, where its list has been made.
    pub fn of_known_pair(policy: &Compiled, pair: u32, words: &Names) -> Self {
        let side = |tree: Tree<'_>, node: NodeId| {
            let pattern = tree.pattern(node);
            let segments = pattern.segments();
            if pattern == Pattern::Any {
                return Side::Any;
            }
            if let [Segment::Name(name)] = segments
                && policy.text(*name) == NO_RESOURCE
            {
                return Side::Nothing;
            }
            let word = |segment: &Segment| match segment {
                Segment::Name(name) => words.find(policy.text(*name)).map(Word::Name),
                Segment::One => Some(Word::One),
            };
            Side::Path(segments.iter().filter_map(word).collect())
        };
        let (action, resource) = policy.pair(pair);
        Self { action: side(policy.actions(), action), resource: side(policy.resources(), resource) }
    }

    /// One permission, as a question names it.
    pub fn of_question(policy: &Compiled, text: &str, words: &mut Names) -> Self {
        let Spelled { action, resource } = spell(policy.profile.spelling, text);
        let (flat, typed) = (policy.profile.spelling == Spelling::Flat, policy.profile.spelling == Spelling::Typed);
        Self {
            action: match action.as_slice() {
                [] => Side::Any,
                // No pattern names these two: they are the one that covers everything.
                ["manage"] if typed => Side::Any,
                named => Side::named(named, words),
            },
            resource: match resource.as_slice() {
                [] if flat => Side::Any,
                ["all"] if typed => Side::Any,
                [] => Side::Nothing,
                named => Side::named(named, words),
            },
        }
    }

    /// What a permission covers that a token or a session spells.
    pub fn of_pattern(policy: &Compiled, text: &str, words: &mut Names) -> Self {
        let spelling = policy.profile.spelling;
        if spelling == Spelling::Path && text == "*" {
            return Self::ALL;
        }
        let spelled = spell(spelling, text);
        Self {
            action: Side::spelled(spelling, &spelled.action, true, words),
            resource: Side::spelled(spelling, &spelled.resource, false, words),
        }
    }

    /// An action on what is beneath a type. Nothing where resources have no parts.
    pub fn beneath(policy: &Compiled, action: &str, kind: &str, words: &mut Names) -> Option<Self> {
        let paths = matches!(policy.profile.spelling, Spelling::Path | Spelling::Ace);
        paths.then(|| Self { action: Side::named(&split(action, b':'), words), resource: Side::named(&split(kind, b'/'), words) })
    }

    /// The resource, where it is further down than another one's.
    pub fn resource_below(&self, other: &Self, words: &Names) -> Option<String> {
        let length = |side: &Side| if let Side::Path(path) = side { path.len() } else { 0 };
        (length(&self.resource) > length(&other.resource)).then(|| self.resource.text(words, "/", "*"))
    }

    /// The question that stands for all of it.
    pub fn generic(&self, policy: &Compiled, words: &Names) -> Asked {
        asked_words(policy, self.action.generic(words), self.resource.generic_resource(policy, words))
    }

    /// The same for somebody who holds grants and is bound by no session: what covers it is known before.
    pub fn generic_at(&self, policy: &Compiled, words: &Names, heights: &Heights) -> Asked {
        let resource = self.resource.generic_resource(policy, words);
        let spot = heights.spot(policy, &resource);
        asked_at(policy, self.action.generic(words), resource, spot)
    }

    /// Whether it is a pattern rather than one permission. A flat system has no resources, a permission of it is one all the same.
    pub fn is_pattern(&self, spelling: Spelling) -> bool {
        self.action.is_open() || spelling != Spelling::Flat && self.resource.is_open()
    }

    /// In the system's own spelling.
    pub fn text(&self, spelling: Spelling, words: &Names) -> String {
        if spelling == Spelling::Typed {
            return concat(&[&self.action.text(words, "", "manage"), " ", &self.resource.text(words, "", "all")]);
        }
        let action = self.action.text(words, ":", "*");
        match (&self.resource, &self.action) {
            _ if spelling == Spelling::Flat => action,
            (Side::Any, Side::Any) | (Side::Nothing, _) => action,
            (resource, _) => concat(&[&resource.text(words, "/", "*"), ":", &action]),
        }
    }

    /// The same on the declared resources that it covers by what is linked above them.
    pub fn linked(&self, links: &Links) -> Vec<Self> {
        let below = links.spread(&self.resource);
        let on = |resource: &Side| Self { action: self.action.clone(), resource: resource.clone() };
        below.into_iter().filter_map(|link| links.start(link)).map(on).collect()
    }

    /// What both cover: also where a declared resource is below another one by its link (N12).
    pub fn meets(&self, other: &Self, links: &Links) -> Vec<Self> {
        let spread = |region: &Self| links.spread(&region.resource);
        if self.action.meet(&other.action).is_none() {
            return Vec::new();
        }
        let mut steps = usize::MAX;
        self.meets_within(&spread(self), other, &spread(other), links, &mut steps).unwrap_or_default()
    }

    /// The same with the links of both, looked up before. Nothing where the steps do not reach.
    pub fn meets_within(&self, mine: &[u32], other: &Self, theirs: &[u32], links: &Links, steps: &mut usize) -> Option<Vec<Self>> {
        let Some(action) = self.action.meet(&other.action) else { return Some(Vec::new()) };
        let met = links.meets((&self.resource, mine), (&other.resource, theirs), steps)?;
        Some(met.into_iter().map(|resource| Self { action: action.clone(), resource }).collect())
    }
}
