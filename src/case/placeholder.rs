//! Placeholders: text that stands where somebody still has to write something.

/// The placeholder that the engine itself writes, for what is named.
#[must_use]
pub fn placeholder(what: &str) -> String {
    format!("[to be completed: {what}]")
}

/// Words that are placeholders wherever they stand alone, in any case.
const WORDS: [&str; 3] = ["tbc", "tbd", "todo"];

/// Phrases that nobody writes in earnest.
const PHRASES: [&str; 2] = ["lorem ipsum", "draft from llm"];

/// How a prompt in brackets begins.
const PROMPTS: [&str; 6] = ["to be completed", "to be confirmed", "insert", "enter", "author to", "your"];

/// Whether a text is or holds a placeholder, such as `TBC`, `INSERT NAME HERE`, `<author to add>` or
/// `[to be completed: reviewers]`.
///
/// Words are matched whole, so "insert a cannula" and "[entered in error]" are ordinary text.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    words(&lower).any(|word| WORDS.contains(&word))
        || PHRASES.iter().any(|phrase| holds_phrase(&lower, phrase))
        || holds_prompt(&lower)
        || holds_shouted_insert(text)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether the words of the phrase stand one after the other.
fn holds_phrase(text: &str, phrase: &str) -> bool {
    let text: Vec<&str> = words(text).collect();
    let phrase: Vec<&str> = words(phrase).collect();
    text.windows(phrase.len()).any(|window| window == phrase)
}

/// A prompt directly after an opening bracket, such as `[insert date]`.
fn holds_prompt(text: &str) -> bool {
    text.match_indices(['[', '<', '{']).any(|(bracket, _)| {
        let inner = text[bracket + 1..].trim_start();
        PROMPTS.iter().any(|prompt| {
            inner.strip_prefix(prompt).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    })
}

/// `INSERT` in capitals before another word in capitals.
fn holds_shouted_insert(text: &str) -> bool {
    let shouted = |word: &str| word.chars().any(char::is_alphabetic) && word == word.to_uppercase();
    let words: Vec<&str> = words(text).collect();
    words.windows(2).any(|pair| pair[0] == "INSERT" && shouted(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_real_documents_are_recognised() {
        for text in [
            "TBC",
            "Owner: tbc.",
            "Severity (TBD)",
            "TODO: write this",
            "INSERT COMPANY / ORGANISATION FOOTER HERE",
            "<author to indicate reviewers>",
            "<Author to say who the document will be distributed to>",
            "[to be completed: intended use]",
            "\\[to be completed: intended use\\]",
            "[To be confirmed]",
            "see [insert date]",
            "[ Insert name ]",
            "<enter text>",
            "{your organisation}",
            "Lorem  ipsum dolor",
            "Draft from LLM",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        assert!(is_placeholder(&placeholder("phase")));
    }

    #[test]
    fn ordinary_text_is_none() {
        for text in [
            "",
            "The nurse must insert a cannula",
            "Staff INSERT the card before use",
            "Insert the card",
            "[entered in error]",
            "[inserted by the clerk]",
            "BMI <25 or >30",
            "the letter is to be completed by the GP",
            "TBCs are counted; methods todos",
            "Author to reader",
            "[1] see your notes",
            "outbcome",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
