//! What somebody can do: complete, and nothing besides.

use latchgate::Context;
use latchgate::insight::{Entry, Page};
use serde_json::json;

use crate::cases::{Case, each, named, report};
use crate::reference::generate::SYSTEMS;

/// The whole list, and whether it needs none: a super-user of a system that has no word for everything.
fn entries(case: &Case, principal: &serde_json::Value, context: &serde_json::Value) -> Option<(Vec<Entry>, bool)> {
    let spec = json!({ "principal": principal, "context": context });
    let (who, context) = case.policy.who_from_json(&spec.to_string()).ok()?;
    let listing = case.policy.insight(&context).list(&who, &Page::default()).unwrap();
    assert!(listing.is_complete());
    let everything = listing.is_superuser() && listing.refusal().is_none() && context.session_scopes.is_none() && case.is_flat();
    Some((listing.entries().collect(), everything))
}

/// A permission is allowed exactly if a line covers it, and no refused exception of that line does.
#[test]
fn a_list_says_of_every_permission_whether_it_is_allowed() {
    for system in SYSTEMS {
        let (mut asked, mut allowed, mut excepted, mut aside) = (0, 0, 0, 0);
        each(system, |case| {
            if !case.is_plain() {
                aside += 1;
                return;
            }
            let probes = case.probes();
            for (principal, context) in case.askers(3) {
                let Some((list, everything)) = entries(case, &principal, &context) else { continue };
                let texts: Vec<&String> = list.iter().map(|entry| &entry.permission).collect();
                assert!(texts.is_sorted());
                excepted += list.iter().map(|entry| entry.except.len()).sum::<usize>();
                let own = list.iter().filter(|entry| !entry.pattern).map(|entry| entry.permission.clone());
                for permission in probes.iter().cloned().chain(own) {
                    let line = list.iter().any(|entry| {
                        let refused = |except: &latchgate::insight::Exception| {
                            ["deny", "error"].contains(&except.standing) && case.covers(&except.permission, &permission)
                        };
                        let itself = entry.permission == permission;
                        (itself || entry.pattern && case.covers(&entry.permission, &permission)) && !entry.except.iter().any(refused)
                    });
                    let below = list.iter().any(|entry| {
                        let refused = |except: &latchgate::insight::Exception| {
                            ["deny", "error"].contains(&except.standing) && case.covers(&except.permission, &permission)
                        };
                        case.covers(&entry.permission, &permission) && !entry.except.iter().any(refused)
                    });
                    let expected = case.expected(&principal, &permission, &context);
                    // What is below one permission is covered by it too, where nothing registered bounds what is held.
                    let closed = case.snapshot["payloads"]["registry"] == "closed";
                    let listed = if closed && !expected.agrees("allow", "superuser", 200, None) { line } else { below };
                    assert_eq!(
                        listed || everything,
                        expected.is_allow(),
                        "{permission}: {expected:?}\n{principal} {context}\n{}\n{}",
                        list.iter().map(|entry| format!("{} {} {:?}\n", entry.permission, entry.pattern, entry.except)).collect::<String>(),
                        case.snapshot
                    );
                    asked += 1;
                    allowed += usize::from(listed);
                }
            }
        });
        report(&format!(
            "list, {system}: {asked} permissions asked, {allowed} allowed, {excepted} exceptions, {aside} snapshots set aside"
        ));
        assert!(asked > 1_000 && allowed > 500);
    }
}

/// The texts alone say of a pattern that all of it is allowed.
#[test]
fn the_short_list_has_the_patterns_of_which_nothing_is_taken() {
    for system in ["hantera", "latchgate"] {
        let mut compared = 0;
        each(system, |case| {
            if !case.is_plain() {
                return;
            }
            for (principal, context) in case.askers(3) {
                let spec = json!({ "principal": principal, "context": context }).to_string();
                let Some((list, _)) = entries(case, &principal, &context) else { continue };
                let Ok(short) = case.policy.principal_from_json(&spec) else { continue };
                let short = short.permissions();
                let closed = case.snapshot["payloads"]["registry"] == "closed";
                if !context["sessionScopes"].is_null() || principal.is_object() || closed {
                    continue;
                }
                let whole = |entry: &&Entry| entry.except.iter().all(|except| !["deny", "error"].contains(&except.standing));
                let patterns: Vec<&String> =
                    list.iter().filter(|entry| entry.pattern).filter(whole).map(|entry| &entry.permission).collect();
                for text in short.iter().filter(|text| list.iter().any(|entry| entry.pattern && entry.permission == **text)) {
                    assert!(patterns.contains(&text), "{text}\n{spec}\n{}", case.snapshot);
                    compared += 1;
                }
                let all_of_them = list.iter().filter(|entry| entry.pattern).all(|entry| entry.except.is_empty());
                let covered = |text: &&&String| short.iter().any(|own| own == **text || case.covers(own, text));
                let missed = patterns.iter().find(|text| all_of_them && !covered(text));
                assert_eq!(missed, None, "{short:?}\n{spec}\n{}", case.snapshot);
            }
        });
        report(&format!("short lists, {system}: {compared} patterns compared"));
        assert!(compared > 100);
    }
}

/// The row names what the list names. Nobody else's list has lines of its own than a session's or a token's.
#[test]
fn rows_say_what_lists_say() {
    for system in SYSTEMS {
        let (mut rows, mut lines) = (0, 0);
        each(system, |case| {
            for (principal, context) in case.askers(3) {
                let spec = json!({ "principal": principal, "context": context });
                let Ok((who, context)) = case.policy.who_from_json(&spec.to_string()) else { continue };
                let insight = case.policy.insight(&context);
                let listing = insight.list(&who, &Page::default()).unwrap();
                let Some(row) = insight.list_row(&who) else {
                    assert!(context.session_scopes.is_some() || principal.is_object(), "{spec}");
                    continue;
                };
                let named: Vec<&str> = named(row.words(), insight.lines()).collect();
                assert_eq!(named, listing.permissions().collect::<Vec<_>>(), "{spec}\n{}", case.snapshot);
                assert_eq!((row.is_superuser(), row.refusal()), (listing.is_superuser(), listing.refusal()));
                assert_eq!(insight.is_complete(), listing.is_complete());
                rows += 1;
                lines += named.len();
            }
        });
        report(&format!("rows of lists, {system}: {rows} compared, {lines} lines"));
        assert!(rows > 500 && lines > 500);
    }
}

/// Pages are parts of the whole; a cursor of another snapshot or another question is refused.
#[test]
fn pages_join_to_the_whole_list() {
    let load = |text: &str| latchgate::Policy::load(text.as_bytes()).unwrap();
    let text = r#"{"system":"latchgate","payloads":{"combining":"additive","principals":[
        {"id":"u","grants":[{"permissions":["a:r","b:r","c:r","d:r","e:r"]}]},{"id":"v","grants":[{"permissions":["a:r","b:r"]}]}]}}"#;
    let (policy, other) = (load(text), load(&text.replace("e:r", "f:r")));
    let who = |id: &str| latchgate::Who::Named(id.into());
    let insight = policy.insight(&Context::default());
    let mut page = Page { limit: Some(2), cursor: None };
    let mut texts: Vec<String> = Vec::new();
    for size in [2, 2, 1] {
        let listing = insight.list(&who("u"), &page).unwrap();
        assert_eq!((listing.len(), listing.total()), (size, 5));
        texts.extend(listing.permissions().map(str::to_owned));
        let cursor = listing.next().map(str::to_owned);
        let Some(cursor) = cursor else { break };
        page.cursor = Some(cursor.clone());
        let refused = |insight: &latchgate::insight::Insight, id: &str| insight.list(&who(id), &page).unwrap_err();
        assert_eq!(refused(&other.insight(&Context::default()), "u").code().as_str(), "ERR_CURSOR_STALE");
        let error = refused(&insight, "v");
        assert_eq!((error.code().as_str(), error.path()), ("ERR_ARGUMENT", "$.cursor"));
    }
    assert_eq!(texts, ["a:r", "b:r", "c:r", "d:r", "e:r"]);
    for cursor in ["", "x", "--", "0123456789abcdef-0-x", "0123456789abcdef-0-1-2"] {
        let page = Page { limit: None, cursor: Some(cursor.into()) };
        assert_eq!(insight.list(&who("u"), &page).unwrap_err().code().as_str(), "ERR_ARGUMENT", "{cursor}");
    }
    let page = Page { limit: Some(0), cursor: None };
    assert_eq!(insight.list(&who("u"), &page).unwrap_err().path(), "$.limit");
}

#[test]
fn a_refused_principal_has_nothing() {
    let policy = latchgate::Policy::load(br#"{"system":"latchgate","payloads":{"combining":"additive","principals":[]}}"#).unwrap();
    let listing = policy.insight(&Context::default()).list(&latchgate::Who::Nobody, &Page::default()).unwrap();
    assert_eq!((listing.total(), listing.refusal()), (0, Some("unauthenticated")));
}
