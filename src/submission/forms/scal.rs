//! The clinical rows of a Supplier Conformance Assessment List (SCAL), filled in as far as the form says where.
//!
//! A SCAL asks the same of the supplier and again of each service, and does not say by itself which services are used. So a
//! question that one sheet asks is answered there, and one that several ask on the sheets that have a clinical answer
//! already. A row without a cell for a Yes or No is left, and so is a question that the case does not answer with one; all
//! that is left is told.

use super::tom::words;
use super::{Entry, Filled, Form};
use crate::case::Place;
use crate::case::tom::{Tom, TomAnswer};
use crate::intake::InputError;
use crate::intake::tom::scal::{AskedRow, asked_rows, is_answer, read};
use crate::intake::workbook::{Address, Limits, Sheet};

/// A filled SCAL.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledScal {
    pub form: Filled,
    /// Rows that were not filled in.
    pub left: Vec<Left>,
}

/// A row that somebody has to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub place: Place,
    /// Why, as a sentence.
    pub because: String,
}

/// Fills the answers of a case into a copy of a SCAL that is called `file`.
///
/// # Errors
/// If the workbook is no SCAL, or cannot be filled in.
pub fn fill(original: &[u8], file: &str, tom: &Tom, limits: &Limits) -> Result<FilledScal, InputError> {
    let form = Form::open(original, file, limits)?;
    read(&form.workbook)?;
    let rows = asked_rows(&form.workbook);
    let mut left = Vec::new();
    let mut entries: Vec<(String, Vec<Entry>)> = Vec::new();
    for row in &rows {
        match entry(&form, row, &rows, tom)? {
            Ok(entry) => match entries.iter_mut().find(|(sheet, _)| *sheet == row.sheet.name.as_str()) {
                Some((_, of_sheet)) => of_sheet.push(entry),
                None => entries.push((row.sheet.name.to_string(), vec![entry])),
            },
            Err(because) => left.push(Left { place: form.place(row.sheet, row.question), because }),
        }
    }
    let mut filled = Filled {
        bytes: original.to_vec(),
        written: Vec::new(),
        recalculated: Vec::new(),
        left_to_program: Vec::new(),
    };
    for (name, entries) in entries {
        let form = Form::open(&filled.bytes, file, limits)?;
        let Some(sheet) = form.workbook.sheets.iter().find(|sheet| sheet.name == name) else { continue };
        let of_sheet = form.filled(sheet, entries)?;
        filled.bytes = of_sheet.bytes;
        filled.written.extend(of_sheet.written);
        filled.recalculated.extend(of_sheet.recalculated);
        filled.left_to_program.extend(of_sheet.left_to_program);
    }
    Ok(FilledScal { form: filled, left })
}

/// What goes into the cell of a row; else, why nothing does.
fn entry(
    form: &Form<'_>,
    row: &AskedRow<'_>,
    rows: &[AskedRow<'_>],
    tom: &Tom,
) -> Result<Result<Entry, String>, InputError> {
    let answer = tom.answers.iter().find(|answer| answer.id == row.id && answer.answer.is_some());
    let Some(words) = answer.and_then(|answer: &TomAnswer| words(answer)) else {
        return Ok(Err(format!("The case does not answer {} with Yes or No.", row.id)));
    };
    let asked = rows.iter().filter(|other| other.id == row.id).count();
    if asked > 1 && !is_used(row.sheet, rows) {
        return Ok(Err("Several sheets ask this, and this one has no clinical answer yet: whether its service is used has to be said by whoever completes the form.".to_owned()));
    }
    let Some(address) = answer_cell(form, row) else {
        return Ok(Err("No cell beside the question is one for a Yes or No.".to_owned()));
    };
    Ok(Ok(Entry { address, text: form.allowed(row.sheet, address, words)? }))
}

/// A sheet on which somebody has answered a clinical question.
fn is_used(sheet: &Sheet, rows: &[AskedRow<'_>]) -> bool {
    let of_sheet = rows.iter().filter(|row| row.sheet.name == sheet.name);
    of_sheet.into_iter().any(|row| right_of(row).any(|(_, text)| is_answer(text)))
}

fn right_of<'a>(row: &AskedRow<'a>) -> impl Iterator<Item = (Address, &'a str)> + use<'a> {
    let question = row.question;
    let cells = row.sheet.row(question.row).filter(move |(at, _)| at.column > question.column);
    cells.map(|(at, cell)| (at, cell.text.as_str()))
}

/// The cell that has an answer, else the first whose list offers one.
fn answer_cell(form: &Form<'_>, row: &AskedRow<'_>) -> Option<Address> {
    if let Some((at, _)) = right_of(row).find(|(_, text)| is_answer(text)) {
        return Some(at);
    }
    let offering = row.sheet.validations.iter().filter(|validation| {
        let words = form.workbook.list_words(row.sheet, &validation.list);
        words.is_some_and(|words| words.iter().any(|word| is_answer(word)))
    });
    let in_row = offering.flat_map(|validation| &validation.ranges).filter_map(|(first, last)| {
        let is_in_row = (first.row..=last.row).contains(&row.question.row);
        let column = first.column.max(row.question.column + 1);
        (is_in_row && column <= last.column).then_some(Address { row: row.question.row, column })
    });
    in_row.min_by_key(|at| at.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::tom::Answer;
    use rust_xlsxwriter::{DataValidation, Workbook as NewWorkbook};

    const REVIEWED: &str = "The national hazard log was reviewed, and its risks are integrated into our own log with mitigations implemented";
    const CASE: &str = "A clinical safety case and a hazard log are established";
    const APPROVED: &str = "Has the Clinical Safety Officer reviewed and approved the submission?";

    /// A sheet of the supplier, and two of services of which one is used.
    fn form() -> Vec<u8> {
        let mut book = NewWorkbook::new();
        let list = DataValidation::new().allow_list_strings(&["YES", "NO"]).unwrap();
        let supplier = book.add_worksheet().set_name("Supplier").unwrap();
        supplier.write(26, 0, APPROVED).unwrap();
        supplier.add_data_validation(26, 1, 31, 1, &list).unwrap();
        supplier.write(27, 0, "Is the clinical risk management process compliant with DCB 0129?").unwrap();
        for name in ["Used", "Not used"] {
            let service = book.add_worksheet().set_name(name).unwrap();
            service.write(11, 1, REVIEWED).unwrap();
            service.write(12, 1, CASE).unwrap();
            service.add_data_validation(10, 3, 15, 3, &list).unwrap();
        }
        book.worksheet_from_name("Used").unwrap().write(11, 3, "NO").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn rows_are_answered_where_the_form_says_where_and_the_others_are_told() {
        let mut tom = Tom::unanswered();
        for (id, answer) in [("CS-051", Answer::Yes), ("CS-054", Answer::Yes), ("CS-055", Answer::No)] {
            tom.answers.iter_mut().find(|own| own.id == id).unwrap().answer = Some(answer);
        }
        let made = fill(&form(), "scal.xlsx", &tom, &Limits::default()).unwrap();
        let written: Vec<String> = made
            .form
            .written
            .iter()
            .map(|cell| format!("{}: {} -> {}", cell.place, cell.was.as_deref().unwrap_or("blank"), cell.now))
            .collect();
        assert_eq!(
            written,
            [
                "scal.xlsx, sheet Supplier, cell B27: blank -> NO",
                "scal.xlsx, sheet Used, cell D12: NO -> YES",
                "scal.xlsx, sheet Used, cell D13: blank -> YES",
            ]
        );
        let left: Vec<(&str, bool)> = made
            .left
            .iter()
            .map(|left| {
                (left.place.cell.as_deref().unwrap_or_default(), left.because.contains("Several sheets"))
            })
            .collect();
        assert_eq!(left, [("A28", false), ("B12", true), ("B13", true)]);
        let (answers, ..) = read(
            &crate::intake::workbook::Workbook::from_bytes(&made.form.bytes, "scal.xlsx", &Limits::default())
                .unwrap(),
        )
        .unwrap();
        let answer =
            |id: &str| answers.iter().find(|answer| answer.id == id).and_then(|answer| answer.answer);
        assert_eq!((answer("CS-051"), answer("CS-055")), (Some(Answer::Yes), Some(Answer::No)));
    }
}
