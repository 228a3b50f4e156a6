//! The sheets that make a hazard log a controlled document: Cover Page and Version History.

use super::style;
use crate::case::document::{Revision, Signatory};
use crate::case::hazard_log::HazardLog;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

/// What the cover page says; empty where there is nothing.
#[derive(Debug, Clone, Default)]
pub struct CoverPage<'a> {
    pub title: &'a str,
    pub programme: &'a str,
    pub project: &'a str,
    pub director: &'a str,
    pub owner: &'a str,
    pub author: &'a str,
    /// What the organisation's own register of documents calls it.
    pub record_id: &'a str,
    pub status: &'a str,
    pub version: &'a str,
    /// A date of the form `2026-09-14`, or other words.
    pub date: &'a str,
    /// What the log is for, and whatever else the document says of itself.
    pub purpose: Vec<&'a str>,
}

impl<'a> CoverPage<'a> {
    /// The cover of a hazard log.
    #[must_use]
    pub fn of(log: &'a HazardLog, title: &'a str) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or("");
        Self {
            title,
            programme: text(&log.programme),
            project: text(&log.project),
            director: text(&log.director),
            owner: text(&log.owner),
            author: text(&log.author),
            record_id: "",
            status: text(&log.status),
            version: text(&log.version),
            date: text(&log.version_date),
            purpose: log.notes.iter().map(String::as_str).collect(),
        }
    }
}

/// Adds the sheet.
pub fn add_cover(workbook: &mut Workbook, cover: &CoverPage<'_>) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name("Cover Page")?;
    sheet.set_screen_gridlines(false);
    style::fit_to_paper(sheet);
    for (column, width) in [(0, 24), (1, 30), (2, 24), (3, 16), (4, 16)] {
        sheet.set_column_width(column, width)?;
    }
    merge(sheet, 7, (0, 3), cover.title, style::title())?;
    let left = [
        ("Programme", cover.programme),
        ("Sub-Prog / Project", cover.project),
        ("Prog. Director", cover.director),
        ("Owner", cover.owner),
        ("Author", cover.author),
    ];
    for (row, (name, value)) in (8..).zip(left) {
        sheet.write_string_with_format(row, 0, name, &style::label())?;
        style::write_text(sheet, row, 1, value, style::plain())?;
    }
    merge(sheet, 8, (2, 3), "Document Record ID Key", style::label())?;
    merge(sheet, 9, (2, 3), cover.record_id, style::plain())?;
    for (row, (name, value)) in (10..).zip([("Status", cover.status), ("Version", cover.version)]) {
        sheet.write_string_with_format(row, 2, name, &style::label())?;
        style::write_text(sheet, row, 3, value, style::body())?;
    }
    sheet.write_string_with_format(12, 2, "Version Date", &style::label())?;
    style::write_date(sheet, 12, 3, cover.date)?;
    sheet.write_string_with_format(16, 0, "Document Purpose", &style::label())?;
    for (row, text) in (17..).zip(&cover.purpose) {
        merge(sheet, row, (0, 6), text, style::plain())?;
        sheet.set_row_height(row, style::height([(*text, 120)]))?;
    }
    Ok(())
}

/// Adds the sheet and gives the row after its last table.
pub fn add_history(
    workbook: &mut Workbook,
    history: &[Revision],
    reviewers: &[Signatory],
    approvers: &[Signatory],
) -> Result<u32, XlsxError> {
    let sheet = workbook.add_worksheet().set_name("Version History")?;
    style::fit_to_paper(sheet);
    for (column, width) in [(0, 12), (1, 18), (2, 44), (3, 18), (4, 12)] {
        sheet.set_column_width(column, width)?;
    }
    let after = write_amendments(sheet, history)?;
    let after = write_signatories(sheet, after + 2, ["Reviewers", "reviewed"], reviewers)?;
    write_signatories(sheet, after + 2, ["Approved", "approved"], approvers)
}

/// Writes the history and gives the row after it.
fn write_amendments(sheet: &mut Worksheet, history: &[Revision]) -> Result<u32, XlsxError> {
    merge(sheet, 0, (0, 4), "Amendment History", style::title())?;
    sheet.write_string_with_format(1, 0, "Version", &style::header())?;
    sheet.write_string_with_format(1, 1, "Date", &style::header())?;
    merge(sheet, 1, (2, 4), "Amendment History", style::header())?;
    let mut row = 2;
    for revision in history {
        let summary = revision.summary.as_deref().unwrap_or("");
        style::write_text(sheet, row, 0, &revision.version, style::body())?;
        style::write_date(sheet, row, 1, revision.date.as_deref().unwrap_or(""))?;
        merge(sheet, row, (2, 4), summary, style::body())?;
        sheet.set_row_height(row, style::height([(summary, 74)]))?;
        row += 1;
    }
    Ok(row)
}

fn write_signatories(
    sheet: &mut Worksheet,
    first: u32,
    [heading, verb]: [&str; 2],
    signatories: &[Signatory],
) -> Result<u32, XlsxError> {
    let duty = format!("This document must be {verb} by the following:");
    merge(sheet, first, (0, 4), heading, style::label())?;
    merge(sheet, first + 1, (0, 4), &duty, style::plain())?;
    merge(sheet, first + 2, (0, 1), "Name", style::header())?;
    for (column, name) in [(2, "Title / Responsibility"), (3, "Date"), (4, "Version")] {
        sheet.write_string_with_format(first + 2, column, name, &style::header())?;
    }
    let mut row = first + 3;
    for signatory in signatories {
        let text = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        let name = signatory.name.as_ref().or(signatory.person.as_ref());
        merge(sheet, row, (0, 1), name.map_or("", String::as_str), style::body())?;
        style::write_text(sheet, row, 2, &text(&signatory.title), style::body())?;
        style::write_date(sheet, row, 3, &text(&signatory.date))?;
        style::write_text(sheet, row, 4, &text(&signatory.version), style::body())?;
        row += 1;
    }
    Ok(row)
}

/// Writes a text over several columns.
pub(super) fn merge(
    sheet: &mut Worksheet,
    row: u32,
    (first, last): (u16, u16),
    text: &str,
    format: rust_xlsxwriter::Format,
) -> Result<(), XlsxError> {
    if first == last {
        return style::write_text(sheet, row, first, text, format);
    }
    sheet.merge_range(row, first, row, last, text, &style::of_text(format, text))?;
    Ok(())
}
