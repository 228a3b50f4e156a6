//! The records of the items, put together by their keys.

use super::super::field::{Field, Stage};
use super::super::layout::Layout;
use super::super::list::says_none;
use super::super::pages::PagePlaces;
use super::super::structured::record::{
    CauseRecord, ControlRecord, HazardRecord, LogRecord, RatingRecord, Stated,
};
use super::{Kind, cell, text};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::folding::fold;
use crate::case::hazard::ControlKind;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::workbook::{Address, Workbook};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A hazard, cause or control of a row.
struct Item<'a> {
    row: u32,
    kind: Kind,
    key: Option<&'a str>,
    parent: Option<&'a str>,
}

/// What an item belongs to.
struct Lineage {
    /// Position of its hazard among the items.
    hazard: usize,
    /// Position of its cause, for a control of one.
    cause: Option<usize>,
}

/// The items of a table while they are read.
pub(super) struct Reader<'a> {
    workbook: &'a Workbook,
    layout: &'a Layout<'a>,
    items: Vec<Item<'a>>,
    by_key: FxHashMap<String, usize>,
    pub record: LogRecord,
    pub places: PagePlaces,
    /// Rows of each hazard, from 1.
    pub rows: Vec<Vec<u32>>,
    /// Cells whose content reached the case.
    pub taken: FxHashSet<Address>,
    pub observations: Vec<Observation>,
    /// Rows of items of other types, with what is said of them.
    pub other_types: BTreeMap<u32, String>,
}

/// Keys are compared without regard to case and space.
fn same_key(key: &str) -> String {
    key.split_whitespace().collect::<String>().to_lowercase()
}

/// The column of the numbers that an issue tracker gives its items beside their keys, and that its exports name a parent
/// by.
fn column_of_numbers(layout: &Layout<'_>) -> Option<u32> {
    let mut columns = layout.sheet.row(layout.header_row).map(|(address, _)| address.column);
    columns.find(|column| fold(&layout.header(*column)) == "issue id")
}

impl<'a> Reader<'a> {
    pub(super) fn of(workbook: &'a Workbook, layout: &'a Layout<'a>) -> Self {
        let mut reader = Self {
            workbook,
            layout,
            items: Vec::new(),
            by_key: FxHashMap::default(),
            record: LogRecord::default(),
            places: PagePlaces::default(),
            rows: Vec::new(),
            taken: FxHashSet::default(),
            observations: Vec::new(),
            other_types: BTreeMap::new(),
        };
        let numbers = column_of_numbers(layout);
        for row in layout.rows() {
            let said = text(layout, row, Field::ItemType);
            let Some(kind) = said.and_then(Kind::of) else {
                let said = said
                    .map_or_else(|| "no type".to_owned(), |said| format!("the type \"{}\"", excerpt(said)));
                let reason = format!("an item of {said}: no hazard, cause or control");
                reader.other_types.insert(row, reason);
                continue;
            };
            let item = Item {
                row,
                kind,
                key: text(layout, row, Field::HazardId),
                parent: text(layout, row, Field::ParentId),
            };
            let number = numbers.and_then(|column| layout.sheet.text(Address { row, column }));
            for key in item.key.into_iter().chain(number) {
                reader.by_key.entry(same_key(key)).or_insert(reader.items.len());
            }
            reader.items.push(item);
        }
        reader
    }

    /// Reads the hazards, then their causes, then their controls, each in the order of the rows.
    pub(super) fn items(&mut self) {
        let mut hazards: FxHashMap<usize, usize> = FxHashMap::default();
        for at in 0..self.items.len() {
            if self.items[at].kind == Kind::Hazard {
                hazards.insert(at, self.record.hazards.len());
                self.hazard(self.items[at].row);
            }
        }
        let mut causes: FxHashMap<usize, usize> = FxHashMap::default();
        for at in 0..self.items.len() {
            if self.items[at].kind == Kind::Cause
                && let Some(lineage) = self.lineage(at)
            {
                causes.insert(at, self.cause(self.items[at].row, hazards[&lineage.hazard]));
            }
        }
        for at in 0..self.items.len() {
            let kind = self.items[at].kind;
            if matches!(kind, Kind::Control | Kind::ExistingControl)
                && let Some(lineage) = self.lineage(at)
            {
                let cause = lineage.cause.and_then(|cause| causes.get(&cause)).copied();
                self.control(self.items[at].row, kind, hazards[&lineage.hazard], cause);
            }
        }
    }

    /// The hazard that an item leads to, by way of its cause; none, and an observation, if it leads to none.
    fn lineage(&mut self, item: usize) -> Option<Lineage> {
        let mut cause = None;
        let mut at = item;
        for _ in 0..self.items.len() {
            match self.items[at].kind {
                Kind::Hazard => return Some(Lineage { hazard: at, cause }),
                Kind::Cause if cause.is_none() => cause = Some(at),
                _ => {}
            }
            let Some(parent) = self.items[at].parent else { break };
            let Some(next) = self.by_key.get(&same_key(parent)) else { break };
            at = *next;
        }
        self.lost(item, at);
        None
    }

    /// Observes an item that leads to no hazard; `end` is where its way ends.
    fn lost(&mut self, item: usize, end: usize) {
        let Item { row, kind, key, .. } = self.items[item];
        let what = format!("The {} {}", kind.as_str(), key.unwrap_or("without a key"));
        let name = text(self.layout, row, Field::HazardName).map(excerpt).unwrap_or_default();
        let belongs = match (self.items[end].parent, item == end) {
            (None, true) => "says of nothing that it belongs to it".to_owned(),
            (None, false) => "leads to no hazard".to_owned(),
            (Some(parent), _) if self.by_key.contains_key(&same_key(parent)) => {
                "belongs to itself by a circle of keys".to_owned()
            }
            (Some(parent), _) => {
                format!("belongs to {}, which is no hazard or cause of the log", excerpt(parent))
            }
        };
        let message = format!("{what} (\"{name}\") {belongs}; it was read into no hazard.");
        let at = cell(self.layout, row, Field::ParentId).or(cell(self.layout, row, Field::HazardId));
        let place = at.map(|(address, _)| self.place(address));
        self.observations.push(Observation { kind: ObservationKind::Unmapped, hazard: None, place, message });
    }

    fn place(&self, at: Address) -> Place {
        Place::cell(&self.workbook.file, &self.layout.sheet.name, at.to_string())
    }

    fn keep_place(&mut self, path: &str, at: Address) {
        let place = self.place(at);
        self.places.0.entry(path.to_owned()).or_insert(place);
    }

    /// The text of a field, which is then taken; its place is kept, blank or not, so that a finding can say which
    /// cell to fill.
    fn take(&mut self, row: u32, field: Field, path: &str) -> Option<String> {
        let column = self.layout.columns.column(field)?;
        let at = Address { row, column };
        self.keep_place(path, at);
        let text = self.layout.sheet.text(at)?;
        self.taken.insert(at);
        Some(text.to_owned())
    }

    /// The texts of a field that may stand in several columns.
    fn take_all(&mut self, row: u32, field: Field, path: &str) -> Option<String> {
        let columns: Vec<u32> = self.layout.columns.columns(field).collect();
        let mut texts = Vec::new();
        for column in columns {
            let at = Address { row, column };
            self.keep_place(path, at);
            if let Some(text) = self.layout.sheet.text(at) {
                self.taken.insert(at);
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// What makes a row an item of its hazard.
    fn item(&mut self, row: u32, path: &str) {
        for field in [Field::ItemType, Field::ParentId] {
            if let Some((at, _)) = cell(self.layout, row, field) {
                self.taken.insert(at);
            }
        }
        let at = cell(self.layout, row, Field::HazardId).or(cell(self.layout, row, Field::HazardName));
        if let Some((at, _)) = at {
            self.places.0.insert(path.to_owned(), self.place(at));
        }
    }

    fn hazard(&mut self, row: u32) {
        let path = format!("hazards/{}", self.record.hazards.len());
        self.item(row, &path);
        let mut take = |field, name: &str| self.take(row, field, &format!("{path}/{name}"));
        let mut hazard = HazardRecord {
            id: take(Field::HazardId, "id"),
            name: take(Field::HazardName, "name"),
            description: take(Field::Description, "description"),
            impact: take(Field::Impact, "impact"),
            category: take(Field::Category, "category"),
            owner: take(Field::Owner, "owner"),
            status: take(Field::Status, "status"),
            release: take(Field::Release, "release"),
            ..HazardRecord::default()
        };
        let mut rating = |stage: Stage| {
            let mut part =
                |field, name: &str| take(field, &format!("{}/{name}", stage.as_str())).map(Stated::Words);
            RatingRecord {
                severity: part(Field::Severity(stage), "severity"),
                likelihood: part(Field::Likelihood(stage), "likelihood"),
                risk: part(Field::Risk(stage), "risk"),
            }
        };
        hazard.initial = rating(Stage::Initial);
        hazard.residual = rating(Stage::Residual);
        hazard.notes = self.take_all(row, Field::Notes, &format!("{path}/notes"));
        self.record.hazards.push(hazard);
        self.rows.push(vec![row + 1]);
    }

    /// The name of an item, and below it what describes it.
    fn words(&mut self, row: u32, path: &str) -> String {
        let name = self.take(row, Field::HazardName, &format!("{path}/text"));
        let description = self.take(row, Field::Description, &format!("{path}/text"));
        name.into_iter().chain(description).collect::<Vec<_>>().join("\n")
    }

    /// Adds a cause, and says at which place among those of its hazard.
    fn cause(&mut self, row: u32, hazard: usize) -> usize {
        let at = self.record.hazards[hazard].causes.len();
        let path = format!("hazards/{hazard}/causes/{at}");
        self.item(row, &path);
        let id = self.take(row, Field::HazardId, &format!("{path}/id"));
        let text = self.words(row, &path);
        self.record.hazards[hazard].causes.push(CauseRecord { id, text, ..CauseRecord::default() });
        self.rows[hazard].push(row + 1);
        at
    }

    fn control(&mut self, row: u32, kind: Kind, hazard: usize, cause: Option<usize>) {
        let is_existing = kind == Kind::ExistingControl;
        let record = &self.record.hazards[hazard];
        let (list, at) = if is_existing {
            ("existing_controls", record.existing_controls.len())
        } else {
            ("controls", record.controls.len())
        };
        let path = format!("hazards/{hazard}/{list}/{at}");
        self.item(row, &path);
        let id = self.take(row, Field::HazardId, &format!("{path}/id"));
        let text = self.words(row, &path);
        let mut take = |fields: [Field; 2], name: &str| {
            let path = format!("{path}/{name}");
            let [own, of_item] = fields;
            let own = self.take(row, own, &path);
            // Of two columns the control's own says it; the other stays unread, and is told.
            if own.is_some() { own } else { self.take(row, of_item, &path) }
        };
        let control = ControlRecord {
            owner: take([Field::ControlOwner, Field::Owner], "owner"),
            status: take([Field::ControlStatus, Field::Status], "status"),
            stated_type: take([Field::ControlType, Field::Category], "stated_type"),
            action: take([Field::ControlAction; 2], "action"),
            stated_evidence: take([Field::ControlEvidence; 2], "stated_evidence"),
            kind: Some(if is_existing { ControlKind::Existing } else { ControlKind::Unspecified }),
            id: id.clone(),
            text,
            ..ControlRecord::default()
        };
        let is_none = says_none(&control.text);
        let record = &mut self.record.hazards[hazard];
        if is_existing {
            record.existing_controls.push(control);
        } else {
            record.controls.push(control);
        }
        if let (Some(cause), Some(id), false) = (cause, id, is_none) {
            record.causes[cause].controls.push(id);
        }
        self.rows[hazard].push(row + 1);
    }
}
