//! Reading the causes and controls of a hazard, and the links between them.

use super::build::{Builder, excerpt, same_words};
use super::field::Field;
use super::groups::Group;
use super::list::{self, Entry};
use super::{ids, layout::Shape};
use crate::case::hazard::{Cause, Control, ControlKind, ControlState, Hazard, LinkBasis};
use crate::case::observation::ObservationKind;
use crate::intake::workbook::Address;

/// Reads the causes and controls of all rows; returns how many entries said that there is no control.
pub(super) fn read(builder: &mut Builder<'_>, group: &Group, hazard: &mut Hazard) -> usize {
    let mut none_entries = 0;
    if let (Some(first), Some(column)) = (group.rows.first(), builder.layout.columns.column(Field::Causes)) {
        builder.record(format!("hazards/{}/causes", hazard.key), Address { row: first.row, column });
    }
    for member in &group.rows {
        let mut row = RowReader { builder, hazard, row: member.row, none_entries: 0 };
        let causes = row.causes();
        let existing = row.controls(Field::ExistingControls, ControlKind::Existing);
        let mut additional = Vec::new();
        let columns: Vec<ControlKind> =
            row.builder.layout.columns.additional_controls().map(|(_, kind)| kind).collect();
        for kind in columns {
            additional.extend(row.controls(Field::AdditionalControls(kind), kind));
        }
        row.compare_lengths(&causes, &existing, &additional);
        row.link(&causes, &existing, &additional);
        none_entries += row.none_entries;
    }
    none_entries
}

/// A cause or control of one row, by its id, with the number that its list gives it.
struct Numbered {
    number: Option<u32>,
    id: String,
    is_none: bool,
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
        entries.into_iter().map(|entry| self.cause(entry, address)).collect()
    }

    fn entries(&self, text: &str) -> Vec<Entry> {
        match self.builder.layout.shape {
            Shape::RowPerHazard => list::entries(text),
            // The row is the entry; a list inside it is part of its text.
            Shape::RowPerControl => vec![Entry { number: None, text: text.trim().to_owned() }],
        }
    }

    fn cause(&mut self, entry: Entry, address: Address) -> Numbered {
        let (wanted, text) = match self.stated_id(&entry.text, address) {
            Some((id, text)) => (id, text),
            None => (self.list_id("", entry.number, self.hazard.causes.len()), entry.text),
        };
        let known = self
            .hazard
            .causes
            .iter()
            .find(|cause| same_words(&cause.text, &text) && without_suffix(&cause.id) == wanted);
        if let Some(cause) = known {
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
        self.hazard.causes.push(Cause { id: id.clone(), text, controls: Vec::new(), link: LinkBasis::None });
        Numbered { number: entry.number, id, is_none: false }
    }

    fn controls(&mut self, field: Field, kind: ControlKind) -> Vec<Numbered> {
        let Some((address, cell)) = self.builder.cell(self.row, field) else { return Vec::new() };
        let entries =
            if kind == ControlKind::Existing { list::entries(&cell.text) } else { self.entries(&cell.text) };
        entries.into_iter().map(|entry| self.control(entry, kind, address)).collect()
    }

    fn control(&mut self, entry: Entry, kind: ControlKind, address: Address) -> Numbered {
        if list::says_none(&entry.text) {
            self.none(&entry, address);
            return Numbered { number: entry.number, id: String::new(), is_none: true };
        }
        let in_list = if kind == ControlKind::Existing {
            &self.hazard.existing_controls
        } else {
            &self.hazard.controls
        };
        let of_kind = in_list.iter().filter(|control| control.kind == kind).count();
        let stated = if kind == ControlKind::Existing { None } else { self.stated_id(&entry.text, address) };
        let has_stated_id = stated.is_some();
        let (wanted, text) = match stated {
            Some((id, text)) => (id, text),
            None => (self.list_id(prefix(kind), entry.number, of_kind), entry.text),
        };
        let id = ids::unique(&wanted, |id| self.hazard.all_controls().any(|control| control.id == id));
        self.observe_id(&wanted, &id, has_stated_id, kind, &text, address);
        self.builder.record(format!("hazards/{}/controls/{id}", self.hazard.key), address);
        let control = self.describe(id.clone(), kind, text);
        if kind == ControlKind::Existing {
            self.hazard.existing_controls.push(control);
        } else {
            self.hazard.controls.push(control);
        }
        Numbered { number: entry.number, id, is_none: false }
    }

    /// Fills in what other columns of the row say of the control.
    fn describe(&self, id: String, kind: ControlKind, text: String) -> Control {
        let text_of = |field| self.builder.cell(self.row, field).map(|(_, cell)| cell.text.trim().to_owned());
        let existing = kind == ControlKind::Existing;
        let of_control = |field| if existing { None } else { text_of(field) };
        let kind = match of_control(Field::ControlType) {
            Some(stated) if kind == ControlKind::Unspecified => kind_of(&stated),
            _ => kind,
        };
        let owner = of_control(Field::ControlOwner);
        let action = of_control(Field::ControlAction);
        let status = of_control(Field::ControlStatus);
        let transferred =
            action.as_deref().is_some_and(|action| action.to_lowercase().contains("transferred"));
        Control {
            id,
            kind,
            text,
            state: ControlState::from_stated(status.as_deref()),
            transferred_to: owner.clone().filter(|_| transferred),
            owner,
            action,
            status,
            evidence: Vec::new(),
            stated_evidence: of_control(Field::ControlEvidence),
        }
    }

    fn none(&mut self, entry: &Entry, address: Address) {
        self.none_entries += 1;
        if entry.text.split_whitespace().count() > 2 {
            let key = self.hazard.key.clone();
            let message = format!(
                "{key}: \"{}\" says that there is no control, and was not taken for one.",
                excerpt(&entry.text)
            );
            self.builder.observe(ObservationKind::NotAControl, &key, address.to_string(), message);
        }
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

    /// An id from the list number, or from the place in the list.
    fn list_id(&self, prefix: &str, number: Option<u32>, before: usize) -> String {
        let number = number.map_or(before + 1, |number| number as usize);
        format!("{}.{prefix}{number}", self.hazard.key)
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

    /// Observes lists that should run in parallel and do not.
    fn compare_lengths(&mut self, causes: &[Numbered], existing: &[Numbered], additional: &[Numbered]) {
        if self.builder.is_row_per_control() || causes.is_empty() {
            return;
        }
        let key = self.hazard.key.clone();
        let cell = self
            .builder
            .cell(self.row, Field::Causes)
            .map_or_else(String::new, |(address, _)| address.to_string());
        if existing.len() > 1 && existing.len() != causes.len() {
            let message =
                format!("{key} lists {} causes and {} existing controls.", causes.len(), existing.len());
            self.builder.observe(ObservationKind::ListLength, &key, cell.clone(), message);
        }
        for control in additional.iter().filter(|control| !control.is_none) {
            let answers_none =
                control.number.is_some() && !causes.iter().any(|cause| cause.number == control.number);
            if answers_none {
                let message = format!("Control {} of {key} has a number that no cause has.", control.id);
                self.builder.observe(ObservationKind::ListLength, &key, cell.clone(), message);
            }
        }
    }

    /// Links the causes of the row with its controls: by the row where it is one of each, else by equal
    /// list numbers.
    fn link(&mut self, causes: &[Numbered], existing: &[Numbered], additional: &[Numbered]) {
        let per_control = self.builder.is_row_per_control();
        let key = self.hazard.key.clone();
        for cause in causes {
            // In a row a control, the existing controls are the hazard's and answer no one cause.
            let candidates: Vec<&Numbered> = if per_control {
                additional.iter().collect()
            } else {
                existing
                    .iter()
                    .chain(additional)
                    .filter(|control| control.number.is_some() && control.number == cause.number)
                    .collect()
            };
            let basis = if per_control { LinkBasis::Stated } else { LinkBasis::Inferred };
            for control in candidates.into_iter().filter(|control| !control.is_none) {
                if per_control {
                    self.compare_ids(&key, &cause.id, &control.id);
                }
                let Some(cause) = self.hazard.causes.iter_mut().find(|known| known.id == cause.id) else {
                    continue;
                };
                if !cause.controls.contains(&control.id) {
                    cause.controls.push(control.id.clone());
                }
                cause.link = basis;
            }
        }
    }

    /// A control's id should begin with its cause's, and that with the hazard's number.
    fn compare_ids(&mut self, key: &str, cause: &str, control: &str) {
        let is_stated = |id: &str| id.starts_with(|c: char| c.is_ascii_digit());
        let control_cell = self.builder.cell(self.row, Field::AdditionalControls(ControlKind::Unspecified));
        let Some((address, _)) = control_cell.filter(|_| is_stated(control)) else { return };
        let (cause, control) = (without_suffix(cause), without_suffix(control));
        let hazard = ids::hazard_digits(&self.hazard.id).unwrap_or_default();
        let message = if is_stated(cause) && !control.starts_with(cause) {
            format!("Control {control} stands in a row of cause {cause}.")
        } else if !control.starts_with(&hazard) {
            format!("Control {control} stands in a row of hazard {key}.")
        } else {
            return;
        };
        self.builder.observe(ObservationKind::IdPrefix, key, address.to_string(), message);
    }
}

fn without_suffix(id: &str) -> &str {
    id.split_once('~').map_or(id, |(id, _)| id)
}

fn prefix(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Existing => "E",
        ControlKind::Design => "D",
        ControlKind::Test => "T",
        ControlKind::Training => "TR",
        ControlKind::BusinessProcess => "B",
        ControlKind::Unspecified => "A",
    }
}

fn kind_of(stated: &str) -> ControlKind {
    match stated.trim().to_lowercase().as_str() {
        "design" => ControlKind::Design,
        "test" | "testing" => ControlKind::Test,
        "training" => ControlKind::Training,
        "process" | "bpc" | "business process" | "business process change" => ControlKind::BusinessProcess,
        _ => ControlKind::Unspecified,
    }
}
