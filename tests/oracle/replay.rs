//! Recorded cases of the oracle, asked of the native core: `replay FILE [most]`. One case a line: `{ "snapshot", "questions": [{ "principal",
//! "ask", "expected" }] }`. Says how many were asked and shows the first that differ, `most` of them; none at all is a failure too.
#![allow(clippy::indexing_slicing, reason = "what a JSON value does not have is null")]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use latchgate::Policy;
use serde_json::Value;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let most = arguments.next().map_or(Ok(1), |most| most.parse())?;
    let (mut asked, mut differ) = (0, 0);
    for line in BufReader::new(File::open(&file)?).lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let policy = Policy::load(case["snapshot"].to_string().as_bytes());
        for question in case["questions"].as_array().ok_or("a case has no questions")? {
            asked += 1;
            let got = match &policy {
                Ok(policy) => answer(policy, question),
                Err(error) => format!("refused: {error}"),
            };
            if question["expected"] != *got {
                differ += 1;
                println!("{}\n  {}\n  expected {}, got {got}", case["snapshot"], question["ask"], question["expected"]);
                if differ == most {
                    println!("{asked} questions asked, {differ} differ, and the rest was not asked");
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
    }
    println!("{asked} questions asked, {differ} differ");
    Ok(if asked > 0 && differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn answer(policy: &Policy, question: &Value) -> String {
    let decision = policy.decide_json(&question.to_string());
    if decision.code == "invalid_question" {
        return format!("refused: {}", decision.message);
    }
    match decision.filter {
        Some(filter) => filter.into(),
        None if question["ask"]["kind"] == "filter" && decision.effect == "deny" => "none".into(),
        None => decision.effect.into(),
    }
}
