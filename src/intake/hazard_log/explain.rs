//! How a hazard log was understood: what `cscr import --explain` shows.

use super::field::Field;
use crate::intake::workbook::Format;
use serde::Serialize;

/// What each sheet and column was taken for and why, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub format: Format,
    /// How the file was read, what it holds that is no cell, and what its format cannot show.
    pub notes: Vec<String>,
    pub sheets: Vec<SheetReading>,
    /// Layout of the hazard sheet, in words.
    pub layout: String,
    pub columns: Vec<ColumnReading>,
    /// Cells with content in the hazard sheet that no field took.
    pub unmapped: Vec<UnmappedCell>,
    /// Content of the hazard sheet that was left out on purpose, with the reason.
    pub ignored: Vec<IgnoredCells>,
    pub hazards: Vec<HazardReading>,
    /// Cells of the hazard sheet with content.
    pub cells: usize,
    /// Cells of those that a field took.
    pub mapped: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetReading {
    pub sheet: String,
    #[serde(rename = "taken_for")]
    pub role: SheetRole,
    pub why: String,
}

/// What a sheet was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetRole {
    Hazards,
    /// It has the headers of a hazard log, but another sheet has more.
    OtherHazards,
    CoverPage,
    VersionHistory,
    RiskMatrix,
    NotRead,
}

impl std::fmt::Display for SheetRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Hazards => "hazards",
            Self::OtherHazards | Self::NotRead => "not read",
            Self::CoverPage => "cover page",
            Self::VersionHistory => "version history",
            Self::RiskMatrix => "risk matrix",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnReading {
    /// Cell of the header, such as `G1`.
    pub cell: String,
    pub header: String,
    /// `None` where the column was not understood.
    pub field: Option<Field>,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnmappedCell {
    pub cell: String,
    pub header: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredCells {
    /// A cell or a range of cells.
    pub cells: String,
    pub count: usize,
    pub reason: String,
}

/// How one hazard was put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HazardReading {
    pub hazard: String,
    /// Rows as the spreadsheet numbers them, from 1.
    pub rows: Vec<u32>,
    pub causes: usize,
    pub existing_controls: usize,
    pub additional_controls: usize,
    /// Control entries that say that there is none.
    pub none_entries: usize,
}
