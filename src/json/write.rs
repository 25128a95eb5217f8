//! JSON text as it grows: how they cross into JavaScript, in the fields and the order in which serde would write them.

use crate::base::lint::Lint;

/// A text that grows.
pub struct Json {
    text: String,
}

impl Json {
    /// An object, to be finished with a brace.
    pub fn object() -> Self {
        Self { text: String::from("{") }
    }

    /// A list, to be finished with a bracket.
    #[cfg_attr(not(feature = "host"), allow(dead_code, reason = "only the binding needs it"))]
    pub fn list() -> Self {
        Self { text: String::from("[") }
    }

    /// The whole text.
    pub fn finish(mut self, end: char) -> String {
        self.text.push(end);
        self.text
    }

    #[inline(never)]
    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(text.get(plain..at).unwrap_or_default());
            plain = at + 1;
            self.text.push('\\');
            let short = match byte {
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                8 => b'b',
                12 => b'f',
                b'"' | b'\\' => byte,
                _ => {
                    self.text.push_str(if byte < 16 { "u000" } else { "u001" });
                    let digit = byte & 15;
                    digit + if digit < 10 { b'0' } else { b'a' - 10 }
                }
            };
            self.text.push(char::from(short));
        }
        self.text.push_str(text.get(plain..).unwrap_or_default());
        self.text.push('"');
    }

    /// A comma where one is needed, and the key of a member; of an item there is none.
    #[inline(never)]
    fn key(&mut self, key: &str) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
        if !key.is_empty() {
            self.quoted(key);
            self.text.push(':');
        }
    }

    /// A text.
    #[inline(never)]
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    /// A text that may be absent.
    #[inline(never)]
    pub fn opt(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// What is written as it is.
    #[inline(never)]
    pub fn literal(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// True or false.
    pub fn truth(&mut self, key: &str, value: bool) {
        self.literal(key, if value { "true" } else { "false" });
    }

    /// A whole number.
    pub fn number(&mut self, key: &str, value: usize) {
        self.key(key);
        crate::base::text::push_number(&mut self.text, value);
    }

    /// A list or an object inside.
    #[inline(never)]
    pub fn begin(&mut self, key: &str, bracket: char) {
        self.key(key);
        self.text.push(bracket);
    }

    /// Its end.
    pub fn end(&mut self, bracket: char) {
        self.text.push(bracket);
    }
}

/// A list of texts.
#[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
pub fn texts(list: &[impl AsRef<str>]) -> String {
    let mut json = Json::list();
    for text in list {
        json.text("", text.as_ref());
    }
    json.finish(']')
}

/// Findings as JSON text.
#[cfg_attr(not(feature = "insight"), allow(dead_code, reason = "only the binding needs it"))]
#[cfg_attr(latchgate_wasm, optimize(size))]
pub fn lints(lints: &[Lint]) -> String {
    let mut json = Json::list();
    for lint in lints {
        json.begin("", '{');
        json.text("code", lint.code);
        json.text("path", &lint.path);
        json.text("message", &lint.message);
        json.text("severity", lint.severity.as_str());
        json.text("rule", lint.rule);
        json.end('}');
    }
    json.finish(']')
}
