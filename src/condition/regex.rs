//! `$regex`: the host's own RegExp in a JavaScript host, an ECMAScript engine elsewhere.

use crate::host;

/// JavaScript's flags, each at most once, and not both of those that exclude one another.
fn flags_are_valid(flags: &str) -> bool {
    flags.chars().enumerate().all(|(at, flag)| "dgimsuvy".contains(flag) && !flags.chars().take(at).any(|c| c == flag))
        && !(flags.contains('u') && flags.contains('v'))
}

/// Whether the pattern compiles.
pub fn is_valid(pattern: &str, flags: &str) -> bool {
    flags_are_valid(flags) && host::regex_is_valid(pattern, flags)
}

/// Whether the pattern is found.
pub use host::regex_is_match as is_match;
