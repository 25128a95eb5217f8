//! What is done with texts, once for all: byte by byte where ASCII decides, so that no searcher and no formatter is linked for it.

/// One text of several.
#[must_use]
#[inline(never)]
pub fn concat(parts: &[&str]) -> String {
    join(parts, "")
}

/// One text of several, with another one between them.
#[must_use]
#[inline(never)]
pub fn join(parts: &[&str], between: &str) -> String {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            text.push_str(between);
        }
        text.push_str(part);
    }
    text
}

/// What stands before the first such byte, and what behind it. The byte is ASCII.
#[must_use]
#[inline(never)]
pub fn cut(text: &str, byte: u8) -> (&str, Option<&str>) {
    for (at, here) in text.bytes().enumerate() {
        if here == byte {
            return (text.get(..at).unwrap_or_default(), text.get(at + 1..));
        }
    }
    (text, None)
}

/// The parts between such bytes; of an empty text one empty part.
#[must_use]
#[inline(never)]
pub fn split(text: &str, byte: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (part, behind) = cut(text, byte);
        parts.push(part);
        rest = behind;
    }
    parts
}

/// The words between spaces. No other blank parts scopes (RFC 6749, 3.3): it would make several of what the server takes for one.
#[must_use]
#[inline(never)]
pub fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let (word, behind) = word(rest);
        if !word.is_empty() {
            found.push(word);
        }
        match behind {
            Some(behind) => rest = behind,
            None => return found,
        }
    }
}

/// What stands before the first space, and what behind it.
#[must_use]
pub fn word(text: &str) -> (&str, Option<&str>) {
    cut(text, b' ')
}

/// A text without blanks around it.
#[must_use]
#[inline(never)]
pub fn trim(text: &str) -> &str {
    let (mut from, mut to) = (text.len(), 0);
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() {
            from = from.min(at);
            to = at + c.len_utf8();
        }
    }
    text.get(from..to).unwrap_or_default()
}

/// Every occurrence of a text replaced by another one.
#[must_use]
#[inline(never)]
pub fn replace(text: &str, what: &str, with: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = find(rest, what) {
        done.push_str(rest.get(..at).unwrap_or_default());
        done.push_str(with);
        rest = rest.get(at + what.len()..).unwrap_or_default();
    }
    done.push_str(rest);
    done
}

/// Where a text first stands in another one.
#[must_use]
#[inline(never)]
pub fn find(text: &str, what: &str) -> Option<usize> {
    (0..text.len()).find(|at| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(what.as_bytes())))
}

/// What a text holds between a beginning and an end.
#[must_use]
#[inline(never)]
pub fn between<'t>(text: &'t str, before: &str, behind: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(behind)
}

/// Appends a number in base ten.
#[inline(never)]
pub fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Texts of their own.
#[inline(never)]
pub fn own(texts: &[&str]) -> Vec<String> {
    let mut own = Vec::new();
    for text in texts {
        own.push(String::from(*text));
    }
    own
}

/// Appends a number's digits.
pub fn push_whole(text: &mut String, number: u64) {
    if number > 9 {
        push_whole(text, number / 10);
    }
    text.extend(char::from_digit((number % 10) as u32, 10));
}

/// The whole number that a text is, if it is written as JavaScript writes an index.
#[must_use]
#[inline(never)]
pub fn index(text: &str) -> Option<u32> {
    let mut number = 0_u32;
    for digit in text.bytes() {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    let canonical = !text.is_empty() && (text.len() == 1 || text.as_bytes().first() != Some(&b'0'));
    (canonical && number != u32::MAX).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_apart_as_the_standard_library_does() {
        for text in ["", ":", "a", "a:b", "a:b:", "::", "ä:ö", " a  b\u{a0}c ", "\u{3000}x", " ", "\u{3000}ä \u{2003}"] {
            assert_eq!(split(text, b':'), text.split(':').collect::<Vec<_>>());
            assert_eq!(words(text), text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>());
            assert_eq!(trim(text), text.trim());
            assert_eq!(text.split_once(':').map_or((text, None), |(a, b)| (a, Some(b))), cut(text, b':'));
            for (what, with) in [("a", "bb"), (":", ""), ("::", ":"), ("b:", "ä")] {
                assert_eq!(replace(text, what, with), text.replace(what, with));
                assert_eq!(find(text, what), text.find(what));
            }
        }
    }

    #[test]
    fn an_index_is_written_without_anything_needless() {
        for (text, number) in [("0", 0), ("7", 7), ("10", 10), ("4294967294", u32::MAX - 1)] {
            assert_eq!(index(text), Some(number));
            let mut written = String::new();
            push_number(&mut written, number as usize);
            assert_eq!(written, text);
        }
        for text in ["", "00", "01", "-1", "+1", "1.0", "a", "4294967295", "99999999999"] {
            assert_eq!(index(text), None, "{text}");
        }
    }
}
