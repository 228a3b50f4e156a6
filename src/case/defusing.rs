//! Texts in a file that a spreadsheet opens without knowing which of its cells are texts.
//!
//! A spreadsheet runs a text that begins with `=`, `+`, `-` or `@`. Such a text gets an apostrophe in front, and so does
//! one that begins with apostrophes before such a character. So a reader knows which apostrophe was put there, and takes
//! away no other.

use std::borrow::Cow;

/// A text that no spreadsheet takes for a formula.
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_armed(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`defused`] was given.
#[must_use]
pub fn undefused(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_armed(rest)).unwrap_or(text)
}

/// Whether a text begins, after any apostrophes, with what a spreadsheet could run.
fn is_armed(text: &str) -> bool {
    const ARMED: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let bare = text.trim_start_matches('\'');
    let words = bare.trim_start();
    words.starts_with(ARMED) || bare[..bare.len() - words.len()].contains(['\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_could_run_is_defused() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("  =1+1", "'  =1+1"),
            ("-", "'-"),
            (" \t", "' \t"),
            ("\t@SUM(A1)", "'\t@SUM(A1)"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("'=1", "''=1"),
            ("'tis a name", "'tis a name"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(defused(text), written);
        }
    }

    proptest! {
        #[test]
        fn a_defused_text_is_the_text_again(text in "['=+@\\-\t\r \"a\u{ff1d}]{0,6}") {
            let written = defused(&text);
            prop_assert_eq!(undefused(&written), text.as_str());
            let runs = |c: char| "=+-@\t\r\u{ff1d}".contains(c);
            prop_assert!(!written.trim_start_matches(' ').starts_with(runs), "{:?}", written);
        }
    }
}
