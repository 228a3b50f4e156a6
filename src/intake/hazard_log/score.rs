//! Ratings that say one thing twice: `3 - Medium`, `Medium (3)`.
//!
//! A number beside a word counts the words of its axis from 1, the lowest first. Where both agree the cell
//! means the word. Where they do not, the word is read, because the axes of a matrix are words and the numbers
//! only count them; and the disagreement is said.

use crate::case::matrix::RiskPolicy;

/// An axis of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Severity,
    Likelihood,
}

impl Axis {
    fn rank(self, policy: &RiskPolicy, word: &str) -> Option<usize> {
        match self {
            Self::Severity => policy.severity_rank(word),
            Self::Likelihood => policy.likelihood_rank(word),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Severity => "severities",
            Self::Likelihood => "likelihoods",
        }
    }
}

/// What a cell of a rating says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Score {
    /// The word of the matrix where there is one, else the cell as it stands.
    pub word: String,
    /// Why number and word disagree, as words that follow what the cell says.
    pub disagreement: Option<String>,
}

/// Reads a severity or a likelihood.
pub(super) fn read(text: &str, axis: Axis, policy: &RiskPolicy) -> Score {
    let text = text.trim();
    let as_stated = || Score { word: text.to_owned(), disagreement: None };
    if axis.rank(policy, text).is_some() {
        return as_stated();
    }
    let Some((number, word)) = number_and_word(text) else { return as_stated() };
    let Some(rank) = axis.rank(policy, word) else { return as_stated() };
    let disagreement = (number != rank + 1)
        .then(|| format!("{word} is {} of the {}, counted from the lowest", rank + 1, axis.words()));
    Score { word: word.to_owned(), disagreement }
}

/// A number at the beginning or the end of a text, and the word that it stands beside.
fn number_and_word(text: &str) -> Option<(usize, &str)> {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '.' | '(' | ')' | '=' | ',');
    let bare = text.trim_matches(is_mark);
    let is_digit = |c: char| c.is_ascii_digit();
    let (digits, word) = if bare.starts_with(is_digit) {
        bare.split_at(bare.find(|c: char| !is_digit(c))?)
    } else {
        let (word, digits) = bare.split_at(bare.trim_end_matches(is_digit).len());
        (digits, word)
    };
    // "Level3" is one word; a number that is a part of its word says nothing beside it.
    let trimmed = word.trim_matches(is_mark);
    (trimmed.len() < word.len()).then_some(())?;
    Some((digits.parse().ok()?, trimmed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likelihood(text: &str) -> (String, bool) {
        let score = read(text, Axis::Likelihood, &RiskPolicy::nhs());
        (score.word, score.disagreement.is_some())
    }

    #[test]
    fn a_number_that_agrees_goes_with_its_word() {
        for text in
            ["3 - Medium", "Medium (3)", "3: Medium", "3 – Medium", "Medium 3", "(3) Medium", "Medium"]
        {
            assert_eq!(likelihood(text), ("Medium".to_owned(), false), "{text}");
        }
        assert_eq!(likelihood("1. very low").0, "very low");
    }

    #[test]
    fn a_number_that_does_not_agree_is_said() {
        let score = read("2 - Major", Axis::Severity, &RiskPolicy::nhs());
        assert_eq!(score.word, "Major");
        assert_eq!(
            score.disagreement.as_deref(),
            Some("Major is 4 of the severities, counted from the lowest")
        );
        assert_eq!(likelihood("Medium (2)"), ("Medium".to_owned(), true));
        assert_eq!(likelihood("10 - Medium"), ("Medium".to_owned(), true));
    }

    #[test]
    fn what_holds_no_word_of_the_matrix_stays_as_it_stands() {
        for text in ["3 - Rare", "3", "", "Likely (4)", "Medium3", "Medium or 3 more"] {
            assert_eq!(likelihood(text), (text.to_owned(), false), "{text}");
        }
    }
}
