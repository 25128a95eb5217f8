use serde_json::{Value, json};

use super::table::{accepted, bare, by, refused, run, send, with};

fn snapshot() -> Value {
    json!({ "system": "hantera", "tenant": "acme", "payloads": {
        "roles": [
            { "key": "system:owner" },
            { "key": "hr:admin", "acl": { "entries": [
                { "resource": "iam/principals", "permission": "write" }, { "resource": "iam/principals", "permission": "delete" },
                { "resource": "iam/roles", "permission": "write" }, { "resource": "iam/clients" }] }, "x-unknown": [1, { "a": null }] },
            { "key": "support:agent", "description": "Support", "acl": { "entries": [{ "resource": "registry", "permission": "read" }] }, "etag": "\"r1\"" },
            { "key": "legacy", "acl": { "entries": [] } }],
        "principals": { "principals": [
            { "id": "p-hr", "type": "principal", "properties": { "email": "hr@acme.test" }, "roles": ["hr:admin"], "suspendedAt": null },
            { "id": "p-1", "type": "principal", "properties": { "name": "One", "email": "one@acme.test" }, "roles": ["support:agent"],
              "suspendedAt": null, "lastActiveAt": "2026-01-01T00:00:00Z", "etag": "\"e1\"" }], "totalCount": 2, "firstCursor": "a", "lastCursor": "b" },
        "clients": [{ "id": "c-app", "type": "client", "properties": { "name": "App" }, "roles": [] },
            { "id": "c-portal", "type": "client", "properties": { "isSystem": true }, "roles": [] }] } })
}

const ROLE: &str = "/resources/iam/roles/support:agent";
const ONE: &str = "/resources/iam/principals/p-1";

fn acl(resource: &str, permission: &str) -> Value {
    json!({ "acl": { "entries": [{ "resource": resource, "permission": permission }] } })
}

#[test]
fn hantera() {
    let cases = [
        // The actor's own right comes before anything else.
        accepted("H2", by("p-hr", send("PUT", ROLE, acl("registry", "write"))), 200, |after| {
            after.can("p-1", "registry:write") && !after.can("p-1", "registry:read") && after.step["actorChecked"] == true
        }),
        refused("H1", by("p-1", send("PUT", ROLE, acl("registry", "write"))), 403, "EDIT_FORBIDDEN", "$.request"),
        refused("H1", by("p-1", bare("DELETE", "/resources/iam/roles/no:such")), 403, "EDIT_FORBIDDEN", "$.request"),
        refused("H1", json!({ "actor": null, "request": { "method": "DELETE", "path": ONE } }), 401, "EDIT_FORBIDDEN", "$.request"),
        // HW1: the namespace of the system.
        accepted("HW1", send("PUT", "/resources/iam/roles/systems:x", acl("registry", "read")), 201, |after| {
            after.find(&after.payloads["roles"], "key", "systems:x").is_some() && after.step["actorChecked"] == false
        }),
        refused("HW1", send("PUT", "/resources/iam/roles/system:owner", acl("registry", "read")), 403, "EDIT_RESERVED", "$.request.path"),
        refused("HW1", by("p-hr", send("PUT", "/resources/iam/roles/system:new", acl("a", "b"))), 403, "EDIT_RESERVED", "$.request.path"),
        refused("HW1", bare("DELETE", "/resources/iam/roles/system:owner"), 403, "EDIT_RESERVED", "$.request.path"),
        // HW2: the key of a role; one that is there already keeps its spelling.
        accepted("HW2", send("PUT", "/resources/iam/roles/legacy", acl("registry", "read")), 200, |after| {
            after.find(&after.payloads["roles"], "key", "legacy").unwrap()["acl"]["entries"][0]["resource"] == "registry"
        }),
        refused("HW2", send("PUT", "/resources/iam/roles/manager", acl("registry", "read")), 400, "EDIT_INVALID", "$.request.path"),
        refused("HW2", send("PUT", "/resources/iam/roles/:x", acl("registry", "read")), 400, "EDIT_INVALID", "$.request.path"),
        refused("HW2", send("PUT", ROLE, json!({ "key": "a:b", "acl": { "entries": [] } })), 400, "EDIT_IMMUTABLE", "$.request.body.key"),
        // HW3: clients of the system.
        accepted("HW3", send("PUT", "/resources/iam/clients/c-app", json!({ "roles": ["hr:admin"] })), 200, |after| {
            after.can("c-app", "iam/roles:write")
        }),
        refused("HW3", send("PUT", "/resources/iam/clients/c-portal", json!({})), 403, "EDIT_RESERVED", "$.request.path"),
        refused("HW3", bare("DELETE", "/resources/iam/clients/c-portal"), 403, "EDIT_RESERVED", "$.request.path"),
        refused("HW3", bare("POST", "/resources/iam/clients/c-portal/secrets"), 403, "EDIT_RESERVED", "$.request.path"),
        refused("HW3", send("PUT", "/resources/iam/clients/c-portal/roles", json!([])), 403, "EDIT_RESERVED", "$.request.path"),
        // HW4: PUT replaces, or creates; what the server keeps itself stays.
        accepted("HW4", send("PUT", ONE, json!({ "properties": { "name": "Uno" } })), 200, |after| {
            let one = &after.payloads["principals"]["principals"][1];
            one["roles"] == json!([]) && one["properties"] == json!({ "name": "Uno" }) && one["lastActiveAt"] == "2026-01-01T00:00:00Z"
        }),
        accepted("HW4", send("PUT", "/resources/iam/principals/p-2", json!({ "roles": ["support:agent"] })), 201, |after| {
            after.payloads["principals"]["totalCount"] == 3 && after.can("p-2", "registry:read")
        }),
        accepted("HW4", send("PUT", ROLE, json!({ "acl": { "entries": [] } })), 200, |after| {
            after.find(&after.payloads["roles"], "key", "support:agent").unwrap().get("description").is_none()
        }),
        accepted("HW4", send("PUT", "/resources/iam/roles/hr:admin", acl("iam/roles", "read")), 200, |after| {
            after.payloads["roles"][1]["x-unknown"] == json!([1, { "a": null }])
        }),
        accepted("HW4", send("PUT", ONE, json!({ "roles": ["support:agent"], "suspendedAt": "2026-02-01T00:00:00Z" })), 200, |after| {
            !after.can("p-1", "registry:read")
        }),
        refused("HW4", send("PUT", ONE, json!({ "id": "p-9" })), 400, "EDIT_IMMUTABLE", "$.request.body.id"),
        // HW5: the ETag of the last GET, or 409.
        accepted("HW5", with(send("PUT", ONE, json!({ "roles": [] })), "If-Match", "\"e1\""), 200, |after| {
            let etag = &after.payloads["principals"]["principals"][1]["etag"];
            *etag != "\"e1\"" && *etag == after.step["etag"]
        }),
        accepted("HW5", with(bare("DELETE", ONE), "if-match", "*"), 204, |after| after.payloads["principals"]["totalCount"] == 1),
        accepted("HW5", with(bare("DELETE", "/resources/iam/principals/p-hr"), "If-Match", "\"anything\""), 204, |after| {
            after.find(&after.payloads["principals"]["principals"], "id", "p-hr").is_none()
        }),
        refused(
            "HW5",
            with(send("PUT", ONE, json!({ "roles": [] })), "If-Match", "\"e0\""),
            409,
            "EDIT_CONFLICT",
            "$.request.headers.If-Match",
        ),
        refused("HW5", with(bare("DELETE", ROLE), "If-Match", "\"e0\""), 409, "EDIT_CONFLICT", "$.request.headers.If-Match"),
        refused("HW5", send("PUT", ROLE, json!({ "etag": "r0", "acl": { "entries": [] } })), 409, "EDIT_CONFLICT", "$.request.body.etag"),
        refused(
            "HW5",
            with(send("PUT", "/resources/iam/roles/a:b", acl("a", "b")), "If-Match", "\"e1\""),
            409,
            "EDIT_CONFLICT",
            "$.request.headers.If-Match",
        ),
        // Two edits against one ETag, be it known to the snapshot or not: the second is refused.
        refused(
            "HW5",
            json!([
                with(send("PUT", ONE, json!({ "roles": [] })), "If-Match", "\"e1\""),
                with(send("PUT", ONE, json!({ "roles": [] })), "If-Match", "\"e1\"")
            ]),
            409,
            "EDIT_CONFLICT",
            "$[1].request.headers.If-Match",
        ),
        refused(
            "HW5",
            json!([
                with(send("PUT", "/resources/iam/principals/p-hr/roles", json!([])), "If-Match", "\"h\""),
                with(send("PUT", "/resources/iam/principals/p-hr/roles", json!([])), "If-Match", "\"h\"")
            ]),
            409,
            "EDIT_CONFLICT",
            "$[1].request.headers.If-Match",
        ),
        // HW6: what is not there.
        accepted("HW6", bare("DELETE", ROLE), 204, |after| !after.can("p-1", "registry:read") && after.step["notes"][0].is_string()),
        refused("HW6", bare("DELETE", "/resources/iam/roles/no:such"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("HW6", bare("DELETE", "/resources/iam/principals/p-9"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("HW6", send("PUT", "/resources/iam/principals/p-9/roles", json!([])), 404, "EDIT_NOT_FOUND", "$.request.path"),
        // HW7: passwords and secrets are in no snapshot.
        accepted("HW7", bare("POST", "/resources/iam/principals/p-1/password/reset"), 200, |after| after.step["changed"] == false),
        accepted("HW7", bare("POST", "/resources/iam/clients/c-app/secrets"), 200, |after| after.step["changed"] == false),
        accepted("HW7", by("p-1", bare("POST", "/resources/me/password")), 200, |after| after.step["changed"] == false),
        refused("HW6", bare("POST", "/resources/iam/principals/p-9/password/reset"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("table", bare("PUT", "/resources/iam/principals/p-1/password/reset"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
        refused("H11", by("p-hr", bare("PUT", "/resources/nothing")), 404, "EDIT_UNKNOWN_ROUTE", "$.request"),
        // HW8: one e-mail address, one principal.
        accepted("HW8", send("PUT", ONE, json!({ "properties": { "email": "one@acme.test" }, "roles": [] })), 200, |_| true),
        accepted("HW8", send("PUT", ONE, json!({ "properties": { "email": "uno@acme.test" } })), 200, |after| {
            !after.can("one@acme.test", "registry:read")
        }),
        refused(
            "HW8",
            send("PUT", ONE, json!({ "properties": { "email": "HR@acme.test" } })),
            409,
            "EDIT_DUPLICATE",
            "$.request.body.properties.email",
        ),
        // HW9: what a body holds.
        accepted("HW9", send("PUT", ROLE, json!({ "acl": { "entries": [{ "resource": ["registry", "channels"] }] } })), 200, |after| {
            after.can("p-1", "registry/channels:write") && !after.can("p-1", "registry:write")
        }),
        refused("HW9", send("PUT", ROLE, json!({})), 400, "EDIT_INVALID", "$.request.body"),
        refused("HW9", bare("PUT", ROLE), 400, "EDIT_INVALID", "$.request"),
        refused(
            "HW9",
            send("PUT", ROLE, json!({ "acl": { "entries": [{ "permission": "read" }] } })),
            400,
            "EDIT_INVALID",
            "$.request.body.acl.entries[0]",
        ),
        refused("HW9", send("PUT", ROLE, acl("registry", "")), 400, "EDIT_INVALID", "$.request.body.acl.entries[0].permission"),
        refused("HW9", send("PUT", ONE, json!({ "roles": [1] })), 400, "EDIT_INVALID", "$.request.body.roles[0]"),
        refused("HW9", send("PUT", ONE, json!({ "properties": "x" })), 400, "EDIT_INVALID", "$.request.body.properties"),
        // HW10: roles alone.
        accepted("HW10", send("PUT", "/resources/iam/principals/p-1/roles", json!(["hr:admin", "no:such"])), 200, |after| {
            after.can("p-1", "iam/roles:write") && !after.can("p-1", "registry:read") && after.step["notes"].as_array().unwrap().len() == 1
        }),
        accepted("HW10", send("PUT", "/resources/iam/principals/p-1/roles", json!({ "roles": [] })), 200, |after| {
            !after.can("p-1", "registry:read")
        }),
        refused("HW10", send("PUT", "/resources/iam/principals/p-1/roles", json!({})), 400, "EDIT_INVALID", "$.request.body"),
    ];
    let rules = ["H1*", "H2*", "H11*", "table*", "HW1", "HW2", "HW3", "HW4", "HW5", "HW6", "HW7*", "HW8", "HW9", "HW10"];
    run("hantera", &snapshot(), &rules, &cases);
}
