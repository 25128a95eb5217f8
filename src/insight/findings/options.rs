//! What is asked of a snapshot besides what is always looked for.

use crate::api::question::{self};
use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::engine::Context;
use crate::json::argument::Place;
use crate::json::{self, Numbers};
use crate::value::Value;

/// What to look for, and how far.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The circumstances, as a question has them: tenant, time … They hold for everybody.
    pub context: Value,
    /// Pairs of permissions that nobody is to hold both of.
    pub apart: Vec<(String, String)>,
    /// How many edits are applied in search of ways to more rights, at most 100 for each principal. None: they are not looked for.
    pub edits: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { context: Value::Map(Vec::new()), apart: Vec::new(), edits: 500 }
    }
}

impl Options {
    /// Reads `{ "context"?, "sod"?: [[permission, permission], …], "edits"? }`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, and the codes of a text that is no JSON or too large.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let document = json::read(text.as_bytes(), &Limits::QUESTION, Numbers::Safe)?;
        let refused = |error: Error| Error::new(ErrorCode::Argument, error.path(), error.message());
        let [context, apart, edits] = document.root().fields(["context", "sod", "edits"]).map_err(refused)?;
        let mut options = Self::default();
        if let Some(context) = context {
            context.members().map_err(refused)?;
            options.context = context.to_value();
        }
        if let Some(pairs) = apart {
            for pair in pairs.items().map_err(refused)? {
                let [one, two] = pair.texts().map_err(refused)?[..] else {
                    return Err(pair.fail(ErrorCode::Argument, "two permissions are to be held apart, no more and no less"));
                };
                options.apart.push((one.into(), two.into()));
            }
        }
        if let Some(edits) = edits {
            let count = usize::try_from(edits.integer().map_err(refused)?);
            options.edits = count.map_err(|_| edits.fail(ErrorCode::Argument, "how many edits are tried is no negative number"))?;
        }
        options.read_context()?;
        Ok(options)
    }

    pub(super) fn read_context(&self) -> Result<Context, Error> {
        let mut context = Context::default();
        let at = Place { base: "$.context", value: &self.context };
        question::read_context(&at, &mut context)?;
        Ok(context)
    }
}
