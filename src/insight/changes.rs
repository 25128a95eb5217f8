//! Changes of a snapshot made on its model, as the system's own requests make them in its documents: what comes of the one is what comes of the
//! other (`tests/insight/proved.rs`).

use std::collections::BTreeSet;

use super::Insight;
use super::cause::HolderRef;
use super::suggest::Step;
use crate::api::policy::Policy;
use crate::base::error::{Error, ErrorCode};
use crate::base::system::System;
use crate::base::table::index;
use crate::base::terms::{Held, HolderId, HolderKind, NO_RESOURCE, Pattern, Segment, Spelling};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Grant as GrantRow, Holder as Row};
use crate::decision::{grant_text, holder_word};
use crate::engine::syntax::spell;
use crate::model::{Documents, Grant, Holder, Model, Origin, Principal};
use crate::slice;
use crate::systems;
use crate::writes::changes::Writes;

/// What no snapshot can name: a text that holds it is refused.
const NOBODY: &str = "\0";

/// A snapshot as whoever wants to change it sees it.
pub struct Sources<'p> {
    pub policy: &'p Compiled,
    pub documents: Option<&'p Documents>,
    pub writes: Writes,
}

impl<'p> Sources<'p> {
    pub fn of(policy: &'p Policy) -> Self {
        let compiled = policy.compiled();
        let writes = systems::writes(System::from_name(compiled.system()).unwrap_or(System::Latchgate));
        Self { policy: compiled, documents: policy.documents(), writes }
    }

    pub fn origin(&self, holder: u32) -> Option<&'p Origin> {
        let origins = &self.documents?.origins;
        origins.binary_search_by_key(&holder, |(at, _)| *at).ok().and_then(|at| origins.get(at)).map(|(_, origin)| &**origin)
    }

    /// The grants of a holder that are on something, in order.
    pub fn grants(&self, holder: &Row) -> Vec<u32> {
        let mut grants: Vec<u32> = self.policy.entries(holder).map(|(_, grant)| grant).collect();
        grants.sort_unstable();
        grants.dedup();
        grants
    }

    /// The place of a grant among all of its holder.
    fn own_place(&self, holder: u32, grant: u32) -> Option<usize> {
        let first = self.documents?.firsts.get(holder as usize)?;
        Some(grant.checked_sub(*first)? as usize)
    }

    /// Where a grant stands in the list of its holder's document.
    pub fn place(&self, holder: u32, grant: u32) -> Option<usize> {
        let own = self.own_place(holder, grant)?;
        let place = match self.origin(holder) {
            Some(origin) if !origin.places.is_empty() => *origin.places.get(own)?,
            _ => index(own),
        };
        (place != Origin::NOWHERE).then_some(place as usize)
    }

    /// What a grant is on, as the document spells it.
    pub fn spelled(&self, holder: u32, grant: &GrantRow) -> String {
        let text = grant_text(self.policy, grant);
        let suffixes = self.origin(holder).map(|origin| origin.suffixes.as_slice()).unwrap_or_default();
        let own = self.own_place(holder, grant.index).unwrap_or_default();
        let suffix = own.checked_rem(suffixes.len()).and_then(|at| suffixes.get(at));
        suffix.and_then(|suffix| text.strip_suffix(&**suffix)).map(Into::into).unwrap_or(text)
    }

    /// Everything that one document has become.
    pub fn holders(&self, named: &HolderRef) -> Vec<u32> {
        (0..self.policy.rows(Section::Holders)).filter(|at| HolderRef::of(self.policy, *at).as_ref() == Some(named)).collect()
    }

    /// A principal by its own id.
    fn person(&self, id: &str) -> Option<u32> {
        let at = self.policy.lookup(Section::Who, self.policy.find(id)?)?;
        (super::index::id_of(self.policy, at) == id).then_some(at)
    }

    /// Whether what somebody holds is not what documents say of them: a token's claims, or what the server has recorded.
    pub fn is_told(&self, principal: u32) -> bool {
        let held = self.policy.principal(principal).map(|row| self.policy.holds(&row)).unwrap_or_default();
        held.iter().any(|held| self.policy.holder(held.holder.0).is_some_and(|holder| holder.kind == HolderKind::Token))
    }

    /// What documents say that somebody holds, whatever the server has recorded. Nothing where they are not at hand.
    pub fn held(&self, principal: u32) -> Option<Vec<Held>> {
        let row = self.policy.principal(principal)?;
        if !self.writes.recorded || !self.is_told(principal) {
            return Some(self.policy.holds(&row));
        }
        let behind = &self.documents?.behind;
        Some(behind.iter().filter(|(of, _)| *of == row.id).map(|(_, group)| Held::from(*group)).collect())
    }

    /// Whether a holder leads to another one.
    fn leads(&self, from: u32, to: &[u32]) -> bool {
        let mut open = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            if to.contains(&at) {
                return true;
            }
            if let Some(row) = self.policy.holder(at).filter(|_| seen.insert(at)) {
                open.extend(self.policy.includes(&row).iter().map(|held| held.holder.0));
            }
        }
        false
    }
}

impl Insight {
    /// The policy with some changes made, as the system makes them of the requests that they stand for. It answers questions; the lists in the
    /// system's own shapes need the system's documents.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where a change speaks of what is not there.
    pub fn with(&self, steps: &[Step]) -> Result<Policy, Error> {
        let sources = Sources::of(&self.policy);
        let mut changer = Changer { model: slice::whole(sources.policy), sources, gone: BTreeSet::new(), touched: BTreeSet::new() };
        for step in steps {
            let done = match step {
                Step::Assign { principal, holder, .. } => changer.assign(principal, holder),
                Step::Unassign { principal, holder } => changer.unassign(principal, holder),
                Step::Grant { holder, permission } => changer.grant(holder, permission),
                Step::Revoke { holder, effect, permission, place } => changer.revoke(holder, effect, permission, *place),
            };
            done.ok_or_else(|| Error::new(ErrorCode::Argument, "$.steps", "a change speaks of something that the snapshot does not have"))?;
        }
        Policy::of_model(changer.finish())
    }
}

struct Changer<'p> {
    sources: Sources<'p>,
    model: Model,
    /// Grants to be taken away: holder, and place among those that the model has.
    gone: BTreeSet<(usize, usize)>,
    /// Holders whose grants are others than before.
    touched: BTreeSet<usize>,
}

impl Changer<'_> {
    fn person(&mut self, id: &str) -> Option<&mut Principal> {
        let at = self.sources.person(id)?;
        self.model.principals.get_mut(at as usize)
    }

    fn kind(&self, held: &Held) -> Option<HolderKind> {
        self.model.holders.get(held.holder.0 as usize).map(|holder| holder.kind)
    }

    /// What the server has recorded of somebody goes: it is computed anew.
    fn forget(&mut self, principal: u32) -> Option<()> {
        if !self.sources.writes.recorded || !self.sources.is_told(principal) {
            return Some(());
        }
        let one = self.model.principals.get(principal as usize)?;
        // Once: a step before this one may have changed what is held.
        if one.holds.iter().any(|held| self.kind(held) == Some(HolderKind::Token)) {
            let held = self.sources.held(principal)?;
            let gone = self.model.names.intern(NOBODY);
            let one = self.model.principals.get_mut(principal as usize)?;
            (one.holds, one.tenant) = (held, None);
            // The record is in the snapshot no more.
            for told in self.sources.policy.holds(&self.sources.policy.principal(principal)?) {
                let record = self.model.holders.get_mut(told.holder.0 as usize).filter(|holder| holder.kind == HolderKind::Token);
                record.into_iter().for_each(|record| (record.id, record.grants) = (gone, Vec::new()));
            }
        }
        Some(())
    }

    fn assign(&mut self, id: &str, named: &HolderRef) -> Option<()> {
        self.forget(self.sources.person(id)?)?;
        let all = self.sources.holders(named);
        // Of one that the system knows itself and the snapshot lists, the one that it lists.
        let listed = |at: &&u32| self.sources.policy.holder(**at).is_some_and(|holder| holder.listed);
        let holder = *all.iter().find(listed).or(all.first())?;
        let own = self.sources.policy.holder(holder)?.kind;
        let one_each = self.sources.writes.one_each;
        let holds = &self.person(id)?.holds.clone();
        // Behind its own kind; roles stand before groups, and both before what is direct.
        let behind = holds.iter().rposition(|held| self.kind(held) == Some(own)).map(|place| place + 1);
        let before = || holds.iter().position(|held| self.kind(held) == Some(HolderKind::Direct) || own == HolderKind::Role);
        let place = behind.or_else(before).unwrap_or(holds.len());
        let one = self.person(id)?;
        if one_each {
            one.holds.clear();
        }
        one.holds.insert(place.min(one.holds.len()), Held::from(HolderId(holder)));
        Some(())
    }

    fn unassign(&mut self, id: &str, named: &HolderRef) -> Option<()> {
        self.forget(self.sources.person(id)?)?;
        let all = self.sources.holders(named);
        let one = self.person(id)?;
        let before = one.holds.len();
        one.holds.retain(|held| !all.contains(&held.holder.0));
        (one.holds.len() < before).then_some(())
    }

    fn grant(&mut self, named: &HolderRef, permission: &str) -> Option<()> {
        let mut all = self.sources.holders(named);
        if all.is_empty() && named.kind == holder_word(HolderKind::Direct) {
            let id = self.model.names.intern(&named.id);
            let own = self.model.add_holder(Holder { listed: false, ..Holder::new(HolderKind::Direct, id) });
            self.person(&named.id)?.holds.push(own.into());
            all.push(own.0);
        }
        if all.is_empty() {
            return None;
        }
        for at in &all {
            let suffixes = self.sources.origin(*at).map(|origin| origin.suffixes.clone()).unwrap_or_default();
            let plain = suffixes.is_empty().then(|| permission.to_string());
            for text in suffixes.iter().map(|suffix| [permission, suffix].concat()).chain(plain) {
                let grant = self.allow(&text);
                self.model.holders.get_mut(*at as usize)?.grants.push(grant);
            }
            self.touched.insert(*at as usize);
        }
        self.forget_all(&all)
    }

    /// An allow, as its document's dialect reads it.
    fn allow(&mut self, permission: &str) -> Grant {
        let names = &mut self.model.names;
        let spelling = self.model.profile.spelling;
        let spelled = spell(spelling, permission);
        let mut pattern = |segments: &[&str]| match segments {
            [] if spelling == Spelling::Path => Pattern::name(names.intern(NO_RESOURCE)),
            _ => Pattern::path(&segments.iter().map(|segment| Segment::Name(names.intern(segment))).collect::<Vec<_>>()),
        };
        let typed = spelling == Spelling::Typed;
        let action = if typed && spelled.action == ["manage"] { Pattern::Any } else { pattern(&spelled.action) };
        let resource = if typed && spelled.resource == ["all"] { Pattern::Any } else { pattern(&spelled.resource) };
        Grant::allow(action, resource, "")
    }

    fn revoke(&mut self, named: &HolderRef, effect: &str, permission: &str, place: Option<usize>) -> Option<()> {
        let Sources { policy, writes, .. } = self.sources;
        let all = self.sources.holders(named);
        let mut found = false;
        for at in &all {
            let row = policy.holder(*at)?;
            for (own, number) in self.sources.grants(&row).into_iter().enumerate() {
                let grant = policy.grant(number)?;
                let here = writes.names || place.is_none() || self.sources.place(*at, number) == place;
                if here && grant.denies == (effect == "deny") && self.sources.spelled(*at, &grant) == permission {
                    self.gone.insert((*at as usize, own));
                    self.touched.insert(*at as usize);
                    found = true;
                }
            }
        }
        if found { self.forget_all(&all) } else { None }
    }

    /// Forgets what is recorded of whoever has one of these, by a group.
    fn forget_all(&mut self, holders: &[u32]) -> Option<()> {
        if self.sources.writes.recorded {
            for principal in 0..self.sources.policy.rows(Section::Principals) {
                let concerned = self.sources.is_told(principal)
                    && self.sources.held(principal)?.iter().any(|held| self.sources.leads(held.holder.0, holders));
                if concerned {
                    self.forget(principal)?;
                }
            }
        }
        Some(())
    }

    /// Whoever is there only because something names them is gone with it.
    fn leave(&mut self) {
        let Some(mentioned) = self.sources.documents.map(|documents| &documents.mentioned) else { return };
        let texts: BTreeSet<&str> = mentioned.iter().map(|id| self.sources.policy.text(*id)).collect();
        let names = &self.model.names;
        self.model.principals.retain(|one| !one.holds.is_empty() || !texts.contains(names.text(one.id)));
    }

    fn finish(mut self) -> Model {
        // From behind, so that places stay what they are.
        for (holder, place) in self.gone.iter().rev() {
            if let Some(holder) = self.model.holders.get_mut(*holder).filter(|holder| *place < holder.grants.len()) {
                holder.grants.remove(*place);
            }
        }
        self.leave();
        let writes = self.sources.writes;
        for at in &self.touched {
            let Some(holder) = self.model.holders.get_mut(*at).filter(|holder| holder.kind == HolderKind::Direct) else { continue };
            let name = |grant: &Grant| match grant.actions.first().map(Pattern::segments) {
                Some([Segment::Name(name)]) => Some(*name),
                _ => None,
            };
            let everything = holder.grants.iter().filter_map(name).find(|name| writes.everything == Some(self.model.names.text(*name)));
            if writes.everything.is_some() {
                holder.superuser = everything;
            }
        }
        self.model
    }
}
