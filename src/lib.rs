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

#[cfg_attr(not(feature = "casl"), allow(dead_code, reason = "only the binding of abilities needs it"))]
mod ability;
mod compile;
mod compiled;
mod condition;
mod cursor;
mod decision;
mod dialect;
mod document;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub mod edit;
mod engine;
mod envelope;
mod error;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
mod filter;
mod host;
mod info;
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub mod insight;
mod instant;
mod js;
mod json;
mod limits;
mod lint;
mod listing;
mod model;
mod names;
mod payload;
mod policy;
mod question;
mod quick;
mod slice;
mod spelling;
mod steps;
mod system;
mod table;
#[cfg_attr(not(feature = "host"), allow(dead_code, reason = "only the binding needs it"))]
mod tagged;
mod text;
mod trie;
mod value;
mod whole;

#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod binding;

pub use decision::{DecidingGrant, Decision, SnapshotRef, Via};
pub use engine::{Claims, Code, Context, Effect, Who};
pub use error::{Error, ErrorCode};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use filter::{Column, ColumnType, Columns, Dialect, Filter, FilterKind, Sql};
pub use info::{Counts, Info, Notice};
pub use instant::Instant;
pub use limits::Limits;
pub use lint::{Lint, Severity};
pub use policy::{Answers, Policy, Principal, RecordPlan, Vocabulary};
pub use question::Ask;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub use steps::taken as steps_taken;
pub use system::System;
pub use value::Value;

/// The version of this crate and of the npm package.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
