//! Text with a delimiter between cells: .csv, .tsv and what else spreadsheets write.
//!
//! The delimiter is found out by which of the usual ones gives rows of the same length. Rows are numbered as a
//! spreadsheet program numbers them when it opens the file, so a quoted line break does not begin a row and a
//! blank line is one.

mod quotes;

use super::encoding::Text;
use super::fault::Fault;
use super::limits::Quota;
use super::{Address, Cell, CellKind, Format, Sheet, Workbook};
use crate::case::defusing::undefused;

/// How the cells of a text are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    delimiter: u8,
    /// Where it is not commas, or may be read in another way.
    note: Option<String>,
    /// Where the cells begin, after a line that only names the delimiter.
    start: usize,
}

const DELIMITERS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];

/// What most of the rows look like, under one delimiter.
#[derive(Debug, Clone, Copy)]
struct Fit {
    delimiter: u8,
    name: &'static str,
    rows: usize,
    /// Rows that have the usual number of cells.
    alike: usize,
    width: usize,
}

impl Fit {
    fn of(text: &str, delimiter: u8, name: &'static str) -> Option<Self> {
        const LOOKED_AT: usize = 200;
        let widths: Vec<usize> = reader(text, delimiter)
            .records()
            .take(LOOKED_AT)
            .flatten()
            .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
            .map(|record| record.len())
            .collect();
        let alike = |width: usize| widths.iter().filter(|other| **other == width).count();
        let width = widths.iter().copied().max_by_key(|width| (alike(*width) * (width - 1), *width))?;
        let fit = Self { delimiter, name, rows: widths.len(), alike: alike(width), width };
        fit.is_table().then_some(fit)
    }

    /// Sentences have commas too: what is a table has several cells in most rows, or many cells in some.
    fn is_table(self) -> bool {
        let enough = if self.width == 2 { self.rows * 3 / 5 } else { self.rows * 3 / 10 };
        self.width >= 2 && self.alike > enough.min(self.rows - 1)
    }

    fn weight(self) -> usize {
        self.alike * (self.width - 1)
    }
}

/// How the cells of this text are told apart; `None` where it is no table.
pub(super) fn dialect(text: &str) -> Option<Dialect> {
    if let Some((delimiter, start)) = stated(text) {
        let name = DELIMITERS
            .iter()
            .find(|(known, _)| *known == delimiter)
            .map_or("the stated character", |(_, name)| name);
        let note = Some(format!("The first line says that cells are told apart by {name}."));
        return Some(Dialect { delimiter, note, start });
    }
    let mut fits: Vec<Fit> =
        DELIMITERS.iter().filter_map(|(delimiter, name)| Fit::of(text, *delimiter, name)).collect();
    // Stable: of equals the more usual one.
    fits.sort_by_key(|fit| std::cmp::Reverse(fit.weight()));
    let best = *fits.first()?;
    let rival = fits.get(1).filter(|fit| fit.weight() * 2 > best.weight());
    let taken = format!(
        "Cells were taken to be told apart by {}: {} of {} rows then have {} cells.",
        best.name, best.alike, best.rows, best.width
    );
    let note = match rival {
        Some(rival) => Some(format!("{taken} By {} they would have {}.", rival.name, rival.width)),
        None => (best.delimiter != b',').then_some(taken),
    };
    Some(Dialect { delimiter: best.delimiter, note, start: 0 })
}

/// The delimiter that a first line `sep=;` states, as Excel writes and reads it, and where the rest begins.
fn stated(text: &str) -> Option<(u8, usize)> {
    let line = text.lines().next()?;
    let stated = line.trim_matches('"').to_ascii_lowercase();
    let delimiter = stated.strip_prefix("sep=")?.as_bytes();
    let start = text.find('\n').map_or(text.len(), |at| at + 1);
    (delimiter.len() == 1).then(|| (delimiter[0], start))
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Reads the one sheet of a delimited text.
pub(super) fn read(text: &Text, dialect: &Dialect, quota: &mut Quota<'_>) -> Result<Workbook, Fault> {
    quota.sheet()?;
    let mut sheet = Sheet { name: "Text".into(), ..Sheet::default() };
    let body = text.text.get(dialect.start..).unwrap_or_default();
    if let Some(line) = quotes::astray(body, dialect.delimiter) {
        return Err(quotes::fault(line + usize::from(dialect.start > 0)));
    }
    let mut reader = reader(body, dialect.delimiter);
    let mut record = csv::StringRecord::new();
    let mut row = u32::from(dialect.start > 0);
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|error| Fault::damaged(&error))? {
            break;
        }
        // The reader passes over blank lines without a word.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let lines = reader.position().line().saturating_sub(before);
        let blank = lines.saturating_sub(1 + within as u64);
        row = row.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
        for (column, text) in (0..).zip(record.iter()) {
            if !text.is_empty() {
                // As a spreadsheet program takes the apostrophe that keeps a text from being run.
                let text = undefused(text).replace("\r\n", "\n").replace('\r', "\n");
                let cell = Cell { kind: CellKind::of_text(&text), text, ..Cell::default() };
                quota.admit(&mut sheet, Address { row, column }, cell)?;
            }
        }
        row = row.saturating_add(1);
    }
    let notes = [text.note.clone(), dialect.note.clone()].into_iter().flatten().collect();
    Ok(Workbook { format: Format::Delimited, sheets: vec![sheet], notes, ..Workbook::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::workbook::Limits;

    fn read_text(text: &str) -> (Vec<(String, String)>, String) {
        let dialect = dialect(text).expect("it is a table");
        let text = Text { text: text.to_owned(), note: None };
        let workbook = read(&text, &dialect, &mut Quota::new(&Limits::default())).unwrap();
        let cells = workbook.sheets[0].cells();
        let cells = cells.map(|(address, cell)| (address.to_string(), cell.text.clone())).collect();
        (cells, workbook.notes.join(" "))
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(cell, text)| ((*cell).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn commas_need_no_word() {
        let (cells, notes) = read_text("Hazard,Name\n1,\"Fax, lost\"\n2,Late\n");
        assert_eq!(
            cells,
            pairs(&[
                ("A1", "Hazard"),
                ("B1", "Name"),
                ("A2", "1"),
                ("B2", "Fax, lost"),
                ("A3", "2"),
                ("B3", "Late")
            ])
        );
        assert_eq!(notes, "");
    }

    #[test]
    fn another_delimiter_is_found_by_rows_of_one_length_and_said() {
        for (delimiter, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
            let text =
                "No~Name~Effect\n1~Fax, lost, unseen~Late\n2~Slow~Late, or never\n".replace('~', delimiter);
            let (cells, notes) = read_text(&text);
            assert_eq!(cells[4].1, "Fax, lost, unseen", "{name}");
            assert!(notes.contains(name), "{notes}");
        }
    }

    #[test]
    fn a_text_that_could_be_read_in_two_ways_is_said_to_be() {
        let (_, notes) = read_text("a;b,c\nd;e,f\n");
        assert!(notes.contains("commas") && notes.contains("semicolons"), "{notes}");
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_program_numbers_them() {
        let (cells, _) = read_text("a,b\r\n1,\"two\r\nlines\"\r\n\r\n\r\n3,x");
        assert_eq!(
            cells,
            pairs(&[("A1", "a"), ("B1", "b"), ("A2", "1"), ("B2", "two\nlines"), ("A5", "3"), ("B5", "x")])
        );
    }

    #[test]
    fn the_delimiter_that_the_first_line_states_is_taken() {
        let (cells, notes) = read_text("sep=;\na,1;b\nc,2;d\n");
        assert_eq!(cells[0], ("A2".to_owned(), "a,1".to_owned()));
        assert!(notes.contains("first line"), "{notes}");
    }

    #[test]
    fn prose_is_no_table() {
        let prose =
            "Dear all,\n\nthe log is late, as ever.\nPlease see below.\nIt will come.\nSoon.\nYours,\nA\n";
        for text in [prose, "one word", "", "\n\n"] {
            assert_eq!(dialect(text), None, "{text}");
        }
    }

    #[test]
    fn a_title_above_the_table_does_not_hide_it() {
        let (cells, _) = read_text("Hazard log\nVersion 2\n\nNo,Name,Effect\n1,Fax,Late\n2,Post,Later\n");
        assert_eq!(cells[2], ("A4".to_owned(), "No".to_owned()));
    }

    #[test]
    fn an_error_value_is_known_as_one() {
        assert_eq!(CellKind::of_text("#REF!"), CellKind::Error);
        assert_eq!(CellKind::of_text("#REF! in March"), CellKind::Text);
    }
}
