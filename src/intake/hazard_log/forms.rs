//! Hazard logs without a table: a filled-in form for each hazard, one below the other or one a sheet; or a sheet that
//! is turned, with the fields down the side and a hazard a column.
//!
//! A label means what the header of a column means. [`find`](find::find) says what the labels of a sheet are, unless a
//! mapping does; [`lay`] says which cells are the value of each; then a form is read as a page of a hazard is
//! ([`pages`](super::pages)), and every cell of its sheet ends as mapped, unmapped with an observation, or left out with
//! a reason.

mod find;
mod lay;
mod mapping;

use super::explain::{
    CellCount, ColumnReading, Confidence, Explanation, IgnoredCells, SheetReading, SheetRole, TableReading,
    UnmappedCell,
};
use super::field::Field;
use super::layout::{one_line, sheet_named};
use super::mapping::Mapping;
use super::pages::PagePlaces;
use super::pages::hazard;
use super::pages::page::{Form, Page, Part, Statement};
use super::product::Product;
use super::structured::build::{Built, build};
use super::structured::record::LogRecord;
use super::{HazardLogInput, RatedBy, account, document, observe, quote, unread};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::InputError;
use crate::intake::workbook::{Address, Sheet, Workbook};
use ecow::{EcoString, eco_format};
use find::Found;
use lay::{Laid, LaidForm, Said};
pub use mapping::{FormMapping, FormShape, LabelMapping};
use std::collections::BTreeSet;

/// What the forms of a workbook are read by, and why.
pub(super) struct Plan {
    pub mapping: Mapping,
    sheets: Vec<SheetReading>,
    labels: Vec<Vec<ColumnReading>>,
}

impl Plan {
    /// The forms of a workbook, where more is understood of their labels in one column than of any row of headers, of
    /// which so much is: a column of types ("Hazard", "Cause") has words of a hazard log too.
    pub(super) fn found(
        workbook: &Workbook,
        rated_by: &RatedBy<'_>,
        in_a_row: impl FnOnce() -> usize,
    ) -> Option<Self> {
        let found = find::find(workbook, in_a_row);
        if found.is_empty() {
            return None;
        }
        let mut mapping = Mapping::default();
        let sheets = workbook.sheets.iter().map(|sheet| {
            let of_forms = found.iter().find(|found| found.mapping.sheet == sheet.name.as_str());
            let (role, confidence, why) = match (of_forms, document::role(sheet, rated_by)) {
                (Some(found), _) => {
                    let why =
                        format!("{} labels of a hazard; {}", found.fields, found.mapping.shape.describe());
                    (SheetRole::Hazards, Confidence::Likely, why)
                }
                (None, Some(role)) => (role, Confidence::Likely, "its name says so".to_owned()),
                (None, None) => {
                    let why = "it has neither headers nor labels of a hazard log".to_owned();
                    (SheetRole::NotRead, Confidence::Certain, why)
                }
            };
            SheetReading::new(sheet, role, confidence, why)
        });
        let mut sheets: Vec<SheetReading> = sheets.collect();
        super::discover::only_the_first(&mut sheets);
        for sheet in &sheets {
            mapping.name_document(&sheet.sheet, sheet.role);
        }
        let (forms, labels) =
            found.into_iter().map(|Found { mapping, readings, .. }| (mapping, readings)).unzip();
        mapping.forms = forms;
        Some(Self { mapping, sheets, labels })
    }

    /// What a mapping file says.
    pub(super) fn given(workbook: &Workbook, mapping: &Mapping) -> Result<Self, InputError> {
        let labels = mapping.forms.iter().map(FormMapping::labels_as_given).collect();
        Ok(Self { mapping: mapping.clone(), sheets: mapping.sheets(workbook)?, labels })
    }

    /// The sheets that nothing reads, each with the reason.
    pub(super) fn unread(&self) -> Vec<(String, String)> {
        let unread = self.sheets.iter().filter(|reading| !reading.role.is_read());
        unread.map(|reading| (reading.sheet.clone(), reading.why.clone())).collect()
    }
}

/// Reads the forms of a workbook.
///
/// # Errors
/// If the workbook lacks a sheet or a label that the mapping names.
pub(super) fn read(
    workbook: &Workbook,
    plan: Plan,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let mut log = FormsLog::default();
    let mut sheets = plan.sheets;
    for (at, (mapping, labels)) in plan.mapping.forms.iter().zip(plan.labels).enumerate() {
        let sheet = sheet_named(workbook, &plan.mapping, &format!("form/{at}/sheet"), &mapping.sheet)?;
        let laid = lay::lay(sheet, mapping);
        refuse_missing(&plan.mapping, at, mapping, sheet, &laid)?;
        log.explanation.tables.push(TableReading {
            sheet: sheet.name.trim().to_owned(),
            header_rows: Vec::new(),
            layout: mapping.shape.describe().to_owned(),
            columns: labels,
        });
        let (count, ignored) = SheetForms { workbook, sheet, mapping, rated_by }.read(&laid, &mut log);
        for reading in sheets.iter_mut().filter(|reading| reading.sheet == sheet.name.as_str()) {
            reading.count.add(count);
            reading.ignored.extend_from_slice(&ignored);
        }
        log.observations.extend(observe::forms(workbook, sheet));
    }
    log.finish(workbook, sheets, rated_by)
}

/// Each label of a mapping stands on some form.
fn refuse_missing(
    given: &Mapping,
    at: usize,
    mapping: &FormMapping,
    sheet: &Sheet,
    laid: &Laid,
) -> Result<(), InputError> {
    let found: BTreeSet<usize> =
        laid.forms.iter().flat_map(|form| form.said.iter().filter_map(|said| said.label)).collect();
    let on_sheet = |label: &LabelMapping| {
        let words = lay::label_words(&label.label);
        lay::texts(sheet).any(|(_, text)| words.is_some() && lay::label_words(text) == words)
    };
    let missing =
        (0..mapping.labels.len()).find(|label| !found.contains(label) && !on_sheet(&mapping.labels[*label]));
    match missing {
        Some(missing) => Err(given.error(
            &format!("form/{at}/labels/{missing}"),
            format!(
                "The mapping names the label \"{}\", and no form of the sheet {} has it",
                excerpt(&mapping.labels[missing].label),
                sheet.name.trim()
            ),
            "compare the sheet with the mapping, and correct the label or take it out".to_owned(),
        )),
        None => Ok(()),
    }
}

/// A log while its forms are read.
#[derive(Default)]
struct FormsLog {
    record: LogRecord,
    places: PagePlaces,
    /// Rows of each hazard, from 1.
    rows: Vec<Vec<u32>>,
    observations: Vec<Observation>,
    explanation: Explanation,
}

impl FormsLog {
    fn finish(
        self,
        workbook: &Workbook,
        sheets: Vec<SheetReading>,
        rated_by: &RatedBy<'_>,
    ) -> Result<HazardLogInput, InputError> {
        let Self { record, places, rows, mut observations, mut explanation } = self;
        let Built { mut log, mut provenance, observations: seen, readings } =
            build(record, &places, rated_by)?;
        observations.extend(seen);
        explanation.format = workbook.format;
        explanation.notes.clone_from(&workbook.notes);
        explanation.sheets = sheets;
        explanation.hazards = readings;
        for (reading, rows) in explanation.hazards.iter_mut().zip(rows) {
            reading.rows = rows;
        }
        let (documents, seen) =
            document::read(workbook, &explanation.sheets, rated_by, &mut log, &mut provenance);
        observations.extend(seen);
        account::sheets(workbook, &[], &documents, &mut explanation);
        quote::headers(workbook, &[], &explanation, provenance.quotes());
        observations.extend(observe::names(workbook));
        observations.extend(observe::format(workbook));
        observations.extend(unread::sheets(workbook, &[], &explanation));
        observations.extend(unread::text_boxes(workbook, &explanation));
        observations.extend(unread::values(workbook, &explanation));
        observations.sort();
        Ok(HazardLogInput { log, provenance, observations, explanation })
    }
}

/// The forms of one sheet.
struct SheetForms<'a> {
    workbook: &'a Workbook,
    sheet: &'a Sheet,
    mapping: &'a FormMapping,
    rated_by: &'a RatedBy<'a>,
}

impl SheetForms<'_> {
    /// Reads the hazards into the log, and says what became of the cells of the sheet.
    fn read(&self, laid: &Laid, log: &mut FormsLog) -> (CellCount, Vec<IgnoredCells>) {
        let mut told = Told { mapped: laid.labels.clone(), ..Told::default() };
        for form in &laid.forms {
            self.hazard(form, log, &mut told);
        }
        let first = laid.labels.first().map_or(0, |label| label.row);
        let mut count = CellCount::default();
        let mut loose = Vec::new();
        for (address, text) in lay::texts(self.sheet) {
            count.cells += 1;
            if told.mapped.contains(&address) {
                count.mapped += 1;
            } else if told.ignored.contains(&address) {
                count.ignored += 1;
            } else if address.row < first {
                count.ignored += 1;
                let reason = "above the first form".to_owned();
                told.left_out.push(IgnoredCells { cells: address.to_string(), count: 1, reason });
            } else {
                count.unmapped += 1;
                if !told.unmapped.contains(&address) {
                    loose.push((address, text.to_owned()));
                }
            }
        }
        for (address, text) in loose {
            let message =
                format!("The cell was not read into any hazard: \"{}\".", excerpt(&one_line(&text)));
            self.leave(log, None, address, message);
        }
        log.explanation.cells += count.cells;
        log.explanation.mapped += count.mapped;
        log.explanation.ignored.extend_from_slice(&told.left_out);
        (count, told.left_out)
    }

    /// Adds one hazard. A form that nobody has filled in is none.
    fn hazard(&self, form: &LaidForm, log: &mut FormsLog, told: &mut Told) {
        let field = |said: &Said| said.label.and_then(|label| self.mapping.labels[label].field);
        if !form.said.iter().any(|said| !said.values.is_empty() && field(said).is_some()) {
            return;
        }
        let mut cells: Vec<Address> = Vec::new();
        let mut page = Page::default();
        for said in &form.said {
            let label = said.label.map(|label| &self.mapping.labels[label]);
            match (field(said), label.and_then(|label| label.ignored.as_ref())) {
                (Some(field), _) => page.statements.extend(self.statements(said, field, &mut cells, log)),
                (None, Some(reason)) => told.ignore(said, reason),
                (None, None) => self.unknown(said, log, told),
            }
        }
        let index = log.record.hazards.len();
        let mut reading = hazard::read(&page, "unnumbered", self.rated_by);
        let has_id =
            page.statements.iter().any(|said| said.field == Field::HazardId && !said.parts.is_empty());
        reading.record.id = reading.record.id.filter(|_| has_id);
        told.mapped.extend(cells.iter().copied());
        let place = |at: Address| self.place(at);
        let start = reading.lines.get("id").or(reading.lines.get("name")).copied().unwrap_or_default();
        if let Some(start) = cells.get(start) {
            log.places.0.insert(format!("hazards/{index}"), place(*start));
        }
        for (path, line) in &reading.lines {
            log.places.0.insert(format!("hazards/{index}/{path}"), place(cells[*line]));
        }
        for (kind, line, message) in reading.observed {
            let (hazard, place) = (reading.record.id.clone(), Some(place(cells[line])));
            log.observations.push(Observation { kind, hazard, place, message });
        }
        for (line, header, text) in reading.unmapped {
            told.mapped.remove(&cells[line]);
            if told.unmapped.insert(cells[line]) {
                let message = format!("The text was not read into any hazard: \"{}\".", excerpt(&text));
                self.leave(log, header, cells[line], message);
            }
        }
        let rows: BTreeSet<u32> = cells.iter().map(|cell| cell.row + 1).collect();
        log.rows.push(rows.into_iter().collect());
        log.record.hazards.push(reading.record);
    }

    /// What a label and its value say; the lines of a page are positions among the cells.
    fn statements(
        &self,
        said: &Said,
        field: Field,
        cells: &mut Vec<Address>,
        log: &mut FormsLog,
    ) -> Vec<Statement> {
        let mut line = |at: Address| {
            cells.push(at);
            cells.len() - 1
        };
        let label = line(said.at);
        let mut statement = Statement { field, line: label, parts: Vec::new() };
        let mut further = Vec::new();
        let header = self.sheet.text(said.at).unwrap_or_default();
        for value in &said.values {
            let text = self.sheet.text(*value).unwrap_or_default();
            let line = line(*value);
            let part = |text: &str| Part { line, text: text.to_owned(), form: Form::Paragraph };
            let product = Product::of(text);
            let (Field::Risk(stage), Some(product)) = (field, product) else {
                statement.parts.push(part(text));
                continue;
            };
            let Some((severity, likelihood)) = product.factors(header) else {
                statement.parts.push(part(text));
                let message = format!(
                    "\"{}\" is a product, and \"{}\" does not say which of its numbers is the severity; it was read as the {field} alone",
                    excerpt(text),
                    excerpt(header)
                );
                log.observations.push(super::discover::in_doubt(
                    self.workbook,
                    self.sheet,
                    Some(value.to_string()),
                    &message,
                ));
                continue;
            };
            statement.parts.extend(product.risk.map(part));
            for (field, word) in [(Field::Severity(stage), severity), (Field::Likelihood(stage), likelihood)]
            {
                further.push(Statement { field, line: label, parts: vec![part(word)] });
            }
        }
        further.insert(0, statement);
        further
    }

    /// A label that nobody knows: what stands beside it is told once.
    fn unknown(&self, said: &Said, log: &mut FormsLog, told: &mut Told) {
        let label = self.sheet.text(said.at).map(one_line).unwrap_or_default();
        for value in &said.values {
            // A merged value stands on several forms.
            if !told.unmapped.insert(*value) {
                continue;
            }
            let text = self.sheet.text(*value).unwrap_or_default();
            let message = format!(
                "What stands beside \"{}\" was not read into any hazard: \"{}\".",
                excerpt(&label),
                excerpt(&one_line(text))
            );
            self.leave(log, Some(label.clone()), *value, message);
        }
    }

    /// Says of a cell that it was not read.
    fn leave(&self, log: &mut FormsLog, header: Option<String>, at: Address, message: String) {
        let place = Some(self.place(at));
        log.observations.push(Observation { kind: ObservationKind::Unmapped, hazard: None, place, message });
        let text = self.sheet.text(at).unwrap_or_default().into();
        let sheet = (self.workbook.sheets.len() > 1).then(|| self.sheet.name.trim().into());
        let (cell, header) = (eco_format!("{at}"), header.map(EcoString::from));
        log.explanation.unmapped.push(UnmappedCell { sheet, cell, header, text });
    }

    fn place(&self, at: Address) -> Place {
        Place::cell(&self.workbook.file, &self.sheet.name, at.to_string())
    }
}

/// What became of the cells of a sheet.
#[derive(Default)]
struct Told {
    mapped: BTreeSet<Address>,
    /// Not read, and said so.
    unmapped: BTreeSet<Address>,
    ignored: BTreeSet<Address>,
    left_out: Vec<IgnoredCells>,
}

impl Told {
    fn ignore(&mut self, said: &Said, reason: &str) {
        for value in &said.values {
            if self.ignored.insert(*value) {
                let cells = value.to_string();
                self.left_out.push(IgnoredCells { cells, count: 1, reason: reason.to_owned() });
            }
        }
    }
}
