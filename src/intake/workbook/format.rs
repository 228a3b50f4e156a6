//! The formats that a workbook is read from.

use serde::Serialize;
use std::fmt;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Excel, as XML.
    #[default]
    Xlsx,
    /// Excel, as XML, with macros.
    Xlsm,
    /// Excel, binary.
    Xlsb,
    /// Excel up to 2003.
    Xls,
    /// `OpenDocument`.
    Ods,
    /// Text with a delimiter between cells, such as .csv and .tsv.
    Delimited,
    /// Tables in a Markdown document.
    Markdown,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Xlsx => "Excel workbook (.xlsx)",
            Self::Xlsm => "Excel workbook with macros (.xlsm)",
            Self::Xlsb => "binary Excel workbook (.xlsb)",
            Self::Xls => "old Excel workbook (.xls)",
            Self::Ods => "OpenDocument spreadsheet (.ods)",
            Self::Delimited => "delimited text (.csv, .tsv)",
            Self::Markdown => "Markdown tables (.md)",
        })
    }
}

impl Format {
    /// Whether rows, comments or words may be hidden, crossed out or lost without anything to tell of it.
    #[must_use]
    pub fn tells_less(self) -> bool {
        matches!(self, Self::Xlsb | Self::Xls | Self::Delimited)
    }

    /// What may be in such a file, or in the workbook that it was made from, and is not seen here; as a sentence.
    #[must_use]
    pub fn does_not_show(self) -> Option<&'static str> {
        match self {
            Self::Xlsx | Self::Xlsm | Self::Markdown => None,
            Self::Xlsb => Some(
                "Of this format only the cells and sheets are read: merged cells (a merged value counts for its first row alone), hidden rows and columns, comments, struck-through text, drop-down lists, links, pictures and text boxes are not seen.",
            ),
            Self::Xls => Some(
                "Of this format only the cells and sheets are read: hidden rows and columns, comments, struck-through text, drop-down lists, links, pictures and text boxes are not seen.",
            ),
            Self::Ods => Some("Of this format text in headers and footers of the page is not read."),
            Self::Delimited => Some(
                "This format holds the text of one sheet and nothing else: if it was saved from a spreadsheet, its other sheets, formulas, comments, struck-through text, drop-down lists and text boxes are not in it, and rows that were hidden there look like any other.",
            ),
        }
    }
}
