use super::*;
use crate::case::tom::{QUESTIONS, SignOffLevel};
use crate::intake::workbook::{Address, open_archive};
use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatBorder, Formula, Image, Workbook as NewWorkbook, Worksheet,
};
use std::io::Read;

const LEVEL: &str = "=IF(OR(F9=\"Yes\"), HYPERLINK(\"https://example.org/m\", \"5 - Medical device\"),\nIF(F10=\"Yes\", HYPERLINK(\"https://example.org/g\", \"4- Group\"),\nIF(OR(F11=\"Yes\",F13=\"Yes\",F14=\"Yes\"),\"3 - Local, clinical\",\nIF(F12=\"Yes\",\"2 - Local\",\"1 - None Required\"))))";
const PRESET: &str = "\u{2026}...on behalf of the End User Organisation";
/// One white pixel.
const PNG: [u8; 63] = [
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0x0f, 0,
    1, 1, 1, 0, 0x1b, 0xb6, 0xee, 0x56, 0, 0, 0, 0, b'I', b'E', b'N', b'D',
];

/// A TOM as it is issued: blank answers, a saved level of 1, lists, styles, a picture and other sheets.
fn blank(change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = NewWorkbook::new();
    let picture = Image::new_from_buffer(&[&PNG[..], &[0xae, 0x42, 0x60, 0x82]].concat()).unwrap();
    let cover = book.add_worksheet().set_name("Cover").unwrap();
    cover.insert_image(1, 1, &picture).unwrap();
    cover.write_formula(5, 0, Formula::new("=SUM(B1:B3)").set_result("6")).unwrap();
    let sheet = book.add_worksheet().set_name("7 - Clinical Safety").unwrap();
    let boxed = Format::new().set_border(FormatBorder::Thin).set_background_color(Color::Yellow);
    let heads = ["Category", "Item", "Guidance", "Actioned By", "Compliance", "Additional Notes", "Action"];
    for (column, head) in (1..).zip(heads) {
        sheet.write(6, column, head).unwrap();
    }
    sheet.merge_range(2, 1, 2, 7, "Answers & notes", &boxed).unwrap();
    for (row, question) in (8..).zip(QUESTIONS) {
        sheet.write(row, 1, question.id).unwrap();
        sheet.write(row, 3, question.topic).unwrap();
        sheet.write_with_format(row, 4, PRESET, &boxed).unwrap();
        sheet.write_blank(row, 5, &boxed).unwrap();
        sheet.write_blank(row, 6, &boxed).unwrap();
    }
    let yes_or_no = DataValidation::new().allow_list_strings(&["Yes", "No"]).unwrap();
    sheet.add_data_validation(8, 5, 19, 5, &yes_or_no).unwrap();
    sheet.write(21, 1, "Clinical Safety Sign-off Level").unwrap();
    sheet.write_formula(21, 2, Formula::new(LEVEL).set_result("1 - None Required")).unwrap();
    let risk = "=IF(MID(C$22,1,1)>\"2\", \"RISK ASSESSMENT\", \"\")";
    sheet.write_formula(25, 1, Formula::new(risk).set_result("")).unwrap();
    sheet.write_formula(26, 1, Formula::new("=IF(F15=\"Yes\",\"ISSUES\",\"\")").set_result("")).unwrap();
    change(sheet);
    let lists = book.add_worksheet().set_name("Lists").unwrap();
    lists.write(0, 0, "Yes").unwrap();
    lists.set_hidden(true);
    book.save_to_buffer().unwrap()
}

fn answered(answers: &[(&str, Answer)]) -> Tom {
    let mut tom = Tom::unanswered();
    for (id, answer) in answers {
        let own = tom.answers.iter_mut().find(|own| own.id == *id).unwrap();
        own.answer = Some(*answer);
        own.answered_by = Some("Dr Neil Farrow".to_owned());
    }
    tom
}

fn filled(original: &[u8], tom: &Tom) -> Result<FilledTom, String> {
    fill(original, "tom.xlsx", tom, &Limits::default()).map_err(|error| error.to_string())
}

/// Name and unpacked bytes of each part, in the order of the archive.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = open_archive("tom.xlsx", bytes, &Limits::default()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// The part of the sheet, without the cells of these addresses.
fn without_cells(part: &[u8], cells: &[&str]) -> String {
    let mut text = String::from_utf8(part.to_vec()).unwrap();
    for cell in cells {
        let start = text.find(&format!("<c r=\"{cell}\"")).unwrap();
        let rest = &text[start..];
        let tag = rest.find('>').unwrap();
        let end = if rest[..tag].ends_with('/') { tag + 1 } else { rest.find("</c>").unwrap() + 4 };
        text.replace_range(start..start + end, "");
    }
    text
}

#[test]
fn nothing_is_otherwise_but_the_answers_and_what_follows_from_them() {
    let original = blank(|_| ());
    let mut tom = answered(&[("CS-01", Answer::No), ("CS-02", Answer::Yes), ("CS-04", Answer::Yes)]);
    tom.answers[1].notes = Some("Writes <triage> & advice".to_owned());
    let made = filled(&original, &tom).unwrap();
    let (before, after) = (parts(&original), parts(&made.form.bytes));
    assert_eq!(before.len(), after.len());
    let mut changed = Vec::new();
    for ((name, old), (other, new)) in before.iter().zip(&after) {
        assert_eq!(name, other, "the order of the parts");
        if old != new {
            changed.push(name.as_str());
            let cells = ["F9", "F10", "F15", "E9", "E10", "E15", "G10", "C22", "B26", "B27"];
            assert_eq!(without_cells(old, &cells), without_cells(new, &cells));
        }
    }
    assert_eq!(changed, ["xl/worksheets/sheet2.xml"]);
    let sheet =
        String::from_utf8(after.iter().find(|(name, _)| name == changed[0]).unwrap().1.clone()).unwrap();
    assert!(sheet.contains("&lt;triage&gt; &amp; advice"), "{sheet}");
    assert!(
        sheet.contains("<v>4- Group</v>")
            && sheet.contains("<v>RISK ASSESSMENT</v>")
            && sheet.contains("<v>ISSUES</v>")
    );
    let cells: Vec<_> = made.form.written.iter().map(|written| written.place.cell.clone().unwrap()).collect();
    assert_eq!(cells, ["F9", "E9", "F10", "E10", "G10", "F15", "E15"]);
    let cells: Vec<_> = made.form.recalculated.iter().map(|place| place.cell.clone().unwrap()).collect();
    assert_eq!(cells, ["C22", "B26", "B27"]);
    assert_eq!(made.form.left_to_program, []);
}

#[test]
fn the_form_reads_back_with_the_answers_of_the_case_and_their_level() {
    let tom = answered(&QUESTIONS.map(|question| (question.id, Answer::No)));
    let made = filled(&blank(|_| ()), &tom).unwrap();
    assert_eq!(made.level.level().map(SignOffLevel::number), Some(1));
    let mut tom = tom;
    tom.answers[4].answer = Some(Answer::Yes);
    let again = filled(&made.form.bytes, &tom).unwrap();
    assert_eq!(again.stated_level.as_deref(), Some("3 - Local, clinical"));
    assert_eq!(again.level.level().map(SignOffLevel::number), Some(3));
    let [written] = &again.form.written[..] else { panic!("{:?}", again.form.written) };
    assert_eq!((written.was.as_deref(), written.now.as_str()), (Some("No"), "Yes"));
    let workbook = Workbook::from_bytes(&again.form.bytes, "tom.xlsx", &Limits::default()).unwrap();
    let (read, ..) = read_workbook(&workbook).unwrap();
    let answers = |tom: &Tom| {
        tom.answers.iter().map(|each| (each.answer, each.answered_by.clone())).collect::<Vec<_>>()
    };
    assert_eq!(answers(&read), answers(&tom));
    let name = workbook.sheets[1].text(Address { row: 8, column: 4 });
    assert_eq!(name, Some("Dr Neil Farrow on behalf of the End User Organisation"));
    assert_eq!(
        filled(&again.form.bytes, &tom).unwrap().form.bytes,
        again.form.bytes,
        "nothing is left to write"
    );
}

#[test]
fn an_answer_that_the_list_does_not_allow_is_refused_with_its_cell() {
    let mut tom = answered(&[]);
    tom.answers[3].stated_answer = Some("In part".to_owned());
    let error = filled(&blank(|_| ()), &tom).unwrap_err();
    assert!(
        error.contains("\"In part\" is none that the form allows") && error.contains("Yes, No"),
        "{error}"
    );
    assert!(error.contains("sheet 7 - Clinical Safety, cell F12"), "{error}");
}

#[test]
fn an_answer_that_only_the_form_has_is_refused() {
    let form = blank(|sheet| {
        sheet.write(8, 5, "No").unwrap();
    });
    let error = filled(&form, &answered(&[("CS-02", Answer::No)])).unwrap_err();
    assert!(error.contains("The form answers CS-01 with \"No\"") && error.contains("cell F9"), "{error}");
}

#[test]
fn a_value_that_cannot_be_computed_is_left_to_the_program() {
    let form = blank(|sheet| {
        sheet.write_formula(30, 2, Formula::new("=COUNTIF(F9:F20,\"Yes\")").set_result("0")).unwrap();
        sheet.write_formula(31, 2, Formula::new("=COUNTIF(B9:B20,\"Yes\")").set_result("7")).unwrap();
    });
    let made = filled(&form, &answered(&[("CS-01", Answer::Yes)])).unwrap();
    assert_eq!(made.form.left_to_program.len(), 1);
    assert_eq!(made.form.left_to_program[0].cell.as_deref(), Some("C31"));
    let parts = parts(&made.form.bytes);
    let text =
        |name: &str| String::from_utf8(parts.iter().find(|part| part.0 == name).unwrap().1.clone()).unwrap();
    assert_eq!(text("xl/workbook.xml").matches("fullCalcOnLoad=\"1\"").count(), 1);
    assert!(text("xl/worksheets/sheet2.xml").contains("<c r=\"C31\"><f>COUNTIF(F9:F20,\"Yes\")</f></c>"));
    assert!(text("xl/worksheets/sheet2.xml").contains("<v>7</v>"));
}

/// Formulas that read each other by the thousand, brackets within brackets, and a text that doubles from cell to cell.
#[test]
fn a_form_that_would_take_for_ever_to_compute_is_left_to_the_program() {
    const LAST: u32 = 3000;
    let form = blank(|sheet| {
        for row in 40..LAST {
            let next = row + 2;
            let formula = format!("=IF(C{next}=\"x\",\"y\",C{next})");
            sheet.write_formula(row, 2, Formula::new(formula).set_result("")).unwrap();
        }
        sheet.write_formula(LAST, 2, Formula::new("=IF(F9=\"Yes\",\"yes\",\"no\")").set_result("")).unwrap();
        let nested = format!("={}F9{}", "(".repeat(3_000), ")".repeat(3_000));
        sheet.write_formula(30, 3, Formula::new(nested).set_result("")).unwrap();
        sheet.write_formula(40, 4, Formula::new("=F9&F9").set_result("")).unwrap();
        for row in 41..90 {
            let formula = format!("=E{row}&E{row}");
            sheet.write_formula(row, 4, Formula::new(formula).set_result("")).unwrap();
        }
    });
    let made = filled(&form, &answered(&[("CS-01", Answer::Yes)])).unwrap();
    let left: Vec<&str> = made.form.left_to_program.iter().filter_map(|at| at.cell.as_deref()).collect();
    assert!(["C41", "D31", "E90"].iter().all(|cell| left.contains(cell)), "{left:?}");
    assert!(!left.contains(&"C3000") && !left.contains(&"C3001") && !left.contains(&"E42"), "{left:?}");
}

#[test]
fn a_cell_that_computes_its_answer_and_a_form_of_another_kind_are_refused() {
    let form = blank(|sheet| {
        sheet.write_formula(8, 5, Formula::new("=IF(F10=\"Yes\",\"No\",\"\")").set_result("")).unwrap();
    });
    let error = filled(&form, &answered(&[("CS-01", Answer::Yes)])).unwrap_err();
    assert!(error.contains("holds a formula") && error.contains("F9"), "{error}");
    let error = filled(b"Category,Item,Compliance\nCS-01,a,\n", &answered(&[])).unwrap_err();
    assert!(error.contains("not an xlsx workbook"), "{error}");
}
