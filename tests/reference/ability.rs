//! What CASL does with a list of rules, in both versions: casl 1.1 to 1.6, A2 to A6, A11.

use super::conditions::{self, Fault, Profile, truthy};
use super::*;

/// What a walk over the rules came to.
pub enum Verdict {
    Allow,
    Deny,
    Nothing,
    Broken(Fault),
    /// The walk came to a rule with conditions, and there is no record to hold them against.
    NeedsRecord,
}

impl Verdict {
    pub fn answer(self) -> Answer {
        match self {
            Verdict::Allow => allow("granted"),
            Verdict::Deny => deny("denied_by_rule", 403),
            Verdict::Nothing => no_grant(),                             // A4
            Verdict::Broken(Fault::Invalid) => failure("invalid_rule"), // A22
            Verdict::Broken(Fault::Unsupported) => failure("invalid_rule"),
            Verdict::NeedsRecord => deny("record_required", 403),
        }
    }
}

pub enum Subject<'a> {
    /// A type question: "at least one such record" (A5).
    Type,
    Record(&'a Value),
    /// A record question whose record is not known.
    NoRecord,
}

/// A11: `fields: []` throws when the rules are taken in, whatever is asked.
pub fn unbuildable(rules: &[Value]) -> bool {
    rules.iter().any(|rule| rule.get("fields").and_then(Value::as_array).is_some_and(Vec::is_empty))
}

fn one_or_more(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        list => strings(list),
    }
}

/// A2: the rule names the action or `manage`, and the subject or `all`. A rule without subject is on `all`.
fn is_candidate(rule: &Value, action: &str, subject: &str) -> bool {
    let actions = one_or_more(rule.get("action"));
    let subjects = if truthy(rule.get("subject")) { one_or_more(rule.get("subject")) } else { vec!["all".into()] };
    actions.iter().any(|a| a == action || a == "manage") && subjects.iter().any(|s| s == subject || s == "all")
}

pub fn is_inverted(rule: &Value) -> bool {
    truthy(rule.get("inverted"))
}

pub fn conditions_of(rule: &Value) -> Option<&Value> {
    rule.get("conditions").filter(|c| truthy(Some(c)))
}

/// The rules that a question about action, subject and field looks at, newest first.
pub fn relevant<'a>(rules: &'a [Value], action: &str, subject: &str, field: Option<&str>) -> Vec<&'a Value> {
    rules.iter().rev().filter(|r| is_candidate(r, action, subject) && matches_field(r, field)).collect()
}

/// 1.6, A11: without field an allow with fields counts and a deny with fields is skipped.
fn matches_field(rule: &Value, field: Option<&str>) -> bool {
    let fields = rule.get("fields").filter(|f| truthy(Some(f)));
    if fields.is_none() {
        return true;
    }
    match field.filter(|f| !f.is_empty()) {
        None => !is_inverted(rule),
        Some(field) => covers_field(&one_or_more(fields), field),
    }
}

/// A3: from the last rule to the first; the first that matches decides.
pub fn walk(profile: Profile, rules: &[Value], action: &str, subject: &str, field: Option<&str>, on: &Subject) -> Verdict {
    for rule in relevant(rules, action, subject, field) {
        let matched = match (conditions_of(rule), on) {
            (None, _) => true,
            (Some(_), Subject::Type) if !is_inverted(rule) => true, // A5
            (Some(query), Subject::Type) => match profile {
                // A5: 6.7.3 skips a deny with conditions, `{}` too.
                Profile::OpenArchiver => false,
                // 1.5: 7.0.1 compiles it, and one that matches everything denies the type.
                Profile::Casl7 => match conditions::compile(query) {
                    Ok(all) => all.is_empty(),
                    Err(fault) => return Verdict::Broken(fault),
                },
            },
            (Some(query), Subject::Record(record)) => {
                let held = conditions::compile(query).and_then(|all| conditions::holds(profile, &all, record));
                match held {
                    Ok(held) => held,
                    Err(fault) => return Verdict::Broken(fault),
                }
            }
            (Some(query), Subject::NoRecord) => match conditions::compile(query) {
                Ok(all) if all.is_empty() => true, // matches every record
                Ok(_) => return Verdict::NeedsRecord,
                Err(fault) => return Verdict::Broken(fault),
            },
        };
        if matched {
            return if is_inverted(rule) { Verdict::Deny } else { Verdict::Allow };
        }
    }
    Verdict::Nothing
}

// ---------------------------------------------------------------------------------------------------------------------
// Field patterns (1.6)

fn covers_field(patterns: &[String], field: &str) -> bool {
    if patterns.iter().all(|p| !p.contains('*')) {
        return patterns.iter().any(|p| p == field);
    }
    let field: Vec<char> = field.chars().collect();
    patterns.iter().any(|p| full_match(&tokens(p), &field))
}

#[derive(Clone, Debug)]
enum Token {
    Char(char),
    /// `[^.]` or `.`, at least so many times.
    Many {
        any: bool,
        least: usize,
    },
    /// A group that may be missing.
    Optional(Vec<Token>),
}

/// After CASL's `createPattern`: `.?*+.?` becomes a group; the group at the end is optional together with its dots.
fn tokens(pattern: &str) -> Vec<Token> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let dot_before = chars[at] == '.' && chars.get(at + 1) == Some(&'*');
        let mut stars = at + usize::from(dot_before);
        let first = stars;
        while chars.get(stars) == Some(&'*') {
            stars += 1;
        }
        if stars == first {
            out.push(Token::Char(chars[at]));
            at += 1;
            continue;
        }
        let dot_after = chars.get(stars) == Some(&'.');
        let end = stars + usize::from(dot_after);
        let many = Token::Many {
            any: stars - first >= 2,
            // `+` if the pattern starts with a star or the star stands between two dots.
            least: usize::from(chars[0] == '*' || (dot_before && dot_after)),
        };
        let mut group = Vec::new();
        if dot_before {
            group.push(Token::Char('.'));
        }
        group.push(many);
        if dot_after {
            group.push(Token::Char('.'));
        }
        debug_assert!(end > start);
        if end == chars.len() {
            out.push(Token::Optional(group));
        } else {
            out.extend(group);
        }
        at = end;
    }
    out
}

fn full_match(tokens: &[Token], text: &[char]) -> bool {
    let Some((first, rest)) = tokens.split_first() else {
        return text.is_empty();
    };
    match first {
        Token::Char(c) => text.first() == Some(c) && full_match(rest, &text[1..]),
        Token::Many { any, least } => {
            let fits = |c: &char| {
                if *any { !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') } else { *c != '.' }
            };
            let most = text.iter().take_while(|c| fits(c)).count();
            (*least..=most).any(|n| full_match(rest, &text[n..]))
        }
        Token::Optional(group) => {
            let whole: Vec<Token> = group.iter().chain(rest).cloned().collect();
            full_match(rest, text) || full_match(&whole, text)
        }
    }
}
