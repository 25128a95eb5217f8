//! What every dialect is turned into: holders of grants, principals that hold them, tables of permissions and endpoints.
//!
//! Wire names do not occur here, and neither does any decision: [`crate::compile`] makes tables of it, [`crate::engine`] reads those.

mod findings;
mod registered;
pub mod trie;

pub use findings::Findings;
pub use registered::Registered;

use std::borrow::Cow;

use crate::base::instant::Instant;
use crate::base::names::{Names, Sym};
use crate::base::system::System;
use crate::base::terms::{Combining, Held, HolderId, HolderKind, Login, Pattern, RuleBook, Spelling};
use crate::condition::{Condition, Semantics};
use crate::value::Value;

/// A word of a dialect's own, or of a compiled snapshot.
pub type Word = Cow<'static, str>;

/// A snapshot in one form for all systems. Order is the payload's order throughout.
#[derive(Debug)]
pub struct Model {
    pub meta: Meta,
    pub profile: Profile,
    pub names: Names,
    /// The registry: permissions that exist, whether anybody holds them or not.
    pub permissions: Vec<Permission>,
    /// A permission outside the registry is held by nobody but super-users (K4, I5, N16).
    pub registry_closed: bool,
    pub holders: Vec<Holder>,
    pub principals: Vec<Principal>,
    /// Tenant and the tenant above it.
    pub tenants: Vec<(Sym, Option<Sym>)>,
    /// Declared resources, as paths, and the one above (N12).
    pub resources: Vec<(Vec<Sym>, Option<Vec<Sym>>)>,
    pub endpoints: Vec<Endpoint>,
    pub documents: Documents,
    pub warnings: Vec<Warning>,
    /// What is wrong with its policies, where somebody asks for that.
    pub findings: Option<Findings>,
}

impl Model {
    /// Enters a holder.
    pub fn add_holder(&mut self, holder: Holder) -> HolderId {
        // Bounded by the limit on values.
        let id = HolderId(u32::try_from(self.holders.len()).unwrap_or(u32::MAX));
        self.holders.push(holder);
        id
    }
}

/// What the envelope says of the snapshot.
#[derive(Debug, Default, Clone)]
pub struct Meta {
    pub server_version: Option<String>,
    pub tenant: Option<Sym>,
    pub version: Option<String>,
    pub etag: Option<String>,
    pub issued_at: Option<String>,
    pub expires_at: Option<String>,
    pub expires: Option<Instant>,
}

/// How a system decides, as data.
#[derive(Debug, Clone)]
pub struct Profile {
    pub system: System,
    pub combining: Combining,
    pub spelling: Spelling,
    pub semantics: Semantics,
    /// The attribute whose text is compared trimmed and lower-cased (A10).
    pub folded: Option<&'static str>,
    /// A deny with `conditions: {}` counts for a type question (CASL 7) or is skipped (CASL 6, rule A5).
    pub empty_deny_on_types: bool,
    /// A role listed twice counts at its first place only (N6); in a concatenation of rules it counts at each (A1).
    pub visits_once: bool,
    /// Tenants form a tree, and a question without tenant is about the principal's own (N8).
    pub tenant_tree: bool,
    pub book: &'static RuleBook,
}

/// One permission of the registry.
#[derive(Debug)]
pub struct Permission {
    pub name: Sym,
    pub display: Option<Sym>,
    pub category: Option<Sym>,
    pub system: bool,
}

/// Something that holds grants, itself or through others. The graph has no loops: dialects make none, the native one is checked.
#[derive(Debug)]
pub struct Holder {
    pub kind: HolderKind,
    pub id: Sym,
    pub name: Option<Sym>,
    /// Holds only for this tenant (I4, N8).
    pub tenant: Option<Sym>,
    /// Holds only when the principal acts for this legal entity, if it says for which (E15).
    pub entity: Option<Sym>,
    /// What makes everybody who holds this pass every check, as text (H7, K1, N7).
    pub superuser: Option<Sym>,
    /// The server fails on every request of whoever holds this, and why (A11).
    pub broken: Option<Sym>,
    /// Taken before the own grants, in order.
    pub includes: Vec<Held>,
    pub grants: Vec<Grant>,
    /// A role as the system's role list has it, or something that the dialect made for itself.
    pub listed: bool,
    /// What its document says besides; nothing where that is as one would think.
    pub origin: Option<Box<Origin>>,
}

/// What a document says besides what it comes to: for whoever wants to change it.
#[derive(Debug, Default, Clone)]
pub struct Origin {
    /// The system does not let its grants be written.
    pub fixed: bool,
    /// It stands in no list of its own, so that it can be neither given nor written.
    pub embedded: bool,
    /// Where each of its grants stands in the document; [`Origin::NOWHERE`] for one that is derived. Empty: each at its own place.
    pub places: Vec<u32>,
    /// What stands behind each name of the document, which makes as many grants of it (E13).
    pub suffixes: Vec<Box<str>>,
}

impl Origin {
    /// The place of what no list holds.
    pub const NOWHERE: u32 = u32::MAX;
}

impl Holder {
    pub fn new(kind: HolderKind, id: Sym) -> Self {
        Self {
            kind,
            id,
            name: None,
            tenant: None,
            entity: None,
            superuser: None,
            broken: None,
            includes: Vec::new(),
            grants: Vec::new(),
            listed: true,
            origin: None,
        }
    }

    /// What its document says besides, to be filled in.
    pub fn origin(&mut self) -> &mut Origin {
        self.origin.get_or_insert_default()
    }

    /// Says where its grants stand, if not each at its own place.
    pub fn stand_at(&mut self, places: Vec<u32>) {
        if (0..).zip(&places).any(|(own, place)| own != *place) {
            self.origin().places = places;
        }
    }
}

/// Whether a grant gives or takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantEffect {
    Allow,
    Deny,
}

/// One rule: these actions on these resources, for those records. There may be a million: what few of them have stands apart.
#[derive(Debug, Clone)]
pub struct Grant {
    pub actions: Patterns,
    pub resources: Patterns,
    /// The server rule by which this is a grant.
    pub rule: Word,
    /// `None` for an allow without any.
    terms: Option<Box<Terms>>,
}

/// What a grant says besides what it is on.
#[derive(Debug, Clone)]
pub struct Terms {
    pub effect: GrantEffect,
    /// `None` and a condition without any test are different things (A5, A15).
    pub condition: Option<Condition>,
    pub fields: Option<Vec<Box<str>>>,
    pub scope: Option<Sym>,
    pub priority: i32,
    pub reason: Option<Sym>,
}

impl Terms {
    /// Those of an unconditional allow.
    pub const NONE: Self = Self { effect: GrantEffect::Allow, condition: None, fields: None, scope: None, priority: 0, reason: None };

    /// Nothing but an allow: wherever its pattern covers, it applies.
    pub fn is_plain(&self) -> bool {
        let always = self.condition.is_none() && self.fields.is_none() && self.scope.is_none();
        self.effect == GrantEffect::Allow && always && self.priority == 0
    }
}

impl Grant {
    pub fn new(actions: Patterns, resources: Patterns, rule: impl Into<Word>, terms: Terms) -> Self {
        let plain = terms.is_plain() && terms.reason.is_none();
        Self { actions, resources, rule: rule.into(), terms: (!plain).then(|| Box::new(terms)) }
    }

    /// An unconditional allow.
    pub fn allow(action: Pattern, resource: Pattern, rule: impl Into<Word>) -> Self {
        Self { actions: Patterns::One(action), resources: Patterns::One(resource), rule: rule.into(), terms: None }
    }

    pub fn terms(&self) -> &Terms {
        self.terms.as_deref().unwrap_or(&Terms::NONE)
    }
}

/// What a list of actions or of resources names: nearly always one thing.
#[derive(Debug, Clone)]
pub enum Patterns {
    One(Pattern),
    Several(Box<[Pattern]>),
}

impl From<Vec<Pattern>> for Patterns {
    fn from(list: Vec<Pattern>) -> Self {
        match <[Pattern; 1]>::try_from(list) {
            Ok([one]) => Self::One(one),
            Err(list) => Self::Several(list.into()),
        }
    }
}

impl std::ops::Deref for Patterns {
    type Target = [Pattern];

    fn deref(&self) -> &[Pattern] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(list) => list,
        }
    }
}

/// Somebody, or something, that asks.
#[derive(Debug)]
pub struct Principal {
    pub id: Sym,
    pub aliases: Vec<Sym>,
    /// `user`, `client`, `service`, in the system's own word.
    pub kind: Sym,
    pub name: Option<Sym>,
    pub tenant: Option<Sym>,
    pub suspended: bool,
    pub valid_from: Option<Instant>,
    pub valid_until: Option<Instant>,
    pub login: Login,
    pub holds: Vec<Held>,
    /// What `${user.id}` stands for, where it is not the id that the principal goes by.
    pub subject_id: Option<Sym>,
    pub attributes: Vec<(Box<str>, Value)>,
}

impl Principal {
    pub fn new(id: Sym, kind: Sym) -> Self {
        Self {
            id,
            aliases: Vec::new(),
            kind,
            name: None,
            tenant: None,
            suspended: false,
            valid_from: None,
            valid_until: None,
            login: Login::default(),
            holds: Vec::new(),
            subject_id: None,
            attributes: Vec::new(),
        }
    }
}

/// One row of a table of requests.
#[derive(Debug)]
pub struct Endpoint {
    /// `None` is every method.
    pub method: Option<Sym>,
    pub path: Vec<PathPart>,
    pub requires: Requirement,
    /// A further requirement under a condition of the request (forceDelete).
    pub also: Option<Also>,
    /// Edits that the server refuses even to those it authorises.
    pub guard: Option<EditGuard>,
}

/// One segment of an endpoint's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPart {
    Literal(Sym),
    Param(Sym),
    /// The rest of the path, which may be empty.
    Rest,
}

/// What an endpoint asks of the caller.
#[derive(Debug)]
pub enum Requirement {
    /// Nothing, not even a login.
    Nothing,
    /// Any principal that is let in.
    LoggedIn,
    /// The same; and a session by password that is locked until the password is changed (K9).
    Locked,
    /// Any principal that is let in; a session bound by scopes needs one on all of this resource.
    OwnSession(Sym),
    Any(Vec<Need>),
    All(Vec<Need>),
    Check(Check),
    /// Nobody knows: denied to all but super-users.
    Unknown,
}

/// A permission, perhaps one that holds only for what is the caller's own.
#[derive(Debug)]
pub struct Need {
    pub permission: Sym,
    pub own: Option<Own>,
}

/// When something is the caller's own (E7).
#[derive(Debug, Clone)]
pub enum Own {
    /// The same fact of the record and of the principal must be given and equal. In a list the record's may be left out:
    /// the server then shows only what is the caller's own.
    Same { fact: Word, list: bool },
    /// A fact of the record must have this value; in a list it may be left out.
    Is { fact: Word, value: Word },
}

/// An action on a type, perhaps on the record that the request names.
#[derive(Debug)]
pub struct Check {
    pub action: Sym,
    pub subject: Sym,
    pub on_type: bool,
    pub on_record: bool,
    /// A record that is denied is answered as one that is absent (A17).
    pub hidden: bool,
}

/// `permission` is needed too when the request says `flag`, unless it says that `unless` is false.
#[derive(Debug)]
pub struct Also {
    pub flag: Word,
    pub unless: Word,
    pub permission: Sym,
}

/// An edit that is refused by what the path parameter names.
#[derive(Debug)]
pub struct EditGuard {
    pub param: Sym,
    pub refuses: Refuses,
    pub rule: Word,
}

/// What an [`EditGuard`] refuses.
#[derive(Debug)]
pub enum Refuses {
    /// One of these ids.
    Ids(Vec<Sym>),
    /// What begins so.
    Prefix(Word),
}

/// Documents of the payload that the systems' own lists answer with, kept as they came.
#[derive(Debug, Default)]
pub struct Documents {
    pub access_controls: Vec<Document>,
    pub groups: Vec<Document>,
    pub permissions: Vec<Document>,
    pub resources: Vec<Document>,
    pub principals: Vec<Document>,
    /// Policies of a role, for the one system that lists them interpolated.
    pub policies: Vec<Document>,
    /// What documents of holders say besides, by holder.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub origins: Vec<(u32, Box<Origin>)>,
    /// How many grants stand before those of each holder.
    #[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
    pub firsts: Vec<u32>,
    /// Principals without a document: they are there for as long as they hold something.
    pub mentioned: Vec<Sym>,
    /// Principals that the system does not let be changed.
    pub fixed: Vec<Sym>,
    /// Who is in which group though it does not count, because the server has recorded what it comes to.
    pub behind: Vec<(Sym, HolderId)>,
}

/// One of them, by its id.
#[derive(Debug)]
pub struct Document {
    pub id: Sym,
    pub value: Value,
}

/// Something that loads, and means less than its author may think.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub code: &'static str,
    pub path: String,
    pub message: String,
}
