//! R and T: the risk assessment and the Target Operating Model. What was looked at before there was a hazard
//! log, and what became of it?
//!
//! R1 an item without an answer, R2 an item that names an unknown hazard, R3 a TOM question on the product that no
//! item takes up, R4 no risk assessment at all; T1 an undetermined sign-off level, T2 a workbook that shows
//! another level than its answers lead to.
//!
//! The TOM asks about the product (a medical device? does it write to the Spine?) and about the process (was there a
//! risk assessment? who signed?). Only the former are prompts for hazards.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::graph::{Graph, Kind, Relation};
use crate::case::placeholder::{self, Written};
use crate::case::risk_assessment::AssessedItem;
use crate::case::tom::{LevelOutcome, Tom};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "R1",
        level: Blocking,
        clause: Some("4.3.1"),
        title: "Risk-assessment item with neither hazard nor reason",
        why: "An item of the risk assessment is a question; a report that leaves it unanswered is not complete.",
        remedy: "Name the hazards that answer the item, or say why none is needed.",
        how: Some("`hazards` or `no_hazard_because` of the item, in risk-assessment.toml"),
        runs: &[Run::Case(unanswered_items)],
        ..Check::DEFAULT
    },
    Check {
        id: "R2",
        level: Blocking,
        clause: Some("4.3.1, 3.3.3"),
        title: "Risk-assessment item that names an unknown hazard",
        why: "An item that is answered by a hazard that the log does not have is not answered.",
        remedy: "Correct the hazard's id in the risk assessment, or add the hazard to the log.",
        runs: &[Run::Case(unknown_hazards)],
        ..Check::DEFAULT
    },
    Check {
        id: "R3",
        level: Warning,
        clause: Some("4.3.1"),
        title: "TOM question on the product that the risk assessment does not take up",
        why: "What the TOM asks about the product (whether it writes to the Spine, books or calculates) is a prompt for hazards; a question that no item takes up has prompted nothing.",
        remedy: "Take the question up in the risk assessment, with its hazards or the reason why it has none.",
        how: Some("an item with this `tom_question`, in risk-assessment.toml"),
        runs: &[Run::Case(questions)],
        ..Check::DEFAULT
    },
    Check {
        id: "R4",
        level: Blocking,
        clause: Some("4.1.1, 4.3.1"),
        title: "No risk assessment",
        why: "The log is measured against what was assessed; without a risk assessment nobody can say that it is complete.",
        remedy: "List what was assessed, item by item, each with its hazards or the reason why none is needed.",
        how: Some("risk-assessment.toml, which `risk_assessment` names under `[inputs]` in case.toml"),
        runs: &[Run::Case(no_assessment)],
        ..Check::DEFAULT
    },
    Check {
        id: "T1",
        level: Blocking,
        clause: None,
        title: "Undetermined TOM sign-off level",
        why: "The level says who must sign; a blank answer that could raise it must not be read as No.",
        remedy: "Have the End User Organisation answer the open questions.",
        runs: &[Run::Case(undetermined_level)],
        ..Check::DEFAULT
    },
    Check {
        id: "T2",
        level: Warning,
        clause: None,
        title: "TOM workbook shows another sign-off level",
        why: "Whoever reads the workbook sees another level than its own answers lead to, and may ask the wrong people to sign.",
        remedy: "Open the workbook, let it calculate again, and save it.",
        runs: &[Run::Case(stated_level)],
        ..Check::DEFAULT
    },
];

fn hit(item: &AssessedItem, message: String) -> Hit {
    Hit::at(format!("risk_assessment/{}", item.id), message)
}

fn unanswered_items(examined: &Examined<'_>, outcome: &mut Outcome) {
    for item in &examined.subject.case.risk_assessment {
        if is_answered(&examined.graph, item) || rules::asks_about_process(item) {
            continue;
        }
        let (id, text) = (&item.id, &item.text);
        let message = match placeholder::written(item.no_hazard_because.as_deref()) {
            Written::Finished => continue,
            Written::Nothing => {
                format!("Item {id} has neither a hazard nor a reason why none is needed: \"{text}\".")
            }
            Written::Unfinished(placeholder) => format!(
                "Item {id} has no hazard, and the reason why none is needed still says \"{placeholder}\": \"{text}\"."
            ),
        };
        outcome.hit(hit(item, message));
    }
}

/// The item names a hazard; whether the log has it is R2's matter.
fn is_answered(graph: &Graph, item: &AssessedItem) -> bool {
    let links = graph.find(Kind::Item, &item.id).into_iter().flat_map(|at| graph.links_out(at));
    links.into_iter().any(|link| link.relation == Relation::AnsweredBy)
}

fn unknown_hazards(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for (item, row) in case.risk_assessment.iter().zip(&examined.cross_reference.items) {
        for hazard in &row.unknown_hazards {
            let message = format!("Item {} names hazard {hazard}, which is not in the hazard log.", item.id);
            outcome.hit(hit(item, message));
        }
    }
}

fn questions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let items = &examined.subject.case.risk_assessment;
    // Without any risk assessment there is one finding, R4, and not one a question.
    let (Some(tom), false) = (&examined.subject.case.tom, items.is_empty()) else { return };
    for question in tom.on_product() {
        if !examined.graph.is_taken_up(Kind::Question, &question.id) {
            let message = format!(
                "No item of the risk assessment takes up the TOM question {}: \"{}\"",
                question.id, question.topic
            );
            outcome.hit(Hit::at(format!("tom/{}", question.id), message));
        }
    }
}

fn no_assessment(examined: &Examined<'_>, outcome: &mut Outcome) {
    if examined.subject.case.risk_assessment.is_empty() {
        outcome.hit(Hit::at("risk_assessment", "No risk-assessment item is recorded."));
    }
}

fn undetermined_level(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Some(tom) = &examined.subject.case.tom else { return };
    let LevelOutcome::Undetermined { possible, blank } = tom.level() else { return };
    let possible: Vec<String> = possible.iter().map(|level| level.number().to_string()).collect();
    let possible: Vec<&str> = possible.iter().map(String::as_str).collect();
    let blank: Vec<&str> = blank.iter().map(String::as_str).collect();
    let shown = tom.stated_level.as_ref();
    let shown =
        shown.map(|shown| format!(" The workbook shows \"{shown}\" all the same.")).unwrap_or_default();
    let message = format!(
        "The sign-off level cannot be determined: {} {} not answered, which leaves levels {} possible.{shown}",
        super::list(&blank),
        if blank.len() == 1 { "is" } else { "are" },
        super::list(&possible)
    );
    outcome.hit(Hit::at("tom/level", message));
}

fn stated_level(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Some(tom) = &examined.subject.case.tom else { return };
    let (Some(level), Some(stated)) = (tom.level().level(), stated_number(tom)) else { return };
    if stated != u32::from(level.number()) {
        let message = format!(
            "The workbook shows \"{}\"; its answers lead to level {} ({}).",
            tom.stated_level.as_deref().unwrap_or_default(),
            level.number(),
            level.meaning()
        );
        outcome.hit(Hit::at("tom/level", message));
    }
}

/// The sheet's own formulas, too, take the first character of the cell for the level.
fn stated_number(tom: &Tom) -> Option<u32> {
    tom.stated_level.as_deref()?.trim_start().chars().next()?.to_digit(10)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, item, silent, some, tom};
    use crate::case::risk_assessment::ItemKind;
    use crate::case::tom::{
        Answer::{No, Yes},
        QUESTIONS, product_questions,
    };

    #[test]
    fn r1_neither_hazard_nor_reason() {
        let message =
            "Item RA-11 has neither a hazard nor a reason why none is needed: \"A referral may be lost\".";
        fires("R1", |fixture| fixture.case.risk_assessment.push(item("RA-11", &[])), message);
        let explained = Fixture::with(|fixture| {
            let mut explained = item("RA-11", &[]);
            explained.no_hazard_because = some("It is read only");
            fixture.case.risk_assessment.push(explained);
        });
        assert_eq!(explained.messages("R1"), Vec::<String>::new());
    }

    #[test]
    fn r2_unknown_hazard() {
        fires(
            "R2",
            |fixture| fixture.case.risk_assessment.push(item("RA-2", &["H01", "H99"])),
            "Item RA-2 names hazard H99, which is not in the hazard log.",
        );
    }

    #[test]
    fn r3_question_without_item() {
        silent("R3");
        let fixture = Fixture::with(|fixture| {
            fixture.case.tom = Some(tom(&[]));
            fixture.case.risk_assessment = QUESTIONS[1..]
                .iter()
                .map(|question| {
                    let mut assessed = item(&format!("RA-{}", question.id), &["H01"]);
                    assessed.tom_question = some(question.id);
                    assessed
                })
                .collect();
        });
        assert_eq!(
            fixture.messages("R3"),
            [
                "No item of the risk assessment takes up the TOM question CS-01: \"Is it, or may it be, a medical device?\""
            ]
        );
        let on_product_alone = Fixture::with(|fixture| {
            fixture.case.tom = Some(tom(&[]));
            fixture.case.risk_assessment = product_questions()
                .map(|question| {
                    let mut assessed = item(&format!("RA-{}", question.id), &["H01"]);
                    assessed.tom_question = some(question.id);
                    assessed
                })
                .collect();
        });
        assert_eq!(on_product_alone.messages("R3"), Vec::<String>::new());
    }

    #[test]
    fn r1_a_question_on_the_process_is_no_source_of_harm() {
        let asking = |question: &str| {
            let mut asked = item("RA-11", &[]);
            asked.kind = ItemKind::TomQuestion;
            asked.interface_point = None;
            asked.tom_question = some(question);
            Fixture::with(|fixture| fixture.case.risk_assessment.push(asked)).findings("R1").len()
        };
        assert_eq!((asking("CS-055"), asking("CS-034")), (0, 1));
    }

    #[test]
    fn r4_no_risk_assessment_is_one_finding() {
        let clear = |fixture: &mut Fixture| {
            fixture.case.risk_assessment.clear();
            fixture.case.tom = Some(tom(&[]));
        };
        fires("R4", clear, "No risk-assessment item is recorded.");
        assert_eq!(Fixture::with(clear).messages("R3"), Vec::<String>::new());
    }

    #[test]
    fn t1_names_the_blanks_and_what_the_workbook_claims() {
        fires(
            "T1",
            |fixture| {
                let mut answers = tom(&[("CS-01", No), ("CS-031", Yes)]);
                answers.stated_level = some("1 None");
                fixture.case.tom = Some(answers);
            },
            "The sign-off level cannot be determined: CS-02 is not answered, which leaves levels 3 and 4 possible. The workbook shows \"1 None\" all the same.",
        );
    }

    #[test]
    fn t1_a_blank_that_changes_nothing_does_not_matter() {
        let fixture = Fixture::with(|fixture| fixture.case.tom = Some(tom(&[("CS-01", Yes)])));
        assert_eq!(fixture.messages("T1"), Vec::<String>::new());
    }

    #[test]
    fn t2_the_workbook_shows_another_level() {
        let stating = |stated: &str| {
            let mut answers = tom(&[("CS-01", No), ("CS-02", Yes)]);
            answers.stated_level = some(stated);
            move |fixture: &mut Fixture| fixture.case.tom = Some(answers)
        };
        assert_eq!(Fixture::with(stating("4 - CSG")).messages("T2"), Vec::<String>::new());
        fires(
            "T2",
            stating("1 None"),
            "The workbook shows \"1 None\"; its answers lead to level 4 (NHS Digital Clinical Safety Group assistance and sign-off required).",
        );
    }
}
