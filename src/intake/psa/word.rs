//! What labels, titles and column headers of minutes mean, and the words for decisions and states: a table that is
//! data.

use crate::case::folding::fold;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const WORDS: &str = include_str!("../../data/psa-words.toml");

/// A table of a session's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Attendees,
    Discussed,
    NewHazards,
    Actions,
    Conditions,
}

impl Table {
    pub(super) const ALL: [Self; 5] =
        [Self::Attendees, Self::Discussed, Self::NewHazards, Self::Actions, Self::Conditions];

    /// Its key in a session's record.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Attendees => "attendees",
            Self::Discussed => "discussed",
            Self::NewHazards => "new_hazards",
            Self::Actions => "actions",
            Self::Conditions => "conditions",
        }
    }

    fn words(self) -> &'static TableWords {
        let words = words();
        match self {
            Self::Attendees => &words.attendees,
            Self::Discussed => &words.discussed,
            Self::NewHazards => &words.new_hazards,
            Self::Actions => &words.actions,
            Self::Conditions => &words.conditions,
        }
    }

    /// The table that a title announces.
    pub(super) fn titled(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| contains(&table.words().titles, text))
    }

    /// The field of a column with this header.
    pub(super) fn column(self, header: &str) -> Option<&'static str> {
        key_of(&self.words().columns, header)
    }

    /// The field of an entry that is one text, where a list of texts can stand for the table.
    pub(super) fn alone(self) -> Option<&'static str> {
        self.words().alone.as_deref()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    titles: Vec<String>,
    session: BTreeMap<String, Vec<String>>,
    attendees: TableWords,
    discussed: TableWords,
    new_hazards: TableWords,
    actions: TableWords,
    conditions: TableWords,
    values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableWords {
    titles: Vec<String>,
    alone: Option<String>,
    columns: BTreeMap<String, Vec<String>>,
}

fn words() -> &'static Words {
    static READ: OnceLock<Words> = OnceLock::new();
    READ.get_or_init(|| toml::from_str(WORDS).expect("the built-in words are valid"))
}

/// The field of a session that a label stands for.
pub(super) fn label(text: &str) -> Option<&'static str> {
    key_of(&words().session, text)
}

/// A title that says nothing of the session.
pub(super) fn is_plain_title(text: &str) -> bool {
    contains(&words().titles, text)
}

/// What a word for a value of this field means; `None` where it is none of them.
pub(super) fn value(field: &str, word: &str) -> Option<&'static str> {
    key_of(words().values.get(field)?, word)
}

/// Whether the values of a field are words of a list.
pub(super) fn has_words(field: &str) -> bool {
    words().values.contains_key(field)
}

fn key_of(table: &'static BTreeMap<String, Vec<String>>, text: &str) -> Option<&'static str> {
    let text = bare(text);
    table.iter().find(|(_, words)| words.iter().any(|word| bare(word) == text)).map(|(key, _)| key.as_str())
}

fn contains(words: &[String], text: &str) -> bool {
    words.iter().any(|word| bare(word) == bare(text))
}

/// Without case, needless space, emphasis and closing punctuation.
fn bare(text: &str) -> String {
    fold(text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | ':' | '.' | '#')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_headers_are_known_however_they_are_set() {
        assert_eq!(label("**Session ID:**"), Some("id"));
        assert_eq!(label(" CHAIRED  BY"), Some("chair"));
        assert_eq!(label("Weather"), None);
        assert_eq!(Table::titled("Hazards discussed:"), Some(Table::Discussed));
        assert_eq!(Table::Discussed.column("Residual severity"), Some("after.severity"));
        assert_eq!(value("decision", "Transferred"), Some("transfer"));
        assert_eq!((value("state", "soon"), value("reason", "x")), (None, None));
    }

    #[test]
    fn no_word_has_two_meanings_in_one_table() {
        let lists = std::iter::once(&words().session)
            .chain(Table::ALL.iter().map(|table| &table.words().columns))
            .chain(words().values.values());
        for list in lists {
            let all: Vec<String> = list.values().flatten().map(|word| bare(word)).collect();
            let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
            assert_eq!(distinct.len(), all.len(), "{all:?}");
        }
        let titles: Vec<&String> = Table::ALL.iter().flat_map(|table| &table.words().titles).collect();
        assert_eq!(titles.iter().filter(|title| label(title).is_some()).count(), 0);
    }
}
