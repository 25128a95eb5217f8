//! Findings: policies that fail open, do nothing, fail, or mean something else than they say. Found on request, while a JSON snapshot
//! is read: whoever only loads pays nothing for them, and a compiled snapshot, which keeps no places to name, carries none.

use serde::Serialize;

use crate::base::table::sort;
use crate::json::pointer::Cursor;
use crate::json::write::Json;
use crate::systems::Registered;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Something is granted, or not denied, that the policy says otherwise.
    FailsOpen,
    /// The server fails where it meets this.
    Fails,
    /// What is written does nothing.
    NoEffect,
    /// It does what it says in one way of asking and not in another.
    Surprise,
    /// It does what it says. Whoever answers for it should know.
    Notice,
}

impl Severity {
    /// As it is written in documentation and seen in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FailsOpen => "fails-open",
            Self::Fails => "fails",
            Self::NoEffect => "no-effect",
            Self::Surprise => "surprise",
            Self::Notice => "notice",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Lint {
    /// A stable code, `LINT_…`.
    pub code: &'static str,
    /// Where in the snapshot.
    pub path: String,
    /// What happens, in plain sentences.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// The number of the rule by which it is so.
    pub rule: &'static str,
}

impl Lint {
    /// Whether a strict load refuses it.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !matches!(self.severity, Severity::Surprise | Severity::Notice)
    }
}

/// Code and severity of a kind of finding.
pub type Kind = (&'static str, Severity);

/// A broken or hostile snapshot could have millions; the first of each severity tell what is wrong.
const MOST: usize = 1_000;

/// Findings while they are gathered.
#[derive(Debug)]
pub struct Findings {
    /// With the places that they are sorted by.
    list: Vec<(u32, Lint)>,
    /// How many there are of each severity.
    counts: [usize; 5],
    /// What the native registry has: made when it is first needed.
    pub registered: Option<Box<Registered>>,
    /// How many more pairs of patterns may be compared, so that no snapshot makes it slow. What is not looked at is not found.
    pub steps: u32,
    #[allow(dead_code, reason = "its type is what counts")]
    here: Here,
}

/// Where findings can be asked for there is something here. Elsewhere there can be nothing, so the compiler knows that nobody gathers
/// any, and leaves out what would find them.
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
type Here = ();
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
const HERE: Option<Here> = Some(());
#[cfg(not(any(feature = "insight", not(target_arch = "wasm32"))))]
type Here = std::convert::Infallible;
#[cfg(not(any(feature = "insight", not(target_arch = "wasm32"))))]
const HERE: Option<Here> = None;

impl Findings {
    /// None so far; nothing where nobody can ask for findings.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn gathered() -> Option<Self> {
        HERE.map(|here| Self { list: Vec::new(), counts: [0; 5], registered: None, steps: 20_000_000, here })
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn has_room(&self, severity: Severity) -> bool {
        self.counts.get(severity as usize).is_some_and(|count| *count < MOST)
    }

    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub fn add(&mut self, (code, severity): Kind, rule: &'static str, at: &Cursor<'_>, message: String) {
        if !self.has_room(severity) {
            return;
        }
        self.counts.get_mut(severity as usize).into_iter().for_each(|count| *count += 1);
        self.list.push((at.position(), Lint { code, path: at.path(), message, severity, rule }));
    }

    /// In the order of the text, each once.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub fn finish(self) -> Vec<Lint> {
        let mut order: Vec<(u32, usize)> = self.list.iter().enumerate().map(|(number, (at, _))| (*at, number)).collect();
        sort(&mut order);
        let mut lints: Vec<Lint> = Vec::with_capacity(order.len());
        for (_, lint) in order.iter().filter_map(|(_, number)| self.list.get(*number)) {
            if lints.last() != Some(lint) {
                lints.push(lint.clone());
            }
        }
        lints
    }
}

/// Findings as JSON text.
#[cfg_attr(not(feature = "insight"), allow(dead_code, reason = "only the binding needs it"))]
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn to_json(lints: &[Lint]) -> String {
    let mut json = Json::list();
    for lint in lints {
        json.begin("", '{');
        json.text("code", lint.code);
        json.text("path", &lint.path);
        json.text("message", &lint.message);
        json.text("severity", lint.severity.as_str());
        json.text("rule", lint.rule);
        json.end('}');
    }
    json.finish(']')
}
