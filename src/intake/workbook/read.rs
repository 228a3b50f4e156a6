//! Reading an xlsx file: values and formulas through calamine, the rest through [`package`](super::package).

use super::{Address, Cell, CellKind, DefinedName, Limits, Sheet, Workbook, package, sniff};
use crate::case::{Date, Place};
use crate::intake::InputError;
use crate::parallel::side_by_side;
use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

impl Workbook {
    /// Reads an xlsx workbook; `file` is the name that messages and provenance give it.
    ///
    /// # Errors
    /// If the bytes are no xlsx workbook or are more than the limits.
    pub fn from_bytes(bytes: &[u8], file: &str, limits: &Limits) -> Result<Self, InputError> {
        if bytes.len() as u64 > limits.file_mib << 20 {
            return Err(too_large(file, bytes.len() as u64, limits.file_mib, "on disk"));
        }
        if let Some((what, remedy)) = sniff::not_a_workbook(bytes) {
            return Err(InputError::new(format!("Expected an xlsx workbook; this is {what}"))
                .at(Place::file(file))
                .hint(remedy));
        }
        let unpacked = package::unpacked_size(bytes).map_err(|error| damaged(file, &error))?;
        if unpacked > limits.unpacked_mib << 20 {
            return Err(too_large(file, unpacked, limits.unpacked_mib, "unpacked"));
        }
        let (hidden_things, workbook) = side_by_side(|| package::read(bytes), || Self::values(bytes, file));
        let mut workbook = workbook?;
        workbook.from_1904 = package::is_from_1904(bytes).map_err(|error| damaged(file, &error))?;
        let hidden_things = hidden_things.map_err(|error| damaged(file, &error))?;
        for sheet in &mut workbook.sheets {
            if let Some(extra) = hidden_things.get(sheet.name.as_str()) {
                extra.apply(sheet);
            }
        }
        Ok(workbook)
    }

    /// What calamine tells of a workbook.
    fn values(bytes: &[u8], file: &str) -> Result<Self, InputError> {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| not_xlsx(file, &error))?;
        let mut workbook = Self { file: file.into(), ..Self::default() };
        workbook.defined_names = book
            .defined_names()
            .iter()
            .map(|(name, refers_to)| DefinedName { name: name.clone(), refers_to: refers_to.clone() })
            .collect();
        for metadata in book.sheets_metadata().to_vec() {
            let mut sheet = read_sheet(&mut book, &metadata.name).map_err(|error| damaged(file, &error))?;
            sheet.hidden = metadata.visible != SheetVisible::Visible;
            workbook.sheets.push(sheet);
        }
        Ok(workbook)
    }
}

fn read_sheet(book: &mut Book<'_>, name: &str) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet { name: name.into(), ..Sheet::default() };
    // Streaming: the rectangle that a sheet claims to use may be a million rows of nothing.
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A chart sheet has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(sheet),
        Err(error) => return Err(error),
    };
    while let Some(found) = reader.next_cell_with_formula()? {
        let formula = found.formula.filter(|formula| !formula.is_empty());
        let (text, kind) = shown(&found.value);
        if text.is_empty() && formula.is_none() {
            continue;
        }
        let (row, column) = found.pos;
        sheet.insert(Address { row, column }, Cell { text, kind, formula, struck_through: false });
    }
    drop(reader);
    if let Ok(merges) = book.merge_cells_by_sheet_name(name) {
        let address = |(row, column): (u32, u32)| Address { row, column };
        sheet.merges = merges.iter().map(|merge| (address(merge.start), address(merge.end))).collect();
    }
    Ok(sheet)
}

/// The text that a cell shows, and what kind of value it is.
fn shown(value: &DataRef<'_>) -> (String, CellKind) {
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

fn not_xlsx(file: &str, error: &XlsxError) -> InputError {
    InputError::new(format!("This is a zip archive but not an xlsx workbook ({error})"))
        .at(Place::file(file))
        .hint("open it in a spreadsheet program and save it as .xlsx")
}

fn damaged(file: &str, error: &dyn std::fmt::Display) -> InputError {
    InputError::new(format!("The workbook is damaged: {error}"))
        .at(Place::file(file))
        .hint("open it in a spreadsheet program, let it repair the file, and save it again as .xlsx")
}

fn too_large(file: &str, size: u64, limit_mib: u64, how: &str) -> InputError {
    InputError::new(format!("The workbook is {} MiB {how}; the limit is {limit_mib} MiB", size >> 20))
        .at(Place::file(file))
        .hint("take out pictures and sheets that are not part of the hazard log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_without_needless_decimals() {
        assert_eq!(shown(&DataRef::Float(2.0)).0, "2");
        assert_eq!(shown(&DataRef::Float(1.7)).0, "1.7");
    }

    #[test]
    fn line_ends_are_plain() {
        assert_eq!(unescape_controls("a\r\nb_x000D_\nc\rd_e"), "a\nb\nc\nd_e");
    }

    #[test]
    fn a_zip_that_is_no_workbook_is_said_to_be_none() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("readme.txt", zip::write::SimpleFileOptions::default()).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let error = Workbook::from_bytes(&bytes, "log.xlsx", &Limits::default()).unwrap_err();
        assert!(error.what.contains("not an xlsx workbook"), "{error}");
        let error = Workbook::from_bytes(&bytes[..20], "log.xlsx", &Limits::default()).unwrap_err();
        assert!(error.what.contains("damaged"), "{error}");
    }
}
