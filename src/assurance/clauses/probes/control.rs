//! Exemption, control, residual risk and its acceptance (5.1.2 to 6.4.1).

use super::super::sight::named;
use super::{HAZARDS, Scene, Sight, part, plural, section};
use crate::assurance::cross_reference::rules;
use crate::case::hazard::{Control, ControlState, Hazard, Shows};
use crate::case::matrix::RiskClass;
use crate::case::psa::Decision;
use std::collections::HashMap;

const NO_HAZARD: &str = "No hazard is recorded";
const SHEETS: &str = "clinical-risk-control";

/// 6.1 to 6.3 do not apply to the hazard (5.1.2).
fn is_exempt(hazard: &Hazard) -> bool {
    rules::is_exempt(hazard)
}

fn keys<'a>(hazards: impl Iterator<Item = &'a Hazard>) -> Vec<&'a str> {
    hazards.map(|hazard| hazard.key.as_str()).collect()
}

pub(super) fn exempt_hazards(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let exempt = keys(hazards.iter().filter(|hazard| is_exempt(hazard)));
    let sight = if hazards.is_empty() {
        Sight::none(NO_HAZARD)
    } else if exempt.is_empty() {
        Sight::not_applicable(
            "No initial risk is acceptable of itself or accepted by a recorded decision: the control of risk is demanded of every hazard",
        )
    } else {
        Sight::found(format!(
            "The control of risk is not demanded of {} of {}: {}",
            exempt.len(),
            plural(hazards.len(), "hazard"),
            named(&exempt)
        ))
    };
    sight.shown_at(part("hazard-summary")).exempting(exempt)
}

pub(super) fn controls_identified(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let exempt = keys(hazards.iter().filter(|hazard| is_exempt(hazard)));
    let concerned: Vec<&Hazard> = hazards.iter().filter(|hazard| !is_exempt(hazard)).collect();
    let without = keys(concerned.iter().copied().filter(|hazard| hazard.controls.is_empty()));
    let sight = if hazards.is_empty() {
        Sight::none(NO_HAZARD)
    } else if concerned.is_empty() {
        Sight::not_applicable("Every initial risk is acceptable")
    } else {
        Sight::of_each("Additional controls", HAZARDS, concerned.len(), &without)
    };
    sight.shown_at(section(SHEETS)).exempting(exempt)
}

pub(super) fn hazards_reviewed(scene: &Scene<'_>) -> Sight {
    let reviewed: HashMap<&str, bool> = scene
        .examined
        .cross_reference
        .hazards
        .iter()
        .map(|row| (row.key.as_str(), !row.sessions.is_empty()))
        .collect();
    let controlled: Vec<&Hazard> =
        scene.hazards().iter().filter(|hazard| !hazard.controls.is_empty()).collect();
    let without = keys(
        controlled
            .iter()
            .copied()
            .filter(|hazard| !reviewed.get(hazard.key.as_str()).copied().unwrap_or_default()),
    );
    if controlled.is_empty() {
        Sight::none("No hazard has additional controls")
    } else {
        Sight::of_each(
            "Reviewed at a PSA session",
            ("hazard with controls", "hazards with controls"),
            controlled.len(),
            &without,
        )
    }
    .shown_at(section("clinical-risk-analysis"))
    .shown_at(part("hazards-back"))
}

pub(super) fn new_hazards_logged(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let raised: Vec<_> = case.psa.iter().flat_map(|session| &session.new_hazards).collect();
    let in_log = |key: &Option<String>| key.as_deref().is_some_and(|key| case.hazard(key).is_some());
    let lost: Vec<&str> = raised
        .iter()
        .filter(|raised| !in_log(&raised.hazard))
        .map(|raised| raised.hazard.as_deref().unwrap_or(raised.description.as_str()))
        .collect();
    match raised.len() {
        _ if case.psa.is_empty() => Sight::none("No PSA session is recorded"),
        0 => Sight::not_applicable("No PSA session records a new hazard"),
        raised => Sight::of_each(
            "In the hazard log",
            ("hazard that a session raised", "hazards that sessions raised"),
            raised,
            &lost,
        ),
    }
    .shown_at(section("clinical-risk-analysis"))
}

pub(super) fn residual_ratings(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let exempt = keys(hazards.iter().filter(|hazard| is_exempt(hazard)));
    let concerned: Vec<&Hazard> =
        hazards.iter().filter(|hazard| !is_exempt(hazard) || !hazard.residual.is_blank()).collect();
    let without = keys(concerned.iter().copied().filter(|hazard| hazard.residual.risk.is_none()));
    let sight = if hazards.is_empty() {
        Sight::none(NO_HAZARD)
    } else if concerned.is_empty() {
        Sight::not_applicable("Every initial risk is acceptable")
    } else {
        Sight::of_each("Residual severity, likelihood and risk", HAZARDS, concerned.len(), &without)
    };
    sight.shown_at(part("hazard-summary")).exempting(exempt)
}

/// Hazards whose residual risk is of these classes.
fn residual_of<'a>(scene: &Scene<'a>, classes: &[RiskClass]) -> Vec<&'a Hazard> {
    let is_one = |hazard: &&Hazard| hazard.residual.class.is_some_and(|class| classes.contains(&class));
    scene.hazards().iter().filter(is_one).collect()
}

fn any_residual(scene: &Scene<'_>) -> bool {
    scene.hazards().iter().any(|hazard| hazard.residual.class.is_some())
}

pub(super) fn residual_risk_answered(scene: &Scene<'_>) -> Sight {
    let high = residual_of(scene, &[RiskClass::Undesirable, RiskClass::Unacceptable]);
    let is_answered = |hazard: &&&Hazard| {
        rules::recorded(hazard.residual_acceptance.as_ref()).is_some() || risk_benefit_of(hazard).is_some()
    };
    let without = keys(high.iter().filter(|hazard| !is_answered(hazard)).copied());
    if !any_residual(scene) {
        Sight::none("No residual risk is known")
    } else if high.is_empty() {
        Sight::not_applicable("No residual risk is one that should be reduced further")
    } else {
        Sight::of_each(
            "Reason recorded why the risk is not reduced further",
            ("hazard whose residual risk calls for it", "hazards whose residual risk calls for it"),
            high.len(),
            &without,
        )
    }
    .shown_at(part("hazard-summary"))
}

fn risk_benefit_of(hazard: &Hazard) -> Option<&str> {
    hazard
        .risk_benefit
        .as_ref()
        .map(|weighed| weighed.analysis.as_str())
        .filter(|text| super::is_written(text))
}

pub(super) fn risk_benefit(scene: &Scene<'_>) -> Sight {
    let unacceptable = residual_of(scene, &[RiskClass::Unacceptable]);
    let without = keys(unacceptable.iter().copied().filter(|hazard| risk_benefit_of(hazard).is_none()));
    if !any_residual(scene) {
        Sight::none("No residual risk is known")
    } else if unacceptable.is_empty() {
        Sight::not_applicable("No residual risk is unacceptable")
    } else {
        Sight::of_each(
            "Risk-benefit analysis",
            ("hazard with an unacceptable residual risk", "hazards with an unacceptable residual risk"),
            unacceptable.len(),
            &without,
        )
    }
    .shown_at(part("hazard-summary"))
}

pub(super) fn re_appraisal(scene: &Scene<'_>) -> Sight {
    let unacceptable = residual_of(scene, &[RiskClass::Unacceptable]);
    if !any_residual(scene) {
        Sight::none("No residual risk is known")
    } else if unacceptable.is_empty() {
        Sight::not_applicable("No residual risk is unacceptable")
    } else {
        Sight::not_looked_at(format!(
            "The residual risk of {} is unacceptable; whether the project was thought over again, a person has to say",
            named(&keys(unacceptable.into_iter()))
        ))
    }
    .shown_at(part("hazard-summary"))
}

/// The organisation's own additional controls of hazards that 5.1.2 does not exempt, with their hazards.
fn own_controls<'a>(scene: &Scene<'a>) -> Vec<&'a Control> {
    let concerned = scene.hazards().iter().filter(|hazard| !is_exempt(hazard));
    concerned.flat_map(rules::own_controls).collect()
}

/// Hazards with controls that another organisation puts in place (6.3.1), and those that 5.1.2 exempts.
fn exempt_from_verification<'a>(scene: &Scene<'a>) -> Vec<&'a str> {
    let transfers = |hazard: &Hazard| hazard.controls.iter().any(rules::is_transferred);
    keys(scene.hazards().iter().filter(|hazard| is_exempt(hazard) || transfers(hazard)))
}

const NO_OWN_CONTROL: &str = "There is no additional control that the organisation itself puts in place";

pub(super) fn controls_in_place(scene: &Scene<'_>) -> Sight {
    let own = own_controls(scene);
    let with = |states: &[ControlState]| -> Vec<&str> {
        own.iter()
            .filter(|control| states.contains(&control.state))
            .map(|control| control.id.as_str())
            .collect()
    };
    let open = with(&[ControlState::Open, ControlState::Deferred]);
    let unsaid = with(&[ControlState::NotGiven, ControlState::Other]).len();
    let absent = &scene.examined.absent;
    let shown = own.iter().filter(|control| rules::has_evidence(control, absent)).count();
    let sight = if own.is_empty() {
        Sight::not_applicable(NO_OWN_CONTROL)
    } else if open.len() == own.len() {
        Sight::none(format!("Every one of the {} is open or deferred", plural(own.len(), "own control")))
    } else if !open.is_empty() {
        Sight::partly(format!(
            "{} of {} open or deferred: {}",
            open.len(),
            plural(own.len(), "own control"),
            named(&open)
        ))
    } else if unsaid == own.len() && shown == 0 {
        Sight::none(format!(
            "Of none of the {} is it said or shown that it is in place",
            plural(own.len(), "own control")
        ))
    } else {
        Sight::found(format!(
            "None of the {} is recorded as open or deferred",
            plural(own.len(), "own control")
        ))
    };
    sight.shown_at(section(SHEETS)).exempting(exempt_from_verification(scene))
}

pub(super) fn transfers_named(scene: &Scene<'_>) -> Sight {
    let transferred: Vec<&Control> = scene
        .hazards()
        .iter()
        .flat_map(Hazard::all_controls)
        .filter(|control| rules::is_transferred(control))
        .collect();
    let without: Vec<&str> = transferred
        .iter()
        .filter(|control| control.transferred_to.is_none())
        .map(|control| control.id.as_str())
        .collect();
    match transferred.len() {
        0 => Sight::not_applicable("No control is transferred to another organisation"),
        count => Sight::of_each(
            "Recipient named",
            ("transferred control", "transferred controls"),
            count,
            &without,
        ),
    }
    .shown_at(section("transferred-hazards"))
}

/// The organisation's own controls with evidence that shows this.
fn evidence(scene: &Scene<'_>, shows: Shows, words: &str) -> Sight {
    let own = own_controls(scene);
    let absent = &scene.examined.absent;
    let suits: HashMap<&str, bool> = scene
        .case()
        .evidence
        .iter()
        .map(|evidence| (evidence.id.as_str(), evidence.shows.contains(&shows)))
        .collect();
    // Evidence in the words of the log's own cell may be of either kind.
    let has = |control: &Control| {
        control.stated_evidence.as_deref().is_some_and(|stated| !stated.trim().is_empty())
            || absent.without(control).any(|id| suits.get(id).copied().unwrap_or_default())
    };
    let without: Vec<&str> =
        own.iter().filter(|control| !has(control)).map(|control| control.id.as_str()).collect();
    let sight = if own.is_empty() {
        Sight::not_applicable(NO_OWN_CONTROL)
    } else {
        Sight::of_each(words, ("own control", "own controls"), own.len(), &without)
    };
    sight
        .shown_at(section("appendix-evidence"))
        .shown_at(section(SHEETS))
        .exempting(exempt_from_verification(scene))
}

pub(super) fn implementation_evidence(scene: &Scene<'_>) -> Sight {
    evidence(scene, Shows::Implementation, "Evidence that it was put in place")
}

pub(super) fn effectiveness_evidence(scene: &Scene<'_>) -> Sight {
    evidence(scene, Shows::Effectiveness, "Evidence that it works")
}

pub(super) fn hazards_decided(scene: &Scene<'_>) -> Sight {
    let rows = &scene.examined.cross_reference.hazards;
    let decisions: HashMap<&str, Decision> =
        rows.iter().filter_map(|row| Some((row.key.as_str(), row.decision.as_ref()?.0))).collect();
    let hazards = scene.hazards();
    let is_decided =
        |hazard: &&Hazard| rules::is_decided(hazard, decisions.get(hazard.key.as_str()).copied());
    let without = keys(hazards.iter().filter(|hazard| !is_decided(hazard)));
    if hazards.is_empty() {
        Sight::none(NO_HAZARD)
    } else {
        Sight::of_each("Accepted, closed or transferred", HAZARDS, hazards.len(), &without)
    }
    .shown_at(part("hazards-back"))
    .shown_at(part("statement"))
}
