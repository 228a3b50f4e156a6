//! The Risk Matrix sheet, and the defined names that validations and formulas use.
//!
//! The words and cells come from the engine's own risk policy, so the samples cannot drift from it.

use super::Outcome;
use super::style;
use cscr::case::matrix::{Category, RiskPolicy};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet};

/// Adds the sheet: matrix in D2:H6, likelihoods in C2:C6, severities in D7:H7.
pub fn add(workbook: &mut Workbook, policy: &RiskPolicy) -> Outcome {
    let sheet = workbook.add_worksheet().set_name("Risk Matrix")?;
    style::fit_to_paper(sheet);
    for (column, width) in [(0, 2), (1, 5), (2, 14), (8, 4), (9, 16), (10, 70), (11, 16)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_column_range_width(3, 7, 14)?;
    write_matrix(sheet, policy)?;
    write_meanings(sheet, policy)?;
    workbook.define_name("Likelihood", "='Risk Matrix'!$C$2:$C$6")?;
    workbook.define_name("Consequence", "='Risk Matrix'!$D$7:$H$7")?;
    Ok(())
}

fn write_matrix(sheet: &mut Worksheet, policy: &RiskPolicy) -> Outcome {
    let upright = style::header().set_rotation(90).set_align(FormatAlign::Center);
    sheet.merge_range(1, 1, 5, 1, "Likelihood", &upright)?;
    let rows = policy.likelihoods.iter().zip(&policy.matrix).rev();
    for (row, (likelihood, risks)) in (1..).zip(rows) {
        sheet.write_string_with_format(row, 2, &likelihood.word, &style::header())?;
        for (column, risk) in (3..).zip(risks) {
            sheet.write_number_with_format(row, column, *risk, &shade(*risk))?;
        }
    }
    for (column, severity) in (3..).zip(&policy.severities) {
        sheet.write_string_with_format(6, column, &severity.word, &style::header())?;
    }
    sheet.merge_range(7, 3, 7, 7, "Severity", &style::header())?;
    Ok(())
}

fn write_meanings(sheet: &mut Worksheet, policy: &RiskPolicy) -> Outcome {
    sheet.set_row_height(9, 30)?;
    sheet.write_string_with_format(9, 2, "Likelihood Category", &style::header())?;
    sheet.merge_range(9, 3, 9, 7, "Interpretation", &style::header())?;
    for (row, likelihood) in (10..).zip(policy.likelihoods.iter().rev()) {
        sheet.write_string_with_format(row, 2, &likelihood.word, &style::body())?;
        sheet.merge_range(row, 3, row, 7, &likelihood.meaning, &style::body())?;
        sheet.set_row_height(row, style::height([(likelihood.meaning.as_str(), 70)]))?;
    }
    sheet.merge_range(16, 3, 16, 7, "Risk Acceptability", &style::header())?;
    for (row, entry) in (17..).zip(policy.acceptability.iter().rev()) {
        sheet.write_number_with_format(row, 2, entry.risk, &shade(entry.risk))?;
        sheet.merge_range(row, 3, row, 7, &entry.meaning, &style::body())?;
        sheet.set_row_height(row, 30)?;
    }
    for (column, name) in [(9, "Severity Classification"), (10, "Interpretation"), (11, "Patients")] {
        sheet.merge_range(1, column, 2, column, name, &style::header())?;
    }
    for (row, severity) in (3..).zip(policy.severities.iter().rev()) {
        sheet.write_string_with_format(row, 9, &severity.word, &style::body())?;
        sheet.write_string_with_format(row, 10, &severity.meaning, &style::body())?;
        sheet.write_string_with_format(row, 11, patients(severity), &style::body())?;
        sheet.set_row_height(row, style::height([(severity.meaning.as_str(), 70)]))?;
    }
    Ok(())
}

fn patients(severity: &Category) -> &'static str {
    match severity.word.as_str() {
        "Catastrophic" => "Several",
        "Minor" => "One",
        _ => "One or several",
    }
}

/// The number stands in the cell; the shade only helps the eye.
fn shade(risk: u8) -> Format {
    let colour = match risk {
        1 => Color::RGB(0xD5_EA_DB),
        2 => Color::RGB(0xEE_F4_CF),
        3 => Color::RGB(0xFF_EB_B0),
        4 => Color::RGB(0xFA_D0_B4),
        _ => Color::RGB(0xF3_B9_B5),
    };
    style::body().set_align(FormatAlign::Center).set_background_color(colour)
}
