//! The pipe tables of a Markdown document, each as a sheet.
//!
//! A sheet has the name of the heading above its table. Rows are numbered as the lines of the file are, so that
//! `B17` stands in line 17. What is written above a table stands above it in the sheet, as it would in a
//! spreadsheet; what is written below the last one is a sheet of its own, so that nothing is lost unseen.

use super::encoding::Text;
use super::fault::Fault;
use super::limits::Quota;
use super::{Address, Cell, CellKind, Format, Sheet, Workbook};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).into_offset_iter()
}

/// Whether a document has a pipe table.
pub(super) fn has_table(text: &str) -> bool {
    text.contains('|') && events(text).any(|(event, _)| matches!(event, Event::Start(Tag::Table(_))))
}

/// Reads the tables of a document.
pub(super) fn read(text: &Text, quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    let mut reading = Reading::new(&text.text, quota);
    for (event, range) in events(&text.text) {
        reading.visit(event, &range)?;
    }
    reading.finish(text.note.clone())
}

/// The text of one cell, or of one block outside of tables, while its events go by.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    struck: String,
    is_struck: bool,
    links: Vec<String>,
}

impl Piece {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        if self.is_struck {
            self.struck.push_str(text);
        }
    }

    fn visit(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            Event::InlineHtml(html) | Event::Html(html) => {
                let tag = html.trim().trim_matches(['<', '>', '/', ' ']).to_ascii_lowercase();
                self.push(if tag == "br" { "\n" } else { html });
            }
            Event::Start(Tag::Strikethrough) => self.is_struck = true,
            Event::End(TagEnd::Strikethrough) => {
                self.is_struck = false;
                self.struck.push(' ');
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.links.push(dest_url.to_string());
            }
            _ => {}
        }
    }

    fn cell(&self) -> Cell {
        let text = self.text.trim().to_owned();
        let struck = self.struck.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_all = struck == text.split_whitespace().collect::<Vec<_>>().join(" ");
        Cell {
            kind: CellKind::of_text(&text),
            struck_through: !struck.is_empty(),
            struck_words: (!struck.is_empty() && !is_all).then_some(struck),
            text,
            ..Cell::default()
        }
    }
}

struct Reading<'a, 'q> {
    source: &'a str,
    quota: &'a mut Quota<'q>,
    /// Where each line begins.
    lines: Vec<usize>,
    sheets: Vec<Sheet>,
    /// What stands outside of tables and before the next one.
    outside: Sheet,
    heading: Option<String>,
    piece: Piece,
    /// Columns of the table that is being read.
    columns: Option<usize>,
    place: Address,
}

impl<'a, 'q> Reading<'a, 'q> {
    fn new(source: &'a str, quota: &'a mut Quota<'q>) -> Self {
        let breaks = source.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            source,
            quota,
            lines: std::iter::once(0).chain(breaks).collect(),
            sheets: Vec::new(),
            outside: Sheet::default(),
            heading: None,
            piece: Piece::default(),
            columns: None,
            place: Address { row: 0, column: 0 },
        }
    }

    fn row(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= at).saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn visit(&mut self, event: Event<'_>, range: &Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Start(Tag::Table(columns)) => {
                self.begin_table(columns.len(), range.start)?;
            }
            Event::End(TagEnd::Table) => self.columns = None,
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.place = Address { row: self.row(range.start), column: 0 };
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => self.surplus(range)?,
            Event::Start(Tag::TableCell) => self.piece = Piece::default(),
            Event::End(TagEnd::TableCell) => {
                let piece = std::mem::take(&mut self.piece);
                self.put(&piece)?;
                self.place.column += 1;
            }
            event if self.columns.is_some() => self.piece.visit(&event),
            event => self.outside(&event, range)?,
        }
        Ok(())
    }

    fn begin_table(&mut self, columns: usize, at: usize) -> Result<(), Fault> {
        self.flush(at)?;
        self.quota.sheet()?;
        let mut sheet = std::mem::take(&mut self.outside);
        let name = self.heading.clone().unwrap_or_else(|| format!("Table {}", self.sheets.len() + 1));
        let again = self.sheets.iter().filter(|other| other.name.starts_with(&name)).count();
        sheet.name = if again == 0 { name.into() } else { format!("{name} ({})", again + 1).into() };
        sheet.rules.insert(self.row(at) + 1);
        self.sheets.push(sheet);
        self.columns = Some(columns);
        Ok(())
    }

    fn put(&mut self, piece: &Piece) -> Result<(), Fault> {
        let cell = piece.cell();
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        if !piece.links.is_empty() {
            sheet.links.insert(self.place, piece.links.join(" "));
        }
        if cell.text.is_empty() {
            return Ok(());
        }
        self.quota.admit(sheet, self.place, cell)
    }

    /// Cells beyond those of the header, which Markdown leaves out.
    fn surplus(&mut self, range: &Range<usize>) -> Result<(), Fault> {
        let columns = self.columns.unwrap_or_default();
        let line = self.source.get(range.clone()).unwrap_or_default().trim();
        let cells = split(line);
        for text in cells.get(columns..).unwrap_or_default() {
            self.put(&Piece { text: text.clone(), ..Piece::default() })?;
            self.place.column += 1;
        }
        Ok(())
    }

    fn outside(&mut self, event: &Event<'_>, range: &Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Start(
                Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::CodeBlock(_) | Tag::HtmlBlock,
            ) => {
                self.flush(range.start)?;
            }
            Event::End(TagEnd::Heading(_)) => {
                self.heading = Some(self.piece.text.trim().to_owned()).filter(|heading| !heading.is_empty());
                self.flush(range.end)?;
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                self.flush(range.end)?;
            }
            event => self.piece.visit(event),
        }
        Ok(())
    }

    /// Ends a block outside of tables; the next begins at `next`.
    fn flush(&mut self, next: usize) -> Result<(), Fault> {
        let piece = std::mem::take(&mut self.piece);
        let next = Address { row: self.row(next), column: 0 };
        let place = std::mem::replace(&mut self.place, next);
        let cell = piece.cell();
        if cell.text.is_empty() {
            return Ok(());
        }
        if !piece.links.is_empty() {
            self.outside.links.insert(place, piece.links.join(" "));
        }
        self.quota.admit(&mut self.outside, place, cell)
    }

    fn finish(mut self, note: Option<String>) -> Result<Workbook, Fault> {
        self.flush(self.source.len())?;
        if self.outside.cells().next().is_some() {
            self.outside.name = "Text below the tables".into();
            self.sheets.push(self.outside);
        }
        let notes = note.into_iter().collect();
        Ok(Workbook { format: Format::Markdown, sheets: self.sheets, notes, ..Workbook::default() })
    }
}

/// The cells of a table's line, as Markdown splits it: at each bar that no backslash stands before.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for character in line.strip_prefix('|').unwrap_or(line).chars() {
        match character {
            '|' if escaped => {
                let cell = cells.last_mut().into_iter();
                cell.for_each(|cell| {
                    cell.pop();
                    cell.push('|');
                });
            }
            '|' => cells.push(String::new()),
            other => cells.last_mut().into_iter().for_each(|cell| cell.push(other)),
        }
        escaped = character == '\\' && !escaped;
    }
    if cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::workbook::Limits;

    fn workbook(text: &str) -> Workbook {
        assert!(has_table(text));
        let text = Text { text: text.to_owned(), note: None };
        read(&text, &mut Quota::new(&Limits::default())).unwrap()
    }

    fn cells(sheet: &Sheet) -> Vec<(String, &str)> {
        sheet.cells().map(|(address, cell)| (address.to_string(), cell.text.as_str())).collect()
    }

    #[test]
    fn each_table_is_a_sheet_named_by_its_heading_with_the_lines_as_rows() {
        let workbook = workbook(
            "# Log\n\nVersion 2\n\n## Hazards\n\n| No | Name |\n|---|---|\n| 1 | Fax **lost**<br>twice |\n\n## Lists\n\nWords:\n\n| Status |\n|---|\n| Open |\n\nThe end.\n",
        );
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["Hazards", "Lists", "Text below the tables"]);
        assert_eq!(
            cells(&workbook.sheets[0]),
            [
                ("A1", "Log"),
                ("A3", "Version 2"),
                ("A5", "Hazards"),
                ("A7", "No"),
                ("B7", "Name"),
                ("A9", "1"),
                ("B9", "Fax lost\ntwice")
            ]
            .map(|(cell, text)| (cell.to_owned(), text))
        );
        assert_eq!(workbook.sheets[0].rules, [7].into());
        assert_eq!(cells(&workbook.sheets[2]), [("A19".to_owned(), "The end.")]);
    }

    #[test]
    fn struck_words_and_links_are_kept() {
        let workbook = workbook("|a|b|\n|-|-|\n|~~gone~~ stays|[report](evidence/r.pdf)|\n|~~all~~|x|\n");
        let sheet = &workbook.sheets[0];
        let cell = |cell: &str| sheet.cell(cell.parse().unwrap()).unwrap();
        assert_eq!(
            (cell("A3").text.as_str(), cell("A3").struck_words.as_deref()),
            ("gone stays", Some("gone"))
        );
        assert!(cell("A4").struck_through && cell("A4").struck_words.is_none());
        assert_eq!(cell("B3").text, "report");
        assert_eq!(sheet.links[&"B3".parse().unwrap()], "evidence/r.pdf");
    }

    #[test]
    fn a_cell_beyond_the_header_is_not_lost() {
        let workbook = workbook("|a|b|\n|-|-|\n| 1 | 2 | three \\| 3 | |\n");
        assert_eq!(cells(&workbook.sheets[0]).last(), Some(&("C3".to_owned(), "three | 3")));
    }

    #[test]
    fn tables_of_one_heading_are_told_apart() {
        let table = "|a|\n|-|\n|1|\n\n";
        let workbook = workbook(&format!("# Log\n\n{table}Next\n\n{table}"));
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["Log", "Log (2)"]);
    }
}
