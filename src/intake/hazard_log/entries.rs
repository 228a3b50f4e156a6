//! What one cell of causes or controls holds: one entry, or the entries of a list, with their ids.

use super::build::{Builder, words};
use super::field::Field;
use super::groups::Group;
use super::ids;
use super::list::{self, Entry};
use super::shape::Shape;
use rustc_hash::FxHashSet;

/// The entries of a cell. Where a row is one cause or one control, its cell is one entry, and a list inside it is part
/// of its text.
pub(super) fn of(builder: &Builder<'_>, field: Field, text: &str) -> Vec<Entry> {
    let form = &builder.layout.form;
    if !form.shape.has_lists(field) {
        return vec![Entry::whole(text)];
    }
    let entries = list::entries(text);
    if let Some(style) = form.ids(field) {
        let begins_with_id = text.trim_start().lines().next().is_some_and(|line| style.split(line).is_some());
        let is_marked = list::begins_with_mark(text, &entries);
        let by_ids = list::by_ids(text, style);
        // An id within an entry of a list with marks is that entry's words.
        if (begins_with_id || !is_marked) && by_ids.iter().any(|entry| entry.id.is_some()) {
            return by_ids;
        }
    }
    if entries.len() == 1 && entries[0].number.is_none() && form.has_semicolons(field) {
        return list::by_semicolons(text);
    }
    entries
}

/// The ids that a column of its own gives to the causes of a row: one for each, or none.
pub(super) fn row_ids(builder: &mut Builder<'_>, row: u32, field: Field, wanted: usize) -> Vec<String> {
    let Some((address, cell)) = builder.cell(row, field) else { return Vec::new() };
    let split = |c: char| matches!(c, '\n' | ';' | ',');
    let stated = cell.text.split(split).map(str::trim).filter(|id| !id.is_empty()).map(ids::padded);
    let ids: Vec<String> = stated.collect();
    if ids.len() != wanted {
        return Vec::new();
    }
    builder.take(address);
    ids
}

/// Whether the additional controls of the log have ids, so that one without is odd.
pub(super) fn others_have_ids(builder: &Builder<'_>) -> bool {
    let layout = builder.layout;
    let in_text = |(_, field): (u32, Field)| {
        matches!(field, Field::AdditionalControls(_)) && layout.form.ids(field).is_some()
    };
    layout.form.shape != Shape::Hazard
        && (layout.columns.column(Field::ControlId).is_some() || layout.columns.fields().any(in_text))
}

/// Whether the existing controls of a row answer its cause, or are the hazard's: those that stand in its first row
/// alone, or in every row the same, are the hazard's, unless a column gives each row's control an id.
pub(super) fn existing_answer_causes(builder: &Builder<'_>, group: &Group) -> bool {
    if builder.shape() == Shape::Hazard {
        return false;
    }
    let layout = builder.layout;
    let columns: Vec<u32> = builder.columns(Field::ExistingControls).collect();
    let said = |row: u32| -> Vec<(u32, String)> {
        let cells = columns.iter().filter_map(|column| builder.at(row, *column));
        cells.map(|(address, cell)| (address.column, words(&cell.text))).collect()
    };
    let rows: Vec<_> =
        group.rows.iter().map(|member| said(member.row)).filter(|said| !said.is_empty()).collect();
    let different: FxHashSet<_> = rows.iter().collect();
    let has_ids = layout.columns.column(Field::ControlId).is_some();
    let is_alone = has_ids || group.rows.len() == 1 && builder.shape() == Shape::Cause;
    different.len() > 1 || rows.len() == 1 && is_alone
}
