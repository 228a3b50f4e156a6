//! The clinical safety sheet of a Target Operating Model workbook, in the layout of the real one.

use super::Outcome;
use super::source::{TomAnswer, TomAnswers, TomSheet};
use super::style;
use rust_xlsxwriter::{DataValidation, Formula, Workbook, Worksheet};

/// Row of the first question; the header is two rows above, with a heading row between.
const FIRST_QUESTION: u32 = 8;

pub fn workbook(sheet: &TomSheet, given: &TomAnswers) -> Outcome<Workbook> {
    let title = format!("Target Operating Model - {}", given.product);
    let mut workbook = style::workbook(&title, &given.end_user_organisation, given.date)?;
    let cover = workbook.add_worksheet().set_name("Cover")?;
    cover.set_column_width(0, 90)?;
    style::fit_to_paper(cover);
    cover.write_string_with_format(1, 0, &title, &style::title())?;
    cover.write_string_with_format(
        3,
        0,
        format!("End User Organisation: {}", given.end_user_organisation),
        &style::plain(),
    )?;
    cover.write_string_with_format(
        5,
        0,
        "Synthetic sample in the layout of the self-evaluation checklist. Every person and organisation is invented.",
        &style::plain(),
    )?;
    let safety = workbook.add_worksheet().set_name("7 - Clinical Safety")?;
    // Otherwise a formula that gives an empty text is written as if it gave 0.
    safety.set_formula_result_default("");
    style::fit_to_paper(safety);
    write_frame(safety, sheet)?;
    write_questions(safety, sheet, given)?;
    write_level(safety, sheet, given)?;
    Ok(workbook)
}

fn write_frame(safety: &mut Worksheet, sheet: &TomSheet) -> Outcome {
    for (column, width) in [(0, 2), (1, 16), (2, 42), (3, 73), (4, 36), (5, 12), (6, 60), (7, 9)] {
        safety.set_column_width(column, width)?;
    }
    safety.write_string_with_format(0, 0, &sheet.title, &style::title())?;
    safety.merge_range(2, 1, 2, 7, &sheet.introduction, &style::plain())?;
    safety.merge_range(4, 1, 4, 7, &sheet.levels.join("\n"), &style::plain())?;
    safety.set_row_height(2, 30)?;
    safety.set_row_height(4, 80)?;
    let headers = [
        "Category",
        "Item",
        "Guidance",
        "Actioned By",
        "Compliance",
        "Additional Notes / References",
        "Type",
    ];
    for (column, name) in (1..).zip(headers) {
        safety.write_string_with_format(6, column, name, &style::header())?;
    }
    safety.write_string_with_format(7, 1, "Clinical Safety", &style::label())?;
    Ok(())
}

fn write_questions(safety: &mut Worksheet, sheet: &TomSheet, given: &TomAnswers) -> Outcome {
    for (row, question) in (FIRST_QUESTION..).zip(&sheet.questions) {
        let answer = answer(given, &question.id);
        let by = answer.map_or(String::new(), |answer| format!("{} ", answer.by));
        let texts = [
            (1, question.id.clone()),
            (2, question.item.clone()),
            (3, question.guidance.clone()),
            (4, format!("{by}on behalf of the End User Organisation")),
            (6, answer.map_or_else(String::new, |answer| answer.notes.clone())),
            (7, "Action".to_owned()),
        ];
        let wide = [(question.guidance.as_str(), 73), (texts[3].1.as_str(), 36), (texts[4].1.as_str(), 60)];
        safety.set_row_height(row, style::height(wide))?;
        for (column, text) in texts {
            safety.write_string_with_format(row, column, text, &style::body())?;
        }
        match answer {
            Some(answer) => safety.write_string_with_format(row, 5, &answer.answer, &style::body())?,
            None => safety.write_blank(row, 5, &style::body())?,
        };
    }
    let yes_or_no = DataValidation::new().allow_list_strings(&["Yes", "No"])?;
    safety.add_data_validation(FIRST_QUESTION, 5, FIRST_QUESTION + 11, 5, &yes_or_no)?;
    Ok(())
}

/// The level in C22 and the duties that hang on it, as formulas with the values that they give.
fn write_level(safety: &mut Worksheet, sheet: &TomSheet, given: &TomAnswers) -> Outcome {
    let [none, local, clinical, group, device] = &sheet.levels[..] else {
        return Err("the sheet needs five levels".into());
    };
    let formula = format!(
        "=IF(F9=\"Yes\",\"{device}\",IF(F10=\"Yes\",\"{group}\",\
         IF(OR(F11=\"Yes\",F13=\"Yes\",F14=\"Yes\"),\"{clinical}\",IF(F12=\"Yes\",\"{local}\",\"{none}\"))))"
    );
    let yes = |id: &str| answer(given, id).is_some_and(|answer| answer.answer == "Yes");
    let level = if yes("CS-01") {
        5
    } else if yes("CS-02") {
        4
    } else if yes("CS-031") || yes("CS-033") || yes("CS-034") {
        3
    } else if yes("CS-032") {
        2
    } else {
        1
    };
    safety.write_string_with_format(21, 1, "Clinical Safety Signoff Level", &style::label())?;
    let level_formula = Formula::new(formula).set_result(&sheet.levels[level - 1]);
    safety.write_formula_with_format(21, 2, level_formula, &style::body())?;
    safety.set_row_height(21, 45)?;
    safety.write_string_with_format(23, 1, "Additional Information Required", &style::label())?;
    safety.write_string_with_format(30, 1, "Additional Stakeholder Involvement", &style::label())?;
    let above = [
        (25, 2, &sheet.risk_assessment),
        (26, 2, &sheet.documentary_evidence),
        (33, 4, &sheet.medicines_regulator),
        (34, 1, &sheet.safety_officer),
        (35, 2, &sheet.safety_group_help),
        (36, 3, &sheet.safety_group_sign_off),
    ];
    for (row, threshold, words) in above {
        let formula = format!("=IF(MID(C$22,1,1)>\"{threshold}\",\"{words}\",\"\")");
        let shown = if level > threshold { words.as_str() } else { "" };
        safety.write_formula_with_format(row, 1, Formula::new(formula).set_result(shown), &style::label())?;
    }
    let formula = format!("=IF(F$15=\"Yes\",\"{}\",\"\")", sheet.safety_issues);
    let shown = if yes("CS-04") { sheet.safety_issues.as_str() } else { "" };
    safety.write_formula_with_format(27, 1, Formula::new(formula).set_result(shown), &style::label())?;
    Ok(())
}

fn answer<'a>(given: &'a TomAnswers, id: &str) -> Option<&'a TomAnswer> {
    given.answers.iter().find(|answer| answer.id == id)
}
