//! The hazard log as a document (3.3): its cover, its history, its hazards.

use super::Date;
use super::document::{Revision, Signatory};
use super::hazard::Hazard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HazardLog {
    pub title: Option<String>,
    pub programme: Option<String>,
    pub project: Option<String>,
    pub director: Option<String>,
    pub owner: Option<String>,
    pub author: Option<String>,
    /// Version on the cover.
    pub version: Option<String>,
    /// Date of that version, as stated.
    pub version_date: Option<String>,
    pub status: Option<String>,
    /// What the cover and the version history say beyond that: the purpose of the log, its distribution.
    pub notes: Vec<String>,
    pub revisions: Vec<Revision>,
    pub reviewers: Vec<Signatory>,
    pub approvers: Vec<Signatory>,
    /// The risk matrix printed in the log, where it has one.
    pub matrix: Option<StatedMatrix>,
    pub hazards: Vec<Hazard>,
    /// Hazards that the log no longer has, each with who took it out and why.
    pub retired: Vec<RetiredHazard>,
}

/// Closure record of a hazard that was taken out of the log: its id is never used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetiredHazard {
    /// Hazard number that it had.
    pub id: String,
    /// Day of the decision.
    pub on: Date,
    /// Id or name of who decided.
    pub by: String,
    /// Why it was taken out.
    pub reason: String,
}

/// A risk matrix as a log prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedMatrix {
    /// None where the log prints a matrix in which no word of a risk policy of the case stands.
    #[serde(default)]
    pub cells: Vec<StatedMatrixCell>,
    /// What is said beside the matrix of each score.
    #[serde(default)]
    pub criteria: Vec<StatedCriterion>,
}

/// What a log says of the acceptability of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedCriterion {
    /// As stated: `4`, `1 - 3`.
    pub scores: String,
    /// What is said of them.
    pub says: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedMatrixCell {
    /// Severity of the column.
    pub severity: String,
    /// Likelihood of the row.
    pub likelihood: String,
    /// Risk that is printed there.
    pub risk: String,
}
