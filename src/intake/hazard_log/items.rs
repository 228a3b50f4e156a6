//! A row an item, as issue trackers export them: a hazard, a cause or a control, as a column of types says, each with
//! the key of the item that it belongs to, in any order.
//!
//! The other columns mean what their headers say, of the item of the row: the name of a cause is its text, the status
//! of a control the control's. An item that leads to no hazard is not read, and said so; items of other types, which a
//! tracker has too, are left out with their type as the reason.

use super::explain::{Explanation, TableReading};
use super::field::{Field, Stage};
use super::groups::Grouping;
use super::layout::{Layout, one_line};
use super::list::says_none;
use super::pages::PagePlaces;
use super::structured::build::{Built, build};
use super::structured::record::{CauseRecord, ControlRecord, HazardRecord, LogRecord, RatingRecord, Stated};
use super::{HazardLogInput, Plan, RatedBy, account, document, observe, quote, unread};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::folding::folded;
use crate::case::hazard::ControlKind;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::InputError;
use crate::intake::workbook::{Address, Workbook};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Hazard,
    Cause,
    Control,
    ExistingControl,
}

impl Kind {
    /// What the word of a type says: `Safety hazard`, `Hazard cause`, `Mitigation`.
    pub(super) fn of(word: &str) -> Option<Self> {
        let words = folded(word);
        let has =
            |stems: &[&str]| words.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)));
        if has(&["control", "mitigation", "safeguard", "barrier"]) {
            Some(if has(&["existing", "current"]) { Self::ExistingControl } else { Self::Control })
        } else if has(&["cause", "threat"]) {
            Some(Self::Cause)
        } else if has(&["hazard"]) {
            Some(Self::Hazard)
        } else {
            None
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Hazard => "hazard",
            Self::Cause => "cause",
            Self::Control | Self::ExistingControl => "control",
        }
    }
}

/// Reads a log whose only table has a row an item.
///
/// # Errors
/// If another table stands beside it, which is read by other rules.
pub(super) fn read(
    workbook: &Workbook,
    plan: Plan,
    layouts: Vec<Layout<'_>>,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let Ok([mut layout]) = <[Layout<'_>; 1]>::try_from(layouts) else {
        return Err(InputError::new("A log with a row an item has one table, and here are several")
            .at(Place::file(&workbook.file))
            .hint("keep one [[table]] in a mapping file, and export the items into one sheet"));
    };
    let mut reader = Reader::of(workbook, &layout);
    reader.items();
    let Reader { record, places, rows, taken, mut observations, other_types, .. } = reader;
    observations.extend(told_types(workbook, &layout, &other_types));
    layout.left_out.extend(other_types);
    let layout = &layout;
    let Built { mut log, mut provenance, observations: seen, readings } = build(record, &places, rated_by)?;
    observations.extend(plan.doubts);
    observations.extend(seen);
    let mut explanation = Explanation {
        format: workbook.format,
        notes: workbook.notes.clone(),
        sheets: plan.sheets,
        ..Explanation::default()
    };
    let header_rows = (layout.top_row..=layout.header_row).map(|row| row + 1).collect();
    explanation.tables.extend(plan.columns.into_iter().map(|columns| TableReading {
        sheet: layout.sheet.name.trim().to_owned(),
        header_rows: Vec::clone(&header_rows),
        layout: format!("{}: {}", layout.form.shape.describe(), layout.form.why),
        columns,
    }));
    let grouping = Grouping::default();
    let mut of_table = account::table(layout, &grouping, &taken);
    of_table.hazards = readings;
    for (reading, mut rows) in of_table.hazards.iter_mut().zip(rows) {
        rows.sort_unstable();
        reading.rows = rows;
    }
    observations.extend(observe::sheet(workbook, layout, &grouping, &of_table));
    observations.extend(unread::blank_rows(workbook, layout));
    let (count, ignored) = (of_table.count(), of_table.ignored.clone());
    explanation.absorb(of_table, layout, false);
    let (documents, seen) =
        document::read(workbook, &explanation.sheets, rated_by, &mut log, &mut provenance);
    observations.extend(seen);
    account::sheets(workbook, &[(layout, count, &ignored)], &documents, &mut explanation);
    quote::record(workbook, std::slice::from_ref(layout), &explanation, provenance.quotes());
    observations.extend(observe::names(workbook));
    observations.extend(observe::format(workbook));
    observations.extend(unread::sheets(workbook, std::slice::from_ref(layout), &explanation));
    observations.extend(unread::text_boxes(workbook, &explanation));
    observations.sort();
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// Says once that items of other types were left out.
fn told_types(
    workbook: &Workbook,
    layout: &Layout<'_>,
    other_types: &BTreeMap<u32, String>,
) -> Option<Observation> {
    let first = other_types.keys().next()?;
    let mut types: Vec<&str> =
        other_types.keys().filter_map(|row| text(layout, *row, Field::ItemType)).collect();
    types.sort_unstable();
    types.dedup();
    let rows = match other_types.len() {
        1 => "1 row is".to_owned(),
        count => format!("{count} rows are"),
    };
    let message = format!(
        "{rows} neither a hazard nor a cause nor a control, by the type that the sheet {} gives ({}), and not read.",
        layout.sheet.name.trim(),
        if types.is_empty() { "none".to_owned() } else { excerpt(&types.join(", ")) }
    );
    let cells = format!("{0}:{0}", first + 1);
    let place = Some(Place::cell(&workbook.file, &layout.sheet.name, cells));
    Some(Observation { kind: ObservationKind::LayoutInDoubt, hazard: None, place, message })
}

/// The cell of a row for a field, with content.
fn cell<'a>(layout: &Layout<'a>, row: u32, field: Field) -> Option<(Address, &'a str)> {
    let address = Address { row, column: layout.columns.column(field)? };
    Some((address, layout.sheet.text(address)?))
}

fn text<'a>(layout: &Layout<'a>, row: u32, field: Field) -> Option<&'a str> {
    cell(layout, row, field).map(|(_, text)| text)
}

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

struct Reader<'a> {
    workbook: &'a Workbook,
    layout: &'a Layout<'a>,
    items: Vec<Item<'a>>,
    by_key: FxHashMap<String, usize>,
    record: LogRecord,
    places: PagePlaces,
    /// Rows of each hazard, from 1.
    rows: Vec<Vec<u32>>,
    taken: FxHashSet<Address>,
    observations: Vec<Observation>,
    /// Rows of items of other types, with what is said of them.
    other_types: BTreeMap<u32, String>,
}

/// Keys are compared without regard to case and space.
fn same_key(key: &str) -> String {
    key.split_whitespace().collect::<String>().to_lowercase()
}

impl<'a> Reader<'a> {
    fn of(workbook: &'a Workbook, layout: &'a Layout<'a>) -> Self {
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
            if let Some(key) = item.key {
                reader.by_key.entry(same_key(key)).or_insert(reader.items.len());
            }
            reader.items.push(item);
        }
        reader
    }

    fn items(&mut self) {
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

/// Whether the cells of a column of types name a hazard, and causes or controls beside it.
pub(super) fn are_types<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let kinds: Vec<Kind> = texts.filter_map(Kind::of).collect();
    kinds.contains(&Kind::Hazard) && kinds.iter().any(|kind| *kind != Kind::Hazard)
}

/// A row of items, in words that follow the shape.
pub(super) fn describe<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let kinds: Vec<Kind> = texts.filter_map(Kind::of).collect();
    let count = |wanted: &str| kinds.iter().filter(|kind| kind.as_str() == wanted).count();
    let part = |word: &str| {
        let count = count(word);
        one_line(&format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    };
    format!("its types are those of {}, {} and {}", part("hazard"), part("cause"), part("control"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_type_says_what_an_item_is() {
        for (word, kind) in [
            ("Hazard", Some(Kind::Hazard)),
            ("Safety hazard", Some(Kind::Hazard)),
            ("Hazard cause", Some(Kind::Cause)),
            ("Threat", Some(Kind::Cause)),
            ("Hazard control", Some(Kind::Control)),
            ("Mitigation", Some(Kind::Control)),
            ("Existing safeguard", Some(Kind::ExistingControl)),
            ("Story", None),
            ("Because", None),
        ] {
            assert_eq!(Kind::of(word), kind, "{word}");
        }
    }
}
