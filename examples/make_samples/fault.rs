//! Faults that are put into a finished sheet on purpose, each by its cell.

use super::Outcome;
use super::style;
use cscr::intake::workbook::Address;
use rust_xlsxwriter::{Formula, Note, Workbook, Worksheet};
use serde::Deserialize;

/// What to do to one cell, or to its row.
#[derive(Debug, Deserialize)]
pub struct Fault {
    #[serde(default = "hazard_log")]
    pub sheet: String,
    /// Cell, such as `P7`.
    pub cell: String,
    /// What is wrong, for whoever reads the source.
    #[allow(dead_code, reason = "the file requires it of its authors; the program has no use for it")]
    pub why: String,
    #[serde(flatten)]
    pub change: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Text(String),
    Number(f64),
    /// A change that needs no words.
    Make(Made),
    /// A formula and the value that the file claims it had.
    Formula {
        formula: String,
        cached: String,
    },
    /// The words of the cell stand struck through before what follows.
    Struck {
        gone: String,
        stays: String,
    },
    Comment(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// The cell is emptied.
    Blank,
    /// The row of the cell is hidden.
    RowHidden,
}

fn hazard_log() -> String {
    "Hazard Log".to_owned()
}

/// Applies the faults in their order to a workbook that has all its sheets.
pub fn apply(workbook: &mut Workbook, faults: &[Fault]) -> Outcome {
    faults.iter().try_for_each(|fault| fault.apply(workbook.worksheet_from_name(&fault.sheet)?))
}

impl Fault {
    fn apply(&self, sheet: &mut Worksheet) -> Outcome {
        let address: Address =
            self.cell.parse().map_err(|_| format!("\"{}\" is not a cell address", self.cell))?;
        let (row, column) = (address.row, u16::try_from(address.column)?);
        let body = style::body();
        match &self.change {
            Change::Text(text) => sheet.write_string_with_format(row, column, text, &body)?,
            Change::Number(number) => sheet.write_number_with_format(row, column, *number, &body)?,
            Change::Make(Made::Blank) => sheet.write_blank(row, column, &body)?,
            Change::Formula { formula, cached } => {
                let formula = Formula::new(formula).set_result(cached);
                sheet.write_formula_with_format(row, column, formula, &body)?
            }
            Change::Struck { gone, stays } => {
                let struck = body.clone().set_font_strikethrough();
                sheet.write_rich_string_with_format(row, column, &[(&struck, gone), (&body, stays)], &body)?
            }
            Change::Comment(comment) => {
                sheet.insert_note(row, column, &Note::new(comment).set_author("Reviewer"))?
            }
            Change::Make(Made::RowHidden) => sheet.set_row_hidden(row)?,
        };
        Ok(())
    }
}
