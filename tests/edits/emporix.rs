use serde_json::{Value, json};

use super::table::{accepted, bare, by, refused, run, send, with};

fn snapshot() -> Value {
    let named = |mut document: Value| {
        document["name"] = json!({ "en": "Name" });
        document
    };
    json!({ "system": "emporix", "tenant": "acme", "payloads": {
        "permissions": [{ "id": "p-read", "code": "read", "applicableResources": ["s-group"] }],
        "resources": [{ "id": "s-group", "code": "iam.group" }],
        "roles": [{ "id": "role", "permissions": [{ "id": "p-read" }], "metadata": { "version": 4 } }],
        "accessControls": [
            { "id": "ac-group", "scopes": ["iam.group_manage", "iam.group_read", "iam.user_update"], "predefined": true },
            { "id": "ac-assign", "scopes": ["iam.assignment_manage"] },
            { "id": "ac-own", "scopes": ["iam.assignment_create_own"] },
            { "id": "ac-cust", "scopes": ["cart.cart_manage"], "restrictedTo": "CUSTOMER", "metadata": { "version": 3, "x-unknown": 1 } }],
        "templates": [{ "id": "tpl", "accessControls": ["ac-assign"] }],
        "groups": [
            named(json!({ "id": "g-admin", "userType": "EMPLOYEE", "accessControls": ["ac-group"], "metadata": { "version": 7, "createdAt": "2022-01-04 10:44:51.871Z" }, "code": "BO", "x-unknown": 1 })),
            named(json!({ "id": "g-force", "userType": "EMPLOYEE", "accessControls": ["ac-group"], "templates": ["tpl"] })),
            named(json!({ "id": "g-empty", "userType": "EMPLOYEE", "accessControls": [] })),
            named(json!({ "id": "g-v1", "userType": "EMPLOYEE", "vendorId": "v1" })),
            named(json!({ "id": "g-v2", "userType": "EMPLOYEE", "vendorId": "v2" })),
            named(json!({ "id": "g-buyer", "code": "B2B_BUYER", "userType": "CUSTOMER", "accessControls": ["ac-own"], "b2b": { "legalEntityId": "le1" } })),
            named(json!({ "id": "g-requester", "code": "B2B_REQUESTER", "userType": "CUSTOMER", "b2b": { "legalEntityId": "le1" } })),
            named(json!({ "id": "g-contact", "code": "B2B_CONTACT", "userType": "CUSTOMER", "b2b": { "legalEntityId": "le1" } })),
            named(json!({ "id": "g-buyer2", "code": "B2B_BUYER", "userType": "CUSTOMER", "b2b": { "legalEntityId": "le2" } }))],
        "users": [
            { "id": "u-admin", "contactEmail": "admin@x.test", "groupIds": ["g-admin"], "groups": [{ "id": "g-admin" }], "status": "ACTIVE" },
            { "id": "u-force", "groupIds": ["g-force"] },
            { "id": "u-none", "groupIds": [] }],
        "assignments": [
            { "id": "a1", "groupId": "g-buyer", "userId": "cust", "userType": "CUSTOMER" },
            { "groupId": "g-admin", "userId": "u-x", "userType": "EMPLOYEE" }],
        "userScopes": [{ "userId": "u-x", "scopes": "iam.group_read tenant=acme" }] } })
}

const GROUPS: &str = "/iam/acme/groups";
const ADMIN: &str = "/iam/acme/groups/g-admin";
const CUST: &str = "/iam/acme/access-controls/ac-cust";

fn german(edit: Value) -> Value {
    with(edit, "Content-Language", "de")
}

fn group(members: Value) -> Value {
    let mut body = json!({ "name": { "en": "New" } });
    for (key, value) in members.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

fn user(groups: Value) -> Value {
    json!({ "firstName": "A", "lastName": "B", "preferredSite": "main", "preferredCurrency": "EUR", "preferredLanguage": "de", "department": "d",
        "backofficeUserNumber": "1", "groupIds": groups })
}

fn control(scopes: Value, kind: Value) -> Value {
    json!({ "name": { "en": "N" }, "scopes": scopes, "restrictedTo": kind })
}

#[test]
fn groups_and_controls() {
    let cases = [
        accepted("E6", by("u-admin", german(send("POST", GROUPS, group(json!({}))))), 201, |after| after.step["actorChecked"] == true),
        refused("E6", by("u-none", german(send("POST", GROUPS, group(json!({}))))), 403, "EDIT_FORBIDDEN", "$.request"),
        refused("E6", by("u-x", bare("DELETE", "/iam/acme/groups/g-empty")), 403, "EDIT_FORBIDDEN", "$.request"),
        // EW1
        accepted("EW1", bare("DELETE", "/iam/acme/groups/g-empty"), 204, |after| {
            after.find(&after.payloads["groups"], "id", "g-empty").is_none()
        }),
        refused("EW1", bare("DELETE", "/iam/Acme/groups/g-empty"), 400, "EDIT_INVALID", "$.request.path"),
        refused("EW1", bare("DELETE", "/iam/ab/groups/g-empty"), 400, "EDIT_INVALID", "$.request.path"),
        refused("E10", bare("DELETE", "/iam/other/groups/g-empty"), 401, "EDIT_FORBIDDEN", "$.request.path"),
        // EW2
        accepted(
            "EW2",
            send("POST", "/iam/acme/groups/g-contact/users", json!({ "userId": "cust", "userType": "CUSTOMER" })),
            201,
            |after| {
                after.payloads["assignments"][2]
                    == json!({ "id": "new-1", "groupId": "g-contact", "userId": "cust", "userType": "CUSTOMER" })
            },
        ),
        refused(
            "EW2",
            german(send("PUT", "/iam/acme/groups/g-buyer", group(json!({ "userType": "CUSTOMER" })))),
            403,
            "EDIT_RESERVED",
            "$.request.path",
        ),
        refused("EW2", bare("DELETE", "/iam/acme/groups/g-buyer?forceDelete=true"), 403, "EDIT_RESERVED", "$.request.path"),
        refused(
            "EW2",
            german(send("PUT", "/iam/acme/access-controls/ac-group", control(json!(["a"]), Value::Null))),
            403,
            "EDIT_RESERVED",
            "$.request.path",
        ),
        refused("EW2", bare("DELETE", "/iam/acme/access-controls/ac-group"), 403, "EDIT_RESERVED", "$.request.path"),
        // EW3: members, force, and the second scope.
        accepted("EW3", by("u-force", bare("DELETE", "/iam/acme/groups/g-admin?forceDelete=true")), 204, |after| {
            !after.can("u-admin", "iam.group_read")
                && !after.can("u-x", "iam.group_read")
                && after.payloads["users"][0]["groups"] == json!([])
                && after.payloads["assignments"].as_array().unwrap().len() == 1
                && after.payloads["userScopes"] == json!([])
        }),
        accepted("EW3", json!({ "request": { "method": "DELETE", "path": ADMIN, "query": { "forceDelete": true } } }), 204, |_| true),
        refused("EW3", bare("DELETE", ADMIN), 400, "EDIT_IN_USE", "$.request.query.forceDelete"),
        refused(
            "EW3",
            by("u-admin", bare("DELETE", "/iam/acme/groups/g-admin?forceDelete=false")),
            400,
            "EDIT_IN_USE",
            "$.request.query.forceDelete",
        ),
        refused("E6", by("u-admin", bare("DELETE", "/iam/acme/groups/g-admin?forceDelete=true")), 403, "EDIT_FORBIDDEN", "$.request"),
        // EW4: PUT creates or replaces.
        accepted("EW4", german(send("PUT", "/iam/acme/groups/g-new", group(json!({ "accessControls": ["ac-assign"] })))), 201, |after| {
            let new = after.find(&after.payloads["groups"], "id", "g-new").unwrap();
            new["metadata"] == json!({ "version": 1 }) && new["userType"] == "EMPLOYEE"
        }),
        accepted("EW4", german(send("PUT", ADMIN, group(json!({})))), 204, |after| {
            let admin = &after.payloads["groups"][0];
            admin.get("accessControls").is_none()
                && admin["x-unknown"] == 1
                && admin["code"] == "BO"
                && !after.can("u-admin", "iam.group_read")
        }),
        refused("EW4", german(send("PUT", ADMIN, group(json!({ "id": "other" })))), 400, "EDIT_IMMUTABLE", "$.request.body.id"),
        // EW5
        accepted(
            "EW5",
            json!({ "context": { "now": "2026-01-01T00:00:00Z" }, "request": { "method": "PUT", "path": ADMIN, "headers": { "content-language": "en" }, "body": group(json!({ "metadata": { "version": 7 } })) } }),
            204,
            |after| {
                after.payloads["groups"][0]["metadata"]
                    == json!({ "version": 8, "createdAt": "2022-01-04 10:44:51.871Z", "modifiedAt": "2026-01-01T00:00:00Z" })
            },
        ),
        accepted("EW5", german(send("PUT", "/iam/acme/groups/g-empty", group(json!({ "metadata": { "version": 2 } })))), 204, |after| {
            after.payloads["groups"][2]["metadata"]["version"] == 3
        }),
        refused(
            "EW5",
            german(send("PUT", ADMIN, group(json!({ "metadata": { "version": 6 } })))),
            409,
            "EDIT_CONFLICT",
            "$.request.body.metadata.version",
        ),
        refused(
            "EW5",
            german(send("PUT", ADMIN, group(json!({ "metadata": { "version": "7" } })))),
            400,
            "EDIT_INVALID",
            "$.request.body.metadata.version",
        ),
        refused(
            "EW5",
            json!([
                german(send("PUT", ADMIN, group(json!({ "metadata": { "version": 7 } })))),
                german(send("PUT", ADMIN, group(json!({ "metadata": { "version": 7 } }))))
            ]),
            409,
            "EDIT_CONFLICT",
            "$[1].request.body.metadata.version",
        ),
        // EW6
        accepted("EW6", german(send("POST", GROUPS, group(json!({ "id": "g-mine" })))), 201, |after| {
            after.step["body"] == json!({ "id": "g-mine" })
        }),
        refused("EW6", german(send("POST", GROUPS, group(json!({ "id": "g-admin" })))), 409, "EDIT_DUPLICATE", "$.request.body.id"),
        // EW9: restrictedTo
        accepted(
            "EW9",
            german(send("POST", GROUPS, group(json!({ "userType": "CUSTOMER", "accessControls": ["ac-cust", "ac-none"] })))),
            201,
            |after| after.step["notes"].as_array().unwrap().len() == 1,
        ),
        accepted("EW9", german(send("PUT", CUST, control(json!(["cart.cart_read"]), json!("CUSTOMER")))), 204, |after| {
            after.payloads["accessControls"][3]["metadata"] == json!({ "version": 4, "x-unknown": 1 })
        }),
        refused(
            "EW9",
            german(send("POST", GROUPS, group(json!({ "accessControls": ["ac-assign", "ac-cust"] })))),
            400,
            "EDIT_INVALID",
            "$.request.body.accessControls[1]",
        ),
        refused(
            "EW9",
            german(send("PUT", CUST, control(json!(["a"]), json!("EMPLOYEE")))),
            400,
            "EDIT_IMMUTABLE",
            "$.request.body.restrictedTo",
        ),
        refused("EW9", german(send("PUT", CUST, json!({ "scopes": ["a"] }))), 400, "EDIT_IMMUTABLE", "$.request.body.restrictedTo"),
        // EW12
        accepted(
            "EW12",
            send(
                "PUT",
                "/iam/acme/roles/role",
                json!({ "permissions": [{ "id": "p-read", "applicablePermissionResources": ["s-group"] }] }),
            ),
            204,
            |after| after.payloads["roles"][0]["metadata"]["version"] == 5,
        ),
        refused(
            "EW12",
            send(
                "PUT",
                "/iam/acme/roles/role",
                json!({ "permissions": [{ "id": "p-read", "applicablePermissionResources": ["s-other"] }] }),
            ),
            400,
            "EDIT_INVALID",
            "$.request.body.permissions[0].applicablePermissionResources",
        ),
        refused(
            "EW12",
            send("PUT", "/iam/acme/roles/role", json!({ "permissions": [{ "id": "p-none" }] })),
            400,
            "EDIT_NOT_FOUND",
            "$.request.body.permissions[0].id",
        ),
        refused("E6", by("u-admin", send("PUT", "/iam/acme/roles/role", json!({}))), 405, "EDIT_UNKNOWN_ROUTE", "$.request"),
        // EW13
        accepted("EW13", send("PUT", "/iam/acme/scopes/custom.scope", json!({ "domain": "d" })), 201, |after| {
            after.step["changed"] == false
        }),
        accepted("EW13", bare("DELETE", "/iam/acme/scopes/my-project.bulk_export"), 204, |after| after.step["changed"] == false),
        refused("EW13", send("PUT", "/iam/acme/scopes/a%20b", json!({})), 400, "EDIT_INVALID", "$.request.path"),
        refused("EW13", send("PUT", "/iam/acme/scopes/custom.car_read", json!({})), 400, "EDIT_RESERVED", "$.request.path"),
        // EW14
        accepted("EW14", german(send("POST", GROUPS, group(json!({})))), 201, |after| after.step["body"]["id"] == "new-1"),
        refused("EW14", send("POST", GROUPS, group(json!({}))), 400, "EDIT_INVALID", "$.request.headers"),
        refused("EW14", send("PUT", ADMIN, group(json!({}))), 400, "EDIT_INVALID", "$.request.headers"),
        refused("EW14", send("PUT", CUST, control(json!(["a"]), json!("CUSTOMER"))), 400, "EDIT_INVALID", "$.request.headers"),
        // EW16
        accepted(
            "EW16",
            german(send("PUT", "/iam/acme/access-controls/ac-new", control(json!(["a.b_c"]), json!("EMPLOYEE")))),
            201,
            |after| after.payloads["accessControls"][4]["metadata"]["version"] == 1,
        ),
        accepted(
            "EW16",
            german(send("PUT", "/iam/acme/access-controls/ac-assign", json!({ "scopes": ["iam.access_read"] }))),
            204,
            |after| after.can("u-force", "iam.access_read") && !after.can("u-force", "iam.assignment_manage"),
        ),
        accepted("EW16", bare("DELETE", "/iam/acme/access-controls/ac-assign"), 204, |after| {
            !after.can("u-force", "iam.assignment_manage")
        }),
        refused("EW16", german(send("PUT", CUST, json!({ "restrictedTo": "CUSTOMER" }))), 400, "EDIT_INVALID", "$.request.body"),
        refused("EW16", german(send("PUT", CUST, control(json!([]), json!("CUSTOMER")))), 400, "EDIT_INVALID", "$.request.body.scopes"),
        refused(
            "EW16",
            german(send("PUT", CUST, control(json!(["a", "a"]), json!("CUSTOMER")))),
            400,
            "EDIT_INVALID",
            "$.request.body.scopes",
        ),
        refused(
            "EW16",
            german(send("PUT", CUST, control(json!(["a"]), json!("VENDOR")))),
            400,
            "EDIT_INVALID",
            "$.request.body.restrictedTo",
        ),
        // EW17
        accepted("EW17", german(send("POST", GROUPS, group(json!({ "userType": "CUSTOMER", "mixins": { "a": 1 } })))), 201, |after| {
            after.payloads["groups"][9]["mixins"] == json!({ "a": 1 })
        }),
        refused("EW17", german(send("POST", GROUPS, json!({}))), 400, "EDIT_INVALID", "$.request.body"),
        refused("EW17", german(send("POST", GROUPS, json!({ "name": "x" }))), 400, "EDIT_INVALID", "$.request.body.name"),
        refused(
            "EW17",
            german(send("POST", GROUPS, group(json!({ "userType": "ROBOT" })))),
            400,
            "EDIT_INVALID",
            "$.request.body.userType",
        ),
        refused("table", bare("DELETE", "/iam/acme/templates/tpl"), 404, "EDIT_UNKNOWN_ROUTE", "$.request.path"),
    ];
    let rules = ["E6", "E10*", "table*", "EW1", "EW2", "EW3", "EW4", "EW5", "EW6", "EW9", "EW12", "EW13", "EW14", "EW16", "EW17"];
    run("emporix groups", &snapshot(), &rules, &cases);
}

#[test]
fn members_and_users() {
    let own = |entity: &str| {
        json!({ "actor": "cust", "context": { "legalEntityId": entity }, "request": { "method": "POST", "path": "/iam/acme/groups/g-contact/users",
            "body": { "userId": "cust-2", "userType": "CUSTOMER" } } })
    };
    let join = |group: &str, kind: &str, user: &str| bare("PUT", &format!("/iam/acme/groups/{group}/users/{kind}/{user}"));
    let cases = [
        accepted("E7", own("le1"), 201, |after| after.payloads["assignments"][2]["userId"] == "cust-2"),
        refused("E6", own("le2"), 403, "EDIT_FORBIDDEN", "$.request"),
        // EW7: PUT replaces all groups.
        accepted("EW7", by("u-admin", send("PUT", "/iam/acme/users/u-admin", user(json!(["g-force", "g-empty"])))), 204, |after| {
            let admin = &after.payloads["users"][0];
            admin["groupIds"] == json!(["g-force", "g-empty"])
                && admin["groups"][0] == json!({ "id": "g-force", "name": { "en": "Name" }, "userType": "EMPLOYEE" })
                && admin["status"] == "ACTIVE"
                && after.can("u-admin", "iam.assignment_manage")
        }),
        accepted("EW7", send("PUT", "/iam/acme/users/u-admin", user(json!([]))), 204, |after| !after.can("u-admin", "iam.group_read")),
        accepted(
            "EW7",
            send(
                "POST",
                "/iam/acme/users",
                json!({ "firstName": "N", "lastName": "N", "contactEmail": "n@x.test", "groupIds": ["g-admin"] }),
            ),
            201,
            |after| after.can("new-1", "iam.group_read"),
        ),
        // An address that is known gets the groups beside those it has.
        accepted(
            "EW7",
            send(
                "POST",
                "/iam/acme/users",
                json!({ "firstName": "N", "lastName": "N", "contactEmail": "admin@x.test", "groupIds": ["g-force"] }),
            ),
            201,
            |after| after.payloads["users"][0]["groupIds"] == json!(["g-admin", "g-force"]) && after.step["body"]["id"] == "u-admin",
        ),
        refused("EW7", send("PUT", "/iam/acme/users/nobody", user(json!([]))), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused(
            "EW7",
            send("PUT", "/iam/acme/users/u-admin", user(json!(["g-admin", "g-x"]))),
            404,
            "EDIT_NOT_FOUND",
            "$.request.body.groupIds[1]",
        ),
        refused(
            "EW7",
            send("PUT", "/iam/acme/users/u-admin", user(json!(["g-contact"]))),
            400,
            "EDIT_INVALID",
            "$.request.body.groupIds[0]",
        ),
        refused("EW7", send("PUT", "/iam/acme/users/u-admin", user(Value::Null)), 400, "EDIT_INVALID", "$.request.body"),
        refused(
            "EW7",
            send(
                "POST",
                "/iam/acme/users",
                json!({ "firstName": "N", "lastName": "N", "contactEmail": "n@x.test", "userType": "CUSTOMER" }),
            ),
            400,
            "EDIT_INVALID",
            "$.request.body.userType",
        ),
        // EW8: assignments
        accepted("EW8", join("g-admin", "EMPLOYEE", "u-none"), 201, |after| {
            after.can("u-none", "iam.group_read") && after.payloads["users"][2]["groupIds"] == json!(["g-admin"])
        }),
        accepted("EW8", join("g-buyer", "EMPLOYEE", "cust"), 204, |after| after.step["changed"] == false),
        accepted("EW8", join("g-admin", "EMPLOYEE", "u-admin"), 204, |after| after.step["changed"] == false),
        accepted("EW8", bare("DELETE", "/iam/acme/groups/g-admin/users/u-admin"), 204, |after| {
            !after.can("u-admin", "iam.group_read") && after.payloads["users"][0]["groups"] == json!([])
        }),
        accepted("EW8", bare("DELETE", "/iam/acme/groups/g-admin/users"), 204, |after| {
            !after.can("u-admin", "iam.group_read") && after.payloads["assignments"].as_array().unwrap().len() == 1
        }),
        refused("EW8", join("g-admin", "ROBOT", "u-none"), 400, "EDIT_INVALID", "$.request.path"),
        refused("EW8", join("g-admin", "CUSTOMER", "u-none"), 400, "EDIT_INVALID", "$.request.path"),
        refused("EW8", join("g-x", "EMPLOYEE", "u-none"), 404, "EDIT_NOT_FOUND", "$.request.path"),
        refused(
            "EW8",
            send("POST", "/iam/acme/groups/g-admin/users", json!({ "userId": "u-none", "userType": "CUSTOMER" })),
            400,
            "EDIT_INVALID",
            "$.request.body.userType",
        ),
        refused("EW8", send("POST", "/iam/acme/groups/g-admin/users", json!({})), 400, "EDIT_INVALID", "$.request.body"),
        // EW10: vendors
        accepted("EW10", send("PUT", "/iam/acme/users/u-none", user(json!(["g-v1"]))), 204, |_| true),
        accepted("EW10", german(send("POST", GROUPS, group(json!({ "vendorId": "v1" })))), 201, |after| {
            after.payloads["groups"][9]["vendorId"] == "v1"
        }),
        accepted("EW10", german(send("PUT", "/iam/acme/groups/g-v1", group(json!({})))), 204, |after| {
            after.payloads["groups"][3]["vendorId"] == "v1"
        }),
        refused(
            "EW10",
            german(send("PUT", "/iam/acme/groups/g-v1", group(json!({ "vendorId": "v9" })))),
            400,
            "EDIT_IMMUTABLE",
            "$.request.body.vendorId",
        ),
        refused(
            "EW10",
            german(send("PUT", "/iam/acme/groups/g-v1", group(json!({ "userType": "CUSTOMER" })))),
            400,
            "EDIT_INVALID",
            "$.request.body.userType",
        ),
        refused(
            "EW10",
            german(send("POST", GROUPS, group(json!({ "vendorId": "v1", "userType": "CUSTOMER" })))),
            400,
            "EDIT_INVALID",
            "$.request.body.userType",
        ),
        refused(
            "EW10",
            send("PUT", "/iam/acme/users/u-none", user(json!(["g-v1", "g-v2"]))),
            400,
            "EDIT_INVALID",
            "$.request.body.groupIds",
        ),
        refused("EW10", join("g-v1", "EMPLOYEE", "u-admin"), 400, "EDIT_INVALID", "$.request.path"),
        // EW11: one predefined group of a legal entity, Contact besides.
        accepted("EW11", join("g-contact", "CUSTOMER", "cust"), 201, |_| true),
        accepted("EW11", join("g-buyer2", "CUSTOMER", "cust"), 201, |_| true),
        refused("EW11", join("g-requester", "CUSTOMER", "cust"), 400, "EDIT_INVALID", "$.request.path"),
        // EW15
        accepted("EW15", bare("DELETE", "/iam/acme/users/u-admin"), 204, |after| {
            after.payloads["users"][0]["id"] == "u-admin"
                && after.payloads["users"][0]["groupIds"] == json!([])
                && !after.can("u-admin", "iam.group_read")
        }),
        accepted("EW15", bare("DELETE", "/iam/acme/users/u-x/groups"), 204, |after| {
            after.payloads["userScopes"] == json!([]) && !after.can("u-x", "iam.group_read")
        }),
    ];
    run("emporix members", &snapshot(), &["E6*", "E7*", "EW7", "EW8", "EW10", "EW11", "EW15*"], &cases);
}
