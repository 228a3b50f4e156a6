//! Text and dates as PDF strings (ISO 32000-1, 7.9).

use super::object::Object;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A text string: plain where it is ASCII, else UTF-16 with a byte-order mark.
#[must_use]
pub fn text(words: &str) -> Object {
    if words.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Object::String(words.as_bytes().to_vec());
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect())
}

/// What a text string says. Of one that is no Unicode (`PDFDocEncoding`), what is beyond Latin 1 is not told apart.
#[must_use]
pub fn words(string: &[u8]) -> String {
    if let Some(units) = string.strip_prefix(b"\xFE\xFF") {
        let units = units.chunks(2).map(|two| u16::from_be_bytes([two[0], two.get(1).copied().unwrap_or(0)]));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    match string.strip_prefix(b"\xEF\xBB\xBF") {
        Some(utf8) => String::from_utf8_lossy(utf8).into_owned(),
        None => string.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A date string, in universal time: `D:20260914093000Z`.
#[must_use]
pub fn date(time: Timestamp) -> Object {
    let utc = time.to_zoned(TimeZone::UTC).datetime();
    let (date, time) = (utc.date(), utc.time());
    let digits = format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    Object::String(digits.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_as_it_was() {
        for sentence in ["", "Ada", "O'Neill (locum) \\ 7", "Siân Ŵyn", "李 雷", "🩺 on call"] {
            let Object::String(string) = text(sentence) else { panic!("text is a string") };
            assert_eq!(words(&string), sentence);
        }
        assert_eq!(words(b"\xEF\xBB\xBFSi\xC3\xA2n"), "Siân");
        assert_eq!(words(b"Si\xE2n"), "Siân");
        assert_eq!(words(b"\xFE\xFF\0A\0"), "A\0", "half a character is no reason to fail");
    }

    #[test]
    fn a_date_is_in_universal_time() {
        let time: Timestamp = "2026-09-14T09:05:07+01:00".parse().unwrap();
        assert_eq!(date(time), Object::String(b"D:20260914080507Z".to_vec()));
    }
}
