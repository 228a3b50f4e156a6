//! The parts of a case that changes are told by.

use serde::Serialize;

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
