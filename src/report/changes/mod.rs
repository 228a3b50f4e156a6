//! What changed since an issue of the report, for a template: `/data/changes.json`.
//!
//! The words are those of [`Comparison`], which terminal and JSON tell too. Beside them stands where on a hazard's sheet
//! a change bar belongs ([`Mark`]).

mod mark;

use super::RenderInput;
use super::names::sides_without_names;
use crate::case::Date;
use crate::change::{ClinicalRisk, Comparison, EntryTold, HazardRisk, HazardTold, Scope, SectionTold};
use crate::impact::{RecordedDecision, RiskTold, clause_of};
use mark::Mark;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The issue that a report is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    pub version: String,
    pub date: Date,
    /// Version of the hazard log in it.
    pub hazard_log_version: Option<String>,
    /// Content digest of the report.
    pub digest: String,
    /// The canonical case.
    pub case: Value,
}

/// `/data/changes.json`.
#[derive(Debug, Serialize)]
struct Told<'a> {
    since: Option<Issue<'a>>,
    /// Who did what is left out of both sides.
    without_names: bool,
    equal: bool,
    summary: &'a str,
    /// Hazards of which a rating moved, or that came or went.
    moved: Vec<&'a HazardRisk>,
    /// Residual risks across the matrices.
    policies: &'a [crate::change::PolicyMovement],
    renamed: &'a [crate::change::Renamed],
    added: Vec<EntryTold>,
    removed: Vec<EntryTold>,
    proposals: Vec<String>,
    hazards: Vec<HazardTold>,
    sections: Vec<SectionTold>,
    /// Whether clinical risk seems changed, and what is recorded of it; of an issue alone.
    risk: Option<RiskTold>,
    /// By the key of the hazard.
    marks: BTreeMap<&'a str, Mark<'a>>,
}

#[derive(Debug, Serialize)]
struct Issue<'a> {
    version: &'a str,
    date: Date,
    hazard_log_version: Option<&'a str>,
    digest: &'a str,
}

/// What changed since the issue that the report is held against; null where it is held against none.
pub(super) fn told(input: &RenderInput, case: &Value) -> Value {
    let Some(since) = input.since else { return Value::Null };
    let without_names = !input.options.include_names;
    let masked = without_names.then(|| sides_without_names(&since.case, input.case));
    let (old, new) = match &masked {
        Some([old, new]) => (old, new),
        None => (&since.case, case),
    };
    let comparison = Comparison::between(old, new, Scope::Case);
    let proposed = ClinicalRisk::of(&comparison);
    let clause = clause_of(&proposed, &input.case.clause_table);
    let decision = RecordedDecision::of(old, new, &proposed);
    let issue = format!("issue {}", since.version);
    let risk = RiskTold::of(&proposed, clause.as_deref(), Some((&decision, &issue)));
    told_of(&comparison, Some((since, risk)), without_names)
}

/// A comparison as a template reads it.
pub(super) fn told_of(
    comparison: &Comparison,
    since: Option<(&Since, RiskTold)>,
    without_names: bool,
) -> Value {
    let changes = &comparison.changes;
    let (since, risk) = since.unzip();
    let told = Told {
        since: since.map(Since::named),
        without_names,
        equal: comparison.equal,
        summary: &comparison.summary,
        moved: comparison.risk.moved().collect(),
        policies: &comparison.risk.policies,
        renamed: &changes.renamed,
        added: comparison.added_told(),
        removed: comparison.removed_told(),
        proposals: comparison.proposals(),
        hazards: comparison.hazards_told(),
        sections: comparison.sections_told(),
        risk,
        marks: mark::marks(comparison),
    };
    serde_json::to_value(told).unwrap_or_default()
}

impl Since {
    fn named(&self) -> Issue<'_> {
        Issue {
            version: &self.version,
            date: self.date,
            hazard_log_version: self.hazard_log_version.as_deref(),
            digest: &self.digest,
        }
    }
}
