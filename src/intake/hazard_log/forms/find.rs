//! Finding forms where no mapping names them: a column of labels that a table of hazards would have as its headers.
//!
//! Labels that come again and again are those of forms one below the other; labels that stand once, with nothing that
//! is a label in the columns beside them, have a hazard a column.

use super::super::explain::{ColumnReading, Confidence};
use super::super::field::{Field, Stage};
use super::super::pages::heading::{Header, meaning};
use super::lay::{Printed, label_words, texts};
use super::mapping::{FormMapping, FormShape, LabelMapping};
use crate::intake::workbook::{Address, Sheet, Workbook};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer fields than this do not make a form, nor so few in one column its labels.
const MIN_FIELDS: usize = 5;
const MIN_IN_COLUMN: usize = 3;
/// Labels stand at the left, and forms are looked for in so many rows.
const COLUMNS: u32 = 6;
const ROWS: u32 = 200;

/// Forms that were found on a sheet.
#[derive(Debug)]
pub(super) struct Found {
    pub mapping: FormMapping,
    /// What each label was taken for.
    pub readings: Vec<ColumnReading>,
    /// How many fields its labels have.
    pub fields: usize,
    /// How many of them stand in one column.
    pub in_column: usize,
}

/// The forms of a workbook, those of the sheets with the labels of the best; none where no column has labels with more
/// fields than so many.
pub(super) fn find(workbook: &Workbook, in_a_row: impl FnOnce() -> usize) -> Vec<Found> {
    let mut meanings = Meanings::default();
    let sides = workbook.sheets.iter().filter_map(|sheet| Some((sheet, side(sheet, &mut meanings)?)));
    let sides: Vec<(&Sheet, Side)> = sides.collect();
    let Some(most) = sides.iter().map(|(_, side)| side.fields).max() else { return Vec::new() };
    let at_least = in_a_row();
    if most <= at_least {
        return Vec::new();
    }
    let found = sides.iter().filter_map(|(sheet, side)| on_sheet(sheet, side, &mut meanings));
    let mut found: Vec<Found> = found.collect();
    if found.iter().all(|found| found.in_column <= at_least) {
        return Vec::new();
    }
    let most = found.iter().map(|found| found.fields).max().unwrap_or_default();
    found.retain(|found| found.fields * 2 > most);
    found
}

/// What the words of labels mean; each text is looked at once.
#[derive(Default)]
struct Meanings(BTreeMap<String, Option<(Header, Option<Stage>)>>);

impl Meanings {
    fn of(&mut self, text: &str) -> Option<(Header, Option<Stage>)> {
        let words = label_words(text)?;
        let found = self.0.entry(words).or_insert_with(|| {
            let meaning = meaning(text);
            Some((meaning.header?, meaning.stage))
        });
        *found
    }
}

fn on_sheet(sheet: &Sheet, column: &Side, meanings: &mut Meanings) -> Option<Found> {
    let beside: BTreeSet<Header> = texts(sheet)
        .take_while(|(at, _)| at.row < ROWS)
        .filter(|(at, _)| at.column > column.column)
        .filter_map(|(_, text)| Some(meanings.of(text)?.0))
        .collect();
    if column.times == 1 && beside.len() * 2 < column.fields {
        return turned(sheet, column, meanings);
    }
    stacked(sheet, column, meanings)
}

/// A column of labels.
struct Side {
    column: u32,
    fields: usize,
    /// How often its commonest label comes.
    times: usize,
}

/// The column whose labels have most fields.
fn side(sheet: &Sheet, meanings: &mut Meanings) -> Option<Side> {
    let mut columns: BTreeMap<u32, BTreeMap<Header, usize>> = BTreeMap::new();
    let near = texts(sheet).take_while(|(at, _)| at.row < ROWS).filter(|(at, _)| at.column < COLUMNS);
    for (at, text) in near {
        if let Some((header, _)) = meanings.of(text) {
            *columns.entry(at.column).or_default().entry(header).or_default() += 1;
        }
    }
    let sides = columns.into_iter().filter_map(|(column, headers)| Side::of(column, &headers));
    // The first of equals: `max_by_key` would take the last.
    sides.max_by_key(|side| (side.fields, std::cmp::Reverse(side.column)))
}

impl Side {
    fn of(column: u32, headers: &BTreeMap<Header, usize>) -> Option<Self> {
        let has = |wanted: &dyn Fn(Field) -> bool| {
            headers.keys().any(|header| wanted(header.field(Stage::Initial)))
        };
        let names = has(&|field| {
            matches!(field, Field::HazardId | Field::HazardName | Field::Description | Field::Impact)
        });
        let analyses = has(&|field| field.is_of_analysis() && field != Field::Impact);
        // Ratings come twice in one form.
        let once = headers.iter().filter(|(header, _)| !header.needs_stage());
        let times = once.map(|(_, times)| *times).max()?;
        (names && analyses && headers.len() >= MIN_IN_COLUMN).then_some(Self {
            column,
            fields: headers.len(),
            times,
        })
    }
}

/// Labels of one form, as they are gathered.
#[derive(Default)]
struct Labels {
    mapping: Vec<LabelMapping>,
    readings: Vec<ColumnReading>,
    /// How often a rating came without a word that says when it holds.
    rated: BTreeMap<Header, usize>,
}

impl Labels {
    fn add(&mut self, at: Address, text: &str, known: Option<(Header, Option<Stage>)>, group: Option<Stage>) {
        let mut why = "label";
        let field = known.map(|(header, stage)| {
            let stage = stage.or(group).unwrap_or_else(|| {
                if !header.needs_stage() {
                    return Stage::Initial;
                }
                let times = self.rated.entry(header).or_default();
                *times += 1;
                why = if *times == 1 {
                    "label; the first of its kind"
                } else {
                    "label; the second of its kind"
                };
                if *times == 1 { Stage::Initial } else { Stage::Residual }
            });
            header.field(stage)
        });
        let label = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (confidence, why) = match field {
            Some(_) => (Confidence::Certain, why),
            None => (Confidence::Guess, "no known label; it stands on most forms"),
        };
        self.readings.push(ColumnReading {
            cell: at.to_string(),
            header: label.clone(),
            field,
            confidence,
            why: why.to_owned(),
        });
        self.mapping.push(LabelMapping { label, field, ignored: None });
    }

    fn found(self, sheet: &Sheet, shape: FormShape, in_column: usize) -> Option<Found> {
        let fields: BTreeSet<Field> = self.mapping.iter().filter_map(|label| label.field).collect();
        let mapping = FormMapping { sheet: sheet.name.to_string(), shape, labels: self.mapping };
        (fields.len() >= MIN_FIELDS).then_some(Found {
            in_column,
            mapping,
            readings: self.readings,
            fields: fields.len(),
        })
    }
}

/// A sheet whose labels stand once, down the side.
fn turned(sheet: &Sheet, side: &Side, meanings: &mut Meanings) -> Option<Found> {
    let at = |row: u32| Address { row, column: side.column };
    let rows: Vec<u32> = sheet.rows().into_iter().filter(|row| sheet.text(at(*row)).is_some()).collect();
    let has_values =
        |row: u32| sheet.row(row).any(|(cell, _)| cell.column > side.column && sheet.text(cell).is_some());
    let first =
        rows.iter().position(|row| sheet.text(at(*row)).and_then(|text| meanings.of(text)).is_some())?;
    let mut labels = Labels::default();
    let mut group = None;
    for row in &rows[first..] {
        let Some(text) = sheet.text(at(*row)) else { continue };
        let known = meanings.of(text);
        if has_values(*row) {
            group = group.filter(|_| known.is_some_and(|(header, _)| header.needs_stage()));
            labels.add(at(*row), text, known, group);
        } else {
            // "Initial rating" above its parts.
            group = super::super::pages::heading::stage(text);
        }
    }
    labels.found(sheet, FormShape::Columns, side.fields)
}

/// A sheet with forms one below the other, or with one.
fn stacked(sheet: &Sheet, side: &Side, meanings: &mut Meanings) -> Option<Found> {
    let first = first_label(sheet, side.times, meanings)?;
    let printed = Printed::of(sheet, &first);
    let mut labels = Labels::default();
    // Of each form, how often it has had the words of a label; a label twice on a form is two.
    let mut seen: BTreeMap<(usize, String), usize> = BTreeMap::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut open: Option<Address> = None;
    let mut in_order: Vec<(u32, Address, String)> = Vec::new();
    for (address, text) in texts(sheet) {
        let Some(form) = printed.form(address.row) else { continue };
        open = open.filter(|label| label.row == address.row);
        let words = label_words(text)
            .filter(|words| printed.is_label(address, words, open, meanings.of(text).is_some()));
        let Some(words) = words else {
            open = None;
            continue;
        };
        open = Some(address);
        let times = seen.entry((form, words.clone())).or_default();
        *times += 1;
        let known = known.entry(words).or_default();
        if *times > *known {
            *known = *times;
            in_order.push((address.row - printed.starts[form], address, text.to_owned()));
        }
    }
    // A label that the first form lacks has its place among the others; the one that opens a form comes first.
    in_order.sort_by_key(|(row, address, text)| {
        (label_words(text).is_none_or(|words| words != first), *row, address.column)
    });
    for (_, address, text) in in_order {
        let known = meanings.of(&text);
        labels.add(address, &text, known, None);
    }
    labels.found(sheet, FormShape::Stacked, side.fields)
}

/// The words of the label that opens each form: the first that comes as often as the forms do.
fn first_label(sheet: &Sheet, forms: usize, meanings: &mut Meanings) -> Option<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (_, text) in texts(sheet).filter(|(_, text)| label_words(text).is_some()) {
        if meanings.of(text).is_some() {
            *times.entry(label_words(text)?).or_default() += 1;
        }
    }
    let mut in_order = texts(sheet).filter_map(|(_, text)| label_words(text));
    in_order.find(|words| times.get(words).is_some_and(|times| *times >= forms))
}
