//! The requests that hantera knows, from the IAM page of its documentation (seed 000) and, for what that leaves open, what follows from it. Checked against `tests/vectors/endpoints.json`.

use crate::systems::requests::{Required::*, Row};

/// The table, in the order of its sources.
pub const ROWS: &[Row] = &[
    Row("GET", "/resources/iam/principals", Permission("iam/principals:read")),
    Row("GET", "/resources/iam/principals/{id}", Permission("iam/principals:read")),
    Row("PUT", "/resources/iam/principals/{id}", Permission("iam/principals:write")),
    Row("DELETE", "/resources/iam/principals/{id}", Permission("iam/principals:delete")),
    Row("PUT", "/resources/iam/principals/{id}/roles", Permission("iam/principals:write")),
    Row("POST", "/resources/iam/principals/{id}/password/reset", Permission("iam/principals:write")),
    Row("GET", "/resources/iam/clients", Permission("iam/clients:read")),
    Row("GET", "/resources/iam/clients/{id}", Permission("iam/clients:read")),
    Row("PUT", "/resources/iam/clients/{id}", Permission("iam/clients:write")),
    Row("DELETE", "/resources/iam/clients/{id}", Permission("iam/clients:delete")),
    Row("POST", "/resources/iam/clients/{id}/secrets", Permission("iam/clients:write")),
    Row("PUT", "/resources/iam/clients/{id}/roles", Permission("iam/clients:write")),
    Row("GET", "/resources/iam/roles", Permission("iam/roles:read")),
    Row("GET", "/resources/iam/roles/{key}", Permission("iam/roles:read")),
    Row("PUT", "/resources/iam/roles/{key}", Guarded("iam/roles:write", "key")),
    Row("DELETE", "/resources/iam/roles/{key}", Guarded("iam/roles:delete", "key")),
    Row("POST", "/resources/graph/query", Unknown),
    Row("POST", "/resources/me/password", OwnSession("me")),
];
