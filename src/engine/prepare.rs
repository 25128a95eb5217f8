//! A principal made ready: whatever does not hang on the question is done once.

use super::subject::{Subject, lineage};
use super::unlisted::Loose;
use super::verdict::{Code, Verdict};
use super::who::{Claims, Context, Spec, Who};
use crate::base::names::Sym;
use crate::base::table::{Seen, index, pair, sort};
use crate::base::terms::{Held, HolderId, HolderKind, Rule};
use crate::base::text::{concat, trim};
use crate::compiled::layout::{AMBIGUOUS, Section, flag, meta};
use crate::compiled::{Compiled, Principal};
use crate::condition::{self, Condition};
use std::sync::{Arc, OnceLock};

/// Ways to log in that present no password (K9, K10).
const WITHOUT_PASSWORD: [&str; 3] = ["certificate", "session-certificate", "token"];

/// The way that is let in to change the password, and to nothing else.
const LOCKED_SESSION: &str = "session-password";

/// No tree of tenants is so deep. A file from elsewhere may have one, to be walked on every level.
const MOST_BOUNDS: u32 = 64;

/// From so many visits on an index of what they have is worth its while.
const MANY_TAKES: usize = 64;
/// The most entries of such an index.
const MOST_ENTRIES: usize = 1 << 20;

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

/// A principal made ready to be asked about. Immutable.
#[derive(Debug)]
pub struct Prepared {
    /// The id in the snapshot, or what the token names.
    pub id: Option<String>,
    pub principal: Option<u32>,
    /// Holders reached, in the order in which they are reached.
    pub visits: Vec<Visit>,
    /// The same in the order in which their own grants count (N6, A1): what a holder includes comes before it.
    pub takes: Vec<u32>,
    /// Permissions of the token, and how they are held.
    pub loose: Vec<Loose>,
    pub token: Option<u32>,
    /// Each of these lists has to cover what is asked: of the session, and of the token.
    pub bounds: Vec<Vec<Loose>>,
    pub superuser: Option<(String, u32)>,
    pub broken: Option<Sym>,
    pub spec: Arc<Spec>,
    /// Who reaches very many holders and is asked about again and again: pairs of patterns, each with the place of a visit in `takes` that has
    /// entries on it, in order.
    index: OnceLock<Vec<u64>>,
    /// The tenant asked about and all above it, in the order of their numbers.
    lineage: Vec<Sym>,
    /// Refused whatever is asked, by what is most important of: login, identity; tenant; status.
    pub refusal: Option<Box<Verdict>>,
    /// Nobody is logged in, or nobody whom the snapshot knows.
    pub anonymous: bool,
}

impl Prepared {
    fn claims(&self) -> Option<&Claims> {
        self.spec.claims()
    }

    /// The legal entity that the principal acts for.
    pub fn acting_for(&self) -> Option<&str> {
        self.claims().and_then(|claims| claims.entity.as_deref()).or(self.spec.context.legal_entity.as_deref())
    }

    /// Whether what is bound to a tenant counts.
    pub fn holds(&self, tenant: Option<Sym>) -> bool {
        tenant.is_none_or(|bound| self.lineage.binary_search(&bound).is_ok())
    }

    /// Makes what it takes to be asked many questions, where holders would be gone through for each.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn hasten(&self, policy: &Compiled) {
        if self.takes.len() < MANY_TAKES {
            return;
        }
        let holder = |visit: &u32| match self.visits.get(*visit as usize)?.kind {
            VisitKind::Holder(id) => policy.holder(id.0),
            VisitKind::Token => None,
        };
        let mut entries: usize = 0;
        for holder in self.takes.iter().filter_map(holder) {
            entries = entries.saturating_add(policy.entry_rows(&holder).len());
        }
        if entries > MOST_ENTRIES {
            return;
        }
        self.index.get_or_init(|| {
            let mut index = Vec::with_capacity(entries);
            for (place, visit) in (0..).zip(&self.takes) {
                if let Some(holder) = holder(visit) {
                    index.extend(policy.entries(&holder).map(|(on, _)| pair(on, place)));
                }
            }
            sort(&mut index);
            index
        });
    }

    /// The visits that have entries on some pairs, in order, where that is known without looking at all of them.
    pub fn taking(&self, pairs: &[u32]) -> Option<Vec<u32>> {
        let index = self.index.get()?;
        let mut places: Vec<u32> = Vec::new();
        for on in pairs {
            let from = index.partition_point(|one| *one < pair(*on, 0));
            let own = index.get(from..).unwrap_or_default().iter().take_while(|one| **one >> 32 == u64::from(*on));
            places.extend(own.map(|one| *one as u32));
        }
        sort(&mut places);
        places.dedup();
        let mut visits = Vec::with_capacity(places.len());
        for place in places {
            visits.extend(self.takes.get(place as usize).copied());
        }
        Some(visits)
    }

    fn subject<'a>(&'a self, policy: &'a Compiled) -> Subject<'a> {
        let principal = self.principal.and_then(|at| policy.principal(at));
        let claims = self.claims();
        let named = principal.or_else(|| {
            let id = claims.and_then(|claims| claims.id.as_deref())?;
            policy.principal(find(policy, id, true)?)
        });
        Subject { policy, principal, named, claims, context: &self.spec.context, id: self.id.as_deref() }
    }

    /// K9: a session that is locked until the password is changed is let in to change it.
    pub fn may_unlock(&self, policy: &Compiled) -> bool {
        let has_password = || self.principal.and_then(|at| policy.principal(at)).is_some_and(|principal| principal.login.password_enabled);
        let locked = self.refusal.as_ref().is_some_and(|refusal| refusal.code == Code::LoginRefused);
        locked && self.spec.context.auth.as_deref() == Some(LOCKED_SESSION) && has_password()
    }

    /// A condition for this principal. `None`: a placeholder of it stands for nothing (N19).
    pub fn bind(&self, policy: &Compiled, condition: Condition) -> Option<Condition> {
        if !condition.is_unbound() {
            return Some(condition);
        }
        let profile = &policy.profile;
        condition::bind(condition, profile.semantics, policy.opt_text(profile.folded), &self.subject(policy))
    }
}

fn bounds(policy: &Compiled, spec: &Spec) -> Vec<Vec<Loose>> {
    let mut bounds = Vec::new();
    let token = spec.claims().and_then(|claims| claims.session_scopes.as_ref());
    for scopes in [spec.context.session_scopes.as_ref(), token].into_iter().flatten() {
        let mut list = Vec::new();
        for scope in scopes {
            list.push(Loose::new(policy, scope));
        }
        bounds.push(list);
    }
    bounds
}

/// Makes a principal ready.
pub fn prepare(policy: &Compiled, who: &Who, context: &Context) -> Prepared {
    build(policy, &Arc::new(Spec { who: Arc::new(who.clone()), context: context.clone() }))
}

/// The same of what is read already.
pub fn ready(policy: &Compiled, spec: &Arc<Spec>) -> Arc<Prepared> {
    Arc::new(build(policy, spec))
}

fn build(policy: &Compiled, spec: &Arc<Spec>) -> Prepared {
    let (who, context) = (&*spec.who, &spec.context);
    let mut ready = Prepared {
        id: None,
        principal: None,
        visits: Vec::new(),
        takes: Vec::new(),
        loose: Vec::new(),
        token: None,
        bounds: bounds(policy, spec),
        superuser: None,
        broken: None,
        spec: Arc::clone(spec),
        index: OnceLock::new(),
        lineage: Vec::new(),
        refusal: None,
        anonymous: false,
    };
    let logged_out = context.auth.as_deref() == Some("none");
    let (named, claims) = match who {
        Who::Nobody => (None, None),
        _ if logged_out => (None, None),
        Who::Named(name) => (Some(name.as_str()), None),
        Who::Claims(claims) => (claims.id.as_deref().filter(|_| claims.by_id), Some(claims.as_ref())),
    };
    let id = named.or(claims.and_then(|claims| claims.id.as_deref()));
    ready.id = id.map(Into::into);
    if logged_out || matches!(who, Who::Nobody) {
        ready.anonymous = true;
        ready.refusal = Some(policy.deny(Code::Unauthenticated, 401, Rule::Anonymous));
        return ready;
    }
    let known = id.and_then(|id| find(policy, id, claims.is_some()));
    let principal = known.and_then(|at| policy.principal(at));
    let unknown = principal.is_none() && claims.is_none_or(|claims| claims.by_id);
    // A token with rights of its own stands for itself, unless it names nobody in particular.
    if unknown || known == Some(AMBIGUOUS) || id.is_some_and(is_blank) {
        let detail = match id {
            Some(name) if known == Some(AMBIGUOUS) => concat(&["`", name, "` is an alias of more than one principal"]),
            Some(name) => concat(&["the snapshot has no principal `", name, "`"]),
            None => "the claims name no principal and carry no rights".into(),
        };
        // Whoever is verified and not known is somebody, and has no rights; elsewhere the server has no such session.
        let somebody = policy.is_native() && id.is_some_and(|id| !is_blank(id));
        ready.anonymous = true;
        let status = if somebody { 403 } else { 401 };
        ready.refusal = Some(policy.deny(Code::UnknownPrincipal, status, Rule::UnknownPrincipal).because(detail));
        return ready;
    }
    // Whom a token with rights names bounds it, and grants nothing.
    let own = principal.filter(|_| claims.is_none_or(|claims| claims.by_id));
    if let Some(principal) = &own {
        ready.principal = known;
        ready.id = Some(policy.text(principal.id).into());
    }
    let subject = Subject { policy, principal: own, named: principal, claims, context, id: ready.id.as_deref() };
    let mut lineage = lineage(policy, subject.tenant_asked());
    sort(&mut lineage);
    let refusal = subject.tenant_refusal();
    ready.lineage = lineage;
    ready.refusal = refusal;
    // A token of somebody whom the snapshot knows as suspended is no better than the name.
    if let (None, Some(principal)) = (&ready.refusal, principal) {
        ready.refusal = standing(policy, &principal, context);
    }
    let principal = own;
    // Each holder, and what it includes, once for each tenant that may bound it.
    let bounds = index(ready.lineage.len()).min(MOST_BOUNDS).saturating_add(1);
    let budget = policy.rows(Section::Holders).saturating_add(policy.inclusions).saturating_mul(bounds).saturating_add(1_000);
    Closure { policy, ready: &mut ready, seen: Seen::default(), budget }.collect(principal.as_ref(), claims);
    ready
}

/// Somebody who holds this and nothing else, in no session: what a holder comes to by itself.
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub fn holding(policy: &Compiled, holder: HolderId, context: &Context) -> Prepared {
    let context = Context { session_scopes: None, auth: None, roles: Vec::new(), ..context.clone() };
    let mut ready = build(policy, &Arc::new(Spec { who: Arc::new(Who::Claims(Box::default())), context }));
    (ready.refusal, ready.token) = (None, None);
    ready.visits.clear();
    if let Some(tenant) = policy.holder(holder.0).and_then(|holder| holder.tenant) {
        ready.lineage = lineage(policy, Some(policy.text(tenant)));
        sort(&mut ready.lineage);
    }
    let budget = policy.rows(Section::Holders).saturating_add(policy.inclusions).saturating_add(1_000);
    Closure { policy, ready: &mut ready, seen: Seen::default(), budget }.enter(Held::from(holder));
    ready
}

/// Whom a name names: an id, else an alias. What a token bears is an id; only a native snapshot says itself what else counts as one.
fn find(policy: &Compiled, name: &str, claimed: bool) -> Option<u32> {
    let found = policy.lookup(Section::Who, policy.find(name)?)?;
    if !claimed || policy.is_native() {
        return Some(found);
    }
    let principal = policy.principal(found)?;
    let ids = [Some(principal.id), policy.subject_id(&principal)];
    ids.into_iter().flatten().any(|id| policy.text(id) == name).then_some(found)
}

fn is_blank(id: &str) -> bool {
    trim(id).is_empty()
}

fn standing(policy: &Compiled, principal: &Principal, context: &Context) -> Option<Box<Verdict>> {
    if principal.suspended {
        return Some(policy.deny(Code::Suspended, policy.status(meta::SUSPENDED_STATUS), Rule::Suspended));
    }
    let (from, until) = policy.validity(principal);
    if from.is_some() || until.is_some() {
        let deny = |code: Code| Some(policy.deny(code, 403, Rule::Suspended));
        let Some(now) = context.now else { return deny(Code::TimeRequired) };
        if from.is_some_and(|from| now < from) || until.is_some_and(|until| until <= now) {
            return deny(Code::NotValidNow);
        }
    }
    // K9, K10: only ways that present the password are closed; one that nobody has heard of may be such a way.
    let by_password = context.auth.as_deref().is_some_and(|auth| !WITHOUT_PASSWORD.contains(&auth));
    let login = &principal.login;
    if by_password && (!login.password_enabled || login.password_change_needed) {
        let detail = if login.password_enabled { "the password has to be changed first" } else { "logging in by password is switched off" };
        return Some(policy.deny(Code::LoginRefused, 401, Rule::Login).because(detail.into()));
    }
    None
}

struct Closure<'a, 'r> {
    policy: &'a Compiled,
    ready: &'r mut Prepared,
    /// Holder and scope (0 for none, else one more than its number).
    seen: Seen,
    /// How many holders may be reached or included: a file from elsewhere might go on for ever, or include more than there is room for.
    budget: u32,
}

/// What is still to be done, the last one first. A list of our own: chains may be long.
enum Work {
    /// With the scope of the assignment that leads there, and from where.
    Reach(Held, Option<Sym>, Option<u32>),
    Take(HolderId, u32),
}

impl Closure<'_, '_> {
    /// N6: roles, groups, contextual roles, direct grants; other systems in the order in which the payload lists them.
    fn collect(&mut self, principal: Option<&Principal>, claims: Option<&Claims>) {
        let policy = self.policy;
        let held = principal.map(|principal| policy.holds(principal)).unwrap_or_default();
        let direct = |held: &Held| policy.holder(held.holder.0).is_some_and(|holder| holder.kind == HolderKind::Direct);
        self.enter_all(&held, &|held| !direct(held));
        if let Some(claims) = claims {
            self.enter_named(&claims.roles, Section::Roles);
            self.enter_named(&claims.groups, Section::Groups);
        }
        let spec = Arc::clone(&self.ready.spec);
        self.enter_named(&spec.context.roles, Section::Roles);
        self.enter_all(&held, &direct);
        if let Some(claims) = claims {
            self.enter_token(claims);
        }
    }

    fn enter_all(&mut self, held: &[Held], fits: &dyn Fn(&Held) -> bool) {
        for one in held {
            if fits(one) {
                self.enter(*one);
            }
        }
    }

    fn enter_named(&mut self, names: &[String], holders: Section) {
        for name in names {
            if let Some(holder) = self.policy.find(name).and_then(|sym| self.policy.lookup(holders, sym)) {
                self.enter(Held::from(HolderId(holder)));
            }
        }
    }

    fn enter_token(&mut self, claims: &Claims) {
        let visit = self.visit(VisitKind::Token, None);
        self.ready.token = Some(visit);
        for text in &claims.permissions {
            let loose = Loose::new(self.policy, text);
            self.ready.loose.push(loose);
        }
        if let (Some(text), None) = (&claims.superuser, &self.ready.superuser) {
            self.ready.superuser = Some((text.clone(), visit));
        }
    }

    fn visit(&mut self, kind: VisitKind, from: Option<u32>) -> u32 {
        self.ready.visits.push(Visit { kind, from });
        index(self.ready.visits.len() - 1)
    }

    /// A holder after those it includes.
    fn enter(&mut self, held: Held) {
        let mut stack = vec![Work::Reach(held, None, None)];
        while let Some(work) = stack.pop() {
            match work {
                Work::Reach(held, outer, from) => {
                    let scope = held.scope.or(outer);
                    let Some(holder) = self.policy.holder(held.holder.0) else { continue };
                    if !self.ready.holds(holder.tenant) || !self.ready.holds(held.scope) || !self.acts_for(holder.entity) {
                        continue;
                    }
                    let key = pair(held.holder.0, scope.map_or(0, |scope| scope.number().saturating_add(1)));
                    if !self.seen.enter(key) && self.policy.profile.has(flag::VISITS_ONCE) {
                        continue;
                    }
                    let includes = self.policy.includes(&holder);
                    let Some(left) = self.budget.checked_sub(index(includes.len()).saturating_add(1)) else {
                        if self.ready.refusal.as_ref().is_none_or(|refusal| refusal.code != Code::TenantMismatch) {
                            self.ready.refusal = Some(self.policy.deny(Code::NoGrant, 403, Rule::DefaultDeny));
                        }
                        return;
                    };
                    self.budget = left;
                    let visit = self.visit(VisitKind::Holder(held.holder), from);
                    stack.push(Work::Take(held.holder, visit));
                    for inner in includes.into_iter().rev() {
                        stack.push(Work::Reach(inner, scope, Some(visit)));
                    }
                }
                Work::Take(id, visit) => self.take(id, visit),
            }
        }
    }

    /// E15: without a legal entity in the question all groups count.
    fn acts_for(&self, entity: Option<Sym>) -> bool {
        match (entity, self.ready.acting_for()) {
            (Some(entity), Some(acting)) => self.policy.text(entity) == acting && !is_blank(acting),
            _ => true,
        }
    }

    fn take(&mut self, id: HolderId, visit: u32) {
        let Some(holder) = self.policy.holder(id.0) else { return };
        if let (Some(text), None) = (holder.superuser, &self.ready.superuser) {
            self.ready.superuser = Some((self.policy.text(text).into(), visit));
        }
        self.ready.broken = self.ready.broken.or(holder.broken);
        self.ready.takes.push(visit);
    }
}
