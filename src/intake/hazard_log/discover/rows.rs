//! Which rows below a header hold no hazards: the header and the title once more on every printed page, a row that
//! numbers the columns, a legend below the table.
//!
//! A row is left out only where it cannot be of a hazard; what is in doubt is read.

use super::columns::Column;
use super::head::Head;
use crate::intake::hazard_log::field::Field;
use crate::intake::workbook::{Address, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that repeat what stands above the hazards.
pub(super) fn repeated(sheet: &Sheet, head: &Head, rows: &[u32]) -> BTreeMap<u32, &'static str> {
    // What stands above the headers is a title, or a few labels with their values.
    const FEW: usize = 4;
    let above: BTreeSet<String> =
        sheet.rows().range(..head.top).map(|row| texts(sheet, *row).join("\n")).collect();
    let reason = |row: u32| {
        if head.is_repeated_by(sheet, row) {
            Some("the header row once more")
        } else if sheet.row(row).count() <= FEW && above.contains(&texts(sheet, row).join("\n")) {
            Some("what stands above the headers once more")
        } else if Some(&row) == rows.first() && numbers_columns(sheet, row) {
            Some("it numbers the columns")
        } else {
            None
        }
    };
    rows.iter().filter_map(|row| Some((*row, reason(*row)?))).collect()
}

fn texts(sheet: &Sheet, row: u32) -> Vec<String> {
    let cells = sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty());
    cells.map(|(address, cell)| format!("{} {}", address.column, cell.text.trim())).collect()
}

/// `1 | 2 | 3 | 4`: numbers that only count.
fn numbers_columns(sheet: &Sheet, row: u32) -> bool {
    let numbers: Vec<Option<u32>> = sheet
        .row(row)
        .filter(|(_, cell)| !cell.text.trim().is_empty())
        .map(|(_, cell)| cell.text.trim().trim_matches(['(', ')']).parse().ok())
        .collect();
    numbers.len() > 3 && (1..).zip(numbers).all(|(expected, number)| number == Some(expected))
}

/// The blocks of rows below the table that are no hazards: a blank row stands above them, and none of their rows has a
/// hazard number of the table's own kind, or enough fields to be of a hazard.
pub(super) fn legend(sheet: &Sheet, columns: &[Column], rows: &[u32]) -> Vec<u32> {
    /// A legend explains a word in the cell beside it; a row with more than that is of a hazard.
    const FULL: usize = 3;
    let table = Table::of(sheet, columns);
    let mut blocks: Vec<&[u32]> = rows.chunk_by(|above, below| above + 1 == *below).collect();
    let Some(first) = blocks.first() else { return Vec::new() };
    let known: BTreeSet<&str> = first.iter().filter_map(|row| table.id(*row)).collect();
    let shapes: BTreeSet<String> = known.iter().map(|id| shape(id)).collect();
    let usual = table.usual(first);
    let mut legend = Vec::new();
    while blocks.len() > 1 {
        let Some(block) = blocks.pop() else { break };
        let of_hazard = |row: &u32| match table.id(*row) {
            // A full row is a hazard's, whatever it calls it.
            Some(_) if table.filled(*row) >= FULL && table.filled(*row) * 2 > usual => true,
            Some(id) => shapes.contains(&shape(id)) && !known.contains(id),
            None => table.filled(*row) >= FULL,
        };
        if shapes.is_empty() || block.iter().any(of_hazard) {
            break;
        }
        legend.extend_from_slice(block);
    }
    // A sentence alone in the first column is a note, which needs no mapping to be seen as one.
    legend.retain(|row| !table.is_note(*row));
    legend.sort_unstable();
    legend
}

/// The understood columns of a table.
struct Table<'a> {
    sheet: &'a Sheet,
    id: Option<u32>,
    understood: Vec<u32>,
}

impl<'a> Table<'a> {
    fn of(sheet: &'a Sheet, columns: &[Column]) -> Self {
        let id =
            columns.iter().find(|column| column.field == Some(Field::HazardId)).map(|column| column.number);
        let understood =
            columns.iter().filter(|column| column.field.is_some()).map(|column| column.number).collect();
        Self { sheet, id, understood }
    }

    fn id(&self, row: u32) -> Option<&'a str> {
        self.sheet.text(Address { row, column: self.id? })
    }

    fn is_note(&self, row: u32) -> bool {
        const LONGEST_NUMBER: usize = 24;
        let alone = self.sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty()).count() == 1;
        alone && self.id(row).is_some_and(|id| id.chars().count() > LONGEST_NUMBER)
    }

    /// How many understood columns of a row hold something.
    fn filled(&self, row: u32) -> usize {
        self.understood
            .iter()
            .filter(|column| self.sheet.text(Address { row, column: **column }).is_some())
            .count()
    }

    /// How many columns a row of these has, in the middle of them.
    fn usual(&self, rows: &[u32]) -> usize {
        let mut counts: Vec<usize> = rows.iter().map(|row| self.filled(*row)).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or_default()
    }
}

/// What kind of number this is: `H01` and `H112` are of one kind, `1.02` and `Key` are of others.
fn shape(id: &str) -> String {
    let mut shape = String::new();
    for sign in id.chars() {
        let kind = if sign.is_ascii_digit() {
            '9'
        } else if sign.is_alphabetic() {
            'a'
        } else {
            sign
        };
        if !shape.ends_with(kind) {
            shape.push(kind);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_kind_have_one_shape() {
        assert_eq!(shape("H01"), shape("HAZ112"));
        assert_ne!(shape("1.02"), shape("1"));
        assert_ne!(shape("H01"), shape("Key"));
    }
}
