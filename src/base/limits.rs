//! How much a snapshot or a question may hold. Passed in, never global.

/// Bounds that are checked while a text is read, so that a hostile one costs bounded time and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text in bytes, checked before parsing; 512 MiB at most, whatever is set here.
    pub max_bytes: usize,
    /// Levels of nesting; 1 is a flat object. 128 at most, whatever is set here.
    pub max_depth: usize,
    /// Values in the whole text (objects, lists, strings, numbers …).
    pub max_values: usize,
    /// Grants after lists of actions and resources are multiplied out.
    pub max_grants: usize,
}

impl Limits {
    /// For snapshots: 64 MiB, 64 levels, 8 million values, 4 million grants.
    pub const SNAPSHOT: Self = Self { max_bytes: 64 << 20, max_depth: 64, max_values: 8_000_000, max_grants: 4_000_000 };
    /// For one question with its record: 1 MiB, 64 levels, 100,000 values.
    pub const QUESTION: Self = Self { max_bytes: 1 << 20, max_depth: 64, max_values: 100_000, max_grants: 10_000 };
}

/// Texts that plans for records compare with, of one policy. Each principal may bring its own: what plans need beyond this is asked
/// in full, so that a server which meets ever more principals does not fill its memory.
pub const MAX_CONSTANTS: usize = 10_000;
/// The same in bytes, all of them together.
pub const MAX_CONSTANT_BYTES: usize = 1 << 20;
/// Attributes that one plan reads; what reads more is asked in full.
pub const MAX_READS: usize = 256;

/// Pairs of patterns that lists of actions and resources may come to beyond [`PAIRS_EACH`] for each pattern that is written: a thousand
/// actions on a thousand resources are twelve kilobytes and a million pairs.
pub const MAX_PAIRS: usize = 1 << 19;
/// Pairs of patterns for each that is written, whatever their number: eight actions on eight resources.
pub const PAIRS_EACH: usize = 4;
/// Ways in which the patterns of grants may cover one question, of grants with more than [`FEW_WAYS`]: each length and each place of `*` is
/// one, and those of actions and of resources multiply. What covers a question is gone through when it is asked.
pub const MAX_WAYS: usize = 1 << 16;
/// So many ways a grant has for nothing: seven lengths and places of `*` of actions, nine of resources.
pub const FEW_WAYS: usize = 64;
/// Ids that the grants of one list filter may name together: a grant on a declared resource is on all that is declared below it, so that a
/// thousand grants on a deep tree come to a million ids. A filter beyond that is an error, and shows nothing.
pub const MAX_FILTER_IDS: usize = 1 << 18;
/// Bytes of what is said of grants in one decision, or in one line of a list: each grant is told with every role and group on the way to it.
/// Of more grants the first are told.
pub const MAX_TOLD: usize = 1 << 16;
/// The same of all grants that somebody holds: of a chain of ten thousand roles they are a gigabyte. Beyond that the call is refused.
pub const MAX_TOLD_OF_ALL: usize = 1 << 25;

impl Default for Limits {
    fn default() -> Self {
        Self::SNAPSHOT
    }
}
