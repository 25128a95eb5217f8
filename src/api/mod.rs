//! The face of the crate: policies, principals, and questions as data.

pub mod info;
pub mod policy;
pub mod question;
