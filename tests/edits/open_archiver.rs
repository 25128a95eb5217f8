use serde_json::{Value, json};

use super::table::{accepted, bare, by, refused, run, send, with};

fn snapshot() -> Value {
    let role = |id: &str, slug: &str, name: &str, policies: Value| json!({ "id": id, "slug": slug, "name": name, "policies": policies, "x-unknown": true });
    let reader = role("r-read", "reader", "Reader", json!([{ "action": "read", "subject": "archive" }]));
    json!({ "system": "open-archiver", "payloads": {
        "roles": [role("r-super", "predefined_super_admin", "Super Admin", json!([{ "action": "manage", "subject": "all" }])), reader],
        "users": [
            { "id": "u-admin", "email": "admin@x.test", "first_name": "A", "last_name": "B", "role": { "id": "r-super", "name": "Super Admin", "policies": [] } },
            { "id": "u-1", "email": "one@x.test", "role": reader, "totpEnabled": true },
            { "id": "u-2", "email": "two@x.test", "roles": ["r-read", "r-super"] }] } })
}

const ROLES: &str = "/v1/iam/roles";
const READER: &str = "/v1/iam/roles/r-read";
const ONE: &str = "/v1/users/u-1";

fn policy(action: Value, subject: Value) -> Value {
    json!({ "name": "N", "policies": [{ "action": action, "subject": subject }] })
}

#[test]
fn open_archiver() {
    let cases = [
        accepted("A19", by("u-admin", send("POST", ROLES, policy(json!("read"), json!("users")))), 201, |after| {
            after.step["actorChecked"] == true
        }),
        refused("A4", by("u-1", send("POST", ROLES, json!({}))), 403, "EDIT_FORBIDDEN", "$.request"),
        // Whom the server does not know is not logged in, as the engine answers any question about them.
        refused("A21", by("nobody", bare("DELETE", READER)), 401, "EDIT_FORBIDDEN", "$.request"),
        // AW1
        accepted("AW1", send("PUT", READER, json!({ "name": "Readers" })), 200, |after| {
            after.can("u-1", "read archive")
                && after.payloads["roles"][1]["name"] == "Readers"
                && after.payloads["roles"][1]["x-unknown"] == true
        }),
        accepted("AW1", send("PUT", READER, json!({ "policies": [] })), 200, |after| !after.can("u-1", "read archive")),
        refused("AW1", send("POST", ROLES, json!({ "name": "N" })), 400, "EDIT_INVALID", "$.request.body"),
        refused("AW1", send("POST", ROLES, json!({ "name": "", "policies": [] })), 400, "EDIT_INVALID", "$.request.body"),
        refused("AW1", send("PUT", READER, json!({ "slug": "x" })), 400, "EDIT_INVALID", "$.request.body"),
        refused("AW1", send("PUT", READER, json!({ "name": 7 })), 500, "EDIT_INVALID", "$.request.body.name"),
        // AW2
        accepted("AW2", send("POST", ROLES, policy(json!(["read", "search"]), json!(["archive", "all"]))), 201, |after| {
            after.step["body"]["slug"] == "n"
        }),
        accepted("AW2", send("POST", ROLES, policy(json!([]), json!("all"))), 201, |after| {
            after.step["notes"].as_array().unwrap().len() == 1
        }),
        refused(
            "AW2",
            send("POST", ROLES, policy(json!("update-all"), json!("all"))),
            400,
            "EDIT_INVALID",
            "$.request.body.policies[0].action",
        ),
        refused(
            "AW2",
            send("POST", ROLES, policy(json!("read"), json!(["all", "Archive"]))),
            400,
            "EDIT_INVALID",
            "$.request.body.policies[0].subject",
        ),
        refused(
            "AW2",
            send("PUT", READER, json!({ "policies": [{ "action": "read" }] })),
            400,
            "EDIT_INVALID",
            "$.request.body.policies[0]",
        ),
        refused("AW2", send("PUT", READER, json!({ "policies": { "action": "read" } })), 500, "EDIT_INVALID", "$.request.body.policies"),
        refused("AW2", send("PUT", READER, json!({ "policies": "all" })), 400, "EDIT_INVALID", "$.request.body.policies"),
        // AW3: stored unread; what it would do is said beside it.
        accepted(
            "AW3",
            send(
                "PUT",
                READER,
                json!({ "policies": [
                { "action": "read", "subject": "archive", "conditions": {} },
                { "action": "read", "subject": "archive", "conditions": { "$or": [], "title": "x", "ingestionSource.userId": { "$ne": "1" }, "userEmail": { "$like": "y" } } },
                { "action": "read", "subject": "archive", "fields": [] }] }),
            ),
            200,
            |after| after.step["notes"].as_array().unwrap().len() == 6,
        ),
        refused(
            "load",
            send("PUT", READER, json!({ "policies": [{ "action": "read", "subject": "archive", "fields": [1] }] })),
            200,
            "EDIT_UNREADABLE",
            "$.payloads.roles[1].policies[0].fields[0]",
        ),
        // AW4
        accepted("AW4", send("PUT", READER, json!({ "name": "Reader" })), 200, |_| true),
        refused("AW4", send("POST", ROLES, json!({ "name": "Reader", "policies": [] })), 500, "EDIT_DUPLICATE", "$.request.body.name"),
        refused("AW4", send("PUT", READER, json!({ "name": "Super Admin" })), 500, "EDIT_DUPLICATE", "$.request.body.name"),
        refused(
            "AW4",
            json!([
                send("POST", ROLES, json!({ "name": "Big Boss", "policies": [] })),
                send("POST", ROLES, json!({ "name": "big boss", "policies": [] }))
            ]),
            500,
            "EDIT_DUPLICATE",
            "$[1].request.body.name",
        ),
        // AW5
        accepted("AW5", send("POST", ROLES, json!({ "name": "Big Big Boss", "slug": "mine", "policies": [] })), 201, |after| {
            let role = after.find(&after.payloads["roles"], "id", "new-1").unwrap();
            role["slug"] == "big_big_boss" && role.get("createdAt").is_none()
        }),
        accepted(
            "AW5",
            json!({ "context": { "id": "r-x", "now": "2026-01-02T00:00:00Z" }, "request": { "method": "POST", "path": ROLES, "body": { "name": "X", "policies": [] } } }),
            201,
            |after| after.find(&after.payloads["roles"], "id", "r-x").unwrap()["createdAt"] == "2026-01-02T00:00:00Z",
        ),
        // AW6, AW7
        accepted("AW6", bare("DELETE", "/v1/iam/roles/r-super"), 204, |after| {
            !after.can("u-admin", "manage all") && !after.can("u-2", "manage all")
        }),
        accepted("AW7", with(send("PUT", READER, json!({ "name": "R" })), "If-Match", "\"old\""), 200, |_| true),
        // AW8
        accepted("AW8", send("PUT", "/v1/iam/roles/r-none", json!({ "name": "R" })), 200, |after| {
            after.step.get("body").is_none() && after.step["changed"] == false
        }),
        accepted("AW8", bare("DELETE", "/v1/iam/roles/r-none"), 204, |after| after.step["changed"] == false),
        // AW9
        accepted("AW9", bare("DELETE", READER), 204, |after| {
            after.payloads["users"][1]["role"].is_null()
                && after.payloads["users"][2]["roles"] == json!(["r-super"])
                && !after.can("u-1", "read archive")
        }),
        // AW10
        accepted("AW10", send("PUT", "/v1/users/u-2", json!({ "email": "two@x.test", "roleId": "r-read" })), 200, |after| {
            after.can("u-2", "read archive") && !after.can("u-2", "manage all") && after.payloads["users"][2].get("roles").is_none()
        }),
        accepted("AW10", send("POST", "/v1/users", json!({ "email": "new@x.test", "password": "p", "roleId": "r-read" })), 201, |after| {
            after.can("new@x.test", "read archive") && after.payloads["users"][3].get("password").is_none()
        }),
        refused("AW10", send("POST", "/v1/users", json!({ "email": "new@x.test" })), 500, "EDIT_INVALID", "$.request.body"),
        refused(
            "AW10",
            send("PUT", ONE, json!({ "email": "one@x.test", "roleId": "r-none" })),
            500,
            "EDIT_NOT_FOUND",
            "$.request.body.roleId",
        ),
        // AW11
        accepted("AW11", bare("GET", ROLES), 200, |after| after.step["changed"] == false),
        accepted("AW11", json!([bare("DELETE", "/v1/iam/roles/r-super"), bare("GET", ROLES)]), 200, |after| {
            after.payloads["roles"].as_array().unwrap().len() == 3 && after.step["body"].as_array().unwrap().len() == 1
        }),
        // AW12
        accepted("AW12", send("PUT", ONE, json!({ "email": "uno@x.test", "first_name": null })), 200, |after| {
            after.can("uno@x.test", "read archive")
                && !after.can("one@x.test", "read archive")
                && after.payloads["users"][1]["totpEnabled"] == true
        }),
        refused("AW12", send("PUT", ONE, json!({ "email": "two@x.test" })), 500, "EDIT_DUPLICATE", "$.request.body.email"),
        refused("AW12", send("PUT", ONE, json!({ "roleId": "r-read" })), 500, "EDIT_INVALID", "$.request.body"),
        refused("AW12", send("PUT", "/v1/users/u-9", json!({ "email": "x" })), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("AW12", send("PUT", "/v1/users/u-9", json!({ "email": "x", "roleId": "r-read" })), 500, "EDIT_NOT_FOUND", "$.request.path"),
        refused("AW12", send("POST", "/v1/users", json!({ "roleId": "r-read" })), 500, "EDIT_INVALID", "$.request.body"),
        // AW13
        accepted("AW13", bare("DELETE", ONE), 204, |after| !after.can("u-1", "read archive")),
        accepted("AW13", bare("DELETE", "/v1/users/u-9"), 204, |after| after.step["changed"] == false),
        refused(
            "AW13",
            json!([bare("DELETE", ONE), bare("DELETE", "/v1/users/u-2"), bare("DELETE", "/v1/users/u-admin")]),
            400,
            "EDIT_IN_USE",
            "$[2].request.path",
        ),
        refused("table", bare("POST", "/v1/users/u-1"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    let rules = [
        "A4*", "A19*", "A21*", "load*", "table*", "AW1", "AW2", "AW3*", "AW4", "AW5*", "AW6*", "AW7*", "AW8*", "AW9*", "AW10", "AW11*",
        "AW12", "AW13",
    ];
    run("open-archiver", &snapshot(), &rules, &cases);
}
