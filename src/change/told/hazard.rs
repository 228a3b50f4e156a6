//! What differs in a hazard that both sides have.

use super::brief::{Weighed, brief, weight_of};
use super::{HazardTold, Line, movement, part, values};
use crate::change::{Comparison, Direction, FieldChange, HazardRisk, Movement, ORDER, Rated};
use serde_json::Value;

pub(super) fn told(
    comparison: &Comparison,
    id: &str,
    old_id: Option<&str>,
    fields: &[FieldChange],
) -> HazardTold {
    let risk = comparison.risk.hazards.iter().find(|hazard| hazard.id == id);
    let ratings = risk
        .map_or([None, None], |risk| [Some(("initial", &risk.initial)), Some(("residual", &risk.residual))]);
    let ratings = ratings.into_iter().flatten().filter(|(_, moved)| moved.direction != Direction::Same);
    let ratings = ratings.map(|(name, moved)| Line::plain(format!("{name} risk"), movement(moved)));
    let mut weighed: Vec<Weighed> = Vec::new();
    for field in fields.iter().filter(|field| !is_told_otherwise(field, fields, risk)) {
        let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
        let line = values::line(field).map(|words| Line::new(values::label(&path), words));
        weighed.extend(line.map(|line| Weighed::of_field(&path, line)));
    }
    let parts: Vec<_> = comparison.parts.iter().filter(|part| part.hazard == id).collect();
    weighed
        .extend(parts.iter().map(|change| Weighed { weight: weight_of(change), line: part::told(change) }));
    weighed.extend(numbers(comparison, id).map(Weighed::light));
    HazardTold {
        id: id.to_owned(),
        old_id: old_id.map(str::to_owned),
        name: risk.and_then(|risk| risk.name.clone()),
        ratings: ratings.collect(),
        brief: brief(&weighed, &parts),
        lines: weighed.into_iter().map(|weighed| weighed.line).collect(),
    }
}

/// It is told with the risk, part by part, or by another field.
fn is_told_otherwise(field: &FieldChange, fields: &[FieldChange], risk: Option<&HazardRisk>) -> bool {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    let moved = |rating: &str| risk.is_some_and(|risk| rating_of(risk, rating).direction != Direction::Same);
    match path[..] {
        ["causes" | "controls" | "existing_controls", entry, ..] => entry != ORDER,
        [rating @ ("initial" | "residual")]
        | [rating @ ("initial" | "residual"), "risk" | "severity" | "likelihood" | "class" | "policy"] => {
            moved(rating)
        }
        [rating @ ("initial" | "residual"), "stated_risk"] => follows(risk, rating, field),
        ["state"] => fields.iter().any(|other| other.path == ["status"]),
        _ => false,
    }
}

fn rating_of<'a>(risk: &'a HazardRisk, rating: &str) -> &'a Movement {
    if rating == "initial" { &risk.initial } else { &risk.residual }
}

/// The risk that the log states moved as the risk of the matrix did, which is told.
fn follows(risk: Option<&HazardRisk>, rating: &str, field: &FieldChange) -> bool {
    let Some(risk) = risk else { return false };
    let movement = rating_of(risk, rating);
    let is = |stated: &Value, rated: &Option<Rated>| {
        let score = rated.as_ref().and_then(|rated| rated.risk);
        score.is_some() && stated.as_u64() == score.map(u64::from)
    };
    movement.direction != Direction::Same && is(&field.old, &movement.old) && is(&field.new, &movement.new)
}

/// Causes and controls that have another number than that of their hazard gives them.
fn numbers(comparison: &Comparison, hazard: &str) -> Option<Line> {
    let parts = comparison.changes.renumbered_parts.iter();
    let own = parts.filter(|part| part.hazard == hazard && !part.follows);
    let told: Vec<String> = own.map(|part| format!("{} (was {})", part.new_id, part.old_id)).collect();
    (!told.is_empty()).then(|| Line::plain("other numbers", told.join(", ")))
}
