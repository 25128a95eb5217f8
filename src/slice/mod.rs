//! A compiled snapshot cut out for one principal: what it takes to answer every question about that one, and nothing about others.
//!
//! The tables are turned back into a model, less what the principal cannot reach, and compiled anew.

use crate::base::names::{Names, Sym};
use crate::base::system::System;
use crate::base::table::{Table, index, pair, sort};
use crate::base::terms::{Held, HolderId, Pattern, Segment};
use crate::compiled::layout::{AMBIGUOUS, ANY_ONE, NONE, Section, flag, meta};
use crate::compiled::{Compiled, Grant as Row, Holder as HolderRow, Linked, NodeId, ROOT, Tree, name, request};
use crate::condition::Condition;
use crate::engine::{Asked, Context, Loose, Who, asked_permission};
use crate::model::{
    Also, Check, Documents, EditGuard, Endpoint, Grant, GrantEffect, Holder, Meta, Model, Need, Own, PathPart, Patterns, Permission,
    Principal, Refuses, Requirement, Terms, Word,
};
use crate::systems;

/// The model of what one principal needs.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn slice(policy: &Compiled, who: &Who, context: &Context) -> Model {
    // Not the snapshot's own seed: that hangs on what is said of others.
    let mut slicer = Slicer { policy, names: Names::default(), holders: Table::default(), always: Table::default() };
    let system = System::from_name(policy.system()).unwrap_or(System::Latchgate);
    let mut profile = systems::profile(system);
    profile.combining = policy.profile.combining;
    // How, when and for which tenant it logs in is for the questions to say.
    let named = match who {
        Who::Named(name) => Some(name.as_str()),
        Who::Claims(claims) => claims.id.as_deref(),
        Who::Nobody => None,
    };
    let principal = named.and_then(|id| policy.lookup(Section::Who, policy.find(id)?));
    let reached = slicer.reached(principal, who, context);
    let held = slicer.held(&reached);
    let meta = slicer.meta();
    let holders = reached.iter().map(|(_, holder)| slicer.holder(holder)).collect();
    let mut principals: Vec<Principal> = principal.and_then(|at| slicer.principal(at)).into_iter().collect();
    if let (Some(AMBIGUOUS), Some(name)) = (principal, named) {
        // An alias of several stays one, whoever they are.
        for end in ["\0", "\0\0"] {
            let (id, kind, alias) = (slicer.names.intern(&[name, end].concat()), slicer.names.intern(""), slicer.names.intern(name));
            let mut stranger = Principal::new(id, kind);
            stranger.aliases.push(alias);
            principals.push(stranger);
        }
    }
    let claims_all = matches!(who, Who::Claims(claims) if claims.superuser.is_some());
    let all = claims_all || reached.iter().any(|(_, holder)| holder.superuser.is_some());
    Model {
        meta,
        profile,
        permissions: slicer.permissions(&held, who, all),
        registry_closed: policy.profile.has(flag::REGISTRY_CLOSED),
        holders,
        principals,
        tenants: slicer.tenants(),
        resources: slicer.resources(Some(&held)),
        endpoints: slicer.endpoints(),
        documents: Documents::default(),
        warnings: Vec::new(),
        findings: None,
        names: slicer.names,
    }
}

/// The table of requests of a policy, and its names.
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub fn requests(policy: &Compiled) -> (Vec<Endpoint>, Names) {
    let mut slicer = Slicer { policy, names: Names::default(), holders: Table::default(), always: Table::default() };
    (slicer.endpoints(), slicer.names)
}

/// The model of all of a policy, to be changed and compiled anew. Its holders, principals and grants keep their places.
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn whole(policy: &Compiled) -> Model {
    let mut slicer = Slicer { policy, names: Names::default(), holders: Table::default(), always: Table::default() };
    let mut profile = systems::profile(System::from_name(policy.system()).unwrap_or(System::Latchgate));
    profile.combining = policy.profile.combining;
    let count = policy.rows(Section::Holders);
    for at in 0..count {
        slicer.holders.put(at, at);
    }
    let rows: Vec<HolderRow> = (0..count).filter_map(|at| policy.holder(at)).collect();
    let mut held = Table::default();
    for row in &rows {
        for (pair, _) in policy.entries(row) {
            held.put(pair, 0);
        }
    }
    let meta = slicer.meta();
    let holders = rows.iter().map(|row| slicer.holder(row)).collect();
    let principals = (0..policy.rows(Section::Principals)).filter_map(|at| slicer.principal(at)).collect();
    Model {
        meta,
        profile,
        permissions: slicer.permissions(&held, &Who::Nobody, true),
        registry_closed: policy.profile.has(flag::REGISTRY_CLOSED),
        holders,
        principals,
        tenants: slicer.tenants(),
        resources: slicer.resources(None),
        endpoints: slicer.endpoints(),
        documents: Documents::default(),
        warnings: Vec::new(),
        findings: None,
        names: slicer.names,
    }
}

struct Slicer<'p> {
    policy: &'p Compiled,
    names: Names,
    /// The numbers that holders get.
    holders: Table,
    /// Holders held whatever the tenant and the legal entity.
    always: Table,
}

impl Slicer<'_> {
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn name(&mut self, sym: Sym) -> Sym {
        self.names.intern(self.policy.text(sym))
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn opt(&mut self, sym: Option<Sym>) -> Option<Sym> {
        sym.map(|sym| self.name(sym))
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn word(&self, word: u32) -> Word {
        Word::Owned(self.policy.text(Sym(word)).into())
    }

    /// Every holder that the principal, its token or the context leads to, whatever the tenant or the time: in the snapshot's order.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn reached(&mut self, principal: Option<u32>, who: &Who, context: &Context) -> Vec<(u32, HolderRow)> {
        let policy = self.policy;
        // A token that carries rights has no others.
        let by_name = match who {
            Who::Claims(claims) => claims.by_id,
            Who::Named(_) | Who::Nobody => true,
        };
        let own = principal.filter(|_| by_name).and_then(|at| policy.principal(at));
        let own = own.map(|principal| policy.holds(&principal)).unwrap_or_default();
        for held in own.iter().filter(|held| held.scope.is_none()) {
            self.always.enter(held.holder.0);
        }
        let mut open: Vec<u32> = own.iter().map(|held| held.holder.0).collect();
        let mut add = |names: &[String], section: Section| {
            open.extend(names.iter().filter_map(|name| policy.lookup(section, policy.find(name)?)));
        };
        add(&context.roles, Section::Roles);
        if let Who::Claims(claims) = who {
            add(&claims.roles, Section::Roles);
            add(&claims.groups, Section::Groups);
        }
        // In the order in which they are reached: the snapshot's hangs on what others hold.
        let mut rows = Vec::new();
        open.reverse();
        while let Some(at) = open.pop() {
            if let Some(holder) = policy.holder(at).filter(|_| !self.holders.has(at)) {
                self.holders.put(at, index(rows.len()));
                open.extend(policy.includes(&holder).iter().rev().map(|held| held.holder.0));
                rows.push((at, holder));
            }
        }
        self.find_always();
        rows
    }

    /// From what the principal holds unscoped on to what is held whatever the tenant and the legal entity.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn find_always(&mut self) {
        let mut open: Vec<u32> = std::mem::take(&mut self.always).pairs().map(|(at, _)| at).collect();
        while let Some(at) = open.pop() {
            let holder = self.policy.holder(at).filter(|holder| holder.tenant.is_none() && holder.entity.is_none());
            if let Some(holder) = holder.filter(|_| self.always.enter(at)) {
                let unscoped = self.policy.includes(&holder).into_iter().filter(|held| held.scope.is_none());
                open.extend(unscoped.map(|held| held.holder.0));
            }
        }
    }

    /// The pairs of patterns that something held is on: 1 where something is allowed there whatever the tenant.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn held(&self, holders: &[(u32, HolderRow)]) -> Table {
        let mut pairs = Table::default();
        for (at, holder) in holders {
            let always = self.always.has(*at);
            for (pair, grant) in self.policy.entries(holder) {
                let allows = self.policy.grant(grant).is_some_and(|grant| always && !grant.denies && grant.scope.is_none());
                let before = pairs.get(pair).unwrap_or(0);
                pairs.put(pair, before | u32::from(allows));
            }
        }
        pairs
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn meta(&mut self) -> Meta {
        let policy = self.policy;
        let said = |word: u32| policy.opt_text(policy.says(word)).map(Into::into);
        Meta {
            server_version: said(meta::SERVER_VERSION),
            tenant: self.opt(policy.says(meta::TENANT)),
            version: said(meta::VERSION),
            etag: said(meta::ETAG),
            issued_at: said(meta::ISSUED_AT),
            expires_at: said(meta::EXPIRES_AT),
            expires: policy.expires(),
        }
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn helds(&mut self, list: &[Held]) -> Vec<Held> {
        let mut helds = Vec::new();
        for held in list {
            if let Some(holder) = self.holders.get(held.holder.0) {
                helds.push(Held { holder: HolderId(holder), scope: self.opt(held.scope) });
            }
        }
        helds
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn holder(&mut self, row: &HolderRow) -> Holder {
        let policy = self.policy;
        let mut grants: Vec<u32> = policy.entries(row).map(|(_, grant)| grant).collect();
        grants.sort_unstable();
        grants.dedup();
        let mut list = Vec::new();
        for grant in grants.into_iter().filter_map(|grant| policy.grant(grant)) {
            list.push(self.grant(&grant));
        }
        Holder {
            kind: row.kind,
            id: self.name(row.id),
            name: self.opt(row.name),
            tenant: self.opt(row.tenant),
            entity: self.opt(row.entity),
            superuser: self.opt(row.superuser),
            broken: self.opt(row.broken),
            includes: self.helds(&policy.includes(row)),
            grants: list,
            listed: row.listed,
            origin: None,
        }
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn grant(&mut self, row: &Row) -> Grant {
        let policy = self.policy;
        let condition: Option<Condition> = policy.condition(row);
        let actions = self.patterns(policy.actions(), &policy.grant_actions(row));
        let resources = self.patterns(policy.resources(), &policy.grant_resources(row));
        let terms = Terms {
            effect: if row.denies { GrantEffect::Deny } else { GrantEffect::Allow },
            condition,
            fields: policy.fields(row),
            scope: self.opt(row.scope),
            priority: row.priority,
            reason: self.opt(row.reason),
        };
        Grant::new(actions, resources, Word::Owned(policy.opt_text(row.rule).unwrap_or_default().into()), terms)
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn patterns(&mut self, tree: Tree<'_>, nodes: &[NodeId]) -> Patterns {
        let mut patterns = Vec::new();
        for node in nodes {
            let mut segments = Vec::new();
            for segment in tree.pattern(*node).segments() {
                segments.push(match segment {
                    Segment::Name(name) => Segment::Name(self.name(*name)),
                    Segment::One => Segment::One,
                });
            }
            patterns.push(Pattern::path(&segments));
        }
        patterns.into()
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn principal(&mut self, at: u32) -> Option<Principal> {
        let policy = self.policy;
        let row = policy.principal(at)?;
        let (valid_from, valid_until) = policy.validity(&row);
        // An alias that others bear too names nobody: it has to go on doing so, and there is nobody here to share it with.
        let own = policy.aliases(&row).filter(|alias| policy.lookup(Section::Who, *alias) == Some(at));
        let mut aliases = Vec::new();
        for alias in own {
            aliases.push(self.name(alias));
        }
        Some(Principal {
            id: self.name(row.id),
            aliases,
            kind: self.name(row.kind),
            name: self.opt(row.name),
            tenant: self.opt(row.tenant),
            suspended: row.suspended,
            valid_from,
            valid_until,
            login: row.login,
            holds: self.helds(&policy.holds(&row)),
            subject_id: self.opt(policy.subject_id(&row)),
            attributes: policy.principal_attributes(&row),
        })
    }

    /// Registered permissions that something held, or carried by the token, covers. A super-user has them all. Where what is not
    /// registered nobody holds, those too by which questions about single records are known: of the records' types (N16).
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn permissions(&mut self, held: &Table, who: &Who, all: bool) -> Vec<Permission> {
        let policy = self.policy;
        let carried: &[String] = match who {
            Who::Claims(claims) => &claims.permissions,
            Who::Named(_) | Who::Nobody => &[],
        };
        let loose: Vec<Loose> = carried.iter().map(|text| Loose::new(policy, text)).collect();
        let closed = policy.profile.has(flag::REGISTRY_CLOSED);
        let linked = policy.rows(Section::Links) > 0;
        let tree = policy.resources();
        // What is held, by action: resources, with all that is above them.
        let mut above: Vec<u64> = Vec::new();
        for (on, _) in held.pairs() {
            let (action, resource) = policy.pair(on);
            let mut at = Some(resource);
            while let Some(node) = at {
                above.push(pair(action, node));
                at = tree.above(node);
            }
        }
        sort(&mut above);
        above.dedup();
        let everything = |action: NodeId| above.binary_search(&pair(action, ROOT)).is_ok();
        let some = |action: NodeId| {
            let first = above.get(above.partition_point(|one| *one < pair(action, 0)));
            first.is_some_and(|one| *one >> 32 == u64::from(action))
        };
        // A pattern is below a type if its first segments are the type's, or stand for any; what is on everything is below whatever there is.
        let on_type = |asked: &Asked| {
            let kind = asked.resource.exact.map(|kind| tree.ends(&tree.labels(kind)));
            asked.action.covers.iter().any(|action| {
                let below = |ends: &Vec<NodeId>| ends.iter().any(|node| above.binary_search(&pair(*action, *node)).is_ok());
                linked && some(*action) || kind.as_ref().is_some_and(|ends| everything(*action) || below(ends))
            })
        };
        let mut list = Vec::new();
        for row in 0..policy.rows(Section::Permissions) {
            let cell = |column: u32| name(policy.cell(Section::Permissions, row, column));
            let Some(permission) = cell(0) else { continue };
            let asked = asked_permission(policy, policy.text(permission));
            let covered = asked.pairs.iter().any(|pair| held.has(*pair)) || loose.iter().any(|loose| loose.covers(policy, &asked));
            // What is held to the letter is listed as a grant.
            let own = asked.registered.and_then(|(action, resource)| policy.row_of(Section::Pairs, action, resource));
            let said = !closed && own.is_some_and(|pair| held.get(pair) == Some(1));
            if all || covered && !said || closed && on_type(&asked) {
                list.push(Permission {
                    name: self.name(permission),
                    display: self.opt(cell(1)),
                    category: self.opt(cell(2)),
                    system: policy.cell(Section::Permissions, row, 3) == 1,
                });
            }
        }
        list
    }

    /// All of the tree: a question may be about any tenant below the principal's own.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn tenants(&mut self) -> Vec<(Sym, Option<Sym>)> {
        let policy = self.policy;
        let mut list = Vec::new();
        for row in 0..policy.rows(Section::Tenants) {
            let cell = |column: u32| Sym(policy.cell(Section::Tenants, row, column));
            list.push((self.name(cell(0)), Some(self.name(cell(1)))));
        }
        list
    }

    /// Links above what something held covers, all the way up: a session's scopes may be on any of it. Without anything held all of them.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn resources(&mut self, held: Option<&Table>) -> Vec<(Vec<Sym>, Option<Vec<Sym>>)> {
        let policy = self.policy;
        let tree = policy.resources();
        let mut nodes = Table::default();
        for (pair, _) in held.iter().flat_map(|held| held.pairs()) {
            nodes.enter(policy.pair(pair).1);
        }
        let linked = Linked::of(policy);
        let covered = |labels: Vec<u32>| held.is_none() || tree.covering(&labels).iter().any(|node| nodes.has(*node));
        let rows = 0..policy.rows(Section::Links);
        let mut open = linked.below(rows.clone().filter(|row| covered(policy.linked_to(*row))).collect());
        open.extend(rows.filter(|row| covered(policy.linked_from(*row))));
        let mut list = Vec::new();
        for row in linked.above(open) {
            let path = policy.linked_from(row).into_iter().filter(|label| *label != ANY_ONE).map(|label| self.name(Sym(label))).collect();
            let parent = policy.linked_to(row).into_iter().map(|label| self.name(Sym(label))).collect();
            list.push((path, Some(parent)));
        }
        list
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn endpoints(&mut self) -> Vec<Endpoint> {
        let policy = self.policy;
        let mut list = Vec::new();
        for row in 0..policy.rows(Section::Endpoints) {
            let cell = |column: u32| policy.cell(Section::Endpoints, row, column);
            let parts: Vec<u32> = policy.list(cell(1)).collect();
            let mut path = Vec::new();
            for part in parts.chunks(2) {
                path.push(match part {
                    [request::LITERAL, text] => PathPart::Literal(self.name(Sym(*text))),
                    [request::PARAM, text] => PathPart::Param(self.name(Sym(*text))),
                    _ => PathPart::Rest,
                });
            }
            list.push(Endpoint {
                method: self.opt(name(cell(0))),
                path,
                requires: self.requirement(cell(2)),
                also: self.also(cell(3)),
                guard: self.guard(cell(4)),
            });
        }
        list
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn requirement(&mut self, at: u32) -> Requirement {
        let policy = self.policy;
        let word = |index: u32| policy.pool(at.saturating_add(index));
        match word(0) {
            request::NOTHING => Requirement::Nothing,
            request::LOGGED_IN => Requirement::LoggedIn,
            request::LOCKED => Requirement::Locked,
            request::OWN_SESSION => Requirement::OwnSession(self.name(Sym(word(1)))),
            kind @ (request::ANY | request::ALL) => {
                let mut needs = Vec::new();
                for need in 0..word(1).min(policy.rows(Section::Pool) / 4) {
                    let word = |index: u32| word(2 + need * 4 + index);
                    let own = match word(1) {
                        request::SAME => Some(Own::Same { fact: self.word(word(2)), list: word(3) == 1 }),
                        request::IS => Some(Own::Is { fact: self.word(word(2)), value: self.word(word(3)) }),
                        _ => None,
                    };
                    needs.push(Need { permission: self.name(Sym(word(0))), own });
                }
                if kind == request::ANY { Requirement::Any(needs) } else { Requirement::All(needs) }
            }
            request::CHECK => Requirement::Check(Check {
                action: self.name(Sym(word(1))),
                subject: self.name(Sym(word(2))),
                on_type: word(3) & request::ON_TYPE != 0,
                on_record: word(3) & request::ON_RECORD != 0,
                hidden: word(3) & request::HIDDEN != 0,
            }),
            _ => Requirement::Unknown,
        }
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn also(&mut self, at: u32) -> Option<Also> {
        if at == NONE {
            return None;
        }
        let word = |index: u32| self.policy.pool(at.saturating_add(index));
        let (flag, unless, permission) = (self.word(word(0)), self.word(word(1)), Sym(word(2)));
        Some(Also { flag, unless, permission: self.name(permission) })
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn guard(&mut self, at: u32) -> Option<EditGuard> {
        if at == NONE {
            return None;
        }
        let policy = self.policy;
        let word = |index: u32| policy.pool(at.saturating_add(index));
        let names: Vec<u32> = policy.list(word(3)).collect();
        let refuses = match (word(2), names.as_slice()) {
            (request::PREFIX, [prefix, ..]) => Refuses::Prefix(self.word(*prefix)),
            _ => Refuses::Ids(names.iter().map(|id| self.name(Sym(*id))).collect()),
        };
        Some(EditGuard { param: self.name(Sym(word(0))), refuses, rule: self.word(word(1)) })
    }
}
