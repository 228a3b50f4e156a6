//! A session as minutes fill it in, and making of it the record that TOML would give.
//!
//! The record is made through the same types as a TOML file's, so that what a file cannot say minutes cannot say
//! either. A value that fits nowhere is left out, and told.

use super::line::Cell;
use super::word::{self, Table};
use crate::case::folding::fold;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::psa::PsaSession;
use crate::case::{Date, Place, Provenance};
use crate::intake::{InputError, Reading};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A text with its place.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    pub text: String,
    pub place: Place,
}

impl Filled {
    pub(super) fn of(cell: &Cell) -> Self {
        Self { text: cell.text.clone(), place: cell.place.clone() }
    }
}

/// The values of a row, by their fields.
pub(super) type Entry = Vec<(&'static str, Filled)>;

/// A session while it is read.
#[derive(Debug)]
pub(super) struct Draft {
    at: Place,
    session: Entry,
    tables: BTreeMap<Table, Vec<Entry>>,
    observations: Vec<Observation>,
}

impl Draft {
    pub(super) fn new(at: Place) -> Self {
        Self { at, session: Entry::new(), tables: BTreeMap::new(), observations: Vec::new() }
    }

    /// Neither which session it is nor when it was: a page of something else.
    pub(super) fn is_empty(&self) -> bool {
        !self.session.iter().any(|(field, _)| matches!(*field, "id" | "date"))
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.stated("id").map(|filled| filled.text.as_str())
    }

    pub(super) fn discusses(&self, hazard: &str) -> bool {
        let discussed = self.tables.get(&Table::Discussed).into_iter().flatten();
        discussed.flatten().any(|(field, filled)| *field == "hazard" && filled.text == hazard)
    }

    fn stated(&self, field: &str) -> Option<&Filled> {
        self.session.iter().find(|(known, _)| *known == field).map(|(_, filled)| filled)
    }

    /// States a field of the session. What was stated first stands.
    pub(super) fn say(&mut self, field: &'static str, filled: Filled) {
        let Some(first) = self.stated(field) else {
            self.session.push((field, filled));
            return;
        };
        if fold(&first.text) != fold(&filled.text) {
            let message = format!(
                "Of the session's {}, \"{}\" was read before, and \"{}\" is left out.",
                words(field),
                first.text,
                filled.text
            );
            self.note(filled.place, message);
        }
    }

    /// Adds a further paragraph to a field.
    pub(super) fn say_more(&mut self, field: &'static str, filled: Filled) {
        match self.session.iter_mut().find(|(known, _)| *known == field) {
            Some((_, first)) => {
                first.text.push('\n');
                first.text.push_str(&filled.text);
            }
            None => self.session.push((field, filled)),
        }
    }

    /// Names of those who took part, one a line or between semicolons.
    pub(super) fn attend(&mut self, names: &Filled) {
        for name in names.text.split([';', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
            let is_known = self
                .tables
                .get(&Table::Attendees)
                .into_iter()
                .flatten()
                .flatten()
                .any(|(field, known)| *field == "name" && known.text == name);
            if !is_known {
                self.add(Table::Attendees, vec![("name", Filled { text: name.to_owned(), ..names.clone() })]);
            }
        }
    }

    pub(super) fn add(&mut self, table: Table, entry: Entry) {
        self.tables.entry(table).or_default().push(entry);
    }

    /// The same with what is said of all sessions.
    pub(super) fn with_common(mut self, common: &Self) -> Self {
        for (field, filled) in &common.session {
            if self.stated(field).is_none() {
                self.session.push((field, filled.clone()));
            }
        }
        self.observations.extend(common.observations.iter().cloned());
        self
    }

    fn note(&mut self, place: Place, message: String) {
        let kind = ObservationKind::Unmapped;
        self.observations.push(Observation { kind, hazard: None, place: Some(place), message });
    }

    /// The record, with the places of its values by their paths in it.
    pub(super) fn finish(mut self) -> Result<Reading<PsaSession>, InputError> {
        let (Some(id), Some(_)) = (self.id().map(str::to_owned), self.stated("date")) else {
            let lacks = if self.id().is_none() { ("its id", "Session ID") } else { ("its date", "Date") };
            return Err(InputError::new(format!("The record of a PSA session does not give {}", lacks.0))
                .at(self.at)
                .hint(format!("add a cell or line \"{}\" with the value beside it", lacks.1)));
        };
        let mut record = Record::default();
        record.places.record("id", self.at.clone());
        for (field, filled) in std::mem::take(&mut self.session) {
            if field == "date" && Date::parse_stated(&filled.text).is_none() {
                return Err(InputError::new(format!("\"{}\" is not a date", filled.text))
                    .at(filled.place)
                    .hint("write the day of the session as 2026-09-14 or 14/09/2026"));
            }
            self.fill(&mut record, &mut toml::Table::new(), "", field, filled);
        }
        if !record.session.contains_key("kind") {
            let message = format!(
                "The record of {id} does not give the kind of session; it is called \"PSA session\"."
            );
            self.note(self.at.clone(), message);
            record.session.insert("kind".to_owned(), "PSA session".into());
        }
        for (table, entries) in std::mem::take(&mut self.tables) {
            let mut rows: Vec<toml::Value> = Vec::new();
            for entry in entries {
                let path = format!("{}/{}", table.key(), rows.len());
                let Some((_, first)) = entry.first().cloned() else { continue };
                record.places.record(&path, first.place.clone());
                let mut row = toml::Table::new();
                for (field, filled) in entry {
                    self.fill(&mut record, &mut row, &path, field, filled);
                }
                if self.complete(table, &mut row, &id, rows.len(), &first) {
                    rows.push(row.into());
                }
            }
            record.session.insert(table.key().to_owned(), rows.into());
        }
        let session = PsaSession::deserialize(record.session).map_err(|error| {
            InputError::new(format!("The record of {id} cannot be read: {error}")).at(self.at.clone())
        })?;
        Ok((session, record.places, self.observations))
    }

    /// Puts a value into a row, or into the session where the path is empty.
    fn fill(
        &mut self,
        record: &mut Record,
        row: &mut toml::Table,
        path: &str,
        field: &'static str,
        filled: Filled,
    ) {
        let Filled { text, place } = filled;
        let value: toml::Value = if matches!(field, "date" | "due" | "closed" | "met") {
            let Some(date) = Date::parse_stated(&text) else {
                return self
                    .note(place, format!("\"{text}\" is not a date; what is {} is left out.", words(field)));
            };
            date.to_string().into()
        } else if word::has_words(field) {
            match word::value(field, &text) {
                Some("true") => true.into(),
                Some("false") => false.into(),
                Some(word) => word.into(),
                None => {
                    let message = format!("\"{text}\" is no word for {}; it is left out.", words(field));
                    return self.note(place, message);
                }
            }
        } else {
            text.into()
        };
        let target = if path.is_empty() { &mut record.session } else { row };
        match field.split_once('.') {
            Some((outer, inner)) => {
                let rating = target.entry(outer).or_insert_with(|| toml::Table::new().into());
                if let Some(rating) = rating.as_table_mut() {
                    rating.insert(inner.to_owned(), value);
                }
            }
            None => drop(target.insert(field.to_owned(), value)),
        }
        let path = if path.is_empty() { field.to_owned() } else { format!("{path}/{field}") };
        record.places.record(path, place);
    }

    /// Whether a row says enough to be kept. What it leaves open is settled here, and told.
    fn complete(
        &mut self,
        table: Table,
        row: &mut toml::Table,
        session: &str,
        at: usize,
        first: &Filled,
    ) -> bool {
        let place = &first.place;
        if table == Table::Discussed {
            self.settle_ratings(row, place);
        }
        let needed = match table {
            Table::Attendees => {
                if row.contains_key("name") || row.contains_key("person") {
                    return true;
                }
                "name"
            }
            Table::Discussed => "hazard",
            Table::NewHazards => "description",
            Table::Actions | Table::Conditions => "text",
        };
        if !row.contains_key(needed) {
            let message = format!(
                "A row of the session's {} has no {}, and is left out: \"{}\".",
                words(table.key()),
                words(needed),
                first.text
            );
            self.note(place.clone(), message);
            return false;
        }
        if table == Table::Actions {
            if !row.contains_key("id") {
                let id = format!("{session}-A{}", at + 1);
                self.note(
                    place.clone(),
                    format!("An action has no id; it is called {id} by its place in the list."),
                );
                row.insert("id".to_owned(), id.into());
            }
            if !row.contains_key("state") {
                // What was not said to be done is not done; where a day is given on which it was, it is.
                let state = if row.contains_key("closed") { "closed" } else { "open" };
                self.note(
                    place.clone(),
                    format!("The state of an action is not given; it counts as {state}."),
                );
                row.insert("state".to_owned(), state.into());
            }
        }
        true
    }

    /// A rating that was agreed without saying when it holds is the one after the session; half a rating is none.
    fn settle_ratings(&mut self, row: &mut toml::Table, place: &Place) {
        const AGREED: &str = "The agreed ratings are not said to be those before or after the session's controls; they are read as after.";
        if let Some(agreed) = row.remove("agreed") {
            let is_whole = agreed.as_table().is_some_and(|rating| rating.len() == 2);
            if row.contains_key("after") {
                let message =
                    "A hazard has an agreed rating beside that after the session; the first is left out.";
                self.note(place.clone(), message.to_owned());
            } else {
                row.insert("after".to_owned(), agreed);
                if is_whole && self.observations.iter().all(|noted| noted.message != AGREED) {
                    self.note(place.clone(), AGREED.to_owned());
                }
            }
        }
        for stage in ["before", "after"] {
            let rating = row.get(stage).and_then(toml::Value::as_table);
            if let Some(rating) = rating.filter(|rating| rating.len() < 2) {
                let half =
                    rating.values().next().and_then(toml::Value::as_str).unwrap_or_default().to_owned();
                self.note(
                    place.clone(),
                    format!("The rating {stage} is left out: \"{half}\" alone is half of one."),
                );
                row.remove(stage);
            }
        }
    }
}

/// A session's record in the form that it has in TOML.
#[derive(Default)]
struct Record {
    session: toml::Table,
    places: Provenance,
}

fn words(field: &str) -> String {
    field.replace(['_', '.'], " ")
}
