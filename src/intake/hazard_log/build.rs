//! Building one hazard from its rows.

use super::explain::HazardReading;
use super::field::{Field, Stage};
use super::groups::{Group, Joined};
use super::layout::Layout;
use super::shape::Shape;
use super::{RatedBy, controls, ids, layout, rating};
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

    pub(super) fn cell(&self, row: u32, field: Field) -> Option<(Address, &'a Cell)> {
        let address = Address { row, column: self.layout.columns.column(field)? };
        let sheet = self.layout.sheet;
        sheet.text(address)?;
        Some((address, sheet.cell(address)?))
    }

    /// Says that the content of a cell reached the case or an observation.
    pub(super) fn take(&mut self, address: Address) {
        self.taken.insert(address);
    }

    /// Says where the value at this path stands; its cell is then taken.
    pub(super) fn record(&mut self, path: String, address: Address) {
        self.take(address);
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
        self.record_rows(group, key);
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
        self.readings.push(HazardReading {
            hazard: key.to_owned(),
            rows: group.rows.iter().map(|member| member.row + 1).collect(),
            causes: hazard.causes.len(),
            existing_controls: hazard.existing_controls.len(),
            additional_controls: hazard.controls.len(),
            none_entries,
        });
        if key != group.id && !group.id.is_empty() {
            self.observe_repeated_number(group, &hazard);
        }
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
        self.observe(ObservationKind::DuplicateHazardId, key, cell.unwrap_or_default(), message);
    }

    /// Records where the hazard is, and flags rows that carry no number of their own.
    fn record_rows(&mut self, group: &Group, key: &str) {
        let address = |row| Address { row, column: self.layout.columns.column(Field::HazardId).unwrap_or(0) };
        if let Some(first) = group.rows.first() {
            self.record(format!("hazards/{key}"), address(first.row));
        }
        for member in &group.rows {
            self.take(address(member.row));
            let why = match &member.joined {
                Joined::Own | Joined::ByLayout => continue,
                Joined::ById(id) => format!("as the id {id} in it says"),
                Joined::ByPlace => "as it stands below a row of that hazard".to_owned(),
            };
            let message =
                format!("Row {} has no hazard number; it was joined to {key}, {why}.", member.row + 1);
            self.observe(ObservationKind::RowJoined, key, address(member.row).to_string(), message);
        }
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
        let mut texts = vec![self.first(group, key, field, path)?];
        for member in &group.rows {
            let Some((address, cell)) = self.cell(member.row, field) else { continue };
            self.take(address);
            if !texts.iter().any(|text| same_words(text, &cell.text)) {
                texts.push(cell.text.trim().to_owned());
            }
        }
        Some(texts.join("\n"))
    }

    pub(super) fn is_row_per_control(&self) -> bool {
        self.layout.shape == Shape::RowPerControl
    }
}

/// Keys for the groups: the hazard number, made unique.
pub(super) fn keys(groups: &[&Group]) -> Vec<String> {
    let mut in_use = FxHashSet::default();
    let key = |group: &Group| {
        let wanted = if group.id.is_empty() { "unnumbered" } else { &group.id };
        let key = ids::unique(wanted, |key| in_use.contains(key));
        in_use.insert(key.clone());
        key
    };
    groups.iter().copied().map(key).collect()
}

/// Whether two texts differ in nothing but case, space and closing punctuation.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = char> {
        let words = text.trim().trim_end_matches(['.', ';', ',']).split_whitespace();
        words.flat_map(|word| word.chars().flat_map(char::to_lowercase).chain([' ']))
    }
    // Most often a text is compared with itself, or with one that begins with other words.
    one == other || words(&plain(one)).eq(words(&plain(other)))
}
