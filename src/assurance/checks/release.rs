//! S: standing for release. Did what others made a condition come true, and can the dates of who looked, answered
//! and issued be in this order?
//!
//! S1 a condition of a review or a session that is not recorded as met, S2 dates that cannot be. A date on its own is
//! rarely wrong; two of them are, where the later one is of what the earlier one says was already done.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::clause::Probe;
use crate::case::compliance::Answer;
use crate::case::{Case, Date};
use std::collections::BTreeMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "S1",
        level: Blocking,
        clause: Some("7.1.1, 3.1.4"),
        title: "Condition that is not recorded as met",
        why: "\"Proceed with conditions\" holds only while the conditions come true; a release that nobody checked them for goes out on half a decision.",
        remedy: "Record when it was met and what shows it; where it is for a later day, record that day; where it is not met, do not release.",
        how: Some("`met`, `shown_by` and `due` of the condition"),
        runs: &[Run::Case(conditions)],
        ..Check::DEFAULT
    },
    Check {
        id: "S2",
        level: Warning,
        clause: Some("3.5.2, 7.1.1"),
        title: "Dates that cannot be in this order",
        why: "A report that was issued before it was reviewed, or answered for before the thing was done, tells a reader that one of the dates is wrong, or that somebody signed for what was still to come.",
        remedy: "Correct the date that is wrong; or do again, after the other, what was done too early.",
        runs: &[
            Run::Case(answers),
            Run::Case(reviewers),
            Run::Case(pre_delivery_review),
            Run::Case(incidents),
            Run::Case(met_conditions),
        ],
        ..Check::DEFAULT
    },
];

fn conditions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    for set in case.conditions().filter(|set| !set.condition.is_met(as_of)) {
        let late = match (set.condition.due, case.release.date) {
            (Some(due), _) if due < as_of => format!("was due on {due:#} and is not recorded as met"),
            (None, Some(release)) if release <= as_of => {
                format!("is not recorded as met, and the release is dated {release:#}")
            }
            (Some(_), _) | (None, Some(_)) => continue,
            (None, None) => "is not recorded as met, and neither it nor the release has a date".to_owned(),
        };
        let message = format!("A condition of {} {late}: \"{}\"", set.setter(), set.condition.text.trim());
        outcome.hit(Hit::at(set.path(), message));
    }
}

/// What is dated after the day that the case is judged by.
fn still_to_come(date: Date, as_of: Date) -> Option<String> {
    (date > as_of).then(|| format!("{date:#}, which is still to come on {as_of:#}"))
}

fn answers(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    let table = case.clause_table.name();
    let mut later: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for answer in &case.compliance {
        let Some(on) = answer.on else { continue };
        if on > as_of {
            later.entry(on).or_default().push(&answer.clause);
        }
        let clause = case.clause_table.clause(&answer.clause);
        let done = clause.iter().flat_map(|clause| &clause.probes).find_map(|probe| done_on(case, *probe));
        if let Some((what, day)) = done.filter(|(_, day)| answer.answer == Answer::Yes && *day > on) {
            let message = format!(
                "The answer to {table} {} is Yes and dated {on:#}, before {what} of {day:#}.",
                answer.clause
            );
            outcome.hit(Hit::at(format!("compliance/{}", answer.clause), message));
        }
    }
    for (on, clauses) in later {
        let (answers, are) = if clauses.len() == 1 { ("answer", "is") } else { ("answers", "are") };
        let message = format!(
            "The {answers} to {table} {} {are} dated {on:#}, which is still to come on {as_of:#}.",
            super::list(&clauses)
        );
        outcome.hit(Hit::at(format!("compliance/{}", clauses[0]), message));
    }
}

/// What a Yes to a clause with this probe rests on, and when that was done.
fn done_on(case: &Case, probe: Probe) -> Option<(&'static str, Date)> {
    match probe {
        Probe::PreDeliveryReview | Probe::ReviewReported => {
            Some(("the review before delivery", case.pre_delivery_review.as_ref()?.date?))
        }
        Probe::PlanApproved => Some(("the approval of the plan", case.plan.as_ref()?.approved_on?)),
        Probe::ProcessReviewed => {
            Some(("the review of the process", case.process_review.as_ref()?.last_reviewed?))
        }
        _ => None,
    }
}

fn reviewers(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    for (reviewer, number) in case.document.reviewers.iter().zip(1..) {
        let Some(on) = reviewer.date.as_deref().and_then(Date::parse_stated) else { continue };
        let after_issue = case.document.issue_date.filter(|issued| on > *issued);
        let when = still_to_come(on, as_of)
            .or_else(|| after_issue.map(|issued| format!("{on:#}, after its date of issue, {issued:#}")));
        if let Some(when) = when {
            let known = reviewer.person.as_deref().and_then(|id| case.person(id)).map(|person| &person.name);
            let name = known.or(reviewer.name.as_ref()).map_or("A person who is not named", String::as_str);
            let message = format!("{name} reviewed the report on {when}.");
            outcome.hit(Hit::at(format!("document/reviewers/{number}"), message));
        }
    }
}

fn pre_delivery_review(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    let Some(on) = case.pre_delivery_review.as_ref().and_then(|review| review.date) else { return };
    let after = |date: Option<Date>, what: &str| {
        date.filter(|date| on > *date).map(|date| format!("{on:#}, after {what}, {date:#}"))
    };
    let when =
        still_to_come(on, as_of).or_else(|| after(case.release.date, "the date of the release")).or_else(
            || after(case.document.issue_date, "the date of issue of the report, which gives its result"),
        );
    if let Some(when) = when {
        let message = format!("The review before delivery is dated {when}.");
        outcome.hit(Hit::at("pre_delivery_review", message));
    }
}

fn incidents(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    for incident in &case.incidents {
        let (Some(reported), Some(resolved)) = (incident.reported, incident.resolved) else { continue };
        if resolved < reported {
            let message = format!(
                "Incident {} was resolved on {resolved:#}, before it was reported, on {reported:#}.",
                incident.id
            );
            outcome.hit(Hit::at(format!("incidents/{}", incident.id), message));
        }
    }
    let read = case.incident_log.as_ref().and_then(|log| still_to_come(log.complete_up_to, as_of));
    if let Some(when) = read {
        let message = format!("The incident log is said to be complete up to {when}.");
        outcome.hit(Hit::at("incident_log", message));
    }
}

fn met_conditions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let as_of = examined.subject.as_of;
    for set in examined.subject.case.conditions() {
        let Some(met) = set.condition.met else { continue };
        let before = set.set_on.filter(|set_on| met < *set_on);
        let when = still_to_come(met, as_of)
            .or_else(|| before.map(|set_on| format!("{met:#}, before it was set, on {set_on:#}")));
        if let Some(when) = when {
            let message = format!(
                "A condition of {} is said to have been met on {when}: \"{}\"",
                set.setter(),
                set.condition.text.trim()
            );
            outcome.hit(Hit::at(set.path(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, fires, signatory, some};
    use crate::case::compliance::Answer;
    use crate::case::condition::Condition;
    use crate::case::document::Signatory;
    use crate::case::plan::{Incident, IncidentLog};

    fn condition(due: Option<&str>, met: Option<&str>) -> Condition {
        Condition {
            due: due.map(date),
            met: met.map(date),
            ..Condition::from("The transfer note is signed.")
        }
    }

    fn of_session(condition: Condition) -> impl FnOnce(&mut Fixture) {
        move |fixture| fixture.case.psa[0].conditions.push(condition)
    }

    #[test]
    fn s1_a_condition_is_met_by_its_day_or_by_the_release() {
        fires(
            "S1",
            of_session(condition(Some("2026-09-13"), None)),
            "A condition of PSA session PSA-1 was due on 13 September 2026 and is not recorded as met: \"The transfer note is signed.\"",
        );
        let of_review = |release: &str| {
            let release = date(release);
            move |fixture: &mut Fixture| {
                fixture.case.release.date = Some(release);
                let review = fixture.case.pre_delivery_review.as_mut().expect("a review");
                review.conditions.push(condition(None, None));
            }
        };
        fires(
            "S1",
            of_review("2026-09-14"),
            "A condition of the review before delivery is not recorded as met, and the release is dated 14 September 2026: \"The transfer note is signed.\"",
        );
        assert_eq!(Fixture::with(of_review("2026-09-15")).messages("S1"), Vec::<String>::new());
        for met in [
            condition(Some("2026-09-14"), None),
            condition(Some("2026-09-01"), Some("2026-09-14")),
            condition(None, Some("2026-08-20")),
        ] {
            assert_eq!(Fixture::with(of_session(met)).messages("S1"), Vec::<String>::new());
        }
        assert_eq!(Fixture::with(of_session(condition(None, None))).messages("S1").len(), 1, "no day at all");
        let later = Fixture::with(of_session(condition(Some("2026-09-01"), Some("2026-09-15"))));
        assert_eq!(later.messages("S1").len(), 1, "not met yet");
    }

    fn reviewed(on: &str) -> impl FnOnce(&mut Fixture) {
        let reviewer = Signatory { date: some(on), ..signatory("clinician") };
        move |fixture| {
            fixture.case.document.issue_date = Some(date("2026-09-07"));
            fixture.case.document.reviewers.push(reviewer);
        }
    }

    #[test]
    fn s2_a_report_is_reviewed_before_it_is_issued() {
        fires(
            "S2",
            reviewed("2026-09-09"),
            "Dr Ada Clinic reviewed the report on 9 September 2026, after its date of issue, 7 September 2026.",
        );
        fires(
            "S2",
            reviewed("15.09.2026"),
            "Dr Ada Clinic reviewed the report on 15 September 2026, which is still to come on 14 September 2026.",
        );
        assert_eq!(Fixture::with(reviewed("2026-09-07")).messages("S2"), Vec::<String>::new());
        fires(
            "S2",
            |fixture| fixture.case.document.issue_date = Some(date("2026-08-31")),
            "The review before delivery is dated 1 September 2026, after the date of issue of the report, which gives its result, 31 August 2026.",
        );
        fires(
            "S2",
            |fixture| fixture.case.release.date = Some(date("2026-08-31")),
            "The review before delivery is dated 1 September 2026, after the date of the release, 31 August 2026.",
        );
    }

    #[test]
    fn s2_an_answer_follows_what_it_rests_on() {
        let answered = |clause: &'static str, given: Answer, on: &str| {
            let on = date(on);
            move |fixture: &mut Fixture| {
                let answers = &mut fixture.case.compliance;
                let answer = answers.iter_mut().find(|answer| answer.clause == clause).expect("an answer");
                (answer.answer, answer.on) = (given, Some(on));
            }
        };
        fires(
            "S2",
            answered("7.1.1", Answer::Yes, "2026-08-31"),
            "The answer to DCB0129 7.1.1 is Yes and dated 31 August 2026, before the review before delivery of 1 September 2026.",
        );
        fires(
            "S2",
            answered("2.1.1", Answer::Partial, "2026-09-15"),
            "The answer to DCB0129 2.1.1 is dated 15 September 2026, which is still to come on 14 September 2026.",
        );
        for spoil in [
            answered("7.1.1", Answer::Awaiting, "2026-08-31"),
            answered("7.1.1", Answer::Yes, "2026-09-01"),
            answered("2.1.1", Answer::Yes, "2026-01-01"),
        ] {
            assert_eq!(Fixture::with(spoil).messages("S2"), Vec::<String>::new());
        }
    }

    #[test]
    fn s2_what_is_recorded_as_done_was_done_in_order() {
        fires(
            "S2",
            |fixture| {
                fixture.case.incidents.push(Incident {
                    id: "SIM-1".to_owned(),
                    reported: Some(date("2026-03-04")),
                    resolved: Some(date("2026-03-01")),
                    summary: "A referral was late".to_owned(),
                    impact: some("None"),
                    hazards: Vec::new(),
                });
            },
            "Incident SIM-1 was resolved on 1 March 2026, before it was reported, on 4 March 2026.",
        );
        fires(
            "S2",
            |fixture| {
                let complete_up_to = date("2026-09-15");
                let log = IncidentLog { reference: None, complete_up_to, by: "cso".to_owned() };
                fixture.case.incident_log = Some(log);
            },
            "The incident log is said to be complete up to 15 September 2026, which is still to come on 14 September 2026.",
        );
        fires(
            "S2",
            of_session(condition(None, Some("2026-08-19"))),
            "A condition of PSA session PSA-1 is said to have been met on 19 August 2026, before it was set, on 20 August 2026: \"The transfer note is signed.\"",
        );
    }
}
