//! The shape of the source: floors from the ground up, imports only downward, wire names only with their system.
//!
//! A room is a folder of `src`. It imports from floors below its own, and from itself. `ARCHITECTURE.md` draws the same floors.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// From the ground up.
const FLOORS: [&str; 21] = [
    "base",
    "value",
    "json",
    "condition",
    "compiled",
    "engine",
    "holdings",
    "decision",
    "fastpath",
    "model",
    "compile",
    "writes",
    "systems",
    "slice",
    "api",
    "filter",
    "edit",
    "insight",
    "casl",
    "wasm",
    "lib",
];

/// Names that a system's payloads have and that our own questions have too, with the one file that reads them there.
const OWN_NAMES: [(&str, &str); 4] = [
    ("legalEntityId", "src/api/question.rs"),
    ("legalEntityId", "src/base/terms.rs"),
    ("allOf", "src/api/question.rs"),
    ("anyOf", "src/api/question.rs"),
];

struct File {
    path: String,
    /// Without comments and tests.
    code: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        let code = text.split("#[cfg(test)]\n").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
        Self { path: path.into(), code: code.join("\n") }
    }

    fn room(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }
}

fn sources() -> Vec<File> {
    fn walk(folder: &Path, root: &Path, files: &mut Vec<File>) {
        for entry in fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                files.push(File::new(&name, &fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    fn is_test(path: &Path) -> bool {
        path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), root, &mut files);
    files
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|known| *known == room)
}

/// The rooms that a file imports from.
fn imports(file: &File) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in file.code.match_indices("crate::") {
        let name: String = file.code[at + "crate::".len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if floor(&name).is_some() {
            rooms.insert(name);
        }
    }
    rooms
}

/// Imports that go up, as `file → room`; and how many there are in all.
fn upward(files: &[File]) -> (Vec<String>, usize) {
    let (mut wrong, mut all) = (Vec::new(), 0);
    for file in files {
        let here = floor(file.room()).unwrap_or_else(|| panic!("{} stands in no room of FLOORS", file.path));
        for room in imports(file) {
            all += 1;
            if floor(&room) > Some(here) {
                wrong.push(format!("{} → {room}", file.path));
            }
        }
    }
    (wrong, all)
}

/// Members that the systems' folders read, where they can be told from ordinary words: by a capital or an underscore.
fn wire_names(files: &[File]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files.iter().filter(|file| file.room() == "systems") {
        for reader in [".get(\"", ".req(\"", ".opt(\"", ".opt_text(\"", ".opt_bool(\"", ".text(\"", ".items(\""] {
            for (at, _) in file.code.match_indices(reader) {
                let name = file.code[at + reader.len()..].split('"').next().unwrap_or_default();
                if name.contains(|c: char| c.is_ascii_uppercase() || c == '_') {
                    names.insert(name.to_string());
                }
            }
        }
    }
    names
}

/// Wire names that stand outside of the systems, as `file: name`.
fn strays(files: &[File], names: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.room() != "systems") {
        for name in names {
            let own = OWN_NAMES.contains(&(name.as_str(), file.path.as_str()));
            if !own && file.code.contains(&format!("\"{name}\"")) {
                found.push(format!("{}: {name}", file.path));
            }
        }
    }
    found
}

#[test]
fn imports_go_downward_only() {
    let files = sources();
    let (wrong, all) = upward(&files);
    println!("house: {} files, {all} imports between rooms, {} upward", files.len(), wrong.len());
    assert_eq!(wrong, Vec::<String>::new());
    assert!(files.len() > 100 && all > 200, "something was not read");
    // Both can be found.
    let planted = [File::new("src/engine/ask.rs", "use crate::systems::hantera;\nuse crate::base::text;\n")];
    assert_eq!(upward(&planted), (vec!["src/engine/ask.rs → systems".to_string()], 2));
}

#[test]
fn wire_names_stand_with_their_system() {
    let files = sources();
    let names = wire_names(&files);
    println!("house: {} wire names looked for in {} files", names.len(), files.len());
    assert_eq!(strays(&files, &names), Vec::<String>::new());
    assert!(names.len() > 30, "the names were not found");
    let planted = [File::new("src/engine/route.rs", "let id = facts.get(\"suspendedAt\");\n")];
    assert_eq!(strays(&planted, &names), ["src/engine/route.rs: suspendedAt"]);
}
