//! Words, numbers and marks of a statement.

use super::number::number;

/// A word of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A number that stands alone, in words or digits.
    Number(u32),
    /// Anything else that is spelt, in lower case: also `4.2` and `h01`.
    Plain(String),
    /// A mark that parts words.
    Mark(char),
}

impl Word {
    /// It is this word.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Self::Plain(plain) if plain == word)
    }

    /// It is this word, whichever of its letters are capital.
    #[must_use]
    pub fn is_in_any_case(&self, word: &str) -> bool {
        let lower = || word.chars().flat_map(char::to_lowercase);
        matches!(self, Self::Plain(plain) if plain.chars().eq(lower()))
    }

    /// It is one of these words.
    #[must_use]
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        matches!(self, Self::Plain(plain) if words.contains(&plain.as_str()))
    }

    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Plain(_) | Self::Mark(_) => None,
        }
    }
}

/// One of the words of a statement is one of these.
#[must_use]
pub fn contains(words: &[Word], any: &[&str]) -> bool {
    words.iter().any(|word| word.is_one_of(any))
}

/// The words of a statement; a number that is given twice, as in `four (4)`, counts once.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if first.is_alphanumeric() {
            let end = end_of_word(rest);
            let word = rest[..end].to_lowercase();
            words.push(number(&word).map_or(Word::Plain(word), Word::Number));
            rest = &rest[end..];
        } else {
            words.push(Word::Mark(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    without_repeated_numbers(words)
}

/// A word goes on over a sign that a letter or digit follows at once: `4.2`, `twenty-one`, `H01.D1`.
fn end_of_word(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let joins = matches!(char, '.' | '-' | '_' | '\'' | '\u{2019}' | '/')
            && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !char.is_alphanumeric() && !joins {
            return at;
        }
    }
    text.len()
}

fn without_repeated_numbers(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        kept.push(word);
        if let [.., Word::Number(spelt), Word::Mark('('), Word::Number(digits), Word::Mark(')')] = kept[..]
            && spelt == digits
        {
            kept.truncate(kept.len() - 3);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_alone() {
        let plain = |word: &str| Word::Plain(word.to_owned());
        assert_eq!(
            words("Of the four (4) hazards, 2 (H01.D1, v1.1)."),
            [
                plain("of"),
                plain("the"),
                Word::Number(4),
                plain("hazards"),
                Word::Mark(','),
                Word::Number(2),
                Word::Mark('('),
                plain("h01.d1"),
                Word::Mark(','),
                plain("v1.1"),
                Word::Mark(')'),
                Word::Mark('.'),
            ]
        );
    }

    #[test]
    fn a_date_is_no_number() {
        assert!(words("27/03/2020").iter().all(|word| word.number().is_none()));
    }
}
