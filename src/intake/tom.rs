//! The Target Operating Model's clinical safety questions, from its workbook or from TOML.
//!
//! In the workbook nothing is found by a fixed address: the sheet by its name, the columns by their
//! headers, the questions by their ids. What the sheet says of the sign-off level is kept to compare;
//! the level itself is computed from the answers. What a SCAL answers of the same questions is put beside them
//! ([`scal`]).

pub mod scal;

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::workbook::{Address, Sheet, Workbook};
use super::{InputError, Reading, suggestion};
use crate::case::folding::fold;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::tom::{Answer, QUESTIONS, Tom, TomAnswer};
use crate::case::{Place, Provenance};
use schemars::JsonSchema;
use serde::Deserialize;

/// Reads the clinical safety sheet of a TOM workbook.
pub fn read_workbook(workbook: &Workbook) -> Result<Reading<Tom>, InputError> {
    let Layout { sheet, header, columns } = Layout::of(workbook)?;
    let place = |address: Address| Place::cell(&workbook.file, &sheet.name, address.to_string());
    let mut draft = Draft::default();
    draft.provenance.record("tom", Place::sheet(workbook.file.clone(), sheet.name.clone()));
    for row in rows(sheet, header, &columns) {
        let text =
            |column: Option<u32>| column.and_then(|column| sheet.text(row.at(column))).map(str::to_owned);
        let answer = StatedAnswer {
            question: text(columns.guidance),
            item: text(Some(columns.item)),
            answer: text(Some(columns.compliance)),
            notes: text(columns.notes),
            answered_by: text(columns.actioned_by).as_deref().and_then(named_in),
            id: row.id.clone(),
        };
        draft.add(answer, place(row.at(columns.compliance)));
    }
    if draft.answers.is_empty() {
        return Err(InputError::new(format!("The sheet \"{}\" has no question such as CS-01", sheet.name))
            .at(place(Address { row: header, column: columns.category }))
            .hint("give the TOM workbook with the ids of the questions in its first column"));
    }
    let stated_level = stated_level(sheet).map(|(address, level)| {
        draft.provenance.record("tom/level", place(address));
        level
    });
    Ok(draft.finish(stated_level))
}

/// The clinical safety sheet, and where on it things are.
struct Layout<'a> {
    sheet: &'a Sheet,
    header: u32,
    columns: Columns,
}

impl<'a> Layout<'a> {
    fn of(workbook: &'a Workbook) -> Result<Self, InputError> {
        let sheet = clinical_safety_sheet(workbook)?;
        let (header, columns) = find_columns(sheet).ok_or_else(|| {
            InputError::new(format!(
                "The sheet \"{}\" has no header row with Category, Item and Compliance",
                sheet.name
            ))
            .at(Place::sheet(workbook.file.clone(), sheet.name.clone()))
            .hint("give the TOM workbook with its sheet \"7 - Clinical Safety\" laid out as it was issued")
        })?;
        Ok(Self { sheet, header, columns })
    }
}

/// A row that asks a question.
struct QuestionRow {
    id: String,
    row: u32,
}

impl QuestionRow {
    fn at(&self, column: u32) -> Address {
        Address { row: self.row, column }
    }
}

fn rows<'a>(sheet: &'a Sheet, header: u32, columns: &'a Columns) -> impl Iterator<Item = QuestionRow> + 'a {
    sheet.rows().into_iter().filter(move |row| *row > header).filter_map(|row| {
        let id = sheet.text(Address { row, column: columns.category }).and_then(question_id)?;
        Some(QuestionRow { id, row })
    })
}

/// The cells of a question that whoever completes the form writes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerCells {
    pub id: String,
    pub answer: Address,
    pub answered_by: Option<Address>,
    pub notes: Option<Address>,
}

/// The sheet with the cells for the answers, question by question.
pub(crate) fn answer_cells(workbook: &Workbook) -> Result<(&Sheet, Vec<AnswerCells>), InputError> {
    let Layout { sheet, header, columns } = Layout::of(workbook)?;
    let cells = rows(sheet, header, &columns).map(|row| AnswerCells {
        answer: row.at(columns.compliance),
        answered_by: columns.actioned_by.map(|column| row.at(column)),
        notes: columns.notes.map(|column| row.at(column)),
        id: row.id,
    });
    Ok((sheet, cells.collect()))
}

fn clinical_safety_sheet(workbook: &Workbook) -> Result<&Sheet, InputError> {
    let is_it = |sheet: &&Sheet| fold(&sheet.name).contains("clinical safety");
    workbook.sheets.iter().find(is_it).ok_or_else(|| {
        let names: Vec<String> = workbook.sheets.iter().map(|sheet| format!("\"{}\"", sheet.name)).collect();
        InputError::new("The workbook has no sheet named \"Clinical Safety\"")
            .at(Place::file(&workbook.file))
            .hint(format!(
                "give the TOM workbook with its sheet \"7 - Clinical Safety\"; this one has {}",
                names.join(", ")
            ))
    })
}

/// Where the header row says that things are.
struct Columns {
    category: u32,
    item: u32,
    compliance: u32,
    guidance: Option<u32>,
    actioned_by: Option<u32>,
    notes: Option<u32>,
}

fn find_columns(sheet: &Sheet) -> Option<(u32, Columns)> {
    sheet.rows().into_iter().find_map(|row| {
        let column = |wanted: &[&str]| {
            let mut cells = sheet.row(row);
            cells
                .find(|(_, cell)| wanted.iter().any(|name| fold(&cell.text).starts_with(name)))
                .map(|(at, _)| at.column)
        };
        let columns = Columns {
            category: column(&["category"])?,
            item: column(&["item"])?,
            compliance: column(&["compliance"])?,
            guidance: column(&["guidance"]),
            actioned_by: column(&["actioned by"]),
            notes: column(&["additional notes", "notes"]),
        };
        Some((row, columns))
    })
}

/// The id of a question, such as `CS-02`, however it is cased or spaced.
fn question_id(text: &str) -> Option<String> {
    let compact: String = text.split_whitespace().collect::<String>().to_uppercase();
    let number = compact.strip_prefix("CS")?.trim_start_matches(['-', '\u{2010}', '\u{2011}', '\u{2013}']);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("CS-{number}"))
}

/// The words that the sheet presets a cell for a name with.
const PRESET: &str = "on behalf of the end user organisation";

/// Who answered, from a cell that is preset with "... on behalf of the End User Organisation".
fn named_in(cell: &str) -> Option<String> {
    let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    // Lower case may change the length of a few letters, so the preset is sought in ASCII alone.
    let name = match cell.to_ascii_lowercase().find(PRESET) {
        Some(start) => &cell[..start],
        None => cell.as_str(),
    };
    let blank = |c: char| c.is_whitespace() || matches!(c, '.' | '\u{2026}' | '_' | ',' | '-' | ':');
    // A full stop before the name is the preset's; one after it may be an initial's.
    let name = name.trim_start_matches(blank).trim_end_matches(|c| blank(c) && c != '.');
    let name = name.strip_suffix("..").map_or(name, |rest| rest.trim_end_matches(blank));
    name.chars().any(char::is_alphanumeric).then(|| name.to_owned())
}

/// The cell for a name with a name in it: what it is preset with stays behind the name.
pub(crate) fn with_name(cell: &str, name: &str) -> String {
    match cell.to_ascii_lowercase().find(PRESET) {
        Some(_) if named_in(cell).as_deref() == Some(name) => cell.to_owned(),
        Some(start) => format!("{name} {}", &cell[start..]),
        None => name.to_owned(),
    }
}

/// The cell right of the label, with its cached words.
fn stated_level(sheet: &Sheet) -> Option<(Address, String)> {
    let (label, _) = sheet.cells().find(|(_, cell)| {
        fold(&cell.text).replace("sign-off", "signoff").starts_with("clinical safety signoff level")
    })?;
    let address = Address { column: label.column + 1, ..label };
    Some((address, sheet.text(address)?.to_owned()))
}

/// The clinical safety answers of a Target Operating Model, as a TOML file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TomFile {
    /// One entry for each question that was answered.
    #[serde(default)]
    answers: Vec<TypedAnswer>,
}

/// The answer to a question of the TOM's clinical safety sheet.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TypedAnswer {
    /// Id of the question, such as "CS-02".
    id: String,
    /// The answer in the words of the sheet, such as "Yes", "No" or "N/A".
    answer: Option<String>,
    /// What is to be said beside it.
    notes: Option<String>,
    /// Who answered.
    answered_by: Option<String>,
}

/// Reads the answers from TOML.
pub fn read_toml(folder: &CaseFolder, path: &str) -> Result<Reading<Tom>, InputError> {
    parse_toml(path, &folder.read_text(path)?)
}

/// Reads the answers from the text of a TOML file that is named to the user as `path`.
pub(super) fn parse_toml(path: &str, text: &str) -> Result<Reading<Tom>, InputError> {
    let (TomFile { answers }, lines) = TomlInput::<TomFile>::parse(path, text)?.into_parts();
    let place = |index: usize| lines.place(&format!("answers/{index}"));
    refuse_duplicates(
        "question",
        answers.iter().enumerate().map(|(at, answer)| (answer.id.as_str(), place(at))),
    )?;
    let mut draft = Draft::default();
    draft.provenance.record("tom", Place::file(path));
    for (index, typed) in answers.into_iter().enumerate() {
        if !QUESTIONS.iter().any(|question| question.id == typed.id) {
            return Err(InputError::new(format!(
                "\"{}\" is not a question of the TOM's clinical safety sheet",
                typed.id
            ))
            .at(lines.place(&format!("answers/{index}/id")))
            .hint(suggestion::remedy(&typed.id, QUESTIONS.iter().map(|question| question.id))));
        }
        let TypedAnswer { id, answer, notes, answered_by } = typed;
        draft.add(StatedAnswer { id, question: None, item: None, answer, notes, answered_by }, place(index));
    }
    Ok(draft.finish(None))
}

/// One answered row, as stated.
struct StatedAnswer {
    id: String,
    question: Option<String>,
    item: Option<String>,
    answer: Option<String>,
    notes: Option<String>,
    answered_by: Option<String>,
}

/// A TOM while it is read.
#[derive(Default)]
struct Draft {
    answers: Vec<TomAnswer>,
    provenance: Provenance,
    observations: Vec<Observation>,
}

impl Draft {
    fn add(&mut self, stated: StatedAnswer, place: Place) {
        if self.answers.iter().any(|answer| answer.id == stated.id) {
            return self.add_again(&stated, place);
        }
        let known = QUESTIONS.iter().find(|question| question.id == stated.id);
        if known.is_none() {
            let message = format!(
                "The question {} is not one of the twelve that the engine knows; it is kept, and does not bear on the sign-off level.",
                stated.id
            );
            self.observe(message, place.clone());
        }
        let text = stated.answer.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let answer = text.as_deref().and_then(yes_or_no);
        let stated_answer = text.filter(|_| answer.is_none());
        if let Some(words) = &stated_answer {
            let message = format!(
                "The answer to {} is \"{words}\", which is neither Yes nor No; it counts as blank.",
                stated.id
            );
            self.observe(message, place.clone());
        }
        self.provenance.record(format!("tom/{}", stated.id), place);
        self.answers.push(TomAnswer {
            topic: known.map(|question| question.topic.to_owned()).or(stated.item).unwrap_or_default(),
            id: stated.id,
            question: stated.question,
            answer,
            stated_answer,
            notes: stated.notes,
            answered_by: stated.answered_by,
        });
    }

    /// A second row for one question: equal answers are one, different answers are none.
    fn add_again(&mut self, stated: &StatedAnswer, place: Place) {
        self.observe(format!("The question {} is there twice.", stated.id), place);
        let again = stated.answer.as_deref().and_then(yes_or_no);
        let Some(first) = self.answers.iter_mut().find(|answer| answer.id == stated.id) else { return };
        if first.answer != again {
            first.stated_answer = Some(format!("{} and {}", words_of(first.answer), words_of(again)));
            first.answer = None;
        }
    }

    fn observe(&mut self, message: String, place: Place) {
        self.observations.push(Observation {
            kind: ObservationKind::Unmapped,
            hazard: None,
            place: Some(place),
            message,
        });
    }

    /// Every question of the sheet gets its entry, in the sheet's order; the unknown ones come last.
    fn finish(mut self, stated_level: Option<String>) -> Reading<Tom> {
        for question in QUESTIONS {
            if self.answers.iter().any(|answer| answer.id == question.id) {
                continue;
            }
            if let Some(place) = self.provenance.place("tom") {
                self.observe(
                    format!(
                        "The question {} ({}) is missing; it counts as blank.",
                        question.id, question.topic
                    ),
                    place,
                );
            }
            self.answers.push(TomAnswer::blank(question));
        }
        let position = |answer: &TomAnswer| QUESTIONS.iter().position(|question| question.id == answer.id);
        self.answers.sort_by_key(|answer| position(answer).unwrap_or(QUESTIONS.len()));
        (Tom { answers: self.answers, stated_level }, self.provenance, self.observations)
    }
}

fn words_of(answer: Option<Answer>) -> &'static str {
    match answer {
        Some(Answer::Yes) => "Yes",
        Some(Answer::No) => "No",
        None => "blank",
    }
}

fn yes_or_no(text: &str) -> Option<Answer> {
    match fold(text).as_str() {
        "yes" => Some(Answer::Yes),
        "no" => Some(Answer::No),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
