//! What a binding keeps so that the engine need not be asked twice: names by number, a row of bits for each principal, and for
//! conditions a plan of the attributes that they read. All of it is computed by the engine, and `tests/quick.rs` proves that it
//! never answers otherwise.

mod plan;
#[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "only the binding needs it"))]
mod reads;
mod row;
mod vocabulary;

pub use plan::{Answer, Plan, Planner, Scalar, plan};
pub use reads::reads;
#[cfg_attr(
    not(any(feature = "casl", feature = "insight")),
    allow(unused_imports, reason = "only bindings of abilities and filters need it")
)]
pub use reads::reads_of;
#[cfg(feature = "insight")]
pub use reads::{reads_of_everybody, reads_of_everything};
pub use row::Row;
pub use vocabulary::Vocabulary;
