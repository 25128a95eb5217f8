//! Questions as data: `{ "principal", "ask", "context" }`. Ours, so what is malformed or misspelt is refused; unknown members are tolerated
//! only beside these three, so that a recorded vector is a question as it stands.

use crate::base::error::Error;
use crate::base::instant::Instant;
use crate::base::nearest::nearest;
use crate::base::system::System;
use crate::base::terms::CONTEXT;
use crate::base::text::{own, words};
use crate::compiled::Compiled;
use crate::engine::{Ask, Asking, Claims, Context, Kind, NOTHING, Who};
use crate::json::argument::{Place, Read};
use crate::systems;
use crate::value::Value;
use crate::value::js::Js;

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
            let claims = System::from_name(policy.system()).map(|system| systems::read_claims(system, &at, names));
            Who::Claims(Box::new(claims.transpose()?.unwrap_or_default()))
        }
        // A plain list of roles: whoever has just these.
        Value::List(_) => Who::Claims(Box::new(Claims { roles: at.texts(None, value)?, ..Claims::default() })),
        _ => return Err(at.fail(None, None, "expected an id, null, a list of roles or an object of claims")),
    })
}

/// Members of a whole question. Others are tolerated beside them, so that a recorded vector is a question as it stands.
const QUESTION: [&str; 3] = ["principal", "ask", "context"];

/// Refuses what was meant for a member of a question and is none: passed over, it would not bound what it was to bound.
///
/// # Errors
/// `ERR_ARGUMENT`.
pub fn only_strangers(at: &Place<'_>) -> Read<()> {
    let Value::Map(members) = at.value else { return Ok(()) };
    for (key, _) in members {
        if QUESTION.contains(&&**key) {
            continue;
        }
        if nearest(key, &CONTEXT).is_some() {
            return Err(at.unknown(key, None, "what holds for a question is said in its `context`, not beside it: "));
        }
        if let Some(meant) = nearest(key, &QUESTION) {
            return Err(at.unknown(key, Some(meant), "a question has no member "));
        }
    }
    Ok(())
}

/// Reads a context.
///
/// # Errors
/// `ERR_ARGUMENT` for a member of the wrong type, or that no context has.
pub fn read_context(at: &Place<'_>, context: &mut Context) -> Read<()> {
    if matches!(at.value, Value::Null) {
        return Ok(());
    }
    at.only(&CONTEXT, "a context has no member ")?;
    read_circumstances(at, context)?;
    context.roles = at.opt_texts("roles")?.unwrap_or_default();
    context.attributes = at.opt_members("attributes")?.map(<[_]>::to_vec).unwrap_or_default();
    Ok(())
}

/// Whether an ask bears some of the circumstances itself.
pub fn has_circumstances(at: &Place<'_>) -> bool {
    CIRCUMSTANCES.iter().any(|key| at.opt(key).is_some())
}

/// Members of a context that an ask may bear as well. Who asks is no part of what is asked: roles and attributes it may not bring.
const CIRCUMSTANCES: [&str; 5] = ["tenant", "auth", "sessionScopes", "legalEntityId", "now"];

/// Reads the circumstances of an ask: where the context leaves them open. What it has bound no question widens.
///
/// # Errors
/// `ERR_ARGUMENT` for a member of the wrong type, or of which the context says otherwise.
pub fn read_circumstances(at: &Place<'_>, context: &mut Context) -> Read<()> {
    let scopes = match at.opt("sessionScopes") {
        None => None,
        Some(Value::Text(list)) => Some(own(&words(list))),
        Some(list) => Some(at.texts(Some("sessionScopes"), list)?),
    };
    let now = match at.opt_text("now")? {
        None => None,
        Some(now) => Some(Instant::parse(now).ok_or_else(|| at.fail(Some("now"), None, "not a time as RFC 3339 writes it"))?),
    };
    let agrees = [
        ("tenant", bind(&mut context.tenant, at.own_text("tenant")?)),
        ("auth", bind(&mut context.auth, at.own_text("auth")?)),
        ("sessionScopes", bind(&mut context.session_scopes, scopes)),
        ("legalEntityId", bind(&mut context.legal_entity, at.own_text("legalEntityId")?)),
        ("now", bind(&mut context.now, now)),
    ];
    match agrees.iter().find(|(_, agrees)| !agrees) {
        Some((key, _)) => Err(at.fail(Some(key), None, "the context says otherwise, and what it has bound no question changes")),
        None => Ok(()),
    }
}

/// Says what is left open. Not where something else is said already.
fn bind<T: PartialEq>(bound: &mut Option<T>, said: Option<T>) -> bool {
    match (&bound, &said) {
        (_, None) => true,
        (Some(bound), Some(said)) => bound == said,
        (None, Some(_)) => {
            *bound = said;
            true
        }
    }
}

/// Reads an ask by its `kind`.
///
/// # Errors
/// `ERR_ARGUMENT` for an unknown kind, or members that the kind does not have.
pub fn read_ask<'v>(at: &Place<'v>) -> Read<Asking<'v>> {
    let kind = at.req("kind")?;
    let word = kind.as_text().ok_or_else(|| at.expected(Some("kind"), None, "text", kind))?;
    let (kind, members): (Kind, &[&str]) = match word {
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
    let mut known = vec!["kind"];
    known.extend(CIRCUMSTANCES);
    known.extend(members);
    if at.opt("roles").is_some() {
        let message = "who asks is said by `principal` and `context`: roles that count for a question are in its context";
        return Err(at.fail(Some("roles"), None, message));
    }
    at.only(&known, "a question of this kind has no member ")?;
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
                let is_object = matches!(ask.value, Value::Map(_)) || matches!(ask.value.js(), Some(Js::Object(_) | Js::Lends(..)));
                if !is_object {
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
