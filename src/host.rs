//! What a JavaScript host does as well as the standard library: the module is smaller for asking it.

#[cfg(not(all(target_arch = "wasm32", feature = "wasm")))]
mod here {
    /// The double nearest to a number as JSON writes it.
    pub fn parse_number(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }
}

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod here {
    use wasm_bindgen::JsValue;

    /// The double nearest to a number as JSON writes it: `+text`, which is rounded as correctly.
    pub fn parse_number(text: &str) -> f64 {
        JsValue::from_str(text).unchecked_into_f64()
    }
}

pub use here::parse_number;
