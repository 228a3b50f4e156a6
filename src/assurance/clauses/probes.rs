//! What the engine looks at for the clauses: one small function each.
//!
//! A probe says what there is to be found and where the report shows it. Like the checks it judges nothing
//! clinical; unlike them it also says what is in order.

mod analysis;
mod control;
mod delivery;
mod documents;
mod process;
mod residual;

use super::{Scene, Sight};
use crate::case::Case;
use crate::case::clause::Probe;
use crate::case::hazard::Hazard;
use crate::case::person::Person;
use crate::case::placeholder::is_written;

/// A probe with its words.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// What is looked at, to follow "The engine looks whether".
    pub looks_whether: &'static str,
    pub look: fn(&Scene<'_>) -> Sight,
}

/// What this probe looks at, and how.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table with a row a probe")]
pub fn definition(probe: Probe) -> Definition {
    let (looks_whether, look): (&'static str, fn(&Scene<'_>) -> Sight) = match probe {
        Probe::ProcessDescribed => (
            "the report describes the clinical risk management process, or a related document is named for it",
            process::process_described,
        ),
        Probe::CsoNamed => ("a Clinical Safety Officer is named", process::cso_named),
        Probe::AuthorisationLevels => {
            ("the plan lists who may authorise what", process::authorisation_levels)
        }
        Probe::CsoClinician => ("the officer is recorded as a clinician", process::cso_clinician),
        Probe::CsoRegistration => (
            "the officer's registration has a body, a number, a date on which it was looked up, and has not expired",
            process::cso_registration,
        ),
        Probe::CsoCompetence => {
            ("there is a record of the officer's training or experience", process::cso_competence)
        }
        Probe::SafetyStatement => {
            ("the officer's own statement is given and complete", process::safety_statement)
        }
        Probe::PeopleAndRoles => ("people are named, each with a role", process::people_and_roles),
        Probe::CompetenceRecords => ("each person has a competence record", process::competence_records),
        Probe::ThirdPartyAssessed => {
            ("each third-party product has its assessment", process::third_party_assessed)
        }
        Probe::ThirdPartyReported => (
            "the report tells of each product's assessment, or that there is no product",
            process::third_party_reported,
        ),
        Probe::ProcessReviewed => {
            ("a review of the process is recorded, and the next is not overdue", process::process_reviewed)
        }
        Probe::SupplierDocuments => (
            "the related documents name the manufacturer's safety case report and hazard log",
            documents::supplier_documents,
        ),
        Probe::DocumentsAndEvidence => (
            "related documents are named, and the files that the evidence names are there",
            documents::documents_and_evidence,
        ),
        Probe::DecisionsRecorded => {
            ("PSA sessions are recorded, each with its minutes", documents::decisions_recorded)
        }
        Probe::PlanWithCriteria => (
            "the plan is named with its version, sets the matrix and criteria, and was approved before the first PSA session",
            documents::plan_with_criteria,
        ),
        Probe::PlanApproved => {
            ("the plan names the officer's approval and its date", documents::plan_approved)
        }
        Probe::LogKept => {
            ("the hazard log holds hazards, a version and a history of versions", documents::log_kept)
        }
        Probe::LogApproved => {
            ("the officer's approval of exactly this hazard log is recorded", documents::log_approved)
        }
        Probe::LogWithReport => (
            "the related documents name the hazard log at the version that is attached",
            documents::log_with_report,
        ),
        Probe::SafetyCase => {
            ("there are hazards, evidence and sessions to make a case of", documents::safety_case)
        }
        Probe::ReportOfPhase => (
            "the report says which phase of the lifecycle it closes, and a report of each other phase of the plan is among the related documents",
            documents::report_of_phase,
        ),
        Probe::ReportApproved => {
            ("every required approval of exactly this report is recorded", documents::report_approved)
        }
        Probe::ReportIssued => (
            "recipients are named, and the report is approved and so can be issued",
            documents::report_issued,
        ),
        Probe::PlannedActivities => (
            "each analysis activity of the plan names what shows that it was done",
            analysis::planned_activities,
        ),
        Probe::Multidisciplinary => (
            "a PSA session records a Clinical Safety Officer and people of other roles as present (check B13)",
            analysis::multidisciplinary,
        ),
        Probe::ExtentOfAnalysis => {
            ("there is an account of the analysis to judge its extent by", analysis::extent)
        }
        Probe::ScopeGiven => ("what is in scope is listed", analysis::scope),
        Probe::IntendedUseGiven => ("the intended use is given", analysis::intended_use),
        Probe::HazardsIdentified => (
            "hazards are recorded and every item of the risk assessment leads to one or says why not",
            analysis::hazards_identified,
        ),
        Probe::InitialRatings => (
            "each hazard has an initial severity and likelihood that the matrix turns into a risk",
            analysis::initial_ratings,
        ),
        Probe::InitialRiskEvaluated => (
            "the risk policy says what the initial risk of each hazard means",
            analysis::initial_risk_evaluated,
        ),
        Probe::ExemptHazards => (
            "the initial risk of a hazard is acceptable of itself or by a recorded decision",
            control::exempt_hazards,
        ),
        Probe::ControlsIdentified => (
            "each hazard whose initial risk is to be reduced has additional controls",
            control::controls_identified,
        ),
        Probe::ControlsExamined => (
            "it is said of each additional control whether it brings a hazard with it",
            control::controls_examined,
        ),
        Probe::HazardsReviewed => {
            ("each hazard with additional controls was reviewed at a PSA session", control::hazards_reviewed)
        }
        Probe::NewHazardsLogged => {
            ("each hazard that a session raised is in the hazard log", control::new_hazards_logged)
        }
        Probe::ResidualRatings => (
            "each hazard has a residual severity and likelihood that the matrix turns into a risk",
            residual::residual_ratings,
        ),
        Probe::ResidualRiskAnswered => (
            "each residual risk that is not acceptable of itself has a recorded reason why it is not reduced further",
            residual::residual_risk_answered,
        ),
        Probe::RiskBenefit => (
            "each unacceptable residual risk has a risk-benefit analysis, and every other is acceptable of itself or by a recorded reason",
            residual::risk_benefit,
        ),
        Probe::BenefitDecided => {
            ("each such analysis states whether the benefits outweigh the risk", residual::benefit_decided)
        }
        Probe::ReAppraisal => (
            "a re-appraisal is recorded of each hazard whose risk was found to outweigh the benefits",
            residual::re_appraisal,
        ),
        Probe::ControlsInPlace => (
            "each control that the organisation itself puts in place is recorded as in place, or has evidence that it is",
            control::controls_in_place,
        ),
        Probe::TransfersNamed => {
            ("each control that is transferred names its recipient", control::transfers_named)
        }
        Probe::ImplementationEvidence => (
            "each of the organisation's own controls has evidence that it was put in place",
            control::implementation_evidence,
        ),
        Probe::EffectivenessEvidence => (
            "each of the organisation's own controls has evidence that it works",
            control::effectiveness_evidence,
        ),
        Probe::HazardsDecided => {
            ("each hazard is closed, transferred or decided on by a session", control::hazards_decided)
        }
        Probe::PreDeliveryReview => (
            "a review before delivery is recorded with its date, by whom and with its outcome, and every condition that it or a PSA session set is recorded as met",
            delivery::pre_delivery_review,
        ),
        Probe::ReviewReported => (
            "the outcome of that review is given, with the conditions that it sets",
            delivery::review_reported,
        ),
        Probe::ConfigurationGiven => {
            ("the release has a version and components, each with its version", delivery::configuration_given)
        }
        Probe::PostDeploymentProcess => (
            "a process for concerns and incidents after deployment is described",
            delivery::post_deployment_process,
        ),
        Probe::IncidentLog => (
            "incidents of the log are in the case, or somebody says up to when it holds none",
            delivery::incident_log,
        ),
        Probe::IncidentsRecorded => (
            "each incident is recorded with its resolution, or somebody says up to when there is none",
            delivery::incidents_recorded,
        ),
        Probe::IncidentImpact => {
            ("each incident has its impact on the safety case", delivery::incident_impact)
        }
        Probe::IncidentsReported => (
            "incidents that bear on hazards are told in the report, with their impact",
            delivery::incidents_reported,
        ),
        Probe::IncidentDates => (
            "each incident has the date on which it was reported, and that on which it was resolved",
            delivery::incident_dates,
        ),
        Probe::ModificationAssessed => (
            "a release that modifies another says whether clinical risk changes, and why or why not",
            delivery::modification_assessed,
        ),
        Probe::ReportOfRelease => (
            "a modification that changes clinical risk has this report, with the release and its own version",
            delivery::report_of_release,
        ),
    };
    Definition { looks_whether, look }
}

/// Looks.
#[must_use]
pub fn look(probe: Probe, scene: &Scene<'_>) -> Sight {
    (definition(probe).look)(scene)
}

impl<'a> Scene<'a> {
    fn case(&self) -> &'a Case {
        self.examined.subject.case
    }

    fn hazards(&self) -> &'a [Hazard] {
        &self.case().hazard_log.hazards
    }

    fn cso(&self) -> Option<&'a Person> {
        self.case().cso.as_deref().and_then(|id| self.case().person(id))
    }

    /// The message of the first finding of a check.
    fn finding(&self, check: &str) -> Option<&'a str> {
        self.findings.iter().find(|finding| finding.check == check).map(|finding| finding.message.as_str())
    }

    /// A section that somebody has written to the end.
    fn narrates(&self, section: &str) -> bool {
        self.case().narrative.get(section).is_some_and(|text| is_written(text))
    }
}

fn is_given(text: Option<&String>) -> bool {
    text.is_some_and(|text| is_written(text))
}

/// A sentence of the engine may quote one of the case; it ends without a full stop, as the others do.
fn without_stop(sentence: &str) -> String {
    sentence.strip_suffix('.').unwrap_or(sentence).to_owned()
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn section(id: &str) -> String {
    format!("section:{id}")
}

/// The sheets of the first of these hazards, where more would only fill the column.
fn shown_on_sheets(sight: Sight, hazards: &[&str]) -> Sight {
    const SHOWN: usize = 3;
    hazards.iter().take(SHOWN).fold(sight, |sight, key| sight.shown_at(format!("hazard:{key}")))
}

/// What hazards are called.
const HAZARDS: (&str, &str) = ("hazard", "hazards");

/// A heading within a section.
fn part(id: &str) -> String {
    format!("part:{id}")
}

#[cfg(test)]
mod tests;
