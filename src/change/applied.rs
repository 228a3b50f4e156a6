//! A difference says all: applied to the old side it gives the new one. Nothing but this test applies differences, so
//! it is written here.
//!
//! Ids come first: the old side in the ids of the new one is what a difference is about ([`Renumbering`]).

use super::renumbering::{labels, listed};
use super::tests::whole;
use super::*;
use crate::assurance::testing::{case, hazard};
use proptest::prelude::*;
use serde_json::json;

const IDENTITIES: [&str; 9] =
    ["key", "id", "clause", "hazard", "person", "term", "name", "reference", "version"];

fn applied(changes: &Changes, old: &Value, new: &Value) -> Value {
    let matched = Renumbering::between(&without_nulls(old), &without_nulls(new));
    let is_gone = |at: &usize| matched.pairs.iter().any(|pair| pair.old == *at);
    let kept = (0..matched.old_labels.len()).filter(is_gone);
    let mut list: Vec<(String, Value)> =
        kept.map(|at| (matched.old_labels[at].clone(), hazards(&matched.old)[at].clone())).collect();
    for (id, hazard) in &mut list {
        if let Some(change) = changes.changed.iter().find(|change| change.id == *id) {
            change.fields.iter().for_each(|field| put(hazard, &field.path, &field.new));
        }
    }
    list.extend(changes.added.iter().map(|added| (added.id.clone(), added.hazard.clone())));
    let mut whole = beside_hazards(&matched.old);
    let is_order = |field: &&FieldChange| field.path == ["hazard_log", "hazards", ORDER];
    for field in changes.sections.iter().flat_map(|section| &section.fields) {
        if is_order(&field) {
            let ids: Vec<&str> =
                field.new.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
            list.sort_by_key(|(id, _)| ids.iter().position(|other| other == id));
        } else {
            put(&mut whole, &field.path, &field.new);
        }
    }
    if let Some(log) = whole.get_mut("hazard_log").and_then(Value::as_object_mut)
        && new.pointer("/hazard_log/hazards").is_some()
    {
        log.insert("hazards".to_owned(), list.into_iter().map(|(_, hazard)| hazard).collect());
    }
    whole
}

/// Sets what is at the end of a path; nothing is taken out.
fn put(value: &mut Value, path: &[String], new: &Value) {
    let [name, rest @ ..] = path else {
        *value = new.clone();
        return;
    };
    match value {
        Value::Array(list) if name == ORDER => {
            let ids: Vec<&str> = new.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
            let place = |entry: &Value| {
                let known = IDENTITIES.iter().filter_map(|name| text(entry, name));
                known.into_iter().find_map(|own| ids.iter().position(|id| *id == own))
            };
            list.sort_by_key(place);
        }
        Value::Array(list) => {
            let is_it = |entry: &Value| IDENTITIES.iter().any(|by| text(entry, by) == Some(name));
            match (list.iter().position(is_it), rest) {
                (Some(at), []) if new.is_null() => drop(list.remove(at)),
                (Some(at), rest) => put(&mut list[at], rest, new),
                (None, _) => list.push(new.clone()),
            }
        }
        Value::Object(members) => match rest {
            [] if new.is_null() => drop(members.remove(name)),
            [] => drop(members.insert(name.clone(), new.clone())),
            rest => put(members.entry(name.clone()).or_insert(Value::Null), rest, new),
        },
        other => *other = new.clone(),
    }
}

proptest! {
    #[test]
    fn the_new_side_of_a_difference_makes_the_new_case_of_the_old(old in whole(), new in whole()) {
        let changes = Changes::between(&old, &new);
        prop_assert_eq!(applied(&changes, &old, &new), without_nulls(&new));
    }
}

#[test]
fn a_log_that_was_numbered_anew_is_made_of_the_old_one() {
    let old = case();
    let mut new = old.clone();
    let mut inserted = hazard("H01");
    inserted.name = Some("The printer swaps two labels of blood samples".to_owned());
    let texts = ["Labels are printed in another order", "The queue is shared by two wards"];
    inserted.causes.iter_mut().zip(texts).for_each(|(cause, text)| cause.text = text.to_owned());
    new.hazard_log.hazards.insert(0, inserted);
    let (old, new) = (serde_json::to_value(&old).unwrap(), serde_json::to_value(&new).unwrap());
    let (old, new) = (renumbered(&old), renumbered(&new));
    let changes = Changes::between(&old, &new);
    let numbers: Vec<(&str, &str)> =
        changes.renamed.iter().map(|renamed| (renamed.old_id.as_str(), renamed.new_id.as_str())).collect();
    assert!(numbers.len() > 1 && numbers.iter().all(|(old, new)| old < new), "{numbers:?}");
    assert_eq!(changes.added.len(), 1);
    assert!(changes.renumbered_parts.iter().all(|part| part.follows), "{:?}", changes.renumbered_parts);
    assert_eq!(applied(&changes, &old, &new), without_nulls(&new));
}

/// The hazards numbered in their order, with the ids of what is in them.
fn renumbered(case: &Value) -> Value {
    let mut case = case.clone();
    let known = labels(hazards(&case));
    let list = case.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut).unwrap();
    for (at, hazard) in list.iter_mut().enumerate() {
        let number = format!("N{:02}", at + 1);
        let own = known[at].trim_end_matches(" (2)").to_owned();
        let text =
            serde_json::to_string(hazard).unwrap().replace(&format!("\"{own}"), &format!("\"{number}"));
        *hazard = serde_json::from_str(&text).unwrap();
        assert!(!listed(hazard, "controls").is_empty());
    }
    case
}

#[test]
fn what_names_a_hazard_names_it_anew() {
    let said = |ids: &[&str], item: &str| {
        let texts =
            ["A letter of referral is lost on its way", "The allergy of a child is not shown at night"];
        let hazard = |(id, name): (&&str, &&str)| json!({"key": id, "id": id, "name": name});
        let hazards: Vec<Value> = ids.iter().zip(&texts).map(hazard).collect();
        json!({"hazard_log": {"hazards": hazards}, "risk_assessment": [{"id": "RA-1", "hazards": [item]}]})
    };
    let old = said(&["H01", "H02"], "H02");
    // H02 is H03 now, and the item still speaks of it.
    let changes = Changes::between(&old, &said(&["H02", "H03"], "H03"));
    assert_eq!(
        (changes.renamed.len(), changes.changed.len(), changes.sections.len()),
        (2, 0, 0),
        "{changes:?}"
    );
    // The item says what it said, and that is another hazard now.
    let changes = Changes::between(&old, &said(&["H02", "H03"], "H02"));
    let field = &changes.section(Section::RiskAssessment)[0];
    assert_eq!((&field.old, &field.new), (&json!(["H03"]), &json!(["H02"])));
    // H01 is gone, and another hazard has its number.
    let changes = Changes::between(&said(&["H01", "H02"], "H01"), &{
        let mut new = said(&["H01", "H01"], "H01");
        new.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut).unwrap().remove(0);
        new
    });
    let field = &changes.section(Section::RiskAssessment)[0];
    assert_eq!((&field.old, &field.new), (&json!(["H01 (removed)"]), &json!(["H01"])), "{changes:?}");
}
