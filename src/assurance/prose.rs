//! Text that people wrote, taken apart as far as a check can be sure of it: statements, words, numbers, ids.
//!
//! Checks that hold a text against the log must not shout at correct prose. So what is read here is little and
//! certain: a statement is a sentence or a row of a table; a number is a word or digits that nothing makes a
//! version, a date or a part of an id; an id has exactly the form that the log's own ids have. What is in doubt
//! is not read.

mod id;
mod number;
mod statement;
mod word;

pub use id::HazardIds;
pub use statement::{Statement, plain, statements};
pub use word::{Word, contains, words};

use crate::case::folding::folded;

/// A folded text holds this phrase, as whole words.
#[must_use]
pub fn holds(folded_text: &str, phrase: &str) -> bool {
    let phrase = folded(phrase);
    let is_edge = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    !phrase.is_empty()
        && folded_text.match_indices(&phrase).any(|(start, found)| {
            let bytes = folded_text.as_bytes();
            is_edge(start.checked_sub(1).and_then(|before| bytes.get(before)))
                && is_edge(bytes.get(start + found.len()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_as_whole_words() {
        let text = folded("Referral \u{2013} Hub (Release 4.2)");
        assert_eq!(text, "referral hub release 4 2");
        assert!(holds(&text, "referral-hub"));
        assert!(!holds(&text, "referral hu"));
        assert!(!holds(&text, " "));
    }
}
