//! E: consistency. Do the hazard log and the records of the PSA sessions speak of the same hazards?

use super::agreed;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::graph::Kind;
use crate::case::hazard::Hazard;
use crate::case::matrix::RiskPolicy;
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
        ..Check::DEFAULT
    },
    Check {
        id: "E7",
        level: Warning,
        clause: Some("4.1.1"),
        title: "Hazard without a recorded review at a PSA session",
        why: "A hazard that no session discussed rests on one person's view.",
        remedy: "Discuss the hazard at a PSA session, and record its rating and the decision.",
        runs: &[Run::Case(never_reviewed)],
        ..Check::DEFAULT
    },
    Check {
        id: "E8",
        level: Blocking,
        clause: Some("3.1.4, 6.4.1"),
        title: "Log that does not hold what the last PSA session agreed",
        why: "What a session decides and how it rates a hazard is what was discussed and agreed. Where the log has something else, a reader cannot tell which of them stands, or why it changed.",
        remedy: "Put the session's decision and rating into the log; or review the hazard again, and record the session that changed them.",
        runs: &[Run::Case(agreed::decisions), Run::Case(agreed::residual_ratings)],
        ..Check::DEFAULT
    },
    Check {
        id: "E19",
        level: Blocking,
        clause: Some("3.1.4, 4.4.1"),
        title: "Initial rating that is not the one a PSA session began with",
        why: "The initial risk says how much there is to control. Where the session and the log have different ones, a reader cannot tell what was reduced, or whether the hazard was made to look smaller.",
        remedy: "Put the session's initial rating into the log; or review the hazard again, and record the session that changed it.",
        runs: &[Run::Case(agreed::initial_ratings)],
        ..Check::DEFAULT
    },
    Check {
        id: "E10",
        level: Blocking,
        clause: Some("6.1.3"),
        title: "Hazard raised at a PSA session is not in the log",
        why: "A new hazard has to go through analysis, evaluation and control like any other, and that begins with its row.",
        remedy: "Add the hazard to the log, and name its id in the session's record.",
        runs: &[Run::Case(raised_and_lost)],
        ..Check::DEFAULT
    },
    Check {
        id: "E11",
        level: Warning,
        clause: Some("3.1.4"),
        title: "PSA session dated after the report",
        why: "A report can only rest on what was discussed before it; a later session was planned and not held, or its date is wrong.",
        remedy: "Correct the date of the session; or issue the report again after it, with what the session decided.",
        runs: &[Run::Case(late_sessions)],
        ..Check::DEFAULT
    },
];

/// A hit on an entry of a session's record.
fn hit_on(session: &PsaSession, list: &str, entry: &str, message: String) -> Hit {
    Hit::at(format!("psa/{}/{list}/{entry}", session.id), message)
}

fn unknown_hazards(examined: &Examined<'_>, outcome: &mut Outcome) {
    let graph = &examined.graph;
    for session in &examined.subject.case.psa {
        // What the session raised and the log lacks is said by E10.
        let raised: HashSet<&str> =
            session.new_hazards.iter().filter_map(|raised| raised.hazard.as_deref()).collect();
        let unknown = |hazard: &str| !graph.knows(Kind::Hazard, hazard) && !raised.contains(hazard);
        for discussion in session.discussed.iter().filter(|discussion| unknown(&discussion.hazard)) {
            let message = format!(
                "PSA session {} discussed {}, which is not in the hazard log.",
                session.id, discussion.hazard
            );
            outcome.hit(hit_on(session, "discussed", &discussion.hazard, message));
        }
        for action in &session.actions {
            if let Some(hazard) = action.hazard.as_deref().filter(|hazard| unknown(hazard)) {
                let message = format!(
                    "Action {} of PSA session {} names {hazard}, which is not in the hazard log.",
                    action.id, session.id
                );
                outcome.hit(hit_on(session, "actions", &action.id, message));
            }
        }
    }
}

fn never_reviewed(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let hazards = &case.hazard_log.hazards;
    if case.psa.is_empty() && !hazards.is_empty() {
        let message = match hazards.len() {
            1 => "The case holds no record of a PSA session, so nothing shows that its hazard was reviewed."
                .to_owned(),
            count => format!(
                "The case holds no record of a PSA session, so nothing shows that any of its {count} hazards was reviewed."
            ),
        };
        outcome.hit(Hit::at("psa", message).of_hazards(hazards));
        return;
    }
    for (hazard, row) in hazards.iter().zip(&examined.cross_reference.hazards) {
        if row.sessions.is_empty() && super::reconciliation::asks_for_review(hazard) {
            outcome.hit(Hit::hazard(&hazard.key, "", never_reviewed_message(hazard, case.policy_of(hazard))));
        }
    }
}

fn never_reviewed_message(hazard: &Hazard, policy: &RiskPolicy) -> String {
    let Hazard { key, initial, .. } = hazard;
    match initial.risk {
        Some(risk) => format!(
            "{key} was reviewed at no PSA session, though its initial risk is {}.",
            super::risk_in_words(risk, initial, policy)
        ),
        None => format!("{key} was reviewed at no PSA session, and its initial risk is not known."),
    }
}

fn late_sessions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    let issued = subject.case.document.issue_date.map(|date| (date, "the report's date of issue"));
    let judged = (subject.as_of, "the date that the case is judged by");
    for session in &subject.case.psa {
        for (date, what) in issued.into_iter().chain([judged]).filter(|(date, _)| session.date > *date) {
            let message =
                format!("PSA session {} is dated {:#}, after {what}, {date:#}.", session.id, session.date);
            outcome.hit(Hit::at(format!("psa/{}/date", session.id), message));
        }
    }
}

fn raised_and_lost(examined: &Examined<'_>, outcome: &mut Outcome) {
    for session in &examined.subject.case.psa {
        for (raised, number) in session.new_hazards.iter().zip(1..) {
            let message = match raised.hazard.as_deref() {
                Some(hazard) if examined.graph.knows(Kind::Hazard, hazard) => continue,
                Some(hazard) => format!(
                    "PSA session {} raised {hazard}, which is not in the hazard log: \"{}\".",
                    session.id, raised.description
                ),
                None => format!(
                    "PSA session {} raised a hazard that was given no id: \"{}\".",
                    session.id, raised.description
                ),
            };
            outcome.hit(hit_on(session, "new_hazards", &format!("{number}"), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, discussion, fires, inverted, some};
    use crate::case::hazard::Rating;
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
    fn e6_a_hazard_with_a_closure_record_is_not_unknown() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.psa[0].discussed.push(discussion("H99", None));
            fixture.case.hazard_log.retired.push(crate::case::hazard_log::RetiredHazard {
                id: "H99".to_owned(),
                on: date("2026-08-21"),
                by: "cso".to_owned(),
                reason: "The same as H01".to_owned(),
            });
        });
        assert_eq!(fixture.messages("E6"), Vec::<String>::new());
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
            "H01 was reviewed at no PSA session, though its initial risk is 3, Undesirable (Major x Medium).",
        );
        let unrated = |fixture: &mut Fixture| {
            unreviewed(fixture);
            fixture.hazard().initial = Rating::default();
        };
        fires("E7", unrated, "H01 was reviewed at no PSA session, and its initial risk is not known.");
        let of_another_matrix = |fixture: &mut Fixture| {
            unreviewed(fixture);
            fixture.hazard().initial = Rating::new(Some("Severe"), Some("Seldom"), None, &inverted());
            fixture.case.risk_policies.push(inverted());
        };
        fires(
            "E7",
            of_another_matrix,
            "H01 was reviewed at no PSA session, though its initial risk is 2, High (Severe x Seldom).",
        );
    }

    #[test]
    fn e7_no_session_is_one_finding() {
        fires(
            "E7",
            |fixture| fixture.case.psa.clear(),
            "The case holds no record of a PSA session, so nothing shows that any of its 2 hazards was reviewed.",
        );
    }

    #[test]
    fn e11_a_session_after_the_report() {
        let held = |on: &str, issued: Option<&str>| {
            let (on, issued) = (date(on), issued.map(date));
            move |fixture: &mut Fixture| {
                fixture.case.psa[0].date = on;
                fixture.case.document.issue_date = issued;
            }
        };
        fires(
            "E11",
            held("2026-09-15", None),
            "PSA session PSA-1 is dated 15 September 2026, after the date that the case is judged by, 14 September 2026.",
        );
        fires(
            "E11",
            held("2026-09-08", Some("2026-09-07")),
            "PSA session PSA-1 is dated 8 September 2026, after the report's date of issue, 7 September 2026.",
        );
        let same_day = Fixture::with(held("2026-09-07", Some("2026-09-07")));
        assert_eq!(same_day.messages("E11"), Vec::<String>::new());
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
