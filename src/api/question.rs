//! Questions as data: `{ "principal", "ask", "context" }`. Ours, so what is malformed is refused; unknown members are tolerated only
//! beside these three, so that a recorded vector is a question as it stands.

use crate::base::error::Error;
use crate::base::instant::Instant;
use crate::base::text::{own, words};
use crate::compiled::Compiled;
use crate::engine::{Ask, Asking, Claims, Context, Kind, NOTHING, Who};
use crate::json::argument::{Place, Read};
use crate::systems;
use crate::value::Value;

impl Ask {
    /// Reads an ask by its `kind`, as JSON text.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let value = Value::from_json(text)?;
        Ok(read_ask(&Place { base: "$.ask", value: &value })?.own())
    }
}

/// Reads who asks.
///
/// # Errors
/// `ERR_ARGUMENT` when it is neither an id, nor null, nor claims of the system.
pub fn read_who(policy: &Compiled, who: Option<&Value>) -> Read<Who> {
    let value = who.unwrap_or(&NOTHING);
    let at = Place { base: "$.principal", value };
    Ok(match value {
        Value::Null => Who::Nobody,
        Value::Text(id) => Who::Named(String::from(&**id)),
        Value::Map(_) => Who::Claims(Box::new(systems::read_claims(policy.system(), &at)?)),
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
