//! C: control and residual risk. Do the controls leave the patient better off, and has somebody decided on
//! what remains?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information};
use crate::case::hazard::{Hazard, HazardState};
use crate::case::observation::ObservationKind as Kind;
use crate::case::psa::Decision;
use std::collections::HashMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C6",
        level: Blocking,
        clause: Some("6.3.2, 3.1.3"),
        title: "Evidence that is not there",
        why: "A control is shown to work by a document that somebody can open; a file that does not exist shows nothing.",
        remedy: "Put the file into the case folder, or correct its name in the evidence.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::MissingFile]))],
    },
    Check {
        id: "C7",
        level: Blocking,
        clause: Some("6.1.4, 6.1.2"),
        title: "Residual risk above the initial risk",
        why: "Controls that raise a risk have brought a hazard of their own, or one of the two ratings is wrong.",
        remedy: "Correct the rating; or find out which control raises the risk, and record the hazard that it brings.",
        runs: &[Run::Log(raised_risks)],
    },
    Check {
        id: "C16",
        level: Blocking,
        clause: Some("6.4.1"),
        title: "Hazard not decided",
        why: "Every identified hazard has to be considered and accepted; one that nobody has decided on is still in the way of the patient.",
        remedy: "Decide at a PSA session whether the hazard is accepted, transferred or closed, and record the decision or the status.",
        runs: &[Run::Case(undecided)],
    },
    Check {
        id: "C17",
        level: Information,
        clause: Some("6.1.1"),
        title: "Lists of different length",
        why: "Where causes and controls are numbered alike, equal numbers seem to belong together; lists of different length leave some without a partner.",
        remedy: "Say in the log which control answers which cause, or state the links in the supplement.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ListLength]))],
    },
];

fn raised_risks(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let (Some(before), Some(after)) = (hazard.initial.risk, hazard.residual.risk) else { continue };
        if after > before {
            let message = format!(
                "{} has a residual risk of {after} ({}) and an initial risk of {before} ({}).",
                hazard.key,
                super::severity_by_likelihood(&hazard.residual),
                super::severity_by_likelihood(&hazard.initial)
            );
            outcome.hit(Hit::hazard(&hazard.key, "residual/risk", message));
        }
    }
}

fn undecided(examined: &Examined<'_>, outcome: &mut Outcome) {
    let rows = &examined.cross_reference.hazards;
    let decisions: HashMap<&str, Decision> =
        rows.iter().filter_map(|row| Some((row.key.as_str(), row.decision.as_ref()?.0))).collect();
    for hazard in &examined.subject.case.hazard_log.hazards {
        let decision = decisions.get(hazard.key.as_str()).copied();
        if !is_decided(hazard, decision) {
            outcome.hit(Hit::hazard(&hazard.key, "status", undecided_message(hazard, decision)));
        }
    }
}

/// Accepted, transferred or closed: by its status, a recorded acceptance or the last decision of a session.
fn is_decided(hazard: &Hazard, decision: Option<Decision>) -> bool {
    let by_status = matches!(hazard.state, HazardState::Closed | HazardState::Transferred)
        || hazard.status.as_deref().is_some_and(|status| status.trim().to_lowercase().starts_with("accept"));
    let by_session =
        matches!(decision, Some(Decision::Accept | Decision::Transfer | Decision::Close | Decision::Reject));
    by_status || by_session || hazard.initial_acceptance.is_some() || hazard.residual_acceptance.is_some()
}

fn undecided_message(hazard: &Hazard, decision: Option<Decision>) -> String {
    let status = match hazard.status.as_deref().map(str::trim).filter(|status| !status.is_empty()) {
        Some(status) => format!("has the status \"{status}\""),
        None => "has no status".to_owned(),
    };
    let decided = match decision {
        Some(Decision::Control) => "the last decision of a PSA session is to control it",
        Some(Decision::Defer) => "the last PSA session to discuss it deferred the decision",
        _ => "no PSA session records a decision on it",
    };
    format!("{} {status}, and {decided}.", hazard.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, fires_on_observation, rating, some};

    #[test]
    fn c6_is_what_intake_noticed() {
        fires_on_observation("C6", Kind::MissingFile);
    }

    #[test]
    fn c7_controls_that_raise_the_risk() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().residual = rating("Major", "High", 4);
        fires(
            "C7",
            spoil,
            "H01 has a residual risk of 4 (Major x High) and an initial risk of 3 (Major x Medium).",
        );
    }

    fn undecided(status: Option<&str>, decision: Option<Decision>) -> Fixture {
        Fixture::with(|fixture| {
            fixture.hazard().status = status.map(str::to_owned);
            fixture.hazard().state = HazardState::from_stated(status);
            fixture.case.psa[0].discussed[0].decision = decision;
        })
    }

    #[test]
    fn c16_neither_status_nor_decision() {
        let messages = |status, decision| undecided(status, decision).messages("C16");
        assert_eq!(messages(None, None), ["H01 has no status, and no PSA session records a decision on it."]);
        assert_eq!(
            messages(Some("Open"), Some(Decision::Control)),
            ["H01 has the status \"Open\", and the last decision of a PSA session is to control it."]
        );
    }

    #[test]
    fn c16_either_is_enough() {
        for (status, decision) in [
            (Some("Closed"), None),
            (Some("transferred"), None),
            (Some("Accepted"), None),
            (None, Some(Decision::Accept)),
            (Some("Open"), Some(Decision::Transfer)),
        ] {
            assert_eq!(undecided(status, decision).messages("C16"), Vec::<String>::new(), "{status:?}");
        }
        let mut fixture = undecided(some("Open").as_deref(), None);
        assert_eq!(fixture.findings("C16").len(), 1);
        fixture.hazard().residual_acceptance = Some(crate::case::hazard::Acceptance {
            by: "cso".to_owned(),
            on: crate::assurance::testing::date("2026-08-20"),
            reason: "no further reduction is practical".to_owned(),
        });
        assert_eq!(fixture.messages("C16"), Vec::<String>::new());
    }

    #[test]
    fn c17_is_what_intake_noticed() {
        fires_on_observation("C17", Kind::ListLength);
    }
}
