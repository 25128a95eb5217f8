//! Rows of a compiled snapshot as the engine speaks of them. Each is made when it is asked for and holds no more than numbers.

use super::layout::{LISTED, NONE, Section, TERMS};
use super::{Compiled, NodeId, name};
use crate::base::instant::Instant;
use crate::base::names::Sym;
use crate::base::terms::{Held, HolderId, HolderKind, Login};
use crate::condition::{Condition, read};
use crate::value::Value;

/// Something that holds grants.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    pub kind: HolderKind,
    pub listed: bool,
    pub id: Sym,
    pub name: Option<Sym>,
    pub tenant: Option<Sym>,
    pub entity: Option<Sym>,
    pub superuser: Option<Sym>,
    pub broken: Option<Sym>,
    includes: (u32, u32),
    /// Its rows in [`Section::Entries`].
    pub entries: (u32, u32),
}

/// Somebody, or something, that asks.
#[derive(Debug, Clone, Copy)]
pub struct Principal {
    pub id: Sym,
    pub kind: Sym,
    pub suspended: bool,
    pub login: Login,
    pub name: Option<Sym>,
    pub tenant: Option<Sym>,
    holds: (u32, u32),
    extra: u32,
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub index: u32,
    /// Nothing but a plain allow: no condition, no fields, no scope, no priority.
    pub plain: bool,
    pub denies: bool,
    /// It holds for some records only.
    pub conditional: bool,
    condition: u32,
    fields: u32,
    pub scope: Option<Sym>,
    pub priority: i32,
    pub reason: Option<Sym>,
    pub rule: Option<Sym>,
    actions: u32,
    resources: u32,
}

/// Nodes that a grant is on.
pub type Patterns = Vec<NodeId>;

/// Bits of a holder's first word above its kind, of a grant's terms, and of a principal.
pub mod bits {
    pub const KIND: u32 = 0xff;
    pub const LISTED: u32 = 1 << 8;
    pub const DENIES: u32 = 1;
    pub const CONDITIONAL: u32 = 2;
    pub const PLAIN: u32 = 4;
    pub const SUSPENDED: u32 = 1;
    pub const PASSWORD_ENABLED: u32 = 2;
    pub const PASSWORD_CHANGE_NEEDED: u32 = 4;
    /// Of the first word of what else is known of a principal.
    pub const VALID_FROM: u32 = 1;
    pub const VALID_UNTIL: u32 = 2;
}

impl Compiled {
    /// A holder.
    pub fn holder(&self, at: u32) -> Option<Holder> {
        let cell = |column: u32| self.cell(Section::Holders, at, column);
        let kind = HolderKind::ALL.get((cell(0) & bits::KIND) as usize)?;
        Some(Holder {
            kind: *kind,
            listed: cell(0) & bits::LISTED != 0,
            id: name(cell(1))?,
            name: name(cell(2)),
            tenant: name(cell(3)),
            entity: name(cell(4)),
            superuser: name(cell(5)),
            broken: name(cell(6)),
            includes: (cell(7), cell(8)),
            entries: (cell(9), cell(9).saturating_add(cell(10)).min(self.rows(Section::Entries))),
        })
    }

    /// What a holder includes, in order.
    pub fn includes(&self, holder: &Holder) -> Vec<Held> {
        self.helds(holder.includes)
    }

    fn helds(&self, (at, count): (u32, u32)) -> Vec<Held> {
        let count = count.min(self.rows(Section::Pool));
        let held = |index: u32| {
            let at = at.saturating_add(index.saturating_mul(2));
            Held { holder: HolderId(self.pool(at)), scope: name(self.pool(at.saturating_add(1))) }
        };
        (0..count).map(held).collect()
    }

    /// A principal.
    pub fn principal(&self, at: u32) -> Option<Principal> {
        let cell = |column: u32| self.cell(Section::Principals, at, column);
        let id = name(cell(0))?;
        let flags = cell(2);
        Some(Principal {
            id,
            kind: Sym(cell(1)),
            suspended: flags & bits::SUSPENDED != 0,
            login: Login {
                password_enabled: flags & bits::PASSWORD_ENABLED != 0,
                password_change_needed: flags & bits::PASSWORD_CHANGE_NEEDED != 0,
            },
            holds: (cell(3), cell(4)),
            name: name(cell(5)),
            tenant: name(cell(6)),
            extra: cell(7),
        })
    }

    /// What a principal holds, in order.
    pub fn holds(&self, principal: &Principal) -> Vec<Held> {
        self.helds(principal.holds)
    }

    /// From when and until when a principal is valid.
    pub fn validity(&self, principal: &Principal) -> (Option<Instant>, Option<Instant>) {
        if principal.extra == NONE {
            return (None, None);
        }
        let word = |index: u32| self.pool(principal.extra.saturating_add(index));
        let time = |bit: u32, at: u32| (word(0) & bit != 0).then(|| Instant::from_words(word(at), word(at + 1)));
        (time(bits::VALID_FROM, 1), time(bits::VALID_UNTIL, 3))
    }

    /// What `${user.id}` stands for, where it is not the id that the principal goes by.
    pub fn subject_id(&self, principal: &Principal) -> Option<Sym> {
        if principal.extra == NONE { None } else { name(self.pool(principal.extra.saturating_add(5))) }
    }

    /// Further names of a principal.
    pub fn aliases(&self, principal: &Principal) -> impl Iterator<Item = Sym> {
        let at = if principal.extra == NONE { NONE } else { principal.extra.saturating_add(7) };
        self.list(at).map(Sym)
    }

    /// The principal's attributes.
    pub fn principal_attributes(&self, principal: &Principal) -> Vec<(Box<str>, Value)> {
        if principal.extra == NONE {
            return Vec::new();
        }
        match self.value(self.pool(principal.extra.saturating_add(6))) {
            Value::Map(members) => members,
            _ => Vec::new(),
        }
    }

    /// A grant.
    pub fn grant(&self, index: u32) -> Option<Grant> {
        let terms = self.cell(Section::Grants, index, 0);
        if terms == NONE {
            return None;
        }
        let cell = |column: u32| self.cell(Section::Terms, terms, column);
        let flags = cell(0);
        Some(Grant {
            index,
            plain: flags & bits::PLAIN != 0,
            denies: flags & bits::DENIES != 0,
            conditional: flags & bits::CONDITIONAL != 0,
            condition: cell(1),
            fields: cell(2),
            scope: name(cell(3)),
            priority: cell(4).cast_signed(),
            reason: name(cell(5)),
            rule: name(cell(6)),
            actions: self.cell(Section::Grants, index, 1),
            resources: self.cell(Section::Grants, index, 2),
        })
    }

    /// A grant's condition as it was written. `None` and one without any test are different things (A5, A15).
    pub fn condition_source(&self, grant: &Grant) -> Option<Value> {
        (grant.condition != NONE).then(|| self.value(grant.condition))
    }

    /// A grant's condition, read.
    pub fn condition(&self, grant: &Grant) -> Option<Condition> {
        let source = self.condition_source(grant)?;
        let profile = &self.profile;
        // A native condition that cannot be read was refused when the snapshot was; here it throws, and nothing is allowed.
        Some(read(source, profile.semantics, self.opt_text(profile.folded)).unwrap_or_else(Condition::throwing))
    }

    /// The fields that a grant is limited to.
    pub fn fields(&self, grant: &Grant) -> Option<Vec<Box<str>>> {
        (grant.fields != NONE).then(|| self.list(grant.fields).map(|field| self.text(Sym(field)).into()).collect())
    }

    /// Whether a grant is limited to some fields.
    pub fn has_fields(&self, grant: &Grant) -> bool {
        grant.fields != NONE
    }

    /// The actions that a grant is on.
    pub fn grant_actions(&self, grant: &Grant) -> Patterns {
        self.patterns(grant.actions)
    }

    /// The resources that a grant is on.
    pub fn grant_resources(&self, grant: &Grant) -> Patterns {
        self.patterns(grant.resources)
    }

    fn patterns(&self, word: u32) -> Patterns {
        if word & LISTED == 0 { vec![word] } else { self.listed(word & !LISTED) }
    }

    /// What a holder grants, by pair: eight bytes each, the pair and the grant's word in [`Section::Entries`].
    pub fn entry_rows(&self, holder: &Holder) -> &[[u8; 8]] {
        let (from, to) = holder.entries;
        let (at, _) = self.section(Section::Entries);
        let place = |row: u32| at.saturating_add(row.saturating_mul(8)) as usize;
        self.bytes.get(place(from)..place(to.max(from))).unwrap_or_default().as_chunks::<8>().0
    }

    /// What a holder grants, by pair: pair and grant.
    pub fn entries(&self, holder: &Holder) -> impl Iterator<Item = (u32, u32)> {
        self.entry_rows(holder).iter().map(|entry| {
            let entry = u64::from_le_bytes(*entry);
            (entry as u32, (entry >> 32) as u32 & !TERMS)
        })
    }

    /// The two patterns of a pair.
    pub fn pair(&self, pair: u32) -> (NodeId, NodeId) {
        (self.cell(Section::Pairs, pair, 0), self.cell(Section::Pairs, pair, 1))
    }
}
