//! Cells that hold what belongs under the header beside theirs: a row that was pasted one column off.
//!
//! Nothing is moved: which of the two columns is meant is for a person to say. A cell is taken for shifted
//! only where three things hold. It holds a word that is known in a column beside it and unknown in its own;
//! and that other column's cell of the row is blank or does not fit its own header either. So a log that
//! writes "Design" as an owner throughout says nothing wrong.

use super::build::Builder;
use super::describe;
use super::field::Field;
use super::groups::Grouping;
use super::layout::one_line;
use crate::case::excerpt::excerpt;
use crate::case::hazard::{ControlState, HazardState};
use crate::case::hazard_log::HazardLog;
use crate::case::observation::ObservationKind;
use crate::intake::workbook::Address;
use std::collections::BTreeMap;

/// So many rows of a column must have a word before it counts as one of that column's.
const USUAL: usize = 3;

/// Observes every cell of the hazards' rows that seems to belong to a column beside it.
pub(super) fn observe(builder: &mut Builder<'_>, grouping: &Grouping, log: &HazardLog) {
    let rows: Vec<(u32, &str)> = grouping
        .groups
        .iter()
        .zip(&log.hazards)
        .flat_map(|(group, hazard)| group.rows.iter().map(|member| (member.row, hazard.key.as_str())))
        .collect();
    let usual = Usual::of(builder, &rows);
    for (row, key) in rows {
        for (field, beside) in pairs(builder) {
            if let Some((address, message)) = shifted(builder, &usual, row, field, beside) {
                builder.observe(ObservationKind::ShiftedContent, key, address.to_string(), message);
            }
        }
    }
}

/// The columns whose words are few, each with every such column that stands directly beside it.
fn pairs(builder: &Builder<'_>) -> Vec<(Field, Field)> {
    let fields: Vec<(u32, Field)> =
        builder.layout.columns.fields().filter(|(_, field)| has_few_words(*field)).collect();
    let beside = |one: u32, other: u32| one.abs_diff(other) == 1;
    fields
        .iter()
        .flat_map(|(column, field)| {
            let neighbours = fields.iter().filter(|(other, _)| beside(*column, *other));
            neighbours.map(|(_, other)| (*field, *other))
        })
        .collect()
}

fn has_few_words(field: Field) -> bool {
    use Field::{
        ControlAction, ControlOwner, ControlStatus, ControlType, Likelihood, Owner, Severity, Status,
    };
    matches!(
        field,
        ControlType
            | ControlOwner
            | ControlAction
            | ControlStatus
            | Severity(_)
            | Likelihood(_)
            | Owner
            | Status
    )
}

/// What the cell of `field` holds that belongs to `beside`, as a sentence with the cell.
fn shifted(
    builder: &Builder<'_>,
    usual: &Usual,
    row: u32,
    field: Field,
    beside: Field,
) -> Option<(Address, String)> {
    let (address, cell) = builder.own_cell(row, field)?;
    let text = one_line(&cell.text);
    if fits(builder, usual, field, &text) || !fits(builder, usual, beside, &text) {
        return None;
    }
    let other = builder.own_cell(row, beside).map(|(other, cell)| (other, one_line(&cell.text)));
    let message = match other {
        None => format!(
            "\"{}\" stands under {field} and is a word of {beside}, whose cell in this row is blank; the row may have slipped by a column.",
            excerpt(&text)
        ),
        // Said once, of the first of the two.
        Some((at, other)) if fits(builder, usual, field, &other) => {
            if at < address || fits(builder, usual, beside, &other) {
                return None;
            }
            format!(
                "\"{}\" stands under {field} and \"{}\" under {beside}; they seem to have changed places.",
                excerpt(&text),
                excerpt(&other)
            )
        }
        Some((_, other)) if !fits(builder, usual, beside, &other) => format!(
            "\"{}\" stands under {field} and is a word of {beside}, whose cell in this row holds \"{}\"; the row may have slipped by a column.",
            excerpt(&text),
            excerpt(&other)
        ),
        Some(_) => return None,
    };
    Some((address, message))
}

/// Whether a column may well hold this.
fn fits(builder: &Builder<'_>, usual: &Usual, field: Field, text: &str) -> bool {
    let by_meaning = match field {
        Field::ControlType => describe::kind_of(text).is_some(),
        // One word: "Closed" is a status, "Closed circuit test" is an action.
        Field::ControlStatus => {
            let known = !matches!(
                ControlState::from_stated(Some(text)),
                ControlState::Other | ControlState::NotGiven
            );
            known && (text.split_whitespace().count() == 1 || text.to_lowercase().starts_with("deferred"))
        }
        Field::Status => {
            !matches!(HazardState::from_stated(Some(text)), HazardState::Other | HazardState::NotGiven)
        }
        Field::Severity(_) => builder.rated_by.all().any(|policy| policy.severity_rank(text).is_some()),
        Field::Likelihood(_) => builder.rated_by.all().any(|policy| policy.likelihood_rank(text).is_some()),
        _ => false,
    };
    by_meaning || usual.has(field, text)
}

/// The words that a column has in row after row.
struct Usual(BTreeMap<Field, BTreeMap<String, usize>>);

impl Usual {
    fn of(builder: &Builder<'_>, rows: &[(u32, &str)]) -> Self {
        let mut words: BTreeMap<Field, BTreeMap<String, usize>> = BTreeMap::new();
        for field in [Field::ControlType, Field::ControlOwner, Field::ControlAction, Field::Owner] {
            let column = words.entry(field).or_default();
            for (_, cell) in rows.iter().filter_map(|(row, _)| builder.own_cell(*row, field)) {
                *column.entry(one_line(&cell.text).to_lowercase()).or_default() += 1;
            }
        }
        Self(words)
    }

    fn has(&self, field: Field, text: &str) -> bool {
        let count = self.0.get(&field).and_then(|column| column.get(&text.to_lowercase()));
        count.is_some_and(|count| *count >= USUAL)
    }
}
