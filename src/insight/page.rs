//! Pages: a part of a list, and a cursor to the next one. A cursor belongs to one snapshot, by its content, and to one question.

use std::fmt::Debug;

use crate::base::error::{Error, ErrorCode};
use crate::base::names::hash;
use crate::base::table::index;
use crate::compiled::Compiled;

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// At most so many; all if absent.
    pub limit: Option<usize>,
    /// What the page before it gave as its `next`.
    pub cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub from: usize,
    pub to: usize,
}

impl Page {
    /// Where the page begins and ends in a list of so many; and the cursor of the next one.
    ///
    /// # Errors
    /// `ERR_CURSOR_STALE` for a cursor of another snapshot, `ERR_ARGUMENT` for one of another question, or none at all.
    pub fn part(&self, policy: &Compiled, question: &dyn Debug, total: usize) -> Result<(Part, Option<String>), Error> {
        if self.limit == Some(0) {
            return Err(Error::new(ErrorCode::Argument, "$.limit", "a page has to have room for one entry at least"));
        }
        let from = match &self.cursor {
            Some(cursor) => place(cursor, policy, question)?,
            None => 0,
        };
        let from = from.min(total);
        let to = self.limit.map_or(total, |limit| from.saturating_add(limit).min(total));
        let next = (to < total).then(|| write(policy, question, to));
        Ok((Part { from, to }, next))
    }
}

/// The snapshot's content, in a word.
pub fn content(policy: &Compiled) -> String {
    let trailer = policy.bytes().last_chunk::<8>().map_or(0, |trailer| u64::from_le_bytes(*trailer));
    format!("{trailer:016x}")
}

fn asked(question: &dyn Debug) -> String {
    format!("{:08x}", hash(0, format!("{question:?}").as_bytes()))
}

fn write(policy: &Compiled, question: &dyn Debug, to: usize) -> String {
    format!("{}-{}-{}", content(policy), asked(question), index(to))
}

fn place(cursor: &str, policy: &Compiled, question: &dyn Debug) -> Result<usize, Error> {
    let fail = |code, message: &str| Error::new(code, "$.cursor", message);
    let mut parts = cursor.split('-');
    let (Some(snapshot), Some(of), Some(at), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(fail(ErrorCode::Argument, "not a cursor"));
    };
    let Some(at) = crate::base::text::index(at).filter(|_| snapshot.len() == 16) else {
        return Err(fail(ErrorCode::Argument, "not a cursor"));
    };
    if snapshot != content(policy) {
        return Err(fail(ErrorCode::CursorStale, "the cursor is of another version of the snapshot"));
    }
    if of != asked(question) {
        return Err(fail(ErrorCode::Argument, "the cursor is of another question"));
    }
    Ok(at as usize)
}
