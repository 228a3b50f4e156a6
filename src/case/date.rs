//! Calendar dates.

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

    /// Reads the forms that people write in UK documents: `2026-09-14`, `14/09/2026`, `14.09.2026`,
    /// `14-09-2026`, `14 September 2026`, `14 Sep 2026`. Day comes before month.
    #[must_use]
    pub fn parse_stated(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(date) = text.parse() {
            return Some(date);
        }
        let parts: Vec<&str> =
            text.split(|c: char| matches!(c, '/' | '.' | '-') || c.is_whitespace()).collect();
        let [day, month, year] = parts[..] else {
            return None;
        };
        if year.len() != 4 {
            return None;
        }
        let month = month.parse().ok().or_else(|| month_number(month))?;
        Self::new(year.parse().ok()?, month, day.parse().ok()?)
    }
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
        for text in ["2020-04-03", "03/04/2020", "03.04.2020", "3-4-2020", "3 April 2020", "03 Apr 2020 "] {
            assert_eq!(Date::parse_stated(text), expected, "{text}");
        }
    }

    #[test]
    fn impossible_forms_are_refused() {
        for text in ["27/03//2020", "31/02/2020", "2020", "", "3 Foo 2020", "03/04/20", "13.13.2020"] {
            assert_eq!(Date::parse_stated(text), None, "{text}");
        }
        assert!("2020-04-03T10:00".parse::<Date>().is_err());
    }
}
