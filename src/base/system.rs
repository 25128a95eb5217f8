//! The systems whose snapshots are read.

use std::fmt;

/// A system, by the rules of whose server decisions are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum System {
    /// Hantera: roles with ACL entries, path cascade, session scopes (rules H).
    Hantera,
    /// Emporix: groups → access controls → scopes (rules E).
    Emporix,
    /// Open Archiver 0.6.0: CASL policies with conditions (rules A).
    OpenArchiver,
    /// Eclipse Kura: flat permissions, `kura.admin` (rules K).
    Kura,
    /// Ithbat: tenant-scoped `resource:action` (rules I).
    Ithbat,
    /// Plain CASL 7 rules in named lists.
    Casl,
    /// The native snapshot (rules N, `docs/native-snapshot.md`).
    Latchgate,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Hantera, Self::Emporix, Self::OpenArchiver, Self::Kura, Self::Ithbat, Self::Casl, Self::Latchgate];

    /// The name in an envelope's `system`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hantera => "hantera",
            Self::Emporix => "emporix",
            Self::OpenArchiver => "open-archiver",
            Self::Kura => "kura",
            Self::Ithbat => "ithbat",
            Self::Casl => "casl",
            Self::Latchgate => "latchgate",
        }
    }

    /// The system of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // The version of CASL may be said. Another one decides otherwise, and is no name.
        let name = if name == "casl@7" { "casl" } else { name };
        Self::ALL.into_iter().find(|system| system.name() == name)
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
