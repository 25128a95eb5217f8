//! What the device asks of a new password (KW4, KW8).

use crate::value::Value;
use crate::writes::answer::{EditCode, Fault};
use crate::writes::request::Request;

/// What the device requires of a password, in either version's words; eight characters where the snapshot does not say.
struct Requirements {
    length: f64,
    digits: bool,
    special: bool,
    cases: bool,
}

impl Requirements {
    fn read(root: &Value) -> Self {
        let names = ["passwordRequirements", "passwordStrengthRequirements", "passwordStrenghtRequirements"];
        let given = names.iter().find_map(|name| root.get("payloads")?.get(name).filter(|given| matches!(given, Value::Map(_))));
        let flag = |keys: [&str; 2]| keys.iter().any(|key| given.and_then(|given| given.get(key)) == Some(&Value::Bool(true)));
        let length = match given.and_then(|given| given.get("passwordMinimumLength")) {
            Some(Value::Number(length)) => *length,
            _ => 8.0,
        };
        Self {
            length,
            digits: flag(["passwordRequireDigits", "digitsRequired"]),
            special: flag(["passwordRequireSpecialChars", "specialCharactersRequired"]),
            cases: flag(["passwordRequireBothCases", "bothCasesRequired"]),
        }
    }

    fn lacks(&self, password: &str) -> Option<&'static str> {
        let has = |test: fn(&char) -> bool| password.chars().any(|c| test(&c));
        if (password.encode_utf16().count() as f64) < self.length {
            return Some("the password is shorter than the device requires");
        }
        if self.digits && !has(char::is_ascii_digit) {
            return Some("the device requires a digit in the password");
        }
        if self.cases && !(has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase)) {
            return Some("the device requires letters of both cases in the password");
        }
        if self.special && !has(|c| !c.is_ascii_alphanumeric()) {
            return Some("the device requires a character in the password that is no letter and no digit");
        }
        None
    }
}

/// KW4.
pub fn strong(root: &Value, request: &Request, place: &str, password: &str, besides: &str) -> Result<(), Fault> {
    let Some(lack) = Requirements::read(root).lacks(password) else { return Ok(()) };
    Err(request.refuse(EditCode::Invalid, 400, place, "KW4", [lack, besides].concat()))
}

/// KW8: what V2 asks of a password beside its strength.
pub fn plain(request: &Request, place: &str, password: &str) -> Result<(), Fault> {
    let is_blank = |c: char| match c {
        '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => false,
        '\u{1c}'..='\u{1f}' => true,
        _ => c.is_whitespace(),
    };
    let lack = match password.encode_utf16().count() {
        0 => "the password is empty",
        256.. => "the password is longer than 255 characters",
        _ if password.contains(is_blank) => "the password has white space in it",
        _ => return Ok(()),
    };
    Err(request.refuse(EditCode::Invalid, 400, place, "KW8", lack))
}
