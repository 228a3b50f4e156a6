//! Which rows of the sheet make up which hazard.
//!
//! A row belongs to the hazard of its number. A row without one belongs to the hazard that its merge, the ids in its
//! texts, its name or its place say, in this order; how it came to its hazard is kept, to be told. Numbers that count
//! up while name and ids stay those of one hazard came about when somebody filled a cell down.

use super::build::same_words;
use super::field::Field;
use super::ids;
use super::layout::Layout;
use super::shape::Shape;
use crate::intake::workbook::Address;
use rustc_hash::FxHashMap;

/// The rows of one hazard, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Hazard number as stated; empty where the log gives none.
    pub id: String,
    pub rows: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub row: u32,
    pub joined: Joined,
}

/// Why a row is with its hazard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Joined {
    /// It has the number, or is a hazard of its own.
    Own,
    /// The id of its control or cause says so.
    ById(String),
    /// It has the hazard's name and no number.
    ByName,
    /// It stands below a row of this hazard.
    ByPlace,
    /// Its number cell, or its name where there are no numbers, is merged with the one above.
    Merged,
    /// The log gives the number, or the name where there are no numbers, in the first row of a hazard alone.
    GivenOnce,
    /// It has another number, which counts up from the row above; its name and ids are the hazard's.
    CountedUp(String),
    /// Its number is the hazard's, written in another way.
    Respelt(String),
}

/// Rows that belong to no hazard, such as a note below the table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    pub groups: Vec<Group>,
    pub notes: Vec<u32>,
}

impl Grouping {
    /// The position of the hazard that each row belongs to.
    pub(super) fn by_row(&self) -> FxHashMap<u32, usize> {
        let rows = |(at, group): (usize, &Group)| -> Vec<(u32, usize)> {
            group.rows.iter().map(|member| (member.row, at)).collect()
        };
        self.groups.iter().enumerate().flat_map(rows).collect()
    }
}

pub(super) fn group(layout: &Layout<'_>) -> Grouping {
    let mut grouper = Grouper {
        layout,
        grouping: Grouping::default(),
        by_number: FxHashMap::default(),
        by_digits: FxHashMap::default(),
        by_name: FxHashMap::default(),
        above: None,
    };
    for row in layout.rows().into_iter().filter(|row| has_content(layout, *row)) {
        grouper.add(row);
    }
    grouper.grouping
}

/// Whether a field of the row holds something to see.
fn has_content(layout: &Layout<'_>, row: u32) -> bool {
    layout
        .sheet
        .row(row)
        .any(|(address, cell)| layout.columns.field(address.column).is_some() && !cell.text.trim().is_empty())
}

/// The row above, as far as it tells where the next belongs.
struct Above<'a> {
    /// Position of its hazard.
    group: usize,
    /// The number that stands in it.
    number: Option<&'a str>,
    /// The name of the hazard, as last written.
    name: Option<&'a str>,
    cause: Option<&'a str>,
}

struct Grouper<'l, 'a> {
    layout: &'l Layout<'a>,
    grouping: Grouping,
    /// Positions of hazards by their number, as far as it distinguishes.
    by_number: FxHashMap<String, usize>,
    /// Positions of hazards by the digits of their number: the first that has them.
    by_digits: FxHashMap<String, usize>,
    by_name: FxHashMap<&'a str, usize>,
    above: Option<Above<'a>>,
}

impl<'a> Grouper<'_, 'a> {
    fn add(&mut self, row: u32) {
        let number = self.text(row, Field::HazardId);
        if self.is_note(row, number) {
            self.grouping.notes.push(row);
            return;
        }
        let (group, joined) = match (self.layout.form.shape, number) {
            (Shape::Hazard, _) => self.of_hazard_row(row, number),
            (_, Some(number)) => self.of_numbered_row(row, number),
            (_, None) => self.of_unnumbered_row(row),
        };
        let Some(group) = group.or_else(|| self.open(row, number)) else {
            self.grouping.notes.push(row);
            return;
        };
        self.grouping.groups[group].rows.push(Member { row, joined });
        let name = self.text(row, Field::HazardName);
        let above = self.above.take().filter(|above| above.group == group);
        let (name_above, cause_above) = above.map_or((None, None), |above| (above.name, above.cause));
        self.above =
            Some(Above { group, number, name: name.or(name_above), cause: self.cause(row).or(cause_above) });
    }

    fn text(&self, row: u32, field: Field) -> Option<&'a str> {
        self.layout.sheet.text(Address { row, column: self.layout.columns.column(field)? })
    }

    /// What tells the cause of a row from another: its id, else its text.
    fn cause(&self, row: u32) -> Option<&'a str> {
        self.text(row, Field::CauseId).or_else(|| self.text(row, Field::Causes))
    }

    /// A sentence alone in the number's column is a note below the table, not a hazard number.
    fn is_note(&self, row: u32, number: Option<&str>) -> bool {
        const LONGEST_ID: usize = 24;
        let is_long = number.is_some_and(|number| number.chars().count() > LONGEST_ID);
        is_long && self.layout.sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty()).count() == 1
    }

    /// The cell that identifies the hazard is merged with one above.
    fn is_merged(&self, row: u32) -> bool {
        let columns = &self.layout.columns;
        let column = columns.column(Field::HazardId).or_else(|| columns.column(Field::HazardName));
        column.is_some_and(|column| self.layout.form.merged.continues(Address { row, column }))
    }

    /// Begins a hazard with this row. A row that has neither number nor name, nor stands below a hazard, is none
    /// where a row is to be a hazard.
    fn open(&mut self, row: u32, number: Option<&'a str>) -> Option<usize> {
        let name = self.text(row, Field::HazardName);
        if self.layout.form.shape == Shape::Hazard && number.is_none() && name.is_none() {
            return None;
        }
        let at = self.grouping.groups.len();
        if let Some(number) = number {
            self.by_number.entry(ids::same_number(number)).or_insert(at);
            if let Some(digits) = ids::hazard_digits(number) {
                self.by_digits.entry(digits).or_insert(at);
            }
        }
        if let Some(name) = name {
            self.by_name.entry(name).or_insert(at);
        }
        self.grouping.groups.push(Group { id: number.unwrap_or_default().to_owned(), rows: Vec::new() });
        Some(at)
    }

    /// The hazard that the row belongs to, `None` for one of its own, and why.
    fn of_hazard_row(&self, row: u32, number: Option<&str>) -> (Option<usize>, Joined) {
        let above = self.above.as_ref().map(|above| above.group);
        if self.is_merged(row) && above.is_some() {
            (above, Joined::Merged)
        } else if number.is_some() || self.text(row, Field::HazardName).is_some() || above.is_none() {
            (None, Joined::Own)
        } else {
            (above, Joined::ByPlace)
        }
    }

    fn of_numbered_row(&self, row: u32, number: &str) -> (Option<usize>, Joined) {
        if let Some(above) = self.above.as_ref().filter(|above| self.counts_up(row, number, above)) {
            return (Some(above.group), Joined::CountedUp(number.to_owned()));
        }
        let Some(known) = self.by_number.get(&ids::same_number(number)).copied() else {
            return (None, Joined::Own);
        };
        let is_respelt = self.grouping.groups[known].id != number;
        (Some(known), if is_respelt { Joined::Respelt(number.to_owned()) } else { Joined::Own })
    }

    /// Whether the number is the next after that of the row above, though the row goes on with the hazard above:
    /// it has no other name, and the ids in it, or its cause, are that hazard's.
    fn counts_up(&self, row: u32, number: &str, above: &Above<'a>) -> bool {
        let is_next = above.number.is_some_and(|above| is_next(above, number));
        let same_name = match (self.text(row, Field::HazardName), above.name) {
            (Some(name), Some(above)) => same_words(name, above),
            (None, _) => true,
            (Some(_), None) => false,
        };
        if !is_next || !same_name {
            return false;
        }
        match self.said(row) {
            Some((group, _)) => group == above.group,
            None => self.cause(row).is_some() && self.cause(row) == above.cause,
        }
    }

    fn of_unnumbered_row(&self, row: u32) -> (Option<usize>, Joined) {
        let name = self.text(row, Field::HazardName);
        let Some(above) = &self.above else { return (None, Joined::Own) };
        if self.is_merged(row) {
            return (Some(above.group), Joined::Merged);
        }
        let same_name = name.is_none() || name == above.name;
        let has_numbers = self.layout.columns.column(Field::HazardId).is_some();
        if same_name && (self.layout.form.numbers_once || !has_numbers) {
            return (Some(above.group), Joined::GivenOnce);
        }
        if let Some((group, said)) = self.said(row) {
            return (Some(group), Joined::ById(said));
        }
        match name {
            Some(name) if !same_name => match self.by_name.get(name) {
                Some(group) => (Some(*group), Joined::ByName),
                None => (None, Joined::Own),
            },
            _ => (Some(above.group), Joined::ByPlace),
        }
    }

    /// The hazard that the ids of a row's control or cause belong to, with the id.
    fn said(&self, row: u32) -> Option<(usize, String)> {
        let hazard = |id: &str| {
            let in_pairs = ids::is_number(id);
            ids::wholes(id).find_map(|whole| {
                let digits = if in_pairs {
                    Some(whole.to_owned())
                } else {
                    ids::hazard_digits(whole).filter(|_| ids::is_number(whole))
                };
                let by_digits = digits.and_then(|digits| self.by_digits.get(&digits));
                by_digits.or_else(|| self.by_number.get(&ids::same_number(whole))).copied()
            })
        };
        let stated = self.stated_ids(row);
        stated.into_iter().find_map(|id| Some((hazard(&id)?, id)))
    }

    /// The ids that a row states for its control and its cause.
    fn stated_ids(&self, row: u32) -> Vec<String> {
        let own = [Field::ControlId, Field::CauseId].into_iter().filter_map(|field| self.text(row, field));
        let texts = self
            .layout
            .columns
            .fields()
            .filter(|(_, field)| matches!(field, Field::AdditionalControls(_) | Field::Causes));
        let mut in_text: Vec<(bool, &str)> = texts
            .filter_map(|(column, field)| {
                let text = self.layout.sheet.text(Address { row, column })?;
                let (id, _) = self.layout.form.ids(field)?.split(text)?;
                Some((field == Field::Causes, id))
            })
            .collect();
        in_text.sort_by_key(|(is_cause, _)| *is_cause);
        own.chain(in_text.into_iter().map(|(_, id)| id)).map(ids::padded).collect()
    }
}

/// Whether the second number is the first and one: `H05` and `H06`, `9` and `10`.
fn is_next(number: &str, next: &str) -> bool {
    fn parts(id: &str) -> Option<(&str, u64)> {
        let digits = id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        Some((&id[..digits], id[digits..].parse().ok()?))
    }
    match (parts(number), parts(next)) {
        (Some((letters, number)), Some((others, next))) => {
            letters == others && number.checked_add(1) == Some(next)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_up_by_one() {
        for (number, next) in [("H05", "H06"), ("H09", "H10"), ("9", "10"), ("1.02", "1.03")] {
            assert!(is_next(number, next), "{number} {next}");
        }
        for (number, next) in [("H05", "H07"), ("H05", "H05"), ("H05", "N06"), ("H", "H1"), ("H05", "late")] {
            assert!(!is_next(number, next), "{number} {next}");
        }
    }
}
