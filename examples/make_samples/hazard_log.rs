//! The workbook in the shape of the NHS hazard log template: one row a hazard, columns A to S.

use super::Outcome;
use super::source::{Cause, Cover, FurtherSheet, Hazard, HazardLog, Rating, StatedDate};
use super::template::HEADERS;
use super::{document_sheets, fault, risk_matrix, style};
use cscr::case::Date;
use cscr::case::matrix::RiskPolicy;
use rust_xlsxwriter::{DataValidation, FilterCondition, Formula, Image, Shape, Workbook, Worksheet};

/// Width of each column.
const WIDTHS: [u32; 19] = [10, 24, 34, 34, 50, 46, 14, 13, 8, 50, 46, 36, 36, 14, 13, 8, 46, 16, 13];
const LAST_COLUMN: u16 = 18;
const STATUS_COLUMN: u16 = LAST_COLUMN;

pub fn workbook(log: &HazardLog) -> Outcome<Workbook> {
    let policy = RiskPolicy::nhs();
    let mut workbook = style::workbook(&log.cover.title, &log.cover.author, file_date(&log.cover)?)?;
    document_sheets::add_cover(&mut workbook, &log.cover)?;
    document_sheets::add_history(&mut workbook, &log.history, &log.reviewers, &log.approvers)?;
    let sheet = workbook.add_worksheet().set_name(log.hazard_sheet.as_deref().unwrap_or("Hazard Log"))?;
    // Otherwise a formula that gives an empty text is written as if it gave 0.
    sheet.set_formula_result_default("");
    write_header(sheet)?;
    for (row, hazard) in (1..).zip(&log.hazards) {
        write_hazard(sheet, row, hazard, &policy)?;
    }
    add_validations(sheet, u32::try_from(log.hazards.len())?)?;
    add_filter(sheet, log)?;
    risk_matrix::add(&mut workbook, &policy)?;
    for further in &log.sheets {
        add_further(&mut workbook, further)?;
    }
    for name in &log.broken_names {
        workbook.define_name(name, "='Risk Matrix'!#REF!")?;
    }
    fault::apply(&mut workbook, &log.faults)?;
    Ok(workbook)
}

fn add_further(workbook: &mut Workbook, further: &FurtherSheet) -> Outcome {
    let sheet = workbook.add_worksheet().set_name(&further.name)?;
    for (row, texts) in (0..).zip(&further.rows) {
        for (column, text) in (0..).zip(texts) {
            sheet.write_string(row, column, text)?;
        }
    }
    let below = u32::try_from(further.rows.len())?;
    for number in 0..further.pictures {
        sheet.insert_image(below + number, 0, &Image::new_from_buffer(DOT)?)?;
    }
    if let Some(words) = &further.text_box {
        sheet.insert_shape(below, 3, &Shape::textbox().set_text(words))?;
    }
    Ok(())
}

/// The smallest picture there is: one pixel, as GIF.
const DOT: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// The date that the file claims to be made on.
pub fn file_date(cover: &Cover) -> Outcome<Date> {
    match (cover.file_date, &cover.date) {
        (Some(date), _) => Ok(date),
        (None, StatedDate::Date(date)) => Ok(*date),
        (None, StatedDate::Words(words)) => {
            Err(format!("the cover's date is \"{words}\"; give file_date as well").into())
        }
    }
}

fn write_header(sheet: &mut Worksheet) -> Outcome {
    for (column, (name, width)) in (0..).zip(HEADERS.into_iter().zip(WIDTHS)) {
        sheet.write_string_with_format(0, column, name, &style::header())?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    style::fit_to_paper(sheet);
    Ok(())
}

fn write_hazard(sheet: &mut Worksheet, row: u32, hazard: &Hazard, policy: &RiskPolicy) -> Outcome {
    let causes = &hazard.causes;
    let texts = [
        (0, hazard.number.clone()),
        (1, hazard.name.clone()),
        (2, hazard.description.clone()),
        (3, hazard.impact.clone()),
        (4, numbered(causes, |cause| Some(&cause.text))),
        (5, numbered(causes, |cause| cause.existing.as_ref())),
        (9, numbered(causes, |cause| cause.design.as_ref())),
        (10, numbered(causes, |cause| cause.test.as_ref())),
        (11, numbered(causes, |cause| cause.training.as_ref())),
        (12, numbered(causes, |cause| cause.bpc.as_ref())),
        (16, hazard.notes.clone()),
        (17, hazard.owner.clone()),
        (STATUS_COLUMN, hazard.status.clone()),
    ];
    let widths = texts.iter().map(|(column, text)| (text.as_str(), WIDTHS[usize::from(*column)]));
    sheet.set_row_height(row, style::height(widths))?;
    for (column, text) in texts {
        sheet.write_string_with_format(row, column, text, &style::body())?;
    }
    write_rating(sheet, row, 6, &hazard.initial, policy)?;
    write_rating(sheet, row, 13, &hazard.residual, policy)
}

/// `1) ...`, `2) None`, ... on a line each: the list number ties a control to its cause.
fn numbered<'a>(causes: &'a [Cause], text: impl Fn(&'a Cause) -> Option<&'a String>) -> String {
    let lines: Vec<String> = (1..)
        .zip(causes)
        .map(|(number, cause)| format!("{number}) {}", text(cause).map_or("None", String::as_str)))
        .collect();
    lines.join("\n")
}

/// Severity, likelihood and the risk as a formula over them, with the value that it gives.
fn write_rating(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    rating: &Rating,
    policy: &RiskPolicy,
) -> Outcome {
    sheet.write_string_with_format(row, column, &rating.severity, &style::body())?;
    sheet.write_string_with_format(row, column + 1, &rating.likelihood, &style::body())?;
    let (severity, likelihood) = if column < 13 { ('G', 'H') } else { ('N', 'O') };
    let formula = risk_formula(severity, likelihood, row + 1);
    let cached =
        policy.risk(&rating.severity, &rating.likelihood).map_or("#N/A".to_owned(), |risk| risk.to_string());
    sheet.write_formula_with_format(
        row,
        column + 2,
        Formula::new(formula).set_result(cached),
        &style::body(),
    )?;
    Ok(())
}

fn risk_formula(severity: char, likelihood: char, row: u32) -> String {
    format!(
        "=IF(OR(ISBLANK({severity}{row}),ISBLANK({likelihood}{row})),\"\",\
         INDEX('Risk Matrix'!$D$2:$H$6,MATCH({likelihood}{row},Likelihood,0),MATCH({severity}{row},Consequence,0)))"
    )
}

fn add_validations(sheet: &mut Worksheet, last_row: u32) -> Outcome {
    let from_name = |name: &str| DataValidation::new().allow_list_formula(Formula::new(name));
    for column in [6, 13] {
        sheet.add_data_validation(1, column, last_row, column, &from_name("Consequence"))?;
        sheet.add_data_validation(1, column + 1, last_row, column + 1, &from_name("Likelihood"))?;
    }
    let statuses = DataValidation::new().allow_list_strings(&["Open", "Closed", "Transferred"])?;
    sheet.add_data_validation(1, STATUS_COLUMN, last_row, STATUS_COLUMN, &statuses)?;
    Ok(())
}

fn add_filter(sheet: &mut Worksheet, log: &HazardLog) -> Outcome {
    sheet.autofilter(0, 0, u32::try_from(log.hazards.len())?, LAST_COLUMN)?;
    if !log.filter_shows_status.is_empty() {
        let condition = log
            .filter_shows_status
            .iter()
            .fold(FilterCondition::new(), |condition, status| condition.add_list_filter(status.as_str()));
        sheet.filter_column(STATUS_COLUMN, &condition)?;
    }
    Ok(())
}
