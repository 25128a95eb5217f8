//! Bytes to data: parsed once, with duplicate keys refused and size, depth and count bounded. Knows no system.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, ErrorCode};
use crate::limits::Limits;
use crate::value::Value;

/// The largest magnitude that a double holds exactly with all its neighbours.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// How numbers outside ±(2^53 − 1) are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Refused: in a snapshot they would mean different things to different readers.
    Safe,
    /// Read as the nearest double: a record may hold any measurement.
    Any,
}

/// Refuses a text by its length alone.
///
/// # Errors
/// `ERR_TOO_LARGE`.
pub fn admit(bytes: usize, limits: &Limits) -> Result<(), Error> {
    if bytes <= limits.max_bytes {
        return Ok(());
    }
    let message = format!("{bytes} bytes are more than the {} allowed", limits.max_bytes);
    Err(Error::new(ErrorCode::TooLarge, "$", message))
}

/// Reads one JSON text.
///
/// # Errors
/// `ERR_TOO_LARGE`, `ERR_JSON`, `ERR_TOO_DEEP`, `ERR_TOO_MANY`, `ERR_KEY_DUPLICATE`, `ERR_NUMBER_RANGE`, `ERR_TEXT_NUL`.
pub fn parse(bytes: &[u8], limits: &Limits, numbers: Numbers) -> Result<Value, Error> {
    admit(bytes.len(), limits)?;
    let state = State { limits, numbers, progress: RefCell::new(Progress::default()) };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    // Our own limit on nesting is the smaller one and names the path.
    let read = Seed { state: &state, depth: 0 }.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        let progress = state.progress.borrow();
        let path = path_text(&progress.path);
        match &progress.failure {
            Some((code, message)) => Error::new(*code, path, message.clone()),
            None => {
                let text = error.to_string();
                let cause = text.split(" at line ").next().unwrap_or("unreadable");
                let place = format!("not valid JSON: {cause} (line {}, column {})", error.line(), error.column());
                Error::new(ErrorCode::Json, path, place)
            }
        }
    })
}

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

#[derive(Default)]
struct Progress {
    values: usize,
    path: Vec<Step>,
    failure: Option<(ErrorCode, String)>,
}

struct State<'a> {
    limits: &'a Limits,
    numbers: Numbers,
    progress: RefCell<Progress>,
}

impl State<'_> {
    fn fail<E: serde::de::Error>(&self, code: ErrorCode, message: String) -> E {
        self.progress.borrow_mut().failure = Some((code, message));
        E::custom("refused")
    }

    fn enter(&self, step: Step) {
        self.progress.borrow_mut().path.push(step);
    }

    /// Only called after success: on failure the path stays where it stood.
    fn leave(&self) {
        self.progress.borrow_mut().path.pop();
    }
}

fn path_text(path: &[Step]) -> String {
    let mut text = String::from("$");
    for step in path {
        match step {
            Step::Key(key) => push_key(&mut text, key),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Appends `.key`, or `["key"]` where the key is no plain word; very long keys are cut.
pub(crate) fn push_key(text: &mut String, key: &str) {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let short: String = key.chars().take(64).collect();
    if plain {
        text.push('.');
        text.push_str(&short);
    } else {
        text.push_str(&format!("[{short:?}]"));
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    state: &'a State<'a>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let values = {
            let mut progress = self.state.progress.borrow_mut();
            progress.values += 1;
            progress.values
        };
        if values > self.state.limits.max_values {
            let message = format!("more than the {} values allowed", self.state.limits.max_values);
            return Err(self.state.fail(ErrorCode::TooMany, message));
        }
        deserializer.deserialize_any(self)
    }
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= self.state.limits.max_depth {
            let message = format!("nested deeper than the {} levels allowed", self.state.limits.max_depth);
            return Err(self.state.fail(ErrorCode::TooDeep, message));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn text<E: serde::de::Error>(self, text: &str) -> Result<Box<str>, E> {
        if text.contains('\0') {
            return Err(self.state.fail(ErrorCode::TextNul, "text holds the character U+0000".into()));
        }
        Ok(text.into())
    }

    fn number<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        if self.state.numbers == Numbers::Safe && number.abs() > MAX_SAFE {
            let message = "the number is beyond 2^53 and could not be held exactly".into();
            return Err(self.state.fail(ErrorCode::NumberRange, message));
        }
        Ok(Value::Number(number))
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.number(value as f64)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.number(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.number(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value).map(Value::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        loop {
            self.state.enter(Step::Index(list.len()));
            let Some(item) = items.next_element_seed(inner)? else { break };
            self.state.leave();
            list.push(item);
        }
        self.state.leave();
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut members: Vec<(Box<str>, Value)> = Vec::new();
        while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            self.state.enter(Step::Key(key.to_string()));
            let name = self.text(&key)?;
            let value = entries.next_value_seed(inner)?;
            members.push((name, value));
            self.state.leave();
        }
        let mut sorted: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
        sorted.sort_unstable();
        let mut pairs = sorted.iter().zip(sorted.iter().skip(1));
        if let Some((name, _)) = pairs.find(|(left, right)| left == right) {
            self.state.enter(Step::Key((*name).to_string()));
            return Err(self.state.fail(ErrorCode::KeyDuplicate, "the key is written twice in one object".into()));
        }
        Ok(Value::Map(members))
    }
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            // As JavaScript writes it: no fraction where there is none.
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= MAX_SAFE => serializer.serialize_i64(*number as i64),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> (ErrorCode, String) {
        let error = parse(text.as_bytes(), &Limits::SNAPSHOT, Numbers::Safe).expect_err("should be refused");
        (error.code(), error.path().to_string())
    }

    #[test]
    fn refusals_name_code_and_path() {
        assert_eq!(refused(r#"{"a":[{"b":1,"b":2}]}"#), (ErrorCode::KeyDuplicate, "$.a[0].b".into()));
        assert_eq!(refused(r#"{"a":9007199254740993}"#), (ErrorCode::NumberRange, "$.a".into()));
        assert_eq!(refused("{\"a b\":\"\\u0000\"}"), (ErrorCode::TextNul, "$[\"a b\"]".into()));
        assert_eq!(refused("{\"a\":\"\\ud800\"}"), (ErrorCode::Json, "$.a".into()));
        assert_eq!(refused("{\"a\":1"), (ErrorCode::Json, "$".into()));
        assert_eq!(refused("{} x").0, ErrorCode::Json);
        assert_eq!(refused("").0, ErrorCode::Json);
        assert_eq!(refused(&"[".repeat(10_000)).0, ErrorCode::TooDeep);
    }

    #[test]
    fn limits_hold_at_n_and_fail_at_n_plus_one() {
        let limits = Limits { max_bytes: 7, max_depth: 2, max_values: 4, max_grants: 1 };
        assert!(parse(b"[[1,2]]", &limits, Numbers::Safe).is_ok());
        assert_eq!(parse(b"[[1,2]] ", &limits, Numbers::Safe).map_err(|e| e.code()), Err(ErrorCode::TooLarge));
        assert_eq!(parse(b"[[[]]]", &limits, Numbers::Safe).map_err(|e| e.code()), Err(ErrorCode::TooDeep));
        assert_eq!(parse(b"[1,2,3]", &limits, Numbers::Safe).map(|_| ()), Ok(()));
        assert_eq!(parse(b"[1,[2,3", &limits, Numbers::Safe).map_err(|e| e.code()), Err(ErrorCode::TooMany));
    }
}
