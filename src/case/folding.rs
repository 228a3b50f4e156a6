//! What does not distinguish texts.
//!
//! [`plain`] takes away what cannot be seen on the page: which space, quotation mark or dash it is, and characters
//! without width. On it stand two foldings, for two questions. Words of a list (a matrix, a header, a sheet's name) are the same whatever
//! their case and spacing: [`fold`]. What people wrote says the same whatever signs stand between the words:
//! [`folded`].

use std::borrow::Cow;

/// A text for comparing: every kind of space is a space, quotation marks and dashes are those of the keyboard, and
/// what has no width is gone. What is printed is never this, but the text as it was written.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|c| !has_no_width(*c)).map(keyboard).collect::<String>().into()
}

/// Marks that word processors and web pages leave in a text: soft hyphens, joiners, directions, byte-order marks.
fn has_no_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn keyboard(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{2bc}' | '\u{ff07}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' | '\u{ff02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2028}' | '\u{2029}' => '\n',
        // Forms as wide as a Chinese character.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ if c.is_whitespace() && !matches!(c, '\n' | '\r' | '\t') => ' ',
        _ => c,
    }
}

/// Case, outer space and runs of inner space do not distinguish words of a list.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for part in plain(word).split_whitespace() {
        append(&mut folded, part);
    }
    folded
}

/// Case and space do not distinguish texts, nor do signs: what is left are words.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// [`folded`] in the place of what was there: for whoever folds many texts and keeps none.
pub fn fold_into(folded: &mut String, text: &str) {
    folded.clear();
    if text.is_ascii() {
        // Nearly all texts are, and of each byte it is known at once what it is.
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        folded.truncate(folded.trim_end().len());
        return;
    }
    for word in plain(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        append(folded, word);
    }
}

/// Puts a word behind others, in lower case.
fn append(folded: &mut String, word: &str) {
    if !folded.is_empty() {
        folded.push(' ');
    }
    if word.is_ascii() {
        let start = folded.len();
        folded.push_str(word);
        folded[start..].make_ascii_lowercase();
    } else {
        folded.push_str(&word.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, folded, plain};

    #[test]
    fn what_cannot_be_seen_does_not_distinguish_texts() {
        assert_eq!(fold("\u{feff}Very\u{a0}Low\u{200b} "), "very low");
        assert_eq!(fold("Sign\u{2011}off"), "sign-off");
        assert_eq!(fold("Maj\u{ad}or"), fold("\u{ff2d}ajor"));
        assert_eq!(folded("The patient\u{2019}s rec\u{200b}ord"), folded("The patient's record"));
        assert_eq!(plain("\u{201c}3\u{202f}\u{2013} Medium\u{201d}"), "\"3 - Medium\"");
        assert_eq!(plain("caf\u{e9} \u{5b57}"), "caf\u{e9} \u{5b57}");
    }

    #[test]
    fn signs_count_in_a_word_of_a_list_and_not_in_a_text() {
        assert_eq!(fold("  Sign-off \n level"), "sign-off level");
        assert_eq!(folded("The patient\u{2019}s \u{2013} SIGN-OFF (4.2)"), "the patient s sign off 4 2");
        assert_eq!(folded(" (The patient's  - SIGN-OFF, 4.2) "), "the patient s sign off 4 2");
        assert_eq!((folded(" -- "), folded("")), (String::new(), String::new()));
    }
}
