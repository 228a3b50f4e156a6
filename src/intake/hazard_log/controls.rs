//! Reading the causes and controls of a hazard, row by row.

use super::build::{Builder, words};
use super::entries::{self, row_ids};
use super::explain::NoteKind;
use super::field::Field;
use super::groups::Group;
use super::known::{Known, Numbered};
use super::layout::one_line;
use super::links::Row;
use super::list::{self, Entry};
use super::shape::Shape;
use super::{describe, ids};
use crate::case::excerpt::excerpt;
use crate::case::hazard::{Cause, ControlKind, Hazard, LinkBasis};
use crate::case::observation::ObservationKind;
use crate::intake::workbook::Address;

/// Reads the causes and controls of all rows; returns how many entries said that there is no control.
pub(super) fn read(builder: &mut Builder<'_>, group: &Group, hazard: &mut Hazard) -> usize {
    if let (Some(first), Some(column)) = (group.rows.first(), builder.layout.columns.column(Field::Causes)) {
        builder.record(format!("hazards/{}/causes", hazard.key), Address { row: first.row, column });
    }
    let existing_answer = entries::existing_answer_causes(builder, group);
    let mut columns: Vec<(u32, Field)> = builder.layout.columns.fields().collect();
    // The order of the kinds, not that of the columns, says which control of a row has the row's id.
    columns.sort_by_key(|(_, field)| *field);
    let mut reader =
        Reader { builder, hazard, known: Known::default(), row: 0, none_entries: 0, row_id: None };
    for member in &group.rows {
        reader.row = member.row;
        reader.row_id = reader.control_id();
        let causes = reader.causes();
        let (mut existing, mut additional) = (Vec::new(), Vec::new());
        for (column, field) in &columns {
            match field {
                Field::ExistingControls => {
                    existing.extend(reader.controls(*column, *field, ControlKind::Existing, &causes));
                }
                Field::AdditionalControls(kind) => {
                    additional.extend(reader.controls(*column, *field, *kind, &causes));
                }
                _ => {}
            }
        }
        let row = Row {
            number: member.row,
            causes: &causes,
            existing: &existing,
            additional: &additional,
            existing_answer,
        };
        row.compare_lengths(reader.builder, &reader.hazard.key);
        row.link(reader.builder, reader.hazard, &mut reader.known);
    }
    reader.none_entries
}

struct Reader<'b, 'a> {
    builder: &'b mut Builder<'a>,
    hazard: &'b mut Hazard,
    known: Known,
    row: u32,
    none_entries: usize,
    /// The id that a column of its own gives the control of the row, until a control has it.
    row_id: Option<RowId>,
}

/// The id of a row's control.
struct RowId {
    id: String,
    is_given: bool,
}

impl Reader<'_, '_> {
    fn is_row_per_hazard(&self) -> bool {
        self.builder.shape() == Shape::Hazard
    }

    fn control_id(&mut self) -> Option<RowId> {
        let (address, cell) = self.builder.cell(self.row, Field::ControlId)?;
        if self.is_row_per_hazard() || address.row != self.row {
            return None;
        }
        Some(RowId { id: ids::padded(cell.text.trim()), is_given: false })
    }

    fn causes(&mut self) -> Vec<Numbered> {
        let Some((address, cell)) = self.builder.cell(self.row, Field::Causes) else {
            return self.causes_above();
        };
        if let Some(read) = self.known.read.get(&address) {
            return read.clone();
        }
        let entries = entries::of(self.builder, Field::Causes, &cell.text);
        self.note_split(&entries, Field::Causes, address);
        let ids = row_ids(self.builder, self.row, Field::CauseId, entries.len());
        let highest = highest(&entries);
        let mut ids = ids.into_iter();
        let causes: Vec<Numbered> =
            entries.into_iter().map(|entry| self.cause(entry, ids.next(), highest, address)).collect();
        self.remember(address, &causes);
        self.known.last_causes.clone_from(&causes);
        causes
    }

    /// The causes of a row whose own cell is blank: by the id in a column of its own, or those of the row above,
    /// where the log writes a cause in its first row alone.
    fn causes_above(&mut self) -> Vec<Numbered> {
        if self.is_row_per_hazard() {
            return Vec::new();
        }
        if let Some((address, cell)) = self.builder.cell(self.row, Field::CauseId) {
            let id = ids::padded(cell.text.trim());
            let known = self.known.causes_by_id.get(&id).and_then(|known| known.first().copied());
            return match known {
                Some(at) => {
                    self.builder.take(address);
                    self.known.last_causes = vec![self.stated_cause(at)];
                    self.known.last_causes.clone()
                }
                None => Vec::new(),
            };
        }
        let control = self.stated_control_id();
        let by_id = control.as_deref().and_then(|id| self.cause_of_control(id));
        let goes_on = self.builder.layout.form.causes_once
            && !control.as_deref().is_some_and(|id| self.names_another_cause(id));
        let causes = match by_id {
            Some(at) => vec![self.stated_cause(at)],
            None if goes_on => self.known.last_causes.clone(),
            None => Vec::new(),
        };
        if !causes.is_empty() {
            let column = self.builder.layout.columns.column(Field::Causes).unwrap_or(0);
            let ids: Vec<&str> = causes.iter().map(|cause| cause.id.as_str()).collect();
            let why = if by_id.is_some() { "as the id of its control says" } else { "of the row above" };
            let says = format!("The cause is blank here; the row goes on with {}, {why}.", ids.join(" and "));
            self.builder.note(NoteKind::Inherited, Address { row: self.row, column }.to_string(), says);
        }
        causes
    }

    /// The id that the row's control states.
    fn stated_control_id(&self) -> Option<String> {
        let form = &self.builder.layout.form;
        let in_text = |(column, field): (u32, Field)| {
            let style = form.ids(field).filter(|_| matches!(field, Field::AdditionalControls(_)))?;
            let (_, cell) = self.builder.at(self.row, column)?;
            Some(ids::padded(style.split(&cell.text)?.0))
        };
        let own = self.row_id.as_ref().map(|row_id| row_id.id.clone());
        own.or_else(|| self.builder.layout.columns.fields().find_map(in_text))
    }

    /// The known cause that the id of a control is a part of.
    fn cause_of_control(&self, id: &str) -> Option<usize> {
        let known = |whole| self.known.causes_by_id.get(whole).and_then(|causes| causes.first().copied());
        ids::wholes(id).filter_map(known).last()
    }

    /// Whether the id of a control is a part of another cause's than the last ones: `020202` is none of `0201`.
    fn names_another_cause(&self, id: &str) -> bool {
        let is_other = |last: &Numbered| {
            ids::wholes(id).any(|whole| whole.len() == last.id.len() && whole != last.id.as_str())
        };
        self.known.last_causes.iter().all(is_other) && !self.known.last_causes.is_empty()
    }

    fn stated_cause(&self, at: usize) -> Numbered {
        let id = self.hazard.causes[at].id.clone();
        Numbered { id, at, has_stated_id: true, ..Numbered::default() }
    }

    /// Keeps what a cell gave, where the cell may be merged and count for further rows.
    fn remember(&mut self, address: Address, read: &[Numbered]) {
        if !self.builder.layout.form.merged.is_empty() {
            self.known.read.insert(address, read.to_vec());
        }
    }

    fn note_split(&mut self, entries: &[Entry], field: Field, address: Address) {
        if entries.len() > 1 {
            let says = format!("The {field} of this cell were taken apart into {} entries.", entries.len());
            self.builder.note(NoteKind::Split, address.to_string(), says);
        }
    }

    fn cause(&mut self, entry: Entry, own_id: Option<String>, highest: u32, address: Address) -> Numbered {
        self.builder.take(address);
        let number = entry.number;
        let stated = own_id
            .map(|id| (id, entry.text.clone()))
            .or_else(|| self.stated_id(&entry, Field::Causes, address));
        let has_stated_id = stated.is_some();
        let (wanted, text) = if let Some(stated) = stated {
            stated
        } else {
            // Rows that repeat a cause without an id mean the one cause.
            let same =
                |known: &&Numbered| !self.is_row_per_hazard() || number.is_some() && known.number == number;
            if let Some(known) = self.known.causes_by_words.get(&words(&entry.text)).filter(same) {
                return known.clone();
            }
            (self.list_id("", number, highest), entry.text)
        };
        let known = self.known.causes_by_id.get(&wanted).into_iter().flatten();
        let same = |at: &&usize| words(&self.hazard.causes[**at].text) == words(&text);
        if let Some(at) = known.into_iter().find(same).filter(|_| has_stated_id) {
            return Numbered { number, ..self.stated_cause(*at) };
        }
        let id = self.known.cause_ids.claim(&wanted);
        let key = self.hazard.key.clone();
        if id != wanted {
            let message =
                format!("Cause id {wanted} of {key} stands for another cause here: \"{}\".", excerpt(&text));
            self.builder.note(
                NoteKind::Renamed,
                address.to_string(),
                format!("{message} It is called {id} here."),
            );
            self.builder.observe(ObservationKind::IdPrefix, &key, address.to_string(), message);
        }
        self.builder.record(format!("hazards/{key}/causes/{id}"), address);
        let at = self.hazard.causes.len();
        let read = Numbered { number, id: id.clone(), has_stated_id, at, is_none: false };
        if has_stated_id {
            self.known.causes_by_id.entry(wanted).or_default().push(at);
        } else {
            self.known.causes_by_words.insert(words(&text), read.clone());
        }
        let controls = Vec::new();
        self.hazard.causes.push(Cause { id, text, controls, link: LinkBasis::None, without_control: None });
        read
    }

    fn controls(
        &mut self,
        column: u32,
        field: Field,
        kind: ControlKind,
        causes: &[Numbered],
    ) -> Vec<Numbered> {
        let Some((address, cell)) = self.builder.at(self.row, column) else { return Vec::new() };
        self.builder.take(address);
        if let Some(read) = self.known.read.get(&address) {
            return read.clone();
        }
        let entries = entries::of(self.builder, field, &cell.text);
        self.note_split(&entries, field, address);
        let highest = highest(&entries);
        let mut controls = Vec::with_capacity(entries.len());
        for entry in entries {
            controls.push(if list::says_none(&entry.text) {
                self.none(&entry, causes, address)
            } else {
                self.control(entry, highest, (column, field, kind), address)
            });
        }
        self.note_none(&controls, address);
        self.remember(address, &controls);
        controls
    }

    fn note_none(&mut self, controls: &[Numbered], address: Address) {
        let none: Vec<&Numbered> = controls.iter().filter(|control| control.is_none).collect();
        let numbers: Option<Vec<String>> = none.iter().map(|entry| Some(entry.number?.to_string())).collect();
        let entries = match (none.len(), numbers) {
            (0, _) => return,
            (1, _) if controls.len() == 1 => "The cell says".to_owned(),
            (1, Some(numbers)) => format!("Entry {} says", numbers.concat()),
            (_, Some(numbers)) => format!("Entries {} say", numbers.join(", ")),
            (1, None) => "One entry says".to_owned(),
            (count, None) => format!("{count} entries say"),
        };
        let says = format!("{entries} that there is no control.");
        self.builder.note(NoteKind::NotTaken, address.to_string(), says);
    }

    fn control(
        &mut self,
        entry: Entry,
        highest: u32,
        (column, field, kind): (u32, Field, ControlKind),
        address: Address,
    ) -> Numbered {
        let number = entry.number;
        let repeats = self.may_repeat(kind).then(|| (column, words(&entry.text)));
        if let Some(known) = repeats.as_ref().and_then(|repeats| self.known.controls_by_words.get(repeats)) {
            return Numbered { number, ..known.clone() };
        }
        let (stated, of_row) = match self.row_id(kind) {
            Some(id) => (Some((id, entry.text.clone())), true),
            None => (self.stated_id(&entry, field, address), false),
        };
        let has_stated_id = stated.is_some();
        let (wanted, text) = match stated {
            Some(stated) => stated,
            None => (self.list_id(prefix(kind), number, highest), entry.text),
        };
        let id = self.known.control_ids.claim(&wanted);
        self.observe_id(&wanted, &id, has_stated_id, field, &text, address);
        self.builder.record(format!("hazards/{}/controls/{id}", self.hazard.key), address);
        let control = describe::control(self.builder, self.row, &self.hazard.key, id.clone(), kind, text);
        let controls = if kind == ControlKind::Existing {
            &mut self.hazard.existing_controls
        } else {
            &mut self.hazard.controls
        };
        let read = Numbered { number, id, has_stated_id, at: controls.len(), is_none: false };
        controls.push(control);
        if let Some(repeats) = repeats.filter(|_| !of_row) {
            self.known.controls_by_words.insert(repeats, read.clone());
        }
        read
    }

    /// Whether the same words in another row mean the same control: what was there before is repeated row by row,
    /// and in a row a cause one control may answer several. In a row a control, each row is one.
    fn may_repeat(&self, kind: ControlKind) -> bool {
        match self.builder.shape() {
            Shape::Hazard | Shape::Item => false,
            Shape::Cause => self.row_id.is_none(),
            Shape::Control => kind == ControlKind::Existing && self.row_id.is_none(),
        }
    }

    /// The id that a column of its own gives the row's control. Where a row has several, in columns of several
    /// kinds, the others' ids say their kind as well.
    fn row_id(&mut self, kind: ControlKind) -> Option<String> {
        let row_id = self.row_id.as_mut()?;
        let is_given = std::mem::replace(&mut row_id.is_given, true);
        let id = row_id.id.clone();
        if let Some((address, _)) = self.builder.cell(self.row, Field::ControlId) {
            self.builder.take(address);
            if is_given {
                let wanted = format!("{id}.{}", prefix(kind));
                let says = format!("The row has several controls; a further one is called {wanted} here.");
                self.builder.note(NoteKind::Renamed, address.to_string(), says);
                return Some(wanted);
            }
        }
        Some(id)
    }

    /// An entry that says that there is no control. What it says beyond that is kept with the cause of its
    /// number, and in an observation.
    fn none(&mut self, entry: &Entry, causes: &[Numbered], address: Address) -> Numbered {
        self.none_entries += 1;
        let number = entry.number;
        let key = self.hazard.key.clone();
        let message = format!(
            "{key}: \"{}\" says that there is no control, and was not taken for one.",
            one_line(&entry.text)
        );
        if entry.text.split_whitespace().count() > 2 {
            self.builder.observe(ObservationKind::NotAControl, &key, address.to_string(), message);
            let answered = causes.iter().find(|cause| number.is_some() && cause.number == number);
            if let Some(cause) = answered.and_then(|answered| self.hazard.causes.get_mut(answered.at)) {
                let said = cause.without_control.get_or_insert_default();
                said.push_str(if said.is_empty() { "" } else { "\n" });
                said.push_str(&entry.text);
            }
        }
        Numbered { number, is_none: true, ..Numbered::default() }
    }

    /// The id that a text begins with, padded, and the rest of the text.
    fn stated_id(&mut self, entry: &Entry, field: Field, address: Address) -> Option<(String, String)> {
        let (stated, rest) = match &entry.id {
            Some(id) => (id.as_str(), entry.text.as_str()),
            None if self.is_row_per_hazard() => return None,
            None => {
                let found = self.builder.layout.form.ids(field)?.split(&entry.text);
                // Of a text that is nothing but an id nothing would be left.
                found.filter(|(_, rest)| !rest.trim().is_empty())?
            }
        };
        let padded = ids::padded(stated);
        if padded != stated {
            let message =
                format!("Id {stated} is read as {padded}, which other rows write with the leading zero.");
            let key = self.hazard.key.clone();
            self.builder.observe(ObservationKind::IdSpelling, &key, address.to_string(), message);
        }
        Some((padded, rest.to_owned()))
    }

    /// An id from the list number; an entry without one comes after the highest of its list.
    fn list_id(&mut self, prefix: &'static str, number: Option<u32>, highest: u32) -> String {
        let key = &self.hazard.key;
        let number = number.unwrap_or_else(|| {
            let in_use = |known: &Known, number: u32| {
                let id = format!("{key}.{prefix}{number}");
                known.cause_ids.has(&id) || known.control_ids.has(&id)
            };
            self.known.next(prefix, highest, in_use)
        });
        format!("{key}.{prefix}{number}")
    }

    fn observe_id(
        &mut self,
        wanted: &str,
        id: &str,
        stated: bool,
        field: Field,
        text: &str,
        address: Address,
    ) {
        let key = self.hazard.key.clone();
        if !stated && field != Field::ExistingControls && entries::others_have_ids(self.builder) {
            let message =
                format!("A control of {key} has no id; it is called {id} here: \"{}\".", excerpt(text));
            self.builder.note(NoteKind::Renamed, address.to_string(), message.clone());
            self.builder.observe(ObservationKind::MissingControlId, &key, address.to_string(), message);
        }
        if id != wanted {
            let message = format!(
                "Control id {wanted} of {key} is used again for \"{}\"; it is called {id} here.",
                excerpt(text)
            );
            self.builder.note(NoteKind::Renamed, address.to_string(), message.clone());
            self.builder.observe(ObservationKind::DuplicateControlId, &key, address.to_string(), message);
        }
    }
}

/// The highest number of a list.
fn highest(entries: &[Entry]) -> u32 {
    entries.iter().filter_map(|entry| entry.number).max().unwrap_or(0)
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
