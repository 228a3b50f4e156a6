//! How much of a file is read before it is refused.
//!
//! A small file can unpack to more than a machine holds, one long text can stand in a million cells, and a sheet
//! can claim a million rows. What a file says of its own size is not believed: everything is counted as it is
//! read. Each refusal names the limit and the option that raises it.

use super::fault::Fault;
use super::{Address, Cell, Sheet};
use crate::intake::InputError;
use crate::intake::files::read_within;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Sizes beyond which a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size on disk, in MiB.
    pub file_mib: u64,
    /// Size once unpacked, in MiB: of the parts of the file together, and again of the text of all cells together.
    pub unpacked_mib: u64,
    /// Cells that hold something, in all sheets together.
    pub cells: u64,
    /// Sheets of one workbook.
    pub sheets: u64,
    /// Text of one cell, in KiB.
    pub cell_kib: u64,
}

impl Default for Limits {
    /// Many times what any known hazard log holds.
    fn default() -> Self {
        Self { file_mib: 64, unpacked_mib: 1024, cells: 2_000_000, sheets: 500, cell_kib: 1024 }
    }
}

impl Limits {
    /// The bytes of a file that is named to the user as `name`.
    ///
    /// # Errors
    /// If it cannot be read or is larger than the limit.
    pub fn read_file(&self, path: &Path, name: &str) -> Result<Vec<u8>, InputError> {
        read_within(path, name, self.file_mib, &Limit::File.remedy())
    }

    /// Parts of a zip archive. A sheet has a handful: its cells, comments, drawings and the pictures on them.
    pub(super) fn parts(&self) -> u64 {
        self.sheets.saturating_mul(20)
    }
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    File,
    Unpacked,
    Cells,
    Sheets,
    Cell,
}

impl Limit {
    /// What to do about a file that is beyond this limit.
    pub(super) fn remedy(self) -> String {
        let (wrong, option) = match self {
            Self::File => {
                ("take out pictures and sheets that are not part of the hazard log", "--max-file-mib")
            }
            Self::Unpacked => {
                ("take out pictures and sheets that are not part of the hazard log", "--max-unpacked-mib")
            }
            Self::Cells => ("take out what is not part of the hazard log", "--max-cells"),
            Self::Sheets => ("take out sheets that are not part of the hazard log", "--max-sheets"),
            Self::Cell => ("shorten it", "--max-cell-kib"),
        };
        format!("make sure that it is the right file, and {wrong}; or raise the limit with {option}")
    }
}

/// What has been read of a workbook, against its limits.
#[derive(Debug)]
pub(super) struct Quota<'a> {
    pub(super) limits: &'a Limits,
    cells: u64,
    text: u64,
    sheets: u64,
}

impl<'a> Quota<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, cells: 0, text: 0, sheets: 0 }
    }

    /// Counts one more sheet.
    pub(super) fn sheet(&mut self) -> Result<(), Fault> {
        self.sheets += 1;
        if self.sheets > self.limits.sheets {
            return Err(Fault::beyond(
                Limit::Sheets,
                format!("The workbook has more than {} sheets", self.limits.sheets),
            ));
        }
        Ok(())
    }

    /// Puts a cell that holds something into its sheet.
    pub(super) fn admit(&mut self, sheet: &mut Sheet, address: Address, cell: Cell) -> Result<(), Fault> {
        self.count(&sheet.name, address, &cell)?;
        sheet.insert(address, cell);
        Ok(())
    }

    /// Adds a formula to a cell, whether or not it shows anything.
    pub(super) fn formula(
        &mut self,
        sheet: &mut Sheet,
        address: Address,
        formula: &str,
    ) -> Result<(), Fault> {
        if formula.is_empty() {
            return Ok(());
        }
        let mut cell = sheet.cells.remove(&address).unwrap_or_default();
        cell.formula = Some(formula.to_owned());
        self.admit(sheet, address, cell)
    }

    fn count(&mut self, sheet: &str, address: Address, cell: &Cell) -> Result<(), Fault> {
        let size = (cell.text.len() + cell.formula.as_ref().map_or(0, String::len)) as u64;
        if size > self.limits.cell_kib << 10 {
            let what =
                format!("The cell holds {} KiB; the limit is {} KiB", size >> 10, self.limits.cell_kib);
            return Err(Fault::beyond(Limit::Cell, what).in_cell(sheet, address));
        }
        self.text += size;
        if self.text > self.limits.unpacked_mib << 20 {
            let what =
                format!("The cells hold more than {} MiB of text, the limit", self.limits.unpacked_mib);
            return Err(Fault::beyond(Limit::Unpacked, what).in_cell(sheet, address));
        }
        self.cells(1).map_err(|fault| fault.in_cell(sheet, address))
    }

    /// Counts cells that a reader is about to make room for.
    pub(super) fn cells(&mut self, count: u64) -> Result<(), Fault> {
        self.cells = self.cells.saturating_add(count);
        if self.cells > self.limits.cells {
            let what = format!("More than {} cells hold something, which is the limit", self.limits.cells);
            return Err(Fault::beyond(Limit::Cells, what));
        }
        Ok(())
    }
}
