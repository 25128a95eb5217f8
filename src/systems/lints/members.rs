//! Members of payloads that no server reads though they look like one that it does: what is misspelt is as if it were not there. The table
//! is all that is known of each system's documents; what APIs add besides is left alone.

use crate::base::lint::Severity;
use crate::base::nearest::nearest;
use crate::base::system::System;
use crate::json::pointer::{Cursor, clip};
use crate::model::Model;
use crate::systems::{each_item, truthy};

/// What becomes of a document that loses a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// It grants more, or binds less.
    Wider,
    /// The same where the rule allows; a deny denies more.
    WiderAllow,
    /// The same where the rule denies; an allow grants nothing.
    WiderDeny,
    /// It grants less, or says less.
    Less,
}

use Lost::{Less, Wider, WiderAllow, WiderDeny};

/// A document.
struct Object {
    /// What it is called.
    noun: &'static str,
    /// By which rule its members count.
    rule: &'static str,
    members: &'static [(&'static str, Lost, Option<&'static Object>)],
}

const fn plain(name: &'static str) -> (&'static str, Lost, Option<&'static Object>) {
    (name, Less, None)
}

const fn wider(name: &'static str) -> (&'static str, Lost, Option<&'static Object>) {
    (name, Wider, None)
}

const fn holds(name: &'static str, object: &'static Object) -> (&'static str, Lost, Option<&'static Object>) {
    (name, Less, Some(object))
}

macro_rules! rule_of_casl {
    ($rule:literal) => {
        Object {
            noun: "rule",
            rule: $rule,
            members: &[
                ("action", WiderDeny, None),
                ("subject", WiderAllow, None),
                ("fields", WiderAllow, None),
                ("conditions", WiderAllow, None),
                wider("inverted"),
                plain("reason"),
            ],
        }
    };
}

static CASL_RULE: Object = rule_of_casl!("casl 1.1");
static POLICY: Object = rule_of_casl!("A6");
static ARCHIVER_ROLE: Object = Object {
    noun: "role",
    rule: "A1",
    members: &[
        plain("id"),
        plain("slug"),
        plain("name"),
        plain("description"),
        holds("policies", &POLICY),
        plain("createdAt"),
        plain("updatedAt"),
    ],
};
static ARCHIVER_USER: Object = Object {
    noun: "user",
    rule: "A1",
    members: &[
        plain("id"),
        plain("label"),
        plain("email"),
        plain("first_name"),
        plain("last_name"),
        holds("role", &ARCHIVER_ROLE),
        holds("roles", &ARCHIVER_ROLE),
        plain("provider"),
        plain("createdAt"),
        plain("updatedAt"),
        plain("totpEnabled"),
    ],
};

static HANTERA_ENTRY: Object =
    Object { noun: "entry", rule: "H4", members: &[plain("resource"), wider("permission"), wider("attributeKeys")] };
static HANTERA_ACL: Object = Object { noun: "access list", rule: "H1", members: &[holds("entries", &HANTERA_ENTRY)] };
static HANTERA_ROLE: Object = Object {
    noun: "role",
    rule: "H1",
    members: &[plain("key"), plain("name"), plain("description"), holds("acl", &HANTERA_ACL), plain("etag")],
};
static HANTERA_IDENTITY: Object = Object {
    noun: "identity",
    rule: "H9",
    members: &[
        plain("id"),
        plain("type"),
        plain("properties"),
        plain("roles"),
        wider("suspendedAt"),
        plain("lastActiveAt"),
        plain("createdAt"),
        plain("updatedAt"),
        plain("etag"),
    ],
};

static EMPORIX_ENTRY: Object = Object {
    noun: "permission of a role",
    rule: "E4",
    members: &[plain("id"), plain("code"), plain("name"), wider("applicablePermissionResources")],
};
static EMPORIX_ROLE: Object = Object {
    noun: "role",
    rule: "E2",
    members: &[plain("id"), plain("code"), plain("name"), plain("description"), holds("permissions", &EMPORIX_ENTRY), plain("metadata")],
};
static EMPORIX_PERMISSION: Object = Object {
    noun: "permission",
    rule: "E5",
    members: &[plain("id"), plain("code"), plain("name"), plain("description"), wider("applicableResources"), plain("metadata")],
};
static EMPORIX_CONTROL: Object = Object {
    noun: "access control",
    rule: "E13",
    members: &[
        plain("id"),
        plain("roleId"),
        plain("resourceId"),
        plain("name"),
        plain("description"),
        holds("role", &EMPORIX_ROLE),
        plain("resource"),
        wider("scopes"),
        plain("domain"),
        plain("domains"),
        wider("restrictionAware"),
        plain("restrictedTo"),
        plain("predefined"),
        plain("vendorAware"),
        plain("vendorId"),
        plain("mixins"),
        plain("metadata"),
    ],
};
static EMPORIX_TEMPLATE: Object = Object {
    noun: "template",
    rule: "E12",
    members: &[
        plain("id"),
        plain("code"),
        plain("name"),
        plain("description"),
        holds("accessControls", &EMPORIX_CONTROL),
        holds("accessControlsDocuments", &EMPORIX_CONTROL),
        plain("metadata"),
    ],
};
static EMPORIX_COMPANY: Object = Object { noun: "company", rule: "E15", members: &[wider("legalEntityId")] };
static EMPORIX_GROUP: Object = Object {
    noun: "group",
    rule: "E13",
    members: &[
        plain("id"),
        plain("code"),
        plain("name"),
        plain("description"),
        plain("userType"),
        holds("accessControls", &EMPORIX_CONTROL),
        holds("templates", &EMPORIX_TEMPLATE),
        ("b2b", Wider, Some(&EMPORIX_COMPANY)),
        wider("restrictions"),
        plain("vendorId"),
        plain("mixins"),
        plain("metadata"),
    ],
};
static EMPORIX_USER: Object = Object {
    noun: "user",
    rule: "E14",
    members: &[
        plain("id"),
        plain("status"),
        wider("isAccountLocked"),
        plain("validFrom"),
        plain("groupIds"),
        holds("groups", &EMPORIX_GROUP),
        plain("contactEmail"),
        plain("contactPhone"),
        plain("firstName"),
        plain("lastName"),
        plain("title"),
        plain("preferredLanguage"),
        plain("preferredCurrency"),
        plain("userType"),
        plain("lastLogin"),
        plain("metadata"),
        plain("mixins"),
    ],
};

static KURA_LOGIN: Object = Object {
    noun: "password configuration",
    rule: "K9",
    members: &[wider("passwordAuthEnabled"), wider("passwordChangeNeeded"), plain("password")],
};
static KURA_HELD: Object = Object { noun: "permission configuration", rule: "K2", members: &[plain("permissions")] };
static KURA_IDENTITY: Object = Object {
    noun: "identity",
    rule: "K9",
    members: &[
        plain("userName"),
        wider("passwordAuthEnabled"),
        wider("passwordChangeNeeded"),
        plain("password"),
        plain("permissions"),
        plain("identity"),
        holds("permissionConfiguration", &KURA_HELD),
        ("passwordConfiguration", Wider, Some(&KURA_LOGIN)),
        plain("additionalConfigurations"),
    ],
};
static KURA_PROPERTIES: Object = Object { noun: "stored user", rule: "K9", members: &[wider("kura.need.password.change")] };
static KURA_STORED: Object = Object {
    noun: "stored user",
    rule: "K9",
    members: &[plain("name"), plain("credentials"), ("properties", Wider, Some(&KURA_PROPERTIES))],
};

static ITHBAT_ROLE: Object = Object {
    noun: "role",
    rule: "I4",
    members: &[
        plain("id"),
        wider("tenantId"),
        plain("name"),
        plain("displayName"),
        plain("description"),
        plain("permissions"),
        plain("isSystem"),
        plain("createdAt"),
        plain("updatedAt"),
    ],
};
static ITHBAT_PERMISSION: Object = Object {
    noun: "permission",
    rule: "I4",
    members: &[
        plain("id"),
        wider("tenantId"),
        plain("name"),
        plain("displayName"),
        plain("description"),
        plain("category"),
        plain("resource"),
        plain("action"),
        plain("isSystem"),
        plain("createdAt"),
        plain("updatedAt"),
    ],
};
static ITHBAT_GROUP: Object = Object {
    noun: "group",
    rule: "I4",
    members: &[
        plain("id"),
        wider("tenantId"),
        plain("name"),
        plain("description"),
        plain("roles"),
        plain("members"),
        plain("createdAt"),
        plain("updatedAt"),
    ],
};
static ITHBAT_USER: Object = Object {
    noun: "user",
    rule: "I8",
    members: &[
        plain("id"),
        wider("tenantId"),
        plain("email"),
        plain("emailVerified"),
        plain("name"),
        plain("firstName"),
        plain("lastName"),
        wider("status"),
        wider("isActive"),
        wider("isSuspended"),
        wider("suspendedAt"),
        plain("roles"),
        plain("groups"),
        plain("region"),
        plain("createdAt"),
        plain("updatedAt"),
        plain("lastLoginAt"),
    ],
};
static ITHBAT_TOKEN: Object = Object {
    noun: "token",
    rule: "I4",
    members: &[
        plain("sub"),
        wider("tenant_id"),
        plain("permissions"),
        plain("roles"),
        plain("region"),
        plain("email"),
        plain("iss"),
        plain("aud"),
        plain("exp"),
        plain("iat"),
        plain("nbf"),
        plain("jti"),
        plain("sid"),
        plain("typ"),
        plain("azp"),
    ],
};

/// A payload, the keys of its envelopes, and what it lists.
type List = (&'static str, &'static [&'static str], &'static Object);

static HANTERA: [List; 3] = [
    ("roles", &["roles", "items"], &HANTERA_ROLE),
    ("principals", &["principals", "items"], &HANTERA_IDENTITY),
    ("clients", &["clients", "items"], &HANTERA_IDENTITY),
];
static EMPORIX: [List; 6] = [
    ("permissions", &["items"], &EMPORIX_PERMISSION),
    ("roles", &["items"], &EMPORIX_ROLE),
    ("accessControls", &["items"], &EMPORIX_CONTROL),
    ("templates", &["items"], &EMPORIX_TEMPLATE),
    ("groups", &["items"], &EMPORIX_GROUP),
    ("users", &["items"], &EMPORIX_USER),
];
static ARCHIVER: [List; 2] =
    [("roles", &["items", "data", "roles"], &ARCHIVER_ROLE), ("users", &["items", "data", "users"], &ARCHIVER_USER)];
static KURA: [List; 3] = [
    ("identities", &["userConfig", "identities"], &KURA_IDENTITY),
    ("users", &["userConfig", "identities"], &KURA_IDENTITY),
    ("users.config", &[], &KURA_STORED),
];
static ITHBAT: [List; 5] = [
    ("permissions", &["data", "items", "permissions", "permission"], &ITHBAT_PERMISSION),
    ("roles", &["data", "items", "roles", "role"], &ITHBAT_ROLE),
    ("groups", &["data", "items", "groups"], &ITHBAT_GROUP),
    ("users", &["data", "items", "users", "user"], &ITHBAT_USER),
    ("tokens", &["tokens", "items", "data"], &ITHBAT_TOKEN),
];

/// What is not looked at is not found: no snapshot is slow to judge.
const MOST: usize = 20_000;

/// Judges all payloads of a snapshot that has loaded.
#[cfg_attr(latchgate_wasm, optimize(size))]
#[inline(never)]
pub fn judge(model: &mut Model, payloads: &Cursor<'_>) {
    if !model.is_judged() {
        return;
    }
    let mut walk = Walk { model, left: MOST };
    let lists: &[List] = match walk.model.profile.system {
        System::Hantera => &HANTERA,
        System::Emporix => &EMPORIX,
        System::OpenArchiver => &ARCHIVER,
        System::Kura => &KURA,
        System::Ithbat => &ITHBAT,
        System::Casl => {
            for (_, list) in payloads.members().into_iter().flatten() {
                list.items().into_iter().flatten().for_each(|rule| walk.visit(&rule, &CASL_RULE));
            }
            return;
        }
        // Its own format refuses them.
        System::Latchgate => return,
    };
    for (payload, keys, object) in lists {
        let Some(list) = payloads.opt(payload) else { continue };
        if list.get("userName").is_some() || list.get("identity").is_some() {
            walk.visit(&list, object);
        } else if list.as_text().is_none() {
            // It has loaded, so nothing in it is refused.
            let _ = each_item(&list, keys, &mut |item| {
                walk.visit(item, object);
                Ok(())
            });
        }
    }
}

struct Walk<'m> {
    model: &'m mut Model,
    left: usize,
}

impl Walk<'_> {
    #[cfg_attr(latchgate_wasm, optimize(size))]
    fn visit(&mut self, at: &Cursor<'_>, object: &Object) {
        let Ok(members) = at.members() else { return };
        for (key, value) in members {
            match object.members.iter().find(|(name, ..)| *name == key) {
                Some((.., None)) => {}
                Some((.., Some(inner))) if value.is_list() => {
                    value.items().into_iter().flatten().filter(Cursor::is_map).for_each(|item| self.visit(&item, inner));
                }
                Some((.., Some(inner))) => self.visit(&value, inner),
                None => self.stranger(at, object, key, &value),
            }
        }
    }

    /// A member that is not read.
    #[cfg_attr(latchgate_wasm, optimize(size))]
    #[inline(never)]
    fn stranger(&mut self, at: &Cursor<'_>, object: &Object, key: &str, value: &Cursor<'_>) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        let names: Vec<&str> = object.members.iter().map(|(name, ..)| *name).collect();
        let Some(meant) = nearest(key, &names) else { return };
        let lost = object.members.iter().find(|(name, ..)| *name == meant).map_or(Less, |(_, lost, _)| *lost);
        let denies = at.get("inverted").is_some_and(|inverted| truthy(&inverted));
        let wider = match lost {
            Wider => true,
            WiderAllow => !denies,
            WiderDeny => denies,
            Less => false,
        };
        // Where the right one is there too, nothing is lost.
        let twice = at.get(meant).is_some();
        let (severity, so) = match (twice, wider) {
            (true, _) => (Severity::Surprise, ", which is there as well"),
            (false, true) => (Severity::FailsOpen, ". Without it more is granted, or less denied, than is written here"),
            (false, false) => (Severity::Surprise, ", which is not there"),
        };
        let sentence = ["`", clip(key), "` is no member of a ", object.noun, " and is not read; what is read is `", meant, "`", so];
        self.model.note(("LINT_MEMBER_UNKNOWN", severity), object.rule, value, &sentence);
    }
}
