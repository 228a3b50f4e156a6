//! Causes and controls that came, went, or changed, one entry for each thing that happened to one.

use crate::case::folding::folded;
use crate::change::{Changes, FieldChange, HazardChange, text};
use serde::Serialize;
use serde_json::Value;

/// What happened to a cause or a control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartChange {
    /// Key of the hazard on the new side.
    pub hazard: String,
    pub part: PartKind,
    pub id: String,
    /// Its id on the old side, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    pub change: PartChangeKind,
    /// The text, owner or status that it had, as the kind of change is about.
    pub old: Option<String>,
    pub new: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    Cause,
    ExistingControl,
    Control,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartChangeKind {
    Added,
    Removed,
    /// Between the existing and the additional controls of its hazard; `part` is where it is now.
    Moved,
    Reworded,
    ReOwned,
    /// Its state is closed now: what was to be done for it is done.
    Closed,
    /// Its state was closed, and is open now.
    Reopened,
    /// Its status is another.
    Status,
    /// It is answered by other controls, or the answer is known otherwise.
    Links,
    Other,
}

impl PartKind {
    /// The list of a hazard that holds it.
    fn of(list: &str) -> Option<Self> {
        match list {
            "causes" => Some(Self::Cause),
            "existing_controls" => Some(Self::ExistingControl),
            "controls" => Some(Self::Control),
            _ => None,
        }
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::ExistingControl => "existing control",
            Self::Control => "control",
        }
    }

    #[must_use]
    pub fn is_control(self) -> bool {
        self != Self::Cause
    }
}

pub(super) fn changes(changes: &Changes) -> Vec<PartChange> {
    let was = |hazard: &str, id: &str| {
        let renumbered = &changes.renumbered_parts;
        let found = renumbered.iter().find(|part| part.hazard == hazard && part.new_id == id);
        found.map(|part| part.old_id.clone())
    };
    let mut found: Vec<PartChange> = changes.changed.iter().flat_map(of_hazard).collect();
    for change in &mut found {
        if !matches!(change.change, PartChangeKind::Added | PartChangeKind::Moved) {
            change.old_id = was(&change.hazard, &change.id);
        }
    }
    found
}

fn of_hazard(change: &HazardChange) -> Vec<PartChange> {
    let mut found: Vec<PartChange> = Vec::new();
    for field in &change.fields {
        let Some(part) = of_field(&change.id, field) else { continue };
        // The link of a cause and how it is known are one thing, as are the status of a control and what it means.
        let same =
            |other: &PartChange| (other.part, &other.id, other.change) == (part.part, &part.id, part.change);
        if !found.iter().any(same) {
            found.push(part);
        }
    }
    let settles = |kind| matches!(kind, PartChangeKind::Closed | PartChangeKind::Reopened);
    let settled: Vec<(PartKind, String)> =
        found.iter().filter(|part| settles(part.change)).map(|part| (part.part, part.id.clone())).collect();
    found.retain(|part| {
        part.change != PartChangeKind::Status || !settled.contains(&(part.part, part.id.clone()))
    });
    moved(found)
}

fn of_field(hazard: &str, field: &FieldChange) -> Option<PartChange> {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    let (list, id, rest) = match path[..] {
        [list, id, ref rest @ ..] if id != crate::change::ORDER => (list, id, rest),
        _ => return None,
    };
    let part = PartKind::of(list)?;
    let state = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let change = match (rest, &field.old, &field.new) {
        ([], Value::Null, _) => PartChangeKind::Added,
        ([], _, Value::Null) => PartChangeKind::Removed,
        (["text"], ..) => PartChangeKind::Reworded,
        (["owner"], ..) => PartChangeKind::ReOwned,
        (["state"], _, new) if state(new) == "closed" => PartChangeKind::Closed,
        (["state"], old, _) if state(old) == "closed" => PartChangeKind::Reopened,
        (["state" | "status"], ..) => PartChangeKind::Status,
        (["controls" | "link", ..], ..) if part == PartKind::Cause => PartChangeKind::Links,
        _ => PartChangeKind::Other,
    };
    let told = |value: &Value| match value {
        Value::Object(_) => text(value, "text").map(str::to_owned),
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let (old, new) = (told(&field.old), told(&field.new));
    Some(PartChange { hazard: hazard.to_owned(), part, id: id.to_owned(), old_id: None, change, old, new })
}

/// A control that left one list of its hazard and came into the other with the same words went from here to there.
fn moved(mut found: Vec<PartChange>) -> Vec<PartChange> {
    let words = |text: &Option<String>| text.as_deref().map(folded).filter(|words| !words.is_empty());
    while let Some((gone, come)) = found.iter().enumerate().find_map(|(gone, left)| {
        let is_left = left.change == PartChangeKind::Removed && left.part.is_control();
        let same = |came: &PartChange| {
            let is_other_list = came.part.is_control() && came.part != left.part;
            came.change == PartChangeKind::Added && is_other_list && words(&came.new) == words(&left.old)
        };
        let is_worded = words(&left.old).is_some();
        (is_left && is_worded).then(|| found.iter().position(same)).flatten().map(|come| (gone, come))
    }) {
        let left = found[gone].clone();
        let came = &mut found[come];
        came.change = PartChangeKind::Moved;
        came.old = left.old;
        came.old_id = Some(left.id).filter(|id| *id != came.id);
        found.remove(gone);
    }
    found
}
