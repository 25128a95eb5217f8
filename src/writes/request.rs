//! Edits as data: `{ "actor"?, "context"?, "request": { "method", "path", "query"?, "headers"?, "body"? } }`. Ours, so unknown members
//! are refused, but for those of the body, which are the system's.

use super::answer::{EditCode, Fault, Refusal};
use super::tree::Pairs;
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::base::terms::CONTEXT;
use crate::base::text::{cut, split};
use crate::engine;
use crate::json::pointer::Cursor;
use crate::json::{self, Numbers};
use crate::value::Value;

/// One edit.
pub struct Request {
    /// Where it stands.
    base: String,
    method: String,
    /// With its query.
    target: String,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Value>,
    actor: Option<Value>,
    context: Option<Value>,
}

/// Reads one edit or a list of them.
pub fn read(text: &[u8]) -> Result<Vec<Request>, Error> {
    let document = json::read(text, &Limits::SNAPSHOT, Numbers::Safe)?;
    let root = document.root();
    if root.is_list() {
        return root.items().map_err(argument)?.map(|edit| read_one(&edit).map_err(argument)).collect();
    }
    Ok(vec![read_one(&root).map_err(argument)?])
}

/// Whatever is wrong with an argument has one code.
fn argument(error: Error) -> Error {
    Error::new(ErrorCode::Argument, error.path(), error.message())
}

fn read_one(edit: &Cursor<'_>) -> Result<Request, Error> {
    let [actor, context, request] = edit.fields(["actor", "context", "request"])?;
    let request = request.ok_or_else(|| edit.fail(ErrorCode::Argument, "the field `request` is missing"))?;
    let [method, path, query, headers, body] = request.fields(["method", "path", "query", "headers", "body"])?;
    let missing = |key: &str| request.fail(ErrorCode::Argument, ["the field `", key, "` is missing"].concat());
    let method = method.ok_or_else(|| missing("method"))?.id()?.to_ascii_uppercase();
    let path = path.ok_or_else(|| missing("path"))?;
    let (plain, written) = cut(cut(path.id()?, b'#').0, b'?');
    let segments = engine::segments(plain).ok_or_else(|| path.fail(ErrorCode::Argument, "not a path of plain segments"))?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in split(written.unwrap_or_default(), b'&').into_iter().filter(|pair| !pair.is_empty()) {
        let (key, value) = cut(pair, b'=');
        pairs.push((key.into(), value.unwrap_or_default().into()));
    }
    let mut target = [plain, if written.is_some() { "?" } else { "" }, written.unwrap_or_default()].concat();
    for (key, value) in plain_members(query.as_ref())? {
        target.push_str(if target.contains('?') { "&" } else { "?" });
        target.push_str(&[key.as_str(), "=", value.as_str()].concat());
        pairs.push((key, value));
    }
    if let Some(context) = &context {
        let mut known = vec!["id"];
        known.extend(CONTEXT);
        context.only(&known)?;
        context.opt_text("now")?;
        context.opt_text("id")?;
    }
    Ok(Request {
        base: edit.path(),
        method,
        target,
        segments,
        query: pairs,
        headers: plain_members(headers.as_ref())?,
        body: body.map(Cursor::to_value),
        actor: actor.map(Cursor::to_value),
        context: context.map(Cursor::to_value),
    })
}

/// Members that are plain values, as text.
fn plain_members(at: Option<&Cursor<'_>>) -> Result<Vec<(String, String)>, Error> {
    let mut pairs = Vec::new();
    let Some(at) = at else { return Ok(pairs) };
    for (key, member) in at.members()? {
        let text = match member.to_value() {
            Value::Text(text) => text.into(),
            plain @ (Value::Bool(_) | Value::Number(_)) => plain.to_json(),
            _ => return Err(member.fail(ErrorCode::Argument, "expected text, a number or a boolean")),
        };
        pairs.push((key.into(), text));
    }
    Ok(pairs)
}

impl Request {
    /// Who sends it; `None` where the edit does not say, `null` for nobody.
    pub fn actor(&self) -> Option<&Value> {
        self.actor.as_ref()
    }

    pub fn context(&self) -> Option<&Value> {
        self.context.as_ref()
    }

    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path with its query.
    pub fn target(&self) -> &str {
        &self.target
    }

    pub fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The time of the edit, if the caller says: there is no clock.
    pub fn now(&self) -> Option<&str> {
        self.context()?.get("now")?.as_text()
    }

    /// The id of what is created, if the caller says.
    pub fn id(&self) -> Option<&str> {
        self.context()?.get("id")?.as_text().filter(|id| !id.is_empty())
    }

    /// A header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the query says `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.query.iter().any(|(key, value)| key == name && value.eq_ignore_ascii_case("true"))
    }

    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The body's members.
    pub fn members(&self, rule: &'static str) -> Result<&Pairs, Fault> {
        match &self.body {
            Some(Value::Map(members)) => Ok(members),
            Some(other) => Err(self.refuse(EditCode::Invalid, 400, "body", rule, ["expected an object but found ", other.kind()].concat())),
            None => Err(self.refuse(EditCode::Invalid, 400, "", rule, "the request needs a body")),
        }
    }

    /// A member of the body that is there and not null.
    pub fn field(&self, key: &str) -> Option<&Value> {
        self.body()?.get(key).filter(|member| !matches!(member, Value::Null))
    }

    /// A text of the body, if it is there and not null.
    pub fn text(&self, key: &str, rule: &'static str) -> Result<Option<&str>, Fault> {
        match self.field(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.expected(key, "text", other, rule)),
        }
    }

    /// A boolean of the body, if it is there and not null.
    pub fn boolean(&self, key: &str, rule: &'static str) -> Result<Option<bool>, Fault> {
        match self.field(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.expected(key, "a boolean", other, rule)),
        }
    }

    /// A list of texts of the body, if it is there and not null.
    pub fn texts(&self, key: &str, rule: &'static str) -> Result<Option<Vec<&str>>, Fault> {
        self.field(key).map(|list| self.texts_at(&["body.", key].concat(), list, rule)).transpose()
    }

    /// The texts of a list that stands at a place of the request.
    pub fn texts_at<'v>(&self, place: &str, list: &'v Value, rule: &'static str) -> Result<Vec<&'v str>, Fault> {
        let Value::List(items) = list else {
            let message = ["expected a list but found ", list.kind()].concat();
            return Err(self.refuse(EditCode::Invalid, 400, place, rule, message));
        };
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(text) = item.as_text() else {
                let message = ["expected text but found ", item.kind()].concat();
                return Err(self.refuse(EditCode::Invalid, 400, &format!("{place}[{index}]"), rule, message));
            };
            texts.push(text);
        }
        Ok(texts)
    }

    fn expected(&self, key: &str, what: &str, found: &Value, rule: &'static str) -> Fault {
        let message = ["expected ", what, " but found ", found.kind()].concat();
        self.refuse(EditCode::Invalid, 400, &["body.", key].concat(), rule, message)
    }

    /// A refusal at a place of the request.
    pub fn refuse(&self, code: EditCode, status: u16, place: &str, rule: impl Into<String>, message: impl Into<String>) -> Fault {
        let dot = if place.is_empty() { "" } else { "." };
        let path = [&self.base, ".request", dot, place].concat();
        Fault::Refused(Refusal { index: 0, code, status, path, message: message.into(), rule: rule.into(), actor_checked: false })
    }

    /// The refusal of a request that is none, or changes nothing that a snapshot holds.
    pub fn unknown(&self) -> Fault {
        let message = ["`", self.method(), " ", self.target(), "` changes nothing that a snapshot holds, or is no request of the system"];
        self.refuse(EditCode::UnknownRoute, 404, "path", "table", message.concat())
    }

    /// An argument that is malformed.
    pub fn bad(&self, place: &str, message: &str) -> Fault {
        Fault::Bad(Error::new(ErrorCode::Argument, [&self.base, ".", place].concat(), message))
    }
}
