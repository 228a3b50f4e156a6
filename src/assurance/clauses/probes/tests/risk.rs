//! Analysis, control, delivery, and life after it.

use super::*;
use crate::assurance::testing::{acceptance, rating, retired};
use crate::case::condition::Condition;
use crate::case::hazard::{self, BenefitOutcome, ControlState, Rating, RiskBenefit};
use crate::case::plan::{Incident, IncidentLog};
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
                hazard.condition = Some(hazard::Condition::Normal);
            }
        },
        "2 hazards; none is said to arise in failure, and no item of the risk assessment is about one",
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
    is_none(
        Probe::ControlsExamined,
        as_it_is,
        "Said whether it brings a hazard with it: none of 2 additional controls",
    );
    is_partly(
        Probe::ControlsExamined,
        |f| f.hazard().controls[0].introduces = Declared::DeclaredNone,
        "Said whether it brings a hazard with it: 1 of 2 additional controls, not H02.D1",
    );
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
        "Reason recorded why the risk is not reduced further: 1 of 2 hazards whose residual risk is not acceptable of itself, not H01",
    );
    is_partly(
        Probe::ResidualRiskAnswered,
        |f| f.hazard().residual = Rating::default(),
        "Reason recorded why the risk is not reduced further: 1 of 1 hazard whose residual risk is not acceptable of itself; the residual risk of H01 is not known",
    );
}

#[test]
fn risk_and_benefit_do_not_apply_only_where_every_risk_is_accepted() {
    const CLAUSES: [Probe; 3] = [Probe::RiskBenefit, Probe::BenefitDecided, Probe::ReAppraisal];
    for probe in CLAUSES {
        assert_eq!(
            with(probe, as_it_is),
            NotApplicable(
                "No residual risk is unacceptable: 0 acceptable of itself, 2 accepted with a recorded reason"
                    .to_owned()
            ),
            "{probe:?}"
        );
        is_none(
            probe,
            |f| f.hazard().residual_acceptance = None,
            "No residual risk is called unacceptable, but whether the residual risk of H01 is acceptable, no recorded reason says",
        );
        is_none(
            probe,
            |f| f.hazard().residual = Rating::default(),
            "No residual risk is called unacceptable, but the residual risk of H01 is not known",
        );
        let of_itself = |f: &mut Fixture| {
            for hazard in &mut f.case.hazard_log.hazards {
                (hazard.residual, hazard.residual_acceptance) = (rating("Minor", "Low", 1), None);
            }
        };
        assert!(matches!(with(probe, of_itself), NotApplicable(_)), "{probe:?}");
    }
}

#[test]
fn an_unacceptable_risk_is_weighed_and_decided() {
    let unacceptable = |f: &mut Fixture| f.hazard().residual = rating("Major", "Very High", 5);
    let weighed = |outcome: Option<BenefitOutcome>| {
        let weighed = RiskBenefit { outcome, ..RiskBenefit::from("Without it more patients wait longer.") };
        move |f: &mut Fixture| {
            unacceptable(f);
            f.hazard().risk_benefit = Some(weighed.clone());
        }
    };
    for probe in [Probe::RiskBenefit, Probe::BenefitDecided, Probe::ReAppraisal] {
        assert!(matches!(with(probe, unacceptable), NoneFound(_)), "{probe:?}");
    }
    is_found(Probe::RiskBenefit, weighed(None));
    assert!(matches!(with(Probe::BenefitDecided, weighed(None)), NoneFound(_)));
    let outweighs = weighed(Some(BenefitOutcome::BenefitOutweighs));
    is_found(Probe::BenefitDecided, &outweighs);
    assert!(matches!(with(Probe::ReAppraisal, &outweighs), NotApplicable(_)));
    let outweighed = weighed(Some(BenefitOutcome::RiskOutweighs));
    is_none(
        Probe::ReAppraisal,
        &outweighed,
        "Re-appraisal recorded: not for the one hazard whose risk outweighs the benefits, H01",
    );
    is_found(Probe::ReAppraisal, |f| {
        outweighed(f);
        f.hazard().reappraisal = some("The interface is left out of this release.");
    });
}

#[test]
fn implementation_verification_and_transfer() {
    is_found(Probe::ControlsInPlace, as_it_is);
    is_partly(
        Probe::ControlsInPlace,
        |f| f.hazard().controls[0].state = ControlState::Open,
        "Recorded as in place, or shown to be: 1 of 2 own controls, not H01.D1",
    );
    let without_evidence = |state: ControlState| {
        move |f: &mut Fixture| {
            f.hazard().controls[0].evidence.clear();
            f.hazard().controls[0].state = state;
        }
    };
    is_found(Probe::ControlsInPlace, without_evidence(ControlState::Closed));
    is_partly(
        Probe::ControlsInPlace,
        without_evidence(ControlState::NotGiven),
        "Recorded as in place, or shown to be: 1 of 2 own controls, not H01.D1",
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
}

#[test]
fn a_decision_under_conditions_says_so() {
    let review = |f: &mut Fixture, conditions: Vec<Condition>| {
        let review = f.case.pre_delivery_review.as_mut().expect("a review");
        (review.outcome, review.conditions) = (some("Proceed with conditions"), conditions);
    };
    let said = "Review of 1 September 2026, with the outcome \"Proceed with conditions\"";
    is_partly(
        Probe::PreDeliveryReview,
        |f| review(f, Vec::new()),
        &format!("{said}; which conditions those are is not recorded"),
    );
    is_partly(
        Probe::ReviewReported,
        |f| review(f, Vec::new()),
        "The outcome is given as \"Proceed with conditions\", and no condition is listed",
    );
    let met = || Condition { met: Some(date("2026-09-02")), ..Condition::from("The note is signed.") };
    let open_at_session = |f: &mut Fixture| {
        review(f, vec![met()]);
        f.case.psa[0].conditions.push(Condition::from("The users are trained."));
    };
    is_partly(
        Probe::PreDeliveryReview,
        open_at_session,
        &format!("{said}; 1 of 2 conditions that it and the PSA sessions set is not recorded as met"),
    );
    is_found(Probe::ReviewReported, open_at_session);
    is_found(Probe::PreDeliveryReview, |f| review(f, vec![met()]));
}

#[test]
fn a_modification_says_whether_clinical_risk_changes() {
    let modifies = |risk_changed: Option<bool>, why: Option<&str>| {
        let rationale = why.map(str::to_owned);
        move |f: &mut Fixture| {
            f.case.release.modifies = some("2.0");
            (f.case.release.risk_changed, f.case.release.change_rationale) = (risk_changed, rationale);
        }
    };
    for probe in [Probe::ModificationAssessed, Probe::ReportOfRelease] {
        assert!(matches!(with(probe, before_deployment), AwaitingLaterPhase(_)), "{probe:?}");
        let NotLookedAt(because) = with(probe, |f| f.case.phase = None) else { panic!("{probe:?}") };
        assert!(because.ends_with("neither a phase nor a date of the release is given"), "{because}");
        is_none(probe, modifies(None, None), "Whether clinical risk changes from release 2.0 is not said");
    }
    is_partly(
        Probe::ModificationAssessed,
        modifies(Some(false), None),
        "Clinical risk is said to be unchanged from release 2.0; why is not given",
    );
    is_found(Probe::ModificationAssessed, modifies(Some(true), Some("It writes to e-RS now")));
    assert!(matches!(with(Probe::ReportOfRelease, modifies(Some(false), None)), NotApplicable(_)));
    is_found(Probe::ReportOfRelease, modifies(Some(true), None));
    is_partly(
        Probe::ReportOfRelease,
        |f| {
            modifies(Some(true), None)(f);
            f.case.release.version = None;
        },
        "It is said that clinical risk changes from release 2.0; which release the report is of is not given",
    );
}

#[test]
fn a_decision_that_the_log_contradicts_does_not_count() {
    use crate::case::hazard::HazardState;
    use crate::case::psa::Decision;
    let transferred = |state: HazardState| {
        move |f: &mut Fixture| {
            f.hazard().state = state;
            f.hazard().residual_acceptance = None;
            f.case.psa[0].discussed[0].decision = Some(Decision::Transfer);
        }
    };
    is_partly(
        Probe::HazardsDecided,
        transferred(HazardState::Open),
        "Accepted, closed or transferred: 1 of 2 hazards, not H01",
    );
    is_found(Probe::HazardsDecided, transferred(HazardState::Transferred));
}

fn before_deployment(f: &mut Fixture) {
    f.case.phase = some("Design");
}

const INCIDENTS: [Probe; 5] = [
    Probe::IncidentLog,
    Probe::IncidentsRecorded,
    Probe::IncidentImpact,
    Probe::IncidentsReported,
    Probe::IncidentDates,
];

#[test]
fn incidents_are_awaited_where_deployment_is_said_to_lie_ahead() {
    for probe in INCIDENTS {
        let AwaitingLaterPhase(because) = with(probe, before_deployment) else { panic!("{probe:?}") };
        assert_eq!(
            because,
            "Deployment, which lies ahead: this report closes the phase \"Design\". No incident is recorded"
        );
        let unsaid =
            "No incident is recorded, and nobody has said that the safety incident log holds none".to_owned();
        is_none(probe, |f| f.case.release.modifies = some("2.0"), &unsaid);
        let untold = unsaid
            + ". Whether the product is in use cannot be told: neither a phase nor a date of the release is given";
        let expected = if probe == Probe::IncidentLog { NoneFound(untold) } else { NotLookedAt(untold) };
        assert_eq!(with(probe, |f| f.case.phase = None), expected, "{probe:?}");
        is_found(probe, |f| f.case.incidents = vec![incident("SIM-1")]);
    }
    let bare = || Incident { impact: None, resolved: None, ..incident("SIM-2") };
    for (probe, words) in [
        (Probe::IncidentsRecorded, "Recorded with the day of its resolution: 1 of 2 incidents, not SIM-2"),
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

#[test]
fn somebody_may_say_that_the_incident_log_holds_none() {
    let complete = |up_to: &str| {
        let log = IncidentLog { reference: None, complete_up_to: date(up_to), by: "cso".to_owned() };
        move |f: &mut Fixture| f.case.incident_log = Some(log.clone())
    };
    let said = "The incident log holds no incident up to 13 September 2026, says Dr Cora Officer".to_owned();
    for probe in INCIDENTS {
        let expected = match probe {
            Probe::IncidentLog | Probe::IncidentsRecorded => EvidenceFound(said.clone()),
            _ => NotApplicable(said.clone()),
        };
        assert_eq!(with(probe, complete("2026-09-13")), expected, "{probe:?}");
        assert!(matches!(with(probe, complete("2026-09-15")), NoneFound(_)), "{probe:?}: still to come");
    }
}
