//! One hash for all decisions: alike where all is decided alike, another one where anything is not.

use latchgate::{Context, Policy};
use serde_json::{Value, json};

use crate::cases::{each, mutations, report};
use crate::reference::{self, generate::SYSTEMS};

#[test]
fn equal_digests_mean_equal_decisions() {
    for system in SYSTEMS {
        let (mut equal, mut other, mut asked, mut aside) = (0, 0, 0, 0);
        each(system, |case| {
            let insight = case.policy.insight(&Context::default());
            let again = Policy::open(case.policy.as_bytes().to_vec()).unwrap().insight(&Context::default());
            assert_eq!(insight.digest(), again.digest());
            for snapshot in mutations(&case.snapshot, 1) {
                let Ok(changed) = Policy::load(snapshot.to_string().as_bytes()) else { continue };
                if !case.is_read_alike(&snapshot, &changed) {
                    aside += 1;
                    continue;
                }
                let changed = changed.insight(&Context::default());
                for id in case.principals() {
                    let (Ok(before), Ok(after)) = (insight.digest_of(&id), changed.digest_of(&id)) else { continue };
                    let differs = case.probes().into_iter().find(|permission| {
                        asked += 1;
                        let ask = case.ask(permission);
                        let decide = |of: &Value| reference::decide(of, &json!(id), &ask, &json!({})).is_allow();
                        decide(&case.snapshot) != decide(&snapshot)
                    });
                    if before == after {
                        assert_eq!(differs, None, "{id}\n{}\n{snapshot}", case.snapshot);
                        equal += 1;
                    } else {
                        other += 1;
                    }
                }
            }
        });
        report(&format!("digests, {system}: {equal} alike, {other} not, {asked} questions, {aside} changed snapshots set aside"));
        assert!(equal > 100 && other > 20 && aside < 100);
    }
}

/// The order of principals and of grants that only add up says nothing; a condition and a name do.
#[test]
fn what_does_not_decide_does_not_change_it() {
    let digest = |principals: Value| {
        let payloads = json!({ "combining": "additive", "principals": principals });
        let policy = Policy::load(json!({ "system": "latchgate", "payloads": payloads }).to_string().as_bytes()).unwrap();
        policy.insight(&Context::default()).digest().expect("a digest")
    };
    let grant = |permission: &str, owner: &str| json!({ "permissions": [permission], "conditions": { "owner": owner, "n": 1 } });
    let turned = json!({ "permissions": ["b:r"], "conditions": { "n": 1, "owner": "x" } });
    let user = |id: &str, grants: Value| json!({ "id": id, "grants": grants });
    let plain = digest(json!([user("u", json!([grant("a:r", "x"), grant("b:r", "x")])), user("v", json!([]))]));
    assert_eq!(plain, digest(json!([user("v", json!([])), user("u", json!([turned, grant("a:r", "x"), grant("a:r", "x")]))])));
    assert_ne!(plain, digest(json!([user("u", json!([grant("a:r", "y"), grant("b:r", "x")])), user("v", json!([]))])));
    assert_ne!(plain, digest(json!([user("u", json!([grant("a:r", "x"), grant("b:r", "x")])), user("w", json!([]))])));
    // The same on every target.
    assert_eq!(plain, "43716b60e3c09043208d8bee2c8ed8094ddc0b628239a68b48bd147bb7d67fcb");
}
