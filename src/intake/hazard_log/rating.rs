//! Reading the severity, likelihood and risk of a hazard.

use super::build::{Builder, same_words};
use super::field::{Field, Stage};
use super::groups::Group;
use crate::case::folding::plain;
use crate::case::hazard::{Rating, StatedRisk};
use crate::case::observation::ObservationKind;
use crate::intake::workbook::{Address, Cell, CellKind};

/// The rating of the first row that states one; rows that state another are observed.
pub(super) fn read(builder: &mut Builder<'_>, group: &Group, key: &str, stage: Stage) -> Rating {
    let policy = builder.rated_by.policy(key);
    let fields = [Field::Severity(stage), Field::Likelihood(stage), Field::Risk(stage)];
    let rated = |row: u32| fields.iter().any(|field| builder.cell(row, *field).is_some());
    let Some(row) = group.rows.iter().map(|member| member.row).find(|row| rated(*row)).or(first_row(group))
    else {
        return Rating::new(None, None, None, policy);
    };
    for (field, name) in fields.into_iter().zip(["severity", "likelihood", "risk"]) {
        // A blank is at its cell too, so that a finding can say which cell to fill.
        if let Some(column) = builder.layout.columns.column(field) {
            builder.record(format!("hazards/{key}/{}/{name}", stage.as_str()), Address { row, column });
        }
    }
    let cells = fields.map(|field| builder.cell(row, field));
    let [severity, likelihood, risk] = cells.map(|found| found.map(|(_, cell)| cell));
    for member in &group.rows {
        for (field, stated) in fields.into_iter().zip([severity, likelihood, risk]) {
            disagreement(builder, key, member.row, field, stated);
        }
    }
    let [severity, likelihood] = [severity, likelihood].map(|cell| cell.map(|cell| cell.text.trim()));
    Rating::new(severity, likelihood, risk.map(stated_risk), policy)
}

fn first_row(group: &Group) -> Option<u32> {
    group.rows.first().map(|member| member.row)
}

fn disagreement(builder: &mut Builder<'_>, key: &str, row: u32, field: Field, stated: Option<&Cell>) {
    let Some((address, cell)) = builder.cell(row, field) else { return };
    builder.take(address);
    let first = stated.map_or("", |cell| cell.text.trim());
    if !same_words(&cell.text, first) {
        let given = if first.is_empty() { "nothing".to_owned() } else { format!("\"{first}\"") };
        let message = format!(
            "The {field} of {key} is \"{}\" in this row, but its first row says {given}.",
            cell.text.trim()
        );
        builder.observe(ObservationKind::RatingsDisagree, key, address.to_string(), message);
    }
}

fn stated_risk(cell: &Cell) -> StatedRisk {
    let plain = plain(&cell.text);
    let text = plain.trim();
    match (cell.kind, text.parse::<f64>()) {
        (CellKind::Error, _) | (_, Err(_)) => StatedRisk::Words(text.to_owned()),
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the guard says that it fits
        (_, Ok(number)) if number.fract() == 0.0 && (0.0..=255.0).contains(&number) => {
            StatedRisk::Score(number as u8)
        }
        (_, Ok(_)) => StatedRisk::Words(text.to_owned()),
    }
}
