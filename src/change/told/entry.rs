//! A hazard that one side has alone: enough of it to know what it is.

use super::brief::counted;
use super::{Line, rating};
use crate::change::renumbering::listed;
use crate::change::{Comparison, Direction, HazardEntry, text};
use serde::Serialize;

/// A hazard that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryTold {
    pub id: String,
    pub name: Option<String>,
    /// What happens, what it does to a patient, how it is rated, and what it holds.
    pub lines: Vec<Line>,
}

pub(super) fn told(comparison: &Comparison, entry: &HazardEntry, direction: Direction) -> EntryTold {
    let hazard = &entry.hazard;
    let own = |label: &str, name: &str| text(hazard, name).map(|text| Line::plain(label, text));
    let mut hazards = comparison.risk.hazards.iter();
    let risk = hazards.find(|risk| risk.id == entry.id && risk.initial.direction == direction);
    let rated = |label: &str, initial: bool| {
        let movement = risk.map(|risk| if initial { &risk.initial } else { &risk.residual })?;
        let side = if direction == Direction::New { &movement.new } else { &movement.old };
        Some(Line::plain(label, side.as_ref().map_or_else(|| "not rated".to_owned(), rating)))
    };
    let counts =
        [("causes", "cause"), ("existing_controls", "existing control"), ("controls", "additional control")];
    let counts: Vec<String> =
        counts.into_iter().filter_map(|(list, noun)| counted(listed(hazard, list).len(), noun)).collect();
    let holds = if counts.is_empty() { "no cause and no control".to_owned() } else { counts.join(", ") };
    let lines = [
        own("description", "description"),
        own("impact", "impact"),
        rated("initial risk", true),
        rated("residual risk", false),
        own("status", "status"),
        Some(Line::plain("holds", holds)),
    ];
    EntryTold {
        id: entry.id.clone(),
        name: text(hazard, "name").map(str::to_owned),
        lines: lines.into_iter().flatten().collect(),
    }
}
