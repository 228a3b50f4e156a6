//! K: the clauses of the standard, beside what is answered and what was found for each.

use super::compliance::marked;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::clauses::{ClauseRow, MarkKind};
use crate::assurance::finding::Level::{Information, Warning};

pub(super) static CHECKS: &[Check] = &[
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

fn unsupported(examined: &Examined<'_>, clauses: &[ClauseRow], outcome: &mut Outcome) {
    let bare: Vec<&str> =
        marked(clauses, MarkKind::Unsupported).map(|(row, ..)| row.number.as_str()).collect();
    if let [first, ..] = bare[..] {
        let answers = if bare.len() == 1 { "The answer to" } else { "The answers to" };
        let table = examined.subject.case.clause_table.name();
        let verb = if bare.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{answers} {table} {} {verb} Yes, without a statement, and the engine does not look there.",
            super::list(&bare)
        );
        outcome.hit(Hit::at(format!("compliance/{first}"), message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::compliance::tests::answer;
    use crate::assurance::testing::{Fixture, fires};
    use crate::case::clause::ClauseTable;
    use crate::case::compliance::Answer;

    #[test]
    fn k1_yes_where_nothing_is_found_and_no_where_something_is() {
        fires(
            "K1",
            |fixture| {
                fixture.case.plan = None;
                answer(fixture, "3.2.1").answer = Answer::Yes;
            },
            "The answer to DCB0129 3.2.1 is Yes; the engine found no evidence: No clinical risk management plan is given.",
        );
        fires(
            "K1",
            |fixture| answer(fixture, "4.2.2").answer = Answer::No,
            "The answer to DCB0129 4.2.2 is No; the engine found evidence: The intended use is given.",
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
            "The answers to DCB0129 3.1.1 and 3.1.2 are Yes, without a statement, and the engine does not look there.",
        );
    }
}
