//! Clauses to look at again: those of which the evidence lies in what was touched.
//!
//! What a clause is looked at by stands in the case's own table, as its probes; what each probe looks at is here. A
//! clause without a probe says in which document its evidence lies.

use super::StaleApproval;
use super::touched::{Touched, because};
use crate::case::Case;
use crate::case::approval::ApprovedDocument;
use crate::case::clause::{Clause, EvidencePlace, Probe};
use serde::Serialize;

/// A clause with why it is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseToReview {
    /// As the case's table has it.
    pub number: String,
    /// With what it is of: `DCB0129 6.3.1`.
    pub cited: String,
    pub requirement: String,
    /// What of its evidence is another.
    pub because: String,
}

pub(super) fn of(case: &Case, touched: &[Touched], stale: &[StaleApproval]) -> Vec<ClauseToReview> {
    let table = &case.clause_table;
    let to_review = |clause: &Clause| {
        Some(ClauseToReview {
            number: clause.number.clone(),
            cited: format!("{} {}", table.name(), clause.number),
            requirement: clause.requirement.clone(),
            because: reason(clause, touched, stale)?,
        })
    };
    table.clauses().filter_map(to_review).collect()
}

fn reason(clause: &Clause, touched: &[Touched], stale: &[StaleApproval]) -> Option<String> {
    let approved = clause.probes.iter().filter_map(|probe| approval(*probe));
    let approvals =
        approved.flat_map(|document| stale.iter().filter(move |stale| stale.document == document));
    let approvals = approvals.map(|stale| stale.sentence.trim_end_matches('.').to_owned());
    let places: Vec<&str> = if clause.probes.is_empty() {
        clause.evidence_in.iter().flat_map(|place| kept_in(*place)).copied().collect()
    } else {
        clause.probes.iter().flat_map(|probe| looks_at(*probe)).copied().collect()
    };
    let reasons: Vec<String> = because(touched, &places).into_iter().chain(approvals).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The document of which the probe sees the approval.
fn approval(probe: Probe) -> Option<ApprovedDocument> {
    match probe {
        Probe::LogApproved => Some(ApprovedDocument::HazardLog),
        Probe::ReportApproved | Probe::ReportIssued => Some(ApprovedDocument::Cscr),
        Probe::PlanApproved => Some(ApprovedDocument::Plan),
        _ => None,
    }
}

/// Where in a case the evidence is that a document holds. The file is everything, and nothing in particular.
fn kept_in(place: EvidencePlace) -> &'static [&'static str] {
    match place {
        EvidencePlace::Plan => &["plan"],
        EvidencePlace::HazardLog => &["hazards"],
        EvidencePlace::IncidentLog => &["incidents", "incident_log"],
        EvidencePlace::Cscr | EvidencePlace::File => &[],
    }
}

/// Where in a case a probe looks.
fn looks_at(probe: Probe) -> &'static [&'static str] {
    const OFFICER: &[&str] = &["cso", "people"];
    const EVIDENCE: &[&str] = &[
        "hazards/controls/*/evidence",
        "hazards/controls/*/stated_evidence",
        "hazards/controls/*/text",
        "hazards/existing_controls",
        "evidence",
    ];
    const EXEMPT: &[&str] = &["hazards/initial", "hazards/initial_acceptance", "risk_policy"];
    const INCIDENTS: &[&str] = &["incidents", "incident_log"];
    match probe {
        Probe::ProcessDescribed => {
            &["narrative/clinical-risk-management-system", "document/related_documents"]
        }
        Probe::CsoNamed => &["cso"],
        Probe::AuthorisationLevels => &["plan/authorisation_levels"],
        Probe::CsoClinician | Probe::CsoRegistration => OFFICER,
        Probe::CsoCompetence => &["cso", "competence"],
        Probe::SafetyStatement => &["narrative/summary-safety-statement"],
        Probe::PeopleAndRoles => &["people"],
        Probe::CompetenceRecords => &["people", "competence"],
        Probe::ThirdPartyAssessed | Probe::ThirdPartyReported => &["third_party_products"],
        Probe::ProcessReviewed => &["process_review"],
        Probe::SupplierDocuments => &["document/related_documents"],
        Probe::DocumentsAndEvidence => &["document/related_documents", "evidence"],
        Probe::DecisionsRecorded => &["psa"],
        Probe::PlanWithCriteria => &["plan", "risk_policy", "risk_policies"],
        Probe::PlanApproved => &["plan"],
        Probe::LogKept => &["hazard_log"],
        // Told by the approvals themselves.
        Probe::LogApproved | Probe::ReportApproved => &[],
        Probe::ReportIssued => &["document/distribution"],
        Probe::LogWithReport => &["hazard_log/version", "document/related_documents"],
        Probe::SafetyCase => &["hazards", "evidence", "psa"],
        Probe::ReportOfPhase => &["phase", "plan/activities", "document/related_documents"],
        Probe::PlannedActivities => &["plan/activities"],
        Probe::Multidisciplinary => &["psa/*/attendees", "risk_policy/psa_attendance"],
        Probe::ExtentOfAnalysis => &["narrative/clinical-risk-analysis", "psa", "risk_assessment"],
        Probe::ScopeGiven => &["system", "interfaces"],
        Probe::IntendedUseGiven => &["system/intended_use"],
        Probe::HazardsIdentified => {
            &["hazards/name", "hazards/description", "hazards/impact", "hazards/causes", "risk_assessment"]
        }
        Probe::InitialRatings | Probe::InitialRiskEvaluated => &["hazards/initial", "risk_policy"],
        Probe::ExemptHazards => EXEMPT,
        Probe::ControlsIdentified => &["hazards/causes", "hazards/controls", "hazards/existing_controls"],
        Probe::ControlsExamined => &["hazards/controls", "hazards/existing_controls"],
        Probe::HazardsReviewed => &["hazards/controls", "hazards/residual", "psa/*/discussed"],
        Probe::NewHazardsLogged => &["hazards/controls/*/introduces", "psa/*/new_hazards"],
        Probe::ResidualRatings | Probe::ResidualRiskAnswered => {
            &["hazards/residual", "hazards/residual_acceptance", "risk_policy"]
        }
        Probe::RiskBenefit | Probe::BenefitDecided => &["hazards/residual", "hazards/risk_benefit"],
        Probe::ReAppraisal => &["hazards/reappraisal", "hazards/risk_benefit"],
        Probe::ControlsInPlace => &["hazards/controls", "hazards/state"],
        Probe::TransfersNamed => &["hazards/transferred_to", "hazards/controls/*/transferred_to"],
        Probe::ImplementationEvidence | Probe::EffectivenessEvidence => EVIDENCE,
        Probe::HazardsDecided => &["hazards/state", "psa/*/discussed"],
        Probe::PreDeliveryReview | Probe::ReviewReported => &["pre_delivery_review"],
        Probe::ConfigurationGiven => &["release"],
        Probe::PostDeploymentProcess => &["post_deployment", "narrative/post-deployment"],
        Probe::IncidentLog => INCIDENTS,
        Probe::IncidentsRecorded
        | Probe::IncidentImpact
        | Probe::IncidentsReported
        | Probe::IncidentDates => &["incidents"],
        Probe::ModificationAssessed => {
            &["hazards", "release/modifies", "release/risk_changed", "release/change_rationale"]
        }
        Probe::ReportOfRelease => {
            &["release/version", "release/modifies", "release/risk_changed", "document/version"]
        }
    }
}
