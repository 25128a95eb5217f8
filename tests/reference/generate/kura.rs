//! Kura: identities of both REST shapes and as its own snapshot holds them; permissions and routes asked.

use super::{Case, Draw, dressed, permission_ask, place, questions};
use serde_json::{Map, Value, json};

const NAMES: [&str; 8] =
    ["rest.identity", "rest.assets", "kura.admin", "rest", "rest.identity.sub", "kura.wires.admin", "rest.wires.admin", "Rest.identity"];
const USERS: [&str; 4] = ["ann", "bob", "cam", "ann.b"];

pub(super) fn case(d: &mut Draw) -> Case {
    let shape = d.below(4);
    let count = d.count(4);
    let mut payloads = Map::new();
    let permission = |d: &mut Draw| {
        let name = d.pick(&NAMES);
        if d.chance(15) { format!("kura.permission.{name}") } else { name.to_owned() }
    };
    let named = |d: &mut Draw, at: usize| {
        if d.chance(25) { format!("kura.user.{}", USERS[at]) } else { USERS[at].to_owned() }
    };
    let flags = |d: &mut Draw, into: &mut Value| {
        d.maybe(60, into, "passwordAuthEnabled", |d| json!(!d.chance(30)));
        d.maybe(60, into, "passwordChangeNeeded", |d| json!(d.chance(30)));
    };
    match shape {
        // V1
        0 | 1 => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let mut user = json!({ "userName": named(d, at), "permissions": d.list(3, |d, _| Value::from(permission(d))) });
                    flags(d, &mut user);
                    user
                })
                .collect();
            payloads.insert("identities".into(), json!({ "userConfig": users }));
        }
        // V2
        2 => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let held = d.list(3, |d, _| json!({ "name": permission(d) }));
                    let mut user = json!({ "identity": { "name": named(d, at) }, "permissionConfiguration": { "permissions": held } });
                    if d.chance(80) {
                        let mut login = json!({});
                        flags(d, &mut login);
                        user["passwordConfiguration"] = login;
                    }
                    user["additionalConfigurations"] = json!({ "configurations": [] });
                    user
                })
                .collect();
            payloads.insert("identities".into(), Value::from(users));
        }
        // as Kura's own snapshot holds them
        _ => {
            let users: Vec<Value> = (0..count)
                .map(|at| {
                    let mut user = json!({ "name": format!("kura.user.{}", USERS[at]) });
                    if d.chance(70) {
                        user["credentials"] = json!({ "kura.password": "3hPckF8Zc+IF3pVineBvck3zJERUl8itosySULE1hpM=" });
                    }
                    if d.chance(25) {
                        user["properties"] = json!({ "kura.need.password.change": "true" });
                    }
                    user
                })
                .collect();
            let count = d.count(6);
            let groups: Vec<Value> = NAMES[..count]
                .iter()
                .map(|name| {
                    let mut group = json!({ "name": format!("kura.permission.{name}") });
                    let members = d.few(&["kura.user.ann", "kura.user.bob", "kura.user.cam", "kura.user.gone"], 0, 2);
                    if !members.is_empty() {
                        group["basicMembers"] = json!(members);
                    }
                    group
                })
                .collect();
            let as_text = d.chance(30);
            let put = |list: Vec<Value>| {
                if as_text { Value::from(Value::from(list).to_string()) } else { Value::from(list) }
            };
            payloads.insert("users.config".into(), put(users));
            payloads.insert("groups.config".into(), put(groups));
        }
    }
    let defined: Vec<String> = NAMES.iter().filter(|_| d.chance(60)).map(|n| (*n).to_owned()).collect();
    match d.below(4) {
        0 => {}
        1 => {
            payloads.insert("definedPermissions".into(), Value::from(defined.iter().map(|n| json!({ "name": n })).collect::<Vec<_>>()));
        }
        _ => {
            payloads.insert("definedPermissions".into(), json!({ "permissions": defined }));
        }
    }
    let snapshot = json!({ "system": "kura", "payloads": payloads });
    let asked = questions(d, |d| {
        let principal = match d.below(16) {
            13 => Value::Null,
            14 => json!("nobody"),
            15 => json!({ "name": d.pick(&["token", "token", "ann", "kura.user.bob", " "]), "permissions": d.some(&NAMES, 2) }),
            12 => json!({ (d.pick(&["name", "sub"])): d.pick(&["ann", "kura.user.ann", "gone", ""]) }),
            _ => json!(d.pick(&USERS[..count.max(1)])),
        };
        let mut ask = if d.chance(40) {
            let (method, path) = d.pick(&[
                ("GET", "services/identity/v1/identities"),
                ("POST", "services/identity/v1/identities/byName"),
                ("GET", "services/identity/v1/definedPermissions"),
                ("GET", "services/identity/v2/definedPermissions"),
                ("GET", "services/assets/"),
                ("PUT", "services/assets/x/y"),
                ("POST", "services/wire/v1/graph"),
                ("GET", "services/wire/v2/graph"),
                ("POST", "services/identity/v2/permissions"),
                ("GET", "/services/identity/v1/passwordRequirements"),
                ("PATCH", "services/identity/v1/identities"),
                ("POST", "services/session/v1/login/password"),
                ("GET", "services/session/v1/xsrfToken"),
                ("POST", "services/session/v1/changePassword"),
                ("GET", "services/session/v1/currentIdentity"),
                ("GET", "services/serviceListing/v1/list"),
            ]);
            let (method, path) = dressed(d, method, path);
            json!({ "kind": "route", "method": method, "path": path })
        } else {
            permission_ask(d, &["permission"], |d| d.pick(&NAMES).to_owned())
        };
        let mut context = json!({});
        if d.chance(50) {
            let auth = json!(d.pick(&[
                "basic",
                "session-password",
                "certificate",
                "token",
                "session-certificate",
                "session-password",
                "none",
                "password+certificate",
                "Certificate",
                "certificates",
            ]));
            place(d, &mut ask, &mut context, "auth", auth);
        }
        (principal, ask, context)
    });
    (snapshot, asked)
}
