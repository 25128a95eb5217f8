//! The decision core: tables in, decisions out. Cannot fail, cannot panic, denies by default; reads no clock, network or randomness.

mod ask;
mod combine;
mod filter;
mod ids;
mod loose;
mod prepare;
mod route;
mod subject;
mod verdict;
mod who;

#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use ask::asked_at;
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use ask::resource_spot;
pub use ask::{Asked, Question, Target, asked_permission, asked_resource, asked_words};
pub use combine::{decide, gate, is_shut, ordered};
pub use filter::{Filter, filter};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use filter::{ListRule, Listed, archive, archive_rules, list};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use ids::{IdPath, Ids};
pub use loose::Loose;
#[cfg(any(not(target_arch = "wasm32"), feature = "insight"))]
pub use prepare::holding;
pub use prepare::{Prepared, Source, VisitKind, prepare, ready};
#[cfg(any(feature = "insight", not(target_arch = "wasm32")))]
pub use route::segments;
pub use route::{Route, decide_route, find_route, nobody};
pub use verdict::{By, Code, Effect, Verdict};
pub use who::{Claims, Context, Spec, Who};
