//! The sheets beside the hazards: cover page, version history, risk matrix.

use super::RatedBy;
use super::explain::{SheetReading, SheetRole};
use super::layout::one_line;
use super::printed_matrix;
use crate::case::document::{Revision, Signatory};
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Date, Place, Provenance, date_in_doubt};
use crate::intake::workbook::{Address, Cell, CellKind, Sheet, Workbook};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// What a sheet is by its name, other than hazards; a name speaks of the risk matrix only where there is one.
pub(super) fn role(sheet: &Sheet, rated_by: &RatedBy<'_>) -> Option<SheetRole> {
    const HISTORY: [&str; 8] =
        ["version", "versions", "history", "revision", "revisions", "amendment", "amendments", "changelog"];
    let words = name_words(&sheet.name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let is_change_log = words.windows(2).any(|pair| pair == ["change", "log"]);
    if has(&["cover", "coverpage", "coversheet"]) {
        Some(SheetRole::CoverPage)
    } else if has(&HISTORY) || is_change_log {
        Some(SheetRole::VersionHistory)
    } else if has(&["matrix", "matrices"]) && printed_matrix::is_on(sheet, rated_by.all()) {
        Some(SheetRole::RiskMatrix)
    } else {
        None
    }
}

/// The words of a sheet's name, in lower case: `VersionHistory` has two, and `Data conversion` no "version".
fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || was_small && c.is_uppercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Shorter texts on a document sheet are labels.
const SHORTEST_NOTE: usize = 40;

/// The cells of a document sheet that were read.
pub(super) struct DocumentCells {
    /// Position of the sheet in the workbook.
    pub sheet: usize,
    pub taken: FxHashSet<Address>,
}

/// Reads the document sheets into the log.
pub(super) fn read(
    workbook: &Workbook,
    readings: &[SheetReading],
    rated_by: &RatedBy<'_>,
    log: &mut HazardLog,
    provenance: &mut Provenance,
) -> (Vec<DocumentCells>, Vec<Observation>) {
    let mut reader = DocumentReader {
        file: &workbook.file,
        from_1904: workbook.from_1904,
        provenance,
        observations: Vec::new(),
        taken: FxHashSet::default(),
    };
    let mut cells = Vec::new();
    for role in [SheetRole::CoverPage, SheetRole::VersionHistory, SheetRole::RiskMatrix] {
        let Some(position) = readings.iter().position(|reading| reading.role == role) else { continue };
        let sheet = &workbook.sheets[position];
        match role {
            SheetRole::CoverPage => reader.cover(sheet, log),
            SheetRole::VersionHistory => reader.history(sheet, log),
            _ => reader.matrix(sheet, rated_by, log),
        }
        cells.push(DocumentCells { sheet: position, taken: std::mem::take(&mut reader.taken) });
    }
    (cells, reader.observations)
}

struct DocumentReader<'a> {
    file: &'a str,
    /// Which date system a bare number would be of.
    from_1904: bool,
    provenance: &'a mut Provenance,
    observations: Vec<Observation>,
    /// Cells of the sheet at hand whose content reached the case, and the labels and heads that say what it is.
    taken: FxHashSet<Address>,
}

impl DocumentReader<'_> {
    /// Says where the value at this path stands.
    fn record(&mut self, path: impl Into<String>, sheet: &Sheet, address: Address) {
        self.taken.insert(address);
        let place = Place::cell(self.file, &sheet.name, address.to_string());
        self.provenance.record(path, place);
    }

    fn matrix(&mut self, sheet: &Sheet, rated_by: &RatedBy<'_>, log: &mut HazardLog) {
        if let Some((matrix, taken)) = printed_matrix::read(self.file, sheet, rated_by.all(), self.provenance)
        {
            log.matrix = Some(matrix);
            self.taken.extend(taken);
        }
    }

    fn cover(&mut self, sheet: &Sheet, log: &mut HazardLog) {
        let mut texts = sheet.cells().map(|(address, cell)| (address, one_line(&cell.text)));
        if let Some((address, title)) = texts.find(|(_, text)| !text.is_empty()) {
            self.record("hazard_log/title", sheet, address);
            log.title = Some(title);
        }
        let mut read = BTreeSet::new();
        for (address, cell) in sheet.cells() {
            let label = one_line(&cell.text).trim_end_matches(':').to_lowercase();
            let (target, name) = match label.as_str() {
                "programme" | "directorate / programme" => (&mut log.programme, "programme"),
                "sub-prog / project" | "project" => (&mut log.project, "project"),
                "prog. director" | "director" | "programme director" => (&mut log.director, "director"),
                "owner" => (&mut log.owner, "owner"),
                "author" | "authors" => (&mut log.author, "author"),
                "status" => (&mut log.status, "status"),
                "version" => (&mut log.version, "version"),
                "version date" | "date" => (&mut log.version_date, "version_date"),
                _ => continue,
            };
            let beside = Address { row: address.row, column: address.column + 1 };
            if let Some(value) = sheet.cell(beside).filter(|_| sheet.text(beside).is_some()) {
                *target = Some(match name {
                    "version" => version_text(value),
                    "version_date" => self.date(sheet, beside),
                    _ => one_line(&value.text),
                });
                read.insert(beside);
                self.taken.insert(address);
                self.record(format!("hazard_log/{name}"), sheet, beside);
            }
        }
        self.notes(sheet, &read, log);
    }

    /// Keeps the sentences of a document sheet that are neither labels nor values.
    fn notes(&mut self, sheet: &Sheet, read: &BTreeSet<Address>, log: &mut HazardLog) {
        let title = log.title.clone();
        for (address, cell) in sheet.cells() {
            let text = one_line(&cell.text);
            let is_known =
                read.contains(&address) || title.as_ref() == Some(&text) || log.notes.contains(&text);
            if !is_known {
                self.note(sheet, address, text, log);
            }
        }
    }

    fn note(&mut self, sheet: &Sheet, address: Address, text: String, log: &mut HazardLog) {
        if text.chars().count() >= SHORTEST_NOTE {
            log.notes.push(text);
            self.record(format!("hazard_log/notes/{}", log.notes.len()), sheet, address);
        }
    }

    fn history(&mut self, sheet: &Sheet, log: &mut HazardLog) {
        let mut section = Section::None;
        for row in sheet.rows() {
            let texts: Vec<String> = sheet
                .row(row)
                .map(|(_, cell)| one_line(&cell.text))
                .filter(|text| !text.is_empty())
                .collect();
            let Some(first) = texts.first() else { continue };
            if let Some(next) = Section::titled(first) {
                section = next;
                self.taken.extend(sheet.row(row).map(|(address, _)| address));
                continue;
            }
            if let Some(columns) = HistoryColumns::of(sheet, row) {
                if matches!(section, Section::None) {
                    section = Section::History;
                }
                section.take_columns(columns);
                self.taken.extend(sheet.row(row).map(|(address, _)| address));
                continue;
            }
            match &section {
                Section::Revisions(columns) => self.revision(sheet, row, columns, log),
                Section::Reviewers(Some(columns)) => {
                    self.signatory(sheet, row, columns, &mut log.reviewers, "reviewers");
                }
                Section::Approvers(Some(columns)) => {
                    self.signatory(sheet, row, columns, &mut log.approvers, "approvers");
                }
                Section::Other => {
                    for (address, cell) in sheet.row(row) {
                        self.note(sheet, address, one_line(&cell.text), log);
                    }
                }
                Section::None | Section::History | Section::Reviewers(None) | Section::Approvers(None) => {}
            }
        }
    }

    fn revision(&mut self, sheet: &Sheet, row: u32, columns: &HistoryColumns, log: &mut HazardLog) {
        let at = |column: Option<u32>| {
            column.map(|column| Address { row, column }).filter(|address| sheet.text(*address).is_some())
        };
        let Some(version) = at(columns.version).and_then(|address| sheet.cell(address)) else { return };
        let date = at(columns.date).map(|address| self.date(sheet, address));
        let summary = at(columns.text).and_then(|address| sheet.text(address)).map(str::to_owned);
        log.revisions.push(Revision { version: version_text(version), date, summary });
        if let Some(address) = at(columns.text) {
            self.record(format!("hazard_log/revisions/{}/summary", log.revisions.len()), sheet, address);
        }
        self.taken.extend(at(columns.date));
        let address = Address { row, column: columns.version.unwrap_or(0) };
        self.record(format!("hazard_log/revisions/{}", log.revisions.len()), sheet, address);
    }

    fn signatory(
        &mut self,
        sheet: &Sheet,
        row: u32,
        columns: &HistoryColumns,
        list: &mut Vec<Signatory>,
        name: &str,
    ) {
        let at = |column: Option<u32>| {
            column.map(|column| Address { row, column }).filter(|address| sheet.text(*address).is_some())
        };
        let text = |column| at(column).and_then(|address| sheet.text(address)).map(one_line);
        let Some(person) = text(columns.name) else { return };
        let date = at(columns.date).map(|address| self.date(sheet, address));
        let version = at(columns.version).and_then(|address| sheet.cell(address)).map(version_text);
        list.push(Signatory { person: None, name: Some(person), title: text(columns.text), date, version });
        let path = format!("hazard_log/{name}/{}", list.len());
        self.record(path.clone(), sheet, Address { row, column: columns.name.unwrap_or(0) });
        self.taken.extend(at(columns.text).into_iter().chain(at(columns.version)));
        if let Some(date) = at(columns.date) {
            self.record(format!("{path}/date"), sheet, date);
        }
    }

    /// The date in a cell, as stated; a number that a spreadsheet shows as a date is put down as that date.
    fn date(&mut self, sheet: &Sheet, address: Address) -> String {
        let Some(cell) = sheet.cell(address) else { return String::new() };
        let text = one_line(&cell.text);
        let (text, message) = if let Some(date) = serial(cell, self.from_1904) {
            let message = format!(
                "\"{text}\" is a number where a date belongs; as the number of a day it is {date:#}."
            );
            (date.to_string(), message)
        } else if let Some(doubt) = date_in_doubt(&text) {
            let message = format!("\"{text}\" {doubt}.");
            (text, message)
        } else {
            return text;
        };
        self.observations.push(Observation {
            kind: ObservationKind::MalformedDate,
            hazard: None,
            place: Some(Place::cell(self.file, &sheet.name, address.to_string())),
            message,
        });
        text
    }
}

/// The day that a number stands for, if it is likely to be one of a document: from 1985 to 2064.
fn serial(cell: &Cell, from_1904: bool) -> Option<Date> {
    let CellKind::Number(number) = cell.kind else { return None };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the range is checked first
    (31_048.0..60_000.0).contains(&number).then(|| Date::from_serial(number as u32, from_1904)).flatten()
}

/// The table of the version history sheet that the rows below belong to.
enum Section {
    None,
    History,
    Revisions(HistoryColumns),
    Reviewers(Option<HistoryColumns>),
    Approvers(Option<HistoryColumns>),
    Other,
}

impl Section {
    /// The section that this title opens.
    fn titled(text: &str) -> Option<Self> {
        match text.to_lowercase().trim_end_matches(':') {
            "amendment history" | "revision history" | "version history" => Some(Self::History),
            "reviewers" => Some(Self::Reviewers(None)),
            "approved" | "approved by" | "approvers" => Some(Self::Approvers(None)),
            "distribution" | "document status" | "related documents" => Some(Self::Other),
            _ => None,
        }
    }

    fn take_columns(&mut self, columns: HistoryColumns) {
        match self {
            Self::History => *self = Self::Revisions(columns),
            Self::Reviewers(known @ None) | Self::Approvers(known @ None) => *known = Some(columns),
            // A second header row within a table says nothing new.
            _ => {}
        }
    }
}

/// The columns of one table.
struct HistoryColumns {
    version: Option<u32>,
    date: Option<u32>,
    name: Option<u32>,
    /// Summary of changes, or title and responsibility.
    text: Option<u32>,
}

impl HistoryColumns {
    /// The columns, if this is a header row: two known headers and nothing that looks like data.
    fn of(sheet: &Sheet, row: u32) -> Option<Self> {
        let mut columns = Self { version: None, date: None, name: None, text: None };
        let mut known = 0;
        for (address, cell) in sheet.row(row) {
            let target = match one_line(&cell.text).to_lowercase().as_str() {
                "version" | "version no" | "version no." => &mut columns.version,
                "date" => &mut columns.date,
                "name" | "reviewer name" => &mut columns.name,
                "amendment history"
                | "summary of changes"
                | "title / responsibility"
                | "title"
                | "changes" => &mut columns.text,
                _ => continue,
            };
            *target = Some(address.column);
            known += 1;
        }
        (known >= 2).then_some(columns)
    }
}

/// A version that the spreadsheet holds as a number: 1 means 1.0.
fn version_text(cell: &Cell) -> String {
    match cell.kind {
        CellKind::Number(number) if number.fract() == 0.0 => format!("{number:.1}"),
        _ => one_line(&cell.text),
    }
}
