//! Numbers that are written as words.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that a lower-case word says: `seven`, `twenty-one`, `12`. No version, no part of an id.
#[must_use]
pub fn number(word: &str) -> Option<u32> {
    if !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    let of_tens = |word: &str| position(&TENS, word).map(|at| (at + 2) * 10);
    match word.split_once('-') {
        Some((tens, ones)) => Some(of_tens(tens)? + position(&ONES[1..10], ones)? + 1),
        None => position(&ONES, word).or_else(|| of_tens(word)),
    }
}

fn position(words: &[&str], word: &str) -> Option<u32> {
    words.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn words_and_digits() {
        for (word, value) in
            [("zero", 0), ("seven", 7), ("nineteen", 19), ("twenty", 20), ("forty-two", 42), ("12", 12)]
        {
            assert_eq!(number(word), Some(value), "{word}");
        }
        for word in ["", "4.2", "h01", "twenty-", "twenty-ten", "two-fold", "20261122"] {
            assert_eq!(number(word), None, "{word}");
        }
    }
}
