//! Laying the labels of a form over a sheet: which cell is a label, and which cells are its value.
//!
//! A value stands to the right of its label, goes on in the rows below where they have no label, or stands below a
//! label that has nothing beside it. What stands at one place of most forms with the same words is a label too,
//! whether or not it is known: else it would be taken for a part of the value to its left.

use super::super::field::Field;
use super::super::header::folded_header;
use super::mapping::{FormMapping, FormShape};
use crate::intake::workbook::{Address, Sheet};
use std::collections::{BTreeMap, BTreeSet};

/// The forms of a sheet.
#[derive(Debug, Default)]
pub(super) struct Laid {
    pub forms: Vec<LaidForm>,
    /// Every cell that is a label.
    pub labels: BTreeSet<Address>,
}

/// The form of one hazard.
#[derive(Debug, Default)]
pub(super) struct LaidForm {
    pub said: Vec<Said>,
}

/// A label with its value.
#[derive(Debug)]
pub(super) struct Said {
    /// Position of the label in the mapping; `None` for one that the mapping does not have.
    pub label: Option<usize>,
    pub at: Address,
    pub values: Vec<Address>,
}

/// Lays the mapping over its sheet. There are no forms where the first label is missing.
pub(super) fn lay(sheet: &Sheet, mapping: &FormMapping) -> Laid {
    let words = by_words(mapping);
    let Some(first) = mapping.labels.first().map(|label| folded_header(&label.label)) else {
        return Laid::default();
    };
    match mapping.shape {
        FormShape::Stacked => stacked(&Printed::of(sheet, &first), &words),
        FormShape::Columns => columns(sheet, mapping, &first, &words),
    }
}

/// Positions of the labels of a mapping by their words, in order.
fn by_words(mapping: &FormMapping) -> BTreeMap<String, Vec<usize>> {
    let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, label) in mapping.labels.iter().enumerate() {
        words.entry(folded_header(&label.label)).or_default().push(at);
    }
    words
}

/// The words of a cell that may be a label.
pub(super) fn label_words(text: &str) -> Option<String> {
    const LONGEST: usize = 80;
    (text.len() <= LONGEST).then(|| folded_header(text)).filter(|words| !words.is_empty())
}

/// Every cell with content and its text, row by row.
pub(super) fn texts(sheet: &Sheet) -> impl Iterator<Item = (Address, &str)> {
    sheet.cells().map(|(address, cell)| (address, cell.text.trim())).filter(|(_, text)| !text.is_empty())
}

/// Forms one below the other, and what is printed on them all.
pub(super) struct Printed<'a> {
    pub sheet: &'a Sheet,
    /// The first row of each form.
    pub starts: Vec<u32>,
    /// How many forms have these words at this place: row from the form's first, column, words.
    places: BTreeMap<(u32, u32, String), usize>,
    /// The last column of each cell that is merged with others.
    merges: BTreeMap<Address, u32>,
}

impl<'a> Printed<'a> {
    /// Forms that begin wherever these words stand.
    pub(super) fn of(sheet: &'a Sheet, first: &str) -> Self {
        let is_first = |text: &str| label_words(text).is_some_and(|words| words == first);
        let mut starts: Vec<u32> =
            texts(sheet).filter(|(_, text)| is_first(text)).map(|(address, _)| address.row).collect();
        starts.dedup();
        let merges = sheet.merges.iter().map(|(first, last)| (*first, last.column)).collect();
        let mut printed = Self { sheet, starts, places: BTreeMap::new(), merges };
        for (address, text) in texts(sheet) {
            if let (Some(row), Some(words)) = (printed.row_of_form(address.row), label_words(text)) {
                *printed.places.entry((row, address.column, words)).or_default() += 1;
            }
        }
        printed
    }

    /// The form that a row is of.
    pub(super) fn form(&self, row: u32) -> Option<usize> {
        self.starts.partition_point(|start| *start <= row).checked_sub(1)
    }

    fn row_of_form(&self, row: u32) -> Option<u32> {
        Some(row - self.starts[self.form(row)?])
    }

    /// Whether most forms have these words at this place. One form alone cannot say.
    pub(super) fn is_on_most(&self, address: Address, words: &str) -> bool {
        let Some(row) = self.row_of_form(address.row) else { return false };
        let count = self.places.get(&(row, address.column, words.to_owned())).copied().unwrap_or_default();
        self.starts.len() > 1 && count * 2 > self.starts.len()
    }

    /// The column of the value of a label: the next one, or the one after the cells that it is merged over.
    pub(super) fn value_column(&self, label: Address) -> u32 {
        self.merges.get(&label).copied().unwrap_or(label.column) + 1
    }

    /// Whether a cell is a label, after the label to its left in the row if that has no value yet; `is_known` says
    /// whether the words are those of one.
    pub(super) fn is_label(
        &self,
        address: Address,
        words: &str,
        open: Option<Address>,
        is_known: bool,
    ) -> bool {
        let in_place_of_value = open.is_some_and(|label| self.value_column(label) == address.column);
        match (in_place_of_value, is_known) {
            // "Status | Open" on every form is a value; "Severity | Likelihood" are two labels.
            (true, true) => self.starts.len() < 2 || self.is_on_most(address, words),
            (true, false) => false,
            (false, true) => true,
            (false, false) => self.is_on_most(address, words),
        }
    }
}

fn stacked(printed: &Printed<'_>, words: &BTreeMap<String, Vec<usize>>) -> Laid {
    let mut laid = Laid::default();
    laid.forms.resize_with(printed.starts.len(), LaidForm::default);
    let mut seen: BTreeMap<(usize, String), usize> = BTreeMap::new();
    // Cells to which nothing stands in their row, to be looked at once all labels are known.
    let mut loose = Vec::new();
    // The label to the left, by its position in its form, and the row that it stands in.
    let mut open: Option<(u32, usize)> = None;
    for (address, text) in texts(printed.sheet) {
        let Some(form) = printed.form(address.row) else { continue };
        open = open.filter(|(row, _)| *row == address.row);
        let said = &mut laid.forms[form].said;
        let left = open.map(|(_, at)| &said[at]).filter(|said| said.values.is_empty()).map(|said| said.at);
        let label = label_words(text)
            .filter(|label| printed.is_label(address, label, left, words.contains_key(label)));
        match (label, open) {
            (Some(label), _) => {
                let times = seen.entry((form, label.clone())).or_default();
                let position = words.get(&label).and_then(|all| all.get(*times).or(all.last())).copied();
                *times += 1;
                laid.labels.insert(address);
                said.push(Said { label: position, at: address, values: Vec::new() });
                open = Some((address.row, said.len() - 1));
            }
            (None, Some((_, at))) => said[at].values.push(address),
            (None, None) => loose.push((form, address)),
        }
    }
    laid.take_below(&loose);
    laid
}

impl Laid {
    /// Takes cells without a label to their left: one goes on with the value above it, or is that of the label above
    /// it which has none beside it.
    fn take_below(&mut self, loose: &[(usize, Address)]) {
        let mut owners: BTreeMap<Address, usize> = BTreeMap::new();
        for form in &self.forms {
            for (at, said) in form.said.iter().enumerate() {
                let is_open = said.values.is_empty();
                owners.extend(
                    said.values.iter().copied().chain(is_open.then_some(said.at)).map(|cell| (cell, at)),
                );
            }
        }
        for (form, address) in loose {
            let above = address.row.checked_sub(1).map(|row| Address { row, ..*address });
            let Some(owner) = above.and_then(|above| owners.get(&above)).copied() else { continue };
            if let Some(said) = self.forms[*form].said.get_mut(owner) {
                said.values.push(*address);
                owners.insert(*address, owner);
            }
        }
    }
}

impl LaidForm {
    /// Adds a value to what the label at this cell says.
    fn add(&mut self, label: Option<usize>, at: Address, value: Address) {
        match self.said.last_mut().filter(|said| said.at == at) {
            Some(said) => said.values.push(value),
            None => self.said.push(Said { label, at, values: vec![value] }),
        }
    }
}

/// Labels down the side, a hazard a column.
fn columns(sheet: &Sheet, mapping: &FormMapping, first: &str, words: &BTreeMap<String, Vec<usize>>) -> Laid {
    let start = texts(sheet).find(|(_, text)| label_words(text).is_some_and(|words| words == first));
    let Some((start, _)) = start else { return Laid::default() };
    let mut laid = Laid::default();
    let rows = labelled_rows(sheet, start, words, &mut laid.labels);
    let mut forms: BTreeMap<u32, LaidForm> = hazard_columns(sheet, mapping, start.column, &rows)
        .map(|column| (column, LaidForm::default()))
        .collect();
    let mut merges: BTreeMap<u32, Vec<(Address, u32)>> = BTreeMap::new();
    for (first, last) in sheet.merges.iter().filter(|(first, last)| first.column < last.column) {
        merges.entry(first.row).or_default().push((*first, last.column));
    }
    for (row, label, at) in rows {
        for (value, _) in sheet.row(row).filter(|(value, _)| sheet.text(*value).is_some()) {
            if let Some(form) = forms.get_mut(&value.column) {
                form.add(label, at, value);
            }
        }
        // A merged cell counts for every hazard that it covers.
        let across = merges.get(&row).into_iter().flatten().filter(|(value, _)| sheet.text(*value).is_some());
        for (value, last) in across.filter(|(value, _)| value.column > start.column) {
            for (_, form) in forms.range_mut(value.column + 1..=*last) {
                form.add(label, at, *value);
            }
        }
    }
    laid.forms = forms.into_values().collect();
    laid
}

/// The rows below the first label, each with the label that it is of: its own, or the one above where it has none.
fn labelled_rows(
    sheet: &Sheet,
    start: Address,
    words: &BTreeMap<String, Vec<usize>>,
    labels: &mut BTreeSet<Address>,
) -> Vec<(u32, Option<usize>, Address)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut label = (None, start);
    let mut rows = Vec::new();
    for row in sheet.rows().range(start.row..) {
        let at = Address { row: *row, column: start.column };
        if let Some(text) = sheet.text(at) {
            let position = label_words(text).and_then(|label| {
                let times = seen.entry(label.clone()).or_default();
                *times += 1;
                words.get(&label)?.get(*times - 1).copied()
            });
            labels.insert(at);
            label = (position, at);
        }
        rows.push((*row, label.0, label.1));
    }
    rows
}

/// The columns that hold a hazard: those with a number or a name of their own, where there are labels for these. What
/// is merged into a column, or stands beside the hazards as a remark, does not make one.
fn hazard_columns(
    sheet: &Sheet,
    mapping: &FormMapping,
    side: u32,
    rows: &[(u32, Option<usize>, Address)],
) -> impl Iterator<Item = u32> {
    let names =
        |label: usize| matches!(mapping.labels[label].field, Some(Field::HazardId | Field::HazardName));
    let has_names = rows.iter().any(|(_, label, _)| label.is_some_and(names));
    let of_name = rows.iter().filter(|(_, label, _)| label.is_some_and(|label| !has_names || names(label)));
    let cells = of_name.flat_map(|(row, ..)| sheet.row(*row).map(|(cell, _)| cell));
    let columns: BTreeSet<u32> = cells
        .filter(|cell| cell.column > side && sheet.text(*cell).is_some())
        .map(|cell| cell.column)
        .collect();
    columns.into_iter()
}
