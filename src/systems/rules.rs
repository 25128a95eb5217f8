//! CASL rules, as Open Archiver stores them and as plain lists hold them.

use super::{no_condition, truthy};
use crate::base::error::{Error, ErrorCode};
use crate::base::terms::Pattern;
use crate::condition::{self, Semantics};
use crate::json::pointer::Cursor;
use crate::model::{Grant, GrantEffect, Model, Patterns, Terms};

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
            let source = conditions.to_value();
            // What comes of it is for later, when placeholders are filled in: A9 is before A10.
            if dialect.folded.is_some_and(|name| !condition::fold(&mut source.clone(), name)) {
                return Ok(Err(Unbuildable("a rule has null among conditions that are joined, on which the server fails")));
            }
            let read = |source| condition::read(source, dialect.semantics, dialect.folded);
            Some(read(source).map_err(|sentence| no_condition(&conditions, sentence, &|source| read(source).is_ok()))?)
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
