//! What the engine answers, by numbers; [`crate::decision`] puts it into words.

use crate::base::names::Sym;
use crate::base::terms::Rule;
use crate::compiled::Compiled;

/// What comes of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Yes.
    Allow,
    /// No.
    Deny,
    /// The server fails on it, or the question cannot be understood. Treated as a deny.
    Error,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why, as a stable word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word as it is written in answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// A grant covers it.
    Granted = "granted",
    /// A role or permission that passes every check.
    Superuser = "superuser",
    /// The endpoint requires nothing that the caller lacks.
    NotRequired = "not_required",
    /// No grant covers it.
    NoGrant = "no_grant",
    /// A deny grant decides.
    DeniedByRule = "denied_by_rule",
    /// The snapshot has no such principal, or the alias is that of several.
    UnknownPrincipal = "unknown_principal",
    /// No grant covers it, and nothing in the snapshot or the endpoint table knows the permission: perhaps a typing error.
    UnknownPermission = "unknown_permission",
    /// The endpoint table has no such request.
    UnknownRoute = "unknown_route",
    /// The principal is suspended.
    Suspended = "suspended",
    /// The request is for another tenant than the principal's.
    TenantMismatch = "tenant_mismatch",
    /// The session was not granted the scope at sign-in.
    ScopeNotGranted = "scope_not_granted",
    /// The scope holds only for what is the caller's own, and this is not.
    NotOwn = "not_own",
    /// Nobody is logged in.
    Unauthenticated = "unauthenticated",
    /// This way of logging in is closed to the principal.
    LoginRefused = "login_refused",
    /// Authorised, but the server refuses the edit itself.
    EditRefused = "edit_refused",
    /// The answer hangs on the record, which was not given.
    RecordRequired = "record_required",
    /// The request names a record that there is not.
    RecordAbsent = "record_absent",
    /// The answer hangs on the time, which was not given.
    TimeRequired = "time_required",
    /// The principal is not yet or no longer valid.
    NotValidNow = "not_valid_now",
    /// The snapshot has expired.
    SnapshotExpired = "snapshot_expired",
    /// Nobody knows what the endpoint requires.
    RequirementUnknown = "requirement_unknown",
    /// A rule on which the server fails.
    InvalidRule = "invalid_rule",
    /// The question cannot be understood.
    InvalidQuestion = "invalid_question",
}

/// A deciding grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The grant, or the permission of the token.
    pub source: super::Source,
    /// How it is held.
    pub visit: u32,
}

/// An answer by numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Yes, no or failure.
    pub effect: Effect,
    /// Why.
    pub code: Code,
    /// The HTTP class that the server would answer with.
    pub status: u16,
    /// The rule that decides.
    pub rule: Option<Sym>,
    /// Deciding grants, in the order in which they are held.
    pub by: Vec<By>,
    /// More words, where the code is not enough.
    pub detail: Option<String>,
    /// An allow of what was asked in general, which holds for some records or fields only.
    pub partial: bool,
}

impl Verdict {
    /// A refusal without grants.
    #[must_use]
    #[inline(never)]
    pub fn deny(code: Code, status: u16, rule: Option<Sym>) -> Box<Self> {
        Box::new(Self { effect: Effect::Deny, code, status, rule, by: Vec::new(), detail: None, partial: false })
    }

    /// An allow without grants.
    #[must_use]
    #[inline(never)]
    pub fn allow(code: Code, rule: Option<Sym>) -> Box<Self> {
        Box::new(Self { effect: Effect::Allow, code, status: 200, rule, by: Vec::new(), detail: None, partial: false })
    }

    /// A failure.
    #[must_use]
    pub fn error(code: Code, status: u16, rule: Option<Sym>, detail: String) -> Box<Self> {
        Box::new(Self { effect: Effect::Error, code, status, rule, by: Vec::new(), detail: Some(detail), partial: false })
    }

    /// The same, saying which of several permissions is missing.
    #[must_use]
    pub fn for_want_of(mut self: Box<Self>, permission: &str) -> Box<Self> {
        if self.detail.is_none() && matches!(self.code, Code::NoGrant | Code::UnknownPermission) {
            self.detail = Some(permission.into());
        }
        self
    }

    /// The same with more words.
    #[must_use]
    pub fn because(mut self: Box<Self>, detail: String) -> Box<Self> {
        self.detail = Some(detail);
        self
    }
}

impl Compiled {
    /// A refusal by one of the system's rules.
    #[inline(never)]
    pub fn deny(&self, code: Code, status: u16, rule: Rule) -> Box<Verdict> {
        Verdict::deny(code, status, self.rule(rule))
    }

    /// An allow by one of the system's rules.
    #[inline(never)]
    pub fn allow(&self, code: Code, rule: Rule) -> Box<Verdict> {
        Verdict::allow(code, self.rule(rule))
    }
}
