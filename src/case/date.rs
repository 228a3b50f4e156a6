//! Calendar dates.

use super::folding::plain;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A calendar date, without a time and without a time zone; written and ordered as ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The date with this year, month (1 to 12) and day, if there is such a day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// This many months later, on the last day of the month where the month is shorter.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().months(i64::from(months))).ok().map(Self)
    }

    /// The day after this many days since 1 January 1970, as clocks count; the last that there is where that is later.
    #[must_use]
    pub fn from_days_since_1970(days: u64) -> Self {
        let first = jiff::civil::Date::constant(1970, 1, 1);
        let days = i64::try_from(days).ok().and_then(|days| jiff::Span::new().try_days(days).ok());
        Self(days.and_then(|days| first.checked_add(days).ok()).unwrap_or(jiff::civil::Date::MAX))
    }

    /// How many days this is after another day; negative where it is before.
    #[must_use]
    pub fn days_since(self, other: Self) -> i32 {
        (self.0 - other.0).get_days()
    }

    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, from 1.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Reads the forms that people write in UK documents; see [`StatedDate::read`].
    #[must_use]
    pub fn parse_stated(text: &str) -> Option<Self> {
        StatedDate::read(text).map(|stated| stated.date)
    }

    /// The day that a spreadsheet numbers so, counted from the end of 1899, or from the start of 1904.
    ///
    /// A spreadsheet counts a 29 February 1900 that there never was, so that no day before March 1900 has a number.
    #[must_use]
    pub fn from_serial(serial: u32, from_1904: bool) -> Option<Self> {
        let (year, month, day) = if from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
        let first = jiff::civil::Date::new(year, month, day).ok()?;
        if !from_1904 && serial <= 60 {
            return None;
        }
        let days = jiff::Span::new().try_days(i64::from(serial)).ok()?;
        first.checked_add(days).ok().map(Self)
    }
}

/// A date as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedDate {
    pub date: Date,
    /// Why somebody else might read another date, or none.
    pub doubt: Option<DateDoubt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateDoubt {
    /// `03/04/20`: the century is not said, and is taken to be this one.
    TwoDigitYear,
    /// `27/03//2020`: more signs between the parts than there should be.
    StraySigns,
}

impl StatedDate {
    /// Reads `2026-09-14`, `14/09/2026`, `14.09.2026`, `14-09-2026`, `14 September 2026`, `Mon 14th Sept 2026`,
    /// `14-Sep-26`, `September 14, 2026`, also with a time after it. Day comes before month.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = plain(text.trim());
        if let Ok(date) = text.parse() {
            return Some(Self { date, doubt: None });
        }
        let signs: Vec<&str> = text.split(|c: char| c.is_alphanumeric()).map(str::trim).collect();
        let mut parts: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        if parts.first().is_some_and(|first| is_weekday(first)) {
            parts.remove(0);
        }
        let time = parts.split_off(parts.len().min(3));
        let day_and_time = parts.get(2).and_then(|last| last.split_once('T'));
        if let (Some((day, hour)), [year, ..]) = (day_and_time, &parts[..])
            && year.len() == 4
            && is_number(hour)
        {
            parts[2] = day;
        }
        let [first, second, third] = parts[..] else { return None };
        let is_clear = time.iter().all(|part| is_time(part));
        let (year, month, day) = match first.len() {
            4 if is_number(first) => (first, second, third),
            _ if month_number(first).is_some() => (third, first, second),
            _ => (third, second, first),
        };
        let month = month.parse().ok().or_else(|| month_number(month))?;
        let (year, has_century) = year_of(year)?;
        let date = Date::new(year, month, day_number(day)?).filter(|_| is_clear)?;
        // A comma and a space, or two spaces, are one sign.
        let has_stray_signs =
            signs.iter().any(|sign| sign.chars().filter(|c| !c.is_whitespace()).count() > 1);
        let doubt = match (has_century, has_stray_signs) {
            (false, _) => Some(DateDoubt::TwoDigitYear),
            (true, true) => Some(DateDoubt::StraySigns),
            (true, false) => None,
        };
        Some(Self { date, doubt })
    }
}

/// What is wrong with a date that was written so, as the end of a sentence; none where nothing is.
#[must_use]
pub fn date_in_doubt(text: &str) -> Option<String> {
    match StatedDate::read(text) {
        None => Some("is not a date".to_owned()),
        Some(StatedDate { date, doubt: Some(DateDoubt::StraySigns) }) => {
            Some(format!("has a sign too many for a date, and is read as {date:#}"))
        }
        Some(StatedDate { date, doubt: Some(DateDoubt::TwoDigitYear) }) => {
            Some(format!("does not say the century, and is read as {date:#}"))
        }
        Some(StatedDate { doubt: None, .. }) => None,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_time(part: &str) -> bool {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    is_number(digits) && digits.len() <= 3 || ["am", "pm", "Z", "UTC", "GMT", "BST"].contains(&part)
}

/// The year, and whether its century is said.
fn year_of(text: &str) -> Option<(i16, bool)> {
    let year: i16 = text.parse().ok().filter(|_| is_number(text))?;
    match text.len() {
        4 => Some((year, true)),
        2 => Some((2000 + year, false)),
        _ => None,
    }
}

fn day_number(text: &str) -> Option<i8> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = text[digits.len()..].to_ascii_lowercase();
    matches!(ending.as_str(), "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok()).flatten()
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.to_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
}

fn month_number(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_lowercase();
    let position =
        MONTHS.iter().position(|month| word == *month || (word.len() >= 3 && month.starts_with(&word)))?;
    i8::try_from(position + 1).ok()
}

/// The text was not a date in ISO form.
#[derive(Debug)]
pub struct NotADate(String);

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not a date; write it as year-month-day, such as 2026-09-14", self.0)
    }
}

impl std::error::Error for NotADate {}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        // jiff would also take a date with a time; a document date has none.
        let is_plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        is_plain.then(|| text.parse().ok()).flatten().map(Self).ok_or_else(|| NotADate(text.to_owned()))
    }
}

impl fmt::Display for Date {
    /// In ISO form, for files; with `{:#}` as a reader is told it: `8 September 2026`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() { self.0.strftime("%-d %B %Y").fmt(f) } else { self.0.fmt(f) }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    /// Takes a TOML date (`2026-09-14`) or the same as a string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Stated::deserialize(deserializer)?.text();
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A calendar date, year-month-day, such as 2026-09-14.",
            "type": "string",
            "format": "date",
            "pattern": r"^\d{4}-\d{2}-\d{2}$",
        })
    }
}

/// A date as an input states it: a date of the format, or text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a date, such as 2026-09-14")]
enum Stated {
    Toml(toml::value::Datetime),
    Text(String),
}

impl Stated {
    fn text(self) -> String {
        match self {
            Self::Toml(date) => date.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// For dates that are kept in the words of a document, whatever those are.
pub(crate) fn as_stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Stated>::deserialize(deserializer)?.map(Stated::text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_forms_are_read_day_first() {
        let expected = Date::new(2020, 4, 3);
        for text in [
            "2020-04-03",
            "03/04/2020",
            "03.04.2020",
            "3-4-2020",
            "3 April 2020",
            "03 Apr 2020 ",
            "3rd April 2020",
            "Fri 3 Apr 2020",
            "April 3, 2020",
            "2020/04/03",
            "2020-04-03T10:00:00Z",
            "03/04/2020 10:00",
            "3\u{a0}April\u{a0}2020",
            "3\u{2011}4\u{2011}2020",
        ] {
            assert_eq!(Date::parse_stated(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_that_somebody_might_read_otherwise_are_read_and_doubted() {
        let read = |text| StatedDate::read(text).map(|stated| (stated.date.to_string(), stated.doubt));
        let doubted = |date: &str, doubt| Some((date.to_owned(), Some(doubt)));
        assert_eq!(read("27/03//2020"), doubted("2020-03-27", DateDoubt::StraySigns));
        assert_eq!(read("27..03.2020"), doubted("2020-03-27", DateDoubt::StraySigns));
        assert_eq!(read("03/04/20"), doubted("2020-04-03", DateDoubt::TwoDigitYear));
        assert_eq!(read("3-Apr-20"), doubted("2020-04-03", DateDoubt::TwoDigitYear));
        assert_eq!(read("3 April 2020"), Some(("2020-04-03".to_owned(), None)));
    }

    #[test]
    fn a_number_of_a_spreadsheet_is_a_day_of_either_date_system() {
        let date = |serial, from_1904| Date::from_serial(serial, from_1904).map(|date| date.to_string());
        assert_eq!(date(43_924, false).as_deref(), Some("2020-04-03"));
        assert_eq!(date(42_462, true).as_deref(), Some("2020-04-03"));
        assert_eq!(date(61, false).as_deref(), Some("1900-03-01"));
        assert_eq!((date(60, false), date(u32::MAX, false)), (None, None));
    }

    #[test]
    fn impossible_forms_are_refused() {
        for text in [
            "31/02/2020",
            "2020",
            "",
            "3 Foo 2020",
            "13.13.2020",
            "April 2020",
            "3 4",
            "1.2.3",
            "v1.2.2020.4",
            "3/4/020",
            "3xx April 2020",
            "27/03/2020 and later",
            "999 999 9999",
        ] {
            assert_eq!(Date::parse_stated(text), None, "{text}");
        }
        assert!("2020-04-03T10:00".parse::<Date>().is_err());
    }
}
