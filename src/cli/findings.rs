//! Findings as a good compiler prints them: what, where with what stands there, why, and what to do.
//!
//! The findings of one check stand together; what they share (why it matters, the remedy) is said once. Of a long
//! row of them the first are shown and the others counted, by the files that they are in, unless all are asked for;
//! what blocks and is about a hazard is always shown.
//! On a terminal prose is broken into lines; elsewhere each text is one line, so that it can be searched.

use super::terminal::{BOLD, DIM, style};
use crate::assurance::checks;
use crate::assurance::finding::Finding;
use std::fmt::Write as _;

/// Width of a terminal that does not tell.
const USUAL_WIDTH: usize = 80;
/// Room for what stands at a place, where there is no terminal.
const LOG_WIDTH: usize = 120;

/// A check with no more findings than this has them all shown.
const MOST_SHOWN: usize = 8;
/// How many are shown of more.
const FIRST_SHOWN: usize = 5;

/// The findings as they are printed on the terminal that there is; `all` of them, however many a check has.
pub(super) fn page(findings: &[&Finding], all: bool) -> String {
    Page { width: terminal_width(), all, text: String::new() }.of(findings)
}

/// The width to break lines at, if standard output is a terminal.
#[expect(clippy::disallowed_methods, reason = "this is the command line; only the shell knows its width")]
fn terminal_width() -> Option<usize> {
    use std::io::IsTerminal as _;
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    std::io::stdout().is_terminal().then(|| told().unwrap_or(USUAL_WIDTH).max(40))
}

struct Page {
    width: Option<usize>,
    all: bool,
    text: String,
}

impl Page {
    /// All of it, in groups of one check.
    fn of(mut self, findings: &[&Finding]) -> String {
        for group in findings.chunk_by(|one, other| one.check == other.check) {
            self.group(group);
        }
        self.text
    }

    fn group(&mut self, group: &[&Finding]) {
        let Some(first) = group.first() else { return };
        self.head(first, group);
        let remedy = usual_remedy(group);
        let (shown, folded) = if self.all { (group.to_vec(), Vec::new()) } else { folded(group) };
        for finding in shown {
            self.finding(finding, remedy);
        }
        if !folded.is_empty() {
            self.prose("  ", "", &more(&folded));
        }
        if let Some(check) = checks::check(first.check) {
            self.prose("  ", &format!("{DIM}why:{DIM:#} "), check.why);
        }
        self.prose("  ", &format!("{DIM}do:{DIM:#}  "), remedy);
        if let Some(how) = group.iter().find(|finding| finding.remedy == remedy).and_then(|f| f.how.as_ref())
        {
            self.prose("  ", &format!("{DIM}how:{DIM:#} "), how);
        }
        self.text.push('\n');
    }

    /// `blocking[B4] Stated initial risk differs from the matrix (DCB0129 4.4.1): 2 findings, 1 waived`.
    fn head(&mut self, first: &Finding, group: &[&Finding]) {
        let style = style(first.level);
        let clause = first.clause.as_ref().map(|clause| format!(" ({clause})")).unwrap_or_default();
        let waived = group.iter().filter(|finding| !finding.stands()).count();
        let count = match (group.len(), waived) {
            (1, 0) => String::new(),
            (1, _) => ": waived".to_owned(),
            (count, 0) => format!(": {count} findings"),
            (count, waived) => format!(": {count} findings, {waived} waived"),
        };
        let _ = writeln!(
            self.text,
            "{style}{}[{}]{style:#} {BOLD}{}{BOLD:#}{DIM}{clause}{DIM:#}{count}",
            first.level.word(),
            first.check,
            first.title
        );
    }

    fn finding(&mut self, finding: &Finding, remedy: &str) {
        self.prose("  ", "", &finding.message);
        if let Some(place) = &finding.source {
            let _ = writeln!(self.text, "    {DIM}-->{DIM:#} {place}");
        }
        if let Some(quote) = &finding.quote {
            let text = if quote.text.is_empty() { "(blank)" } else { &quote.text };
            let header = quote.header.as_ref().map(|header| format!("{header}: ")).unwrap_or_default();
            let room = self.width.unwrap_or(LOG_WIDTH).saturating_sub(8);
            let _ = writeln!(self.text, "      {DIM}|{DIM:#} {}", cut(&format!("{header}{text}"), room));
        }
        if finding.remedy != remedy {
            self.prose("    ", &format!("{DIM}do:{DIM:#} "), &finding.remedy);
            if let Some(how) = &finding.how {
                self.prose("    ", &format!("{DIM}how:{DIM:#} "), how);
            }
        }
        if let Some(waived) = &finding.waived {
            self.prose("    ", "", &waived.sentence());
        }
    }

    /// A text after a label; further lines stand below its beginning.
    fn prose(&mut self, indent: &str, label: &str, text: &str) {
        let hanging = indent.len() + anstream::adapter::strip_str(label).to_string().chars().count();
        let _ = write!(self.text, "{indent}{label}");
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(hanging));
        for (number, line) in broken(text, room).into_iter().enumerate() {
            if number > 0 {
                let _ = write!(self.text, "{:hanging$}", "");
            }
            let _ = writeln!(self.text, "{line}");
        }
    }
}

/// The findings of a group that are shown, and those that are only counted.
fn folded<'a>(group: &[&'a Finding]) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    if group.len() <= MOST_SHOWN {
        return (group.to_vec(), Vec::new());
    }
    let mut others = 0;
    group.iter().copied().partition(|finding| {
        let endangers = finding.blocks() && finding.hazard.is_some();
        others += usize::from(!endangers);
        endangers || others <= FIRST_SHOWN
    })
}

/// `and 19 more: case.toml (6), narrative/introduction.md and 12 other files; --verbose shows them`.
fn more(folded: &[&Finding]) -> String {
    const NAMED: usize = 3;
    let mut files: Vec<(&str, usize)> = Vec::new();
    for place in folded.iter().filter_map(|finding| finding.source.as_ref()) {
        match files.iter_mut().find(|(file, _)| *file == place.file) {
            Some((_, count)) => *count += 1,
            None => files.push((&place.file, 1)),
        }
    }
    let named = files.iter().take(NAMED).map(|(file, count)| match count {
        1 => (*file).to_owned(),
        _ => format!("{file} ({count})"),
    });
    let mut named: Vec<String> = named.collect();
    match files.len().saturating_sub(NAMED) {
        0 => {}
        1 => named.push("1 other file".to_owned()),
        others => named.push(format!("{others} other files")),
    }
    let places = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
    format!("and {} more{places}; --verbose shows them", folded.len())
}

/// What to do, as most findings of a group have it; the first of equals.
fn usual_remedy<'a>(group: &[&'a Finding]) -> &'a str {
    let times = |remedy: &str| group.iter().filter(|finding| finding.remedy == remedy).count();
    // Findings of one check have few remedies, but there may be thousands of findings.
    let mut remedies: Vec<&str> = Vec::new();
    for finding in group {
        if !remedies.contains(&finding.remedy.as_str()) && remedies.len() < 8 {
            remedies.push(&finding.remedy);
        }
    }
    remedies.into_iter().rev().max_by_key(|remedy| times(remedy)).unwrap_or_default()
}

/// The text in lines of at most so many letters, as far as its words allow.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.is_empty() => {
                line.push_str(word);
                length = letters;
            }
            Some(line) if length + 1 + letters <= room => {
                line.push(' ');
                line.push_str(word);
                length += 1 + letters;
            }
            _ => {
                lines.push(word.to_owned());
                length = letters;
            }
        }
    }
    lines
}

/// The text on one line, cut with an ellipsis where it is longer.
pub(super) fn cut(text: &str, room: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= room {
        return line;
    }
    let kept: String = line.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::finding::{Level, Waived};
    use crate::case::quote::Quote;
    use crate::case::{Date, Place};

    fn finding(message: &str, cell: &str, text: &str) -> Finding {
        Finding {
            check: "B4",
            level: Level::Blocking,
            clause: Some("DCB0129 4.4.1".to_owned()),
            title: "Stated initial risk differs from the matrix",
            hazard: None,
            hazards: Vec::new(),
            about: None,
            message: message.to_owned(),
            remedy: "Correct it.".to_owned(),
            how: Some("the Risk column of the log".to_owned()),
            source: Some(Place::cell("log.xlsx", "Hazard Log", cell)),
            quote: Some(Quote { header: Some("Risk".to_owned()), text: text.to_owned() }),
            waived: None,
        }
    }

    fn printed(width: Option<usize>, findings: &[&Finding]) -> String {
        let page = Page { width, all: false, text: String::new() }.of(findings);
        anstream::adapter::strip_str(&page).to_string()
    }

    fn waived() -> Waived {
        Waived {
            by: "cso".to_owned(),
            name: "Dr Cora Officer".to_owned(),
            role: None,
            on: Date::new(2026, 9, 1).unwrap(),
            expires: Date::new(2026, 12, 1).unwrap(),
            reason: "The log is reissued in November.".to_owned(),
        }
    }

    #[test]
    fn a_group_says_once_what_its_findings_share() {
        let one = finding("H01 says 2.", "I2", "2");
        let blank =
            Finding { remedy: "Fill it in.".to_owned(), how: None, ..finding("H02 says nothing.", "I3", "") };
        let other = Finding { waived: Some(waived()), ..finding("H03 says 5.", "I4", "5") };
        let page = printed(None, &[&one, &blank, &other]);
        let why = checks::check("B4").unwrap().why;
        assert_eq!(
            page,
            format!(
                "\
blocking[B4] Stated initial risk differs from the matrix (DCB0129 4.4.1): 3 findings, 1 waived
  H01 says 2.
    --> log.xlsx, sheet Hazard Log, cell I2
      | Risk: 2
  H02 says nothing.
    --> log.xlsx, sheet Hazard Log, cell I3
      | Risk: (blank)
    do: Fill it in.
  H03 says 5.
    --> log.xlsx, sheet Hazard Log, cell I4
      | Risk: 5
    Waived by Dr Cora Officer on 1 September 2026 until 1 December 2026: The log is reissued in November.
  why: {why}
  do:  Correct it.
  how: the Risk column of the log

"
            )
        );
    }

    #[test]
    fn of_a_long_row_the_first_are_shown_and_the_others_counted_by_file() {
        let text = |number: usize| Finding {
            source: Some(Place::line(if number < 9 { "case.toml" } else { "narrative/introduction.md" }, 1)),
            ..finding(&format!("Text {number}."), "I2", "")
        };
        let texts: Vec<Finding> = (0..10).map(text).collect();
        let shown = printed(None, &texts.iter().collect::<Vec<_>>());
        assert!(shown.contains("  Text 4.\n") && !shown.contains("Text 5."), "{shown}");
        let more = "  and 5 more: case.toml (4), narrative/introduction.md; --verbose shows them\n";
        assert!(shown.contains(more), "{shown}");
        let few = printed(None, &texts[..8].iter().collect::<Vec<_>>());
        assert!(few.contains("Text 7.") && !few.contains(" more"), "{few}");
        let all = Page { width: None, all: true, text: String::new() }.of(&texts.iter().collect::<Vec<_>>());
        assert!(all.contains("Text 9."), "{all}");
    }

    #[test]
    fn what_blocks_and_is_about_a_hazard_is_always_shown() {
        let of_hazard = |number: usize| Finding {
            hazard: Some(format!("H{number:02}")),
            ..finding(&format!("H{number:02} is wrong."), "I2", "")
        };
        let wrong: Vec<Finding> = (0..20).map(of_hazard).collect();
        let shown = printed(None, &wrong.iter().collect::<Vec<_>>());
        assert!(shown.contains("H19 is wrong.") && !shown.contains(" more"), "{shown}");
    }

    #[test]
    fn a_terminal_breaks_prose_and_cuts_what_is_quoted() {
        let long = finding(&"word ".repeat(30), "I2", &"letters ".repeat(30));
        let page = printed(Some(60), &[&long]);
        let lines: Vec<&str> = page.lines().skip(1).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 60), "{page}");
        assert!(lines.iter().any(|line| line.starts_with("      | Risk: letters") && line.ends_with('…')));
        assert_eq!(lines.iter().filter(|line| line.trim_start().starts_with("word")).count(), 3, "{page}");
    }
}
