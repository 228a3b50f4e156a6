//! How things look on a terminal. Colour is for terminals only, and `NO_COLOR` is honoured: `anstream`
//! takes it off elsewhere.

use super::Failure;
use crate::assurance::finding::{Finding, Level};
use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

pub(super) fn style(level: Level) -> Style {
    match level {
        Level::Blocking => RED,
        Level::Warning => YELLOW,
        Level::Information => CYAN,
    }
}

pub(super) fn failure(failure: &Failure) {
    let message = match failure {
        Failure::Input(error) => error.to_string(),
        Failure::Report(error) => error.to_string(),
        Failure::Output { what } => what.clone(),
    };
    eprintln!("{RED}error{RED:#}: {message}");
}

/// `2 blocking, 1 warning, 3 information; 1 waived`.
pub(super) fn tally<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let (mut standing, mut waived) = ([0; Level::ALL.len()], 0);
    for finding in findings {
        match (finding.stands(), Level::ALL.iter().position(|level| *level == finding.level)) {
            (true, Some(level)) => standing[level] += 1,
            _ => waived += 1,
        }
    }
    let [blocking, warning, information] = standing;
    let waived = if waived == 0 { String::new() } else { format!("; {waived} waived") };
    let warnings = plural(warning, "warning");
    format!("{blocking} blocking, {warning} {warnings}, {information} information{waived}")
}

/// Prints findings beside a result that is something else.
pub(super) fn findings_in_words(findings: &[Finding]) {
    for finding in findings {
        let style = style(finding.level);
        eprintln!("{style}{}[{}]{style:#} {}", finding.level.word(), finding.check, finding.message);
        eprintln!("  {DIM}do:{DIM:#} {}", finding.remedy);
    }
}

/// The word, with an s unless there is exactly one.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// A table with columns as wide as their content, for the terminal.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    println!("{BOLD}{}{BOLD:#}", line(&mut header.iter().copied()));
    for row in rows {
        println!("{}", line(&mut row.iter().map(String::as_str)));
    }
}

pub(super) fn heading(text: &str) {
    println!("{BOLD}{text}{BOLD:#}");
}
