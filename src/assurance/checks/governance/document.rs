//! Whether versions and dates of the documents fit together.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::version;
use crate::case::Date;
use crate::case::document::{DocumentControl, Revision};
use crate::case::hazard_log::HazardLog;
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
    // Its own check: a date is often set by hand, and does not by itself make it unclear what was approved.
    Check {
        id: "F29",
        level: Warning,
        clause: Some("3.5.2, 3.3.2"),
        title: "Date on the cover differs from the revision history",
        why: "Reviews and approvals are held against the date of the version; where the document gives two, nobody can say which came first.",
        remedy: "Correct the date on the cover, or that in the revision history.",
        runs: &[Run::Log(log_date), Run::Case(report_date)],
        ..Check::DEFAULT
    },
    Check {
        id: "F20",
        level: Warning,
        clause: Some("3.1.3"),
        title: "Date that is in doubt",
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
    let cover = Cover::of_log(subject.log);
    if let Some(message) = cover.another_version() {
        outcome.hit(Hit::at("hazard_log/version", message));
    }
}

fn report_version(examined: &Examined<'_>, outcome: &mut Outcome) {
    let cover = Cover::of_report(&examined.subject.case.document);
    if let Some(message) = cover.another_version() {
        outcome.hit(Hit::at("document/version", message));
    }
}

/// The date of a log's cover is that of its version.
fn log_date(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let cover = Cover::of_log(subject.log);
    let (Some(on), Some((latest, dated))) = (cover.date, cover.latest()) else { return };
    if let Some(dated) = dated.filter(|dated| *dated != on) {
        let message = format!(
            "The hazard log's cover is dated {on:#}; the latest version of its revision history, {latest}, is of {dated:#}."
        );
        outcome.hit(Hit::at("hazard_log/version_date", message));
    }
}

/// A report is issued when its version is made or later, and never before.
fn report_date(examined: &Examined<'_>, outcome: &mut Outcome) {
    let cover = Cover::of_report(&examined.subject.case.document);
    let (Some(on), Some((latest, dated))) = (cover.date, cover.latest()) else { return };
    if let Some(dated) = dated.filter(|dated| *dated > on) {
        let message = format!(
            "The report's date of issue is {on:#}; the latest version of its revision history, {latest}, is of {dated:#}."
        );
        outcome.hit(Hit::at("document/issue_date", message));
    }
}

/// What a document says of its version on its cover, and what its history says.
struct Cover<'a> {
    document: &'a str,
    version: Option<&'a str>,
    date: Option<Date>,
    revisions: &'a [Revision],
}

impl<'a> Cover<'a> {
    fn of_log(log: &'a HazardLog) -> Self {
        Self {
            document: "hazard log",
            version: log.version.as_deref(),
            date: log.version_date.as_deref().and_then(Date::parse_stated),
            revisions: &log.revisions,
        }
    }

    fn of_report(document: &'a DocumentControl) -> Self {
        Self {
            document: "report",
            version: document.version.as_deref(),
            date: document.issue_date,
            revisions: &document.revisions,
        }
    }

    /// The latest version of the history, and its date where it has one.
    fn latest(&self) -> Option<(&'a str, Option<Date>)> {
        let latest = version::latest(self.revisions)?;
        Some((latest.version.trim(), latest.date.as_deref().and_then(Date::parse_stated)))
    }

    fn another_version(&self) -> Option<String> {
        let cover = self.version?.trim();
        let (latest, dated) = self.latest()?;
        let of = |date: Option<Date>| date.map_or_else(String::new, |date| format!(" of {date:#}"));
        (!version::same(latest, cover)).then(|| {
            format!(
                "The {}'s cover says version {cover}{}; the latest version of its revision history is {latest}{}.",
                self.document,
                of(self.date),
                of(dated)
            )
        })
    }
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
            "The report's cover says version 0.9; the latest version of its revision history is 1.0 of 1 September 2026.",
        );
    }

    #[test]
    fn f9_cover_of_the_log_is_judged_on_import_too() {
        let spoil = |fixture: &mut Fixture| {
            fixture.case.hazard_log.version = some("1.6");
            fixture.case.hazard_log.revisions = vec![revision("1.7"), revision("1.6")];
        };
        let message = "The hazard log's cover says version 1.6; the latest version of its revision history is 1.7 of 1 September 2026.";
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
    fn f29_a_cover_of_another_date() {
        fires(
            "F29",
            |fixture| fixture.case.hazard_log.version_date = some("20.07.2026"),
            "The hazard log's cover is dated 20 July 2026; the latest version of its revision history, 1.0, is of 1 September 2026.",
        );
        fires(
            "F29",
            |fixture| fixture.case.document.issue_date = Some(date("2026-08-31")),
            "The report's date of issue is 31 August 2026; the latest version of its revision history, 1.0, is of 1 September 2026.",
        );
        let later = Fixture::with(|fixture| fixture.case.document.issue_date = Some(date("2026-09-14")));
        assert_eq!(
            later.messages("F29"),
            Vec::<String>::new(),
            "a report is issued after its version was made"
        );
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
