//! Placeholders: the one that the engine writes, and text that was never filled in: `TBC`,
//! `<author to ...>`, `[to be completed]`, lorem ipsum.
//!
//! Hazard logs are full of words that look alike: a nurse inserts a cannula, a diagnosis is to be
//! confirmed. So a word counts only as a whole word, a phrase only where it is the whole text or stands
//! in brackets as a prompt.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// The placeholder that the engine itself writes, for what is named.
#[must_use]
pub fn placeholder(what: &str) -> String {
    format!("[to be completed: {what}]")
}

/// What a text says, for whoever asks whether it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'a> {
    /// There is no text, or nothing in it.
    Nothing,
    /// It still holds this placeholder.
    Unfinished(&'a str),
    Finished,
}

impl Written<'_> {
    /// What is wrong with it, to follow the name of what it is.
    #[must_use]
    pub fn fault(self) -> Option<String> {
        match self {
            Self::Nothing => Some("is not given".to_owned()),
            Self::Unfinished(placeholder) => Some(format!("still says \"{placeholder}\"")),
            Self::Finished => None,
        }
    }
}

/// Whether a text was written, to its end.
#[must_use]
pub fn written(text: Option<&str>) -> Written<'_> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Written::Nothing,
        Some(text) => find(text).map_or(Written::Finished, Written::Unfinished),
    }
}

/// It says something, and nothing in it waits to be filled in.
#[must_use]
pub fn is_written(text: &str) -> bool {
    written(Some(text)) == Written::Finished
}

/// Words that are placeholders wherever they stand, as whole words and in this case.
const WORDS: [&str; 8] = ["TBC", "TBD", "TBA", "TODO", "FIXME", "tbc", "tbd", "tba"];

/// Phrases that are placeholders wherever they stand, in any case.
const PHRASES: [&str; 4] =
    ["lorem ipsum", "draft from llm", "click or tap here to enter text", "click here to enter text"];

/// Texts that are placeholders when there is nothing else.
const WHOLE: [&str; 10] = [
    "to be completed",
    "to be confirmed",
    "to be determined",
    "to be added",
    "to be agreed",
    "to be provided",
    "to be supplied",
    "to do",
    "placeholder",
    "insert text",
];

/// How a prompt in brackets begins. Something must follow: `[Enter]` is a key, and `[Delete]` a button.
const PROMPTS: [&str; 15] = [
    "to be completed",
    "to be confirmed",
    "to be determined",
    "to be added",
    "to be agreed",
    "to be decided",
    "to be provided",
    "to be supplied",
    "to be written",
    "insert ",
    "enter ",
    "author to ",
    "authors to ",
    "your ",
    "name of ",
];

/// What an `INSERT` in capitals asks for.
const INSERTED: [&str; 14] = [
    "COMPANY",
    "ORGANISATION",
    "NAME",
    "DATE",
    "TEXT",
    "TITLE",
    "PRODUCT",
    "PROJECT",
    "VERSION",
    "FOOTER",
    "HEADER",
    "LOGO",
    "REFERENCE",
    "DETAILS",
];

/// Something of what a text needs to hold a placeholder. Every text of a case comes by here, and nearly none has it.
static SUSPECT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    const MARKS: [&str; 6] = ["<", "[", "{", "INSERT", "???", "xxx"];
    let patterns = WORDS.iter().chain(&PHRASES).chain(&WHOLE).chain(&MARKS);
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns);
    automaton.expect("a few short patterns make an automaton")
});

/// The first placeholder in a text, as the text words it.
#[must_use]
pub fn find(text: &str) -> Option<&str> {
    if !SUSPECT.is_match(text) {
        return None;
    }
    whole(text)
        .or_else(|| word(text))
        .or_else(|| phrase(text))
        .or_else(|| prompt(text))
        .or_else(|| insert(text))
}

/// Whether a text holds a placeholder.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    find(text).is_some()
}

fn whole(text: &str) -> Option<&str> {
    let bare = text.trim().trim_end_matches(['.', ':', '\u{2026}']);
    let query = bare.len() >= 3 && bare.bytes().all(|byte| matches!(byte, b'?'));
    let crossed = bare.len() >= 3 && bare.bytes().all(|byte| matches!(byte, b'X' | b'x'));
    let known = WHOLE.iter().any(|phrase| bare.eq_ignore_ascii_case(phrase));
    (query || crossed || known).then_some(bare)
}

fn word(text: &str) -> Option<&str> {
    words(text).find(|word| WORDS.contains(word))
}

/// Whole words: what stands between characters that are neither letters, digits, `_` nor `-`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).filter(|word| !word.is_empty())
}

fn phrase(text: &str) -> Option<&str> {
    text.char_indices().find_map(|(start, _)| {
        let rest = &text[start..];
        let phrase = PHRASES.iter().find(|phrase| begins(rest, phrase))?;
        Some(&rest[..phrase.len()])
    })
}

/// Whether a text begins with a phrase, in any case.
fn begins(text: &str, phrase: &str) -> bool {
    text.get(..phrase.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(phrase))
}

/// A prompt in brackets of any kind, such as `<author to indicate reviewers>`; a Markdown link is none.
fn prompt(text: &str) -> Option<&str> {
    text.match_indices(['<', '[', '{']).find_map(|(start, opening)| {
        let closing = match opening {
            "<" => '>',
            "[" => ']',
            _ => '}',
        };
        let inside = &text[start + 1..];
        let inside = &inside[..inside.find(closing)?];
        let end = start + 1 + inside.len() + 1;
        let asked = inside.trim();
        (PROMPTS.iter().any(|prompt| begins(asked, prompt)) && !text[end..].starts_with('('))
            .then(|| &text[start..end])
    })
}

/// `INSERT COMPANY FOOTER HERE`, but neither "insert a cannula" nor "INSERT CANNULA".
fn insert(text: &str) -> Option<&str> {
    if !text.contains("INSERT") {
        return None;
    }
    text.lines().find_map(|line| {
        let asks = |word: &str| INSERTED.contains(&word);
        let start = words(line).zip(words(line).skip(1)).find_map(|(verb, what)| {
            (verb == "INSERT" && asks(what)).then(|| line.find("INSERT")).flatten()
        })?;
        Some(line[start..].trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_when_nothing_in_it_waits() {
        assert_eq!(written(None), Written::Nothing);
        assert_eq!(written(Some(" \n")), Written::Nothing);
        assert_eq!(written(Some("Reviewed by TBC.")), Written::Unfinished("TBC"));
        assert_eq!(written(Some("Reviewed.")), Written::Finished);
        assert_eq!(written(Some("TBC")).fault().as_deref(), Some("still says \"TBC\""));
        assert!(is_written("Reviewed.") && !is_written("[to be completed]"));
    }

    #[test]
    fn every_word_and_phrase_is_found_in_any_text() {
        for word in WORDS {
            assert_eq!(find(&format!("An owner: {word}, in any case")), Some(word));
        }
        for phrase in PHRASES {
            assert_eq!(find(&format!("A text: {}!", phrase.to_uppercase())), Some(&*phrase.to_uppercase()));
        }
    }

    #[test]
    fn what_was_never_filled_in_is_seen() {
        for text in [
            "TBC",
            "Owner: TBD.",
            "(tbc)",
            "TODO: describe the impact",
            "INSERT COMPANY / ORGANISATION FOOTER HERE",
            "<author to indicate reviewers>",
            "See <Author to say who the document will be distributed to>.",
            "[to be completed: product name]",
            "Date: [Insert date]",
            "[ Insert name ]",
            "{your organisation}",
            "\\[to be completed: intended use\\]",
            "Lorem ipsum dolor sit amet",
            "Draft from LLM, not reviewed",
            "To be confirmed.",
            "???",
            "xxxx",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn ordinary_clinical_text_is_left_alone() {
        for text in [
            "Staff insert a cannula before the scan",
            "INSERT A CANNULA",
            "The user may insert the wrong date of birth here",
            "The diagnosis is to be confirmed by a clinician",
            "A to do list is shown",
            "BP <90 systolic and >60 diastolic",
            "Karyotype 47,XXX",
            "[Insert a referral](https://example.org/insert)",
            "[hazard H03](hazard:H03)",
            "- [x] reviewed",
            "Pulmonary TB confirmed",
            "TBC-2 catheter is replaced",
            "[how in error]",
            "[inserted by the clerk]",
            "[added on the ward]",
            "Press [Enter] or [Insert]",
            "The user clicks <Add to list> and [Delete patient]",
            "[complete blood count]",
            "[to be taken twice daily]",
            "[Author, 2019]",
            "What happens if it fails?",
            "<p class=\"lead\">",
            "",
            "é[ü<",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn the_placeholder_itself_is_quoted() {
        assert_eq!(find("Owned by <insert name> for now"), Some("<insert name>"));
        assert_eq!(find("Owner: TBC (see plan)"), Some("TBC"));
    }
}
