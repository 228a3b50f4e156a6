//! The compliance sheet: the clauses of the standard as a workbook, each with what was found, where the report shows it, and
//! what a named person answered.
//!
//! It is the clause table of the report, row by row, and says nothing that the report does not: the engine's words and the
//! person's stand in columns of their own, and where they differ, that is said. Sections and pages are those of the report
//! that the sheet goes with, so it is made after that report was printed.

use crate::assurance::Assurance;
use crate::assurance::clauses::{ClauseFinding, ClauseRow, ClauseState, MarkKind};
use crate::case::Case;
use crate::case::clause::{CheckedBy, Force};
use crate::case::compliance::Answer;
use crate::export::ExportError;
use crate::export::workbook::style;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

const SHEET: &str = "Compliance";

/// Where the printed report has its labels, in words: `section:scope` is `3.2, p. 14`.
pub type Shown = BTreeMap<String, String>;

/// What a row is filled from.
struct Row<'a> {
    clause: &'a ClauseRow,
    case: &'a Case,
    shown: &'a Shown,
}

/// A column: its header, its width in characters, its text for a clause.
struct Column {
    header: &'static str,
    width: u32,
    text: fn(&Row<'_>) -> String,
}

const COLUMNS: [Column; 13] = [
    Column { header: "Clause", width: 7, text: |row| row.clause.number.clone() },
    Column {
        header: "Section",
        width: 16,
        text: |row| format!("{} {}", row.clause.group, row.clause.heading),
    },
    Column { header: "What it demands", width: 36, text: |row| row.clause.requirement.clone() },
    Column { header: "Who looks", width: 12, text: |row| looks(row.clause) },
    Column { header: "What the engine found", width: 13, text: |row| found(&row.clause.state).to_owned() },
    Column { header: "Because", width: 36, text: |row| row.clause.state.because().to_owned() },
    Column { header: "Section and page of the report", width: 14, text: |row| row.places() },
    Column { header: "Findings of checks", width: 14, text: |row| row.findings() },
    Column { header: "Hazards exempt", width: 10, text: |row| row.clause.exempt.join(", ") },
    Column { header: "Answer", width: 11, text: |row| row.answer() },
    Column { header: "Statement", width: 36, text: |row| row.clause.statement.clone().unwrap_or_default() },
    Column { header: "Answered by", width: 17, text: |row| row.answered_by() },
    Column { header: "To be noted of the answer", width: 18, text: |row| row.marks() },
];

/// The sheet of a case, with the places of the report that was just printed.
///
/// # Errors
/// If a text is longer than a cell may be, or the date is none that a workbook can hold.
pub fn workbook(case: &Case, assurance: &Assurance, shown: &Shown) -> Result<Vec<u8>, ExportError> {
    let title = format!("Compliance with {}: {}", case.standard.name.as_str(), case.product.name);
    let author = case.organisation.name.as_deref().unwrap_or("");
    let mut workbook = style::workbook(&title, author, assurance.as_of, None)?;
    add_about(&mut workbook, &title, case, assurance)?;
    let sheet = workbook.add_worksheet().set_name(SHEET)?;
    write_header(sheet, &title)?;
    for (number, clause) in (1..).zip(&assurance.clauses) {
        write_row(sheet, number, &Row { clause, case, shown })?;
    }
    let last = u32::try_from(assurance.clauses.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, last_column())?;
    sheet.set_active(true);
    Ok(workbook.save_to_buffer()?)
}

fn last_column() -> u16 {
    u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX)
}

fn write_header(sheet: &mut Worksheet, title: &str) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(&COLUMNS) {
        sheet.write_string_with_format(0, index, column.header, &style::header())?;
        sheet.set_column_width(index, column.width)?;
    }
    let widths = COLUMNS.iter().map(|column| (column.header, column.width));
    sheet.set_row_height(0, style::height(widths).max(30))?;
    // The number stays in sight on the way to the answer.
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    style::fit_to_paper(sheet);
    style::foot(sheet, title);
    Ok(())
}

fn write_row(sheet: &mut Worksheet, number: u32, row: &Row<'_>) -> Result<(), XlsxError> {
    let texts: Vec<String> = COLUMNS.iter().map(|column| (column.text)(row)).collect();
    let widths = COLUMNS.iter().zip(&texts).map(|(column, text)| (text.as_str(), column.width));
    sheet.set_row_height(number, style::height(widths))?;
    for ((index, column), text) in (0..).zip(&COLUMNS).zip(&texts) {
        // Two answers to one question are not to be overlooked, in colour or without.
        let stands_out = column.header.starts_with("To be noted") && row.clause.disagreement.is_some();
        let format = if stands_out { style::body().set_bold() } else { style::body() };
        style::write_text(sheet, number, index, text, format)?;
    }
    Ok(())
}

/// Who can say whether the clause is answered; and that it only advises or only scopes, where it does.
fn looks(clause: &ClauseRow) -> String {
    let who = match clause.checked_by {
        CheckedBy::Engine => "The engine",
        CheckedBy::Person => "A person",
        CheckedBy::NobodyYet => "Nobody yet",
    };
    match clause.force {
        Force::Must => who.to_owned(),
        Force::Should => format!("{who}; a \u{201c}should\u{201d}"),
        Force::Scoping => format!("{who}; says where others apply"),
    }
}

fn found(state: &ClauseState) -> &'static str {
    match state {
        ClauseState::EvidenceFound(_) => "Evidence found",
        ClauseState::PartlyFound(_) => "Partly found",
        ClauseState::NoneFound(_) => "None found",
        ClauseState::AwaitingLaterPhase(_) => "Awaiting a later step",
        ClauseState::NotApplicable(_) => "Not applicable",
        ClauseState::NotLookedAt(_) => "Not looked at",
    }
}

impl Row<'_> {
    /// Where the report shows what was found, a place a line.
    fn places(&self) -> String {
        let mut places: Vec<&str> = self
            .clause
            .anchors
            .iter()
            .filter_map(|anchor| self.shown.get(anchor))
            .map(String::as_str)
            .collect();
        places.dedup();
        if places.is_empty() { "Not in the report".to_owned() } else { places.join("\n") }
    }

    fn findings(&self) -> String {
        let words = |finding: &ClauseFinding| {
            let count = if finding.count > 1 { format!(" \u{d7}{}", finding.count) } else { String::new() };
            let waived = match finding.waived {
                0 => String::new(),
                waived if waived == finding.count => ", waived".to_owned(),
                waived => format!(", {waived} waived"),
            };
            format!("{}{count} ({}{waived})", finding.check, finding.level.word())
        };
        self.clause.findings.iter().map(words).collect::<Vec<_>>().join("\n")
    }

    fn answer(&self) -> String {
        self.clause.answer.map_or("Not answered", Answer::words).to_owned()
    }

    /// Name and day; what is missing of them the marks say.
    fn answered_by(&self) -> String {
        let by = self.clause.by.as_deref();
        let name = by.and_then(|id| self.case.person(id)).map(|person| person.name.as_str()).or(by);
        let day = self.clause.on.map(|day| format!("{day:#}"));
        [name.map(str::to_owned), day].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    /// How the answer and what was found differ, and what else has to be known of the answer.
    fn marks(&self) -> String {
        let disagreement = self.clause.disagreement.iter().cloned();
        let is_told = |kind| matches!(kind, MarkKind::Differs);
        let others =
            self.clause.marks.iter().filter(|mark| !is_told(mark.kind) || self.clause.disagreement.is_none());
        disagreement.chain(others.map(|mark| mark.words.clone())).collect::<Vec<_>>().join("\n")
    }
}

/// What the sheet is of, what it says and what it does not.
fn add_about(
    workbook: &mut Workbook,
    title: &str,
    case: &Case,
    assurance: &Assurance,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet().set_name("About")?;
    sheet.set_screen_gridlines(false);
    style::fit_to_paper(sheet);
    sheet.set_column_width(0, 30)?.set_column_width(1, 96)?;
    style::write_text(sheet, 0, 0, title, style::title())?;
    for (row, (name, value)) in (2..).zip(facts(case, assurance)) {
        sheet.write_string_with_format(row, 0, name, &style::label())?;
        style::write_text(sheet, row, 1, &value, style::plain())?;
        sheet.set_row_height(row, style::height([(value.as_str(), 96)]))?;
    }
    Ok(())
}

fn facts(case: &Case, assurance: &Assurance) -> Vec<(&'static str, String)> {
    let or_not_given = |value: &Option<String>| value.clone().unwrap_or_else(|| "Not given".to_owned());
    let table = &case.clause_table;
    let counts = &assurance.clause_counts;
    let standing = if assurance.status.draft {
        format!("DRAFT, not for release:\n{}", assurance.status.reasons.join("\n"))
    } else {
        "Nothing that is checked in the case stands in the way of release; who has signed, the report itself says".to_owned()
    };
    let mut facts = vec![
        ("Product", case.product.name.clone()),
        ("Release", or_not_given(&case.release.version)),
        ("Organisation", or_not_given(&case.organisation.name)),
        ("Report", or_not_given(&case.document.title)),
        ("Document reference", or_not_given(&case.document.reference)),
        ("Version", or_not_given(&case.document.version)),
        ("Content digest of the report", assurance.digests.cscr.clone()),
        ("Standing of the report", standing),
        ("Standard", format!("{} version {}", case.standard.name.as_str(), case.standard.version)),
        ("Clauses", format!("{}, version {}", table.title, table.version)),
    ];
    if !table.verified {
        let because = table.unverified_because.as_deref().unwrap_or_default();
        let words = "Not verified against the official text; no number or requirement may be quoted as the standard's.";
        facts.push(("Attention", format!("{words} {because}").trim_end().to_owned()));
    }
    facts.extend([
        ("Judged as of", format!("{:#}", assurance.as_of)),
        (
            "What was found",
            format!(
                "Of {} clauses: evidence found {}, partly found {}, none found {}, awaiting a later step {}, not applicable {}, not looked at {}",
                counts.clauses,
                counts.evidence_found,
                counts.partly_found,
                counts.none_found,
                counts.awaiting,
                counts.not_applicable,
                counts.not_looked_at
            ),
        ),
        (
            "What was answered",
            format!(
                "Yes {}, Partial {}, No {}, Awaiting {}, Not applicable {}, not answered {}; {} differ from what was found",
                counts.answered_yes,
                counts.answered_partial,
                counts.answered_no,
                counts.answered_awaiting,
                counts.answered_not_applicable,
                counts.unanswered,
                counts.disagreements
            ),
        ),
        (
            "How to read it",
            "What was found is the engine's word: it looks for evidence and judges nothing. Whether a clause is met is the answer of the person who is named with it. Requirements are in the words of this project, not of the standard.".to_owned(),
        ),
    ]);
    facts
}

#[cfg(test)]
mod tests;
