//! What changed between two cases: hazard by hazard, then section by section, field by field.
//!
//! Both sides are canonical JSON ([`crate::case::digest::canonical_json`]) and not [`Case`](crate::case::Case)s: one
//! of them may be years old and of another engine version. Fields are compared one by one, and entries of a list by
//! what they are known by (a hazard by its key, a control by its id), so that a row that moved is not a row that
//! changed. Two sides without a difference have equal content digests, and the other way round.
//!
//! Hazards are matched by id and, where ids changed, by likeness ([`Renamed`]); what names a hazard that got another id
//! is compared as if it had been named so before. Where the causes and controls of one hazard are found in several, a
//! split is proposed, and the other way round a merge ([`Regrouping`]): whether it is one, people know.
//!
//! [`Changes`] is a plain value. What there is to say of it to people is in [`Changes::words`], on one line each, and
//! in [`Comparison`], in full. Whether clinical risk seems changed is [`ClinicalRisk`].

mod clinical_risk;
mod comparison;
mod field;
mod likeness;
mod lineage;
mod matching;
mod renumbering;
mod runs;
mod section;
mod told;
mod words;

pub use clinical_risk::{Bearing, ClinicalRisk, Reason};
pub use comparison::*;
pub use field::{FieldChange, ORDER};
pub use lineage::Regrouping;
pub use renumbering::{Renamed, RenumberedPart};
pub use runs::{Run, RunKind, excerpt, runs};
pub use section::Section;
pub use told::*;

pub(crate) use renumbering::GONE;
use renumbering::{Renumbering, hazards};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What changed from one case to another.
///
/// Where ids changed, `changed` and `sections` speak in the ids of the new side, in old values too. An id with
/// ` (removed)` behind it is that of something that is gone, and whose id the new side uses for something else.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Hazards that only the new side has, in its order.
    pub added: Vec<HazardEntry>,
    /// Hazards that only the old side has, in its order.
    pub removed: Vec<HazardEntry>,
    /// Hazards that both have, with another id or another name, in the order of the old side.
    pub renamed: Vec<Renamed>,
    /// Hazards that both have and that differ in what they say, in the order of the new side.
    pub changed: Vec<HazardChange>,
    /// Causes and controls with another id than they had, in hazards that both sides have.
    pub renumbered_parts: Vec<RenumberedPart>,
    /// Proposals: what one hazard held is found in several.
    pub splits: Vec<Regrouping>,
    /// Proposals: what several hazards held is found in one.
    pub merges: Vec<Regrouping>,
    /// What else differs.
    pub sections: Vec<SectionChange>,
}

/// A hazard that one side has; written as its key, with ` (removed)` behind that of one that is gone where the new side
/// uses it for another.
#[derive(Debug, Clone, PartialEq)]
pub struct HazardEntry {
    pub id: String,
    pub hazard: Value,
}

impl Serialize for HazardEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}

/// A hazard that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HazardChange {
    /// Key of the hazard, on the new side.
    pub id: String,
    /// Its key on the old side, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    /// What differs, by path within the hazard.
    pub fields: Vec<FieldChange>,
}

/// A section of the case that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionChange {
    pub section: Section,
    /// What differs, by path within the case.
    pub fields: Vec<FieldChange>,
}

impl Changes {
    /// What changed from the old case to the new one. Either may be a part of a canonical case, with the paths that
    /// it has there ([`crate::case::digest::content`]).
    #[must_use]
    pub fn between(old: &Value, new: &Value) -> Self {
        let (old, new) = (without_nulls(old), without_nulls(new));
        let matched = Renumbering::between(&old, &new);
        let (splits, merges) = lineage::proposals(&old, &new, &matched);
        let mut changes = Self {
            added: unmatched(hazards(&new), &matched.new_labels, |at| {
                matched.pairs.iter().any(|pair| pair.new == at)
            }),
            removed: unmatched(hazards(&old), &matched.old_labels, |at| {
                matched.pairs.iter().any(|pair| pair.old == at)
            }),
            renamed: matched.renamed.clone(),
            changed: changed_hazards(&matched, &new),
            renumbered_parts: matched.parts.clone(),
            splits,
            merges,
            sections: Vec::new(),
        };
        let path = ["hazard_log".to_owned(), "hazards".to_owned()];
        let order = field::order(&path, &matched.old_labels, &matched.new_labels);
        changes.sections(&beside_hazards(&matched.old), &beside_hazards(&new), order);
        changes
    }

    fn sections(&mut self, old: &Value, new: &Value, order: Option<FieldChange>) {
        let mut fields = field::differences(old, new);
        fields.extend(order);
        let section = |change: &FieldChange| Section::of(change.path.first().map_or("", String::as_str));
        let sections: BTreeSet<Section> = fields.iter().map(section).collect();
        for each in sections {
            let fields = fields.iter().filter(|change| section(change) == each).cloned().collect();
            self.sections.push(SectionChange { section: each, fields });
        }
    }

    /// The number that a hazard had, where it has another now.
    pub(crate) fn was(&self, id: &str) -> Option<&str> {
        let renamed = self.renamed.iter().find(|renamed| renamed.new_id == id && renamed.is_renumbered());
        renamed.map(|renamed| renamed.old_id.as_str())
    }

    /// Both sides say the same. What is proposed follows from what else is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { added, removed, renamed, changed, renumbered_parts, splits: _, merges: _, sections } =
            self;
        added.is_empty()
            && removed.is_empty()
            && renamed.is_empty()
            && changed.is_empty()
            && renumbered_parts.is_empty()
            && sections.is_empty()
    }
}

/// A field without a value says what a field says that is not there.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(members) => {
            let given = members.iter().filter(|(_, member)| !member.is_null());
            given.map(|(name, member)| (name.clone(), without_nulls(member))).collect()
        }
        other => other.clone(),
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn unmatched(hazards: &[Value], labels: &[String], is_matched: impl Fn(usize) -> bool) -> Vec<HazardEntry> {
    let entries = hazards.iter().zip(labels).enumerate().filter(|(at, _)| !is_matched(*at));
    entries.map(|(_, (hazard, id))| HazardEntry { id: id.clone(), hazard: hazard.clone() }).collect()
}

fn changed_hazards(matched: &Renumbering, new: &Value) -> Vec<HazardChange> {
    let (before, after) = (hazards(&matched.old), hazards(new));
    let own: BTreeMap<&str, &str> =
        matched.renamed.iter().map(|renamed| (renamed.new_id.as_str(), renamed.old_id.as_str())).collect();
    let change = |pair: &matching::Pair| {
        let fields = field::differences(&before[pair.old], &after[pair.new]);
        let id = matched.new_labels[pair.new].clone();
        let old_id = own.get(id.as_str()).filter(|old| **old != id).map(|old| (*old).to_owned());
        (!fields.is_empty()).then_some(HazardChange { id, old_id, fields })
    };
    let mut pairs = matched.pairs.clone();
    pairs.sort_by_key(|pair| pair.new);
    pairs.iter().filter_map(change).collect()
}

fn beside_hazards(case: &Value) -> Value {
    let mut rest = case.clone();
    if let Some(log) = rest.get_mut("hazard_log").and_then(Value::as_object_mut) {
        log.remove("hazards");
    }
    rest
}

#[cfg(test)]
mod applied;
#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
