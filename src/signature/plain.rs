//! Text from a file or a server, as it may be shown.

/// A text without what steers a terminal, ends a line or turns the direction of reading, so that nothing in a file or a
/// certificate can look like a word about it.
#[must_use]
pub fn plain(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(
                letter,
                '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            )
    };
    text.chars().map(|letter| if steers(letter) { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_a_file_stays_on_its_line() {
        assert_eq!(plain("Ada\n\u{1b}[2KYes: all is well\u{202E}"), "Ada  [2KYes: all is well ");
        assert_eq!(plain("a\u{2028}b\u{2029}c\u{061C}d\u{2066}e"), "a b c d e");
        assert_eq!(plain("Siân Ŵyn 李雷"), "Siân Ŵyn 李雷");
    }
}
