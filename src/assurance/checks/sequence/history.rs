//! What a log's own history tells of hazards that came and went: "F11 and F12 added; F04 withdrawn".
//!
//! Only a hazard that is named counts: by an id that begins like those of the log, or by a number after the word
//! "hazard". What was done is the word of doing that the name stands before, or after where the sentence begins
//! with it ("Added H05 and H06").

use super::{Id, Ids};
use crate::assurance::wording::WORDING;
use crate::case::document::Revision;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Added,
    Withdrawn,
}

/// A hazard that the history names, and the last that it says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub id: Id,
    /// The hazard as a message names it.
    pub stated: String,
    pub event: Event,
    /// Position of the revision that says so.
    pub revision: usize,
}

/// What the history tells; of each hazard what is told last.
pub(super) fn told(revisions: &[Revision], prefixes: &BTreeSet<&str>) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for (revision, summary) in
        revisions.iter().enumerate().filter_map(|(index, revision)| Some((index, revision.summary.as_ref()?)))
    {
        for sentence in sentences(summary) {
            for (id, stated, event) in events(&tokens(sentence, prefixes)) {
                all.push(Told { id, stated, event, revision });
            }
        }
    }
    let mut later = Ids::default();
    let mut last: Vec<Told> = Vec::new();
    for told in all.into_iter().rev() {
        let id = told.id.clone();
        if !later.has(&id) {
            last.push(told);
        }
        later.add(id);
    }
    last.reverse();
    last
}

fn sentences(summary: &str) -> impl Iterator<Item = &str> {
    summary.split([';', '\n']).flat_map(|part| part.split(". "))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Hazard(Id, String),
    /// `to` or a dash between two hazards.
    To,
    Done(Event),
}

/// The hazards that a sentence names and the words of doing in it.
fn tokens(sentence: &str, prefixes: &BTreeSet<&str>) -> Vec<Token> {
    let text = sentence.to_lowercase();
    let mut tokens = Vec::new();
    // After "hazard" a bare number is a hazard's, until another word comes.
    let mut names_hazards = false;
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some((id, stated, length)) = prefixed(rest, prefixes) {
            tokens.push(Token::Hazard(id, stated));
            names_hazards = true;
            rest = &rest[length..];
        } else if first.is_alphanumeric() {
            let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            let word = &rest[..length];
            rest = &rest[length..];
            match word.parse::<u32>() {
                Ok(number) if names_hazards && !is_decimal(rest) => {
                    tokens.push(Token::Hazard(Id { prefix: None, number }, format!("hazard {number}")));
                }
                Ok(_) => names_hazards = false,
                Err(_) => names_hazards = word_of(word, names_hazards, &mut tokens),
            }
        } else {
            if matches!(first, '-' | '–') && matches!(tokens.last(), Some(Token::Hazard(..))) {
                tokens.push(Token::To);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

/// Takes a word; returns whether bare numbers after it are hazards.
fn word_of(word: &str, names_hazards: bool, tokens: &mut Vec<Token>) -> bool {
    let history = &WORDING.history;
    let is_among = |list: &[String]| list.iter().any(|known| known == word);
    match word {
        "hazard" | "hazards" => return true,
        "to" if matches!(tokens.last(), Some(Token::Hazard(..))) => tokens.push(Token::To),
        "and" | "no" | "nos" | "number" | "numbers" | "id" | "ids" => {}
        _ if is_among(&history.added) => tokens.push(Token::Done(Event::Added)),
        _ if is_among(&history.withdrawn) => tokens.push(Token::Done(Event::Withdrawn)),
        _ => return false,
    }
    names_hazards && !matches!(tokens.last(), Some(Token::Done(_)))
}

/// "1.2" is a version.
fn is_decimal(rest: &str) -> bool {
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// An id that the text begins with, as the log's ids begin, and its length.
fn prefixed(text: &str, prefixes: &BTreeSet<&str>) -> Option<(Id, String, usize)> {
    prefixes.iter().rev().find_map(|prefix| {
        let rest = text.strip_prefix(prefix)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let ends = !rest[digits..].starts_with(char::is_alphanumeric);
        let number = rest[..digits].parse().ok().filter(|_| ends)?;
        let length = prefix.len() + digits;
        Some((Id { prefix: Some((*prefix).to_owned()), number }, text[..length].to_uppercase(), length))
    })
}

/// What was done with each hazard that is named.
fn events(tokens: &[Token]) -> Vec<(Id, String, Event)> {
    let named = |tokens: &[Token]| tokens.iter().any(|token| matches!(token, Token::Hazard(..)));
    let begins_with_doing = matches!(tokens.first(), Some(Token::Done(_)));
    let mut events = Vec::new();
    let mut pieces: Vec<(&[Token], Event)> = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        let Token::Done(event) = token else { continue };
        if begins_with_doing {
            let end = (at + 1..tokens.len())
                .find(|next| matches!(tokens[*next], Token::Done(_)))
                .unwrap_or(tokens.len());
            pieces.push((&tokens[at + 1..end], *event));
        } else if named(&tokens[start..at]) {
            pieces.push((&tokens[start..at], *event));
            start = at + 1;
        }
    }
    for (piece, event) in pieces {
        events.extend(hazards(piece).into_iter().map(|(id, stated)| (id, stated, event)));
    }
    events
}

/// The hazards of a list, with those that a range leaves unsaid.
fn hazards(tokens: &[Token]) -> Vec<(Id, String)> {
    const LONGEST_RANGE: u32 = 50;
    let mut hazards: Vec<(Id, String)> = Vec::new();
    let mut in_range = false;
    for token in tokens {
        match token {
            Token::Hazard(id, stated) => {
                if in_range && let Some((from, _)) = hazards.last().cloned() {
                    let between = (from.number.saturating_add(1)..id.number).take(LONGEST_RANGE as usize);
                    hazards.extend(
                        between.map(|number| (Id { number, ..from.clone() }, format!("hazard {number}"))),
                    );
                }
                hazards.push((id.clone(), stated.clone()));
                in_range = false;
            }
            Token::To => in_range = true,
            Token::Done(_) => {}
        }
    }
    hazards
}

#[cfg(test)]
mod tests {
    use super::*;
    use Event::{Added, Withdrawn};

    fn said(summary: &str) -> Vec<(String, Event)> {
        let revision = Revision { version: "1".to_owned(), date: None, summary: Some(summary.to_owned()) };
        let told = told(&[revision], &BTreeSet::from(["f", "nrl", "haz-"]));
        told.into_iter().map(|told| (told.stated, told.event)).collect()
    }

    fn event(stated: &str, event: Event) -> (String, Event) {
        (stated.to_owned(), event)
    }

    #[test]
    fn hazards_are_added_and_withdrawn() {
        assert_eq!(said("Hazard 12 added following guidance"), [event("hazard 12", Added)]);
        assert_eq!(
            said("F11 and F12 added; F04 withdrawn."),
            [event("F11", Added), event("F12", Added), event("F04", Withdrawn)]
        );
        assert_eq!(said("F11 added, F04 removed"), [event("F11", Added), event("F04", Withdrawn)]);
        assert_eq!(said("Added hazards 5 & 6"), [event("hazard 5", Added), event("hazard 6", Added)]);
        assert_eq!(said("HAZ-007 merged with HAZ-003"), [event("HAZ-007", Withdrawn)]);
    }

    #[test]
    fn a_range_names_what_lies_between() {
        assert_eq!(said("Hazards 8 to 10 added").len(), 3);
        assert_eq!(said("F08-F10 withdrawn").len(), 3);
    }

    #[test]
    fn what_names_no_hazard_tells_nothing() {
        for summary in [
            "Review of Hazards  8,9 & 11",
            "12 hazards reviewed and controls added",
            "Hazard log 2 added to the file",
            "Updated for Release 4; new owner",
            "Worksheet added for F-test",
        ] {
            assert_eq!(said(summary), [], "{summary}");
        }
    }

    #[test]
    fn what_is_told_last_counts() {
        let revision = |summary: &str| Revision {
            version: "1".to_owned(),
            date: None,
            summary: Some(summary.to_owned()),
        };
        let history = [revision("F09 withdrawn"), revision("F09 added again")];
        let told = told(&history, &BTreeSet::from(["f"]));
        assert_eq!(told.iter().map(|told| (told.event, told.revision)).collect::<Vec<_>>(), [(Added, 1)]);
    }
}
