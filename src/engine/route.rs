//! Requests: method and path against the endpoint table.

use super::ask::{Question, Target, asked_permission, asked_record, asked_resource};
use super::combine::{decide, expired, gate, not_granted, superuser, within_bounds};
use super::prepare::Prepared;
use super::verdict::{Code, Effect, Verdict};
use crate::base::names::Sym;
use crate::base::terms::{LEGAL_ENTITY, Rule};
use crate::base::text::{concat, cut, join, split, trim};
use crate::compiled::layout::{NONE, Section};
use crate::compiled::{Compiled, request};
use crate::value::Value;
use crate::value::js::Js;

/// A request, matched.
#[derive(Debug)]
pub struct Route {
    /// The row of the table.
    row: u32,
    /// Where its requirement, its further requirement and its guard stand in the pool.
    requires: u32,
    also: u32,
    guard: u32,
    params: Vec<(Sym, String)>,
    /// Members of the query, in small letters, and whether they count as set.
    flags: Vec<(String, bool)>,
}

impl Route {
    /// What a path parameter of that name stands for.
    #[must_use]
    pub fn param(&self, policy: &Compiled, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(param, _)| policy.text(*param) == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The path as the table writes it.
    fn template(&self, policy: &Compiled) -> String {
        let mut text = String::new();
        for part in policy.listed(policy.cell(Section::Endpoints, self.row, 1)).chunks(2) {
            let [kind, name] = part else { continue };
            text.push('/');
            text.push_str(&match *kind {
                request::LITERAL => policy.text(Sym(*name)).into(),
                request::PARAM => concat(&["{", policy.text(Sym(*name)), "}"]),
                _ => "**".into(),
            });
        }
        text
    }
}

/// Finds the row for a request: literal segments before parameters, parameters before the rest of a path. Where there is none, the methods
/// for which the table has the path.
///
/// `HEAD` is answered as `GET` where no row is its own. The path may bear a query and a fragment; a slash at either end does not count. What
/// a server might read as another path no row has, so it is denied: an empty or dot segment, a bare semicolon; a slash, backslash or control
/// character behind percent signs, however often they are encoded.
///
/// # Errors
/// The methods, where there is no row.
pub fn find_route<'p>(policy: &'p Compiled, method: &str, path: &str) -> Result<Route, Vec<&'p str>> {
    let (path, query) = cut(cut(path, b'#').0, b'?');
    let mut methods: Vec<&str> = Vec::new();
    let Some(segments) = segments(path) else { return Err(methods) };
    let mut method = String::from(method);
    method.make_ascii_uppercase();
    let mut best: Option<(Vec<u32>, u32)> = None;
    for row in 0..policy.rows(Section::Endpoints) {
        let parts = policy.listed(policy.cell(Section::Endpoints, row, 1));
        if !path_matches(policy, &parts, &segments) {
            continue;
        }
        let own = policy.opt_text(Some(policy.cell(Section::Endpoints, row, 0)).filter(|own| *own != NONE).map(Sym));
        let step = match own {
            Some(own) if own == method => 0,
            Some("GET") if method == "HEAD" => 1,
            None => 2,
            Some(own) => {
                if !methods.contains(&own) {
                    methods.push(own);
                }
                continue;
            }
        };
        // Literal parts first, from the left; then a row of this method before one of all.
        let mut rank = Vec::new();
        for part in parts.chunks(2) {
            rank.extend(part.first());
        }
        rank.push(step);
        // Ties cannot be told apart by the request; the table's first row then counts.
        if best.as_ref().is_none_or(|(before, _)| rank < *before) {
            best = Some((rank, row));
        }
    }
    let Some((_, row)) = best else { return Err(methods) };
    let cell = |column: u32| policy.cell(Section::Endpoints, row, column);
    let parts = policy.listed(cell(1));
    let mut params = Vec::new();
    for (part, segment) in parts.chunks(2).zip(segments) {
        if let [request::PARAM, name] = part {
            params.push((Sym(*name), segment));
        }
    }
    Ok(Route { row, requires: cell(2), also: cell(3), guard: cell(4), params, flags: flags(query.unwrap_or_default()) })
}

/// A request that no row of the table has. `OPTIONS` is a method like the others, unless whoever asks says by the fact `preflight` that it
/// answers such requests itself: then it is open where the path is known at all.
pub fn unmatched(policy: &Compiled, who: &Prepared, method: &str, methods: &[&str], facts: &Value) -> Box<Verdict> {
    let preflight = matches!(facts.get("preflight"), Some(Value::Bool(true)));
    if preflight && !methods.is_empty() && method.eq_ignore_ascii_case("OPTIONS") {
        return expired(policy, who).unwrap_or_else(|| policy.allow(Code::NotRequired, Rule::NothingRequired));
    }
    gate(policy, who).unwrap_or_else(|| match methods {
        [] => policy.deny(Code::UnknownRoute, 404, Rule::Route),
        known => policy.deny(Code::UnknownRoute, 405, Rule::Route).because(join(known, ", ")),
    })
}

/// Members of a query. Servers differ in what they read, so whatever one of them might take for a flag that is set counts as set: between
/// `&` or `;`, once or twice encoded, in any case, one of several, with any value but `false`.
fn flags(query: &str) -> Vec<(String, bool)> {
    let mut flags = Vec::new();
    let mut enter = |pair: &str| {
        let (key, value) = cut(pair, b'=');
        let mut name = String::from(trim(cut(&plain(key), b'[').0));
        name.make_ascii_lowercase();
        if !name.is_empty() {
            flags.push((name, !trim(&plain(value.unwrap_or_default())).eq_ignore_ascii_case("false")));
        }
    };
    for pair in split(query, b'&') {
        enter(pair);
        let parts = split(pair, b';');
        if parts.len() > 1 {
            parts.into_iter().for_each(&mut enter);
        }
    }
    flags
}

/// A part of a query without its encoding, which somebody on the way may take off twice.
fn plain(text: &str) -> String {
    unescape(&unescape(text, true), true)
}

/// A text without its percent signs; what is no encoding stands for itself.
fn unescape(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        let code = match (byte, behind) {
            (b'%', [high, low, behind @ ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| (high << 4 | low, behind)),
            _ => None,
        };
        match code {
            Some((code, behind)) => {
                bytes.push(code);
                rest = behind;
            }
            None => bytes.push(if plus && *byte == b'+' { b' ' } else { *byte }),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The segments of a path without its query; `None` where one of them is no plain segment.
pub fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix("/").unwrap_or(path);
    let path = path.strip_suffix("/").unwrap_or(path);
    let mut segments: Vec<String> = Vec::new();
    for segment in split(path, b'/') {
        segments.push(decode(segment).filter(|segment| stays_plain(segment))?);
    }
    Some(segments)
}

/// Whether a segment is one, however often somebody on the way decodes it again.
fn stays_plain(segment: &str) -> bool {
    let mut text = String::from(segment);
    for _ in 0..MOST_ENCODED {
        if matches!(cut(&text, b';').0, "" | "." | "..") || text.bytes().any(is_foreign) {
            return false;
        }
        let again = unescape(&text, false);
        if again == text {
            return true;
        }
        text = again;
    }
    false
}

/// What is encoded more often is no name of anything.
const MOST_ENCODED: usize = 4;

/// What no segment holds.
fn is_foreign(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\' | 0..=31 | 127)
}

fn path_matches(policy: &Compiled, parts: &[u32], segments: &[String]) -> bool {
    let (fixed, rest) = match parts {
        [fixed @ .., request::REST, _] => (fixed, true),
        _ => (parts, false),
    };
    let length = fixed.len() / 2;
    (if rest { segments.len() >= length } else { segments.len() == length })
        && fixed.chunks(2).zip(segments).all(|(part, segment)| match part {
            [request::LITERAL, literal] => policy.text(Sym(*literal)) == segment,
            _ => true,
        })
}

/// Percent-decodes one segment; `None` where that yields no text, and for the semicolon behind which some servers read parameters.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            b';' => return None,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Decides a request. `facts` are what own-scopes and conditions need of the caller and of the record.
pub fn decide_route(policy: &Compiled, who: &Prepared, route: &Route, facts: &Value) -> Box<Verdict> {
    let request = Request { policy, who, route, facts };
    let verdict = match policy.pool(route.requires) {
        request::NOTHING => return expired(policy, who).unwrap_or_else(|| request.not_required()),
        request::OWN_SESSION => request.own_session(Sym(request.word(1))),
        request::LOGGED_IN => gate(policy, who).unwrap_or_else(|| request.not_required()),
        request::LOCKED => gate(policy, who).filter(|_| !who.may_unlock(policy)).unwrap_or_else(|| request.not_required()),
        request::ANY => request.any(&request.needs()),
        request::ALL => request.all(&request.needs()),
        request::CHECK => request.check(Sym(request.word(1)), Sym(request.word(2)), request.word(3)),
        _ => request.unknown(),
    };
    if verdict.effect != Effect::Allow {
        return verdict;
    }
    request.also().or_else(|| request.edit_refused()).unwrap_or(verdict)
}

/// One of no permissions: super-users only (K5).
pub fn nobody(policy: &Compiled, who: &Prepared) -> Box<Verdict> {
    superuser(policy, who).unwrap_or_else(|| policy.deny(Code::NoGrant, 403, Rule::DefaultDeny))
}

/// A member that is there, be it null.
fn given<'v>(facts: &'v Value, name: &str) -> Option<&'v Value> {
    facts.get(name).filter(|fact| fact.js() != Some(&Js::Undefined))
}

/// What a fact says, if it is given. What is neither true nor false counts as true: each is asked for to refuse more.
fn truth(fact: Option<&Value>) -> Option<bool> {
    Some(match fact? {
        Value::Bool(is) => *is,
        Value::Text(text) => !text.eq_ignore_ascii_case("false"),
        _ => true,
    })
}

struct Request<'a> {
    policy: &'a Compiled,
    who: &'a Prepared,
    route: &'a Route,
    facts: &'a Value,
}

/// A permission, and when it holds.
#[derive(Clone, Copy)]
struct Need {
    permission: Sym,
    own: u32,
    fact: u32,
    value: u32,
}

impl Request<'_> {
    fn word(&self, index: u32) -> u32 {
        self.policy.pool(self.route.requires.saturating_add(index))
    }

    fn needs(&self) -> Vec<Need> {
        let count = self.word(1).min(self.policy.rows(Section::Pool) / 4);
        let word = |need: u32, index: u32| self.word(2 + need * 4 + index);
        let need = |at: u32| Need { permission: Sym(word(at, 0)), own: word(at, 1), fact: word(at, 2), value: word(at, 3) };
        (0..count).map(need).collect()
    }

    fn not_required(&self) -> Box<Verdict> {
        self.policy.allow(Code::NotRequired, Rule::NothingRequired)
    }

    fn permission(&self, permission: Sym) -> Box<Verdict> {
        let text = self.policy.text(permission);
        let asked = asked_permission(self.policy, text);
        decide(self.policy, self.who, &Question { asked: &asked, target: Target::Type, field: None }).for_want_of(text)
    }

    /// One is enough; a scope that holds always counts before one that holds for what is the caller's own (E8).
    fn any(&self, needs: &[Need]) -> Box<Verdict> {
        let mut refused: Option<Box<Verdict>> = None;
        let mut not_own: Option<Box<Verdict>> = None;
        let mut own_allow: Option<Box<Verdict>> = None;
        for need in needs {
            let verdict = self.permission(need.permission);
            if verdict.effect != Effect::Allow {
                refused = refused.or(Some(verdict));
            } else if need.own == request::ALWAYS {
                return verdict;
            } else if let Some(detail) = self.not_own(need) {
                let mut refusal = self.policy.deny(Code::NotOwn, 403, Rule::NotOwn).because(detail);
                refusal.by = verdict.by;
                not_own = not_own.or(Some(refusal));
            } else {
                own_allow = own_allow.or(Some(verdict));
            }
        }
        let none = || gate(self.policy, self.who).unwrap_or_else(|| nobody(self.policy, self.who));
        own_allow.or(not_own).or(refused).unwrap_or_else(none)
    }

    fn all(&self, needs: &[Need]) -> Box<Verdict> {
        let mut allowed: Option<Box<Verdict>> = None;
        for need in needs {
            let verdict = self.any(std::slice::from_ref(need));
            if verdict.effect != Effect::Allow {
                return verdict;
            }
            match &mut allowed {
                Some(before) => before.by.extend(verdict.by),
                None => allowed = Some(verdict),
            }
        }
        allowed.unwrap_or_else(|| gate(self.policy, self.who).unwrap_or_else(|| self.not_required()))
    }

    fn check(&self, action: Sym, subject: Sym, flags: u32) -> Box<Verdict> {
        let (action, subject) = (self.policy.text(action), self.policy.text(subject));
        let record = self.facts.get("resource").filter(|record| matches!(record, Value::Map(_)));
        let ask = |target: Target<'_>| {
            let asked = match target {
                Target::Record(record) => asked_record(self.policy, action, subject, record),
                _ => asked_resource(self.policy, action, subject, None),
            };
            decide(self.policy, self.who, &Question { asked: &asked, target, field: None })
        };
        if flags & request::ON_TYPE != 0 {
            let verdict = ask(Target::Type);
            if verdict.effect != Effect::Allow || flags & request::ON_RECORD == 0 {
                return verdict;
            }
        }
        if matches!(self.facts.get("resource"), Some(Value::Null)) {
            // A17: absent before denied.
            let absent = || self.policy.deny(Code::RecordAbsent, 404, Rule::RecordQuestion);
            return gate(self.policy, self.who).unwrap_or_else(absent);
        }
        let mut verdict = ask(record.map_or(Target::Withheld, Target::Record));
        if verdict.code == Code::RecordRequired {
            verdict.detail = Some(self.wanted());
        }
        let hidden = matches!(verdict.code, Code::NoGrant | Code::DeniedByRule | Code::UnknownPermission | Code::RecordRequired);
        if flags & request::HIDDEN != 0 && hidden {
            // A17: a record that may not be seen is answered as one that is not there.
            verdict.status = 404;
        }
        verdict
    }

    /// Which record is wanted.
    fn wanted(&self) -> String {
        let template = self.route.template(self.policy);
        let mut names = Vec::new();
        for (param, value) in &self.route.params {
            names.push(concat(&["`", self.policy.text(*param), "` is `", value, "`"]));
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let of = if names.is_empty() { "" } else { ", where " };
        concat(&["it is the one that `", &template, "` names", of, &join(&names, " and "), ", and its attributes belong into `resource`"])
    }

    fn unknown(&self) -> Box<Verdict> {
        if let Some(refusal) = gate(self.policy, self.who) {
            return refusal;
        }
        let refusal = || self.policy.deny(Code::RequirementUnknown, 403, Rule::Route);
        superuser(self.policy, self.who).filter(|_| self.who.bounds.is_empty()).unwrap_or_else(refusal)
    }

    /// Open to whoever is let in; a session that is bound by scopes needs one on all of the resource.
    fn own_session(&self, resource: Sym) -> Box<Verdict> {
        let asked = asked_permission(self.policy, self.policy.text(resource));
        let unbound = || (!within_bounds(self.policy, self.who, &asked)).then(|| not_granted(self.policy, self.who));
        gate(self.policy, self.who).or_else(unbound).unwrap_or_else(|| self.not_required())
    }

    /// A fact of the caller or of the record, if it is given, be it null or of no use.
    fn fact(&self, of: &str, name: &str) -> Option<&Value> {
        match given(self.facts, of)? {
            facts @ Value::Map(_) => given(facts, name),
            _ => Some(&Value::Null),
        }
    }

    /// Why something is not the caller's own.
    fn not_own(&self, need: &Need) -> Option<String> {
        let fact = self.policy.text(Sym(need.fact));
        let theirs = self.fact("resource", fact);
        if need.own == request::IS {
            let value = self.policy.text(Sym(need.value));
            let other = theirs.is_some_and(|found| found.as_text() != Some(value));
            return other.then(|| concat(&["the record's `", fact, "` is not `", value, "`"]));
        }
        let acting = self.who.acting_for().filter(|_| fact == LEGAL_ENTITY);
        // A blank is nobody's.
        let mine = acting.or_else(|| self.fact("principal", fact).and_then(Value::as_text)).filter(|mine| !trim(mine).is_empty());
        let Some(mine) = mine else {
            return Some(concat(&["the principal's `", fact, "` is not given"]));
        };
        match theirs {
            Some(theirs) if theirs.as_text() == Some(mine) => None,
            Some(_) => Some(concat(&["the record's `", fact, "` is not the principal's"])),
            None if need.value == 1 => None,
            None => Some(concat(&["the record's `", fact, "` is not given"])),
        }
    }

    /// Whether the request bears a flag: in the facts, or in the query. Set in either, it is set.
    fn flag(&self, name: &str) -> bool {
        let in_query = || self.route.flags.iter().any(|(key, is)| *is && key.eq_ignore_ascii_case(name));
        truth(given(self.facts, name)) == Some(true) || in_query()
    }

    fn also(&self) -> Option<Box<Verdict>> {
        if self.route.also == NONE {
            return None;
        }
        let word = |index: u32| Sym(self.policy.pool(self.route.also.saturating_add(index)));
        let (flag, unless) = (self.policy.text(word(0)), self.policy.text(word(1)));
        let flagged = self.flag(flag);
        // What is so is for the caller of this to say, never for whoever sends the request.
        match truth(given(self.facts, unless)) {
            Some(false) => None,
            Some(true) if !flagged => {
                let detail = concat(&["the server refuses it without `", flag, "`"]);
                Some(self.policy.deny(Code::EditRefused, 400, Rule::Edit).because(detail))
            }
            _ if flagged => Some(self.permission(word(2))).filter(|verdict| verdict.effect != Effect::Allow),
            _ => None,
        }
    }

    fn edit_refused(&self) -> Option<Box<Verdict>> {
        if self.route.guard == NONE {
            return None;
        }
        let word = |index: u32| self.policy.pool(self.route.guard.saturating_add(index));
        let (_, value) = self.route.params.iter().find(|(param, _)| param.number() == word(0))?;
        let refused = self.policy.list(word(3)).any(|name| {
            let text = self.policy.text(Sym(name));
            if word(2) == request::PREFIX { value.starts_with(text) } else { text == value }
        });
        let detail = || concat(&["the server does not let `", value, "` be changed"]);
        refused.then(|| Verdict::deny(Code::EditRefused, 403, Some(Sym(word(1)))).because(detail()))
    }
}
