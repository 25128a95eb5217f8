//! The requests that ithbat knows, from seed 004 and its documentation. Checked against `tests/vectors/endpoints.json`.

use crate::systems::requests::{Required::*, Row};

/// The table, in the order of its sources.
pub const ROWS: &[Row] = &[
    Row("GET", "/api/v1/permissions", Permission("permission:read")),
    Row("GET", "/api/v1/permissions/categories", Permission("permission:read")),
    Row("GET", "/api/v1/permissions/{id}", Permission("permission:read")),
    Row("POST", "/api/v1/permissions", Permission("permission:write")),
    Row("PUT", "/api/v1/permissions/{id}", Guarded("permission:write", "id")),
    Row("DELETE", "/api/v1/permissions/{id}", Guarded("permission:write", "id")),
    Row("GET", "/api/v1/roles", Permission("role:read")),
    Row("GET", "/api/v1/roles/{id}", Permission("role:read")),
    Row("GET", "/api/v1/roles/permissions", Permission("role:read")),
    Row("POST", "/api/v1/roles", Permission("role:write")),
    Row("GET", "/api/v1/policies", Permission("policy:read")),
    Row("POST", "/api/v1/policies/evaluate", Permission("policy:read")),
];
