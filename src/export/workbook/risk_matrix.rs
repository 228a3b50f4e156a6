//! The Risk Matrix sheet, and the defined names that drop-down lists and formulas use.
//!
//! It prints the risk policies of the case, one below the other: words and cells come from the data that ratings are
//! measured by, so the workbook cannot drift from them.

use super::document_sheets::merge;
use super::style;
use crate::case::matrix::{Category, RiskClass, RiskPolicy};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError, utility};

pub const SHEET: &str = "Risk Matrix";

/// Column of the likelihoods; the severities stand to its right.
const SIDE: u16 = 2;
const BODY: u16 = SIDE + 1;

/// A risk policy with its place on the sheet.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    pub policy: &'a RiskPolicy,
    /// From 1, in the order of the policies.
    number: usize,
    /// First row of the matrix.
    top: u32,
    is_titled: bool,
}

/// Where each policy stands: the main one where the NHS template has its matrix, each further one below.
#[must_use]
pub fn blocks<'a>(policies: &[&'a RiskPolicy]) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut top = 1;
    for (number, policy) in (1..).zip(policies) {
        let block = Block { policy, number, top, is_titled: policies.len() > 1 };
        top = block.below() + 2;
        blocks.push(block);
    }
    blocks
}

impl Block<'_> {
    fn likelihoods(&self) -> u32 {
        count(self.policy.likelihoods.len())
    }

    fn severities(&self) -> u16 {
        u16::try_from(self.policy.severities.len()).unwrap_or(u16::MAX)
    }

    fn last_column(&self) -> u16 {
        BODY + self.severities().saturating_sub(1)
    }

    /// The row of the severities, right below the matrix.
    fn heads(&self) -> u32 {
        self.top + self.likelihoods()
    }

    /// The row of the first meaning of a likelihood.
    fn meanings(&self) -> u32 {
        self.heads() + 4
    }

    /// The row of the first criterion of acceptability.
    fn criteria(&self) -> u32 {
        self.meanings() + self.likelihoods() + 2
    }

    /// The first row below the block.
    fn below(&self) -> u32 {
        let beside = self.top + 2 + u32::from(self.severities());
        beside.max(self.criteria() + count(self.policy.acceptability.len()))
    }

    /// The defined name of the likelihoods.
    #[must_use]
    pub fn likelihood_name(&self) -> String {
        self.name("Likelihood")
    }

    /// The defined name of the severities, which the NHS template calls consequences.
    #[must_use]
    pub fn severity_name(&self) -> String {
        self.name("Consequence")
    }

    fn name(&self, name: &str) -> String {
        if self.number == 1 { name.to_owned() } else { format!("{name}_{}", self.number) }
    }

    /// A formula for the risk of the severity and likelihood in these cells; nothing where one of them is blank.
    #[must_use]
    pub fn risk_formula(&self, severity: &str, likelihood: &str) -> String {
        let body = range((self.top, BODY), (self.heads() - 1, self.last_column()));
        format!(
            "=IF(OR(ISBLANK({severity}),ISBLANK({likelihood})),\"\",\
             INDEX({body},MATCH({likelihood},{},0),MATCH({severity},{},0)))",
            self.likelihood_name(),
            self.severity_name()
        )
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn range((first_row, first_column): (u32, u16), (last_row, last_column): (u32, u16)) -> String {
    let cell = |row, column| utility::row_col_to_cell_absolute(row, column);
    format!("'{SHEET}'!{}:{}", cell(first_row, first_column), cell(last_row, last_column))
}

/// Adds the sheet and its names.
pub fn add(workbook: &mut Workbook, blocks: &[Block<'_>]) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name(SHEET)?;
    style::fit_to_paper(sheet);
    let widest = blocks.iter().map(Block::last_column).max().unwrap_or(BODY).max(7);
    for (column, width) in [(0, 2), (1, 5), (SIDE, 14), (widest + 1, 4), (widest + 2, 16), (widest + 3, 70)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_column_range_width(BODY, widest, 14)?;
    for block in blocks {
        block.write_matrix(sheet)?;
        block.write_meanings(sheet, widest + 2)?;
    }
    for block in blocks {
        let sides = range((block.top, SIDE), (block.heads() - 1, SIDE));
        let heads = range((block.heads(), BODY), (block.heads(), block.last_column()));
        workbook.define_name(block.likelihood_name(), &format!("={sides}"))?;
        workbook.define_name(block.severity_name(), &format!("={heads}"))?;
    }
    Ok(())
}

impl Block<'_> {
    fn write_matrix(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let policy = self.policy;
        if self.is_titled {
            style::write_text(sheet, self.top - 1, SIDE, &policy.title, style::label())?;
        }
        let upright = style::header().set_rotation(90).set_align(FormatAlign::Center);
        if self.likelihoods() > 1 {
            sheet.merge_range(self.top, 1, self.heads() - 1, 1, "Likelihood", &upright)?;
        }
        let rows = policy.likelihoods.iter().zip(&policy.matrix).rev();
        for (row, (likelihood, risks)) in (self.top..).zip(rows) {
            style::write_text(sheet, row, SIDE, &likelihood.word, style::header())?;
            for (column, risk) in (BODY..).zip(risks) {
                sheet.write_number_with_format(row, column, *risk, &shade(policy, *risk))?;
            }
        }
        for (column, severity) in (BODY..).zip(&policy.severities) {
            style::write_text(sheet, self.heads(), column, &severity.word, style::header())?;
        }
        merge(sheet, self.heads() + 1, (BODY, self.last_column()), "Severity", style::header())
    }

    fn write_meanings(&self, sheet: &mut Worksheet, right: u16) -> Result<(), XlsxError> {
        let policy = self.policy;
        let columns = (BODY, self.last_column());
        let width = 14 * u32::from(self.severities());
        let head = self.meanings() - 1;
        sheet.set_row_height(head, 30)?;
        sheet.write_string_with_format(head, SIDE, "Likelihood Category", &style::header())?;
        merge(sheet, head, columns, "Interpretation", style::header())?;
        for (row, Category { word, meaning }) in (head + 1..).zip(policy.likelihoods.iter().rev()) {
            style::write_text(sheet, row, SIDE, word, style::body())?;
            merge(sheet, row, columns, meaning, style::body())?;
            sheet.set_row_height(row, style::height([(meaning.as_str(), width)]))?;
        }
        merge(sheet, self.criteria() - 1, columns, "Risk Acceptability", style::header())?;
        for (row, entry) in (self.criteria()..).zip(policy.acceptability.iter().rev()) {
            sheet.write_number_with_format(row, SIDE, entry.risk, &shade(policy, entry.risk))?;
            merge(sheet, row, columns, &entry.meaning, style::body())?;
            sheet.set_row_height(row, style::height([(entry.meaning.as_str(), width)]))?;
        }
        for (column, name) in [(right, "Severity Classification"), (right + 1, "Interpretation")] {
            sheet.merge_range(self.top, column, self.top + 1, column, name, &style::header())?;
        }
        for (row, Category { word, meaning }) in (self.top + 2..).zip(policy.severities.iter().rev()) {
            style::write_text(sheet, row, right, word, style::body())?;
            style::write_text(sheet, row, right + 1, meaning, style::body())?;
            sheet.set_row_height(row, style::height([(meaning.as_str(), 70)]))?;
        }
        Ok(())
    }
}

/// The number stands in the cell; the shade only helps the eye.
fn shade(policy: &RiskPolicy, risk: u8) -> Format {
    let is_worst = policy.acceptability.last().is_some_and(|worst| worst.risk == risk);
    let colour = match policy.class(risk) {
        Some(RiskClass::Acceptable) => Color::RGB(0xD5_EA_DB),
        Some(RiskClass::AcceptableWithReason) => Color::RGB(0xEE_F4_CF),
        Some(RiskClass::Undesirable) => Color::RGB(0xFF_EB_B0),
        Some(RiskClass::Unacceptable) if !is_worst => Color::RGB(0xFA_D0_B4),
        Some(RiskClass::Unacceptable) => Color::RGB(0xF3_B9_B5),
        None => Color::White,
    };
    style::body().set_align(FormatAlign::Center).set_background_color(colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_matrix_stands_where_the_template_has_it_and_others_below() {
        let nhs = RiskPolicy::nhs();
        let blocks = blocks(&[&nhs, &nhs]);
        let formula = blocks[0].risk_formula("N2", "O2");
        assert!(
            formula.contains("INDEX('Risk Matrix'!$D$2:$H$6,MATCH(O2,Likelihood,0),MATCH(N2,Consequence,0))")
        );
        assert_eq!(blocks[1].severity_name(), "Consequence_2");
        assert!(blocks[1].top > blocks[0].criteria() + 5);
    }
}
