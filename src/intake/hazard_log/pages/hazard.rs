//! The hazard of a page.

use super::page::{Form, Page, Part, Statement, is_rating};
use crate::case::excerpt::excerpt;
use crate::case::hazard::ControlKind;
use crate::case::observation::ObservationKind;
use crate::case::ordinal::Ordinal;
use crate::intake::hazard_log::RatedBy;
use crate::intake::hazard_log::build::same_words;
use crate::intake::hazard_log::controls::prefix;
use crate::intake::hazard_log::field::{Field, Stage};
use crate::intake::hazard_log::list::{self, says_none};
use crate::intake::hazard_log::structured::record::{
    CauseRecord, ControlRecord, HazardRecord, LinkRecord, RatingRecord, Stated,
};
use std::collections::BTreeMap;

/// A hazard as a page says it.
#[derive(Debug, Default)]
pub(in crate::intake::hazard_log) struct Reading {
    pub record: HazardRecord,
    /// Lines, by paths within the hazard, such as `causes/2`.
    pub lines: BTreeMap<String, usize>,
    pub observed: Vec<(ObservationKind, usize, String)>,
    /// Further content that no field took, with its line and what it stands under.
    pub unmapped: Vec<(usize, Option<String>, String)>,
}

/// Whether a page says something of a hazard that only a hazard has.
pub(super) fn is_hazard(page: &Page) -> bool {
    page.statements.iter().any(|statement| {
        is_rating(statement.field)
            || matches!(
                statement.field,
                Field::Impact | Field::Causes | Field::ExistingControls | Field::AdditionalControls(_)
            )
    })
}

/// Whether a page says more of a hazard than its ratings.
pub(super) fn is_described(page: &Page) -> bool {
    page.statements.iter().any(|statement| {
        matches!(
            statement.field,
            Field::Description
                | Field::Impact
                | Field::Causes
                | Field::ExistingControls
                | Field::AdditionalControls(_)
        )
    })
}

/// Puts a hazard together. Without an id of its own it is called by the name of its page.
pub(in crate::intake::hazard_log) fn read(page: &Page, stem: &str, rated_by: &RatedBy<'_>) -> Reading {
    let mut reader = Reader { page, rated_by, reading: Reading::default(), notes: Vec::new() };
    let id = reader.identity(stem);
    reader.reading.record.id = Some(id.clone());
    reader.texts();
    for stage in [Stage::Initial, Stage::Residual] {
        reader.rating(stage);
    }
    let causes = reader.causes(&id);
    reader.controls(&id, &causes);
    reader.of_one_control();
    if !reader.notes.is_empty() {
        let notes = std::mem::take(&mut reader.notes).join("\n");
        let kept = reader.reading.record.notes.get_or_insert_default();
        *kept = if kept.is_empty() { notes } else { format!("{kept}\n{notes}") };
    }
    reader.reading
}

struct Reader<'a> {
    page: &'a Page,
    rated_by: &'a RatedBy<'a>,
    reading: Reading,
    /// What is said beside the words of a rating.
    notes: Vec<String>,
}

impl<'a> Reader<'a> {
    fn of(&self, wanted: Field) -> impl Iterator<Item = &'a Statement> + use<'a> {
        let page: &'a Page = self.page;
        page.statements.iter().filter(move |statement| statement.field == wanted)
    }

    fn record_line(&mut self, path: &str, line: usize) {
        self.reading.lines.insert(path.to_owned(), line);
    }

    /// Id and name: as stated, else from the title, else from the name of the page.
    fn identity(&mut self, stem: &str) -> String {
        let stated = self.agreed(Field::HazardId, "id");
        let name = self.agreed(Field::HazardName, "name");
        let title = self.page.title.clone();
        let (of_title, rest) = title.as_ref().map_or((None, ""), |(_, title)| split_title(title));
        let id = stated.clone().or(of_title.map(str::to_owned)).unwrap_or_else(|| stem.to_owned());
        let rest = if of_title.is_some_and(|of_title| !same_words(of_title, &id)) {
            title.as_ref().map_or("", |(_, title)| title.as_str())
        } else {
            rest
        };
        if let Some((line, _)) = &title {
            if stated.is_none() && of_title.is_some() {
                self.record_line("id", *line);
            }
            if name.is_none() && !rest.is_empty() {
                self.reading.record.name = Some(rest.to_owned());
                self.record_line("name", *line);
            } else if !rest.is_empty() && name.as_ref().is_some_and(|name| !same_words(name, rest)) {
                self.reading.unmapped.push((*line, Some("title of the page".to_owned()), rest.to_owned()));
            }
        }
        if name.is_some() {
            self.reading.record.name = name;
        }
        id
    }

    fn texts(&mut self) {
        let record = HazardRecord {
            description: self.joined(Field::Description, "description"),
            impact: self.joined(Field::Impact, "impact"),
            category: self.agreed(Field::Category, "category"),
            owner: self.agreed(Field::Owner, "owner"),
            status: self.agreed(Field::Status, "status"),
            release: self.agreed(Field::Release, "release"),
            notes: self.joined(Field::Notes, "notes"),
            name: self.reading.record.name.take(),
            id: self.reading.record.id.take(),
            ..HazardRecord::default()
        };
        self.reading.record = record;
    }

    /// All texts of a field, one after the other.
    fn joined(&mut self, field: Field, path: &str) -> Option<String> {
        let found: Vec<&Statement> = self.of(field).collect();
        let first = found.iter().find(|statement| !statement.parts.is_empty()).or(found.first())?;
        self.record_line(path, first.place());
        let texts: Vec<String> =
            found.iter().map(|statement| statement.text()).filter(|text| !text.trim().is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// The text of a field that is said once, or the same each time.
    fn agreed(&mut self, field: Field, path: &str) -> Option<String> {
        let found: Vec<&Statement> = self.of(field).collect();
        let first = *found.iter().find(|statement| !statement.parts.is_empty()).or(found.first())?;
        self.record_line(path, first.place());
        let text = first.text();
        for other in found {
            let said = other.text();
            if !said.is_empty() && !same_words(&said, &text) {
                let message = format!(
                    "The page has another {path} here: \"{}\", after \"{}\".",
                    excerpt(&said),
                    excerpt(&text)
                );
                self.reading.observed.push((ObservationKind::RowsDisagree, other.place(), message));
            }
        }
        (!text.trim().is_empty()).then_some(text)
    }

    fn rating(&mut self, stage: Stage) {
        let severity = self.rated(Field::Severity(stage), "severity", stage);
        let likelihood = self.rated(Field::Likelihood(stage), "likelihood", stage);
        let risk = self.rated(Field::Risk(stage), "risk", stage);
        let rating = RatingRecord { severity, likelihood, risk };
        match stage {
            Stage::Initial => self.reading.record.initial = rating,
            Stage::Residual => self.reading.record.residual = rating,
        }
    }

    /// The word of a rating; what is said beside it goes to the notes.
    fn rated(&mut self, field: Field, name: &str, stage: Stage) -> Option<Stated> {
        let found: Vec<&Statement> = self.of(field).collect();
        let first = *found.iter().find(|statement| !statement.parts.is_empty()).or(found.first())?;
        self.record_line(&format!("{}/{name}", stage.as_str()), first.place());
        let text = first.text();
        let (word, rest) = self.split_rating(&text);
        if !rest.is_empty() {
            self.notes.push(format!("{}: {rest}", capital(&field.to_string())));
        }
        for other in found {
            let said = other.text();
            let (said, rest) = self.split_rating(&said);
            if !said.is_empty() && !same_words(&said, &word) {
                let message =
                    format!("The {field} is \"{}\" here, and \"{}\" before.", excerpt(&said), excerpt(&word));
                self.reading.observed.push((ObservationKind::RatingsDisagree, other.place(), message));
            }
            if !std::ptr::eq(other, first) && !rest.is_empty() {
                self.notes.push(format!("{}: {rest}", capital(&field.to_string())));
            }
        }
        (!word.is_empty()).then_some(Stated::Words(word))
    }

    /// `3 - Medium: happens from time to time`: the word, and what is said of it.
    fn split_rating(&self, text: &str) -> (String, String) {
        let (line, below) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        let line = line.trim_start_matches("- ").trim();
        let ends = [": ", " - ", " – ", " — ", ". ", "; ", ", ", " ("];
        let cuts = ends.iter().flat_map(|end| line.match_indices(end).map(|(at, end)| (at, end.len())));
        let known = |word: &&str| self.is_rating_word(word);
        let (word, rest) = if known(&line) {
            (line, "")
        } else {
            let mut cuts: Vec<(usize, usize)> = cuts.collect();
            cuts.sort_unstable();
            // The longest beginning that is a word of the matrix; else the line up to a colon.
            let of_matrix = cuts.iter().rev().find(|(at, _)| known(&&line[..*at]));
            let (at, length) =
                of_matrix.copied().or_else(|| line.find(": ").map(|at| (at, 2))).unwrap_or((line.len(), 0));
            let kept = if line[at..].starts_with(" (") { at + 1 } else { at + length };
            (&line[..at], &line[kept..])
        };
        let rest =
            [rest.trim(), below.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        (word.trim().to_owned(), rest.join("\n"))
    }

    /// A word of an axis of any policy, with or without its number, or a number alone.
    fn is_rating_word(&self, word: &str) -> bool {
        let on_axis = |word: &str| {
            self.rated_by
                .all()
                .any(|policy| policy.severity_word(word).is_some() || policy.likelihood_word(word).is_some())
        };
        on_axis(word)
            || Ordinal::of(word).is_some_and(|ordinal| ordinal.word.is_empty() || on_axis(ordinal.word))
    }

    /// The causes, each with the number of its list.
    fn causes(&mut self, id: &str) -> Vec<Option<u32>> {
        let entries = self.entries(Field::Causes, "causes");
        let mut numbers = Vec::new();
        for (line, number, text) in entries.into_iter().filter(|(_, _, text)| !says_none(text)) {
            let index = self.reading.record.causes.len();
            self.record_line(&format!("causes/{index}"), line);
            let id = Some(format!("{id}.{}", index + 1));
            self.reading.record.causes.push(CauseRecord { id, text, ..CauseRecord::default() });
            numbers.push(number);
        }
        numbers
    }

    /// The entries of every list and paragraph of a field, with their lines and numbers.
    fn entries(&mut self, field: Field, path: &str) -> Vec<(usize, Option<u32>, String)> {
        let found: Vec<&Statement> = self.of(field).collect();
        if let Some(first) = found.first() {
            self.reading.lines.entry(path.to_owned()).or_insert_with(|| first.place());
        }
        let parts = found.iter().flat_map(|statement| statement.parts.iter());
        let entries = parts.flat_map(|Part { line, text, form }| match form {
            Form::Bullet => vec![(*line, None, text.clone())],
            Form::Numbered(number) => vec![(*line, Some(*number), text.clone())],
            Form::Paragraph => {
                let entries = list::entries(text).into_iter();
                entries.map(|entry| (*line, entry.number, entry.text)).collect()
            }
        });
        entries.collect()
    }

    fn controls(&mut self, id: &str, causes: &[Option<u32>]) {
        let existing = self.entries(Field::ExistingControls, "existing_controls");
        self.kind(id, ControlKind::Existing, existing, causes);
        for kind in [
            ControlKind::Unspecified,
            ControlKind::Design,
            ControlKind::Test,
            ControlKind::Training,
            ControlKind::BusinessProcess,
        ] {
            let entries = self.entries(Field::AdditionalControls(kind), "controls");
            self.kind(id, kind, entries, causes);
        }
    }

    fn kind(
        &mut self,
        id: &str,
        kind: ControlKind,
        entries: Vec<(usize, Option<u32>, String)>,
        causes: &[Option<u32>],
    ) {
        // Lists of equal length with the same numbers run in parallel; a number alone says nothing on a page.
        let numbers: Vec<Option<u32>> = entries.iter().map(|(_, number, _)| *number).collect();
        let parallel = causes.len() > 1 && numbers == causes && numbers.iter().all(Option::is_some);
        let list = if kind == ControlKind::Existing { "existing_controls" } else { "controls" };
        for (at, (line, _, text)) in entries.into_iter().enumerate() {
            let record = &mut self.reading.record;
            let controls = if kind == ControlKind::Existing {
                &mut record.existing_controls
            } else {
                &mut record.controls
            };
            let path = format!("{list}/{}", controls.len());
            if says_none(&text) {
                controls.push(ControlRecord { text, ..ControlRecord::default() });
            } else {
                let id = format!("{id}.{}{}", prefix(kind), at + 1);
                let kind = Some(kind);
                controls.push(ControlRecord { id: Some(id.clone()), kind, text, ..ControlRecord::default() });
                if let Some(cause) = record.causes.get_mut(at).filter(|_| parallel) {
                    cause.controls.push(id);
                    cause.link = Some(LinkRecord::Inferred);
                }
            }
            self.record_line(&path, line);
        }
    }

    /// What a page says of a control without saying of which; clear where it has only one.
    fn of_one_control(&mut self) {
        let fields = [
            Field::ControlType,
            Field::ControlOwner,
            Field::ControlAction,
            Field::ControlStatus,
            Field::ControlEvidence,
        ];
        for field in fields {
            for statement in self.of(field).filter(|statement| !statement.parts.is_empty()) {
                let text = statement.text();
                let record = &mut self.reading.record;
                let mut all = record.existing_controls.iter_mut().chain(&mut record.controls);
                let only = all.next().filter(|control| control.id.is_some());
                let taken = match (only, all.next()) {
                    (Some(control), None) => {
                        let kept = match field {
                            Field::ControlType => &mut control.stated_type,
                            Field::ControlOwner => &mut control.owner,
                            Field::ControlAction => &mut control.action,
                            Field::ControlStatus => &mut control.status,
                            _ => &mut control.stated_evidence,
                        };
                        if kept.is_none() {
                            *kept = Some(text.clone());
                            true
                        } else {
                            false
                        }
                    }
                    _ => false,
                };
                if !taken {
                    let parts = statement.parts.iter();
                    let left = parts.map(|part| (part.line, Some(field.to_string()), part.text.clone()));
                    self.reading.unmapped.extend(left);
                }
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The id that a title begins with, and the rest: `FHIR001 - Wrong patient`, `Hazard 3: Delay`.
fn split_title(title: &str) -> (Option<&str>, &str) {
    const LONGEST_ID: usize = 24;
    let title = title.trim();
    let bare = title
        .get(..7)
        .filter(|word| word.eq_ignore_ascii_case("hazard "))
        .map_or(title, |word| title[word.len()..].trim_start());
    let end = bare.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(bare.len());
    let (token, after) = bare.split_at(end);
    let token = token.trim_matches(['[', ']', '(', ')', '#', ',', '.']);
    let rest = after.trim_start();
    let separated = rest.is_empty() || rest.starts_with([':', '-', '–', '—', '|']);
    let has = |of: fn(&char) -> bool| token.chars().any(|c| of(&c));
    let digits = has(char::is_ascii_digit);
    // "H01 Wrong patient" is one; "3 ways to fail" and "Covid19 results" are not.
    let coded = digits && has(char::is_ascii_uppercase) && !has(char::is_ascii_lowercase);
    let is_id = digits && token.len() <= LONGEST_ID && (coded || separated || bare.len() < title.len());
    if !is_id {
        return (None, title);
    }
    (Some(token), rest.trim_start_matches([':', '-', '–', '—', '|', ' ']).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_may_begin_with_the_id() {
        for (title, id, rest) in [
            ("FHIR001 - Wrong patient", Some("FHIR001"), "Wrong patient"),
            ("Hazard 3: Delay", Some("3"), "Delay"),
            ("H01 Wrong patient", Some("H01"), "Wrong patient"),
            ("[H-7] Delay", Some("H-7"), "Delay"),
            ("Hazard-12", Some("Hazard-12"), ""),
            ("3 ways to fail", None, "3 ways to fail"),
            ("Covid19 results are late", None, "Covid19 results are late"),
            ("Wrong patient", None, "Wrong patient"),
            ("é", None, "é"),
        ] {
            assert_eq!(split_title(title), (id, rest), "{title}");
        }
    }
}
