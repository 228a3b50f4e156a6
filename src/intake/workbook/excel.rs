//! Values and formulas of Excel's XML format, through calamine; the rest through [`package`](super::package).

use super::fault::Fault;
use super::limits::Quota;
use super::{Address, Cell, CellKind, DefinedName, Format, Sheet, Workbook, package};
use crate::case::Date;
use crate::parallel::side_by_side;
use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads a package that [`container::open`](super::container::open) has passed.
pub(super) fn read(bytes: &[u8], format: Format, quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    let (extras, workbook) = side_by_side(|| package::read(bytes), || values(bytes, quota));
    let mut extras = extras?;
    let mut workbook = workbook?;
    for sheet in &mut workbook.sheets {
        if let Some(extra) = extras.sheets.remove(sheet.name.as_str()) {
            extra.apply(sheet);
        }
    }
    Ok(Workbook { format, notes: extras.notes, from_1904: extras.from_1904, ..workbook })
}

fn values(bytes: &[u8], quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut workbook = Workbook { defined_names: names(book.defined_names()), ..Workbook::default() };
    for metadata in book.sheets_metadata().to_vec() {
        quota.sheet()?;
        let mut sheet = sheet(&metadata);
        cells(&mut book, &mut sheet, quota)?;
        workbook.sheets.push(sheet);
    }
    Ok(workbook)
}

fn cells(book: &mut Book<'_>, sheet: &mut Sheet, quota: &mut Quota<'_>) -> Result<(), Fault> {
    let name = sheet.name.clone();
    // Streaming: the rectangle that a sheet claims to use may be a million rows of nothing.
    let mut reader = match book.worksheet_cells_reader(&name) {
        Ok(reader) => reader,
        // A chart sheet has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(error) => return Err(Fault::damaged(&error)),
    };
    while let Some(found) = reader.next_cell_with_formula().map_err(|error| Fault::damaged(&error))? {
        let formula = found.formula.filter(|formula| !formula.is_empty());
        let (text, kind) = match (&found.value, &formula) {
            // A formula that gives an empty text says so; this one says nothing.
            (DataRef::Empty, Some(_)) => (String::new(), CellKind::Unsaved),
            (value, _) => shown(value),
        };
        if text.is_empty() && formula.is_none() {
            continue;
        }
        let (row, column) = found.pos;
        quota.admit(sheet, Address { row, column }, Cell { text, kind, formula, ..Cell::default() })?;
    }
    drop(reader);
    sheet.merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default().iter().map(merge).collect();
    Ok(())
}

/// A sheet without its cells.
pub(super) fn sheet(metadata: &calamine::Sheet) -> Sheet {
    Sheet {
        name: metadata.name.as_str().into(),
        hidden: metadata.visible != SheetVisible::Visible,
        very_hidden: metadata.visible == SheetVisible::VeryHidden,
        ..Sheet::default()
    }
}

pub(super) fn names(names: &[(String, String)]) -> Vec<DefinedName> {
    let name = |(name, refers_to): &(String, String)| DefinedName {
        name: name.clone(),
        refers_to: refers_to.clone(),
    };
    names.iter().map(name).collect()
}

pub(super) fn merge(merge: &calamine::Dimensions) -> (Address, Address) {
    let address = |(row, column): (u32, u32)| Address { row, column };
    (address(merge.start), address(merge.end))
}

/// The text that a cell shows, and what kind of value it is.
pub(super) fn shown(value: &DataRef<'_>) -> (String, CellKind) {
    match value {
        DataRef::Empty => (String::new(), CellKind::Text),
        DataRef::String(text) | DataRef::DurationIso(text) => (unescape_controls(text), CellKind::Text),
        DataRef::SharedString(text) => (unescape_controls(text), CellKind::Text),
        DataRef::DateTimeIso(text) => (text.clone(), CellKind::Date),
        #[allow(clippy::cast_precision_loss)] // no cell holds an integer beyond 2^53
        DataRef::Int(number) => (number.to_string(), CellKind::Number(*number as f64)),
        DataRef::Float(number) => (number.to_string(), CellKind::Number(*number)),
        DataRef::Bool(truth) => (if *truth { "TRUE" } else { "FALSE" }.to_owned(), CellKind::Bool),
        DataRef::Error(error) => (error.to_string(), CellKind::Error),
        DataRef::DateTime(date) => shown_date(*date),
    }
}

fn shown_date(date: calamine::ExcelDateTime) -> (String, CellKind) {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let as_date = || {
        let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
        Some((date.to_string(), CellKind::Date))
    };
    let is_date = date.is_datetime() && date.as_f64() >= 1.0;
    is_date
        .then(as_date)
        .flatten()
        .unwrap_or_else(|| (date.as_f64().to_string(), CellKind::Number(date.as_f64())))
}

/// Line ends as `\n`, and the `_x000D_` with which xlsx writes a carriage return taken away.
fn unescape_controls(text: &str) -> String {
    if !text.contains(['\r', '_']) {
        return text.to_owned();
    }
    text.replace("_x000D_", "").replace("\r\n", "\n").replace('\r', "\n")
}

/// A zip archive that has the parts of a workbook and is none all the same.
fn unreadable(error: &XlsxError) -> Fault {
    Fault::new(
        format!("This is not an xlsx workbook that can be read ({error})"),
        "open it in a spreadsheet program and save it as .xlsx",
    )
}

#[cfg(test)]
mod tests;
