//! The JavaScript bindings: bytes, names and tagged questions in; numbers, bits and JSON answers out. No decision is taken here.

#[cfg(feature = "casl")]
mod ability;
mod error;
#[cfg(feature = "insight")]
mod filter;
#[cfg(feature = "wasm")]
mod full;
#[cfg(feature = "insight")]
mod insight;
mod plans;
#[cfg(feature = "reader")]
mod policy;
#[cfg(feature = "reader")]
mod principal;

use wasm_bindgen::prelude::*;

use crate::base::limits::Limits;

/// Where every kilobyte counts; the full build keeps the default allocator.
#[cfg(not(feature = "wasm"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// How long a question may be, in bytes.
#[wasm_bindgen]
pub fn max_question_bytes() -> usize {
    Limits::QUESTION.max_bytes
}
