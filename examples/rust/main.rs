//! A back end in Rust: loads a snapshot once, then decides on requests and records. `cargo run --example rust`

use latchgate::{Ask, Context, Error, Policy, Who};

const SNAPSHOT: &[u8] = include_bytes!("../snapshot.json");

fn main() -> Result<(), Error> {
    for line in answers()? {
        println!("{line}");
    }
    Ok(())
}

/// One line for each question.
pub fn answers() -> Result<Vec<String>, Error> {
    let policy = Policy::load(SNAPSHOT)?;
    let ann = policy.principal(&Who::Named("ann".into()), &Context::default());
    let pay = |owner: &str| {
        format!(r#"{{"principal":"ann","ask":{{"kind":"instance","action":"pay","subject":"invoice","object":{{"owner":"{owner}"}}}}}}"#)
    };
    Ok(vec![
        ann.check(&Ask::Permission("invoice:read".into())).message,
        policy.decide_json(&pay("ann")).message,
        policy.decide_json(&pay("bob")).message,
    ])
}
