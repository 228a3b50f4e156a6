//! What a row of the hazard sheet stands for: a hazard with lists in its cells, one cause, or one control.

use super::field::Field;
use super::layout::Columns;
use crate::case::hazard::ControlKind;
use crate::intake::workbook::{Address, Sheet};
use serde::{Deserialize, Serialize};

/// What a row of the sheet stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    RowPerHazard,
    RowPerCause,
    RowPerControl,
}

/// What these rows of the sheet stand for.
pub(super) fn shape(sheet: &Sheet, rows: &[u32], columns: &Columns) -> Shape {
    let has = |field| columns.column(field).is_some();
    let one_control_column = has(Field::AdditionalControls(ControlKind::Unspecified));
    let describes_controls = has(Field::ControlType) || has(Field::ControlOwner) || has(Field::ControlAction);
    let typed_columns = columns.additional_controls().any(|(_, kind)| kind != ControlKind::Unspecified);
    if !typed_columns && (one_control_column && describes_controls || repeats_hazards(sheet, rows, columns)) {
        Shape::RowPerControl
    } else {
        Shape::RowPerHazard
    }
}

/// Whether most rows have the hazard number and name of the row above; one copied row is not enough.
fn repeats_hazards(sheet: &Sheet, rows: &[u32], columns: &Columns) -> bool {
    let (repeated, with_both) = repeated_rows(sheet, rows, columns);
    repeated * 2 > with_both
}

/// How many rows have the hazard number and name of the row above, among how many that have both.
pub(super) fn repeated_rows(sheet: &Sheet, rows: &[u32], columns: &Columns) -> (usize, usize) {
    let (Some(id), Some(name)) = (columns.column(Field::HazardId), columns.column(Field::HazardName)) else {
        return (0, 0);
    };
    let identity = |row: u32| {
        Some((sheet.text(Address { row, column: id })?, sheet.text(Address { row, column: name })?))
    };
    let hazards: Vec<_> = rows.iter().copied().filter_map(identity).collect();
    let repeated = hazards.windows(2).filter(|pair| pair[0] == pair[1]).count();
    (repeated, hazards.len())
}

impl Shape {
    /// Its word in a mapping file.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::RowPerHazard => "row-per-hazard",
            Self::RowPerCause => "row-per-cause",
            Self::RowPerControl => "row-per-control",
        }
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::RowPerHazard => "one row a hazard, with lists of causes and controls in its cells",
            Self::RowPerCause => "one row a cause, with its hazard repeated or left blank",
            Self::RowPerControl => "one row a control, with its hazard and cause repeated or left blank",
        }
    }
}
