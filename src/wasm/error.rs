//! Errors cross as text: code, path and sentence, a line each. The JavaScript side makes its own error of them.

use wasm_bindgen::JsValue;

use crate::base::error::Error;
use crate::base::text::concat;

/// `ERR_TYPE\n$.payloads.roles[0].key\nexpected text …`. Neither codes nor paths have line breaks.
pub fn to_js(error: &Error) -> JsValue {
    JsValue::from_str(&concat(&[error.code().as_str(), "\n", error.path(), "\n", error.message()]))
}
