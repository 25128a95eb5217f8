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

impl Default for Limits {
    fn default() -> Self {
        Self::SNAPSHOT
    }
}
