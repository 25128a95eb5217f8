//! `$regex`: the host's own RegExp in a JavaScript host, an ECMAScript engine elsewhere.

use crate::host;

/// JavaScript's flags, each at most once, and not both of those that exclude one another.
fn flags_are_valid(flags: &str) -> bool {
    let mut seen = [false; 128];
    for flag in flags.bytes() {
        match seen.get_mut(usize::from(flag)) {
            Some(seen) if !*seen && b"dgimsuvy".contains(&flag) => *seen = true,
            _ => return false,
        }
    }
    !(flags.as_bytes().contains(&b'u') && flags.as_bytes().contains(&b'v'))
}

/// Whether the pattern compiles.
pub fn is_valid(pattern: &str, flags: &str) -> bool {
    flags_are_valid(flags) && host::regex_is_valid(pattern, flags)
}

/// Whether the pattern is found.
pub use host::regex_is_match as is_match;
