//! Which rows of the sheet make up which hazard.

use super::field::Field;
use super::ids;
use super::layout::Layout;
use super::shape::Shape;
use crate::case::hazard::ControlKind;
use crate::intake::workbook::Address;

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

/// Why a row without a hazard number is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Joined {
    /// It has the number, or is a hazard of its own.
    Own,
    /// The id of its control or cause says so.
    ById(String),
    /// It stands below a row of this hazard.
    ByPlace,
    /// Its number cell is merged with the one above, or the log gives the number only once a hazard.
    ByLayout,
}

/// Rows that belong to no hazard, such as a note below the table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    pub groups: Vec<Group>,
    pub notes: Vec<u32>,
}

pub(super) fn group(layout: &Layout<'_>) -> Grouping {
    let mut grouping = Grouping::default();
    let rows: Vec<u32> = layout.rows().into_iter().filter(|row| has_content(layout, *row)).collect();
    let with_number = rows.iter().filter(|row| text(layout, **row, Field::HazardId).is_some()).count();
    let repeats_numbers = with_number * 2 > rows.len();
    for row in rows {
        match layout.shape {
            Shape::RowPerHazard => add_hazard_row(layout, row, &mut grouping),
            Shape::RowPerCause | Shape::RowPerControl => {
                add_control_row(layout, row, repeats_numbers, &mut grouping);
            }
        }
    }
    grouping
}

/// Whether the number cell of this row is merged with one above it.
fn merged_with_above(layout: &Layout<'_>, row: u32) -> bool {
    let Some(column) = layout.columns.column(Field::HazardId) else { return false };
    layout.sheet.merges.iter().any(|(first, last)| {
        (first.column..=last.column).contains(&column) && first.row < row && row <= last.row
    })
}

/// Whether a field of the row holds something to see.
fn has_content(layout: &Layout<'_>, row: u32) -> bool {
    layout
        .sheet
        .row(row)
        .any(|(address, cell)| layout.columns.field(address.column).is_some() && !cell.text.trim().is_empty())
}

fn text<'a>(layout: &Layout<'a>, row: u32, field: Field) -> Option<&'a str> {
    layout.sheet.text(Address { row, column: layout.columns.column(field)? })
}

fn add_hazard_row(layout: &Layout<'_>, row: u32, grouping: &mut Grouping) {
    let id = text(layout, row, Field::HazardId);
    if is_note(layout, row, id) {
        grouping.notes.push(row);
    } else if id.is_some() || text(layout, row, Field::HazardName).is_some() {
        let rows = vec![Member { row, joined: Joined::Own }];
        grouping.groups.push(Group { id: id.unwrap_or_default().to_owned(), rows });
    } else if let Some(above) = grouping.groups.last_mut() {
        let joined = if merged_with_above(layout, row) { Joined::ByLayout } else { Joined::ByPlace };
        above.rows.push(Member { row, joined });
    } else {
        grouping.notes.push(row);
    }
}

/// A sentence alone in the first column is a note below the table, not a hazard number.
fn is_note(layout: &Layout<'_>, row: u32, id: Option<&str>) -> bool {
    const LONGEST_ID: usize = 24;
    let alone = layout.sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty()).count() == 1;
    alone && id.is_some_and(|id| id.chars().count() > LONGEST_ID)
}

fn add_control_row(layout: &Layout<'_>, row: u32, repeats_numbers: bool, grouping: &mut Grouping) {
    if let Some(id) = text(layout, row, Field::HazardId) {
        let member = Member { row, joined: Joined::Own };
        match grouping.groups.iter_mut().find(|group| group.id == id) {
            Some(group) => group.rows.push(member),
            None => grouping.groups.push(Group { id: id.to_owned(), rows: vec![member] }),
        }
        return;
    }
    if let Some(above) = grouping.groups.last_mut()
        && (!repeats_numbers || merged_with_above(layout, row))
    {
        above.rows.push(Member { row, joined: Joined::ByLayout });
        return;
    }
    let said = [Field::AdditionalControls(ControlKind::Unspecified), Field::Causes]
        .into_iter()
        .find_map(|field| ids::split(text(layout, row, field)?).map(|(digits, _)| ids::padded(digits)));
    let by_id = said.as_ref().and_then(|said| {
        grouping
            .groups
            .iter()
            .position(|group| ids::hazard_digits(&group.id).is_some_and(|pair| said.starts_with(&pair)))
    });
    let joined = match (by_id, said) {
        (Some(_), Some(said)) => Joined::ById(said),
        _ => Joined::ByPlace,
    };
    let last = grouping.groups.len().checked_sub(1);
    match by_id.or(last) {
        Some(group) => grouping.groups[group].rows.push(Member { row, joined }),
        None => {
            grouping
                .groups
                .push(Group { id: String::new(), rows: vec![Member { row, joined: Joined::Own }] });
        }
    }
}
