//! Where each value of a case came from.

use super::quote::{Quote, Quotes};
use ecow::EcoString;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU32;

/// A place in an input: a file, and within it a sheet and cell, or a line.
///
/// A log has tens of thousands of them, and few files: the texts are shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path as the case folder names it, with `/` between its parts; never an absolute path.
    pub file: EcoString,
    pub sheet: Option<EcoString>,
    /// Cell address, such as `P7`, or a range, such as `A34:Q34`.
    pub cell: Option<EcoString>,
    /// Line in a text file, from 1.
    pub line: Option<usize>,
}

impl Place {
    #[must_use]
    pub fn file(file: impl Into<EcoString>) -> Self {
        Self { file: file.into(), sheet: None, cell: None, line: None }
    }

    #[must_use]
    pub fn line(file: impl Into<EcoString>, line: usize) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    #[must_use]
    pub fn sheet(file: impl Into<EcoString>, sheet: impl Into<EcoString>) -> Self {
        Self { sheet: Some(sheet.into()), ..Self::file(file) }
    }

    #[must_use]
    pub fn cell(file: impl Into<EcoString>, sheet: impl Into<EcoString>, cell: impl Into<EcoString>) -> Self {
        Self { cell: Some(cell.into()), ..Self::sheet(file, sheet) }
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
///
/// Its JSON form is the places alone, in the order of their paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// One for each input, or for each share of a large one: to put them into one would mean to move the tens of
    /// thousands of values of a hazard log, and few of them are ever asked for. The last that has a path counts.
    layers: Vec<Layer>,
    /// Of a text that stands in a file of its own, the line of the file that each of its lines came from.
    lines: BTreeMap<String, Vec<usize>>,
    /// What stands at the places.
    quotes: Quotes,
}

/// The places of one input.
#[derive(Debug, Clone, Default, PartialEq)]
struct Layer {
    /// Files, and sheets of them.
    sources: Vec<(EcoString, Option<EcoString>)>,
    spots: FxHashMap<Box<str>, Spot>,
}

/// A place as a layer holds it. A large log has hundreds of thousands, so each is less than half of a [`Place`].
#[derive(Debug, Clone, PartialEq)]
struct Spot {
    /// Which of the layer's sources.
    source: u32,
    line: Option<NonZeroU32>,
    cell: Option<EcoString>,
}

impl Layer {
    fn record(&mut self, path: Box<str>, place: Place) {
        let line = place.line.and_then(|line| NonZeroU32::new(u32::try_from(line).unwrap_or(u32::MAX)));
        let source = self.source(place.file, place.sheet);
        self.spots.insert(path, Spot { source, line, cell: place.cell });
    }

    /// Most places are of the source that the last one was of.
    fn source(&mut self, file: EcoString, sheet: Option<EcoString>) -> u32 {
        let source = (file, sheet);
        let index = self.sources.iter().rposition(|known| *known == source).unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn place(&self, spot: &Spot) -> Option<Place> {
        let (file, sheet) = self.sources.get(spot.source as usize)?.clone();
        let line = spot.line.map(|line| line.get() as usize);
        Some(Place { file, sheet, cell: spot.cell.clone(), line })
    }

    fn files_by_line(&self) -> impl Iterator<Item = EcoString> {
        let of_lines = self.spots.values().filter(|spot| spot.line.is_some());
        let sources: BTreeSet<u32> = of_lines.map(|spot| spot.source).collect();
        sources.into_iter().filter_map(|source| Some(self.sources.get(source as usize)?.0.clone()))
    }

    fn places(&self) -> impl Iterator<Item = (&str, Place)> {
        self.spots.iter().filter_map(|(path, spot)| Some((&**path, self.place(spot)?)))
    }
}

impl Provenance {
    pub fn record(&mut self, path: impl Into<String>, place: Place) {
        if self.layers.is_empty() {
            self.layers.push(Layer::default());
        }
        if let Some(layer) = self.layers.last_mut() {
            layer.record(path.into().into_boxed_str(), place);
        }
    }

    /// The place of the value at this path, or of the nearest value that holds it.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<Place> {
        let mut path = path;
        loop {
            let at = |layer: &Layer| layer.place(layer.spots.get(path)?);
            if let Some(place) = self.layers.iter().rev().find_map(at) {
                return Some(place);
            }
            path = &path[..path.rfind('/')?];
        }
    }

    /// Adds what another knows; of a path that both have, the other's place counts.
    pub fn extend(&mut self, other: Self) {
        self.layers.extend(other.layers);
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
        Some(Place { line: Some(line), ..self.place(path)? })
    }

    /// The files of which a line is the place of a value, or of a part of a text.
    #[must_use]
    pub fn files_by_line(&self) -> BTreeSet<EcoString> {
        let of_texts = self.lines.keys().filter_map(|path| Some(self.place(path)?.file));
        self.layers.iter().flat_map(Layer::files_by_line).chain(of_texts).collect()
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

impl Serialize for Provenance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.layers.iter().flat_map(Layer::places).collect::<BTreeMap<_, _>>().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_that_both_have_the_place_of_what_is_added_counts() {
        let of = |paths: &[&str], line| {
            let mut provenance = Provenance::default();
            for path in paths {
                provenance.record(*path, Place::line("case.toml", line));
            }
            provenance
        };
        for (first, second) in [(&["a"][..], &["a", "b", "c"][..]), (&["a", "b", "c"], &["a"])] {
            let mut both = of(first, 1);
            both.extend(of(second, 2));
            let line = |path| both.place(path).and_then(|place| place.line);
            assert_eq!(line("a"), Some(2));
            assert!(line("b").is_some() && line("c").is_some());
        }
    }

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
