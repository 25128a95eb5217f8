//! What a closed registry leaves of a grant (N16).

use super::Model;
use crate::base::names::Names;
use crate::base::table::{Table, pair};
use crate::base::terms::{Pattern, Segment};
use crate::compiled::ROOT;
use crate::engine::syntax::spell;
use crate::model::trie::Trie;

/// A registered permission of more segments has more parts than are worth looking at.
const MOST_SEGMENTS: usize = 16;

/// The permissions of a registry by the patterns that cover them.
#[derive(Debug)]
pub struct Registered {
    /// Its own names: those of the model go into the compiled snapshot.
    names: Names,
    actions: Trie,
    resources: Trie,
    /// Pairs of patterns that cover a permission.
    covers: Table,
    /// Pairs of a pattern that covers its action, and its resource itself.
    on: Table,
    /// Some permission was not looked at, so nothing can be said.
    pub incomplete: bool,
}

impl Registered {
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn new(model: &Model) -> Self {
        let (_, _, _, seed) = model.names.parts();
        let mut registered = Self {
            names: Names::with_seed(seed),
            actions: Trie::with_seed(seed),
            resources: Trie::with_seed(seed),
            covers: Table::default(),
            on: Table::default(),
            incomplete: false,
        };
        for permission in &model.permissions {
            let spelled = spell(model.profile.spelling, model.names.text(permission.name));
            if spelled.action.len().max(spelled.resource.len()) > MOST_SEGMENTS {
                registered.incomplete = true;
                continue;
            }
            let mut pattern = |segments: &[&str]| {
                let names: Vec<Segment> = segments.iter().map(|part| Segment::Name(registered.names.intern(part))).collect();
                Pattern::path(&names)
            };
            let (action, resource) = (pattern(&spelled.action), pattern(&spelled.resource));
            let resources = registered.resources.way_up(&resource);
            for action in registered.actions.way_up(&action) {
                for resource in &resources {
                    registered.covers.enter(pair(action, *resource));
                }
                registered.on.enter(pair(action, resources.first().copied().unwrap_or(ROOT)));
            }
        }
        registered
    }

    /// The pattern in the registry's own names. Nothing where no permission has such a segment.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    fn translated(&self, model: &Model, pattern: &Pattern) -> Option<Pattern> {
        let name = |segment: &Segment| match segment {
            Segment::Name(name) => self.names.find(model.names.text(*name)).map(Segment::Name),
            Segment::One => None,
        };
        pattern.segments().iter().map(name).collect::<Option<Vec<_>>>().map(|names| Pattern::path(&names))
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn has(&mut self, model: &Model, action: &Pattern, resource: &Pattern) -> bool {
        let any_one = |pattern: &Pattern| pattern.segments().contains(&Segment::One);
        if any_one(action) || any_one(resource) {
            return true;
        }
        let Some(action) = self.translated(model, action).map(|action| self.actions.insert(&action)) else { return false };
        if let Some(resource) = self.translated(model, resource) {
            let resource = self.resources.insert(&resource);
            if self.covers.has(pair(action, resource)) {
                return true;
            }
        }
        // A question about a record is one about the permission of its type.
        let segments = resource.segments();
        (1..segments.len()).any(|length| {
            let above = Pattern::path(segments.get(..length).unwrap_or_default());
            let above = self.translated(model, &above).map(|above| self.resources.insert(&above));
            above.is_some_and(|above| self.on.has(pair(action, above)))
        })
    }
}
