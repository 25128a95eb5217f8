//! How a native snapshot spells patterns, names and paths, and what in them is another system's spelling (N21): that would load as
//! plain text, and a deny written so would never fire. Whatever is really named so is written as `{ "literal": "…" }`.

use crate::base::error::{Error, ErrorCode};
use crate::json::pointer::{Cursor, clip};

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spells {
    /// A pattern of permissions: `resource:action`.
    Permission,
    /// A pattern of actions.
    Action,
    /// A pattern of resources.
    Resource,
    /// A permission that a request requires: no pattern.
    RequiredPermission,
    /// An action that a request requires.
    RequiredAction,
    /// A type that a request is about.
    RequiredType,
    /// The id of a record: any text but a pattern.
    Id,
    /// A field, or a pattern of fields.
    Field,
    /// A tenant that something holds in.
    Tenant,
    /// The path of requests.
    Path,
}

/// A text, and whether it stands for nothing but itself.
pub struct Spelled<'j> {
    pub text: &'j str,
    pub literal: bool,
}

/// Reads a text, or `{ "literal": text }`.
pub fn read<'j>(at: &Cursor<'j>, spells: Spells) -> Result<Spelled<'j>, Error> {
    let literal = at.is_map();
    let member = if literal {
        at.only(&["literal"])?;
        at.req("literal")?
    } else {
        *at
    };
    // A field may have an empty name.
    let text = if spells == Spells::Field { member.text()? } else { member.id()? };
    let hint = if literal { literal_hint(text, spells) } else { hint(text, spells) };
    match hint {
        None => Ok(Spelled { text, literal }),
        Some(hint) if literal => Err(member.fail(ErrorCode::Pattern, hint)),
        Some(hint) => {
            let name = clip(text);
            let message = format!("`{name}`: {hint}. If the name is really so, write {{ \"literal\": \"{name}\" }}");
            Err(member.fail(ErrorCode::Pattern, message))
        }
    }
}

/// Whether a text may stand for a permission as it is.
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub fn is_permission(text: &str) -> bool {
    hint(text, Spells::Permission).is_none()
}

/// Why not even a literal can be that.
fn literal_hint(text: &str, spells: Spells) -> Option<&'static str> {
    (spells == Spells::Field && text.contains('*')).then_some("among fields `*` always stands for any text, so no field is named so")
}

/// What is wrong with a text, and what to write.
fn hint(text: &str, spells: Spells) -> Option<&'static str> {
    // What nearly all texts are.
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let parts: &[char] = match spells {
        Spells::Permission | Spells::RequiredPermission => &['/', ':'],
        Spells::Action | Spells::RequiredAction => &[':'],
        Spells::Resource | Spells::RequiredType | Spells::Path => &['/'],
        Spells::Id | Spells::Field | Spells::Tenant => &[],
    };
    text.chars()
        .find_map(|c| sign(c, spells))
        .or_else(|| first(text, spells))
        .or_else(|| whole(text, spells))
        .or_else(|| text.split(parts).find_map(|part| segment(part, spells)))
}

/// Characters that mean something to others and are seldom in names.
fn sign(c: char, spells: Spells) -> Option<&'static str> {
    let path = spells == Spells::Path;
    Some(match c {
        '*' | '{' | '}' if spells == Spells::Id => "an id is one record's, and no pattern: all records of a type are the type alone",
        _ if spells == Spells::Id => return None,
        '{' | '}' if path => return None,
        '{' | '}' | '<' | '>' | '$' if !path => {
            "a name in braces, behind `$` or in angle brackets is no pattern here: `*` stands for any one segment, and conditions know `${principal.id}`"
        }
        '<' | '>' | '$' => "a parameter is written `{name}`, as a segment of its own",
        '(' | ')' | '|' | ',' | ';' => "one text is one pattern: write each alternative as an item of its own",
        '%' if path => "a path is written as it reads, without percent signs",
        '%' => "`%` stands for nothing else: a pattern covers what it names and everything below it, by whole segments",
        '?' | '[' | ']' | '^' | '\\' => {
            "regular expressions and globs are not read: a pattern covers what it names and everything below it, and `*` stands for one whole segment"
        }
        '#' if path => "a path has no fragment",
        c if is_blank(c) => "a blank, or a character that is not seen: one text is one pattern, without blanks",
        _ => return None,
    })
}

/// White space, control characters, and what has no width or turns the direction of writing.
fn is_blank(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{20}' | '\u{7f}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
        | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}')
}

/// Signs in front, as others negate.
fn first(text: &str, spells: Spells) -> Option<&'static str> {
    let negates = !matches!(spells, Spells::Path | Spells::Tenant | Spells::Id) && text.starts_with(['!', '+', '-', '~']);
    negates.then_some("a sign in front negates nothing: what is denied is a grant with `\"effect\": \"deny\"`")
}

/// What is wrong with where things stand.
fn whole(text: &str, spells: Spells) -> Option<&'static str> {
    let action = match spells {
        Spells::Permission | Spells::RequiredPermission => text.split_once(':').map_or(text, |(_, action)| action),
        Spells::Action | Spells::RequiredAction => text,
        Spells::Resource | Spells::RequiredType => {
            let colon = "a `:` stands between resource and action, not in a resource: `*` stands for any one segment";
            return text.contains(':').then_some(colon);
        }
        Spells::Tenant => return text.contains('*').then_some("a tenant is named, and holds for those below it: it has no patterns"),
        Spells::Path => return path(text),
        Spells::Id => {
            let parameter = "an id is one record's, and no parameter: all records of a type are the type alone";
            return text.starts_with(':').then_some(parameter);
        }
        Spells::Field => return None,
    };
    action.contains('/').then_some("an action has no `/`: everything on a resource is `resource:*`")
}

/// What is wrong with one segment. That it is empty is said elsewhere.
fn segment(part: &str, spells: Spells) -> Option<&'static str> {
    let required = matches!(spells, Spells::RequiredPermission | Spells::RequiredAction | Spells::RequiredType);
    Some(match part {
        _ if spells == Spells::Id => return None,
        "." | ".." if !matches!(spells, Spells::Field | Spells::Tenant) => "a segment of dots alone leads nowhere",
        "*" if required => "a request requires permissions that have names, not patterns",
        _ if spells == Spells::Path => return path_segment(part),
        "*" => return None,
        "**" if spells != Spells::Field => "a pattern covers everything below what it names: leave the `**` out",
        _ if spells != Spells::Field && part.contains('*') => {
            "`*` stands for one whole segment, not for a part of one: write each name as an item of its own"
        }
        _ => return None,
    })
}

/// The segments of a path of requests.
fn path(text: &str) -> Option<&'static str> {
    let inner = text.strip_prefix('/').unwrap_or(text);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let empty = !inner.is_empty() && inner.split('/').any(str::is_empty);
    if text == "//" || empty { Some("the path has an empty segment, which no request has") } else { None }
}

fn path_segment(part: &str) -> Option<&'static str> {
    let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match (part, name) {
        ("**", _) => None,
        (_, Some(name)) => {
            let mut bytes = name.bytes();
            let begins = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
            let named = begins && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            (!named).then_some("a parameter is `{name}`, of letters, digits, `_` and `-`; the rest of a path is `**` at its end")
        }
        _ if part.starts_with(':') => Some("a parameter is written `{name}`, as a segment of its own"),
        _ if part.contains(['{', '}']) => Some("a parameter is a whole segment: `{name}`"),
        _ if part.contains('*') => Some("any one segment is `{name}`, the rest of a path is `**` at its end"),
        _ => None,
    }
}

/// The method of requests.
pub fn method(at: &Cursor<'_>) -> Result<Option<String>, Error> {
    let text = at.id()?.to_ascii_uppercase();
    let named = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    match text.as_str() {
        "*" => Ok(None),
        "ANY" | "ALL" => Err(at.fail(ErrorCode::Pattern, "every method is `*`")),
        _ if named => Ok(Some(text)),
        _ => Err(at.fail(ErrorCode::Pattern, "a method is one word, and every method is `*`: write each as an endpoint of its own")),
    }
}
