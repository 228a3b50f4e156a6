//! E: consistency. Do the hazard log and the records of the PSA sessions speak of the same hazards?

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::hazard::Hazard;
use crate::case::psa::PsaSession;
use std::collections::HashSet;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "E6",
        level: Blocking,
        clause: Some("3.1.4, 4.3.1"),
        title: "PSA record that names an unknown hazard",
        why: "A decision on a hazard that the log does not have is lost: the hazard was dropped, or its id is wrong.",
        remedy: "Correct the hazard's id in the record, or put the hazard back into the log with what became of it.",
        runs: &[Run::Case(unknown_hazards)],
    },
    Check {
        id: "E7",
        level: Warning,
        clause: Some("4.1.1"),
        title: "Hazard never reviewed at a PSA session",
        why: "A hazard that no session looked at rests on the view of whoever wrote the row.",
        remedy: "Discuss the hazard at a PSA session, and record its rating and the decision.",
        runs: &[Run::Case(never_reviewed)],
    },
    Check {
        id: "E10",
        level: Blocking,
        clause: Some("6.1.3"),
        title: "Hazard raised at a PSA session is not in the log",
        why: "A new hazard has to go through analysis, evaluation and control like any other, and that begins with its row.",
        remedy: "Add the hazard to the log, and name its id in the session's record.",
        runs: &[Run::Case(raised_and_lost)],
    },
];

fn known<'a>(examined: &'a Examined<'_>) -> HashSet<&'a str> {
    examined.cross_reference.hazards.iter().map(|row| row.key.as_str()).collect()
}

fn hit(session: &PsaSession, message: String) -> Hit {
    Hit::at(format!("psa/{}", session.id), message)
}

fn unknown_hazards(examined: &Examined<'_>, outcome: &mut Outcome) {
    let known = known(examined);
    for session in &examined.subject.case.psa {
        let raised: HashSet<&str> =
            session.new_hazards.iter().filter_map(|raised| raised.hazard.as_deref()).collect();
        let unknown = |hazard: &str| !known.contains(hazard) && !raised.contains(hazard);
        for discussion in session.discussed.iter().filter(|discussion| unknown(&discussion.hazard)) {
            let message = format!(
                "PSA session {} discussed {}, which is not in the hazard log.",
                session.id, discussion.hazard
            );
            outcome.hit(hit(session, message));
        }
        for action in &session.actions {
            if let Some(hazard) = action.hazard.as_deref().filter(|hazard| unknown(hazard)) {
                let message = format!(
                    "Action {} of PSA session {} names {hazard}, which is not in the hazard log.",
                    action.id, session.id
                );
                outcome.hit(hit(session, message));
            }
        }
    }
}

fn never_reviewed(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let hazards = &case.hazard_log.hazards;
    if case.psa.is_empty() && !hazards.is_empty() {
        let message = match hazards.len() {
            1 => "The only hazard was never reviewed: no PSA session is recorded.".to_owned(),
            count => format!("None of the {count} hazards was ever reviewed: no PSA session is recorded."),
        };
        outcome.hit(Hit::at("psa", message));
        return;
    }
    for (hazard, row) in hazards.iter().zip(&examined.cross_reference.hazards) {
        if row.sessions.is_empty() {
            outcome.hit(Hit::hazard(&hazard.key, "", never_reviewed_message(hazard)));
        }
    }
}

fn never_reviewed_message(hazard: &Hazard) -> String {
    match hazard.initial.risk {
        Some(risk @ 3..) => format!(
            "{} was reviewed at no PSA session, though its initial risk is {risk} ({}).",
            hazard.key,
            super::severity_by_likelihood(&hazard.initial)
        ),
        _ => format!("{} was reviewed at no PSA session.", hazard.key),
    }
}

fn raised_and_lost(examined: &Examined<'_>, outcome: &mut Outcome) {
    let known = known(examined);
    for session in &examined.subject.case.psa {
        for raised in &session.new_hazards {
            let message = match raised.hazard.as_deref() {
                Some(hazard) if known.contains(hazard) => continue,
                Some(hazard) => format!(
                    "PSA session {} raised {hazard}, which is not in the hazard log: \"{}\".",
                    session.id, raised.description
                ),
                None => format!(
                    "PSA session {} raised a hazard that was given no id: \"{}\".",
                    session.id, raised.description
                ),
            };
            outcome.hit(hit(session, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, discussion, fires, rating, some};
    use crate::case::psa::{ActionState, NewHazard, PsaAction};

    #[test]
    fn e6_discussed_and_unknown() {
        fires(
            "E6",
            |fixture| fixture.case.psa[0].discussed.push(discussion("H99", None)),
            "PSA session PSA-1 discussed H99, which is not in the hazard log.",
        );
    }

    #[test]
    fn e6_action_on_an_unknown_hazard() {
        let action = PsaAction {
            id: "A1".to_owned(),
            text: "Write the guide".to_owned(),
            owner: None,
            due: None,
            state: ActionState::Closed,
            closed: None,
            hazard: some("H99"),
        };
        fires(
            "E6",
            |fixture| fixture.case.psa[0].actions.push(action),
            "Action A1 of PSA session PSA-1 names H99, which is not in the hazard log.",
        );
    }

    #[test]
    fn e7_says_when_the_risk_asked_for_a_review() {
        let unreviewed = |fixture: &mut Fixture| drop(fixture.case.psa[0].discussed.remove(0));
        fires(
            "E7",
            unreviewed,
            "H01 was reviewed at no PSA session, though its initial risk is 3 (Major x Medium).",
        );
        let low = |fixture: &mut Fixture| {
            unreviewed(fixture);
            fixture.hazard().initial = rating("Major", "Very Low", 2);
        };
        fires("E7", low, "H01 was reviewed at no PSA session.");
    }

    #[test]
    fn e7_no_session_is_one_finding() {
        fires(
            "E7",
            |fixture| fixture.case.psa.clear(),
            "None of the 2 hazards was ever reviewed: no PSA session is recorded.",
        );
    }

    #[test]
    fn e10_raised_and_not_in_the_log() {
        let raising = |hazard: Option<&str>| {
            let raised =
                NewHazard { hazard: hazard.map(str::to_owned), description: "Sent twice".to_owned() };
            move |fixture: &mut Fixture| fixture.case.psa[0].new_hazards.push(raised)
        };
        fires(
            "E10",
            raising(None),
            "PSA session PSA-1 raised a hazard that was given no id: \"Sent twice\".",
        );
        fires(
            "E10",
            raising(Some("H99")),
            "PSA session PSA-1 raised H99, which is not in the hazard log: \"Sent twice\".",
        );
        assert_eq!(Fixture::with(raising(Some("H02"))).messages("E10"), Vec::<String>::new());
        assert_eq!(Fixture::with(raising(Some("H99"))).messages("E6"), Vec::<String>::new(), "said once");
    }
}
