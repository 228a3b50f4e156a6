//! Where a report has sentences that name things.

use super::{About, Targets, runs};
use serde_json::{Map, Value, json};

/// Puts beside each sentence of a verdict that names something its runs: `linked`, by field.
pub(in crate::report) fn link_sentences(assurance: &mut Value, targets: &Targets) {
    for finding in rows(&mut assurance["findings"]) {
        link(finding, &["message", "remedy", "clause"], "hazard", targets);
    }
    for exempt in rows(&mut assurance["not_applicable"]) {
        capitalise(&mut exempt["reason"]);
        link(exempt, &["reason"], "hazard", targets);
    }
    for clause in rows(&mut assurance["clauses"]) {
        link(clause, &["because"], "", targets);
    }
    let reference = &mut assurance["cross_reference"];
    for (kind, hazard) in [("items", ""), ("hazards", "key"), ("sessions", ""), ("actions", "hazard")] {
        for row in rows(&mut reference[kind]) {
            link(row, &["because"], hazard, targets);
        }
    }
    for gap in rows(&mut reference["gaps"]) {
        part(gap);
        link(gap, &["lacks"], "", targets);
    }
}

/// Makes what a narrative section cites references.
pub(in crate::report) fn link_narrative(tree: &mut Value, targets: &Targets) {
    match tree {
        Value::Array(nodes) => {
            let before = std::mem::take(nodes);
            for mut node in before {
                match node["type"].as_str() {
                    Some("text") => nodes.extend(references(&node, targets).unwrap_or_else(|| vec![node])),
                    // What is linked already, what is quoted as it stands, and what the contents repeat.
                    Some("link" | "code" | "heading") => nodes.push(node),
                    _ => {
                        link_narrative(&mut node, targets);
                        nodes.push(node);
                    }
                }
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| link_narrative(field, targets)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn references(node: &Value, targets: &Targets) -> Option<Vec<Value>> {
    let about = About { by_somebody: true, ..About::default() };
    let runs = runs(node["text"].as_str()?, about, targets)?;
    let mut nodes = json!(runs);
    for node in rows(&mut nodes) {
        node["type"] = if node["label"].is_string() { json!("reference") } else { json!("text") };
    }
    Some(std::mem::take(nodes.as_array_mut()?))
}

/// The runs of these fields of a row; `hazard` names the field that says which hazard it is about.
fn link(row: &mut Value, fields: &[&'static str], hazard: &str, targets: &Targets) {
    let about =
        About { hazard: row[hazard].as_str(), cell: row["source"]["cell"].as_str(), by_somebody: false };
    let mut linked = Map::new();
    for field in fields {
        if let Some(runs) = row[*field].as_str().and_then(|text| runs(text, about, targets)) {
            linked.insert((*field).to_owned(), json!(runs));
        }
    }
    if !linked.is_empty() {
        row["linked"] = Value::Object(linked);
    }
}

/// A gap as the words before its subject (`before`) and those after it (`lacks`): gaps that differ in their subject
/// alone are told together.
fn part(gap: &mut Value) {
    let (Some(message), Some(subject)) = (gap["message"].as_str(), gap["subject"].as_str()) else { return };
    let parted = message.split_once(subject).map(|(before, after)| {
        (before.trim(), after.trim_start_matches(|c: char| c == ':' || c.is_whitespace()))
    });
    let (before, lacks) = parted.filter(|(_, after)| !after.is_empty()).unwrap_or(("", message));
    (gap["before"], gap["lacks"]) = (json!(before), json!(lacks));
    capitalise(&mut gap["lacks"]);
}

/// A sentence that was written to follow other words, standing alone.
fn capitalise(sentence: &mut Value) {
    if let Value::String(sentence) = sentence {
        let mut letters = sentence.chars();
        *sentence = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    }
}

fn rows(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_array_mut().into_iter().flatten()
}
