//! `$regex`: the host's own RegExp in a JavaScript host, an ECMAScript engine elsewhere.

/// JavaScript's flags without `u` and `v`, plus those: each at most once.
fn flags_are_valid(flags: &str) -> bool {
    flags.chars().enumerate().all(|(at, flag)| "dgimsuvy".contains(flag) && !flags.chars().take(at).any(|c| c == flag))
        && !(flags.contains('u') && flags.contains('v'))
}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    /// Whether the pattern compiles.
    pub fn is_valid(pattern: &str, flags: &str) -> bool {
        regress::Regex::with_flags(pattern, flags).is_ok()
    }

    /// Whether the pattern is found. Code units matter: without `u` an astral character is two.
    pub fn is_match(pattern: &str, flags: &str, text: &str) -> bool {
        let Ok(regex) = regress::Regex::with_flags(pattern, flags) else { return false };
        regex.find(text).is_some_and(|found| !flags.contains('y') || found.start() == 0)
    }
}

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod host {
    use js_sys::{Array, Function, Reflect, RegExp};
    use wasm_bindgen::{JsCast, JsValue};

    fn compile(pattern: &str, flags: &str) -> Option<RegExp> {
        // Reflect.construct hands a bad pattern back as an error, where `new` would throw through us.
        let constructor: Function = Reflect::get(&js_sys::global(), &JsValue::from_str("RegExp")).ok()?.dyn_into().ok()?;
        let arguments = Array::of2(&JsValue::from_str(pattern), &JsValue::from_str(flags));
        Reflect::construct(&constructor, &arguments).ok()?.dyn_into().ok()
    }

    pub fn is_valid(pattern: &str, flags: &str) -> bool {
        compile(pattern, flags).is_some()
    }

    pub fn is_match(pattern: &str, flags: &str, text: &str) -> bool {
        compile(pattern, flags).is_some_and(|regex| regex.test(text))
    }
}

#[cfg(all(target_arch = "wasm32", not(feature = "wasm")))]
mod host {
    //! No host to ask: every pattern is refused, so the rule that bears it is an error and never an allow.
    pub fn is_valid(_: &str, _: &str) -> bool {
        false
    }

    pub fn is_match(_: &str, _: &str, _: &str) -> bool {
        false
    }
}

pub fn is_valid(pattern: &str, flags: &str) -> bool {
    flags_are_valid(flags) && host::is_valid(pattern, flags)
}

pub use host::is_match;
