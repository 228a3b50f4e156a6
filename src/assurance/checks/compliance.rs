//! K: compliance answers. Does each answer to a clause of the standard say what it has to: who gives it, when and why?
//!
//! F22 is in this group because it is about the same answers; its number is that of the table that the first
//! checks were written down in.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::clause::LaterStep;
use crate::case::compliance::{Answer, ComplianceAnswer};
use crate::case::{Case, Date};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "F22",
        level: Blocking,
        clause: None,
        title: "Answer without its reason",
        why: "\"Not applicable\", \"Partial\" and \"Awaiting\" are claims that a clause need not be met, or not yet; a reviewer can follow them only with the reason.",
        remedy: "Write in the answer's statement why the clause does not apply, what is lacking, or what is awaited; or answer No.",
        runs: &[Run::Case(reasons)],
        ..Check::DEFAULT
    },
    Check {
        id: "K4",
        level: Warning,
        clause: None,
        title: "Answer for a clause that the table does not have",
        why: "The answer is printed nowhere, and the clause that was meant may stand unanswered.",
        remedy: "Correct the number of the clause; the table of the case's standard has them all.",
        how: Some("`clause` in compliance.toml"),
        runs: &[Run::Case(unknown)],
        ..Check::DEFAULT
    },
    Check {
        id: "K5",
        level: Warning,
        clause: None,
        title: "Answer without a name or a date",
        why: "A compliance answer is a person's judgement: it needs a name that the reader can ask, and a date.",
        remedy: "Say which person of the case gives the answer, and when.",
        how: Some("`by` and `on`, once at the head of compliance.toml or with the answer"),
        runs: &[Run::Case(unsigned)],
        ..Check::DEFAULT
    },
    Check {
        id: "K6",
        level: Warning,
        clause: None,
        title: "\"Awaiting\" for what is due",
        why: "\"Awaiting\" is for steps of the lifecycle that lie ahead. What is due and not done is a No.",
        remedy: "Answer No, or Partial with what is lacking; or do what is due.",
        runs: &[Run::Case(awaiting)],
        ..Check::DEFAULT
    },
];

fn path(answer: &ComplianceAnswer) -> String {
    format!("compliance/{}", answer.clause)
}

/// The clause that is answered, with what its number is of: `DCB0129 6.3.1`.
fn cited(case: &Case, answer: &ComplianceAnswer) -> String {
    format!("{} {}", case.clause_table.name(), answer.clause)
}

fn reasons(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for answer in &case.compliance {
        let lacks = match answer.answer {
            Answer::NotApplicable => "why the clause does not apply",
            Answer::Partial => "what is lacking",
            Answer::Awaiting => "what is awaited",
            Answer::Yes | Answer::No => continue,
        };
        if answer.stated().is_none() {
            let message = format!(
                "The answer to {} is {}; no statement says {lacks}.",
                cited(case, answer),
                answer.answer.words()
            );
            outcome.hit(Hit::at(path(answer), message));
        }
    }
}

fn unknown(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for answer in case.compliance.iter().filter(|answer| case.clause_table.clause(&answer.clause).is_none()) {
        let message = format!(
            "\"{}\" is answered {}, and {} {} has no such clause.",
            answer.clause,
            answer.answer.words(),
            case.clause_table.standard.as_str(),
            case.clause_table.version
        );
        outcome.hit(Hit::at(path(answer), message));
    }
}

/// One finding for all answers without a name, one for each name that is nobody's, one for those without a date.
fn unsigned(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let table = case.clause_table.name();
    let answers = |wanted: &dyn Fn(&ComplianceAnswer) -> bool| -> Vec<&str> {
        let wanted = case.compliance.iter().filter(|answer| wanted(answer));
        wanted.map(|answer| answer.clause.as_str()).collect()
    };
    let mut say = |clauses: Vec<&str>, one: &str, many: &str| {
        if let [first, rest @ ..] = &clauses[..] {
            let message = if rest.is_empty() {
                format!("The answer to {table} {first} {one}.")
            } else {
                format!("The answers to {table} {} {many}.", super::list(&clauses))
            };
            outcome.hit(Hit::at(format!("compliance/{first}"), message));
        }
    };
    let nameless = answers(&|answer| by(answer).is_none());
    say(nameless, "does not say who gave it", "do not say who gave them");
    let mut strangers: Vec<&str> =
        case.compliance.iter().filter_map(by).filter(|name| !is_known(case, name)).collect();
    strangers.sort_unstable();
    strangers.dedup();
    for name in strangers {
        let of_stranger = answers(&|answer| by(answer) == Some(name));
        let unknown = format!("\"{name}\", whom the case does not know");
        say(of_stranger, &format!("names {unknown}"), &format!("name {unknown}"));
    }
    let undated = answers(&|answer| answer.on.is_none());
    say(undated, "does not say when it was given", "do not say when they were given");
}

fn by(answer: &ComplianceAnswer) -> Option<&str> {
    answer.by.as_deref().map(str::trim).filter(|by| !by.is_empty())
}

/// By id, or by name as the case has it.
fn is_known(case: &Case, name: &str) -> bool {
    case.person(name).is_some() || case.people.iter().any(|person| person.name == name)
}

fn awaiting(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for answer in case.compliance.iter().filter(|answer| answer.answer == Answer::Awaiting) {
        let Some(clause) = case.clause_table.clause(&answer.clause) else { continue };
        let due = match clause.may_await {
            None => Some("it is due from the start".to_owned()),
            Some(LaterStep::ProcessReview) => long_unreviewed(case, examined.subject.as_of),
            Some(_) => None,
        };
        if let Some(due) = due {
            outcome.hit(Hit::at(
                path(answer),
                format!("The answer to {} is Awaiting; {due}.", cited(case, answer)),
            ));
        }
    }
}

/// The process has run for more than a year without a review, as far as the case tells, and for longer than the
/// interval of its reviews.
fn long_unreviewed(case: &Case, as_of: Date) -> Option<String> {
    let is_past = |date: Date, months: u16| date.plus_months(months).is_some_and(|due| due < as_of);
    let is_long_ago = |date: Date| is_past(date, 12);
    let within_interval = |date: Date| {
        let interval = case.process_review.as_ref().and_then(|review| review.interval_months);
        interval.is_some_and(|months| !is_past(date, months))
    };
    match case.process_review.as_ref().and_then(|review| review.last_reviewed) {
        Some(date) => (is_long_ago(date) && !within_interval(date))
            .then(|| format!("the process was last reviewed on {date:#}, more than a year before {as_of:#}")),
        None => case.plan.as_ref()?.approved_on.filter(|date| is_long_ago(*date)).map(|date| {
            format!(
                "no review is recorded, and the plan was approved on {date:#}, more than a year before {as_of:#}"
            )
        }),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, some};

    pub fn answer<'a>(fixture: &'a mut Fixture, clause: &str) -> &'a mut ComplianceAnswer {
        fixture.case.compliance.iter_mut().find(|answer| answer.clause == clause).expect("an answer")
    }

    #[test]
    fn f22_every_answer_but_yes_and_no_has_its_reason() {
        for (given, message) in [
            (
                Answer::NotApplicable,
                "The answer to DCB0129 2.1.1 is Not applicable; no statement says why the clause does not apply.",
            ),
            (Answer::Partial, "The answer to DCB0129 2.1.1 is Partial; no statement says what is lacking."),
        ] {
            fires(
                "F22",
                |fixture| {
                    let answer = answer(fixture, "2.1.1");
                    (answer.answer, answer.statement) = (given, some("  "));
                },
                message,
            );
        }
        let fixture = Fixture::with(|fixture| {
            let answer = answer(fixture, "2.1.1");
            (answer.answer, answer.statement) = (Answer::No, None);
        });
        assert_eq!(fixture.messages("F22"), Vec::<String>::new());
    }

    #[test]
    fn k4_an_answer_to_no_clause() {
        fires(
            "K4",
            |fixture| "6.3.9".clone_into(&mut answer(fixture, "6.3.3").clause),
            "\"6.3.9\" is answered Partial, and DCB0129 4.2 has no such clause.",
        );
    }

    #[test]
    fn k5_an_answer_has_a_name_that_is_known_and_a_date() {
        fires(
            "K5",
            |f| answer(f, "2.1.1").by = None,
            "The answer to DCB0129 2.1.1 does not say who gave it.",
        );
        fires(
            "K5",
            |f| answer(f, "2.1.1").on = None,
            "The answer to DCB0129 2.1.1 does not say when it was given.",
        );
        let stranger = "The answers to DCB0129 2.1.1 and 2.2.1 name \"ghost\", whom the case does not know.";
        let spoil = |fixture: &mut Fixture| {
            answer(fixture, "2.1.1").by = some("ghost");
            answer(fixture, "2.2.1").by = some("ghost");
        };
        assert_eq!(Fixture::with(spoil).messages("K5"), [stranger]);
        let by_name = Fixture::with(|fixture| answer(fixture, "2.1.1").by = some("Dr Ada Clinic"));
        assert_eq!(by_name.messages("K5"), Vec::<String>::new());
    }

    #[test]
    fn k6_awaiting_is_for_what_lies_ahead() {
        fires(
            "K6",
            |fixture| answer(fixture, "2.3.1").answer = Answer::Awaiting,
            "The answer to DCB0129 2.3.1 is Awaiting; it is due from the start.",
        );
        let fixture = Fixture::with(|fixture| answer(fixture, "7.2.2").answer = Answer::Awaiting);
        assert_eq!(fixture.messages("K6"), Vec::<String>::new());
    }

    #[test]
    fn k6_a_review_may_be_awaited_for_a_year() {
        let reviewed = |on: &'static str| {
            move |fixture: &mut Fixture| {
                answer(fixture, "2.6.1").answer = Answer::Awaiting;
                fixture.case.process_review = Some(crate::case::plan::ProcessReview {
                    last_reviewed: Some(crate::assurance::testing::date(on)),
                    interval_months: None,
                    outcome: None,
                });
            }
        };
        fires(
            "K6",
            reviewed("2025-09-13"),
            "The answer to DCB0129 2.6.1 is Awaiting; the process was last reviewed on 13 September 2025, more than a year before 14 September 2026.",
        );
        assert_eq!(Fixture::with(reviewed("2025-09-14")).messages("K6"), Vec::<String>::new());
    }
}
