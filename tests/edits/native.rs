use serde_json::{Value, json};

use super::table::{accepted, bare, by, refused, run, send, with};

fn snapshot() -> Value {
    json!({ "format": 1, "system": "latchgate", "version": "7", "payloads": {
        "combining": "deny-overrides",
        "permissions": [{ "name": "invoice:read", "system": true }, { "name": "invoice:write" }],
        "tenants": [{ "id": "acme" }, { "id": "emea", "parent": "acme" }],
        "resources": [{ "type": "folder", "id": "f" }, { "type": "invoice", "id": "i", "parent": { "type": "folder", "id": "f" } }],
        "roles": [
            { "key": "viewer", "grants": [{ "permissions": ["invoice:read"] }] },
            { "key": "editor", "name": "Editor", "inherits": ["viewer"], "grants": [{ "permissions": ["invoice:write"] }] },
            { "key": "admin", "grants": [{ "permissions": ["role:write"] }] }],
        "groups": [{ "id": "staff", "roles": ["viewer"] }, { "id": "sales", "memberOf": ["staff"] }],
        "principals": [
            { "id": "boss", "roles": ["admin"] }, { "id": "ed", "roles": ["editor"] },
            { "id": "sam", "groups": ["sales"], "roles": [{ "role": "editor", "scope": "emea" }] }],
        "endpoints": [{ "method": "DELETE", "path": "/roles/{key}", "requires": { "anyOf": ["role:write"] } }] } })
}

fn grants(permission: &str) -> Value {
    json!({ "grants": [{ "permissions": [permission] }] })
}

#[test]
fn native() {
    let cases = [
        // The snapshot's own table decides, where an actor is named.
        accepted("N17", by("boss", bare("DELETE", "/roles/viewer")), 204, |after| after.step["actorChecked"] == true),
        refused("N1", by("ed", bare("DELETE", "/roles/viewer")), 403, "EDIT_FORBIDDEN", "$.request"),
        refused("N17", by("boss", send("PUT", "/roles/viewer", grants("a:b"))), 405, "EDIT_UNKNOWN_ROUTE", "$.request"),
        // NW1: what a load refuses.
        accepted("NW1", send("PUT", "/roles/viewer", grants("invoice:print")), 200, |after| {
            after.can("ed", "invoice:print") && !after.can("ed", "invoice:read") && after.payloads["roles"][0]["key"] == "viewer"
        }),
        refused("NW1", send("PUT", "/roles/viewer", json!({ "colour": "red" })), 400, "EDIT_INVALID", "$.payloads.roles[0].colour"),
        refused("NW1", send("PUT", "/roles/viewer", json!({ "inherits": ["editor"] })), 400, "EDIT_INVALID", "$.payloads.roles[0]"),
        refused("NW1", bare("PUT", "/roles/viewer"), 400, "EDIT_INVALID", "$.request"),
        // NW2: the ETag of what is there.
        accepted("NW2", json!([bare("GET", "/roles/editor"), with(bare("DELETE", "/roles/editor"), "If-Match", "*")]), 204, |_| true),
        refused(
            "NW2",
            with(bare("DELETE", "/roles/editor"), "If-Match", "\"0000000000000000\""),
            409,
            "EDIT_CONFLICT",
            "$.request.headers.If-Match",
        ),
        refused("NW2", with(send("PUT", "/roles/new", grants("a:b")), "If-Match", "*"), 409, "EDIT_CONFLICT", "$.request.headers.If-Match"),
        // NW3
        accepted("NW3", send("POST", "/roles", json!({ "key": "new", "grants": [] })), 201, |after| {
            after.payloads["roles"][3]["key"] == "new"
        }),
        accepted(
            "NW3",
            json!({ "context": { "id": "g9" }, "request": { "method": "POST", "path": "/groups", "body": { "roles": ["editor"] } } }),
            201,
            |after| after.payloads["groups"][2] == json!({ "roles": ["editor"], "id": "g9" }),
        ),
        refused("NW3", send("POST", "/roles", json!({ "key": "viewer" })), 409, "EDIT_DUPLICATE", "$.request.body.key"),
        refused("NW3", send("POST", "/principals", json!({})), 400, "EDIT_INVALID", "$.request.body"),
        // NW4
        accepted("NW4", bare("DELETE", "/permissions/invoice%3Awrite"), 204, |after| {
            after.payloads["permissions"].as_array().unwrap().len() == 1
        }),
        refused("NW4", bare("DELETE", "/permissions/invoice:read"), 403, "EDIT_RESERVED", "$.request.path"),
        refused("NW4", send("PATCH", "/permissions/invoice:read", json!({ "system": false })), 403, "EDIT_RESERVED", "$.request.path"),
        // NW5: PATCH keeps what it does not name.
        accepted("NW5", send("PATCH", "/roles/editor", json!({ "key": "editor", "name": null, "description": "d" })), 200, |after| {
            after.payloads["roles"][1]
                == json!({ "key": "editor", "inherits": ["viewer"], "grants": [{ "permissions": ["invoice:write"] }], "description": "d" })
        }),
        refused("NW5", send("PATCH", "/roles/editor", json!({ "key": "other" })), 400, "EDIT_IMMUTABLE", "$.request.body.key"),
        refused("NW5", send("PUT", "/principals/ed", json!({ "id": "other" })), 400, "EDIT_IMMUTABLE", "$.request.body.id"),
        // NW6
        accepted("NW6", bare("DELETE", "/principals/ed"), 204, |after| !after.can("ed", "invoice:write")),
        refused("NW6", bare("DELETE", "/principals/eve"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("NW6", send("PATCH", "/groups/none", json!({})), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("NW6", bare("DELETE", "/principals/ed/roles/viewer"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        // NW7: the cascade.
        accepted("NW7", bare("DELETE", "/roles/editor"), 204, |after| {
            after.payloads["principals"][2]["roles"] == json!([])
                && !after.can("ed", "invoice:read")
                && after.step["notes"].as_array().unwrap().len() == 2
        }),
        accepted("NW7", bare("DELETE", "/groups/staff"), 204, |after| after.payloads["groups"][0]["memberOf"] == json!([])),
        accepted("NW7", json!([bare("DELETE", "/resources/invoice/i"), bare("DELETE", "/resources/folder/f")]), 204, |after| {
            after.payloads["resources"] == json!([])
        }),
        refused("NW7", bare("DELETE", "/resources/folder/f"), 409, "EDIT_IN_USE", "$.request.path"),
        refused("NW7", bare("DELETE", "/tenants/acme"), 409, "EDIT_IN_USE", "$.request.path"),
        // NW8
        accepted(
            "NW8",
            json!([
                bare("PUT", "/principals/boss/roles/viewer"),
                bare("PUT", "/groups/sales/roles/editor"),
                bare("PUT", "/principals/boss/groups/sales")
            ]),
            200,
            |after| after.can("boss", "invoice:read") && after.can("sam", "invoice:write") && after.can("boss", "invoice:write"),
        ),
        accepted("NW8", bare("PUT", "/principals/ed/roles/editor"), 200, |after| after.step["changed"] == false),
        accepted(
            "NW8",
            json!({ "request": { "method": "DELETE", "path": "/principals/sam/roles/editor", "query": { "scope": "emea" } } }),
            200,
            |after| after.payloads["principals"][2]["roles"] == json!([]),
        ),
        refused("NW8", bare("PUT", "/groups/sales/roles/editor?scope=emea"), 400, "EDIT_INVALID", "$.request.query.scope"),
        refused("NW6", bare("PUT", "/principals/ed/roles/none"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        accepted("NW8", send("PUT", "/resources/folder/f", json!({ "parent": { "type": "folder", "id": "top" } })), 200, |after| {
            after.payloads["resources"][0]["parent"]["id"] == "top"
        }),
        accepted("NW8", send("PUT", "/resources/folder/top", json!({})), 201, |after| {
            after.payloads["resources"][2] == json!({ "type": "folder", "id": "top" })
        }),
        refused("table", bare("DELETE", "/endpoints/1"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
        refused("table", bare("PATCH", "/resources/folder/f"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    let rules = ["N1*", "N17", "table*", "NW1", "NW2", "NW3", "NW4", "NW5", "NW6", "NW7", "NW8"];
    run("native", &snapshot(), &rules, &cases);
}

#[test]
fn plain_casl_rules() {
    let snapshot = json!({ "system": "casl", "payloads": { "reader": [{ "action": "read", "subject": "Post" }], "none": [] } });
    let cases = [
        accepted("NW1", send("PUT", "/rules/reader", json!([{ "action": "read", "subject": "Page" }])), 200, |after| {
            after.can("reader", "read Page") && !after.can("reader", "read Post")
        }),
        refused("NW1", send("PUT", "/rules/reader", json!([7])), 400, "EDIT_INVALID", "$.payloads.reader[0]"),
        refused("NW1", send("PUT", "/rules/reader", json!({})), 400, "EDIT_INVALID", "$.request.body"),
        accepted("NW6", json!([bare("GET", "/rules/reader"), bare("DELETE", "/rules/none")]), 204, |after| {
            after.payloads.get("none").is_none()
        }),
        refused("NW6", bare("DELETE", "/rules/other"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused("NW2", with(bare("DELETE", "/rules/none"), "If-Match", "\"0\""), 409, "EDIT_CONFLICT", "$.request.headers.If-Match"),
        refused("table", bare("POST", "/rules/none"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    run("casl", &snapshot, &["NW1", "NW2*", "NW6", "table*"], &cases);
}

#[test]
fn two_edits_against_one_etag() {
    let text = snapshot().to_string();
    let read = latchgate::edit::edit(&text, &bare("GET", "/roles/editor").to_string()).unwrap();
    let read: Value = serde_json::from_str(&read).unwrap();
    let etag = read["edits"][0]["etag"].as_str().unwrap();
    let first = with(send("PATCH", "/roles/editor", json!({ "name": "A" })), "If-Match", etag);
    let second = with(send("PATCH", "/roles/editor", json!({ "name": "B" })), "If-Match", etag);
    let answer = |edits: Value| serde_json::from_str::<Value>(&latchgate::edit::edit(&text, &edits.to_string()).unwrap()).unwrap();
    assert_eq!(answer(json!([first]))["ok"], true);
    let both = answer(json!([first, second]));
    assert_eq!((&both["code"], &both["index"], &both["status"]), (&json!("EDIT_CONFLICT"), &json!(1), &json!(409)));
}
