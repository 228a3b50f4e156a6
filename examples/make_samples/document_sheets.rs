//! The sheets that make a hazard log a controlled document: Cover Page and Version History.

use super::Outcome;
use super::source::{Cover, Revision, Signatory};
use super::style;
use rust_xlsxwriter::{Workbook, Worksheet};

const STATUS_STATEMENT: &str = "The controlled copy of this document is kept in the document store of the manufacturer. A copy in any other place is not controlled and may be out of date.";

pub fn add_cover(workbook: &mut Workbook, cover: &Cover) -> Outcome {
    let sheet = workbook.add_worksheet().set_name("Cover Page")?;
    sheet.set_screen_gridlines(false);
    style::fit_to_paper(sheet);
    for (column, width) in [(0, 24), (1, 30), (2, 24), (3, 16), (4, 16)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.merge_range(7, 0, 7, 3, &cover.title, &style::title())?;
    let left = [
        ("Programme", &cover.programme),
        ("Sub-Prog / Project", &cover.project),
        ("Prog. Director", &cover.director),
        ("Owner", &cover.owner),
        ("Author", &cover.author),
    ];
    for (row, (name, value)) in (8..).zip(left) {
        sheet.write_string_with_format(row, 0, name, &style::label())?;
        sheet.write_string_with_format(row, 1, value, &style::plain())?;
    }
    sheet.merge_range(8, 2, 8, 3, "Document Record ID Key", &style::label())?;
    sheet.merge_range(9, 2, 9, 3, &cover.record_id, &style::plain())?;
    for (row, (name, value)) in (10..).zip([("Status", &cover.status), ("Version", &cover.version)]) {
        sheet.write_string_with_format(row, 2, name, &style::label())?;
        sheet.write_string_with_format(row, 3, value, &style::body())?;
    }
    sheet.write_string_with_format(12, 2, "Version Date", &style::label())?;
    style::write_date(sheet, 12, 3, &cover.date)?;
    sheet.write_string_with_format(14, 0, &cover.title, &style::label())?;
    sheet.write_string_with_format(16, 0, "Document Purpose", &style::label())?;
    sheet.merge_range(17, 0, 21, 6, &cover.purpose, &style::plain())?;
    Ok(())
}

pub fn add_history(
    workbook: &mut Workbook,
    history: &[Revision],
    reviewers: &[Signatory],
    approvers: &[Signatory],
) -> Outcome {
    let sheet = workbook.add_worksheet().set_name("Version History")?;
    style::fit_to_paper(sheet);
    for (column, width) in [(0, 12), (1, 18), (2, 44), (3, 18), (4, 12)] {
        sheet.set_column_width(column, width)?;
    }
    let after = write_amendments(sheet, history)?;
    let after = write_signatories(sheet, after + 2, ["Reviewers", "reviewed"], reviewers)?;
    let after = write_signatories(sheet, after + 2, ["Approved", "approved"], approvers)?;
    sheet.merge_range(after + 2, 0, after + 2, 4, "Document Status:", &style::label())?;
    sheet.merge_range(after + 3, 0, after + 3, 4, STATUS_STATEMENT, &style::plain())?;
    sheet.set_row_height(after + 3, 30)?;
    Ok(())
}

/// Writes the history and gives the row after it.
fn write_amendments(sheet: &mut Worksheet, history: &[Revision]) -> Outcome<u32> {
    sheet.merge_range(0, 0, 0, 4, "Amendment History", &style::title())?;
    sheet.write_string_with_format(1, 0, "Version", &style::header())?;
    sheet.write_string_with_format(1, 1, "Date", &style::header())?;
    sheet.merge_range(1, 2, 1, 4, "Amendment History", &style::header())?;
    let mut row = 2;
    for revision in history {
        sheet.write_string_with_format(row, 0, &revision.version, &style::body())?;
        style::write_date(sheet, row, 1, &revision.date)?;
        sheet.merge_range(row, 2, row, 4, &revision.summary, &style::body())?;
        sheet.set_row_height(row, style::height([(revision.summary.as_str(), 74)]))?;
        row += 1;
    }
    Ok(row)
}

fn write_signatories(
    sheet: &mut Worksheet,
    first: u32,
    [heading, verb]: [&str; 2],
    signatories: &[Signatory],
) -> Outcome<u32> {
    let duty = format!("This document must be {verb} by the following:");
    sheet.merge_range(first, 0, first, 4, heading, &style::label())?;
    sheet.merge_range(first + 1, 0, first + 1, 4, &duty, &style::plain())?;
    sheet.merge_range(first + 2, 0, first + 2, 1, "Name", &style::header())?;
    for (column, name) in [(2, "Title / Responsibility"), (3, "Date"), (4, "Version")] {
        sheet.write_string_with_format(first + 2, column, name, &style::header())?;
    }
    let mut row = first + 3;
    for signatory in signatories {
        sheet.merge_range(row, 0, row, 1, &signatory.name, &style::body())?;
        sheet.write_string_with_format(row, 2, &signatory.title, &style::body())?;
        sheet.write_blank(row, 3, &style::body())?;
        if let Some(date) = &signatory.date {
            style::write_date(sheet, row, 3, date)?;
        }
        sheet.write_string_with_format(row, 4, signatory.version.as_deref().unwrap_or(""), &style::body())?;
        row += 1;
    }
    Ok(row)
}
