//! Excel's binary formats, .xls and .xlsb, through calamine.
//!
//! calamine makes room for the whole rectangle that the cells of an .xls sheet span, and believes what the sheet
//! says of its size, so the records are looked through first. It also takes for granted that records are as long as they
//! should be; a file in which they are not is told as damaged.

mod strings;

use super::compound::{Compound, long, short};
use super::container;
use super::excel::{self, shown};
use super::fault::Fault;
use super::limits::{Limit, Quota};
use super::{Address, Cell, Format, Workbook};
use calamine::{Data, DataRef, Reader as _, Xls, Xlsb};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads an .xls workbook.
pub(super) fn xls(bytes: &[u8], quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    look_through(bytes, quota)?;
    guarded(|| {
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsError::Password => container::under_password(),
            error => Fault::damaged(&error),
        })?;
        let mut workbook = Workbook {
            format: Format::Xls,
            defined_names: excel::names(book.defined_names()),
            ..Workbook::default()
        };
        for metadata in book.sheets_metadata().to_vec() {
            quota.sheet()?;
            let mut sheet = excel::sheet(&metadata);
            let damaged = |error| Fault::damaged(&error);
            let values = book.worksheet_range(&metadata.name).map_err(damaged)?;
            let formulas = book.worksheet_formula(&metadata.name).map_err(damaged)?;
            let (top, left) = values.start().unwrap_or_default();
            for (row, column, value) in values.used_cells() {
                let (text, kind) = shown(&borrowed(value));
                let address = at(top, left, row, column);
                let formula = formulas.get_value((address.row, address.column));
                let formula = formula.filter(|formula| !formula.is_empty()).cloned();
                if !text.is_empty() || formula.is_some() {
                    quota.admit(&mut sheet, address, Cell { text, kind, formula, ..Cell::default() })?;
                }
            }
            let merges = book.merge_cells_by_sheet_name(&metadata.name).unwrap_or_default();
            sheet.merges = merges.iter().map(excel::merge).collect();
            workbook.sheets.push(sheet);
        }
        Ok(workbook)
    })
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::String(text) => DataRef::SharedString(text),
    }
}

fn at(top: u32, left: u32, row: usize, column: usize) -> Address {
    let plus = |start: u32, by: usize| start.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
    Address { row: plus(top, row), column: plus(left, column) }
}

/// Reads an .xlsb package that [`container::open`] has passed.
pub(super) fn xlsb(bytes: &[u8], quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    guarded(|| {
        let damaged = |error: calamine::XlsbError| Fault::damaged(&error);
        let mut book = Xlsb::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut workbook = Workbook {
            format: Format::Xlsb,
            defined_names: excel::names(book.defined_names()),
            ..Workbook::default()
        };
        for metadata in book.sheets_metadata().to_vec() {
            quota.sheet()?;
            let mut sheet = excel::sheet(&metadata);
            let mut reader = book.worksheet_cells_reader(&metadata.name).map_err(damaged)?;
            while let Some(found) = reader.next_cell().map_err(damaged)? {
                let (text, kind) = shown(found.get_value());
                let (row, column) = found.get_position();
                if !text.is_empty() {
                    let cell = Cell { text, kind, ..Cell::default() };
                    quota.admit(&mut sheet, Address { row, column }, cell)?;
                }
            }
            drop(reader);
            let mut reader = book.worksheet_cells_reader(&metadata.name).map_err(damaged)?;
            while let Some(found) = reader.next_formula().map_err(damaged)? {
                let (row, column) = found.get_position();
                quota.formula(&mut sheet, Address { row, column }, found.get_value())?;
            }
            workbook.sheets.push(sheet);
        }
        Ok(workbook)
    })
}

/// What `read` gives, or that the file is damaged where the reader did not reckon with what it holds.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Fault::damaged(&"a record is not what it should be")))
}

/// Refuses an .xls workbook whose cells span more than the limit, or that claims more rows than its format has.
fn look_through(bytes: &[u8], quota: &Quota<'_>) -> Result<(), Fault> {
    let cut = || Fault::damaged(&"it ends too soon");
    let compound = Compound::open(bytes).ok_or_else(cut)?;
    let stream = compound.stream("Workbook").or_else(|| compound.stream("Book")).ok_or_else(cut)?;
    let mut sheets = Vec::new();
    let mut shared = Vec::new();
    let mut before = 0;
    for (kind, record) in records(&stream) {
        match kind {
            BOUND_SHEET => sheets.push(long(record, 0).ok_or_else(cut)?),
            STRINGS => shared.push(record),
            CONTINUED if before == STRINGS => shared.push(record),
            END => break,
            _ => {}
        }
        before = if kind == CONTINUED { before } else { kind };
    }
    let lengths = strings::lengths(&shared);
    let (mut area, mut letters) = (0, 0);
    for start in sheets.iter().take(usize::try_from(quota.limits.sheets).unwrap_or(usize::MAX)) {
        let sheet = stream.get(*start as usize..).ok_or_else(cut)?;
        area += spanned(sheet)?;
        letters += shown_letters(sheet, &lengths);
        if letters > quota.limits.unpacked_mib << 20 {
            let what =
                format!("The cells hold more than {} MiB of text, the limit", quota.limits.unpacked_mib);
            return Err(Fault::beyond(Limit::Unpacked, what));
        }
        if area > quota.limits.cells {
            let what = format!(
                "The cells of the sheets span {area} cells, which an .xls file is given room for; the limit is {}",
                quota.limits.cells
            );
            return Err(Fault::beyond(Limit::Cells, what));
        }
    }
    Ok(())
}

const END: u16 = 0x000a;
const BOUND_SHEET: u16 = 0x0085;
const STRINGS: u16 = 0x00fc;
const CONTINUED: u16 = 0x003c;
const STRING_CELL: u16 = 0x00fd;
const BEGIN: u16 = 0x0809;
const DIMENSIONS: u16 = 0x0200;
/// Records of a cell with a value; each begins with its row and its column.
const CELLS: [u16; 8] = [0x0006, 0x00bd, 0x00d6, STRING_CELL, 0x0203, 0x0204, 0x0205, 0x027e];

/// How many cells the rectangle of all cells with values has.
fn spanned(sheet: &[u8]) -> Result<u64, Fault> {
    // Rows and columns of the format, and one more of each, as an end that is not included.
    const MOST: u64 = 65_537 * 257;
    let (mut rows, mut columns) = (None, None);
    let mut depth = 0_u32;
    for (kind, record) in records(sheet) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            DIMENSIONS if claimed(record).is_none_or(|claimed| claimed > MOST) => {
                return Err(Fault::damaged(&"a sheet claims more rows and columns than the format has"));
            }
            kind if CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (short(record, 0), short(record, 2)) else { continue };
                // A record of several cells ends with the last of their columns.
                let last = if kind == 0x00bd { short(record, record.len() - 2) } else { None };
                widen(&mut rows, row);
                widen(&mut columns, column);
                widen(&mut columns, last.unwrap_or(column));
            }
            _ => {}
        }
    }
    let length = |range: Option<(u16, u16)>| range.map_or(0, |(first, last)| u64::from(last - first) + 1);
    Ok(length(rows) * length(columns))
}

/// How many letters the cells of a sheet show of shared strings.
fn shown_letters(sheet: &[u8], lengths: &[usize]) -> u64 {
    let cells = records(sheet).take_while(|(kind, _)| *kind != END).filter(|(kind, _)| *kind == STRING_CELL);
    let strings = cells.filter_map(|(_, record)| lengths.get(long(record, 6)? as usize));
    strings.map(|length| *length as u64).sum()
}

fn widen(range: &mut Option<(u16, u16)>, value: u16) {
    let (first, last) = range.unwrap_or((value, value));
    *range = Some((first.min(value), last.max(value)));
}

/// How many cells a sheet says that it has; `None` where it says nothing that makes sense.
fn claimed(record: &[u8]) -> Option<u64> {
    let (rows, first, last) = if record.len() >= 14 {
        (long(record, 4)?.checked_sub(long(record, 0)?)?, short(record, 8)?, short(record, 10)?)
    } else {
        let rows = short(record, 2)?.checked_sub(short(record, 0)?)?;
        (rows.into(), short(record, 4)?, short(record, 6)?)
    };
    // Some programs write a first column that makes no sense.
    let columns = last.checked_sub(first).unwrap_or(last);
    Some((u64::from(rows) + 1) * (u64::from(columns) + 1))
}

/// The records of a stream with their kinds.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (short(rest, 0)?, usize::from(short(rest, 2)?));
        let record = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, record))
    })
}

#[cfg(test)]
mod tests;
