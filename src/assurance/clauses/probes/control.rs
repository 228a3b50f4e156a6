//! Exemption, controls with what shows them, and decisions (5.1.2 to 6.1.3, 6.3.1 to 6.4.1).

use super::super::sight::named;
use super::{HAZARDS, Scene, Sight, part, plural, section, shown_on_sheets};
use crate::assurance::cross_reference::rules::{self, Showing, Standing};
use crate::assurance::graph::Kind;
use crate::case::hazard::{Control, Hazard, Shows};
use crate::case::psa::Decision;
use crate::case::system::Declared;
use std::collections::HashMap;

pub(super) const NO_HAZARD: &str = "No hazard is recorded";
const SHEETS: &str = "clinical-risk-control";

/// 6.1 to 6.3 do not apply to the hazard (5.1.2).
pub(super) fn is_exempt(hazard: &Hazard) -> bool {
    rules::is_exempt(hazard)
}

pub(super) fn keys<'a>(hazards: impl Iterator<Item = &'a Hazard>) -> Vec<&'a str> {
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
    let sight = if exempt.is_empty() { sight } else { sight.shown_at(part("exemptions")) };
    shown_on_sheets(sight.shown_at(part("hazard-summary")), &exempt).exempting(exempt)
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

/// Whether a control brings a hazard with it has to be said: that nothing is said is no answer (6.1.2).
pub(super) fn controls_examined(scene: &Scene<'_>) -> Sight {
    let concerned = scene.hazards().iter().filter(|hazard| !is_exempt(hazard));
    let controls: Vec<&Control> = concerned.flat_map(|hazard| &hazard.controls).collect();
    let unsaid: Vec<&str> = controls
        .iter()
        .filter(|control| control.introduces == Declared::NotGiven)
        .map(|control| control.id.as_str())
        .collect();
    if controls.is_empty() {
        Sight::none("No hazard has additional controls")
    } else {
        Sight::of_each(
            "Said whether it brings a hazard with it",
            ("additional control", "additional controls"),
            controls.len(),
            &unsaid,
        )
    }
    .shown_at(section(SHEETS))
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
    let graph = &scene.examined.graph;
    let in_log = |key: &Option<String>| key.as_deref().is_some_and(|key| graph.knows(Kind::Hazard, key));
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

/// The organisation's own additional controls of hazards that 5.1.2 does not exempt, with their hazards.
fn own_controls<'a>(scene: &Scene<'a>) -> Vec<&'a Control> {
    let concerned = scene.hazards().iter().filter(|hazard| !is_exempt(hazard));
    concerned.flat_map(rules::own_controls).collect()
}

/// Hazards with controls that another, named organisation puts in place (6.3.1), and those that 5.1.2 exempts.
fn exempt_from_verification<'a>(scene: &Scene<'a>) -> Vec<&'a str> {
    let transfers =
        |hazard: &Hazard| hazard.controls.iter().any(|control| rules::recipient(control).is_some());
    keys(scene.hazards().iter().filter(|hazard| is_exempt(hazard) || transfers(hazard)))
}

const NO_OWN_CONTROL: &str = "There is no additional control that the organisation itself puts in place";

/// A control that nobody calls open is not therefore in place: its status says so, or evidence does.
pub(super) fn controls_in_place(scene: &Scene<'_>) -> Sight {
    let own = own_controls(scene);
    let showing = Showing::of(Shows::Implementation, scene.case(), &scene.examined.absent);
    // That a hazard is done with shows nothing of its controls.
    let in_place = |control: &Control| Standing::of(control, false, &showing) == Standing::InPlace;
    let without: Vec<&str> =
        own.iter().filter(|control| !in_place(control)).map(|control| control.id.as_str()).collect();
    let sight = if own.is_empty() {
        Sight::not_applicable(NO_OWN_CONTROL)
    } else {
        Sight::of_each(
            "Recorded as in place, or shown to be",
            ("own control", "own controls"),
            own.len(),
            &without,
        )
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
        .filter(|control| rules::recipient(control).is_none())
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
    let showing = Showing::of(shows, scene.case(), &scene.examined.absent);
    let without: Vec<&str> =
        own.iter().filter(|control| !showing.shows(control)).map(|control| control.id.as_str()).collect();
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
