//! What stands at a place of an input, word for word: a finding shows it, as a compiler shows the line.
//!
//! Quotes are for whoever mends the input. They are no part of the case and are attached to nothing.

use super::Place;
use ecow::EcoString;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// The text at a place, and the header of its column where it stands in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub header: Option<String>,
    /// Empty where the cell is blank.
    pub text: String,
}

/// The texts of spreadsheets and the lines of text files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quotes {
    sheets: BTreeMap<(EcoString, EcoString), SheetQuotes>,
    /// By file.
    lines: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct SheetQuotes {
    /// By column, as the spreadsheet letters it.
    headers: BTreeMap<String, String>,
    /// By cell address.
    labels: BTreeMap<String, String>,
    /// By cell address.
    texts: FxHashMap<EcoString, EcoString>,
}

impl Quotes {
    /// Records the texts of cells, such as `P7`.
    pub fn record_cells(
        &mut self,
        file: &str,
        sheet: &str,
        cells: impl IntoIterator<Item = (EcoString, EcoString)>,
    ) {
        self.sheet(file, sheet).texts.extend(cells);
    }

    /// Records the header of a column, such as `P`.
    pub fn record_header(&mut self, file: &str, sheet: &str, column: &str, header: &str) {
        self.sheet(file, sheet).headers.insert(column.to_owned(), header.to_owned());
    }

    /// Records what a single cell is called, where it stands in no column with a header.
    pub fn record_label(&mut self, file: &str, sheet: &str, cell: String, label: &str) {
        self.sheet(file, sheet).labels.insert(cell, label.to_owned());
    }

    /// Records the lines of a text file. Of a long one the beginning has to do: a file that a program wrote may be a
    /// single line, and every finding in it shows that line.
    pub fn record_lines(&mut self, file: String, text: &str) {
        self.lines.insert(file, text.lines().map(|line| beginning(line.trim())).collect());
    }

    fn sheet(&mut self, file: &str, sheet: &str) -> &mut SheetQuotes {
        self.sheets.entry((file.into(), sheet.into())).or_default()
    }

    pub fn extend(&mut self, other: Self) {
        for (of, sheet) in other.sheets {
            let own = self.sheets.entry(of).or_default();
            own.headers.extend(sheet.headers);
            own.labels.extend(sheet.labels);
            if own.texts.is_empty() {
                own.texts = sheet.texts;
            } else {
                own.texts.extend(sheet.texts);
            }
        }
        self.lines.extend(other.lines);
    }

    /// What stands at a place: a line, or a single cell of a sheet that was read.
    #[must_use]
    pub fn at(&self, place: &Place) -> Option<Quote> {
        if let Some(line) = place.line {
            let text = line_of(self.lines.get(place.file.as_str())?, line)?;
            return Some(Quote { header: None, text });
        }
        let cell = place.cell.as_deref().filter(|cell| !cell.contains([':', ',']))?;
        let sheet = self.sheets.get(&(place.file.clone(), place.sheet.clone()?))?;
        let column = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        let header = sheet.labels.get(cell).or_else(|| sheet.headers.get(column)).cloned();
        let text = sheet.texts.get(cell).map(EcoString::to_string);
        (header.is_some() || text.is_some()).then(|| Quote { header, text: text.unwrap_or_default() })
    }
}

fn beginning(line: &str) -> String {
    const CHARACTERS: usize = 400;
    let end = line.char_indices().nth(CHARACTERS).map(|(end, _)| end);
    end.map_or_else(|| line.to_owned(), |end| format!("{}…", &line[..end]))
}

/// A line, counted from 1. The head of a table tells nothing without the first line below it.
fn line_of(lines: &[String], number: usize) -> Option<String> {
    let mut lines = lines.get(number.checked_sub(1)?..)?.iter();
    let line = lines.next()?;
    let is_head = line.starts_with('[') && line.ends_with(']');
    match lines.find(|line| !line.is_empty() && !line.starts_with('#')).filter(|_| is_head) {
        Some(next) if !next.starts_with('[') => Some(format!("{line} {next}")),
        _ => Some(line.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_with_its_header_and_a_line_as_it_stands() {
        let mut quotes = Quotes::default();
        quotes.record_header("log.xlsx", "Hazard Log", "AB", "Risk");
        quotes.record_cells("log.xlsx", "Hazard Log", [("AB7".into(), "3".into())]);
        quotes
            .record_lines("case.toml".to_owned(), "\n\n\n  name = \"x\"\n\n[[people]]\n# who\nid = \"ab\"\n");
        let at = |cell: &str| {
            quotes.at(&Place::cell("log.xlsx", "Hazard Log", cell)).map(|quote| (quote.header, quote.text))
        };
        let risk = || Some("Risk".to_owned());
        assert_eq!(at("AB7"), Some((risk(), "3".to_owned())));
        assert_eq!(at("AB8"), Some((risk(), String::new())), "a blank cell has a header to show");
        assert_eq!(at("B7"), None);
        assert_eq!(at("AB7:AC7"), None, "a range has no one text");
        let line = |number: usize| quotes.at(&Place::line("case.toml", number)).map(|quote| quote.text);
        assert_eq!(line(4).as_deref(), Some("name = \"x\""));
        assert_eq!(line(6).as_deref(), Some("[[people]] id = \"ab\""), "a head with what it heads");
        assert_eq!((line(0), line(9)), (None, None));
        assert_eq!(quotes.at(&Place::file("case.toml")), None);
    }

    #[test]
    fn of_a_long_line_the_beginning_is_quoted() {
        let mut quotes = Quotes::default();
        quotes.record_lines("log.json".to_owned(), &"ä".repeat(500_000));
        let quote = quotes.at(&Place::line("log.json", 1)).unwrap();
        assert!(quote.text.starts_with("ää") && quote.text.ends_with('…') && quote.text.len() < 1000);
    }
}
