//! Linked text: a sentence as runs of words, of which those that name something of the case lead to it.
//!
//! The engine writes ids into its sentences (`Control H01.D1 of H01 has no status`). On paper they are words; in a
//! PDF a reader expects to follow them. What a word leads to is worked out here, from the ids that the case really
//! has ([`targets`]), and goes to the template as data beside the sentence (`linked`, by field). The template decides
//! only whether it has the place.
//!
//! A word that merely looks like an id must not become a link, so:
//!
//! - only a whole word is one: `H01` is no part of `H01.D1`, of `NHS-H01` or of an address; `H01-H03` is two;
//! - the word before may say what it is (`hazard 3`, `check C18`, `clauses 6.3.1 and 6.3.2`, `Table H01`): then it is
//!   that or nothing. Checks, clauses and ids without a letter or without a digit are known in no other way;
//! - the hazard that a row is about leads nowhere from the row's sentences: the row names it as a link already, or stands
//!   on its sheet;
//! - an id that several things bear leads to the one that the sentence is about, or says (`A1 of PSA session PSA-2`);
//!   where neither tells, it leads nowhere.

mod places;
mod targets;

pub(super) use places::{link_narrative, link_sentences};
pub(super) use targets::Targets;

use serde::Serialize;
use targets::{Kind, Target};

/// Words that lead somewhere, or to nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Run<'t> {
    text: &'t str,
    #[serde(flatten)]
    target: Option<&'t Target>,
}

/// What is known of a sentence besides its words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'a> {
    /// The hazard that it is about.
    hazard: Option<&'a str>,
    /// The cell that it stands at: `P3` is that cell, whatever else has the name.
    cell: Option<&'a str>,
    /// Somebody wrote it. Their `check H01` is no check of the engine, and their `clause 4.2` may be another standard's.
    by_somebody: bool,
}

/// What the words before an id say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Kind(Kind),
    /// It is something that is not of the case: a table, a version.
    Other,
}

/// The runs of a text; `None` where nothing in it leads anywhere.
pub(super) fn runs<'t>(text: &'t str, about: About<'_>, targets: &'t Targets) -> Option<Vec<Run<'t>>> {
    let mut splitter = Splitter { text, about, targets, runs: Vec::new(), done: 0 };
    splitter.split();
    let Splitter { mut runs, done, .. } = splitter;
    if runs.is_empty() {
        return None;
    }
    if done < text.len() {
        runs.push(Run { text: &text[done..], target: None });
    }
    Some(runs)
}

struct Splitter<'t, 'a> {
    text: &'t str,
    about: About<'a>,
    targets: &'t Targets,
    runs: Vec<Run<'t>>,
    /// Where the runs end.
    done: usize,
}

impl<'t> Splitter<'t, '_> {
    fn split(&mut self) {
        let mut before = Before::Nothing;
        let (mut at, mut after_id) = (0, false);
        while let Some(start) = self.text[at..].find(is_word_char).map(|found| at + found) {
            let between = &self.text[at..start];
            if !between.chars().all(|c| {
                c.is_whitespace() || c == '(' || after_id && matches!(c, ',' | '\u{2013}' | '\u{2014}')
            }) {
                before = Before::Nothing;
            }
            let word = word_at(self.text, start);
            let key = self.key_at(start, word);
            let ends = if key.is_none() { self.range_in(word) } else { None };
            after_id = key.is_some() || ends.is_some();
            if !after_id {
                before = self.after_word(word, before);
            }
            for (offset, id) in key.map(|key| (0, key)).into_iter().chain(ends.into_iter().flatten()) {
                self.link(start + offset, id, before);
            }
            at = start + key.map_or(word.len(), str::len).max(1);
        }
    }

    /// The longest key that begins here and ends where a word ends.
    fn key_at(&self, start: usize, word: &str) -> Option<&'t str> {
        if self.text[..start].ends_with(['@', '#']) {
            return None;
        }
        let rest = &self.text[start..];
        let fits = |key: &&str| {
            rest.starts_with(*key)
                && (key.len() == word.len() || is_end(rest, key.len()))
                && !rest[key.len()..].starts_with('@')
        };
        self.targets.beginning_with(word).find(fits).map(|key| &rest[..key.len()])
    }

    /// `H01-H03` and `H01/H02`, where each part is a key.
    fn range_in(&self, word: &'t str) -> Option<Vec<(usize, &'t str)>> {
        if !word.contains(['-', '/']) {
            return None;
        }
        let mut ends = Vec::new();
        let mut offset = 0;
        for end in word.split(['-', '/']) {
            if !self.targets.has(end) {
                return None;
            }
            ends.push((offset, end));
            offset += end.len() + 1;
        }
        Some(ends)
    }

    fn link(&mut self, start: usize, key: &'t str, before: Before) {
        let end = start + key.len();
        let Some(target) = self.target(key, before, &self.text[end..]) else { return };
        if target.kind == Kind::Hazard && self.about.hazard == Some(key) {
            return;
        }
        if self.done < start {
            self.runs.push(Run { text: &self.text[self.done..start], target: None });
        }
        self.runs.push(Run { text: key, target: Some(target) });
        self.done = end;
    }

    /// The one thing that an id means here.
    fn target(&self, key: &str, before: Before, after: &str) -> Option<&'t Target> {
        let bearers = self.targets.of_id(key);
        let meant: Vec<&Target> = match before {
            Before::Other => return None,
            Before::Kind(kind) => bearers.iter().filter(|target| target.kind == kind).collect(),
            Before::Nothing if !can_stand_alone(key) || self.about.cell == Some(key) => return None,
            Before::Nothing => bearers.iter().filter(|target| target.kind.needs_no_word()).collect(),
        };
        if before == Before::Kind(Kind::Clause) && self.is_of_another_standard(after) {
            return None;
        }
        if let [only] = meant[..] {
            return Some(only);
        }
        let only = |wanted: &dyn Fn(&Target) -> bool| {
            let mut wanted = meant.iter().filter(|target| wanted(target));
            wanted.next().filter(|_| wanted.next().is_none()).copied()
        };
        let own = self.about.hazard;
        let named = holder_named(after);
        only(&|target| target.within.as_deref().is_some_and(|holder| Some(holder) == named))
            .or_else(|| only(&|target| target.kind == Kind::Hazard && own == Some(key)))
            .or_else(|| only(&|target| own.is_some() && target.within.as_deref() == own))
    }

    /// What a word says of the ids that follow it.
    fn after_word(&self, word: &str, before: Before) -> Before {
        const JOINING: [&str; 4] = ["and", "or", "to", "nor"];
        const OTHERWISE: [&str; 14] = [
            "table",
            "figure",
            "appendix",
            "annex",
            "section",
            "version",
            "release",
            "reference",
            "cell",
            "cells",
            "row",
            "rows",
            "column",
            "columns",
        ];
        if self.targets.is_standard(word) {
            return Before::Kind(Kind::Clause);
        }
        let word = word.to_lowercase();
        if JOINING.contains(&word.as_str()) {
            return before;
        }
        // "The waiver of C2": never the hazard of that name.
        if word == "of" && before == Before::Kind(Kind::Check) {
            return before;
        }
        match Kind::of_word(&word) {
            Some(kind) if self.about.by_somebody && !kind.needs_no_word() => Before::Other,
            Some(kind) => Before::Kind(kind),
            None if OTHERWISE.contains(&word.as_str()) => Before::Other,
            None => Before::Nothing,
        }
    }

    /// `6.3.1 of ISO 14971`
    fn is_of_another_standard(&self, after: &str) -> bool {
        after.strip_prefix(" of ").is_some_and(|named| !self.targets.is_standard(word_at(named, 0)))
    }
}

/// The words after an id may say what holds it: `A1 of PSA session PSA-2`.
fn holder_named(after: &str) -> Option<&str> {
    let mut rest = after.strip_prefix(" of ")?;
    for word in ["PSA ", "session ", "hazard "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    Some(word_at(rest, 0)).filter(|word| !word.is_empty())
}

/// An id of a letter and a digit can be told from other words.
fn can_stand_alone(key: &str) -> bool {
    key.contains(char::is_alphabetic) && key.contains(char::is_numeric)
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
}

/// The word that begins here: an id may hold signs, and none at its end.
fn word_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let end = rest.find(|c: char| !is_word_char(c) && !matches!(c, '-' | '_' | '.' | '/' | '~'));
    rest[..end.unwrap_or(rest.len())].trim_end_matches(|c| !is_word_char(c))
}

/// A word ends here.
fn is_end(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    match rest.next() {
        Some(c) if is_word_char(c) || c == '_' => false,
        Some('-' | '.' | '/' | '~') => !rest.next().is_some_and(is_word_char),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
