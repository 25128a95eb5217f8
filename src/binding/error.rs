//! Errors cross as real `Error` objects.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// An `Error` with the name `LatchgateError`, a `code` and a `path`.
pub fn to_js(error: &Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    object.set_name("LatchgateError");
    for (key, value) in [("code", error.code().as_str()), ("path", error.path())] {
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object.into()
}
