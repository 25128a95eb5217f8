//! Decides permissions where the code runs.
//!
//! A *snapshot* of roles, permissions, scopes and access lists goes in, in the shape of a system's own API answers; the decision
//! that its server would take comes out, with the reason. See `ARCHITECTURE.md` for the way through the modules.
//!
//! ```
//! use latchgate::{Ask, Context, Policy, Who};
//!
//! let snapshot = br#"{ "system": "hantera", "payloads": {
//!     "roles": [{ "key": "hr", "acl": { "entries": [{ "resource": "iam/principals", "permission": "read" }] } }],
//!     "principals": [{ "id": "p-1", "roles": ["hr"] }] } }"#;
//! let policy = Policy::load(snapshot)?;
//! let user = policy.principal(&Who::Named("p-1".into()), &Context::default());
//!
//! let decision = user.check(&Ask::Permission("iam/principals:read".into()));
//! assert_eq!((decision.effect, decision.code), ("allow", "granted"));
//! assert!(!user.check(&Ask::Permission("iam/principals:write".into())).is_allowed());
//! # Ok::<(), latchgate::Error>(())
//! ```

// What is looked for on request only is compiled for size, where the compiler's switch for it may be used: scripts/build/core.mjs.
#![cfg_attr(latchgate_wasm, feature(optimize_attribute))]

// Floors from the ground up: a module imports what stands above it in this list, never what stands below (`tests/house.rs`).
mod api;
mod base;
#[cfg_attr(not(feature = "casl"), allow(dead_code, reason = "only the binding of abilities needs it"))]
mod casl;
mod compile;
mod compiled;
mod condition;
mod decision;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod engine;
mod fastpath;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod filter;
mod holdings;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod insight;
mod json;
mod model;
mod slice;
mod systems;
mod value;
#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod wasm;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod writes;

pub use api::info::{Claim, Counts, Info, Notice};
pub use api::policy::{Answers, Policy, Principal, RecordPlan, Vocabulary};
pub use base::error::{Error, ErrorCode};
pub use base::instant::Instant;
pub use base::limits::Limits;
pub use base::lint::{Lint, Severity};
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub use base::steps::taken as steps_taken;
pub use base::system::System;
pub use decision::{DecidingGrant, Decision, SnapshotRef, Via};
pub use engine::{Ask, Claims, Code, Context, Effect, Who};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use filter::{Column, ColumnType, Columns, Dialect, Filter, FilterKind, Sql};
pub use value::Value;

/// The version of this crate and of the npm package.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
