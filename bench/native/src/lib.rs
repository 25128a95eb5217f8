//! The native core beside its peers: workloads, one adapter an engine, and the clock.

pub mod engine;
pub mod measure;
pub mod prng;
pub mod workload;
