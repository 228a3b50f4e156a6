//! Analysis, control, delivery, and life after it.

use super::*;
use crate::assurance::testing::{acceptance, rating, retired};
use crate::case::hazard::{Condition, ControlState, Rating};
use crate::case::plan::Incident;
use crate::case::psa::NewHazard;

fn incident(id: &str) -> Incident {
    Incident {
        id: id.to_owned(),
        reported: Some(date("2026-03-01")),
        resolved: Some(date("2026-03-04")),
        summary: "A referral was late".to_owned(),
        impact: some("Cause 1 of H01"),
        hazards: vec!["H01".to_owned()],
    }
}

#[test]
fn analysis() {
    is_found(Probe::Multidisciplinary, as_it_is);
    is_none(Probe::Multidisciplinary, |f| f.case.psa.clear(), "No PSA session is recorded");
    let alone = with(Probe::Multidisciplinary, |f| f.case.psa[0].attendees.truncate(1));
    assert!(matches!(&alone, PartlyFound(because) if because.contains("PSA-1")), "{alone:?}");
    assert!(matches!(with(Probe::ExtentOfAnalysis, as_it_is), NotLookedAt(_)));
    is_found(Probe::ScopeGiven, as_it_is);
    is_none(Probe::ScopeGiven, |f| f.case.system.in_scope.clear(), "What is in scope is not given");
    is_found(Probe::IntendedUseGiven, as_it_is);
    is_none(
        Probe::IntendedUseGiven,
        |f| f.case.system.intended_use = some("[to be completed: intended use]"),
        "The intended use is not given, or not complete",
    );
    is_found(Probe::HazardsIdentified, as_it_is);
    is_partly(
        Probe::HazardsIdentified,
        |f| {
            for hazard in &mut f.case.hazard_log.hazards {
                hazard.condition = Some(Condition::Normal);
            }
        },
        "2 hazards; no hazard is recorded for a fault condition",
    );
    is_found(Probe::InitialRatings, as_it_is);
    let unrated = |f: &mut Fixture| f.hazard().initial = Rating::default();
    is_partly(
        Probe::InitialRatings,
        unrated,
        "Initial severity, likelihood and risk: 1 of 2 hazards, not H01",
    );
    is_partly(
        Probe::InitialRiskEvaluated,
        unrated,
        "Initial risk placed by the criteria: 1 of 2 hazards, not H01",
    );
}

#[test]
fn exemption_and_controls() {
    assert!(matches!(with(Probe::ExemptHazards, as_it_is), NotApplicable(_)));
    is_found(Probe::ExemptHazards, |f| f.hazard().initial = rating("Minor", "Low", 1));
    is_found(Probe::ControlsIdentified, as_it_is);
    is_partly(
        Probe::ControlsIdentified,
        |f| f.hazard().controls.clear(),
        "Additional controls: 1 of 2 hazards, not H01",
    );
    is_found(Probe::ControlsIdentified, |f| {
        f.hazard().controls.clear();
        f.hazard().initial = rating("Minor", "Medium", 2);
        f.hazard().initial_acceptance = Some(acceptance());
    });
    is_found(Probe::HazardsReviewed, as_it_is);
    is_partly(
        Probe::HazardsReviewed,
        |f| f.case.psa[0].discussed.truncate(1),
        "Reviewed at a PSA session: 1 of 2 hazards with controls, not H02",
    );
    assert!(matches!(with(Probe::NewHazardsLogged, as_it_is), NotApplicable(_)));
    let raised = NewHazard { hazard: some("H09"), description: "Lost at night".to_owned() };
    is_none(
        Probe::NewHazardsLogged,
        |f| f.case.psa[0].new_hazards.push(raised.clone()),
        "In the hazard log: not for the one hazard that a session raised, H09",
    );
    // It was in the log, and E10 has nothing to say of it either.
    is_found(Probe::NewHazardsLogged, |f| {
        f.case.hazard_log.retired.push(retired("H09"));
        f.case.psa[0].new_hazards.push(raised);
    });
}

#[test]
fn residual_risk() {
    is_found(Probe::ResidualRatings, as_it_is);
    is_partly(
        Probe::ResidualRatings,
        |f| f.hazard().residual = Rating::default(),
        "Residual severity, likelihood and risk: 1 of 2 hazards, not H01",
    );
    is_found(Probe::ResidualRiskAnswered, as_it_is);
    is_partly(
        Probe::ResidualRiskAnswered,
        |f| f.hazard().residual_acceptance = None,
        "Reason recorded why the risk is not reduced further: 1 of 2 hazards whose residual risk calls for it, not H01",
    );
    let unacceptable = |f: &mut Fixture| f.hazard().residual = rating("Major", "Very High", 5);
    for probe in [Probe::RiskBenefit, Probe::ReAppraisal] {
        assert!(matches!(with(probe, as_it_is), NotApplicable(_)), "{probe:?}");
    }
    assert!(matches!(with(Probe::RiskBenefit, unacceptable), NoneFound(_)));
    assert!(matches!(with(Probe::ReAppraisal, unacceptable), NotLookedAt(_)));
    is_found(Probe::RiskBenefit, |f| {
        unacceptable(f);
        f.hazard().risk_benefit = Some("Without it more patients wait longer.".into());
    });
}

#[test]
fn implementation_verification_and_transfer() {
    is_found(Probe::ControlsInPlace, as_it_is);
    is_partly(
        Probe::ControlsInPlace,
        |f| f.hazard().controls[0].state = ControlState::Open,
        "1 of 2 own controls open or deferred: H01.D1",
    );
    assert!(matches!(with(Probe::TransfersNamed, as_it_is), NotApplicable(_)));
    is_none(
        Probe::TransfersNamed,
        |f| f.hazard().controls[0].state = ControlState::Transferred,
        "Recipient named: not for the one transferred control, H01.D1",
    );
    for (probe, words) in [
        (Probe::ImplementationEvidence, "Evidence that it was put in place"),
        (Probe::EffectivenessEvidence, "Evidence that it works"),
    ] {
        is_found(probe, as_it_is);
        is_partly(
            probe,
            |f| f.hazard().controls[0].evidence.clear(),
            &format!("{words}: 1 of 2 own controls, not H01.D1"),
        );
    }
    is_found(Probe::ImplementationEvidence, |f| f.case.evidence[0].shows.truncate(1));
    is_none(
        Probe::EffectivenessEvidence,
        |f| f.case.evidence[0].shows.truncate(1),
        "Evidence that it works: none of 2 own controls",
    );
    is_found(Probe::HazardsDecided, as_it_is);
    let undecided = |f: &mut Fixture| {
        f.hazard().state = crate::case::hazard::HazardState::Open;
        f.hazard().residual_acceptance = None;
        f.case.psa[0].discussed[0].decision = Some(crate::case::psa::Decision::Defer);
    };
    is_partly(Probe::HazardsDecided, undecided, "Accepted, closed or transferred: 1 of 2 hazards, not H01");
}

#[test]
fn delivery_and_after() {
    is_found(Probe::PreDeliveryReview, as_it_is);
    let without_outcome = |f: &mut Fixture| {
        f.case.pre_delivery_review.as_mut().expect("a review").outcome = None;
    };
    is_partly(Probe::PreDeliveryReview, without_outcome, "A review is recorded, without its outcome");
    is_none(Probe::ReviewReported, without_outcome, "The outcome of the review is not given");
    is_found(Probe::ConfigurationGiven, as_it_is);
    is_none(
        Probe::ConfigurationGiven,
        |f| f.case.release.configuration.clear(),
        "The components of the release are not given",
    );
    is_found(Probe::PostDeploymentProcess, as_it_is);
    is_none(
        Probe::PostDeploymentProcess,
        |f| f.case.post_deployment = None,
        "No process for concerns and incidents is described",
    );
    is_found(Probe::ReportOfRelease, as_it_is);
    is_partly(
        Probe::ReportOfRelease,
        |f| f.case.release.version = None,
        "The report does not say which release it is of",
    );
}

#[test]
fn incidents_are_awaited_until_there_is_one() {
    for probe in [Probe::IncidentLog, Probe::IncidentImpact, Probe::IncidentsReported, Probe::IncidentDates] {
        assert!(matches!(with(probe, as_it_is), AwaitingLaterPhase(_)), "{probe:?}");
        is_found(probe, |f| f.case.incidents = vec![incident("SIM-1")]);
    }
    let bare = || Incident { impact: None, resolved: None, ..incident("SIM-2") };
    for (probe, words) in [
        (Probe::IncidentImpact, "Impact on the safety case: 1 of 2 incidents, not SIM-2"),
        (Probe::IncidentDates, "Dates of report and resolution: 1 of 2 incidents, not SIM-2"),
        (
            Probe::IncidentsReported,
            "Impact told in the report: 1 of 2 incidents that bear on a hazard, not SIM-2",
        ),
    ] {
        is_partly(probe, |f| f.case.incidents = vec![incident("SIM-1"), bare()], words);
    }
}
