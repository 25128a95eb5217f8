use super::{Ability, Found, Target, flag};
use crate::value::Value;

/// What the host asks with for a name that no rule bears.
const UNNAMED: u32 = 0;
const MANAGE: u32 = 1;
const ALL: u32 = 1;
const READ: u32 = 2;
const UPDATE: u32 = 3;
const POST: u32 = 2;

/// Rules as flags, actions and subjects.
fn ability(rules: &[(u32, &[u32], &[u32])], fields: &[&[&str]]) -> Ability {
    let mut words = Vec::new();
    for (flags, actions, subjects) in rules {
        words.push(*flags);
        for names in [actions, subjects] {
            words.push(names.len() as u32);
            words.extend_from_slice(names);
        }
    }
    let fields = fields.iter().map(|list| list.iter().map(|field| (*field).into()).collect()).collect();
    Ability::read(&words, fields, MANAGE, ALL).unwrap()
}

fn record(name: &str, value: Value) -> Value {
    Value::Map(vec![(name.into(), value)])
}

#[test]
fn the_last_rule_is_tried_first_wherever_it_is_indexed() {
    let ability = ability(&[(0, &[READ], &[POST]), (0, &[MANAGE], &[POST]), (0, &[READ], &[ALL]), (0, &[MANAGE], &[ALL])], &[]);
    assert_eq!(ability.possible(READ, POST), [3, 2, 1, 0]);
    assert_eq!(ability.possible(MANAGE, POST), [3, 1]);
    assert_eq!(ability.possible(READ, ALL), [3, 2]);
    assert_eq!(ability.possible(MANAGE, ALL), [3]);
    assert_eq!(ability.possible(UNNAMED, POST), [3, 1]);
    assert_eq!(ability.possible(UPDATE, UNNAMED), [3]);
}

#[test]
fn a_rule_counts_once_across_lists_and_as_often_as_it_names_an_action() {
    let twice = ability(&[(0, &[READ, READ], &[POST]), (0, &[READ, MANAGE], &[POST, ALL])], &[]);
    assert_eq!(twice.possible(READ, POST), [1, 0, 0]);
}

#[test]
fn a_rule_without_actions_or_subjects_matches_nothing() {
    let empty = ability(&[(0, &[], &[POST]), (0, &[READ], &[])], &[]);
    assert_eq!(empty.possible(READ, POST), [0; 0]);
}

#[test]
fn actions_stand_in_the_order_of_the_index() {
    let ability = ability(&[(0, &[READ], &[POST]), (0, &[MANAGE, UPDATE], &[POST]), (0, &[READ, UPDATE], &[ALL])], &[]);
    assert_eq!(ability.actions(POST), [MANAGE, UPDATE, READ]);
    assert_eq!(ability.actions(ALL), [READ, UPDATE]);
    assert_eq!(ability.actions(UNNAMED), [READ, UPDATE]);
}

#[test]
fn the_first_that_applies_decides() {
    let ability = ability(&[(0, &[MANAGE], &[ALL]), (flag::INVERTED, &[READ], &[POST])], &[]);
    let found = ability.relevant(READ, POST, None, Target::Type);
    assert_eq!(found, Found::Rule(1));
    assert!(!ability.allows(found));
    assert!(ability.allows(ability.relevant(UPDATE, POST, None, Target::Type)));
    assert_eq!(Ability::read(&[], Vec::new(), MANAGE, ALL).unwrap().relevant(READ, POST, None, Target::Type), Found::Nothing);
}

#[test]
fn conditions_are_asked_for_when_they_are_needed() {
    let mut ability = ability(&[(flag::CONDITIONS, &[READ], &[POST]), (flag::CONDITIONS | flag::INVERTED, &[READ], &[POST])], &[]);
    let published = record("published", Value::Bool(true));
    assert_eq!(ability.relevant(READ, POST, None, Target::Type), Found::Unread(1));
    assert_eq!(ability.unread(READ, POST, true), [1]);
    assert_eq!(ability.unread(READ, POST, false), [1, 0]);
    ability.give(1, record("secret", Value::Bool(true)));
    assert_eq!(ability.relevant(READ, POST, None, Target::Type), Found::Rule(0));
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&published)), Found::Unread(0));
    ability.give(0, published.clone());
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&published)), Found::Rule(0));
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&record("secret", Value::Bool(true)))), Found::Rule(1));
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&record("other", Value::Null))), Found::Nothing);
}

#[test]
fn conditions_may_come_along_with_a_question_and_nothing_of_them_is_kept() {
    let rules: &[(u32, &[u32], &[u32])] =
        &[(flag::CONDITIONS, &[READ], &[POST]), (0, &[UPDATE], &[POST]), (flag::CONDITIONS | flag::INVERTED, &[READ], &[POST])];
    let ability = ability(rules, &[]);
    let (published, secret) = (record("published", Value::Bool(true)), record("secret", Value::Bool(true)));
    let ask = |record| ability.relevant_with(READ, POST, None, Target::Record(record), vec![secret.clone(), published.clone()]);
    assert_eq!(ask(&published), Found::Rule(0));
    assert_eq!(ask(&secret), Found::Rule(2));
    assert_eq!(ask(&record("other", Value::Null)), Found::Nothing);
    assert_eq!(ability.relevant_with(READ, POST, None, Target::Type, vec![Value::Map(Vec::new())]), Found::Rule(2));
    // Too few of them: nothing is made up.
    assert_eq!(ability.relevant_with(READ, POST, None, Target::Record(&published), vec![secret.clone()]), Found::Unread(0));
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&published)), Found::Unread(2));
    assert_eq!(ability.unread(READ, POST, false), [2, 0]);
}

#[test]
fn abilities_of_one_form_have_conditions_of_their_own() {
    let mut one = ability(&[(flag::CONDITIONS, &[READ], &[POST])], &[]);
    let mut other = one.alike();
    let (published, secret) = (record("published", Value::Bool(true)), record("secret", Value::Bool(true)));
    one.give(0, published.clone());
    assert_eq!(other.relevant(READ, POST, None, Target::Record(&published)), Found::Unread(0));
    other.give(0, secret.clone());
    assert_eq!(one.relevant(READ, POST, None, Target::Record(&secret)), Found::Nothing);
    assert_eq!(other.relevant(READ, POST, None, Target::Record(&secret)), Found::Rule(0));
    other.forget();
    assert_eq!(other.relevant(READ, POST, None, Target::Record(&secret)), Found::Unread(0));
    assert_eq!(one.relevant(READ, POST, None, Target::Record(&published)), Found::Rule(0));
}

#[test]
fn a_broken_condition_throws_where_casl_reads_it_and_may_be_given_again() {
    let broken = || record("$eq", Value::Number(1.0));
    let mut ability = ability(&[(flag::CONDITIONS, &[READ], &[POST]), (flag::CONDITIONS | flag::INVERTED, &[UPDATE], &[POST])], &[]);
    ability.give(0, broken());
    ability.give(1, broken());
    assert_eq!(ability.relevant(READ, POST, None, Target::Type), Found::Rule(0));
    assert!(matches!(ability.relevant(READ, POST, None, Target::Record(&broken())), Found::Throws(0, _)));
    assert!(matches!(ability.relevant(UPDATE, POST, None, Target::Type), Found::Throws(1, _)));
    assert_eq!(ability.unread(UPDATE, POST, true), [1]);
}

#[test]
fn an_empty_deny_counts_on_types() {
    let mut ability = ability(&[(0, &[READ], &[POST]), (flag::CONDITIONS | flag::INVERTED, &[READ], &[POST])], &[]);
    ability.give(1, Value::Map(Vec::new()));
    assert_eq!(ability.relevant(READ, POST, None, Target::Type), Found::Rule(1));
}

#[test]
fn fields_restrict_allows_and_denies() {
    let ability = ability(
        &[(flag::FIELDS, &[READ], &[POST]), (flag::FIELDS | flag::INVERTED, &[READ], &[POST])],
        &[&["title", "author.*"], &["author.secret"]],
    );
    let field = |field| ability.relevant(READ, POST, field, Target::Type);
    assert_eq!(field(None), Found::Rule(0));
    assert_eq!(field(Some("title")), Found::Rule(0));
    assert_eq!(field(Some("author.name")), Found::Rule(0));
    assert_eq!(field(Some("author.secret")), Found::Rule(1));
    assert_eq!(field(Some("other")), Found::Nothing);
}

#[test]
fn what_only_the_host_can_tell_is_left_to_it() {
    let ability = ability(&[(flag::FOREIGN_CONDITIONS, &[READ], &[POST]), (flag::FOREIGN_FIELDS, &[UPDATE], &[POST])], &[]);
    assert_eq!(ability.relevant(READ, POST, None, Target::Type), Found::Rule(0));
    assert_eq!(ability.relevant(READ, POST, None, Target::Record(&Value::Null)), Found::Foreign);
    assert_eq!(ability.relevant(UPDATE, POST, None, Target::Type), Found::Rule(1));
    assert_eq!(ability.relevant(UPDATE, POST, Some("title"), Target::Type), Found::Foreign);
}

#[test]
fn rules_that_are_cut_off_are_refused() {
    for words in [&[0][..], &[0, 1], &[0, 1, READ], &[0, 1, READ, 2, POST], &[flag::FIELDS, 0, 0]] {
        assert!(Ability::read(words, Vec::new(), MANAGE, ALL).is_none(), "{words:?}");
    }
}
