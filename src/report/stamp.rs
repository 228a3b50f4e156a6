//! What a signature looks like in its field: a page as large as the field, set by Typst with the fonts of the report.
//!
//! The page is archivable, so a signed report stays what it was. It is not tagged: what a reader is told of a field is
//! its label and what the signature itself says.

use super::fonts::FontSet;
use super::template::Templates;
use super::world::{self, ReportWorld};
use super::{ReportError, pdf, printable};
use crate::case::Date;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;
use typst::foundations::{Bytes, Datetime};

const SOURCE: &str = "#import \"/lib/stamp.typ\": stamp\n#stamp(json(\"/data/stamp.json\"))\n";

/// What a signature says to those who look at the page.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// Whose field it is.
    pub name: &'a str,
    /// Whom the certificate names, where that is not this person.
    pub certificate_of: Option<&'a str>,
    pub role: Option<&'a str>,
    pub registration: Option<&'a str>,
    pub time: Timestamp,
    pub reason: Option<&'a str>,
    /// The certificate says that it is for tests.
    pub test_identity: bool,
    /// What is signed is a draft.
    pub draft: bool,
}

#[derive(Serialize)]
struct Data<'a> {
    name: &'a str,
    certificate_of: Option<&'a str>,
    role: Option<&'a str>,
    registration: Option<&'a str>,
    time: String,
    reason: Option<&'a str>,
    test_identity: bool,
    draft: bool,
    width: f64,
    height: f64,
}

/// Sets a stamp of this width and height in points.
pub fn stamp(fonts: &FontSet, stamp: &Stamp<'_>, [width, height]: [f64; 2]) -> Result<Vec<u8>, ReportError> {
    let Stamp { name, certificate_of, role, registration, time, reason, test_identity, draft } = *stamp;
    let utc = time.to_zoned(TimeZone::UTC).datetime();
    let time = words_of(utc);
    let data =
        Data { name, certificate_of, role, registration, time, reason, test_identity, draft, width, height };
    let mut data = serde_json::to_value(data).unwrap_or_default();
    printable::make_printable(&mut data, fonts, "stamp");

    let mut world = ReportWorld::new(fonts);
    for (path, file) in Templates::embedded().shared()? {
        world.add(&path, file.origin, file.bytes);
    }
    world.add("/data/stamp.json", "data/stamp.json", Bytes::from_string(data.to_string()));
    world.add(world::MAIN, world::GENERATED, Bytes::from_string(SOURCE.to_owned()));
    pdf::export_untagged(&world, midnight(utc))
}

/// `14 September 2026, 08:05 UTC`.
fn words_of(time: DateTime) -> String {
    let clock = format!("{:02}:{:02} UTC", time.hour(), time.minute());
    match Date::new(time.year(), time.month(), time.day()) {
        Some(date) => format!("{date:#}, {clock}"),
        None => clock,
    }
}

/// The start of the day, as Typst has it.
fn midnight(time: DateTime) -> Option<Datetime> {
    let (month, day) = (u8::try_from(time.month()).ok()?, u8::try_from(time.day()).ok()?);
    Datetime::from_ymd_hms(time.year().into(), month, day, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(stamp_of: &Stamp<'_>) -> String {
        let pdf = stamp(&FontSet::embedded(), stamp_of, [245.0, 76.0]).unwrap();
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        assert_eq!(document.get_pages().len(), 1);
        document.extract_text(&[1]).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn ada() -> Stamp<'static> {
        Stamp {
            name: "Ada Ashdown",
            certificate_of: None,
            role: Some("Clinical Safety Officer"),
            registration: Some("GMC 1234567"),
            time: "2026-09-14T08:05:59Z".parse().unwrap(),
            reason: Some("Approval of the report"),
            test_identity: false,
            draft: false,
        }
    }

    #[test]
    fn a_stamp_says_who_when_and_why() {
        let text = text_of(&ada());
        let expected = "Ada Ashdown Clinical Safety Officer GMC 1234567 Signed on 14 September 2026, 08:05 UTC \
                        Reason: Approval of the report";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_stamp_of_a_test_identity_or_of_a_draft_says_so() {
        let text = text_of(&Stamp { test_identity: true, draft: true, ..ada() });
        assert!(text.ends_with("DRAFT · TEST IDENTITY – not a legal signature"), "{text}");
    }

    #[test]
    fn a_stamp_says_whose_certificate_it_is_where_that_is_somebody_else() {
        let text = text_of(&Stamp { certificate_of: Some("TEST Ben Birch"), ..ada() });
        let expected = "Ada Ashdown with the certificate of TEST Ben Birch Clinical Safety Officer";
        assert!(text.starts_with(expected), "{text}");
        let [name, holder] =
            ["A name that is longer than most ", "A holder by another name "].map(|words| words.repeat(4));
        let role = "A role that takes many words to say ".repeat(4);
        let long = Stamp {
            name: name.trim(),
            certificate_of: Some(holder.trim()),
            role: Some(role.trim()),
            test_identity: true,
            draft: true,
            ..ada()
        };
        let text = text_of(&long);
        assert!(
            text.starts_with(&format!("{name}with the certificate of {holder}{role}GMC 1234567")),
            "{text}"
        );
        assert!(text.ends_with("DRAFT · TEST IDENTITY – not a legal signature"), "{text}");
    }

    #[test]
    fn long_words_stay_on_one_page() {
        let long = "A role that takes many words to say ".repeat(60);
        let text =
            text_of(&Stamp { role: Some(&long), reason: None, registration: None, name: "李 雷", ..ada() });
        assert!(text.starts_with("[U+674E] [U+96F7] A role"), "{text}");
    }
}
