//! Laws of changes, and what they say.

use super::*;
use crate::assurance::testing::{Fixture, case, control, hazard, some};
use crate::case::Case;
use crate::case::approval::ApprovedDocument;
use crate::case::digest::{Digests, content};
use crate::case::hazard::ControlKind;
use proptest::prelude::*;
use serde_json::json;

fn json(case: &Case) -> Value {
    serde_json::to_value(case).unwrap()
}

fn words(change: impl FnOnce(&mut Case)) -> Vec<String> {
    let old = case();
    let mut new = old.clone();
    change(&mut new);
    Changes::between(&json(&old), &json(&new)).words()
}

#[test]
fn a_hazard_is_told_on_one_line() {
    let lines = words(|case| {
        let hazard = &mut case.hazard_log.hazards[0];
        hazard.residual.risk = Some(1);
        hazard.residual.likelihood = some("Very Low");
        hazard.controls[0].text = "Otherwise".to_owned();
        hazard.controls[0].owner = some("Somebody else");
        let mut other = control("H01.D9", ControlKind::Design);
        other.text = "A second person reads the address back to the patient".to_owned();
        hazard.controls.push(other);
    });
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("H01: residual risk from "), "{}", lines[0]);
    for part in [
        "H01: ",
        "residual risk ",
        " to 1",
        "control H01.D1 reworded",
        "control H01.D1: owner",
        "control H01.D9 added",
    ] {
        assert!(lines[0].contains(part), "{part}: {}", lines[0]);
    }
}

#[test]
fn hazards_that_came_and_went_are_named() {
    let lines = words(|case| {
        case.hazard_log.hazards.remove(1);
        case.hazard_log.hazards.push(hazard("H07"));
    });
    assert!(lines[0].starts_with("H07 added: ") && lines[1].starts_with("H02 removed: "), "{lines:#?}");
    assert_eq!(lines.len(), 2, "{lines:#?}");
}

#[test]
fn what_came_and_went_is_told_first_and_numbers_alone_last_on_one_line() {
    let mut old = case();
    let names = [("H03", "Blood is given to another patient"), ("H04", "A letter is sent to an old address")];
    let mut more = names.map(|(key, name)| {
        let mut hazard = hazard(key);
        (hazard.name, hazard.description) = (some(name), some(name));
        hazard.existing_controls.clear();
        hazard.controls.clear();
        hazard.causes.clear();
        hazard
    });
    old.hazard_log.hazards.extend(more.clone());
    for (hazard, key) in more.iter_mut().zip(["H13", "H14"]) {
        (hazard.key, hazard.id) = (key.to_owned(), key.to_owned());
    }
    let mut new = case();
    new.hazard_log.hazards.remove(1);
    let first = &mut new.hazard_log.hazards[0];
    let control = first.controls.remove(0);
    first.owner = some("Somebody else");
    more[0].controls.push(crate::case::hazard::Control { id: "H13.D1".to_owned(), ..control });
    new.hazard_log.hazards.extend(more);
    let lines = Changes::between(&json(&old), &json(&new)).words();
    assert!(lines[0].starts_with("H02 removed: "), "{lines:#?}");
    assert!(
        lines[1].contains("control H01.D1 is now H13.D1 of H13") && lines[1].contains("owner"),
        "{lines:#?}"
    );
    assert!(lines[2].contains("was H03; control H13.D1 was H01.D1 of H01"), "{lines:#?}");
    assert_eq!(lines[3], "Renumbered: H14 (was H04)", "{lines:#?}");
}

#[test]
fn a_number_that_another_hazard_has_now_is_told_as_that_of_the_one_that_is_gone() {
    let mut old = case();
    let different = |key: &str, name: &str| {
        let mut hazard = hazard(key);
        (hazard.name, hazard.description, hazard.impact) = (some(name), some(name), some(name));
        hazard.existing_controls.clear();
        hazard.controls.clear();
        hazard.causes.clear();
        hazard
    };
    let letter = "A letter about blood is sent to the address of another patient";
    old.hazard_log.hazards[1] = different("H02", "The printer swaps two labels of samples in the night");
    old.hazard_log.hazards.push(different("H03", letter));
    let mut new = old.clone();
    new.hazard_log.hazards.truncate(1);
    new.hazard_log.hazards.push(different("H02", letter));
    let comparison = Comparison::between(&json(&old), &json(&new), Scope::Case);
    let changes = &comparison.changes;
    assert_eq!((changes.removed[0].id.as_str(), changes.was("H02")), ("H02 (removed)", Some("H03")));
    let risk = ClinicalRisk::of(&comparison);
    let reasons: Vec<String> = risk.reasons.iter().map(Reason::words).collect();
    assert!(
        reasons.iter().any(|words| words.starts_with("H02 (removed) is gone: The printer")),
        "{reasons:?}"
    );
    assert!(comparison.removed_told()[0].lines.iter().any(|line| line.label == "residual risk"));
    assert!(comparison.risk.hazards.iter().any(|risk| risk.id == "H02 (removed)"));
}

/// A hazard that was renumbered, and of which another holds a part now, is named by the number that it had.
#[test]
fn a_split_names_what_was_split_by_a_number_that_is_no_other_hazards() {
    let parts = |key: &str, name: &str, words: &[&str]| {
        let cause = |(at, text): (usize, &&str)| json!({"id": format!("{key}.{at}"), "text": text});
        let causes: Vec<Value> = words.iter().enumerate().map(cause).collect();
        json!({"key": key, "name": name, "causes": causes})
    };
    let words = ["Ink runs out", "Labels stick together", "Nurses are called away", "Doors stay shut"];
    let of = |hazards: Vec<Value>| json!({"hazard_log": {"hazards": hazards}});
    let (ward, other) = ("The ward gets the samples of another ward", "Letters are lost on their way home");
    let old = of(vec![parts("H01", other, &["Rain gets in"]), parts("H02", ward, &words)]);
    let new = of(vec![
        parts("H01", other, &["Rain gets in"]),
        parts("H02", "Alarms ring at night", &["Bells are loud"]),
        parts("H03", ward, &words[..2]),
        parts("H04", "Something else altogether goes wrong here", &words[2..]),
    ]);
    let changes = Changes::between(&old, &new);
    let [split] = &changes.splits[..] else { panic!("{changes:?}") };
    assert_eq!(
        (&split.from[..], &split.to[..]),
        (&["H02 (old number)".to_owned()][..], &["H03".to_owned(), "H04".to_owned()][..])
    );
    assert!(split.why.contains("of H02 (old number), "), "{}", split.why);
}

#[test]
fn other_sections_are_told_by_their_title() {
    let lines = words(|case| {
        case.narrative.insert(
            "summary-safety-statement".to_owned(),
            "Another statement, and one that is longer than what is shown of a text.".to_owned(),
        );
        case.people[0].role = some("Deputy");
        case.assumptions.push("The network is up.".to_owned());
        case.hazard_log.hazards.reverse();
    });
    assert_eq!(
        lines,
        [
            "Hazard log: order of hazards changed",
            "Narrative: summary-safety-statement reworded",
            "Product and release: assumptions: 1 added",
            "People: people cso role from \"Clinical Safety Officer\" to \"Deputy\"",
        ]
    );
}

#[test]
fn every_part_of_a_case_has_a_section() {
    for (field, _) in json(&case()).as_object().unwrap() {
        assert_ne!(Section::of(field), Section::Other, "{field}");
    }
}

#[test]
fn entries_are_known_by_their_ids_and_other_lists_are_one_field() {
    let old = json!({"l": [{"id": "a", "v": 1}, {"id": "b"}], "m": [1, 2]});
    let new = json!({"l": [{"id": "b"}, {"id": "a", "v": 2}], "m": [2]});
    let paths = |old: &Value, new: &Value| -> Vec<String> {
        field::differences(old, new).iter().map(|change| change.path.join("/")).collect()
    };
    assert_eq!(paths(&old, &new), ["l/a/v", "l/(order)", "m"]);
    let twice = json!({"l": [{"id": "a"}, {"id": "a"}], "m": [1, 2]});
    assert_eq!(paths(&old, &twice), ["l"]);
}

/// JSON in which lists of entries with ids, plain lists, texts and nulls stand below each other.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 5, |inner| {
        let members = prop::collection::btree_map("[a-d]", inner.clone(), 0..5);
        let entries = prop::collection::vec(("[w-z]", inner.clone()), 0..5).prop_map(|entries| {
            entries.into_iter().map(|(id, value)| json!({"id": id, "value": value})).collect()
        });
        prop_oneof![
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
            entries.prop_map(Value::Array),
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

/// Something like a case: hazards, and other things.
pub(super) fn whole() -> impl Strategy<Value = Value> {
    let hazards = prop::collection::vec(("[H-L]", value()), 0..5).prop_map(|hazards| {
        hazards.into_iter().map(|(key, value)| json!({"key": key, "name": value})).collect::<Vec<_>>()
    });
    (hazards, value(), value(), value()).prop_map(|(hazards, cover, psa, people)| {
        json!({"hazard_log": {"hazards": hazards, "owner": cover}, "psa": psa, "people": people})
    })
}

/// The changes in an order that does not depend on which side is the old one.
fn sorted(mut changes: Changes) -> Changes {
    let by_path = |fields: &mut Vec<FieldChange>| fields.sort_by(|one, other| one.path.cmp(&other.path));
    changes.changed.sort_by(|one, other| one.id.cmp(&other.id));
    changes.changed.iter_mut().for_each(|change| by_path(&mut change.fields));
    changes.sections.iter_mut().for_each(|change| by_path(&mut change.fields));
    changes.renamed.sort_by(|one, other| one.new_id.cmp(&other.new_id));
    // What is gone is marked where the new side uses its number, which is another side the other way round.
    for entry in &mut changes.removed {
        entry.id = entry.id.trim_end_matches(GONE).to_owned();
    }
    changes
}

/// The same change, looked at from the other side.
fn mirrored(there: Changes) -> Changes {
    let swapped = |fields: Vec<FieldChange>| -> Vec<FieldChange> {
        let swap = |FieldChange { path, old, new }| FieldChange { path, old: new, new: old };
        fields.into_iter().map(swap).collect()
    };
    let of_hazard = |HazardChange { id, old_id, fields }| match old_id {
        Some(old) => HazardChange { id: old, old_id: Some(id), fields: swapped(fields) },
        None => HazardChange { id, old_id: None, fields: swapped(fields) },
    };
    let of_section = |SectionChange { section, fields }| SectionChange { section, fields: swapped(fields) };
    let of_name = |Renamed { old_id, new_id, old_name, new_name, name_changed, likeness }| Renamed {
        old_id: new_id,
        new_id: old_id,
        old_name: new_name,
        new_name: old_name,
        name_changed,
        likeness,
    };
    let bare = |entries: Vec<HazardEntry>| -> Vec<HazardEntry> {
        let bare =
            |entry: HazardEntry| HazardEntry { id: entry.id.trim_end_matches(GONE).to_owned(), ..entry };
        entries.into_iter().map(bare).collect()
    };
    let of_group = |Regrouping { from, to, likeness, why }| Regrouping { from: to, to: from, likeness, why };
    sorted(Changes {
        added: bare(there.removed),
        removed: there.added,
        renamed: there.renamed.into_iter().map(of_name).collect(),
        changed: there.changed.into_iter().map(of_hazard).collect(),
        renumbered_parts: there.renumbered_parts,
        splits: there.merges.into_iter().map(of_group).collect(),
        merges: there.splits.into_iter().map(of_group).collect(),
        sections: there.sections.into_iter().map(of_section).collect(),
    })
}

proptest! {
    #[test]
    fn equal_cases_have_no_changes(case in whole()) {
        prop_assert!(Changes::between(&case, &case).is_empty());
    }

    #[test]
    fn swapping_the_sides_mirrors_the_changes(old in whole(), new in whole()) {
        let there = Changes::between(&old, &new);
        let back = Changes::between(&new, &old);
        // Where hazards have other ids on either side, so has what speaks of them.
        let speaks_otherwise = |changes: &Changes| changes.renamed.iter().any(Renamed::is_renumbered);
        let plain = |changes: Changes| if speaks_otherwise(&changes) {
            Changes { sections: Vec::new(), ..changes }
        } else {
            changes
        };
        prop_assert_eq!(plain(mirrored(there)), plain(sorted(back)));
    }

    #[test]
    fn there_are_changes_exactly_where_digests_differ(old in whole(), new in whole()) {
        for document in ApprovedDocument::ALL {
            let same = Digests::of_json(&old).document(document) == Digests::of_json(&new).document(document);
            let changes = Changes::between(&content(document, &old), &content(document, &new));
            prop_assert_eq!(changes.is_empty(), same, "{:?}: {:?}", document, changes);
            prop_assert_eq!(changes.words().is_empty(), same);
        }
    }
}

#[test]
fn a_stated_status_is_told_and_the_state_that_follows_from_it_is_not() {
    let mut fixture = Fixture::new();
    let old = json(&fixture.case);
    fixture.hazard().status = some("Open again");
    fixture.hazard().state = crate::case::hazard::HazardState::Open;
    let lines = Changes::between(&old, &json(&fixture.case)).words();
    assert!(lines[0].starts_with("H01: status ") && !lines[0].contains("state"), "{lines:?}");
}
