//! The sheet of hazards: what is typed into it, what it computes, and which words its cells offer.

use super::risk_matrix::Block;
use super::style;
use crate::case::hazard::{Hazard, Rating, StatedRisk};
use crate::case::matrix::RiskPolicy;
use crate::export::table::{Column, Content, Row, Stage, Table};
use crate::export::{Export, ExportError};
use rust_xlsxwriter::{DataValidation, Formula, Workbook, Worksheet, XlsxError, utility};

const SHEET: &str = "Hazard Log";
/// The most that a cell may hold, in UTF-16 units.
const LONGEST: usize = 32_767;
/// The words of the template for the status of a hazard.
const STATUSES: [&str; 3] = ["Open", "Closed", "Transferred"];

/// Refuses a text that no cell can hold: a spreadsheet would cut it.
pub(super) fn refuse_long_texts(table: &Table<'_>) -> Result<(), ExportError> {
    for row in &table.rows {
        for (column, text) in table.columns.iter().zip(&row.texts) {
            let length = text.encode_utf16().count();
            if length > LONGEST {
                return Err(ExportError::new(
                    format!(
                        "\"{}\" of hazard {} has {length} characters, and a cell of a workbook holds {LONGEST}",
                        column.header, row.hazard.key
                    ),
                    "shorten it, or move part of it into a document that it names; --format csv, json and toml have no such limit",
                ));
            }
        }
    }
    Ok(())
}

pub(super) fn add(
    workbook: &mut Workbook,
    export: &Export<'_>,
    table: &Table<'_>,
    blocks: &[Block<'_>],
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name(SHEET)?;
    // Otherwise a formula that gives an empty text is written as if it gave 0.
    sheet.set_formula_result_default("");
    write_header(sheet, export, &table.columns)?;
    for (number, row) in (1..).zip(&table.rows) {
        write_row(sheet, number, row, &table.columns, block_of(export, blocks, row.hazard))?;
    }
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    for (index, column) in (0..).zip(&table.columns) {
        offer_words(sheet, index, column.content, export, table, blocks)?;
    }
    sheet.autofilter(0, 0, last_row, last_column(&table.columns))?;
    sheet.set_active(true);
    Ok(())
}

/// The policy that rates a hazard, with its place; the main one where the case has none of its name.
fn block_of<'b, 'p>(export: &Export<'_>, blocks: &'b [Block<'p>], hazard: &Hazard) -> Option<&'b Block<'p>> {
    let policy = export.policy(&hazard.initial.policy);
    let own = |block: &&Block<'_>| policy.is_some_and(|policy| policy.id == block.policy.id);
    blocks.iter().find(own).or(blocks.first())
}

fn last_column(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

fn write_header(sheet: &mut Worksheet, export: &Export<'_>, columns: &[Column]) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, index, column.header, &style::header())?;
        sheet.set_column_width(index, column.width)?;
    }
    sheet.set_row_height(0, 30)?;
    // Number and name stay in sight on the way to the last column.
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_repeat_rows(0, 0)?;
    style::fit_to_paper(sheet);
    style::foot(sheet, &export.title);
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    number: u32,
    row: &Row<'_>,
    columns: &[Column],
    block: Option<&Block<'_>>,
) -> Result<(), XlsxError> {
    let widths = columns.iter().zip(&row.texts).map(|(column, text)| (text.as_str(), column.width));
    sheet.set_row_height(number, style::height(widths))?;
    for (index, (column, text)) in (0..).zip(columns.iter().zip(&row.texts)) {
        match (column.content, block) {
            (Content::Risk(stage), Some(block)) => {
                write_risk(sheet, (number, index), row.hazard, stage, block)?;
            }
            _ => style::write_text(sheet, number, index, text, style::body())?,
        }
    }
    Ok(())
}

/// A risk as a formula over the two cells before it, with the value that it gives; as it is stated, where that is
/// something else, because what a log says is not for an export to mend.
fn write_risk(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    hazard: &Hazard,
    stage: Stage,
    block: &Block<'_>,
) -> Result<(), XlsxError> {
    let rating = stage.of(hazard);
    if let Some(computed) = computed(rating, block.policy) {
        let cell = |left: u16| utility::row_col_to_cell(row, column - left);
        let formula = Formula::new(block.risk_formula(&cell(2), &cell(1))).set_result(computed);
        sheet.write_formula_with_format(row, column, formula, &style::body())?;
        return Ok(());
    }
    match &rating.stated_risk {
        Some(StatedRisk::Score(score)) => {
            sheet.write_number_with_format(row, column, *score, &style::body())?;
        }
        Some(StatedRisk::Words(words)) => style::write_text(sheet, row, column, words, style::body())?,
        None => {
            sheet.write_blank(row, column, &style::body())?;
        }
    }
    Ok(())
}

/// What the formula gives, where it can stand for what the log states: the words are those of the matrix or blank, and
/// the stated risk is theirs or blank.
fn computed(rating: &Rating, policy: &RiskPolicy) -> Option<String> {
    let is_exact = |stated: Option<&String>, word: Option<&String>, known: Option<&str>| {
        stated.is_none() && word.is_none_or(|word| known == Some(word) && !word.contains(['*', '?', '~']))
    };
    let severity = rating.severity.as_ref();
    let likelihood = rating.likelihood.as_ref();
    let is_computable = is_exact(
        rating.stated_severity.as_ref(),
        severity,
        severity.and_then(|word| policy.severity_word(word)),
    ) && is_exact(
        rating.stated_likelihood.as_ref(),
        likelihood,
        likelihood.and_then(|word| policy.likelihood_word(word)),
    );
    let risk = severity.zip(likelihood).and_then(|(severity, likelihood)| policy.risk(severity, likelihood));
    let agrees = rating.stated_risk.is_none() || rating.stated_risk == risk.map(StatedRisk::Score);
    (is_computable && agrees).then(|| risk.map_or_else(String::new, |risk| risk.to_string()))
}

/// Gives the cells of a column the list of their words.
fn offer_words(
    sheet: &mut Worksheet,
    column: u16,
    content: Content,
    export: &Export<'_>,
    table: &Table<'_>,
    blocks: &[Block<'_>],
) -> Result<(), XlsxError> {
    let offered = |row: &Row<'_>| {
        let block = block_of(export, blocks, row.hazard)?;
        list_name(content, row.texts.get(usize::from(column))?, block)
    };
    let names: Vec<Option<String>> = table.rows.iter().map(offered).collect();
    let mut first = 1;
    for run in names.chunk_by(|one, other| one == other) {
        let after = first + u32::try_from(run.len()).unwrap_or(0);
        if let Some(Some(name)) = run.first() {
            let validation = match content {
                Content::Status => DataValidation::new().allow_list_strings(&STATUSES)?,
                _ => DataValidation::new().allow_list_formula(Formula::new(name)),
            };
            sheet.add_data_validation(first, column, after - 1, column, &validation)?;
        }
        first = after;
    }
    Ok(())
}

/// The list for a cell. One that holds another word has none: a list that its own cell contradicts helps nobody.
fn list_name(content: Content, text: &str, block: &Block<'_>) -> Option<String> {
    let (name, is_in_list) = match content {
        Content::Severity => (block.severity_name(), block.policy.severity_word(text).is_some()),
        Content::Likelihood => (block.likelihood_name(), block.policy.likelihood_word(text).is_some()),
        Content::Status => ("Status".to_owned(), STATUSES.contains(&text)),
        Content::Text | Content::Risk(_) => return None,
    };
    (is_in_list || text.is_empty()).then_some(name)
}
