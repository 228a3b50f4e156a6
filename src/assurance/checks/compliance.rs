//! K: compliance answers. Does each answer to a clause of the standard say what it has to: who gives it, when and why?
//!
//! What is wrong with an answer is worked out with the clause table (`clauses::answers`), which prints it beside the
//! answer; the checks of answers make findings of the same marks.
//!
//! F22 is in this group because it is about the same answers; its number is that of the table that the first
//! checks were written down in.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::clauses::{ClauseRow, MarkKind};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::case::compliance::{Answer, ComplianceAnswer};
use std::collections::BTreeMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "F22",
        level: Blocking,
        clause: None,
        title: "Answer without its reason",
        why: "\"Not applicable\", \"Partial\" and \"Awaiting\" are claims that a clause need not be met, or not yet; a reviewer can follow them only with the reason.",
        remedy: "Write in the answer's statement why the clause does not apply, what is lacking, or what is awaited; or answer No.",
        runs: &[Run::Clauses(reasons)],
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
        runs: &[Run::Clauses(unsigned)],
        ..Check::DEFAULT
    },
    Check {
        id: "K6",
        level: Warning,
        clause: None,
        title: "\"Awaiting\" for what is due",
        why: "\"Awaiting\" is for steps of the lifecycle that lie ahead. What is due and not done is a No.",
        remedy: "Answer No, or Partial with what is lacking; or do what is due.",
        runs: &[Run::Clauses(awaiting)],
        ..Check::DEFAULT
    },
];

fn path(answer: &ComplianceAnswer) -> String {
    format!("compliance/{}", answer.clause)
}

/// Each row with a mark of this kind: with its answer and the mark's words.
pub(super) fn marked(
    clauses: &[ClauseRow],
    kind: MarkKind,
) -> impl Iterator<Item = (&ClauseRow, &'static str, &str)> {
    clauses.iter().filter_map(move |row| {
        let mark = row.mark(kind)?;
        Some((row, row.answer.map_or("", Answer::words), mark.words.as_str()))
    })
}

fn reasons(_: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    for (row, answer, words) in marked(clauses, MarkKind::Unreasoned) {
        outcome.hit(hit(row, format!("The answer to {} is {answer}; {words}.", row.cited())));
    }
}

fn hit(row: &ClauseRow, message: String) -> Hit {
    Hit::at(format!("compliance/{}", row.number), message)
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
fn unsigned(examined: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    let table = examined.subject.case.clause_table.name();
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
    let numbers = |kind: MarkKind| marked(clauses, kind).map(|(row, ..)| row.number.as_str()).collect();
    say(numbers(MarkKind::Nameless), "does not say who gave it", "do not say who gave them");
    let mut strangers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (row, ..) in marked(clauses, MarkKind::Stranger) {
        let name = row.by.as_deref().map(str::trim).unwrap_or_default();
        strangers.entry(name).or_default().push(&row.number);
    }
    for (name, answers) in strangers {
        let unknown = format!("\"{name}\", whom the case does not know");
        say(answers, &format!("names {unknown}"), &format!("name {unknown}"));
    }
    say(numbers(MarkKind::Undated), "does not say when it was given", "do not say when they were given");
}

fn awaiting(_: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    for (row, answer, due) in marked(clauses, MarkKind::Due) {
        outcome.hit(hit(row, format!("The answer to {} is {answer}; {due}.", row.cited())));
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
