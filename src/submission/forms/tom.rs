//! The clinical safety sheet of a Target Operating Model, filled in.
//!
//! The answers are the case's, and what the workbook says otherwise gives way to them and is told. A question that
//! the case leaves open and the workbook answers is refused: nobody could tell whose answer went out.

use super::{Entry, Filled, Form};
use crate::case::tom::{Answer, LevelOutcome, Tom, TomAnswer};
use crate::intake::InputError;
use crate::intake::tom::{AnswerCells, answer_cells, read_workbook, with_name};
use crate::intake::workbook::{Limits, Sheet, Workbook};

/// A filled TOM, with the level that its sheet comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledTom {
    pub form: Filled,
    /// The sign-off level that the answers lead to.
    pub level: LevelOutcome,
    /// What the sheet now shows as its level; nothing where it shows none until a spreadsheet program has opened it.
    pub stated_level: Option<String>,
    /// Questions of the case that the form does not ask, such as those of a SCAL.
    pub not_asked: Vec<String>,
}

/// Fills the answers of a case into a copy of a TOM workbook that is called `file`.
///
/// # Errors
/// If the workbook is no TOM as it was issued, its lists do not allow an answer, or it answers what the case does not.
pub fn fill(original: &[u8], file: &str, tom: &Tom, limits: &Limits) -> Result<FilledTom, InputError> {
    let form = Form::open(original, file, limits)?;
    let (sheet, cells) = answer_cells(&form.workbook)?;
    let mut entries = Vec::new();
    for asked in &cells {
        let answer = tom.answers.iter().find(|answer| answer.id == asked.id);
        push_entries(&form, sheet, asked, answer, &mut entries)?;
    }
    let is_asked = |id: &str| cells.iter().any(|asked| asked.id == id);
    let not_asked = tom.answers.iter().filter(|answer| is_given(answer) && !is_asked(&answer.id));
    let not_asked = not_asked.map(|answer| answer.id.clone()).collect();
    let filled = form.filled(sheet, entries)?;
    let (read_back, ..) = read_workbook(&Workbook::from_bytes(&filled.bytes, file, limits)?)?;
    refuse_other_answers(file, tom, &read_back, &is_asked)?;
    Ok(FilledTom { form: filled, level: read_back.level(), stated_level: read_back.stated_level, not_asked })
}

fn is_given(answer: &TomAnswer) -> bool {
    words(answer).is_some()
}

/// What is answered, in the words that a form has for it.
pub(super) fn words(answer: &TomAnswer) -> Option<&str> {
    match answer.answer {
        Some(Answer::Yes) => Some("Yes"),
        Some(Answer::No) => Some("No"),
        None => answer.stated_answer.as_deref(),
    }
}

fn push_entries(
    form: &Form<'_>,
    sheet: &Sheet,
    asked: &AnswerCells,
    answer: Option<&TomAnswer>,
    entries: &mut Vec<Entry>,
) -> Result<(), InputError> {
    let Some((answer, words)) = answer.and_then(|answer| Some((answer, words(answer)?))) else {
        let Some(stated) = sheet.text(asked.answer) else { return Ok(()) };
        return Err(InputError::new(format!(
            "The form answers {} with \"{stated}\", and the case does not answer it",
            asked.id
        ))
        .at(form.place(sheet, asked.answer))
        .hint("answer the question in the case, or give the form without an answer to it"));
    };
    let text = form.allowed(sheet, asked.answer, words)?;
    entries.push(Entry { address: asked.answer, text });
    if let (Some(address), Some(name)) = (asked.answered_by, &answer.answered_by) {
        let text = with_name(sheet.text(address).unwrap_or_default(), name);
        entries.push(Entry { address, text });
    }
    if let (Some(address), Some(notes)) = (asked.notes, &answer.notes) {
        entries.push(Entry { address, text: notes.clone() });
    }
    Ok(())
}

/// A form that does not say what the case says does not go out.
fn refuse_other_answers(
    file: &str,
    tom: &Tom,
    read_back: &Tom,
    is_asked: &dyn Fn(&str) -> bool,
) -> Result<(), InputError> {
    let is_other = |own: &&TomAnswer| {
        let back = read_back.answers.iter().find(|back| back.id == own.id);
        let holds = |own: &Option<String>, back: &Option<String>| {
            own.is_none() || own.as_deref().map(str::trim) == back.as_deref()
        };
        !back.is_some_and(|back| {
            words(back) == words(own)
                && holds(&own.answered_by, &back.answered_by)
                && holds(&own.notes, &back.notes)
        })
    };
    let asked = tom.answers.iter().filter(|answer| is_given(answer) && is_asked(&answer.id));
    match asked.into_iter().find(is_other) {
        None => Ok(()),
        Some(other) => Err(InputError::new(format!(
            "The answer to {} does not come back from the filled form as the case has it",
            other.id
        ))
        .at(crate::case::Place::file(file))
        .hint("give the form as it was issued; each question once, with cells for the answer, the name and the notes")),
    }
}

#[cfg(test)]
mod tests;
