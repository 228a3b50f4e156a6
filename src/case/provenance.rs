//! Where each value of a case came from.

use super::quote::{Quote, Quotes};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A place in an input: a file, and within it a sheet and cell, or a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path as the case folder names it, with `/` between its parts; never an absolute path.
    pub file: String,
    pub sheet: Option<String>,
    /// Cell address, such as `P7`, or a range, such as `A34:Q34`.
    pub cell: Option<String>,
    /// Line in a text file, from 1.
    pub line: Option<usize>,
}

impl Place {
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), sheet: None, cell: None, line: None }
    }

    #[must_use]
    pub fn line(file: impl Into<String>, line: usize) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    #[must_use]
    pub fn cell(file: impl Into<String>, sheet: impl Into<String>, cell: impl Into<String>) -> Self {
        Self { sheet: Some(sheet.into()), cell: Some(cell.into()), ..Self::file(file) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet}")?;
        }
        if let Some(cell) = &self.cell {
            write!(f, ", {} {cell}", if cell.contains(':') { "cells" } else { "cell" })?;
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        Ok(())
    }
}

/// The place of each value, by the value's path in the case.
///
/// A path names a value by keys, not by positions: `hazards/NRL01/initial/risk`,
/// `hazards/NRL01/causes/NRL01.3`, `hazards/NRL01/controls/NRL01.D7`, `tom/CS-02`, `psa/PSA-2`,
/// `risk_assessment/RA-07`, `document/reviewers/2`, `narrative/introduction`.
/// A value without an entry of its own is where the nearest part of its path is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Provenance {
    places: BTreeMap<String, Place>,
    /// Of a text that stands in a file of its own, the line of the file that each of its lines came from.
    #[serde(skip)]
    lines: BTreeMap<String, Vec<usize>>,
    /// What stands at the places; not part of the JSON form.
    #[serde(skip)]
    quotes: Quotes,
}

impl Provenance {
    pub fn record(&mut self, path: impl Into<String>, place: Place) {
        self.places.insert(path.into(), place);
    }

    /// The place of the value at this path, or of the nearest value that holds it.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return Some(place);
            }
            path = &path[..path.rfind('/')?];
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.places.extend(other.places);
        self.lines.extend(other.lines);
        self.quotes.extend(other.quotes);
    }

    /// Records which line of its file each line of a text came from.
    pub fn record_lines(&mut self, path: impl Into<String>, lines: Vec<usize>) {
        self.lines.insert(path.into(), lines);
    }

    /// The place of a line, from 1, of the text at this path; `None` for a text without lines of its own.
    #[must_use]
    pub fn place_of_line(&self, path: &str, line: usize) -> Option<Place> {
        let line = *self.lines.get(path)?.get(line.checked_sub(1)?)?;
        Some(Place { line: Some(line), ..self.place(path)?.clone() })
    }

    /// The files of texts whose lines are known.
    pub fn files_by_line(&self) -> impl Iterator<Item = &str> {
        self.lines.keys().filter_map(|path| Some(self.place(path)?.file.as_str()))
    }

    /// Every place that a value has of its own.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// What stands at a place, word for word.
    #[must_use]
    pub fn quote(&self, place: &Place) -> Option<Quote> {
        self.quotes.at(place)
    }

    /// Where to record what stands at places.
    pub fn quotes(&mut self) -> &mut Quotes {
        &mut self.quotes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_an_entry_is_where_its_parent_is() {
        let mut provenance = Provenance::default();
        provenance.record("hazards/H1", Place::cell("log.xlsx", "Hazard Log", "A2"));
        provenance.record("hazards/H1/initial/risk", Place::cell("log.xlsx", "Hazard Log", "I2"));
        assert_eq!(provenance.place("hazards/H1/initial/risk").unwrap().cell.as_deref(), Some("I2"));
        assert_eq!(provenance.place("hazards/H1/residual/risk").unwrap().cell.as_deref(), Some("A2"));
        assert_eq!(provenance.place("hazards/H2"), None);
    }

    #[test]
    fn a_line_of_a_text_is_a_line_of_its_file() {
        let mut provenance = Provenance::default();
        provenance.record("narrative/scope", Place::file("narrative/scope.md"));
        provenance.record_lines("narrative/scope", vec![1, 3]);
        assert_eq!(
            provenance.place_of_line("narrative/scope", 2),
            Some(Place::line("narrative/scope.md", 3))
        );
        assert_eq!(provenance.place_of_line("narrative/scope", 3), None);
        assert_eq!(provenance.place_of_line("narrative/other", 1), None);
    }
}
