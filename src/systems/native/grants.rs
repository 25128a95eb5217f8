//! Grants of a native snapshot, and the patterns that they are on.

use super::read::{MAX_SEGMENTS, one_of, record_path, tenant_of};
use super::spelled::{self, Spelled, Spells};
use crate::base::error::{Error, ErrorCode};
use crate::base::terms::{Combining, NO_RESOURCE, Pattern, Segment};
use crate::condition::{self, Condition, Semantics};
use crate::json::pointer::Cursor;
use crate::model::{Grant, GrantEffect, Model, Patterns, Terms};
use crate::systems::{lints, no_condition};
use crate::value::Value;

/// The grants, and where each of them stands in the list.
pub fn read_grants(model: &mut Model, at: &Cursor<'_>) -> Result<(Vec<Grant>, Vec<u32>), Error> {
    let Some(list) = at.get("grants") else { return Ok((Vec::new(), Vec::new())) };
    let mut grants = Vec::with_capacity(list.count());
    let mut stand: Vec<u32> = Vec::with_capacity(list.count());
    let mut places = lints::Places::new();
    for (place, grant) in (0..).zip(list.items()?) {
        read_grant(model, &grant, &mut grants)?;
        stand.resize(grants.len(), place);
        if model.is_judged() {
            let permissions = grant.get("permissions").and_then(|permissions| permissions.items().ok());
            match permissions {
                Some(permissions) => places.extend(permissions),
                None => places.resize(grants.len(), grant),
            }
        }
    }
    if model.is_judged() {
        lints::judge_grants(model, &list, &grants, &places);
    }
    Ok((grants, stand))
}

/// One grant as written; each permission of the short form becomes one of its own, since its two patterns belong together.
fn read_grant(model: &mut Model, at: &Cursor<'_>, into: &mut Vec<Grant>) -> Result<(), Error> {
    let [effect, permissions, actions, resources, conditions, fields, reason, priority, scope] =
        at.fields(["effect", "permissions", "actions", "resources", "conditions", "fields", "reason", "priority", "scope"])?;
    let effect = match effect {
        Some(effect) if one_of(&effect, &["allow", "deny"])? == "deny" => {
            if model.profile.combining == Combining::Additive {
                return Err(effect.fail(ErrorCode::GrantDeny, "grants only add up under `additive`: a deny would not be heard"));
            }
            GrantEffect::Deny
        }
        _ => GrantEffect::Allow,
    };
    let condition = conditions.map(|conditions| read_condition(&conditions)).transpose()?;
    let fields = fields.map(|list| read_fields(&list)).transpose()?;
    let priority = match priority {
        Some(priority) => {
            i32::try_from(priority.integer()?).map_err(|_| priority.fail(ErrorCode::Value, "the priority is out of range"))?
        }
        None => 0,
    };
    let scope = scope.map(|scope| tenant_of(model, &scope)).transpose()?;
    let reason = reason.map(|reason| reason.text()).transpose()?.map(|reason| model.names.intern(reason));
    let rule = "N5";
    let Some(permissions) = permissions else {
        let Some(actions) = actions else { return at.req("actions").map(drop) };
        let actions = patterns(model, &actions, Spells::Action)?;
        // N4: absent is everything, an empty list is nothing.
        let resources = match resources {
            Some(resources) => patterns(model, &resources, Spells::Resource)?,
            None => Patterns::One(Pattern::Any),
        };
        into.push(Grant::new(actions, resources, rule, Terms { effect, condition, fields, scope, priority, reason }));
        return Ok(());
    };
    if let Some(other) = actions.or(resources) {
        return Err(other.fail(ErrorCode::Value, "`permissions` stands in the place of `actions` and `resources`"));
    }
    into.reserve(permissions.count());
    for permission in permissions.items()? {
        let Spelled { text, literal } = spelled::read(&permission, Spells::Permission)?;
        let (resource, action) = match text.split_once(':') {
            Some((resource, action)) => (pattern(model, &permission, resource, b'/', literal)?, action),
            // N3: it alone covers everything.
            None if text == "*" && !literal => (Pattern::Any, text),
            None => (Pattern::name(model.names.intern(NO_RESOURCE)), text),
        };
        let actions = Patterns::One(pattern(model, &permission, action, b':', literal)?);
        let terms = Terms { effect, condition: condition.clone(), fields: fields.clone(), scope, priority, reason };
        into.push(Grant::new(actions, Patterns::One(resource), rule, terms));
    }
    Ok(())
}

fn read_condition(at: &Cursor<'_>) -> Result<Condition, Error> {
    at.members()?;
    condition::parse(&at.to_value(), Semantics::Native, None).map_err(|sentence| {
        let reads = |source: Value| condition::parse(&source, Semantics::Native, None).is_ok();
        no_condition(at, sentence, &reads)
    })
}

fn read_fields(at: &Cursor<'_>) -> Result<Vec<Box<str>>, Error> {
    let mut fields = Vec::with_capacity(at.count());
    for field in at.items()? {
        fields.push(spelled::read(&field, Spells::Field)?.text.into());
    }
    if fields.is_empty() {
        return Err(at.fail(ErrorCode::Value, "an empty list of fields; leave it out for all fields"));
    }
    Ok(fields)
}

fn patterns(model: &mut Model, at: &Cursor<'_>, spells: Spells) -> Result<Patterns, Error> {
    let mut items = at.items()?;
    if at.count() == 1
        && let Some(only) = items.next()
    {
        return one(model, &only, spells).map(Patterns::One);
    }
    let mut patterns = Vec::with_capacity(at.count());
    for item in items {
        patterns.push(one(model, &item, spells)?);
    }
    Ok(patterns.into())
}

fn one(model: &mut Model, at: &Cursor<'_>, spells: Spells) -> Result<Pattern, Error> {
    if spells == Spells::Resource && (at.get("type").is_some() || at.get("id").is_some()) {
        // N20: a record by its type and id, whatever the id holds.
        at.only(&["type", "id"])?;
        let names: Vec<Segment> = record_path(model, at)?.into_iter().map(Segment::Name).collect();
        return Ok(Pattern::path(&names));
    }
    let Spelled { text, literal } = spelled::read(at, spells)?;
    pattern(model, at, text, if spells == Spells::Action { b':' } else { b'/' }, literal)
}

fn pattern(model: &mut Model, at: &Cursor<'_>, text: &str, separator: u8, literal: bool) -> Result<Pattern, Error> {
    if text == "*" && !literal {
        return Ok(Pattern::Any);
    }
    let count = text.bytes().filter(|byte| *byte == separator).count().saturating_add(1);
    if count == 1 && !text.is_empty() {
        return Ok(Pattern::name(model.names.intern(text)));
    }
    if count > MAX_SEGMENTS {
        return Err(at.fail(ErrorCode::Value, format!("the pattern has more than {MAX_SEGMENTS} segments")));
    }
    let mut segments = Vec::with_capacity(count);
    for part in text.split(char::from(separator)) {
        segments.push(match part {
            "" => {
                let message =
                    "the pattern has an empty segment; a record whose id has one is named as `{ \"type\": …, \"id\": … }` in `resources`";
                return Err(at.fail(ErrorCode::Value, message));
            }
            "*" if !literal => Segment::One,
            name => Segment::Name(model.names.intern(name)),
        });
    }
    Ok(Pattern::path(&segments))
}
