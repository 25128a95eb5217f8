//! What only the full build has: JSON snapshots in, compiled ones out, and lists.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::{RawPolicy, tagged};
use crate::limits::Limits;
use crate::policy::Policy;

/// Loads a snapshot from the bytes of its JSON text.
///
/// # Errors
/// Code, path and sentence, a line each.
#[wasm_bindgen]
pub fn load(bytes: &[u8]) -> Result<RawPolicy, JsValue> {
    Policy::load(bytes).map(RawPolicy::new).map_err(|error| to_js(&error))
}

#[wasm_bindgen]
impl RawPolicy {
    /// The compiled snapshot.
    pub fn bytes(&self) -> Vec<u8> {
        self.policy.as_bytes().to_vec()
    }

    /// A list of the snapshot. Objects have no prototype's names in the way: keys are a vendor's.
    ///
    /// # Errors
    /// `ERR_LIST_UNKNOWN`, `ERR_ARGUMENT`.
    pub fn list(&self, name: &str, params: &[u8]) -> Result<JsValue, JsValue> {
        let list = tagged::read(params, &Limits::QUESTION).and_then(|params| self.policy.list(name, &params));
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        list.map_err(|error| to_js(&error))?.serialize(&serializer).map_err(JsValue::from)
    }
}
