//! Clinical risk management plan, reviews and incidents: what the case folder says of the process.

use super::Date;
use super::condition::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The clinical risk management plan (3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RiskManagementPlan {
    /// Reference of the plan.
    pub reference: Option<String>,
    /// Title of the plan.
    pub title: Option<String>,
    /// Version of the plan, as text.
    pub version: Option<String>,
    /// Risk matrix and acceptability criteria that the plan sets, by name (3.2.1).
    pub risk_matrix: Option<String>,
    /// Id of the CSO who approved the plan (3.2.2).
    pub approved_by: Option<String>,
    /// Day of that approval.
    pub approved_on: Option<Date>,
    /// Analyses that the plan demands (4.1.1).
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
    /// The activity, such as "HAZID workshop".
    pub activity: String,
    /// Lifecycle phase that it belongs to.
    pub phase: Option<String>,
    /// What shows that it was done: a session, a document.
    pub evidence: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorisationLevel {
    /// Document or decision, such as "Clinical safety case report".
    pub document: String,
    /// Role that authorises it.
    pub authorised_by: String,
}

/// Formal review before delivery (7.1.1, 7.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreDeliveryReview {
    /// Day of the review.
    pub date: Option<Date>,
    /// Who reviewed.
    pub by: Option<String>,
    /// What the review decided, in its own words.
    pub outcome: Option<String>,
    /// What was looked at.
    pub summary: Option<String>,
    /// What has to be so before the product may go live, where the review says so.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// How concerns and incidents are collected after deployment (7.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostDeployment {
    /// How concerns and incidents are collected and dealt with.
    pub process: String,
    /// Where to report them.
    pub contact: Option<String>,
}

/// Formal review of the clinical risk management process itself (2.6.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessReview {
    /// Day of the last review.
    pub last_reviewed: Option<Date>,
    /// Months from one review to the next; 12 where nobody says otherwise.
    pub interval_months: Option<u16>,
    /// What it came to.
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
    /// Day up to which the case has all incidents.
    pub complete_up_to: Date,
    /// Id of the person who says so.
    pub by: String,
}

/// An entry of the safety incident management log (3.6.1, 7.2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Number of the incident.
    pub id: String,
    /// Day on which it was reported.
    pub reported: Option<Date>,
    /// Day on which it was resolved.
    pub resolved: Option<Date>,
    /// What happened.
    pub summary: String,
    /// What it meant for patients.
    pub impact: Option<String>,
    /// Ids of the hazards that it bears on.
    #[serde(default)]
    pub hazards: Vec<String>,
}
