//! Change bars: which parts of a hazard's sheet say something that the issue did not.

use crate::change::{
    ActionChangeKind, Comparison, GONE, HazardChange, PartChange, PartChangeKind, PartKind, Presence,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is marked on the sheet of a hazard.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Mark<'a> {
    state: State,
    /// Its key in the issue, where that was another.
    was: Option<&'a str>,
    /// Fields of the hazard, by their names in the case.
    fields: BTreeSet<&'a str>,
    /// By id.
    causes: BTreeMap<&'a str, State>,
    controls: BTreeMap<&'a str, State>,
    /// Causes and controls that are no longer there.
    removed: Vec<Left<'a>>,
    /// By id, where a cause or control that is new here was before.
    came: BTreeMap<&'a str, &'a str>,
    /// Sessions of which what they said of the hazard is new or another.
    decisions: BTreeSet<&'a str>,
    /// Actions for the hazard that are new or another.
    actions: BTreeSet<&'a str>,
}

/// A cause or control that left the hazard: the number that it had, and the one that it has elsewhere.
#[derive(Debug, PartialEq, Serialize)]
struct Left<'a> {
    id: &'a str,
    moved_to: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    #[default]
    Changed,
    /// The words are the same: only which controls answer it, or how that is known, is another.
    Links,
    New,
}

/// The marks of the hazards that are new, renumbered or otherwise, by key.
pub(super) fn marks(comparison: &Comparison) -> BTreeMap<&str, Mark<'_>> {
    let changes = &comparison.changes;
    let mut marks: BTreeMap<&str, Mark<'_>> = BTreeMap::new();
    for hazard in &changes.added {
        marks.insert(&hazard.id, Mark { state: State::New, ..Mark::default() });
    }
    for renamed in changes.renamed.iter().filter(|renamed| renamed.is_renumbered()) {
        marks.insert(&renamed.new_id, Mark { was: Some(&renamed.old_id), ..Mark::default() });
    }
    for change in &changes.changed {
        marks.entry(&change.id).or_default().fields = fields(change);
    }
    for part in &comparison.parts {
        marks.entry(&part.hazard).or_default().part(part);
    }
    for decision in comparison.decisions.iter().filter(|decision| decision.change != Presence::Removed) {
        marks.entry(&decision.hazard).or_default().decisions.insert(&decision.session);
    }
    for action in comparison.actions.iter().filter(|action| action.change != ActionChangeKind::Removed) {
        if let Some(hazard) = &action.hazard {
            marks.entry(hazard).or_default().actions.insert(&action.id);
        }
    }
    marks
}

/// The fields that differ, save those that only follow from others or are told part by part.
fn fields(change: &HazardChange) -> BTreeSet<&str> {
    const ELSEWHERE: [&str; 4] = ["causes", "controls", "existing_controls", "key"];
    let names = change.fields.iter().filter_map(|field| field.path.first());
    names.map(String::as_str).filter(|name| !ELSEWHERE.contains(name)).collect()
}

impl<'a> Mark<'a> {
    fn part(&mut self, part: &'a PartChange) {
        let state = match part.change {
            PartChangeKind::Removed => {
                let id = part.id.strip_suffix(GONE).unwrap_or(&part.id);
                let moved_to = part.elsewhere.as_ref().map(|place| place.id.as_str());
                return self.removed.push(Left { id, moved_to });
            }
            PartChangeKind::Added => State::New,
            PartChangeKind::Links => State::Links,
            _ => State::Changed,
        };
        let list = if part.part == PartKind::Cause { &mut self.causes } else { &mut self.controls };
        let known = list.entry(&part.id).or_insert(state);
        if state == State::New || *known == State::Links {
            *known = state;
        }
        if let (State::New, Some(place)) = (state, &part.elsewhere) {
            self.came.insert(&part.id, &place.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{case, rating};
    use crate::case::Case;
    use crate::change::Scope;

    /// The marks of a change, each hazard as JSON.
    fn marked(change: impl FnOnce(&mut Case)) -> BTreeMap<String, serde_json::Value> {
        let old = case();
        let mut new = old.clone();
        change(&mut new);
        let json = |case| serde_json::to_value(case).unwrap();
        let comparison = Comparison::between(&json(&old), &json(&new), Scope::Case);
        let marks = marks(&comparison).into_iter();
        marks.map(|(id, mark)| (id.to_owned(), serde_json::to_value(mark).unwrap())).collect()
    }

    #[test]
    fn what_is_the_same_has_no_mark() {
        assert!(marked(|_| {}).is_empty());
        assert!(marked(|case| case.people.clear()).is_empty(), "the sheets say nothing of people");
    }

    #[test]
    fn a_mark_names_what_differs_and_nothing_else() {
        let marks = marked(|case| {
            let hazard = &mut case.hazard_log.hazards[0];
            hazard.residual = rating("Minor", "Very Low", 1);
            hazard.controls[0].text += " and again";
        });
        let id = case().hazard_log.hazards[0].controls[0].id.clone();
        assert_eq!(marks.keys().collect::<Vec<_>>(), ["H01"]);
        assert_eq!(marks["H01"]["state"], "changed");
        assert_eq!(marks["H01"]["fields"], serde_json::json!(["residual"]));
        assert_eq!(marks["H01"]["controls"], serde_json::json!({ id: "changed" }));
    }

    #[test]
    fn what_is_in_another_hazard_is_not_gone_and_a_cause_with_other_links_has_the_same_words() {
        let marks = marked(|case| {
            let mut control = case.hazard_log.hazards[0].controls.remove(0);
            "H02.D9".clone_into(&mut control.id);
            case.hazard_log.hazards[1].controls.push(control);
        });
        let left = serde_json::json!([{ "id": "H01.D1", "moved_to": "H02.D9" }]);
        assert_eq!((&marks["H01"]["removed"], &marks["H02"]["came"]["H02.D9"]), (&left, &"H01.D1".into()));
        let marks = marked(|case| case.hazard_log.hazards[0].causes[0].controls.clear());
        let states: Vec<&str> =
            marks["H01"]["causes"].as_object().unwrap().values().filter_map(|state| state.as_str()).collect();
        assert_eq!(states, ["links"]);
    }

    #[test]
    fn what_a_session_decided_is_marked() {
        let marks = marked(|case| case.psa.push(crate::assurance::testing::session("PSA-9", &["H01"])));
        assert_eq!(marks["H01"]["decisions"], serde_json::json!(["PSA-9"]));
    }

    #[test]
    fn what_came_is_new_and_what_went_is_named() {
        let gone = case().hazard_log.hazards[0].controls[0].id.clone();
        let marks = marked(|case| {
            let mut added = case.hazard_log.hazards[1].clone();
            added.key = "H77".to_owned();
            added.name = Some("Something else altogether".to_owned());
            added.description = Some("Nobody had thought of lightning before".to_owned());
            added.existing_controls.clear();
            added.controls.clear();
            case.hazard_log.hazards.push(added);
            case.hazard_log.hazards[0].controls.remove(0);
        });
        assert_eq!(marks["H77"]["state"], "new");
        assert_eq!(marks["H01"]["removed"], serde_json::json!([{ "id": gone, "moved_to": null }]));
    }
}
