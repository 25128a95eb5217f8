//! Findings while they are gathered. Found on request, while a JSON snapshot is read: whoever only loads pays nothing for them, and a
//! compiled snapshot, which keeps no places to name, carries none.

use super::Registered;
use crate::base::lint::{Kind, Lint, Severity};
use crate::base::table::sort;
use crate::json::pointer::Cursor;

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
