//! What a principal holds, listed.

use crate::compiled::layout::{NONE, Section};
use crate::compiled::{Compiled, NodeId, Tree, request};
use crate::decision::{DecidingGrant, deciding_grant, pattern_text};
use crate::engine::{By, Effect, Prepared, Question, Source, Target, VisitKind, asked_permission, asked_resource, decide, gate};
use crate::model::{HolderKind, Pattern, Segment, Spelling};
use crate::names::Sym;

/// Effective permissions in the system's own spelling, in byte order.
pub fn permissions(policy: &Compiled, who: &Prepared) -> Vec<String> {
    if gate(policy, who).is_some() {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let spelling = policy.profile.spelling;
    let mut candidates: Vec<String> = Vec::new();
    for row in 0..policy.rows(Section::Permissions) {
        candidates.push(policy.text(Sym(policy.cell(Section::Permissions, row, 0))).into());
    }
    candidates.extend(who.loose.iter().map(|loose| loose.text.to_string()));
    if who.superuser.is_some() && spelling != Spelling::Flat && who.bounds.is_empty() {
        found.push("*".to_string());
    }
    let mut pairs: Vec<u32> = Vec::new();
    for (pair, grant, _) in held(policy, who) {
        if policy.grant(grant).is_some_and(|grant| !grant.denies) {
            pairs.push(pair);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    for pair in pairs {
        let (action, resource) = policy.pair(pair);
        if spelling == Spelling::Typed {
            candidates.extend(typed(policy, action, resource));
            continue;
        }
        let (action, resource) = (policy.actions().pattern(action), policy.resources().pattern(resource));
        let text = spelled(policy, &action, &resource);
        if let (Spelling::Path, Pattern::Any, Pattern::Path(segments)) = (spelling, &resource, &action) {
            // On every resource is also on none, which a single word asks for.
            candidates.extend(Some(pattern_text(policy, &action, ":", "*")).filter(|_| segments.len() == 1));
        }
        let open = [&action, &resource].iter().any(|pattern| match pattern {
            Pattern::Any => true,
            Pattern::Path(segments) => segments.contains(&Segment::One),
        });
        if open && spelling != Spelling::Flat {
            // A pattern is no permission that could be asked for; sessions narrow it to what both cover.
            if who.bounds.is_empty() {
                found.push(text);
            }
        } else {
            candidates.push(text);
        }
    }
    candidates.extend(bounds(who));
    sort(&mut candidates);
    found.extend(candidates.into_iter().filter(|text| allows(policy, who, text)));
    sort(&mut found);
    found
}

/// Byte order, each once.
pub fn sort(texts: &mut Vec<String>) {
    texts.sort_unstable();
    texts.dedup();
}

/// The permissions that requests require.
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

/// Scopes of the session: where it is bound, what both sides cover in full is among them.
fn bounds(who: &Prepared) -> impl Iterator<Item = String> {
    who.bounds.iter().flatten().map(|scope| scope.text.to_string())
}

fn allows(policy: &Compiled, who: &Prepared, text: &str) -> bool {
    let asked = if policy.profile.spelling == Spelling::Typed {
        let (action, subject) = text.split_once(' ').unwrap_or((text, ""));
        asked_resource(policy, action, subject, None)
    } else {
        asked_permission(policy, text)
    };
    decide(policy, who, &Question { asked: &asked, target: Target::Type, field: None }).effect == Effect::Allow
}

/// `action type`, with the words that mean all of them where a rule says so.
fn typed(policy: &Compiled, action: NodeId, resource: NodeId) -> Option<String> {
    let text = |tree: Tree<'_>, node: NodeId, any: &str| pattern_text(policy, &tree.pattern(node), "", any);
    Some([text(policy.actions(), action, "manage").as_str(), " ", &text(policy.resources(), resource, "all")].concat())
}

fn spelled(policy: &Compiled, action: &Pattern, resource: &Pattern) -> String {
    let action_text = pattern_text(policy, action, ":", "*");
    match policy.profile.spelling {
        Spelling::Flat => action_text,
        // Everything on everything.
        _ if *action == Pattern::Any && *resource == Pattern::Any => action_text,
        _ => format!("{}:{action_text}", pattern_text(policy, resource, "/", "*")),
    }
}

/// Pair, grant and visit of every entry that the principal holds.
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
pub fn grants(policy: &Compiled, who: &Prepared) -> Vec<DecidingGrant> {
    let mut listed = Vec::new();
    let held = held(policy, who);
    for entries in held.chunk_by(|(_, _, one), (_, _, other)| one == other) {
        // By pair; a holder's grants count in the order of their numbers.
        let mut own: Vec<(u32, u32)> = entries.iter().map(|(_, grant, visit)| (*grant, *visit)).collect();
        own.sort_unstable();
        own.dedup();
        listed.extend(own.into_iter().map(|(grant, visit)| deciding_grant(policy, who, By { source: Source::Grant(grant), visit })));
    }
    for index in 0..crate::table::index(who.loose.len()) {
        listed.push(deciding_grant(policy, who, By { source: Source::Loose(index), visit: who.token.unwrap_or_default() }));
    }
    listed
}

/// What `${user.id}` stands for.
pub fn subject_id<'p>(policy: &'p Compiled, who: &'p Prepared) -> Option<&'p str> {
    let principal = who.principal.and_then(|index| policy.principal(index));
    policy.opt_text(principal.and_then(|principal| policy.subject_id(&principal))).or(who.id.as_deref())
}

/// Ids of the holders of one kind that the principal holds, in order, each once.
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
