//! C: implementation. Are the controls that a hazard's residual risk rests on in place, and do they work?
//!
//! When a control counts as in place, and so needs evidence:
//!
//! - its status says so; or
//! - it has no status, and the hazard is done with: decided, and not rejected as being none. Whoever decided so
//!   took the control as given.
//!
//! A control whose status says otherwise is not in place: C3 asks for it where the hazard is closed. An undecided
//! hazard whose controls have no status is C16's; to ask it for evidence as well would say one thing twice.
//!
//! What evidence counts, is a rule of the cross-reference (`rules::Showing`): the clause table reads it too.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Exemption, Hit, Outcome, Run};
use crate::assurance::cross_reference::AbsentEvidence;
use crate::assurance::cross_reference::rules::{self, Showing};
use crate::assurance::finding::Level::Blocking;
use crate::assurance::graph::Relation;
use crate::case::hazard::{Control, ControlState, Hazard, HazardState, Shows};
use crate::case::person::Person;
use crate::case::psa::Decision;
use std::collections::BTreeMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C3",
        level: Blocking,
        clause: Some("6.3.1"),
        title: "Closed hazard with a control that is not implemented",
        why: "A closed hazard says that everything is done; the residual risk counts a control that the patient does not have yet.",
        remedy: "Implement the control and record its status; or open the hazard again and rate it without the control.",
        exempt: Some(super::WHERE_ACCEPTABLE_OR_TRANSFERRED),
        runs: &[Run::Log(unimplemented), Run::Case(unimplemented_though_decided)],
        ..Check::DEFAULT
    },
    Check {
        id: "C4",
        level: Blocking,
        clause: Some("6.3.2"),
        title: "Control without evidence of implementation",
        why: "That a control was built is a claim; somebody must have looked, and the record of it is what a reviewer asks for.",
        remedy: "Name the evidence that the control was put in place; or correct its status, if it was not.",
        exempt: Some(super::WHERE_ACCEPTABLE_OR_TRANSFERRED),
        how: Some("evidence.toml, with `shows = [\"implementation\"]` and the control's id"),
        runs: &[Run::Case(|examined, outcome| without_evidence(examined, outcome, Shows::Implementation))],
        ..Check::DEFAULT
    },
    Check {
        id: "C5",
        level: Blocking,
        clause: Some("6.3.3"),
        title: "Control without evidence of effectiveness",
        why: "A control that is there need not work. The lower residual risk is only as good as the test, trial or review that shows its effect.",
        remedy: "Name the evidence that the control works; or rate the hazard without the control.",
        exempt: Some(super::WHERE_ACCEPTABLE_OR_TRANSFERRED),
        how: Some("evidence.toml, with `shows = [\"effectiveness\"]` and the control's id"),
        runs: &[Run::Case(|examined, outcome| without_evidence(examined, outcome, Shows::Effectiveness))],
        ..Check::DEFAULT
    },
    Check {
        id: "C14",
        level: Blocking,
        clause: Some("6.1.2, 6.1.3"),
        title: "Hazard that a control brings with it is not in the log",
        why: "A control can harm in its own way. A hazard that it brings has to be analysed and controlled like any other, and that begins with its row.",
        remedy: "Add the hazard to the log; or correct which hazards the control is said to bring.",
        how: Some("`introduces` of the control, in supplement.toml"),
        runs: &[Run::Log(introduced_hazards)],
        ..Check::DEFAULT
    },
];

/// Says of another organisation's controls that this check does not ask for them (6.3.1).
fn exempt_transferred<'a>(
    hazard: &Hazard,
    controls: impl Iterator<Item = &'a Control>,
    outcome: &mut Outcome,
) {
    let mut by_recipient: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    // 6.3.1 wants transferred risks clearly identified: without a recipient nothing is exempt, and D1 says so.
    for control in controls {
        if let Some(recipient) = control.transferred_to.as_deref() {
            by_recipient.entry(recipient).or_default().push(control.id.clone());
        }
    }
    for (recipient, ids) in by_recipient {
        let verb = if ids.len() == 1 { "is" } else { "are" };
        let ids = super::some_of(&ids);
        outcome.not_applicable(Exemption {
            hazard: hazard.key.clone(),
            what: format!("{ids} {verb} for {recipient} to implement and verify"),
            clause: "6.3.1",
            because: None,
        });
    }
}

fn unimplemented(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in subject.log.hazards.iter().filter(|hazard| hazard.state == HazardState::Closed) {
        not_implemented(subject.people, hazard, "is closed", outcome);
    }
}

/// Hazards that a session closed and the log's own status does not.
fn unimplemented_though_decided(examined: &Examined<'_>, outcome: &mut Outcome) {
    let rows = &examined.cross_reference.hazards;
    for (hazard, row) in examined.subject.case.hazard_log.hazards.iter().zip(rows) {
        if let Some((Decision::Close, session)) = &row.decision
            && hazard.state != HazardState::Closed
        {
            let closed = format!("was closed by PSA session {session}");
            not_implemented(&examined.subject.case.people, hazard, &closed, outcome);
        }
    }
}

fn not_implemented(people: &[Person], hazard: &Hazard, closed: &str, outcome: &mut Outcome) {
    exempt_transferred(
        hazard,
        hazard.controls.iter().filter(|control| rules::is_unimplemented(control)),
        outcome,
    );
    let controls: Vec<&Control> =
        rules::own_controls(hazard).filter(|control| rules::is_unimplemented(control)).collect();
    let Some(first) = controls.first() else { return };
    if super::is_exempt(people, hazard, outcome, "no control need be implemented") {
        return;
    }
    let stated = |control: &Control| control.status.clone().unwrap_or_default();
    let message = match &controls[..] {
        [control] => format!(
            "{} {closed}, and its control {} has the status \"{}\".",
            hazard.key,
            control.id,
            stated(control).trim()
        ),
        controls => {
            let named: Vec<String> = controls
                .iter()
                .map(|control| format!("{} (\"{}\")", control.id, stated(control).trim()))
                .collect();
            format!(
                "{} {closed}, and {} of its own controls are not implemented: {}.",
                hazard.key,
                controls.len(),
                super::some_of(&named)
            )
        }
    };
    outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}/status", first.id), message));
}

/// Whether the control counts as in place; see above.
fn is_in_place(control: &Control, done_with: bool) -> bool {
    match control.state {
        ControlState::Closed => true,
        ControlState::NotGiven => done_with,
        ControlState::Open | ControlState::Deferred | ControlState::Other | ControlState::Transferred => {
            false
        }
    }
}

pub(super) fn is_done_with(hazard: &Hazard, decision: Option<Decision>) -> bool {
    rules::is_decided(hazard, decision) && decision != Some(Decision::Reject)
}

fn without_evidence(examined: &Examined<'_>, outcome: &mut Outcome, what: Shows) {
    let case = examined.subject.case;
    let absent = &examined.absent;
    let showing = Showing::of(what, case, absent);
    for (hazard, row) in case.hazard_log.hazards.iter().zip(&examined.cross_reference.hazards) {
        let done_with = is_done_with(hazard, row.decision.as_ref().map(|(decision, _)| *decision));
        exempt_transferred(hazard, hazard.controls.iter(), outcome);
        let in_place: Vec<&Control> =
            rules::own_controls(hazard).filter(|control| is_in_place(control, done_with)).collect();
        let lacking: Vec<&Control> =
            in_place.iter().copied().filter(|control| !showing.shows(control)).collect();
        let Some(first) = lacking.first() else { continue };
        if super::is_exempt(&case.people, hazard, outcome, "no evidence is needed for its controls") {
            continue;
        }
        let message = evidence_message(hazard, &in_place, &lacking, absent, what);
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", first.id), message));
    }
}

fn evidence_message(
    hazard: &Hazard,
    in_place: &[&Control],
    lacking: &[&Control],
    absent: &AbsentEvidence<'_>,
    what: Shows,
) -> String {
    let named: Vec<String> = lacking
        .iter()
        .map(|control| match absent.among(control).next() {
            Some(evidence) => format!("{} (the file of {evidence} is not there)", control.id),
            None => control.id.clone(),
        })
        .collect();
    let shown = match what {
        Shows::Implementation => "implemented",
        Shows::Effectiveness => "effective",
    };
    let (key, named, all) = (&hazard.key, super::some_of(&named), in_place.len());
    match lacking.len() {
        1 if all == 1 => {
            format!("The only control of {key} that is in place has no evidence that it is {shown}: {named}.")
        }
        1 => format!(
            "Of the {all} controls of {key} that are in place 1 has no evidence that it is {shown}: {named}."
        ),
        some if some == all => format!(
            "Of the {all} controls of {key} that are in place none has evidence that it is {shown}: {named}."
        ),
        some => format!(
            "Of the {all} controls of {key} that are in place {some} have no evidence that they are {shown}: {named}."
        ),
    }
}

fn introduced_hazards(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let graph = subject.graph;
    for (hazard, at) in subject.log.hazards.iter().zip(graph.logged()) {
        for (control, at) in hazard.all_controls().zip(graph.all_controls(at)) {
            let introduced = graph.links_out(at).filter(|link| link.relation == Relation::Introduces);
            for introduced in introduced.filter(|link| !link.node.is_known()) {
                let message = format!(
                    "Control {} of {} is said to bring the hazard {}, which is not in the log.",
                    control.id, hazard.key, introduced.node.id
                );
                let field = format!("controls/{}/introduces", control.id);
                outcome.hit(Hit::hazard(&hazard.key, &field, message));
            }
        }
    }
}

#[cfg(test)]
mod tests;
