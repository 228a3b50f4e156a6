//! The clinical rows of a Supplier Conformance Assessment List (SCAL): what a supplier answers there and the TOM asks too.
//!
//! A SCAL is mostly of other things. Its clinical rows stand on the sheet of the supplier and again on that of each
//! service, so a row is found by its words, on whatever sheet. Sheets that answer differently answer nothing; a
//! sheet of a service that is not used answers nothing either, and is no contradiction.

use super::{StatedAnswer, words_of, yes_or_no};
use crate::case::folding::folded;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::tom::{QUESTIONS, Tom, TomAnswer};
use crate::case::{Place, Provenance};
use crate::intake::workbook::{Address, Sheet, Workbook};
use crate::intake::{InputError, Reading};
use serde::Deserialize;
use std::sync::OnceLock;

const KNOWN: &str = include_str!("../../data/scal-questions.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    clinical: Vec<String>,
    question: Vec<Question>,
}

/// A row that is known by its words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    id: String,
    /// In our words, where it is none of the TOM's.
    topic: Option<String>,
    words: Vec<Vec<String>>,
}

fn known() -> &'static Known {
    static READ: OnceLock<Known> = OnceLock::new();
    READ.get_or_init(|| toml::from_str(KNOWN).expect("the built-in questions are valid"))
}

/// One answered row.
struct Row {
    question: &'static Question,
    stated: StatedAnswer,
    place: Place,
}

/// Reads the clinical rows of a SCAL workbook, in the order of the sheets.
pub fn read(workbook: &Workbook) -> Result<Reading<Vec<TomAnswer>>, InputError> {
    let mut observations = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for sheet in &workbook.sheets {
        for row in sheet.rows() {
            read_row(&workbook.file, sheet, row, &mut rows, &mut observations);
        }
    }
    if rows.is_empty() {
        let names: Vec<String> = workbook.sheets.iter().map(|sheet| format!("\"{}\"", sheet.name)).collect();
        return Err(InputError::new("No row of the workbook is a clinical one of a SCAL")
            .at(Place::file(&workbook.file))
            .hint(format!(
                "give the completed SCAL, version 2, or answer the same questions in a TOML file that tom names; this workbook has {}",
                names.join(", ")
            )));
    }
    let mut provenance = Provenance::default();
    let questions = known().question.iter();
    let answers = questions.filter_map(|question| {
        let of_question: Vec<&Row> = rows.iter().filter(|row| row.question.id == question.id).collect();
        let (answer, place) = agreed(&of_question)?;
        provenance.record(format!("tom/{}", answer.id), place);
        Some(answer)
    });
    let answers = answers.collect();
    Ok((answers, provenance, observations))
}

fn read_row(file: &str, sheet: &Sheet, row: u32, rows: &mut Vec<Row>, observations: &mut Vec<Observation>) {
    let cells: Vec<(Address, &str)> = sheet
        .row(row)
        .map(|(at, cell)| (at, cell.text.trim()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let place = |at: Address| Place::cell(file, sheet.name.clone(), at.to_string());
    let is_clinical = |text: &str| {
        let text = folded(text);
        known().clinical.iter().any(|word| text.contains(word.as_str()))
    };
    for (position, (at, text)) in cells.iter().enumerate() {
        let beside = &cells[position + 1..];
        let told = match questions_of(text)[..] {
            [question] => {
                let (answer_at, stated) = answer_beside(*at, text, beside, &question.id);
                rows.push(Row { question, stated, place: place(answer_at) });
                return;
            }
            // A title or an explanation has no answer beside it.
            _ if beside.is_empty() || !is_clinical(text) => continue,
            [] => "corresponds to no question that is known",
            _ => "corresponds to more than one question",
        };
        observations.push(Observation {
            kind: ObservationKind::Unmapped,
            hazard: None,
            place: Some(place(*at)),
            message: format!(
                "A row of the SCAL's sheet {} {told}, and was not read: \"{text}\".",
                sheet.name
            ),
        });
        return;
    }
}

/// A row that asks a question which is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedRow<'a> {
    pub sheet: &'a Sheet,
    /// Id of the question, such as `CS-051`.
    pub id: &'static str,
    /// The cell that asks it; answers stand to its right.
    pub question: Address,
}

/// Every row that asks a question which is known, in the order of the sheets.
pub(crate) fn asked_rows(workbook: &Workbook) -> Vec<AskedRow<'_>> {
    let of_sheet = |sheet: &'_ Sheet| -> Vec<(&'static str, Address)> {
        let asked = |row: u32| {
            let mut cells = sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty());
            cells.find_map(|(at, cell)| match questions_of(&cell.text)[..] {
                [question] => Some((question.id.as_str(), at)),
                _ => None,
            })
        };
        sheet.rows().into_iter().filter_map(asked).collect()
    };
    workbook
        .sheets
        .iter()
        .flat_map(|sheet| {
            of_sheet(sheet).into_iter().map(move |(id, question)| AskedRow { sheet, id, question })
        })
        .collect()
}

/// Whether a cell answers with Yes or No.
pub(crate) fn is_answer(text: &str) -> bool {
    yes_or_no(text).is_some()
}

fn questions_of(text: &str) -> Vec<&'static Question> {
    let text = folded(text);
    let says = |group: &Vec<String>| group.iter().any(|word| text.contains(word.as_str()));
    known().question.iter().filter(|question| question.words.iter().all(says)).collect()
}

/// The answer right of a question, the first Yes or No if there is one; what else stands there are notes.
fn answer_beside(
    question_at: Address,
    question: &str,
    beside: &[(Address, &str)],
    id: &str,
) -> (Address, StatedAnswer) {
    let answer = beside.iter().find(|(_, text)| yes_or_no(text).is_some()).or(beside.first());
    let notes: Vec<&str> =
        beside.iter().filter(|cell| Some(*cell) != answer).map(|(_, text)| *text).collect();
    let stated = StatedAnswer {
        id: id.to_owned(),
        question: Some(question.to_owned()),
        item: None,
        answer: answer.map(|(_, text)| (*text).to_owned()),
        notes: (!notes.is_empty()).then(|| notes.join("\n")),
        answered_by: None,
    };
    (answer.map_or(question_at, |(at, _)| *at), stated)
}

/// The one answer of all sheets that give any, with its place; where they differ, what they say.
fn agreed(rows: &[&Row]) -> Option<(TomAnswer, Place)> {
    let given: Vec<&&Row> = rows.iter().filter(|row| row.stated.answer.is_some()).collect();
    let first = given.first().copied().or(rows.first())?;
    let StatedAnswer { id, question, notes, answer, .. } = &first.stated;
    let text = answer.as_deref();
    let differ = given.iter().any(|row| row.stated.answer.as_deref().map(folded) != text.map(folded));
    let read = text.and_then(yes_or_no).filter(|_| !differ);
    let stated = if differ {
        let each: Vec<String> = given
            .iter()
            .filter_map(|row| Some(format!("{} ({})", row.stated.answer.as_ref()?, row.place)))
            .collect();
        Some(each.join(" and "))
    } else {
        answer.clone().filter(|_| read.is_none())
    };
    let topic = QUESTIONS.iter().find(|known| known.id == id).map(|known| known.topic.to_owned());
    let answer = TomAnswer {
        topic: topic.or_else(|| first.question.topic.clone()).unwrap_or_default(),
        id: id.clone(),
        question: question.clone(),
        answer: read,
        stated_answer: stated,
        notes: notes.clone(),
        answered_by: None,
    };
    Some((answer, first.place.clone()))
}

/// Puts the answers of a SCAL beside those of the TOM: a question that the TOM leaves blank is answered by the SCAL;
/// where both answer and differ, neither counts.
pub fn beside(
    tom: Option<Tom>,
    (answers, places, mut observations): Reading<Vec<TomAnswer>>,
) -> Reading<Tom> {
    let mut tom = tom.unwrap_or_else(Tom::unanswered);
    let mut provenance = Provenance::default();
    for answer in answers {
        let path = format!("tom/{}", answer.id);
        let Some(place) = places.place(&path) else { continue };
        let Some(own) = tom.answers.iter_mut().find(|own| own.id == answer.id) else {
            provenance.record(path, place);
            tom.answers.push(answer);
            continue;
        };
        if own.answer.is_none() && own.stated_answer.is_none() {
            *own = answer;
            provenance.record(path, place);
        } else if answer.answer.is_some() && own.answer.is_some() && answer.answer != own.answer {
            let (of_tom, of_scal) = (words_of(own.answer), words_of(answer.answer));
            let message = format!(
                "{} is answered with {of_tom} in the TOM and with {of_scal} in the SCAL; it counts as blank.",
                own.id
            );
            let kind = ObservationKind::Unmapped;
            observations.push(Observation { kind, hazard: None, place: Some(place), message });
            own.stated_answer = Some(format!("{of_tom} (TOM) and {of_scal} (SCAL)"));
            own.answer = None;
        }
    }
    (tom, provenance, observations)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{named, put};
    use super::*;
    use crate::case::tom::{Answer, LevelOutcome};

    const REVIEWED: &str = "The national hazard log was reviewed, and its risks are integrated into our own log with mitigations implemented";
    const CASE: &str = "A clinical safety case and a hazard log are established";

    /// The sheet of the supplier, and that of a service with these answers.
    fn workbook(reviewed: &str, case: &str) -> Workbook {
        let mut supplier = named("Supplier & Product information");
        put(&mut supplier, "A1", "Clinical safety");
        put(&mut supplier, "A27", "Has the Clinical Safety Officer reviewed and approved the submission?");
        put(&mut supplier, "B27", "YES ");
        put(&mut supplier, "C27", "Dr A");
        put(&mut supplier, "A28", "Is the clinical risk management process compliant with DCB 0129?");
        put(&mut supplier, "B28", "No");
        put(&mut supplier, "A29", "How many hazards were raised?");
        put(&mut supplier, "B29", "Seven");
        let mut service = named("Service");
        for (row, question, answer) in [(12, REVIEWED, reviewed), (13, CASE, case)] {
            put(&mut service, &format!("B{row}"), question);
            put(&mut service, &format!("D{row}"), answer);
        }
        let mut unused = named("Other service");
        put(&mut unused, "B12", REVIEWED);
        Workbook { file: "scal.xlsx".into(), sheets: vec![supplier, service, unused], ..Workbook::default() }
    }

    #[test]
    fn clinical_rows_answer_the_questions_that_the_tom_asks_too() {
        let (tom, provenance, observations) = beside(None, read(&workbook("Yes", "In part")).unwrap());
        let answer = |id: &str| tom.answers.iter().find(|answer| answer.id == id).unwrap();
        assert_eq!(answer("CS-055").answer, Some(Answer::Yes));
        assert_eq!(answer("CS-055").notes.as_deref(), Some("Dr A"));
        assert_eq!(
            answer("CS-051").answer,
            Some(Answer::Yes),
            "a sheet of a service that is not used is blank"
        );
        assert_eq!(
            (answer("CS-054").answer, answer("CS-054").stated_answer.as_deref()),
            (None, Some("In part"))
        );
        assert_eq!((answer("SCAL-CRM").answer, tom.answers.len()), (Some(Answer::No), 13));
        assert!(
            matches!(tom.level(), LevelOutcome::Undetermined { .. }),
            "a SCAL says nothing of the product"
        );
        assert_eq!(provenance.place("tom/CS-051"), Some(Place::cell("scal.xlsx", "Service", "D12")));
        let told: Vec<&str> = observations.iter().map(|noted| noted.message.as_str()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("corresponds to no question") && told[0].contains("How many hazards"),
            "{told:?}"
        );
    }

    #[test]
    fn answers_that_differ_count_as_blank() {
        let mut workbook = workbook("Yes", "Yes");
        put(&mut workbook.sheets[2], "C12", "No");
        let (tom, ..) = beside(None, read(&workbook).unwrap());
        let answer = tom.answers.iter().find(|answer| answer.id == "CS-051").unwrap();
        assert_eq!(answer.answer, None);
        let stated = answer.stated_answer.as_deref().unwrap();
        assert_eq!(
            stated,
            "Yes (scal.xlsx, sheet Service, cell D12) and No (scal.xlsx, sheet Other service, cell C12)"
        );
    }

    #[test]
    fn what_the_tom_answers_stands_unless_the_scal_contradicts_it() {
        let (mut tom, ..) = beside(None, read(&workbook("Yes", "Yes")).unwrap());
        for own in &mut tom.answers {
            own.answer = match own.id.as_str() {
                "CS-051" => Some(Answer::No),
                "CS-055" => Some(Answer::Yes),
                _ => None,
            };
            own.notes = Some("TOM".to_owned());
        }
        let (tom, _, observations) = beside(Some(tom), read(&workbook("Yes", "Yes")).unwrap());
        let answer = |id: &str| tom.answers.iter().find(|answer| answer.id == id).unwrap();
        assert_eq!(answer("CS-051").stated_answer.as_deref(), Some("No (TOM) and Yes (SCAL)"));
        assert_eq!((answer("CS-051").answer, answer("CS-054").answer), (None, Some(Answer::Yes)));
        assert_eq!(answer("CS-055").notes.as_deref(), Some("TOM"));
        assert!(observations.iter().any(|noted| {
            noted.message.contains("CS-051 is answered with No in the TOM and with Yes in the SCAL")
        }));
    }

    #[test]
    fn another_workbook_is_refused_and_its_sheets_are_named() {
        let workbook =
            Workbook { file: "x.xlsx".into(), sheets: vec![named("Budget")], ..Workbook::default() };
        let error = read(&workbook).unwrap_err().to_string();
        assert!(
            error.contains("No row of the workbook is a clinical one of a SCAL")
                && error.contains("\"Budget\""),
            "{error}"
        );
    }
}
