//! What only the full build has: JSON snapshots in, compiled ones out, and lists.

use wasm_bindgen::prelude::*;

use super::error::to_js;
use super::policy::RawPolicy;
use crate::api::policy::Policy;
use crate::base::limits::Limits;
use crate::json::tagged;

/// Loads a snapshot, as JSON text or compiled. The bytes are taken over: a compiled one is read where they stand.
///
/// # Errors
/// Code, path and sentence, a line each.
#[wasm_bindgen]
pub fn load(bytes: Vec<u8>) -> Result<RawPolicy, JsValue> {
    Policy::from_bytes(bytes).map(RawPolicy::new).map_err(|error| to_js(&error))
}

#[wasm_bindgen]
impl RawPolicy {
    /// The compiled snapshot.
    pub fn bytes(&self) -> Vec<u8> {
        self.policy.as_bytes().to_vec()
    }

    /// What the compiled snapshot consists of, as JSON.
    pub fn layout(&self) -> String {
        self.policy.layout_json()
    }

    /// The compiled snapshot of what one principal needs, whom a tagged `{principal, context?}` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, or what is wrong with the encoding.
    pub fn slice(&self, text: &[u8], nodes: &[u32]) -> Result<Vec<u8>, JsValue> {
        let spec = tagged::value(text, nodes).and_then(|spec| self.policy.read_spec(&spec));
        let slice = spec.and_then(|spec| self.policy.slice(&spec.who, &spec.context));
        slice.map(|slice| slice.as_bytes().to_vec()).map_err(|error| to_js(&error))
    }

    /// A list of the snapshot as JSON text: its keys are a vendor's, and only `JSON.parse` takes `__proto__` for a key like any other.
    ///
    /// # Errors
    /// `ERR_LIST_UNKNOWN`, `ERR_ARGUMENT`.
    pub fn list(&self, name: &str, text: &[u8], nodes: &[u32]) -> Result<String, JsValue> {
        let list = tagged::read(text, nodes, &Limits::QUESTION).and_then(|params| self.policy.list(name, &params));
        list.map(|list| list.to_json()).map_err(|error| to_js(&error))
    }
}
