//! Verifies engines, then times them in turns. A loop of our own, because the libraries for benchmarks time one candidate after
//! the other: on a machine that others use too, only candidates that are timed in turns can be compared.

use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::workload::Check;

const ROUNDS: usize = 25;
const BATCH: Duration = Duration::from_millis(15);
/// A slow engine answers at least so many questions a batch.
const AT_LEAST: usize = 8;
const WARM_UP: Duration = Duration::from_millis(200);
/// An engine that needs longer for all questions is held to those that it answers in this time.
const VERIFICATION: Duration = Duration::from_secs(4);

/// An engine with the questions that it was verified on.
pub struct Racer {
    pub engine: Box<dyn Engine>,
    /// It answered this many from the first on, and all of them as the reference does. They are in random order.
    pub verified: usize,
}

impl Racer {
    /// Holds an engine to the reference.
    ///
    /// # Errors
    /// Names the first question that is answered otherwise.
    pub fn verify(mut engine: Box<dyn Engine>, checks: &[Check]) -> Result<Self, String> {
        let began = Instant::now();
        let mut verified = 0;
        for (at, check) in checks.iter().enumerate() {
            if engine.check(at) != check.expected {
                return Err(format!("{check:?} was answered otherwise"));
            }
            verified += 1;
            if began.elapsed() > VERIFICATION {
                break;
            }
        }
        Ok(Self { engine, verified })
    }
}

/// Nanoseconds an operation, over the rounds, and the median of the rounds' ratios to each reference.
#[derive(Debug, Clone)]
pub struct Figures {
    pub ns: f64,
    pub p25: f64,
    pub p75: f64,
    pub ratios: Vec<f64>,
}

/// Times every racer in every round, each round starting with another one. The ratios are to the racers at `references`.
pub fn race(racers: &mut [Racer], references: &[usize]) -> Vec<Figures> {
    let batches: Vec<usize> = racers.iter_mut().map(calibrate).collect();
    let mut times: Vec<Vec<f64>> = vec![vec![0.0; ROUNDS]; racers.len()];
    let mut next = vec![0; racers.len()];
    for round in 0..ROUNDS {
        for turn in 0..racers.len() {
            let at = (turn + round) % racers.len();
            times[at][round] = batch(&mut racers[at], next[at], batches[at]).as_nanos() as f64 / batches[at] as f64;
            next[at] += batches[at];
        }
    }
    let figures = |own: &Vec<f64>| {
        let ratio = |other: &usize| {
            let ratios: Vec<f64> = own.iter().zip(&times[*other]).map(|(own, other)| own / other).collect();
            quantile(&ratios, 0.5)
        };
        let ratios = references.iter().map(ratio).collect();
        Figures { ns: quantile(own, 0.5), p25: quantile(own, 0.25), p75: quantile(own, 0.75), ratios }
    };
    times.iter().map(figures).collect()
}

fn batch(racer: &mut Racer, first: usize, count: usize) -> Duration {
    let began = Instant::now();
    std::hint::black_box(racer.engine.run(first, count, racer.verified));
    began.elapsed()
}

/// How many questions fill a batch, found while warming up.
fn calibrate(racer: &mut Racer) -> usize {
    let (mut count, mut spent) = (AT_LEAST, Duration::ZERO);
    loop {
        let took = batch(racer, 0, count);
        spent += took;
        if took < BATCH / 2 {
            count *= 2;
        } else if spent > WARM_UP {
            let fitting = count as f64 * BATCH.as_secs_f64() / took.as_secs_f64();
            return (fitting as usize).max(AT_LEAST);
        }
    }
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
