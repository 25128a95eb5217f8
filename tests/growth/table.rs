//! Prints how the time of each call grows with its input: `cargo run --release --example growth -- [SHAPE] [CALL]`.
//! Each in a process of its own, so that one that never ends, or fills the memory, does not end the others.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program for those who measure"
)]

#[path = "shapes.rs"]
mod shapes;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use latchgate::Policy;
use shapes::{ALL, SHAPES, call};

/// What this process has used of a processor so far: others share the machine.
fn cpu() -> Duration {
    let schedule = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    Duration::from_nanos(schedule.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or(0))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [only, shape, what, n] = arguments.as_slice()
        && only == "=="
    {
        let (shape, n) = (&SHAPES[shape.parse::<usize>().unwrap()], n.parse().unwrap());
        let what = *ALL.iter().find(|call| call.name() == what).unwrap();
        let text = (shape.make)(n).to_string();
        let policy = Policy::load(text.as_bytes());
        let policy = match (policy, what.name()) {
            (Ok(policy), _) => policy,
            (Err(error), "load") => return println!("{:>7} KB  load: {}", text.len() / 1000, error.code()),
            (Err(_), _) => return println!("-"),
        };
        let began = cpu();
        let answer = call(what, shape, n, text.as_bytes(), &policy).unwrap_or_else(|error| format!("{error}"));
        let took = cpu().saturating_sub(began);
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .map_or(0, |line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1024);
        let limit = Duration::from_millis(if matches!(what.name(), "check" | "bits") { 10 } else { 2_000 });
        let mark = if took > limit || peak > 500 { "  <<<" } else { "" };
        println!(
            "{:>7} KB {:>9.1} ms {:>5} MB  {}{mark}",
            text.len() / 1000,
            took.as_secs_f64() * 1e3,
            peak,
            answer.chars().take(90).collect::<String>()
        );
        return;
    }
    let me = std::env::current_exe().unwrap();
    let fits = |name: &str, at: usize| arguments.get(at).is_none_or(|word| word == "-" || name.contains(word.as_str()));
    let quarter = arguments.get(2).is_none_or(|word| word != "all");
    for (at, shape) in SHAPES.iter().enumerate().filter(|(_, shape)| fits(shape.name, 0)) {
        println!("{}", shape.name);
        for what in ALL.iter().filter(|what| fits(what.name(), 1)) {
            let sizes: Vec<usize> = match (quarter, shape.exponential) {
                (true, _) => vec![shape.largest],
                (false, true) => (0..4).rev().map(|back| shape.largest - back).collect(),
                (false, false) => (0..4).rev().map(|back| shape.largest >> back).collect(),
            };
            for n in sizes {
                let mut child = Command::new(&me)
                    .args(["==", &at.to_string(), what.name(), &n.to_string()])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                let began = Instant::now();
                let ended = loop {
                    if let Some(status) = child.try_wait().unwrap() {
                        break Some(status);
                    }
                    if began.elapsed() > Duration::from_secs(12) {
                        child.kill().unwrap();
                        child.wait().unwrap();
                        break None;
                    }
                    std::thread::sleep(Duration::from_millis(2));
                };
                let mut text = String::new();
                std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
                let said = match ended {
                    None => "more than 12 s  <<<".into(),
                    Some(status) if !status.success() => format!("ended: {status}  <<<"),
                    Some(_) => text.trim_end().to_string(),
                };
                println!("  {:<12} {n:>6} {said}", what.name());
            }
        }
    }
}
