//! Reading the severity, likelihood and risk of a hazard.

use super::build::{Builder, same_words};
use super::explain::NoteKind;
use super::field::{Field, Stage};
use super::groups::Group;
use super::layout::column_range;
use super::product::Product;
use crate::case::folding::plain;
use crate::case::hazard::{Rating, StatedRisk};
use crate::case::matrix::RiskPolicy;
use crate::case::observation::ObservationKind;
use crate::intake::workbook::{Address, Cell, CellKind};
use rustc_hash::FxHashSet;

/// The rating of the first row that states one; rows that state another are observed. In a log that rates each
/// cause or control, the highest of them, and that is observed once.
pub(super) fn read(builder: &mut Builder<'_>, group: &Group, key: &str, stage: Stage) -> Rating {
    let fields = [Field::Severity(stage), Field::Likelihood(stage), Field::Risk(stage)];
    let is_rated = |row: &u32| fields.iter().any(|field| builder.cell(*row, *field).is_some());
    let rated: Vec<u32> = group.rows.iter().map(|member| member.row).filter(is_rated).collect();
    let policy = builder.rated_by.policy(key);
    let Some(row) = rated.first().copied().or(first_row(group)) else {
        return Rating::new(None, None, None, policy);
    };
    let by_row = builder.layout.form.is_rated_by_row(stage);
    let highest = highest(builder, policy, &rated, fields).filter(|_| by_row);
    let row = highest.unwrap_or(row);
    for (field, name) in fields.into_iter().zip(["severity", "likelihood", "risk"]) {
        // A blank is at its cell too, so that a finding can say which cell to fill.
        if let Some(column) = builder.layout.columns.column(field) {
            let address = builder.layout.form.merged.holder(Address { row, column });
            builder.record(format!("hazards/{key}/{}/{name}", stage.as_str()), address);
        }
    }
    if by_row {
        observe_rows(builder, key, stage, (highest, &rated), fields);
    } else {
        for other in rated {
            for field in fields {
                disagreement(builder, key, other, field, builder.cell(row, field).map(|(_, cell)| cell));
            }
        }
    }
    of_row(builder, policy, row, fields)
}

fn of_row(builder: &Builder<'_>, policy: &RiskPolicy, row: u32, fields: [Field; 3]) -> Rating {
    let [severity, likelihood, risk] = fields.map(|field| builder.cell(row, field).map(|(_, cell)| cell));
    let [severity, likelihood] = [severity, likelihood].map(|cell| cell.map(|cell| cell.text.trim()));
    if let (None, None, Some(product)) = (severity, likelihood, risk.and_then(|cell| Product::of(&cell.text)))
    {
        let header = builder.layout.columns.column(fields[2]).map(|column| builder.layout.header(column));
        if let Some((severity, likelihood)) = product.factors(&header.unwrap_or_default()) {
            let risk = product.risk.map(|risk| stated_score(risk.to_owned()));
            return Rating::new(Some(severity), Some(likelihood), risk, policy);
        }
    }
    Rating::new(severity, likelihood, risk.map(stated_risk), policy)
}

/// The row with the highest risk, the first of equals. Where the policy gives none of them a risk, the log was rated by
/// another, and the highest number that it states; `None` if it does not state one for each row.
fn highest(builder: &Builder<'_>, policy: &RiskPolicy, rows: &[u32], fields: [Field; 3]) -> Option<u32> {
    let risk = |row: &u32| of_row(builder, policy, *row, fields).risk;
    if let Some(worst) = policy.worst(rows.iter().filter_map(risk)) {
        return rows.iter().find(|row| risk(row) == Some(worst)).copied();
    }
    let stated = |row: &u32| builder.cell(*row, fields[2])?.1.text.trim().parse::<u32>().ok();
    let all: Vec<u32> = rows.iter().map(stated).collect::<Option<_>>()?;
    let most = all.iter().max()?;
    all.iter().position(|stated| stated == most).map(|at| rows[at])
}

/// Observes that the rows of a hazard are rated each for itself, where they are rated differently.
fn observe_rows(
    builder: &mut Builder<'_>,
    key: &str,
    stage: Stage,
    (highest, rated): (Option<u32>, &[u32]),
    fields: [Field; 3],
) {
    let stated = |builder: &Builder<'_>, row: u32| -> String {
        let cells = fields.iter().filter_map(|field| builder.cell(row, *field));
        cells.map(|(_, cell)| cell.text.trim().to_owned()).collect::<Vec<_>>().join(", ")
    };
    let mut different: Vec<(String, u32)> = Vec::new();
    let mut known = FxHashSet::default();
    for row in rated {
        let rating = stated(builder, *row);
        if known.insert(rating.clone()) {
            different.push((rating, *row));
        }
    }
    for row in rated {
        for (address, _) in fields.map(|field| builder.cell(*row, field)).into_iter().flatten() {
            builder.take(address);
        }
    }
    let (Some(first), Some(last)) = (rated.first(), rated.last()) else { return };
    let column = fields.iter().find_map(|field| builder.layout.columns.column(*field));
    if let (Some(column), true) = (column, different.len() > 1) {
        let each = different.iter().map(|(rating, row)| format!("{rating} (row {})", row + 1));
        let (which, row) = match highest {
            Some(row) => ("highest", row),
            None => ("first", *first),
        };
        let message = format!(
            "The rows of {key} are rated each for itself; the {which} {} rating, that of row {}, was taken for the hazard. They say: {}.",
            stage.as_str(),
            row + 1,
            each.collect::<Vec<_>>().join("; ")
        );
        let cells = column_range(column, *first, *last);
        builder.note(NoteKind::Chosen, cells.clone(), message.clone());
        builder.observe(ObservationKind::RatingsDisagree, key, cells, message);
    }
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

/// The risk of a product, which is digits alone.
fn stated_score(text: String) -> StatedRisk {
    text.parse().map_or(StatedRisk::Words(text), StatedRisk::Score)
}
