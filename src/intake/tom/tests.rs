use super::*;
use crate::case::tom::SignOffLevel;
use crate::intake::files::tests::case_folder;
use crate::intake::workbook::{Cell, CellKind};

const PRESET: &str = "\u{2026}...on behalf of the End User Organisation";

pub(super) fn put(sheet: &mut Sheet, address: &str, text: &str) {
    let cell = Cell { text: text.to_owned(), kind: CellKind::Text, ..Cell::default() };
    sheet.insert(address.parse().expect("an address"), cell);
}

pub(super) fn named(name: &str) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.name = name.into();
    sheet
}

/// The sheet as it is issued, with these answers to the questions in their order; its header is in row 3.
fn workbook(answers: [&str; 12]) -> Workbook {
    let mut sheet = named("7 - Clinical  Safety");
    put(&mut sheet, "B1", "Clinical safety requirements are determined below");
    let headers =
        ["Category", "Item", "Guidance", "Actioned By", "Compliance", "Additional Notes / References"];
    for (column, header) in ["C", "D", "E", "F", "G", "H"].iter().zip(headers) {
        put(&mut sheet, &format!("{column}3"), header);
    }
    put(&mut sheet, "C4", "Clinical Safety");
    for (row, (question, answer)) in (5..).zip(QUESTIONS.iter().zip(answers)) {
        put(&mut sheet, &format!("C{row}"), question.id);
        put(&mut sheet, &format!("E{row}"), &format!("Question {}", question.id));
        put(&mut sheet, &format!("F{row}"), PRESET);
        put(&mut sheet, &format!("G{row}"), answer);
    }
    put(&mut sheet, "C20", "Clinical Safety Signoff Level");
    put(&mut sheet, "D20", "1 - None Required");
    Workbook { file: "tom.xlsx".into(), sheets: vec![named("Cover"), sheet], ..Workbook::default() }
}

fn read(workbook: &Workbook) -> Reading<Tom> {
    read_workbook(workbook).unwrap()
}

#[test]
fn a_blank_sheet_has_no_level_although_its_cell_says_1() {
    let (tom, provenance, observations) = read(&workbook([""; 12]));
    assert_eq!(tom.answers.len(), 12);
    assert!(tom.answers.iter().all(|answer| answer.answer.is_none() && answer.answered_by.is_none()));
    assert_eq!(tom.level().level(), None);
    assert_eq!(tom.stated_level.as_deref(), Some("1 - None Required"));
    assert_eq!(provenance.place("tom/level"), Some(Place::cell("tom.xlsx", "7 - Clinical  Safety", "D20")));
    assert_eq!(provenance.place("tom/CS-02"), Some(Place::cell("tom.xlsx", "7 - Clinical  Safety", "G6")));
    assert_eq!(observations, []);
}

#[test]
fn answers_are_read_by_their_headers() {
    let mut book = workbook(["No", "no ", " YES", "No", "No", "No", "Yes", "No", "", "", "", ""]);
    let sheet = &mut book.sheets[1];
    put(sheet, "F7", &format!("J. Elm {PRESET}"));
    put(sheet, "H7", "Joins the PAS");
    let (tom, _, observations) = read(&book);
    let answer = &tom.answers[2];
    assert_eq!((answer.id.as_str(), answer.answer), ("CS-031", Some(Answer::Yes)));
    assert_eq!(answer.question.as_deref(), Some("Question CS-031"));
    assert_eq!(answer.topic, "Does it integrate with other systems?");
    assert_eq!(answer.notes.as_deref(), Some("Joins the PAS"));
    assert_eq!(answer.answered_by.as_deref(), Some("J. Elm"));
    assert_eq!(tom.level().level().map(SignOffLevel::number), Some(3));
    assert_eq!(observations, []);
}

#[test]
fn only_a_name_before_the_preset_words_names_somebody() {
    for blank in [
        PRESET,
        "\u{2026}\u{2026}",
        "on behalf of the End User Organisation",
        " ... ",
        "____ on behalf of the End User organisation",
    ] {
        assert_eq!(named_in(blank), None, "{blank}");
    }
    for (cell, name) in [
        (format!("Jo Elm{PRESET}"), "Jo Elm"),
        ("...Jo Elm, on behalf of  the end user organisation".to_owned(), "Jo Elm"),
        ("Jo Elm, CSO".to_owned(), "Jo Elm, CSO"),
        ("Jo E. on behalf of the End User Organisation".to_owned(), "Jo E."),
        ("Jo Elm on behalf of the supplier".to_owned(), "Jo Elm on behalf of the supplier"),
        (format!("Şule İnci {PRESET}"), "Şule İnci"),
    ] {
        assert_eq!(named_in(&cell).as_deref(), Some(name));
    }
}

#[test]
fn another_answer_is_kept_noted_and_counts_as_blank() {
    let (tom, _, observations) = read(&workbook(["No", "Partly", "", "", "", "", "", "", "", "", "", ""]));
    assert_eq!(tom.answers[1].answer, None);
    assert_eq!(tom.answers[1].stated_answer.as_deref(), Some("Partly"));
    assert_eq!(
        observations[0].message,
        "The answer to CS-02 is \"Partly\", which is neither Yes nor No; it counts as blank."
    );
    assert_eq!(observations[0].place.as_ref().unwrap().cell.as_deref(), Some("G6"));
}

#[test]
fn unknown_missing_and_repeated_questions_are_noted() {
    let mut book = workbook(["No"; 12]);
    let sheet = &mut book.sheets[1];
    put(sheet, "C5", "cs - 99");
    put(sheet, "D5", "New?");
    put(sheet, "C17", "CS-02");
    put(sheet, "G17", "Yes");
    let (tom, _, observations) = read(&book);
    let messages: Vec<&str> = observations.iter().map(|o| o.message.as_str()).collect();
    assert!(messages[0].starts_with("The question CS-99 is not one of the twelve"), "{messages:?}");
    assert_eq!(messages[1], "The question CS-02 is there twice.");
    assert!(
        messages[2].starts_with("The question CS-01 (Is it, or may it be, a medical device?) is missing")
    );
    assert_eq!(messages.len(), 3);
    assert_eq!(tom.answers.first().map(|answer| answer.id.as_str()), Some("CS-01"));
    assert_eq!(tom.answers.last().map(|answer| answer.topic.as_str()), Some("New?"));
    assert_eq!((tom.answers[1].answer, tom.answers[1].stated_answer.as_deref()), (None, Some("No and Yes")));
}

#[test]
fn a_workbook_that_is_no_tom_is_refused_by_what_it_lacks() {
    let error = |change: fn(&mut Workbook)| {
        let mut book = workbook([""; 12]);
        change(&mut book);
        read_workbook(&book).unwrap_err().to_string()
    };
    let text = error(|book| book.sheets[1].name = "Sheet1".into());
    assert!(text.starts_with("The workbook has no sheet named \"Clinical Safety\""), "{text}");
    assert!(text.contains("at: tom.xlsx") && text.contains("this one has \"Cover\", \"Sheet1\""), "{text}");
    let text = error(|book| put(&mut book.sheets[1], "G3", "Answer"));
    assert!(text.contains("has no header row with Category, Item and Compliance"), "{text}");
    assert!(text.contains("at: tom.xlsx, sheet 7 - Clinical  Safety"), "{text}");
    let text = error(|book| (5..17).for_each(|row| put(&mut book.sheets[1], &format!("C{row}"), "?")));
    assert!(text.contains("has no question such as CS-01") && text.contains("cell C3"), "{text}");
}

#[test]
fn toml_says_the_same() {
    let text = "[[answers]]\nid = \"CS-01\"\nanswer = \"Yes\"\nanswered_by = \"Jo Elm\"\n[[answers]]\nid = \"CS-04\"\nanswer = \"maybe\"\n";
    let (_directory, folder) = case_folder(&[("tom.toml", text)]);
    let (tom, provenance, observations) = read_toml(&folder, "tom.toml").unwrap();
    assert_eq!(tom.level().level().map(SignOffLevel::number), Some(5));
    assert_eq!(tom.answers[0].answered_by.as_deref(), Some("Jo Elm"));
    assert_eq!(tom.answers.len(), 12);
    assert_eq!(provenance.place("tom/CS-04"), Some(Place::line("tom.toml", 5)));
    assert!(observations[0].message.contains("The answer to CS-04 is \"maybe\""));
    assert_eq!(observations.len(), 1 + 10);
}

#[test]
fn toml_questions_must_be_known_and_answered_once() {
    let error = |text: &str| {
        let (_directory, folder) = case_folder(&[("tom.toml", text)]);
        read_toml(&folder, "tom.toml").unwrap_err().to_string()
    };
    let text = error("[[answers]]\nid = \"CS-5\"\n");
    assert!(
        text.contains("\"CS-5\" is not a question of the TOM") && text.contains("tom.toml, line 2"),
        "{text}"
    );
    let text = error("[[answers]]\nid = \"CS-01\"\n[[answers]]\nid = \"CS-01\"\n");
    assert!(text.contains("The question id \"CS-01\" is used twice"), "{text}");
}
