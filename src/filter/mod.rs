//! List filters as data: which records of a type a principal may touch, as a tree of tests, and what databases make of it.
//!
//! The engine says which rules count for a list ([`crate::engine::List`]); here they become one tree. Native snapshots: the tree
//! holds for just those records that a check would allow. CASL and Open Archiver: it is what their own lists do.

mod archive;
mod ast;
mod build;
mod columns;
mod holds;
mod json;
mod mongo;
mod sql;

pub use columns::{Column, ColumnType, Columns, Dialect};
pub use sql::Sql;

use crate::base::error::Error;
use crate::compiled::Compiled;
use crate::condition::{Condition, Semantics};
use crate::engine::{Effect, Prepared};
use crate::value::Value;
use ast::Node;

/// What a filter lets through, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterKind {
    /// Every record.
    All,
    /// None.
    None,
    /// Those for which conditions hold.
    Conditions,
    /// The server fails on it: to be treated as none and reported apart.
    Error,
}

impl FilterKind {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::None => "none",
            Self::Conditions => "conditions",
            Self::Error => "error",
        }
    }
}

/// Which records of a type a principal may touch.
#[derive(Debug, Clone)]
pub struct Filter {
    kind: FilterKind,
    semantics: Semantics,
    node: Node,
    /// As it is asked about one record, where that differs: a rule of CASL 7 may throw before one that lets everything through.
    in_order: Option<Node>,
}

impl Filter {
    /// What several actions show together. Cannot fail: what the server fails on shows nothing.
    pub(crate) fn new(policy: &Compiled, who: &Prepared, actions: &[&str], kind: &str) -> Self {
        let semantics = policy.profile.semantics;
        let in_order = (semantics == Semantics::Casl7).then(|| build::in_order(policy, who, actions, kind).ok()).flatten();
        let filter = |kind, node| Self { kind, semantics, node, in_order };
        match build::node(policy, who, actions, kind) {
            Ok(Node::All) => filter(FilterKind::All, Node::All),
            Ok(Node::Nothing) => filter(FilterKind::None, Node::Nothing),
            Ok(node) => filter(FilterKind::Conditions, node),
            Err(verdict) if verdict.effect == Effect::Error => filter(FilterKind::Error, Node::Nothing),
            Err(_) => filter(FilterKind::None, Node::Nothing),
        }
    }

    /// All, none, conditions, or an error of the server's.
    #[must_use]
    pub fn kind(&self) -> FilterKind {
        self.kind
    }

    /// The tree in the form of ucast's conditions: `{"operator":"and","value":[…]}`, `{"operator":"eq","field":"owner","value":"u1"}`.
    /// An empty `and` is every record, an empty `or` none.
    #[must_use]
    pub fn ast(&self) -> Value {
        json::ast(&self.node)
    }

    /// The same as JSON text.
    #[must_use]
    pub fn ast_json(&self) -> String {
        self.ast().to_json()
    }

    /// The conditions that a record is tested by.
    #[cfg_attr(not(feature = "insight"), allow(dead_code, reason = "only its binding needs it"))]
    pub(crate) fn conditions<'f>(&'f self, all: &mut Vec<&'f Condition>) {
        self.record_node().conditions(all);
    }

    /// Whose reading of them counts.
    #[cfg_attr(not(feature = "insight"), allow(dead_code, reason = "only its binding needs it"))]
    pub(crate) fn semantics(&self) -> Semantics {
        self.semantics
    }

    /// Whether a list shows the record. Where the server fails on it, it does not.
    #[must_use]
    pub fn holds(&self, record: &Value) -> bool {
        holds::holds(self.record_node(), self.semantics, record)
    }

    fn record_node(&self) -> &Node {
        self.in_order.as_ref().unwrap_or(&self.node)
    }

    /// The query for MongoDB.
    ///
    /// # Errors
    /// `ERR_FILTER_OPERATOR` for what has no translation that shows the same or fewer records.
    pub fn to_mongo(&self) -> Result<Value, Error> {
        mongo::query(&self.node, self.semantics)
    }

    /// The condition for a WHERE clause, and its parameters.
    ///
    /// # Errors
    /// `ERR_FILTER_COLUMN` for an attribute without a column, `ERR_FILTER_OPERATOR` for what has no translation that shows the same or
    /// fewer records.
    pub fn to_sql(&self, dialect: Dialect, columns: &Columns) -> Result<Sql, Error> {
        self.to_sql_from(1, dialect, columns)
    }

    /// The same for a statement that has parameters of its own: in PostgreSQL those of the filter are numbered from `first` on.
    ///
    /// # Errors
    /// As [`Filter::to_sql`].
    pub fn to_sql_from(&self, first: usize, dialect: Dialect, columns: &Columns) -> Result<Sql, Error> {
        sql::condition(&self.node, self.semantics, dialect, columns, first)
    }
}

impl crate::Principal {
    /// Which records of a type the principal may do one of these actions to, as data that databases can be asked with.
    #[must_use]
    pub fn filter(&self, actions: &[&str], kind: &str) -> Filter {
        Filter::new(self.compiled(), self.prepared(), actions, kind)
    }
}
