//! Two JSON values, field by field.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The last part of the path of a change that is only in the order of a list. `old` and `new` are the ids in order.
pub const ORDER: &str = "(order)";

/// What the entries of lists are known by, in the order of preference.
const IDENTITIES: [&str; 9] =
    ["key", "id", "clause", "hazard", "person", "term", "name", "reference", "version"];

/// A field with another value.
///
/// A list whose entries cannot be told apart is one field. Of one whose entries can, an entry that only one side has
/// is a field of its own, without a value on the other side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Names of fields and ids of entries on the way to the value; written with `/` between them.
    #[serde(serialize_with = "joined")]
    pub path: Vec<String>,
    /// `null` where only the new side has it.
    pub old: Value,
    /// `null` where only the old side has it.
    pub new: Value,
}

impl FieldChange {
    /// It is an order in which those that both sides have stand as they stood: it only says where those that came or
    /// went have their place, and that they did is told by itself.
    #[must_use]
    pub fn only_makes_room(&self) -> bool {
        let (Some(old), Some(new)) = (self.old.as_array(), self.new.as_array()) else { return false };
        let kept = |list: &[Value], other: &[Value]| -> Vec<Value> {
            list.iter().filter(|id| other.contains(id)).cloned().collect()
        };
        self.path.last().is_some_and(|name| name == ORDER) && kept(old, new) == kept(new, old)
    }
}

fn joined<S: Serializer>(path: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.join("/"))
}

/// What differs between two values without nulls: members by name, entries of a list in its order, the old ones first.
pub(super) fn differences(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), old, new, &mut found);
    found
}

fn compare(path: &mut Vec<String>, old: &Value, new: &Value, found: &mut Vec<FieldChange>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => members(path, old, new, found),
        (Value::Array(old), Value::Array(new)) => list(path, old, new, found),
        _ if old == new => {}
        _ => found.push(FieldChange { path: path.clone(), old: old.clone(), new: new.clone() }),
    }
}

fn members(
    path: &mut Vec<String>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    found: &mut Vec<FieldChange>,
) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        below(path, name, old.get(name), new.get(name), found);
    }
}

fn below(
    path: &mut Vec<String>,
    name: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    found: &mut Vec<FieldChange>,
) {
    path.push(name.to_owned());
    compare(path, old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null), found);
    path.pop();
}

fn list(path: &mut Vec<String>, old: &[Value], new: &[Value], found: &mut Vec<FieldChange>) {
    if old == new {
        return;
    }
    let Some((before, after)) = identified(old, new) else {
        found.push(FieldChange { path: path.clone(), old: old.into(), new: new.into() });
        return;
    };
    let old: BTreeMap<&str, &Value> = before.iter().map(String::as_str).zip(old).collect();
    let new: BTreeMap<&str, &Value> = after.iter().map(String::as_str).zip(new).collect();
    // In the order of the lists: an entry that came stands where it is read.
    let came = after.iter().filter(|id| !old.contains_key(id.as_str()));
    for id in before.iter().chain(came) {
        below(path, id, old.get(id.as_str()).copied(), new.get(id.as_str()).copied(), found);
    }
    found.extend(order(path, &before, &after));
}

/// The ids of the entries of both lists, where each entry has its own.
fn identified(old: &[Value], new: &[Value]) -> Option<(Vec<String>, Vec<String>)> {
    let ids = |name: &str, list: &[Value]| -> Option<Vec<String>> {
        let ids: Option<Vec<String>> =
            list.iter().map(|entry| Some(entry.get(name)?.as_str()?.to_owned())).collect();
        let ids = ids?;
        let distinct: BTreeSet<&String> = ids.iter().collect();
        (distinct.len() == ids.len() && !distinct.iter().any(|id| id.is_empty())).then_some(ids)
    };
    IDENTITIES.iter().find_map(|name| Some((ids(name, old)?, ids(name, new)?)))
}

/// The change of the order of a list, where the entries alone do not tell it: those that both sides have stand in
/// another order, or an entry was not added at the end, or not removed from it.
pub(super) fn order(path: &[String], old: &[String], new: &[String]) -> Option<FieldChange> {
    let after: BTreeSet<&String> = new.iter().collect();
    let kept: Vec<&String> = old.iter().filter(|id| after.contains(id)).collect();
    let is_told = old.iter().take(kept.len()).eq(kept.iter().copied())
        && new.iter().take(kept.len()).eq(kept.iter().copied());
    if is_told {
        return None;
    }
    let path = path.iter().cloned().chain([ORDER.to_owned()]).collect();
    let ids = |ids: &[String]| Value::from(ids.to_vec());
    Some(FieldChange { path, old: ids(old), new: ids(new) })
}
