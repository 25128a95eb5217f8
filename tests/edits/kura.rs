use serde_json::{Value, json};

use super::table::{After, accepted, bare, by, refused, run, send};

fn v1() -> Value {
    let identity = |name: &str, password: bool, permissions: Value| json!({ "userName": name, "passwordAuthEnabled": password, "passwordChangeNeeded": true, "permissions": permissions });
    json!({ "system": "kura", "payloads": {
        "definedPermissions": { "permissions": ["kura.admin", "rest.identity", "rest.assets", "rest.wires.admin"] },
        "identities": { "userConfig": [
            identity("admin", true, json!(["kura.admin"])), identity("one", true, json!(["rest.assets", "rest.identity"])),
            identity("kura.user.cert", false, json!(["rest.assets"]))] },
        "passwordRequirements": { "passwordMinimumLength": 8, "passwordRequireDigits": true, "passwordRequireSpecialChars": true, "passwordRequireBothCases": true } } })
}

fn v2() -> Value {
    let identity = |name: &str, password: bool, permissions: Value| {
        json!({ "identity": { "name": name }, "permissionConfiguration": { "permissions": permissions }, "additionalConfigurations": { "configurations": [] },
            "passwordConfiguration": { "passwordAuthEnabled": password, "passwordChangeNeeded": false } })
    };
    json!({ "system": "kura", "payloads": {
        "definedPermissions": [{ "name": "kura.admin" }, { "name": "rest.assets" }, { "name": "rest.identity" }],
        "identities": [identity("admin", true, json!([{ "name": "kura.admin" }])), identity("one", false, json!([{ "name": "rest.assets" }])), { "identity": { "name": "bare" } }] } })
}

const V1: &str = "/services/identity/v1/identities";
const V2: &str = "/services/identity/v2/identities";
const GOOD: &str = "Passw0rd!";

fn one(after: &After) -> Value {
    after.payloads["identities"]["userConfig"][1].clone()
}

#[test]
fn version_1() {
    let change = |actor: &str, from: &str, to: &str| {
        by(actor, send("POST", "/services/session/v1/changePassword", json!({ "currentPassword": from, "newPassword": to })))
    };
    let password = |text: &str| send("PUT", V1, json!({ "userName": "one", "passwordAuthEnabled": true, "password": text }));
    let cases = [
        accepted(
            "K3",
            json!({ "actor": "one", "context": { "auth": "certificate" }, "request": { "method": "PUT", "path": V1, "body": { "userName": "cert", "permissions": [] } } }),
            200,
            |after| !after.can("cert", "rest.assets"),
        ),
        refused(
            "K2",
            json!({ "actor": "cert", "context": { "auth": "certificate" }, "request": { "method": "PUT", "path": V1, "body": {} } }),
            403,
            "EDIT_FORBIDDEN",
            "$.request",
        ),
        // KW1: absent keeps, present replaces.
        accepted("KW1", send("PUT", V1, json!({ "userName": "one", "passwordChangeNeeded": false })), 200, |after| {
            one(after)
                == json!({ "userName": "one", "passwordAuthEnabled": true, "passwordChangeNeeded": false, "permissions": ["rest.assets", "rest.identity"] })
        }),
        accepted("KW1", send("PUT", V1, json!({ "userName": "one", "permissions": ["rest.wires.admin"] })), 200, |after| {
            after.can("one", "rest.wires.admin") && !after.can("one", "rest.assets")
        }),
        // KW2: what is not defined is dropped without a word.
        accepted(
            "KW2",
            send("PUT", V1, json!({ "userName": "one", "permissions": ["rest.assets", "rest.nothing", "rest.assets"] })),
            200,
            |after| one(after)["permissions"] == json!(["rest.assets"]) && after.step["notes"].as_array().unwrap().len() == 1,
        ),
        // KW3
        accepted("KW3", send("POST", V1, json!({ "userName": "two", "permissions": ["rest.assets"] })), 200, |after| {
            after.can("two", "rest.assets") && after.payloads["identities"]["userConfig"][3]["passwordAuthEnabled"] == false
        }),
        accepted("KW3", send("DELETE", V1, json!({ "userName": "cert" })), 200, |after| !after.can("cert", "rest.assets")),
        refused("KW3", send("POST", V1, json!({ "userName": "one" })), 400, "EDIT_DUPLICATE", "$.request.body.userName"),
        refused("KW3", send("PUT", V1, json!({ "userName": "nobody" })), 404, "EDIT_NOT_FOUND", "$.request.body.userName"),
        refused("KW3", send("DELETE", V1, json!({ "userName": "nobody" })), 404, "EDIT_NOT_FOUND", "$.request.body.userName"),
        // KW4: on creation and on update.
        accepted("KW4", send("POST", V1, json!({ "userName": "two", "password": GOOD, "passwordAuthEnabled": true })), 200, |after| {
            after.payloads["identities"]["userConfig"][3]["passwordAuthEnabled"] == true && !after.payloads.to_string().contains(GOOD)
        }),
        accepted("KW4", password(GOOD), 200, |after| after.step["changed"] == false),
        // Not looked at where it is not enabled.
        accepted("KW4", send("PUT", V1, json!({ "userName": "one", "password": "x" })), 200, |after| after.step["changed"] == false),
        refused("KW4", send("POST", V1, json!({ "userName": "two", "password": "x" })), 400, "EDIT_INVALID", "$.request.body.password"),
        refused("KW4", password("Passw0!"), 400, "EDIT_INVALID", "$.request.body.password"),
        refused("KW4", password("Password!"), 400, "EDIT_INVALID", "$.request.body.password"),
        refused("KW4", password("Passw0rdd"), 400, "EDIT_INVALID", "$.request.body.password"),
        refused("KW4", password("passw0rd!"), 400, "EDIT_INVALID", "$.request.body.password"),
        // KW5: accepted, and yet not enabled.
        accepted("KW5", send("PUT", V1, json!({ "userName": "cert", "passwordAuthEnabled": true })), 200, |after| {
            after.step["changed"] == false && after.step["notes"].as_array().unwrap().len() == 1
        }),
        // KW6: disabled is deleted.
        accepted(
            "KW6",
            json!([
                send("PUT", V1, json!({ "userName": "one", "passwordAuthEnabled": false })),
                send("PUT", V1, json!({ "userName": "one", "passwordAuthEnabled": true }))
            ]),
            200,
            |after| one(after)["passwordAuthEnabled"] == false,
        ),
        // KW10: one's own password.
        accepted("KW10", change("one", "Old", GOOD), 200, |after| one(after)["passwordChangeNeeded"] == false),
        refused("KW10", change("one", GOOD, GOOD), 400, "EDIT_INVALID", "$.request.body.newPassword"),
        refused("KW4", change("one", "Old", "short"), 400, "EDIT_INVALID", "$.request.body.newPassword"),
        refused("K8", change("nobody", "Old", GOOD), 401, "EDIT_FORBIDDEN", "$.request"),
        refused("K10", change("cert", "Old", GOOD), 401, "EDIT_FORBIDDEN", "$.request.body.currentPassword"),
        // KW11
        accepted("KW11", send("PUT", V1, json!({ "userName": "kura.user.one", "permissions": null })), 200, |after| {
            after.step["changed"] == false
        }),
        refused(
            "KW11",
            send("PUT", V1, json!({ "userName": "one", "permissions": "rest.assets" })),
            400,
            "EDIT_INVALID",
            "$.request.body.permissions",
        ),
        refused("KW11", send("POST", V1, json!({})), 400, "EDIT_INVALID", "$.request.body"),
        refused("table", bare("POST", "/services/identity/v1/passwordRequirements"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    let rules = ["K2*", "K3*", "K8*", "K10*", "table*", "KW1*", "KW2*", "KW3", "KW4", "KW5*", "KW6*", "KW10", "KW11"];
    run("kura v1", &v1(), &rules, &cases);
}

#[test]
fn version_2() {
    let update = |part: &str, value: Value| send("PUT", V2, json!({ "identity": { "name": "one" }, part: value }));
    let permissions = |names: Value| update("permissionConfiguration", json!({ "permissions": names }));
    let password = |text: &str| update("passwordConfiguration", json!({ "passwordAuthEnabled": true, "password": text }));
    let cases = [
        accepted(
            "KW1",
            update("passwordConfiguration", json!({ "passwordAuthEnabled": false, "passwordChangeNeeded": true })),
            200,
            |after| {
                after.can("one", "rest.assets") && after.payloads["identities"][1]["passwordConfiguration"]["passwordChangeNeeded"] == true
            },
        ),
        accepted("KW2", permissions(json!([{ "name": "rest.identity" }])), 200, |after| {
            after.can("one", "rest.identity") && !after.can("one", "rest.assets")
        }),
        refused(
            "KW2",
            permissions(json!([{ "name": "rest.assets" }, { "name": "rest.nothing" }])),
            400,
            "EDIT_NOT_FOUND",
            "$.request.body.permissionConfiguration.permissions[1]",
        ),
        accepted("KW3", send("POST", V2, json!({ "name": "two.x_3" })), 200, |after| {
            after.payloads["identities"][3]
                == json!({ "identity": { "name": "two.x_3" }, "passwordConfiguration": { "passwordAuthEnabled": false, "passwordChangeNeeded": false }, "permissionConfiguration": { "permissions": [] } })
        }),
        refused("KW3", send("POST", V2, json!({ "name": "one" })), 409, "EDIT_DUPLICATE", "$.request.body.name"),
        refused("KW3", send("PUT", V2, json!({ "identity": { "name": "nobody" } })), 400, "EDIT_NOT_FOUND", "$.request.body.identity.name"),
        refused("KW3", send("DELETE", V2, json!({ "name": "nobody" })), 404, "EDIT_NOT_FOUND", "$.request.body.name"),
        accepted("KW3", send("DELETE", V2, json!({ "name": "one" })), 200, |after| !after.can("one", "rest.assets")),
        accepted("KW4", password("eightcha"), 200, |after| {
            after.payloads["identities"][1]["passwordConfiguration"]
                == json!({ "passwordAuthEnabled": true, "passwordChangeNeeded": false })
        }),
        refused("KW4", password("sevench"), 400, "EDIT_INVALID", "$.request.body.passwordConfiguration.password"),
        accepted(
            "KW5",
            json!([password("eightcha"), update("passwordConfiguration", json!({ "passwordAuthEnabled": true }))]),
            200,
            |_| true,
        ),
        refused(
            "KW5",
            update("passwordConfiguration", json!({ "passwordAuthEnabled": true })),
            400,
            "EDIT_INVALID",
            "$.request.body.passwordConfiguration",
        ),
        accepted("KW7", send("POST", "/services/identity/v2/permissions", json!({ "name": "rest.new" })), 200, |after| {
            after.payloads["definedPermissions"][3] == json!({ "name": "rest.new" })
        }),
        refused(
            "KW7",
            send("POST", "/services/identity/v2/permissions", json!({ "name": "rest_new" })),
            400,
            "EDIT_INVALID",
            "$.request.body.name",
        ),
        refused("KW7", send("POST", V2, json!({ "name": "ab" })), 400, "EDIT_INVALID", "$.request.body.name"),
        refused("KW7", send("POST", V2, json!({ "name": "a..b" })), 400, "EDIT_INVALID", "$.request.body.name"),
        refused("KW7", send("POST", V2, json!({ "name": "müller" })), 400, "EDIT_INVALID", "$.request.body.name"),
        accepted("KW8", password("ünïcödé!"), 200, |_| true),
        refused("KW8", password("with blank"), 400, "EDIT_INVALID", "$.request.body.passwordConfiguration.password"),
        refused("KW8", password(""), 400, "EDIT_INVALID", "$.request.body.passwordConfiguration.password"),
        // Where the snapshot does not say whether there is a password, it is taken for one that has it, as by a load.
        accepted(
            "KW5",
            send("PUT", V2, json!({ "identity": { "name": "bare" }, "passwordConfiguration": { "passwordAuthEnabled": true } })),
            200,
            |_| true,
        ),
        // KW9: it goes from everybody.
        accepted("KW9", send("DELETE", "/services/identity/v2/permissions", json!({ "name": "rest.assets" })), 200, |after| {
            !after.can("one", "rest.assets")
                && after.payloads["identities"][1]["permissionConfiguration"]["permissions"] == json!([])
                && after.step["notes"].as_array().unwrap().len() == 1
                && after.payloads["identities"][2] == json!({ "identity": { "name": "bare" } })
        }),
        refused(
            "KW9",
            send("DELETE", "/services/identity/v2/permissions", json!({ "name": "rest.nothing" })),
            404,
            "EDIT_NOT_FOUND",
            "$.request.body.name",
        ),
        refused(
            "KW9",
            send("POST", "/services/identity/v2/permissions", json!({ "name": "rest.assets" })),
            409,
            "EDIT_DUPLICATE",
            "$.request.body.name",
        ),
        accepted(
            "KW11",
            send(
                "POST",
                "/services/identity/v2/identities/validate",
                json!({ "identity": { "name": "one" }, "permissionConfiguration": { "permissions": [] } }),
            ),
            200,
            |after| after.step["changed"] == false,
        ),
        refused("KW11", send("PUT", V2, json!({ "identity": {} })), 400, "EDIT_INVALID", "$.request.body.identity"),
    ];
    let rules = ["KW1*", "KW2", "KW3", "KW4", "KW5", "KW7", "KW8", "KW9", "KW11"];
    run("kura v2", &v2(), &rules, &cases);
}
