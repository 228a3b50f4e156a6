//! Merged cells: the value stands in the first cell and counts for every row that the merge covers.

use crate::intake::workbook::{Address, Sheet};
use std::collections::BTreeMap;

/// The merges of a sheet that reach over several rows, by their first column.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// First and last row of each merge, in order. Merges of a sheet do not overlap.
    columns: BTreeMap<u32, Vec<(u32, u32)>>,
}

impl Merged {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let mut columns: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for (first, last) in sheet.merges.iter().filter(|(first, last)| first.row < last.row) {
            columns.entry(first.column).or_default().push((first.row, last.row));
        }
        for rows in columns.values_mut() {
            rows.sort_unstable();
        }
        Self { columns }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The cell that holds the value of this one: itself, unless it is merged with one above.
    pub(super) fn holder(&self, address: Address) -> Address {
        let covering = |rows: &Vec<(u32, u32)>| {
            let after = rows.partition_point(|(first, _)| *first <= address.row);
            let (first, last) = *rows.get(after.checked_sub(1)?)?;
            (address.row <= last).then_some(first)
        };
        let row = self.columns.get(&address.column).and_then(covering).unwrap_or(address.row);
        Address { row, ..address }
    }

    /// Whether this cell is merged with one above.
    pub(super) fn continues(&self, address: Address) -> bool {
        self.holder(address) != address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_cell_is_held_by_its_first_row() {
        let at = |row, column| Address { row, column };
        let mut sheet = Sheet::default();
        sheet.merges = vec![(at(5, 0), at(6, 2)), (at(1, 0), at(3, 0)), (at(8, 0), at(8, 4))];
        let merged = Merged::of(&sheet);
        assert_eq!(merged.holder(at(3, 0)), at(1, 0));
        assert_eq!(merged.holder(at(6, 0)), at(5, 0));
        for own in [at(0, 0), at(1, 0), at(4, 0), at(7, 0), at(8, 0), at(2, 1)] {
            assert!(!merged.continues(own), "{own}");
        }
    }
}
