//! Questions as they cross from JavaScript: the nodes of a [`Document`], and the texts that they are about. Nothing is parsed.

use crate::base::error::{Error, ErrorCode};
use crate::base::limits::Limits;
use crate::json::document::{Document, Node};
use crate::value::Value;

/// Takes a question as [`Node`]s, two words each, and their texts in UTF-8.
///
/// # Errors
/// `ERR_TOO_LARGE`, `ERR_TOO_DEEP`, `ERR_TOO_MANY`, `ERR_TEXT_NUL`, and `ERR_ARGUMENT` for what no encoder writes.
pub fn read<'t>(text: &'t [u8], words: &[u32], limits: &Limits) -> Result<Document<'t>, Error> {
    let refuse = |code: ErrorCode, message: &str| Err(Error::new(code, "$", message));
    if text.len() > limits.max_bytes {
        return refuse(ErrorCode::TooLarge, "the question is longer than allowed");
    }
    // Keys are nodes too.
    if words.len() / 4 > limits.max_values {
        return refuse(ErrorCode::TooMany, "the question holds more values than allowed");
    }
    if text.iter().min() == Some(&0) {
        return refuse(ErrorCode::TextNul, "text holds the character U+0000");
    }
    let Ok(text) = std::str::from_utf8(text) else { return refuse(ErrorCode::Argument, "the question is not encoded as one") };
    let mut nodes = Vec::with_capacity(words.len() / 2);
    // Where those nodes end that are open, and how deep each is.
    let mut ends: Vec<(usize, usize)> = vec![(words.len() / 2, 0)];
    for (at, [start, size]) in words.as_chunks::<2>().0.iter().enumerate() {
        let node = Node::from_words(*start, *size);
        nodes.push(node);
        while ends.len() > 1 && ends.last().is_some_and(|(end, _)| *end == at) {
            ends.pop();
        }
        if let Some(end) = node.end() {
            let (outer, depth) = ends.last().copied().unwrap_or_default();
            if end <= at || end > outer {
                return refuse(ErrorCode::Argument, "the question is not encoded as one");
            }
            // What an object of JavaScript has around it makes no depth of its own, but must not be without end.
            let depth = depth + usize::from(node.nests());
            if depth > limits.max_depth || ends.len() > limits.max_depth * 4 {
                return refuse(ErrorCode::TooDeep, "the question is nested deeper than allowed");
            }
            ends.push((end, depth));
        }
    }
    Ok(Document::new(text, String::new(), nodes, 0))
}

/// The same as a value.
///
/// # Errors
/// As [`read`].
pub fn value(text: &[u8], words: &[u32]) -> Result<Value, Error> {
    Ok(read(text, words, &Limits::QUESTION)?.value(0))
}
