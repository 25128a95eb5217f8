//! Questions as data: `{ "principal", "ask", "context" }`. Ours, so what is malformed is refused; unknown members are tolerated only
//! beside these three, so that a recorded vector is a question as it stands.

use crate::compiled::Compiled;
use crate::cursor::Cursor;
use crate::dialect;
use crate::document::Kind;
use crate::engine::{Claims, Context, Who};
use crate::error::{Error, ErrorCode};
use crate::instant::Instant;
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

impl Ask {
    /// The question as a sentence names it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Permission(permission) => format!("`{permission}`"),
            Self::AllOf(list) if list.is_empty() => "what asks for no permission".into(),
            Self::AnyOf(list) if list.is_empty() => "what one of no permissions opens".into(),
            Self::AllOf(list) => format!("`{}`", list.join("` and `")),
            Self::AnyOf(list) => format!("`{}`", list.join("` or `")),
            Self::Type { action, subject, .. } => format!("`{action}` some `{subject}`"),
            Self::Record { action, subject, .. } => format!("`{action}` this `{subject}`"),
            Self::Filter { actions, subject } => format!("`{}` on `{subject}`", actions.join("`, `")),
            Self::Route { method, path, .. } => format!("`{method} {path}`"),
        }
    }
}

/// Reads who asks.
///
/// # Errors
/// `ERR_ARGUMENT` when it is neither an id, nor null, nor claims of the system.
pub fn read_who(policy: &Compiled, at: Option<&Cursor<'_>>) -> Result<Who, Error> {
    let Some(at) = at else { return Ok(Who::Nobody) };
    match at.kind() {
        Kind::Null => Ok(Who::Nobody),
        Kind::Text => Ok(Who::Named(at.text()?.into())),
        Kind::Map => dialect::read_claims(policy.system(), at).map(|claims| Who::Claims(Box::new(claims))),
        // A plain list of roles: whoever has just these.
        Kind::List => {
            let roles = at.texts().map_err(as_argument)?.into_iter().map(Into::into).collect();
            Ok(Who::Claims(Box::new(Claims { roles, ..Claims::default() })))
        }
        _ => Err(argument(at, "expected an id, null, a list of roles or an object of claims")),
    }
}

fn argument(at: &Cursor<'_>, sentence: &str) -> Error {
    at.fail(ErrorCode::Argument, sentence)
}

/// Reads the members of a context over what is already known. The same members may stand inside an ask.
///
/// # Errors
/// `ERR_ARGUMENT` for a member of the wrong type.
pub fn read_context(at: &Cursor<'_>, context: &mut Context) -> Result<(), Error> {
    let text = |key: &str| -> Result<Option<String>, Error> { Ok(at.opt_text(key).map_err(as_argument)?.map(Into::into)) };
    let texts =
        |list: &Cursor<'_>| -> Result<Vec<String>, Error> { Ok(list.texts().map_err(as_argument)?.into_iter().map(Into::into).collect()) };
    context.tenant = text("tenant")?.or(context.tenant.take());
    context.auth = text("auth")?.or(context.auth.take());
    context.legal_entity = text("legalEntityId")?.or(context.legal_entity.take());
    if let Some(scopes) = at.opt("sessionScopes") {
        context.session_scopes = Some(match scopes.as_text() {
            Some(list) => list.split_whitespace().map(Into::into).collect(),
            _ => texts(&scopes)?,
        });
    }
    if let Some(roles) = at.opt("roles") {
        context.roles = texts(&roles)?;
    }
    if let Some(now) = at.opt("now") {
        let read = Instant::parse(now.text().map_err(as_argument)?);
        context.now = Some(read.ok_or_else(|| argument(&now, "not a time as RFC 3339 writes it"))?);
    }
    Ok(())
}

/// The context's attributes of the principal: only where they cannot be taken for a route's facts.
///
/// # Errors
/// `ERR_ARGUMENT` when they are no object.
pub fn read_attributes(at: &Cursor<'_>, context: &mut Context) -> Result<(), Error> {
    if let Some(attributes) = at.opt("attributes") {
        let members = attributes.members().map_err(as_argument)?;
        context.attributes = members.map(|(key, member)| (key.into(), member.to_value())).collect();
    }
    Ok(())
}

fn as_argument(error: Error) -> Error {
    Error::new(ErrorCode::Argument, error.path(), error.message())
}

/// Reads an ask by its `kind`.
///
/// # Errors
/// `ERR_ARGUMENT` for an unknown kind, or members that the kind does not have.
pub fn read_ask(at: &Cursor<'_>) -> Result<Ask, Error> {
    read_ask_members(at).map_err(as_argument)
}

fn read_ask_members(at: &Cursor<'_>) -> Result<Ask, Error> {
    let text = |key: &str| -> Result<String, Error> { Ok(at.req(key)?.id()?.to_string()) };
    let texts = |list: &Cursor<'_>| -> Result<Vec<String>, Error> { list.items()?.map(|item| Ok(item.id()?.to_string())).collect() };
    let field = || -> Result<Option<String>, Error> { Ok(at.opt_text("field")?.filter(|field| !field.is_empty()).map(Into::into)) };
    let kind = at.req("kind")?;
    let known: &[&str] = match kind.text()? {
        "permission" | "scope" | "ace" => &["permission", "allOf", "anyOf"],
        "type" => &["action", "subject", "field"],
        "instance" => &["action", "subject", "object", "field"],
        "filter" => &["actions", "subject"],
        "route" => &["method", "path", "attributes", "layer"],
        _ => {
            let message = "expected `permission`, `scope`, `ace`, `type`, `instance`, `filter` or `route`";
            return Err(argument(&kind, message));
        }
    };
    for (key, member) in at.members()? {
        let everywhere = ["kind", "tenant", "auth", "sessionScopes", "legalEntityId", "roles", "now", "attributes"];
        if !known.contains(&key) && !everywhere.contains(&key) {
            return Err(argument(&member, "a question of this kind has no such member"));
        }
    }
    match kind.text()? {
        "type" => Ok(Ask::Type { action: text("action")?, subject: text("subject")?, field: field()? }),
        "instance" => {
            let record = at.req("object")?;
            record.members().map(drop)?;
            let record = record.to_value();
            Ok(Ask::Record { action: text("action")?, subject: text("subject")?, record, field: field()? })
        }
        "filter" => Ok(Ask::Filter { actions: texts(&at.req("actions")?)?, subject: text("subject")? }),
        "route" => {
            let facts = at.opt("attributes");
            if let Some(facts) = &facts {
                facts.members().map(drop)?;
            }
            let facts = facts.map_or(Value::Map(Vec::new()), |facts| facts.to_value());
            Ok(Ask::Route { method: text("method")?, path: text("path")?, facts })
        }
        _ => match (at.opt("permission"), at.opt("allOf"), at.opt("anyOf")) {
            (Some(permission), None, None) => Ok(Ask::Permission(permission.id()?.into())),
            (None, Some(list), None) => Ok(Ask::AllOf(texts(&list)?)),
            (None, None, Some(list)) => Ok(Ask::AnyOf(texts(&list)?)),
            _ => Err(argument(at, "expected exactly one of `permission`, `allOf` and `anyOf`")),
        },
    }
}
