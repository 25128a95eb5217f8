//! What every system's edits are made of: documents in their envelopes, requests, answers and refusals.

pub mod answer;
pub mod changes;
pub mod moves;
pub mod request;
pub mod tree;
