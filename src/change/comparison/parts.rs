//! Causes and controls that came, went, or changed, one entry for each thing that happened to one.

use crate::case::folding::folded;
use crate::case::hazard::ControlState;
use crate::change::renumbering::listed;
use crate::change::told::value_told;
use crate::change::{Changes, FieldChange, GONE, HazardChange, HazardEntry, text};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// Of one that was added or removed: where another hazard had it before, or has it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<PartPlace>,
    /// Of a change of another kind: which field differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A cause or control of a hazard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartPlace {
    /// Key of the hazard.
    pub hazard: String,
    pub id: String,
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

    /// The list of a hazard that holds such.
    pub(in crate::change) fn list(self) -> &'static str {
        match self {
            Self::Cause => "causes",
            Self::ExistingControl => "existing_controls",
            Self::Control => "controls",
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

impl PartChange {
    /// A control that is deferred now.
    pub(super) fn is_put_off(&self) -> bool {
        self.change == PartChangeKind::Status
            && ControlState::from_stated(self.new.as_deref()) == ControlState::Deferred
            && ControlState::from_stated(self.old.as_deref()) != ControlState::Deferred
    }
}

pub(in crate::change) fn changes(changes: &Changes) -> Vec<PartChange> {
    let was: BTreeMap<(&str, &str), &str> = changes
        .renumbered_parts
        .iter()
        .map(|part| ((part.hazard.as_str(), part.new_id.as_str()), part.old_id.as_str()))
        .collect();
    let mut found: Vec<PartChange> = changes.changed.iter().flat_map(of_hazard).collect();
    for change in &mut found {
        if !matches!(change.change, PartChangeKind::Added | PartChangeKind::Moved) {
            change.old_id = was.get(&(change.hazard.as_str(), change.id.as_str())).map(|id| (*id).to_owned());
        }
    }
    elsewhere(&mut found, changes);
    found
}

/// Says where a part that left a hazard is now, and where one that came into a hazard was. Of parts with the same words
/// the first is the first.
fn elsewhere(found: &mut [PartChange], changes: &Changes) {
    let mut came = places(found, PartChangeKind::Added, &changes.added);
    let mut gone = places(found, PartChangeKind::Removed, &changes.removed);
    let is_gone = |hazard: &str, id: &str| {
        let whole = changes.removed.iter().filter(|entry| entry.id == hazard);
        whole.flat_map(|entry| all_parts(&entry.hazard)).any(|(_, part)| text(part, "id") == Some(id))
    };
    for part in found {
        let (known, words) = match part.change {
            PartChangeKind::Removed => (&mut came, &part.old),
            PartChangeKind::Added => (&mut gone, &part.new),
            _ => continue,
        };
        let key = words.as_deref().map(|words| (part.part == PartKind::Cause, folded(words)));
        let Some(places) = key.and_then(|key| known.get_mut(&key)) else { continue };
        let other = places.iter().position(|place| place.hazard != part.hazard);
        part.elsewhere = other.map(|at| places.remove(at));
        // Where something was is told in the numbers that were.
        if let (PartChangeKind::Added, Some(place)) = (part.change, &mut part.elsewhere)
            && let Some(was) = changes.was(&place.hazard).filter(|_| !is_gone(&place.hazard, &place.id))
        {
            was.clone_into(&mut place.hazard);
        }
    }
}

/// Causes and controls by their words, with where they are: those of which this is told, and those of whole hazards.
type Places = BTreeMap<(bool, String), Vec<PartPlace>>;

fn places(found: &[PartChange], kind: PartChangeKind, hazards: &[HazardEntry]) -> Places {
    let told = found.iter().filter(|part| part.change == kind).filter_map(|part| {
        let words = part.new.as_deref().or(part.old.as_deref())?;
        // It is there under another number, and not removed.
        let id = part.id.strip_suffix(GONE).unwrap_or(&part.id).to_owned();
        let place = PartPlace { hazard: part.hazard.clone(), id };
        Some(((part.part == PartKind::Cause, folded(words)), place))
    });
    let of_hazards = hazards.iter().flat_map(|entry| {
        all_parts(&entry.hazard).filter_map(|(list, part)| {
            let place = PartPlace { hazard: entry.id.clone(), id: text(part, "id")?.to_owned() };
            Some(((list == "causes", folded(text(part, "text")?)), place))
        })
    });
    let mut places = Places::new();
    for (words, place) in told.chain(of_hazards).filter(|((_, words), _)| !words.is_empty()) {
        places.entry(words).or_default().push(place);
    }
    places
}

/// The causes and controls of a hazard, each with the list that it is in.
fn all_parts(hazard: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    let lists = ["causes", "existing_controls", "controls"].into_iter();
    lists.flat_map(|list| listed(hazard, list).iter().map(move |part| (list, part)))
}

fn of_hazard(change: &HazardChange) -> Vec<PartChange> {
    let mut found: Vec<PartChange> = Vec::new();
    for field in change.fields.iter().filter(|field| !is_said_by_status(field, &change.fields)) {
        let Some(part) = of_field(&change.id, field) else { continue };
        // The link of a cause and how it is known are one thing, as are the status of a control and what it means.
        let same =
            |other: &PartChange| (other.part, &other.id, other.change) == (part.part, &part.id, part.change);
        let is_field = part.change == PartChangeKind::Other;
        if is_field || !found.iter().any(same) {
            found.push(part);
        }
    }
    settle(&mut found);
    // Who a control was handed to is its owner again, where the log says it in one cell.
    let owners: Vec<PartChange> =
        found.iter().filter(|part| part.change == PartChangeKind::ReOwned).cloned().collect();
    let repeats = |part: &PartChange, owner: &PartChange| {
        (part.part, &part.id, &part.old, &part.new) == (owner.part, &owner.id, &owner.old, &owner.new)
    };
    found.retain(|part| {
        part.change != PartChangeKind::Other || !owners.iter().any(|owner| repeats(part, owner))
    });
    moved(found)
}

/// What is closed or opened again is told once, with the status in the words of the log.
fn settle(found: &mut Vec<PartChange>) {
    let settles =
        |part: &PartChange| matches!(part.change, PartChangeKind::Closed | PartChangeKind::Reopened);
    let is_status = |part: &PartChange| part.change == PartChangeKind::Status;
    let same = |one: &PartChange, other: &PartChange| (one.part, &one.id) == (other.part, &other.id);
    let statuses: Vec<PartChange> = found.iter().filter(|part| is_status(part)).cloned().collect();
    let settled: Vec<PartChange> = found.iter().filter(|part| settles(part)).cloned().collect();
    found.retain(|part| !is_status(part) || !settled.iter().any(|other| same(part, other)));
    for part in found.iter_mut().filter(|part| settles(part)) {
        if let Some(status) = statuses.iter().find(|status| same(status, part)) {
            (part.old, part.new) = (status.old.clone(), status.new.clone());
        }
    }
}

/// What a status means is told where that opens or closes something; else the status itself is.
fn is_said_by_status(field: &FieldChange, fields: &[FieldChange]) -> bool {
    let [entry @ .., name] = field.path.as_slice() else { return false };
    let has_status =
        |other: &FieldChange| other.path.strip_prefix(entry).is_some_and(|rest| rest == ["status"]);
    let is_status = of_state(&field.old, &field.new) == PartChangeKind::Status;
    name == "state" && is_status && fields.iter().any(has_status)
}

/// What another state of a control comes to.
fn of_state(old: &Value, new: &Value) -> PartChangeKind {
    match (old.as_str(), new.as_str()) {
        (_, Some("closed")) => PartChangeKind::Closed,
        // Who takes it over has it from now on, and what is put off waits; neither was opened again.
        (_, Some("transferred" | "deferred")) => PartChangeKind::Status,
        (Some("closed"), _) => PartChangeKind::Reopened,
        _ => PartChangeKind::Status,
    }
}

fn of_field(hazard: &str, field: &FieldChange) -> Option<PartChange> {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    let (list, id, rest) = match path[..] {
        [list, id, ref rest @ ..] if id != crate::change::ORDER => (list, id, rest),
        _ => return None,
    };
    let part = PartKind::of(list)?;
    let change = match (rest, &field.old, &field.new) {
        ([], Value::Null, _) => PartChangeKind::Added,
        ([], _, Value::Null) => PartChangeKind::Removed,
        (["text"], ..) => PartChangeKind::Reworded,
        (["owner"], ..) => PartChangeKind::ReOwned,
        (["state"], old, new) => of_state(old, new),
        (["status"], ..) => PartChangeKind::Status,
        (["controls" | "link", ..], ..) if part == PartKind::Cause => PartChangeKind::Links,
        _ => PartChangeKind::Other,
    };
    let told = |value: &Value| match value {
        Value::Object(_) => Some(text(value, "text").map_or_else(|| value_told(value), str::to_owned)),
        Value::String(text) => Some(text.clone()).filter(|text| text != "not-given"),
        Value::Null => None,
        Value::Array(ids) => Some(ids.iter().map(value_told).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    };
    let (old, new) = (told(&field.old), told(&field.new));
    let field = (change == PartChangeKind::Other).then(|| rest.join("/"));
    let (hazard, id) = (hazard.to_owned(), id.to_owned());
    Some(PartChange { hazard, part, id, old_id: None, change, old, new, elsewhere: None, field })
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
