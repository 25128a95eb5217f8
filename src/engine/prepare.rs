//! A principal made ready: whatever does not hang on the question is done once.

use std::sync::Arc;

use super::ask::Asked;
use super::verdict::{Code, Verdict};
use crate::compile::{AMBIGUOUS, Compiled, spell};
use crate::condition::{self, Bindings, Condition};
use crate::instant::Instant;
use crate::model::{Held, HolderId, HolderKind, Principal, Spelling};
use crate::names::Sym;
use crate::table::{Table, pair};
use crate::trie::{NodeId, ROOT};
use crate::value::Value;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody is logged in.
    Nobody,
    /// An id or an alias of the snapshot.
    Named(String),
    /// Verified claims.
    Claims(Box<Claims>),
}

/// Claims of a token, in one form for all systems.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// Whom the token names.
    pub id: Option<String>,
    /// The token carries no rights: those of the principal it names count.
    pub by_id: bool,
    /// Roles of the snapshot that the token carries.
    pub roles: Vec<String>,
    /// Groups of the snapshot that the token carries.
    pub groups: Vec<String>,
    /// Permissions that the token carries, in the system's spelling.
    pub permissions: Vec<String>,
    /// The rule by which those count.
    pub permission_rule: &'static str,
    /// Which of them makes its holder pass every check.
    pub superuser: Option<String>,
    /// The legal entity that the token acts for (E15): verified, so it counts before what the request says.
    pub entity: Option<String>,
    /// Scopes that the token is bound to, besides those of the context.
    pub session_scopes: Option<Vec<String>>,
    /// The tenant that the token is bound to.
    pub tenant: Option<String>,
    /// Attributes of the principal.
    pub attributes: Vec<(Box<str>, Value)>,
}

/// What holds for the questions of one principal.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The tenant that the request is for.
    pub tenant: Option<String>,
    /// How the principal logged in.
    pub auth: Option<String>,
    /// Scopes granted at sign-in (H10, N13).
    pub session_scopes: Option<Vec<String>>,
    /// The legal entity that the principal acts for (E15).
    pub legal_entity: Option<String>,
    /// Further roles (N14).
    pub roles: Vec<String>,
    /// Attributes of the principal, over those of the snapshot.
    pub attributes: Vec<(Box<str>, Value)>,
    /// The time of the question.
    pub now: Option<Instant>,
}

/// Where a deciding grant comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A grant of the policy.
    Grant(u32),
    /// A permission of the token, by its place in [`Prepared::loose`].
    Loose(u32),
    /// The holder itself, whatever it grants.
    Superuser,
}

/// A holder reached, and from where.
#[derive(Debug, Clone)]
pub struct Visit {
    pub kind: VisitKind,
    pub from: Option<u32>,
}

/// What was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitKind {
    Holder(HolderId),
    /// The token that the principal brought.
    Token,
}

/// A condition with its placeholders filled in, where it has any. `Some(None)`: they stand for nothing, so it never holds.
pub type Bound = Option<Option<Arc<Condition>>>;

/// One thing that the principal may, or may not, do.
#[derive(Debug, Clone)]
pub struct Entry {
    pub action: NodeId,
    pub resource: NodeId,
    /// Place in the order of grants (N6, A1).
    pub order: u32,
    pub source: Source,
    pub visit: u32,
    pub bound: Bound,
}

/// A permission that was spelled by a token or a session rather than by the snapshot.
#[derive(Debug, Clone)]
pub struct Loose {
    pub text: Box<str>,
    action: LoosePattern,
    resource: LoosePattern,
}

#[derive(Debug, Clone)]
enum LoosePattern {
    Any,
    /// Its node if the policy names it, and its segments. `None` for a segment that stands for any one.
    Path(Option<NodeId>, Vec<Option<Box<str>>>),
    /// Covers nothing: an empty segment.
    Nothing,
}

/// A principal made ready to be asked about. Immutable.
#[derive(Debug)]
pub struct Prepared {
    /// The id in the snapshot, or what the token names.
    pub id: Option<String>,
    pub principal: Option<u32>,
    /// Sorted by action, resource, order.
    pub entries: Vec<Entry>,
    pub loose: Vec<Loose>,
    /// Those of them that are not among the entries, and how they are held.
    pub untabled: Vec<(u32, u32)>,
    /// Each of these lists has to cover what is asked: of the session, and of the token.
    pub bounds: Vec<Vec<Loose>>,
    pub visits: Vec<Visit>,
    pub superuser: Option<(String, u32)>,
    pub broken: Option<Sym>,
    pub context: Context,
    /// Refused whatever is asked, in this order of importance: login, identity; tenant; status.
    pub anonymous: Option<Verdict>,
    pub tenant: Option<Verdict>,
    pub standing: Option<Verdict>,
    who: Who,
}

impl Prepared {
    /// Who was made ready.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// The legal entity that the principal acts for.
    pub fn acting_for(&self) -> Option<&str> {
        let claimed = match &self.who {
            Who::Claims(claims) => claims.entity.as_deref(),
            Who::Nobody | Who::Named(_) => None,
        };
        claimed.or(self.context.legal_entity.as_deref())
    }

    /// Entries for one pair of patterns.
    pub fn at(&self, action: NodeId, resource: NodeId) -> &[Entry] {
        let key = |entry: &Entry| (entry.action, entry.resource);
        let from = self.entries.partition_point(|entry| key(entry) < (action, resource));
        let to = self.entries.partition_point(|entry| key(entry) <= (action, resource));
        self.entries.get(from..to).unwrap_or_default()
    }
}

impl Loose {
    /// A permission pattern in the system's spelling.
    pub fn new(policy: &Compiled, text: &str) -> Self {
        let spelling = policy.profile.spelling;
        let spelled = spell(spelling, text);
        let pattern = |segments: &[&str], action: bool| -> LoosePattern {
            if segments.iter().any(|segment| segment.is_empty()) {
                return LoosePattern::Nothing;
            }
            match segments {
                [] => LoosePattern::Any,
                ["*"] if spelling == Spelling::Path || (spelling == Spelling::Ace && action) => LoosePattern::Any,
                _ => {
                    let spot = if action { policy.locate_action(segments) } else { policy.locate_resource(segments) };
                    let any_one = |segment: &str| spelling == Spelling::Path && segment == "*";
                    let words = segments.iter().map(|segment| (!any_one(segment)).then(|| (*segment).into()));
                    LoosePattern::Path(spot.exact.filter(|_| !segments.iter().any(|segment| any_one(segment))), words.collect())
                }
            }
        };
        // No segment at all is every action (H4), or every resource.
        Self { text: text.into(), action: pattern(&spelled.action, true), resource: pattern(&spelled.resource, false) }
    }

    /// Whether it covers the question.
    pub fn covers(&self, asked: &Asked) -> bool {
        let Some(words) = asked.words.as_ref().filter(|_| !asked.is_malformed()) else { return false };
        self.action.covers(&asked.action.covers, &words.action)
            && (self.resource.covers(&asked.resource.covers, &words.resource)
                || words.above.iter().any(|above| self.resource.covers(&[], above)))
    }
}

impl LoosePattern {
    fn covers(&self, covers: &[NodeId], words: &[Box<str>]) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing => false,
            Self::Path(Some(node), _) if covers.binary_search(node).is_ok() => true,
            Self::Path(_, segments) => {
                let mut pairs = segments.iter().zip(words);
                segments.len() <= words.len() && pairs.all(|(pattern, word)| pattern.as_ref().is_none_or(|name| name == word))
            }
        }
    }
}

fn bounds(policy: &Compiled, who: &Who, context: &Context) -> Vec<Vec<Loose>> {
    let token = match who {
        Who::Claims(claims) => claims.session_scopes.as_ref(),
        Who::Nobody | Who::Named(_) => None,
    };
    let lists = [context.session_scopes.as_ref(), token].into_iter().flatten();
    lists.map(|scopes| scopes.iter().map(|scope| Loose::new(policy, scope)).collect()).collect()
}

/// Makes a principal ready.
pub fn prepare(policy: &Compiled, who: &Who, context: &Context) -> Prepared {
    let mut ready = Prepared {
        id: None,
        principal: None,
        entries: Vec::new(),
        loose: Vec::new(),
        untabled: Vec::new(),
        bounds: bounds(policy, who, context),
        visits: Vec::new(),
        superuser: None,
        broken: None,
        context: context.clone(),
        anonymous: None,
        tenant: None,
        standing: None,
        who: who.clone(),
    };
    let book = policy.profile.book;
    let logged_out = context.auth.as_deref() == Some("none");
    let (named, claims) = match who {
        Who::Nobody => (None, None),
        _ if logged_out => (None, None),
        Who::Named(name) => (Some(name.as_str()), None),
        Who::Claims(claims) => (claims.id.as_deref().filter(|_| claims.by_id), Some(claims.as_ref())),
    };
    ready.id = named.or(claims.and_then(|claims| claims.id.as_deref())).map(Into::into);
    if logged_out || matches!(who, Who::Nobody) {
        ready.anonymous = Some(Verdict::deny(Code::Unauthenticated, 401, book.anonymous));
        return ready;
    }
    let principal = named.and_then(|name| {
        let index = policy.names.find(name).and_then(|sym| policy.who.get(sym)).filter(|at| *at != AMBIGUOUS)?;
        Some((index, policy.principals.get(index as usize)?))
    });
    if let Some((index, principal)) = principal {
        ready.principal = Some(index);
        ready.id = Some(policy.names.text(principal.id).into());
    }
    if principal.is_none() && claims.is_none_or(|claims| claims.by_id) {
        let detail = match named {
            Some(name) if policy.names.find(name).is_some_and(|sym| policy.who.get(sym) == Some(AMBIGUOUS)) => {
                format!("`{name}` is an alias of more than one principal")
            }
            Some(name) => format!("the snapshot has no principal `{name}`"),
            None => "the claims name no principal and carry no rights".into(),
        };
        ready.anonymous = Some(Verdict::deny(Code::UnknownPrincipal, 401, book.unknown_principal).because(detail));
        return ready;
    }
    let principal = principal.map(|(_, principal)| principal);
    let subject = Subject { policy, principal, claims, context, id: ready.id.clone() };
    let tenant = subject.tenant_asked();
    ready.tenant = subject.tenant_refusal();
    // A token of somebody whom the snapshot knows as suspended is no better than the name.
    let known = principal.or_else(|| claimed_principal(policy, claims));
    ready.standing = known.and_then(|principal| standing(policy, principal, context));
    let mut closure = Closure { policy, subject: &subject, tenant, ready: &mut ready, order: 0, seen: Table::default() };
    closure.collect();
    ready.entries.sort_by_key(|entry| (entry.action, entry.resource, entry.order));
    ready
}

fn claimed_principal<'p>(policy: &'p Compiled, claims: Option<&Claims>) -> Option<&'p Principal> {
    let id = policy.names.find(claims?.id.as_deref()?)?;
    policy.principals.get(policy.who.get(id)? as usize)
}

fn standing(policy: &Compiled, principal: &Principal, context: &Context) -> Option<Verdict> {
    let book = policy.profile.book;
    if principal.suspended {
        return Some(Verdict::deny(Code::Suspended, book.suspended_status, book.suspended));
    }
    if principal.valid_from.is_some() || principal.valid_until.is_some() {
        let Some(now) = context.now else { return Some(Verdict::deny(Code::TimeRequired, 403, book.suspended)) };
        let begun = principal.valid_from.is_none_or(|from| from <= now);
        let over = principal.valid_until.is_some_and(|until| until <= now);
        if !begun || over {
            return Some(Verdict::deny(Code::NotValidNow, 403, book.suspended));
        }
    }
    // K9, K10: only ways that present the password are closed; one that nobody has heard of may be such a way.
    let by_password = context.auth.as_deref().is_some_and(|auth| !auth.contains("certificate") && auth != "token");
    let login = &principal.login;
    if by_password && (!login.password_enabled || login.password_change_needed) {
        let detail = if login.password_enabled { "the password has to be changed first" } else { "logging in by password is switched off" };
        return Some(Verdict::deny(Code::LoginRefused, 401, book.login).because(detail));
    }
    None
}

/// Who asks, for tenants and placeholders.
struct Subject<'a> {
    policy: &'a Compiled,
    principal: Option<&'a Principal>,
    claims: Option<&'a Claims>,
    context: &'a Context,
    id: Option<String>,
}

impl Subject<'_> {
    /// The tenant that the principal belongs to.
    fn home(&self) -> Option<&str> {
        let claimed = self.claims.and_then(|claims| claims.tenant.as_deref());
        claimed.or_else(|| self.principal.and_then(|principal| principal.tenant).map(|tenant| self.policy.names.text(tenant)))
    }

    /// The tenant that the question is about.
    fn tenant_asked(&self) -> Option<String> {
        let snapshot = self.policy.meta.tenant.map(|tenant| self.policy.names.text(tenant));
        let default = if self.policy.profile.tenant_tree { self.home().or(snapshot) } else { snapshot.or(self.home()) };
        self.context.tenant.as_deref().or(default).map(Into::into)
    }

    fn tenant_refusal(&self) -> Option<Verdict> {
        let snapshot = self.policy.meta.tenant.map(|tenant| self.policy.names.text(tenant));
        // In a tree the envelope's tenant bounds nobody by itself; elsewhere the whole snapshot is one tenant's.
        let bounds = if self.policy.profile.tenant_tree { [self.home(), None] } else { [self.home(), snapshot] };
        let asked = self.tenant_asked()?;
        let bound = bounds.into_iter().flatten().find(|bound| !within(self.policy, &asked, bound))?;
        let book = self.policy.profile.book;
        let detail = format!("the request is for the tenant `{asked}` and the principal belongs to `{bound}`");
        Some(Verdict::deny(Code::TenantMismatch, book.tenant_status, book.tenant).because(detail))
    }
}

/// Whether a tenant is another one or below it.
fn within(policy: &Compiled, tenant: &str, bound: &str) -> bool {
    if tenant == bound {
        return true;
    }
    let mut at = policy.names.find(tenant);
    // Loops are refused at load; the bound on steps is for certainty.
    for _ in 0..=policy.tenants.len() {
        at = at.and_then(|tenant| policy.tenants.get(tenant)).and_then(|above| policy.tenant_names.get(above as usize)).copied();
        match at {
            Some(above) if policy.names.text(above) == bound => return true,
            Some(_) => {}
            None => return false,
        }
    }
    false
}

impl Bindings for Subject<'_> {
    fn subject_id(&self) -> Option<&str> {
        let own = self.principal.and_then(|principal| principal.subject_id).map(|id| self.policy.names.text(id));
        own.or(self.id.as_deref())
    }

    fn tenant(&self) -> Option<&str> {
        self.home()
    }

    fn attribute(&self, name: &str) -> Option<&Value> {
        let find = |list: &'_ [(Box<str>, Value)]| list.iter().position(|(key, _)| key.as_ref() == name);
        let lists = [
            Some(self.context.attributes.as_slice()),
            self.claims.map(|claims| claims.attributes.as_slice()),
            self.principal.map(|principal| principal.attributes.as_slice()),
        ];
        lists.into_iter().flatten().find_map(|list| find(list).and_then(|at| list.get(at)).map(|(_, value)| value))
    }
}

struct Closure<'a, 'r> {
    policy: &'a Compiled,
    subject: &'a Subject<'a>,
    tenant: Option<String>,
    ready: &'r mut Prepared,
    order: u32,
    /// Holder and scope (0 for none, else one more than its number).
    seen: Table,
}

impl Closure<'_, '_> {
    /// N6: roles, groups, contextual roles, direct grants; other systems in the order in which the payload lists them.
    fn collect(&mut self) {
        let policy = self.policy;
        let direct = |held: &&Held| policy.holders.get(held.holder.0 as usize).is_some_and(|holder| holder.kind == HolderKind::Direct);
        let held = self.subject.principal.map(|principal| principal.holds.clone()).unwrap_or_default();
        for holder in held.iter().filter(|held| !direct(held)) {
            self.enter(*holder);
        }
        if let Some(claims) = self.subject.claims {
            self.enter_named(&claims.roles, true);
            self.enter_named(&claims.groups, false);
        }
        self.enter_named(&self.subject.context.roles.clone(), true);
        for holder in held.iter().filter(direct) {
            self.enter(*holder);
        }
        if let Some(claims) = self.subject.claims {
            self.enter_token(claims);
        }
    }

    fn enter_named(&mut self, names: &[String], roles: bool) {
        let policy = self.policy;
        let holders = if roles { &policy.roles } else { &policy.groups };
        for name in names {
            let found = policy.names.find(name).and_then(|sym| holders.get(sym));
            if let Some(holder) = found {
                self.enter(Held::from(HolderId(holder)));
            }
        }
    }

    fn enter_token(&mut self, claims: &Claims) {
        let visit = self.visit(VisitKind::Token, None);
        for text in &claims.permissions {
            let loose = Loose::new(self.policy, text);
            let index = u32::try_from(self.ready.loose.len()).unwrap_or(u32::MAX);
            let node = |pattern: &LoosePattern| match pattern {
                LoosePattern::Any => Some(ROOT),
                LoosePattern::Path(node, _) => *node,
                LoosePattern::Nothing => None,
            };
            if let (Some(action), Some(resource)) = (node(&loose.action), node(&loose.resource)) {
                let entry = Entry { action, resource, order: self.next(), source: Source::Loose(index), visit, bound: None };
                self.ready.entries.push(entry);
            } else {
                self.ready.untabled.push((index, visit));
            }
            self.ready.loose.push(loose);
        }
        if let (Some(text), None) = (&claims.superuser, &self.ready.superuser) {
            self.ready.superuser = Some((text.clone(), visit));
        }
    }

    fn next(&mut self) -> u32 {
        self.order = self.order.saturating_add(1);
        self.order
    }

    fn visit(&mut self, kind: VisitKind, from: Option<u32>) -> u32 {
        let index = u32::try_from(self.ready.visits.len()).unwrap_or(u32::MAX);
        self.ready.visits.push(Visit { kind, from });
        index
    }

    /// A holder after those it includes. A stack of its own: chains may be long.
    fn enter(&mut self, held: Held) {
        enum Work {
            /// With the scope of the assignment that leads there, and from where.
            Reach(Held, Option<Sym>, Option<u32>),
            Take(HolderId, u32),
        }
        let mut stack = vec![Work::Reach(held, None, None)];
        while let Some(work) = stack.pop() {
            match work {
                Work::Reach(held, outer, from) => {
                    let scope = held.scope.or(outer);
                    let Some(holder) = self.policy.holders.get(held.holder.0 as usize) else { continue };
                    if !self.holds(holder.tenant) || !self.holds(held.scope) || !self.acts_for(holder.entity) {
                        continue;
                    }
                    let key = pair(held.holder.0, scope.map_or(0, |scope| scope.number().saturating_add(1)));
                    if !self.seen.enter(key) && self.policy.profile.visits_once {
                        continue;
                    }
                    let visit = self.visit(VisitKind::Holder(held.holder), from);
                    stack.push(Work::Take(held.holder, visit));
                    let includes = holder.includes.iter().rev();
                    stack.extend(includes.map(|inner| Work::Reach(*inner, scope, Some(visit))));
                }
                Work::Take(id, visit) => self.take(id, visit),
            }
        }
    }

    fn holds(&self, tenant: Option<Sym>) -> bool {
        let Some(bound) = tenant else { return true };
        let bound = self.policy.names.text(bound);
        self.tenant.as_deref().is_some_and(|asked| within(self.policy, asked, bound))
    }

    /// E15: without a legal entity in the question all groups count.
    fn acts_for(&self, entity: Option<Sym>) -> bool {
        match (entity, self.ready.acting_for()) {
            (Some(entity), Some(acting)) => self.policy.names.text(entity) == acting,
            _ => true,
        }
    }

    fn take(&mut self, id: HolderId, visit: u32) {
        let policy = self.policy;
        let Some(holder) = policy.holders.get(id.0 as usize) else { return };
        if let (Some(text), None) = (holder.superuser, &self.ready.superuser) {
            self.ready.superuser = Some((policy.names.text(text).into(), visit));
        }
        self.ready.broken = self.ready.broken.or(holder.broken);
        let mut last: Option<(u32, u32, Bound)> = None;
        for entry in policy.entries(id) {
            let Some(grant) = policy.grants.get(entry.grant as usize) else { continue };
            if !self.holds(grant.scope) {
                continue;
            }
            // All entries of one grant share its place in the order and its bound condition.
            let (order, bound) = match &last {
                Some((index, order, bound)) if *index == entry.grant => (*order, bound.clone()),
                _ => {
                    let bound = grant.condition.as_ref().filter(|condition| condition.has_placeholder()).map(|condition| {
                        let profile = &policy.profile;
                        condition::bind(condition, profile.semantics, profile.folded, self.subject).map(Arc::new)
                    });
                    (self.next(), bound)
                }
            };
            last = Some((entry.grant, order, bound.clone()));
            self.ready.entries.push(Entry {
                action: entry.action,
                resource: entry.resource,
                order,
                source: Source::Grant(entry.grant),
                visit,
                bound,
            });
        }
    }
}
