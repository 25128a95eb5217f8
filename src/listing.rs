//! What a principal holds, listed.

use crate::compile::Compiled;
use crate::decision::{DecidingGrant, deciding_grant, pattern_text};
use crate::engine::{By, Effect, Prepared, Question, Source, Target, VisitKind, asked_permission, asked_resource, decide, gate};
use crate::model::{GrantEffect, HolderKind, Pattern, Segment, Spelling};
use crate::names::Sym;
use crate::trie::{NodeId, ROOT, Trie};

/// Effective permissions in the system's own spelling, in byte order.
pub fn permissions(policy: &Compiled, who: &Prepared) -> Vec<String> {
    if gate(policy, who).is_some() {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let spelling = policy.profile.spelling;
    let names = policy.permissions.iter().map(|permission| policy.names.text(permission.name).to_string());
    let mut candidates: Vec<String> = names.collect();
    candidates.extend(who.loose.iter().map(|loose| loose.text.to_string()));
    if who.superuser.is_some() && spelling != Spelling::Flat && who.bounds.is_empty() {
        found.push("*".to_string());
    }
    for entry in &who.entries {
        let Source::Grant(index) = entry.source else { continue };
        let grant = policy.grants.get(index as usize);
        if grant.is_none_or(|grant| grant.effect == GrantEffect::Deny) {
            continue;
        }
        if spelling == Spelling::Typed {
            candidates.extend(typed(policy, entry.action, entry.resource));
            continue;
        }
        let (action, resource) = (pattern(&policy.actions, entry.action), pattern(&policy.resources, entry.resource));
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
    let text = |trie: &Trie, node: NodeId, any: &str| pattern_text(policy, &pattern(trie, node), "", any);
    Some(format!("{} {}", text(&policy.actions, action, "manage"), text(&policy.resources, resource, "all")))
}

fn pattern(trie: &Trie, node: NodeId) -> Pattern {
    if node == ROOT { Pattern::Any } else { Pattern::Path(trie.path(node)) }
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

/// Every grant held, each once, in the order in which they count.
pub fn grants(policy: &Compiled, who: &Prepared) -> Vec<DecidingGrant> {
    let mut ordered: Vec<(u32, By)> =
        who.entries.iter().map(|entry| (entry.order, By { source: entry.source, visit: entry.visit })).collect();
    ordered.sort_by_key(|(order, by)| (*order, by.visit));
    ordered.dedup_by_key(|(order, by)| (*order, by.source));
    let mut listed: Vec<DecidingGrant> = ordered.into_iter().map(|(_, by)| deciding_grant(policy, who, by)).collect();
    let untabled = who.untabled.iter().map(|(index, visit)| By { source: Source::Loose(*index), visit: *visit });
    listed.extend(untabled.map(|by| deciding_grant(policy, who, by)));
    listed
}

/// What `${user.id}` stands for.
pub fn subject_id<'p>(policy: &'p Compiled, who: &'p Prepared) -> Option<&'p str> {
    let principal = who.principal.and_then(|index| policy.principals.get(index as usize));
    principal.and_then(|principal| principal.subject_id).map(|id| policy.names.text(id)).or(who.id.as_deref())
}

/// Ids of the holders of one kind that the principal holds, in order, each once.
pub fn holders(policy: &Compiled, who: &Prepared, kind: HolderKind) -> Vec<Sym> {
    let mut found = Vec::new();
    for visit in &who.visits {
        let VisitKind::Holder(id) = visit.kind else { continue };
        let holder = policy.holders.get(id.0 as usize).filter(|holder| holder.kind == kind);
        if let Some(id) = holder.map(|holder| holder.id).filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}
