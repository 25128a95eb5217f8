//! Decisions in words: what callers see, the same bytes on every target.

use serde::Serialize;

use crate::compiled::layout::meta;
use crate::compiled::{Compiled, Grant, NodeId, ROOT, Tree};
use crate::engine::{By, Code, Effect, Filter, Prepared, Source, Verdict, VisitKind};
use crate::model::{HolderKind, Pattern, Rule, Segment, Spelling};

/// The answer to a question. Never a bare boolean: it says why, by which rule, by which grants and how they are held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Decision {
    /// `allow`, `deny` or `error`; an error is to be treated as a deny and reported apart.
    pub effect: &'static str,
    /// A stable word, see [`Code`].
    pub code: &'static str,
    /// The HTTP class that the system's server would answer: 200, 400, 401, 403, 404 or 500.
    pub status: u16,
    /// The rule that decides, by its number in the server rules (`H3`) or in `docs/native-snapshot.md` (`N5`).
    pub rule: Option<String>,
    /// One plain sentence.
    pub message: String,
    /// The grants that decided, in the order in which they are held. Empty when none did.
    pub grants: Vec<DecidingGrant>,
    /// For a filter question: `all`, `none` or `conditions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<&'static str>,
    /// Which snapshot answered.
    pub snapshot: SnapshotRef,
}

impl Decision {
    /// Whether it is an allow.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.effect == "allow"
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

impl SnapshotRef {
    pub(crate) fn of(policy: &Compiled) -> Self {
        Self {
            system: policy.system().into(),
            version: policy.opt_text(policy.says(meta::VERSION)).map(Into::into),
            tenant: policy.tenant().map(Into::into),
        }
    }
}

fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
        Effect::Error => "error",
    }
}

/// Puts a verdict into words. `asked` is the question as the sentence names it.
pub(crate) fn decision(policy: &Compiled, who: Option<&Prepared>, verdict: &Verdict, asked: &str) -> Decision {
    let grants: Vec<DecidingGrant> =
        who.map(|who| verdict.by.iter().map(|by| deciding_grant(policy, who, *by)).collect()).unwrap_or_default();
    let subject = who.and_then(|who| who.id.as_deref());
    let message = sentence(verdict, subject, asked, &grants);
    Decision {
        effect: effect_word(verdict.effect),
        code: verdict.code.as_str(),
        status: verdict.status,
        rule: policy.opt_text(verdict.rule).map(Into::into),
        message,
        grants,
        filter: None,
        snapshot: SnapshotRef::of(policy),
    }
}

/// The answer to a filter question: allowed where the list may show something.
pub(crate) fn filter_decision(policy: &Compiled, who: &Prepared, outcome: Result<Filter, Verdict>, asked: &str) -> Decision {
    let rule = policy.rule(Rule::List);
    let (verdict, word) = match outcome {
        Ok(Filter::All) => (Verdict::allow(Code::Granted, rule), Some("all")),
        Ok(Filter::Conditions) => (Verdict::allow(Code::Granted, rule), Some("conditions")),
        Ok(Filter::None) => (Verdict::deny(Code::NoGrant, 403, rule), Some("none")),
        Err(verdict) if verdict.effect == Effect::Deny => (verdict, Some("none")),
        Err(verdict) => (verdict, None),
    };
    let mut decision = decision(policy, Some(who), &verdict, asked);
    match word {
        Some("all") => decision.message = format!("a list of {asked} shows every record"),
        Some("conditions") => decision.message = format!("a list of {asked} shows the records for which the conditions hold"),
        _ => {}
    }
    decision.filter = word;
    decision
}

/// An answer to what could not be understood as a question.
pub(crate) fn invalid_question(policy: &Compiled, error: &crate::Error) -> Decision {
    let verdict = Verdict::error(Code::InvalidQuestion, 400, None, error.to_string());
    decision(policy, None, &verdict, "")
}

/// A grant in words, with how it is held.
pub(crate) fn deciding_grant(policy: &Compiled, who: &Prepared, by: By) -> DecidingGrant {
    let via = path(policy, who, by.visit);
    match by.source {
        Source::Grant(index) => {
            let grant = policy.grant(index);
            DecidingGrant {
                effect: if grant.is_some_and(|grant| grant.denies) { "deny" } else { "allow" },
                permission: grant.map(|grant| grant_text(policy, &grant)).unwrap_or_default(),
                via,
                conditional: grant.is_some_and(|grant| grant.conditional),
                reason: policy.opt_text(grant.and_then(|grant| grant.reason)).map(Into::into),
            }
        }
        Source::Superuser => {
            // The permission that makes it so, where that is not the holder's own name.
            let text = who.superuser.as_ref().map(|(text, _)| text).filter(|text| via.iter().all(|step| step.id != **text));
            let permission = text.map_or_else(|| "*".into(), Clone::clone);
            DecidingGrant { effect: "allow", permission, via, conditional: false, reason: None }
        }
        Source::Loose(index) => DecidingGrant {
            effect: "allow",
            permission: who.loose.get(index as usize).map(|loose| loose.text.to_string()).unwrap_or_default(),
            via,
            conditional: false,
            reason: None,
        },
    }
}

fn path(policy: &Compiled, who: &Prepared, visit: u32) -> Vec<Via> {
    let mut steps = Vec::new();
    let mut at = Some(visit);
    while let Some(visit) = at.and_then(|index| who.visits.get(index as usize)) {
        let step = match visit.kind {
            VisitKind::Token => Some(Via { kind: "token", id: who.id.clone().unwrap_or_default(), name: None }),
            VisitKind::Holder(id) => policy.holder(id.0).map(|holder| Via {
                kind: holder_word(holder.kind),
                id: policy.text(holder.id).into(),
                name: policy.opt_text(holder.name).map(Into::into),
            }),
        };
        steps.extend(step);
        at = visit.from;
    }
    steps.reverse();
    steps
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
    let join = |tree: Tree<'_>, nodes: &[NodeId], separator: &str, any: &str| -> String {
        let texts: Vec<String> = nodes.iter().map(|node| pattern_text(policy, &tree.pattern(*node), separator, any)).collect();
        texts.join(",")
    };
    let actions = |separator: &str, any: &str| join(policy.actions(), &actions, separator, any);
    match policy.profile.spelling {
        Spelling::Flat => actions("", "*"),
        Spelling::Path | Spelling::Ace => {
            let actions = actions(":", "*");
            if resources == [ROOT] && actions == "*" {
                return actions;
            }
            [join(policy.resources(), &resources, "/", "*").as_str(), ":", &actions].concat()
        }
        Spelling::Typed => [actions("", "manage").as_str(), " ", &join(policy.resources(), &resources, "", "all")].concat(),
    }
}

pub(crate) fn pattern_text(policy: &Compiled, pattern: &Pattern, separator: &str, any: &str) -> String {
    match pattern {
        Pattern::Any => any.into(),
        Pattern::Path(segments) => {
            let texts: Vec<&str> = segments
                .iter()
                .map(|segment| match segment {
                    Segment::Name(name) => policy.text(*name),
                    Segment::One => "*",
                })
                .collect();
            texts.join(separator)
        }
    }
}

fn sentence(verdict: &Verdict, subject: Option<&str>, asked: &str, grants: &[DecidingGrant]) -> String {
    let who = subject.map_or_else(|| "the caller".to_string(), |id| format!("`{id}`"));
    let detail = verdict.detail.as_deref();
    let held = grants.first().map(how_held).unwrap_or_default();
    let granted = grants.first().map(|grant| grant.permission.as_str()).unwrap_or_default();
    match verdict.code {
        Code::Granted => format!("{who} may {asked}: {held} grants `{granted}`"),
        Code::Superuser if held.is_empty() => format!("{who} may {asked}: a super-user passes every check"),
        Code::Superuser => format!("{who} may {asked}: {held} passes every check"),
        Code::NotRequired => format!("{asked} asks for nothing that {who} lacks"),
        Code::NoGrant => match detail {
            Some(missing) => format!("{who} may not {asked}: no grant covers `{missing}`, which it asks for"),
            None => format!("{who} may not {asked}: no grant covers it"),
        },
        Code::DeniedByRule => {
            let reason = grants.first().and_then(|grant| grant.reason.as_deref());
            let because = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
            format!("{who} may not {asked}: {held} denies `{granted}`{because}")
        }
        Code::UnknownPrincipal => detail.map_or_else(|| format!("{who} is not in the snapshot"), Into::into),
        Code::UnknownPermission => {
            let what = detail.map_or_else(|| "it".to_string(), |missing| format!("`{missing}`"));
            format!("{who} may not {asked}: no grant covers {what}, and nothing in the snapshot is named so (is it spelled right?)")
        }
        Code::UnknownRoute => format!("{asked} is in no endpoint table, so it is denied"),
        Code::Suspended => format!("{who} is suspended"),
        Code::TenantMismatch => detail.unwrap_or("the request is for another tenant").into(),
        Code::ScopeNotGranted => format!("{who} may not {asked} in this session: no scope granted at sign-in covers it"),
        Code::NotOwn => {
            let why = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            format!("{who} holds `{granted}`, which is only for what is the caller's own{why}")
        }
        Code::Unauthenticated => "nobody is logged in".into(),
        Code::LoginRefused => {
            let why = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            format!("{who} cannot log in this way{why}")
        }
        Code::EditRefused => {
            let why = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            format!("{who} is authorised, but the edit is refused{why}")
        }
        Code::RecordRequired => format!("whether {who} may {asked} hangs on the record, which is not given"),
        Code::RecordAbsent => format!("{asked} names a record that there is not"),
        Code::TimeRequired => format!("whether {who} is valid hangs on the time, which is not given"),
        Code::NotValidNow => format!("{who} is not valid at this time"),
        Code::SnapshotExpired => "the snapshot has expired".into(),
        Code::RequirementUnknown => format!("nobody knows what {asked} requires, so it is denied"),
        Code::InvalidRule => {
            let why = detail.map_or_else(String::new, |detail| format!(": {detail}"));
            format!("the server fails when {who} asks to {asked}{why}")
        }
        Code::InvalidQuestion => detail.unwrap_or("the question cannot be understood").into(),
    }
}

/// `role Support Engineer (r-support)`, or `group g-view → accessControl ac-group-view`.
fn how_held(grant: &DecidingGrant) -> String {
    let steps: Vec<String> = grant
        .via
        .iter()
        .map(|step| match &step.name {
            Some(name) if *name != step.id => format!("{} `{name}` ({})", kind_word(step.kind), step.id),
            _ if step.kind == "direct" => "the principal itself".into(),
            _ if step.kind == "token" => "the token".into(),
            _ => format!("{} `{}`", kind_word(step.kind), step.id),
        })
        .collect();
    steps.join(" → ")
}

fn kind_word(kind: &str) -> &str {
    if kind == "accessControl" { "access control" } else { kind }
}
