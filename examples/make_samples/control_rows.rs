//! The workbook with a row for each control: the hazard's number, name and ratings on every row, its
//! description on the first only, ids inside the texts.

use super::Outcome;
use super::source::{ControlRows, Rating, RowHazard};
use super::{document_sheets, fault, hazard_log, risk_matrix, style};
use cscr::case::matrix::RiskPolicy;
use rust_xlsxwriter::{Workbook, Worksheet};

/// Existing controls stand before causes in this shape.
const COLUMNS: [(&str, u32); 17] = [
    ("Num", 8),
    ("Hazard Name", 24),
    ("Hazard Description", 34),
    ("Potential Clinical Impact", 34),
    ("Existing Controls", 34),
    ("Possible Causes", 38),
    ("Initial Consequence", 14),
    ("Initial Likelihood", 13),
    ("Initial Risk", 8),
    ("Additional controls", 50),
    ("Control type", 13),
    ("Control owner", 20),
    ("Action", 30),
    ("Action status", 13),
    ("Residual Consequence", 14),
    ("Residual Likelihood", 13),
    ("Residual Risk", 8),
];

pub fn workbook(log: &ControlRows) -> Outcome<Workbook> {
    let policy = RiskPolicy::nhs();
    let created = hazard_log::file_date(&log.cover)?;
    let mut workbook = style::workbook(&log.cover.title, &log.cover.author, created)?;
    document_sheets::add_cover(&mut workbook, &log.cover)?;
    document_sheets::add_history(&mut workbook, &log.history, &[], &[])?;
    let sheet = workbook.add_worksheet().set_name("Hazard Log")?;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, name, &style::header())?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    style::fit_to_paper(sheet);
    let mut row = 1;
    for hazard in &log.hazards {
        row = write_hazard(sheet, row + u32::from(hazard.after_blank_row), hazard, &policy)?;
    }
    sheet.autofilter(0, 0, row - 1, 16)?;
    risk_matrix::add(&mut workbook, &policy)?;
    fault::apply(&mut workbook, &log.faults)?;
    Ok(workbook)
}

/// Writes a row for each control and gives the row after the last.
fn write_hazard(sheet: &mut Worksheet, first: u32, hazard: &RowHazard, policy: &RiskPolicy) -> Outcome<u32> {
    for (column, text) in [(2, &hazard.description), (3, &hazard.impact), (4, &hazard.existing)] {
        sheet.write_string_with_format(first, column, text, &style::body())?;
    }
    let mut row = first;
    for cause in &hazard.causes {
        for control in &cause.controls {
            let texts = [
                (0, &hazard.number),
                (1, &hazard.name),
                (5, &cause.text),
                (9, &control.text),
                (10, &control.kind),
                (11, &control.owner),
                (12, &control.action),
                (13, &control.status),
            ];
            let widths = texts.iter().map(|(column, text)| (text.as_str(), COLUMNS[usize::from(*column)].1));
            let first_only = [&hazard.description, &hazard.impact].map(|text| (text.as_str(), 34));
            let first_only = first_only.into_iter().filter(|_| row == first);
            sheet.set_row_height(row, style::height(widths.chain(first_only)))?;
            for (column, text) in texts {
                sheet.write_string_with_format(row, column, text, &style::body())?;
            }
            write_rating(sheet, row, 6, &hazard.initial, policy)?;
            write_rating(sheet, row, 14, &hazard.residual, policy)?;
            row += 1;
        }
    }
    Ok(row)
}

/// The risk is typed into this shape, not computed.
fn write_rating(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    rating: &Rating,
    policy: &RiskPolicy,
) -> Outcome {
    sheet.write_string_with_format(row, column, &rating.severity, &style::body())?;
    sheet.write_string_with_format(row, column + 1, &rating.likelihood, &style::body())?;
    if let Some(risk) = policy.risk(&rating.severity, &rating.likelihood) {
        sheet.write_number_with_format(row, column + 2, risk, &style::body())?;
    }
    Ok(())
}
