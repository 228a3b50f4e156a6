//! Whether versions and dates of the documents fit together.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::version;
use crate::case::document::Revision;
use crate::case::observation::ObservationKind as Kind;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F9",
        level: Blocking,
        clause: Some("3.5.2, 3.3.2, 3.3.3"),
        title: "Version on the cover differs from the revision history",
        why: "An approval is of one version; where the document names two, nobody can say which was approved.",
        remedy: "Correct the version on the cover, or add the missing row to the revision history.",
        runs: &[Run::Log(log_version), Run::Case(report_version)],
        ..Check::DEFAULT
    },
    Check {
        id: "F20",
        level: Warning,
        clause: Some("3.1.3"),
        title: "Date that cannot be read",
        why: "The order of reviews, versions and approvals is evidence, and rests on their dates.",
        remedy: "Write the date in full, such as 14 September 2026.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::MalformedDate]))],
        ..Check::DEFAULT
    },
    Check {
        id: "F21",
        level: Warning,
        clause: Some("6.3.1"),
        title: "PSA action past its due date",
        why: "An action that is late is a control that is not there yet.",
        remedy: "Close the action with its date, or agree a new due date and say why.",
        runs: &[Run::Case(overdue_actions)],
        ..Check::DEFAULT
    },
];

fn log_version(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    if let Some(message) = mismatch("hazard log", log.version.as_deref(), &log.revisions) {
        outcome.hit(Hit::at("hazard_log/version", message));
    }
}

fn report_version(examined: &Examined<'_>, outcome: &mut Outcome) {
    let document = &examined.subject.case.document;
    if let Some(message) = mismatch("report", document.version.as_deref(), &document.revisions) {
        outcome.hit(Hit::at("document/version", message));
    }
}

fn mismatch(document: &str, cover: Option<&str>, revisions: &[Revision]) -> Option<String> {
    let cover = cover?.trim();
    let latest =
        revisions.iter().map(|revision| revision.version.trim()).max_by_key(|v| version::numbers(v))?;
    (!version::same(latest, cover)).then(|| {
        format!(
            "The {document}'s cover says version {cover}; the latest version of its revision history is {latest}."
        )
    })
}

fn overdue_actions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let as_of = examined.subject.as_of;
    for session in &examined.subject.case.psa {
        for action in session.actions.iter().filter(|action| rules::is_overdue(action, as_of)) {
            let due = action.due.map(|due| format!(" was due on {due:#} and")).unwrap_or_default();
            let message = format!(
                "Action {} of PSA session {}{due} is open: \"{}\".",
                action.id, session.id, action.text
            );
            let path = format!("psa/{}/actions/{}", session.id, action.id);
            outcome.hit(Hit::at(path, message).of_hazard(action.hazard.as_deref()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, date, fires, fires_on_observation, revision, some};
    use crate::case::psa::{ActionState, PsaAction};

    #[test]
    fn f9_cover_of_the_report() {
        fires(
            "F9",
            |fixture| fixture.case.document.version = some("0.9"),
            "The report's cover says version 0.9; the latest version of its revision history is 1.0.",
        );
    }

    #[test]
    fn f9_cover_of_the_log_is_judged_on_import_too() {
        let spoil = |fixture: &mut Fixture| {
            fixture.case.hazard_log.version = some("1.6");
            fixture.case.hazard_log.revisions = vec![revision("1.7"), revision("1.6")];
        };
        let message =
            "The hazard log's cover says version 1.6; the latest version of its revision history is 1.7.";
        fires("F9", spoil, message);
        assert!(Fixture::with(spoil).imported().iter().any(|finding| finding.message == message));
    }

    #[test]
    fn f9_spelling_and_order_of_versions_do_not_matter() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.document.version = some("V1.10");
            fixture.case.document.revisions = vec![revision("1.10"), revision("1.9"), revision("1.2")];
            fixture.case.hazard_log.version = some("2.0");
            fixture.case.hazard_log.revisions = vec![revision("2")];
        });
        assert_eq!(fixture.messages("F9"), Vec::<String>::new());
    }

    #[test]
    fn f20_is_what_intake_noticed() {
        fires_on_observation("F20", Kind::MalformedDate);
    }

    #[test]
    fn f21_is_judged_by_the_as_of_date() {
        let due = |on: &str, state: ActionState| {
            let action = PsaAction {
                id: "A1".to_owned(),
                text: "Write the guide".to_owned(),
                owner: None,
                due: Some(date(on)),
                state,
                closed: None,
                hazard: some("H02"),
            };
            move |fixture: &mut Fixture| fixture.case.psa[0].actions.push(action)
        };
        fires(
            "F21",
            due("2026-09-13", ActionState::Open),
            "Action A1 of PSA session PSA-1 was due on 13 September 2026 and is open: \"Write the guide\".",
        );
        assert_eq!(Fixture::with(due("2026-09-14", ActionState::Open)).messages("F21"), Vec::<String>::new());
        assert_eq!(
            Fixture::with(due("2026-09-13", ActionState::Closed)).messages("F21"),
            Vec::<String>::new()
        );
    }
}
