//! Questions as data: `{ "principal", "ask", "context" }`. Ours, so what is malformed is refused; unknown members are tolerated only
//! beside these three, so that a recorded vector is a question as it stands.

use crate::compiled::Compiled;
use crate::dialect;
use crate::document::push_key;
use crate::engine::{Claims, Context, Who};
use crate::error::{Error, ErrorCode};
use crate::instant::Instant;
use crate::system::System;
use crate::text::{concat, join, push_number, words};
use crate::value::Value;

/// What is asked.
#[derive(Debug, Clone)]
pub enum Ask {
    /// One permission in the system's own spelling.
    Permission(String),
    /// All of these; none at all is asked of anybody who is let in (K5).
    AllOf(Vec<String>),
    /// One of these; none at all is nobody (K5).
    AnyOf(Vec<String>),
    /// An action on at least one record of a type.
    Type {
        /// The action.
        action: String,
        /// The type.
        subject: String,
        /// A field of the record.
        field: Option<String>,
    },
    /// An action on this record.
    Record {
        /// The action.
        action: String,
        /// The type.
        subject: String,
        /// The record's attributes.
        record: Value,
        /// A field of the record.
        field: Option<String>,
    },
    /// What a list of records may show.
    Filter {
        /// The actions, any of which lets a record be shown.
        actions: Vec<String>,
        /// The type.
        subject: String,
    },
    /// A request.
    Route {
        /// The method.
        method: String,
        /// The path, perhaps with a query.
        path: String,
        /// Facts of the caller and of the record.
        facts: Value,
    },
}

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Permission,
    AllOf,
    AnyOf,
    Type,
    Record,
    Filter,
    Route,
}

/// A question whose words are somebody else's.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    pub kind: Kind,
    /// Permissions, actions, or the method.
    pub words: Vec<&'a str>,
    /// The type, or the path.
    pub subject: &'a str,
    pub field: Option<&'a str>,
    /// The record, or what is known of caller and record.
    pub value: &'a Value,
}

static NOTHING: Value = Value::Null;

impl Ask {
    /// Reads an ask by its `kind`, as JSON text.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let value = Value::from_json(text)?;
        Ok(read_ask(&Place { base: "$.ask", value: &value })?.own())
    }

    /// The question as a sentence names it.
    #[must_use]
    pub fn text(&self) -> String {
        self.asking().text()
    }

    /// The same, its words borrowed.
    pub(crate) fn asking(&self) -> Asking<'_> {
        fn all(list: &[String]) -> Vec<&str> {
            list.iter().map(String::as_str).collect()
        }
        match self {
            Self::Permission(permission) => Asking::new(Kind::Permission, vec![permission], ""),
            Self::AllOf(list) => Asking::new(Kind::AllOf, all(list), ""),
            Self::AnyOf(list) => Asking::new(Kind::AnyOf, all(list), ""),
            Self::Type { action, subject, field } => Asking { field: field.as_deref(), ..Asking::new(Kind::Type, vec![action], subject) },
            Self::Record { action, subject, record, field } => {
                Asking { field: field.as_deref(), value: record, ..Asking::new(Kind::Record, vec![action], subject) }
            }
            Self::Filter { actions, subject } => Asking::new(Kind::Filter, all(actions), subject),
            Self::Route { method, path, facts } => Asking { value: facts, ..Asking::new(Kind::Route, vec![method], path) },
        }
    }
}

impl<'a> Asking<'a> {
    fn new(kind: Kind, words: Vec<&'a str>, subject: &'a str) -> Self {
        Self { kind, words, subject, field: None, value: &NOTHING }
    }

    /// The same with words of its own.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "only insight keeps questions"))]
    pub fn own(&self) -> Ask {
        let words = own(&self.words);
        let word = || words.first().cloned().unwrap_or_default();
        let (subject, field) = (String::from(self.subject), self.field.map(Into::into));
        match self.kind {
            Kind::Permission => Ask::Permission(word()),
            Kind::AllOf => Ask::AllOf(words),
            Kind::AnyOf => Ask::AnyOf(words),
            Kind::Type => Ask::Type { action: word(), subject, field },
            Kind::Record => Ask::Record { action: word(), subject, record: self.value.clone(), field },
            Kind::Filter => Ask::Filter { actions: words, subject },
            Kind::Route => Ask::Route { method: word(), path: subject, facts: self.value.clone() },
        }
    }

    /// The question as a sentence names it.
    pub fn text(&self) -> String {
        let (between, middle, end) = match self.kind {
            Kind::AllOf if self.words.is_empty() => return "what asks for no permission".into(),
            Kind::AnyOf if self.words.is_empty() => return "what one of no permissions opens".into(),
            Kind::Permission | Kind::AllOf => ("` and `", "", ""),
            Kind::AnyOf => ("` or `", "", ""),
            Kind::Type => ("", "` some `", self.subject),
            Kind::Record => ("", "` this `", self.subject),
            Kind::Filter => ("`, `", "` on `", self.subject),
            Kind::Route => ("", " ", self.subject),
        };
        concat(&["`", &join(&self.words, between), middle, end, "`"])
    }
}

/// A value, and how its place is written.
#[derive(Clone, Copy)]
pub struct Place<'v> {
    pub base: &'static str,
    pub value: &'v Value,
}

type Read<T> = Result<T, Error>;

/// Members of an object.
type Pairs = [(Box<str>, Value)];

impl<'v> Place<'v> {
    /// A refusal that names a place: this one, a member, or an item.
    #[inline(never)]
    fn fail(&self, key: Option<&str>, item: Option<usize>, message: &str) -> Error {
        let mut path = String::from(self.base);
        if let Some(key) = key {
            push_key(&mut path, key);
        }
        if let Some(item) = item {
            path.push('[');
            push_number(&mut path, item);
            path.push(']');
        }
        Error::new(ErrorCode::Argument, path, message)
    }

    #[inline(never)]
    fn expected(&self, key: Option<&str>, item: Option<usize>, what: &str, value: &Value) -> Error {
        self.fail(key, item, &concat(&["expected ", what, " but found ", value.kind()]))
    }

    /// The member if it is there and not null.
    #[inline(never)]
    pub fn opt(&self, key: &str) -> Option<&'v Value> {
        self.value.get(key).filter(|value| !matches!(value, Value::Null))
    }

    /// The member, which has to be there.
    #[inline(never)]
    pub fn req(&self, key: &str) -> Read<&'v Value> {
        match self.value {
            Value::Map(_) => self.value.get(key).ok_or_else(|| self.fail(None, None, &concat(&["the field `", key, "` is missing"]))),
            _ => Err(self.expected(None, None, "an object", self.value)),
        }
    }

    /// The text of a member, if it is there and not null.
    #[inline(never)]
    pub fn opt_text(&self, key: &str) -> Read<Option<&'v str>> {
        match self.opt(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.expected(Some(key), None, "text", other)),
        }
    }

    /// The same as a text of its own.
    #[inline(never)]
    pub fn own_text(&self, key: &str) -> Read<Option<String>> {
        Ok(self.opt_text(key)?.map(Into::into))
    }

    /// A text that may not be empty.
    #[inline(never)]
    fn id(&self, key: &str, item: Option<usize>, value: &'v Value) -> Read<&'v str> {
        match value {
            Value::Text(text) if text.is_empty() => Err(self.fail(Some(key), item, "the text is empty")),
            Value::Text(text) => Ok(text),
            other => Err(self.expected(Some(key), item, "text", other)),
        }
    }

    fn word(&self, key: &str) -> Read<&'v str> {
        self.id(key, None, self.req(key)?)
    }

    /// Texts that may not be empty.
    fn words(&self, key: &str, list: &'v Value) -> Read<Vec<&'v str>> {
        let Value::List(items) = list else { return Err(self.expected(Some(key), None, "a list", list)) };
        let mut words = Vec::new();
        for item in items {
            words.push(self.id(key, Some(words.len()), item)?);
        }
        Ok(words)
    }

    /// The texts of a member, or of this value itself.
    #[inline(never)]
    pub fn texts(&self, key: Option<&str>, list: &'v Value) -> Read<Vec<String>> {
        let Value::List(items) = list else { return Err(self.expected(key, None, "a list", list)) };
        let mut texts = Vec::new();
        for item in items {
            match item {
                Value::Text(text) => texts.push(String::from(&**text)),
                other => return Err(self.expected(key, Some(texts.len()), "text", other)),
            }
        }
        Ok(texts)
    }

    /// The texts of a member, if it is there and not null.
    pub fn opt_texts(&self, key: &str) -> Read<Option<Vec<String>>> {
        self.opt(key).map(|list| self.texts(Some(key), list)).transpose()
    }

    /// The members of a member, if it is there and not null.
    #[inline(never)]
    pub fn opt_members(&self, key: &str) -> Read<Option<&'v Pairs>> {
        match self.opt(key) {
            None => Ok(None),
            Some(Value::Map(members)) => Ok(Some(members)),
            Some(other) => Err(self.expected(Some(key), None, "an object", other)),
        }
    }

    /// Refuses members that are not in one of the lists.
    #[inline(never)]
    pub fn only(&self, known: &[&str], besides: &[&str], named: bool, sentence: &str) -> Read<()> {
        let Value::Map(members) = self.value else { return Err(self.expected(None, None, "an object", self.value)) };
        for (key, _) in members {
            if !known.contains(&&**key) && !besides.contains(&&**key) {
                let end = key.char_indices().nth(64).map_or(key.len(), |(at, _)| at);
                let named = if named { concat(&[sentence, "`", key.get(..end).unwrap_or_default(), "`"]) } else { sentence.into() };
                return Err(self.fail(Some(key), None, &named));
            }
        }
        Ok(())
    }
}

/// Reads who asks. `names`: what the caller says the claims of a token are called.
///
/// # Errors
/// `ERR_ARGUMENT` when it is neither an id, nor null, nor claims of the system.
pub fn read_who(policy: &Compiled, who: Option<&Value>, names: Option<&Value>) -> Read<Who> {
    let value = who.unwrap_or(&NOTHING);
    let at = Place { base: "$.principal", value };
    Ok(match value {
        Value::Null => Who::Nobody,
        Value::Text(id) => Who::Named(String::from(&**id)),
        Value::Map(_) => {
            let claims = System::from_name(policy.system()).map(|system| dialect::read_claims(system, &at, names));
            Who::Claims(Box::new(claims.transpose()?.unwrap_or_default()))
        }
        // A plain list of roles: whoever has just these.
        Value::List(_) => Who::Claims(Box::new(Claims { roles: at.texts(None, value)?, ..Claims::default() })),
        _ => return Err(at.fail(None, None, "expected an id, null, a list of roles or an object of claims")),
    })
}

/// Members that hold for a question, wherever they stand.
const CONTEXTUAL: [&str; 6] = ["tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now"];

/// Whether an ask bears some of the context itself.
pub fn has_context(at: &Place<'_>) -> bool {
    CONTEXTUAL.iter().any(|key| at.opt(key).is_some())
}

/// Reads the members of a context over what is already known. The same members may stand inside an ask.
///
/// # Errors
/// `ERR_ARGUMENT` for a member of the wrong type.
pub fn read_context(at: &Place<'_>, context: &mut Context) -> Read<()> {
    let texts = [("tenant", &mut context.tenant), ("auth", &mut context.auth), ("legalEntityId", &mut context.legal_entity)];
    for (key, member) in texts {
        let read = at.own_text(key)?;
        if read.is_some() {
            *member = read;
        }
    }
    match at.opt("sessionScopes") {
        None => {}
        Some(Value::Text(list)) => context.session_scopes = Some(own(&words(list))),
        Some(list) => context.session_scopes = Some(at.texts(Some("sessionScopes"), list)?),
    }
    if let Some(roles) = at.opt_texts("roles")? {
        context.roles = roles;
    }
    if let Some(now) = at.opt_text("now")? {
        context.now = Some(Instant::parse(now).ok_or_else(|| at.fail(Some("now"), None, "not a time as RFC 3339 writes it"))?);
    }
    Ok(())
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

/// The context's attributes of the principal: only where they cannot be taken for a route's facts.
///
/// # Errors
/// `ERR_ARGUMENT` when they are no object.
pub fn read_attributes(at: &Place<'_>, context: &mut Context) -> Read<()> {
    if let Some(attributes) = at.opt_members("attributes")? {
        context.attributes = attributes.to_vec();
    }
    Ok(())
}

/// Reads an ask by its `kind`.
///
/// # Errors
/// `ERR_ARGUMENT` for an unknown kind, or members that the kind does not have.
pub fn read_ask<'v>(at: &Place<'v>) -> Read<Asking<'v>> {
    let kind = at.req("kind")?;
    let word = kind.as_text().ok_or_else(|| at.expected(Some("kind"), None, "text", kind))?;
    let (kind, known): (Kind, &[&str]) = match word {
        "permission" | "scope" | "ace" => (Kind::Permission, &["permission", "allOf", "anyOf"]),
        "type" => (Kind::Type, &["action", "subject", "field"]),
        "instance" => (Kind::Record, &["action", "subject", "object", "field"]),
        "filter" => (Kind::Filter, &["actions", "subject"]),
        "route" => (Kind::Route, &["method", "path", "attributes", "layer"]),
        _ => {
            let message = "expected `permission`, `scope`, `ace`, `type`, `instance`, `filter` or `route`";
            return Err(at.fail(Some("kind"), None, message));
        }
    };
    let everywhere = ["kind", "tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now", "attributes"];
    at.only(known, &everywhere, false, "a question of this kind has no such member")?;
    let mut ask = Asking::new(kind, Vec::new(), "");
    match kind {
        Kind::Filter => {
            ask.words = at.words("actions", at.req("actions")?)?;
            ask.subject = at.word("subject")?;
        }
        Kind::Route => {
            at.opt_members("attributes")?;
            ask.value = at.opt("attributes").unwrap_or(&NOTHING);
            ask.words.push(at.word("method")?);
            ask.subject = at.word("path")?;
        }
        Kind::Type | Kind::Record => {
            if kind == Kind::Record {
                ask.value = at.req("object")?;
                if !matches!(ask.value, Value::Map(_)) && ask.value.object().is_none() {
                    return Err(at.expected(Some("object"), None, "an object", ask.value));
                }
            }
            ask.words.push(at.word("action")?);
            ask.subject = at.word("subject")?;
            ask.field = at.opt_text("field")?.filter(|field| !field.is_empty());
        }
        _ => {
            let members = [("permission", Kind::Permission), ("allOf", Kind::AllOf), ("anyOf", Kind::AnyOf)];
            let mut asked = 0;
            for (key, kind) in members {
                if at.opt(key).is_some() {
                    asked += 1;
                    ask.kind = kind;
                }
            }
            if asked != 1 {
                return Err(at.fail(None, None, "expected exactly one of `permission`, `allOf` and `anyOf`"));
            }
            ask.words = match ask.kind {
                Kind::Permission => vec![at.word("permission")?],
                Kind::AllOf => at.words("allOf", at.req("allOf")?)?,
                _ => at.words("anyOf", at.req("anyOf")?)?,
            };
        }
    }
    Ok(ask)
}
