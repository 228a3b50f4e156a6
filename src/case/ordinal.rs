//! A number that counts the words of an axis, alone or beside its word: `4`, `4 - Major`, `Major (4)`.
//!
//! Which end it counts from is not said here, nor that it counts at all: a log may count from the worst, and
//! whoever asks holds the number against the place of the word.

/// A number and the word that it stands beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal<'a> {
    pub number: u16,
    /// Empty where the number stands alone.
    pub word: &'a str,
}

impl<'a> Ordinal<'a> {
    /// Reads a number at the beginning or the end of a text. `Level3` is one word: a number that is a part of its
    /// word says nothing beside it, and neither does one with a sign or a fraction.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        let is_mark =
            |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '.' | '(' | ')' | '=' | ',');
        let is_digit = |c: char| c.is_ascii_digit();
        let bare = text.trim_matches(is_mark);
        let (number, word) = if bare.starts_with(is_digit) {
            bare.split_at(bare.find(|c: char| !is_digit(c)).unwrap_or(bare.len()))
        } else {
            let (word, number) = bare.split_at(bare.trim_end_matches(is_digit).len());
            (number, word)
        };
        let trimmed = word.trim_matches(is_mark);
        let is_apart = word.is_empty() || trimmed.len() < word.len();
        let is_fraction = trimmed.starts_with(is_digit);
        (is_apart && !is_fraction).then_some(())?;
        Some(Self { number: number.parse().ok()?, word: trimmed })
    }
}

#[cfg(test)]
mod tests {
    use super::Ordinal;

    #[test]
    fn a_number_stands_alone_or_beside_its_word() {
        for (text, number, word) in [
            ("4", 4, ""),
            (" 4 ", 4, ""),
            ("3 - Medium", 3, "Medium"),
            ("Medium (3)", 3, "Medium"),
            ("3 – Medium", 3, "Medium"),
            ("Medium 3", 3, "Medium"),
            ("(3) Medium", 3, "Medium"),
            ("1. very low", 1, "very low"),
            ("5=Almost certain", 5, "Almost certain"),
        ] {
            assert_eq!(Ordinal::of(text), Some(Ordinal { number, word }), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_a_part_of_something_else_is_none() {
        for text in ["", "Major", "Medium3", "3rd", "0.5", "1-2", "Medium or 3 more", "70000", "50%"] {
            assert_eq!(Ordinal::of(text), None, "{text}");
        }
    }
}
