//! Compiled snapshots that nobody compiled: cut off, flipped, over-long, or bent on purpose with the check sum made good. Each is
//! refused with a code; what opens all the same answers whatever it is asked, does not panic, and comes to an end.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bend;
mod harness;
mod reference;
mod report;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bend::{Random, Victim, put, reseal, sections, victims, word};
use latchgate::{Policy, Vocabulary};
use report::report;

/// So long may one file take; the slowest takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);
/// What may come back of one file, in bytes: of a loop of holders each of a thousand visits is told with the way to it.
const ECHO: usize = 32 << 20;

/// How many files were tried, refused and opened, and what went wrong with which.
#[derive(Default)]
struct Tally {
    tried: usize,
    opened: usize,
    failures: Vec<String>,
}

impl Tally {
    /// Tries one file. `how` says how it was made; it is only asked when something is wrong.
    fn attempt(&mut self, bytes: Vec<u8>, victim: &Victim, how: impl Fn() -> String) {
        watch(&|| format!("{}, {}", victim.name, how()));
        let salt = self.tried;
        self.tried += 1;
        match catch_unwind(AssertUnwindSafe(|| examine(bytes, victim, salt))) {
            Ok(opened) => self.opened += usize::from(opened),
            Err(reason) => {
                let reason = reason.downcast_ref::<String>().cloned().or(reason.downcast_ref::<&str>().map(|text| (*text).into()));
                self.failures.push(format!("{}, {}: {}", victim.name, how(), reason.unwrap_or_default()));
            }
        }
        unwatch();
    }

    fn finish(self, what: &str, least: usize) {
        let refused = self.tried - self.opened - self.failures.len();
        report(&format!("hostile, {what}: {} files, {refused} refused, {} opened and answered", self.tried, self.opened));
        let first: Vec<&String> = self.failures.iter().take(20).collect();
        assert!(self.failures.is_empty(), "{} failures, such as {first:#?}", self.failures.len());
        assert!(self.tried >= least, "only {} files", self.tried);
        if let Some(peak) = peak_kilobytes() {
            assert!(peak < 2 << 20, "{} MB of memory were in use at once", peak >> 10);
        }
    }
}

/// Opens a file and asks it everything. Whether it opened.
fn examine(bytes: Vec<u8>, victim: &Victim, salt: usize) -> bool {
    let length = bytes.len();
    match Policy::open(bytes) {
        Ok(policy) => {
            let echo = interrogate(&policy, victim, salt);
            assert!(echo <= ECHO + 100 * length, "{echo} bytes came back");
            true
        }
        Err(error) => {
            let code = error.code().as_str();
            assert!(["ERR_COMPILED", "ERR_FORMAT_UNKNOWN", "ERR_TOO_LARGE"].contains(&code), "refused with {code}");
            assert!(error.path() == "$" && !error.message().is_empty());
            false
        }
    }
}

/// Asks for everything that can be asked for, some of it in turn. How many bytes came back.
fn interrogate(policy: &Policy, victim: &Victim, salt: usize) -> usize {
    let json = |value: &dyn erased::Json| value.text().len();
    let mut echo = json(&policy.info());
    let some = |most: usize| victim.questions.iter().cycle().skip(salt * most % victim.questions.len()).take(most);
    for question in some(3) {
        echo += json(&policy.decide_json(question));
    }
    let list = ["roles", "groups", "principals", "permissions", "defined-permissions"][salt % 5];
    let listed = if salt.is_multiple_of(3) { policy.list_json("user-scopes", &victim.user) } else { policy.list_json(list, "{}") };
    echo += listed.map_or(0, |value| format!("{value:?}").len());
    for question in some(1) {
        let Ok(user) = policy.principal_from_json(question) else { continue };
        echo += user.grants().map_or(0, |grants| json(&grants)) + user.permissions().iter().map(String::len).sum::<usize>();
        let mut vocabulary = Vocabulary::new(policy);
        for permission in &victim.permissions {
            vocabulary.permission(permission);
        }
        for (action, kind) in &victim.kinds {
            let number = vocabulary.kind(action, kind);
            let _ = vocabulary.plan(&user, number).allows(&vocabulary, &victim.record);
        }
        let answers = user.answers(&vocabulary);
        assert_eq!(answers.len(), vocabulary.len());
        echo += answers.words().len() * 4;
        if salt.is_multiple_of(2) {
            let slice = match policy.slice_from_json(question) {
                Ok(slice) => slice,
                Err(error) => {
                    assert_eq!(error.code().as_str(), "ERR_TOO_MANY");
                    continue;
                }
            };
            echo += slice.as_bytes().len() + json(&slice.decide_json(question));
            let reopened = Policy::open(slice.as_bytes().to_vec()).expect("a slice opens again");
            echo += json(&reopened.info());
        }
    }
    echo
}

/// Serialisable things behind one type.
mod erased {
    pub trait Json {
        fn text(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn text(&self) -> String {
            serde_json::to_string(self).expect("what the crate says is JSON")
        }
    }
}

/// Bytes at the end are missing.
#[test]
fn what_is_cut_off_is_refused() {
    let mut tally = Tally::default();
    for victim in victims() {
        let step = if victim.bytes.len() > 8_192 { 13 } else { 1 };
        for length in (0..victim.bytes.len()).step_by(step) {
            tally.attempt(victim.bytes[..length].to_vec(), &victim, || format!("cut to {length}"));
            if length >= 20 {
                let mut cut = victim.bytes[..length].to_vec();
                put(&mut cut, 8, length as u32);
                reseal(&mut cut);
                tally.attempt(cut, &victim, || format!("cut to {length}, made good"));
            }
        }
    }
    assert_eq!(tally.opened, 0, "something cut off was opened");
    tally.finish("cut off", 50_000);
}

/// One bit is another: the check sum finds each.
#[test]
fn a_bit_changed_anywhere_is_refused() {
    let mut tally = Tally::default();
    for victim in victims() {
        let step = if victim.bytes.len() > 8_192 { 17 } else { 1 };
        for bit in (0..victim.bytes.len() * 8).step_by(step) {
            let mut flipped = victim.bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            tally.attempt(flipped, &victim, || format!("bit {bit}"));
        }
    }
    assert_eq!(tally.opened, 0, "something changed was opened");
    tally.finish("a bit changed", 100_000);
}

/// One word is another, and the check sum is right.
#[test]
fn a_word_changed_with_the_sum_made_good_is_refused_or_answers() {
    let mut tally = Tally::default();
    let mut random = Random(1);
    for victim in victims() {
        let words = victim.bytes.len() / 4 - 2;
        let lengths: Vec<u32> = sections(&victim.bytes).iter().map(|(_, length)| *length as u32).collect();
        // Of large files some words, all of small ones.
        let step = (words * 11 / 12_000).max(1);
        for at in (1..words).step_by(step) {
            let was = word(&victim.bytes, at * 4);
            let other = word(&victim.bytes, random.below(words) * 4);
            let length = lengths[random.below(lengths.len())];
            let values = [
                0,
                1,
                u32::MAX,
                u32::MAX - 1,
                was.wrapping_add(1),
                was.wrapping_sub(1),
                was ^ 1 << 31,
                i32::MAX as u32,
                length,
                length / 4,
                other,
                was ^ 1 << random.below(32),
            ];
            for (number, value) in values.into_iter().enumerate().filter(|(_, value)| *value != was) {
                let mut bent = victim.bytes.clone();
                put(&mut bent, at * 4, value);
                reseal(&mut bent);
                tally.attempt(bent, &victim, || format!("word {at} was {was} and is {value} ({number})"));
            }
        }
    }
    assert!(tally.opened > 1_000, "only {} opened: the engine has not been tried", tally.opened);
    tally.finish("a word changed, made good", 100_000);
}

/// Several words are others, or places are swapped, and the check sum is right.
#[test]
fn several_words_changed_with_the_sum_made_good_are_refused_or_answer() {
    let mut tally = Tally::default();
    for victim in victims() {
        for seed in 0..5_000 {
            let mut random = Random(seed);
            let mut bent = victim.bytes.clone();
            let sections: Vec<(usize, usize)> = sections(&bent).into_iter().filter(|(_, length)| *length > 0).collect();
            for _ in 0..1 + random.below(6) {
                // Every section as often as every other, however small.
                let (at, length) = sections[random.below(sections.len())];
                let place = at + 4 * random.below(length / 4);
                let (from, size) = sections[random.below(sections.len())];
                let value = match random.below(6) {
                    0 => random.next() as u32,
                    1 => random.below(16) as u32,
                    2 => u32::MAX - random.below(3) as u32,
                    3 => size as u32 / 4,
                    4 => random.below(size / 4) as u32,
                    _ => word(&bent, from + 4 * random.below(size / 4)),
                };
                put(&mut bent, place, value);
            }
            reseal(&mut bent);
            tally.attempt(bent, &victim, || format!("several words, seed {seed}"));
        }
    }
    assert!(tally.opened > 5_000, "only {} opened: the engine has not been tried", tally.opened);
    tally.finish("several words changed, made good", 100_000);
}

/// The frame: lengths, order of bytes, format, what follows the end.
#[test]
fn a_frame_that_does_not_fit_is_refused() {
    let mut tally = Tally::default();
    for victim in victims() {
        let whole = &victim.bytes;
        let count = sections(whole).len();
        for one in 0..count {
            for other in 0..count {
                let (a, b) = (12 + 4 * one, 12 + 4 * other);
                let (first, second) = (word(whole, a), word(whole, b));
                if first == second {
                    continue;
                }
                let mut swapped = whole.clone();
                put(&mut swapped, a, second);
                put(&mut swapped, b, first);
                reseal(&mut swapped);
                tally.attempt(swapped, &victim, || format!("lengths of {one} and {other} swapped"));
                // The same sum, so that only what is inside can tell.
                for moved in [4, first & !3, second & !3] {
                    let mut shifted = whole.clone();
                    put(&mut shifted, a, first.wrapping_sub(moved));
                    put(&mut shifted, b, second.wrapping_add(moved));
                    reseal(&mut shifted);
                    tally.attempt(shifted, &victim, || format!("{moved} bytes of {one} given to {other}"));
                }
            }
        }
        for format in (0..200).chain([u32::MAX, 1 << 24]).filter(|format| *format != word(whole, 4)) {
            let mut other = whole.clone();
            put(&mut other, 4, format);
            reseal(&mut other);
            let code = Policy::open(other.clone()).map(|_| ()).map_err(|error| error.code().as_str());
            assert_eq!(code, Err("ERR_FORMAT_UNKNOWN"));
            tally.attempt(other, &victim, || format!("format {format}"));
        }
        let mut turned = whole.clone();
        turned.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        tally.attempt(turned.clone(), &victim, || "all words turned around".into());
        turned[..4].copy_from_slice(&whole[..4]);
        reseal(&mut turned);
        tally.attempt(turned, &victim, || "all words but the first turned around, made good".into());
        for more in 1..64 {
            let mut longer = whole.clone();
            longer.resize(whole.len() + more, 0);
            tally.attempt(longer.clone(), &victim, || format!("{more} bytes more"));
            let length = longer.len() as u32;
            put(&mut longer, 8, length);
            reseal(&mut longer);
            tally.attempt(longer, &victim, || format!("{more} bytes more, made good"));
        }
    }
    tally.finish("a frame that does not fit", 10_000);
    let huge = Policy::open(vec![0; (64 << 20) + 1]).map(|_| ()).map_err(|error| error.code().as_str());
    assert_eq!(huge, Err("ERR_TOO_LARGE"));
}

/// Loops and lists as long as the file, in files large enough that what grows with the square of them is seen.
#[test]
fn what_is_built_to_be_slow_or_large_comes_to_an_end() {
    let mut tally = Tally::default();
    for trap in bend::traps() {
        for turn in 0..6 {
            tally.tried += turn;
            tally.attempt(trap.bytes.clone(), &trap, || "as built".into());
            tally.tried -= turn;
        }
    }
    tally.finish("built to be slow or large", 30);
}

/// When the file that each test is at was begun, in milliseconds; 0 between files.
static BEGUN: [AtomicU64; 64] = [const { AtomicU64::new(0) }; 64];
static NEXT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// This test's place in [`BEGUN`].
    static PLACE: usize = begin();
}

fn clock() -> u64 {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis() as u64 + 1
}

/// Starts a watchdog for this thread: a file that takes for ever would otherwise be a test that never ends.
fn begin() -> usize {
    let place = NEXT.fetch_add(1, Ordering::Relaxed) as usize % BEGUN.len();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let begun = BEGUN[place].load(Ordering::Relaxed);
            if begun != 0 && clock().saturating_sub(begun) > PATIENCE.as_millis() as u64 {
                report(&format!("a file takes longer than {} s: {}", PATIENCE.as_secs(), HOW[place].lock().unwrap()));
                std::process::exit(101);
            }
        }
    });
    place
}

/// How the file was made that each test is at; kept up to date only where it is cheap, see [`watch`].
static HOW: [std::sync::Mutex<String>; 64] = [const { std::sync::Mutex::new(String::new()) }; 64];

fn watch(how: &dyn Fn() -> String) {
    PLACE.with(|place| {
        *HOW[*place].lock().unwrap() = how();
        BEGUN[*place].store(clock(), Ordering::Relaxed);
    });
}

fn unwatch() {
    PLACE.with(|place| BEGUN[*place].store(0, Ordering::Relaxed));
}

/// The most memory that this process has had, where the system tells.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
