//! The words that checks of a hazard log know, and finding them in what people wrote.
//!
//! The lists are data. A text is compared word by word, so that "process" is not found in "processor", and
//! neither case nor punctuation matters.

use ecow::EcoString;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;

const DATA: &str = include_str!("../data/wording.toml");

/// The lists of `data/wording.toml`, which says what each is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wording {
    pub history: History,
    pub owners: Owners,
    pub people: People,
    pub writing: Writing,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct History {
    pub added: Vec<String>,
    pub withdrawn: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Owners {
    pub deployer: Phrases,
    pub care_provider: Phrases,
    pub manufacturer: Phrases,
    pub bodies: Vec<Phrases>,
    pub forms: Phrases,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct People {
    pub safety_officers: Phrases,
    pub social_care: Phrases,
    pub awaiting: Phrases,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Writing {
    pub effects: Phrases,
    pub human_error: Phrases,
    pub training: Phrases,
    pub training_filler: Phrases,
    pub procedural: Phrases,
    pub wishes: Phrases,
    pub considerations: Phrases,
    pub underway: Phrases,
    pub promises: Phrases,
    pub assumptions: Phrases,
    pub relative: Phrases,
    pub reasons: Phrases,
    pub parts: Phrases,
    pub failures: Phrases,
    pub template_text: Phrases,
}

/// The lists that are built in.
pub static WORDING: LazyLock<Wording> =
    LazyLock::new(|| toml::from_str(DATA).expect("the built-in word lists are valid"));

/// A list of phrases.
#[derive(Debug, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases {
    /// By the first word of each, the words that follow it.
    by_first: FxHashMap<EcoString, Vec<Vec<EcoString>>>,
    begins: Begins,
}

/// By what their first words begin, how long those are: most words of a text are no phrase's first, and a look here
/// tells it.
#[derive(Debug)]
struct Begins([u32; 256]);

impl Begins {
    fn of<'a>(words: impl Iterator<Item = &'a EcoString>) -> Self {
        let mut lengths = [0; 256];
        for word in words {
            lengths[Self::byte(word)] |= Self::length(word);
        }
        Self(lengths)
    }

    fn may_be(&self, word: &EcoString) -> bool {
        self.0[Self::byte(word)] & Self::length(word) != 0
    }

    fn byte(word: &EcoString) -> usize {
        word.as_bytes().first().copied().unwrap_or_default().into()
    }

    /// A bit for each length, and one for all that are longer.
    fn length(word: &EcoString) -> u32 {
        1 << word.len().min(31)
    }
}

impl From<Vec<String>> for Phrases {
    fn from(phrases: Vec<String>) -> Self {
        let mut by_first: FxHashMap<EcoString, Vec<Vec<EcoString>>> = FxHashMap::default();
        for phrase in phrases {
            if let [first, rest @ ..] = &words(&phrase)[..] {
                by_first.entry(first.clone()).or_default().push(rest.to_vec());
            }
        }
        Self { begins: Begins::of(by_first.keys()), by_first }
    }
}

impl Phrases {
    /// Where the first phrase of the list stands among these words.
    #[must_use]
    pub fn find(&self, words: &[EcoString]) -> Option<std::ops::Range<usize>> {
        let at = |start: usize| {
            let [first, rest @ ..] = &words[start..] else { return None };
            let phrases = self.begins.may_be(first).then(|| self.by_first.get(first)).flatten()?.iter();
            let longest = phrases.filter(|phrase| rest.starts_with(phrase)).map(Vec::len).max()?;
            Some(start..start + 1 + longest)
        };
        (0..words.len()).find_map(at)
    }

    /// Whether some phrase of the list stands among these words.
    #[must_use]
    pub fn is_in(&self, words: &[EcoString]) -> bool {
        self.find(words).is_some()
    }

    /// Whether this word by itself is in the list.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.by_first.get(word).is_some_and(|phrases| phrases.iter().any(Vec::is_empty))
    }
}

/// The words of a text, in lower case, without punctuation.
#[must_use]
pub fn words(text: &str) -> Vec<EcoString> {
    each_word(text).collect()
}

/// The words of a text, one after the other: many checks ask every control, and the first words often answer. Most
/// words are short enough to need no room of their own.
pub fn each_word(text: &str) -> impl Iterator<Item = EcoString> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty()).map(
        |word| {
            let has_no_capital = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
            if word.bytes().all(has_no_capital) { EcoString::from(word) } else { word.to_lowercase().into() }
        },
    )
}

/// Whether a cause speaks of a part of the product, or of what it stands on, that fails: "Failure of the national
/// network", and not "Failure to enter the network's name", which is a person's.
#[must_use]
pub fn speaks_of_failure(cause: &str) -> bool {
    let words = words(cause);
    let Writing { parts, failures, .. } = &WORDING.writing;
    let is_act = |at: usize| words.get(at + 1).is_some_and(|next| next == "to");
    words.iter().any(|word| parts.has(word))
        && words.iter().enumerate().any(|(at, word)| failures.has(word) && !is_act(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_lists_are_valid() {
        assert!(WORDING.history.added.iter().any(|word| word == "added"));
        assert!(WORDING.owners.deployer.is_in(&words("The deploying  Organisation")));
    }

    #[test]
    fn a_cause_may_say_that_something_fails() {
        for cause in
            ["Failure of the national network", "Messaging failure", "The index service is unavailable"]
        {
            assert!(speaks_of_failure(cause), "{cause}");
        }
        for cause in [
            "Practice fails to tell the system",
            "Failure to search the database",
            "Treatment fails",
            "A slow system",
        ] {
            assert!(!speaks_of_failure(cause), "{cause}");
        }
    }

    #[test]
    fn phrases_are_found_word_by_word() {
        let list = Phrases::from(vec!["user error".to_owned(), "process".to_owned()]);
        assert_eq!(list.find(&words("A user-error, twice")), Some(1..3));
        assert!(!list.is_in(&words("The processor fails")));
        assert!(list.has("process") && !list.has("user"));
    }
}
