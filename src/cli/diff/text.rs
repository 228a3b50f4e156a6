//! A difference on a terminal: colours where it shows them, else `[-old-]` and `{+new+}`.

use super::page::Block;
use crate::change::{Line, Run, RunKind};
use crate::cli::terminal::{self, ADDED, BOLD, REMOVED};
use std::fmt::Write as _;

/// Width of a line.
const WIDTH: usize = 100;

pub(super) fn coloured(page: &[Block]) -> String {
    written(page, true)
}

pub(super) fn plain(page: &[Block]) -> String {
    anstream::adapter::strip_str(&written(page, false)).to_string()
}

fn written(page: &[Block], colours: bool) -> String {
    let mut text = String::new();
    for block in page {
        match block {
            Block::Heading(_, title) => {
                let _ = write!(text, "\n{}", terminal::heading(title));
            }
            Block::Paragraph(words) => {
                for line in terminal::wrapped(words, WIDTH) {
                    let _ = writeln!(text, "{line}");
                }
            }
            Block::Table(head, rows) => text += &terminal::fitted_table(head, rows),
            Block::Picture(lines) => {
                text.push('\n');
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
            Block::Lines(lines) => {
                for line in lines {
                    text += &listed(line, colours);
                }
            }
        }
    }
    text
}

fn listed(line: &Line, colours: bool) -> String {
    let mut pieces: Vec<(String, Option<RunKind>)> = Vec::new();
    if !line.label.is_empty() {
        pieces.extend(line.label.split_whitespace().map(|word| (word.to_owned(), None)));
        if let Some((last, _)) = pieces.last_mut() {
            last.push(':');
        }
    }
    let label = pieces.len();
    let mut text = String::from("  ");
    let mut column = 2;
    let mut put = |word: &str, style: Option<RunKind>, is_label: bool, glued: bool| {
        let width = word.chars().count();
        let gap = usize::from(!glued && column > 2);
        if column + gap + width > WIDTH && column > 4 && !glued {
            text.push_str("\n    ");
            column = 4;
        } else if gap > 0 {
            text.push(' ');
            column += 1;
        }
        column += width;
        match style {
            Some(RunKind::Removed) if colours => {
                let _ = write!(text, "{REMOVED}{word}{REMOVED:#}");
            }
            Some(RunKind::Added) if colours => {
                let _ = write!(text, "{ADDED}{word}{ADDED:#}");
            }
            _ if is_label => {
                let _ = write!(text, "{BOLD}{word}{BOLD:#}");
            }
            _ => text.push_str(word),
        }
    };
    for (word, _) in &pieces[..label] {
        put(word, None, true, false);
    }
    let mut glued = false;
    for Run { kind, text: own } in &line.words {
        let marked = match kind {
            RunKind::Removed if !colours => format!("[-{}-]", own.trim_end()),
            RunKind::Added if !colours => format!("{{+{}+}}", own.trim_end()),
            _ => own.clone(),
        };
        let starts_open = marked.starts_with(char::is_whitespace);
        for (at, word) in marked.split_whitespace().enumerate() {
            put(word, Some(*kind), false, at == 0 && glued && !starts_open);
        }
        glued = !own.ends_with(char::is_whitespace);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: Vec<(RunKind, &str)>) -> Line {
        let run = |(kind, text): (RunKind, &str)| Run { kind, text: text.to_owned() };
        Line { label: "control H01.D1".to_owned(), words: words.into_iter().map(run).collect() }
    }

    fn shown(words: Vec<(RunKind, &str)>) -> String {
        plain(&[Block::Lines(vec![line(words)])])
    }

    #[test]
    fn what_went_and_what_came_is_marked_where_it_stood() {
        use RunKind::{Added, Removed, Same};
        let said =
            shown(vec![(Same, "It is "), (Removed, "shown"), (Added, "sent twice"), (Same, ", always")]);
        assert_eq!(said, "  control H01.D1: It is [-shown-]{+sent twice+}, always\n");
        let coloured = coloured(&[Block::Lines(vec![line(vec![(Removed, "gone")])])]);
        assert!(coloured.contains("\u{1b}[") && !coloured.contains("[-"), "{coloured:?}");
    }

    #[test]
    fn a_long_line_goes_on_below_and_loses_no_word() {
        let long = "seven letters ".repeat(20);
        let said = shown(vec![(RunKind::Same, &long)]);
        assert!(said.lines().all(|line| line.chars().count() <= WIDTH), "{said}");
        assert_eq!(said.matches("letters").count(), 20);
    }
}
