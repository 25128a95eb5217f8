//! Open Archiver: roles with CASL policies and the users that hold them; types, records, filters and routes asked.

use super::rules::{record, rule, rule_ask};
use super::{Case, Draw, dressed, names_in, questions};
use serde_json::{Value, json};

const ACTIONS: [&str; 7] = ["read", "manage", "read", "search", "delete", "sync", "manage"];
const SUBJECTS: [&str; 6] = ["ingestion", "archive", "all", "ingestion", "archive", "roles"];

pub(super) fn case(d: &mut Draw) -> Case {
    let roles: Vec<Value> = d.list(4, |d, at| {
        let policies = d.list(4, |d, _| rule(d, &ACTIONS, &SUBJECTS, true));
        json!({ "id": format!("r{at}"), "slug": null, "name": format!("R{at}"), "policies": policies })
    });
    let labelled = d.chance(50);
    let users = d.list(3, |d, at| {
        let id = if labelled { d.pick(&["u0", "u1"]).to_owned() } else { format!("u{at}") };
        let mut user = json!({ "id": id, "email": d.pick(&["x@y.z", "e1", "e2"]) });
        if labelled {
            user["label"] = json!(format!("l{at}"));
        }
        match d.below(5) {
            0 => user["role"] = Value::Null,
            1 => user["role"] = if roles.is_empty() { Value::Null } else { d.pick(&roles) },
            _ => user["roles"] = d.set(&["r0", "r0", "r1", "r1", "r2", "r9"], 3),
        }
        user
    });
    let ids = names_in(&[&users], if labelled { "label" } else { "id" });
    let snapshot = json!({ "system": "open-archiver", "serverVersion": "0.6.0", "payloads": { "roles": roles, "users": users } });
    let asked = questions(d, |d| {
        let principal = match d.below(24) {
            20 => Value::Null,
            21 => json!("zz"),
            22 => json!({ "sub": "u1", "roles": d.set(&["r0", "r1", "r9"], 3) }),
            23 => json!(d.pick(&["x@y.z", "e1", "e2", "u0", "u1"])),
            _ => json!(d.pick(&ids)),
        };
        let ask = if d.chance(25) {
            let (method, path) = d.pick(&[
                ("GET", "/v1/archived-emails/m1"),
                ("DELETE", "/v1/archived-emails/m1"),
                ("GET", "/v1/ingestion-sources/i1"),
                ("GET", "/v1/ingestion-sources/duplicates"),
                ("PUT", "/v1/ingestion-sources/i1"),
                ("POST", "/v1/ingestion-sources/i1/sync"),
                ("POST", "/v1/ingestion-sources"),
                ("GET", "/v1/search"),
                ("GET", "/v1/iam/roles"),
                ("POST", "/v1/iam/roles"),
                ("GET", "/v1/settings/system"),
                ("PUT", "/v1/settings/system"),
                ("GET", "/v1/users/profile"),
                ("GET", "/v1/users/u1"),
                ("GET", "/v1/dashboard/stats"),
                ("GET", "/v1/nothing"),
                ("PATCH", "/v1/users"),
            ]);
            let (method, path) = dressed(d, method, path);
            let mut ask = json!({ "kind": "route", "method": method, "path": path });
            if d.chance(65) {
                ask["attributes"] = json!({ "resource": record(d) });
            }
            ask
        } else {
            rule_ask(
                d,
                &["read", "read", "search", "delete", "manage", "Read", "read"],
                &["ingestion", "archive", "ingestion", "archive", "roles", "all"],
            )
        };
        (principal, ask, json!({}))
    });
    (snapshot, asked)
}
