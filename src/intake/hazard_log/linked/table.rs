//! A sheet as a plain table: its first row with several cells is the head, what stands below are rows.

use super::is_id;
use crate::intake::workbook::{Address, Sheet};
use rustc_hash::FxHashSet;

pub(super) struct Table<'a> {
    sheet: &'a Sheet,
    head: u32,
    /// Columns of the head, and the first.
    pub columns: Vec<u32>,
    pub rows: Vec<u32>,
}

impl<'a> Table<'a> {
    /// `None` for a sheet without a head and rows below it.
    pub(super) fn of(sheet: &'a Sheet) -> Option<Self> {
        let rows = sheet.rows();
        let head = rows.iter().copied().find(|row| sheet.row(*row).count() > 1)?;
        let rows: Vec<u32> = rows.into_iter().filter(|row| *row > head).collect();
        // The corner of a table of Y is blank.
        let first = rows.iter().filter_map(|row| Some(sheet.row(*row).next()?.0.column)).min()?;
        let mut columns: Vec<u32> = sheet.row(head).map(|(address, _)| address.column).collect();
        if !columns.contains(&first) {
            columns.insert(0, first);
        }
        Some(Self { sheet, head, columns, rows })
    }

    pub(super) fn text(&self, row: u32, column: u32) -> Option<&'a str> {
        self.sheet.text(Address { row, column })
    }

    pub(super) fn header(&self, column: u32) -> &'a str {
        self.text(self.head, column).unwrap_or_default()
    }

    /// The cells of the head.
    pub(super) fn head(&self) -> impl Iterator<Item = Address> {
        self.sheet.row(self.head).map(|(address, _)| address)
    }

    /// The column whose cells are ids, each another, and the column with the most text beside it.
    pub(super) fn ids_and_texts(&self) -> Option<(u32, u32)> {
        let ids = self.columns.iter().copied().find(|column| self.is_of_ids(*column))?;
        let length = |column: &u32| -> usize {
            let texts = self.rows.iter().filter_map(|row| self.text(*row, *column));
            texts.filter(|text| !is_id(text)).map(str::len).sum()
        };
        let texts = self.columns.iter().copied().filter(|column| *column != ids).max_by_key(length)?;
        // Marks and numbers are no texts.
        let words = self.rows.iter().filter_map(|row| self.text(*row, texts)).filter(|text| text.len() > 3);
        (words.filter(|text| !is_id(text)).count() * 2 >= self.rows.len()).then_some((ids, texts))
    }

    fn is_of_ids(&self, column: u32) -> bool {
        let texts: Vec<&str> = self.rows.iter().filter_map(|row| self.text(*row, column)).collect();
        let ids = texts.iter().filter(|text| is_id(text)).count();
        let different = texts.iter().collect::<FxHashSet<_>>().len();
        ids > 0 && ids * 5 >= texts.len() * 4 && different == texts.len()
    }
}
