// Mistakes about which rule decides.

const COMBINE = "src/engine/combine.rs";
const RULES = "src/systems/rules.rs";
const FIELDS = "src/condition/fields.rs";

export const RULE_MUTANTS = [
  { file: COMBINE, find: "for candidate in found.iter().rev() {", replace: "for candidate in found.iter() {", why: "the first rule that matches decides, not the last" },
  {
    file: RULES,
    find: "effect: if inverted { GrantEffect::Deny } else { GrantEffect::Allow },",
    replace: "effect: { let _ = inverted; GrantEffect::Allow },",
    why: "inverted rules allow",
  },
  { file: RULES, find: 'is_some_and(|inverted| truthy(&inverted))', replace: "is_some_and(|inverted| inverted.as_bool() == Some(true))", why: "only `true` inverts, not what is truthy" },
  { file: RULES, find: "patterns(model, &action, &dialect.any_action)?", replace: "patterns(model, &action, &dialect.any_subject)?", why: "`all` is an action, `manage` is none" },
  { file: RULES, find: "patterns(model, &subject, &dialect.any_subject)?", replace: "patterns(model, &subject, &dialect.any_action)?", why: "`manage` is a subject, `all` is none" },
  { file: RULES, find: "None => Patterns::One(Pattern::Any),", replace: "None => Patterns::from(Vec::new()),", why: "a rule without subject matches nothing" },
  { file: RULES, find: "if names.is_empty() {", replace: "if false {", why: "an empty list of fields builds" },
  { file: RULES, find: "is_some_and(|name| !condition::fold(&mut source.clone(), name))", replace: "is_some_and(|_| false)", why: "A10: null among joined conditions builds" },
  {
    file: COMBINE,
    find: "which is not even read.\n        return Applies::Yes;",
    replace: "which is not even read.\n        return Applies::No;",
    why: "a conditional allow says nothing of a type",
  },
  {
    file: COMBINE,
    find: "Ok(0) if policy.profile.has(flag::EMPTY_DENY_ON_TYPES) => Applies::Yes,",
    replace: "Ok(0) => Applies::Yes,",
    why: "A5: a deny with `{}` denies a type to CASL 6 too",
  },
  {
    file: COMBINE,
    find: "Ok(0) if policy.profile.has(flag::EMPTY_DENY_ON_TYPES) => Applies::Yes,",
    replace: "Ok(0) if false => Applies::Yes,",
    why: "a deny with `{}` denies no type to CASL 7 either",
  },
  { file: COMBINE, find: "        _ => Applies::No,\n    }\n}", replace: "        _ => Applies::Yes,\n    }\n}", why: "a conditional deny denies the type" },
  {
    file: COMBINE,
    find: "Err(sentence) if policy.profile.semantics == Semantics::Casl7 => Applies::Throws(sentence),",
    replace: "Err(sentence) if false => Applies::Throws(sentence),",
    why: "a deny whose condition is broken is passed over on types",
  },
  { file: COMBINE, find: "None => !grant.denies,", replace: "None => true,", why: "A11: without a field, a deny of some fields denies" },
  { file: FIELDS, find: "if list.iter().any(|pattern| pattern.bytes().any(|byte| byte == b'*')) {", replace: "if false {", why: "stars are text" },
  { file: FIELDS, find: "Token::Run { dots: stars > 1, least }", replace: "Token::Run { dots: true, least }", why: "one star runs over dots" },
  { file: FIELDS, find: "optional_from = tokens.len();", replace: "optional_from = usize::MAX;", why: "a star at the end has to be there" },
  {
    file: FIELDS,
    find: "let least = usize::from(at(0) == Some('*') || (starts_with_dot && ends_with_dot));",
    replace: "let least = usize::from(at(0) == Some('*'));",
    why: "a star between dots may stand for nothing",
  },
  { file: FIELDS, find: "'\\n' | '\\r' | '\\u{2028}' | '\\u{2029}'", replace: "'\\r' | '\\u{2028}' | '\\u{2029}'", why: "two stars run over line breaks" },
  {
    file: "src/engine/list.rs",
    find: "if denies && (policy.has_fields(&candidate.grant) || policy.profile.combining == Combining::Additive) {",
    replace: "if denies && policy.profile.combining == Combining::Additive {",
    why: "lists: a deny of some fields hides whole records",
  },
  { file: "src/engine/list.rs", find: "semantics != Semantics::Casl6 && condition.is_empty()", replace: "condition.is_empty()", why: "A15: `{}` is no condition to Open Archiver's lists" },
];
