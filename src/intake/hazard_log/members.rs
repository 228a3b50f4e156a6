//! Telling how the rows of a hazard came together: which were joined to it and why, and which values of merged
//! cells count for several of them.

use super::build::Builder;
use super::explain::NoteKind;
use super::field::Field;
use super::groups::{Group, Joined};
use super::layout::column_range;
use crate::case::observation::ObservationKind;
use crate::intake::workbook::Address;
use std::collections::BTreeMap;

/// Records where the hazard is, and observes rows that do not carry its number.
pub(super) fn record(builder: &mut Builder<'_>, group: &Group, key: &str) {
    let columns = &builder.layout.columns;
    let ids = columns.column(Field::HazardId);
    // Where nothing gives the number, the hazard is where its name is; that the cell is so named takes nothing from it.
    let named = || columns.column(Field::HazardName).or_else(|| Some(columns.fields().next()?.0));
    let column = ids.or_else(named).unwrap_or(0);
    let address = |row| Address { row, column };
    if let Some(first) = group.rows.first() {
        builder.locate(format!("hazards/{key}"), address(first.row));
    }
    for member in &group.rows {
        let cell = address(member.row);
        if ids.is_some() {
            builder.take(cell);
        }
        let Some((kind, message)) = remark(&member.joined, member.row + 1, key) else { continue };
        builder.note(NoteKind::Joined, cell.to_string(), message.clone());
        builder.observe(kind, key, cell.to_string(), message);
    }
    given_once(builder, group, column);
    merged(builder, group);
}

/// What is to be said of a row (from 1) that was joined in this way.
fn remark(joined: &Joined, row: u32, key: &str) -> Option<(ObservationKind, String)> {
    let without_number =
        |why: &str| format!("Row {row} has no hazard number; it was joined to {key}, {why}.");
    Some(match joined {
        Joined::Own | Joined::Merged | Joined::GivenOnce => return None,
        Joined::ById(id) => {
            (ObservationKind::RowJoined, without_number(&format!("as the id {id} in it says")))
        }
        Joined::ByName => (ObservationKind::RowJoined, without_number("as it has the name of that hazard")),
        Joined::ByPlace => {
            (ObservationKind::RowJoined, without_number("as it stands below a row of that hazard"))
        }
        Joined::CountedUp(number) => (
            ObservationKind::RowJoined,
            format!(
                "Row {row} has the hazard number {number}, which counts up from the row above, but goes on with {key} in its name and ids; it was joined to {key}."
            ),
        ),
        Joined::Respelt(number) => (
            ObservationKind::IdSpelling,
            format!("Hazard number {number} of row {row} is read as {key}, as other rows write it."),
        ),
    })
}

/// Notes the rows whose number the log does not repeat.
fn given_once(builder: &mut Builder<'_>, group: &Group, column: u32) {
    let rows = || group.rows.iter().filter(|member| member.joined == Joined::GivenOnce);
    if let (Some(first), Some(last)) = (rows().next(), rows().next_back()) {
        let says = match rows().count() {
            1 => "The row below leaves the hazard blank and goes on with it.".to_owned(),
            count => format!("{count} rows below leave the hazard blank and go on with it."),
        };
        builder.note(NoteKind::Joined, column_range(column, first.row, last.row), says);
    }
}

/// Notes the merged cells whose value counts for several rows of the hazard.
fn merged(builder: &mut Builder<'_>, group: &Group) {
    let layout = builder.layout;
    if layout.form.merged.is_empty() {
        return;
    }
    let mut rows: BTreeMap<Address, (Field, u32)> = BTreeMap::new();
    for member in &group.rows {
        for (column, field) in layout.columns.fields() {
            let address = Address { row: member.row, column };
            let holder = layout.form.merged.holder(address);
            if holder != address && layout.sheet.text(holder).is_some() {
                rows.insert(holder, (field, member.row));
            }
        }
    }
    for (holder, (field, last)) in rows {
        let says = format!("The {field} is in a merged cell and counts for each row down to {}.", last + 1);
        builder.note(NoteKind::Inherited, column_range(holder.column, holder.row, last), says);
    }
}
