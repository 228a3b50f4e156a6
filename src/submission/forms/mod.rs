//! Forms of others, filled in with what a case answers.
//!
//! A form stays its owner's: a copy of the workbook is written in which nothing is otherwise but the cells that were
//! answered and the values that follow from them. Every other part of the package is copied as it lies there,
//! compressed bytes and all; of the one part that changes, everything outside those cells ([`part`]). An answer is put
//! into its cell as an inline string, so that the strings that all sheets share keep their numbers.
//!
//! *What follows from an answer* are formulas. A program that opens a workbook need not compute them, and a reader of
//! the file (this program's own included) sees what was saved last: a form whose answers say level 4 beside a saved "1 -
//! None Required" would contradict itself. So the formulas that depend on an answer are computed here, as far as they are
//! made of what such forms use ([`formula`]). A value that cannot be computed is taken out rather than left standing
//! wrong, and the workbook is then marked to be calculated when it is opened. No formula comes or goes, so the order of
//! calculation that the workbook keeps stays true.
//!
//! What was written is read again before anybody gets it.

mod formula;
mod package;
mod part;
mod recalculate;
pub mod scal;
pub mod tom;

use crate::case::Place;
use crate::case::folding::fold;
use crate::intake::InputError;
use crate::intake::workbook::{Address, Format, Limits, Sheet, Workbook};
use part::Edit;
use std::collections::BTreeMap;

/// The most that a cell may hold, in UTF-16 units.
const LONGEST: usize = 32_767;

/// A copy of a form with the answers of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    pub bytes: Vec<u8>,
    /// What was written; empty where the form said it all already.
    pub written: Vec<Written>,
    /// Cells whose value follows from the answers and was brought up to date.
    pub recalculated: Vec<Place>,
    /// Cells whose value follows from the answers and is left to the spreadsheet program, which computes it when it
    /// opens the file.
    pub left_to_program: Vec<Place>,
}

/// A cell that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub place: Place,
    /// What stood there; nothing where the cell was blank.
    pub was: Option<String>,
    pub now: String,
}

/// A text for a cell of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    address: Address,
    text: String,
}

/// A form as it was given.
struct Form<'a> {
    bytes: &'a [u8],
    file: &'a str,
    limits: &'a Limits,
    workbook: Workbook,
}

impl<'a> Form<'a> {
    fn open(bytes: &'a [u8], file: &'a str, limits: &'a Limits) -> Result<Self, InputError> {
        let workbook = Workbook::from_bytes(bytes, file, limits)?;
        if !matches!(workbook.format, Format::Xlsx | Format::Xlsm) {
            return Err(InputError::new("The form is not an xlsx workbook, and no other kind is filled in")
                .at(Place::file(file))
                .hint("give the form as it was issued, as .xlsx; or save it as one"));
        }
        Ok(Self { bytes, file, limits, workbook })
    }

    fn place(&self, sheet: &Sheet, address: Address) -> Place {
        Place::cell(self.file, sheet.name.clone(), address.to_string())
    }

    /// The word that the drop-down list of a cell has for an answer. A cell without a list takes any.
    fn allowed(&self, sheet: &Sheet, address: Address, answer: &str) -> Result<String, InputError> {
        let mut lists = sheet.validations.iter().filter(|validation| validation.covers(address));
        let Some(words) = lists.find_map(|validation| self.workbook.list_words(sheet, &validation.list))
        else {
            return Ok(answer.to_owned());
        };
        words.iter().find(|word| fold(word) == fold(answer)).cloned().ok_or_else(|| {
            InputError::new(format!(
                "The answer \"{answer}\" is none that the form allows here: its list has {}",
                words.join(", ")
            ))
            .at(self.place(sheet, address))
            .hint("give one of them in the case; what else there is to say belongs into the notes beside it")
        })
    }

    /// The form with these texts in the cells of one sheet.
    fn filled(&self, sheet: &Sheet, entries: Vec<Entry>) -> Result<Filled, InputError> {
        let mut edits = BTreeMap::new();
        let mut written = Vec::new();
        for Entry { address, text } in entries {
            let known = sheet.cell(address);
            let was = sheet.text(address);
            if was == Some(text.trim()) || was.is_none() && text.trim().is_empty() {
                continue;
            }
            let place = self.place(sheet, address);
            if known.is_some_and(|cell| cell.formula.is_some()) {
                return Err(InputError::new("The cell for an answer holds a formula")
                    .at(place)
                    .hint("give the form as it was issued, with a blank cell for the answer"));
            }
            if text.encode_utf16().count() > LONGEST {
                return Err(InputError::new(format!(
                    "The text is longer than a cell can hold ({LONGEST} characters)"
                ))
                .at(place)
                .hint("shorten it in the case, or name the document that says it"));
            }
            written.push(Written { place, was: was.map(str::to_owned), now: text.clone() });
            edits.insert(address, Edit::Text(text));
        }
        if edits.is_empty() {
            return Ok(Filled {
                bytes: self.bytes.to_vec(),
                written,
                recalculated: Vec::new(),
                left_to_program: Vec::new(),
            });
        }
        let following = recalculate::following(&self.workbook, sheet, &edits);
        let places = |cells: &[(String, Address)]| -> Vec<Place> {
            cells.iter().map(|(sheet, at)| Place::cell(self.file, sheet.clone(), at.to_string())).collect()
        };
        let (recalculated, left_to_program) = (places(&following.computed), places(&following.unknown));
        edits.extend(following.edits);
        let bytes = package::rewritten(self, sheet, &edits, !left_to_program.is_empty())?;
        Ok(Filled { bytes, written, recalculated, left_to_program })
    }
}
