//! What follows from answers: the formulas that read them, and those that read these in turn.

use super::formula::{Value, evaluate, may_read};
use super::part::{Cached, Edit};
use crate::intake::workbook::{Address, CellKind, Sheet, Workbook};
use std::collections::{BTreeMap, BTreeSet};

/// The cells whose value follows from what was written.
#[derive(Debug, Default)]
pub(super) struct Following {
    /// What becomes of the cells of the sheet.
    pub edits: BTreeMap<Address, Edit>,
    /// Cells whose value is another than was saved, with their sheet.
    pub computed: Vec<(String, Address)>,
    /// Cells whose value could not be computed, on this sheet or another.
    pub unknown: Vec<(String, Address)>,
}

/// Computes what follows from these texts on a sheet.
pub(super) fn following(workbook: &Workbook, sheet: &Sheet, written: &BTreeMap<Address, Edit>) -> Following {
    let formulas: BTreeMap<Address, &str> =
        sheet.cells().filter_map(|(at, cell)| Some((at, cell.formula.as_deref()?))).collect();
    let dirty = reached(&formulas, &sheet.name, written);
    let mut computing =
        Computing { sheet, written, formulas: &formulas, dirty: &dirty, known: BTreeMap::new(), open: 0 };
    let mut following = Following::default();
    for (at, _) in formulas.iter().filter(|(at, _)| dirty.contains(at)) {
        let value = computing.value(*at);
        let cell = (sheet.name.to_string(), *at);
        let Some(cached) = value.map(cached) else {
            following.unknown.push(cell);
            following.edits.insert(*at, Edit::Unknown);
            continue;
        };
        let saved = sheet.cell(*at).map(|cell| cell.text.as_str()).unwrap_or_default();
        if shown(&cached) != saved {
            following.computed.push(cell);
            following.edits.insert(*at, Edit::Value(cached));
        }
    }
    for other in workbook.sheets.iter().filter(|other| other.name != sheet.name) {
        let formulas = other.cells().filter_map(|(at, cell)| Some((at, cell.formula.as_deref()?)));
        let reading = formulas.filter(|(_, formula)| {
            formula.contains(sheet.name.as_str()) && reads(formula, &sheet.name, false, &dirty)
        });
        following.unknown.extend(reading.map(|(at, _)| (other.name.to_string(), at)));
    }
    following
}

/// What was written, and every formula that reads it or another one that does.
fn reached(
    formulas: &BTreeMap<Address, &str>,
    sheet: &str,
    written: &BTreeMap<Address, Edit>,
) -> BTreeSet<Address> {
    /// Formulas read upwards or downwards. Where they go to and fro more often than this, all of them are computed.
    const MOST: usize = 32;
    let mut reached: BTreeSet<Address> = written.keys().copied().collect();
    for pass in 0..MOST {
        let before = reached.len();
        let mut look = |(at, formula): (&Address, &&str)| {
            if !reached.contains(at) && reads(formula, sheet, true, &reached) {
                reached.insert(*at);
            }
        };
        match pass % 2 {
            0 => formulas.iter().for_each(&mut look),
            _ => formulas.iter().rev().for_each(&mut look),
        }
        // The first pass of each direction may find nothing.
        if reached.len() == before && pass > 0 {
            return reached;
        }
    }
    reached.extend(formulas.keys());
    reached
}

fn reads(formula: &str, sheet: &str, own: bool, dirty: &BTreeSet<Address>) -> bool {
    let any = |first: Address, last: Address| {
        let rows = first.row.min(last.row)..=first.row.max(last.row);
        let columns = first.column.min(last.column)..=first.column.max(last.column);
        dirty.iter().any(|at| rows.contains(&at.row) && columns.contains(&at.column))
    };
    may_read(formula, sheet, own, &|at| dirty.contains(&at), &any)
}

/// Formulas that read each other further than this are not computed, because computing goes as deep.
const DEEPEST: usize = 32;

struct Computing<'a> {
    sheet: &'a Sheet,
    written: &'a BTreeMap<Address, Edit>,
    formulas: &'a BTreeMap<Address, &'a str>,
    dirty: &'a BTreeSet<Address>,
    /// While a value is computed it is none, so that a circle ends.
    known: BTreeMap<Address, Option<Value>>,
    /// How many formulas are being computed, each for the one before.
    open: usize,
}

impl Computing<'_> {
    fn value(&mut self, at: Address) -> Option<Value> {
        if let Some(Edit::Text(text)) = self.written.get(&at) {
            return Some(Value::Text(text.clone()));
        }
        let formula = self.formulas.get(&at).filter(|_| self.dirty.contains(&at));
        let Some(formula) = formula else { return self.saved(at) };
        if let Some(known) = self.known.get(&at) {
            return known.clone();
        }
        if self.open == DEEPEST {
            return None;
        }
        self.known.insert(at, None);
        self.open += 1;
        let value = evaluate(formula, &mut |cell| self.value(cell));
        self.open -= 1;
        self.known.insert(at, value.clone());
        value
    }

    fn saved(&self, at: Address) -> Option<Value> {
        let Some(cell) = self.sheet.cell(at) else { return Some(Value::Blank) };
        match cell.kind {
            CellKind::Text => Some(Value::Text(cell.text.clone())),
            CellKind::Number(number) => Some(Value::Number(number)),
            CellKind::Bool => match cell.text.to_ascii_lowercase().as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            CellKind::Date | CellKind::Error | CellKind::Unsaved => None,
        }
    }
}

fn cached(value: Value) -> Cached {
    match value {
        Value::Text(text) => Cached::Text(text),
        Value::Number(number) => Cached::Number(number),
        Value::Bool(is_true) => Cached::Bool(is_true),
        // A formula that gives a blank cell shows 0.
        Value::Blank => Cached::Number(0.0),
    }
}

fn shown(cached: &Cached) -> String {
    match cached {
        Cached::Text(text) => text.clone(),
        Cached::Number(number) => number.to_string(),
        Cached::Bool(is_true) => is_true.to_string().to_uppercase(),
    }
}
