//! Answers by name as rows of bits, for whoever has the names at hand: what crosses into JavaScript is a row and no text.

use std::sync::Arc;

use super::Insight;
#[cfg(feature = "insight")]
use super::index::prepared;
use super::index::{Bits, id_of};
use super::list::refusal;
use super::own::holders;
use super::row::allowed;
use super::why::sought;
use crate::base::error::Error;
use crate::compiled::layout::Section;
use crate::engine::{Ask, Prepared, Spec, Who, ready};

/// A list as a row: the same as [`Insight::list`] names.
#[derive(Debug)]
pub struct ListRow {
    bits: Bits,
    superuser: bool,
    refusal: Option<&'static str>,
}

impl ListRow {
    /// A bit for each of [`Insight::lines`], the lowest of the first word for the first one.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        self.bits.words()
    }

    /// Whether the principal passes every check.
    #[must_use]
    pub fn is_superuser(&self) -> bool {
        self.superuser
    }

    /// Why nothing is allowed, whatever is asked.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        self.refusal
    }
}

impl Insight {
    /// The texts of all lines that a list may have, in byte order.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.space().universe.elements.iter().map(|element| &*element.text)
    }

    /// Whether the exceptions of lists are all that there are.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.space().universe.complete
    }

    /// What somebody can do, as a row. Nothing where a session has scopes or a token carries rights: such a list has lines of its own.
    #[must_use]
    pub fn list_row(&self, who: &Who) -> Option<ListRow> {
        let spec = Spec { who: Arc::new(who.clone()), context: (*self.context).clone() };
        self.row_of(&ready(self.policy.compiled(), &Arc::new(spec)))
    }

    /// The same for somebody who is ready, in this context.
    pub(crate) fn row_of(&self, who: &Prepared) -> Option<ListRow> {
        if self.context.session_scopes.is_some() {
            return None;
        }
        let policy = self.policy.compiled();
        let mut bits = allowed(policy, self.space(), who)?;
        bits.keep(&self.space().own(policy, holders(who), None));
        Some(ListRow { bits, superuser: who.superuser.is_some(), refusal: refusal(policy, who) })
    }

    /// The ids of all principals, in the snapshot's order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let policy = self.policy.compiled();
        (0..policy.rows(Section::Principals)).map(|at| id_of(policy, at))
    }

    /// What the conditions of all principals may read of records of a type: see `fastpath::reads`.
    #[cfg(feature = "insight")]
    pub(crate) fn reads(&self, action: &str, kind: &str) -> String {
        let policy = self.policy.compiled();
        let everybody = (0..policy.rows(Section::Principals)).map(|at| prepared(policy, at, &self.context));
        crate::fastpath::reads_of_everybody(policy, everybody, action, kind)
    }

    /// Who can do something, as a row: a bit for each of [`Insight::ids`], the lowest of the first word for the first one.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for another kind of question than [`Insight::who`] takes; `ERR_TOO_MANY` as there.
    pub fn who_row(&self, ask: &Ask) -> Result<Vec<u64>, Error> {
        self.about_everybody()?;
        Ok(self.row_of_everybody(&sought(self.policy.compiled(), &ask.asking())?).words().to_vec())
    }
}
