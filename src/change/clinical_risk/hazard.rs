//! What changed of the hazards: themselves, their ratings, causes and controls, and what else they say.

use super::{Bearing, Reason, is_trifle};
use crate::case::hazard::ControlState;
use crate::change::likeness::has_nothing_in_common;
use crate::change::{
    Comparison, Direction, FieldChange, HazardChange, HazardRisk, Movement, ORDER, PartChange,
    PartChangeKind, PartKind, PartPlace, Rated, text,
};
use Bearing::{SeemsChanged, SeemsUnchanged, Unclear};
use serde_json::Value;

pub(super) fn reasons(comparison: &Comparison) -> Vec<Reason> {
    let changes = &comparison.changes;
    let whole = |id: &str, hazard: &Value, what: &str| {
        let name = text(hazard, "name").unwrap_or("(no name given)");
        reason(SeemsChanged, id, "", format!("is {what}: {name}"))
    };
    let mut found: Vec<Reason> = Vec::new();
    found.extend(changes.added.iter().map(|added| whole(&added.id, &added.hazard, "new")));
    found.extend(changes.removed.iter().map(|removed| whole(&removed.id, &removed.hazard, "gone")));
    found.extend(comparison.risk.moved().flat_map(moved));
    for change in &changes.changed {
        let risk = comparison.risk.hazards.iter().find(|hazard| hazard.id == change.id);
        found.extend(change.fields.iter().filter_map(|field| of_field(change, field, risk)));
        let parts = comparison.parts.iter().filter(|part| part.hazard == change.id);
        found.extend(parts.map(|part| of_part(change, part)));
    }
    found
}

fn reason(bearing: Bearing, hazard: &str, field: impl Into<String>, why: impl Into<String>) -> Reason {
    Reason { bearing, hazard: Some(hazard.to_owned()), field: field.into(), why: why.into() }
}

/// The ratings of a hazard that both sides have.
fn moved(hazard: &HazardRisk) -> Vec<Reason> {
    let told = |name: &str, movement: &Movement| {
        let rated =
            |rated: &Option<Rated>| rated.as_ref().map_or_else(|| "not rated".to_owned(), Rated::words);
        let (old, new) = (rated(&movement.old), rated(&movement.new));
        let why = match movement.direction {
            Direction::Same | Direction::New | Direction::Gone => return None,
            Direction::Up => format!("went up from {old} to {new}"),
            Direction::Down => format!("went down from {old} to {new}"),
            Direction::Incomparable => format!("was {old}, and is {new} by another policy"),
            Direction::Sideways | Direction::Rated | Direction::Unrated => {
                format!("was {old}, and is {new}")
            }
        };
        Some(reason(SeemsChanged, &hazard.id, name, why))
    };
    let both = [told("initial", &hazard.initial), told("residual", &hazard.residual)];
    both.into_iter().flatten().collect()
}

/// A field beside the causes and controls, which [`of_part`] weighs.
fn of_field(change: &HazardChange, field: &FieldChange, risk: Option<&HazardRisk>) -> Option<Reason> {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    let (bearing, why) = match path[..] {
        // A renumbered hazard is the same hazard; what its status means is its state.
        [.., ORDER] | ["causes" | "controls" | "existing_controls", _, ..] | ["key" | "id" | "status"] => {
            return None;
        }
        ["causes" | "controls" | "existing_controls"] => {
            (Unclear, "differ, and their entries cannot be told apart")
        }
        [rating @ ("initial" | "residual"), ref rest @ ..] => return of_rating(change, rating, rest, risk),
        ["state"] if field.new == "transferred" => {
            (Unclear, "is transferred now: whoever takes it over carries the risk")
        }
        ["state"] if field.old == "transferred" => (Unclear, "is no longer transferred"),
        ["state"] if field.old == "closed" => (Unclear, "is no longer closed"),
        ["state"] => (SeemsUnchanged, "says how far the work on it is"),
        ["impact"] if field.old.is_null() => (SeemsChanged, "is given, and was not"),
        ["impact" | "description" | "name"] => reworded(field),
        ["owner" | "category"] | [.., "on"] => (SeemsUnchanged, "bears on no risk by itself"),
        _ => (Unclear, differs(field)),
    };
    Some(reason(bearing, &change.id, field.path.join("/"), why))
}

/// A field of a rating of which severity, likelihood and risk are the same; else that they moved is told.
fn of_rating(
    change: &HazardChange,
    rating: &str,
    rest: &[&str],
    risk: Option<&HazardRisk>,
) -> Option<Reason> {
    let movement = risk.map(|risk| if rating == "initial" { &risk.initial } else { &risk.residual });
    if movement.is_some_and(|movement| movement.direction != Direction::Same) {
        return None;
    }
    let (bearing, why) = match rest {
        ["stated_severity" | "stated_likelihood"] => (SeemsUnchanged, "is written in another way"),
        ["stated_risk"] => (Unclear, "is another, and that of the matrix is not"),
        _ => (SeemsChanged, "is another"),
    };
    let path: Vec<&str> = std::iter::once(&rating).chain(rest).copied().collect();
    Some(reason(bearing, &change.id, path.join("/"), why))
}

fn differs(field: &FieldChange) -> &'static str {
    match (&field.old, &field.new) {
        (Value::Null, _) => "is new",
        (_, Value::Null) => "is no longer given",
        _ => "is another",
    }
}

fn reworded(field: &FieldChange) -> (Bearing, &'static str) {
    match (field.old.as_str(), field.new.as_str()) {
        (Some(old), Some(new)) if is_trifle(old, new) => TRIFLE,
        (Some(_), Some(_)) => REWORDED,
        (None, _) => (Unclear, "is given, and was not"),
        (_, None) => (Unclear, "is no longer given"),
    }
}

const TRIFLE: (Bearing, &str) = (SeemsUnchanged, "has the same words, with other signs, spaces or capitals");
const REWORDED: (Bearing, &str) = (Unclear, "is reworded; what that means a person has to say");

fn of_part(change: &HazardChange, part: &PartChange) -> Reason {
    let list = part.part.list();
    if let Some(reason) = handed_over(change, part, list) {
        return reason;
    }
    let (bearing, why) = weighed(change, part, list);
    let field = match (&part.field, part.change) {
        (Some(field), _) => format!("/{field}"),
        (None, PartChangeKind::ReOwned) => "/owner".to_owned(),
        (None, PartChangeKind::Reworded) => "/text".to_owned(),
        _ => String::new(),
    };
    reason(bearing, &change.id, format!("{list}/{}{field}", part.id), why)
}

/// Somebody else is to take a control over: it holds as far as they do. Its owner says so as well, where the log has both
/// in one cell.
fn handed_over(change: &HazardChange, part: &PartChange, list: &str) -> Option<Reason> {
    let place = [list, part.id.as_str(), RECIPIENT];
    let is_owner = part.change == PartChangeKind::ReOwned;
    if !is_owner && part.field.as_deref() != Some(RECIPIENT) {
        return None;
    }
    let (old, new) = (part.old.as_deref(), part.new.as_deref());
    let is_it = |field: &&FieldChange| {
        let is_said = !is_owner || (field.old.as_str(), field.new.as_str()) == (old, new);
        field.path.iter().map(String::as_str).eq(place) && is_said
    };
    change.fields.iter().find(is_it)?;
    let why = match (old, new) {
        (Some(old), Some(new)) => {
            format!("was {old}, and is {new}; whether they take it over a person has to say")
        }
        (None, Some(new)) => format!("is {new} now; whether they take it over a person has to say"),
        (Some(old), None) => format!("was {old}, and is no longer given; who has it now a person has to say"),
        (None, None) => return None,
    };
    Some(reason(Unclear, &change.id, place.join("/"), why))
}

/// The field that says to whom a control is transferred.
const RECIPIENT: &str = "transferred_to";

fn weighed(change: &HazardChange, part: &PartChange, list: &str) -> (Bearing, String) {
    let is_cause = part.part == PartKind::Cause;
    let (old, new) = (part.old.as_deref(), part.new.as_deref());
    let (bearing, why) = match (part.change, &part.elsewhere) {
        (PartChangeKind::Added, Some(PartPlace { hazard, id })) => {
            return (Unclear, format!("is here now, and was {id} of {hazard}"));
        }
        (PartChangeKind::Removed, Some(PartPlace { hazard, id })) => {
            let bearing = if is_cause { Unclear } else { SeemsChanged };
            return (bearing, format!("is no longer here, and is now {id} of {hazard}"));
        }
        (PartChangeKind::Added, None) if is_cause => (SeemsChanged, "is new"),
        (PartChangeKind::Added, None) => (Unclear, "is new; whether it brings a hazard a person has to say"),
        (PartChangeKind::Removed, None) if is_cause => (Unclear, "is gone"),
        (PartChangeKind::Removed, None) => (SeemsChanged, "is gone"),
        (PartChangeKind::Moved, _) => (Unclear, "stands in the other list of controls"),
        (PartChangeKind::Reworded, _) => match old.zip(new) {
            Some((old, new)) if is_trifle(old, new) => TRIFLE,
            // The number was kept, and what stood there was not.
            Some((old, new)) if has_nothing_in_common(old, new) => {
                (SeemsChanged, "has no word in common with what stood there")
            }
            _ => REWORDED,
        },
        (PartChangeKind::ReOwned, _) => (SeemsUnchanged, "is another"),
        (PartChangeKind::Closed, _) => (SeemsUnchanged, "is done: its risk was stated with it"),
        (PartChangeKind::Reopened, _) => (SeemsChanged, "was done, and is not any longer"),
        (PartChangeKind::Status, _) => status(old, new),
        (PartChangeKind::Links, _) => links(change, part, list),
        (PartChangeKind::Other, _) => of_other(part),
    };
    (bearing, why.to_owned())
}

fn status(old: Option<&str>, new: Option<&str>) -> (Bearing, &'static str) {
    match (ControlState::from_stated(old), ControlState::from_stated(new)) {
        (old, new) if old == new => (SeemsUnchanged, "has a status in other words"),
        (_, ControlState::Deferred) => (SeemsChanged, "is deferred"),
        _ => (Unclear, "has another status"),
    }
}

/// How it is known what answers a cause may differ while the same controls do.
fn links(change: &HazardChange, part: &PartChange, list: &str) -> (Bearing, &'static str) {
    let place = [list, part.id.as_str(), "controls"];
    let is_it = |field: &FieldChange| field.path.iter().map(String::as_str).take(3).eq(place);
    if change.fields.iter().any(is_it) {
        (Unclear, "is answered by other controls")
    } else {
        (SeemsUnchanged, "is answered by the same controls; only how that is known differs")
    }
}

fn of_other(part: &PartChange) -> (Bearing, &'static str) {
    let ids = |text: &Option<String>| -> Vec<String> {
        text.iter().flat_map(|text| text.split(", ")).map(str::to_owned).collect()
    };
    match part.field.as_deref().unwrap_or_default() {
        "evidence" if ids(&part.old).iter().any(|id| !ids(&part.new).contains(id)) => {
            (Unclear, "is less than it was")
        }
        "evidence" => (SeemsUnchanged, "is more than it was"),
        "stated_evidence" | "stated_type" => (SeemsUnchanged, "is written in another way"),
        _ => (Unclear, "is another"),
    }
}
