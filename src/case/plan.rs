//! Clinical risk management plan, reviews and incidents: what the case folder says of the process.

use super::Date;
use super::condition::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The clinical risk management plan (3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl RiskManagementPlan {
    /// It is recorded which matrix and criteria the plan sets (3.2.1).
    #[must_use]
    pub fn sets_criteria(&self) -> bool {
        self.risk_matrix.as_deref().is_some_and(|matrix| !matrix.trim().is_empty())
    }
}

/// An analysis activity that the plan demands and what shows that it was done (4.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedActivity {
    pub activity: String,
    pub phase: Option<String>,
    pub evidence: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorisationLevel {
    /// Document or decision, such as "Clinical safety case report".
    pub document: String,
    pub authorised_by: String,
}

/// Formal review before delivery (7.1.1, 7.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreDeliveryReview {
    pub date: Option<Date>,
    pub by: Option<String>,
    pub outcome: Option<String>,
    pub summary: Option<String>,
    /// What has to be so before the product may go live, where the review says so.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// How concerns and incidents are collected after deployment (7.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostDeployment {
    pub process: String,
    pub contact: Option<String>,
}

/// Formal review of the clinical risk management process itself (2.6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessReview {
    pub last_reviewed: Option<Date>,
    pub interval_months: Option<u16>,
    pub outcome: Option<String>,
}

impl ProcessReview {
    /// A year, where nobody names another interval.
    const USUAL_MONTHS: u16 = 12;

    #[must_use]
    pub fn interval_in_months(&self) -> u16 {
        self.interval_months.unwrap_or(Self::USUAL_MONTHS)
    }

    /// The last day on which the next review is not yet late; none before the first review.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        self.last_reviewed?.plus_months(self.interval_in_months())
    }
}

/// What somebody who has read the safety incident management log says of it (3.6.1, 7.2.5): up to this day it
/// holds the incidents that the case records and no other, so none at all where the case records none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentLog {
    /// Reference of the log, or where it is kept.
    pub reference: Option<String>,
    pub complete_up_to: Date,
    /// Id of the person who says so.
    pub by: String,
}

/// An entry of the safety incident management log (3.6.1, 7.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
