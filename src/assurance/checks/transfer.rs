//! D: transfer. Is every risk that another organisation is to control handed to somebody by name?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::case::hazard::{ControlState, HazardState};
use crate::case::observation::ObservationKind as Kind;
use crate::case::psa::Decision;
use std::collections::HashSet;

pub(super) static CHECKS: &[Check] = &[Check {
    id: "D1",
    level: Blocking,
    clause: Some("6.3.1"),
    title: "Transfer without a recipient",
    why: "A control that is left to another organisation is nobody's until that organisation is named and knows of it.",
    remedy: "Name the receiving organisation.",
    how: Some("the control's owner in the log, or `transferred_to` in supplement.toml"),
    runs: &[
        Run::Log(hazards),
        Run::Log(controls),
        Run::Case(decisions),
        Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::TransferWithoutRecipient])),
    ],
    ..Check::DEFAULT
}];

fn controls(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        for control in hazard.all_controls() {
            if control.state == ControlState::Transferred && control.transferred_to.is_none() {
                let message = format!(
                    "Control {} of {} has the status Transferred, and no recipient is named.",
                    control.id, hazard.key
                );
                outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", control.id), message));
            }
        }
    }
}

fn decisions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let named = case.hazard_log.hazards.iter().filter(|hazard| hazard.transferred_to.is_some());
    let named: HashSet<&str> = named.map(|hazard| hazard.key.as_str()).collect();
    for session in &case.psa {
        for discussion in
            session.discussed.iter().filter(|discussion| discussion.decision == Some(Decision::Transfer))
        {
            if discussion.recipient.is_none() && !named.contains(discussion.hazard.as_str()) {
                let message = format!(
                    "PSA session {} decided to transfer {}, and no recipient is named.",
                    session.id, discussion.hazard
                );
                let path = format!("psa/{}/discussed/{}", session.id, discussion.hazard);
                outcome.hit(Hit::at(path, message).of_hazard(Some(&discussion.hazard)));
            }
        }
    }
}

fn hazards(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let named = hazard.transferred_to.is_some()
            || hazard.controls.iter().any(|control| control.transferred_to.is_some());
        if hazard.state == HazardState::Transferred && !named {
            let message = format!("{} has the status Transferred, and no recipient is named.", hazard.key);
            outcome.hit(Hit::hazard(&hazard.key, "status", message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, fires_on_observation, some};

    #[test]
    fn d1_a_transferred_hazard_names_its_recipient() {
        let transferred = |fixture: &mut Fixture| fixture.hazard().state = HazardState::Transferred;
        fires("D1", transferred, "H01 has the status Transferred, and no recipient is named.");
        let named = Fixture::with(|fixture| {
            transferred(fixture);
            fixture.hazard().transferred_to = some("Deploying organisation");
        });
        assert_eq!(named.messages("D1"), Vec::<String>::new());
    }

    #[test]
    fn d1_a_transferred_control_names_its_recipient() {
        let spoil = |fixture: &mut Fixture| {
            let control = &mut fixture.hazard().controls[0];
            control.state = ControlState::Transferred;
            control.transferred_to = None;
        };
        let id = Fixture::with(|_| {}).case.hazard_log.hazards[0].controls[0].id.clone();
        fires(
            "D1",
            spoil,
            &format!("Control {id} of H01 has the status Transferred, and no recipient is named."),
        );
    }

    #[test]
    fn d1_a_decision_to_transfer_names_its_recipient() {
        let decided = |fixture: &mut Fixture| {
            fixture.case.psa[0].discussed[0].decision = Some(Decision::Transfer);
            fixture.case.psa[0].discussed[0].recipient = None;
        };
        fires("D1", decided, "PSA session PSA-1 decided to transfer H01, and no recipient is named.");
        let named = Fixture::with(|fixture| {
            decided(fixture);
            fixture.case.psa[0].discussed[0].recipient = some("Trust");
        });
        assert_eq!(named.messages("D1"), Vec::<String>::new());
    }

    #[test]
    fn d1_is_what_intake_noticed_of_a_control() {
        fires_on_observation("D1", Kind::TransferWithoutRecipient);
    }
}
