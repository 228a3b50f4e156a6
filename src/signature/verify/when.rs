//! Dates as PDF has them (ISO 32000-1, 7.9.4).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The moment of a date string such as `D:20260914100507+01'00'`; without an offset it is taken as universal time.
pub(super) fn moment(string: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(string).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, zone) = text.split_at(digits);
    let number = |range: std::ops::Range<usize>, otherwise: i8| -> Option<i8> {
        match digits.get(range) {
            Some(digits) => digits.parse().ok(),
            None => Some(otherwise),
        }
    };
    let civil = DateTime::new(
        digits.get(..4)?.parse().ok()?,
        number(4..6, 1)?,
        number(6..8, 1)?,
        number(8..10, 0)?,
        number(10..12, 0)?,
        number(12..14, 0)?,
        0,
    );
    offset(zone)?.to_timestamp(civil.ok()?).ok()
}

fn offset(zone: &str) -> Option<Offset> {
    let (sign, rest) = match zone.as_bytes().first() {
        None | Some(b'Z') => return Some(Offset::UTC),
        Some(b'+') => (1, &zone[1..]),
        Some(b'-') => (-1, &zone[1..]),
        Some(_) => return None,
    };
    let mut parts = rest.split('\'').filter(|part| !part.is_empty());
    let hours: i32 = parts.next()?.parse().ok()?;
    let minutes: i32 = parts.next().map_or(Ok(0), str::parse).ok()?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_that_the_standard_has() {
        for (date, expected) in [
            ("D:20260914080507Z", "2026-09-14T08:05:07Z"),
            ("D:20260914090507+01'00'", "2026-09-14T08:05:07Z"),
            ("D:20260914090507+01'00", "2026-09-14T08:05:07Z"),
            ("D:20260914033507-04'30'", "2026-09-14T08:05:07Z"),
            ("D:20260914080507Z00'00'", "2026-09-14T08:05:07Z"),
            ("D:202609", "2026-09-01T00:00:00Z"),
            ("2026", "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(
                moment(date.as_bytes()).map(|time| time.to_string()).as_deref(),
                Some(expected),
                "{date}"
            );
        }
        for wrong in ["", "D:", "D:26", "D:20261301", "D:20260914080507?", "yesterday", "D:20260914080507+"] {
            assert_eq!(moment(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
