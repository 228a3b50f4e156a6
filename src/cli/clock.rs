//! The clock, which is read where something is approved, issued or signed, and where it is asked what a signature is worth
//! now; and nowhere else.

use crate::case::Date;
use jiff::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now.
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today in UTC.
#[expect(clippy::disallowed_methods, reason = "an approval, an issue and a signature are made on a day")]
pub(super) fn today() -> Date {
    const DAY: u64 = 24 * 60 * 60;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    Date::from_days_since_1970(seconds / DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(Date::from_days_since_1970(0), Date::new(1970, 1, 1).unwrap());
        assert_eq!(Date::from_days_since_1970(20_710), Date::new(2026, 9, 14).unwrap());
        assert!(today() >= Date::new(2026, 1, 1).unwrap());
    }
}
