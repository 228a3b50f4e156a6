//! What intake noticed while reading, beside the values themselves.
//!
//! The reader of a spreadsheet sees things that the case cannot hold: a hidden row, a formula that reads
//! the wrong column, an id that two rows share. It records them here, in words, with their place. What
//! they weigh is for assurance to say: each kind belongs to one check.

use super::Place;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Observation {
    pub kind: ObservationKind,
    /// Key of the hazard it concerns.
    pub hazard: Option<String>,
    pub place: Option<Place>,
    /// What was seen, as a sentence.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObservationKind {
    /// A row without a hazard number, or with one that only counts up, was joined to a hazard.
    RowJoined,
    /// One hazard id on rows that describe different hazards.
    DuplicateHazardId,
    /// A control id used twice in a hazard.
    DuplicateControlId,
    /// A control without an id where its neighbours have one.
    MissingControlId,
    /// An id written in two ways, such as `101` and `0101`.
    IdSpelling,
    /// A control's id does not begin with its cause's, or a cause's not with its hazard's.
    IdPrefix,
    /// Numbered lists of one row that differ in length.
    ListLength,
    /// A row or column with content that the spreadsheet hides or filters out.
    Hidden,
    /// An entry of a control cell that says that there is no control, with more to say than `None`.
    NotAControl,
    /// Rows of one hazard that state different things where they should agree.
    RowsDisagree,
    /// Rows of one hazard that rate it differently.
    RatingsDisagree,
    /// A cell with what belongs under the header beside it.
    ShiftedContent,
    /// A control that is said to be transferred, and not to whom.
    TransferWithoutRecipient,
    /// Struck-through text: imported, and possibly meant to be gone.
    StruckThrough,
    /// A cell comment.
    Comment,
    /// A risk formula that reads other cells than its row's severity and likelihood.
    FormulaReadsOtherCells,
    /// An error value, such as `#REF!`, in a cell that matters.
    ErrorValue,
    /// Formulas whose values were not saved with the file.
    UnsavedValue,
    /// A defined name that leads nowhere.
    BrokenName,
    /// A word that the cell's own drop-down list does not have.
    NotInList,
    /// A date that is none.
    MalformedDate,
    /// A cell with content under a column that was not understood.
    Unmapped,
    /// A sheet, a picture or a text box that was not read.
    SheetNotRead,
    /// A sheet that only lists words of the hazard sheet, such as those of a drop-down list.
    ListsNotRead,
    /// Rows of the hazard sheet that hold nothing, between the hazards or below them.
    BlankRows,
    /// The file is in a format that does not tell of hidden rows, comments and the like.
    FormatTellsLess,
    /// A further sheet that looks like a list of hazards and was not read.
    HazardSheetNotRead,
    /// Rows that would fit another layout than the one that the sheet was read in.
    LayoutInDoubt,
    /// What there is to say of how the hazard log of another organisation was read.
    ReceivedLog,
    /// An input file or section that nothing uses.
    Unused,
    /// A file that evidence names and that does not exist; its place is that of `evidence/<id>/file`.
    MissingFile,
    /// The file that shows an approval is gone, or is another than it was.
    ApprovalEvidence,
    /// The copy of the case that was kept with an approval is gone, or was altered.
    AlteredSnapshot,
    /// A character that none of the report's fonts has.
    Unprintable,
}
