//! CASL rules, as Open Archiver stores them and as plain lists hold them.

use super::truthy;
use crate::condition::{self, Semantics};
use crate::cursor::Cursor;
use crate::error::{Error, ErrorCode};
use crate::host::{lower_case, trim};
use crate::model::{Grant, GrantEffect, Model, Pattern, Patterns, Terms};
use crate::value::Value;

/// How one dialect of CASL rules reads them.
pub struct RuleDialect {
    pub semantics: Semantics,
    pub any_action: String,
    pub any_subject: String,
    /// The attribute whose operands are trimmed and lower-cased (A10).
    pub folded: Option<&'static str>,
    pub rule: &'static str,
}

/// Why the server cannot build the ability at all (A11).
pub struct Unbuildable(pub &'static str);

/// Reads one rule.
///
/// # Errors
/// `ERR_TYPE` for what is no rule. What only the server would stumble on is `Ok(Err(_))`.
pub fn read_rule(model: &mut Model, rule: &Cursor<'_>, dialect: &RuleDialect) -> Result<Result<Grant, Unbuildable>, Error> {
    if !rule.is_map() {
        return Err(rule.fail(ErrorCode::Type, ["expected a rule but found ", rule.kind().name()].concat()));
    }
    let fields = match rule.get("fields") {
        Some(list) if list.is_list() => {
            let names: Vec<Box<str>> = list.texts()?.into_iter().map(Into::into).collect();
            if names.is_empty() {
                return Ok(Err(Unbuildable("a rule has an empty list of fields, on which the server fails")));
            }
            Some(names)
        }
        Some(field) if truthy(&field) => Some(vec![field.text()?.into()]),
        _ => None,
    };
    let actions = match rule.opt("action") {
        Some(action) => patterns(model, &action, &dialect.any_action)?,
        None => Patterns::from(Vec::new()),
    };
    let resources = match rule.get("subject").filter(truthy) {
        Some(subject) => patterns(model, &subject, &dialect.any_subject)?,
        // A rule without subject is one on all of them.
        None => Patterns::One(Pattern::Any),
    };
    if actions.is_empty() || resources.is_empty() {
        model.warn("WARN_RULE_EMPTY", rule, "the rule names no action or no subject and matches nothing");
    }
    let condition = match rule.get("conditions").filter(truthy) {
        Some(conditions) => {
            let source = match dialect.folded {
                Some(name) => fold(&conditions.to_value(), name),
                None => conditions.to_value(),
            };
            let read = condition::parse(&source, dialect.semantics, dialect.folded);
            Some(read.map_err(|sentence| conditions.fail(ErrorCode::Condition, sentence))?)
        }
        None => None,
    };
    if let Some(Err(sentence)) = condition.as_ref().map(|condition| &condition.tests) {
        model.warn("WARN_CONDITION", rule, format!("the server fails when it needs this condition: {sentence}"));
    }
    let inverted = rule.get("inverted").is_some_and(|inverted| truthy(&inverted));
    let reason = rule.opt("reason").and_then(|reason| reason.as_text()).filter(|reason| !reason.is_empty());
    let terms = Terms {
        effect: if inverted { GrantEffect::Deny } else { GrantEffect::Allow },
        condition,
        fields,
        reason: reason.map(|reason| model.names.intern(reason)),
        ..Terms::NONE
    };
    Ok(Ok(Grant::new(actions, resources, dialect.rule, terms)))
}

fn patterns(model: &mut Model, at: &Cursor<'_>, any: &str) -> Result<Patterns, Error> {
    let names = if at.is_list() { at.texts()? } else { vec![at.text()?] };
    let pattern = |name: &str| if name == any { Pattern::Any } else { Pattern::name(model.names.intern(name)) };
    Ok(names.into_iter().map(pattern).collect::<Vec<_>>().into())
}

/// Rule A10: operands of this field, wherever it stands, bare or under an operator of equality.
fn fold(source: &Value, name: &str) -> Value {
    let text = |value: &Value| match value {
        Value::Text(text) => Value::Text(lower_case(trim(text)).into()),
        other => other.clone(),
    };
    let operand = |value: &Value| match value {
        Value::Map(members) => Value::Map(
            members
                .iter()
                .map(|(key, inner)| {
                    let folded = match (key.as_ref(), inner) {
                        ("$eq" | "$ne", _) => text(inner),
                        ("$in" | "$nin", Value::List(items)) => Value::List(items.iter().map(text).collect()),
                        _ => inner.clone(),
                    };
                    (key.clone(), folded)
                })
                .collect(),
        ),
        other => text(other),
    };
    match source {
        Value::Map(members) => Value::Map(
            members
                .iter()
                .map(|(key, value)| {
                    let folded = match key.as_ref() {
                        key if key == name => operand(value),
                        "$or" | "$and" | "$nor" | "$not" => fold(value, name),
                        _ => value.clone(),
                    };
                    (key.clone(), folded)
                })
                .collect(),
        ),
        Value::List(items) => Value::List(items.iter().map(|item| fold(item, name)).collect()),
        other => other.clone(),
    }
}
