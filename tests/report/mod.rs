//! What a test did, in a line.

/// Said even when the test passes: the runner captures what macros print.
pub fn report(line: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("\n{line}\n").as_bytes());
}
