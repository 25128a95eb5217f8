//! The decision core: tables in, decisions out. Cannot fail, cannot panic, denies by default; reads no clock, network or randomness.

mod ask;
mod asking;
mod combine;
mod dispatch;
mod ids;
mod list;
mod prepare;
mod route;
mod subject;
pub mod syntax;
mod unlisted;
mod verdict;
mod who;

#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use ask::asked_at;
pub use ask::{Asked, Question, Target, asked_permission, asked_resource, asked_words};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use ask::{asked_record, record_id, resource_spot};
pub use asking::{Ask, Asking, Kind, NOTHING};
pub use combine::{decide, gate, is_shut, ordered};
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use dispatch::may_send;
pub use dispatch::{answer, request};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use ids::{IdPath, Ids};
pub use list::Filter;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use list::filter;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use list::{ListRule, Listed, archive, archive_rules, list};
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use prepare::holding;
pub use prepare::{Prepared, Source, VisitKind, prepare, ready};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use route::segments;
pub use unlisted::Loose;
pub use verdict::{By, Code, Effect, Verdict};
pub use who::{Claims, Context, Spec, Who};
