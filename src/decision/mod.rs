//! Decisions in words: what callers see, the same bytes on every target.

mod text;

use std::sync::Arc;

use serde::Serialize;

use crate::base::error::Error;
use crate::base::limits::MAX_TOLD;
use crate::base::terms::{HolderKind, NO_RESOURCE, Spelling};
use crate::base::text::{concat, join};
use crate::compiled::layout::meta;
use crate::compiled::{Compiled, Grant, NodeId, ROOT, Tree};
use crate::engine::{Asking, By, Code, Effect, Filter, Prepared, Source, Verdict, VisitKind};
use crate::json::write::Json;

/// The answer to a question. Never a bare boolean: it says why, by which rule, by which grants and how they are held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Decision {
    /// Whether it is an allow. The rest says why.
    pub allowed: bool,
    /// Whether an allow of a permission, or of an action on a type, holds for some records or fields only.
    pub conditional: bool,
    /// `allow`, `deny` or `error`; an error is to be treated as a deny and reported apart.
    pub effect: &'static str,
    /// A stable word, see [`Code`].
    pub code: &'static str,
    /// The HTTP class that the system's server would answer: 200, 400, 401, 403, 404, 405 or 500.
    pub status: u16,
    /// The rule that decides, by its number in `docs/rules` (`H3`, `N5`).
    pub rule: Option<String>,
    /// One plain sentence.
    pub message: String,
    /// The grants that decided, in the order in which they are held. Empty when none did; the first of them, where the ways to all would
    /// take more than a quarter of a megabyte to tell.
    pub grants: Vec<DecidingGrant>,
    /// For a filter question: `all`, `none` or `conditions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<&'static str>,
    /// For a request whose path the endpoint table has for other methods only (405): those, as an `Allow` header names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<String>>,
    /// Which snapshot answered.
    pub snapshot: SnapshotRef,
}

impl Decision {
    /// Whether it is an allow.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }
}

/// A grant, and how the principal holds it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DecidingGrant {
    /// `allow` or `deny`.
    pub effect: &'static str,
    /// What it is on, in the system's own spelling; `*` is everything.
    pub permission: String,
    /// From the outermost holder to the one that bears the grant: group, then access control.
    pub via: Vec<Via>,
    /// Whether it holds only for some records.
    pub conditional: bool,
    /// What its author says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One step of how a grant is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Via {
    /// `role`, `group`, `accessControl`, `template`, `direct` or `token`.
    pub kind: &'static str,
    /// Its id or key.
    pub id: String,
    /// Its name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Which snapshot answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SnapshotRef {
    /// The system.
    pub system: String,
    /// The snapshot's version, where its envelope has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The snapshot's tenant, where its envelope has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// An answer, not yet in words.
pub(crate) struct Answered<'q> {
    pub verdict: Box<Verdict>,
    /// Nobody, where the question could not be understood.
    pub who: Option<Arc<Prepared>>,
    pub ask: Option<Asking<'q>>,
    /// For a filter question.
    pub filter: Option<Filter>,
}

impl<'q> Answered<'q> {
    /// An answer to what could not be understood as a question.
    pub fn invalid(error: &Error) -> Self {
        let detail = concat(&[error.message(), " at `", error.path(), "`"]);
        Self { verdict: Verdict::error(Code::InvalidQuestion, 400, None, detail), who: None, ask: None, filter: None }
    }

    fn shown<'a>(&'a self, policy: &'a Compiled) -> Vec<Shown<'a>> {
        self.who.as_ref().map(|who| told(policy, who, &self.verdict.by)).unwrap_or_default()
    }

    /// Whether an allow holds for some records or fields only.
    fn conditional(&self) -> bool {
        self.verdict.partial || self.filter == Some(Filter::Conditions)
    }

    fn filter_word(&self) -> Option<&'static str> {
        self.filter.map(|filter| match filter {
            Filter::All => "all",
            Filter::None => "none",
            Filter::Conditions => "conditions",
        })
    }

    /// The methods for which the endpoint table has the path of a request that it does not have itself.
    fn methods(&self) -> Option<Vec<&str>> {
        let known = self.verdict.detail.as_deref().filter(|_| self.verdict.code == Code::UnknownRoute)?;
        Some(known.split(", ").collect())
    }

    /// The answer as JSON text, in the fields and the order in which serde would write a [`Decision`].
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub fn json(&self, policy: &Compiled) -> String {
        let grants = self.shown(policy);
        let mut json = Json::object();
        json.truth("allowed", self.verdict.effect == Effect::Allow);
        json.truth("conditional", self.conditional());
        json.text("effect", effect_word(self.verdict.effect));
        json.text("code", self.verdict.code.as_str());
        json.number("status", usize::from(self.verdict.status));
        match policy.opt_text(self.verdict.rule) {
            Some(rule) => json.text("rule", rule),
            None => json.literal("rule", "null"),
        }
        json.text("message", &self.message(&grants));
        json.begin("grants", '[');
        for grant in &grants {
            grant.write(&mut json);
        }
        json.end(']');
        json.opt("filter", self.filter_word());
        if let Some(methods) = self.methods() {
            json.begin("allow", '[');
            for method in methods {
                json.text("", method);
            }
            json.end(']');
        }
        json.begin("snapshot", '{');
        json.text("system", policy.system());
        json.opt("version", policy.opt_text(policy.says(meta::VERSION)));
        json.opt("tenant", policy.tenant());
        json.end('}');
        json.finish('}')
    }

    /// The same as data.
    pub fn decision(&self, policy: &Compiled) -> Decision {
        let grants = self.shown(policy);
        Decision {
            allowed: self.verdict.effect == Effect::Allow,
            conditional: self.conditional(),
            effect: effect_word(self.verdict.effect),
            code: self.verdict.code.as_str(),
            status: self.verdict.status,
            rule: policy.opt_text(self.verdict.rule).map(Into::into),
            message: self.message(&grants),
            grants: grants.into_iter().map(Shown::into_data).collect(),
            filter: self.filter_word(),
            allow: self.methods().map(|methods| methods.into_iter().map(Into::into).collect()),
            snapshot: SnapshotRef {
                system: policy.system().into(),
                version: policy.opt_text(policy.says(meta::VERSION)).map(Into::into),
                tenant: policy.tenant().map(Into::into),
            },
        }
    }

    /// One plain sentence.
    fn message(&self, grants: &[Shown<'_>]) -> String {
        let verdict = &self.verdict;
        let id = self.who.as_ref().and_then(|who| who.id.as_deref());
        let who = id.map_or_else(|| "the caller".into(), |id| concat(&["`", id, "`"]));
        let asked = self.ask.as_ref().map(Asking::text).unwrap_or_default();
        let detail = verdict.detail.as_deref();
        let first = grants.first();
        let held = first.map(how_held).unwrap_or_default();
        let template = match self.filter {
            Some(Filter::All) => "a list of %a shows every record",
            Some(Filter::Conditions) => "a list of %a shows the records for which the conditions hold",
            None if verdict.partial && first.is_some_and(|grant| grant.conditional) => {
                "%w may %a under a condition, for some records only: %h grants `%g`"
            }
            None if verdict.partial => "%w may %a under a condition, for some records or fields only: %h grants `%g`",
            _ => verdict.code.sentence(),
        };
        let told = if verdict.code == Code::Superuser { !held.is_empty() } else { detail.is_some() };
        let template = match crate::base::text::cut(template, b'|') {
            (_, Some(without)) if !told => without,
            (with, _) => with,
        };
        let mut text = String::new();
        let (mut plain, mut rest) = crate::base::text::cut(template, b'%');
        text.push_str(plain);
        while let Some(marked) = rest {
            let (mark, behind) = marked.split_at_checked(1).unwrap_or_default();
            let (before, filler) = match mark {
                "w" => ("", Some(&*who)),
                "a" => ("", Some(&*asked)),
                "h" => ("", Some(&*held)),
                "g" => ("", first.map(|grant| &*grant.permission)),
                "d" => ("", detail),
                "c" => (": ", detail),
                _ => (" (", first.and_then(|grant| grant.reason)),
            };
            if let Some(filler) = filler {
                text.push_str(before);
                text.push_str(filler);
                if mark == "r" {
                    text.push(')');
                }
            }
            (plain, rest) = crate::base::text::cut(behind, b'%');
            text.push_str(plain);
        }
        text
    }
}

impl Code {
    /// Its sentence: `%w` who asks, `%a` what, `%h` how the deciding grant is held, `%g` the grant, `%r` its reason in brackets, `%d` the
    /// detail, `%c` the same behind a colon. Behind `|` what is said where there is no detail (of super-users: no holder).
    fn sentence(self) -> &'static str {
        match self {
            Self::Granted => "%w may %a: %h grants `%g`",
            Self::Superuser => "%w may %a: %h passes every check|%w may %a: a super-user passes every check",
            Self::NotRequired => "%a asks for nothing that %w lacks",
            Self::NoGrant => "%w may not %a: no grant covers `%d`, which it asks for|%w may not %a: no grant covers it",
            Self::DeniedByRule => "%w may not %a: %h denies `%g`%r",
            Self::UnknownPrincipal => "%d|%w is not in the snapshot",
            Self::UnknownPermission => {
                "%w may not %a: the snapshot defines no `%d`, which it asks for (is it spelled right?)|\
                 %w may not %a: the snapshot defines nothing of this name, so nobody holds it (is it spelled right?)"
            }
            Self::UnknownRoute => "%a is denied: the endpoint table has this path for %d only|%a is in no endpoint table, so it is denied",
            Self::Suspended => "%w is suspended",
            Self::TenantMismatch => "%d|the request is for another tenant",
            Self::ScopeNotGranted => "%w may not %a in this session: no scope granted at sign-in covers it%c",
            Self::NotOwn => "%w holds `%g`, which is only for what is the caller's own%c",
            Self::Unauthenticated => "nobody is logged in",
            Self::LoginRefused => "%w cannot log in this way%c",
            Self::EditRefused => "%w is authorised, but the edit is refused%c",
            Self::RecordRequired => "whether %w may %a hangs on the record, which is not given%c",
            Self::RecordAbsent => "%a names a record that there is not",
            Self::TimeRequired => "whether %w is valid hangs on the time, which is not given",
            Self::NotValidNow => "%w is not valid at this time",
            Self::SnapshotExpired => "the snapshot has expired",
            Self::RequirementUnknown => "nobody knows what %a requires, so it is denied",
            Self::InvalidRule => "the server fails when %w asks to %a%c",
            Self::InvalidQuestion => "%d|the question cannot be understood",
        }
    }
}

/// The word for an effect.
pub(crate) fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
        Effect::Error => "error",
    }
}

/// A grant and how it is held, in the policy's own words.
pub(crate) struct Shown<'a> {
    denies: bool,
    permission: String,
    via: Vec<Step<'a>>,
    conditional: bool,
    reason: Option<&'a str>,
}

/// One step of how a grant is held.
struct Step<'a> {
    kind: &'static str,
    id: &'a str,
    name: Option<&'a str>,
}

impl Shown<'_> {
    /// About how long it is.
    pub fn bytes(&self) -> usize {
        let mut bytes = 64 + self.permission.len() + self.reason.map_or(0, str::len);
        for step in &self.via {
            bytes += 32 + step.id.len() + step.name.map_or(0, str::len);
        }
        bytes
    }

    /// As JSON.
    #[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
    pub fn write(&self, json: &mut Json) {
        json.begin("", '{');
        json.text("effect", self.effect());
        json.text("permission", &self.permission);
        json.begin("via", '[');
        for step in &self.via {
            json.begin("", '{');
            json.text("kind", step.kind);
            json.text("id", step.id);
            json.opt("name", step.name);
            json.end('}');
        }
        json.end(']');
        json.truth("conditional", self.conditional);
        json.opt("reason", self.reason);
        json.end('}');
    }

    fn effect(&self) -> &'static str {
        if self.denies { "deny" } else { "allow" }
    }

    /// As data.
    pub fn into_data(self) -> DecidingGrant {
        let via = |step: &Step<'_>| Via { kind: step.kind, id: step.id.into(), name: step.name.map(Into::into) };
        DecidingGrant {
            effect: self.effect(),
            via: self.via.iter().map(via).collect(),
            conditional: self.conditional,
            reason: self.reason.map(Into::into),
            permission: self.permission,
        }
    }
}

/// Some grants in words, with how they are held: as many of the first as [`MAX_TOLD`] has room for, one at least.
pub(crate) fn told<'a>(policy: &'a Compiled, who: &'a Prepared, by: &[By]) -> Vec<Shown<'a>> {
    let (mut told, mut bytes) = (Vec::new(), 0);
    for by in by {
        let grant = shown(policy, who, *by);
        bytes += grant.bytes();
        if bytes > MAX_TOLD && !told.is_empty() {
            break;
        }
        told.push(grant);
    }
    told
}

/// A grant in words, with how it is held.
#[inline(never)]
pub(crate) fn shown<'a>(policy: &'a Compiled, who: &'a Prepared, by: By) -> Shown<'a> {
    let via = path(policy, who, by.visit);
    let mut shown = Shown { denies: false, permission: String::new(), via, conditional: false, reason: None };
    match by.source {
        Source::Grant(index) => {
            if let Some(grant) = policy.grant(index) {
                shown.denies = grant.denies;
                shown.permission = grant_text(policy, &grant);
                shown.conditional = grant.conditional;
                shown.reason = policy.opt_text(grant.reason);
            }
        }
        Source::Superuser => {
            // The permission that makes it so, where that is not the role's own name. Somebody may be called as a permission is.
            let is_role = |text: &str| shown.via.iter().any(|step| step.kind == "role" && step.id == text);
            let text = who.superuser.as_ref().map(|(text, _)| text).filter(|text| !is_role(text));
            shown.permission = text.map_or("*", |text| text).into();
        }
        Source::Loose(index) => shown.permission = who.loose.get(index as usize).map_or("", |loose| &*loose.text).into(),
    }
    shown
}

fn path<'a>(policy: &'a Compiled, who: &'a Prepared, visit: u32) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut at = Some(visit);
    while let Some(visit) = at.and_then(|index| who.visits.get(index as usize)) {
        crate::base::steps::step();
        match visit.kind {
            VisitKind::Token => steps.push(Step { kind: "token", id: who.id.as_deref().unwrap_or_default(), name: None }),
            VisitKind::Holder(id) => {
                if let Some(holder) = policy.holder(id.0) {
                    steps.push(Step { kind: holder_word(holder.kind), id: policy.text(holder.id), name: policy.opt_text(holder.name) });
                }
            }
        }
        at = visit.from;
    }
    let mut path = Vec::new();
    while let Some(step) = steps.pop() {
        path.push(step);
    }
    path
}

pub(crate) fn holder_word(kind: HolderKind) -> &'static str {
    match kind {
        HolderKind::Role => "role",
        HolderKind::Group => "group",
        HolderKind::AccessControl => "accessControl",
        HolderKind::Template => "template",
        HolderKind::Direct => "direct",
        HolderKind::Token => "token",
    }
}

/// What a grant is on, in the system's own spelling.
pub(crate) fn grant_text(policy: &Compiled, grant: &Grant) -> String {
    let (actions, resources) = (policy.grant_actions(grant), policy.grant_resources(grant));
    let spelling = policy.profile.spelling;
    let typed = spelling == Spelling::Typed;
    let single = typed || spelling == Spelling::Flat;
    let actions = texts(policy.actions(), &actions, if single { "" } else { ":" }, if typed { "manage" } else { "*" });
    if spelling == Spelling::Flat || !typed && resources == [ROOT] && actions == "*" {
        return actions;
    }
    let resources = texts(policy.resources(), &resources, if typed { "" } else { "/" }, if typed { "all" } else { "*" });
    match &*resources {
        _ if typed => concat(&[&actions, " ", &resources]),
        NO_RESOURCE => actions,
        _ => concat(&[&resources, ":", &actions]),
    }
}

#[inline(never)]
fn texts(tree: Tree<'_>, nodes: &[NodeId], between: &str, any: &str) -> String {
    let mut text = String::new();
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&tree.text(*node, between, any));
    }
    text
}

/// `role Support Engineer (r-support)`, or `group g-view → accessControl ac-group-view`.
fn how_held(grant: &Shown<'_>) -> String {
    let mut steps = Vec::new();
    for step in &grant.via {
        let kind = if step.kind == "accessControl" { "access control" } else { step.kind };
        steps.push(match step.name {
            Some(name) if name != step.id => concat(&[kind, " `", name, "` (", step.id, ")"]),
            _ if kind == "direct" => "the principal itself".into(),
            _ if kind == "token" => "the token".into(),
            _ => concat(&[kind, " `", step.id, "`"]),
        });
    }
    let steps: Vec<&str> = steps.iter().map(|step| &**step).collect();
    join(&steps, " → ")
}
