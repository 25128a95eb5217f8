//! The hot paths of the core: `cargo bench`, `cargo bench -- NAME…`. With `--once NAME N` one path runs N times and nothing is
//! timed, for counting instructions; with `--list` their names. The peers are in `bench/native`.

mod company;
mod paths;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use paths::{HotPath, hot_paths};

const ROUNDS: usize = 25;
const BATCH: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--list"] => hot_paths()?.iter().for_each(|path| println!("{} {}", path.name, path.questions)),
        ["--once", name, count] => {
            let count = count.parse()?;
            let mut paths = hot_paths()?;
            let path = paths.iter_mut().find(|path| path.name == *name).ok_or_else(|| format!("there is no hot path {name}"))?;
            black_box((path.run)(count));
        }
        names => {
            let mut paths = hot_paths()?;
            paths.retain(|path| names.is_empty() || names.contains(&path.name));
            time(&mut paths);
        }
    }
    Ok(())
}

/// Times the paths in turns, so that what else the machine does falls on all of them.
fn time(paths: &mut [HotPath]) {
    let batches: Vec<usize> = paths.iter_mut().map(calibrate).collect();
    let mut times: Vec<Vec<f64>> = paths.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((path, count), times) in paths.iter_mut().zip(&batches).zip(&mut times) {
            times.push(batch(path, *count).as_nanos() as f64 / *count as f64);
        }
    }
    println!("{:<14}{:>12}   p25 … p75", "hot path", "median");
    for (path, times) in paths.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let quarter = |quarters: usize| text(times.get((times.len() - 1) * quarters / 4).copied().unwrap_or_default());
        println!("{:<14}{:>12}   {} … {}", path.name, quarter(2), quarter(1), quarter(3));
    }
}

fn batch(path: &mut HotPath, count: usize) -> Duration {
    let began = Instant::now();
    black_box((path.run)(count));
    began.elapsed()
}

/// How many runs fill a batch, found while warming up.
fn calibrate(path: &mut HotPath) -> usize {
    let mut count = 1;
    while batch(path, count) < BATCH {
        count *= 2;
    }
    count
}

fn text(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
