//! What a document is to whoever receives it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a file of a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Says what is sent, by whom and to whom.
    CoveringLetter,
    /// The Clinical Safety Case Report.
    Report,
    /// The hazard log in the columns of the NHS template.
    HazardLog,
    /// The hazard log as it was given.
    HazardLogAsGiven,
    /// What is handed over to deploying organisations, as a hazard log for them to go on with.
    HandOverLog,
    /// The clinical risk management plan.
    Plan,
    /// Minutes of a Patient Safety Assessment session.
    Minutes,
    /// The Target Operating Model with its clinical safety answers.
    Tom,
    /// The Supplier Conformance Assessment List, as it was given.
    Scal,
    /// What the case says of each clause of the standard.
    Compliance,
    /// What shows the Clinical Safety Officer's registration and training.
    CsoEvidence,
    /// An assessment of a third-party product.
    ThirdPartyAssessment,
    /// Evidence that names a control.
    Evidence,
}

impl Role {
    pub const ALL: [Self; 13] = [
        Self::CoveringLetter,
        Self::Report,
        Self::HazardLog,
        Self::HazardLogAsGiven,
        Self::HandOverLog,
        Self::Plan,
        Self::Minutes,
        Self::Tom,
        Self::Scal,
        Self::Compliance,
        Self::CsoEvidence,
        Self::ThirdPartyAssessment,
        Self::Evidence,
    ];

    /// How profiles and manifests name it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::CoveringLetter => "covering-letter",
            Self::Report => "report",
            Self::HazardLog => "hazard-log",
            Self::HazardLogAsGiven => "hazard-log-as-given",
            Self::HandOverLog => "hand-over-log",
            Self::Plan => "plan",
            Self::Minutes => "minutes",
            Self::Tom => "tom",
            Self::Scal => "scal",
            Self::Compliance => "compliance",
            Self::CsoEvidence => "cso-evidence",
            Self::ThirdPartyAssessment => "third-party-assessment",
            Self::Evidence => "evidence",
        }
    }

    /// What it is called in a sentence and in a list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::CoveringLetter => "Covering letter",
            Self::Report => "Clinical Safety Case Report",
            Self::HazardLog => "Hazard log",
            Self::HazardLogAsGiven => "Hazard log as given",
            Self::HandOverLog => "Hand-over hazard log",
            Self::Plan => "Clinical risk management plan",
            Self::Minutes => "PSA minutes",
            Self::Tom => "Target Operating Model",
            Self::Scal => "Supplier Conformance Assessment List",
            Self::Compliance => "Compliance sheet",
            Self::CsoEvidence => "Evidence of the Clinical Safety Officer",
            Self::ThirdPartyAssessment => "Assessment of a third-party product",
            Self::Evidence => "Evidence of controls",
        }
    }
}
