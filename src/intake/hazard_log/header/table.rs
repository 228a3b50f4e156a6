//! The words that headers are known by, as data, and which of them are near enough to be compared with.

use super::{Header, folded_header};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const HEADERS: &str = include_str!("../../../data/hazard-log-headers.toml");

/// How often each letter stands in a text, letters that share a place taken together. Comparing two texts letter by
/// letter is slow, and every short text near the top of a sheet may be a header with a typing error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letters([u8; 32]);

impl Letters {
    pub fn of(text: &str) -> Self {
        let mut counts = [0_u8; 32];
        for letter in text.chars() {
            let count = &mut counts[letter as usize % 32];
            *count = count.saturating_add(1);
        }
        Self(counts)
    }

    /// Typing errors that there are between the texts at least: each puts in one letter at most, and takes out one.
    pub fn apart(&self, other: &Self) -> usize {
        let more = |one: &Self, than: &Self| {
            one.0.iter().zip(than.0).map(|(one, than)| usize::from(one.saturating_sub(than))).sum::<usize>()
        };
        more(self, other).max(more(other, self))
    }
}

/// Header words that have a meaning.
pub(super) struct Synonym {
    pub header: Header,
    pub words: String,
    pub folded: String,
    /// In characters.
    pub length: usize,
    pub letters: Letters,
}

/// The words that headers of ratings are made of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatingWords {
    pub initial: Vec<String>,
    pub residual: Vec<String>,
    pub current: Vec<String>,
    pub severity: Vec<String>,
    pub likelihood: Vec<String>,
    pub risk: Vec<String>,
    pub filler: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct HeaderData {
    rating_words: RatingWords,
    turned_down: TurnedDown,
    synonyms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnedDown {
    words: Vec<String>,
}

pub(super) struct Table {
    pub rating_words: RatingWords,
    /// Words that say that what stands below a header is not so.
    pub turned_down: Vec<String>,
    pub synonyms: Vec<Synonym>,
    /// What each of the synonyms means, by its folded words.
    pub by_words: FxHashMap<String, Header>,
}

pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let data: HeaderData = toml::from_str(HEADERS).expect("the built-in headers are valid");
        let synonyms: Vec<Synonym> = data
            .synonyms
            .into_iter()
            .flat_map(|(key, words)| {
                let header = Header::of_key(&key).expect("each key of the built-in headers is a meaning");
                words.into_iter().map(move |words| {
                    let folded = folded_header(&words);
                    Synonym {
                        header,
                        length: folded.chars().count(),
                        letters: Letters::of(&folded),
                        folded,
                        words,
                    }
                })
            })
            .collect();
        let by_words = synonyms.iter().map(|synonym| (synonym.folded.clone(), synonym.header)).collect();
        Table { rating_words: data.rating_words, turned_down: data.turned_down.words, synonyms, by_words }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_never_tell_more_errors_than_there_are() {
        let words =
            ["hazard name", "hazrad name", "hazardname", "risk", "likelihood", "likelyhood", "Ünit", ""];
        for (one, other) in words.iter().flat_map(|one| words.iter().map(move |other| (one, other))) {
            let errors = strsim::damerau_levenshtein(one, other);
            assert!(Letters::of(one).apart(&Letters::of(other)) <= errors, "{one}, {other}");
        }
        assert_eq!(Letters::of("risk").apart(&Letters::of("hazard name")), 10);
    }
}
