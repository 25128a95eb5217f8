//! What a principal holds, listed.

pub mod coverage;

use crate::base::names::Sym;
use crate::base::table::{self, pair};
use crate::base::terms::{Combining, HolderKind, NO_RESOURCE, Spelling};
use crate::base::text::{concat, cut};
use crate::compiled::layout::{ANY_ONE, NONE, Section, flag};
use crate::compiled::{Compiled, ROOT, request};
use crate::engine::{By, Effect, Prepared, Question, Source, Target, VisitKind, asked_permission, asked_resource, decide, gate, is_shut};
use crate::holdings::coverage::Wholes;

/// Effective permissions in the system's own spelling, in byte order.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn permissions(policy: &Compiled, who: &Prepared) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if gate(policy, who).is_some() {
        return found;
    }
    let spelling = policy.profile.spelling;
    let mut candidates: Vec<String> = Vec::new();
    for row in 0..policy.rows(Section::Permissions) {
        candidates.push(policy.text(Sym(policy.cell(Section::Permissions, row, 0))).into());
    }
    for loose in &who.loose {
        candidates.push(String::from(&*loose.text));
    }
    // Scopes of the session: where it is bound, what both sides cover in full is among them.
    for scope in who.bounds.iter().flatten() {
        candidates.push(String::from(&*scope.text));
    }
    if who.superuser.is_some() && spelling != Spelling::Flat && who.bounds.is_empty() {
        found.push("*".into());
    }
    who.hasten(policy);
    let mut on = On::default();
    let mut pairs: Vec<u32> = Vec::new();
    let mut denies: Vec<u32> = Vec::new();
    for (pair, grant, _) in held(policy, who) {
        let Some(grant) = policy.grant(grant) else { continue };
        if grant.denies { &mut denies } else { &mut pairs }.push(pair);
        if grant.plain { &mut on.plain } else { &mut on.rest }.push(pair);
    }
    for list in [&mut pairs, &mut denies, &mut on.plain, &mut on.rest] {
        table::sort(list);
        list.dedup();
    }
    let mut wholes: Option<Wholes<'_>> = None;
    for at in pairs {
        let (action, resource) = policy.pair(at);
        let (actions, resources) = (policy.actions(), policy.resources());
        if spelling == Spelling::Typed {
            // Such a text is a question of its own, which carve-outs do not answer (A12).
            candidates.push(concat(&[&actions.text(action, "", "manage"), " ", &resources.text(resource, "", "all")]));
            continue;
        }
        let text = actions.text(action, ":", "*");
        let whole = [actions.labels(action), resources.labels(resource)];
        if spelling == Spelling::Path && resource == ROOT && whole.first().is_some_and(|labels| labels.len() == 1) {
            // On every resource is also on none, which a single word asks for.
            candidates.push(text.clone());
        }
        let everything = action == ROOT && resource == ROOT;
        let text = match spelling {
            Spelling::Flat => text,
            _ if everything => text,
            _ => match &*resources.text(resource, "/", "*") {
                NO_RESOURCE => text,
                resource => concat(&[resource, ":", &text]),
            },
        };
        let open = whole.iter().any(|labels| labels.is_empty() || labels.contains(&ANY_ONE));
        if !open || spelling == Spelling::Flat {
            candidates.push(text);
        } else if who.bounds.is_empty()
            && is_text(policy, &whole)
            && wholes.get_or_insert_with(|| Wholes::new(policy, who, &denies)).is_whole(at)
        {
            // A pattern is no permission that could be asked for; sessions narrow it to what both cover.
            found.push(text);
        }
    }
    sort(&mut candidates);
    for text in candidates {
        if allows(policy, who, &on, &text) {
            found.push(text);
        }
    }
    sort(&mut found);
    found
}

/// Whether a pattern can be spelled: an id may hold what parts a text (N20).
#[cfg_attr(latchgate_wasm, optimize(size))]
fn is_text(policy: &Compiled, [_, resource]: &[Vec<u32>; 2]) -> bool {
    policy.profile.spelling != Spelling::Path
        || resource.iter().all(|label| {
            let name = if *label == ANY_ONE { "*" } else { policy.text(Sym(*label)) };
            (!name.is_empty() || resource.len() == 1) && crate::base::text::find(name, ":").is_none()
        })
}

/// Byte order, each once.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn sort(texts: &mut Vec<String>) {
    table::sort(texts);
    texts.dedup();
}

/// The permissions that requests require.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn required(policy: &Compiled) -> Vec<String> {
    let mut found = Vec::new();
    for row in 0..policy.rows(Section::Endpoints) {
        let (requires, also) = (policy.cell(Section::Endpoints, row, 2), policy.cell(Section::Endpoints, row, 3));
        if matches!(policy.pool(requires), request::ANY | request::ALL) {
            let count = policy.pool(requires.saturating_add(1)).min(policy.rows(Section::Pool) / 4);
            found.extend((0..count).map(|need| policy.text(Sym(policy.pool(requires + 2 + need * 4))).to_string()));
        }
        if also != NONE {
            found.push(policy.text(Sym(policy.pool(also.saturating_add(2)))).into());
        }
    }
    found
}

/// Pairs of patterns that somebody holds something on: plain allows, and others. In order.
#[derive(Default)]
struct On {
    plain: Vec<u32>,
    rest: Vec<u32>,
}

#[cfg_attr(latchgate_wasm, optimize(size))]
fn allows(policy: &Compiled, who: &Prepared, on: &On, text: &str) -> bool {
    let asked = if policy.profile.spelling == Spelling::Typed {
        let (action, subject) = cut(text, b' ');
        asked_resource(policy, action, subject.unwrap_or_default(), None)
    } else {
        asked_permission(policy, text)
    };
    if who.superuser.is_none() && who.bounds.is_empty() && who.loose.is_empty() && !is_shut(policy, who) {
        let holds = |on: &[u32]| asked.pairs.iter().any(|pair| on.binary_search(pair).is_ok());
        // Plain allows allow it under every way of combining, where nothing else is held there.
        let plain = holds(&on.plain);
        if !plain && !holds(&on.rest) {
            return false;
        }
        if plain && (policy.profile.combining == Combining::Additive || !holds(&on.rest)) {
            return !asked.malformed && (!policy.profile.has(flag::REGISTRY_CLOSED) || asked.is_registered(policy));
        }
    }
    decide(policy, who, &Question { asked: &asked, target: Target::Type, field: None }).effect == Effect::Allow
}

/// Pair, grant and visit of every entry that the principal holds.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn held(policy: &Compiled, who: &Prepared) -> Vec<(u32, u32, u32)> {
    let mut found = Vec::new();
    for visit in &who.takes {
        let Some(VisitKind::Holder(id)) = who.visits.get(*visit as usize).map(|visit| visit.kind) else { continue };
        let Some(holder) = policy.holder(id.0) else { continue };
        for (pair, grant) in policy.entries(&holder) {
            if policy.grant(grant).is_some_and(|grant| who.holds(grant.scope)) {
                found.push((pair, grant, *visit));
            }
        }
    }
    found
}

/// Every grant held, each once, in the order in which they count.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn grants(policy: &Compiled, who: &Prepared) -> Vec<By> {
    // Entries are by pair; a holder's grants count in the order of their numbers.
    let mut own: Vec<u64> = Vec::new();
    let mut order: u32 = 0;
    let mut visits: Vec<u32> = Vec::new();
    for (_, grant, visit) in held(policy, who) {
        if visits.last() != Some(&visit) {
            visits.push(visit);
            order = order.saturating_add(1);
        }
        own.push(pair(order, grant));
    }
    table::sort(&mut own);
    own.dedup();
    let mut listed = Vec::new();
    for entry in own {
        let visit = visits.get((entry >> 32).saturating_sub(1) as usize).copied().unwrap_or_default();
        listed.push(By { source: Source::Grant(entry as u32), visit });
    }
    for index in 0..table::index(who.loose.len()) {
        listed.push(By { source: Source::Loose(index), visit: who.token.unwrap_or_default() });
    }
    listed
}

/// What `${user.id}` stands for.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn subject_id<'p>(policy: &'p Compiled, who: &'p Prepared) -> Option<&'p str> {
    let principal = who.principal.and_then(|index| policy.principal(index));
    policy.opt_text(principal.and_then(|principal| policy.subject_id(&principal))).or(who.id.as_deref())
}

/// Ids of the holders of one kind that the principal holds, in order, each once.
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn holders(policy: &Compiled, who: &Prepared, kind: HolderKind) -> Vec<Sym> {
    let mut found = Vec::new();
    for visit in &who.visits {
        let VisitKind::Holder(id) = visit.kind else { continue };
        let holder = policy.holder(id.0).filter(|holder| holder.kind == kind);
        if let Some(id) = holder.map(|holder| holder.id).filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}
