//! Why a workbook is not read: while it is read nobody knows yet what the file is called.

use super::Address;
use super::limits::Limit;
use crate::case::Place;
use crate::intake::InputError;
use std::fmt::Display;

/// What is wrong, where in the workbook, and what to do.
#[derive(Debug)]
pub(super) struct Fault {
    what: String,
    remedy: String,
    cell: Option<(String, Address)>,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into(), cell: None }
    }

    /// The file is more than a limit allows.
    pub(super) fn beyond(limit: Limit, what: String) -> Self {
        Self::new(what, limit.remedy())
    }

    /// The file is of a kind that is read, and broken.
    pub(super) fn damaged(error: &dyn Display) -> Self {
        Self::new(
            format!("The workbook is damaged: {error}"),
            "open it in a spreadsheet program, let it repair the file, and save it again as .xlsx",
        )
    }

    pub(super) fn in_cell(mut self, sheet: &str, address: Address) -> Self {
        self.cell = Some((sheet.to_owned(), address));
        self
    }

    /// The error that the user sees.
    pub(super) fn of(self, file: &str) -> InputError {
        let place = match self.cell {
            Some((sheet, address)) => Place::cell(file, sheet, address.to_string()),
            None => Place::file(file),
        };
        InputError::new(self.what).at(place).hint(self.remedy)
    }
}
