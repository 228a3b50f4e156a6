//! Changes in words: one line for each hazard, then for each entry of a section.

use super::{
    Changes, FieldChange, GONE, HazardChange, HazardEntry, ORDER, PartChange, PartChangeKind, PartPlace,
    Regrouping, Renamed, RenumberedPart, SectionChange, text,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Of one hazard or entry, no more than this many changes are told.
const MOST_TOLD: usize = 8;
/// A text up to this many letters is shown; of a longer one it is said that it was reworded.
const SHORT: usize = 60;

impl Changes {
    /// What changed, a line each, such as `H03: residual risk from 3 to 2; control H03.D2 reworded`. Nothing exactly where
    /// nothing changed.
    ///
    /// What weighs most comes first: hazards that came and went, what may have been split or merged, ratings that are
    /// others, what else differs; numbers that are others come last of the hazards, on one line.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let fields: BTreeMap<&str, &HazardChange> =
            self.changed.iter().map(|change| (change.id.as_str(), change)).collect();
        let renamed: BTreeMap<&str, &Renamed> =
            self.renamed.iter().map(|renamed| (renamed.new_id.as_str(), renamed)).collect();
        let is_rated = |change: &&HazardChange| change.fields.iter().any(is_of_rating);
        let (rated, others): (Vec<_>, Vec<_>) = self.changed.iter().partition(is_rated);
        let own = rated.into_iter().chain(others).map(|change| change.id.as_str());
        let own_numbers = self
            .renumbered_parts
            .iter()
            .filter(|part| !part.follows || !renamed.contains_key(part.hazard.as_str()));
        let mut told = BTreeSet::new();
        let ids: Vec<&str> =
            own.chain(own_numbers.map(|part| part.hazard.as_str())).filter(|id| told.insert(*id)).collect();
        let all_parts = super::comparison::parts_of(self);
        let line = |id: &str| {
            let numbers = self.renumbered_parts.iter().filter(|part| part.hazard == id).collect::<Vec<_>>();
            let parts: Vec<&PartChange> = all_parts.iter().filter(|part| part.hazard == id).collect();
            of_hazard(id, renamed.get(id).copied(), fields.get(id).copied(), &numbers, &parts)
        };
        let changed = ids.into_iter().map(line);
        let is_untold =
            |renamed: &&Renamed| renamed.is_renumbered() && !told.contains(renamed.new_id.as_str());
        let numbers = renumbered(&self.renamed.iter().filter(is_untold).collect::<Vec<_>>());
        let added = self.added.iter().map(|hazard| one_side(hazard, "added"));
        let removed = self.removed.iter().map(|hazard| one_side(hazard, "removed"));
        let proposed = self.splits.iter().map(split).chain(self.merges.iter().map(merge));
        let sections = self.sections.iter().flat_map(of_section);
        added.chain(removed).chain(proposed).chain(changed).chain(numbers).chain(sections).collect()
    }

    /// How many of the first [`words`](Self::words) are never to be left out: what came, went, or may have been split or
    /// merged.
    #[must_use]
    pub fn weightiest(&self) -> usize {
        self.added.len() + self.removed.len() + self.splits.len() + self.merges.len()
    }
}

/// Hazards of which the number alone is another.
fn renumbered(hazards: &[&Renamed]) -> Option<String> {
    let told: Vec<String> =
        hazards.iter().map(|renamed| format!("{} (was {})", renamed.new_id, renamed.old_id)).collect();
    (!told.is_empty()).then(|| format!("Renumbered: {}", told.join(", ")))
}

/// A severity, a likelihood or a risk.
fn is_of_rating(field: &FieldChange) -> bool {
    matches!(field.path.first().map(String::as_str), Some("initial" | "residual"))
}

fn split(split: &Regrouping) -> String {
    format!("{} may have been split into {}: {}", split.from.join(", "), split.to.join(", "), split.why)
}

fn merge(merge: &Regrouping) -> String {
    format!("{} may have been merged into {}: {}", merge.from.join(", "), merge.to.join(", "), merge.why)
}

fn one_side(hazard: &HazardEntry, what: &str) -> String {
    match text(&hazard.hazard, "name") {
        Some(name) => format!("{} {what}: {name}", hazard.id),
        None => format!("{} {what}", hazard.id),
    }
}

fn of_hazard(
    id: &str,
    renamed: Option<&Renamed>,
    change: Option<&HazardChange>,
    numbers: &[&RenumberedPart],
    parts: &[&PartChange],
) -> String {
    let fields = change.map_or(&[][..], |change| change.fields.as_slice());
    let told: Vec<&FieldChange> = fields.iter().filter(|field| !follows(field, fields, parts)).collect();
    let mut told = if told.is_empty() { fields.iter().collect() } else { told };
    told.sort_by_key(|field| weight(field));
    let number = renamed.filter(|renamed| renamed.is_renumbered());
    let number = number.map(|renamed| format!("was {}", renamed.old_id));
    // That controls have the new number of their hazard goes without saying.
    let own = numbers.iter().filter(|part| number.is_none() || !part.follows).count();
    let ids = (own > 0).then(|| format!("{own} {} renumbered", if own == 1 { "part" } else { "parts" }));
    let phrases = number.into_iter().chain(told.into_iter().map(|field| in_hazard(field, parts))).chain(ids);
    format!("{id}: {}", joined(&phrases.collect::<Vec<_>>()))
}

/// What may hurt a patient is told first.
fn weight(field: &FieldChange) -> usize {
    const FIRST: [[&str; 2]; 2] = [["residual", "risk"], ["initial", "risk"]];
    FIRST.iter().position(|path| field.path == path).unwrap_or(FIRST.len())
}

/// What only follows from another field: the class from the risk, the state from the status, the recipient from the
/// owner where the log has both in one cell; and what a control left that moved between the lists of its hazard.
fn follows(field: &FieldChange, fields: &[FieldChange], parts: &[&PartChange]) -> bool {
    let [entry @ .., name] = field.path.as_slice() else { return false };
    let is_said_by = |other: &FieldChange| {
        let is_owner = other.path.strip_prefix(entry).is_some_and(|rest| rest == ["owner"]);
        is_owner && (&other.old, &other.new) == (&field.old, &field.new)
    };
    let is_repeated = name == "transferred_to" && fields.iter().any(is_said_by);
    let has_moved = field.new.is_null() && field.path.len() == ENTRY && in_parts(field, parts).is_none() && {
        let is_moved = |part: &&&PartChange| part.change == PartChangeKind::Moved;
        parts.iter().filter(is_moved).any(|part| part.old_id.as_ref().unwrap_or(&part.id) == name)
    };
    is_repeated
        || has_moved
        || field.path.last().is_some_and(|name| matches!(name.as_str(), "class" | "state"))
        || field.path.last().is_some_and(|name| name == ORDER)
}

fn joined(phrases: &[String]) -> String {
    let mut told: Vec<&str> = phrases.iter().take(MOST_TOLD).map(String::as_str).collect();
    let more = format!("{} more", phrases.len().saturating_sub(MOST_TOLD));
    if phrases.len() > MOST_TOLD {
        told.push(&more);
    }
    told.join("; ")
}

/// What happened to the cause or control that came or went here.
fn in_parts<'a>(field: &FieldChange, parts: &[&'a PartChange]) -> Option<&'a PartChange> {
    let [list, id] = field.path.as_slice() else { return None };
    parts.iter().copied().find(|part| part.part.list() == list && part.id == *id)
}

fn in_hazard(field: &FieldChange, parts: &[&PartChange]) -> String {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    match path[..] {
        ["initial" | "residual", "risk" | "severity" | "likelihood"] => rated(&path.join(" "), field),
        [list @ ("causes" | "controls" | "existing_controls"), ORDER] => {
            format!("order of {} changed", plain(list))
        }
        ["causes", id] => one_sided("cause", id, field, in_parts(field, parts)),
        ["controls", id] => one_sided("control", id, field, in_parts(field, parts)),
        ["existing_controls", id] => one_sided("existing control", id, field, in_parts(field, parts)),
        ["causes", id, ref rest @ ..] => in_entry("cause", id, rest, field),
        ["controls", id, ref rest @ ..] => in_entry("control", id, rest, field),
        ["existing_controls", id, ref rest @ ..] => in_entry("existing control", id, rest, field),
        _ => moved(&plain(&path.join(" ")), field),
    }
}

fn one_sided(what: &str, id: &str, field: &FieldChange, part: Option<&PartChange>) -> String {
    if let Some(PartPlace { hazard, id: other }) = part.and_then(|part| part.elsewhere.as_ref()) {
        let id = id.strip_suffix(GONE).unwrap_or(id);
        let stands = if field.old.is_null() { "was" } else { "is now" };
        return format!("{what} {id} {stands} {other} of {hazard}");
    }
    if part.is_some_and(|part| part.change == PartChangeKind::Moved) {
        return format!("{what} {id} was in the other list of controls");
    }
    let done = match (&field.old, &field.new) {
        (Value::Null, _) => "added",
        (_, Value::Null) => "removed",
        _ => "changed",
    };
    format!("{what} {id} {done}")
}

fn in_entry(what: &str, id: &str, rest: &[&str], field: &FieldChange) -> String {
    match rest {
        ["text"] => format!("{what} {id} reworded"),
        _ => format!("{what} {id}: {}", moved(&plain(&rest.join(" ")), field)),
    }
}

/// Words and numbers of a rating need no quotation marks.
fn rated(what: &str, field: &FieldChange) -> String {
    let word = |value: &Value| match value {
        Value::String(word) => word.clone(),
        Value::Null => "(none)".to_owned(),
        other => other.to_string(),
    };
    format!("{what} from {} to {}", word(&field.old), word(&field.new))
}

/// `owner from "A" to "B"`, `description reworded`, `2 assumptions added`.
fn moved(what: &str, field: &FieldChange) -> String {
    match (&field.old, &field.new) {
        (Value::Array(old), Value::Array(new)) => lists(what, old, new),
        (Value::Null, new) => match short(new) {
            Some(new) => format!("{what} {new} added"),
            None => format!("{what} added"),
        },
        (old, Value::Null) => match short(old) {
            Some(old) => format!("{what} {old} removed"),
            None => format!("{what} removed"),
        },
        (old, new) => match (short(old), short(new)) {
            (Some(old), Some(new)) => format!("{what} from {old} to {new}"),
            _ if old.is_string() && new.is_string() => format!("{what} reworded"),
            _ => format!("{what} changed"),
        },
    }
}

fn lists(what: &str, old: &[Value], new: &[Value]) -> String {
    let (gone, come) = (without(old, new), without(new, old));
    match (gone, come) {
        (0, 0) => format!("order of {what} changed"),
        (0, come) => format!("{what}: {come} added"),
        (gone, 0) => format!("{what}: {gone} removed"),
        (gone, come) if gone == come => format!("{what}: {gone} changed"),
        (gone, come) => format!("{what}: {gone} removed, {come} added"),
    }
}

/// How many of a list's own values the other does not have, each counted as often as it stands there.
fn without(own: &[Value], others: &[Value]) -> usize {
    let mut left: Vec<&Value> = others.iter().collect();
    let mut missing = 0;
    for value in own {
        match left.iter().position(|other| *other == value) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => missing += 1,
        }
    }
    missing
}

fn short(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.chars().count() <= SHORT && !text.contains('\n') => {
            Some(format!("\"{text}\""))
        }
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A name of the canonical form as words.
fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// The changes of a section, those of one entry on one line.
fn of_section(change: &SectionChange) -> Vec<String> {
    let title = change.section.title();
    let entry = |field: &FieldChange| -> Vec<String> {
        field.path.iter().take(ENTRY).filter(|name| *name != ORDER).cloned().collect()
    };
    let fields: Vec<FieldChange> =
        change.fields.iter().filter(|field| !field.only_makes_room()).cloned().collect();
    let groups = fields.chunk_by(|one, other| entry(one) == entry(other));
    let line = |group: &[FieldChange]| {
        let phrases: Vec<String> = group.iter().map(in_section).collect();
        format!("{title}: {}", joined(&phrases))
    };
    groups.map(line).collect()
}

/// How many parts of a path name an entry, such as `psa/PSA-3`.
const ENTRY: usize = 2;

fn in_section(field: &FieldChange) -> String {
    // The title says the first part, unless several parts of the case stand under it.
    let said =
        ["hazard_log", "psa", "risk_assessment", "evidence", "tom", "narrative", "waivers", "document"];
    let path: Vec<&str> = match field.path.split_first() {
        Some((first, rest)) if said.contains(&first.as_str()) && !rest.is_empty() => {
            rest.iter().map(String::as_str).collect()
        }
        _ => field.path.iter().map(String::as_str).collect(),
    };
    match path.split_last() {
        Some((&ORDER, list)) => format!("order of {} changed", plain(&list.join(" "))),
        _ => moved(&plain(&path.join(" ")), field),
    }
}
