//! Compiled snapshots from elsewhere, with the length and the check sum made good: opened, or refused with a code; what opens answers.
#![no_main]

use latchgate::{Ask, Context, Policy, Vocabulary, Who};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() < 20 {
        let _ = Policy::open(bytes.to_vec());
        return;
    }
    let mut file = bytes.to_vec();
    let body = file.len() - 8;
    let length = u32::try_from(file.len()).unwrap_or(u32::MAX);
    file[8..12].copy_from_slice(&length.to_le_bytes());
    let sum = xxhash_rust::xxh64::xxh64(&file[..body], 0);
    file[body..].copy_from_slice(&sum.to_le_bytes());
    let Ok(policy) = Policy::open(file) else { return };
    let _ = policy.info();
    for name in ["roles", "groups", "principals", "permissions"] {
        let _ = policy.list_json(name, "{}");
    }
    for id in ["u", "p-agent", "appadmin"] {
        let who = Who::Named(id.into());
        let user = policy.principal(&who, &Context::default());
        let mut vocabulary = Vocabulary::new(&policy);
        vocabulary.permission("actors/order:applyCommands");
        let number = vocabulary.kind("read", "archive");
        let _ = user.answers(&vocabulary);
        let _ = vocabulary.plan(&user, number);
        let _ = user.check(&Ask::Permission("registry:write".into()));
        let _ = (user.permissions(), user.grants());
        let route = r#"{"kind":"route","method":"GET","path":"/iam/acme/groups"}"#;
        let _ = user.check_json(route);
        if let Ok(slice) = policy.slice(&who, &Context::default()) {
            assert!(Policy::open(slice.as_bytes().to_vec()).is_ok(), "a slice opens again");
        }
    }
});
