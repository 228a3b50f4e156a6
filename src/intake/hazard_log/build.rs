//! Building one hazard from its rows.

use super::explain::{HazardNote, HazardReading, NoteKind};
use super::field::{Field, Stage};
use super::groups::Group;
use super::ids::InUse;
use super::layout::Layout;
use super::shape::Shape;
use super::{RatedBy, controls, layout, members, rating};
use crate::case::folding::plain;
use crate::case::hazard::{Hazard, HazardState};
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Place, Provenance};
use crate::intake::workbook::{Address, Cell};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashSet;

/// What is gathered while the hazards are built.
pub(super) struct Builder<'a> {
    pub file: &'a EcoString,
    pub layout: &'a Layout<'a>,
    pub rated_by: &'a RatedBy<'a>,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub readings: Vec<HazardReading>,
    /// What was done to make the hazard that is being built.
    pub notes: Vec<HazardNote>,
    /// Cells whose content reached the case or an observation.
    pub taken: FxHashSet<Address>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: &'a EcoString, layout: &'a Layout<'a>, rated_by: &'a RatedBy<'a>) -> Self {
        Self {
            file,
            layout,
            rated_by,
            provenance: Provenance::default(),
            observations: Vec::new(),
            readings: Vec::new(),
            notes: Vec::new(),
            taken: FxHashSet::default(),
        }
    }

    /// Adds what was gathered for other hazards.
    pub(super) fn absorb(&mut self, other: Self) {
        self.provenance.extend(other.provenance);
        self.observations.extend(other.observations);
        self.readings.extend(other.readings);
        self.taken.extend(other.taken);
    }

    /// The place of cells of the hazard sheet.
    pub(super) fn place(&self, cells: impl Into<EcoString>) -> Place {
        Place::cell(self.file.clone(), self.layout.sheet.name.clone(), cells)
    }

    /// The cell of a row for a field, with content; of a merged cell, the one that holds the value.
    pub(super) fn cell(&self, row: u32, field: Field) -> Option<(Address, &'a Cell)> {
        self.at(row, self.layout.columns.column(field)?)
    }

    /// The cell of a row in a column, with content; of a merged cell, the one that holds the value.
    pub(super) fn at(&self, row: u32, column: u32) -> Option<(Address, &'a Cell)> {
        let address = self.layout.form.merged.holder(Address { row, column });
        let sheet = self.layout.sheet;
        sheet.text(address)?;
        Some((address, sheet.cell(address)?))
    }

    /// The cell of a row for a field, with content of its own.
    pub(super) fn own_cell(&self, row: u32, field: Field) -> Option<(Address, &'a Cell)> {
        self.cell(row, field).filter(|(address, _)| address.row == row)
    }

    /// The columns of a field, from left to right.
    pub(super) fn columns(&self, field: Field) -> impl Iterator<Item = u32> + use<'a> {
        let fields = self.layout.columns.fields();
        fields.filter(move |(_, of)| *of == field).map(|(column, _)| column)
    }

    /// Notes what was done to make the hazard that is being built.
    pub(super) fn note(&mut self, what: NoteKind, cells: impl Into<String>, says: String) {
        self.notes.push(HazardNote { what, cells: cells.into(), says });
    }

    /// Says that the content of a cell reached the case or an observation.
    pub(super) fn take(&mut self, address: Address) {
        self.taken.insert(address);
    }

    /// Says where the value at this path stands; its cell is then taken.
    pub(super) fn record(&mut self, path: String, address: Address) {
        self.take(address);
        self.locate(path, address);
    }

    /// Says where what is at this path stands, of which this cell is not the content.
    pub(super) fn locate(&mut self, path: String, address: Address) {
        let place = self.place(eco_format!("{address}"));
        self.provenance.record(path, place);
    }

    pub(super) fn observe(
        &mut self,
        kind: ObservationKind,
        hazard: &str,
        cells: impl Into<EcoString>,
        message: String,
    ) {
        let place = Some(self.place(cells));
        self.observations.push(Observation { kind, hazard: Some(hazard.to_owned()), place, message });
    }

    /// Builds the hazard of these rows under this key.
    pub(super) fn hazard(&mut self, group: &Group, key: &str) -> Hazard {
        let mut hazard = Hazard { key: key.to_owned(), id: group.id.clone(), ..Hazard::default() };
        members::record(self, group, key);
        hazard.name = self.agreed(group, key, Field::HazardName, "name");
        hazard.category = self.agreed(group, key, Field::Category, "category");
        hazard.description = self.agreed(group, key, Field::Description, "description");
        hazard.impact = self.agreed(group, key, Field::Impact, "impact");
        hazard.owner = self.agreed(group, key, Field::Owner, "owner");
        hazard.status = self.agreed(group, key, Field::Status, "status");
        hazard.state = HazardState::from_stated(hazard.status.as_deref());
        hazard.release = self.joined_text(group, key, Field::Release, "release");
        hazard.notes = self.joined_text(group, key, Field::Notes, "notes");
        hazard.initial = rating::read(self, group, key, Stage::Initial);
        hazard.residual = rating::read(self, group, key, Stage::Residual);
        let none_entries = controls::read(self, group, &mut hazard);
        if key != group.id && !group.id.is_empty() {
            self.observe_repeated_number(group, &hazard);
        }
        self.readings.push(HazardReading {
            hazard: key.to_owned(),
            rows: group.rows.iter().map(|member| member.row + 1).collect(),
            causes: hazard.causes.len(),
            existing_controls: hazard.existing_controls.len(),
            additional_controls: hazard.controls.len(),
            none_entries,
            notes: std::mem::take(&mut self.notes),
        });
        hazard
    }

    fn observe_repeated_number(&mut self, group: &Group, hazard: &Hazard) {
        let key = &hazard.key;
        let cell = self.provenance.place(&format!("hazards/{key}")).and_then(|place| place.cell.clone());
        let message = format!(
            "Hazard number {} is used again, for \"{}\"; that hazard is called {key} here.",
            group.id,
            layout::one_line(hazard.display_name())
        );
        let cell = cell.unwrap_or_default();
        self.note(NoteKind::Renamed, cell.as_str(), message.clone());
        self.observe(ObservationKind::DuplicateHazardId, key, cell, message);
    }

    /// The first text of a field among the rows. A field that is blank is at its cell too, so that a
    /// finding can say which cell to fill.
    fn first(&mut self, group: &Group, key: &str, field: Field, path: &str) -> Option<String> {
        let found = group.rows.iter().find_map(|member| self.cell(member.row, field));
        let blank =
            || Some(Address { row: group.rows.first()?.row, column: self.layout.columns.column(field)? });
        if let Some(address) = found.map(|(address, _)| address).or_else(blank) {
            self.record(format!("hazards/{key}/{path}"), address);
        }
        found.map(|(_, cell)| cell.text.trim().to_owned())
    }

    /// The text of a field that every row that gives it should give alike.
    fn agreed(&mut self, group: &Group, key: &str, field: Field, path: &str) -> Option<String> {
        let text = self.first(group, key, field, path)?;
        let all: Vec<(Address, &str)> = group
            .rows
            .iter()
            .filter_map(|member| self.cell(member.row, field))
            .map(|(address, cell)| (address, cell.text.trim()))
            .collect();
        let kind = if field == Field::HazardName {
            ObservationKind::DuplicateHazardId
        } else {
            ObservationKind::RowsDisagree
        };
        for (address, other) in all {
            self.take(address);
            if same_words(other, &text) {
                continue;
            }
            let message = format!(
                "{key} has another {path} here: \"{}\", after \"{}\".",
                layout::one_line(other),
                layout::one_line(&text)
            );
            self.observe(kind, key, address.to_string(), message);
        }
        Some(text)
    }

    /// The different texts of a field, one after the other.
    fn joined_text(&mut self, group: &Group, key: &str, field: Field, path: &str) -> Option<String> {
        self.first(group, key, field, path);
        let columns: Vec<u32> = self.columns(field).collect();
        let mut known = FxHashSet::default();
        let mut texts = Vec::new();
        for member in &group.rows {
            for column in &columns {
                let Some((address, cell)) = self.at(member.row, *column) else { continue };
                self.take(address);
                if known.insert(words(&cell.text)) {
                    texts.push(cell.text.trim());
                }
            }
        }
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    pub(super) fn shape(&self) -> Shape {
        self.layout.form.shape
    }
}

/// Keys for the groups: the hazard number, made unique.
pub(super) fn keys(groups: &[&Group]) -> Vec<String> {
    let mut in_use = InUse::default();
    let wanted = |group: &Group| if group.id.is_empty() { "unnumbered".to_owned() } else { group.id.clone() };
    groups.iter().map(|group| in_use.claim(&wanted(group))).collect()
}

/// Whether two texts differ in nothing but case, space and closing punctuation.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    // Most often a text is compared with itself, or with one that begins with other words.
    one == other || folded(&plain(one)).eq(folded(&plain(other)))
}

/// What [`same_words`] compares, to look texts up by it.
pub(super) fn words(text: &str) -> String {
    folded(&plain(text)).collect()
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    let words = text.trim().trim_end_matches(['.', ';', ',']).split_whitespace();
    words.flat_map(|word| word.chars().flat_map(char::to_lowercase).chain([' ']))
}
