//! C: progress. Does the log say how far each control is, and does the residual rating wait for those that are
//! put off?
//!
//! A residual rating of a hazard that is still open may look ahead to controls that are being made. One that
//! counts a control of a later release does not hold for this one.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Exempt, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::Warning;
use crate::case::hazard::{Control, ControlState, Hazard, HazardState};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C25",
        level: Warning,
        clause: Some("6.3.1"),
        title: "Control without a status",
        why: "The residual risk counts every additional control. Of one without a status a reader cannot tell a safeguard from an intention; and where the hazard is decided, the control counts as in place though nobody said that it is.",
        remedy: "Record the status of each control, in the log or beside it.",
        exempt: Some(Exempt::Acceptable),
        how: Some("the log, or `status` of the control in supplement.toml"),
        runs: &[Run::Log(without_status)],
        ..Check::DEFAULT
    },
    Check {
        id: "C26",
        level: Warning,
        clause: Some("6.3.1, 6.1.4"),
        title: "Residual risk that counts a control of a later release",
        why: "A control that is put off protects no patient of this release; the residual risk has to hold without it.",
        remedy: "Rate the residual risk of this release without the control; or bring the control into this release.",
        exempt: Some(Exempt::Acceptable),
        runs: &[Run::Log(deferred)],
        ..Check::DEFAULT
    },
];

fn without_status(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let unknown = |hazard: &'_ Hazard| -> Vec<String> {
        let controls = rules::own_controls(hazard).filter(|control| control.state == ControlState::NotGiven);
        controls.map(|control| control.id.clone()).collect()
    };
    let hazards: Vec<&Hazard> = subject
        .log
        .hazards
        .iter()
        .filter(|hazard| {
            let is_told = unknown(hazard).is_empty();
            is_told || !super::is_exempt(subject.people, hazard, outcome, "no control need be in place")
        })
        .collect();
    let own: usize = hazards.iter().map(|hazard| rules::own_controls(hazard).count()).sum();
    let all: usize = hazards.iter().map(|hazard| unknown(hazard).len()).sum();
    // A log that has no place for it is told so once.
    if own == all && all > 0 && hazards.len() > 1 {
        let message =
            format!("None of the {own} additional controls of the {} hazards has a status.", hazards.len());
        outcome.hit(Hit::at("hazard_log", message).of_hazards(hazards));
        return;
    }
    for hazard in hazards {
        let controls = unknown(hazard);
        let Some(first) = controls.first() else { continue };
        let message = match controls.len() {
            1 => format!("Control {first} of {} has no status", hazard.key),
            count => {
                format!("{count} controls of {} have no status: {}", hazard.key, super::some_of(&controls))
            }
        };
        let message = if rules::is_done_with(hazard, None) {
            let decided = if hazard.state == HazardState::Closed { "closed" } else { "decided" };
            let they = if controls.len() == 1 { "it counts" } else { "they count" };
            format!("{message}; {} is {decided}, so {they} as in place.", hazard.key)
        } else {
            format!("{message}.")
        };
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{first}/status"), message));
    }
}

fn deferred(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let deferred: Vec<&Control> =
            rules::own_controls(hazard).filter(|control| control.state == ControlState::Deferred).collect();
        let Some(first) = deferred.first() else { continue };
        if hazard.initial == hazard.residual
            || super::is_exempt(subject.people, hazard, outcome, "no control need be in place")
        {
            continue;
        }
        let ids: Vec<String> = deferred.iter().map(|control| control.id.clone()).collect();
        let which = match (deferred.len(), rules::own_controls(hazard).count()) {
            (1, 1) => "its only own control is".to_owned(),
            (count, own) if count == own => format!("all {own} of its own controls are"),
            (1, own) => format!("1 of its {own} own controls is"),
            (count, own) => format!("{count} of its {own} own controls are"),
        };
        let message = format!(
            "{} is rated {} before and {} after control, and {which} put off (\"{}\"): {}.",
            hazard.key,
            super::severity_by_likelihood(&hazard.initial),
            super::severity_by_likelihood(&hazard.residual),
            first.status.as_deref().unwrap_or_default().trim(),
            super::some_of(&ids)
        );
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}/status", first.id), message));
    }
}
