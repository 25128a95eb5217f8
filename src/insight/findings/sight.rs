//! What all findings are made from: the snapshot's holders and who reaches them, places, and what has been found.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Findings, Witness};
use crate::base::lint::{Kind, Severity};
use crate::base::names::Sym;
use crate::base::system::System;
use crate::base::terms::{HolderKind, RuleBook};
use crate::compiled::layout::Section;
use crate::compiled::{Compiled, Holder};
use crate::decision::holder_word;
use crate::insight::Insight;
use crate::insight::index::id_of;
use crate::systems::{self, Places};

/// A holder without grants.
pub const EMPTY: &str = "LINT_HOLDER_EMPTY";
/// So many findings of a kind are told: a broken or hostile snapshot could have millions.
const MOST: usize = 1_000;
/// So many permissions or principals are named in a proof; how many there are is in the message.
pub const MOST_NAMED: usize = 20;

/// A snapshot that is looked at.
pub struct Sight {
    pub insight: Insight,
    pub book: &'static RuleBook,
    pub places: Places,
    /// Holders that the snapshot's author wrote: of several that were made of one document, the first.
    shown: BTreeSet<u32>,
    /// Where the findings of a single policy are: what they say is not said again.
    told: BTreeSet<String>,
    /// Where holders without grants are.
    pub empty: BTreeSet<String>,
    counts: BTreeMap<&'static str, usize>,
    findings: Vec<Finding>,
    pub edits: usize,
    pub complete: bool,
}

impl Sight {
    pub fn of(insight: Insight, places: Places, told: BTreeSet<String>) -> Self {
        let system = System::from_name(insight.policy.compiled().system()).unwrap_or(System::Latchgate);
        let complete = insight.space().universe.complete;
        let shown = shown(insight.policy.compiled(), &places);
        Self {
            insight,
            book: systems::profile(system).book,
            places,
            shown,
            told,
            empty: BTreeSet::new(),
            counts: BTreeMap::new(),
            findings: Vec::new(),
            edits: 0,
            complete,
        }
    }

    pub fn finish(self) -> Findings {
        Findings { findings: self.findings, edits: self.edits, complete: self.complete }
    }

    /// Enters a finding, at the place of its first step that has one.
    pub fn add(&mut self, (code, severity): Kind, rule: &'static str, message: String, witness: Vec<Witness>) {
        let count = self.counts.entry(code).or_default();
        if *count >= MOST {
            self.complete = false;
            return;
        }
        *count += 1;
        let path = witness.iter().find_map(|step| step.path.clone()).unwrap_or_else(|| "$.payloads".into());
        if code == EMPTY {
            self.empty.insert(path.clone());
        }
        self.findings.push(Finding { code, path, message, severity, rule, witness });
    }

    /// Whether a finding of a single policy stands at a holder's own place.
    pub fn is_told(&self, policy: &Compiled, holder: &Holder) -> bool {
        self.place(holder_word(holder.kind), policy.text(holder.id)).is_some_and(|path| self.told.contains(&path))
    }

    fn place(&self, kind: &'static str, id: &str) -> Option<String> {
        self.places.get(&(kind, id.into())).cloned()
    }

    /// A step at a principal.
    pub fn principal(&self, policy: &Compiled, at: u32, message: String) -> Witness {
        let id = id_of(policy, at).to_string();
        Witness { kind: "principal", path: self.place("principal", &id), id, message, request: None }
    }

    /// A step at a holder. The grants of a principal itself stand where it does.
    pub fn holder(&self, kind: &'static str, id: &str, message: String) -> Witness {
        let path = self.place(if matches!(kind, "direct" | "token") { "principal" } else { kind }, id);
        Witness { kind, id: id.into(), path, message, request: None }
    }

    /// The same for a holder of the snapshot.
    pub fn holder_at(&self, policy: &Compiled, at: u32, message: String) -> Witness {
        let (kind, id) = policy.holder(at).map_or(("role", ""), |holder| (holder_word(holder.kind), policy.text(holder.id)));
        self.holder(kind, id, message)
    }

    /// Whether a holder is one that the snapshot's author wrote, under an id that leads to it.
    pub fn is_shown(&self, at: u32) -> bool {
        self.shown.contains(&at)
    }
}

fn shown(policy: &Compiled, places: &Places) -> BTreeSet<u32> {
    let (mut shown, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for at in 0..policy.rows(Section::Holders) {
        let Some(holder) = policy.holder(at) else { continue };
        let leads = match holder.kind {
            HolderKind::Role => policy.lookup(Section::Roles, holder.id) == Some(at),
            HolderKind::Group => policy.lookup(Section::Groups, holder.id) == Some(at),
            HolderKind::AccessControl | HolderKind::Template => seen.insert(key(policy, &holder)),
            HolderKind::Direct | HolderKind::Token => false,
        };
        if leads && places.contains_key(&key(policy, &holder)) {
            shown.insert(at);
        }
    }
    shown
}

/// What a holder's place is found by.
pub fn key(policy: &Compiled, holder: &Holder) -> (&'static str, String) {
    (holder_word(holder.kind), policy.text(holder.id).into())
}

/// A step at a grant or a permission.
pub fn step(kind: &'static str, id: impl Into<String>, message: String) -> Witness {
    Witness { kind, id: id.into(), path: None, message, request: None }
}

/// All that a holder includes, through others too; itself first. `free`: without what counts in some tenant, scope or legal entity only.
pub fn below(policy: &Compiled, from: u32, free: bool) -> Vec<u32> {
    let Some(top) = policy.holder(from) else { return Vec::new() };
    let (mut found, mut seen, mut open) = (Vec::new(), BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        let Some(holder) = policy.holder(at).filter(|_| seen.insert(at)) else { continue };
        found.push(at);
        for held in policy.includes(&holder).into_iter().rev() {
            let Some(inner) = policy.holder(held.holder.0) else { continue };
            let same = |bound: Option<Sym>, of: Option<Sym>| bound.is_none() || bound == of;
            if !free || held.scope.is_none() && same(inner.tenant, top.tenant) && same(inner.entity, top.entity) {
                open.push(held.holder.0);
            }
        }
    }
    found
}

/// A holder in words.
pub fn named(policy: &Compiled, at: u32) -> String {
    let Some(holder) = policy.holder(at) else { return String::new() };
    let id = policy.text(holder.id);
    match holder.kind {
        HolderKind::Direct => format!("`{id}` itself"),
        HolderKind::Token => format!("the token of `{id}`"),
        HolderKind::AccessControl => format!("access control `{id}`"),
        kind => format!("{} `{id}`", holder_word(kind)),
    }
}

/// The first few of a list, and how many more there are.
pub fn listed(texts: &[&str]) -> String {
    let shown: Vec<String> = texts.iter().take(3).map(|text| format!("`{text}`")).collect();
    match texts.len().saturating_sub(3) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `1 principal`, `2 principals`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What there is to know and nothing to mend.
pub const fn notice(code: &'static str) -> Kind {
    (code, Severity::Notice)
}

/// What does nothing.
pub const fn idle(code: &'static str) -> Kind {
    (code, Severity::NoEffect)
}
