//! Keeping what every cell says, and under which header, for findings to quote.

use super::explain::{Explanation, SheetRole};
use super::layout::{Layout, one_line};
use crate::case::quote::Quotes;
use crate::intake::workbook::{Address, Sheet, Workbook};
use ecow::eco_format;

/// What the cells of every sheet say. It needs nothing but the workbook.
pub(super) fn cells(workbook: &Workbook) -> Quotes {
    let mut quotes = Quotes::default();
    for sheet in &workbook.sheets {
        let texts = filled(sheet).map(|(address, text)| (eco_format!("{address}"), text.into()));
        quotes.record_cells(&workbook.file, &sheet.name, texts);
    }
    quotes
}

fn filled(sheet: &Sheet) -> impl Iterator<Item = (Address, &str)> {
    sheet.cells().map(|(address, cell)| (address, cell.text.trim())).filter(|(_, text)| !text.is_empty())
}

/// Records the headers of the hazard sheet and the labels of the cover.
pub(super) fn headers(
    workbook: &Workbook,
    layouts: &[Layout<'_>],
    explanation: &Explanation,
    quotes: &mut Quotes,
) {
    let file = &workbook.file;
    for (sheet, reading) in workbook.sheets.iter().zip(&explanation.sheets) {
        for (address, _) in filled(sheet).filter(|_| reading.role == SheetRole::CoverPage) {
            if let Some(label) = label(sheet, address) {
                quotes.record_label(file, &sheet.name, address.to_string(), &label);
            }
        }
    }
    for (layout, table) in layouts.iter().zip(&explanation.tables) {
        for column in &table.columns {
            let letters = column.cell.trim_end_matches(|c: char| c.is_ascii_digit());
            let repeated = table.columns.iter().filter(|other| other.header == column.header).count() > 1;
            // Severity, likelihood and risk stand twice in the template, under the same words.
            let header = match column.field.filter(|_| repeated) {
                Some(field) => format!("{} ({field})", column.header),
                None => column.header.clone(),
            };
            if !header.is_empty() {
                quotes.record_header(file, &layout.sheet.name, letters, &header);
            }
        }
    }
}

/// The words left of a cell of the cover, which say what it holds.
fn label(sheet: &Sheet, address: Address) -> Option<String> {
    let left = Address { column: address.column.checked_sub(1)?, ..address };
    sheet.text(left).map(|text| one_line(text).trim_end_matches(':').to_owned())
}
