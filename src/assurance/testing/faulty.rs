//! A case in which each hazard has faults, of as many kinds as hazards have.

use super::case::evidence;
use super::{date, item, rating, revision, some, waiver};
use crate::assurance::testing::Fixture;
use crate::case::Place;
use crate::case::hazard::{ControlState, HazardRating, HazardState};
use crate::case::observation::{Observation, ObservationKind};
use crate::case::plan::Incident;
use crate::case::psa::{ActionState, Decision, PsaAction};

/// Spoils every hazard of a case.
pub fn spoil(fixture: &mut Fixture) {
    let keys: Vec<String> = fixture.case.hazard_log.hazards.iter().map(|hazard| hazard.key.clone()).collect();
    spoil_log(fixture);
    spoil_sessions(fixture, &keys);
    let case = &mut fixture.case;
    for (number, key) in (1..).zip(&keys) {
        case.evidence.push(evidence(&format!("EV-{key}"), &[]));
        case.risk_assessment.push(item(&format!("RB-{key}"), &[&format!("X{number}")]));
        case.incidents.push(Incident {
            id: format!("INC-{key}"),
            reported: None,
            resolved: None,
            summary: "A referral was late".to_owned(),
            impact: None,
            hazards: vec![key.clone(), format!("X{number}")],
        });
        let mut waiver = waiver("C9", "clinician");
        waiver.hazard = Some(key.clone());
        case.waivers.push(waiver);
    }
    let told = keys.iter().map(|key| {
        format!("{key} has a residual risk of 1. X{key} has a residual risk of 2. It was reviewed on TBC.")
    });
    let told: Vec<String> = told.collect();
    case.narrative.insert("clinical-risk-evaluation".to_owned(), told.join("\n\n"));
}

fn spoil_log(fixture: &mut Fixture) {
    let log = &mut fixture.case.hazard_log;
    log.version_date = some("2026-09-10");
    log.approvers = vec![super::signatory("cso")];
    log.approvers[0].date = some("2026-08-01");
    let withdrawn = |number: usize| format!("H{:05} withdrawn", number * 10 + 3);
    let summary: Vec<String> = (1..=log.hazards.len()).map(withdrawn).collect();
    log.revisions = vec![revision("0.9"), revision("1.0")];
    log.revisions[1].summary = Some(summary.join("; "));
    for (number, hazard) in (1..).zip(&mut log.hazards) {
        // Every third bears the id of the one before; the others leave out two numbers each.
        hazard.id = format!("H{:05}", if number % 3 == 0 { number - 1 } else { number } * 3);
        hazard.name = some(if number % 2 == 0 { "Referral is lost" } else { "TBC" });
        hazard.impact = None;
        hazard.owner = None;
        hazard.initial = rating("Major", "Medium", 2);
        hazard.residual = rating("Significant", "Low", 3);
        hazard.residual_acceptance = None;
        hazard.causes[0].controls = vec![format!("{}.X", hazard.key)];
        hazard.causes.push(hazard.causes[0].clone());
        for (each, control) in hazard.controls.iter_mut().enumerate() {
            control.evidence = vec![format!("EX-{}", hazard.key)];
            (control.state, control.status) = match each % 3 {
                0 => (ControlState::Transferred, some("Transferred")),
                1 => (ControlState::Open, some("Open")),
                _ => (ControlState::NotGiven, None),
            };
        }
        if number % 4 == 0 {
            hazard.state = HazardState::Transferred;
        }
        for kind in [ObservationKind::Hidden, ObservationKind::DuplicateHazardId] {
            fixture.observations.push(Observation {
                kind,
                hazard: (number % 6 == 0).then(|| hazard.key.clone()),
                place: Some(Place::cell("log.xlsx", "Hazard Log", format!("A{number}"))),
                message: "Something was noticed.".to_owned(),
            });
        }
    }
}

fn spoil_sessions(fixture: &mut Fixture, keys: &[String]) {
    for session in &mut fixture.case.psa {
        session.hazard_log_version = some("0.9");
        for (number, discussion) in session.discussed.iter_mut().enumerate() {
            discussion.decision = Some(if number % 2 == 0 { Decision::Close } else { Decision::Transfer });
            discussion.after =
                Some(HazardRating { severity: "Major".to_owned(), likelihood: "Low".to_owned() });
        }
        let action = |(number, key): (usize, &String)| PsaAction {
            id: format!("A{number}"),
            text: "Write the guide".to_owned(),
            owner: None,
            due: Some(date("2026-09-01")),
            state: ActionState::Open,
            closed: None,
            hazard: Some(key.clone()),
        };
        session.actions = (1..).zip(keys).map(action).collect();
    }
}
