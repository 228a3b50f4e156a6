//! Reading the causes and controls of a hazard.

use super::build::{Builder, same_words};
use super::field::Field;
use super::groups::Group;
use super::layout::{Shape, one_line};
use super::links::Row;
use super::list::{self, Entry};
use super::{describe, ids};
use crate::case::excerpt::excerpt;
use crate::case::hazard::{Cause, ControlKind, Hazard, LinkBasis};
use crate::case::observation::ObservationKind;
use crate::intake::workbook::Address;

/// Reads the causes and controls of all rows; returns how many entries said that there is no control.
pub(super) fn read(builder: &mut Builder<'_>, group: &Group, hazard: &mut Hazard) -> usize {
    let mut none_entries = 0;
    if let (Some(first), Some(column)) = (group.rows.first(), builder.layout.columns.column(Field::Causes)) {
        builder.record(format!("hazards/{}/causes", hazard.key), Address { row: first.row, column });
    }
    for member in &group.rows {
        let mut reader = RowReader { builder, hazard, row: member.row, none_entries: 0 };
        let causes = reader.causes();
        let existing = reader.controls(Field::ExistingControls, ControlKind::Existing, &causes);
        let mut additional = Vec::new();
        let columns: Vec<ControlKind> =
            reader.builder.layout.columns.additional_controls().map(|(_, kind)| kind).collect();
        for kind in columns {
            additional.extend(reader.controls(Field::AdditionalControls(kind), kind, &causes));
        }
        none_entries += reader.none_entries;
        let row = Row { number: member.row, causes: &causes, existing: &existing, additional: &additional };
        row.compare_lengths(builder, &hazard.key);
        row.link(builder, hazard);
    }
    none_entries
}

/// A cause or control of one row, by its id, with the number that its list gives it.
pub(super) struct Numbered {
    pub number: Option<u32>,
    pub id: String,
    pub is_none: bool,
}

struct RowReader<'b, 'a> {
    builder: &'b mut Builder<'a>,
    hazard: &'b mut Hazard,
    row: u32,
    none_entries: usize,
}

impl RowReader<'_, '_> {
    fn causes(&mut self) -> Vec<Numbered> {
        let Some((address, cell)) = self.builder.cell(self.row, Field::Causes) else { return Vec::new() };
        let entries = self.entries(&cell.text);
        let highest = highest(&entries);
        entries.into_iter().map(|entry| self.cause(entry, highest, address)).collect()
    }

    fn entries(&self, text: &str) -> Vec<Entry> {
        match self.builder.layout.shape {
            Shape::RowPerHazard => list::entries(text),
            // The row is the entry; a list inside it is part of its text.
            Shape::RowPerControl => vec![Entry { number: None, text: text.trim().to_owned() }],
        }
    }

    fn cause(&mut self, entry: Entry, highest: u32, address: Address) -> Numbered {
        self.builder.take(address);
        let (wanted, text) = match self.stated_id(&entry.text, address) {
            Some((id, text)) => (id, text),
            None => (self.list_id("", entry.number, highest), entry.text),
        };
        let is_known = |cause: &&Cause| same_words(&cause.text, &text) && without_suffix(&cause.id) == wanted;
        if let Some(cause) = self.hazard.causes.iter().find(is_known) {
            return Numbered { number: entry.number, id: cause.id.clone(), is_none: false };
        }
        let id = ids::unique(&wanted, |id| self.hazard.causes.iter().any(|cause| cause.id == id));
        let key = self.hazard.key.clone();
        if id != wanted {
            let message =
                format!("Cause id {wanted} of {key} stands for another cause here: \"{}\".", excerpt(&text));
            self.builder.observe(ObservationKind::IdPrefix, &key, address.to_string(), message);
        }
        self.builder.record(format!("hazards/{key}/causes/{id}"), address);
        let controls = Vec::new();
        self.hazard.causes.push(Cause {
            id: id.clone(),
            text,
            controls,
            link: LinkBasis::None,
            without_control: None,
        });
        Numbered { number: entry.number, id, is_none: false }
    }

    fn controls(&mut self, field: Field, kind: ControlKind, causes: &[Numbered]) -> Vec<Numbered> {
        let Some((address, cell)) = self.builder.cell(self.row, field) else { return Vec::new() };
        self.builder.take(address);
        let entries =
            if kind == ControlKind::Existing { list::entries(&cell.text) } else { self.entries(&cell.text) };
        let highest = highest(&entries);
        entries
            .into_iter()
            .map(|entry| {
                if list::says_none(&entry.text) {
                    self.none(&entry, causes, address)
                } else {
                    self.control(entry, highest, kind, address)
                }
            })
            .collect()
    }

    fn control(&mut self, entry: Entry, highest: u32, kind: ControlKind, address: Address) -> Numbered {
        if let Some(id) = self.repeated(&entry.text, kind) {
            return Numbered { number: entry.number, id, is_none: false };
        }
        let stated = if kind == ControlKind::Existing { None } else { self.stated_id(&entry.text, address) };
        let has_stated_id = stated.is_some();
        let (wanted, text) = match stated {
            Some((id, text)) => (id, text),
            None => (self.list_id(prefix(kind), entry.number, highest), entry.text),
        };
        let id = ids::unique(&wanted, |id| self.hazard.all_controls().any(|control| control.id == id));
        self.observe_id(&wanted, &id, has_stated_id, kind, &text, address);
        self.builder.record(format!("hazards/{}/controls/{id}", self.hazard.key), address);
        let control = describe::control(self.builder, self.row, &self.hazard.key, id.clone(), kind, text);
        if kind == ControlKind::Existing {
            self.hazard.existing_controls.push(control);
        } else {
            self.hazard.controls.push(control);
        }
        Numbered { number: entry.number, id, is_none: false }
    }

    /// An existing control that every row of the hazard repeats is one control.
    fn repeated(&self, text: &str, kind: ControlKind) -> Option<String> {
        if kind != ControlKind::Existing || !self.builder.is_row_per_control() {
            return None;
        }
        let known = self.hazard.existing_controls.iter().find(|control| same_words(&control.text, text))?;
        Some(known.id.clone())
    }

    /// An entry that says that there is no control. What it says beyond that is kept with the cause of its
    /// number, and in an observation.
    fn none(&mut self, entry: &Entry, causes: &[Numbered], address: Address) -> Numbered {
        self.none_entries += 1;
        let number = entry.number;
        if entry.text.split_whitespace().count() > 2 {
            let key = self.hazard.key.clone();
            let message = format!(
                "{key}: \"{}\" says that there is no control, and was not taken for one.",
                one_line(&entry.text)
            );
            self.builder.observe(ObservationKind::NotAControl, &key, address.to_string(), message);
            let answered = causes.iter().find(|cause| number.is_some() && cause.number == number);
            let cause = answered
                .and_then(|answered| self.hazard.causes.iter_mut().find(|cause| cause.id == answered.id));
            if let Some(cause) = cause {
                let said = cause.without_control.get_or_insert_default();
                said.push_str(if said.is_empty() { "" } else { "\n" });
                said.push_str(&entry.text);
            }
        }
        Numbered { number, id: String::new(), is_none: true }
    }

    /// The id that a text begins with, padded, and the rest of the text.
    fn stated_id(&mut self, text: &str, address: Address) -> Option<(String, String)> {
        if !self.builder.is_row_per_control() {
            return None;
        }
        let (digits, rest) = ids::split(text)?;
        let padded = ids::padded(digits);
        if padded != digits {
            let message =
                format!("Id {digits} is read as {padded}, which other rows write with the leading zero.");
            let key = self.hazard.key.clone();
            self.builder.observe(ObservationKind::IdSpelling, &key, address.to_string(), message);
        }
        Some((padded, rest.to_owned()))
    }

    /// An id from the list number; an entry without one comes after the highest of its list.
    fn list_id(&self, prefix: &str, number: Option<u32>, highest: u32) -> String {
        let key = &self.hazard.key;
        let in_use = |id: &str| {
            self.hazard.causes.iter().any(|cause| cause.id == id)
                || self.hazard.all_controls().any(|control| control.id == id)
        };
        if let Some(number) = number {
            return format!("{key}.{prefix}{number}");
        }
        let mut next = highest + 1;
        while in_use(&format!("{key}.{prefix}{next}")) {
            next += 1;
        }
        format!("{key}.{prefix}{next}")
    }

    fn observe_id(
        &mut self,
        wanted: &str,
        id: &str,
        stated: bool,
        kind: ControlKind,
        text: &str,
        address: Address,
    ) {
        let key = self.hazard.key.clone();
        if self.builder.is_row_per_control() && kind != ControlKind::Existing && !stated {
            let message =
                format!("A control of {key} has no id; it is called {id} here: \"{}\".", excerpt(text));
            self.builder.observe(ObservationKind::MissingControlId, &key, address.to_string(), message);
        }
        if id != wanted {
            let message = format!(
                "Control id {wanted} of {key} is used again for \"{}\"; it is called {id} here.",
                excerpt(text)
            );
            self.builder.observe(ObservationKind::DuplicateControlId, &key, address.to_string(), message);
        }
    }
}

/// The highest number of a list.
fn highest(entries: &[Entry]) -> u32 {
    entries.iter().filter_map(|entry| entry.number).max().unwrap_or(0)
}

pub(super) fn without_suffix(id: &str) -> &str {
    id.split_once('~').map_or(id, |(id, _)| id)
}

/// What stands before the number of an id that a control has from its place.
pub(super) fn prefix(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Existing => "E",
        ControlKind::Design => "D",
        ControlKind::Test => "T",
        ControlKind::Training => "TR",
        ControlKind::BusinessProcess => "B",
        ControlKind::Unspecified => "A",
    }
}
