//! Snapshots as JSON: loaded, or refused with a code; what loads compiles to a file that opens and says the same of itself.
#![no_main]

use latchgate::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(policy) = Policy::load(bytes) else { return };
    let opened = Policy::open(policy.as_bytes().to_vec()).expect("what was compiled opens");
    assert_eq!(opened.info(), policy.info());
});
