//! The ground floor: what everything else is made of, and what knows nothing of permissions.

pub mod error;
pub mod instant;
pub mod limits;
pub mod lint;
pub mod names;
pub mod nearest;
pub mod steps;
pub mod system;
pub mod table;
pub mod terms;
pub mod text;
