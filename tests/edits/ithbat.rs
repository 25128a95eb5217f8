use serde_json::{Value, json};

use super::table::{accepted, bare, by, refused, run, send, with};

fn snapshot() -> Value {
    let permission =
        |id: &str, name: &str, system: bool| json!({ "id": id, "tenantId": "t", "name": name, "displayName": name, "isSystem": system });
    json!({ "system": "ithbat", "tenant": "t", "payloads": {
        "permissions": { "success": true, "data": { "permissions": [
            permission("p-pw", "permission:write", true), permission("p-read", "report:read", false), permission("p-export", "report:export", false)], "total": 3 } },
        "roles": { "items": [
            { "id": "r-admin", "tenantId": "t", "name": "Admin", "permissions": ["permission:write"], "isSystem": true },
            { "id": "r-report", "tenantId": "t", "name": "Reports", "permissions": ["report:read", "report:export"], "x-unknown": 1.5 },
            { "id": "r-objects", "tenantId": "t", "name": "Objects", "permissions": [{ "name": "report:read", "id": "p-read" }] },
            { "id": "r-other", "tenantId": "other", "name": "Reports", "permissions": ["report:read"] }], "totalItems": 4 },
        "users": [{ "id": "u-admin", "roles": ["r-admin"] }, { "id": "u-1", "roles": ["r-report"] }, { "id": "u-2", "roles": ["Objects"] }],
        "groups": [{ "id": "g", "roles": ["r-report"], "members": ["u-2"] }] } })
}

const PERMISSIONS: &str = "/api/v1/permissions";
const READ: &str = "/api/v1/permissions/p-read";

fn named(name: &str) -> Value {
    json!({ "name": name, "displayName": "Some name" })
}

#[test]
fn ithbat() {
    let cases = [
        accepted("I3", by("u-admin", send("POST", PERMISSIONS, named("report:print"))), 201, |after| after.step["actorChecked"] == true),
        // I3: permission:write guards deletion too.
        accepted("I3", by("u-admin", bare("DELETE", READ)), 200, |_| true),
        refused("I2", by("u-1", bare("DELETE", READ)), 403, "EDIT_FORBIDDEN", "$.request"),
        // What the documents do not tell the requirement of is closed to whoever is named.
        refused("I3", by("u-admin", bare("DELETE", "/api/v1/roles/r-report")), 405, "EDIT_UNKNOWN_ROUTE", "$.request"),
        accepted("I4", with(bare("DELETE", READ), "X-Tenant-ID", "t"), 200, |_| true),
        refused("I4", with(bare("DELETE", READ), "X-Tenant-ID", "other"), 403, "EDIT_FORBIDDEN", "$.request.headers.X-Tenant-ID"),
        // IW1
        accepted("IW1", send("POST", PERMISSIONS, named("report:print")), 201, |after| {
            let data = &after.payloads["permissions"]["data"];
            data["total"] == 4 && data["permissions"][3]["id"] == "new-1" && data["permissions"][3]["isSystem"] == false
        }),
        refused("IW1", send("POST", PERMISSIONS, named("report")), 400, "EDIT_INVALID", "$.request.body.name"),
        refused("IW1", send("POST", PERMISSIONS, named(":read")), 400, "EDIT_INVALID", "$.request.body.name"),
        // IW2
        accepted("IW2", json!([bare("DELETE", READ), send("POST", PERMISSIONS, named("report:read"))]), 201, |after| {
            !after.can("u-1", "report:read")
        }),
        refused("IW2", send("POST", PERMISSIONS, named("report:read")), 409, "EDIT_DUPLICATE", "$.request.body.name"),
        // IW3
        accepted("IW3", send("PUT", READ, json!({ "category": "Analytics" })), 200, |after| {
            after.payloads["permissions"]["data"]["permissions"][1]["category"] == "Analytics"
        }),
        refused("IW3", send("POST", PERMISSIONS, named("permission:write")), 409, "EDIT_RESERVED", "$.request.body.name"),
        refused("IW3", send("PUT", "/api/v1/permissions/p-pw", json!({ "category": "x" })), 403, "EDIT_RESERVED", "$.request.path"),
        refused("IW3", by("u-admin", bare("DELETE", "/api/v1/permissions/p-pw")), 403, "EDIT_RESERVED", "$.request.path"),
        // IW4
        accepted("IW4", send("PUT", READ, json!({ "name": "report:read", "displayName": "Read" })), 200, |after| {
            after.step["body"]["data"]["permission"]["displayName"] == "Read"
        }),
        refused("IW4", send("PUT", READ, json!({ "name": "report:look" })), 400, "EDIT_IMMUTABLE", "$.request.body.name"),
        // IW5
        accepted("IW5", send("PUT", READ, json!({ "description": "d", "isSystem": true, "tenantId": "other" })), 200, |after| {
            let read = &after.payloads["permissions"]["data"]["permissions"][1];
            read["isSystem"] == false && read["tenantId"] == "t" && after.step["notes"].as_array().unwrap().len() == 2
        }),
        refused("IW5", bare("PUT", READ), 400, "EDIT_INVALID", "$.request"),
        // IW6: the cascade, and who loses what.
        accepted("IW6", bare("DELETE", READ), 200, |after| {
            let roles = &after.payloads["roles"]["items"];
            after.payloads["permissions"]["data"]["total"] == 2
                && roles[1]["permissions"] == json!(["report:export"])
                && roles[2]["permissions"] == json!([])
                && roles[3]["permissions"] == json!(["report:read"])
                && !after.can("u-2", "report:read")
                && after.can("u-1", "report:export")
                && after.step["notes"].as_array().unwrap().len() == 2
        }),
        refused("IW6", bare("DELETE", "/api/v1/permissions/p-9"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        // IW7
        accepted(
            "IW7",
            json!({ "context": { "id": "p-9", "now": "2026-01-01T00:00:00Z" }, "request": { "method": "post", "path": PERMISSIONS, "body": named("a:b") } }),
            201,
            |after| {
                let new = after.find(&after.payloads["permissions"]["data"]["permissions"], "id", "p-9").unwrap();
                new["createdAt"] == "2026-01-01T00:00:00Z" && new["tenantId"] == "t"
            },
        ),
        refused("IW7", send("POST", PERMISSIONS, json!({ "name": "a:b" })), 400, "EDIT_INVALID", "$.request.body"),
        refused("IW7", send("POST", PERMISSIONS, json!({ "displayName": "A" })), 400, "EDIT_INVALID", "$.request.body"),
        refused("IW7", send("PUT", READ, json!({ "category": 1 })), 400, "EDIT_INVALID", "$.request.body.category"),
        // IW8: unique within the tenant, not beyond it.
        accepted(
            "IW8",
            send("POST", "/api/v1/roles", json!({ "name": "Auditors", "permissions": ["report:read", "no:such"] })),
            201,
            |after| after.payloads["roles"]["totalItems"] == 5 && after.step["notes"].as_array().unwrap().len() == 1,
        ),
        refused("IW8", send("POST", "/api/v1/roles", json!({ "name": "Reports" })), 409, "EDIT_DUPLICATE", "$.request.body.name"),
        refused("IW8", send("PUT", "/api/v1/roles/r-objects", json!({ "name": "Reports" })), 409, "EDIT_DUPLICATE", "$.request.body.name"),
        // IW9
        accepted("IW9", bare("DELETE", "/api/v1/roles/r-report"), 200, |after| {
            !after.can("u-1", "report:read") && after.payloads["groups"][0]["roles"] == json!([]) && after.can("u-2", "report:read")
        }),
        accepted("IW9", send("PUT", "/api/v1/roles/r-report", json!({ "permissions": ["report:export"] })), 200, |after| {
            !after.can("u-1", "report:read") && after.payloads["roles"]["items"][1]["x-unknown"] == 1.5
        }),
        refused("IW9", bare("DELETE", "/api/v1/roles/r-admin"), 403, "EDIT_RESERVED", "$.request.path"),
        refused("IW9", bare("DELETE", "/api/v1/roles/r-other"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("table", bare("DELETE", PERMISSIONS), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    let rules = ["I2*", "I3*", "I4", "table*", "IW1", "IW2", "IW3", "IW4", "IW5", "IW6", "IW7", "IW8", "IW9"];
    run("ithbat", &snapshot(), &rules, &cases);
}
