//! One adapter an engine: how a document is put to it, and how a question.

mod casbin;
mod cedar;
mod latchgate;
mod regorus;

use std::hint::black_box;

use crate::workload::Workload;

/// An engine that holds a workload and can answer its questions, by their place.
pub trait Engine {
    /// The answer to a question. What stands here is timed; what could be made ready ahead is not here.
    fn check(&mut self, at: usize) -> bool;

    /// Answers `count` questions from place `first` on, round and round the first `among`. Written once for every engine, and
    /// compiled for each, so that calling through a table is paid once a batch.
    fn run(&mut self, first: usize, count: usize, among: usize) -> usize {
        let mut at = first % among;
        let mut allowed = 0;
        for _ in 0..count {
            allowed += usize::from(black_box(self.check(black_box(at))));
            at += 1;
            if at == among {
                at = 0;
            }
        }
        allowed
    }
}

/// Something to race: a way of asking an engine.
pub struct Candidate {
    pub name: &'static str,
    /// The package, as the lock file names it.
    pub package: &'static str,
    /// Lets the engine load the workload.
    pub load: fn(&Workload) -> Box<dyn Engine>,
}

/// The first of them are ours, and what the ratios are to.
pub const REFERENCES: usize = 2;

pub const CANDIDATES: [Candidate; 7] = [
    Candidate { name: "latchgate, text", package: "latchgate", load: latchgate::by_text },
    Candidate { name: "latchgate, numbers", package: "latchgate", load: latchgate::by_number },
    Candidate { name: "cedar-policy", package: "cedar-policy", load: cedar::load },
    Candidate { name: "casbin", package: "casbin", load: casbin::plain },
    Candidate { name: "casbin, cached hit", package: "casbin", load: casbin::cached },
    Candidate { name: "regorus", package: "regorus", load: regorus::interpreter },
    Candidate { name: "regorus, compiled", package: "regorus", load: regorus::machine },
];

/// The version that was built, out of the lock file.
pub fn version(package: &str) -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)).and_then(|rest| rest.split('"').next());
    version.unwrap_or("unknown")
}
