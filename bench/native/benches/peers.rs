//! `cargo bench --manifest-path bench/native/Cargo.toml`: prints a table, writes `bench/results/native.json`.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{SystemTime, UNIX_EPOCH};

use latchgate_bench::engine::{CANDIDATES, Candidate, REFERENCES, version};
use latchgate_bench::measure::{Figures, Racer, race};
use latchgate_bench::workload::{Workload, w1, w2};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let mut rows = Vec::new();
    let ours: Vec<&str> = CANDIDATES[..REFERENCES].iter().map(|candidate| candidate.name).collect();
    println!("| workload | engine | verified on | median | p25 … p75 | × {} |\n|---|---|--:|--:|--:|--:|--:|", ours.join(" | × "));
    for workload in [w1(), w2()] {
        match run(&workload) {
            Ok(done) => rows.extend(done),
            Err(complaint) => {
                eprintln!("{}: {complaint}; nothing is timed", workload.id);
                return ExitCode::FAILURE;
            }
        }
    }
    let report = json!({ "when": now(), "rustc": rustc(), "rows": rows });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join("native.json"), format!("{report:#}\n")));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench/results/native.json: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(workload: &Workload) -> Result<Vec<Value>, String> {
    let verify = |candidate: &Candidate| {
        let engine = (candidate.load)(workload);
        Racer::verify(engine, &workload.checks).map_err(|complaint| format!("{}: {complaint}", candidate.name))
    };
    let mut racers: Vec<Racer> = CANDIDATES.iter().map(verify).collect::<Result<_, _>>()?;
    let references: Vec<usize> = (0..REFERENCES).collect();
    let figures = race(&mut racers, &references);
    let rows = CANDIDATES.iter().zip(&racers).zip(figures).map(|((candidate, racer), Figures { ns, p25, p75, ratios })| {
        let version = version(candidate.package);
        let verified = match racer.verified {
            all if all == workload.checks.len() => format!("all {all}"),
            some => format!("{some} of {}", workload.checks.len()),
        };
        let times = format!("{} | {} … {}", text(ns), text(p25), text(p75));
        let shown: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("| {} | {} {version} | {verified} | {times} | {} |", workload.id, candidate.name, shown.join(" | "));
        let ratios: Vec<f64> = ratios.into_iter().map(round).collect();
        json!({ "engine": candidate.name, "version": version, "workload": workload.id, "ns": round(ns), "p25": round(p25), "p75": round(p75),
                "ratios": ratios, "verified": racer.verified, "checks": workload.checks.len() })
    });
    Ok(rows.collect())
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn text(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}

fn rustc() -> String {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output();
    output.map_or_else(|_| "unknown".into(), |output| String::from_utf8_lossy(&output.stdout).trim().into())
}

/// The day, as `2026-11-21` (from days to a date by the proleptic Gregorian calendar).
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut days = seconds / 86_400;
    let mut year = 1970;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let months = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= months[month] {
        days -= months[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, days + 1)
}
