//! Writing a hazard log back, for people who go on working on it in a spreadsheet.
//!
//! A log is laid out as one [`Table`], which becomes a sheet of a workbook ([`workbook`]) or a file of its own
//! ([`csv`]). There are two layouts. The NHS template has a row a hazard, and ties a control to its cause by equal
//! list numbers in two cells. Where controls have ids, owners and statuses of their own there is a row for each
//! control. Neither can say everything, and no rule about texts is as sure as looking: so an export is read again
//! before anybody relies on it, and [`differences`] says what did not come back.
//!
//! A text stays a text: no spreadsheet takes one for a formula, whatever it begins with. Nothing is cut.

mod control_rows;
pub mod csv;
mod differences;
mod error;
mod lists;
mod name;
mod table;
mod template;
pub mod workbook;

use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::{Case, Date};
pub use differences::{Difference, differences};
pub use error::ExportError;
pub use name::file_stem;
pub use table::{Column, Content, Row, Stage, Table};
pub use template::HEADERS;

/// A hazard log to be written, with what it takes from its case.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    pub log: &'a HazardLog,
    /// The risk policies that its hazards are rated by, the main one first.
    pub policies: Vec<&'a RiskPolicy>,
    /// Title of the document: the log's own, or that of its product.
    pub title: String,
    /// The date that the file claims to be made on.
    pub date: Date,
}

impl<'a> Export<'a> {
    /// The hazard log of a case. The date is that of the log's version where it is one, else the as-of date.
    #[must_use]
    pub fn of(case: &'a Case, as_of: Date) -> Self {
        let log = &case.hazard_log;
        let stated = log.version_date.as_deref().and_then(Date::parse_stated);
        Self {
            log,
            policies: case.policies().collect(),
            title: log.title.clone().unwrap_or_else(|| format!("{} hazard log", case.product.name)),
            date: stated.unwrap_or(as_of),
        }
    }

    /// The log as a table.
    #[must_use]
    pub fn table(&self, layout: Layout) -> Table<'a> {
        match layout {
            Layout::Template => template::table(self.log),
            Layout::ControlRows => control_rows::table(self.log),
        }
    }

    fn policy(&self, id: &str) -> Option<&'a RiskPolicy> {
        self.policies.iter().copied().find(|policy| policy.id == id)
    }
}

/// What a row of the exported log stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A row a hazard, in the columns of the NHS template.
    Template,
    /// A row a control.
    ControlRows,
}

impl Layout {
    /// What a row stands for, in words.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Template => "a row a hazard, in the columns of the NHS template",
            Self::ControlRows => "a row a control",
        }
    }
}
