//! Principals: with nothing, with more than their roles give, and with both of what is to be held apart.

use super::Witness;
use super::holders::{in_words, texts};
use super::sight::{MOST_NAMED, Sight, named, notice, step};
use crate::base::error::{Error, ErrorCode};
use crate::base::lint::Severity;
use crate::base::terms::HolderKind;
use crate::compiled::Compiled;
use crate::compiled::layout::{Section, flag};
use crate::decision;
use crate::engine::{Asked, Effect, Prepared, Question, Target, VisitKind, Who, asked_permission, decide, prepare};
use crate::insight::index::{id_of, prepared};
use crate::insight::row::row;

impl Sight {
    /// Everybody whom nothing refuses from the start and whom their id leads to.
    pub fn everybody(&self) -> Vec<u32> {
        let count = self.insight.policy.compiled().rows(Section::Principals);
        (0..count).filter(|at| self.insight.is_named(*at) && !self.insight.index().shut.has(*at)).collect()
    }

    /// Principals who are allowed nothing, and those who are allowed more than their roles and groups say.
    pub fn access(&mut self) {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let (index, space) = (insight.index(), insight.space());
        for at in self.everybody() {
            if index.superusers.has(at) {
                continue;
            }
            let row = row(policy, space, index, &insight.context, at);
            if row.allowed.iter().next().is_none() && !row.graded.iter().any(|(_, grade)| grade.is_allowed()) {
                if !self.reaches_records(policy, at) {
                    self.nothing(policy, at);
                }
            } else {
                let allowed = |line: &u32| row.get(*line).is_allowed();
                self.beyond(policy, at, &allowed);
            }
        }
    }

    /// Whether some grant may allow single records though it allows no permission of the list: a closed registry lists types (N16).
    fn reaches_records(&self, policy: &Compiled, at: u32) -> bool {
        let on_records = |pair: u32| policy.resources().pattern(policy.pair(pair).1).segments().len() > 1;
        let allows = |(pair, grant): (u32, u32)| on_records(pair) && policy.grant(grant).is_some_and(|grant| !grant.denies);
        let holders = self.insight.index().holders.get(at).iter().filter_map(|holder| policy.holder(*holder));
        policy.profile.has(flag::REGISTRY_CLOSED) && holders.into_iter().any(|holder| policy.entries(&holder).any(allows))
    }

    fn nothing(&mut self, policy: &Compiled, at: u32) {
        let id = id_of(policy, at);
        let holders = self.insight.index().holders.get(at).to_vec();
        let first = self.principal(policy, at, format!("`{id}` is known and not refused"));
        // A list of plain rules is a role and its principal in one: that it is empty has been said.
        if first.path.as_ref().is_some_and(|path| self.empty.contains(path)) {
            return;
        }
        let mut witness = vec![first];
        if holders.is_empty() {
            witness.push(step("permission", "*", format!("`{id}` has no role, no group and no grant that counts here")));
        }
        for holder in holders.iter().take(MOST_NAMED) {
            witness.push(self.holder_at(policy, *holder, format!("{} allows `{id}` nothing", named(policy, *holder))));
        }
        let message = format!("`{id}` is allowed nothing at all");
        self.add(notice("LINT_NO_ACCESS"), self.book.default_deny, message, witness);
    }

    fn beyond(&mut self, policy: &Compiled, at: u32, allowed: &dyn Fn(&u32) -> bool) {
        let insight = self.insight.clone();
        let space = insight.space();
        let is_direct = |holder: u32| policy.holder(holder).is_some_and(|holder| holder.kind == HolderKind::Direct);
        let holders = insight.index().holders.get(at);
        let (direct, others): (Vec<u32>, Vec<u32>) = holders.iter().copied().partition(|holder| is_direct(*holder));
        if direct.is_empty() || others.is_empty() {
            return;
        }
        let id = id_of(policy, at);
        // The same principal without what it holds itself.
        let mut who = prepare(policy, &Who::Named(id.into()), &insight.context);
        let visits = std::mem::take(&mut who.takes);
        let kept = |visit: &u32| match who.visits.get(*visit as usize).map(|visit| visit.kind) {
            Some(VisitKind::Holder(holder)) => !is_direct(holder.0),
            _ => true,
        };
        who.takes = visits.into_iter().filter(kept).collect();
        let mut lines: Vec<u32> = Vec::new();
        for holder in direct.iter().filter_map(|holder| policy.holder(*holder)) {
            lines.extend(policy.entries(&holder).flat_map(|(pair, _)| space.cover.lines(pair)));
        }
        lines.sort_unstable();
        lines.dedup();
        lines.retain(|line| allowed(line) && !space.grade(policy, &who, *line).is_allowed());
        if lines.is_empty() {
            return;
        }
        let mut witness = vec![self.principal(policy, at, format!("`{id}` has grants of its own"))];
        for holder in others.iter().take(MOST_NAMED) {
            witness.push(self.holder_at(policy, *holder, format!("`{id}` holds {}", named(policy, *holder))));
        }
        for text in texts(self, &lines).into_iter().take(MOST_NAMED) {
            let sentence = format!("`{text}` is allowed by a grant of `{id}` itself, and by none of its roles and groups");
            witness.push(step("permission", text, sentence));
        }
        let message = format!("`{id}` is allowed more than its roles and groups give: {}", in_words(self, &lines));
        self.add(notice("LINT_BEYOND_ROLES"), self.book.default_deny, message, witness);
    }

    /// Who is allowed both of two permissions that are to be held apart.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for what is not spelled as a permission.
    pub fn apart(&mut self, pairs: &[(String, String)]) -> Result<(), Error> {
        let insight = self.insight.clone();
        let policy = insight.policy.compiled();
        let mut asked: Vec<[(&str, Asked); 2]> = Vec::new();
        for (place, (one, two)) in pairs.iter().enumerate() {
            let both = [one, two].map(|text| (text.as_str(), asked_permission(policy, text)));
            if let Some(at) = both.iter().position(|(_, asked)| asked.malformed) {
                let path = format!("$.sod[{place}][{at}]");
                return Err(Error::new(ErrorCode::Argument, path, "not spelled as a permission of the system"));
            }
            asked.push(both);
        }
        for pair in &asked {
            for at in self.everybody() {
                let who = prepared(policy, at, &insight.context);
                let ways: Vec<Vec<Witness>> = pair.iter().filter_map(|(text, asked)| self.way(policy, &who, text, asked)).collect();
                if ways.len() < pair.len() {
                    continue;
                }
                let id = id_of(policy, at);
                let [(one, _), (two, _)] = pair;
                let mut witness = vec![self.principal(policy, at, format!("`{id}` is allowed both"))];
                witness.extend(ways.into_iter().flatten());
                let message = format!("`{id}` holds both `{one}` and `{two}`, which are to be held apart");
                self.add(("LINT_DUTIES_JOINED", Severity::Surprise), "sod", message, witness);
            }
        }
        Ok(())
    }

    /// How somebody comes to a permission: the holders from the principal to the first grant that decides, and that grant.
    fn way(&self, policy: &Compiled, who: &Prepared, text: &str, asked: &Asked) -> Option<Vec<Witness>> {
        let verdict = decide(policy, who, &Question { asked, target: Target::Type, field: None });
        if verdict.effect != Effect::Allow {
            return None;
        }
        let mut way = Vec::new();
        if let Some(by) = verdict.by.first() {
            let grant = decision::shown(policy, who, *by).into_data();
            let mut from = "the principal".to_string();
            for via in &grant.via {
                let to = if via.kind == "direct" { "grants of its own".into() } else { format!("{} `{}`", via.kind, via.id) };
                way.push(self.holder(via.kind, &via.id, format!("{from} has {to}")));
                from = to;
            }
            let condition = if grant.conditional { " under a condition" } else { "" };
            way.push(step("grant", grant.permission.clone(), format!("{from} allows `{}`{condition}", grant.permission)));
        }
        way.push(step("permission", text, format!("`{text}` is allowed")));
        Some(way)
    }
}
