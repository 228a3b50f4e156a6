//! The options that raise the limits of what is read of a spreadsheet.

use crate::intake::workbook::Limits;
use clap::Args;

/// How much of a spreadsheet is read before it is refused.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitOptions {
    /// Size of a spreadsheet on disk, in MiB
    #[arg(long = "max-file-mib", value_name = "MIB", default_value_t = Limits::default().file_mib, value_parser = mib())]
    file_mib: u64,
    /// Size of a spreadsheet once unpacked, in MiB
    #[arg(long = "max-unpacked-mib", value_name = "MIB", default_value_t = Limits::default().unpacked_mib, value_parser = mib())]
    unpacked_mib: u64,
    /// Cells of a spreadsheet that hold something
    #[arg(long = "max-cells", value_name = "N", default_value_t = Limits::default().cells)]
    cells: u64,
    /// Sheets of a spreadsheet
    #[arg(long = "max-sheets", value_name = "N", default_value_t = Limits::default().sheets)]
    sheets: u64,
    /// Text of one cell, in KiB
    #[arg(long = "max-cell-kib", value_name = "KIB", default_value_t = Limits::default().cell_kib, value_parser = mib())]
    cell_kib: u64,
}

/// Sizes that can be told in bytes.
fn mib() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=1 << 40)
}

impl LimitOptions {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            file_mib: self.file_mib,
            unpacked_mib: self.unpacked_mib,
            cells: self.cells,
            sheets: self.sheets,
            cell_kib: self.cell_kib,
        }
    }
}
