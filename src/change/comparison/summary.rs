//! What changed, in a sentence.

use super::{ActionChangeKind, Comparison, PartChangeKind, Scope, Tally};
use crate::change::{FieldChange, Section, SectionChange};

pub(super) fn sentence(comparison: &Comparison) -> String {
    if comparison.equal {
        let what = match comparison.scope {
            Scope::Case => "Both say the same.",
            Scope::HazardLog => "Both hazard logs say the same.",
        };
        return what.to_owned();
    }
    let parts = [
        hazards(comparison),
        risks(comparison),
        parts(comparison, "causes"),
        parts(comparison, "controls"),
        beside(comparison),
    ];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.", said.join("; "))
}

fn hazards(comparison: &Comparison) -> String {
    let changes = &comparison.changes;
    let renumbered = changes.renamed.iter().filter(|renamed| renamed.is_renumbered()).count();
    let renamed = changes.renamed.iter().filter(|renamed| renamed.name_changed).count();
    let counts = [
        (changes.added.len(), "added"),
        (changes.removed.len(), "removed"),
        (renumbered, "renumbered"),
        (renamed, "renamed"),
        (changes.changed.len(), "changed"),
    ];
    let told = counted(&counts);
    if told.is_empty() { "No hazard changed".to_owned() } else { format!("Hazards: {told}") }
}

fn risks(comparison: &Comparison) -> String {
    let told = |name: &str, tally: Tally| {
        let told = counted(&[
            (tally.up, "up"),
            (tally.down, "down"),
            (tally.sideways, "rated otherwise at the same risk"),
            (tally.rated, "rated for the first time"),
            (tally.unrated, "no longer rated"),
            (tally.other, "not comparable"),
        ]);
        if told.is_empty() { String::new() } else { format!("{name} risk: {told}") }
    };
    let (initial, residual) =
        (told("initial", comparison.risk.initial), told("residual", comparison.risk.residual));
    match (initial.is_empty(), residual.is_empty()) {
        (true, true) if comparison.changes.added.is_empty() && comparison.changes.removed.is_empty() => {
            "no risk moved".to_owned()
        }
        (true, _) => residual,
        (_, true) => initial,
        _ => format!("{residual}; {initial}"),
    }
}

/// Causes or controls.
fn parts(comparison: &Comparison, noun: &str) -> String {
    let own = || comparison.parts.iter().filter(|part| part.part.is_control() == (noun == "controls"));
    let count = |kind| own().filter(|part| part.change == kind && part.elsewhere.is_none()).count();
    // One that is in another hazard now is told where it left.
    let left =
        own().filter(|part| part.change == PartChangeKind::Removed && part.elsewhere.is_some()).count();
    // One that was in a hazard that is gone left nothing that could tell it.
    let is_gone = |hazard: &str| comparison.changes.removed.iter().any(|entry| entry.id == hazard);
    let came = own().filter(|part| {
        let was = part.elsewhere.as_ref().map(|place| place.hazard.as_str());
        part.change == PartChangeKind::Added && was.is_some_and(is_gone)
    });
    let left = left + came.count();
    let told = counted(&[
        (count(PartChangeKind::Added), "added"),
        (count(PartChangeKind::Removed), "removed"),
        (count(PartChangeKind::Moved) + left, "moved"),
        (count(PartChangeKind::Reworded), "reworded"),
        (count(PartChangeKind::ReOwned), "with another owner"),
        (count(PartChangeKind::Closed), "closed"),
        (count(PartChangeKind::Reopened), "reopened"),
        (own().filter(|part| part.is_put_off()).count(), "deferred"),
    ]);
    if told.is_empty() { String::new() } else { format!("{noun}: {told}") }
}

fn beside(comparison: &Comparison) -> String {
    let actions = |kind| comparison.actions.iter().filter(|action| action.change == kind).count();
    let told = counted(&[
        (actions(ActionChangeKind::Opened), "opened"),
        (actions(ActionChangeKind::Closed), "closed"),
    ]);
    let actions = if told.is_empty() { String::new() } else { format!("PSA actions: {told}; ") };
    let says_more = |change: &&SectionChange| !change.fields.iter().all(FieldChange::only_makes_room);
    let sections = comparison.changes.sections.iter().filter(says_more).map(|change| change.section);
    let titles: Vec<&str> = sections.map(Section::title).collect();
    let sections =
        if titles.is_empty() { String::new() } else { format!("also changed: {}", titles.join(", ")) };
    format!("{actions}{sections}").trim_end_matches("; ").to_owned()
}

/// `2 up, 1 down`.
fn counted(counts: &[(usize, &str)]) -> String {
    let told = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    told.collect::<Vec<_>>().join(", ")
}
