//! `$regex`: the host's own RegExp in a JavaScript host, an ECMAScript engine elsewhere.

use crate::value::host;

/// JavaScript's flags, each at most once, and not both of those that exclude one another.
fn flags_are_valid(flags: &str) -> bool {
    let count = |flag: u8| flags.bytes().filter(|one| *one == flag).count();
    flags.bytes().all(|flag| matches!(flag, b'd' | b'g' | b'i' | b'm' | b's' | b'u' | b'v' | b'y') && count(flag) == 1)
        && count(b'u') + count(b'v') < 2
}

/// Whether the pattern compiles.
pub fn is_valid(pattern: &str, flags: &str) -> bool {
    flags_are_valid(flags) && host::regex_is_valid(pattern, flags)
}

/// Whether the pattern is found; `None` where no host is there to say it as JavaScript would.
pub use host::regex_is_match as is_match;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn patterns_are_read_and_found_as_in_javascript() {
        let all: Value = serde_json::from_str(include_str!("../../tests/fixtures/javascript.json")).unwrap_or_default();
        let rows: Vec<(String, String, String, Option<bool>)> =
            all.get("patterns").and_then(|rows| serde_json::from_value(rows.clone()).ok()).unwrap_or_default();
        assert!(rows.len() > 150, "the table is not empty");
        let (mut wrong, mut undecided) = (Vec::new(), Vec::new());
        for (pattern, flags, text, expected) in &rows {
            let found = is_valid(pattern, flags).then(|| is_match(pattern, flags, text));
            if found == Some(None) {
                undecided.push(text.as_str());
            } else if found.flatten() != *expected {
                wrong.push(format!("/{pattern}/{flags} on {text:?}: {found:?}, in JavaScript {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
        // The only two: they are no answer, and never a wrong one.
        assert_eq!(undecided, ["\u{212a}", "\u{17f}"]);
    }
}
