//! Bytes as text, in the encoding that they are found to be in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text, and what there is to say of how it was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    /// Where it was not plain UTF-8.
    pub(super) note: Option<String>,
}

/// The text that these bytes are; `None` where they are none.
///
/// UTF-8 is known by itself and UTF-16 by its byte-order mark, or by every other byte being zero. Anything else is
/// guessed by the letters that it would give, as if it were written in the United Kingdom, and that is said.
pub(super) fn decode(bytes: &[u8]) -> Option<Text> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let (encoding, note) = match marked.or_else(|| of_two_bytes(bytes)) {
        Some(encoding) if encoding == UTF_8 => (UTF_8, None),
        Some(encoding) => (encoding, Some(format!("The text is in the encoding {}.", encoding.name()))),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, None),
        None => {
            let encoding = guess(bytes);
            let name = encoding.name();
            let note = format!(
                "The text is not UTF-8; it was taken for {name}, by the letters that this gives. Look at a word with a letter such as é or £ to see that it is right."
            );
            (encoding, Some(note))
        }
    };
    let (text, _, has_errors) = encoding.decode(bytes);
    let broken = has_errors.then(|| {
        format!(
            "Some of the bytes are no text in the encoding {}; each is shown as \u{fffd}.",
            encoding.name()
        )
    });
    let note = [note, broken].into_iter().flatten().reduce(|said, more| format!("{said} {more}"));
    is_text(&text).then(|| Text { text: text.into_owned(), note })
}

/// UTF-16 without its mark: of the Latin letters, digits and delimiters that a table in English is full of, one byte of
/// the two is zero, and nothing else that is text has such bytes.
fn of_two_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    const LOOKED_AT: usize = 4096;
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let pairs = start.chunks_exact(2);
    let count = pairs.len();
    let zeros = |at: usize| pairs.clone().filter(|pair| pair[at] == 0 && pair[1 - at] != 0).count();
    let are_most = |at: usize| bytes.len().is_multiple_of(2) && zeros(at) * 4 > count * 3;
    if are_most(1) {
        Some(UTF_16LE)
    } else if are_most(0) {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"uk"), Utf8Detection::Deny)
}

/// Text has no control characters, save those that break lines and the few that spreadsheets leave behind.
fn is_text(text: &str) -> bool {
    const LOOKED_AT: usize = 4096;
    let (mut controls, mut all) = (0, 0);
    for character in text.chars().take(LOOKED_AT) {
        if character == '\0' {
            return false;
        }
        all += 1;
        controls += usize::from(character.is_control() && !character.is_whitespace());
    }
    controls * 100 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, String) {
        let text = decode(bytes).expect("it is text");
        (text.text, text.note.unwrap_or_default())
    }

    #[test]
    fn utf_8_needs_no_word_with_or_without_its_mark() {
        for bytes in ["Café".as_bytes(), "\u{feff}Café".as_bytes()] {
            assert_eq!(text(bytes), ("Café".to_owned(), String::new()));
        }
    }

    #[test]
    fn utf_16_is_known_with_or_without_its_mark() {
        for mark in ["\u{feff}", ""] {
            let units = |swap: fn(u16) -> [u8; 2]| {
                format!("{mark}Café").encode_utf16().flat_map(swap).collect::<Vec<u8>>()
            };
            let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
            for (bytes, name) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
                let (text, note) = text(&bytes);
                assert_eq!(text, "Café");
                assert!(note.contains(name), "{note}");
            }
        }
    }

    #[test]
    fn what_windows_wrote_is_read_as_such_and_said() {
        let (text, note) = text(b"Hazard,\x93Caf\xe9\x94 \x96 costs \xa35\nIt\x92s,late\n");
        assert_eq!(text, "Hazard,“Café” – costs £5\nIt’s,late\n");
        assert!(note.contains("windows-1252"), "{note}");
    }

    #[test]
    fn bytes_that_are_no_text_are_not_read_as_any() {
        assert_eq!(decode(&[0, 1, 2, 3]), None);
        assert_eq!(decode(b"\x89\x01\x02\x03\x04\x05\x06\x07\x08"), None);
    }
}
