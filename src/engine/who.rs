//! Who asks, and what holds for the questions.

use std::sync::Arc;

use crate::base::instant::Instant;
use crate::value::Value;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody is logged in.
    Nobody,
    /// An id or an alias of the snapshot.
    Named(String),
    /// Verified claims.
    Claims(Box<Claims>),
}

/// Who asks, and what holds for the questions: what a principal is made ready from.
#[derive(Debug)]
pub struct Spec {
    /// Who asks. The same may ask in another context.
    pub who: Arc<Who>,
    /// What holds.
    pub context: Context,
}

impl Spec {
    /// The claims, where somebody asks by claims.
    pub fn claims(&self) -> Option<&Claims> {
        match &*self.who {
            Who::Claims(claims) => Some(claims),
            Who::Nobody | Who::Named(_) => None,
        }
    }
}

/// Claims of a token, in one form for all systems.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// Whom the token names.
    pub id: Option<String>,
    /// The token carries no rights: those of the principal it names count.
    pub by_id: bool,
    /// Roles of the snapshot that the token carries.
    pub roles: Vec<String>,
    /// Groups of the snapshot that the token carries.
    pub groups: Vec<String>,
    /// Permissions that the token carries, in the system's spelling.
    pub permissions: Vec<String>,
    /// Which of them makes its holder pass every check.
    pub superuser: Option<String>,
    /// The legal entity that the token acts for (E15): verified, so it counts before what the request says.
    pub entity: Option<String>,
    /// Scopes that the token is bound to, besides those of the context.
    pub session_scopes: Option<Vec<String>>,
    /// The tenants that the token is bound to. Of two, one is always another than what is asked about.
    pub tenants: Vec<String>,
    /// Attributes of the principal.
    pub attributes: Vec<(Box<str>, Value)>,
}

/// What holds for the questions of one principal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// The tenant that the request is for.
    pub tenant: Option<String>,
    /// How the principal logged in.
    pub auth: Option<String>,
    /// Scopes granted at sign-in (H10, N13).
    pub session_scopes: Option<Vec<String>>,
    /// The legal entity that the principal acts for (E15).
    pub legal_entity: Option<String>,
    /// Further roles (N14).
    pub roles: Vec<String>,
    /// Attributes of the principal, over those of the snapshot.
    pub attributes: Vec<(Box<str>, Value)>,
    /// The time of the question.
    pub now: Option<Instant>,
}
