//! A hazard log as a workbook in the shape of the NHS template: Cover Page, Version History, the hazards, Risk Matrix.
//!
//! The same log gives the same bytes: the date in the file is that of the document. Every text is a text to the
//! spreadsheet; the only formulas are those of the risks, and they read their own row and the Risk Matrix.

pub mod document_sheets;
mod hazard_sheet;
pub mod risk_matrix;
pub mod style;

use super::{Export, ExportError, Layout};
use document_sheets::CoverPage;

/// The log as an xlsx file.
///
/// # Errors
/// If a text is longer than a cell may be, or the date is none that a workbook can hold.
pub fn write(export: &Export<'_>, layout: Layout) -> Result<Vec<u8>, ExportError> {
    let log = export.log;
    let table = export.table(layout);
    hazard_sheet::refuse_long_texts(&table)?;
    let mut workbook =
        style::workbook(&export.title, log.author.as_deref().unwrap_or(""), export.date, None)?;
    document_sheets::add_cover(&mut workbook, &CoverPage::of(log, &export.title))?;
    document_sheets::add_history(&mut workbook, &log.revisions, &log.reviewers, &log.approvers)?;
    let blocks = risk_matrix::blocks(&export.policies);
    hazard_sheet::add(&mut workbook, export, &table, &blocks)?;
    risk_matrix::add(&mut workbook, &blocks)?;
    Ok(workbook.save_to_buffer()?)
}
