//! C: implementation. Are the controls that a hazard's residual risk rests on in place, and do they work?
//!
//! Whether a control is in place, is a rule of the cross-reference (`rules::Standing`), which the clause table reads
//! too. Of one whose status says so, and of one that counts as in place because its hazard is done with, C4 and C5
//! ask for evidence, and say which of the two it is. A control whose status says otherwise is not in place: C3 asks
//! for it where the hazard is closed. An undecided hazard whose controls have no status is C16's; to ask it for
//! evidence as well would say one thing twice.
//!
//! What evidence counts, is a rule of the cross-reference (`rules::Showing`): the clause table reads it too.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Exempt, Hit, Outcome, Run};
use crate::assurance::cross_reference::AbsentEvidence;
use crate::assurance::cross_reference::rules::{self, Showing, Standing};
use crate::assurance::finding::Level::Blocking;
use crate::assurance::graph::Relation;
use crate::case::hazard::{Control, ControlState, Hazard, HazardState, Shows};
use crate::case::person::Person;
use crate::case::psa::Decision;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C3",
        level: Blocking,
        clause: Some("6.3.1"),
        title: "Closed hazard with a control that is not implemented",
        why: "A closed hazard says that everything is done; the residual risk counts a control that the patient does not have yet.",
        remedy: "Implement the control and record its status; or open the hazard again and rate it without the control.",
        exempt: Some(Exempt::AcceptableOrTransferred),
        runs: &[Run::Log(unimplemented), Run::Case(unimplemented_though_decided)],
        ..Check::DEFAULT
    },
    Check {
        id: "C4",
        level: Blocking,
        clause: Some("6.3.2"),
        title: "Control without evidence of implementation",
        why: "That a control was built is a claim; somebody must have looked, and the record of it is what a reviewer asks for.",
        remedy: "Name the evidence that the control was put in place; or, if it was not, record a status that says so.",
        exempt: Some(Exempt::AcceptableOrTransferred),
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
        exempt: Some(Exempt::AcceptableOrTransferred),
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

/// The own controls of a hazard that is measured for evidence.
struct Asked<'a> {
    hazard: &'a Hazard,
    /// Those that are in place, and how many of them.
    in_place: usize,
    /// Those that nobody says to be in place, and that count as such.
    counted_on: usize,
    /// Those of either that nothing shows.
    lacking: Vec<(&'a Control, Standing)>,
}

fn without_evidence(examined: &Examined<'_>, outcome: &mut Outcome, what: Shows) {
    let case = examined.subject.case;
    let absent = &examined.absent;
    let implemented = Showing::of(Shows::Implementation, case, absent);
    let showing = Showing::of(what, case, absent);
    for (hazard, row) in case.hazard_log.hazards.iter().zip(&examined.cross_reference.hazards) {
        let done_with = rules::is_done_with(hazard, row.decision.as_ref().map(|(decision, _)| *decision));
        let asked: Vec<(&Control, Standing)> = rules::own_controls(hazard)
            .map(|control| (control, Standing::of(control, done_with, &implemented)))
            .filter(|(_, standing)| matches!(standing, Standing::InPlace | Standing::CountedOn))
            .collect();
        let in_place = asked.iter().filter(|(_, standing)| *standing == Standing::InPlace).count();
        let counted_on = asked.len() - in_place;
        let lacking: Vec<(&Control, Standing)> =
            asked.into_iter().filter(|(control, _)| !showing.shows(control)).collect();
        let Some((first, _)) = lacking.first() else { continue };
        if super::is_exempt(&case.people, hazard, outcome, "no evidence is needed for its controls") {
            continue;
        }
        let path = format!("controls/{}", first.id);
        let asked = Asked { hazard, in_place, counted_on, lacking };
        outcome.hit(Hit::hazard(&hazard.key, &path, evidence_message(&asked, absent, what)));
    }
}

fn evidence_message(asked: &Asked<'_>, absent: &AbsentEvidence<'_>, what: Shows) -> String {
    let name = |(control, standing): &(&Control, Standing)| {
        let gone =
            absent.among(control).next().map(|evidence| format!("the file of {evidence} is not there"));
        let unsaid = (*standing == Standing::CountedOn).then(|| match control.state {
            ControlState::Transferred => "transferred, and to nobody by name".to_owned(),
            _ => "no status".to_owned(),
        });
        match unsaid.into_iter().chain(gone).collect::<Vec<_>>().join("; ") {
            notes if notes.is_empty() => control.id.clone(),
            notes => format!("{} ({notes})", control.id),
        }
    };
    let named = super::some_of(&asked.lacking.iter().map(name).collect::<Vec<_>>());
    let key = &asked.hazard.key;
    let all = asked.in_place + asked.counted_on;
    let (is, are) = match (asked.in_place, asked.counted_on) {
        (_, 0) => ("is in place", "are in place"),
        (0, _) => ("counts as in place", "count as in place"),
        _ => ("is in place or counts as such", "are in place or count as such"),
    };
    let shown = match what {
        Shows::Implementation => "implemented",
        Shows::Effectiveness => "effective",
    };
    let message = match asked.lacking.len() {
        1 if all == 1 => {
            format!("The only control of {key} that {is} has no evidence that it is {shown}: {named}.")
        }
        1 => format!(
            "Of the {all} controls of {key} that {are} 1 has no evidence that it is {shown}: {named}."
        ),
        some if some == all => {
            format!(
                "Of the {all} controls of {key} that {are} none has evidence that it is {shown}: {named}."
            )
        }
        some => format!(
            "Of the {all} controls of {key} that {are} {some} have no evidence that they are {shown}: {named}."
        ),
    };
    if asked.lacking.iter().all(|(_, standing)| *standing == Standing::InPlace) {
        return message;
    }
    let decided = if asked.hazard.state == HazardState::Closed { "closed" } else { "decided" };
    format!("{message} {key} is {decided}, so what nobody says to be in place counts as in place.")
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
