//! What the requests of each system can change of who holds and grants what.

use super::emporix;
use crate::dialect::ithbat::is_permission;
use crate::dialect::kura::ADMIN;
use crate::dialect::open_archiver::{ACTIONS, SUBJECTS};
use crate::model::HolderKind;
use crate::system::System;
use crate::text::cut;
use crate::value::Value;

/// Of one system.
#[derive(Debug, Clone, Copy)]
pub struct Writes {
    system: System,
    /// What a principal is given.
    pub assigned: &'static [HolderKind],
    /// One is all that a principal has: another takes its place, and it is never taken away alone (AW10).
    pub one_each: bool,
    /// Whose grants are written.
    pub granted: &'static [HolderKind],
    /// Grants are a list of names, each of which is there or not.
    pub names: bool,
    /// What the server has recorded of somebody it computes anew after a change.
    pub recorded: bool,
}

/// What can be changed in a system.
pub fn of(system: System) -> Writes {
    use HolderKind::{AccessControl, Direct, Group, Role};
    let (assigned, granted): (&[HolderKind], &[HolderKind]) = match system {
        System::Hantera | System::OpenArchiver => (&[Role], &[Role]),
        System::Emporix => (&[Group], &[AccessControl]),
        System::Kura => (&[], &[Direct]),
        System::Ithbat => (&[Role, Group], &[Role]),
        // A list of rules is somebody's, and nobody else's.
        System::Casl => (&[], &[Role]),
        System::Latchgate => (&[Role, Group], &[Role, Group, Direct]),
    };
    Writes {
        system,
        assigned,
        one_each: system == System::OpenArchiver,
        granted,
        names: matches!(system, System::Emporix | System::Kura | System::Ithbat),
        recorded: system == System::Emporix,
    }
}

impl Writes {
    /// Whether a document takes a permission, as it is spelled, and the server then reads it as just that.
    pub fn takes(self, permission: &str) -> bool {
        match self.system {
            System::Ithbat => is_permission(permission),
            System::OpenArchiver => {
                let (action, subject) = cut(permission, b' ');
                ACTIONS.contains(&action) && subject.is_some_and(|subject| SUBJECTS.contains(&subject))
            }
            // A star of one's own would be a pattern.
            System::Hantera | System::Latchgate => !permission.split(['/', ':']).any(|part| part.is_empty() || part == "*"),
            _ => !permission.is_empty(),
        }
    }

    /// Whether whoever is granted this passes every check (K1).
    pub fn is_everything(self, permission: &str) -> bool {
        self.system == System::Kura && permission == ADMIN
    }

    /// Whether somebody who is in some groups may be in another one too, by the groups' documents.
    pub fn may_join(self, groups: &[&Value]) -> bool {
        self.system != System::Emporix || emporix::conflict(groups).is_none()
    }
}
