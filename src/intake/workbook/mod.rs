//! A spreadsheet as a sparse grid of cells with addresses, whatever format it came in.
//!
//! What a file is, is found out by its bytes ([`sniff`]) and never by its name. Only cells that hold something are
//! kept, however large the rectangle that a sheet claims to use, and everything is counted against [`Limits`] as
//! it is read. What a format cannot show (an .xls file tells of no hidden rows, a .csv file of no comments) and
//! what was left alone (macros, other files) is said in [`Workbook::notes`].

pub mod address;
mod binary;
mod compound;
mod container;
mod delimited;
mod encoding;
mod excel;
mod fault;
mod format;
mod limits;
mod markdown;
mod notes;
mod open_document;
mod package;
mod read;
mod sniff;
pub mod validation;
mod xml;

use crate::case::folding::fold;
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};

pub use address::Address;
pub use format::Format;
pub use limits::Limits;
pub(crate) use package::WorkbookParts;
pub use validation::ListValidation;

/// Opens a zip archive that need not be a workbook, within the limits of one: nothing in it unpacks to more than they
/// allow.
///
/// # Errors
/// If it is damaged, under a password, or beyond the limits.
pub(crate) fn open_archive<'a>(
    name: &str,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<zip::ZipArchive<std::io::Cursor<&'a [u8]>>, crate::intake::InputError> {
    container::open(bytes, limits).map_err(|fault| fault.of(name))
}

/// A workbook as it was read: its sheets in order, and what lies beside them.
#[derive(Debug, Clone, Default)]
pub struct Workbook {
    /// Path as the case folder names it.
    pub file: EcoString,
    pub format: Format,
    pub sheets: Vec<Sheet>,
    pub defined_names: Vec<DefinedName>,
    /// How the file was read, what it holds that is no cell, and what its format cannot show; as sentences.
    pub notes: Vec<String>,
    /// Days are numbered from the start of 1904, as early Macintosh spreadsheets did, and not from 1900.
    pub from_1904: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedName {
    pub name: String,
    pub refers_to: String,
}

#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub name: EcoString,
    pub hidden: bool,
    /// It is hidden so that not even the spreadsheet program lists it.
    pub very_hidden: bool,
    cells: BTreeMap<Address, Cell>,
    pub merges: Vec<(Address, Address)>,
    /// Rows that are hidden or filtered out and hold something, from 0.
    pub hidden_rows: BTreeSet<u32>,
    /// Columns that are hidden and hold something, from 0.
    pub hidden_columns: BTreeSet<u32>,
    /// Cells whose number format shows nothing, whatever they hold.
    pub concealed: BTreeSet<Address>,
    /// Comments and conversations.
    pub comments: BTreeMap<Address, String>,
    /// Where the links of cells lead; within the workbook, from `#`.
    pub links: BTreeMap<Address, String>,
    /// The words of headers and footers of the printed page.
    pub page_texts: Vec<String>,
    /// Drop-down lists.
    pub validations: Vec<ListValidation>,
    /// What lies over the cells.
    pub drawing: Drawing,
    /// The last row in which the file has a cell, from 0, whether or not the cell holds something.
    pub last_row: Option<u32>,
    /// Rows that the format itself needs and that can hold nothing: the line under the header of a Markdown table.
    pub rules: BTreeSet<u32>,
}

/// What lies over the cells of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Pictures and charts.
    pub pictures: usize,
    /// The words of each text box that has any.
    pub text_boxes: Vec<String>,
}

/// A cell that holds something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// What the cell shows, as text: a number without needless decimals, a date as year-month-day, an
    /// error as Excel writes it (`#REF!`). Not trimmed.
    pub text: String,
    pub kind: CellKind,
    /// The formula, without `=`; `text` is then the value that was cached when the file was saved.
    pub formula: Option<String>,
    /// All or part of the text is struck through.
    pub struck_through: bool,
    /// The words that are struck through, where it is not the whole text.
    pub struck_words: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum CellKind {
    #[default]
    Text,
    Number(f64),
    Date,
    Bool,
    Error,
    /// A formula whose value was not saved, as programs that only write spreadsheets leave it: nobody knows what the
    /// cell shows.
    Unsaved,
}

impl CellKind {
    /// The kind of a text in a format that has no kinds: an error as a spreadsheet shows it, or text.
    fn of_text(text: &str) -> Self {
        const ERRORS: [&str; 8] =
            ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA"];
        if ERRORS.contains(&text.trim()) { Self::Error } else { Self::Text }
    }
}

impl Workbook {
    /// The sheet with this name, however it is cased or spaced.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| fold(&sheet.name) == fold(name))
    }
}

impl Sheet {
    /// Puts a cell at an address, in place of what stood there.
    pub fn insert(&mut self, address: Address, cell: Cell) {
        self.cells.insert(address, cell);
    }

    #[must_use]
    pub fn cell(&self, address: Address) -> Option<&Cell> {
        self.cells.get(&address)
    }

    /// The trimmed text of a cell; `None` where there is none or only space.
    #[must_use]
    pub fn text(&self, address: Address) -> Option<&str> {
        self.cells.get(&address).map(|cell| cell.text.trim()).filter(|text| !text.is_empty())
    }

    /// All cells that hold something, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (Address, &Cell)> {
        self.cells.iter().map(|(address, cell)| (*address, cell))
    }

    /// The cells of one row, from left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (Address, &Cell)> {
        self.cells
            .range(Address { row, column: 0 }..=Address { row, column: u32::MAX })
            .map(|(address, cell)| (*address, cell))
    }

    /// The rows that hold something, in order.
    #[must_use]
    pub fn rows(&self) -> BTreeSet<u32> {
        self.cells.keys().map(|address| address.row).collect()
    }
}
