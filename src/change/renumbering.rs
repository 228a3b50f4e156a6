//! Which hazard of one case is which of the other, and the old case written in the ids of the new one.
//!
//! A hazard that got another number brings its controls along (`H03.D2` becomes `H07.D2`), and the sessions, items and
//! waivers that name it name it anew. None of that is a difference in itself. So the ids of the old side are replaced
//! first, wherever they stand as ids, and what is compared then is what is said. An id that the old side used for
//! something that is gone, and the new side for something else, is marked: nothing is taken for another thing because
//! it took its number.

use super::likeness::Described;
use super::matching::{self, Entry, Pair};
use super::text;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The lists of a hazard whose entries have ids.
const PARTS: [&str; 3] = ["causes", "existing_controls", "controls"];
/// What stands behind the id of something that is gone, where the new side uses the id for something else.
pub(crate) const GONE: &str = " (removed)";

/// What stands behind the id that a hazard had, where the new side uses it for another.
const OLD_NUMBER: &str = " (old number)";

/// A hazard with another id or another name than it had.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Renamed {
    pub old_id: String,
    pub new_id: String,
    pub old_name: Option<String>,
    pub new_name: Option<String>,
    /// The name is another; else the id alone is.
    pub name_changed: bool,
    /// How alike the texts of both are, from 0 to 1.
    pub likeness: f64,
}

impl Renamed {
    #[must_use]
    pub fn is_renumbered(&self) -> bool {
        self.old_id != self.new_id
    }
}

/// A cause or control with another id than it had.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenumberedPart {
    /// Key of its hazard on the new side.
    pub hazard: String,
    /// `causes`, `existing_controls` or `controls`.
    pub list: &'static str,
    pub old_id: String,
    pub new_id: String,
    /// The id differs by that of the hazard alone.
    pub follows: bool,
}

/// The old case in the ids of the new one, with what is whose.
pub(super) struct Renumbering {
    pub old: Value,
    pub pairs: Vec<Pair>,
    /// Hazards by label, which is the key unless that is there twice. Those of the old side have their new labels.
    pub old_labels: Vec<String>,
    pub new_labels: Vec<String>,
    pub renamed: Vec<Renamed>,
    pub parts: Vec<RenumberedPart>,
}

impl Renumbering {
    /// Both sides without nulls.
    pub fn between(old: &Value, new: &Value) -> Self {
        let (before, after) = (hazards(old), hazards(new));
        let (was, new_labels) = (labels(before), labels(after));
        let pairs = matching::pairs(&entries(&was, before), &entries(&new_labels, after));
        let names = renames(&was, &new_labels, &pairs);
        let of_hazards = Names::of(&names);
        let found = pairs.iter().filter_map(|pair| {
            let (own, others) = (&before[pair.old], &after[pair.new]);
            let keys = (was[pair.old].as_str(), new_labels[pair.new].as_str());
            (own != others).then(|| (*pair, keys, parts_of(own, others, keys)))
        });
        let found: Vec<(Pair, (&str, &str), Parts)> = found.collect();
        let mut of_controls = Names::default();
        for (_, _, parts) in &found {
            of_controls.extend(&parts.controls());
        }
        of_controls.extend(&other_controls(before, after, &pairs));
        let mut written = old.clone();
        references(&mut written, &of_hazards, &of_controls);
        let list = written.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut);
        if let Some(hazards) = list {
            for (pair, keys, parts) in &found {
                parts.apply_to(&mut hazards[pair.old]);
                if keys.0 != keys.1 {
                    take_key(&mut hazards[pair.old], &before[pair.old], &after[pair.new]);
                }
            }
        }
        let parts = found.iter().flat_map(|(_, keys, parts)| parts.renumbered(*keys)).collect();
        let old_labels = names.into_iter().map(|(_, name)| name).collect();
        let renamed = pairs.iter().filter_map(|pair| {
            let (own, others) = (&before[pair.old], &after[pair.new]);
            renamed((&was[pair.old], own), (&new_labels[pair.new], others), pair.likeness)
        });
        let renamed = renamed.collect();
        Self { old: written, pairs, old_labels, new_labels, renamed, parts }
    }
}

impl Renumbering {
    /// The labels of the old side as they were, marked where the new side uses them for other hazards.
    pub fn told_labels(&self) -> Vec<String> {
        let mut told = self.old_labels.clone();
        for pair in &self.pairs {
            let new = &self.new_labels[pair.new];
            let renamed =
                self.renamed.iter().find(|renamed| renamed.new_id == *new && renamed.is_renumbered());
            let Some(Renamed { old_id, .. }) = renamed else { continue };
            let mark = if self.new_labels.contains(old_id) { OLD_NUMBER } else { "" };
            told[pair.old] = format!("{old_id}{mark}");
        }
        told
    }
}

pub(super) fn hazards(case: &Value) -> &[Value] {
    case.pointer("/hazard_log/hazards").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The keys. One that is there twice, which no case of the engine has, is told apart by a number.
pub(super) fn labels(hazards: &[Value]) -> Vec<String> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let label = |hazard| {
        let key = text(hazard, "key").unwrap_or("(no key)");
        let numbered = (2..).map(|number| format!("{key} ({number})"));
        let unused = std::iter::once(key.to_owned()).chain(numbered).find(|key| !seen.contains(key));
        let key = unused.unwrap_or_default();
        seen.insert(key.clone());
        key
    };
    hazards.iter().map(label).collect()
}

/// What hazards are matched by: a name says more than a sentence of a description.
fn entries(labels: &[String], hazards: &[Value]) -> Vec<Entry> {
    const NAME: f32 = 3.0;
    let entry = |(label, hazard): (&String, &Value)| {
        let own = [("name", NAME), ("description", 1.0), ("impact", 1.0)];
        let own =
            own.into_iter().filter_map(|(field, weight)| Some((weight, text(hazard, field)?.to_owned())));
        let parts = PARTS.into_iter().flat_map(|list| listed(hazard, list));
        let parts = parts.filter_map(|part| Some((1.0, text(part, "text")?.to_owned())));
        Entry { id: label.clone(), described: Described { texts: own.chain(parts).collect() } }
    };
    labels.iter().zip(hazards).map(entry).collect()
}

pub(super) fn listed<'a>(hazard: &'a Value, list: &str) -> &'a [Value] {
    hazard.get(list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn renamed((old_id, old): (&str, &Value), (new_id, new): (&str, &Value), likeness: f32) -> Option<Renamed> {
    let name = |hazard| text(hazard, "name").map(str::to_owned);
    let (old_name, new_name) = (name(old), name(new));
    let name_changed = old_name != new_name;
    (name_changed || old_id != new_id).then(|| Renamed {
        old_id: old_id.to_owned(),
        new_id: new_id.to_owned(),
        old_name,
        new_name,
        name_changed,
        likeness: rounded(likeness),
    })
}

/// A likeness as it is told, in hundredths.
pub(super) fn rounded(likeness: f32) -> f64 {
    (f64::from(likeness) * 100.0).round() / 100.0
}

/// Each old id with the one that stands for it on the new side.
fn renames(old: &[String], new: &[String], pairs: &[Pair]) -> Vec<(String, String)> {
    let taken: BTreeSet<&String> = new.iter().collect();
    let partners: BTreeMap<usize, &String> = pairs.iter().map(|pair| (pair.old, &new[pair.new])).collect();
    let renamed = |(at, id): (usize, &String)| match partners.get(&at) {
        Some(partner) => (id.clone(), (*partner).clone()),
        None if taken.contains(id) => (id.clone(), format!("{id}{GONE}")),
        None => (id.clone(), id.clone()),
    };
    old.iter().enumerate().map(renamed).collect()
}

/// The controls of hazards that are gone, or that say what they said: their ids are no other's.
fn other_controls(before: &[Value], after: &[Value], pairs: &[Pair]) -> Vec<(String, String)> {
    let taken: BTreeSet<&str> = after.iter().flat_map(control_ids).collect();
    let partners: BTreeMap<usize, usize> = pairs.iter().map(|pair| (pair.old, pair.new)).collect();
    let others = before.iter().enumerate().filter(|(at, own)| {
        let partner = partners.get(at).map(|partner| &after[*partner]);
        partner.is_none_or(|partner| partner == *own)
    });
    others
        .flat_map(|(at, own)| {
            let (is_gone, taken) = (!partners.contains_key(&at), &taken);
            control_ids(own).map(move |id| {
                let mark = if is_gone && taken.contains(id) { GONE } else { "" };
                (id.to_owned(), format!("{id}{mark}"))
            })
        })
        .collect()
}

fn control_ids(hazard: &Value) -> impl Iterator<Item = &str> {
    let lists = ["existing_controls", "controls"].into_iter().flat_map(|list| listed(hazard, list));
    lists.filter_map(|control| text(control, "id"))
}

/// Old ids that another stands for. An id that stands for two is not replaced.
#[derive(Default)]
struct Names(BTreeMap<String, Option<String>>);

impl Names {
    fn of(renames: &[(String, String)]) -> Self {
        let mut names = Self::default();
        names.extend(renames);
        names
    }

    fn extend(&mut self, renames: &[(String, String)]) {
        for (old, new) in renames {
            let known = self.0.entry(old.clone()).or_insert_with(|| Some(new.clone()));
            if known.as_ref() != Some(new) {
                *known = None;
            }
        }
    }

    fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id)?.as_deref()
    }
}

/// The parts of a hazard, list by list, with the ids that they have on the new side.
struct Parts(Vec<(&'static str, Vec<(String, String)>)>);

fn parts_of(old: &Value, new: &Value, keys: (&str, &str)) -> Parts {
    let of_list = |list| {
        let (before, after) = (listed(old, list), listed(new, list));
        let (ids, new_ids) = (distinct_ids(before)?, distinct_ids(after)?);
        let expected: Vec<String> = ids.iter().map(|id| following(id, keys)).collect();
        let says = |(one, other): (&Value, &Value)| text(one, "text") == text(other, "text");
        if expected == new_ids && before.iter().zip(after).all(says) {
            return Some((list, ids.into_iter().zip(expected).collect()));
        }
        let pairs = matching::pairs(&described(&expected, before), &described(&new_ids, after));
        Some((list, renames(&ids, &new_ids, &pairs)))
    };
    Parts(PARTS.into_iter().filter_map(of_list).collect())
}

fn described(ids: &[String], parts: &[Value]) -> Vec<Entry> {
    let entry = |(id, part): (&String, &Value)| {
        let texts = text(part, "text").map(|text| (1.0, text.to_owned())).into_iter().collect();
        Entry { id: id.clone(), described: Described { texts } }
    };
    ids.iter().zip(parts).map(entry).collect()
}

/// The id that a part has if only its hazard got another one.
fn following(id: &str, (old_key, new_key): (&str, &str)) -> String {
    match id.strip_prefix(old_key) {
        Some(rest) => format!("{new_key}{rest}"),
        None => id.to_owned(),
    }
}

fn distinct_ids(parts: &[Value]) -> Option<Vec<String>> {
    let ids: Option<Vec<String>> = parts.iter().map(|part| text(part, "id").map(str::to_owned)).collect();
    let ids = ids?;
    let distinct: BTreeSet<&String> = ids.iter().collect();
    (distinct.len() == ids.len() && !distinct.iter().any(|id| id.is_empty())).then_some(ids)
}

impl Parts {
    fn controls(&self) -> Vec<(String, String)> {
        let lists = self.0.iter().filter(|(list, _)| *list != "causes");
        lists.flat_map(|(_, renames)| renames.iter().cloned()).collect()
    }

    fn apply_to(&self, hazard: &mut Value) {
        for (list, renames) in &self.0 {
            let parts = hazard.get_mut(list).and_then(Value::as_array_mut);
            for (part, (_, new)) in parts.into_iter().flatten().zip(renames) {
                part["id"] = Value::from(new.as_str());
            }
        }
        let controls = Names::of(&self.controls());
        let causes = hazard.get_mut("causes").and_then(Value::as_array_mut);
        for cause in causes.into_iter().flatten() {
            if let Some(answering) = cause.get_mut("controls") {
                replace(answering, &controls);
            }
        }
    }

    fn renumbered(&self, keys: (&str, &str)) -> Vec<RenumberedPart> {
        let of_list = |(list, renames): &(&'static str, Vec<(String, String)>)| -> Vec<RenumberedPart> {
            let other = renames.iter().filter(|(old, new)| old != new && !new.ends_with(GONE));
            let part = |(old, new): &(String, String)| RenumberedPart {
                hazard: keys.1.to_owned(),
                list,
                old_id: old.clone(),
                new_id: new.clone(),
                follows: following(old, keys) == *new,
            };
            other.map(part).collect()
        };
        self.0.iter().flat_map(of_list).collect()
    }
}

/// Gives a hazard that was renumbered its new key, and its new id where that only says the same.
fn take_key(hazard: &mut Value, old: &Value, new: &Value) {
    let (Some(members), Some(key)) = (hazard.as_object_mut(), new.get("key")) else { return };
    members.insert("key".to_owned(), key.clone());
    if old.get("id").is_some() && old.get("id") == old.get("key") && new.get("id") == Some(key) {
        members.insert("id".to_owned(), key.clone());
    }
}

/// Replaces ids where a field by its name holds ids of hazards or of controls.
fn references(value: &mut Value, of_hazards: &Names, of_controls: &Names) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, of_hazards, of_controls)),
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    // Each hazard knows its own controls.
                    "causes" => continue,
                    "hazard" | "hazards" | "introduces" => replace(member, of_hazards),
                    "about" if member.as_str().is_some_and(|id| of_controls.get(id).is_none()) => {
                        replace(member, of_hazards);
                    }
                    "controls" | "about" => replace(member, of_controls),
                    _ => {}
                }
                references(member, of_hazards, of_controls);
            }
        }
        _ => {}
    }
}

fn replace(value: &mut Value, names: &Names) {
    let new = |id: &Value| id.as_str().and_then(|id| names.get(id)).map(Value::from);
    match value {
        Value::Array(ids) => {
            for id in ids {
                if let Some(new) = new(id) {
                    *id = new;
                }
            }
        }
        id => {
            if let Some(new) = new(id) {
                *id = new;
            }
        }
    }
}
