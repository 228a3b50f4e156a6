//! Laying the labels of a form over a sheet: which cell is a label, and which cells are its value.
//!
//! A value stands to the right of its label, goes on in the rows below where they have no label, or stands below a
//! label that has nothing beside it. What stands at one place of most forms with the same words is a label too,
//! whether or not it is known: else it would be taken for a part of the value to its left.

use super::super::header::folded_header;
use super::super::layout::merged_into;
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
        FormShape::Columns => columns(sheet, &first, &words),
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
}

impl<'a> Printed<'a> {
    /// Forms that begin wherever these words stand.
    pub(super) fn of(sheet: &'a Sheet, first: &str) -> Self {
        let is_first = |text: &str| label_words(text).is_some_and(|words| words == first);
        let mut starts: Vec<u32> =
            texts(sheet).filter(|(_, text)| is_first(text)).map(|(address, _)| address.row).collect();
        starts.dedup();
        let mut printed = Self { sheet, starts, places: BTreeMap::new() };
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
        let merge = self.sheet.merges.iter().find(|(first, _)| *first == label);
        merge.map_or(label.column, |(_, last)| last.column) + 1
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
    for (form, address) in loose {
        laid.forms[form].take_below(address);
    }
    laid
}

impl LaidForm {
    /// Takes a cell without a label to its left: it goes on with the value above it, or is that of the label above it
    /// which has none beside it.
    fn take_below(&mut self, address: Address) {
        let Some(row) = address.row.checked_sub(1) else { return };
        let above = Address { row, ..address };
        let said = self.said.iter_mut().find(|said| {
            said.values.contains(&above)
                || said.at == above && said.values.iter().all(|value| value.column == address.column)
        });
        if let Some(said) = said {
            said.values.push(address);
        }
    }
}

/// Labels down the side, a hazard a column.
fn columns(sheet: &Sheet, first: &str, words: &BTreeMap<String, Vec<usize>>) -> Laid {
    let start = texts(sheet).find(|(_, text)| label_words(text).is_some_and(|words| words == first));
    let Some((start, _)) = start else { return Laid::default() };
    let mut laid = Laid::default();
    let mut forms: BTreeMap<u32, LaidForm> = BTreeMap::new();
    let last_column = texts(sheet).map(|(address, _)| address.column).max().unwrap_or_default();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut label: Option<(Option<usize>, Address)> = None;
    for row in sheet.rows().range(start.row..) {
        let at = Address { row: *row, column: start.column };
        // A row without a label goes on with the one above.
        if let Some(text) = sheet.text(at) {
            let position = label_words(text).and_then(|label| {
                let times = seen.entry(label.clone()).or_default();
                *times += 1;
                words.get(&label)?.get(*times - 1).copied()
            });
            laid.labels.insert(at);
            label = Some((position, at));
        }
        let Some((position, at)) = label else { continue };
        for column in start.column + 1..=last_column {
            let value = merged_into(sheet, Address { row: *row, column });
            if sheet.text(value).is_none() || value.column <= start.column {
                continue;
            }
            let said = &mut forms.entry(column).or_default().said;
            match said.last_mut().filter(|said| said.at == at) {
                Some(said) if said.values.contains(&value) => {}
                Some(said) => said.values.push(value),
                None => said.push(Said { label: position, at, values: vec![value] }),
            }
        }
    }
    laid.forms = forms.into_values().collect();
    laid
}
