//! What JavaScript does with text and numbers: asked of the host where there is one, done here elsewhere. Tests hold both equal.

/// Blanks as ECMAScript trims them.
#[cfg(any(test, not(all(target_arch = "wasm32", feature = "host"))))]
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() && c != '\u{85}' || c == '\u{feff}')
}

#[cfg(all(target_arch = "wasm32", feature = "host"))]
mod inner {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        /// `Number(text)`.
        #[wasm_bindgen(js_name = Number)]
        pub fn text_to_number(text: &str) -> f64;
        /// `String(number)`.
        #[wasm_bindgen(js_name = String)]
        pub fn number_to_text(number: f64) -> String;
        #[wasm_bindgen(js_name = BigInt, catch)]
        fn big_int(text: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(js_name = String)]
        fn text_of(value: &JsValue) -> String;
        type RegExp;
        #[wasm_bindgen(constructor, catch)]
        fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;
        #[wasm_bindgen(method)]
        fn test(this: &RegExp, text: &str) -> bool;
        // Not that of js-sys, which brings what it takes to call back.
        type Text;
        #[wasm_bindgen(js_name = String)]
        fn text(text: &str) -> Text;
        #[wasm_bindgen(method)]
        fn trim(this: &Text) -> Text;
        #[wasm_bindgen(method, js_name = toLowerCase)]
        fn to_lower_case(this: &Text) -> String;
    }

    /// `BigInt(text)`, in base ten; nothing where that throws.
    pub fn digits(text: &str) -> Option<String> {
        big_int(text).ok().map(|number| text_of(&number))
    }

    /// The double nearest to a number as JSON writes it.
    pub use self::text_to_number as parse_number;

    /// `text.toLowerCase()`.
    #[cfg(feature = "insight")]
    pub fn lower_case(value: &str) -> String {
        text(value).to_lower_case()
    }

    /// `text.trim().toLowerCase()`.
    pub fn folded(value: &str) -> String {
        text(value).trim().to_lower_case()
    }

    pub fn regex_is_valid(pattern: &str, flags: &str) -> bool {
        RegExp::new(pattern, flags).is_ok()
    }

    pub fn regex_is_match(pattern: &str, flags: &str, text: &str) -> Option<bool> {
        Some(RegExp::new(pattern, flags).is_ok_and(|regex| regex.test(text)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod regexes {
    use std::borrow::Cow;

    use regress::Regex;

    pub fn regex_is_valid(pattern: &str, flags: &str) -> bool {
        compiled(pattern, flags).is_some()
    }

    /// Without `u` a pattern is code units, as the text is: an astral character is two.
    fn compiled(pattern: &str, flags: &str) -> Option<Regex> {
        if is_unicode(flags) {
            return Regex::with_flags(pattern, flags).ok();
        }
        Regex::from_unicode(plain_u(pattern).encode_utf16().map(u32::from), flags).ok()
    }

    fn is_unicode(flags: &str) -> bool {
        flags.contains(['u', 'v'])
    }

    /// Without `u`, `\u{61}` is the letter `u` 61 times; the engine takes it for the text `u{61}`.
    fn plain_u(pattern: &str) -> Cow<'_, str> {
        if !pattern.contains("\\u{") {
            return Cow::Borrowed(pattern);
        }
        let mut plain = String::new();
        let mut rest = pattern.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                plain.push(c);
            } else if rest.as_str().starts_with("u{") {
                plain.extend(rest.next());
            } else {
                plain.push(c);
                plain.extend(rest.next());
            }
        }
        Cow::Owned(plain)
    }

    /// Letters that the engine takes for others under `i` where a set of characters is asked, and JavaScript without `u` does not.
    const FOLDED: [char; 6] = ['\u{17f}', '\u{212a}', '\u{212b}', '\u{2126}', '\u{1e9e}', '\u{3f4}'];

    /// `None` where the engine would answer otherwise than JavaScript.
    pub fn regex_is_match(pattern: &str, flags: &str, text: &str) -> Option<bool> {
        let Some(regex) = compiled(pattern, flags) else { return Some(false) };
        if flags.contains('i') && !is_unicode(flags) && pattern.contains('[') && text.contains(FOLDED) {
            return None;
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        let found = if is_unicode(flags) { regex.find_from_utf16(&units, 0).next() } else { regex.find_from_ucs2(&units, 0).next() };
        Some(found.is_some_and(|found| !flags.contains('y') || found.start() == 0))
    }
}

#[cfg(all(target_arch = "wasm32", not(feature = "host")))]
mod regexes {
    //! No host to ask: every pattern is refused, so the rule that bears it is an error and never an allow.
    pub fn regex_is_valid(_: &str, _: &str) -> bool {
        false
    }

    pub fn regex_is_match(_: &str, _: &str, _: &str) -> Option<bool> {
        None
    }
}

#[cfg(not(all(target_arch = "wasm32", feature = "host")))]
mod inner {
    pub use super::regexes::{regex_is_match, regex_is_valid};

    /// The double nearest to a number as JSON writes it.
    pub fn parse_number(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }

    /// StringToNumber of ECMAScript: blanks around, hexadecimal, octal and binary, `Infinity`, and nothing else that Rust would take.
    pub fn text_to_number(text: &str) -> f64 {
        let trimmed = super::trim(text);
        if trimmed.is_empty() {
            return 0.0;
        }
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
            if let Some(digits) = trimmed.strip_prefix(prefix) {
                return radix_number(digits, radix);
            }
        }
        match trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed) {
            "Infinity" if trimmed.starts_with('-') => f64::NEG_INFINITY,
            "Infinity" => f64::INFINITY,
            unsigned if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => trimmed.parse().unwrap_or(f64::NAN),
            _ => f64::NAN,
        }
    }

    fn radix_number(digits: &str, radix: u32) -> f64 {
        let value = digits.chars().try_fold(0.0, |sum, c| c.to_digit(radix).map(|d| sum * f64::from(radix) + f64::from(d)));
        if digits.is_empty() { f64::NAN } else { value.unwrap_or(f64::NAN) }
    }

    /// Number::toString of ECMAScript in base ten.
    pub fn number_to_text(number: f64) -> String {
        if number == 0.0 {
            return "0".into();
        }
        if !number.is_finite() {
            return if number.is_nan() {
                "NaN"
            } else if number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }
            .into();
        }
        // Rust prints the same shortest digits, but changes to exponents elsewhere.
        let scientific = format!("{:e}", number.abs());
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let body = if (-6..21).contains(&exponent) {
            format!("{}", number.abs())
        } else {
            format!("{mantissa}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        };
        if number < 0.0 { format!("-{body}") } else { body }
    }

    /// `text.toLowerCase()`.
    pub fn lower_case(text: &str) -> String {
        text.to_lowercase()
    }

    /// `text.trim().toLowerCase()`.
    pub fn folded(text: &str) -> String {
        lower_case(super::trim(text))
    }

    /// A longer whole number than this is taken for none in other bases than ten.
    const MOST_DIGITS: usize = 1_000;

    /// `BigInt(text)`, in base ten; nothing where that throws.
    pub fn digits(text: &str) -> Option<String> {
        let text = super::trim(text);
        let (sign, unsigned) = match text.as_bytes().first() {
            Some(b'-') => ("-", text.get(1..)?),
            Some(b'+') => ("", text.get(1..)?),
            _ => ("", text),
        };
        let radix = match text.get(..2) {
            Some("0x" | "0X") => 16,
            Some("0o" | "0O") => 8,
            Some("0b" | "0B") => 2,
            _ => 10,
        };
        let written = if radix == 10 { unsigned } else { text.get(2..)? };
        // A sign alone is no number; nothing at all is 0.
        if written.is_empty() && !text.is_empty() || radix != 10 && written.len() > MOST_DIGITS {
            return None;
        }
        // Base ten, the lowest digit first.
        let mut tens: Vec<u8> = Vec::new();
        for digit in written.chars() {
            let mut carry = digit.to_digit(radix)? as u8;
            if radix == 10 {
                tens.push(carry);
                continue;
            }
            for ten in &mut tens {
                carry += *ten * radix as u8;
                *ten = carry % 10;
                carry /= 10;
            }
            while carry > 0 {
                tens.push(carry % 10);
                carry /= 10;
            }
        }
        if radix != 10 {
            tens.reverse();
        }
        let mut number = String::new();
        for ten in tens {
            if ten > 0 || !number.is_empty() {
                if number.is_empty() {
                    number.push_str(sign);
                }
                number.push(char::from(b'0' + ten));
            }
        }
        Some(if number.is_empty() { "0".into() } else { number })
    }
}

#[cfg(any(feature = "insight", not(all(feature = "host", target_arch = "wasm32"))))]
pub use inner::lower_case;
pub use inner::{digits, folded, number_to_text, parse_number, regex_is_match, regex_is_valid, text_to_number};

#[cfg(test)]
mod tests {
    //! Against a table that Node has written: `tests/pkg/javascript.test.mjs`.

    use super::*;
    use serde_json::Value;

    fn table(name: &str) -> Vec<Vec<Value>> {
        let all: Value = serde_json::from_str(include_str!("../../tests/fixtures/javascript.json")).unwrap_or_default();
        let rows: Vec<Vec<Value>> = all.get(name).and_then(|rows| serde_json::from_value(rows.clone()).ok()).unwrap_or_default();
        assert!(rows.len() > 4, "{name} is not empty");
        rows
    }

    fn text(row: &[Value], at: usize) -> &str {
        row.get(at).and_then(Value::as_str).unwrap_or_default()
    }

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for row in table("numbers") {
            let number = text_to_number(text(&row, 0));
            // A zero has a sign there, which no comparison sees.
            let said = number_to_text(number);
            assert_eq!(said, if text(&row, 1) == "-0" { "0" } else { text(&row, 1) }, "{row:?}");
        }
    }

    #[test]
    fn a_braced_escape_without_u_is_a_count() {
        assert_eq!(regex_is_match("^\\u{3}$", "", "uuu"), Some(true));
        assert_eq!(regex_is_match("\\u{3}", "", "u{3}"), Some(false));
        assert_eq!(regex_is_match("^\\\\u{3}$", "", "\\uuu"), Some(true));
        assert_eq!(regex_is_match("^\\u{61}$", "u", "a"), Some(true));
    }

    #[test]
    fn without_u_a_pattern_sees_code_units() {
        assert_eq!(regex_is_match("^.$", "", "\u{1f600}"), Some(false));
        assert_eq!(regex_is_match("^..$", "", "\u{1f600}"), Some(true));
        assert_eq!(regex_is_match("^.$", "u", "\u{1f600}"), Some(true));
        assert_eq!(regex_is_match("\u{1f600}", "", "a\u{1f600}"), Some(true));
    }

    #[test]
    fn text_becomes_a_bigint_as_in_javascript() {
        for (text, ten) in [
            ("0xfF", "255"),
            ("0B101", "5"),
            ("-007", "-7"),
            ("", "0"),
            ("-0", "0"),
            ("0xffffffffffffffffffff", "1208925819614629174706175"),
        ] {
            assert_eq!(digits(text).as_deref(), Some(ten), "{text:?}");
        }
        for text in ["-", "+", "0x", "-0x1", "0o8", "1n", "1.0", "1e1", "0x+1", "0b2", "x"] {
            assert_eq!(digits(text), None, "{text:?}");
        }
    }

    #[test]
    fn numbers_become_text_as_in_javascript() {
        for row in table("texts") {
            let number: f64 = text(&row, 0).parse().unwrap_or(f64::NAN);
            assert_eq!(number_to_text(number), text(&row, 1), "{row:?}");
        }
    }

    #[test]
    fn text_is_lowered_and_trimmed_as_in_javascript() {
        for row in table("lower") {
            assert_eq!(lower_case(text(&row, 0)), text(&row, 1), "{row:?}");
        }
        for row in table("trim") {
            assert_eq!(trim(text(&row, 0)), text(&row, 1), "{row:?}");
        }
    }
}
