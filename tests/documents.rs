//! What the documents promise is what the code has: every code is in its page of the reference and in the package's types.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../examples/rust/main.rs"]
#[allow(dead_code, reason = "the test takes the answers and prints nothing")]
mod example;

use latchgate::{Code, ErrorCode, System};

const README: &str = include_str!("../README.md");
const DECISIONS: &str = include_str!("../docs/reference/decisions.md");
const LINT: &str = include_str!("../docs/reference/lint.md");
const TYPES: &str = include_str!("../pkg/src/types.ts");
const PACKAGE: &str = include_str!("../pkg/package.json");

#[test]
fn every_code_of_a_decision_is_documented_and_typed() {
    for code in Code::ALL {
        assert!(DECISIONS.contains(&format!("`{}`", code.as_str())), "docs/reference/decisions.md lacks {}", code.as_str());
        assert!(TYPES.contains(&format!("\"{}\"", code.as_str())), "types.ts does not have {}", code.as_str());
    }
    assert!(Code::ALL.len() > 20);
}

#[test]
fn every_code_of_a_refusal_is_documented() {
    for code in ErrorCode::ALL {
        assert!(DECISIONS.contains(&format!("`{code}`")), "docs/reference/decisions.md lacks {code}");
    }
    assert!(ErrorCode::ALL.len() > 20);
}

/// Their codes stand where they are found: those of one policy in one folder, those of the whole snapshot in another.
#[test]
fn every_code_of_a_finding_is_documented() {
    let folders = ["/src/systems/lints", "/src/insight/findings"].map(|folder| format!("{}{folder}", env!("CARGO_MANIFEST_DIR")));
    let mut codes = std::collections::BTreeSet::new();
    for file in folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the folder of the findings")) {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let parts = text.split('"').filter(|part| part.starts_with("LINT_"));
        codes.extend(parts.map(str::to_string));
    }
    for code in &codes {
        assert!(LINT.contains(&format!("`{code}`")), "docs/reference/lint.md lacks {code}");
    }
    assert!(codes.len() > 30);
}

#[test]
fn every_system_is_documented_and_typed() {
    for system in System::ALL {
        assert!(README.contains(&format!("| `{system}` |")), "the README lacks {system}");
        assert!(TYPES.contains(&format!("\"{system}\"")), "types.ts does not have {system}");
    }
}

#[test]
fn crate_and_package_have_one_version() {
    assert!(PACKAGE.contains(&format!("\"version\": \"{}\"", latchgate::VERSION)));
}

#[test]
fn the_schema_is_json_and_names_every_member_of_a_native_snapshot() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../schema/latchgate-snapshot.schema.json")).unwrap();
    let members = schema["$defs"]["payloads"]["properties"].as_object().unwrap();
    let expected = ["combining", "registry", "permissions", "tenants", "resources", "roles", "groups", "principals", "endpoints"];
    assert!(expected.iter().all(|member| members.contains_key(*member)) && members.len() == expected.len());
}

/// The README says which CASL is meant. Its version may be part of the name, which changes nothing; another version is refused.
#[test]
fn casl_is_named_with_its_version_or_without() {
    assert!(README.contains("`casl@7`"));
    let load = |system: &str| {
        let text = format!(r#"{{"system":"{system}","payloads":{{"me":[{{"action":"read","subject":"Post"}}]}}}}"#);
        latchgate::Policy::load(text.as_bytes())
    };
    for name in ["casl@7", "casl"] {
        let decision = load(name).unwrap().decide_json(r#"{"principal":"me","ask":{"kind":"type","action":"read","subject":"Post"}}"#);
        assert_eq!((decision.effect, decision.snapshot.system.as_str()), ("allow", "casl"), "{name}");
    }
    for other in ["casl@6", "casl@7.0.1", "casl@", "CASL", "hantera@1"] {
        assert_eq!(load(other).unwrap_err().code(), ErrorCode::SystemUnknown, "{other}");
    }
}

#[test]
fn the_example_answers() {
    let expected = [
        "`ann` may `invoice:read`: role `clerk` grants `invoice:read`",
        "`ann` may `pay` this `invoice`: role `clerk` grants `invoice:pay`",
        "`ann` may not `pay` this `invoice`: no grant covers it",
    ];
    assert_eq!(example::answers().unwrap(), expected);
}
