//! K: compliance. What persons answer to the clauses of the standard, beside what the engine found.
//!
//! F22 is in this group because it is about the same answers; its number is that of the table that the first
//! checks were written down in.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::clauses::{ClauseRow, ClauseState};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
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
        id: "K1",
        level: Warning,
        clause: None,
        title: "Answer differs from what the report shows",
        why: "A reviewer reads the answer and then the evidence; where the two differ, one of them is wrong, or the report does not show what the answer rests on.",
        remedy: "Correct the answer, or put what it rests on into the case. Where the answer is right all the same, say in its statement why, and have the finding waived.",
        runs: &[Run::Clauses(disagreements)],
        ..Check::DEFAULT
    },
    Check {
        id: "K2",
        level: Information,
        clause: None,
        title: "Clauses without an answer",
        why: "The engine finds evidence; that a clause is met is for a person to say, and nobody has said it.",
        remedy: "Have a named person answer them.",
        how: Some("compliance.toml, which `compliance` names under `[inputs]` in case.toml"),
        runs: &[Run::Case(unanswered)],
        ..Check::DEFAULT
    },
    Check {
        id: "K3",
        level: Information,
        clause: None,
        title: "Clause table that may not be the standard's",
        why: "Answers by clause say something only where the clauses are those of the standard that is claimed.",
        remedy: "Compare the table with the official text and use one of your own; or correct the version that the case claims.",
        how: Some("`clauses = \"my-clauses.toml\"` under `[standard]` in case.toml"),
        runs: &[Run::Case(table)],
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
    Check {
        id: "K7",
        level: Warning,
        clause: None,
        title: "\"Yes\" without its evidence",
        why: "Every answer but No needs evidence. Where the engine does not look, the statement is all that a reviewer has.",
        remedy: "Say in the statement where the evidence is kept and what it shows.",
        runs: &[Run::Clauses(unsupported)],
        ..Check::DEFAULT
    },
];

fn path(answer: &ComplianceAnswer) -> String {
    format!("compliance/{}", answer.clause)
}

fn reasons(examined: &Examined<'_>, outcome: &mut Outcome) {
    for answer in &examined.subject.case.compliance {
        let lacks = match answer.answer {
            Answer::NotApplicable => "why the clause does not apply",
            Answer::Partial => "what is lacking",
            Answer::Awaiting => "what is awaited",
            Answer::Yes | Answer::No => continue,
        };
        if answer.stated().is_none() {
            let message = format!(
                "The answer to {} is {}; no statement says {lacks}.",
                answer.clause,
                answer.answer.words()
            );
            outcome.hit(Hit::at(path(answer), message));
        }
    }
}

fn disagreements(_: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    for row in clauses {
        if let Some(disagreement) = &row.disagreement {
            outcome.hit(Hit::at(format!("compliance/{}", row.number), disagreement));
        }
    }
}

fn unanswered(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let (name, version) = (case.clause_table.standard.as_str(), &case.clause_table.version);
    let total = case.clause_table.clauses().count();
    let is_answered = |number: &str| case.compliance.iter().any(|answer| answer.clause == number);
    let missing: Vec<&str> = case
        .clause_table
        .clauses()
        .map(|clause| clause.number.as_str())
        .filter(|n| !is_answered(n))
        .collect();
    let message = match missing[..] {
        [] => return,
        _ if missing.len() == total => {
            format!("Nobody has answered any of the {total} clauses of {name} {version}.")
        }
        [one] => format!("Clause {one} of {name} {version} has no answer."),
        _ => format!(
            "{} of {total} clauses of {name} {version} have no answer: {}.",
            missing.len(),
            super::list(&missing)
        ),
    };
    // Where there is no file of answers, the list of files should name one.
    let has_file = examined.subject.provenance.place("compliance").is_some();
    let path = if has_file { "compliance" } else { "inputs" };
    outcome.hit(Hit::at(path, message));
}

fn table(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let table = &case.clause_table;
    if !table.verified {
        let because = table.unverified_because.as_deref().map(|why| format!(" {why}")).unwrap_or_default();
        let message = format!(
            "The clause table \"{}\" is not verified against the official text.{because}",
            table.title
        );
        outcome.hit(Hit::at("standard", message));
    }
    if !table.is_of(&case.standard) {
        let message = format!(
            "The case claims {} version {}; the clauses are those of version {}.",
            case.standard.name.as_str(),
            case.standard.version,
            table.version
        );
        outcome.hit(Hit::at("standard", message));
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
    let answers = |wanted: &dyn Fn(&ComplianceAnswer) -> bool| -> Vec<&str> {
        let wanted = case.compliance.iter().filter(|answer| wanted(answer));
        wanted.map(|answer| answer.clause.as_str()).collect()
    };
    let mut say = |clauses: Vec<&str>, one: &str, many: &str| {
        if let [first, rest @ ..] = &clauses[..] {
            let message = if rest.is_empty() {
                format!("The answer to {first} {one}.")
            } else {
                format!("The answers to {} {many}.", super::list(&clauses))
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
            outcome
                .hit(Hit::at(path(answer), format!("The answer to {} is Awaiting; {due}.", answer.clause)));
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

fn unsupported(_: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    let rests_on_nothing = |row: &&ClauseRow| {
        row.answer == Some(Answer::Yes)
            && row.statement.is_none()
            && matches!(row.state, ClauseState::NotLookedAt(_))
    };
    let bare: Vec<&str> = clauses.iter().filter(rests_on_nothing).map(|row| row.number.as_str()).collect();
    if let [first, ..] = bare[..] {
        let answers = if bare.len() == 1 { "The answer to" } else { "The answers to" };
        let verb = if bare.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{answers} {} {verb} Yes, without a statement, and the engine does not look there.",
            super::list(&bare)
        );
        outcome.hit(Hit::at(format!("compliance/{first}"), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, some};
    use crate::case::clause::ClauseTable;

    fn answer<'a>(fixture: &'a mut Fixture, clause: &str) -> &'a mut ComplianceAnswer {
        fixture.case.compliance.iter_mut().find(|answer| answer.clause == clause).expect("an answer")
    }

    #[test]
    fn f22_every_answer_but_yes_and_no_has_its_reason() {
        for (given, message) in [
            (
                Answer::NotApplicable,
                "The answer to 2.1.1 is Not applicable; no statement says why the clause does not apply.",
            ),
            (Answer::Partial, "The answer to 2.1.1 is Partial; no statement says what is lacking."),
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
    fn k1_yes_where_nothing_is_found_and_no_where_something_is() {
        fires(
            "K1",
            |fixture| {
                fixture.case.plan = None;
                answer(fixture, "3.2.1").answer = Answer::Yes;
            },
            "The answer to 3.2.1 is Yes; the engine found no evidence: No clinical risk management plan is given.",
        );
        fires(
            "K1",
            |fixture| answer(fixture, "4.2.2").answer = Answer::No,
            "The answer to 4.2.2 is No; the engine found evidence: The intended use is given.",
        );
    }

    #[test]
    fn k1_leaves_alone_what_a_person_may_know_better() {
        let fixture = Fixture::with(|fixture| {
            answer(fixture, "3.1.1").answer = Answer::Yes; // nobody looks
            answer(fixture, "6.1.6").answer = Answer::Yes; // nothing to apply to
            answer(fixture, "7.2.2").answer = Answer::Yes; // no incident yet
            fixture.case.plan = None;
            answer(fixture, "3.2.1").answer = Answer::No; // nothing found either
        });
        assert_eq!(fixture.messages("K1"), Vec::<String>::new());
    }

    #[test]
    fn k1_an_answer_that_was_approved_may_still_await_its_approval() {
        let mut fixture = Fixture::new();
        for clause in ["3.3.2", "3.5.2"] {
            answer(&mut fixture, clause).answer = Answer::Awaiting;
        }
        fixture.case.plan = Some(crate::case::plan::RiskManagementPlan {
            authorisation_levels: vec![crate::case::plan::AuthorisationLevel {
                document: "Report".to_owned(),
                authorised_by: "Clinical Safety Officer".to_owned(),
            }],
            ..Default::default()
        });
        // F1 stands against it as long as the report is not approved.
        answer(&mut fixture, "2.2.2").answer = Answer::Yes;
        assert_eq!(fixture.messages("K1"), Vec::<String>::new(), "before");
        let fixture = fixture.with_approvals();
        assert_eq!(fixture.messages("K1"), Vec::<String>::new());
        assert_eq!(fixture.messages("F1"), Vec::<String>::new(), "it is approved");
    }

    #[test]
    fn k2_counts_once_however_many_there_are() {
        let nobody = "Nobody has answered any of the 61 clauses of DCB0129 4.2.";
        fires("K2", |fixture| fixture.case.compliance.clear(), nobody);
        fires(
            "K2",
            |fixture| fixture.case.compliance.truncate(60),
            "Clause 7.3.4 of DCB0129 4.2 has no answer.",
        );
        fires(
            "K2",
            |fixture| fixture.case.compliance.truncate(59),
            "2 of 61 clauses of DCB0129 4.2 have no answer: 7.3.3 and 7.3.4.",
        );
    }

    #[test]
    fn k3_a_table_that_is_not_verified_or_of_another_version() {
        let other = "The case claims DCB0129 version 5.0; the clauses are those of version 4.2.";
        fires("K3", |fixture| "5.0".clone_into(&mut fixture.case.standard.version), other);
        let fixture = Fixture::with(|fixture| fixture.case.clause_table = ClauseTable::dcb0160());
        assert!(fixture.messages("K3")[0].contains("is not verified against the official text"));
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
        fires("K5", |f| answer(f, "2.1.1").by = None, "The answer to 2.1.1 does not say who gave it.");
        fires("K5", |f| answer(f, "2.1.1").on = None, "The answer to 2.1.1 does not say when it was given.");
        let stranger = "The answers to 2.1.1 and 2.2.1 name \"ghost\", whom the case does not know.";
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
            "The answer to 2.3.1 is Awaiting; it is due from the start.",
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
            "The answer to 2.6.1 is Awaiting; the process was last reviewed on 13 September 2025, more than a year before 14 September 2026.",
        );
        assert_eq!(Fixture::with(reviewed("2025-09-14")).messages("K6"), Vec::<String>::new());
    }

    #[test]
    fn k7_a_yes_where_nobody_looks_says_where_the_evidence_is() {
        let spoil = |fixture: &mut Fixture| {
            for clause in ["3.1.1", "3.1.2", "4.2.2"] {
                let answer = answer(fixture, clause);
                (answer.answer, answer.statement) = (Answer::Yes, None);
            }
        };
        fires(
            "K7",
            spoil,
            "The answers to 3.1.1 and 3.1.2 are Yes, without a statement, and the engine does not look there.",
        );
    }
}
