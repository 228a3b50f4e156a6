//! A table of hazards in a sheet, with its columns understood: a [`TableMapping`] laid over the workbook.
//!
//! What a mapping file names must be there: nothing is guessed, and what differs is an error at its line.

use super::field::Field;
use super::mapping::{ColumnMapping, Mapping, TableMapping};
use super::shape::Form;
use crate::case::excerpt::excerpt;
use crate::case::folding::fold;
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Address, Sheet, Workbook};
use crate::intake::{InputError, suggestion};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A table of hazards with its columns understood.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub sheet: &'a Sheet,
    /// The first of the header rows.
    pub top_row: u32,
    /// The header row that names the columns: the last.
    pub header_row: u32,
    /// The last row that may be of the table.
    pub last_row: u32,
    pub columns: Columns,
    /// What its rows stand for.
    pub form: Form,
    /// The rows that are told of with this table: what stands above the first of a sheet, and below the last, too.
    pub told: RangeInclusive<u32>,
    /// Rows below the header that hold no hazards, each with the reason: the header row once more, a legend.
    pub left_out: BTreeMap<u32, String>,
    /// Columns that are not to be read, each with the reason.
    pub ignored_columns: BTreeMap<u32, String>,
}

impl Layout<'_> {
    /// The rows with content that may be of hazards, in order: below the header, and not left out.
    pub(super) fn rows(&self) -> Vec<u32> {
        let mut rows = rows_between(self.sheet, self.header_row, self.last_row);
        rows.retain(|row| !self.left_out.contains_key(row));
        rows
    }

    /// What stands in the header of a column.
    pub(super) fn header(&self, column: u32) -> String {
        header_text(self.sheet, self.top_row..=self.header_row, column)
    }
}

/// The rows with content after the header and up to the last.
pub(super) fn rows_between(sheet: &Sheet, header_row: u32, last_row: u32) -> Vec<u32> {
    sheet.rows().into_iter().filter(|row| *row > header_row && *row <= last_row).collect()
}

/// What stands in the header of a column: of each header row its cell, or the merged cell that covers it.
pub(super) fn header_text(sheet: &Sheet, rows: RangeInclusive<u32>, column: u32) -> String {
    let mut texts: Vec<String> = Vec::new();
    for row in rows {
        let at = merged_into(sheet, Address { row, column });
        if let Some(text) = sheet.text(at).map(one_line)
            && texts.last() != Some(&text)
        {
            texts.push(text);
        }
    }
    texts.join(" / ")
}

/// The first cell of the merged cells that this one is of, or the cell itself.
pub(super) fn merged_into(sheet: &Sheet, address: Address) -> Address {
    let covers = |(first, last): &&(Address, Address)| {
        (first.row..=last.row).contains(&address.row)
            && (first.column..=last.column).contains(&address.column)
    };
    sheet.merges.iter().find(covers).map_or(address, |(first, _)| *first)
}

/// The field of each column.
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

    /// The first column of a field.
    pub(super) fn column(&self, field: Field) -> Option<u32> {
        self.columns(field).next()
    }

    /// Every column of a field, from left to right; see [`Field::may_repeat`].
    pub(super) fn columns(&self, field: Field) -> impl Iterator<Item = u32> {
        self.0.iter().filter(move |(_, candidate)| **candidate == field).map(|(column, _)| *column)
    }
}

impl FromIterator<(u32, Field)> for Columns {
    fn from_iter<I: IntoIterator<Item = (u32, Field)>>(columns: I) -> Self {
        Self(columns.into_iter().collect())
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lays the tables of a mapping over the workbook.
pub(super) fn of<'a>(workbook: &'a Workbook, mapping: &Mapping) -> Result<Vec<Layout<'a>>, InputError> {
    let laid = |at| TableReader { workbook, mapping, table: &mapping.tables[at], at }.layout();
    (0..mapping.tables.len()).map(laid).collect()
}

/// A table of the mapping that is being laid over the workbook.
struct TableReader<'m, 'a> {
    workbook: &'a Workbook,
    mapping: &'m Mapping,
    table: &'m TableMapping,
    /// Its position in the mapping.
    at: usize,
}

impl<'a> TableReader<'_, 'a> {
    fn error(&self, part: &str, what: String, hint: impl Into<String>) -> InputError {
        self.mapping.error(&format!("table/{}/{part}", self.at), what, hint.into())
    }

    fn layout(&self) -> Result<Layout<'a>, InputError> {
        let sheet =
            sheet_named(self.workbook, self.mapping, &format!("table/{}/sheet", self.at), &self.table.sheet)?;
        let (top_row, header_row) = self.header_rows()?;
        let (last_row, told) = self.extent(top_row, header_row)?;
        let mut columns = BTreeMap::new();
        let mut seen = BTreeMap::new();
        let mut ignored_columns = BTreeMap::new();
        for (position, column) in self.table.columns.iter().enumerate() {
            let number = self.column(sheet, top_row..=header_row, position, column)?;
            if seen.insert(number, position).is_some() {
                return Err(self.error(
                    &format!("columns/{position}"),
                    format!("The mapping has column {} twice", column.column),
                    "keep one of them",
                ));
            }
            if let Some(reason) = &column.ignored {
                ignored_columns.insert(number, reason.clone());
            }
            if let Some(field) = column.field {
                self.refuse_second(&columns, number, field, position)?;
                columns.insert(number, field);
            }
        }
        if !columns.values().any(|field| matches!(field, Field::HazardId | Field::HazardName)) {
            return Err(self.error(
                "columns",
                "No column of this table is the hazard-id or the hazard-name".to_owned(),
                "say which column numbers the hazards, or which names them",
            ));
        }
        let left_out = self.left_out(sheet)?;
        let columns: Columns = columns.into_iter().collect();
        let mut rows = rows_between(sheet, header_row, last_row);
        rows.retain(|row| !left_out.contains_key(row));
        let form = Form::of(sheet, &rows, &columns, self.table.shape);
        Ok(Layout { sheet, top_row, header_row, last_row, columns, form, told, left_out, ignored_columns })
    }

    fn header_rows(&self) -> Result<(u32, u32), InputError> {
        let rows = &self.table.header_rows;
        let ascending = rows.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        match (
            rows.first().and_then(|row| row.checked_sub(1)),
            rows.last().and_then(|row| row.checked_sub(1)),
        ) {
            (Some(first), Some(last)) if ascending && rows.len() <= 3 => Ok((first, last)),
            _ => Err(self.error(
                "header_rows",
                "`header_rows` are one row, or two or three that follow each other".to_owned(),
                "number them as the spreadsheet does: header_rows = [1] or [3, 4]",
            )),
        }
    }

    /// The end of the table: as the mapping says, or the row before the next table of the sheet. And the rows that
    /// are told of with it.
    fn extent(&self, top_row: u32, header_row: u32) -> Result<(u32, RangeInclusive<u32>), InputError> {
        let others = self.mapping.tables.iter().filter(|other| fold(&other.sheet) == fold(&self.table.sheet));
        let tops: Vec<u32> = others.filter_map(|other| other.header_rows.first()?.checked_sub(1)).collect();
        let is_first = tops.iter().all(|top| *top >= top_row);
        let next = tops.into_iter().filter(|top| *top > top_row).min();
        let end = next.map_or(u32::MAX, |next| next - 1);
        let told = if is_first { 0 } else { top_row }..=end;
        let wrong = |what: String, hint: &str| Err(self.error("last_row", what, hint));
        match self.table.last_row {
            Some(last) if last <= header_row + 1 => wrong(
                format!("The last row of the table, {last}, is not below its headers"),
                "number rows as the spreadsheet does; leave `last_row` out where nothing stands below the table",
            ),
            Some(last) if last - 1 > end => wrong(
                format!(
                    "The table runs into another one of its sheet, whose headers begin in row {}",
                    end + 2
                ),
                "end the table above it",
            ),
            Some(last) => Ok((last - 1, told)),
            None => Ok((end, told)),
        }
    }

    /// The column's number, if the workbook has it under the header that the mapping says.
    fn column(
        &self,
        sheet: &Sheet,
        headers: RangeInclusive<u32>,
        position: usize,
        column: &ColumnMapping,
    ) -> Result<u32, InputError> {
        let part = format!("columns/{position}");
        let letters = column.column.trim().to_uppercase();
        let first = format!("{letters}1").parse::<Address>().ok().filter(|cell| cell.row == 0);
        let Some(Address { column: number, .. }) =
            first.filter(|_| !letters.ends_with(|c: char| c.is_ascii_digit()))
        else {
            let what = format!("\"{}\" names no column", excerpt(&column.column));
            return Err(self.error(&part, what, "name it by its letters, such as \"A\" or \"AB\""));
        };
        if column.field.is_some() && column.ignored.is_some() {
            let what = format!("Column {letters} has a field and is ignored");
            return Err(self.error(&part, what, "keep one of the two"));
        }
        let cell = Address { row: *headers.end(), column: number };
        let there = header_text(sheet, headers, number);
        let name = sheet.name.trim();
        if fold(&there) == fold(&column.header) {
            let has_content = !there.is_empty() || sheet.cells().any(|(at, _)| at.column == number);
            return if has_content {
                Ok(number)
            } else {
                let what =
                    format!("The mapping names column {letters}, and the sheet {name} has nothing in it");
                Err(self.error(&part, what, "take the column out of the mapping, or name the right one"))
            };
        }
        let found =
            if there.is_empty() { "no header there".to_owned() } else { format!("\"{}\"", excerpt(&there)) };
        let what = format!(
            "The header of column {letters} is \"{}\" in the mapping, and the sheet {name} has {found} ({cell})",
            excerpt(&column.header)
        );
        Err(self.error(
            &part,
            what,
            "compare the sheet with the mapping: a column may have moved; then correct the mapping",
        ))
    }

    fn refuse_second(
        &self,
        columns: &BTreeMap<u32, Field>,
        number: u32,
        field: Field,
        position: usize,
    ) -> Result<(), InputError> {
        let first = columns.iter().find(|(_, other)| **other == field).map(|(first, _)| *first);
        match first {
            Some(first) if !field.may_repeat() => Err(self.error(
                &format!("columns/{position}"),
                format!(
                    "Column {} is the {} ({field}), and so is column {}",
                    column_letters(number),
                    field.key(),
                    column_letters(first)
                ),
                "keep it for one column; only lists of controls and notes may stand in several",
            )),
            _ => Ok(()),
        }
    }

    fn left_out(&self, sheet: &Sheet) -> Result<BTreeMap<u32, String>, InputError> {
        let mut left_out = BTreeMap::new();
        let filled = sheet.rows();
        for (position, ignored) in self.table.ignored_rows.iter().enumerate() {
            let (first, last) = ignored.range().ok_or_else(|| {
                let what = format!("\"{}\" names no rows", excerpt(&ignored.rows));
                self.error(
                    &format!("ignored_rows/{position}"),
                    what,
                    "name a row as \"14\", or several as \"14-20\"",
                )
            })?;
            left_out.extend(filled.range(first..=last).map(|row| (*row, ignored.reason.clone())));
        }
        Ok(left_out)
    }
}

/// The sheet that the mapping names at this path.
pub(super) fn sheet_named<'a>(
    workbook: &'a Workbook,
    mapping: &Mapping,
    path: &str,
    name: &str,
) -> Result<&'a Sheet, InputError> {
    workbook.sheet(name).ok_or_else(|| {
        let what = format!(
            "The mapping names the sheet \"{}\", and {} has none of that name",
            excerpt(name),
            workbook.file
        );
        let names = workbook.sheets.iter().map(|sheet| sheet.name.trim());
        mapping.error(path, what, suggestion::remedy(name, names))
    })
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
