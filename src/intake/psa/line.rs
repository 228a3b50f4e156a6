//! Minutes as lines of cells, whichever file they stand in: the rows of a sheet, or the headings, tables, list entries
//! and paragraphs of a Markdown page.

use super::word;
use crate::case::Place;
use crate::intake::workbook::Sheet;

/// A line; without cells it is blank, and ends a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// A heading is no row of a table.
    pub is_heading: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub column: u32,
    pub text: String,
    pub place: Place,
    /// Something was made of it.
    pub is_used: bool,
}

impl Line {
    fn of(text: &str, place: Place, is_heading: bool) -> Self {
        let cell = Cell { column: 0, text: text.to_owned(), place, is_used: false };
        Self { is_heading, cells: vec![cell] }
    }
}

/// The rows of a sheet that hold something, with a blank line wherever a row holds nothing.
pub(super) fn of_sheet(file: &str, sheet: &Sheet) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut next = 0;
    for row in sheet.rows() {
        let cells: Vec<Cell> = sheet
            .row(row)
            .filter(|(_, cell)| !cell.text.trim().is_empty())
            .map(|(address, cell)| Cell {
                column: address.column,
                text: cell.text.trim().to_owned(),
                place: Place::cell(file, sheet.name.clone(), address.to_string()),
                is_used: false,
            })
            .collect();
        if cells.is_empty() {
            continue;
        }
        if row > next {
            lines.push(Line::default());
        }
        next = row + 1;
        lines.push(Line { is_heading: false, cells });
    }
    lines
}

/// The lines of a Markdown page. Comments say nothing; lines that only wrap are joined.
pub(super) fn of_markdown(file: &str, text: &str) -> Vec<Line> {
    let mut page = Page { file, lines: Vec::new(), paragraph: None, is_in_table: false };
    let mut is_comment = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = without_comments(line, &mut is_comment);
        page.read(line.trim(), number);
    }
    page.end_paragraph();
    page.lines
}

struct Page<'a> {
    file: &'a str,
    lines: Vec<Line>,
    /// The text so far, and the number of its first line.
    paragraph: Option<(String, usize)>,
    is_in_table: bool,
}

impl Page<'_> {
    fn read(&mut self, line: &str, number: usize) {
        let is_rule = line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | ' '));
        if line.is_empty() || is_rule {
            self.end_paragraph();
            if std::mem::take(&mut self.is_in_table) {
                self.lines.push(Line::default());
            }
        } else if let Some(heading) = heading(line) {
            self.end_paragraph();
            self.lines.push(Line::of(heading, Place::line(self.file, number), true));
        } else if line.starts_with('|') {
            self.end_paragraph();
            self.row(line, number);
        } else if let Some(entry) = list_entry(line) {
            self.end_paragraph();
            self.paragraph = Some((entry.to_owned(), number));
        } else if is_labelled(line) {
            self.end_paragraph();
            self.paragraph = Some((line.to_owned(), number));
        } else if let Some((text, _)) = &mut self.paragraph {
            text.push(' ');
            text.push_str(line);
        } else {
            self.paragraph = Some((line.to_owned(), number));
        }
    }

    fn row(&mut self, line: &str, number: usize) {
        self.is_in_table = true;
        let texts = split_row(line);
        let is_rule =
            texts.iter().all(|text| !text.is_empty() && text.chars().all(|c| matches!(c, '-' | ':')));
        if is_rule {
            return;
        }
        let cells = (0..).zip(texts).filter(|(_, text)| !text.is_empty());
        let cells = cells.map(|(column, text)| Cell {
            column,
            text,
            place: Place::line(self.file, number),
            is_used: false,
        });
        let cells: Vec<Cell> = cells.collect();
        if !cells.is_empty() {
            self.lines.push(Line { is_heading: false, cells });
        }
    }

    fn end_paragraph(&mut self) {
        if let Some((text, number)) = self.paragraph.take() {
            self.lines.push(Line::of(&text, Place::line(self.file, number), false));
        }
    }
}

fn without_comments(line: &str, is_comment: &mut bool) -> String {
    let mut kept = String::new();
    let mut rest = line;
    loop {
        if *is_comment {
            let Some((_, after)) = rest.split_once("-->") else { return kept };
            *is_comment = false;
            rest = after;
        }
        let Some((before, after)) = rest.split_once("<!--") else {
            kept.push_str(rest);
            return kept;
        };
        kept.push_str(before);
        *is_comment = true;
        rest = after;
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len() && text.starts_with(' ')).then(|| text.trim().trim_end_matches('#').trim_end())
}

fn list_entry(line: &str) -> Option<&str> {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let entry = match number.strip_prefix(['.', ')']) {
        Some(entry) if number.len() < line.len() => entry,
        _ => line.strip_prefix(['-', '*', '+'])?,
    };
    entry.starts_with(' ').then(|| entry.trim())
}

/// A label of a session, a colon and a value.
fn is_labelled(line: &str) -> bool {
    line.split_once(':').is_some_and(|(before, _)| word::label(before).is_some())
}

/// The cells of a table's row. `\|` is a sign of the text, `<br>` a line break.
fn split_row(line: &str) -> Vec<String> {
    // No text of a file holds this sign.
    const KEPT: &str = "\0";
    let line = line.replace("\\|", KEPT);
    let inner = line.strip_prefix('|').unwrap_or(&line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let text =
        |cell: &str| cell.replace(KEPT, "|").replace("<br>", "\n").replace("<br/>", "\n").trim().to_owned();
    inner.split('|').map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &str) -> Vec<Vec<String>> {
        let lines = of_markdown("m.md", page);
        lines.into_iter().map(|line| line.cells.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn a_page_becomes_headings_rows_entries_and_paragraphs() {
        let page = "# Minutes\n<!-- fill\nthis in -->\nDate: 2026-07-02\nChair: A. Beech\n\nThe group\nagreed.\n\n| A | B |\n|---|:-:|\n| x \\| y | |\n| | z<br>w |\n\n- one\n- two\n  more\n---\n";
        let expected: [&[&str]; 10] = [
            &["Minutes"],
            &["Date: 2026-07-02"],
            &["Chair: A. Beech"],
            &["The group agreed."],
            &["A", "B"],
            &["x | y"],
            &["z\nw"],
            &[],
            &["one"],
            &["two more"],
        ];
        assert_eq!(texts(page), expected);
        let lines = of_markdown("m.md", page);
        assert_eq!(lines[3].cells[0].place.line, Some(7));
        assert_eq!(lines[6].cells[0].column, 1);
        assert!(lines[0].is_heading && !lines[1].is_heading);
    }
}
