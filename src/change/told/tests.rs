//! Nothing that differs is left out of what people read.

use super::*;
use crate::change::Scope;
use crate::intake::workbook::Limits;
use serde_json::Value;
use std::path::Path;

/// As much of a value as has something of everything: of each list the first entries.
fn shortened(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(shortened),
        Value::Array(items) => {
            items.truncate(3);
            items.iter_mut().for_each(shortened);
        }
        _ => {}
    }
}

/// The sample with two of its hazards, measured by the whole of its policy.
fn sample() -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/referral-hub");
    let loaded = crate::intake::folder::load(&folder, None, &Limits::default()).unwrap();
    let mut case = serde_json::to_value(&loaded.case).unwrap();
    let policy = case["risk_policy"].clone();
    shortened(&mut case);
    case["risk_policy"] = policy;
    case.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut).unwrap().truncate(2);
    case
}

/// Places of a case by pointer, one of each kind: of lists the first entry that has it.
fn places(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, kind: &str, seen: &mut BTreeSet<String>, found: &mut Vec<String>) {
        if !kind.is_empty() && seen.insert(kind.to_owned()) {
            found.push(at.to_owned());
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    walk(member, &format!("{at}/{name}"), &format!("{kind}/{name}"), seen, found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(item, &format!("{at}/{index}"), &format!("{kind}/*"), seen, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", "", &mut BTreeSet::new(), &mut found);
    found
}

/// All that a reader is shown of a comparison.
fn shown(comparison: &Comparison) -> String {
    let told = (comparison.hazards_told(), comparison.sections_told());
    let whole = (comparison.added_told(), comparison.removed_told());
    let risk: Vec<_> = comparison.risk.moved().collect();
    serde_json::to_string(&(told, whole, &comparison.changes.renamed, risk)).unwrap()
}

fn is_whole(comparison: &Comparison, place: &str) {
    assert!(!comparison.equal, "{place}");
    let hazards: Vec<String> = comparison.hazards_told().into_iter().map(|told| told.id).collect();
    for change in &comparison.changes.changed {
        assert!(hazards.contains(&change.id), "{place}: {change:?}");
    }
    let sections: Vec<&str> = comparison.sections_told().into_iter().map(|told| told.title).collect();
    for section in &comparison.changes.sections {
        let says_something = section.fields.iter().any(|field| !field.only_makes_room());
        assert!(!says_something || sections.contains(&section.section.title()), "{place}: {section:?}");
    }
}

#[test]
fn every_text_and_number_of_a_case_is_told_where_it_is_another() {
    const SIGN: &str = "Zzyzx";
    let old = sample();
    let mut told = 0;
    for place in places(&old) {
        let mut new = old.clone();
        let value = new.pointer_mut(&place).unwrap();
        let is_text = value.is_string();
        *value = match value {
            Value::String(text) => format!("{text} {SIGN}").into(),
            Value::Number(number) => (number.as_u64().unwrap_or_default() + 1).into(),
            Value::Bool(is) => (!*is).into(),
            Value::Null => SIGN.into(),
            Value::Array(_) | Value::Object(_) => continue,
        };
        let comparison = Comparison::between(&old, &new, Scope::Case);
        is_whole(&comparison, &place);
        // A state or an answer that is none of those that there are is told by what it is not.
        if is_text && !place.starts_with("/tom/answers") && !place.ends_with("/state") {
            assert!(shown(&comparison).contains(SIGN), "{place}: {}", shown(&comparison));
        }
        told += 1;
    }
    assert!(told > 200, "{told}");
}

#[test]
fn every_entry_of_a_case_is_told_where_it_is_gone_or_new() {
    let whole = sample();
    for place in places(&whole) {
        let (parent, name) = place.rsplit_once('/').unwrap();
        let mut without = whole.clone();
        let gone = match without.pointer_mut(parent).unwrap() {
            Value::Array(items) => items.remove(name.parse().unwrap()),
            Value::Object(members) => members.remove(name).unwrap(),
            _ => continue,
        };
        if gone.is_null() || parent == "/hazard_log" || parent.is_empty() {
            continue;
        }
        is_whole(&Comparison::between(&whole, &without, Scope::Case), &place);
        is_whole(&Comparison::between(&without, &whole, Scope::Case), &place);
    }
}

fn sections(change: impl FnOnce(&mut Value)) -> String {
    let old = sample();
    let mut new = old.clone();
    change(&mut new);
    let told = Comparison::between(&old, &new, Scope::Case).sections_told();
    let line = |line: Line| {
        let words: String = line.words.into_iter().map(|run| run.text).collect();
        format!("{}: {words}\n", line.label)
    };
    told.into_iter().flat_map(|section| section.lines).map(line).collect()
}

#[test]
fn an_action_tells_its_old_and_new_date_owner_and_words() {
    let told = sections(|case| {
        let sessions = case["psa"].as_array_mut().unwrap().iter_mut();
        let action = sessions.flat_map(|session| session["actions"].as_array_mut().unwrap()).next().unwrap();
        (action["due"], action["owner"]) = ("2031-01-31".into(), "Zoe Yarrow".into());
    });
    for words in [" due: ", " -> 2031-01-31", " owner: ", " -> Zoe Yarrow"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn narrative_is_told_in_its_words_and_not_in_its_signs() {
    let old =
        sections(|case| case["narrative"]["zz"] = "The **hazard log** and [H15 Two](hazard:H15)".into());
    assert!(old.contains("The hazard log and H15 Two"), "{old}");
}

#[test]
fn a_short_document_has_what_weighs_and_the_rest_by_number_and_place() {
    let old = sample();
    let mut new = old.clone();
    let hazards = new.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut).unwrap();
    let moved = hazards[0]["causes"].as_array_mut().unwrap().remove(0);
    let mut moved = moved;
    moved["id"] = "H02.99".into();
    hazards[1]["causes"].as_array_mut().unwrap().push(moved);
    for (at, control) in hazards[0]["controls"].as_array_mut().unwrap().iter_mut().enumerate() {
        control["owner"] = format!("Owner {at}").into();
    }
    hazards[0]["description"] = "Something else is described by these words now.".into();
    for name in ["notes", "category", "release", "reappraisal", "severity_reason"] {
        hazards[0][name] = "Zz".into();
    }
    let told = Comparison::between(&old, &new, Scope::Case).hazards_told();
    let brief = &told[0].brief;
    let labels: Vec<&str> = brief.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(labels[0], "description", "{labels:?}");
    assert!(labels.contains(&"moved"), "{labels:?}");
    let sum = brief.iter().find(|line| line.label == "moved").unwrap();
    assert_eq!(sum.words[0].text, "1 cause is now in H02");
    let last = brief.last().unwrap();
    assert!(last.label.starts_with("and ") && last.label.ends_with(" more changes"), "{labels:?}");
    assert!(last.words[0].text.contains(" owner"), "{last:?}");
}
