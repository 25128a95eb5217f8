//! The small types that all floors share: how a system decides, what holds grants, what a grant is on.

use crate::base::names::Sym;

/// How grants that apply are combined into one effect (N5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combining {
    Additive,
    DenyOverrides,
    LastApplicable,
    FirstApplicable,
}

impl Combining {
    /// All of them; a compiled snapshot names one by its place.
    pub const ALL: &'static [Self] = &[Self::Additive, Self::DenyOverrides, Self::LastApplicable, Self::FirstApplicable];
}

/// How a permission is written as one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// One exact string, never split (Emporix, Kura, Ithbat).
    Flat,
    /// `resource/path:action:nested`, each side covering what is below it; without `:` it is an action on no resource (native).
    Path,
    /// The same, but without `:` it is a resource and no action, and `*` is a plain segment of a resource (Hantera, H13).
    Ace,
    /// `action type` (Open Archiver, CASL): two exact strings.
    Typed,
}

impl Spelling {
    /// All of them; a compiled snapshot names one by its place.
    pub const ALL: &'static [Self] = &[Self::Flat, Self::Path, Self::Ace, Self::Typed];
}

/// What decisions cite a rule for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    DefaultDeny,
    Anonymous,
    UnknownPrincipal,
    Tenant,
    Suspended,
    Scopes,
    Superuser,
    Registry,
    Login,
    Broken,
    Throws,
    List,
    Cascade,
    AnyAction,
    Nested,
    TypeQuestion,
    RecordQuestion,
    Denied,
    NotOwn,
    Edit,
    NothingRequired,
    Route,
    Token,
}

impl Rule {
    /// All of them; a compiled snapshot has their numbers in this order.
    pub const ALL: &'static [Self] = &[
        Self::DefaultDeny,
        Self::Anonymous,
        Self::UnknownPrincipal,
        Self::Tenant,
        Self::Suspended,
        Self::Scopes,
        Self::Superuser,
        Self::Registry,
        Self::Login,
        Self::Broken,
        Self::Throws,
        Self::List,
        Self::Cascade,
        Self::AnyAction,
        Self::Nested,
        Self::TypeQuestion,
        Self::RecordQuestion,
        Self::Denied,
        Self::NotOwn,
        Self::Edit,
        Self::NothingRequired,
        Self::Route,
        Self::Token,
    ];
}

/// Rule numbers and HTTP classes that decisions of one system cite.
#[derive(Debug)]
pub struct RuleBook {
    pub default_deny: &'static str,
    pub anonymous: &'static str,
    pub unknown_principal: &'static str,
    pub tenant: &'static str,
    pub tenant_status: u16,
    pub suspended: &'static str,
    pub suspended_status: u16,
    pub scopes: &'static str,
    pub superuser: &'static str,
    pub registry: &'static str,
    pub login: &'static str,
    /// The server cannot build what it decides by.
    pub broken: &'static str,
    /// The server fails on one rule when it needs it.
    pub throws: &'static str,
    /// What a list shows.
    pub list: &'static str,
    /// A grant on a resource path above the one asked for.
    pub cascade: &'static str,
    /// A grant on every action.
    pub any_action: &'static str,
    /// A grant on an action above the one asked for.
    pub nested: &'static str,
    pub type_question: &'static str,
    pub record_question: &'static str,
    pub denied_by_rule: &'static str,
    pub not_own: &'static str,
    pub edit: &'static str,
    pub nothing_required: &'static str,
    pub route: &'static str,
    /// Permissions that a token carries.
    pub token: &'static str,
}

impl RuleBook {
    /// The number of a rule.
    pub fn number(&self, rule: Rule) -> &'static str {
        match rule {
            Rule::DefaultDeny => self.default_deny,
            Rule::Anonymous => self.anonymous,
            Rule::UnknownPrincipal => self.unknown_principal,
            Rule::Tenant => self.tenant,
            Rule::Suspended => self.suspended,
            Rule::Scopes => self.scopes,
            Rule::Superuser => self.superuser,
            Rule::Registry => self.registry,
            Rule::Login => self.login,
            Rule::Broken => self.broken,
            Rule::Throws => self.throws,
            Rule::List => self.list,
            Rule::Cascade => self.cascade,
            Rule::AnyAction => self.any_action,
            Rule::Nested => self.nested,
            Rule::TypeQuestion => self.type_question,
            Rule::RecordQuestion => self.record_question,
            Rule::Denied => self.denied_by_rule,
            Rule::NotOwn => self.not_own,
            Rule::Edit => self.edit,
            Rule::NothingRequired => self.nothing_required,
            Rule::Route => self.route,
            Rule::Token => self.token,
        }
    }
}

/// What kind of thing holds grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKind {
    Role,
    Group,
    AccessControl,
    Template,
    /// The principal itself.
    Direct,
    /// Verified token claims.
    Token,
}

impl HolderKind {
    /// All of them; a compiled snapshot names one by its place.
    pub const ALL: &'static [Self] = &[Self::Role, Self::Group, Self::AccessControl, Self::Template, Self::Direct, Self::Token];
}

/// Index of a holder in the list of holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HolderId(pub u32);

/// A holder held, perhaps only for one tenant and what is below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub holder: HolderId,
    pub scope: Option<Sym>,
}

impl From<HolderId> for Held {
    fn from(holder: HolderId) -> Self {
        Self { holder, scope: None }
    }
}

/// What decides whether a way of logging in is open (K9, K10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Login {
    pub password_enabled: bool,
    pub password_change_needed: bool,
}

impl Default for Login {
    fn default() -> Self {
        Self { password_enabled: true, password_change_needed: false }
    }
}

/// One segment of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    Name(Sym),
    /// Any one segment.
    One,
}

/// What a grant is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Everything, a question without resource too.
    Any,
    /// The thing with this one segment, and what is below it.
    Single(Segment),
    /// The same with more segments. Never empty.
    Path(Box<[Segment]>),
}

impl Pattern {
    /// The thing with these segments; of none, everything.
    pub fn path(segments: &[Segment]) -> Self {
        match segments {
            [] => Self::Any,
            [only] => Self::Single(*only),
            _ => Self::Path(segments.into()),
        }
    }

    /// None for everything.
    pub fn segments(&self) -> &[Segment] {
        match self {
            Self::Any => &[],
            Self::Single(only) => std::slice::from_ref(only),
            Self::Path(segments) => segments,
        }
    }

    /// One exact name.
    pub fn name(sym: Sym) -> Self {
        Self::Single(Segment::Name(sym))
    }
}

/// The resource of a permission that names none (N2). No resource is named so: a path has no empty segment.
pub const NO_RESOURCE: &str = "";

/// The member of a question's context and facts that names the company that somebody acts for (E7, E15).
pub const LEGAL_ENTITY: &str = "legalEntityId";

/// Members of a context: what holds for questions.
pub const CONTEXT: [&str; 8] = ["tenant", "auth", "sessionScopes", LEGAL_ENTITY, "roles", "attributes", "claims", "now"];
