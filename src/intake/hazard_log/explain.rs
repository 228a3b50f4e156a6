//! How a hazard log was understood: what `cscr import --explain` shows.

use super::field::Field;
use serde::Serialize;

/// What each sheet and column was taken for and why, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
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
    /// Causes, controls, or what links them to the hazards.
    Linked,
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
            Self::Linked => "causes and controls",
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
    /// What was done beyond taking each cell as it stands.
    pub notes: Vec<HazardNote>,
}

/// Something that was done to make a hazard of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HazardNote {
    pub what: NoteKind,
    /// Cell or cells that it was done with.
    pub cells: String,
    /// As a sentence.
    pub says: String,
}

/// What was done with a cell or row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A row without the hazard's number, or with another, was taken for the hazard's.
    Joined,
    /// A value counts for rows that do not hold it.
    Inherited,
    /// The list of a cell was taken apart.
    Split,
    /// An id was made, or changed so that it is unique.
    Renamed,
    /// One of several values was taken.
    Chosen,
    /// An entry of a list was left out.
    NotTaken,
}

impl std::fmt::Display for NoteKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Joined => "joined",
            Self::Inherited => "inherited",
            Self::Split => "split",
            Self::Renamed => "renamed",
            Self::Chosen => "chosen",
            Self::NotTaken => "not taken",
        })
    }
}
