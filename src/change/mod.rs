//! What changed between two cases: hazard by hazard, then section by section, field by field.
//!
//! Both sides are canonical JSON ([`crate::case::digest::canonical_json`]) and not [`Case`](crate::case::Case)s: one
//! of them may be years old and of another engine version. Fields are compared one by one, and entries of a list by
//! what they are known by (a hazard by its key, a control by its id), so that a row that moved is not a row that
//! changed. Two sides without a difference have equal content digests, and the other way round.
//!
//! [`Changes`] is a plain value. What there is to say of it to people is in [`Changes::words`].

mod field;
mod words;

pub use field::{FieldChange, ORDER};

use serde::{Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeSet;

/// What changed from one case to another.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Hazards that only the new side has, in its order.
    pub added: Vec<HazardEntry>,
    /// Hazards that only the old side has, in its order.
    pub removed: Vec<HazardEntry>,
    /// Hazards that both have and that differ, in the order of the new side.
    pub changed: Vec<HazardChange>,
    /// What else differs.
    pub sections: Vec<SectionChange>,
}

/// A hazard that one side has; written as its key.
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
    /// Key of the hazard.
    pub id: String,
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

/// The parts of a case beside its hazards, as a reader of the report knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// Cover, history and retired hazards of the hazard log.
    HazardLog,
    RiskPolicy,
    Psa,
    RiskAssessment,
    Evidence,
    Received,
    Tom,
    Narrative,
    Product,
    Plan,
    People,
    Document,
    Compliance,
    Waivers,
    Other,
}

impl Section {
    /// The section that a field of the canonical case belongs to.
    #[must_use]
    pub fn of(field: &str) -> Self {
        match field {
            "hazard_log" => Self::HazardLog,
            "risk_policy" | "risk_policies" => Self::RiskPolicy,
            "psa" => Self::Psa,
            "risk_assessment" => Self::RiskAssessment,
            "evidence" => Self::Evidence,
            "received" | "nothing_from_manufacturer" => Self::Received,
            "tom" => Self::Tom,
            "narrative" => Self::Narrative,
            "product"
            | "organisation"
            | "release"
            | "phase"
            | "system"
            | "interfaces"
            | "third_party_products"
            | "test_issues"
            | "assumptions"
            | "constraints" => Self::Product,
            "plan"
            | "process_review"
            | "pre_delivery_review"
            | "post_deployment"
            | "incidents"
            | "incident_log" => Self::Plan,
            "people" | "cso" | "competence" => Self::People,
            "document" | "glossary" | "references" | "outside_report" => Self::Document,
            "compliance" | "clause_table" | "standard" => Self::Compliance,
            "waivers" => Self::Waivers,
            _ => Self::Other,
        }
    }

    /// Heading for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::HazardLog => "Hazard log",
            Self::RiskPolicy => "Risk policy",
            Self::Psa => "PSA sessions",
            Self::RiskAssessment => "Risk assessment",
            Self::Evidence => "Evidence",
            Self::Received => "Received hazards",
            Self::Tom => "Target Operating Model",
            Self::Narrative => "Narrative",
            Self::Product => "Product and release",
            Self::Plan => "Plan and process",
            Self::People => "People",
            Self::Document => "Document control",
            Self::Compliance => "Compliance with the standard",
            Self::Waivers => "Waivers",
            Self::Other => "Other",
        }
    }
}

impl Changes {
    /// What changed from the old case to the new one. Either may be a part of a canonical case, with the paths that
    /// it has there ([`crate::case::digest::content`]).
    #[must_use]
    pub fn between(old: &Value, new: &Value) -> Self {
        let (old, new) = (without_nulls(old), without_nulls(new));
        let (old_hazards, new_hazards) = (hazards(&old), hazards(&new));
        let mut changes = Self {
            added: only_in(&new_hazards, &old_hazards),
            removed: only_in(&old_hazards, &new_hazards),
            changed: changed_hazards(&old_hazards, &new_hazards),
            sections: Vec::new(),
        };
        let keys = |hazards: &[(String, &Value)]| -> Vec<String> {
            hazards.iter().map(|(key, _)| key.clone()).collect()
        };
        let path = ["hazard_log".to_owned(), "hazards".to_owned()];
        let order = field::order(&path, &keys(&old_hazards), &keys(&new_hazards));
        changes.sections(&beside_hazards(&old), &beside_hazards(&new), order);
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

    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { added, removed, changed, sections } = self;
        added.is_empty() && removed.is_empty() && changed.is_empty() && sections.is_empty()
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

/// The hazards by key. A key that is there twice, which no case of the engine has, is told apart by a number.
fn hazards(case: &Value) -> Vec<(String, &Value)> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let hazards = case.pointer("/hazard_log/hazards").and_then(Value::as_array);
    let keyed = |hazard| {
        let key = text(hazard, "key").unwrap_or("(no key)");
        let numbered = (2..).map(|number| format!("{key} ({number})"));
        let unused = std::iter::once(key.to_owned()).chain(numbered).find(|key| !seen.contains(key));
        let key = unused.unwrap_or_default();
        seen.insert(key.clone());
        (key, hazard)
    };
    hazards.into_iter().flatten().map(keyed).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn only_in(own: &[(String, &Value)], others: &[(String, &Value)]) -> Vec<HazardEntry> {
    let known: BTreeSet<&str> = others.iter().map(|(key, _)| key.as_str()).collect();
    let missing = own.iter().filter(|(key, _)| !known.contains(key.as_str()));
    missing.map(|(key, hazard)| HazardEntry { id: key.clone(), hazard: (*hazard).clone() }).collect()
}

fn changed_hazards(old: &[(String, &Value)], new: &[(String, &Value)]) -> Vec<HazardChange> {
    let before: std::collections::BTreeMap<&str, &Value> =
        old.iter().map(|(key, hazard)| (key.as_str(), *hazard)).collect();
    let change = |(key, hazard): &(String, &Value)| {
        let fields = field::differences(before.get(key.as_str())?, hazard);
        (!fields.is_empty()).then(|| HazardChange { id: key.clone(), fields })
    };
    new.iter().filter_map(change).collect()
}

fn beside_hazards(case: &Value) -> Value {
    let mut rest = case.clone();
    if let Some(log) = rest.get_mut("hazard_log").and_then(Value::as_object_mut) {
        log.remove("hazards");
    }
    rest
}

#[cfg(test)]
mod tests;
