//! What the engine can look at for a clause: a name that a clause table uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing to look at. What is looked for, and how, is in `assurance::clauses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    ProcessDescribed,
    CsoNamed,
    AuthorisationLevels,
    CsoClinician,
    CsoRegistration,
    CsoCompetence,
    SafetyStatement,
    PeopleAndRoles,
    CompetenceRecords,
    ThirdPartyAssessed,
    ThirdPartyReported,
    ProcessReviewed,
    SupplierDocuments,
    DocumentsAndEvidence,
    DecisionsRecorded,
    PlanWithCriteria,
    PlanApproved,
    LogKept,
    LogApproved,
    LogWithReport,
    SafetyCase,
    ReportOfPhase,
    ReportApproved,
    ReportIssued,
    PlannedActivities,
    Multidisciplinary,
    ExtentOfAnalysis,
    ScopeGiven,
    IntendedUseGiven,
    HazardsIdentified,
    InitialRatings,
    InitialRiskEvaluated,
    ExemptHazards,
    ControlsIdentified,
    ControlsExamined,
    HazardsReviewed,
    NewHazardsLogged,
    ResidualRatings,
    ResidualRiskAnswered,
    RiskBenefit,
    BenefitDecided,
    ReAppraisal,
    ControlsInPlace,
    TransfersNamed,
    ImplementationEvidence,
    EffectivenessEvidence,
    HazardsDecided,
    PreDeliveryReview,
    ReviewReported,
    ConfigurationGiven,
    PostDeploymentProcess,
    IncidentLog,
    IncidentsRecorded,
    IncidentImpact,
    IncidentsReported,
    IncidentDates,
    ModificationAssessed,
    ReportOfRelease,
}

impl Probe {
    /// What it sees changes when the report is approved.
    ///
    /// An answer is part of what is approved, so it cannot say that this has happened.
    #[must_use]
    pub fn follows_approval(self) -> bool {
        matches!(self, Self::LogApproved | Self::ReportApproved | Self::ReportIssued)
    }
}
