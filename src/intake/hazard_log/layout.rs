//! Finding the hazard sheet, its header row, and what each of its columns means.

use super::explain::{ColumnReading, SheetReading, SheetRole};
use super::field::{Field, Header, Recognised, Stage, recognise};
use super::shape::Form;
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Sheet, Workbook};
use std::collections::BTreeMap;

/// Rows with content in which a header is looked for.
const HEADER_ROWS: usize = 40;
/// Fewer understood headers than this do not make a hazard sheet.
const MIN_HEADERS: usize = 3;

/// The hazard sheet of a workbook with its columns understood.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub sheet: &'a Sheet,
    pub header_row: u32,
    pub columns: Columns,
    pub form: Form,
    pub readings: Vec<ColumnReading>,
}

/// The field of each column; the first column that claims a field has it.
#[derive(Debug, Default)]
pub(super) struct Columns(BTreeMap<u32, Field>);

impl Columns {
    pub(super) fn field(&self, column: u32) -> Option<Field> {
        self.0.get(&column).copied()
    }

    /// Every understood column, from left to right.
    pub(super) fn fields(&self) -> impl Iterator<Item = (u32, Field)> {
        self.0.iter().map(|(column, field)| (*column, *field))
    }

    pub(super) fn column(&self, field: Field) -> Option<u32> {
        self.0.iter().find(|(_, candidate)| **candidate == field).map(|(column, _)| *column)
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds the hazard sheet: the sheet and row with the most headers that are understood.
pub(super) fn find(workbook: &Workbook) -> Result<(Layout<'_>, Vec<SheetReading>), InputError> {
    let scored: Vec<(&Sheet, Option<(u32, usize)>)> =
        workbook.sheets.iter().map(|sheet| (sheet, best_header_row(sheet))).collect();
    let best = scored
        .iter()
        .filter_map(|(sheet, best)| best.map(|(row, score)| (*sheet, row, score)))
        // The first of equals: `max_by_key` would take the last.
        .rev()
        .max_by_key(|(_, _, score)| *score)
        .ok_or_else(|| no_hazard_sheet(workbook))?;
    let (sheet, header_row, score) = best;
    let mut readings: Vec<SheetReading> = scored
        .iter()
        .map(|(candidate, found)| sheet_reading(candidate, std::ptr::eq(*candidate, sheet), *found, score))
        .collect();
    only_the_first(&mut readings);
    Ok((understand(sheet, header_row), readings))
}

fn no_hazard_sheet(workbook: &Workbook) -> InputError {
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    InputError::new(format!(
        "No sheet has a header row of a hazard log (looked at: {})",
        if names.is_empty() { "no sheets".to_owned() } else { names.join(", ") }
    ))
    .at(Place::file(&workbook.file))
    .hint("give the hazard sheet a row of column headers such as Hazard Number, Hazard Name, Possible Causes, Severity, Likelihood, Risk")
}

/// The row with the most understood headers and their number; `None` if no row has enough.
fn best_header_row(sheet: &Sheet) -> Option<(u32, usize)> {
    let score = |row: u32| {
        let found: Vec<Header> =
            sheet.row(row).filter_map(|(_, cell)| recognise(&cell.text)).map(|found| found.header).collect();
        let names_a_hazard =
            found.iter().any(|header| matches!(header, Header::Field(Field::HazardId | Field::HazardName)));
        if names_a_hazard { found.len() } else { 0 }
    };
    sheet
        .rows()
        .into_iter()
        .take(HEADER_ROWS)
        .map(|row| (row, score(row)))
        .filter(|(_, score)| *score >= MIN_HEADERS)
        .rev()
        .max_by_key(|(_, score)| *score)
}

fn sheet_reading(sheet: &Sheet, chosen: bool, found: Option<(u32, usize)>, best: usize) -> SheetReading {
    let (role, why) = match found {
        Some((row, score)) if chosen => {
            (SheetRole::Hazards, format!("row {} has {score} headers of a hazard log", row + 1))
        }
        Some((row, score)) => (
            SheetRole::OtherHazards,
            format!("row {} has {score} headers of a hazard log, and another sheet has {best}", row + 1),
        ),
        None => match super::document::role(&sheet.name) {
            Some(role) => (role, "its name says so".to_owned()),
            None => (SheetRole::NotRead, "no row of it has headers of a hazard log".to_owned()),
        },
    };
    SheetReading { sheet: sheet.name.to_string(), role, why }
}

/// Of several cover pages, histories or matrices the first is read.
fn only_the_first(readings: &mut [SheetReading]) {
    for role in [SheetRole::CoverPage, SheetRole::VersionHistory, SheetRole::RiskMatrix] {
        for reading in readings.iter_mut().filter(|reading| reading.role == role).skip(1) {
            reading.role = SheetRole::NotRead;
            reading.why = format!("an earlier sheet is the {role}");
        }
    }
}

/// Works out what each column means.
fn understand(sheet: &Sheet, header_row: u32) -> Layout<'_> {
    let mut columns = Columns::default();
    let mut readings = Vec::new();
    let mut stages = Stages::default();
    for (address, cell) in sheet.row(header_row) {
        let recognised = recognise(&cell.text);
        let field = recognised.as_ref().map(|found| found.header.field(stages.next(found.header)));
        let taken = field.is_some_and(|field| columns.column(field).is_some());
        readings.push(ColumnReading {
            cell: address.to_string(),
            header: one_line(&cell.text),
            field: field.filter(|_| !taken),
            why: why(recognised.as_ref(), field, taken),
        });
        if let Some(field) = field.filter(|_| !taken) {
            columns.0.insert(address.column, field);
        }
    }
    let form = Form::of(sheet, header_row, &columns);
    Layout { sheet, header_row, columns, form, readings }
}

/// Counts rating columns: the first group of Severity, Likelihood and Risk is initial, the second residual.
#[derive(Default)]
struct Stages(BTreeMap<Header, usize>);

impl Stages {
    fn next(&mut self, header: Header) -> Stage {
        if !header.needs_stage() {
            return Stage::Initial;
        }
        let seen = self.0.entry(header).or_default();
        *seen += 1;
        if *seen == 1 { Stage::Initial } else { Stage::Residual }
    }
}

fn why(recognised: Option<&Recognised>, field: Option<Field>, taken: bool) -> String {
    let Some(found) = recognised else {
        return "no known header".to_owned();
    };
    if taken {
        return format!(
            "an earlier column is the {}",
            field.map_or_else(String::new, |field| field.to_string())
        );
    }
    let position = if found.header.needs_stage() { ", by its place among the rating columns" } else { "" };
    if found.misspelt {
        format!("nearly \"{}\"{position}", found.synonym)
    } else {
        format!("header{position}")
    }
}

/// A range within one column, such as `P2:P12`.
pub(super) fn column_range(column: u32, first_row: u32, last_row: u32) -> String {
    let letters = column_letters(column);
    if first_row == last_row {
        format!("{letters}{}", first_row + 1)
    } else {
        format!("{letters}{}:{letters}{}", first_row + 1, last_row + 1)
    }
}
