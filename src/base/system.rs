//! The systems whose snapshots are read: the one table of them.

use std::fmt;

/// A row a system: what it is, its variant, its folder below `systems`, its name in an envelope. Whoever needs to do something for each
/// system hands in a macro.
macro_rules! each_system {
    ($then:ident) => {
        $then! {
            /// Hantera: roles with ACL entries, path cascade, session scopes (rules H).
            Hantera hantera "hantera",
            /// Emporix: groups → access controls → scopes (rules E).
            Emporix emporix "emporix",
            /// Open Archiver 0.6.0: CASL policies with conditions (rules A).
            OpenArchiver open_archiver "open-archiver",
            /// Eclipse Kura: flat permissions, `kura.admin` (rules K).
            Kura kura "kura",
            /// Ithbat: tenant-scoped `resource:action` (rules I).
            Ithbat ithbat "ithbat",
            /// Plain CASL 7 rules in named lists.
            Casl casl "casl",
            /// The native snapshot (rules N, `docs/rules/native.md`).
            Latchgate native "latchgate",
        }
    };
}
pub(crate) use each_system;

macro_rules! names {
    ($($(#[$doc:meta])* $variant:ident $folder:ident $name:literal,)*) => {
        /// A system, by the rules of whose server decisions are taken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum System { $($(#[$doc])* $variant,)* }

        impl System {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in an envelope's `system`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}
each_system!(names);

impl System {
    /// The system of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        // The version of CASL may be said. Another one decides otherwise, and is no name.
        let name = if name == "casl@7" { "casl" } else { name };
        Self::ALL.iter().copied().find(|system| system.name() == name)
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
