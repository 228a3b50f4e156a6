//! A comparison in lines, hazard by hazard and section by section: what terminal, Markdown and report all say of it, in
//! the same words. Of a long text the words that changed are told, with some beside them ([`super::excerpt`]).

mod brief;
mod entry;
mod hazard;
mod part;
mod psa;
mod values;

pub use entry::EntryTold;
pub use values::Words;
pub(in crate::change) use values::told as value_told;

use super::{Comparison, Direction, Movement, Rated, Regrouping, Section, SectionChange};
use serde::Serialize;
use std::collections::BTreeSet;

/// A line: what it is about, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub label: String,
    pub words: Words,
}

impl Line {
    #[must_use]
    pub fn new(label: impl Into<String>, words: Words) -> Self {
        Self { label: label.into(), words }
    }

    /// What is the same on both sides.
    #[must_use]
    pub fn plain(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(label, values::same(text))
    }
}

/// A hazard that both sides have and that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HazardTold {
    /// Key on the new side.
    pub id: String,
    /// Key on the old side, where that is another.
    pub old_id: Option<String>,
    pub name: Option<String>,
    /// How its ratings moved.
    pub ratings: Vec<Line>,
    /// What else differs.
    pub lines: Vec<Line>,
    /// The same, as far as a short document has room for it: what weighs first, and the rest by number and place.
    pub brief: Vec<Line>,
}

/// A section of the case that says something else now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionTold {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

impl Comparison {
    /// The changed hazards of which there is something to read, in the order of the new side.
    #[must_use]
    pub fn hazards_told(&self) -> Vec<HazardTold> {
        let changed = self.changes.changed.iter();
        let changed =
            changed.map(|change| (change.id.as_str(), change.old_id.as_deref(), &change.fields[..]));
        let known: BTreeSet<&str> = self.changes.changed.iter().map(|change| change.id.as_str()).collect();
        let own_numbers = self.changes.renumbered_parts.iter().filter(|part| !part.follows);
        let others: BTreeSet<&str> =
            own_numbers.map(|part| part.hazard.as_str()).filter(|id| !known.contains(id)).collect();
        let others = others.into_iter().map(|id| (id, self.changes.was(id), &[][..]));
        let told = changed.chain(others).map(|(id, old_id, fields)| hazard::told(self, id, old_id, fields));
        told.filter(|told| !told.ratings.is_empty() || !told.lines.is_empty()).collect()
    }

    /// The hazards that only the new side has, with what there is to know of them.
    #[must_use]
    pub fn added_told(&self) -> Vec<EntryTold> {
        self.changes.added.iter().map(|entry| entry::told(self, entry, Direction::New)).collect()
    }

    /// The hazards that only the old side has.
    #[must_use]
    pub fn removed_told(&self) -> Vec<EntryTold> {
        self.changes.removed.iter().map(|entry| entry::told(self, entry, Direction::Gone)).collect()
    }

    /// The other sections of which there is something to read.
    #[must_use]
    pub fn sections_told(&self) -> Vec<SectionTold> {
        let told = self
            .changes
            .sections
            .iter()
            .map(|section| SectionTold { title: section.section.title(), lines: of_section(self, section) });
        told.filter(|told| !told.lines.is_empty()).collect()
    }

    /// Splits and merges that are proposed, a sentence each.
    #[must_use]
    pub fn proposals(&self) -> Vec<String> {
        let sentence = |what: &str, group: &Regrouping| {
            format!("{} {what} {}: {}", group.from.join(", "), group.to.join(", "), group.why)
        };
        let splits = self.changes.splits.iter().map(|group| sentence("may have been split into", group));
        let merges = self.changes.merges.iter().map(|group| sentence("may have been merged into", group));
        splits.chain(merges).collect()
    }
}

/// `up: 2 Major x Low -> 3 Major x Medium`.
#[must_use]
pub fn movement(movement: &Movement) -> String {
    let told = |rated: &Option<Rated>| rated.as_ref().map_or_else(|| "not rated".to_owned(), rating);
    let (old, new) = (told(&movement.old), told(&movement.new));
    match movement.direction {
        Direction::Same => new,
        Direction::New => format!("new: {new}"),
        Direction::Gone => format!("gone: {old}"),
        Direction::Up => format!("up: {old} -> {new}"),
        Direction::Down => format!("down: {old} -> {new}"),
        Direction::Sideways | Direction::Rated | Direction::Unrated => format!("{old} -> {new}"),
        Direction::Incomparable => format!("{old} -> {new}, by another policy"),
    }
}

fn rating(rated: &Rated) -> String {
    let words = [rated.severity.as_deref(), rated.likelihood.as_deref()];
    let words = words.map(|word| word.unwrap_or("(none)")).join(" x ");
    rated.risk.map_or_else(|| format!("{words}, no risk"), |risk| format!("{risk} ({words})"))
}

/// What differs in a section; what a comparison tells better than a field does is told by that.
fn of_section(comparison: &Comparison, section: &SectionChange) -> Vec<Line> {
    let mut lines = match section.section {
        Section::Psa => return psa::lines(comparison, &section.fields),
        Section::Tom => tom(comparison),
        _ => Vec::new(),
    };
    let answered = |id: &str| comparison.tom.answers.iter().any(|answer| answer.id == id);
    for field in &section.fields {
        let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
        let is_told = matches!(&path[..], ["tom", "answers", id, "answer" | "stated_answer"] if answered(id));
        if is_told {
            continue;
        }
        let words = match section.section {
            Section::Narrative => values::prose(field),
            _ => values::line(field),
        };
        lines.extend(words.map(|words| Line::new(values::label_within(&path), words)));
    }
    lines
}

fn tom(comparison: &Comparison) -> Vec<Line> {
    let told = |answer: &Option<String>| answer.clone().unwrap_or_else(|| "(not answered)".to_owned());
    let level =
        comparison.tom.level.iter().map(|[old, new]| Line::new("sign-off level", values::moved(old, new)));
    let answers = comparison.tom.answers.iter().map(|answer| {
        let mut words = values::moved(&told(&answer.old), &told(&answer.new));
        words.extend(values::same(format!("  {}", answer.topic)));
        Line::new(answer.id.clone(), words)
    });
    level.chain(answers).collect()
}

#[cfg(test)]
mod tests;
