//! Issue and change: what state documents are issued in, in which order, and what a change or an incident asks
//! of them.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::{LogSubject, version};
use crate::case::Date;
use crate::case::document::Revision;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F8",
        level: Warning,
        clause: Some("3.5.2"),
        title: "Draft with the version number of an issue",
        why: "A whole version number, or a history that says issued or approved, tells a reader that the document stands; the status says that it does not.",
        remedy: "Set the status to what the document is; or give a draft a number below that of the issue that it leads to, such as 0.9.",
        runs: &[Run::Log(log_status), Run::Case(report_status)],
        ..Check::DEFAULT
    },
    Check {
        id: "F10",
        level: Warning,
        clause: Some("3.3.3"),
        title: "Hazard log dated after the report",
        why: "The log that is issued with a report is there when the report is issued; a later one holds what the report cannot know.",
        remedy: "Issue the report again for this version of the log, or correct the date that is wrong.",
        runs: &[Run::Case(log_after_report)],
        ..Check::DEFAULT
    },
    Check {
        id: "F17",
        level: Warning,
        clause: Some("7.3.2, 7.3.3"),
        title: "Modification without a statement on clinical risk",
        why: "Whether a change needs a full report or a short addendum depends on whether it changes clinical risk; the report has to say which, and why.",
        remedy: "Say whether the modification changes clinical risk, and why.",
        how: Some("`risk_changed` and `change_rationale` under `release` in case.toml"),
        runs: &[Run::Case(modification)],
        ..Check::DEFAULT
    },
    Check {
        id: "F23",
        level: Blocking,
        clause: Some("7.2.2, 7.2.3"),
        title: "Incident without an assessment of its impact",
        why: "An incident that bears on a hazard may show that its rating or its controls are wrong; until it is assessed, the safety case may not hold.",
        remedy: "Assess what the incident means for the hazards and the safety case, and record it.",
        how: Some("`impact` of the incident, in case.toml"),
        runs: &[Run::Case(incidents)],
        ..Check::DEFAULT
    },
];

fn log_status(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    if let Some(message) = draft("hazard log", log.status.as_deref(), log.version.as_deref(), &log.revisions)
    {
        outcome.hit(Hit::at("hazard_log/status", message));
    }
}

fn report_status(examined: &Examined<'_>, outcome: &mut Outcome) {
    let document = &examined.subject.case.document;
    let (status, version) = (document.status.as_deref(), document.version.as_deref());
    if let Some(message) = draft("report", status, version, &document.revisions) {
        outcome.hit(Hit::at("document/status", message));
    }
}

pub(super) fn draft(
    what: &str,
    status: Option<&str>,
    version: Option<&str>,
    revisions: &[Revision],
) -> Option<String> {
    let (status, version) = (status?.trim(), version?.trim());
    let is_draft = status.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word == "draft");
    let because = is_draft.then(|| issued(version, revisions)).flatten()?;
    Some(format!("The {what}'s status is \"{status}\", and its version is {version}, {because}."))
}

/// Why a version is that of an issue: a whole number from 1 on, or what its own revision says.
fn issued(version: &str, revisions: &[Revision]) -> Option<String> {
    const ISSUED: [&str; 5] = ["issued", "approved", "endorsed", "published", "baselined"];
    // What is yet to come, or was not done.
    const NOT_YET: [&str; 5] = ["for", "to", "not", "be", "until"];
    let says_so = |revision: &&Revision| {
        let summary = revision.summary.as_deref().unwrap_or_default().to_lowercase();
        let words: Vec<&str> =
            summary.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.iter().enumerate().any(|(at, word)| {
            ISSUED.contains(word) && !words[..at].last().is_some_and(|before| NOT_YET.contains(before))
        })
    };
    let own = revisions.iter().filter(|revision| version::same(&revision.version, version));
    match version::numbers(version)[..] {
        [whole] if whole > 0 => Some("a whole number".to_owned()),
        _ => own.filter(says_so).find_map(|revision| {
            let summary = revision.summary.as_deref()?.trim().trim_end_matches('.');
            Some(format!("of which the history says \"{summary}\""))
        }),
    }
}

fn log_after_report(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let log = case.hazard_log.version_date.as_deref().and_then(Date::parse_stated);
    let (Some(log), Some(report)) = (log, case.document.issue_date) else { return };
    if log > report {
        let message =
            format!("The hazard log is dated {log:#}, after the report's date of issue, {report:#}.");
        outcome.hit(Hit::at("hazard_log/version_date", message));
    }
}

fn modification(examined: &Examined<'_>, outcome: &mut Outcome) {
    let release = &examined.subject.case.release;
    let Some(modified) = release.modifies.as_deref().filter(|release| !release.trim().is_empty()) else {
        return;
    };
    let has_reason = release.change_rationale.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    let message = match (release.risk_changed, has_reason) {
        (Some(_), true) => return,
        (Some(true), false) => format!("Why clinical risk changes from release {modified} is not given."),
        (Some(false), false) => {
            format!("Why clinical risk does not change from release {modified} is not given.")
        }
        (None, _) => format!("Whether clinical risk changes from release {modified} is not said."),
    };
    outcome.hit(Hit::at("release/modifies", message));
}

fn incidents(examined: &Examined<'_>, outcome: &mut Outcome) {
    for incident in &examined.subject.case.incidents {
        let is_assessed = incident.impact.as_deref().is_some_and(|impact| !impact.trim().is_empty());
        if is_assessed || incident.hazards.is_empty() {
            continue;
        }
        let hazards: Vec<&str> = incident.hazards.iter().map(String::as_str).collect();
        let message = format!(
            "What incident {} means for {} is not said: \"{}\"",
            incident.id,
            super::super::list(&hazards),
            incident.summary
        );
        outcome.hit(Hit::at(format!("incidents/{}", incident.id), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, fires, some};
    use crate::case::plan::Incident;

    fn report(status: &str, version: &str, summary: &str) -> impl FnOnce(&mut Fixture) {
        let (status, version, summary) = (some(status), version.to_owned(), some(summary));
        move |fixture| {
            let document = &mut fixture.case.document;
            document.status = status;
            document.revisions[1].version.clone_from(&version);
            document.revisions[1].summary = summary;
            document.version = Some(version);
        }
    }

    #[test]
    fn f8_a_draft_that_was_issued() {
        fires(
            "F8",
            report("Draft", "2.0", ""),
            "The report's status is \"Draft\", and its version is 2.0, a whole number.",
        );
        fires(
            "F8",
            report("DRAFT for comment", "1.4", "Endorsed 8 April."),
            "The report's status is \"DRAFT for comment\", and its version is 1.4, of which the history says \"Endorsed 8 April\".",
        );
        fires(
            "F8",
            |fixture| fixture.case.hazard_log.status = some("Draft"),
            "The hazard log's status is \"Draft\", and its version is 1.0, a whole number.",
        );
        for spoil in [
            report("Draft", "0.9", "Comments taken in"),
            report("Draft", "1.1", "To be approved by the board"),
            report("For approval", "1.0", "Issued for approval"),
            report("Drafting complete, live", "1.0", ""),
        ] {
            assert_eq!(Fixture::with(spoil).messages("F8"), Vec::<String>::new());
        }
    }

    #[test]
    fn f10_a_log_of_a_later_day() {
        let dated = |log: &str| {
            let log = some(log);
            move |fixture: &mut Fixture| {
                fixture.case.hazard_log.version_date = log;
                fixture.case.document.issue_date = Some(date("2026-09-07"));
            }
        };
        fires(
            "F10",
            dated("08.09.2026"),
            "The hazard log is dated 8 September 2026, after the report's date of issue, 7 September 2026.",
        );
        assert_eq!(Fixture::with(dated("07/09/2026")).messages("F10"), Vec::<String>::new());
    }

    #[test]
    fn f17_a_modification_says_whether_risk_changes_and_why() {
        let modifies = |changed: Option<bool>, reason: Option<&str>| {
            let reason = reason.map(str::to_owned);
            move |fixture: &mut Fixture| {
                let release = &mut fixture.case.release;
                release.modifies = some("2.0");
                release.risk_changed = changed;
                release.change_rationale = reason;
            }
        };
        fires(
            "F17",
            modifies(None, Some("x")),
            "Whether clinical risk changes from release 2.0 is not said.",
        );
        fires(
            "F17",
            modifies(Some(false), Some(" ")),
            "Why clinical risk does not change from release 2.0 is not given.",
        );
        fires("F17", modifies(Some(true), None), "Why clinical risk changes from release 2.0 is not given.");
        let said = Fixture::with(modifies(Some(true), Some("It writes now")));
        assert_eq!(said.messages("F17"), Vec::<String>::new());
    }

    #[test]
    fn f23_an_incident_that_bears_on_a_hazard() {
        let incident = |impact: Option<&str>, hazards: &[&str]| {
            let incident = Incident {
                id: "SIM-1".to_owned(),
                reported: None,
                resolved: None,
                summary: "A letter was lost.".to_owned(),
                impact: impact.map(str::to_owned),
                hazards: hazards.iter().map(|hazard| (*hazard).to_owned()).collect(),
            };
            move |fixture: &mut Fixture| fixture.case.incidents.push(incident)
        };
        fires(
            "F23",
            incident(None, &["H01", "H02"]),
            "What incident SIM-1 means for H01 and H02 is not said: \"A letter was lost.\"",
        );
        for spoil in [incident(Some("None"), &["H01"]), incident(None, &[])] {
            assert_eq!(Fixture::with(spoil).messages("F23"), Vec::<String>::new());
        }
    }
}
