//! How a hazard log was understood: what `cscr import --explain` shows.
//!
//! Nothing in the workbook goes without a word: of every sheet it says what it was taken for, of every column, and
//! each cell with content is counted as read, not read, or left out with a reason.

use super::field::Field;
use super::layout::Layout;
use crate::intake::workbook::{Format, Sheet};
use ecow::EcoString;
use serde::Serialize;

/// What each sheet and column was taken for and why, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub format: Format,
    /// How the file was read, what it holds that is no cell, and what its format cannot show.
    pub notes: Vec<String>,
    pub sheets: Vec<SheetReading>,
    /// The tables of hazards, in the order in which they were read.
    pub tables: Vec<TableReading>,
    /// Cells with content in the hazard sheets that no field took.
    pub unmapped: Vec<UnmappedCell>,
    /// Content of the hazard sheets that was left out on purpose, with the reason.
    pub ignored: Vec<IgnoredCells>,
    pub hazards: Vec<HazardReading>,
    /// Cells of the hazard sheets with content.
    pub cells: usize,
    /// Cells of those that a field took.
    pub mapped: usize,
    /// All sheets together.
    pub total: CellCount,
}

impl Explanation {
    /// The cells of the hazard sheets.
    pub(super) fn count(&self) -> CellCount {
        CellCount {
            cells: self.cells,
            mapped: self.mapped,
            unmapped: self.unmapped.len(),
            ignored: self.ignored.iter().map(|ignored| ignored.count).sum(),
        }
    }

    /// Adds what is said of one table; with several, its cells are named with their sheet.
    pub(super) fn absorb(&mut self, table: Self, layout: &Layout<'_>, is_one_of_several: bool) {
        self.cells += table.cells;
        self.mapped += table.mapped;
        let sheet = is_one_of_several.then(|| EcoString::from(layout.sheet.name.trim()));
        self.unmapped
            .extend(table.unmapped.into_iter().map(|cell| UnmappedCell { sheet: sheet.clone(), ..cell }));
        self.ignored.extend(table.ignored);
        self.hazards.extend(table.hazards);
    }
}

/// What became of cells with content. The three parts are the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CellCount {
    pub cells: usize,
    /// Their content reached the case or an observation.
    pub mapped: usize,
    /// Nothing was made of them.
    pub unmapped: usize,
    /// They were left out for a reason.
    pub ignored: usize,
}

impl CellCount {
    pub(super) fn add(&mut self, other: Self) {
        self.cells += other.cells;
        self.mapped += other.mapped;
        self.unmapped += other.unmapped;
        self.ignored += other.ignored;
    }
}

/// How sure it is what something was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    Guess,
    Likely,
    Certain,
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Guess => "a guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetReading {
    pub sheet: String,
    #[serde(rename = "taken_for")]
    pub role: SheetRole,
    pub confidence: Confidence,
    pub why: String,
    pub count: CellCount,
    /// Cells that were left out, with the reason.
    pub ignored: Vec<IgnoredCells>,
    /// What is not a cell's value: comments, text boxes, pictures, struck-through and hidden content.
    pub beside: Vec<Beside>,
}

impl SheetReading {
    /// A sheet whose cells are still to be counted.
    pub(super) fn new(sheet: &Sheet, role: SheetRole, confidence: Confidence, why: String) -> Self {
        let (count, ignored, beside) = (CellCount::default(), Vec::new(), Vec::new());
        Self { sheet: sheet.name.to_string(), role, confidence, why, count, ignored, beside }
    }
}

/// Something on a sheet that is not a cell's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// Where it is, if it has a cell, a row or a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<String>,
    /// What it is, and what became of it.
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
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
    /// The mapping says, with a reason, that it is not to be read.
    Ignored,
}

impl SheetRole {
    /// Whether the sheet is read.
    #[must_use]
    pub fn is_read(self) -> bool {
        !matches!(self, Self::NotRead | Self::OtherHazards | Self::Ignored)
    }
}

impl std::fmt::Display for SheetRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Hazards => "hazards",
            Self::OtherHazards | Self::NotRead => "not read",
            Self::CoverPage => "cover page",
            Self::VersionHistory => "version history",
            Self::RiskMatrix => "risk matrix",
            Self::Ignored => "ignored",
            Self::Linked => "causes and controls",
        })
    }
}

/// One table of hazards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReading {
    pub sheet: String,
    /// Header rows as the spreadsheet numbers them, from 1.
    pub header_rows: Vec<u32>,
    /// What its rows stand for, in words.
    pub layout: String,
    pub columns: Vec<ColumnReading>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnReading {
    /// Cell of the header, such as `G1`.
    pub cell: String,
    pub header: String,
    /// `None` where the column was not understood, or is left out.
    pub field: Option<Field>,
    pub confidence: Confidence,
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnmappedCell {
    /// The sheet, where several are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<EcoString>,
    pub cell: EcoString,
    pub header: Option<EcoString>,
    pub text: EcoString,
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
