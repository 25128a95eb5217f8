//! Where everything stands in a compiled snapshot. A file of another layout has another [`FORMAT`] and is refused.
//!
//! ```text
//! 0   "LGSN"                      4 bytes
//! 4   FORMAT                      u32, little-endian as everything here
//! 8   length of the whole         u32, in bytes
//! 12  length of each section      u32 × SECTIONS, in bytes
//! ..  the sections, one behind the other, each a multiple of four bytes
//! -8  XXH64 of all before it      u64
//! ```
//! Sections follow one another without gaps, so none can overlap another or point outside. All but the texts are rows of `u32`
//! words; a word that may be absent is then [`NONE`]. Names are numbers of the text section, lists are places in the pool.

/// What a file begins with.
pub const MAGIC: [u8; 4] = *b"LGSN";
/// The layout's version.
pub const FORMAT: u32 = 1;
/// A word that says nothing.
pub const NONE: u32 = u32::MAX;
/// In [`Section::Who`]: an alias of more than one principal is nobody's. Better no answer than another's.
pub const AMBIGUOUS: u32 = NONE;
/// The label of a tree's node that stands for any one segment. Sorts behind every name.
pub const ANY_ONE: u32 = u32::MAX - 1;
/// In a grant's patterns: not a node, but a place in the pool with a list of nodes.
pub const LISTED: u32 = 1 << 31;
/// In an entry's grant: it is no plain allow, so that its terms have to be looked at.
pub const TERMS: u32 = 1 << 31;
/// Bytes before the first section.
pub const HEADER: usize = 12 + 4 * SECTIONS;
/// Bytes behind the last one.
pub const TRAILER: usize = 8;
/// How many sections there are.
pub const SECTIONS: usize = 22;

/// A section. The order is that of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Section {
    /// One row: [`Meta`].
    Meta,
    /// Where each text begins, and where the last one ends.
    TextAt,
    /// UTF-8.
    Text,
    /// Texts by hash: open addressing, one more than the number, 0 for a free place. A power of two.
    TextIndex,
    /// Tree of action patterns: parent, label, first child; one row more than there are nodes.
    Actions,
    /// The same for resource patterns.
    Resources,
    /// What stands above a declared resource (N12): node, list of names. By node.
    Links,
    /// Pairs of patterns that some grant is on: action, resource. In order.
    Pairs,
    /// [`Holder`].
    Holders,
    /// What holders grant: pair, grant (and [`TERMS`]). Each holder's by pair, then by grant.
    Entries,
    /// Grants in the payload's order: terms, actions, resources.
    Grants,
    /// [`Terms`], each once.
    Terms,
    /// [`Principal`].
    Principals,
    /// Ids and aliases: name, principal. By name.
    Who,
    /// Roles: id, holder. By id.
    Roles,
    /// Groups: id, holder. By id.
    Groups,
    /// Tenants: id, the one above. By id.
    Tenants,
    /// The registry: name, display name, category, whether it is the system's own.
    Permissions,
    /// The registry as pairs of nodes: action, resource. In order.
    Registry,
    /// Method, path, requirement, further requirement, guard; all but the first in the pool.
    Endpoints,
    /// Warnings: code, path, message. Then attributes that conditions read, in the pool.
    Warnings,
    /// Lists and values.
    Pool,
}

/// What a word may be, for the check of a file from elsewhere.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// Whatever: its reader copes with everything.
    Any,
    /// A text.
    Name,
    /// A text or [`NONE`].
    MaybeName,
    /// A row of that section.
    Row(Section),
    /// The same, perhaps with the highest bit set.
    Flagged(Section),
}

impl Section {
    /// All of them, in the order of the file.
    pub const ALL: [Self; SECTIONS] = [
        Self::Meta,
        Self::TextAt,
        Self::Text,
        Self::TextIndex,
        Self::Actions,
        Self::Resources,
        Self::Links,
        Self::Pairs,
        Self::Holders,
        Self::Entries,
        Self::Grants,
        Self::Terms,
        Self::Principals,
        Self::Who,
        Self::Roles,
        Self::Groups,
        Self::Tenants,
        Self::Permissions,
        Self::Registry,
        Self::Endpoints,
        Self::Warnings,
        Self::Pool,
    ];

    /// What it is called where people read it.
    pub fn title(self) -> &'static str {
        TITLES.get(self as usize).copied().unwrap_or_default()
    }

    /// The words of a row.
    pub const fn columns(self) -> &'static [Column] {
        use Column::{Any, Flagged, MaybeName, Name, Row};
        match self {
            Self::Meta | Self::TextAt | Self::Text | Self::TextIndex | Self::Pool => &[Any],
            Self::Actions | Self::Resources => &[Any, Any, Any],
            Self::Links => &[Row(Self::Resources), Any],
            Self::Pairs | Self::Registry => &[Row(Self::Actions), Row(Self::Resources)],
            Self::Holders => &[Any, Name, MaybeName, MaybeName, MaybeName, MaybeName, MaybeName, Any, Any, Any, Any],
            Self::Entries => &[Row(Self::Pairs), Flagged(Self::Grants)],
            Self::Grants => &[Row(Self::Terms), Any, Any],
            Self::Terms => &[Any, Any, Any, MaybeName, Any, MaybeName, MaybeName],
            Self::Principals => &[Name, Name, Any, Any, Any, MaybeName, MaybeName, Any],
            Self::Who => &[Name, Any],
            Self::Roles | Self::Groups => &[Name, Row(Self::Holders)],
            Self::Tenants => &[Name, Name],
            Self::Permissions => &[Name, MaybeName, MaybeName, Any],
            Self::Endpoints => &[MaybeName, Any, Any, Any, Any],
            Self::Warnings => &[Name, Name, Name],
        }
    }

    /// Words in a row.
    pub fn stride(self) -> u32 {
        STRIDES.get(self as usize).copied().unwrap_or(1)
    }
}

/// The name of each section.
static TITLES: [&str; SECTIONS] = [
    "head",
    "text places",
    "texts",
    "text index",
    "action patterns",
    "resource patterns",
    "resource links",
    "pattern pairs",
    "holders",
    "entries",
    "grants",
    "terms",
    "principals",
    "ids",
    "roles",
    "groups",
    "tenants",
    "permissions",
    "registry",
    "requests",
    "warnings",
    "lists and values",
];

/// Words in a row of each section.
static STRIDES: [u32; SECTIONS] = [1, 1, 1, 1, 3, 3, 2, 2, 11, 2, 3, 7, 8, 2, 2, 2, 2, 4, 2, 5, 3, 1];

/// Words of the section [`Section::Meta`].
pub mod meta {
    /// The system's name.
    pub const SYSTEM: u32 = 0;
    /// How grants are combined: place in [`crate::base::terms::Combining::ALL`].
    pub const COMBINING: u32 = 1;
    /// How permissions are spelled: place in [`crate::base::terms::Spelling::ALL`].
    pub const SPELLING: u32 = 2;
    /// Whose conditions these are: place in [`crate::condition::Semantics::ALL`].
    pub const SEMANTICS: u32 = 3;
    /// The attribute that is compared trimmed and lower-cased, or none.
    pub const FOLDED: u32 = 4;
    /// [`super::flag`].
    pub const FLAGS: u32 = 5;
    /// What the envelope says: names or none.
    pub const SERVER_VERSION: u32 = 6;
    /// The snapshot's tenant.
    pub const TENANT: u32 = 7;
    /// The snapshot's version.
    pub const VERSION: u32 = 8;
    /// Its entity tag.
    pub const ETAG: u32 = 9;
    /// When it was issued, as written.
    pub const ISSUED_AT: u32 = 10;
    /// When it expires, as written.
    pub const EXPIRES_AT: u32 = 11;
    /// The same in milliseconds since 1970, two words; it counts where [`EXPIRES_AT`] is there.
    pub const EXPIRES: u32 = 12;
    /// Attributes that conditions read: a list of names in the pool.
    pub const ATTRIBUTES: u32 = 14;
    /// The seed of the hashes in [`super::Section::TextIndex`], two words.
    pub const SEED: u32 = 15;
    /// HTTP class of a wrong tenant.
    pub const TENANT_STATUS: u32 = 17;
    /// HTTP class of a suspended principal.
    pub const SUSPENDED_STATUS: u32 = 18;
    /// Rule numbers that decisions cite, see [`crate::base::terms::Rule`].
    pub const RULES: u32 = 19;
}

/// Bits of [`meta::FLAGS`].
pub mod flag {
    /// A deny with `conditions: {}` counts for a question about a type.
    pub const EMPTY_DENY_ON_TYPES: u32 = 1;
    /// A holder counts where it is first met.
    pub const VISITS_ONCE: u32 = 2;
    /// Tenants form a tree.
    pub const TENANT_TREE: u32 = 4;
    /// What is not registered nobody holds.
    pub const REGISTRY_CLOSED: u32 = 8;
    /// Cut out for one principal: permissions that it knows nothing of may exist all the same.
    pub const SLICE: u32 = 16;
}

#[cfg(test)]
mod tests {
    use super::{STRIDES, Section};

    #[test]
    fn a_row_is_as_long_as_its_columns() {
        for (section, stride) in Section::ALL.into_iter().zip(STRIDES) {
            assert_eq!(section.columns().len() as u32, stride, "{section:?}");
        }
    }
}
