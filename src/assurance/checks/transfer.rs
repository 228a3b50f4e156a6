//! D: transfer. Is every risk that another organisation is to control handed to somebody by name?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::case::hazard::HazardState;
use crate::case::observation::ObservationKind as Kind;

pub(super) static CHECKS: &[Check] = &[Check {
    id: "D1",
    level: Blocking,
    clause: Some("6.3.1"),
    title: "Transfer without a recipient",
    why: "A control that is left to another organisation is nobody's until that organisation is named and knows of it.",
    remedy: "Name the receiving organisation: in the control's owner, or as `transferred_to` in the supplement.",
    runs: &[
        Run::Log(hazards),
        Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::TransferWithoutRecipient])),
    ],
}];

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
    fn d1_is_what_intake_noticed_of_a_control() {
        fires_on_observation("D1", Kind::TransferWithoutRecipient);
    }
}
