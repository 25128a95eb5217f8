//! What JavaScript does with text and numbers: asked of the host where there is one, done here elsewhere. Tests hold both equal.

/// Blanks as ECMAScript trims them.
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
        /// The double nearest to a number as JSON writes it.
        #[wasm_bindgen(js_name = Number)]
        pub fn parse_number(text: &str) -> f64;
        /// `String(number)`.
        #[wasm_bindgen(js_name = String)]
        pub fn number_to_text(number: f64) -> String;
        type RegExp;
        #[wasm_bindgen(constructor, catch)]
        fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;
        #[wasm_bindgen(method)]
        fn test(this: &RegExp, text: &str) -> bool;
    }

    /// `text.toLowerCase()`.
    pub fn lower_case(text: &str) -> String {
        js_sys::JsString::from(text).to_lower_case().into()
    }

    pub fn regex_is_valid(pattern: &str, flags: &str) -> bool {
        RegExp::new(pattern, flags).is_ok()
    }

    pub fn regex_is_match(pattern: &str, flags: &str, text: &str) -> bool {
        RegExp::new(pattern, flags).is_ok_and(|regex| regex.test(text))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod regexes {
    pub fn regex_is_valid(pattern: &str, flags: &str) -> bool {
        regress::Regex::with_flags(pattern, flags).is_ok()
    }

    /// Code units matter: without `u` an astral character is two.
    pub fn regex_is_match(pattern: &str, flags: &str, text: &str) -> bool {
        let Ok(regex) = regress::Regex::with_flags(pattern, flags) else { return false };
        regex.find(text).is_some_and(|found| !flags.contains('y') || found.start() == 0)
    }
}

#[cfg(all(target_arch = "wasm32", not(feature = "host")))]
mod regexes {
    //! No host to ask: every pattern is refused, so the rule that bears it is an error and never an allow.
    pub fn regex_is_valid(_: &str, _: &str) -> bool {
        false
    }

    pub fn regex_is_match(_: &str, _: &str, _: &str) -> bool {
        false
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
}

pub use inner::{lower_case, number_to_text, parse_number, regex_is_match, regex_is_valid, text_to_number};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for (text, number) in
            [("", 0.0), (" 3 ", 3.0), ("0x10", 16.0), ("1e1", 10.0), (".5", 0.5), ("5.", 5.0), ("-Infinity", f64::NEG_INFINITY)]
        {
            assert_eq!(text_to_number(text), number, "{text:?}");
        }
        for text in ["inf", "nan", "infinity", "1_000", "0x", "+0x10", "abc", "1 2", "--1"] {
            assert!(text_to_number(text).is_nan(), "{text:?}");
        }
    }

    #[test]
    fn numbers_become_text_as_in_javascript() {
        for (number, text) in [
            (1e21, "1e+21"),
            (123_456_789.0, "123456789"),
            (1e-7, "1e-7"),
            (0.000_001, "0.000001"),
            (-1.5, "-1.5"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(number_to_text(number), text);
        }
    }
}
