//! Points in time as text gives them. Nothing here reads a clock.

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) fn millis(self) -> i64 {
        self.0
    }

    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The same from two words, the lower one first.
    pub(crate) fn from_words(low: u32, high: u32) -> Self {
        Self((u64::from(high) << 32 | u64::from(low)).cast_signed())
    }

    /// Reads an RFC 3339 time; a blank may stand for the `T` (as Emporix writes it). Leap seconds count as the next second.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let number = |from: usize, len: usize| -> Option<i64> {
            let digits = text.get(from..from.checked_add(len)?)?;
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            // At most four of them.
            plain.then(|| digits.bytes().fold(0, |number, b| number * 10 + i64::from(b - b'0')))
        };
        let mark = |at: usize, allowed: &[u8]| bytes.get(at).filter(|b| allowed.contains(b)).map(|_| ());
        let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
        let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        mark(4, b"-").and(mark(7, b"-")).and(mark(10, b"Tt ")).and(mark(13, b":")).and(mark(16, b":"))?;
        let in_range = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60 && second < 61;
        let mut at = 19;
        let mut millis = 0;
        if bytes.get(at) == Some(&b'.') {
            let digits = text.get(at + 1..)?.bytes().take_while(u8::is_ascii_digit).count();
            let kept = number(at + 1, digits.min(3))?;
            millis = kept * [0, 100, 10, 1].get(digits.min(3))?;
            at += 1 + digits;
        }
        let offset = match bytes.get(at)? {
            b'Z' | b'z' if bytes.len() == at + 1 => 0,
            sign @ (b'+' | b'-') if bytes.len() == at + 6 => {
                mark(at + 3, b":")?;
                let (hours, minutes) = (number(at + 1, 2)?, number(at + 4, 2)?);
                let seconds = (hours * 60 + minutes) * 60;
                (hours < 24 && minutes < 60).then_some(if *sign == b'+' { seconds } else { -seconds })?
            }
            _ => return None,
        };
        let seconds = days_from_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
        in_range.then_some(Self(seconds * 1_000 + millis))
    }
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar since 1970-01-01.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let past = year - 1;
    let leaps = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400);
    let this_year: i64 = (1..month).map(|m| days_in(year, m)).sum();
    past * 365 + leaps + this_year + day - 719_163
}

#[cfg(test)]
mod tests {
    use super::Instant;

    #[test]
    fn reads_what_rfc_3339_and_emporix_write() {
        assert_eq!(Instant::parse("1970-01-01T00:00:00Z"), Some(Instant(0)));
        assert_eq!(Instant::parse("2022-01-04 10:44:51.871Z"), Some(Instant(1_641_293_091_871)));
        assert_eq!(Instant::parse("2024-02-29T23:59:59.5+01:30"), Some(Instant(1_709_245_799_500)));
    }

    /// An offset is what the clock there is ahead: it is taken off, behind Greenwich it is added.
    #[test]
    fn offsets_count_in_their_direction() {
        let noon = Instant::parse("2026-06-01T12:00:00Z");
        for text in [
            "2026-06-01T14:00:00+02:00",
            "2026-06-01T10:00:00-02:00",
            "2026-06-01T08:30:00-03:30",
            "2026-06-01T17:45:00+05:45",
            "2026-06-01T12:00:00-00:00",
            "2026-06-01t12:00:00.000z",
            "2026-06-02T11:59:00+23:59",
            "2026-05-31T12:01:00-23:59",
        ] {
            assert_eq!(Instant::parse(text), noon, "{text}");
        }
        // Across the ends of months and years.
        assert_eq!(Instant::parse("2025-12-31T22:30:00-01:30"), Instant::parse("2026-01-01T00:00:00Z"));
        assert_eq!(Instant::parse("2024-03-01T01:00:00+02:00"), Instant::parse("2024-02-29T23:00:00Z"));
        assert!(Instant::parse("2026-06-01T12:00:00-02:00") > Instant::parse("2026-06-01T12:00:00+02:00"));
        for text in [
            "2026-06-01T12:00:00-2:00",
            "2026-06-01T12:00:00-24:00",
            "2026-06-01T12:00:00-02:60",
            "2026-06-01T12:00:00\u{2212}02:00",
            "2026-06-01T12:00:00--2:00",
            "2026-06-01T12:00:00-02",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    /// A leap second is the next one's beginning, so that nothing that ends then goes on, and times stay in order.
    #[test]
    fn leap_seconds_and_fractions_keep_the_order() {
        assert_eq!(Instant::parse("2016-12-31T23:59:60Z"), Instant::parse("2017-01-01T00:00:00Z"));
        assert_eq!(Instant::parse("2017-01-01T01:59:60+02:00"), Instant::parse("2017-01-01T00:00:00Z"));
        let order = [
            "1969-12-31T23:59:59.999Z",
            "1970-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.001Z",
            "1970-01-01T00:00:00.01Z",
            "1970-01-01T00:00:00.1Z",
            "1970-01-01T00:00:00.9999Z",
            "1970-01-01T00:00:01Z",
        ];
        let read: Vec<_> = order.iter().map(|text| Instant::parse(text).map(Instant::millis)).collect();
        assert_eq!(read, [-1, 0, 1, 10, 100, 999, 1000].map(Some));
        for text in [
            "2016-12-31T23:59:61Z",
            "2016-12-31T24:00:00Z",
            "2016-12-31T23:60:00Z",
            "2016-12-31T23:59:59.Z",
            "0000-00-01T00:00:00Z",
            "+2016-12-31T00:00:00Z",
            "2016-12-31T23:59:5９Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
        assert!(Instant::parse("0001-01-01T00:00:00Z") < Instant::parse("9999-12-31T23:59:59.999Z"));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["", "2022-01-04", "2023-02-29T00:00:00Z", "2022-13-01T00:00:00Z", "2022-01-04T10:44:51", "2022-01-04T10:44:51Zx"] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }
}
