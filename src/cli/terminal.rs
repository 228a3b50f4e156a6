//! How things look on a terminal, and the way out to it. Colour is for terminals only, and `NO_COLOR` is honoured:
//! `anstream` takes it off elsewhere.
//!
//! `print!` and `eprintln!` end the program with a panic where nobody can be told anything any more: nothing here
//! does. A result that cannot be written is a failure of the command, but for a reader that has seen enough (`cscr
//! check | head`), which is none.

use super::Failure;
use crate::assurance::finding::{Finding, Level};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
/// What is gone from a text, and what came into it.
pub(super) const REMOVED: Style = AnsiColor::Red.on_default().strikethrough();
pub(super) const ADDED: Style = AnsiColor::Green.on_default();
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
    say(&failure_in_words(failure));
}

pub(super) fn failure_in_words(failure: &Failure) -> String {
    format!("{RED}error{RED:#}: {}", message(failure))
}

/// The failure as plain text: what is wrong, where, and what to do.
pub(super) fn message(failure: &Failure) -> String {
    match failure {
        Failure::Input(error) => error.to_string(),
        Failure::Report(error) => error.to_string(),
        Failure::Signature(error) => error.to_string(),
        Failure::Output { what } => what.clone(),
        Failure::Kept { failure, last } => format!("{}\n{last}", message(failure)),
    }
}

/// Writes a result to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    written(write(&mut anstream::stdout(), text))
}

/// Whether standard output shows colours.
pub(super) fn shows_colours() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

fn write(out: &mut impl io::Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output {
            what: format!(
                "The result cannot be written to standard output: {error}\n  do: check where it is sent to, and that \
                 there is room"
            ),
        }),
        _ => Ok(()),
    }
}

/// Writes a line about a result to standard error. Where that cannot be written, there is nobody left to tell.
pub(super) fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Asks a question that somebody at a terminal answers with yes or no; where there is no terminal, the answer is no.
pub(super) fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    let _ = write!(anstream::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::Output { what: format!("The answer cannot be read: {error}") })?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
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

/// Findings beside a result that is something else, in lines.
pub(super) fn findings_in_words(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .flat_map(|finding| {
            let head = format!("{} {}", label(finding), finding.message);
            let then = match &finding.waived {
                Some(waived) => format!("  {}", waived.sentence()),
                None => format!("  {DIM}do:{DIM:#} {}", finding.remedy),
            };
            [head, then]
        })
        .collect()
}

/// `blocking[B4]`.
pub(super) fn label(finding: &Finding) -> String {
    let style = style(finding.level);
    format!("{style}{}[{}]{style:#}", finding.level.word(), finding.check)
}

pub(super) fn say_all(lines: &[String]) {
    for line in lines {
        say(line);
    }
}

/// A text of somebody else's without what a terminal would obey: control characters as their pictures, and what turns
/// the direction of writing as its code.
pub(super) fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\0'..='\u{1f}' => char::from_u32(u32::from(c) + 0x2400).unwrap_or(c).to_string(),
        '\u{7f}' => '\u{2421}'.to_string(),
        '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            format!("[U+{:04X}]", u32::from(c))
        }
        _ => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// The word, with an s unless there is exactly one.
pub(super) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// A table with columns as wide as their content, for the terminal.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut table = heading(&line(&mut header.iter().copied()));
    for row in rows {
        let _ = writeln!(table, "{}", line(&mut row.iter().map(String::as_str)));
    }
    table
}

/// A table that fits a terminal of 100 columns: the widest columns give way, and their texts go on below.
pub(super) fn fitted_table(header: &[&str], rows: &[Vec<String>]) -> String {
    const WIDTH: usize = 100;
    const NARROWEST: usize = 16;
    let natural = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..header.len()).map(natural).collect();
    let gaps = 2 * header.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > WIDTH {
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) else { break };
        *widest -= 1;
    }
    let mut fitted: Vec<Vec<String>> = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().zip(&widths).map(|(cell, width)| wrapped(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| cells.iter().map(|cell| cell.get(at).cloned().unwrap_or_default()).collect();
        fitted.extend((0..height).map(line));
    }
    table(header, &fitted)
}

/// The lines of a text in a column of this width; a word that is longer is cut.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        while !word.is_empty() {
            let line = lines.last_mut().map_or(0, |line| line.chars().count());
            let gap = usize::from(line > 0);
            if line + gap + word.len() <= width || line == 0 {
                let rest = word.split_off(word.len().min(width.max(1)));
                if let Some(last) = lines.last_mut() {
                    last.extend(std::iter::repeat_n(' ', gap).chain(word));
                }
                word = rest;
            }
            if !word.is_empty() {
                lines.push(String::new());
            }
        }
    }
    lines
}

/// A line of its own.
pub(super) fn heading(text: &str) -> String {
    format!("{BOLD}{text}{BOLD:#}\n")
}

/// The digits of a content digest that the report prints at the foot of each page.
pub(super) fn short_digest(digest: &str) -> String {
    let part = |range| digest.get(range).unwrap_or_default();
    format!("{} {}", part(0..4), part(4..8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure_and_a_full_disk_is() {
        assert!(written(Ok(())).is_ok());
        assert!(written(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        let Err(Failure::Output { what }) = written(Err(io::ErrorKind::StorageFull.into())) else {
            panic!("a result that is lost is a failure")
        };
        assert!(what.starts_with("The result cannot be written to standard output: "), "{what}");
    }

    #[test]
    fn a_text_that_is_too_wide_goes_on_below() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrapped("", 4), [""]);
        let long = vec![vec!["A1".to_owned(), "word ".repeat(60)]];
        assert!(
            fitted_table(&["Cell", "Why"], &long).lines().skip(1).all(|line| line.chars().count() <= 100)
        );
    }

    #[test]
    fn what_is_buffered_is_written_before_the_command_ends() {
        let mut out = io::BufWriter::new(io::Cursor::new([0; 4]));
        assert!(write(&mut out, "longer than the room").is_err());
    }
}
