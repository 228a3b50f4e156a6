//! Clinical risk management plan, reviews and incidents: what the case folder says of the process.

use super::Date;
use serde::{Deserialize, Serialize};

/// The clinical risk management plan (3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskManagementPlan {
    pub reference: Option<String>,
    pub title: Option<String>,
    pub version: Option<String>,
    /// Risk matrix and acceptability criteria that the plan sets, by name (3.2.1).
    pub risk_matrix: Option<String>,
    /// Id of the CSO who approved the plan (3.2.2).
    pub approved_by: Option<String>,
    pub approved_on: Option<Date>,
    pub activities: Vec<PlannedActivity>,
    /// Who may authorise what (2.2.2).
    pub authorisation_levels: Vec<AuthorisationLevel>,
}

/// An analysis activity that the plan demands and what shows that it was done (4.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedActivity {
    pub activity: String,
    pub phase: Option<String>,
    pub evidence: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorisationLevel {
    /// Document or decision, such as "Clinical safety case report".
    pub document: String,
    pub authorised_by: String,
}

/// Formal review before delivery (7.1.1, 7.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreDeliveryReview {
    pub date: Option<Date>,
    pub by: Option<String>,
    pub outcome: Option<String>,
    pub summary: Option<String>,
}

/// How concerns and incidents are collected after deployment (7.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostDeployment {
    pub process: String,
    pub contact: Option<String>,
}

/// Formal review of the clinical risk management process itself (2.6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessReview {
    pub last_reviewed: Option<Date>,
    pub interval_months: Option<u16>,
    pub outcome: Option<String>,
}

/// An entry of the safety incident management log (3.6.1, 7.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    pub id: String,
    pub reported: Option<Date>,
    pub resolved: Option<Date>,
    pub summary: String,
    pub impact: Option<String>,
    #[serde(default)]
    pub hazards: Vec<String>,
}
