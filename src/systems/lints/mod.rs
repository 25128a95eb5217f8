//! What is wrong with policies though they load: one file for each thing that is looked at. None of it runs in an ordinary load.

mod archiver;
mod conditions;
pub mod entries;
mod members;
mod native;
mod registered;
mod rules;
mod shadow;

use crate::base::lint::{Kind, Severity};
use crate::base::system::System;
use crate::base::text::concat;
use crate::json::pointer::Cursor;
use crate::model::{GrantEffect, Model};

pub use members::judge as judge_members;
pub use native::{Places, judge as judge_grants};
pub use rules::judge as judge_rules;

use Severity::{Fails, FailsOpen, NoEffect, Surprise};

/// A wildcard where the system knows none (H5, H13, I6).
pub const STAR: Kind = ("LINT_STAR", NoEffect);
/// A permission that is registered nowhere (I5, K4, N16).
pub const UNKNOWN_PERMISSION: Kind = ("LINT_PERMISSION_UNKNOWN", NoEffect);
/// A text that is not spelled as a permission or resource of the system.
pub const MISSPELT: Kind = ("LINT_MISSPELT", NoEffect);
/// A reference that leads nowhere.
pub const DANGLING: Kind = ("LINT_DANGLING", NoEffect);
/// What holds no grant, or a grant on nothing.
pub const EMPTY: Kind = ("LINT_GRANT_EMPTY", NoEffect);

impl Model {
    /// Enters a finding, where findings are wanted.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub(super) fn note(&mut self, kind: Kind, rule: &'static str, at: &Cursor<'_>, sentence: &[&str]) {
        if let Some(findings) = &mut self.findings {
            findings.add(kind, rule, at, concat(sentence));
        }
    }

    /// Whether findings are wanted at all.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    pub(super) fn is_judged(&self) -> bool {
        self.findings.is_some()
    }

    /// Whether a finding of this severity would still be heard: its words may cost a walk through the text.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    fn has_room(&self, severity: Severity) -> bool {
        self.findings.as_ref().is_some_and(|findings| findings.has_room(severity))
    }

    /// A warning is a finding too: what is told at every load is told once more, with its severity and rule, and not in other words.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    pub(super) fn note_warning(&mut self, code: &'static str, at: &Cursor<'_>, message: &str) {
        let system = self.profile.system;
        let book = self.profile.book;
        let (kind, rule) = match code {
            "WARN_RULE_FAILS" => (("LINT_RULE_FAILS", Fails), book.broken),
            "WARN_CONDITION" => (("LINT_CONDITION_FAILS", Fails), book.throws),
            "WARN_RULE_EMPTY" => (EMPTY, if system == System::OpenArchiver { "A2" } else { "casl 1.1" }),
            "WARN_ACL_UNKNOWN" => (("LINT_ACL_UNKNOWN", NoEffect), "H8"),
            "WARN_ATTRIBUTE_KEYS" => (("LINT_ATTRIBUTE_KEYS", NoEffect), "H12"),
            "WARN_WHITELIST_EMPTY" => (("LINT_WHITELIST_EMPTY", NoEffect), "E5"),
            "WARN_TENANT" => (("LINT_TENANT", NoEffect), "I4"),
            "WARN_GRANT_EMPTY" => (EMPTY, if system == System::Ithbat { "I1" } else { "H2" }),
            _ => (DANGLING, dangling(system)),
        };
        self.note(kind, rule, at, &[message]);
    }
}

/// By which rule what does not exist grants nothing.
pub const fn dangling(system: System) -> &'static str {
    match system {
        System::Hantera => "H16",
        System::Emporix => "E17",
        System::OpenArchiver => "A21",
        System::Kura => "K6",
        System::Ithbat => "I2",
        System::Casl => "casl 1.2",
        System::Latchgate => "N15",
    }
}

/// What a rule that never applies comes to.
const fn never(effect: GrantEffect) -> (Severity, &'static str) {
    match effect {
        GrantEffect::Deny => (FailsOpen, ", so this deny never denies"),
        GrantEffect::Allow => (NoEffect, ", so this allow never grants for a record"),
    }
}

/// What a test that always holds comes to.
const fn always(effect: GrantEffect) -> (Severity, &'static str) {
    match effect {
        GrantEffect::Deny => (Surprise, ", so this deny denies more than it says"),
        GrantEffect::Allow => (FailsOpen, ", so it limits nothing and this allow grants more than it says"),
    }
}

/// Trap 5: told where it is met first in a list, with the number of the others.
#[cfg_attr(latchgate_wasm, optimize(size))]
fn granted_on_types(model: &mut Model, rule: &'static str, at: &Cursor<'_>, others: usize) {
    let mut count = String::new();
    crate::base::text::push_number(&mut count, others);
    let more = match others {
        0 => "",
        1 => ". The same holds for another grant of this list",
        _ => ". The same holds for other grants of this list: ",
    };
    let count = if others > 1 { count.as_str() } else { "" };
    let sentence =
        "a question about the type alone is granted whatever the condition says. Ask about the record before anything is done to it";
    model.note(("LINT_TYPE_QUESTION", Surprise), rule, at, &[sentence, more, count]);
}
