//! Finding out what a hazard log's sheets, rows and columns stand for, where no mapping says so.
//!
//! The sheet and the header row are found by what is understood of them, never by their place ([`head`]); then the
//! columns ([`columns`]), and the rows that are no hazards ([`rows`]). Whatever could be meant otherwise is taken one
//! way and told: as a doubt, which becomes a finding, and in the explanation.

mod columns;
mod head;
mod rows;

use super::RatedBy;
use super::document;
use super::explain::{ColumnReading, Confidence, SheetReading, SheetRole};
use super::field::Field;
use super::layout::{Columns, rows_between};
use super::mapping::{ColumnMapping, IgnoredRows, Mapping, TableMapping};
use super::shape::Shape;
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::InputError;
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Address, Cell, Sheet, Workbook};
use columns::{Column, SECOND_TABLE};
use head::Head;
use std::collections::BTreeSet;

/// A mapping that was found out, with the reasons.
#[derive(Debug)]
pub(super) struct Discovery {
    pub mapping: Mapping,
    /// What each sheet of the workbook was taken for.
    pub sheets: Vec<SheetReading>,
    /// Of each table, what its columns were taken for.
    pub columns: Vec<Vec<ColumnReading>>,
    pub doubts: Vec<Observation>,
}

/// A sheet with headers of a hazard log.
struct Candidate<'a> {
    sheet: &'a Sheet,
    heads: Vec<Head>,
    best: usize,
}

impl Candidate<'_> {
    fn head(&self) -> &Head {
        &self.heads[self.best]
    }

    fn has_rows(&self) -> bool {
        !rows_between(self.sheet, self.head().row, u32::MAX).is_empty()
    }

    /// A table with rows beats a blank one, then the one of which more is understood.
    fn rank(&self) -> (bool, usize) {
        (self.has_rows(), self.head().understood())
    }

    /// The headers that are understood, to compare sheets by.
    fn headers(&self) -> BTreeSet<String> {
        let understood = self.head().cells.values().filter(|cell| cell.header().is_some());
        understood.map(|cell| cell.text.to_lowercase()).collect()
    }

    /// The hazard numbers, as far as a column is headed so.
    fn numbers(&self) -> BTreeSet<&str> {
        let is_id =
            |cell: &head::HeadCell| cell.header() == Some(super::header::Header::Field(Field::HazardId));
        let column = self.head().cells.iter().find(|(_, cell)| is_id(cell)).map(|(column, _)| *column);
        let rows = rows_between(self.sheet, self.head().row, u32::MAX);
        rows.into_iter().filter_map(|row| self.sheet.text(Address { row, column: column? })).collect()
    }
}

/// Finds out what the sheets, rows and columns of a workbook stand for.
///
/// # Errors
/// If no sheet has a header row of a hazard log.
pub(super) fn discover(workbook: &Workbook, rated_by: &RatedBy<'_>) -> Result<Discovery, InputError> {
    let candidates: Vec<Option<Candidate<'_>>> = workbook
        .sheets
        .iter()
        .map(|sheet| head::find(sheet).map(|(heads, best)| Candidate { sheet, heads, best }))
        .collect();
    let chosen = candidates
        .iter()
        .enumerate()
        .filter_map(|(at, candidate)| Some((at, candidate.as_ref()?.rank())))
        // The first of equals: `max_by_key` would take the last.
        .rev()
        .max_by_key(|(_, rank)| *rank)
        .map(|(at, _)| at)
        .ok_or_else(|| no_hazard_sheet(workbook))?;
    let mut sheets: Vec<SheetReading> =
        (0..candidates.len()).map(|at| guess(workbook, &candidates, at, chosen, rated_by)).collect();
    only_the_first(&mut sheets);
    let mut discovery =
        Discovery { mapping: Mapping::default(), sheets, columns: Vec::new(), doubts: Vec::new() };
    for (candidate, guess) in candidates.iter().zip(&discovery.sheets.clone()) {
        if let Some(candidate) = candidate.as_ref().filter(|_| guess.role == SheetRole::Hazards) {
            for at in 0..candidate.heads.len() {
                discovery.table(workbook, candidate, at, rated_by);
            }
        }
    }
    discovery.tell_several(workbook);
    discovery.name_documents(workbook);
    Ok(discovery)
}

/// A mapping to be filled in, of a workbook in which no table of hazards is understood: the table that has most rows, with
/// its headers as they stand, in whatever language.
pub(super) fn to_be_mapped(workbook: &Workbook) -> Option<Mapping> {
    let tables = workbook.sheets.iter().filter_map(|sheet| {
        let row = head::widest(sheet)?;
        Some((rows_between(sheet, row, u32::MAX).len(), sheet, row))
    });
    // The first of equals: `max_by_key` would take the last.
    let tables: Vec<_> = tables.collect();
    let (_, sheet, row) = tables.into_iter().rev().max_by_key(|(rows, ..)| *rows)?;
    let column = |(address, cell): (Address, &Cell)| ColumnMapping {
        column: column_letters(address.column),
        header: cell.text.split_whitespace().collect::<Vec<_>>().join(" "),
        field: None,
        ignored: None,
    };
    let table = TableMapping {
        sheet: sheet.name.to_string(),
        header_rows: vec![row + 1],
        last_row: None,
        shape: Shape::Hazard,
        columns: sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty()).map(column).collect(),
        ignored_rows: Vec::new(),
    };
    let mut mapping = Mapping::default();
    mapping.tables.push(table);
    Some(mapping)
}

/// How many headers are understood of the row of which most are.
pub(super) fn most_understood(workbook: &Workbook) -> usize {
    let heads = workbook.sheets.iter().filter_map(head::find);
    heads.map(|(heads, best)| heads[best].understood()).max().unwrap_or_default()
}

fn no_hazard_sheet(workbook: &Workbook) -> InputError {
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    InputError::new(format!(
        "No sheet has a header row of a hazard log (looked at: {})",
        if names.is_empty() { "no sheets".to_owned() } else { names.join(", ") }
    ))
    .at(Place::file(&workbook.file))
    .hint("give the hazard sheet a row of column headers such as Hazard Number, Hazard Name, Possible Causes, Severity, Likelihood, Risk; or say in a mapping file what its columns are, or the labels of its forms (`cscr schema mapping` says how)")
}

/// With so many headers a sheet is of hazards, whatever its name says.
const HEADERS_OF_HAZARDS: usize = 5;

/// What a sheet is taken for.
fn guess(
    workbook: &Workbook,
    candidates: &[Option<Candidate<'_>>],
    at: usize,
    chosen: usize,
    rated_by: &RatedBy<'_>,
) -> SheetReading {
    let sheet = &workbook.sheets[at];
    let guess = |role, confidence, why| SheetReading::new(sheet, role, confidence, why);
    let (Some(candidate), Some(best)) = (&candidates[at], &candidates[chosen]) else {
        return match document::role(sheet, rated_by) {
            Some(role) => guess(role, Confidence::Likely, "its name says so".to_owned()),
            None => guess(
                SheetRole::NotRead,
                Confidence::Certain,
                "no row of it has headers of a hazard log".to_owned(),
            ),
        };
    };
    let found = format!(
        "row {} has {} headers of a hazard log",
        candidate.head().row + 1,
        candidate.head().understood()
    );
    if at == chosen {
        let confidence =
            if candidate.head().understood() > 5 { Confidence::Certain } else { Confidence::Likely };
        return guess(SheetRole::Hazards, confidence, found);
    }
    // A history has a name, a title and a date in its columns, and a log of hazards has more.
    let is_document =
        candidate.head().understood() < HEADERS_OF_HAZARDS && candidate.headers() != best.headers();
    if let Some(role) = document::role(sheet, rated_by).filter(|_| is_document) {
        return guess(role, Confidence::Likely, "its name says so".to_owned());
    }
    if !candidate.has_rows() {
        return guess(
            SheetRole::NotRead,
            Confidence::Certain,
            format!("{found}, and nothing stands below them"),
        );
    }
    let best_name = best.sheet.name.trim();
    if candidate.headers() != best.headers() {
        let most = best.head().understood();
        let why = match candidate.head().understood() {
            fewer if fewer < most => format!("{found}, and another sheet has {most}"),
            _ => format!("{found}, other ones than those of the sheet {best_name}"),
        };
        return guess(SheetRole::OtherHazards, Confidence::Likely, why);
    }
    if let Some(word) = of_another_log(&sheet.name) {
        let why = format!("it has the headers of the sheet {best_name}, and its name says \"{word}\"");
        return guess(SheetRole::OtherHazards, Confidence::Guess, why);
    }
    match candidate.numbers().intersection(&best.numbers()).next() {
        Some(number) => guess(
            SheetRole::OtherHazards,
            Confidence::Likely,
            format!(
                "it has the headers of the sheet {best_name}, and hazard numbers of it too, such as {}",
                excerpt(number)
            ),
        ),
        None => guess(
            SheetRole::Hazards,
            Confidence::Likely,
            format!("it has the headers of the sheet {best_name}, and other hazards"),
        ),
    }
}

/// The word of a sheet's name that says that its hazards are not those of the log as it is.
fn of_another_log(name: &str) -> Option<&'static str> {
    const WORDS: [&str; 11] = [
        "template",
        "example",
        "sample",
        "blank",
        "copy",
        "old",
        "archive",
        "superseded",
        "backup",
        "previous",
        "draft",
    ];
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).collect();
    WORDS
        .into_iter()
        .find(|word| words.iter().any(|part| part.starts_with(word) && part.len() <= word.len() + 1))
}

/// Of several cover pages, histories or matrices the first is read.
pub(super) fn only_the_first(sheets: &mut [SheetReading]) {
    for role in [SheetRole::CoverPage, SheetRole::VersionHistory, SheetRole::RiskMatrix] {
        for sheet in sheets.iter_mut().filter(|sheet| sheet.role == role).skip(1) {
            sheet.role = SheetRole::NotRead;
            sheet.why = format!("an earlier sheet is the {role}");
        }
    }
}

impl Discovery {
    /// Adds one table of a sheet.
    fn table(&mut self, workbook: &Workbook, candidate: &Candidate<'_>, at: usize, rated_by: &RatedBy<'_>) {
        let (sheet, head) = (candidate.sheet, &candidate.heads[at]);
        let next = candidate.heads.get(at + 1).map(|next| next.top);
        let below = rows_between(sheet, head.row, next.map_or(u32::MAX, |next| next.saturating_sub(1)));
        let mut left_out = rows::repeated(sheet, head, &below);
        let kept: Vec<u32> = below.iter().filter(|row| !left_out.contains_key(row)).copied().collect();
        let found = columns::understand(sheet, head, &kept, rated_by);
        let legend = rows::legend(sheet, &found, &kept);
        left_out.extend(legend.iter().map(|row| (*row, "below the table, and not like its rows")));
        let kept: Vec<u32> = kept.into_iter().filter(|row| !left_out.contains_key(row)).collect();
        let understood: Columns =
            found.iter().filter_map(|column| Some((column.number, column.field?))).collect();
        let doubts = found.iter().filter_map(|column| {
            let cell = Address { row: head.row, column: column.number }.to_string();
            Some((cell, column.doubt.clone()?))
        });
        self.doubts.extend(doubts.map(|(cell, doubt)| in_doubt(workbook, sheet, Some(cell), &doubt)));
        self.tell_legend(workbook, sheet, &legend);
        self.tell_second_table(workbook, sheet, &found);
        self.mapping.tables.push(TableMapping {
            sheet: sheet.name.to_string(),
            header_rows: (head.top..=head.row).map(|row| row + 1).collect(),
            last_row: None,
            shape: Shape::of(sheet, &kept, &understood),
            columns: found.iter().map(column_mapping).collect(),
            ignored_rows: ignored_rows(&left_out),
        });
        self.columns.push(found.into_iter().map(|column| reading(column, head)).collect());
    }

    fn tell_legend(&mut self, workbook: &Workbook, sheet: &Sheet, legend: &[u32]) {
        let (Some(first), Some(last)) = (legend.first(), legend.last()) else { return };
        let Some((_, text)) = sheet.row(*first).find(|(_, cell)| !cell.text.trim().is_empty()) else {
            return;
        };
        let (name, words) = (sheet.name.trim(), excerpt(text.text.trim()));
        let doubt = if first == last {
            format!(
                "Row {} below the hazards of the sheet {name} was taken for no hazard and not read; it begins with \"{words}\"",
                first + 1
            )
        } else {
            format!(
                "Rows {} to {} below the hazards of the sheet {name} were taken for no hazards and not read; they begin with \"{words}\"",
                first + 1,
                last + 1
            )
        };
        let cells = format!("{}:{}", first + 1, last + 1);
        self.doubts.push(in_doubt(workbook, sheet, Some(cells), &doubt));
    }

    /// Says that a table of hazards beside another was not read.
    fn tell_second_table(&mut self, workbook: &Workbook, sheet: &Sheet, columns: &[Column]) {
        let of_second = || columns.iter().filter(|column| column.ignored.as_deref() == Some(SECOND_TABLE));
        let (Some(first), Some(last)) = (of_second().next(), of_second().next_back()) else { return };
        let (first, last) = (column_letters(first.number), column_letters(last.number));
        let message = format!(
            "The columns {first} to {last} of the sheet {} hold a second table of hazards beside the first, which was not read.",
            sheet.name.trim()
        );
        let place = Some(Place::cell(&workbook.file, &sheet.name, format!("{first}:{last}")));
        let kind = ObservationKind::HazardSheetNotRead;
        self.doubts.push(Observation { kind, hazard: None, place, message });
    }

    /// Says that the hazards of several tables were put together.
    fn tell_several(&mut self, workbook: &Workbook) {
        if self.mapping.tables.len() < 2 {
            return;
        }
        let name = |table: &TableMapping| {
            let rows: Vec<String> = table.header_rows.iter().map(ToString::to_string).collect();
            format!("{} (headers in row {})", table.sheet.trim(), rows.join(" and "))
        };
        let names: Vec<String> = self.mapping.tables.iter().map(name).collect();
        let doubt =
            format!("The hazards of {} tables were read as one log: {}", names.len(), names.join(", "));
        if let Some(sheet) = workbook.sheet(&self.mapping.tables[0].sheet) {
            self.doubts.push(in_doubt(workbook, sheet, None, &doubt));
        }
    }

    /// Names the sheets beside the hazards in the mapping.
    fn name_documents(&mut self, workbook: &Workbook) {
        for (sheet, guess) in workbook.sheets.iter().zip(&self.sheets) {
            self.mapping.name_document(&sheet.name, guess.role);
        }
    }
}

pub(super) fn in_doubt(
    workbook: &Workbook,
    sheet: &Sheet,
    cells: Option<String>,
    doubt: &str,
) -> Observation {
    let place = match cells {
        Some(cells) => Place::cell(&workbook.file, &sheet.name, cells),
        None => Place::sheet(workbook.file.clone(), sheet.name.clone()),
    };
    let message = format!("{doubt}. A mapping file can say otherwise.");
    Observation { kind: ObservationKind::LayoutInDoubt, hazard: None, place: Some(place), message }
}

fn column_mapping(column: &Column) -> ColumnMapping {
    ColumnMapping {
        column: column_letters(column.number),
        header: column.header.clone(),
        field: column.field,
        ignored: column.ignored.clone(),
    }
}

fn reading(column: Column, head: &Head) -> ColumnReading {
    ColumnReading {
        cell: Address { row: head.row, column: column.number }.to_string(),
        header: column.header,
        field: column.field,
        confidence: column.confidence,
        why: column.why,
    }
}

/// Rows that are left out, those that follow each other for one reason together.
fn ignored_rows(left_out: &std::collections::BTreeMap<u32, &'static str>) -> Vec<IgnoredRows> {
    let mut runs: Vec<(u32, u32, &str)> = Vec::new();
    for (row, reason) in left_out {
        match runs.last_mut() {
            Some((_, last, same)) if *last + 1 == *row && same == reason => *last = *row,
            _ => runs.push((*row, *row, reason)),
        }
    }
    let ignored = |(first, last, reason): (u32, u32, &str)| {
        let rows =
            if first == last { (first + 1).to_string() } else { format!("{}-{}", first + 1, last + 1) };
        IgnoredRows { rows, reason: reason.to_owned() }
    };
    runs.into_iter().map(ignored).collect()
}
