//! The JavaScript binding: bytes, names and JSON questions in, decisions out. No decision is taken here.

mod error;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::engine::Effect;
use crate::limits::Limits;
use crate::payload;
use crate::policy::{Policy, Principal};

/// For a permission that has no number: it has to be asked by its text.
const NOT_INTERNED: u32 = u32::MAX;

/// Loads a snapshot from the bytes of its JSON text.
///
/// # Errors
/// A `LatchgateError` with `code` and `path`.
#[wasm_bindgen]
pub fn load(bytes: &[u8]) -> Result<RawPolicy, JsValue> {
    Policy::load(bytes).map(|policy| RawPolicy { policy }).map_err(|error| error::to_js(&error))
}

/// Refuses a snapshot by its length, before its bytes cross: memory that WebAssembly has taken it never gives back.
///
/// # Errors
/// A `LatchgateError` with `code` `ERR_TOO_LARGE`.
#[wasm_bindgen]
pub fn admit(bytes: usize) -> Result<(), JsValue> {
    payload::admit(bytes, &Limits::SNAPSHOT).map_err(|error| error::to_js(&error))
}

/// How long a question may be, in bytes. Of a longer one its beginning is enough to be refused.
#[wasm_bindgen]
pub fn max_question_bytes() -> usize {
    Limits::QUESTION.max_bytes
}

/// The version of the core.
#[wasm_bindgen]
pub fn core_version() -> String {
    crate::VERSION.into()
}

/// A loaded policy. The caller frees it.
#[wasm_bindgen]
pub struct RawPolicy {
    policy: Policy,
}

/// A principal made ready. The caller frees it; it outlives its policy.
#[wasm_bindgen]
pub struct RawPrincipal {
    principal: Principal,
}

#[wasm_bindgen]
impl RawPolicy {
    /// What the snapshot holds.
    ///
    /// # Errors
    /// None that a loaded policy could cause.
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&self.policy.info())
    }

    /// Makes ready whom `{principal, context?}` describes.
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, or what is wrong with the text.
    pub fn principal(&self, spec: &str) -> Result<RawPrincipal, JsValue> {
        let principal = self.policy.principal_from_json(spec);
        principal.map(|principal| RawPrincipal { principal }).map_err(|error| error::to_js(&error))
    }

    /// Answers a whole question.
    ///
    /// # Errors
    /// None: what is wrong with the question is its answer.
    pub fn decide(&self, question: &str) -> Result<JsValue, JsValue> {
        to_js(&self.policy.decide_json(question))
    }

    /// The number of a permission's action, or `0xFFFFFFFF`.
    pub fn action_id(&self, permission: &str) -> u32 {
        self.policy.intern(permission).map_or(NOT_INTERNED, |(action, _)| action)
    }

    /// The number of a permission's resource, or `0xFFFFFFFF`.
    pub fn resource_id(&self, permission: &str) -> u32 {
        self.policy.intern(permission).map_or(NOT_INTERNED, |(_, resource)| resource)
    }

    /// A list of the snapshot as JSON text: its keys are a vendor's, and only `JSON.parse` takes `__proto__` for a key like any other.
    ///
    /// # Errors
    /// `ERR_LIST_UNKNOWN`, `ERR_ARGUMENT`.
    pub fn list(&self, name: &str, params: &str) -> Result<String, JsValue> {
        self.policy.list_json(name, params).map(|list| list.to_json()).map_err(|error| error::to_js(&error))
    }
}

#[wasm_bindgen]
impl RawPrincipal {
    /// Decides a permission by its numbers: 0 deny, 1 allow, 2 error.
    pub fn can_ids(&self, action: u32, resource: u32) -> u8 {
        number(self.principal.check_interned(action, resource))
    }

    /// Decides an ask: 0 deny, 1 allow, 2 error.
    pub fn can(&self, ask: &str) -> u8 {
        match self.principal.check_json(ask).effect {
            "allow" => 1,
            "error" => 2,
            _ => 0,
        }
    }

    /// Decides an ask, with the reason.
    ///
    /// # Errors
    /// None: what is wrong with the ask is its answer.
    pub fn decide(&self, ask: &str) -> Result<JsValue, JsValue> {
        to_js(&self.principal.check_json(ask))
    }

    /// Effective permissions.
    pub fn permissions(&self) -> Vec<String> {
        self.principal.permissions()
    }

    /// Every grant held.
    ///
    /// # Errors
    /// None that a loaded policy could cause.
    pub fn grants(&self) -> Result<JsValue, JsValue> {
        to_js(&self.principal.grants())
    }

    /// The id in the snapshot, or what the token names.
    pub fn id(&self) -> Option<String> {
        self.principal.id().map(Into::into)
    }
}

fn number(effect: Effect) -> u8 {
    match effect {
        Effect::Deny => 0,
        Effect::Allow => 1,
        Effect::Error => 2,
    }
}

/// Plain objects, as `JSON.parse` would make them.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}
